"""The grammar of LaTeX formulas: sums, products and how far a sign reaches.

Gives `formula` (a sum of terms), `product` and `relation`.  A big operator reaches over the
product after it, and past a `+` as long as the next term names its letter, as in
`\\sum_i y_i \\log p_i + (1 - y_i) \\log (1 - p_i)`; a function without brackets takes the factors
that stand beside it.

Imports signs, cursor, tree and scan.
"""

from __future__ import annotations

import ast

from symderiv.reader import scan, tree
from symderiv.reader.latex import heads, signs
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.tokens import Token

_SAID = frozenset(("if", "for", "and", "or", "where", "when", "otherwise", "else", "with", "as"))


def relation(cursor: Cursor) -> ast.expr:
    """A comparison of two formulas, or one formula."""
    left = formula(cursor)
    sign = _sign(cursor)
    if sign is None:
        return left
    right = formula(cursor)
    first = tree.compare(left, sign, right)
    if _sign(cursor) is not None:
        raise cursor.refuse("one comparison at a time: write a < b and b < c apart")
    return first


def _sign(cursor: Cursor) -> ast.cmpop | None:
    if cursor.sees("\\not"):
        cursor.take()
        cursor.expect("=", "after \\not")
        return ast.NotEq()
    if cursor.sees(":") and (after := cursor.ahead(1)) is not None and after.text == "=":
        cursor.take()
    token = cursor.taken(*signs.RELATIONS)
    return None if token is None else signs.RELATIONS[str(token)]()


def formula(cursor: Cursor) -> ast.expr:
    """A sum of products with their signs."""
    cursor.deeper()
    terms: list[tuple[Token | None, ast.expr]] = [(None, _signed(cursor))]
    while cursor.sees("+", "-"):
        sign = cursor.take()
        terms.append((sign, product(cursor)))
    cursor.depth -= 1
    return _summed(_with_reach(terms, cursor))


def _signed(cursor: Cursor) -> ast.expr:
    sign = cursor.taken("+", "-")
    if sign is None:
        return product(cursor)
    cursor.deeper()
    term = _signed(cursor)
    cursor.depth -= 1
    return tree.negative(term, sign.at) if sign.text == "-" else term


def _summed(terms: list[tuple[Token | None, ast.expr]]) -> ast.expr:
    total = terms[0][1]
    for sign, term in terms[1:]:
        assert sign is not None
        total = tree.minus(total, term) if sign.text == "-" else tree.plus(total, term)
    return total


def _with_reach(
    terms: list[tuple[Token | None, ast.expr]], cursor: Cursor
) -> list[tuple[Token | None, ast.expr]]:
    """The terms, with those that name the letter of an open sum before them drawn into it."""
    out: list[tuple[Token | None, ast.expr]] = []
    for sign, term in terms:
        opened = _open_sum(out[-1][1]) if out else None
        if opened is not None and sign is not None:
            own = set(scan.own_letters(opened)) - cursor.known.free - set(cursor.bound)
            if own & set(scan.free_subscripts(term)):
                body = opened.args[0]
                join = tree.minus if sign.text == "-" else tree.plus
                opened.args[0] = join(body, term)
                continue
        out.append((sign, term))
    return out


def _open_sum(term: ast.expr) -> ast.Call | None:
    """The sum that a term ends with, if nothing closes it."""
    while not scan.is_closed(term):
        match term:
            case ast.Call(func=ast.Name(id="sum")) if len(term.args) > 1:
                inner = _open_sum(term.args[0])
                return term if inner is None else inner
            case ast.BinOp(op=ast.MatMult() | ast.Mult() | ast.BitAnd(), right=right):
                term = right
            case ast.UnaryOp(operand=operand):
                term = operand
            case _:
                return None
    return None


def product(cursor: Cursor) -> ast.expr:
    """Factors side by side or with a sign between, and quotients by '/'."""
    begun = cursor.place
    total = cursor.factor()
    while cursor.next is not None:
        token = cursor.next
        mark = str(token)
        if cursor.known.heads is not None and heads.taken_behind(cursor):
            total = heads.joined(cursor, begun)
            continue
        if mark == "\\text" and _is_name(cursor):
            total = tree.times(total, cursor.factor())
            continue
        if mark in ("+", "-") or mark in signs.ENDS or signs.is_relation(token):
            break
        if mark in signs.MULTIPLIED:
            cursor.take()
            right = _after_a_sign(cursor)
            if mark in ("\\odot", "\\circ", "\\oslash"):  # a \odot W x is a \odot (W x)
                first, right = right, _beside(cursor, right)
                if right is not first and _is_matrix(total) and _is_matrix(first):
                    said = f"how far does '{token}' reach?  Both sides of it are matrices, and a "
                    said += "product stands behind; write brackets"
                    raise cursor.refuse(said, token.at)
            operator = signs.MULTIPLIED[mark]
            if operator is None:
                raise cursor.refuse(f"{mark} is not read; write components", token.at)
            total = tree.binary(total, operator(), right, total.col_offset)
        elif mark == "/":
            cursor.take()
            plain = isinstance(total, ast.Constant)  # 1/2 x is half of x
            total = tree.over(total, _after_a_sign(cursor))
            if not plain and _goes_on(cursor):
                raise cursor.refuse(
                    "how far does '/' reach?  Write \\frac{…}{…} or brackets", token.at
                )
        else:
            if _begins_no_factor(token):
                raise cursor.left_over(token)
            total = tree.times(total, cursor.factor())
    return total


def _is_matrix(term: ast.expr) -> bool:
    """Is the last factor of a product a capital, or one transposed?"""
    while isinstance(term, ast.BinOp) and isinstance(term.op, tree.PRODUCTS):
        term = term.right
    bare = term.value if isinstance(term, ast.Attribute) else term
    return isinstance(bare, ast.Name) and bare.id[:1].isupper()


def _is_name(cursor: Cursor) -> bool:
    """Is this text the name of a function or a quantity, \\text{Var}(x) or \\text{loss}_i?"""
    word, length = cursor.word()
    behind = str(cursor.ahead(length)) in ("(", "[", "_", "^")
    return behind and word.isalnum() and word.lower() not in _SAID


def _beside(cursor: Cursor, total: ast.expr) -> ast.expr:
    """A factor with those that stand beside it without a sign."""
    while _goes_on(cursor):
        total = tree.times(total, cursor.factor())
    return total


def _goes_on(cursor: Cursor) -> bool:
    """Does a factor stand beside the last one without a sign?  x/2\\sigma^2 is read both ways."""
    token = cursor.next
    if token is None or _begins_no_factor(token):
        return False
    mark = str(token)
    signed = mark in ("+", "-", "/") or mark in signs.MULTIPLIED
    return not (signed or mark in signs.ENDS or signs.is_relation(token))


def _begins_no_factor(token: Token) -> bool:
    return token.kind == "mark" and token.text in "_^'!<>&"


def _after_a_sign(cursor: Cursor) -> ast.expr:
    """The factor after a sign of multiplication, which may have a minus of its own."""
    sign = cursor.taken("-", "+")
    term = cursor.factor()
    return tree.negative(term, sign.at) if sign is not None and sign.text == "-" else term
