"""Programs: a closed form as the source of a NumPy function.

Gives `Program`, which holds what a function is to compute (a term of a problem, with its axes) and
writes it: inputs checked, the stages that are needed, the arrays made for stable forms, and the
result.  A sum over a batch is taken slice by slice, so that nothing much larger than the result is
formed (`numeric.add_up` says how much).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.emit.batches import Batch
from symderiv.emit.calls import ONE_PASS, one_call
from symderiv.emit.contractions import in_order
from symderiv.emit.lines import folded, indented, signature, uses
from symderiv.emit.logits import NO_SOFTMAX, said_of_logits
from symderiv.emit.made import Made, upright
from symderiv.emit.names import Hostile, check_names
from symderiv.emit.preamble import preamble
from symderiv.emit.results import returned, takes, to_out
from symderiv.emit.stable import Stages
from symderiv.printers.numpy import NumPyArrays, Unprintable
from symderiv.terms import Quantity, Quotient, subterms
from symderiv.terms.letters import free_letters, rename_bound
from symderiv.terms.problem import Problem

QUIET = '@np.errstate(over="ignore", under="ignore", divide="ignore")'


@dataclass
class Program:
    """One or two terms of a problem as a function: `results` with the axes of each."""

    name: str
    problem: Problem
    results: tuple[Expr, ...]
    axes: tuple[tuple[Symbol, ...], ...]
    doc: str = ""
    entry: bool = False  # one entry of a matrix, at indices that are arguments
    columns: int = 0  # of a matrix whose entries, row by row, are the results
    sizes: Mapping[str, int] = field(default_factory=dict)  # that it is for, where chosen
    call: str | None = field(init=False, default=None)  # of the one numerical function it is, if so
    sliced: str = field(init=False, default="")  # the size of the axis that is taken in slices
    stages: Stages = field(init=False)

    def __post_init__(self) -> None:
        self.stages = Stages(self.problem)
        check_names((self.name, *self.problem.shapes, *self.problem.labels, *self.scalars()))
        stable = (self.stages.stable(cast(Expr, t)) for t in self.results)
        self.stable = tuple(in_order(t, self.stages.is_letter) for t in stable)
        self.whole = None if self.columns or self.sizes else one_call(self)
        self.body = [] if self.whole else self._body()
        self._add_inputs("\n".join(self.body))

    # -- what goes in ----------------------------------------------------------------------------

    def scalars(self) -> list[str]:
        """Plain symbols of the problem that are neither letters nor sizes nor labels."""
        found: dict[str, None] = {}
        staged = {s.name for s in self.problem.stages}
        for term in (*(s.body for s in self.problem.stages), *self.results):
            for s in sorted(free_letters(term), key=str):
                if not s.is_integer and s.name not in self.problem.labels and s.name not in staged:
                    found.setdefault(s.name)
        return list(found)

    @cached_property
    def needed(self) -> list[str]:
        """The stages and made arrays that the results need, each after those that it needs."""
        return self._losses_first(self._under(self.stable))

    def _under(self, terms: Sequence[Expr]) -> list[str]:
        """The stages and made arrays that terms need."""
        order: dict[str, None] = {}

        def visit(term: Basic) -> None:
            for t in subterms(term):
                if isinstance(t, Quantity) and t.name not in order:
                    made = self.stages.made.get(t.name)
                    body = self.stages.bodies.get(t.name)
                    for part in made.operands if made else (body,) if body is not None else ():
                        visit(part)
                    order.setdefault(t.name)

        for term in terms:
            visit(term)
        return list(order)

    def _losses_first(self, names: list[str]) -> list[str]:
        """A loss before the gradient that is made in one pass with it, of the same operands."""
        for name in list(names):
            other = self.partner(self.stages.made.get(name), names)
            if other and names.index(other.name) < names.index(name):
                names.remove(name)
                names.insert(names.index(other.name), name)
        return names

    def terms(self, of: Sequence[Expr] | None = None) -> list[Expr]:
        """All terms that the results, or some of them, are computed from."""
        terms = list(self.stable if of is None else of)
        for name in self.needed if of is None else self._under(of):
            made = self.stages.made.get(name)
            terms.extend(made.operands if made else (self.stages.bodies[name],))
        return terms

    @cached_property
    def inputs(self) -> list[str]:
        """The arguments, given arrays in the problem's order, then labels, then scalars."""
        used = self.used(self.terms())
        staged = {s.name for s in self.problem.stages}
        arrays = [
            n
            for n in self.problem.shapes
            if n in used and n not in staged and n not in self.problem.labels
        ]
        labels = [n for n in sorted(self.problem.labels) if n in used]
        return [*arrays, *(n for n in self.scalars() if n in used), *labels]

    @staticmethod
    def used(terms: Sequence[Expr]) -> set[str]:
        """The names that stand in terms."""
        used: set[str] = set()
        for term in terms:
            for t in subterms(term):
                if isinstance(t, Indexed):
                    used.add(str(t.base.label))
                    used |= {
                        str(u.base.label)
                        for a in t.args[1:]
                        for u in subterms(a)
                        if isinstance(u, Indexed)
                    }
                if isinstance(t, Indexed | Quantity):
                    for a in t.args[1:]:
                        used |= {s.name for s in free_letters(a)}
                        used |= {str(u.base.label) for u in subterms(a) if isinstance(u, Indexed)}
            used |= {s.name for s in free_letters(term)}
        return used

    @property
    def numbers(self) -> list[str]:
        """The inputs that hold real numbers."""
        return [n for n in self.inputs if n not in self.problem.labels]

    # -- the whole -------------------------------------------------------------------------------

    def source(self) -> str:
        """The function."""
        whole = self.whole
        arguments = [f"{n}: Any" for n in self.inputs]
        arguments += ["i: int", "j: int"] if self.entry else []
        returns = "Any" if len(self.results) == 1 or self.columns else "tuple[Any, Any]"
        lines = signature(self.name, [*arguments, "*", "out: Any = None"], returns)
        if whole is None:
            lines.insert(0, QUIET)
        if self.doc:
            lines += indented(self._docstring())
        body = [f"return {whole}"] if whole else self.body
        checked = [] if whole and self._checks_itself() else preamble(self, "\n".join(body))
        lines += indented([*checked, *said_of_logits(self, body)])
        return "\n".join(piece for line in lines for piece in folded(line)) + "\n"

    def _checks_itself(self) -> bool:
        """Does the one call refuse what does not fit, by the names that the inputs have here?"""
        if any(len(self.problem.shapes.get(n, ())) > 1 for n in self.inputs):
            return False
        return takes(self.call or "")[: len(self.inputs)] == self.inputs

    def _add_inputs(self, body: str) -> None:
        """Arrays that are there for their sizes alone."""
        known = {str(s) for n in self.inputs for s in self.problem.shapes.get(n, ())}
        staged = {s.name for s in self.problem.stages}
        if not self.inputs:
            given = (n for n, shape in self.problem.shapes.items() if n not in staged and shape)
            self.inputs.extend(given)
        for name, shape in self.problem.shapes.items():
            fresh = {str(s) for s in shape} - known
            if name not in staged and any(uses(s, body) for s in fresh if s.isidentifier()):
                self.inputs.insert(len([n for n in self.inputs if n in self.problem.shapes]), name)
                known |= fresh
        for stage in staged:
            for size in self.lengths(stage):
                if str(size).isidentifier() and str(size) not in known and uses(str(size), body):
                    raise Unprintable(
                        f"no input has the size {size} of {stage}; "
                        f"a sum over it can say the number, sum({stage}[i], (i, 1, 5))"
                    )

    def _docstring(self) -> list[str]:
        first, *rest = self.doc.strip().split("\n")
        return [f'"""{first}', *rest, '"""'] if rest else [f'"""{first}"""']

    def classes(self, label: str) -> str:
        for s, length in self.problem.ranges.items():
            if s.name == label:
                return str(length)
        for term in (*(s.body for s in self.problem.stages), self.problem.function, *self.terms()):
            for t in subterms(term):
                if isinstance(t, Indexed | Quantity):
                    name = t.name if isinstance(t, Quantity) else str(t.base.label)
                    shape = self.problem.shapes.get(name, ())
                    for a, length in zip(t.args[1:], shape, strict=False):
                        if isinstance(a, Indexed) and str(a.base.label) == label:
                            return str(length)
        raise Hostile(f"the number of classes of the label {label} is not known")

    # -- the body --------------------------------------------------------------------------------

    def _body(self) -> list[str]:
        if not self.columns:
            batch = Batch(self)
            if lines := batch.lines():
                self.sliced = str(batch.length)
                return lines
        lines = self.assignments(self.needed)
        pairs = list(zip(self.stable, self.axes, strict=True))
        codes = [self.result(term, axes) for term, axes in pairs]
        if not self.columns:
            codes = [self.along(c, *pair) for c, pair in zip(codes, pairs, strict=True)]
        if self.columns:
            rows = len(codes) // self.columns
            entries = ", ".join((str(rows), str(self.columns), "dtype", *codes))
            return [*lines, f"return {to_out(f'numeric.matrix({entries})', 2)}"]
        return returned(lines, codes, self.inputs, len(self.axes[-1]))

    def along(self, code: str, term: Expr, axes: Sequence[Symbol]) -> str:
        """A result for each place in the batch of all inputs, those too that it does not need."""
        used = self.used(self.terms((term,)))
        shapes = self.problem.shapes
        others = [f"({n}, {len(shapes.get(n, ()))})" for n in self.inputs if n not in used]
        return f"numeric.along({', '.join((code, str(len(axes)), *others))})" if others else code

    def printer(
        self, axes: Sequence[Symbol], ranges: Mapping[Symbol, Expr] | None = None
    ) -> NumPyArrays:
        problem = replace(self.problem, ranges={**(ranges or {}), **self.problem.ranges})
        return NumPyArrays(problem=problem, axes=axes)

    def lengths(self, stage: str) -> tuple[Expr, ...]:
        """The sizes of the axes of a stage, as far as they are known."""
        return self.problem.shapes.get(stage, ())

    def result(
        self, term: Expr, axes: Sequence[Symbol], ranges: Mapping[Symbol, Expr] | None = None
    ) -> str:
        printer = self.printer(axes, ranges)
        term = cast(Expr, rename_bound(term, {*axes, *free_letters(term)}))
        term = upright(term, self.stages.made, axes)
        own = printer.letters(term)
        code = printer.over(term, tuple(axes))
        if own != tuple(axes) and not printer.is_array(term):
            sizes = ", ".join(str(self.problem.ranges[a]) for a in axes)
            return f"np.full(({sizes},), {code}, dtype)" if axes else code
        if own != tuple(axes):  # an axis along which the result does not change
            sizes = ", ".join(str(self.problem.ranges[a]) for a in axes)
            shape = f"np.broadcast_shapes(({sizes},), ({code}).shape)"
            return f"np.broadcast_to({code}, {shape}).copy()"
        return f"{code}.copy()" if code.removesuffix(".mT") in self.inputs else code

    def assignments(self, names: Sequence[str]) -> list[str]:
        lines: list[str] = []
        for name in names:
            made = self.stages.made.get(name)
            if made is not None and any(
                line.split(" = ")[0].endswith(f", {name}") for line in lines
            ):
                continue
            partner = self.partner(made, names)
            if made is not None and partner is not None:
                both = replace(made, call=ONE_PASS[made.call, partner.call])
                lines.append(self._made(both, f"{name}, {partner.name}"))
                continue
            if made is not None:
                lines.append(self._made(made, name))
                continue
            stage = self.problem.definition(name)
            if stage is None:
                raise Hostile(f"{name} has no definition")
            letters = stage.quantity.indices
            body = self.stages.bodies[name]
            if isinstance(body, Quantity) and body.name in self.only(name):
                lines.remove(next(line for line in lines if line.startswith(f"{body.name} = ")))
                lines.append(self._made(self.stages.made[body.name], name))
                continue
            code = self.result(body, letters, dict(zip(letters, self.lengths(name), strict=False)))
            if code != name:
                lines.append(f"{name} = {code}")
        return lines

    def partner(self, made: Made | None, names: Sequence[str]) -> Made | None:
        """Another array that is made in the same pass."""
        for other in (self.stages.made.get(n) for n in names):
            if (
                made
                and other
                and (made.call, other.call) in ONE_PASS
                and made.operands == other.operands
            ):
                return other
        return None

    def _made(self, made: Made, name: str) -> str:
        pairs = zip(made.operands, made.axes, strict=True)
        operands = [self._operand(o, a) for o, a in pairs]
        if made.call not in NO_SOFTMAX:
            operands[0] = self._tempered(made.operands[0], made.axes[0]) or operands[0]
        if made.call.startswith("target_") and operands[-1] not in self.problem.shapes:
            operands.append("sure=True")  # what it is made of has been looked at
        return f"{name} = numeric.{made.call}({', '.join(operands)})"

    def _tempered(self, z: Expr, axes: Sequence[Symbol]) -> str | None:
        """z/T of a number T, to a function that takes off what is common to all classes."""
        if not isinstance(z, Quotient) or not isinstance(z.numerator, Indexed | Quantity):
            return None
        if not isinstance(z.denominator, Symbol) or z.denominator.name not in self.scalars():
            return None
        return f"numeric.tempered({self._operand(z.numerator, axes)}, {z.denominator})"

    def only(self, stage: str) -> set[str]:
        """The made array that this stage is, axis by axis, if nothing else mentions it."""
        body = self.stages.bodies[stage]
        definition = self.problem.definition(stage)
        if (
            not isinstance(body, Quantity)
            or body.name not in self.stages.made
            or definition is None
        ):
            return set()
        others = [t for t in self.terms() if t is not body]
        mentioned = any(
            isinstance(u, Quantity) and u.name == body.name for t in others for u in subterms(t)
        )
        same = body.indices == definition.quantity.indices == self.stages.made[body.name].letters
        return {body.name} if same and not mentioned else set()

    def _operand(self, operand: Expr, axes: Sequence[Symbol]) -> str:
        if isinstance(operand, Symbol) and operand.name in self.problem.labels:
            return str(operand.name)
        printer = self.printer(axes)
        term = cast(Expr, rename_bound(operand, {*axes, *free_letters(operand)}))
        return printer.over(term, tuple(axes))


__all__ = ["Hostile", "Program", "check_names"]
