"""Applications: functions with their arguments, and brackets that hold a condition.

Gives `special` (a command or word that is a function, an indicator or a big name), `indicator` and
`bracket_of`.

Imports authored, scripts, cursor, names and tree.
"""

from __future__ import annotations

import ast
import re

from symderiv.elementwise import FUNCTIONS as ELEMENTWISE
from symderiv.elementwise import NAMED
from symderiv.mistakes import DASH
from symderiv.reader import scan, tree
from symderiv.reader.latex import signs
from symderiv.reader.latex.authored import arguments, inserted
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.names import (
    ACCENTS,
    FONTS,
    FUNCTIONS,
    GREEK,
    WHOLE,
    WORDS,
)
from symderiv.reader.latex.scripts import Scripts, indices, raise_to, raised, scripts
from symderiv.reader.latex.tokens import Token

_UNREAD = {
    "infty": "\\infty is no number here",
    "int": "integrals are not read",
    "lim": "limits are not read",
    "ldots": "write the sum with \\sum",
    "dots": "write the sum with \\sum",
    "cdots": "write the sum with \\sum",
    "pm": "write two formulas",
    "mp": "write two formulas",
    "binom": "binomial coefficients are not read",
    "arg": "\\arg has no derivative",
    "argmax": "an index has no derivative",
    "argmin": "an index has no derivative",
    "in": "write a condition with = or <",
    "mathbb": "write 1 for the indicator, \\mathbb{1}",
}


_SPACE = re.compile(r"\\(?:[,;: ]|quad|qquad|enspace|thinspace)")
_RECIPROCAL = {"sec": "cos", "csc": "sin", "cot": "tan"}
_OPERATORS = frozenset(("E", "P", "Var", "Cov", "Pr"))


def special(cursor: Cursor) -> ast.expr | None:
    """A function with its argument, an indicator, a vector of ones; None for a plain name."""
    token = cursor.waiting
    at = token.at
    if token.kind == "command" and token.text in _UNREAD and token.text not in FONTS:
        raise cursor.refuse(f"{token} is not read; {_UNREAD[token.text]}", at)
    word, length = cursor.word()
    typed = token.kind == "letter"
    always = not typed and len(word) > 1
    always |= token.text in ("mathbb", "mathds") and word in ("E", "P", "V")
    taken = word in _OPERATORS and _applies(cursor, length, typed=typed)
    if taken or (always and word in (*_OPERATORS, "V")):
        raise cursor.refuse(f"{word}[…] is not read: expectations and probabilities are not", at)
    if length > 1 and word == "d" and token.text in WORDS:
        raise cursor.refuse(f"a differential is not read; {DASH}wrt says the variable", at)
    if length > 1 and word in _UNREAD and word not in cursor.known.defined:
        raise cursor.refuse(f"{word} is not read; {_UNREAD[word]}", at)
    if word in ("1", "I") and token.kind == "command":
        return _ones(cursor, word, length, at)
    if token.kind == "letter" and token.text == "I":
        place = cursor.place
        cursor.take()
        found = indicator(cursor, at)
        if found is None:
            cursor.place = place
        return found
    if word in cursor.known.defined or GREEK.get(word, word) in cursor.known.given:
        return None
    if word == "sigma":
        return _sigma(cursor)
    if token.kind == "command" and word in _RECIPROCAL:
        cursor.place += length
        return tree.over(tree.number("1", at), function(_RECIPROCAL[word], cursor, at))
    if token.kind == "command" and word in FUNCTIONS and word != "sqrt":
        cursor.place += length
        return function(FUNCTIONS[word], cursor, at)
    if length > 1 and len(word) > 1 and word in cursor.known.library.of_numbers:
        cursor.place += length
        return function(cursor.known.library.of_numbers[word], cursor, at)
    if token.kind == "command" and word in WHOLE and length:
        cursor.place += length
        return _whole(WHOLE[word], cursor, at)
    return None


def _applies(cursor: Cursor, length: int, *, typed: bool) -> bool:
    """Is it an expectation, E[x] or \\mathbb{E}(x), with or without what is below it?"""
    place = cursor.place
    cursor.place += length
    if cursor.sees("_"):
        cursor.take()
        if cursor.next is not None:
            cursor.group()
    opened = cursor.sees("[") if typed else cursor.sees("[", "(", "\\{", "|")
    cursor.place = place
    return opened


def _ones(cursor: Cursor, word: str, length: int, at: int) -> ast.expr | None:
    """\\mathbb{1}[condition], or the vector \\mathbf 1 and the matrix \\mathbf I."""
    place = cursor.place
    cursor.place += length
    found = indicator(cursor, at)
    if found is not None:
        return raise_to(found, scripts(cursor), cursor)
    if cursor.known.vectors and word == "1":
        return raise_to(tree.name("ones_", at), scripts(cursor), cursor)
    if word == "1":
        raise cursor.refuse("a condition is missing after the indicator, \\mathbb{1}[i = j]")
    cursor.place = place
    return None


def indicator(cursor: Cursor, at: int) -> ast.expr | None:
    """The bracket of a condition that follows: {i = j}, [i = j], (i = j) or _{i = j}."""
    place = cursor.place
    low = cursor.taken("_") is not None
    if low and cursor.next is not None:
        inner = [t for t in cursor.group() if t.text not in ("\\{", "\\}", "{", "}", "[", "]")]
    elif cursor.next is not None and str(cursor.next) in signs.OPENING:
        _, inner = cursor.bracketed()
    else:
        inner = []
    if any(signs.is_relation(t) for t in inner):
        return bracket_of(cursor.inside(inner), at)
    cursor.place = place
    return None


def bracket_of(cursor: Cursor, at: int) -> ast.expr:
    """1 where the condition holds: a delta of two indices, or Iverson's bracket."""
    condition = cursor.relation()
    if cursor.next is not None:
        raise cursor.left_over(cursor.next)
    if not isinstance(condition, ast.Compare):
        raise cursor.refuse("a condition is missing, such as i = j", at)
    return holds(condition, at, cursor)


def holds(condition: ast.Compare, at: int, cursor: Cursor) -> ast.expr:
    """1 where a comparison holds, else 0."""
    sides = (condition.left, condition.comparators[0])
    return tree.bracket(condition, at, indices=all(_is_index(x, cursor) for x in sides))


def _is_index(term: ast.expr, cursor: Cursor) -> bool:
    """Can it be an index?  A letter, a number, or an array of labels at a letter."""
    match term:
        case ast.Name(id=name):
            return len(name) == 1 and name not in cursor.known.lettered
        case ast.Subscript(value=ast.Name()):
            return all(isinstance(s, ast.Name) for s in scan.slots(term))
        case ast.Constant(value=int()):
            return True
    return False


# -- functions -------------------------------------------------------------------------------------


def _sigma(cursor: Cursor) -> ast.expr | None:
    """\\sigma(z) is the sigmoid; \\sigma with a subscript or without a bracket is a name."""
    place = cursor.place
    token = cursor.take()
    found = scripts(cursor)
    opened = cursor.next
    if found.below is not None or opened is None or str(opened) not in ("(", "["):
        cursor.place = place
        return None
    if "sigma" in cursor.known.lettered:
        cursor.place = place
        return None
    if cursor.known.sigma and not cursor.known.derivatives:
        raise cursor.refuse(
            "\\sigma stands alone elsewhere: write \\sigma \\cdot (…) for a product, "
            "\\operatorname{sigmoid}(…) for the function", token.at,
        )  # fmt: skip
    return _applied("sigmoid", found, cursor, token.at)


def function(name: str, cursor: Cursor, at: int) -> ast.expr:
    """An elementwise function with its argument, in brackets or beside it."""
    return _applied(name, scripts(cursor), cursor, at)


def _applied(name: str, found: Scripts, cursor: Cursor, at: int) -> ast.expr:
    base = None
    if found.below is not None:
        if name != "log":
            raise cursor.refuse(f"{name} has no subscript; write the index on its argument", at)
        base = cursor.whole(found.below, found.at)
    bracketed = cursor.sees(*signs.OPENING)
    several = bracketed and not (name in NAMED and len(NAMED[name].arguments) == 1)
    given = arguments(cursor, cursor.bracketed()[1]) if several else [argument(cursor, at)]
    if cursor.sees("_") and str(cursor.tokens[cursor.place - 1]) in (")", "]"):
        instead = "\\operatorname{softmax}(z)_i is softmax" if name == "sigmoid" else "write it so"
        raise cursor.refuse(f"the index stands on the argument, as in {name}(z_i); {instead}")
    term = _derived(name, given, found.primes, cursor, found.at, at)
    if not bracketed:
        scan.beside(term)
    if not bracketed and cursor.sees("("):
        if name == "log" and not cursor.known.derivatives:
            raise cursor.refuse("how far does the logarithm before '(' reach?  Write brackets")
        scan.open_ended(term)
    if base is not None:
        term = tree.over(term, tree.call("log", [base], at))
    if found.above is not None:
        if [t.text for t in found.above if not t.braces] == ["-", "1"]:
            raise cursor.refuse(f"inverse functions are not read; 1/{name}(x) is a quotient", at)
        term = raised(term, found.above, cursor, found.at)
    if str(cursor.tokens[cursor.place - 1]) in (")", "]", "\\}") and cursor.sees("^"):
        term = raise_to(term, scripts(cursor), cursor)
    return term


def _derived(
    name: str, given: list[ast.expr], primes: int, cursor: Cursor, place: int, at: int
) -> ast.expr:
    """The function, or by its prime its derivative, in terms of the formula language."""
    if not primes:
        return tree.call(name, given, at)
    if primes > 1 or name not in ELEMENTWISE:
        raise cursor.refuse(f"{name} with {primes} primes is not read; write it out", place)
    body = ast.parse(ELEMENTWISE[name].derivative, mode="eval").body
    return inserted(body, {"x": given[0]}, at)


def argument(cursor: Cursor, at: int) -> ast.expr:
    """What a function is applied to: a bracket or a group, or the factors beside it."""
    opened = cursor.next
    if opened is None:
        raise cursor.refuse("the argument of this function is missing", at)
    if str(opened) in signs.OPENING:
        _, inner = cursor.bracketed()
        term = cursor.whole(inner, opened.at)
        scan.close(term)
        return term
    return _beside(cursor)


def _beside(cursor: Cursor) -> ast.expr:
    """The factors that stand beside a function without brackets: log 2 pi sigma^2.

    Names are factors alike, whatever their letters and faces; and nobody who writes \\log 2 before
    a factor means the number log 2.
    """
    sign = cursor.taken("-")
    total = cursor.factor()
    while cursor.next is not None and _is_factor(cursor, cursor.next, total):
        if _parted(cursor):
            raise cursor.refuse(
                "how far does the function before this space reach?  Write brackets"
            )
        total = tree.times(total, cursor.factor())
    token = cursor.next
    number = isinstance(total, ast.Constant)
    if cursor.sees("/") or (number and token is not None and str(token) in _OPENED):
        raise cursor.refuse(f"how far does the function before '{token}' reach?  Write brackets")
    return total if sign is None else tree.negative(total, sign.at)


_OPENED = ("(", "[", "|", "\\|", "\\lvert", "\\lVert", "\\sum", "\\prod")


def _is_factor(cursor: Cursor, token: Token, before: ast.expr) -> bool:
    """Is the next one a name or a number, a fraction, or a root behind a number?"""
    if token.kind in ("letter", "digit") or str(token) in ("\\frac", "\\pi", "\\sigma"):
        return True
    if token.kind != "command":
        return False
    if token.text == "delta":
        return False
    if token.text in ACCENTS or (token.text in GREEK and token.text not in FUNCTIONS):
        return True
    if token.text in FONTS - {"mathbb", "mathds", "mathrm", "rm"}:
        return cursor.word()[0] not in ("1", "I")
    return token.text == "sqrt" and isinstance(before, ast.Constant)


def _parted(cursor: Cursor) -> bool:
    """Does a space that the author set stand before the next token, \\log p_i \\, y_i?"""
    before = cursor.tokens[cursor.place - 1].at
    return _SPACE.search(cursor.source.text, before, cursor.at) is not None


def _whole(name: str, cursor: Cursor, at: int) -> ast.expr:
    """A function of a whole array, softmax(z)_i."""
    found = scripts(cursor)
    if found.above is not None or found.primes:
        raise cursor.refuse(f"{name} has no superscript; put it in brackets", found.at)
    opened = cursor.next
    if opened is None or str(opened) not in ("(", "[", "{", "\\{"):
        if name in ("trace", "det", "logdet"):
            return tree.call(name, [_beside(cursor)], at)
        raise cursor.refuse(f"{name} takes its argument in brackets, {name}(z)")
    inner = argument(cursor, at)
    after = scripts(cursor)
    below = found.below or after.below
    places = indices(below, cursor) if below is not None else []
    term: ast.expr
    if name == "softmax" and not places and not cursor.known.vectors:
        inner, places = _of_component(inner, cursor, at)
    term = tree.call(name, [inner], at)
    if places:
        term = tree.component(term, places, at)
    return raised(term, after.above, cursor, after.at)


def _of_component(inner: ast.expr, cursor: Cursor, at: int) -> tuple[ast.expr, list[ast.expr]]:
    """softmax(z_i) is the component i of softmax(z); of a row, softmax(W_{ni}), that of W_{n,:}."""
    if isinstance(inner, ast.Subscript) and isinstance(inner.value, ast.Name):
        places = list(scan.slots(inner))
        if isinstance(places[-1], ast.Name):
            whole: ast.expr = inner.value
            if len(places) > 1:
                line: list[ast.expr] = [*places[:-1], ast.Slice(col_offset=at)]
                whole = tree.component(inner.value, line, at)
            return whole, [places[-1]]
    raise cursor.refuse("softmax has an index: write \\operatorname{softmax}(z)_i", at)
