"""Authored: functions that the author defines, f(x) = ..., and names before brackets.

Gives `of_author`, the value of such a function at its arguments, with `inserted` and `arguments`;
`is_partial` (is f_x the derivative of f(x, y)?); `check_argument` and `check_product`, which refuse
p(x) where nothing says what p is.

Imports scripts, cursor, names and tree.
"""

from __future__ import annotations

import ast
from contextlib import suppress
from itertools import chain, count, pairwise

from symderiv.reader import scan, tree
from symderiv.reader.latex.cursor import Cursor, Known
from symderiv.reader.latex.names import ACCENTS, FONTS, GREEK, spoken_for
from symderiv.reader.latex.scripts import Scripts, raise_to, raised, scripts
from symderiv.reader.latex.signs import without_squares
from symderiv.reader.latex.tokens import Token
from symderiv.reader.refusal import ReadError

# before a bracket these are no factors
FUNCTION_LETTERS = frozenset((*"fghFGH", "Phi", "Psi", "Gamma", "phi", "psi", "zeta"))
_OF_NAMES = frozenset((*",;{}_^*",))
COUNTS = frozenset("ijklmnNMKD")  # before a bracket these are numbers, and factors


def of_author(name: str, found: Scripts, cursor: Cursor, at: int) -> ast.expr | None:
    """A function that the text defines, f(x) = ..., with these arguments; None for a product."""
    opened = cursor.next
    if opened is None or str(opened) not in ("(", "["):
        return None
    if name in cursor.known.given:
        return None
    if name not in cursor.known.applied:
        if cursor.known.derivatives and (meant := _in_a_line(name, found, cursor, at)) is not None:
            return meant
        if name in FUNCTION_LETTERS and found.below is None:
            check_product(name, cursor)
        check_argument(name, cursor)
        return None
    _, inner = cursor.bracketed()
    given = arguments(cursor, inner)
    known, slopes = cursor.known.functions.get(name + "'" * found.primes), 0
    if known is None and cursor.known.derivatives and _is_name(given):
        known, slopes = cursor.known.functions.get(name), found.primes  # f'(x) of f(x) = x |x|
    if known is None and found.primes:
        raise cursor.refuse(f"{name}' is not read; write its derivative out", found.at)
    if known is None:
        raise cursor.refuse(f"{name} is used before its definition", at)
    if len(given) != len(known.parameters):
        raise cursor.refuse(f"{name} has {len(known.parameters)} arguments, not {len(given)}", at)
    own = [
        isinstance(a, ast.Name) and a.id == p for a, p in zip(given, known.parameters, strict=True)
    ]
    term: ast.expr
    if all(own) and not found.primes:
        term = tree.name(spoken_for(name), at)
    else:
        term = inserted(known.body, dict(zip(known.parameters, given, strict=True)), at)
        for _ in range(slopes):
            term = tree.call("partial", [term, given[0]], at)
        scan.close(term)
    if found.above is not None:
        term = raised(term, found.above, cursor, found.at)
    return raise_to(term, scripts(cursor), cursor)


def is_partial(name: str, places: list[str], known: Known) -> bool:
    """Are below the name of a function of several numbers its own parameters, f_x and f_{xy}?"""
    function = known.functions.get(name) if known.derivatives else None
    own = set() if function is None else {*function.parameters} - COUNTS
    return len(own) > 1 and bool(places) and own.issuperset(places)


def _is_name(given: list[ast.expr]) -> bool:
    """Is it one name or component, by which one can differentiate?"""
    return len(given) == 1 and isinstance(given[0], ast.Name | ast.Subscript)


def _in_a_line(name: str, found: Scripts, cursor: Cursor, at: int) -> ast.expr | None:
    """What brackets behind a name mean in a line of a derivation; None for a product.

    L(w) is the quantity L, where L is defined and w a name; E[x] and Var(x) are not read.
    """
    inner = cursor.between()
    names = all(
        t.kind == "letter" or str(t) in _OF_NAMES or t.kind in ("command", "digit")
        for t in without_squares(inner)
    )
    starts = [*inner[:1], *(b for a, b in pairwise(inner) if a.text in (",", ";"))]
    values = any(t.kind == "digit" for t in starts)  # f(2), l(mu, 4)
    if names and name in cursor.known.defined and not values:
        _, inside = cursor.bracketed()
        if _is_worked_out(_given(inside, cursor)):
            raise cursor.refuse(
                f"{name}(…) is read both as a value of {name} and as a product; write {name} "
                "\\cdot (…) for the one", at
            )  # fmt: skip
        if (term := _elsewhere(name, inside, cursor)) is None or found.primes:
            term = tree.name(spoken_for(name), at)
        for _ in range(found.primes):  # of y = x^2, y'(x)
            term = tree.call("partial", [term, cursor.whole(inside, found.at)], at)
        return term
    if name in cursor.known.defined and name in {t.text for t in inner}:
        return None  # f (1 - f), a product
    base = name.partition("_")[0]  # h of h_theta
    if base in FUNCTION_LETTERS and base not in cursor.known.lettered:
        raise cursor.refuse(f"nothing says what {name}(…) is; write {name}(x) = … before it", at)
    counted = all(t.kind == "digit" or t.text in "ijklmnt+-" for t in inner)
    number = name in COUNTS or name in cursor.bound  # n (n + 1)
    if counted and not number and any(t.kind == "letter" for t in inner):
        raise cursor.refuse(
            f"{name}(…) is read neither as a product nor as a sequence; write {name}_{{…}}", at
        )
    word = len(name) > 1 and name not in GREEK.values() and name not in cursor.known.lettered
    if word and name.rstrip("_0123456789").isalpha() and name[-3:] not in ("hat", "bar"):
        raise cursor.refuse(f"nothing says what {name}(…) is; write {name}(x) = … before it", at)
    if name in ("E", "P", "V"):
        raise cursor.refuse("expectations and probabilities are not read", at)
    marks = [t.text for t in inner if t.kind == "mark"]
    if "," in marks or ";" in marks or marks.count("|") % 2:  # two bars are those of |r|
        raise cursor.refuse(f"nothing says what {name}(…) is; write {name}(x, y) = … before it", at)
    return None


def _elsewhere(name: str, inside: list[Token], cursor: Cursor) -> ast.expr | None:
    """L(w_0) of a quantity L that w is in; None where a bracket shows no such name."""
    if cursor.known.elsewhere is None:
        return None
    match _given(inside, cursor):
        case [ast.Name(id=one)]:
            return cursor.known.elsewhere(cursor, spoken_for(name), one)
    return None


def _is_worked_out(given: list[ast.expr]) -> bool:
    """Is it a sum or product of names, as w x of h(w x)?  σ² is the name of a variance."""
    match given:
        case [ast.BinOp(op=op)]:
            return not isinstance(op, ast.Pow)
    return False


def _given(inside: list[Token], cursor: Cursor) -> list[ast.expr]:
    """The arguments in a bracket, none where they are not read."""
    with suppress(ReadError):
        return arguments(cursor, inside)
    return []


def arguments(cursor: Cursor, inner: list[Token]) -> list[ast.expr]:
    """The arguments between commas, on the outermost level."""
    reading = cursor.inside(inner)
    given = [reading.formula()]
    while reading.taken(",", ";"):
        given.append(reading.formula())
    if reading.next is not None:
        raise reading.left_over(reading.next)
    return given


def check_argument(name: str, cursor: Cursor) -> None:
    """Refuse p(x), p_\\theta(y \\mid x): names alone in brackets are arguments, and no factors."""
    if cursor.known.derivatives:
        return  # a line of a derivation has its own reading of it
    inner = cursor.between()
    marks = [t for t in inner if t.kind == "mark" and t.text not in "{}_^,;|"]
    named = all(
        t.kind in ("letter", "mark") or t.text in GREEK or t.text in FONTS | ACCENTS.keys()
        or t.text in ("mid", "|") for t in inner
    )  # fmt: skip
    if inner and named and not marks:
        name = next((f"\\{c}" for c, n in GREEK.items() if n == name and len(c) > 1), name)
        raise _neither(name, inner, cursor)


def check_product(name: str, cursor: Cursor) -> None:
    """Refuse f(x) where nothing says what f is."""
    inner = cursor.between()
    letters = [t for t in inner if t.kind in ("letter", "command")]
    if letters and (len(name) > 1 or not any(t.kind == "mark" and t.text in "+-=" for t in inner)):
        raise _neither(name, letters, cursor)


def _neither(name: str, inner: list[Token], cursor: Cursor) -> ReadError:
    named = (t for t in inner if t.kind == "letter" or t.text in GREEK)
    first = next(named, inner[0])
    return cursor.refuse(
        f"{name}(…) is read neither as a function, since nothing defines {name}, nor as a "
        f"product; write {name}({first}) = … before it, or {name} \\cdot (…)"
    )


def inserted(body: ast.expr, arguments: dict[str, ast.expr], at: int) -> ast.expr:
    """A body with arguments for its parameters; bound letters step aside."""
    used = {x for a in arguments.values() for x in scan.words([a])}
    letters = chain("kmnlqrstuvabcdefghij", (f"k{n}" for n in count(1)))
    spare = (x for x in letters if x not in used)
    fresh: dict[str, str] = {}
    for node in scan.walk(body):
        if isinstance(node, ast.Call) and scan.called(node) in scan.BINDERS:
            for letter in scan.own_letters(node):
                if letter in used and letter not in fresh:
                    fresh[letter] = next(spare)

    def put(node: ast.expr) -> ast.expr | None:
        if not isinstance(node, ast.Name):
            return None
        if node.id in arguments:
            return tree.copied(arguments[node.id])
        return tree.name(fresh.get(node.id, node.id), at)

    return tree.copied(body, put)
