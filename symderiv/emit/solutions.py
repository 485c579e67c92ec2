"""Solutions: products with an inverse as the solutions of linear equations.

Gives `solved`, which finds the inverses among what is multiplied and summed: where the product is
all that is asked for, no inverse is formed.

Imports graph.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sympy import Symbol

from symderiv.emit.graph import Graph
from symderiv.emit.nodes import View


def solved(g: Graph, operands: Sequence[View], gone: Collection[Symbol]) -> list[View]:
    """The operands of a contraction, each inverse among them multiplied with what meets it.

    Σ_j X⁻¹_ij b_j is the solution x of X x = b, Σ_i a_i X⁻¹_ij that of Xᵀ x = a.
    """
    found = list(operands)
    while (made := _solved_once(g, found, gone)) is not None:
        found = made
    return found


def _solved_once(g: Graph, operands: list[View], gone: Collection[Symbol]) -> list[View] | None:
    best: tuple[int, list[View]] | None = None
    for inverse in operands:
        if inverse.node.op != "inv" or len(set(inverse.letters)) < 2:
            continue
        rows, columns = inverse.letters
        others = [v for v in operands if v is not inverse]
        for met, stays in ((columns, rows), (rows, columns)):
            meeting = [v for v in others if met in v.letters]
            beside = {s for v in meeting for s in v.letters} - {met}
            if met not in gone or not meeting or stays in beside or len(beside) > 1:
                continue
            side = meeting[0] if len(meeting) == 1 else g.contract(meeting, ())
            made = _solution(g, inverse, side, met, stays)
            left = [v for v in others if met not in v.letters]
            if best is None or len(beside) < best[0]:
                best = len(beside), [made, *left]
    return None if best is None else best[1]


def _solution(g: Graph, inverse: View, side: View, met: Symbol, stays: Symbol) -> View:
    ((matrix, _),) = inverse.node.args
    transposed = met == inverse.letters[0]
    beside = tuple(s for s in side.letters if s != met)
    side = g.ordered(side, (met, *beside))
    places = tuple(range(side.node.rank))
    node = g.node(
        "solve", ((matrix, (0, 1)), (side.node, places)), side.node.sizes, data=transposed
    )
    return View(node, (stays, *beside))
