"""The program of a network: its value and all gradients, forward once and backwards once.

Gives `value_and_gradients` (the function as Python's `ast`), `source` (the file) and `function` (it
compiled).  The lines are the stages as they are defined and the adjoints as they were derived, one
assignment each; arguments are the given arrays and numbers, then the labels, which count from 0.

Floor 4: imports the network, and the rest of this room.
"""

from __future__ import annotations

import ast
import inspect
import keyword
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Integer, Symbol

from symderiv import terms
from symderiv.derivation.network import Backpropagation
from symderiv.derivation.network.graph import mentions
from symderiv.derivation.network.reach import Bound
from symderiv.derivation.network.steps import Block
from symderiv.mistakes import Mistake
from symderiv.programs import runtime
from symderiv.programs.common import Assigned, Line, Loop, all_shared, live
from symderiv.programs.lowering import Lowering
from symderiv.programs.sizes import Sizes, sizes_of
from symderiv.programs.values import aligned, call, name, number
from symderiv.terms.letters import rename_bound
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.renaming import names_of

NAME = "value_and_gradients"
TAKEN = {
    "np",
    "dtype",
    "float",
    "min",
    "range",
    "reversed",
    "ValueError",
    NAME,
}  # what the function itself says


@dataclass
class Program:
    """The program of one backpropagation."""

    backpropagation: Backpropagation

    def __post_init__(self) -> None:
        network = self.backpropagation.network
        self.stages: list[Definition] = list(network.stages.values())
        self.problem: Problem = self._all_shapes()
        self.inputs = self._inputs()
        self.labels = list(self._labels())
        self.sizes: Sizes = sizes_of(self.problem, self.stages, [*self.inputs, *self.labels])
        self._check_names()
        self.lowering = Lowering(self.problem, network.exponential)
        self.given_out = {*names_of(self.problem), *self.problem.shapes, *TAKEN}

    def _all_shapes(self) -> Problem:
        """The problem with the shapes of the adjoints too."""
        b = self.backpropagation
        shapes = dict(b.network.problem.shapes)
        for line in (*b.adjoints.values(), *b.gradients.values()):
            shapes[line.quantity.name] = shapes.get(line.of, ())
        return replace(b.network.problem, shapes=shapes)

    def _inputs(self) -> list[str]:
        """The given arrays that the loss needs, or a gradient is wanted of, then the numbers."""
        network = self.backpropagation.network
        used = {n for s in self.stages for n in mentions(s.body)}
        used |= set(self.backpropagation.gradients) - set(network.stages)
        arrays = [n for n in network.given if n in used]
        return [*arrays, *(n for n in network.scalars)]

    def _labels(self) -> Iterator[str]:
        found: dict[str, None] = {}
        for stage in self.stages:
            for t in sympy.preorder_traversal(stage.body):
                word = t.name if isinstance(t, Symbol) else None
                word = name_of(t) if isinstance(t, Indexed) else word
                if word in self.problem.labels:
                    found.setdefault(cast(str, word))
        yield from found

    def _check_names(self) -> None:
        for word in names_of(self.problem):
            if keyword.iskeyword(word) or word in TAKEN or hasattr(runtime, word):
                raise Mistake(f"{word!r} has a meaning in the program; choose another name")

    # -- the lines -------------------------------------------------------------------------------

    def function(self) -> ast.FunctionDef:
        """The function."""
        b = self.backpropagation
        root = self.stages[-1].name
        results = {key: g.quantity.name for key, g in b.gradients.items()}
        wanted = [name(root), *map(name, results.values())]
        lines = live([*self._forward(), *self._backward()], wanted)
        plain = {*self.sizes.shown, *self.sizes.fitted, *b.network.scalars, *self._steps()}
        lines = all_shared(lines, self.fresh, plain)
        body = [*self._preamble(), *(made for line in lines for made in self._statements(line))]
        own = dict(line for line in lines if not isinstance(line, Loop))
        gradients = ast.Dict(
            [ast.Constant(key) for key in results],
            [_copied(n) if _is_view(own.get(n)) else name(n) for n in results.values()],
        )
        body.append(ast.Return(ast.Tuple([call("float", name(root)), gradients])))
        arguments = ast.arguments(
            posonlyargs=[],
            args=[ast.arg(n) for n in (*self.inputs, *self.labels)],
            kwonlyargs=[ast.arg(n) for n in self.sizes.fitted],
            kw_defaults=[ast.Constant(None) for _ in self.sizes.fitted],
            defaults=[],
        )
        doc = ast.Expr(ast.Constant(self._doc()))
        return ast.FunctionDef(NAME, arguments, [doc, *body], [])

    def _forward(self) -> Iterator[Line]:
        """The stages, in an order in which they can be computed."""
        network = self.backpropagation.network
        self.lowering.through = network.joint & network.exponential
        for group in network.order:
            stages = [network.stages[n] for n in group]
            sides = [(s.quantity, s.body) for s in stages]
            yield from self._group(network.block.get(group[0]), sides, {n: n for n in group})

    def _backward(self) -> Iterator[Line]:
        """The adjoints, in the other order, then the gradients."""
        b = self.backpropagation
        self.lowering.through = frozenset()
        for group in reversed(b.network.order):
            adjoints = [b.adjoints[n] for n in reversed(group) if n in b.adjoints]
            if adjoints:
                sides = [(a.quantity, a.term) for a in adjoints]
                of = {a.quantity.name: a.of for a in adjoints}
                yield from self._group(b.network.block.get(group[0]), sides, of, last_first=True)
        for key, gradient in b.gradients.items():
            if key not in b.adjoints:
                yield gradient.quantity.name, self._line(gradient.quantity, gradient.term)

    def _group(
        self,
        block: Block | None,
        sides: Sequence[tuple[terms.Quantity, Expr]],
        of: Mapping[str, str],
        *,
        last_first: bool = False,
    ) -> Iterator[Line]:
        """Lines for these left and right sides: a loop over the steps where they are a block."""
        if block is None:
            yield from ((left.name, self._line(left, body)) for left, body in sides)
            return
        step = self.fresh("step")
        lines: list[Assigned] = []
        places: dict[str, ast.expr] = {}
        for left, body in sides:
            at = block.positions[of[left.name]]
            letter = cast(Symbol, left.indices[at])
            self.lowering.fixed = {letter: step}
            lines.append((left.name, self._line(left, body, at)))
            slices = [ast.Slice() for _ in left.indices[:at]]
            places[left.name] = ast.Tuple([*slices, name(step)]) if slices else name(step)
            high = self.problem.shapes[left.name][at]
        self.lowering.fixed = {}
        values = call("range", self.lowering.size(high))
        if last_first != block.back:
            values = call("reversed", values)
        yield Loop(step, values, tuple(lines), places)

    def _steps(self) -> set[str]:
        return {n for n in self.given_out if n.startswith("step")}

    def _statements(self, line: Line) -> Iterator[ast.stmt]:
        if not isinstance(line, Loop):
            yield _assign(*line)
            return
        arrays = [target for target, _ in line.lines if target in line.places]
        for array in arrays:
            shape = [self.lowering.size(high) for high in self.problem.shapes[array]]
            yield _assign(array, call("np.zeros", ast.Tuple(list(shape)), name("dtype")))
        body: list[ast.stmt] = [
            ast.Assign([ast.Subscript(name(target), line.places[target])], code)
            if target in line.places
            else _assign(target, code)
            for target, code in line.lines
        ]
        yield ast.For(name(line.step), line.values, body, [])

    def _line(self, left: terms.Quantity, body: Expr, step: int | None = None) -> ast.expr:
        """The code of a stage or an adjoint, or of one step of it, its axes as on the left."""
        shape = self.problem.shapes.get(left.name, ())
        spans: dict[Symbol, tuple[Expr, Expr]] = {
            cast(Symbol, s): (Integer(1), high)
            for n, (s, high) in enumerate(zip(left.indices, shape, strict=True))
            if n != step
        }
        body = cast(Expr, rename_bound(body, {cast(Symbol, a) for a in left.indices}))
        with self.lowering.letters(spans):
            value = self.lowering.value(body)
        code = aligned(value, tuple(spans))
        if set(value.axes) == set(spans) or step is not None:
            return code  # what is assigned to a slice fills it
        lengths = ast.Tuple([self.lowering.size(high) for _, high in spans.values()])
        if not value.axes:
            return call("np.full", lengths, code, name("dtype"))
        return call("np.broadcast_to", code, lengths)

    def fresh(self, wanted: str = "t") -> str:
        """A new name: t1, t2, …"""
        number = 1
        while f"{wanted}{number}" in self.given_out:
            number += 1
        self.given_out.add(f"{wanted}{number}")
        return f"{wanted}{number}"

    # -- the inputs ------------------------------------------------------------------------------

    def _preamble(self) -> Iterator[ast.stmt]:
        shapes = self.problem.shapes
        number_inputs = [name(n) for n in self.inputs]
        yield _assign("dtype", call("real_type", *number_inputs))
        for n in self.inputs:
            yield _assign(n, call("np.asarray", name(n), name("dtype")))
        keys = [
            (" ".join([n, *map(str, shapes.get(n, ()))]), n) for n in (*self.inputs, *self.labels)
        ]
        given = ast.Dict([ast.Constant(k) for k, _ in keys], [name(n) for _, n in keys])
        wanted = " ".join(self.sizes.shown)
        found = call("shared_sizes", ast.Constant(wanted), given)
        if self.sizes.shown:
            names = [name(s) for s in self.sizes.shown]
            target: ast.expr = ast.List(names) if len(names) == 1 else ast.Tuple(names)
            yield ast.Assign([target], found)
        else:
            yield ast.Expr(found)
        yield from self._fitted()
        for bound in self.sizes.bounds:
            yield self._bound(bound)
        for label in self.labels:
            code = call(
                "class_labels", name(label), self.lowering.size(self._classes(label)),
                ast.Constant(label),
            )  # fmt: skip
            yield _assign(label, code)

    def _fitted(self) -> Iterator[ast.stmt]:
        """Sizes that no input has: as given, or the largest that fits."""
        known = {*self.sizes.shown}
        waiting = dict(self.sizes.fitted)
        while waiting:
            ready = [
                s for s, most in waiting.items()
                if all({x.name for x in m.free_symbols} <= known for m in most)
            ]  # fmt: skip
            if not ready:
                raise Mistake(f"no input says how large {', '.join(waiting)} are")
            for size in ready:
                most = [_floored(self.lowering, m) for m in waiting.pop(size)]
                code = most[0] if len(most) == 1 else call("min", *most)
                test = ast.Compare(name(size), [ast.Is()], [ast.Constant(None)])
                yield ast.If(test, [_assign(size, code)], [])
                known.add(size)

    def _bound(self, bound: Bound) -> ast.stmt:
        """What must hold for an index to stay on its axis."""
        ends = (bound.low, bound.high, bound.size)
        signs = [ast.LtE(), ast.LtE(), ast.LtE()]
        within = ast.Compare(number(1), list(signs), [self.lowering.size(e) for e in ends])
        message = (
            f"an index of {bound.array} runs from {bound.low} to {bound.high}, "
            f"and its axis ends at {bound.size}"
        )
        raised = ast.Raise(call("ValueError", ast.Constant(message)))
        return ast.If(ast.UnaryOp(ast.Not(), within), [raised], [])

    def _classes(self, label: str) -> Expr:
        """The size of the axis that a label is an index of."""
        for letter, high in self.problem.ranges.items():
            if letter.name == label:
                return high
        for stage in self.stages:
            for t in terms.subterms(stage.body):
                if isinstance(t, Indexed | terms.Quantity):
                    for a, high in zip(t.args[1:], self.problem.shapes[name_of(t)], strict=True):
                        if isinstance(a, Indexed) and name_of(a) == label:
                            return high
        raise Mistake(f"the number of classes of the label {label} is not known")

    # -- words -----------------------------------------------------------------------------------

    def _doc(self) -> str:
        shapes = self.problem.shapes
        arrays = [n for n in self.inputs if shapes.get(n)]
        said = [f"{n} ({', '.join(map(str, shapes[n]))})" for n in arrays]
        said += [f"{n} a number" for n in self.inputs if not shapes.get(n)]
        for label in self.labels:
            of = ", ".join(map(str, shapes.get(label, ())))
            said.append(
                f"{label} {f'({of}) ' if of else ''}labels from 0 to {self._classes(label)} - 1"
            )
        for size in self.sizes.fitted:
            said.append(f"{size} a size, where None the largest that fits")
        root = self.stages[-1]
        listed = textwrap.wrap("; ".join(said) + ".", 92)
        strength = self.backpropagation.strength
        lines = [
            f"The value {root.name} and its gradients, by name.",
            "",
            *listed,
            "",
            f"Each gradient has the shape of its array.  Every lemma is {strength}.",
        ]
        return "\n    ".join(lines) + "\n    "


def _is_view(code: ast.expr | None) -> bool:
    """Is code an input, or a view of another array?"""
    if isinstance(code, ast.Name | ast.Subscript):
        return True
    if not isinstance(code, ast.Call) or not isinstance(code.func, ast.Attribute):
        return False
    return code.func.attr in ("broadcast_to", "transpose")


def _copied(array: str) -> ast.expr:
    return call("np.array", name(array))


def _floored(lowering: Lowering, most: Expr) -> ast.expr:
    if isinstance(most, sympy.floor):
        above, below = sympy.fraction(sympy.together(most.args[0]))
        return ast.BinOp(lowering.size(above), ast.FloorDiv(), lowering.size(below))
    return lowering.size(most)


def _assign(target: str, code: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(target)], code)


def source(backpropagation: Backpropagation, about: str = "") -> str:
    """A file with `value_and_gradients`, which imports NumPy and the standard library only."""
    made = Program(backpropagation).function()
    written = ast.unparse(ast.fix_missing_locations(made))
    needed = _needed({n.id for n in ast.walk(made) if isinstance(n, ast.Name)})
    parts = [inspect.getsource(getattr(runtime, n)).rstrip() for n in needed]
    code = "\n\n\n".join([*parts, written])
    imports = ["from __future__ import annotations", ""]
    imports += ["import math"] if "math." in code else []
    words = {n for p in parts for n in _words(p)}
    collections = [n for n in ("Mapping", "Sequence") if n in words]
    if collections:
        imports.append(f"from collections.abc import {', '.join(collections)}")
    imports += ["from functools import cache"] if "cache" in words else []
    imports += ["from typing import Any"] if "Any" in words else []
    title = about or "The value and the gradients of a network, made by symderiv."
    title = title.replace("\\", "/").replace('"', "'")
    head = [f'"""{title}"""', "", *imports, "", "import numpy as np"]
    return "\n".join(head) + "\n\n\n" + code + "\n"


def _words(code: str) -> set[str]:
    return {n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)}


def _needed(used: set[str]) -> list[str]:
    """The functions of the runtime that are used, and those that they use, in its order."""
    every = {
        n: f for n, f in vars(runtime).items()
        if callable(f) and getattr(f, "__module__", "") == runtime.__name__
    }  # fmt: skip
    waiting, found = [n for n in used if n in every], set()
    while waiting:
        n = waiting.pop()
        if n not in found:
            found.add(n)
            waiting += [w for w in _words(inspect.getsource(every[n])) if w in every]
    return [n for n in every if n in found]


def compiled(written: str) -> Callable[..., Any]:
    """`value_and_gradients` of such a file; `__source__` holds the file."""
    names: dict[str, Any] = {"__name__": "network"}
    exec(compile(written, "<value_and_gradients>", "exec"), names)
    made = names[NAME]
    made.__source__ = written
    return cast("Callable[..., Any]", made)
