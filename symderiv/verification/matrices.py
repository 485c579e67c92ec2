"""Measures of matrices: the Jacobians of softmax and log-softmax, their entries, their products.

Gives what makes a `Check` of a function's name: `of_matrix`, `of_entries`, `of_product` of
p_i(δ_ij - p_j), `of_log_matrix`, `of_log_product`, `of_transposed` of δ_ij - p_j; and
`by_complex_step`, the first against a derivative by complex step.
"""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from symderiv import functions
from symderiv.emit.accuracy import Bound, bound
from symderiv.verification.exact import Exact, Pair, precise, ulps
from symderiv.verification.measures import WIDEST_MATRIX, Check, sums
from symderiv.verification.points import Point

Array = NDArray[Any]
STEP = Bound(8, unit="eps/4")


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
        Check(name, "diagonal", bound("jacobian", "diagonal"), lambda p, x: measure(p, x, True)),
        Check(
            name,
            "off the diagonal",
            bound("jacobian", "the rest"),
            lambda p, x: measure(p, x, False),
        ),
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


def of_entries(name: str) -> tuple[Check, Check]:
    """One entry of that matrix on the fly, at the corners and at the largest logit."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact, diagonal: bool) -> Array | None:
        corners, exact = x.once(f"corners {diagonal}", lambda: _exact_corners(x, diagonal))
        if not corners:
            return None
        return ulps([call(p.z, i, j) for i, j in corners], exact, p.z.dtype)

    on, off = (bound("jacobian_entry", where) for where in ("on the diagonal", "elsewhere"))
    return (
        Check(name, "diagonal", on, lambda p, x: measure(p, x, True)),
        Check(name, "off the diagonal", off, lambda p, x: measure(p, x, False)),
    )


def _exact_corners(x: Exact, diagonal: bool) -> tuple[list[tuple[int, int]], Pair]:
    last = len(x.floats) - 1
    every = {(0, 0), (x.top, x.top), (0, last), (last, 0)}
    corners = sorted((i, j) for i, j in every if (i == j) == diagonal)
    i, j = np.array(corners, dtype=int).reshape(-1, 2).T
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

    return Check(name, "", bound("log_jacobian"), measure)


def of_product(name: str) -> Check:
    """That matrix times a vector."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        exact, size = x.once("product", lambda: _exact_product(p, x))
        return ulps(call(p.z, p.direction), exact, p.z.dtype, scale=size)

    return Check(name, "", bound("jacobian_product"), measure)


def _exact_product(p: Point, x: Exact) -> tuple[Pair, Pair]:
    v = precise(p.direction)
    w = v - v[x.top] if x.p[x.top] > 0.5 else v
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

    return Check(name, "", bound("log_jacobian_product"), measure)


def of_transposed(name: str) -> Check:
    """A vector times the Jacobian of log-softmax."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        u = precise(p.direction)
        rest, sizes = mpmath.fsum(u) - u, mpmath.fsum(abs(u)) - abs(u)
        size = abs(u) * np.where(x.p > 0.5, x.q, 1) + x.p * sizes
        exact = u * x.q - x.p * rest
        return ulps(call(p.z, p.direction), Pair.of(exact), p.z.dtype, scale=Pair.of(size))

    return Check(name, "", bound("log_jacobian_transposed_product"), measure)


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
