"""Operators: big ones over letters, fractions, roots, derivatives and cases.

Gives `factor`, one factor of a product: what an operator makes of what follows it, or an atom.

Imports applications, authored, derivatives, ranges, cursor, scripts, tree and scan.
"""

from __future__ import annotations

import ast

from symderiv.reader import scan, tree
from symderiv.reader.latex import applications, authored, heads, signs
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.derivatives import derivative, is_derivative
from symderiv.reader.latex.names import WORDS
from symderiv.reader.latex.ranges import ranges
from symderiv.reader.latex.scripts import raise_to, scripts
from symderiv.reader.latex.tokens import Token, group

_BIG = {"\\sum": "sum", "\\prod": "prod"}


def factor(cursor: Cursor) -> ast.expr:
    """One factor: an operator with what it reaches over, or an atom."""
    token = cursor.waiting
    mark = str(token)
    if mark in _BIG:
        return _big(cursor)
    if token.kind == "command" and cursor.word()[0] in ("max", "min"):
        return _extreme(cursor)
    if cursor.known.heads is not None and heads.applies(cursor):
        return heads.head(cursor)
    if mark in signs.FRACTIONS:
        return _fraction(cursor)
    if mark == "\\sqrt":
        return _root(cursor)
    if mark == "\\begin cases":
        return _cases(cursor)
    if mark in ("\\partial", "\\nabla"):
        return derivative(cursor)
    return cursor.atom()


def _big(cursor: Cursor) -> ast.expr:
    """A sum or product over letters, over the product that follows."""
    begun = cursor.place
    token = cursor.take()
    function = _BIG[str(token)]
    found = scripts(cursor)
    if found.below is None:
        raise cursor.refuse(f"{token} needs its letter, {token}_k", token.at)
    over = ranges(found.below, found.above, cursor, token.at)
    cursor.bound += over.letters
    sign = cursor.taken("-", "+") if function == "sum" else None
    body = cursor.product() if function == "sum" else _factors(cursor, over.letters)
    if sign is not None and sign.text == "-":
        body = tree.negative(body, sign.at)
    del cursor.bound[len(cursor.bound) - len(over.letters) :]
    over.settle(body)
    doubt = over.in_doubt(body)
    outside = [*cursor.tokens[:begun], *cursor.tokens[cursor.place :]]
    if doubt and not any(t.text == doubt for t in outside):
        i = over.letters[0]
        raise cursor.refuse(
            f"does {doubt} run too?  Write {token}_{{{i},{doubt}, {i} \\neq {doubt}}} where it "
            f"does, {token}_{{{i}, {i} \\neq {doubt}}} where it does not", token.at,
        )  # fmt: skip
    return tree.call(function, [body, *over.parts, *over.conditions], token.at)


def _factors(cursor: Cursor, letters: list[str]) -> ast.expr:
    """The factors that follow a product sign, as long as they name its letter."""
    total = cursor.factor()
    while (token := cursor.next) is not None and (
        token.kind in ("letter", "digit", "command") or str(token) in ("(", "[", "{", "|")
    ):
        if str(token) in signs.ENDS or signs.is_relation(token):
            break
        if str(token) in signs.MULTIPLIED:
            break
        place = cursor.place
        following = cursor.factor()
        if not set(letters) & set(scan.free_subscripts(following)):
            cursor.place = place
            break
        total = tree.times(total, following)
    return total


def _extreme(cursor: Cursor) -> ast.expr:
    """max_k z_k, or max(a, b)."""
    token = cursor.waiting
    function, length = cursor.word()
    cursor.place += length
    found = scripts(cursor)
    if found.below is not None:
        over = ranges(found.below, found.above, cursor, token.at)
        if over.conditions:
            raise cursor.refuse(f"{function} over part of an axis is not read", token.at)
        cursor.bound += over.letters
        body = cursor.product()
        del cursor.bound[len(cursor.bound) - len(over.letters) :]
        return tree.call(function, [body, *over.parts], token.at)
    opened = cursor.next
    if opened is None or str(opened) not in ("(", "[", "\\{", "{"):
        raise cursor.refuse(f"{function} takes terms in brackets, \\{function}(a, b), or a letter")
    _, inner = cursor.bracketed()
    term = tree.call(function, authored.arguments(cursor, inner), token.at)
    return raise_to(term, scripts(cursor), cursor)


def _fraction(cursor: Cursor) -> ast.expr:
    token = cursor.take()
    above, at_above = _argument(cursor, token)
    below, at_below = _argument(cursor, token)
    if is_derivative(above, below):
        return derivative(cursor, above, below, token.at)
    top = cursor.whole(above, at_above)
    bottom = cursor.whole(below, at_below)
    term = tree.binary(top, ast.Div(), bottom, token.at)
    return raise_to(term, scripts(cursor), cursor)


def _argument(cursor: Cursor, token: Token) -> tuple[list[Token], int]:
    if cursor.next is None:
        raise cursor.refuse(f"{token} takes two arguments", token.at)
    at = cursor.at
    return cursor.group(), at


def _root(cursor: Cursor) -> ast.expr:
    token = cursor.take()
    degree: list[Token] = []
    if cursor.sees("["):
        _, degree = cursor.bracketed()
    if cursor.next is None:
        raise cursor.refuse("\\sqrt takes an argument", token.at)
    at = cursor.at
    inner = cursor.whole(cursor.group(), at)
    if degree:
        order = cursor.whole(degree, token.at)
        one = tree.number("1", token.at)
        term: ast.expr = tree.power(inner, tree.over(one, order))
    else:
        term = tree.call("sqrt", [inner], token.at)
    return raise_to(term, scripts(cursor), cursor)


def _cases(cursor: Cursor) -> ast.expr:
    """Values by conditions: each times the bracket of its condition."""
    opened = cursor.take()
    rows: list[list[Token]] = [[]]
    depth = 1
    while depth:
        token = cursor.next
        if token is None:
            raise cursor.refuse("\\begin{cases} is not closed", opened.at)
        cursor.take()
        depth += {"\\begin cases": 1, "\\end cases": -1}.get(str(token), 0)
        if str(token) == "\\\\" and depth == 1:
            rows.append([])
        elif depth:
            rows[-1].append(token)
    return _by_conditions([_case(cursor, row) for row in rows if row], cursor, opened.at)


def _case(cursor: Cursor, row: list[Token]) -> tuple[ast.expr, ast.Compare | None]:
    cut = next((n for n, t in enumerate(row) if t.text == "&"), None)
    cut = cut if cut is not None else next((n for n, t in enumerate(row) if t.text == ","), None)
    if cut is None:
        raise cursor.refuse("a row of cases is a value & a condition", row[0].at)
    value = row[:cut]
    while value and value[-1].text in (",", ";"):
        value.pop()
    term = cursor.whole(value, row[0].at)
    condition, words = without_words(row[cut + 1 :])
    if not condition:
        if words in ("otherwise", "else", "elsewhere"):
            return term, None
        raise cursor.refuse("a condition is missing in this row", row[cut].at)
    reading = cursor.inside(condition)
    found = reading.relation()
    if reading.next is not None or not isinstance(found, ast.Compare):
        raise cursor.refuse("one comparison is read in a row of cases, such as i = j", row[cut].at)
    return term, found


def without_words(tokens: list[Token]) -> tuple[list[Token], str]:
    """A condition without its \\text{if} and punctuation, and the words left out."""
    out: list[Token] = []
    said: list[str] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token.kind == "command" and token.text in WORDS and place < len(tokens):
            word, place = group(tokens, place)
            said.append("".join(t.text for t in word if t.text.isalpha()))
        elif token.text not in (",", ".", ";", "&"):
            out.append(token)
    return out, said[-1] if said else ""


def _by_conditions(
    values: list[tuple[ast.expr, ast.Compare | None]], cursor: Cursor, at: int
) -> ast.expr:
    """The sum of the values, each where its condition holds and none before it."""
    if not values or any(c is None for _, c in values[:-1]):
        raise cursor.refuse("only the last row of cases is for what is left", at)
    conditions = [c for _, c in values if c is not None]
    exhaustive = values[-1][1] is None or _complementary(conditions)
    if not exhaustive:
        raise cursor.refuse(
            "these cases leave a place open; end them with \\text{otherwise}, "
            "or with conditions such as x > 0 and x \\le 0",
            at,
        )
    total: ast.expr | None = None
    for n, (value, _) in enumerate(values):
        own = [] if n == len(values) - 1 else [conditions[n]]
        holding = [*map(tree.opposite, conditions[:n]), *own]
        if isinstance(value, ast.Constant) and value.value == 0:
            continue
        term = value
        for condition in reversed(holding):
            term = tree.times(applications.holds(condition, at, cursor), term)
        total = term if total is None else tree.plus(total, term)
    return tree.number("0", at) if total is None else total


def _complementary(conditions: list[ast.Compare]) -> bool:
    """Are the last two conditions each other's opposite?"""
    if len(conditions) < 2:
        return False
    one, other = tree.opposite(conditions[-2]), conditions[-1]
    if tree.same(one, other):
        return True
    swapped = tree.compare(other.comparators[0], type(other.ops[0])(), other.left)
    symmetric = isinstance(other.ops[0], ast.Eq | ast.NotEq)
    return symmetric and tree.same(one, swapped)
