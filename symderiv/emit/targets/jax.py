"""JAX: jax.numpy has the calls of the standard; derivatives are told to its transformations.

Imports the standard library only: every piece takes the namespace.
"""

from __future__ import annotations

import ast
import math
from contextlib import suppress
from typing import Any

from symderiv.emit.lines import names
from symderiv.emit.spelling import copied, filled
from symderiv.emit.targets import array_api
from symderiv.emit.targets.array_api import floats as fitting
from symderiv.emit.targets.entry import Target, pieces
from symderiv.emit.targets.fused import Fused
from symderiv.emit.targets.parted import Parted


def count(jnp: Any, x: Any, start: int, stop: int) -> Any:
    """The whole numbers from start to stop - 1."""
    return jnp.arange(start, stop)


def magnitude(jnp: Any, a: Any) -> Any:
    """|a|, whose slope at 0 is 1, so that what is smooth there has its own slope."""
    return jnp.where(a < 0, -a, a)


def at(jnp: Any, x: Any, y: Any) -> Any:
    """x[y] of each row; x is not repeated along y, as its gradient would be too."""
    batch = x.shape[:-1]
    own = (jnp.arange(n).reshape(-1, *(1,) * (len(batch) - k)) for k, n in enumerate(batch, 1))
    return x[(*own, y)]


def log1p(jnp: Any, x: Any) -> Any:
    """log(1 + x); where it is infinite it has no slope, as it is used where it is not."""
    near = jnp.log1p(jnp.where(x > -1, x, 0))
    return jnp.where(x > -1, near, jnp.where(x == -1, jnp.full_like(x, -jnp.inf), jnp.nan))


def zero_times(jnp: Any, a: Any, b: Any) -> Any:
    """a b, and 0 where one is 0, though the other be infinite; its slopes by both likewise."""
    few, rest = jnp.where(jnp.isinf(a), 0, a), jnp.where(jnp.isfinite(b), b, 0)
    return jnp.where(b == 0, few, a) * jnp.where(a == 0, rest, b)


def series(jnp: Any, x: Any, *c: float) -> Any:
    """c0 + c1 x + c2 x² + …, used where x is small; beyond, no slope of it overflows."""
    near, total = jnp.clip(x, -1, 1), 0.0
    for k in c[::-1]:
        total = total * near + k
    return total


def rest(jnp: Any, e: Any) -> Any:
    """The sum of each row without its largest term, which is 1."""
    total, few = e.sum(-1), (e - jnp.floor(e)).sum(-1)
    return few + (jnp.round(total - few) - 1)  # and a 1 for each other term that ties


def but_for(jnp: Any, e: Any, y: Any) -> Any:
    """The sum of each row but for e[y], where the largest terms are 1.

    If e[y] is less than 1 the others are as large at least, and a difference keeps their digits.
    """
    one, total, few = at(jnp, e, y), e.sum(-1), (e - jnp.floor(e)).sum(-1)
    return jnp.where(one < 1, total - one, few + (jnp.round(total - few) - one))


def softmax_slope(jnp: Any, e: Any, p: Any, v: Any) -> Any:
    """p (v - Σ p v) of each row, where p is e of Σ e.

    Turned round, p times a cotangent is summed and nothing else, so that XLA keeps no array for it.
    """
    total = e.sum(-1)[..., None]
    return v / total * e - e * ((p * v).sum(-1)[..., None] / total)


def floats(jnp: Any, **given: Any) -> Any:
    """The type of the results, and the arguments as arrays of JAX's of one type."""
    own = {
        n: (jnp.asarray(a) if hasattr(a, "dtype") else a, axes) for n, (a, axes) in given.items()
    }
    return fitting(jnp, **own)


def labels(jnp: Any, y: Any, K: int, name: str) -> Any:
    """Labels as whole numbers, looked at where they are known; `_within` where they are not."""
    y = jnp.asarray(y)
    wrong = strange = not jnp.issubdtype(y.dtype, jnp.integer)
    with suppress(TypeError):  # its values may not be known yet
        wrong = wrong or bool(jnp.any((y < 0) | (y >= K)))
    if wrong:
        error = TypeError if strange else IndexError
        raise error(f"{name} takes integers from 0 to {K - 1}")
    return y


def differentiable(parted: Parted) -> list[ast.stmt]:
    """A function with the rule of its derivative, and the function that calls it.

    The rule is a product with tangents, which JAX turns round for reverse mode: both modes, and
    one in the other, come from it.
    """
    name, inputs = parted.name, parted.inputs
    given = ", ".join(inputs)
    moved = dict(zip(parted.by, parted.vectors, strict=True))
    tangents = ", ".join(moved.get(n, f"_{n}") for n in inputs)
    points, along = parted.free("primals", "tangents")
    value, rule = ast.parse(
        f"@jax.custom_jvp\ndef {name}({given}):\n    return VALUE\n"
        f"def {name}_rule({points}, {along}):\n"
        f"    ({given},), ({tangents},) = {points}, {along}\n"
    ).body
    assert isinstance(value, ast.FunctionDef)
    assert isinstance(rule, ast.FunctionDef)
    value.body = [
        *parted.sizes(parted.forward, [parted.result]),
        *parted.forward,
        ast.Return(parted.result),
    ]
    lines = [*parted.forward, *(s for s in parted.common if s not in parted.forward)]
    lines += [
        ast.Assign([ast.Name("_value")], parted.result),
        *ast.parse("_slope = jnp.zeros_like(_value)").body,
    ]
    for n, (by, slope) in enumerate(zip(parted.by, parted.slopes, strict=True)):
        (asked,) = ast.parse(f"if not isinstance({moved[by]}, {ZERO}):\n    pass").body
        assert isinstance(asked, ast.If)
        slope = _Linear(moved[by]).visit(copied(slope))
        added = ast.BinOp(ast.Name("_slope"), ast.Add(), slope)
        own = [s for s in parted.own(n) if s not in parted.forward]
        asked.body = [*own, ast.Assign([ast.Name("_slope")], added)]
        lines.append(asked)
    for other in parted.others:
        lines += ast.parse(
            f"if not isinstance(_{other}, {ZERO}):\n"
            f"    raise NotImplementedError('no derivative by {other} was derived; "
            f"give jax.lax.stop_gradient({other})')"
        ).body
    rule.body += [*parted.sizes(lines), *lines]
    rule.body.append(ast.Return(ast.Tuple([ast.Name("_value"), ast.Name("_slope")], ast.Load())))
    told = ast.parse(f"{name}.defjvp({name}_rule, symbolic_zeros=True)").body
    applied = parted.value.finished(filled(f"{name}({given})", {}))
    return parted.value.around([value, rule, *told], applied)


class _Linear(ast.NodeTransformer):
    """a v / b, linear in the tangent v alone, as (a / b) v.

    Turned round it is one product of arrays with a cotangent: XLA computes the other form twice
    and keeps an array for it.
    """

    def __init__(self, tangent: str) -> None:
        self.tangent = tangent

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        match node:
            case ast.BinOp(ast.BinOp(a, ast.Mult(), ast.Name(self.tangent) as v), ast.Div(), b):
                if self.tangent not in names(a, b):
                    return ast.BinOp(ast.BinOp(a, ast.Div(), b), ast.Mult(), v)
        return self.generic_visit(node)


LARGEST = {"E": "exp(Z - M)", "M": "Z.max(-1)"}
ROOT = f"X * {-1 / math.sqrt(2)}"  # of which XLA's erfc has the exponential of -X²/2
TAIL = f"erfc(-(X / {math.sqrt(2)}))"
ZERO = "jax.custom_derivatives.SymbolicZero"
SHARED = ("full", "eye", "broadcast_arrays", "within", "where_it_holds")

TARGET = Target(
    name="jax",
    title="JAX",
    module="jnp",
    imports=("import jax", "import jax.numpy as jnp"),
    spellings={
        "abs": "_magnitude(a)",
        "log1p": "_log1p(a)",
        "hypot": "_hypot(a, b)",
        "einsum": "jnp.einsum",
        "broadcast_shapes": "jnp.broadcast_shapes",
        "cbrt": "jnp.cbrt(a)",
        "take": "jnp.take(a, b, axis=c)",
        "arange": "jnp.arange(a, b)",
        "copy": "a",
        "astype": "a.astype(b)",
        "_typed": "a.astype(b)",
        "_held": "jax.lax.stop_gradient(a)",
        "sum": "a.sum(b)",
        "vecdot": "(a * b).sum(-1)",
        "max": "a.max(b)",
        "_sigmoid": "jax.nn.sigmoid(a)",
        "_erf": "jax.scipy.special.erf(a)",
        "_erfc": "jax.scipy.special.erfc(a)",
    },
    pieces={n: array_api.TARGET.pieces[n] for n in SHARED}
    | {"fitting": fitting}
    | pieces("jnp", __name__),
    fused=(
        Fused(
            "logaddexp(0, log(R) + C)",
            "jnp.where(R == 0, 0, jnp.logaddexp(0, jnp.log(jnp.where(R == 0, 1, R)) + C))",
            beside={"R": "put(E, Y, 0).sum(-1)"} | LARGEST,
        ),
        Fused("put(E, Y, 0).sum(-1)", "_but_for(E, Y)", beside=LARGEST),
        Fused("where(count(I) == count(J), 0, E).sum(-1)", "_but_for(E, I)", beside=LARGEST),
        Fused("exp(-(X ** 2 / 2))", f"jnp.exp(-({ROOT}) ** 2)", beside={"T": TAIL}),
        Fused(
            "P * (V - (V * P).sum(-1))",
            "_softmax_slope(E, P, V)",
            beside={"P": "E / E.sum(-1)"},
            turned=True,
        ),
        Fused("X / N", "_over(X, N)", beside={"N": "norm(V)"}),
        Fused("X / N", "_over(X, N)", beside={"N": "hypot(A, B)"}),
        Fused("X / M", "_over(X, M)", beside={"M": "where(N != 0, N, 1)", "N": "norm(V)"}),
    ),
    differentiable=differentiable,
    reverse=False,
    place=3,
)
