"""Nesting: functions of functions of functions, whose inner values are named once.

The oracle is forward mode by hand: value and slope of one function after the other, from mpmath.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import symderiv
from symderiv import catalogue
from symderiv.reader import read
from symderiv.terms.nesting import in_stages, length
from symderiv.terms.verdict import Strength


def softplus(x: mpf) -> mpf:
    return mpmath.log1p(mpmath.exp(x))


ONE_BY_ONE: dict[str, Callable[[mpf], mpf]] = {
    "tanh": mpmath.tanh,
    "exp": mpmath.exp,
    "atan": mpmath.atan,
    "sin": mpmath.sin,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "mish": lambda x: x * mpmath.tanh(softplus(x)),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
}


def nested(name: str, count: int, inner: str = "x") -> str:
    for _ in range(count):
        inner = f"{name}({inner})"
    return inner


def slope(name: str, count: int, x: float) -> mpf:
    """The derivative at a point, by the chain rule and differences in 60 digits."""
    with mpmath.workdps(60):
        value, found = mpf(x), mpf(1)
        for _ in range(count):
            found *= mpmath.diff(ONE_BY_ONE[name], value)
            value = ONE_BY_ONE[name](value)
        return found


COUNTS = [(n, c) for n in ONE_BY_ONE if n not in ("exp", "silu") for c in (1, 2, 3, 4, 6, 8, 20)]


@pytest.mark.parametrize(("name", "count"), [*COUNTS, ("silu", 3), ("silu", 6)])
def test_nested_functions_are_proved_and_right(name: str, count: int) -> None:
    answer = symderiv.derive(nested(name, count), wrt="x", timeout=20)
    assert answer.strength is Strength.PROVED
    f: Any = answer.function()
    for x in (-1.5, 0.3, 2.0):
        wanted = float(slope(name, count, x))
        assert abs(float(f(np.float64(x))) - wanted) <= 1e-9 * abs(wanted) + 1e-300


@pytest.mark.parametrize("count", [6, 20])
def test_towers_of_exponentials_are_proved_though_they_overflow(count: int) -> None:
    assert symderiv.derive(nested("exp", count), wrt="x").strength is Strength.PROVED


def shared(answer: Any) -> int:
    """How long the answer is, with all that it is said in."""
    stages = sum(length(s.body) for s in answer.problem.stages)
    return stages + sum(length(s.after) for s in answer.steps)


@pytest.mark.parametrize("name", ["tanh", "gelu", "mish", "sigmoid"])
def test_what_is_written_grows_as_what_is_asked(name: str) -> None:
    ten, twenty = (shared(symderiv.derive(nested(name, n), wrt="x", timeout=20)) for n in (10, 20))
    assert twenty < 2.3 * ten


def test_inner_values_of_arrays_are_arrays() -> None:
    answer = symderiv.derive(f"sum({nested('gelu', 5, 'z[i]')}, i)", wrt="z[j]", timeout=20)
    assert answer.strength is Strength.PROVED
    assert [s.quantity.indices for s in answer.problem.stages][:1] != [()]
    z = np.array([-0.4, 0.9, 1.7])
    found = answer.function()(z)
    np.testing.assert_allclose(found, [float(slope("gelu", 5, x)) for x in z], rtol=1e-9)


@pytest.mark.parametrize("name", ["tanh", "gelu"])
def test_a_false_claim_about_nested_functions_is_refuted(name: str) -> None:
    text = nested(name, 6)
    found = symderiv.derive(text, wrt="x", claim=f"1 - {text}", timeout=30).claim
    assert found is not None
    assert found.verdict.strength is Strength.REFUTED


def test_what_is_not_deep_stays_as_it_is_typed() -> None:
    for text in ("gelu(gelu(x))", "x*sigmoid(x)", "exp(-x**2)*sin(exp(-x**2))"):
        assert in_stages(read(text, wrt="x", library=catalogue.library())) is None


KEPT = [
    "u*gelu(gelu(gelu(gelu(x))))",  # a name that is taken is not taken again
    "u1*gelu(gelu(gelu(gelu(x + u))))",
    "v = x**2; gelu(gelu(gelu(gelu(v))))*x",  # a stage of one's own, and the variable beside it
    "gelu(gelu(gelu(gelu(x)))) + gelu(gelu(gelu(gelu(x))))**2",
    "sum(gelu(gelu(gelu(gelu(a[i]*x)))), i)*x",
    "sum(mish(mish(mish(a[i]*x))), (i, 2, N-1))*x",  # a part of an axis is no array
    "sum(delta(i,2)*gelu(gelu(gelu(gelu(a[i]*x)))), i)",
]


@pytest.mark.parametrize("text", KEPT)
def test_naming_inner_values_changes_no_value(text: str) -> None:
    """The function by its stages and as it is typed, by differences."""
    answer = symderiv.derive(text, wrt="x", timeout=30)
    assert answer.strength in (Strength.PROVED, Strength.EXACT)
    given = {"x": np.float64(0.7), "a": np.array([0.5, -1.2, 0.8, 2.0]), "u": np.float64(1.3),
             "u1": np.float64(-0.4)}  # fmt: skip
    names = [n for n in given if n == "x" or f"{n}[" in text or f"{n}*" in text or f" {n})" in text]
    f: Any = answer.function()
    found = float(f(**{n: given[n] for n in names}))

    def value(x: mpf) -> mpf:
        g = ONE_BY_ONE["gelu"]

        def four(y: mpf) -> mpf:
            return g(g(g(g(y))))

        mish = ONE_BY_ONE["mish"]
        a = [mpf(float(y)) for y in given["a"]]
        u, u1 = mpf(float(given["u"])), mpf(float(given["u1"]))
        return {
            KEPT[0]: lambda: u * four(x),
            KEPT[1]: lambda: u1 * four(x + u),
            KEPT[2]: lambda: four(x**2) * x,
            KEPT[3]: lambda: four(x) + four(x) ** 2,
            KEPT[4]: lambda: mpmath.fsum(four(y * x) for y in a) * x,
            KEPT[5]: lambda: mpmath.fsum(mish(mish(mish(y * x))) for y in a[1:3]) * x,
            KEPT[6]: lambda: four(a[1] * x),
        }[text]()

    with mpmath.workdps(50):
        assert abs(found - mpmath.diff(value, mpf(0.7))) < mpf("1e-9")


def test_what_is_too_long_in_a_free_letter_is_one_sentence() -> None:
    with pytest.raises(symderiv.Mistake, match="more than 20000 terms"):
        symderiv.derive(nested("gelu", 20, "z[i]"), wrt="z[j]")


def test_a_definition_that_is_read_backwards_divides_by_nothing() -> None:
    """σ(x) is not u/x for u = x σ(x): at x = 0 that has no value."""
    for name in ("gelu", "mish", "silu"):
        answer = symderiv.derive(f"u = {name}(x); v = {name}(u); {name}(v)", wrt="x")
        f: Any = answer.function()
        assert abs(float(f(np.float64(0.0))) - float(slope(name, 3, 0.0))) < 1e-12
