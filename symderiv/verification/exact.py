"""What a row of logits gives, to 60 digits, and how far a number is from that.

Gives `Exact`, all quantities of softmax and cross-entropy at one row by mpmath, `exp` and `ulps`.
Imports NumPy and mpmath only; it shares no formula with what it measures beyond the definitions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import mpmath
import numpy as np
from numpy.typing import NDArray

DIGITS = 60
Array = NDArray[Any]
_to_float = np.frompyfunc(float, 1, 1)
_log = np.frompyfunc(lambda x: mpmath.log(x) if x else mpmath.mpf("-inf"), 1, 1)
_mpf = np.frompyfunc(mpmath.mpf, 1, 1)


def exp(x: Any) -> Any:
    """e^x, also at ±1e308, where mpmath would multiply out a whole power of e.

    >>> exp(mpmath.mpf(2) ** 1000) == mpmath.inf
    False
    """
    x = mpmath.mpf(x)
    if not mpmath.isfinite(x) or abs(x) < 1e6:
        return mpmath.exp(x)
    with mpmath.workprec(mpmath.mp.prec + int(mpmath.mag(x)) + 20):
        twos = mpmath.nint(x / mpmath.ln2)
        rest = x - twos * mpmath.ln2
    return mpmath.ldexp(mpmath.exp(rest), int(twos))


_exp = np.frompyfunc(exp, 1, 1)


def precise(x: Any) -> Array:
    """An array of mpmath numbers, each exactly the float it stands for."""
    return _mpf(np.asarray(x, dtype=np.float64).astype(object))  # type: ignore[no-any-return]


class Exact:
    """The exact quantities at one row of logits; made and used under `mpmath.workdps(DIGITS)`."""

    def __init__(self, z: Array) -> None:
        self.floats = np.asarray(z, dtype=np.float64)
        self.z = precise(z)
        self.top = int(np.argmax(self.floats))
        self._kept: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """A value made at the first call under this name."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def pair(self, name: str) -> Pair:
        """p, q or loss as floats and what they lack."""
        return cast(Pair, self.once(f"pair {name}", lambda: Pair.of(getattr(self, name))))

    @cached_property
    def e(self) -> Array:
        """The exponentials, the largest of them 1."""
        return _exp(self.z - self.z[self.top])  # type: ignore[no-any-return]

    @cached_property
    def s(self) -> Any:
        return mpmath.fsum(self.e)

    @cached_property
    def p(self) -> Array:
        return self.e / self.s  # type: ignore[no-any-return]

    @cached_property
    def q(self) -> Array:
        """The sums of the others: of 1 - p_m at the largest, added up without it."""
        q = 1 - self.p
        others = self.e.copy()
        others[self.top] = mpmath.mpf(0)
        q[self.top] = mpmath.fsum(others) / self.s
        return q

    @cached_property
    def loss(self) -> Array:
        """-log p_i at every i; where p_i is close to 1, by the sum of the others."""
        nats = -_log(self.p)
        nats[self.top] = -mpmath.log1p(-self.q[self.top])
        return nats  # type: ignore[no-any-return]

    @cached_property
    def logsumexp(self) -> Any:
        return self.z[self.top] + self.loss[self.top]

    def gradient(self, y: int) -> Array:
        """p_j - δ_jy."""
        g = self.p.copy()
        g[y] = -self.q[y]
        return g

    def jacobian(self, i: Array, j: Array) -> Array:
        """p_i(δ_ij - p_j) at entries (i, j)."""
        return np.where(i == j, self.p[i] * self.q[i], -self.p[i] * self.p[j])


@dataclass(frozen=True)
class Pair:
    """Exact values as float64 and what they lack to be exact, made once and used often."""

    near: Array
    rest: Array

    @classmethod
    def of(cls, exact: Any) -> Pair:
        """The pair of an array of mpmath numbers."""
        wanted = np.atleast_1d(np.asarray(exact, dtype=object))
        with np.errstate(all="ignore"):
            near = _to_float(wanted).astype(np.float64)
            rest = np.where(np.isfinite(near), _to_float(wanted - precise(near)), 0)
        return cls(near, rest.astype(np.float64))

    def at(self, place: int, other: Pair, where: int) -> Pair:
        """This pair with one entry from another."""
        near, rest = self.near.copy(), self.rest.copy()
        near[place], rest[place] = other.near[where], other.rest[where]
        return Pair(near, rest)

    def __neg__(self) -> Pair:
        return Pair(-self.near, -self.rest)

    def __getitem__(self, place: Any) -> Pair:
        return Pair(np.atleast_1d(self.near[place]), np.atleast_1d(self.rest[place]))


def above_underflow(scale: Pair, dtype: Any) -> Pair:
    """A scale on which an error below the smallest normal number is less than one ulp."""
    floor = float(np.finfo(dtype).tiny / np.finfo(dtype).eps)
    return Pair(np.maximum(scale.near, floor), scale.rest)


def ulps(computed: Any, exact: Any, dtype: Any, scale: Any = None) -> Array:
    """How far computed floats are from exact values, in ulp of those (or of a given scale).

    Beyond the largest float the infinity of the right sign is exact; a nan, or an infinity that
    should not be one, is infinitely far.
    """
    found = np.atleast_1d(np.asarray(computed)).astype(np.float64)
    pair = exact if isinstance(exact, Pair) else Pair.of(exact)
    near, rest = pair.near, pair.rest
    sizes = near if scale is None else (scale if isinstance(scale, Pair) else Pair.of(scale)).near
    largest = float(np.finfo(dtype).max)
    with np.errstate(all="ignore"):
        beyond = np.abs(near) > largest
        size = np.minimum(np.abs(sizes), largest).astype(dtype)
        far = np.abs((found - near) - np.where(beyond, 0, rest)) / np.spacing(size).astype(
            np.float64
        )
        far = np.where(beyond, np.where(found == np.copysign(np.inf, near), 0, np.inf), far)
    return np.where(np.isnan(far), np.inf, far)
