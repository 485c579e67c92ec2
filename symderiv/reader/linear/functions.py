"""Functions of vector notation: what a call means, by its name and its arguments.

Gives `call` and `NAMES`.  Those of one whole array are in `wholes`.

Imports components, wholes, operations, values and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from symderiv.elementwise import NAMED as FUNCTIONS
from symderiv.reader import scan, tree
from symderiv.reader.functions import miscounted
from symderiv.reader.linear import reductions
from symderiv.reader.linear.components import elementwise
from symderiv.reader.linear.einsum import einsum
from symderiv.reader.linear.lowers import Lowers
from symderiv.reader.linear.values import Indices, Value, constant
from symderiv.reader.linear.wholes import inverse, of_whole
from symderiv.reader.refusal import meant

ALIASES: Mapping[str, str] = {
    "tr": "trace", "norm2": "norm_2", "absolute": "abs", "maximum": "max",
    "minimum": "min", "matmul": "dot", "expit": "sigmoid", "amax": "max", "amin": "min",
    "inverse": "inv", "slogdet": "logdet", "mtimes": "dot", "ravel": "vec", "flatten": "vec",
    "pow": "power", "mm": "dot", "mv": "dot", "reduce_sum": "sum", "reduce_mean": "mean",
    "reduce_max": "max", "reduce_min": "min", "reduce_prod": "prod",
    "reduce_logsumexp": "logsumexp", "reduce_variance": "var", "reduce_std": "std",
}  # fmt: skip
_SIGNS: Mapping[str, ast.operator] = {
    "add": ast.Add(), "plus": ast.Add(), "subtract": ast.Sub(), "minus": ast.Sub(),
    "multiply": ast.Mult(), "divide": ast.FloorDiv(), "true_divide": ast.FloorDiv(),
    "sub": ast.Sub(), "mul": ast.Mult(), "div": ast.FloorDiv(),
}  # fmt: skip
NAMES = frozenset(
    (
        *("sum", "mean", "norm", "norm1", "trace", "dot", "outer", "diag", "softmax", "logsumexp"),
        *("where", "iverson", "shape", "power", "logaddexp", "var", "std"),
        *("max", "min", "inv", "det", "logdet", "transpose", "square", "ones", "eye"),
        *("vector", "matrix", "bars", "norm_1", "norm_2", "norm_inf", "norm_fro", "norm_p"),
        *("vdot", "inner"),
        *("solve", "matrix_power", "prod", "einsum", "vec", "zeros", "zeros_like", "ones_like"),
        *_SIGNS,
        *ALIASES,
    )
)


def call(lowering: Lowers, name: str, node: ast.Call) -> Value:
    """A function with its arguments."""
    ops, at = lowering.operations, node.col_offset
    name = ALIASES.get(name, name)
    if name in FUNCTIONS or name == "square":
        if name == "square" and len(node.args) != 1:
            raise ops.source.refuse(at, f"{name} takes 1 argument, not {len(node.args)}")
        if name in FUNCTIONS and (said := miscounted(name, len(node.args))):
            raise ops.source.refuse(at, said)
        return _of_each(lowering, name, node)
    if name not in NAMES and name in lowering.library.of_numbers and node.args:
        return _of_each(lowering, name, node)
    if name not in NAMES:
        near = meant(name, (*FUNCTIONS, *NAMES, *lowering.library.of_numbers))
        raise ops.source.refuse(at, f"unknown function {name!r}{near}")
    if name == "eye":
        return lowering.name("I", at)
    if name in ("zeros", "ones", "vector", "matrix"):
        return _filled(lowering, name, node, at)
    if len(node.args) > 1 and scan.own_letters(node) and name in ("sum", "mean"):
        return _over_letters(lowering, name, node, at)
    if name == "einsum":
        return einsum(lowering, node)
    if name in ("where", "iverson"):
        return _where(lowering, name, node, at)
    if name == "shape":
        return _size(lowering, node, at)
    if name in reductions.REDUCTIONS:
        if (made := reductions.reduced(lowering, name, node)) is not None:
            return made
    elif name in reductions.NORMS:
        name = reductions.norm_of(lowering, name, node)
        node = node if name == "norm_p" else _of_first(node)
    if name == "logsumexp" and node.args:
        exponentials = tree.call("exp", node.args[:1], at)
        total = tree.call("sum", [exponentials, *node.args[1:]], at)
        total.keywords = node.keywords
        return lowering.value(tree.call("log", [total], at))
    if name in _SIGNS and len(node.args) == 2 and not node.keywords:
        left, right = node.args
        return lowering.value(ast.BinOp(left, _SIGNS[name], right, col_offset=at))
    if name == "softmax":
        node = _along_last(lowering, node)
    elif node.keywords:
        raise ops.source.refuse(at, f"{name} takes no arguments by name here")
    values = [lowering.value(a) for a in node.args]
    shown = f"{name}({', '.join(v.shown for v in values)})"
    if name in ("max", "min") and len(values) > 1:
        return ops.scaled(
            lambda a, b: tree.call(name, [a, b], at), at, shown, *_two(values, name, lowering, at)
        )
    if name == "power":
        return ops.scaled(tree.power, at, shown, *_two(values, name, lowering, at))
    if name == "logaddexp" and values[0].shown == "0":
        return elementwise(lowering, "softplus", values[-1], at)
    if name in ("dot", "outer", "vdot", "inner", "solve", "matrix_power"):
        a, b = _two(values, name, lowering, at)
        return replace(_of_two(lowering, name, a, b, at), shown=shown)
    if len(values) != 1 + (name == "norm_p"):
        raise ops.source.refuse(at, f"{name} takes 1 argument, not {len(values)}")
    return of_whole(lowering, name, values[0], shown, node)


def _of_each(lowering: Lowers, name: str, node: ast.Call) -> Value:
    first, *others = map(lowering.value, node.args)
    return elementwise(lowering, name, first, node.col_offset, *others)


def _filled(lowering: Lowers, name: str, node: ast.Call, at: int) -> Value:
    """zeros(n), ones((n, m)), vector(1): one number everywhere, of the size that fits."""
    ops, first = lowering.operations, node.args[0] if node.args else None
    rank, shown = 2 if name == "matrix" else 1, f"{name}(…)"
    if name in ("vector", "matrix"):
        number = None if first is None else lowering.value(first)
        if number is None or not number.literal:
            raise ops.source.refuse(at, f"{name} takes a number, {name}(1)")
        entry = number.write((), frozenset())
    else:
        entry = tree.number("0" if name == "zeros" else "1", at)
        rank, shown = (len(first.elts), shown) if isinstance(first, ast.Tuple) else (1, name)
        if rank > 2:
            raise ops.source.refuse(at, f"{name} takes one size or two, {name}((2, 3))")
    return constant(entry, shown, tuple(ops.axes.new() for _ in range(rank)))


def _two(values: list[Value], name: str, lowering: Lowers, at: int) -> tuple[Value, Value]:
    if len(values) != 2:
        raise lowering.operations.source.refuse(at, f"{name} takes 2 arguments, not {len(values)}")
    return values[0], values[1]


def _of_two(lowering: Lowers, name: str, a: Value, b: Value, at: int) -> Value:
    """dot, outer, vdot, inner, solve and matrix_power, as NumPy has them."""
    ops = lowering.operations
    if name == "dot":
        return ops.product(a, b, at, dot=True)
    if name == "outer":
        if (a.rank, b.rank) != (1, 1):
            raise ops.misfit(
                at, f"outer takes two vectors; {a.shown} is {a.kind()}, {b.shown} is {b.kind()}"
            )
        return ops.outer(a, b)
    if name == "solve":
        return ops.product(inverse(lowering, a, at), b, at)
    if name == "matrix_power":
        if a.rank != 2:
            raise ops.misfit(at, f"matrix_power takes a matrix, and {a.shown} is {a.kind()}")
        if b.shown == "-1":
            return inverse(lowering, a, at)
        return ops.raised(a, b, at, matrix=True)
    if a.rank == b.rank == 1:
        return ops.product(a, b, at, dot=True)
    if name == "inner" and b.rank:  # over the last axis of both
        return ops.product(a, ops.transpose(b, at), at)
    if a.rank != b.rank:
        raise ops.misfit(
            at, f"{name} of {a.kind()} and {b.kind()} is not read; {a.shown} @ {b.shown} is"
        )
    each = ops.elementwise(tree.times, at, f"{a.shown} * {b.shown}", a, b)
    return ops.total("sum", each, at, each.shown)


def _of_first(node: ast.Call) -> ast.Call:
    """The call with its first argument alone."""
    return ast.Call(node.func, node.args[:1], [], col_offset=node.col_offset)


def _along_last(lowering: Lowers, node: ast.Call) -> ast.Call:
    """softmax(z, axis=-1) or dim=1: along the last axis, which is the only one that is read."""
    given = [*node.args[1:], *(k.value for k in node.keywords)]
    named = all(k.arg in ("axis", "dim") for k in node.keywords)
    if not given:
        return node
    place = reductions.whole_number(given[0])
    rank = lowering.value(node.args[0]).rank if node.args else 0
    if len(given) > 1 or not named or place not in (-1, rank - 1):
        raise lowering.operations.source.refuse(
            node.col_offset, "softmax is read along the last axis, axis=-1"
        )
    return _of_first(node)


def _over_letters(lowering: Lowers, name: str, node: ast.Call, at: int) -> Value:
    """A sum over an index beside vectors: of w^T x_n over n."""
    inner = lowering.value(node.args[0])
    letters = frozenset(scan.own_letters(node))

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        return tree.call(name, [inner.write(found, taken | letters), *node.args[1:]], at)

    return Value(inner.axes, write, f"{name}({inner.shown}, …)", inner.row)


def _where(lowering: Lowers, name: str, node: ast.Call, at: int) -> Value:
    """where(x > 0, a, b): a where the comparison holds, b elsewhere; iverson is where(c, 1, 0)."""
    ops = lowering.operations
    condition = node.args[0] if node.args else node
    if not isinstance(condition, ast.Compare) or len(condition.ops) != 1:
        raise ops.source.refuse(at, f"{name} takes one comparison first, such as x > 0")
    left, right = lowering.value(condition.left), lowering.value(condition.comparators[0])
    sign = condition.ops[0]

    def bracket(a: ast.expr, b: ast.expr) -> ast.expr:
        return tree.call("iverson", [tree.compare(a, sign, b)], at)

    holds = ops.scaled(
        bracket, at, f"{left.shown} {type(sign).__name__} {right.shown}", left, right
    )
    if name == "iverson":
        return holds
    if len(node.args) != 3:
        raise ops.source.refuse(at, "where takes 3 arguments, where(x > 0, a, b)")
    a, b = (lowering.value(arg) for arg in node.args[1:])
    first = holds if a.shown in ("1", "1.0") else ops.scaled(tree.times, at, "", holds, a)
    if b.shown in ("0", "0.0"):
        return first

    def otherwise(c: ast.expr, d: ast.expr) -> ast.expr:
        return tree.times(tree.minus(tree.number("1", at), c), d)

    second = ops.scaled(otherwise, at, "", holds, b)
    shown = f"where({holds.shown}, {a.shown}, {b.shown})"
    return ops.scaled(tree.plus, at, shown, first, second)


def _size(lowering: Lowers, node: ast.Call, at: int) -> Value:
    """len(x) and X.shape[0]: the size of an axis, which gets a name where it has none."""
    ops, axes = lowering.operations, lowering.operations.axes
    value = lowering.value(node.args[0])
    place = node.args[1] if len(node.args) > 1 else None
    number = place.value if isinstance(place, ast.Constant) else None
    if not isinstance(number, int) or not 0 <= number < value.rank:
        raise ops.source.refuse(at, f"{value.shown} has no axis of that number")
    root = axes.root(value.axes[number])
    if root not in axes.sizes:
        name = next(x for x in (*"NKMDPQR", *(f"N{n}" for n in range(1, 99))) if x not in axes.used)
        axes.used |= {name}
        axes.sizes[root] = name
    size = axes.sizes[root]
    return constant(tree.number(size, at) if size.isdigit() else tree.name(size, at), size)
