"""Functions of one number, their exact values, and how close they must come.

Gives `ELEMENTWISE`, `elementwise_errors` and `elementwise_points`.  The unit is the ulp of the
exact value wherever it can be: a product whose factors pass through zero, or an argument whose
own rounding the function enlarges, is measured on the scale that its bound names.  Every exact
value is written so that 60 digits are enough at every argument: σ(-x) for 1 - σ(x), erfc for 1 -
erf.

To add a function: one row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from symderiv import functions
from symderiv.emit.accuracy import Bound, bound
from symderiv.verification.exact import DIGITS, Pair, above_underflow, precise, ulps
from symderiv.verification.quiet import quietly

Array = NDArray[Any]
Real = Callable[[Any], Any]


@dataclass(frozen=True)
class Elementwise:
    """A function of numbers and its exact value; `scale` where its bound is of something else.

    The bound is its own, or that `of` another function.
    """

    function: str
    exact: Real
    scale: Real | None = None
    of: str = ""

    @property
    def bound(self) -> Bound:
        """How close it must come."""
        return bound(self.of or self.function)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


def _slope(x: Any) -> Any:
    return _sigmoid(x) * _sigmoid(-x)


def _normal(x: Any) -> Any:
    """The normal distribution function Φ, every digit of its tail."""
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def _density(x: Any) -> Any:
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def _logistic_tail(x: Any) -> Any:
    return (1 + abs(x)) * _sigmoid(x)


def _normal_tail(x: Any) -> Any:
    return (1 + x * x) * (_normal(x) + abs(x) * _density(x))


ELEMENTWISE = (
    Elementwise("sigmoid", _sigmoid),
    Elementwise("sigmoid_derivative", _slope),
    Elementwise("sigmoid_hessian", lambda x: _slope(x) * (_sigmoid(-x) - _sigmoid(x))),
    Elementwise("softplus", lambda x: mpmath.log1p(mpmath.exp(x))),
    Elementwise("softplus_derivative", _sigmoid, of="sigmoid"),
    Elementwise("log_sigmoid", lambda x: -mpmath.log1p(mpmath.exp(-x))),
    Elementwise("log_sigmoid_derivative", lambda x: _sigmoid(-x)),
    Elementwise("tanh", mpmath.tanh),
    Elementwise("tanh_derivative", lambda x: mpmath.sech(x) ** 2),
    Elementwise("tanh_hessian", lambda x: -2 * mpmath.tanh(x) * mpmath.sech(x) ** 2),
    Elementwise("log_cosh", lambda x: mpmath.log1p(2 * mpmath.sinh(x / 2) ** 2)),
    Elementwise("log_cosh_derivative", mpmath.tanh),
    Elementwise("relu", lambda x: max(mpmath.mpf(0), x)),
    Elementwise("relu_derivative", lambda x: mpmath.mpf(x > 0)),
    Elementwise("silu", lambda x: x * _sigmoid(x), _logistic_tail),
    Elementwise("silu_derivative", lambda x: _sigmoid(x) * (1 + x * _sigmoid(-x)), _logistic_tail),
    Elementwise("gelu", lambda x: x * _normal(x), _normal_tail),
    Elementwise("gelu_derivative", lambda x: _normal(x) + x * _density(x), _normal_tail),
)


def elementwise_points(dtype: Any) -> Array:
    """Numbers of every size, and where exponentials over- and underflow."""
    rng = np.random.default_rng(5)
    spread = [rng.normal(size=60) * scale for scale in (1e-6, 0.1, 1, 10, 100, 500)]
    hard = [0, 1, -1, 37.5, -37.5, 88, -87.4, -103, 350, 360, -360, 708, -708.5, -744, 1e4, -1e4]
    tails = [-2, -5, -8, -12, -13.9, -20, -37, 2, 5, 8, 1e-30, -1e-30]
    return np.concatenate([*spread, hard, tails]).astype(dtype)


def elementwise_errors(
    dtype: Any, names: Collection[str]
) -> Iterator[tuple[Elementwise, int, float, str]]:
    """Each function with the points tried, its largest error and where that is."""
    x = elementwise_points(dtype)
    for check in ELEMENTWISE:
        if check.function not in names:
            continue
        with mpmath.workdps(DIGITS):
            exact = Pair.of([check.exact(t) for t in precise(x)])
            scale = check.scale and Pair.of([check.scale(t) for t in precise(x)])
        if scale is not None:
            scale = above_underflow(scale, dtype)
        value, said = quietly(getattr(functions, check.function), x)
        far = ulps(value, exact, dtype, scale=scale)
        n = int(far.argmax())
        if said:
            yield check, len(x), float("inf"), f"it warns: {said}"
        else:
            yield check, len(x), float(far[n]), f"x = {float(x[n]):.9g}" if far[n] else ""
