"""Inverses and determinants: arrays that are made of a whole matrix.

Gives `Inverses`, which makes X⁻¹, det X and log|det X| as arrays.  A determinant carries its
logarithm as its shift, so that det X X⁻¹ is finite where det X is not.

Imports graph, indices and shifts.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Symbol

from symderiv.emit.indices import Range
from symderiv.emit.lowers import Lowers
from symderiv.emit.nodes import View
from symderiv.emit.scaled import Scaled
from symderiv.terms import ONE, letter
from symderiv.terms.derived import Derived

Stage = tuple[Scaled, tuple[Symbol, ...]]


class Inverses:
    """The inverses and determinants of one lowering; `stage` makes one of its stages."""

    def __init__(self, lowering: Lowers, stage: Callable[[str], Stage]) -> None:
        self.lowering, self.stage = lowering, stage
        self.graph = lowering.graph

    def array(self, found: Derived, own: tuple[Symbol, ...]) -> View:
        """The inverse, its axes under these letters."""
        matrix = self._matrix(found)
        return View(self.graph.whole("inv", matrix.node, matrix.node.sizes), own)

    def number(self, found: Derived) -> Scaled:
        """A determinant, sign·e^log|det X|, or its logarithm."""
        logarithm = self._of("logdet", found)
        if found.function == "logdet":
            return Scaled(logarithm)
        return Scaled(self._of("sign_of_det", found), logarithm, self._of("det", found))

    def _of(self, op: str, found: Derived) -> View:
        return View(self.graph.whole(op, self._matrix(found).node, ()))

    def _matrix(self, found: Derived) -> View:
        """The whole matrix, a given one or a stage, rows first."""
        name = found.array
        sizes = self.lowering.problem.shapes[name]
        if self.lowering.problem.definition(name) is None:
            return View(self.graph.input(name, tuple(sizes)), (letter("_0"), letter("_1")))
        made, own = self.stage(name)
        view = self.lowering.shifts.plain(made)
        ranges = {s: Range(ONE, high) for s, high in zip(own, sizes, strict=True)}
        return self.graph.ordered(self.graph.along(view, ranges), own)
