"""Functions where their formula as it is written would lose every digit, overflow, or be 0/0.

`FINITE` is held to the formula at 400 digits, `ENDS` to the limit that it has.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import functions as written
from symderiv import numeric
from symderiv.catalogue import functions
from symderiv.emit.module import programs
from symderiv.verification.formulas import exact_results

MADE = {w.name: p for w, p in programs(functions().values())}
CERTAIN, CLASS = [40.0, 0, 0.3, -1], [1.0, 0, 0, 0]
LAYER = {"W": [[1, 0], [0, 1], [0, 2], [0.0, -1]], "x": [40.0, 0.25], "b": [0.0] * 4, "y": 0}

FINITE: list[tuple[str, Mapping[str, Any]]] = [
    ("label_smoothing_gradient", {"z": CERTAIN, "y": CLASS, "a": 0.0}),
    ("label_smoothing_and_gradient", {"z": CERTAIN, "y": CLASS, "a": 0.0}),
    ("label_smoothing", {"z": CERTAIN, "y": CLASS, "a": 0.0}),
    ("label_smoothing_gradient", {"z": CERTAIN, "y": CLASS, "a": 0.25}),
    ("cross_entropy_unnormalised_gradient", {"z": CERTAIN, "y": CLASS}),
    ("cross_entropy_unnormalised_gradient", {"z": CERTAIN, "y": [3.0, 0, 0, 0]}),
    ("cross_entropy_unnormalised_and_gradient", {"z": CERTAIN, "y": CLASS}),
    ("cross_entropy_reused_letter_gradient", {"z": CERTAIN, "y": CLASS}),
    ("cross_entropy_linear_gradient_x", LAYER),
    ("cross_entropy_linear_and_gradient_x", LAYER),
    ("log_softmax_jvp", {"z": CERTAIN, "v": CLASS}),
    ("log_softmax_jvp", {"z": CERTAIN, "v": [0.0, 1, 0, 0]}),
    ("log_softmax_vjp", {"z": CERTAIN, "u": CLASS}),
    ("log_softmax_vjp", {"z": [0.0] * 4, "u": [1e308] * 4}),
    ("softmax_of_activations_jvp", {"o": CERTAIN, "v": CLASS}),
    ("softmax_of_activations_vjp", {"o": CERTAIN, "u": CLASS}),
    ("softmax_of_activations_jacobian", {"o": CERTAIN}),
    ("softmax_with_temperature", {"z": [1e15 + 1, 1e15, 1e15 + 2, 1e15 - 1], "T": 0.5}),
    ("entropy", {"z": [0.0, -735, -738, -740]}),
    ("entropy", {"z": [0.0, -744, -744.5, -2000]}),
    ("entropy_gradient", {"z": [0.0, -740, -741, -744]}),
    ("sigmoid_hessian", {"x": 1e-10}),
    ("sigmoid_hessian", {"x": 1e-300}),
    ("sigmoid_hessian", {"x": 30.0}),
    ("silu", {"x": -726.7}),
    ("silu", {"x": -744.0}),
    ("silu_derivative", {"x": -726.7}),
    ("silu_derivative", {"x": -744.0}),
    ("layer_normalisation", {"x": [1e4, 1e4 + 1, 1e4 + 0.25, 1e4 - 0.5], "e": 1e-5}),
    ("layer_normalisation", {"x": [1e8 + 0.1, 1e8, 1e8 + 0.7, 1e8 - 0.5], "e": 1e-5}),
    ("layer_normalisation", {"x": [1e-200, -1e-200, 0, 0], "e": 0.0}),
    ("layer_normalisation", {"x": [1e308] * 4, "e": 1e-5}),
]

INF = np.inf
SOME = {"z": [-INF, 0, 1], "y": [0, 0.25, 0.75]}
SOME_LOSS = 0.75 * math.log1p(math.exp(-1)) + 0.25 * math.log1p(math.e)
SOME_ENTROPY = math.log1p(math.exp(-1)) + 1 / (1 + math.e)
SLOPE = (SOME_ENTROPY - 1 - math.log1p(math.exp(-1))) / (1 + math.e)
OWN = 0.25 * math.log(0.25) + 0.75 * math.log(0.75)
AT_2 = [1 / (1 + math.exp(-2)), 1 / (1 + math.exp(2))]
FAR = {"z": [1e308, -1e308], "y": [1.0, 0]}
ENDS: list[tuple[str, Mapping[str, Any], Any]] = [
    ("cross_entropy_unnormalised", SOME, SOME_LOSS),
    ("cross_entropy_reused_letter", SOME, SOME_LOSS),
    ("label_smoothing", {**SOME, "a": 0.0}, SOME_LOSS),
    ("cross_entropy_unnormalised", FAR, 0),
    ("cross_entropy_reused_letter", FAR, 0),
    ("label_smoothing", {**FAR, "a": 0.0}, 0),
    ("kl_divergence", {"z": SOME["z"], "q": SOME["y"]}, SOME_LOSS + OWN),
    ("kl_divergence", {"z": [-INF, 0, 1], "q": [0.5, 0.25, 0.25]}, INF),
    ("entropy", {"z": SOME["z"]}, SOME_ENTROPY),
    ("entropy_gradient", {"z": SOME["z"]}, [0, -SLOPE, SLOPE]),
    ("entropy_gradient", {"z": FAR["z"]}, [0, 0]),
    ("binary_cross_entropy", {"z": [-INF], "y": [0.0]}, 0),
    ("binary_cross_entropy", {"z": [INF], "y": [1.0]}, 0),
    ("binary_cross_entropy", {"z": [INF], "y": [0.0]}, INF),
    ("logistic_regression", {"X": [[1e200], [1e200]], "w": [1e200], "t": [1.0, 0]}, INF),
    ("logistic_regression", {"X": [[1e200], [1e200]], "w": [1e200], "t": [1.0, 1]}, 0),
    ("softmax_with_temperature", {"z": [1.0, 2, 3], "T": 1e-308}, [0, 0, 1]),
    ("softmax_with_temperature", {"z": [1.0, 2, -INF], "T": 1e-308}, [0, 1, 0]),
    ("softmax_with_temperature", {"z": [1e306, 0], "T": 1e-3}, [1, 0]),
    ("softmax_with_temperature", {"z": [1e308, -1e308], "T": 1e308}, AT_2),
    ("softmax_with_temperature", {"z": [1e308, -1e308], "T": -1e308}, AT_2[::-1]),
    ("layer_normalisation", {"x": [0.1] * 3, "e": 1e-5}, [0, 0, 0]),
    *((name, {"x": x}, value) for name, left, right in (
        ("silu", [0, 0], [1e308, INF]),
        ("gelu", [0, 0], [1e308, INF]),
        ("silu_derivative", [0, 0], [1, 1]),
        ("gelu_derivative", [0, 0], [1, 1]),
    ) for x, value in (([-1e308, -INF], left), ([1e308, INF], right))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "limit"), ENDS, ids=str)
def test_limits_where_something_is_infinite(
    name: str, given: Mapping[str, Any], limit: Any
) -> None:
    arrays = {k: np.asarray(v, np.float64) for k, v in given.items()}
    (value,) = found(name, arrays)
    assert np.allclose(value, limit, rtol=1e-15, atol=1e-16)
    sizes = [np.abs(v[np.isfinite(v) & (v != 0)]) for v in arrays.values()]
    if any(((v > 1e38) | (v < 1e-38)).any() for v in sizes):
        return
    (low,) = found(name, {k: v.astype(np.float32) for k, v in arrays.items()})
    assert low.dtype == np.float32
    assert np.allclose(low, limit, rtol=1e-6, atol=1e-7)


def found(name: str, given: Mapping[str, Any]) -> list[Any]:
    """What a function returns, with no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = getattr(written, name)(**given)
    return [np.asarray(v) for v in (value if isinstance(value, tuple) else (value,))]


@pytest.mark.parametrize(("name", "given"), FINITE, ids=lambda x: x if isinstance(x, str) else "")
def test_every_digit(name: str, given: Mapping[str, Any]) -> None:
    arrays = {k: np.asarray(v) for k, v in given.items()}
    with mpmath.workdps(400):
        exact = list(exact_results(MADE[name], arrays))
    for value, wanted in zip(found(name, arrays), exact, strict=True):
        assert np.allclose(value, wanted, rtol=2e-15, atol=1e-323), (value, wanted)


def near(value: float, exact: Any, ulps: float) -> bool:
    """Within so many ulp of the exact value, in double; subnormal ones too."""
    return bool(abs(mpmath.mpf(value) - exact) <= ulps * np.spacing(abs(float(exact))))


@pytest.mark.parametrize("far", [1.0, 30, 600, 700, 708, 720, 740, 745, 800])
def test_shares_of_what_is_large(far: float) -> None:
    """p v and σ(x) v where p and σ are subnormal or 0, and v is large."""
    for large in (1.0, -3e5, 1e100, 1e300):
        with mpmath.workdps(60):
            share = 1 / (1 + mpmath.exp(mpmath.mpf(far)))
            p_v = numeric.weighted(np.array([0, -far]), np.array([2.0, large]))
            assert near(float(p_v[1]), share * large, 6)
            assert near(float(numeric.sigmoid_times(-far, large)), share * large, 6)


@pytest.mark.parametrize("offset", [0.0, 1, 1e4, -1e8, 1e300])
@pytest.mark.parametrize("width", [1, 2, 3, 10, 200, 3000])
def test_centred(offset: float, width: int) -> None:
    x = np.random.default_rng(width).normal(size=width) * max(1.0, abs(offset) * 1e-15) + offset
    value = numeric.centred(x)
    with mpmath.workdps(60):
        mean = mpmath.fsum(map(mpmath.mpf, x.tolist())) / width
        exact = [mpmath.mpf(v) - mean for v in x.tolist()]
        unit = np.spacing(float(max(map(abs, exact))))
        for found_one, right in zip(value.tolist(), exact, strict=True):
            assert abs(mpmath.mpf(found_one) - right) <= 4 * unit


def test_centred_where_what_is_left_adds_up_beyond_the_floats() -> None:
    """Neither mean may overflow, that of the numbers or that of what is left of them."""
    x = np.array([1.0, 1.0, -1.0, -0.75]) * 2.0**1023
    exact = np.array([0.9375, 0.9375, -1.0625, -0.8125]) * 2.0**1023
    assert np.array_equal(numeric.centred(x), exact)
    assert np.array_equal(numeric.centred(x.astype(np.float64)[::-1]), exact[::-1])


def test_no_temperature() -> None:
    with pytest.raises(ValueError, match="temperature is 0"):
        written.softmax_with_temperature(np.array([1.0, 2]), 0.0)
    with pytest.raises(ValueError, match=r"from z and T, is -inf everywhere or holds \+inf"):
        written.softmax_with_temperature(np.array([1.0, np.inf]), 2.0)
