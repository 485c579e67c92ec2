"""Signs: the marks of relations, products and brackets, and what ends a term.

Gives `RELATIONS` with `is_relation`, `MULTIPLIED`, `FRACTIONS`, `ENDS`, `OPENING` (brackets with
what closes them) with `closing`, `BARS` and `NORMS` alike, and `DEPTH`, how much further in or out
a mark leads, with `opening` and `outside`.

Imports tokens.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from symderiv.reader.latex.tokens import MATRICES, Token

FRACTIONS = frozenset(("\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\nicefrac"))
BARS = {"|": "|", "\\vert": "\\vert", "\\lvert": "\\rvert"}
NORMS = {"\\|": "\\|", "\\Vert": "\\Vert", "\\lVert": "\\rVert"}
OPENING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "\\lbrace": "\\rbrace"}
RELATIONS: dict[str, type[ast.cmpop]] = {
    "=": ast.Eq, "\\equiv": ast.Eq, "\\triangleq": ast.Eq, "\\coloneqq": ast.Eq,
    "\\neq": ast.NotEq, "\\ne": ast.NotEq,
    "<": ast.Lt, "\\lt": ast.Lt,
    ">": ast.Gt, "\\gt": ast.Gt,
    "\\le": ast.LtE, "\\leq": ast.LtE, "\\leqslant": ast.LtE,
    "\\ge": ast.GtE, "\\geq": ast.GtE, "\\geqslant": ast.GtE,
}  # fmt: skip
# what a sign makes of two factors, None where it is not read
MULTIPLIED: dict[str, type[ast.operator] | None] = {
    "\\cdot": ast.BitAnd, "\\times": ast.MatMult, "*": ast.MatMult, "\\ast": ast.MatMult,
    "\\odot": ast.Mult, "\\circ": ast.Mult, "\\oslash": ast.FloorDiv, "\\otimes": None,
}  # fmt: skip
ENDS = frozenset((")", "]", "}", "\\}", ",", ";", "&", "\\\\", "\\rvert", "\\rVert"))
ENDS |= frozenset(("\\end cases", "\\rangle", ".", ":", "\\mid", "\\rbrace"))
ENDS |= frozenset(f"\\end {name}" for name in MATRICES)
ENDS |= frozenset(("\\text", "\\rightarrow", "\\to", "\\implies"))

DEPTH = dict.fromkeys(("{", "(", "[", "\\{", "\\langle", "\\lfloor"), 1)
DEPTH |= dict.fromkeys(("}", ")", "]", "\\}", "\\rangle", "\\rfloor"), -1)
DEPTH |= {f"\\{end} {x}": n for x in (*MATRICES, "cases") for end, n in (("begin", 1), ("end", -1))}


def is_relation(token: Token) -> bool:
    return str(token) in RELATIONS or str(token) == "\\not"


def closing(found: Sequence[Token], place: int) -> int:
    """The place of what closes the bracket at a place; behind the end where nothing does."""
    opened, depth = str(found[place]), 0
    steps = {opened: 1, OPENING[opened]: -1}
    for n in range(place, len(found)):
        depth += steps.get(str(found[n]), 0)
        if depth == 0:
            return n
    return len(found)


def opening(found: Sequence[Token], place: int) -> int:
    """The place of what opens the bracket that closes at a place, itself for what closes none."""
    depth = 0
    for n in range(place, -1, -1):
        depth -= DEPTH.get(str(found[n]), 0)
        if depth <= 0:
            return n
    return -1


def outside(found: Sequence[Token]) -> Iterator[Token]:
    """The tokens that stand in no bracket, and what closes one."""
    depth = 0
    for token in found:
        depth += DEPTH.get(str(token), 0)
        if depth == 0:
            yield token


def without_squares(found: Sequence[Token]) -> list[Token]:
    """The tokens without what says that a name is squared, as the variance \\sigma^2 is."""
    kept: list[Token] = []
    place = 0
    while place < len(found):
        after = [t.text for t in found[place : place + 4]]
        if after[:2] == ["^", "2"]:
            place += 2
        elif after == ["^", "{", "2", "}"]:
            place += 4
        else:
            kept.append(found[place])
            place += 1
    return kept
