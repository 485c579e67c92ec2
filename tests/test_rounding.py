"""What rounding may move a value by: against the condition that a calculation on paper gives."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv.catalogue import library
from symderiv.emit.family import family
from symderiv.emit.module import callable_of
from symderiv.face.answer import Answer
from symderiv.numbers.exact import Exact
from symderiv.reader import read

# A formula, its arguments and sizes, and the sum of the magnitudes that its roundings have.
CASES: list[tuple[str, dict[str, Any], dict[str, int], float]] = [
    ("x*y", {"x": 3.7, "y": -2.9}, {}, 10.7),
    ("x + y - x", {"x": 1e8 / 3, "y": 1.1}, {}, 1e8),
    ("(x + y) - x*y/y", {"x": 1e8 / 3, "y": 1.1}, {}, 1e8),
    ("sum(x[i], i)", {"x": [1e6 / 3, -1e6 / 3, 0.1]}, {"K": 3}, 1e6),
    ("exp(x)", {"x": 300.3}, {}, 300.3 * np.exp(300.3)),
    ("log(x)", {"x": 1.0001}, {}, 1.0),
    ("1 - tanh(x)", {"x": 15.3}, {}, 1.0),
    ("x**3", {"x": 1.7}, {}, 3 * 1.7**3),
    ("1/(x - y)", {"x": 1.1, "y": 1.1 + 1e-6}, {}, 1.1e12),
    ("sqrt(x*x - y*y)", {"x": 1.1, "y": 1.1 - 1e-8}, {}, 1.21 / np.sqrt(2.2e-8)),
    ("det(A)", {"A": [[1.3, 2.1], [0.4, 0.7]]}, {"K": 2}, 8.0),
]


@pytest.mark.parametrize(("formula", "given", "sizes", "size"), CASES, ids=lambda c: str(c)[:24])
def test_rounding_moves_a_value_by_as_much_as_its_terms(
    formula: str, given: dict[str, Any], sizes: dict[str, int], size: float
) -> None:
    problem = read(formula, library=library())
    exact = Exact(problem, given, sizes)
    right = exact.value(problem.function, {})
    found = float(exact.condition(problem.function, {}, right))
    assert size / 10 <= found - abs(float(right)) <= 10 * size


def test_whole_numbers_are_exact() -> None:
    """Neither (k - y) where k = y, nor an exponent, is ever a little off."""
    problem = read("sum((i - 2)**2*x[i]**(i - 1), i)")
    exact = Exact(problem, {"x": [-2.0, 1e30, -3.0]}, {"K": 3})
    right = exact.value(problem.function, {})
    assert right == 10
    assert exact.condition(problem.function, {}, right) < 1000


def test_a_tie_is_decided_as_it_is() -> None:
    """A bracket compares the numbers themselves, which are equal and stay so."""
    problem = read("iverson(x >= y)*1000 + x")
    exact = Exact(problem, {"x": 0.1, "y": 0.1}, {})
    right = exact.value(problem.function, {})
    assert abs(right - mpmath.mpf("1000.1")) < 1e-12
    assert exact.condition(problem.function, {}, right) < 10_000


@pytest.mark.parametrize("x", [-1e8, -745.2, -40.0, -1e-9, 0.0, 1e-9, 0.7, 40.0, 800.0, 1e8])
def test_exponents_that_are_never_positive_need_no_care(x: float) -> None:
    """The slope of mish, with no larger exponential looked for."""
    answer: Answer = symderiv.derive("x*tanh(log(1 + exp(x)))", wrt="x")
    slope = next(m for m in family(answer, "f") if m.part == "derivative")
    made = callable_of(slope.program)
    assert "_times_exp" not in made.__source__
    with mpmath.workdps(60):
        z = mpmath.mpf(x)
        u = mpmath.log1p(mpmath.exp(z))
        right = mpmath.tanh(u) + z * mpmath.sech(u) ** 2 / (1 + mpmath.exp(-z))
        off = abs(mpmath.mpf(float(made(x))) - right)
        assert off <= 2e-13 * abs(right) + mpmath.mpf(10) ** -300


SHARES = [
    ("s[i] = sigmoid(x[i]); s[i]/sum(s[k], k)", lambda a: 1 / (1 + mpmath.exp(-a))),
    ("s[i] = sigmoid(x[i])**2; s[i]/sum(s[k], k)", lambda a: (1 + mpmath.exp(-a)) ** -2),
    ("s[i] = exp(-x[i]**2)*exp(-abs(x[i])); s[i]/sum(s[k], k)",
     lambda a: mpmath.exp(-(a**2) - abs(a))),
]  # fmt: skip


@pytest.mark.parametrize(("define", "weight"), SHARES)
@pytest.mark.parametrize("row", [(-800.0, -801.0, -799.5), (-40.0, 0.0, 3.0), (1e3, -1e3, 0.0)])
def test_a_share_of_what_vanishes_is_a_number(define: str, weight: Any, row: Any) -> None:
    """A sigmoid far below 0 is no share of a sum by itself: beside others it keeps its shift."""
    answer: Answer = symderiv.derive(define, wrt="x[j]")
    value = next(m for m in family(answer, "f") if m.part == "value")
    found = callable_of(value.program)(np.array(row))
    with mpmath.workdps(60):
        weights = [weight(mpmath.mpf(a)) for a in row]
        exact = [float(w / mpmath.fsum(weights)) for w in weights]
    np.testing.assert_allclose(found, exact, rtol=2e-13, atol=1e-300)
