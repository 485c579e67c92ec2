"""Functions of vector notation: elementwise ones, and those of whole arrays.

Gives `call`, `elementwise`, `inverse` and `NAMES`.  To add a function of whole arrays: a case in
`of_whole` and its name in `NAMES`.

Imports operations, values, functions and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from symderiv.elementwise import NAMED as FUNCTIONS
from symderiv.reader import scan, tree
from symderiv.reader.linear import reductions
from symderiv.reader.linear.einsum import einsum
from symderiv.reader.linear.lowers import Lowers
from symderiv.reader.linear.values import Dialect, Indices, Value, array, indices, letters_in
from symderiv.reader.refusal import meant

_ALIASES: Mapping[str, str] = {
    "ln": "log", "tr": "trace", "norm2": "norm_2", "absolute": "abs", "maximum": "max",
    "minimum": "min", "matmul": "dot", "expit": "sigmoid", "amax": "max", "amin": "min",
    "inverse": "inv", "slogdet": "logdet", "mtimes": "dot", "ravel": "vec", "flatten": "vec",
}  # fmt: skip
_SIGNS: Mapping[str, ast.operator] = {
    "add": ast.Add(), "plus": ast.Add(), "subtract": ast.Sub(), "minus": ast.Sub(),
    "multiply": ast.Mult(), "divide": ast.FloorDiv(), "true_divide": ast.FloorDiv(),
}  # fmt: skip
NAMES = frozenset(
    (
        *("sum", "mean", "norm", "norm1", "trace", "dot", "outer", "diag", "softmax", "logsumexp"),
        *("where", "iverson", "shape", "power", "logaddexp"),
        *("max", "min", "inv", "det", "logdet", "transpose", "square", "ones", "eye", "log1p"),
        *("vector", "matrix", "bars", "norm_1", "norm_2", "norm_inf", "norm_fro", "vdot", "inner"),
        *("solve", "matrix_power", "prod", "einsum", "vec", "zeros", "zeros_like", "ones_like"),
        *_SIGNS,
        *_ALIASES,
    )
)


def call(lowering: Lowers, name: str, node: ast.Call) -> Value:
    """A function with its arguments."""
    ops, at = lowering.operations, node.col_offset
    name = _ALIASES.get(name, name)
    if name in FUNCTIONS or name in ("square", "log1p"):
        if len(node.args) != 1:
            raise ops.source.refuse(at, f"{name} takes 1 argument, not {len(node.args)}")
        return elementwise(lowering, name, lowering.value(node.args[0]), at)
    if name not in NAMES:
        near = meant(name, (*FUNCTIONS, *NAMES))
        raise ops.source.refuse(at, f"unknown function {name!r}{near}")
    if name in ("zeros", "ones") and node.args and isinstance(node.args[0], ast.Tuple):
        filled = tree.number("0" if name == "zeros" else "1", at)
        count = len(node.args[0].elts)
        if count > 2:
            raise ops.source.refuse(at, f"{name} takes one size or two, {name}((2, 3))")
        own = tuple(ops.axes.new() for _ in range(count))
        return Value(own, lambda found, taken: filled, f"{name}(…)")
    if name in ("zeros", "ones", "eye", "vector", "matrix"):
        axis = ops.axes.new()
        if name in ("vector", "matrix"):  # vector(1), of the size that fits
            number = lowering.value(node.args[0]) if node.args else None
            if number is None or not number.literal:
                raise ops.source.refuse(at, f"{name} takes a number, {name}(1)")
            rank = (axis,) if name == "vector" else (axis, ops.axes.new())
            return Value(rank, lambda found, taken: number.write((), taken), f"{name}(…)")
        if name == "eye":
            return lowering.name("I", at)
        entry = tree.number("0" if name == "zeros" else "1", at)
        return Value((axis,), lambda found, taken: entry, name)
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
        name, node = reductions.norm_of(lowering, name, node), _of_first(node)
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
        if name in ("vdot", "inner", "solve", "matrix_power"):
            return replace(_of_two(lowering, name, a, b, at), shown=shown)
        if name == "dot":
            return replace(ops.product(a, b, at, dot=True), shown=shown)
        if (a.rank, b.rank) != (1, 1):
            raise ops.misfit(
                at, f"outer takes two vectors; {a.shown} is {a.kind()}, {b.shown} is {b.kind()}"
            )
        return ops.outer(a, b)
    if len(values) != 1:
        raise ops.source.refuse(at, f"{name} takes 1 argument, not {len(values)}")
    return of_whole(lowering, name, values[0], shown, node)


def _two(values: list[Value], name: str, lowering: Lowers, at: int) -> tuple[Value, Value]:
    if len(values) != 2:
        raise lowering.operations.source.refuse(at, f"{name} takes 2 arguments, not {len(values)}")
    return values[0], values[1]


def _of_two(lowering: Lowers, name: str, a: Value, b: Value, at: int) -> Value:
    """vdot, inner, solve and matrix_power, as NumPy has them."""
    ops = lowering.operations
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
    made = tree.number(size, at) if size.isdigit() else tree.name(size, at)
    return Value((), lambda found, taken: made, size)


def elementwise(lowering: Lowers, name: str, inner: Value, at: int) -> Value:
    """A function of every component."""

    def applied(a: ast.expr) -> ast.expr:
        if name == "square":
            return tree.power(a, tree.number("2", at))
        if name == "log1p":
            return tree.call("log", [tree.plus(tree.number("1", at), a)], at)
        return tree.call(name, [a], at)

    if name == "log" and inner.shown.startswith("det(") and inner.logdet is not None:
        return inner.logdet
    made = lowering.operations.elementwise(applied, at, f"{name}({inner.shown})", inner)
    return replace(made, square=inner) if name == "sqrt" else made


def exponential(lowering: Lowers, exponent: Value, at: int) -> Value:
    """e to a power: by components, but never of a matrix, where it would be the series."""
    ops = lowering.operations
    if ops.dialect.columns and exponent.rank == 2:
        raise ops.misfit(
            at, f"e to the matrix {exponent.shown} is not read; exp({exponent.shown}) is taken "
            "by components",
        )  # fmt: skip
    return elementwise(lowering, "exp", exponent, at)


def of_whole(lowering: Lowers, name: str, inner: Value, shown: str, node: ast.Call) -> Value:
    ops, at = lowering.operations, node.col_offset
    match name:
        case "sum" | "mean" | "max" | "min" | "prod":
            return ops.total(name, inner, at, shown)
        case "norm_1" | "norm_2" | "norm_inf" if inner.rank == 2:
            raise ops.source.refuse(
                at,
                f"the norm {name[5:]} of a matrix is none of its components alone; "
                "\\|A\\|_F and norm(A) are the root of the sum of their squares",
            )
        case "bars":  # |x| by components, |X| the determinant
            if inner.rank < 2:
                return elementwise(lowering, "abs", inner, at)
            return of_whole(lowering, "det", inner, shown, node)
        case "norm_inf":
            return ops.total("max", elementwise(lowering, "abs", inner, at), at, shown)
        case "norm1" | "norm_1":
            return ops.total("sum", elementwise(lowering, "abs", inner, at), at, shown)
        case "norm" | "norm_2" | "norm_fro":
            if inner.rank == 0 and inner.indexed and ops.strict:  # in ‖x_n - m‖ it is a column
                raise ops.misfit(at, f"{inner.shown} is a number, which has no norm")
            if inner.rank == 0:
                return elementwise(lowering, "abs", inner, at)
            squares = ops.total("sum", elementwise(lowering, "square", inner, at), at, shown)
            return replace(elementwise(lowering, "sqrt", squares, at), shown=shown)
        case "logsumexp":
            total = ops.total("sum", elementwise(lowering, "exp", inner, at), at, shown)
            return replace(elementwise(lowering, "log", total, at), shown=shown)
        case "transpose":
            return ops.transpose(inner, at)
        case "vec":
            typed = f"{inner.shown}(:)" if ops.dialect is Dialect.MATLAB else shown
            return ops.flattened(inner, at, typed)
        case "zeros_like" | "ones_like":
            number = tree.number("0" if name == "zeros_like" else "1", at)
            return Value(inner.axes, lambda found, taken: number, shown, inner.row)
        case "softmax":
            return softmax(lowering, inner, at, node)
        case "diag":
            return _diag(lowering, inner, shown, at)
    _check_of_components(lowering, name, inner, at)
    if inner.rank != 2:
        raise ops.misfit(at, f"{name} takes a matrix, and {inner.shown} is {inner.kind()}")
    if name != "trace" or inner.axes[0] != inner.axes[1]:
        ops._join(inner, 0, inner, 1, at)
    if name == "trace":
        return _trace(lowering, inner, shown, at)
    if name == "inv":
        return inverse(lowering, inner, at)
    array = _named(lowering, inner, at)

    def of(function: str) -> Value:
        return Value(
            (),
            lambda found, taken: tree.call(function, [array(taken)], at),
            f"{function}({inner.shown})",
        )

    return replace(of(name), logdet=of("logdet") if name == "det" else None)


def _check_of_components(lowering: Lowers, name: str, inner: Value, at: int) -> None:
    """Refuse tr(\\exp(X)), which on paper is the trace of the series of X."""
    ops = lowering.operations
    function = scan.called(inner.node) if isinstance(inner.node, ast.Call) else ""
    if ops.dialect is Dialect.TEXTBOOK and function in ("exp", "log", "sqrt", "sin", "cos"):
        raise ops.misfit(
            at, f"{name} of {inner.shown} is read both by components and as the function of a "
            "matrix; write the components with indices",
        )  # fmt: skip


def _trace(lowering: Lowers, inner: Value, shown: str, at: int) -> Value:
    axes = lowering.operations.axes

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        letters = axes.fresh(taken)
        (index,) = indices(letters, at)
        body = inner.write((index, index), taken | set(letters))
        return axes.over("sum", inner.axes[:1], letters, at, body)

    return Value((), write, shown)


def _diag(lowering: Lowers, inner: Value, shown: str, at: int) -> Value:
    if inner.rank == 0:
        raise lowering.operations.misfit(at, f"diag takes a vector, and {inner.shown} is a number")
    if inner.rank == 2:
        lowering.operations._join(inner, 0, inner, 1, at)
        return Value(inner.axes[:1], lambda found, taken: inner.write(found * 2, taken), shown)

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        return tree.times(tree.call("delta", list(found), at), inner.write(found[:1], taken))

    return Value(inner.axes * 2, write, shown)


def softmax(lowering: Lowers, inner: Value, at: int, node: ast.Call) -> Value:
    """Softmax over the last axis: a stage of its own, p, over a stage z where that is no name."""
    if inner.rank == 0:
        raise lowering.operations.misfit(at, f"softmax takes a vector; {inner.shown} is a number")
    return _staged(lowering, "softmax", inner, at, over=1, node=node)


def inverse(lowering: Lowers, inner: Value, at: int) -> Value:
    """The inverse of a matrix, of a stage where that is no name."""
    if inner.rank != 2:
        raise lowering.operations.misfit(
            at, f"inv takes a matrix, and {inner.shown} is {inner.kind()}"
        )
    lowering.operations._join(inner, 0, inner, 1, at)
    array = _named(lowering, inner, at)

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        return tree.component(tree.call("inv", [array(taken)], at), found, at)

    return Value(inner.axes, write, f"inv({inner.shown})")


def _named(lowering: Lowers, inner: Value, at: int) -> Callable[[frozenset[str]], ast.expr]:
    """The way to write an array as an argument: its name, or a stage that is made for it."""
    if inner.names == {inner.shown}:
        return lambda taken: tree.name(inner.shown, at)
    if not lowering.adding and inner.key not in lowering.staged:
        axes = [ast.Slice(col_offset=at) for _ in inner.axes]
        return lambda taken: inner.write(tuple(axes), taken)
    name = _stage(lowering, inner, "zaq" if inner.rank == 1 else "ZAQ")
    return lambda taken: tree.name(name, at)


def _stage(lowering: Lowers, inner: Value, wanted: str) -> str:
    """The stage that stands for a value; it is made where there is none yet."""
    if inner.key not in lowering.staged:
        name = next(x for x in (*wanted, *lowering.spare) if x not in lowering.operations.axes.used)
        lowering.operations.axes.used |= {name}
        lowering.staged[inner.key] = name
        lowering.stages.append((name, inner))
        lowering.arrays[name] = array(name, inner.axes, 0)
    return lowering.staged[inner.key]


def _staged(
    lowering: Lowers, function: str, inner: Value, at: int, over: int, node: ast.Call
) -> Value:
    argument = _named(lowering, inner, at)
    named = inner.names == {inner.shown} or inner.key in lowering.staged

    def write(found: Indices, taken: frozenset[str]) -> ast.expr:
        whole = argument(taken | letters_in(found))
        if len(found) > over and named:
            line: list[ast.expr] = [*found[:-over], ast.Slice(col_offset=at)]
            whole = tree.component(whole, line, at)
        elif len(found) > over:
            whole = inner.write(
                (*found[:-over], ast.Slice(col_offset=at)),
                taken | letters_in(found),
            )
        return tree.component(tree.call(function, [whole], at), found[-over:], at)

    made = Value(inner.axes, write, f"{function}({inner.shown})", inner.row, node=node)
    if not lowering.adding and made.key not in lowering.staged:
        return made
    name = _stage(lowering, made, "pqs" if inner.rank == 1 else "PQS")
    return replace(lowering.arrays[name], row=inner.row, shown=made.shown, names=frozenset())
