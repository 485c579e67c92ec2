"""Measures: how far a function of logits is from its exact value at a point.

Gives `Check`, one line of the table, and what makes one of a function's name: of logits, of labels,
of targets (for matrices: `symderiv.verification.matrices`).  Imports the functions, the exact
values and the points.
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
from symderiv.emit.accuracy import Bound, bound
from symderiv.verification.exact import Exact, Pair, precise, ulps
from symderiv.verification.points import Point

Array = NDArray[Any]
WIDEST_MATRIX = 200  # matrices are checked up to this many classes
SUM = Bound(5, unit="ulp of Σ|entries|")


@dataclass(frozen=True)
class Check:
    """One line of the table.

    `measure` gives the errors at a point in units of the bound, None where the point is not for
    this check.
    """

    function: str
    part: str
    bound: Bound
    measure: Callable[[Point, Exact], Array | None]
    against: str = "mpmath, 60 digits"

    @property
    def name(self) -> str:
        return f"{self.function}, {self.part}" if self.part else self.function


def of_logits(name: str, exact: Callable[[Exact], Any], within: Bound) -> Check:
    """A function of logits alone."""
    call = getattr(functions, name)
    return Check(name, "", within, lambda p, x: ulps(call(p.z), exact(x), p.z.dtype))


def of_labels(
    name: str, exact: Callable[[Exact, int], Any], within: Bound, part: str = "", take: int = 0
) -> Check:
    """A function of logits and a label; `take` is which of its results where `part` names one."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        each = ((call(p.z, y), exact(x, y)) for y in p.labels)
        found = [ulps(v[take] if part else v, wanted, p.z.dtype) for v, wanted in each]
        return np.concatenate(found)

    return Check(name, part, within, measure)


def of_batch(name: str, exact: Callable[[Exact, int], Any], within: Bound) -> Check:
    """A function of a batch of logits and their labels: the row at each of its labels."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array:
        found = [(call(p.z[None], np.array([y])), exact(x, y)) for y in p.labels]
        return np.concatenate([ulps(np.ravel(v), wanted, p.z.dtype) for v, wanted in found])

    return Check(name, "", within, measure)


def of_mean_gradient(name: str) -> Check:
    """The gradient of a mean over a batch: the row once for each of its labels."""
    call = getattr(functions, name)

    def measure(p: Point, x: Exact) -> Array | None:
        rows = len(p.labels)
        if len(p.z) > WIDEST_MATRIX:
            return None
        found = call(np.tile(p.z, (rows, 1)), np.array(p.labels))
        exact = np.stack([x.gradient(y) / rows for y in p.labels])
        return ulps(found, exact, p.z.dtype)

    return Check(name, "", bound(name), measure)


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

    return Check(name, part, SUM, measure, "its sum")


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

    kind = "loss" if loss else "gradient"
    within = bound("target_loss_and_gradient", kind) if part else bound(f"target_{kind}")
    return Check(name, part, within, measure)


def log_of_sum(p: Point, x: Exact) -> Array:
    """log Σ e^z, on the scale of what is rounded on the way to it."""
    size = max(abs(x.z[x.top]), mpmath.log(len(p.z)))
    return ulps(functions.logsumexp(p.z), x.logsumexp, p.z.dtype, scale=size)
