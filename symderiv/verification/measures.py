"""Measures: how far a function of logits is from its exact value at a point.

Gives `Check`, one line of the table, and what makes one of a function's name: of logits, of labels,
of targets, a matrix, an entry, a product.  Imports the functions, the exact values and the points.
"""

from __future__ import annotations

import math
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


def of_logits(name: str, exact: Callable[[Exact], Any], bound: float) -> Check:
    """A function of logits alone."""
    call = getattr(functions, name)
    return Check(name, "", bound, lambda p, x: ulps(call(p.z), exact(x), p.z.dtype))


def of_labels(
    name: str, exact: Callable[[Exact, int], Any], bound: float, part: str = "", take: int = 0
) -> Check:
    """A function of logits and a label; `take` is which of its results where `part` names one."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        each = ((call(p.z, y), exact(x, y)) for y in p.labels)
        found = [ulps(v[take] if part else v, wanted, p.z.dtype) for v, wanted in each]
        return np.concatenate(found)

    return Check(name, part, bound, measure)


def of_batch(name: str, exact: Callable[[Exact, int], Any], bound: float) -> Check:
    """A function of a batch of logits and their labels: the row at each of its labels."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        found = [(call(p.z[None], np.array([y])), exact(x, y)) for y in p.labels]
        return np.concatenate([ulps(np.ravel(v), wanted, p.z.dtype) for v, wanted in found])

    return Check(name, "", bound, measure)


def sums(name: str, part: str, total: float, labelled: bool = False) -> Check:
    """Entries that sum to one or to zero: how far the floats are from it, added exactly."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array | None:
        if len(p.z) > WIDEST_MATRIX and "row" in part:
            return None
        given = [(p.z, y) for y in p.labels] if labelled else [(p.z,)]
        rows = [row for a in given for row in np.atleast_2d(call(*a))[:20].astype(np.float64)]
        far = [abs(math.fsum((*row, -total))) for row in rows]
        size = [math.fsum(np.abs(row)) for row in rows]
        spacing = np.spacing(np.array(size, p.z.dtype)).astype(np.float64)
        found: Array = np.array(far) / spacing
        return found

    return Check(name, part, 5, measure, "ulp of Σ|entries|", "its sum")


def of_matrix(name: str) -> tuple[Check, Check, Check]:
    """A matrix p_i(δ_ij - p_j): its diagonal, the rest, and the sums of its rows."""
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
        sums(name, "row sums", 0),
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


def of_entries(name: str) -> Check:
    """One entry of that matrix on the fly, at the corners and at the largest logit."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        corners, exact = x.once("corners", lambda: _exact_corners(x))
        return ulps([call(p.z, i, j) for i, j in corners], exact, p.z.dtype)

    return Check(name, "", 9, measure)


def _exact_corners(x: Exact) -> tuple[list[tuple[int, int]], Pair]:
    last = len(x.floats) - 1
    corners = sorted({(0, 0), (x.top, x.top), (0, last), (last, 0)})
    i, j = np.array(corners).T
    return corners, Pair.of(x.jacobian(i, j))


def of_log_matrix(name: str) -> Check:
    """The matrix δ_ij - p_j."""
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


def of_product(name: str) -> Check:
    """That matrix times a vector."""
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


def of_log_product(name: str) -> Check:
    """The Jacobian of log-softmax times a vector."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        v = precise(p.direction)
        w = v - v[x.top] if x.p[x.top] > 0.5 else v
        exact, size = w - mpmath.fsum(x.p * w), abs(w) + mpmath.fsum(x.p * abs(w))
        return ulps(call(p.z, p.direction), Pair.of(exact), p.z.dtype, scale=Pair.of(size))

    return Check(name, "", 8, measure, "ulp of |w_i| + Σp|w|")


def of_transposed(name: str) -> Check:
    """A vector times the Jacobian of log-softmax."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        u = precise(p.direction)
        rest, sizes = mpmath.fsum(u) - u, mpmath.fsum(abs(u)) - abs(u)
        size = abs(u) * np.where(x.p > 0.5, x.q, 1) + x.p * sizes
        exact = u * x.q - x.p * rest
        return ulps(call(p.z, p.direction), Pair.of(exact), p.z.dtype, scale=Pair.of(size))

    return Check(name, "", 8, measure, "ulp of |u_j| + p_j Σ|u|")


def _exact_targets(p: Point, x: Exact) -> tuple[Pair, Pair, Pair]:
    t = precise(p.target)
    loss = mpmath.fsum(a * b for a, b in zip(t, x.loss, strict=True) if a)
    difference = x.p - t
    difference[x.top] = (1 - t[x.top]) - x.q[x.top]
    return Pair.of(loss), Pair.of(difference), Pair.of(np.maximum(x.p, t))


def of_targets(name: str, *, loss: bool, part: str = "") -> Check:
    """A function of logits and target probabilities; `part` names which of two results it is."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        found = call(p.z, p.target)
        found = found[0 if loss else 1] if part else found
        value, gradient, size = x.once("targets", lambda: _exact_targets(p, x))
        if loss:
            return ulps(found, value, p.z.dtype)
        return ulps(found, gradient, p.z.dtype, scale=size)

    unit = "ulp" if loss else "ulp of max(p, y)"
    return Check(name, part, 4 if loss else 5, measure, unit)


def by_complex_step(p: Point, x: Exact) -> Array | None:
    """Beside Im softmax(z + i h e_j)/h: in units of 2^-52 (2^-23) of the largest entry, 1/4."""
    width = len(p.z)
    if width > 10 or not np.isfinite(p.z).all():
        return None
    step = 1e-30
    with np.errstate(over="ignore"):
        z = (p.z.astype(np.float64) - float(p.z.max())).astype(complex)
    e = np.exp(z + 1j * step * np.eye(width))
    columns = (e / e.sum(axis=1, keepdims=True)).imag / step
    found = functions.softmax_jacobian(p.z).astype(np.float64)
    far: Array = np.abs(found - columns.T) / (np.finfo(p.z.dtype).eps / 4)
    return far


def log_of_sum(p: Point, x: Exact) -> Array:
    """log Σ e^z, on the scale of what is rounded on the way to it."""
    size = max(abs(x.z[x.top]), mpmath.log(len(p.z)))
    return ulps(functions.logsumexp(p.z), x.logsumexp, p.z.dtype, scale=size)
