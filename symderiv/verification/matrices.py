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


def _sample(x: Exact) -> Array:
    """The entries of a product to look at: of the widest rows the largest logit and some others."""
    width = len(x.floats)
    if width <= 1000:
        return np.arange(width)
    return np.unique([x.top, *range(100), *range(100, width, 29)])


def of_product(name: str) -> Check:
    """That matrix times a vector."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        some, exact, size = x.once("product", lambda: _exact_product(p, x))
        return ulps(call(p.z, p.direction)[some], exact, p.z.dtype, scale=size)

    return Check(name, "", bound("jacobian_product"), measure)


def _exact_product(p: Point, x: Exact) -> tuple[Array, Pair, Pair]:
    some, w, mean, size = _shifted(p, x)
    return some, Pair.of(x.p[some] * (w - mean)), Pair.of(x.p[some] * (abs(w) + size))


def _shifted(p: Point, x: Exact) -> tuple[Array, Array, Any, Any]:
    """A sample of w = v - v_m (v where no p_m > 1/2), Σ_j p_j w_j and Σ_j p_j |w_j|."""
    some, v = _sample(x), precise(p.direction)
    w = v - v[x.top] if x.p[x.top] > 0.5 else v
    shares = x.p * w
    return some, w[some], mpmath.fsum(shares), mpmath.fsum(abs(shares))


def of_log_product(name: str) -> Check:
    """The Jacobian of log-softmax times a vector."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        some, w, mean, size = _shifted(p, x)
        exact, scale = Pair.of(w - mean), Pair.of(abs(w) + size)
        return ulps(call(p.z, p.direction)[some], exact, p.z.dtype, scale=scale)

    return Check(name, "", bound("log_jacobian_product"), measure)


def of_transposed(name: str) -> Check:
    """A vector times the Jacobian of log-softmax."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        some, every = _sample(x), precise(p.direction)
        u, share, others = every[some], x.p[some], x.q[some]
        rest, sizes = mpmath.fsum(every) - u, mpmath.fsum(abs(every)) - abs(u)
        scale = Pair.of(abs(u) * np.where(share > 0.5, others, 1) + share * sizes)
        exact = Pair.of(u * others - share * rest)
        return ulps(call(p.z, p.direction)[some], exact, p.z.dtype, scale=scale)

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
