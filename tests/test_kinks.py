"""Exceptions: a place is reported where no derivative exists, and only where the answer stands.

Of a function of one number, difference quotients from both sides, to 60 digits, say which is which.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from mpmath import mp, mpf
from sympy import Rational, Symbol

import symderiv
from symderiv.elementwise import FUNCTIONS
from symderiv.patience import OutOfTime, limited
from symderiv.printers.text import text
from symderiv.reader import of_scalars, read
from symderiv.rules.kinks import kinks, one_valued
from symderiv.terms import release

STEP = mpf(10) ** -20


def exceptions(formula: str, wrt: str | list[str] = "x") -> list[str]:
    found = symderiv.derive(formula, wrt=wrt).exceptions
    return ["".join(p if isinstance(p, str) else text(p) for p in place) for place in found]


def above(x: Any) -> int:
    return int(x > 0)


FEET = (
    *("1 + relu(x)", "1 + abs(x)", "max(x, 1)", "2 + max(x, -1)", "1 + max(0, x)**2", "x + abs(x)"),
    *("2 + tanh(x)", "1 + sigmoid(x)", "2 - sigmoid(x)", "1 + softplus(x)", "relu(x) + exp(x)"),
    *("relu(x)", "1 + max(x, -1)", "1 - relu(x)", "log(1 + abs(x))", "1 + min(x, 1)", "abs(x) - x"),
)
VALUES = {
    **{"max": max, "min": min, "abs": abs, "relu": lambda x: max(x, 0), "tanh": math.tanh},
    **{"exp": math.exp, "log": math.log, "softplus": lambda x: math.log1p(math.exp(x))},
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
}


@pytest.mark.parametrize("foot", FEET)
def test_the_foot_of_a_root_is_an_exception_only_where_it_is_reached(foot: str) -> None:
    values = [eval(foot, {**VALUES, "x": n / 4}) for n in range(-20, 21)]
    said = [place for place in exceptions(f"sqrt({foot})") if place.startswith(text_of(foot))]
    assert bool(said) == (0 in values)


def text_of(formula: str) -> str:
    return text(of_scalars(formula)) + " = 0"


# formula, the function for mpmath, a point, is the derivative there what the answer says?
OF_ONE_NUMBER: list[tuple[str, Callable[[Any], Any], int, bool]] = [
    ("abs(x)", abs, 0, False),
    ("x*abs(x)", lambda x: x * abs(x), 0, True),
    ("softsign(x)", lambda x: x / (1 + abs(x)), 0, True),
    ("softsign(x - 1)", lambda x: (x - 1) / (1 + abs(x - 1)), 1, True),
    ("exp(abs(x))", lambda x: mpmath.exp(abs(x)), 0, False),
    ("cos(abs(x))", lambda x: mpmath.cos(abs(x)), 0, True),
    ("relu(x)", lambda x: max(x, 0), 0, False),
    ("relu(x)**2", lambda x: max(x, 0) ** 2, 0, True),
    ("max(x, 0)*x", lambda x: max(x, 0) * x, 0, True),
    ("max(x, 2*x)", lambda x: max(x, 2 * x), 0, False),
    ("elu(x, 1)", lambda x: x if x > 0 else mpmath.expm1(x), 0, True),
    ("elu(x, 2)", lambda x: x if x > 0 else 2 * mpmath.expm1(x), 0, False),
    ("leaky_relu(x, 1)", lambda x: x, 0, True),
    ("leaky_relu(x, 1/2)", lambda x: x if x > 0 else x / 2, 0, False),
    ("where(x > 0, sin(x), x)", lambda x: mpmath.sin(x) if x > 0 else x, 0, True),
    ("where(x > 0, x + 1, x)", lambda x: x + above(x), 0, False),  # it jumps
    ("where(x > 1, x**2, 2*x - 1)", lambda x: x**2 if x > 1 else 2 * x - 1, 1, True),
    ("iverson(x > 0)", above, 0, False),
    ("iverson(x > 0)*x**2", lambda x: above(x) * x**2, 0, True),
    ("sign(x)**2", lambda x: int(x != 0), 0, False),  # 1, but for 0 at 0
    ("sqrt(x**2)", abs, 0, False),
    ("cbrt(x)", lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), 0, False),
    ("abs(x)*(1 - cos(x))", lambda x: abs(x) * (1 - mpmath.cos(x)), 0, True),
    ("q = abs(x); q*x", lambda x: abs(x) * x, 0, True),
    ("q = relu(x); r = q*x; r + q", lambda x: max(x, 0) * (x + 1), 0, False),
]


@pytest.mark.parametrize(("formula", "function", "at", "smooth"), OF_ONE_NUMBER)
def test_an_exception_is_where_the_difference_quotients_differ(
    formula: str, function: Callable[[Any], Any], at: int, smooth: bool
) -> None:
    with mp.workdps(60):
        there = function(mpf(at))
        left = (there - function(at - STEP)) / STEP
        right = (function(at + STEP) - there) / STEP
        finite = abs(left) < 1e6
        assert (finite and abs(left - right) < mpf(10) ** -15) == smooth
    assert bool(exceptions(formula)) != smooth
    if smooth:
        answer = symderiv.derive(formula, wrt="x").answer
        problem = symderiv.derive(formula, wrt="x").problem
        value = release(problem.unfold(answer)).subs(Symbol("x"), Rational(at)).doit()
        assert abs(mpf(str(value.evalf(30))) - (left + right) / 2) < mpf(10) ** -15


# A right derivative whose own formula says something else at the point: the exception stays.
@pytest.mark.parametrize("formula", ["relu(x) + exp(min(x, 0)) - 1", "x*iverson(x == 0)"])
def test_a_place_where_the_answer_does_not_hold_stays(formula: str) -> None:
    assert exceptions(formula) == ["x = 0"]


@pytest.mark.parametrize(
    ("formula", "variable", "places"),
    [
        ("abs(z[i])", "z[j]", ["zᵢ = 0"]),
        ("z[i]*abs(z[i])", "z[j]", []),
        ("sum(abs(z[i]), i)", "z[j]", ["zᵢ = 0"]),
        ("sum(softsign(z[i]), i)", "z[j]", []),
        ("q[i] = abs(z[i]); q[m]", "z[j]", ["zᵢ = 0"]),
        ("q[i] = relu(z[i]); sum(q[i]**2, i)", "z[j]", []),
        ("abs(z[1])*z[1] + abs(z[2])", "z[j]", ["z₁ = 0", "z₂ = 0"]),
        ("sqrt(sum(x[i]**2, i))", "x[j]", ["Σᵢ xᵢ² = 0"]),
        ("sqrt(1 + sum(x[i]**2, i))", "x[j]", []),
        ("s = sqrt(sum(x[i]**2, i)); x[i]/s", "x[j]", []),  # no value there itself
        ("prod(z[k], k)", "z[j]", []),
        ("max(z[k], k)", "z[j]", ["two of zₖ tie for maxₖ zₖ"]),
        ("abs(a)*x[i]**2", "x[j]", []),
        ("asin(x)", "x", ["x = −1", "x = 1"]),
        ("log(x)", "x", []),
    ],
)
def test_exceptions_of_arrays(formula: str, variable: str, places: list[str]) -> None:
    assert exceptions(formula, variable) == places


def test_second_derivatives_have_exceptions_of_their_own() -> None:
    assert exceptions("x*abs(x)", ["x", "x"]) == ["x = 0"]
    assert exceptions("x**2*abs(x)", ["x", "x"]) == []


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_kink_is_in_the_domain_and_its_pieces_are_the_function(function: Any) -> None:
    x = Symbol("x")
    for kink in function.kinks:
        assert kink.at in function.domain
        if not kink.right:
            continue
        for piece, n in (
            (kink.left, kink.at - 3),
            (kink.there, kink.at),
            (kink.right, kink.at + 3),
        ):
            value = release(of_scalars(piece)).subs(x, n)
            assert value == release(of_scalars(f"{function.name}({n})")).doit()
        slope = release(of_scalars(function.derivative)).subs(x, kink.at).doit()
        assert slope == kink.value  # the convention is what the formula says


def test_kinks_are_those_of_what_varies() -> None:
    problem = read("abs(a)*abs(x)", wrt=("x",))
    (found,) = kinks(problem.function, lambda t: problem.mentions(t, problem.wrt[0]))
    assert text(found.place[0]) == "x = 0"


def test_the_time_is_asked_for_at_every_kink() -> None:
    """A product of thirty of relu went on for minutes after its time."""
    with limited(0.0), pytest.raises(OutOfTime):
        one_valued(of_scalars("x*abs(x)"), "x", lambda a, b: True)
