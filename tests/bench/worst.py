"""A search for the worst logits: by hill climbing, in ulp, beside the bound that is stated.

Random points seldom meet the worst: rows whose exponentials are all rounded to the worse side.
The reference is NumPy's long double, with 11 bits more than double; where it has none, as on many
machines that are not x86, there is nothing to compare with.  Nothing here is a test: what is found
is made one, against mpmath.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from symderiv import numeric
from symderiv.emit.accuracy import bound

Array = Any
ROWS = 64
WIDTHS = (2, 3, 5, 10, 33)
SECONDS = 1.5
Long = np.longdouble

# name: (ours, exact from p, the sums of the others q and the labels, stated bound)
MEASURES: dict[str, tuple[Callable[..., Array], Callable[..., Array], float]] = {
    "softmax": (lambda z, y: numeric.softmax(z), lambda p, q, y: p, bound("softmax").ulp),
    "complement": (lambda z, y: numeric.complement(z), lambda p, q, y: q, bound("complement").ulp),
    "loss": (
        lambda z, y: numeric.label_loss(z, y)[:, None],
        lambda p, q, y: np.log1p(taken(q, y) / taken(p, y)),
        bound("label_loss").ulp,
    ),
    "gradient": (
        numeric.label_gradient,
        lambda p, q, y: np.where(np.arange(p.shape[1]) == y[:, None], -q, p),
        bound("label_gradient").ulp,
    ),
    "diagonal of the Jacobian": (
        lambda z, y: numeric.jacobian_diagonal(z),
        lambda p, q, y: p * q,
        bound("jacobian_diagonal").ulp,
    ),
}


def taken(p: Array, y: Array) -> Array:
    """The entry y of each row."""
    return np.take_along_axis(p, y[:, None], -1)


def errors(name: str, z: Array, y: Array) -> Array:
    """The largest error of each row, in ulp of the exact value."""
    ours, exact, _ = MEASURES[name]
    wide = z.astype(Long)
    e = np.exp(wide - wide.max(axis=-1, keepdims=True))
    width = z.shape[1]
    others = np.stack([np.delete(e, k, 1).sum(axis=-1) for k in range(width)], axis=-1)
    total = e.sum(axis=-1, keepdims=True)
    value = exact(e / total, others / total, y)
    digits = np.finfo(z.dtype).nmant
    unit = np.ldexp(Long(1), np.frexp(np.abs(value))[1] - 1 - digits)
    return (np.abs(ours(z, y).astype(Long) - value) / unit).max(axis=-1)


def changed(z: Array, rng: np.random.Generator) -> Array:
    """Each row with one logit or all of them moved."""
    z = z.copy()
    rows, width = z.shape
    at = np.arange(rows), rng.integers(0, width, rows)
    step = rng.normal(size=rows) * rng.choice([1, 0.1, 0.01], rows)
    fresh = rng.choice([-36, -30, -5, 0, 5], rows) + rng.normal(size=rows)
    kind = rng.integers(0, 3, rows)
    z[at] = np.where(kind == 0, fresh, z[at] + np.where(kind == 1, step, 0))
    z += np.where(kind == 2, step, 0)[:, None].astype(z.dtype)
    return z


def climbed(name: str, width: int, dtype: Any, seconds: float) -> float:
    """The worst that is found in so many seconds."""
    rng = np.random.default_rng(width)
    z = (rng.normal(size=(ROWS, width)) * 5).astype(dtype)
    y = rng.integers(0, width, ROWS)
    best = errors(name, z, y)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        other = changed(z, rng)
        found = errors(name, other, y)
        better = found >= best
        z[better], best[better] = other[better], found[better]
    return float(best.max())


def main() -> None:
    """Print the worst of every measure and dtype."""
    if np.finfo(Long).nmant <= np.finfo(np.float64).nmant:
        print("(long double is double here: nothing to compare with)")
        return
    for name, (*_, stated) in MEASURES.items():
        for dtype in (np.float64, np.float32):
            worst = [climbed(name, width, dtype, SECONDS) for width in WIDTHS]
            shown = "  ".join(f"K = {k}: {w:.2f}" for k, w in zip(WIDTHS, worst, strict=True))
            print(f"{name:26} {np.dtype(dtype).name}  stated {stated:g} ulp  {shown}", flush=True)


if __name__ == "__main__":
    main()
