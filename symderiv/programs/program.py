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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Integer, Symbol

from symderiv import terms
from symderiv.derivation.network import Backpropagation
from symderiv.derivation.network.graph import mentions
from symderiv.derivation.network.reach import Bound
from symderiv.mistakes import Mistake
from symderiv.programs import runtime
from symderiv.programs.common import Assigned, live, names, shared
from symderiv.programs.lowering import Lowering
from symderiv.programs.sizes import Sizes, sizes_of
from symderiv.programs.values import Value, aligned, call, name, number
from symderiv.terms.letters import rename_bound
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.renaming import names_of

NAME = "value_and_gradients"
TAKEN = {"np", "dtype", "float", "min", "ValueError", NAME}  # what the function itself says


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
        self.lowering = Lowering(self.problem)

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
        self.lowering.through = b.network.joint
        lines = [(s.name, self._line(s.quantity, s.body)) for s in self.stages]
        self.lowering.through = frozenset()
        root = self.stages[-1].name
        for adjoint in b.adjoints.values():
            lines.append((adjoint.quantity.name, self._line(adjoint.quantity, adjoint.term)))
        results: dict[str, ast.expr] = {}
        for key, gradient in b.gradients.items():
            if key not in b.adjoints:
                code = self._line(gradient.quantity, gradient.term)
                lines.append((gradient.quantity.name, code))
            results[key] = name(gradient.quantity.name)
        lines = live(lines, [name(root), *results.values()])
        plain = {*self.sizes.shown, *self.sizes.fitted, *b.network.scalars}
        taken = {*names_of(self.problem), *TAKEN, *(t for t, _ in lines), *self.problem.shapes}
        lines = shared(lines, _fresh(taken), plain)
        body = [*self._preamble(), *(_assign(target, code) for target, code in lines)]
        gradients = ast.Dict(
            [ast.Constant(key) for key in results],
            [self._own(code, lines) for code in results.values()],
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

    def _line(self, left: terms.Quantity, body: Expr) -> ast.expr:
        """The code of a stage or an adjoint, its axes those of the left side."""
        letters = left.indices
        shape = self.problem.shapes.get(left.name, ())
        spans: dict[Symbol, tuple[Expr, Expr]] = {
            s: (Integer(1), high) for s, high in zip(letters, shape, strict=True)
        }
        body = cast(Expr, rename_bound(body, set(letters)))
        with self.lowering.letters(spans):
            value = self.lowering.value(body)
        return self._filled(value, letters, shape)

    def _filled(self, value: Value, letters: Sequence[Symbol], shape: Sequence[Expr]) -> ast.expr:
        """The value with all its axes, in order."""
        code = aligned(value, tuple(letters))
        if set(value.axes) == set(letters):
            return code
        lengths = ast.Tuple([self.lowering.size(high) for high in shape])
        if not value.axes:
            return call("np.full", lengths, code, name("dtype"))
        return call("np.broadcast_to", code, lengths)

    def _own(self, code: ast.expr, lines: Sequence[Assigned]) -> ast.expr:
        """A gradient as an array of its own: neither an input nor a view of another."""
        assert isinstance(code, ast.Name)
        made = dict(lines)[code.id]
        others = sum(code.id in names(c) for _, c in lines)
        view = isinstance(made, ast.Name | ast.Subscript) or (
            isinstance(made, ast.Call)
            and isinstance(made.func, ast.Attribute)
            and made.func.attr in ("broadcast_to", "transpose")
        )
        if not (view or others):
            return code
        return call("np.array", code) if view else code

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


def _fresh(taken: set[str]) -> Callable[[], str]:
    """Names for what is shared: t1, t2, …"""
    used = set(taken)
    count = 0

    def fresh() -> str:
        nonlocal count
        count += 1
        while f"t{count}" in used:
            count += 1
        used.add(f"t{count}")
        return f"t{count}"

    return fresh


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
