"""The program of a network: its value and all gradients, forward once and backwards once.

Gives `Program`, whose parts are those of one function.  The lines are the stages as they are
defined and the adjoints as they were derived, lowered as every other formula is (`symderiv.emit`):
an adjoint is a stage too.  Arguments are the given arrays and numbers, then the labels, which count
from 0.

Floor 4: imports the network, emit, and hidden and sizes of this room.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Symbol

from symderiv import terms
from symderiv.derivation.network import Backpropagation
from symderiv.derivation.network.graph import mentions
from symderiv.derivation.network.reach import Bound
from symderiv.emit.asked import Arguments, sums
from symderiv.emit.axes import size_code
from symderiv.emit.bounds import whole_of
from symderiv.emit.labels import classes
from symderiv.emit.lower import Lowering
from symderiv.emit.names import check_names
from symderiv.emit.nodes import Node, View, made_of
from symderiv.emit.parts import Coded, Parts, definition
from symderiv.emit.program import quiet
from symderiv.emit.words import Words
from symderiv.emit.writer import Writer
from symderiv.mistakes import Mistake
from symderiv.printers.text import text
from symderiv.programs.hidden import masked
from symderiv.programs.sizes import Sizes, sizes_of
from symderiv.terms.derived import derived
from symderiv.terms.problem import Definition, name_of

NAME = "value_and_gradients"


class Program(Coded):
    """A program of one backpropagation.

    Parameters
    ----------
    name : of the function
    only : the array whose gradient it returns beside the value, or none; where None every
        gradient that was asked for, in a dict by their names
    again : are its lines differentiated again, by autograd?
    """

    def __init__(
        self,
        backpropagation: Backpropagation,
        name: str = NAME,
        only: Collection[str] | None = None,
        *,
        again: bool = False,
    ) -> None:
        self.backpropagation, self.name, self.again = backpropagation, name, again
        asked = backpropagation.gradients
        self.gradients = {n: asked[n] for n in (asked if only is None else only)}
        self.keys = tuple(asked) if only is None else ()
        network = backpropagation.network
        self.stages: list[Definition] = list(network.stages.values())
        plain = network.stages.keys() - network.block.keys()
        self.problem = masked(backpropagation.problem, plain)
        self.inputs = self._inputs()
        self.labels = list(self._labels())
        self.sizes: Sizes = sizes_of(self.problem, self.stages, [*self.inputs, *self.labels])
        own = [n for n in self.problem.shapes if derived(n) is None]
        check_names([*own, *self.inputs, *self.labels, *self.sizes.fitted])
        if name in self.inputs:
            raise Mistake(f"{name!r} is what the program is called; choose another name")

    def _inputs(self) -> list[str]:
        """The given arrays that the loss needs, or a gradient is wanted of, then the numbers."""
        network = self.backpropagation.network
        needed = {n for s in self.stages for n in mentions(s.body)}
        needed |= set(self.backpropagation.gradients) - set(network.stages)
        return [*(n for n in network.given if n in needed), *network.scalars]

    def _labels(self) -> Iterator[str]:
        found: dict[str, None] = {}
        for stage in self.stages:
            for t in sympy.preorder_traversal(stage.body):
                word = t.name if isinstance(t, Symbol) else None
                word = name_of(t) if isinstance(t, Indexed) else word
                if word in self.problem.labels:
                    found.setdefault(cast(str, word))
        yield from found

    # -- the lines -------------------------------------------------------------------------------

    @cached_property
    def lowering(self) -> Lowering:
        """Every stage and every adjoint, each made after those that it mentions."""
        b, lowering = self.backpropagation, Lowering(self.problem, batched=False)
        lowering.shifts.again = self.again
        order = b.network.order
        forward = [([self.problem.definition(n) for n in group], group) for group in order]
        backward = [
            ([self.problem.definition(b.adjoints[n].quantity.name) for n in names], names)
            for names in ([n for n in group[::-1] if n in b.adjoints] for group in order[::-1])
            if names
        ]
        for sides, backwards in ((forward, False), (backward, True)):
            for definitions, names in sides:
                stages = [cast(Definition, d) for d in definitions]
                block = b.network.block.get(names[0])
                if block is None:
                    for stage in stages:
                        lowering.components.stage(stage.name)
                        if backwards or stage.name not in b.network.exponential:
                            lowering.components.settle(stage.name)
                    continue
                pairs = [(s.quantity, s.body) for s in stages]
                axes = [block.positions[n] for n in names]
                lowering.components.loop(pairs, axes, backwards=backwards != block.back)
        return lowering

    @cached_property
    def _quantities(self) -> list[terms.Quantity]:
        """The loss, then the gradients."""
        return [self.stages[-1].quantity, *(g.quantity for g in self.gradients.values())]

    @cached_property
    def _views(self) -> list[View]:
        made = [self._whole(q) for q in self._quantities]
        self.lowering.graph.above_zero(made)
        return made

    @cached_property
    def names(self) -> tuple[Mapping[Node, str], set[str]]:
        self._views  # noqa: B018 - makes the stages
        named: dict[Node, str] = {}
        for n in self.lowering.components.stages:
            named.setdefault(self._shown(n), n)
        own = {*self.problem.shapes, *self.inputs, *self.labels, *self.sizes.fitted}
        taken = {*own, *map(str, self._symbols()), "dtype", "np", self.name}
        free = {n for node, n in named.items() if node.op != "looped"}  # names to be given
        return named, taken - (free - {*self.inputs})

    def parts_by(self, writer: Writer) -> Parts:
        views, quantities = self._views, self._quantities
        named, _ = self.names
        forward = {*made_of([views[0].node])}  # what the value does not need waits behind it
        value, *codes = writer.body(views, sorted(named, key=lambda node: node not in forward))
        gradients = zip(codes, views[1:], quantities[1:], strict=True)
        slopes = [self._filled(*each, writer.words) for each in gradients]
        self._copied(slopes, views[1:], writer.words)
        risky = quiet(made_of(v.node for v in views))
        return Parts(self.head, self.arguments, writer.lines, [value, *slopes], self.keys, risky)

    @property
    def head(self) -> ast.FunctionDef:
        sizes = {s: "int | None = None" if most else "int" for s, most in self.sizes.fitted.items()}
        several = "tuple[Any, Any]" if self.gradients else "Any"
        returned = "tuple[Any, dict[str, Any]]" if self.keys else several
        return definition(self.name, (*self.inputs, *self.labels), sizes, returned, self._doc())

    def told(self, returned: Any) -> tuple[Any, dict[str, Any]]:
        """The value and the gradients by name, of what the function returned."""
        if self.keys:
            return cast("tuple[Any, dict[str, Any]]", returned)
        value, *slopes = returned if self.gradients else (returned,)
        return value, dict(zip(self.gradients, slopes, strict=True))

    def _shown(self, name: str) -> Node:
        """The node that is called by the name of a stage."""
        scaled, _ = self.lowering.components.stages[name]
        return (scaled.direct or scaled.value).node

    def _whole(self, quantity: terms.Quantity) -> View:
        """The array of a stage, its axes in order."""
        scaled, own = self.lowering.components.stage(quantity.name)
        view = self.lowering.shifts.plain(scaled)  # a gradient, or a number that is the loss
        return self.lowering.graph.ordered(view, [s for s in own if s in view.letters])

    def _filled(
        self, code: ast.expr, view: View, quantity: terms.Quantity, words: Words
    ) -> ast.expr:
        """A gradient along all its axes, also where nothing changes."""
        shape = self.problem.shapes.get(quantity.name, ())
        if not shape or len(view.letters) == len(shape):
            return code
        where = [n for n, s in enumerate(quantity.indices) if s in view.letters]
        if where and where != list(range(len(shape)))[-len(where) :]:
            code = words.expanded(code, where, len(shape), batched=False)
        sizes = ast.Tuple([size_code(s) for s in shape], ast.Load())
        return words.filled("np.full(s, v, dtype)", {"s": sizes, "v": code})

    def _copied(self, codes: list[ast.expr], views: list[View], words: Words) -> None:
        """No gradient is another one, or what was given."""
        seen: set[Node] = set()
        for n, view in enumerate(views):
            base = whole_of(view.node)
            shared = base in seen or base.op in ("input", "label")
            if shared and not isinstance(codes[n], ast.Call):
                codes[n] = words.filled("a.copy()" if view.letters else "a", {"a": codes[n]})
            seen.add(base)

    # -- the inputs ------------------------------------------------------------------------------

    def _symbols(self) -> set[Symbol]:
        ends = [e for n in self.problem.shapes for e in self.problem.shapes[n]]
        return {s for e in (*ends, *self.problem.ranges.values()) for s in e.free_symbols}

    @property
    def arguments(self) -> Arguments:
        shapes = self.problem.shapes
        given = (*self.inputs, *self.labels)
        asked = tuple(size for size, most in self.sizes.fitted.items() if not most)
        return Arguments(
            {n: tuple(shapes.get(n, ())) for n in self.inputs},
            {n: tuple(shapes.get(n, ())) for n in self.labels},
            {n: self._classes(n) for n in self.labels},
            (*self.sizes.shown, *asked),
            given=asked,
            looks=tuple(map(_bound, self.sizes.bounds)),
            sums=tuple(sums(self.problem, given)),
            fitted=tuple(self._fitted()),
            batched=False,
        )

    def _fitted(self) -> Iterator[tuple[str, str]]:
        """Sizes that no input has: as given, or the largest that fits."""
        waiting = {size: most for size, most in self.sizes.fitted.items() if most}
        known = {*self.sizes.shown, *self.sizes.fitted} - {*waiting}
        while waiting:
            ready = [
                s for s, most in waiting.items()
                if all({x.name for x in m.free_symbols} <= known for m in most)
            ]  # fmt: skip
            if not ready:
                raise Mistake(f"no input says how large {', '.join(waiting)} are")
            for size in ready:
                most = [_floored(m) for m in waiting.pop(size)]
                code = most[0] if len(most) == 1 else f"min({', '.join(most)})"
                yield size, code
                known.add(size)

    def _classes(self, label: str) -> Expr:
        return classes(label, self.problem)

    # -- words -----------------------------------------------------------------------------------

    def _doc(self) -> str:
        shapes = self.problem.shapes
        said = [f"{n} ({', '.join(map(str, shapes[n]))})" for n in self.inputs if shapes.get(n)]
        said += [f"{n} a number" for n in self.inputs if not shapes.get(n)]
        for label in self.labels:
            of = ", ".join(map(str, shapes.get(label, ())))
            said.append(
                f"{label} {f'({of}) ' if of else ''}labels from 0 to {self._classes(label)} - 1"
            )
        for size, most in self.sizes.fitted.items():
            said.append(f"{size} a size{', where None the largest that fits' if most else ''}")
        matrices = {d.array for n in shapes if (d := derived(n)) is not None}
        if matrices:
            said.append(f"{' and '.join(sorted(matrices))} singular: LinAlgError, or inf or nan")
        shape = "Each gradient has the shape of its array.  " if self.gradients else ""
        lines = [
            *textwrap.wrap(self._what(), 92),
            "",
            *textwrap.wrap("; ".join(said) + ".", 92),
            "",
            f"{shape}Every lemma is {self.backpropagation.strength}.",
        ]
        return "\n".join([lines[0], *(f"    {s}".rstrip() for s in lines[1:]), "    "])

    def _what(self) -> str:
        """What is returned."""
        loss = self.stages[-1].name
        if self.keys:
            return f"The value {loss} and its gradients, by name."
        if self.gradients:
            return f"The value {loss} and its gradient by {', '.join(self.gradients)}."
        stages = (f"{text(s.quantity)} = {text(s.body)}" for s in self.stages[::-1])
        return f"The value {', where '.join([next(stages), ', '.join([*stages][::-1])])}."


def _bound(bound: Bound) -> tuple[str, str]:
    """What must hold for an index to stay on its axis, and what is said where it does not."""
    message = (
        f"an index of {bound.array} runs from {bound.low} to {bound.high}, "
        f"and its axis ends at {bound.size}"
    )
    return f"not 1 <= {bound.low} <= {bound.high} <= {bound.size}", message


def _floored(most: Expr) -> str:
    if isinstance(most, sympy.floor):
        above, below = sympy.fraction(sympy.together(most.args[0]))
        return f"({above}) // {below}"
    return str(most)
