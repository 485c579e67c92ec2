r"""Plain lines: a derivation in the formula language, a statement a line.

Gives `split` (a line at its equality signs), `term` (a side as a tree) and `left`.  Derivatives are
written `partial(L, z[j])`, `dL/dz[j]`, `d/dz[j] (...)`, `d/dx x^2`, or with ∂.

Imports the reader.
"""

from __future__ import annotations

import ast
import re

from symderiv.reader import ReadError, scan, tree
from symderiv.reader.latex.lefts import Left
from symderiv.reader.pieces import only_piece
from symderiv.reader.refusal import Source
from symderiv.reader.typed import plainly

_EQUAL = re.compile(r"(?<![<>=!:])=(?!=)")
_NAME = r"[A-Za-z]\w*(?:\[[^\[\]]*\])?"
_WHOLE = re.compile(rf"(?<![\w\]])[d∂]({_NAME})\s*/\s*[d∂]({_NAME})")
_OF = re.compile(rf"(?<![\w\]])[d∂]\s*/\s*[d∂]({_NAME})\s*\(")
_BESIDE = re.compile(rf"(?<![\w\]])[d∂]\s*/\s*[d∂]({_NAME})\s+(?=\w)")
_REACHING = "partial_by"  # d/dx u, of which nothing says where it ends
_APART = re.compile(r"(?<![\w\]])[d∂]\s*\(")


def split(text: str) -> list[str]:
    """The sides of a line; the first is empty where it goes on from the line before."""
    sides: list[str] = []
    depth = begin = 0
    for n, character in enumerate(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if depth == 0 and _EQUAL.match(text, n):
            sides.append(text[begin:n])
            begin = n + 1
    return [*sides, text[begin:]]


def term(text: str) -> ast.expr:
    """A side as a tree.

    Raises
    ------
    ReadError
        for what is not in the formula language.
    """
    written = _derivatives(text)
    plain, _ = plainly(Source(written, "line"))
    read = only_piece(Source(plain, "line")).right
    calls = [*scan.calls(read)]
    slopes = [call for call in calls if scan.called(call) == _REACHING]
    for slope in slopes:
        slope.func = tree.name("partial", slope.col_offset)
        slope.args.reverse()
    ends = {*slopes, *(slope.args[0] for slope in slopes)}
    for call in calls:
        for closed in {call, *call.args[:1]} - ends:  # sum(a + b, i) says how far it reaches
            scan.close(closed)
    return read


def left(text: str) -> Left | None:
    """What a side defines, if it can be the left side of a definition."""
    try:
        read = only_piece(Source(text, "line")).right
    except ReadError:
        return None
    match read:
        case ast.Name(id=name):
            return Left(name)
        case ast.Subscript(value=ast.Name(id=name)):
            slots = scan.slots(read)
            letters = tuple(s.id for s in slots if isinstance(s, ast.Name))
            return Left(name, letters) if len(set(letters)) == len(slots) else None
    return None


def _derivatives(text: str) -> str:
    """The text with its derivatives as `partial(u, x)`."""
    text = _WHOLE.sub(r"partial(\1, \2)", text)
    for begins, ends, behind, made in (
        (_OF, _closing, 1, "partial({0}, {1})"),
        (_BESIDE, _reached, 0, f"{_REACHING}({{1}}, {{0}})"),
    ):
        for _ in range(50):
            found = begins.search(text)
            if found is None:
                break
            end = ends(text, found.end())
            inner, rest = text[found.end() : end], text[end + behind :]
            text = text[: found.start()] + made.format(inner, found[1]) + rest
    for _ in range(50):
        found = _APART.search(text)
        if found is None:
            break
        end = _closing(text, found.end())
        by = re.match(rf"\s*/\s*[d∂]({_NAME})", text[end + 1 :])
        if by is None:
            break
        inner = text[found.end() : end]
        rest = text[end + 1 + by.end() :]
        text = f"{text[: found.start()]}partial({inner}, {by[1]}){rest}"
    return text


def _reached(text: str, place: int) -> int:
    """Where the product ends that d/dx reaches over: before a sign, or the end of a bracket."""
    depth = 0
    for n in range(place, len(text)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(text[n], 0)
        if depth < 0 or (depth == 0 and text[n] in "+-," and text[:n].rstrip()[-1] not in "*/^("):
            return n
    return len(text)


def _closing(text: str, place: int) -> int:
    depth = 1
    for n in range(place, len(text)):
        depth += {"(": 1, ")": -1}.get(text[n], 0)
        if depth == 0:
            return n
    return len(text)
