"""Places: what is made entry by entry is made in the place of an array that is needed no more.

    t = x - m; xhat = t / s; h = g * xhat + b
    ->  t = x - m; xhat = np.divide(t, s, out=t); h = g * xhat; h += b

Gives `in_places`, for a program that runs through many matrices of one size: most of the time of an
operation on a large array is that of new memory.  NumPy takes the place of what has no name by
itself, where the other operand is as large or a number.

Imports lines, nodes and spelling.  To add an operation that NumPy makes in a place: its name.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from sympy import Expr

from symderiv.emit.lines import called, is_reduced, names, reads, short, targets
from symderiv.emit.nodes import TRUTHS, Node, made_of
from symderiv.emit.spelling import copied, filled
from symderiv.records import dataclass

Sizes = tuple[Expr, ...]
OPERATORS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}
UFUNCS = frozenset({
    "abs", "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tanh", "maximum", "minimum",
    "logaddexp",
})  # fmt: skip
# what is an array of its own, and looks at the entries of no other
ALONE = frozenset({
    "add", "sub", "mul", "div", "exp", "expm1", "log1p", "sqrt", "pow", "where", "contract", "sum",
    "prod", "max", "min", "abs",
})  # fmt: skip


def in_places(
    lines: Sequence[ast.stmt],
    results: Sequence[ast.expr],
    arrays: Mapping[str, Sizes],
    nodes: Mapping[str, Node],
    fresh: Callable[[str], str],
) -> list[ast.stmt]:
    """The lines, written so.

    `arrays` are given, what else is given are numbers; names stand for `nodes`; `fresh` makes a
    name of a wish.
    """
    numbers = names(*lines) - {*arrays} - {n for line in lines for n in targets(line)}
    sizes = {**dict.fromkeys(numbers, ()), **arrays, **{n: k.sizes for n, k in nodes.items()}}
    alone = {n for n, node in nodes.items() if node.op in ALONE or node.op.startswith("f:")}
    looked_at = names(*results, *(s for s in lines if not _is_alone(s, alone)))
    last = {name: n for n, line in enumerate(lines) for name in names(line)}
    floats, small = _floats(nodes.values()), short(lines, numbers)
    large = {n for n in alone - small if nodes[n].rank > 1 and nodes[n] in floats}
    free: set[str] = set()
    written: list[ast.stmt] = []
    for n, line in enumerate(lines):
        match line:
            case ast.Assign([ast.Name(name)], value) if name in large:
                ready = {a for a in free if last[a] <= n and sizes[a] == sizes[name]}
                row = _Row(name, sizes, ready, small, fresh)
                written += row.lines(value)
                free = (free | {name} - looked_at) - {row.place}
                continue
        written.append(line)
    return written


def _is_alone(line: ast.stmt, alone: Collection[str]) -> bool:
    """Is no array that a line mentions looked at in another way from then on?"""
    match line:
        case ast.Assign([ast.Name(name)]):
            return name in alone
        case ast.Assign([ast.Subscript() | ast.Tuple()]):  # entries of rows, which are numbers
            return True
    return False


def _floats(nodes: Iterable[Node]) -> set[Node]:
    """The arrays of the results' type."""
    found: set[Node] = set()
    for node in made_of(nodes):
        inner = [n for n, _ in node.args]
        inner = inner[1:] if node.op == "where" else inner
        always = node.op in ("input", "looped", "div", "exp") or node.op.startswith("f:")
        if always or (node.op not in TRUTHS and any(n in found for n in inner)):
            found.add(node)
    return found


@dataclass(frozen=True)
class Step:
    """An operation on an array, which stands between other operands."""

    name: str
    before: tuple[ast.expr, ...]
    after: tuple[ast.expr, ...]

    @property
    def operator(self) -> ast.operator | None:
        return next((op() for op, name in OPERATORS.items() if name == self.name), None)

    @property
    def other(self) -> ast.expr | None:
        """What stands behind the operator, where that may be turned or the array stands first."""
        if self.operator is None or (self.before and self.name in ("subtract", "divide")):
            return None
        return (*self.before, *self.after)[0]

    def of(self, array: ast.expr, place: str = "") -> ast.expr:
        """The operation, in the place of an array or of no known one."""
        operands = [*self.before, array, *self.after]
        if self.operator is not None and not place:
            return ast.BinOp(operands[0], self.operator, operands[1])
        out = [ast.keyword("out", ast.Name(place, ast.Load()))] if place else []
        return ast.Call(filled(f"np.{self.name}", {}), operands, out)

    def on(self, name: str) -> ast.stmt:
        """The line that does it in the array's own place."""
        if self.operator is not None and self.other is not None:
            return ast.AugAssign(ast.Name(name, ast.Store()), self.operator, self.other)
        return ast.Expr(self.of(ast.Name(name, ast.Load()), name))


class _Row:
    """The making of one array, `name`; `place` is the one whose place it takes."""

    def __init__(
        self,
        name: str,
        sizes: Mapping[str, Sizes],
        ready: Set[str],
        small: Collection[str],
        fresh: Callable[[str], str],
    ) -> None:
        self.name, self.sizes, self.ready, self.small = name, sizes, ready, small
        self.fresh, self.place = fresh, ""

    def lines(self, code: ast.expr) -> list[ast.stmt]:
        start, steps = self.apart(code)
        is_name = isinstance(start, ast.Name)
        if is_name and steps and self.ready:
            (place,) = {*names(start)} & self.ready or {min(self.ready)}
            before, later = self.ahead(place, steps[1:])
            if all(place not in names(*s.before, *s.after) for s in later):
                self.place = place
                first = _assigned(self.name, steps[0].of(start, place))
                return [*before, first, *(s.on(self.name) for s in later)]
        whole = start
        for n, step in enumerate(steps):
            if (n or not is_name) and not self.is_elided(step):
                return [_assigned(self.name, whole), *(s.on(self.name) for s in steps[n:])]
            whole = step.of(whole)
        return [_assigned(self.name, code)]

    def apart(self, code: ast.expr, most: int | None = -1) -> tuple[ast.expr, list[Step]]:
        """What it begins with, as large as the result, and what is done with that.

        most : the axes that what stands beside it has at most; None where that is not known
        """
        options = []
        for part, step in self.parts(code):
            beside = _larger(most, *map(self.rank, (*step.before, *step.after)))
            if self.is_whole(part, beside):
                start, steps = self.apart(part, beside)
                options.append((start, [*steps, step]))
        options.sort(key=lambda option: (not self.is_ready(option[0]), len(option[1])))
        return next(iter(options), (code, []))

    def parts(self, code: ast.expr) -> Iterator[tuple[ast.expr, Step]]:
        """Each operand of an operation entry by entry, and the operation on it."""
        match code:
            case ast.BinOp(a, op, b) if type(op) in OPERATORS:
                name, operands = OPERATORS[type(op)], [a, b]
            case ast.Call(_, operands, []) if called(code) in UFUNCS:
                name = called(code)
            case ast.UnaryOp(ast.USub(), a):
                name, operands = "negative", [a]
            case _:
                return
        for n, operand in enumerate(operands):
            yield operand, Step(name, (*operands[:n],), (*operands[n + 1 :],))

    def is_whole(self, code: ast.expr, most: int | None) -> bool:
        """Is it as large as the result?"""
        if isinstance(code, ast.Name):
            return self.sizes.get(code.id) == self.sizes[self.name]
        parts = [*self.parts(code)]
        if not parts:
            made = called(code) or isinstance(code, ast.BinOp)
            return bool(made) and most is not None and most < len(self.sizes[self.name])
        return any(
            self.is_whole(part, _larger(most, *map(self.rank, (*step.before, *step.after))))
            for part, step in parts
        )

    def rank(self, code: ast.expr) -> int | None:
        """How many axes it has, where that is plain."""
        match code:
            case ast.Constant() | ast.Attribute(ast.Name("np")):
                return 0
            case ast.Name(name):
                return len(self.sizes[name]) if name in self.sizes else None
        parts = [*self.parts(code)]
        return _larger(*(self.rank(part) for part, _ in parts)) if parts else None

    def is_ready(self, code: ast.expr) -> bool:
        return isinstance(code, ast.Name) and code.id in self.ready

    def is_elided(self, step: Step) -> bool:
        """Does NumPy do it in the place of what has no name?"""
        return step.other is not None and self.rank(step.other) in (0, len(self.sizes[self.name]))

    def ahead(self, place: str, steps: Sequence[Step]) -> tuple[list[ast.stmt], list[Step]]:
        """The sums of what is to be changed, in lines before that, and the steps with them."""
        sums = _Sums(place, self.small, self.fresh)
        made = [Step(s.name, sums.within(s.before), sums.within(s.after)) for s in steps]
        return sums.lines, made


class _Sums(ast.NodeTransformer):
    """Names for what is short of an array."""

    def __init__(self, array: str, small: Collection[str], fresh: Callable[[str], str]) -> None:
        self.array, self.small, self.fresh = array, small, fresh
        self.lines: list[ast.stmt] = []

    def within(self, codes: Sequence[ast.expr]) -> tuple[ast.expr, ...]:
        return tuple(self.visit(copied(c)) for c in codes)

    def visit(self, node: ast.AST) -> Any:
        if not (isinstance(node, ast.expr) and self.array in reads(node)):
            return node
        if not is_reduced(node, self.small):
            return self.generic_visit(node)
        name = self.fresh("t")
        self.lines.append(_assigned(name, node))
        return ast.Name(name, ast.Load())


def _larger(*ranks: int | None) -> int | None:
    known = [n for n in ranks if n is not None]
    return max(known, default=-1) if len(known) == len(ranks) else None


def _assigned(name: str, code: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], code)
