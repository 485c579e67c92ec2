"""Batches: a sum over a batch as a sum over blocks of it, so that no large array is formed.

Gives `Batch`.  Imports the program it serves for its type only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Expr, Indexed, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.emit.lines import indented
from symderiv.emit.results import returned
from symderiv.printers.numpy import POWER
from symderiv.terms import Maximum, Quantity, Quotient, subterms

if TYPE_CHECKING:
    from symderiv.emit.program import Program


class Batch:
    """The sums of a program's results over one axis, if they can be cut along it.

    They can where everything with an axis of that size has the sum's letter on it:
    Σ_n x_nc (p_nk - δ_{k,y_n}).
    """

    def __init__(self, program: Program) -> None:
        self.program, self.problem = program, program.problem
        parted = [self._parted(term) for term in program.stable]
        self.terms = [term for term, _ in parted]
        self.divisors = [divisor for _, divisor in parted]
        self.length: Basic | None = None  # of the axis that is cut, once it is

    def _parted(self, term: Expr) -> tuple[Expr, str]:
        """A sum, and the source of the number that it is divided by."""
        if isinstance(term, Quotient) and not any(
            isinstance(t, Indexed | Quantity) for t in subterms(term.denominator)
        ):
            denominator = self.program.printer(()).over(term.denominator, (), POWER)
            return term.numerator, f" / {denominator}"
        return term, ""

    def lines(self) -> list[str] | None:
        """The body of the function; None where blocks are not possible or gain nothing."""
        program = self.program
        if not all(isinstance(term, Sum) and len(term.args) == 2 for term in self.terms):
            return None
        lengths = {term.args[1].args[2] for term in self.terms}
        length = lengths.pop()
        sliced = [
            (name, shape.index(length) - len(shape))
            for name in program.inputs
            if length in (shape := self.problem.shapes.get(name, ()))
        ]
        wide = [name for name in program.needed if self._width(name, length) is not None]
        widths = dict.fromkeys(w for name in wide if (w := self._width(name, length)))
        if lengths or not sliced or set(widths) <= {"1"} or not self._cuttable(length):
            return None
        self.length = length
        shapes = [[str(self.problem.ranges[a]) for a in axes] for axes in program.axes]
        largest = " * ".join(shapes[-1]) or "1"
        outside = [name for name in program.needed if name not in wide]
        pieces = ", ".join(f"({name}, {axis})" for name, axis in sliced)
        sizes = f"width={' + '.join(widths)}, largest={largest}"
        results = zip(self.terms, program.axes, strict=True)
        parts = ", ".join(program.result(term, axes) for term, axes in results)
        total = f"numeric.add_up(part, {pieces}, {sizes})"
        codes, added = [f"{total}{self.divisors[0]}"], []
        if len(self.terms) > 1:
            sums = self._unused("sums")
            added = [f"{sums} = {total}"]
            codes = [f"{sums}[{n}]{divisor}" for n, divisor in enumerate(self.divisors)]
        every = zip(codes, self.terms, program.axes, strict=True)
        codes = [program.along(code, term, axes) for code, term, axes in every]
        return [
            *program.assignments(outside),
            "",
            f"def part({', '.join(f'{name}: Any' for name, _ in sliced)}) -> Any:",
            *indented(program.assignments(wide)),
            f"    return {parts}",
            "",
            *returned(added, codes, program.inputs, len(program.axes[-1])),
        ]

    def _unused(self, name: str) -> str:
        """A name that nothing of the problem has."""
        stages = (s.name for s in self.problem.stages)
        sizes = (str(s) for s in self.problem.ranges.values())
        while name in {*self.problem.shapes, *self.program.inputs, *stages, *sizes}:
            name += "_"
        return name

    def _cuttable(self, length: Basic) -> bool:
        if any(self.problem.ranges[a] == length for axes in self.program.axes for a in axes):
            return False
        if any(self._runs_along(name, length) for name in self.program.needed):
            return False
        if any(shape.count(length) > 1 for shape in self.problem.shapes.values()):
            return False
        return all(self._on_each_place(term, length) for term in self.terms)

    def _on_each_place(self, term: Expr, length: Basic) -> bool:
        """Does a sum take one place after the other, every array at the same?"""
        body, n = term.args[0], term.args[1].args[0]
        return not self._sums_along(body, length) and all(
            index == n
            for t in subterms(body)
            if isinstance(t, Indexed | Quantity)
            for index, size in zip(t.args[1:], self._shape(t), strict=True)
            if size == length
        )

    def _shape(self, t: Expr) -> tuple[Basic | None, ...]:
        """The sizes of the axes of a component."""
        name = t.name if isinstance(t, Quantity) else str(t.base.label)
        made = self.program.stages.made.get(name)
        if made is not None:
            return tuple(self._length(s, name, m) for m, s in enumerate(made.letters))
        return self.problem.shapes.get(name, (None,) * len(t.args[1:]))

    def _runs_along(self, name: str, length: Basic) -> bool:
        """Does an array need the whole of an axis of that length at once?"""
        stages = self.program.stages
        kind = stages.softmaxes.get(name)
        if kind is not None:
            over = self._length(kind.over, name, kind.letters.index(kind.over))
            if over == length:
                return True
        made = stages.made.get(name)
        if made and self._range_in_stages(made.axes[0][-1]) == length:
            return True
        terms = made.operands if made else (stages.bodies[name],)
        return any(self._sums_along(term, length) for term in terms)

    @staticmethod
    def _sums_along(term: Basic, length: Basic) -> bool:
        return any(
            isinstance(t, Sum | Product | Maximum)
            and any(limit.args[2] == length for limit in t.args[1:])
            for t in subterms(term)
        )

    def _width(self, name: str, length: Basic) -> str | None:
        """How many numbers an array holds for each place along the axis of that length."""
        made = self.program.stages.made.get(name)
        stage = self.problem.definition(name)
        letters = made.letters if made else (stage.quantity.indices if stage else ())
        sizes = [self._length(s, name, m) for m, s in enumerate(letters)]
        if length not in sizes:
            return None
        sizes.remove(length)
        return " * ".join(map(str, sizes)) or "1"

    def _length(self, s: Symbol, name: str, axis: int) -> Basic | None:
        shape = self.problem.shapes.get(name)
        if shape is not None and len(shape) > axis:
            return shape[axis]
        return self.problem.ranges.get(s) or self._range_in_stages(s)

    def _range_in_stages(self, s: Symbol) -> Basic | None:
        for stage in self.problem.stages:
            for t in subterms(stage.body):
                if isinstance(t, Indexed | Quantity) and s in t.args[1:]:
                    name = t.name if isinstance(t, Quantity) else str(t.base.label)
                    shape = self.problem.shapes.get(name, ())
                    if shape:
                        return shape[t.args[1:].index(s)]
        return None
