"""Programs: one function of a file, from terms of a derivation.

Gives `Program`: what a function returns, and, once it is made, its arguments and its parts.
Arguments come in the order in which the formula mentions them, labels last, then the sizes that no
argument has.

Imports lower, parts, names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.emit.asked import Arguments, sums
from symderiv.emit.axes import size_code
from symderiv.emit.bounds import never_positive, whole_of
from symderiv.emit.labels import classes
from symderiv.emit.lower import Lowering
from symderiv.emit.names import check_names
from symderiv.emit.nodes import Node, View, made_of
from symderiv.emit.parts import Coded, Parts, Second, definition
from symderiv.emit.rewritings import Unwritable
from symderiv.emit.spelling import filled
from symderiv.emit.words import Words
from symderiv.emit.writer import Writer
from symderiv.records import dataclass
from symderiv.terms import Quantity, subterms
from symderiv.terms.derived import derived
from symderiv.terms.letters import rename_bound
from symderiv.terms.problem import Problem, name_of

RISKY = {
    "pow", "div", "f:log", "f:exp", "f:expm1", "f:cosh", "f:sinh", "times_exp", "exp", "expm1",
    "log1p", "sqrt", "det", "series",
}  # fmt: skip


@dataclass(eq=False)
class Program(Coded):
    """A function that returns some terms, each an array over its axes.

    Attributes
    ----------
    name : of the function
    results, axes : the terms, and the letters that index each, in order
    extra : the names of arguments beyond the formula's, such as a vector that is multiplied
    columns : of a matrix whose entries, row by row, are the results
    doc : its docstring
    through : a function of the same arguments whose second result this is
    slope : is it the derivative of the problem's function by its variables?
    linear : is the code to be linear in `extra`, line by line, as autograd differentiates it?
    """

    name: str
    problem: Problem
    results: tuple[Expr, ...]
    axes: tuple[tuple[Symbol, ...], ...]
    extra: tuple[str, ...] = ()
    columns: int = 0
    doc: str = ""
    through: Program | None = None
    slope: bool = False
    linear: bool = False

    def documented(self, doc: str) -> Program:
        """The function with another docstring; its terms are lowered once for both."""
        made = replace(self, doc=doc)
        made.lowering, made.views = self.lowering, self.views
        return made

    def second(self, name: str) -> Program | None:
        """The function of the second result alone, which calls this; None where it takes less."""
        made = replace(self, name=name, results=self.results[1:], axes=self.axes[1:], through=self)
        made.lowering, made.views = self.lowering, self.views[1:]
        alike = (made.inputs, made.given_sizes) == (self.inputs, self.given_sizes)
        return made if alike else None

    @cached_property
    def lowering(self) -> Lowering:
        own = [n for n in self.problem.shapes if derived(n) is None]
        check_names([self.name, *own, *self.order])
        made = Lowering(self.problem)
        if self.linear:
            made.shifts.again, made.shifts.vectors = True, frozenset(self.extra)
        if any(map(_shifted, (*(s.body for s in self.problem.stages), self.problem.function))):
            apart = Lowering(self.problem)  # what the formula asks of the sizes, its slope does
            with suppress(Unwritable):
                apart.value(self.problem.function)
            made.components.needs.update(apart.components.needs)
        return made

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The results in the graph, their axes in order."""
        made = []
        for term, axes in zip(self.results, self.axes, strict=True):
            clear = cast(Expr, rename_bound(term, set(axes)))
            view = self.lowering.value(clear)
            own = [a for a in axes if a in view.letters]
            made.append(self.lowering.graph.ordered(view, own))
        self.lowering.graph.above_zero(made)
        return tuple(made)

    # -- arguments -------------------------------------------------------------------------------

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every name that is given, in the order of the formula, labels last."""
        staged = {s.name for s in self.problem.stages}
        terms: list[Basic] = [*(s.body for s in self.problem.stages), self.problem.function]
        found: dict[str, None] = {}
        for term in (*terms, *self.problem.wrt, *self.results):
            for t in subterms(term):
                if isinstance(t, Indexed | Symbol) and (whole := derived(name_of(t))) is not None:
                    found.setdefault(whole.array)
                elif isinstance(t, Indexed):
                    found.setdefault(name_of(t))
                elif isinstance(t, Symbol) and (t.name in self.problem.labels or not t.is_integer):
                    found.setdefault(t.name)
                if isinstance(t, Indexed | Quantity):
                    for index in t.args[1:]:
                        found.update(dict.fromkeys(
                            n for n in map(name_of, _names(index)) if n in self.problem.labels
                        ))  # fmt: skip
        names = [n for n in found if n not in staged and n not in self.extra]
        labels = self.problem.labels
        return (
            *(n for n in names if n not in labels), *self.extra, *(n for n in names if n in labels)
        )  # fmt: skip

    @cached_property
    def used(self) -> list[Node]:
        """Every node that the results need."""
        return made_of(v.node for v in self.views)

    @cached_property
    def sizes(self) -> tuple[Symbol, ...]:
        """The sizes that the code mentions."""
        return tuple(sorted({s for e in self._ends() for s in _symbols(e)}, key=str))

    def _ends(self) -> Iterator[object]:
        """The ends of axes and of their parts that the code mentions."""
        for node in self.used:
            if node.op in ("size", "count"):
                yield from (node.data, *node.sizes)
            if node.op in ("part", "pad"):
                yield from node.data
            if node.op == "eq":
                yield from (s for inner, _ in node.args if inner.op == "count" for s in inner.sizes)
        for pair in self.lowering.components.needs:
            yield from pair
        for name in self.labels:
            yield from (*self.shape(name), self.classes(name))
        for view, axes in zip(self.views, self.axes, strict=True):
            if len(view.letters) < len(axes):
                yield from (self.problem.ranges[a] for a in axes)

    @cached_property
    def needed(self) -> set[str]:
        return {str(n.data) for n in self.used if n.op in ("input", "label")} | set(self.extra)

    @property
    def _vectors(self) -> set[str]:
        """What autograd multiplies by, of which the value knows nothing."""
        return set(self.extra) if self.linear else set()

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(n for n in self.order if n in self.problem.labels and n in self.needed)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The arguments, but sizes."""
        names = set(self.needed)
        variables = {name_of(x) for x in self.problem.wrt} & set(self.order)
        for size in self.sizes:
            if not any(size in self.shape(n) for n in names):
                carriers = [n for n in self.order if size in self.shape(n)]
                carriers.sort(key=lambda n: n not in variables)
                names.update(carriers[:1])
        if names <= self.problem.labels | self._vectors:  # a result has the type of an array
            names |= variables or set(self.order[:1])
        return tuple(n for n in self.order if n in names)

    @cached_property
    def given_sizes(self) -> tuple[str, ...]:
        """The sizes that are arguments, since no array has them."""
        return tuple(str(s) for s in self.sizes if not any(s in self.shape(n) for n in self.inputs))

    def shape(self, name: str) -> tuple[Expr, ...]:
        return tuple(self.problem.shapes.get(name, ()))

    def classes(self, label: str) -> Expr:
        """The size of the axis on which a label is an index."""
        return classes(label, self.problem, *self.results)

    @property
    def arguments(self) -> Arguments:
        labels = [n for n in self.inputs if n in self.problem.labels]
        return Arguments(
            {n: self.shape(n) for n in self.inputs if n not in labels},
            {n: self.shape(n) for n in labels},
            {n: self.classes(n) for n in labels},
            tuple(map(str, self.sizes)),
            self.given_sizes,
            tuple(self._least()),
            tuple(sums(self.problem, self.inputs)),
        )

    def _least(self) -> Iterator[tuple[str, str]]:
        """Sizes that are too small for an index, and what is said of them."""
        for (size, least), name in self.lowering.components.needs.items():
            said = f"{name} takes {{{least}}} or more along {size}, not {{{size}}}"
            yield f"{size} < {least}", said

    # -- code ------------------------------------------------------------------------------------

    @property
    def head(self) -> ast.FunctionDef:
        several = len(self.results) > 1 and not self.columns
        returned = "tuple[Any, Any]" if several else "Any"
        sizes = dict.fromkeys(self.given_sizes, "int")
        return definition(self.name, self.inputs, sizes, returned, self.doc)

    def parts_by(self, writer: Writer) -> Parts:
        if self.through is not None:
            return Second(self.name, self.through).parts_by(writer)
        codes = writer.body(self.views)
        if self.columns:
            results = [self._matrix(codes, writer.words)]
        else:
            made = zip(codes, self.views, self.axes, strict=True)
            results = [self._filled(*each, writer.words) for each in made]
            if not self.linear:  # where each result has a line of its own
                results = writer.beside(results, self.views)
        quietly = quiet(self.used)
        return Parts(self.head, self.arguments, writer.lines, results, decorators=quietly)

    @property
    def names(self) -> tuple[Mapping[Node, str], set[str]]:
        self.views  # noqa: B018 - makes the stages
        stages = self.lowering.components.stages.items()
        named = {
            (made.direct or made.value).node: name
            for name, (made, _) in stages
            if made.shift is None or made.direct is not None
        }
        own = {*self.inputs, *self.given_sizes, *map(str, self.sizes)}
        return named, {*own, "dtype", "np", self.name}

    def _filled(self, code: ast.expr, view: View, axes: Sequence[Symbol], words: Words) -> ast.expr:
        """A result along all its axes and for the whole batch, also where nothing changes.

        The batch is that of every argument: of Σ_k w_k x_k a batch of w has a batch of slopes x.
        Autograd is handed what has its own, and sums or spreads it itself.
        """
        given = [n for n in self.inputs if n not in self._vectors]
        arrays = [n for n in given if n not in self.problem.labels]
        if not arrays:
            return code
        inside = {str(n.data) for n in made_of([view.node]) if n.op in ("input", "label")}
        like = next((n for n in arrays if self.shape(n) == self._shape_of(axes)), None)
        batched, wide = view.node.batched, view.letters == tuple(axes)
        if like and not batched and not view.letters:
            code = words.filled(f"np.full_like({like}, _v)", {"_v": code})
            batched, wide, inside = True, True, {like}
        elif not wide:
            places = [n for n, a in enumerate(axes) if a in view.letters]
            if places or batched:
                code = words.expanded(code, places, len(axes), batched=batched)
            inside.discard(like or "")
        others = [n for n in self.inputs if n not in inside and not self.linear]
        if batched and (wide or like) and others:
            beside = ", ".join(self._along(n, axes) for n in others)
            return words.filled(f"np.broadcast_arrays(_v, {beside})[0].copy()", {"_v": code})
        if batched and wide:
            is_given = whole_of(view.node).op == "input"  # no view of what was given
            return words.filled("a.copy()", {"a": code}) if is_given else code
        leads = ", ".join(map(self.arguments.lead, given))
        spread = f"np.broadcast_shapes({leads})" if len(given) > 1 else leads
        lead = ast.Starred(words.filled(spread), ast.Load())
        shape = ast.Tuple([lead, *map(size_code, self._shape_of(axes))], ast.Load())
        return words.filled(f"np.full(_s, _v, {self.first}.dtype)", {"_s": shape, "_v": code})

    def _along(self, name: str, axes: Sequence[Symbol]) -> str:
        """An argument, or entries of it, that has the batch of one and does not change others."""
        if self.shape(name) == self._shape_of(axes):
            return name
        index = ", ".join([*["0"] * len(self.shape(name)), *["None"] * len(axes)])
        return f"{name}[..., {index}]" if index else name

    def _shape_of(self, axes: Sequence[Symbol]) -> tuple[Expr, ...]:
        return tuple(self.problem.ranges[a] for a in axes)

    @property
    def first(self) -> str:
        """The first argument that is no label, nor known to autograd alone."""
        beside = self.problem.labels | self._vectors
        return next(n for n in self.inputs if n not in beside)

    def _matrix(self, codes: list[ast.expr], words: Words) -> ast.expr:
        codes = [
            code
            if view.node.batched
            else words.filled(f"np.full_like({self.first}, _v)", {"_v": code})
            for code, view in zip(codes, self.views, strict=True)
        ]
        entries = {f"_{n}": code for n, code in enumerate(codes)}
        many, every = len(self.inputs), ", ".join(self.inputs)
        whole = f"np.broadcast_arrays({', '.join(entries)}, {every})"
        batch = f"np.broadcast_arrays({every})[0]" if many > 1 else every
        shape = f"{batch}.shape + ({len(codes) // self.columns}, {self.columns})"
        return words.filled(f"np.stack({whole}[:-{many}], -1).reshape({shape})", entries)


def quiet(nodes: Iterable[Node]) -> list[ast.expr]:
    """The decorator that keeps a function from warning of what comes out right."""
    risky = any(n.op in RISKY and not _calm(n) for n in nodes)
    return [filled("np.errstate(all='ignore')", {})] if risky else []


def _calm(node: Node) -> bool:
    """Does an operation give no warning, whatever finite numbers the inputs are?"""
    inner = [n for n, _ in node.args]
    match node.op:
        case "expm1" | "exp":  # as that of -|u|, unlike those of u, and of u - max u or of -u²
            return never_positive(inner[0]) and not _overflows(inner[0])
        case "div":
            return inner[1].tame or (inner[1].op in ("number", "size"))
        case "log1p":
            return inner[0].op == "rest"
        case "pow":
            exponent = inner[1].data
            return isinstance(exponent, Expr) and bool(exponent.is_Integer and exponent > 0)
        case "sqrt" | "f:log":
            return inner[0].positive
        case _:
            return False


def _overflows(exponent: Node) -> bool:
    """May an exponent overflow, whose exponential is 0 then?"""
    signs = {"neg", "abs", "min", "at", "part", "turn", "gather"}
    while exponent.op in signs:
        exponent = exponent.args[0][0]
    return exponent.op not in ("input", "number")


def _shifted(term: Expr) -> bool:
    """Has it an index other than a letter?"""
    held = (t for t in subterms(term) if isinstance(t, Indexed | Quantity))
    return any(not isinstance(i, Symbol | Indexed) for t in held for i in t.args[1:])


def _names(index: Basic) -> list[Symbol | Indexed]:
    """The labels in an index."""
    return [t for t in subterms(index) if isinstance(t, Indexed | Symbol)]


def _symbols(e: object) -> list[Symbol]:
    return [s for s in e.free_symbols if isinstance(s, Symbol)] if isinstance(e, Basic) else []
