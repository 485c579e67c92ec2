"""Products taken apart: what is summed as one array becomes operands of a contraction.

Gives `contraction`: an elementwise product with more letters than any of its factors is never
formed where it is summed.  `where(c, h * x, 0)` summed over n is the matrix product of
`where(c, h, 0)` and x: a bracket goes into a factor that has its letters.

Imports graph, bounds and solutions.  To take another operation apart: a case in `_parts`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce

from sympy import Symbol

from symderiv.emit.bounds import finite
from symderiv.emit.graph import Graph
from symderiv.emit.nodes import View
from symderiv.emit.solutions import solved
from symderiv.terms import ZERO

PRODUCTS = ("neg", "mul", "div", "where")


def contraction(g: Graph, views: Sequence[View], letters: Collection[Symbol]) -> View:
    """The product of arrays summed over some letters, as wide as its operands and no wider."""
    operands: list[View] = []
    divisors: list[View] = []
    for view in views:
        above, below = apart(g, view, letters)
        operands += above
        divisors += below
    operands = solved(g, operands, letters)
    left = [s for s in letters if any(s in v.letters for v in operands)]
    numbers = [v for v in operands if not v.letters] if left else []
    operands = [v for v in operands if v not in numbers]
    made = g.contract(operands, left) if left or len(operands) > 1 else operands[0]
    made = reduce(g.mul, numbers, made)
    for d in divisors:
        made = g.div(made, d)
    return made


def apart(g: Graph, whole: View, gone: Collection[Symbol]) -> tuple[list[View], list[View]]:
    """The factors of a summand and what their sum is divided by; itself where it is no wider."""
    above, below = _parts(g, whole, gone)
    wide = all(len(a.letters) < len(whole.letters) for a in above)
    return (above, below) if wide else ([whole], [])


def _parts(g: Graph, whole: View, gone: Collection[Symbol]) -> tuple[list[View], list[View]]:
    same: tuple[list[View], list[View]] = [whole], []
    if whole.node.op not in PRODUCTS:
        return same
    match whole.node.op, g.operands(whole):
        case "neg", [a]:
            (first, *rest), below = apart(g, a, gone)
            return [g.neg(first), *rest], below
        case "mul", [a, b]:
            (left, below), (right, more) = apart(g, a, gone), apart(g, b, gone)
            return [*left, *right], [*below, *more]
        case "div", [a, b]:
            above, below = apart(g, a, gone)
            if not {*b.letters} & {*gone}:
                return above, [*below, b]
            bearer = next((n for n, v in enumerate(above) if {*b.letters} <= {*v.letters}), None)
            if bearer is None or not b.node.tame:
                return same
            above[bearer] = g.div(above[bearer], b)
            return above, below
        case "where", [condition, a, b] if b.number == 0:
            above, below = apart(g, a, gone)
            return same if below else (_masked(g, condition, above) or [whole], [])
        case _:
            return same


def _masked(g: Graph, condition: View, factors: list[View]) -> list[View] | None:
    """Factors whose product is 0 where a condition does not hold, whatever they are there.

    None where one that may be infinite has not the letters of the condition, so that 0 times it
    would be no number.
    """
    bears = [{*condition.letters} <= {*f.letters} for f in factors]
    hidden = [b and not finite(f.node) for f, b in zip(factors, bears, strict=True)]
    if any(not finite(f.node) and not b for f, b in zip(factors, bears, strict=True)):
        return None
    if not any(hidden):
        if not any(bears):
            return [g.map("float", condition), *factors]
        hidden[bears.index(True)] = True
    zero = g.number(ZERO)
    return [g.where(condition, f, zero) if h else f for f, h in zip(factors, hidden, strict=True)]
