"""Checks: which function is compared with which exact value, and within how many ulp.

Gives `CHECKS`, the functions of logits, and `ELEMENTWISE`, those of numbers.  Imports the
functions, the exact values and the points.

To add a check: one row, which names a function of `symderiv.functions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from symderiv import functions
from symderiv.verification.exact import Exact, Pair, precise, ulps
from symderiv.verification.points import Point

Array = NDArray[Any]
WIDEST_MATRIX = 200  # matrices are checked up to this many classes


@dataclass(frozen=True)
class Check:
    """One line of the table.

    `measure` gives the errors at a point in `unit`, None where the point is not for this check.
    """

    function: str
    part: str
    bound: float
    measure: Callable[[Point, Exact], Array | None]
    unit: str = "ulp"
    against: str = "mpmath, 60 digits"

    @property
    def name(self) -> str:
        return f"{self.function}, {self.part}" if self.part else self.function


def _of_logits(name: str, exact: Callable[[Exact], Any], bound: float, part: str = "") -> Check:
    call = getattr(functions, name)
    return Check(name, part, bound, lambda p, x: ulps(call(p.z), exact(x), p.z.dtype))


def _of_labels(name: str, take: Callable[[Any], Any], exact: Any, bound: float, part: str) -> Check:
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        found = [ulps(take(call(p.z, y)), exact(x, y), p.z.dtype) for y in p.labels]
        return np.concatenate(found)

    return Check(name, part, bound, measure)


def _of_matrix(name: str) -> tuple[Check, Check]:
    call = getattr(functions, name)

    def measure(p: Point, x: Exact, diagonal: bool) -> Array | None:
        width = len(p.z)
        if width > WIDEST_MATRIX or (width == 1 and not diagonal):
            return None
        matrix = call(p.z)
        i, j, exact = x.once("jacobian", lambda: _exact_entries(x))
        chosen = (i == j) == diagonal
        return ulps(matrix[i, j][chosen], exact[chosen], p.z.dtype)

    return (
        Check(name, "diagonal", 5, lambda p, x: measure(p, x, True)),
        Check(name, "off the diagonal", 9, lambda p, x: measure(p, x, False)),
    )


def _exact_entries(x: Exact) -> tuple[Array, Array, Pair]:
    """All entries of a small Jacobian; of a large one its diagonal, one row and a sample."""
    width = len(x.floats)
    if width <= 20:
        i, j = (a.ravel() for a in np.indices((width, width)))
    else:
        every, rng = np.arange(width), np.random.default_rng(width)
        i = np.concatenate([every, np.full(width, x.top), rng.integers(0, width, 300)])
        j = np.concatenate([every, every, rng.integers(0, width, 300)])
    return i, j, Pair.of(x.jacobian(i, j))


def _entries(name: str) -> Check:
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        last = len(p.z) - 1
        found = [
            ulps(call(p.z, a, b), x.jacobian(np.array([a]), np.array([b])), p.z.dtype)
            for a, b in {(0, 0), (x.top, x.top), (0, last), (last, 0)}
        ]
        return np.concatenate(found)

    return Check(name, "", 9, measure)


def _log_matrix(name: str) -> Check:
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array | None:
        if len(p.z) > WIDEST_MATRIX:
            return None
        p_, q, shape = -x.pair("p"), x.pair("q"), (len(p.z),) * 2
        near, rest = np.broadcast_to(p_.near, shape).copy(), np.broadcast_to(p_.rest, shape).copy()
        np.fill_diagonal(near, q.near)
        np.fill_diagonal(rest, q.rest)
        return ulps(call(p.z), Pair(near, rest), p.z.dtype)

    return Check(name, "", 5, measure)


def _product(name: str) -> Check:
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        exact, size = x.once("product", lambda: _exact_product(p, x))
        return ulps(call(p.z, p.direction), exact, p.z.dtype, scale=size)

    return Check(name, "", 8, measure, "ulp of p_i(|w_i| + Σp|w|)")


def _exact_product(p: Point, x: Exact) -> tuple[Pair, Pair]:
    v = precise(p.direction)
    w = v - v[x.top]
    mean = mpmath.fsum(x.p * w)
    size = x.p * (abs(w) + mpmath.fsum(x.p * abs(w)))
    return Pair.of(x.p * (w - mean)), Pair.of(size)


def _exact_targets(p: Point, x: Exact) -> tuple[Pair, Pair, Pair]:
    t = precise(p.target)
    loss = mpmath.fsum(a * b for a, b in zip(t, x.loss, strict=True) if a)
    difference = x.p - t
    difference[x.top] = (1 - t[x.top]) - x.q[x.top]
    return Pair.of(loss), Pair.of(difference), Pair.of(np.maximum(x.p, t))


def _targets(name: str, take: Callable[[Any], Any], part: str, loss: bool) -> Check:
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        found = take(call(p.z, p.target))
        value, gradient, size = x.once("targets", lambda: _exact_targets(p, x))
        if loss:
            return ulps(found, value, p.z.dtype)
        return ulps(found, gradient, p.z.dtype, scale=size)

    unit = "ulp" if loss else "ulp of max(p, y)"
    return Check(name, part, 4 if loss else 5, measure, unit)


def _complex_step(p: Point, x: Exact) -> Array | None:
    """Beside Im softmax(z + i h e_j)/h: in units of 2^-52 (2^-23) of the largest entry, 1/4."""
    width = len(p.z)
    if width > 10 or not np.isfinite(p.z).all():
        return None
    step = 1e-30
    z = (p.z.astype(np.float64) - p.z.max().astype(np.float64)).astype(complex)
    e = np.exp(z + 1j * step * np.eye(width))
    columns = (e / e.sum(axis=1, keepdims=True)).imag / step
    found = functions.softmax_jacobian(p.z).astype(np.float64)
    far: Array = np.abs(found - columns.T) / (np.finfo(p.z.dtype).eps / 4)
    return far


def _logsumexp(p: Point, x: Exact) -> Array:
    size = max(abs(x.z[x.top]), mpmath.log(len(p.z)))
    return ulps(functions.logsumexp(p.z), x.logsumexp, p.z.dtype, scale=size)


_whole: Callable[[Any], Any] = lambda value: value  # noqa: E731
_first: Callable[[Any], Any] = lambda value: value[0]  # noqa: E731
_second: Callable[[Any], Any] = lambda value: value[1]  # noqa: E731


def _gradient(x: Exact, y: int) -> Pair:
    return x.pair("p").at(y, -x.pair("q"), y)


CHECKS: tuple[Check, ...] = (
    _of_logits("softmax", lambda x: x.pair("p"), 5),
    *_of_matrix("softmax_jacobian"),
    Check(
        "softmax_jacobian", "complex step", 8, _complex_step, "eps/4", "derivative by complex step"
    ),
    _entries("softmax_jacobian_entry"),
    _product("softmax_jvp"),
    _product("softmax_vjp"),
    _of_logits("log_softmax", lambda x: -x.pair("loss"), 4),
    _log_matrix("log_softmax_jacobian"),
    Check("logsumexp", "", 4, _logsumexp, "ulp of max(|max z|, log K)"),
    _of_logits("logsumexp_gradient", lambda x: x.pair("p"), 5),
    *_of_matrix("logsumexp_hessian"),
    _product("logsumexp_hvp"),
    _of_labels("cross_entropy", _whole, lambda x, y: x.pair("loss")[y], 4, ""),
    _of_labels("cross_entropy_gradient", _whole, _gradient, 5, ""),
    _of_labels("cross_entropy_and_gradient", _first, lambda x, y: x.pair("loss")[y], 4, "value"),
    _of_labels("cross_entropy_and_gradient", _second, _gradient, 5, "gradient"),
    *_of_matrix("cross_entropy_hessian"),
    _entries("cross_entropy_hessian_entry"),
    _product("cross_entropy_hvp"),
    _targets("cross_entropy_soft", _whole, "", True),
    _targets("cross_entropy_soft_gradient", _whole, "", False),
    _targets("cross_entropy_soft_and_gradient", _first, "value", True),
    _targets("cross_entropy_soft_and_gradient", _second, "gradient", False),
)


@dataclass(frozen=True)
class Elementwise:
    """A function of numbers, its exact value and its bound."""

    function: str
    exact: Callable[[Any], Any]
    bound: float


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


ELEMENTWISE = (
    Elementwise("sigmoid", _sigmoid, 4),
    Elementwise("sigmoid_derivative", lambda x: _sigmoid(x) * _sigmoid(-x), 8),
    Elementwise("softplus", lambda x: mpmath.log1p(mpmath.exp(x)), 4),
    Elementwise("softplus_derivative", _sigmoid, 4),
    Elementwise("log_sigmoid", lambda x: -mpmath.log1p(mpmath.exp(-x)), 4),
    Elementwise("log_sigmoid_derivative", lambda x: _sigmoid(-x), 4),
    Elementwise("tanh", mpmath.tanh, 4),
    Elementwise("tanh_derivative", lambda x: mpmath.sech(x) ** 2, 8),
    Elementwise("log_cosh", lambda x: mpmath.log(mpmath.cosh(x)), 8),
)


def elementwise_points(dtype: Any) -> Array:
    """Numbers of every size, and where exponentials over- and underflow."""
    rng = np.random.default_rng(5)
    spread = [rng.normal(size=60) * scale for scale in (1e-6, 0.1, 1, 10, 100, 500)]
    hard = [0, 1, -1, 37.5, -37.5, 88, -87.4, -103, 350, 360, -360, 708, -708.5, -744, 1e4, -1e4]
    return np.concatenate([*spread, hard]).astype(dtype)
