"""Scripts: what stands below and above a name, and what it makes of the name.

Gives `scripts`, which takes them from the cursor, `indices`, which reads a subscript, and `raised`,
which reads a superscript as a power, a transposition or a part of the name.

Imports cursor, names and tree.
"""

from __future__ import annotations

import ast

from symderiv.reader import scan, tree
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.names import GREEK, WORDS
from symderiv.reader.latex.tokens import Token
from symderiv.reader.marks import MOST_DIGITS
from symderiv.records import dataclass


@dataclass
class Scripts:
    """What stands below and above, in tokens, and the number of primes."""

    below: list[Token] | None = None
    above: list[Token] | None = None
    primes: int = 0
    at: int = 0


def scripts(cursor: Cursor) -> Scripts:
    """The subscript, the superscript and the primes that follow."""
    found = Scripts(at=cursor.at)
    while cursor.sees("_", "^", "'"):
        mark = cursor.take()
        if mark.text == "'":
            found.primes += 1
            continue
        if cursor.next is None:
            raise cursor.refuse(f"{mark.text!r} ends the formula; a script is missing", mark.at)
        group = cursor.group()
        if mark.text == "_":
            if found.below is not None:
                raise cursor.refuse("a second subscript", mark.at)
            found.below = group
        else:
            if found.above is not None and not _is_star(group):
                raise cursor.refuse("a second superscript; put the base in brackets", mark.at)
            found.above = group
    return found


def _is_star(group: list[Token]) -> bool:
    return len(group) == 1 and str(group[0]) in ("*", "\\ast", "\\star")


def is_transpose(group: list[Token] | None, *, capital: bool) -> bool:
    """Is a superscript the sign of transposition?  A plain T only on a matrix or a vector."""
    if not group:
        return False
    shown = [str(t) for t in group if not t.braces]
    if not shown:
        return False
    if shown[0] in ("\\top", "\\intercal") and len(shown) == 1:
        return True
    if shown[0] in ("\\mathsf", "\\mathrm", "\\text", "\\rm") and shown[1:] == ["T"]:
        return True
    return capital and shown == ["T"]


def is_inverse(group: list[Token] | None) -> bool:
    """Is a superscript -1?"""
    return [t.text for t in group or [] if not t.braces] == ["-", "1"]


def label_of(group: list[Token], cursor: Cursor) -> str:
    """A script that belongs to the name: (l), [2], \\text{train}, *; empty if it is none."""
    shown = [t for t in group if not t.braces]
    if is_transpose(group, capital=False):
        return ""
    if _is_star(group):
        return "star"
    if shown and shown[0].kind == "command" and shown[0].text in WORDS:
        return _word(shown[1:])
    if cursor.known.derivatives and shown and _is_layer(shown):
        return _word(shown)
    pairs = {"(": ")", "[": "]", "langle": "rangle"}
    if len(shown) > 2 and pairs.get(shown[0].text) == shown[-1].text:
        inner = shown[1:-1]
        if len(inner) == 1 and inner[0].text in (*cursor.bound, *cursor.known.free):
            return ""
        return _word(inner)
    return ""


def _is_layer(shown: list[Token]) -> bool:
    """Is it the number of a layer, l, L or l + 1, which is no power?"""
    letters = [t for t in shown if t.kind in ("letter", "command")]
    return [t.text in ("l", "L", "ell") for t in letters] == [True] and all(
        t.kind == "digit" or t in letters or t.text in "+-" for t in shown
    )


def _word(tokens: list[Token]) -> str:
    said = {"+": "p", "-": "m", "*": "star", "ell": "l"}  # l + 1 is lp1
    word = "".join(said.get(t.text, t.text) for t in tokens if not t.braces)
    return word if word.isalnum() and word.isascii() else ""


def indices(group: list[Token], cursor: Cursor) -> list[ast.expr]:
    """The indices that a subscript states: `ij` and `i,j` are two, `i+1` is one, `y_i` a label."""
    inner = cursor.inside(group)
    found: list[ast.expr] = []
    while inner.next is not None:
        if inner.taken(","):
            if not found:
                raise inner.refuse("an index is missing before ','")
            continue
        found.append(_index(inner))
    if not found:
        raise cursor.refuse("an empty subscript; an index is missing")
    return found


def _index(cursor: Cursor) -> ast.expr:
    """One index: letters and numbers with + and - between."""
    at = cursor.at
    sign = cursor.taken("-")
    total = _part(cursor)
    if sign is not None:
        total = tree.negative(total, at)
    while cursor.sees("+", "-"):
        mark = cursor.take()
        join = tree.minus if mark.text == "-" else tree.plus
        total = join(total, _part(cursor))
    return total


def _part(cursor: Cursor) -> ast.expr:
    if cursor.sees("("):
        _, inner = cursor.bracketed()
        reading = cursor.inside(inner)
        inside = _index(reading)
        if reading.next is not None:
            raise reading.left_over(reading.next)
        return inside
    if cursor.taken(":"):
        return ast.Slice(col_offset=cursor.at)
    token = cursor.take()
    if token.kind == "digit":
        digits = _digits(cursor, token)
        value = tree.number(digits, token.at)
        follows = cursor.next
        if follows is not None and follows.kind == "letter":  # 2i is one index
            return tree.binary(value, ast.Mult(), _part(cursor), token.at)
        return value
    letter = GREEK.get(token.text, "") if token.kind == "command" else token.text
    if letter == "ell":
        letter = "l"
    if token.kind not in ("letter", "command") or not letter:
        raise cursor.refuse(f"'{token}' is no index; indices are letters and numbers", token.at)
    name = tree.name(letter, token.at)
    if cursor.taken("_"):
        return tree.component(name, indices(cursor.group(), cursor), token.at)
    return name


def _digits(cursor: Cursor, first: Token) -> str:
    digits = first.text
    while cursor.next is not None and cursor.next.kind == "digit" and cursor.next.glued:
        digits += cursor.take().text
    if len(digits) > MOST_DIGITS:
        raise cursor.refuse(f"a number has at most {MOST_DIGITS} digits", first.at)
    return digits


def raise_to(base: ast.expr, found: Scripts, cursor: Cursor) -> ast.expr:
    """The base with its superscript; what has no name has a subscript in vector notation alone."""
    if found.below is not None and cursor.known.vectors:
        base = tree.component(base, indices(found.below, cursor), found.at)  # (A x)_i
    elif found.below is not None:
        raise cursor.refuse(
            "this subscript stands on no name; write the index on the array inside", found.at
        )
    if found.primes == 1 and transposes(cursor):
        return raised(tree.transposed(base), found.above, cursor, found.at)
    if found.primes and cursor.known.derivatives and not cursor.known.vectors:
        base = _differentiated(base, found, cursor)
    elif found.primes:
        raise cursor.refuse("a prime stands on the name of a function, \\sigma'(z)", found.at)
    return raised(base, found.above, cursor, found.at)


def _differentiated(base: ast.expr, found: Scripts, cursor: Cursor) -> ast.expr:
    """(x \\ln x)', the derivative by the one name that stands in the bracket."""
    variables = set(scan.names(base)) - {"e", "pi"}
    if len(variables) != 1 or scan.free_subscripts(base) or scan.ranks([base]):
        said = "a prime on a bracket says not by what; write \\frac{d}{dx}"
        raise cursor.refuse(said, found.at)
    variable = tree.name(variables.pop(), found.at)
    for _ in range(found.primes):
        base = tree.call("partial", [base, variable], found.at)
    return base


def transposes(cursor: Cursor) -> bool:
    """Does a prime transpose here, and is it no derivative?"""
    return cursor.known.primed and cursor.known.vectors and not cursor.known.derivatives


def raised(base: ast.expr, above: list[Token] | None, cursor: Cursor, at: int) -> ast.expr:
    """The base to the power above it, or transposed."""
    if above is None or all(t.braces for t in above):
        return base
    if is_transpose(above, capital=cursor.known.vectors):
        return tree.transposed(base)
    if above[0].text == "-" and is_transpose(above[1:], capital=cursor.known.vectors):
        minus_one = tree.negative(tree.number("1", at), at)
        return tree.transposed(tree.power(base, minus_one))
    if str(above[0]) in ("\\odot", "\\circ") and len(above) > 1:
        exponent = cursor.whole(above[1:], at)
        return tree.call("power", [base, exponent], base.col_offset)
    if label_of(above, cursor):
        raise cursor.refuse("this superscript stands on no name", at)
    return tree.power(base, cursor.whole(above, at))
