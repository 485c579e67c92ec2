"""A share that vanishes beside what grows: p_j e^u is no 0, though p_j is for floats.

Values and slopes are held against mpmath's differences of the formula as it is written.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from tests.answered import emitted

Numbers = Sequence[Any]


def _lse(z: Numbers) -> Any:
    return mpmath.log(sum(map(mpmath.exp, z)))


def _softmax(z: Numbers) -> list[Any]:
    return [mpmath.exp(v - _lse(z)) for v in z]


FORMULAS: dict[str, Callable[[Numbers], Any]] = {
    "exp(logsumexp(z))": lambda z: mpmath.exp(_lse(z)),
    "exp(2*logsumexp(z))": lambda z: mpmath.exp(2 * _lse(z)),
    "exp(logsumexp(z)/2)": lambda z: mpmath.exp(_lse(z) / 2),
    "exp(-logsumexp(z))": lambda z: mpmath.exp(-_lse(z)),
    "log(1 - softmax(z)[y])": lambda z: mpmath.log(1 - _softmax(z)[0]),
    "1/(1 - softmax(z)[y])": lambda z: 1 / (1 - _softmax(z)[0]),
    "sum(softmax(z)[i]*exp(-2*z[i]), i)": lambda z: sum(
        p * mpmath.exp(-2 * v) for p, v in zip(_softmax(z), z, strict=True)
    ),
}
POINTS = [0.5, -1.0], [2.0, 2.0], [700.0, -80.0], [-400.0, 400.0], [1424.0, -86.0], [-900.0, -300.0]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", FORMULAS)
def test_value_and_slope_where_the_share_vanishes(formula: str) -> None:
    names = emitted(f"L = {formula}", "z[j]")
    exact, tried = FORMULAS[formula], 0
    label = [0] if "[y]" in formula else []
    for z in POINTS:
        value, slope = (names[n](np.array(z), *label) for n in ("L", "L_gradient"))
        found = [float(value), *map(float, slope)]
        with mpmath.workdps(3000):
            h = mpf(10) ** -1000
            given = [mpf(v) for v in z]
            wanted = [exact(given)]
            for n in range(len(z)):
                up, down = ([v + s * (m == n) for m, v in enumerate(given)] for s in (h, -h))
                wanted.append((exact(up) - exact(down)) / (2 * h))
            for f, right in zip(found, wanted, strict=True):
                if mpf(10) ** -300 < abs(right) < mpf(10) ** 300:
                    assert abs(mpf(f) - right) <= abs(right) * mpf(10) ** -11, (z, f, float(right))
                    tried += 1
    assert tried > 8


MASKS = [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 2.0, 0.5]
FAR = [0.0, 800.0, -800.0], [0.5, -1.0, 2.0], [-1e4, 0.0, 1e4]
MASKED: dict[str, tuple[str, Callable[[Numbers, Numbers], Any]]] = {
    "log(sum(p[k]*m[k], k))": (
        "m",
        lambda z, m: mpmath.log(sum(p * v for p, v in zip(_softmax(z), m, strict=True))),
    ),
    "log(sum(p[k]*m[k], k)**2)": (
        "m",
        lambda z, m: 2 * mpmath.log(sum(p * v for p, v in zip(_softmax(z), m, strict=True))),
    ),
    "log(sum(p[k], k, k != y))": (
        "y",
        lambda z, m: mpmath.log(sum(p for p, v in zip(_softmax(z), m, strict=True) if v == 0)),
    ),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", MASKED)
def test_what_a_mask_leaves_of_shares_has_its_logarithm(formula: str) -> None:
    """Also where what it leaves out is larger by more than floats can say."""
    name, exact = MASKED[formula]
    function = emitted(f"p[i] = softmax(z)[i]; L = {formula}", "z[j]")["L_value_and_gradient"]
    h = mpf(10) ** -20
    for z, m in itertools.product(FAR, MASKS):
        given = {"m": np.array(m), "y": int(np.argmax(m))}[name]
        value, slope = function(np.array(z), given)
        mask = [mpf(v) for v in m] if name == "m" else [mpf(k == given) for k in range(len(m))]
        with mpmath.workdps(60):
            at = [mpf(v) for v in z]
            assert value == pytest.approx(float(exact(at, mask)), rel=1e-13)
            for n, found in enumerate(slope):
                up, down = ([v + s * (k == n) for k, v in enumerate(at)] for s in (h, -h))
                wanted = float((exact(up, mask) - exact(down, mask)) / (2 * h))
                assert found == pytest.approx(wanted, rel=1e-11, abs=1e-15), (z, m)
