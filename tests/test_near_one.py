"""Logarithms of what tends to 1, and means less one of their values: no digit is lost there.

The values are mpmath's, of the closed form that a person would take; slopes are its differences.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import symderiv
from symderiv.emit.family import family
from symderiv.emit.module import callable_of
from symderiv.face.source import Inaccurate, derivation_source
from symderiv.reader import read_claim
from symderiv.verification import tried
from symderiv.verification.slopes import WrongSlope
from tests.answered import emitted

FAR = [-300.0, -66.46, -9.0, -5.0, -1e-8, 0.0, 0.7, 3.0, 6.0, 9.0, 20.0, 26.0]
SMALL = [-1.0, -1e-3, -1e-8, -1e-300, 1e-300, 1e-8, 1e-3, 0.4, 2.0]
ABOVE = [1e-300, 1e-8, 1e-3, 0.7, 3.0, 66.0, 1e5, 1e100]


def _phi(x: Any) -> Any:
    """The distribution function of the normal distribution, by whichever tail is small."""
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def _log_phi(x: Any) -> Any:
    return mpmath.log(_phi(x)) if x < 0 else mpmath.log1p(-_phi(-x))


def _log_share(x: Any) -> Any:
    return -mpmath.log1p(1 / x)


def _elu(u: Any) -> Any:
    return u + mpmath.expm1(u) - u * mpmath.exp(u)


CASES: list[tuple[str, Callable[[Any], Any], list[float]]] = [
    ("-log((1 + erf(x/sqrt(2)))/2)", lambda x: -_log_phi(x), FAR),
    ("-log(erfc(-x/sqrt(2))/2)", lambda x: -_log_phi(x), FAR),
    ("log(1/2 + erf(x/sqrt(2))/2)", _log_phi, FAR),
    ("log(1 - erfc(x/sqrt(2))/2)", _log_phi, FAR),
    ("log(1 - (1 + erf(x/sqrt(2)))/2)", lambda x: _log_phi(-x), FAR),
    ("log(2*(1 + erf(x/sqrt(2)))/4)", _log_phi, FAR),
    ("log((1 + tanh(x))/2)", lambda x: -mpmath.log1p(mpmath.exp(-2 * x)), FAR),
    ("log(x/(1 + x))", _log_share, ABOVE),
    ("log(x**2/(1 + x**2))", lambda x: _log_share(x * x), ABOVE),
    ("log(1 - erfc(x))", lambda x: mpmath.log(mpmath.erf(x)), ABOVE[:4]),
    ("log(2/(1 + exp(x)))", lambda x: mpmath.log(2 / (1 + mpmath.exp(x))), SMALL),
    ("log((exp(x) + exp(-x))/2)", lambda x: mpmath.log(mpmath.cosh(x)), SMALL),
    ("log(sin(x)/x)", lambda x: mpmath.log(mpmath.sin(x) / x), SMALL),
    ("log(1 + x) - x", lambda x: mpmath.log1p(x) - x, [1e-300, 1e-8, 1e-3, 0.7, 30.0]),
    ("x - tanh(x)", lambda x: x - mpmath.tanh(x), SMALL),
    ("exp(-x**2/2)/(1 + erf(x/sqrt(2)))", lambda x: mpmath.exp(-x * x / 2) / _phi(x) / 2, FAR[2:]),
    ("log(cos(x))", lambda x: mpmath.log(mpmath.cos(x)), SMALL[:-1]),
]


@pytest.mark.parametrize(
    ("formula", "exact"),
    [
        ("b*(exp(a*x) - a*x - 1)", lambda u, a, b: b * (mpmath.expm1(u * a) - u * a)),
        ("b*(x*a - tanh(a*x))", lambda u, a, b: b * (u * a - mpmath.tanh(u * a))),
        ("b*(x/a - exp(x/a)*x/a + exp(x/a) - 1)", lambda u, a, b: _elu(u / a) * b),
    ],
)
def test_what_cancels_in_a_product(formula: str, exact: Callable[..., Any]) -> None:
    """And by each of its factors."""
    for wrt, along in (("x", (1, 0)), ("a", (0, 1))):
        made: dict[str, Any] = {}
        source = derivation_source(symderiv.derive(f"L = {formula}", wrt=wrt))
        exec(compile(source, "<made>", "exec"), made)
        for x, a in product((-2.0, -1e-3, 1e-14, 3e-8, 0.4), (1.0, 1e-7, 40.0)):
            with mpmath.workdps(120):
                h, at = mpf(10) ** -60, (mpf(x), mpf(a))
                up, down = ([v + s * n for v, n in zip(at, along, strict=True)] for s in (h, -h))
                right = exact(*at, 3), (exact(*up, 3) - exact(*down, 3)) / (2 * h)
                for name, wanted in zip(("L", "L_derivative"), right, strict=True):
                    order = inspect.signature(made[name]).parameters
                    found = mpf(float(made[name](*({"x": x, "a": a, "b": 3.0}[n] for n in order))))
                    off = abs(found - wanted) if abs(wanted) < 1e300 else 0
                    assert off <= abs(wanted) * 2e-13, (x, a, name)


@pytest.mark.parametrize(("formula", "exact", "at"), CASES, ids=[c[0] for c in CASES])
def test_the_logarithm_of_what_tends_to_1(
    formula: str, exact: Callable[[Any], Any], at: list[float]
) -> None:
    made: dict[str, Any] = {}
    source = derivation_source(symderiv.derive(f"L = {formula}", wrt="x"))
    exec(compile(source, "<made>", "exec"), made)
    for x in at:
        with mpmath.workdps(700):
            value = exact(mpf(x))
            h = mpf(10) ** -320
            slope = (exact(mpf(x) + h) - exact(mpf(x) - h)) / (2 * h)
            turn = abs(exact(mpf(x) + h) - 2 * value + exact(mpf(x) - h)) / h**2
        for name, right, moved in (("L", value, x * slope), ("L_derivative", slope, x * turn)):
            off = abs(mpf(float(made[name](np.float64(x)))) - right)
            assert off <= 2e-13 * max(abs(right), abs(moved)) + 1e-300, (name, x, off / right)


def _trained(a: float) -> dict[str, Any]:
    """A network of two layers that is sure of its answer, the more so the larger a is."""
    rng = np.random.default_rng(3)
    U, W, b = rng.normal(size=(2, 2)), rng.normal(size=(3, 2)), np.array([0.0, a, 0.3])
    return {"U": U, "x": np.array([0.7, -0.2]), "c": np.array([0.5, 0.9]), "W": W, "b": b, "y": 1}


@pytest.mark.parametrize("a", [0.0, 10.0, 25.0, 60.0, 300.0])
def test_the_slope_of_a_network_that_is_sure_of_its_answer(a: float) -> None:
    network = (
        "h[m] = tanh(sum(U[m,d]*x[d],d) + c[m]); z[i] = sum(W[i,m]*h[m],m) + b[i];"
        " p[i] = softmax(z)[i]; L = -log(p[y])"
    )
    made = emitted(network, "c[r]")
    given = _trained(a)
    with mpmath.workdps(300):
        U, W = mpmath.matrix(given["U"].tolist()), mpmath.matrix(given["W"].tolist())
        x, c, b = (mpmath.matrix(given[n].tolist()) for n in ("x", "c", "b"))
        h = (U * x + c).apply(mpmath.tanh)
        e = (W * h + b).apply(mpmath.exp)
        p = e / mpmath.fsum(e)
        p[given["y"]] -= 1
        right = [(W.T * p)[n] * (1 - h[n] ** 2) for n in range(2)]
    found = made["L_gradient"](**given)
    for got, exact in zip(found, right, strict=True):
        assert abs(mpf(float(got)) - exact) <= 1e-13 * abs(exact)


def test_digits_that_are_lost_are_said() -> None:
    """Two distributions that are nearly the same: their terms cancel to second order."""
    divergence = "sum(softmax(a)[i]*(log(softmax(a)[i]) - log(softmax(b)[i])), i)"
    source = derivation_source(symderiv.derive(divergence, wrt="a[j]"))
    assert "Where its terms cancel, no digit is right (small: a = (" in source
    cross_entropy = derivation_source(symderiv.derive("logsumexp(z) - z[y]", wrt="z[j]"))
    assert "cancel" not in cross_entropy


def test_what_a_trial_did_not_come_to_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    formula = "L = sum(exp(x[i] - m[j])*tanh(x[i]), i, j)"
    every, some, none = (symderiv.derive(formula, wrt="x[r]") for _ in range(3))
    assert "It was tried at" not in derivation_source(every)
    monkeypatch.setattr(tried, "WORK", 200.0)
    assert "points, for want of time." in derivation_source(some)
    monkeypatch.setattr(tried, "WORK", 1.0)
    with pytest.raises(Inaccurate, match="can be tried at no point within the limit of work"):
        derivation_source(none)


def test_a_tail_beside_an_exponential_neither_vanishes_nor_overflows() -> None:
    made: dict[str, Any] = {}
    source = derivation_source(symderiv.derive("L = exp(x**2)*erfc(x)", wrt="x"))
    exec(compile(source, "<made>", "exec"), made)
    for x in (0.3, 5.0, 27.0, 30.0, 700.0, 1e5):
        with mpmath.workdps(60):  # for large x by its asymptotic series
            far = 1 / (x * mpmath.sqrt(mpmath.pi)) * (1 - mpf(x) ** -2 / 2 + 3 * mpf(x) ** -4 / 4)
            right = far if x > 600 else mpmath.exp(mpf(x) ** 2) * mpmath.erfc(x)
            assert abs(mpf(float(made["L"](np.float64(x)))) - right) <= 1e-14 * right


@pytest.mark.parametrize("strange", [["a", "b"], [1j, 2.0], np.array(["2020", "2021"], "M8")])
def test_what_is_no_number_is_refused_by_name(strange: Any) -> None:
    made = emitted("L = sum(w[i]*x[i], i)", "x[j]")
    with pytest.raises(TypeError, match=r"^x takes real numbers"):
        made["L"](np.ones(2), np.asarray(strange))


def test_a_slope_of_a_gradient_is_looked_at_too() -> None:
    """The gradient that comes with the value is held against differences of the function."""
    answer = symderiv.derive("sum(x[i]**2, i) + 0*y", wrt="x[j]")
    (member,) = (m for m in family(answer, "f", short=True) if m.part == "value and gradient")
    claimed = read_claim("2*x[j] + 1", answer.problem, {})
    program = replace(member.program, results=(member.program.results[0], claimed))
    with pytest.raises(WrongSlope, match="nothing was written"):
        tried.check(callable_of(program), program)


def test_what_is_as_large_as_no_float_is_refused_and_breaks_nothing() -> None:
    """Of log(1 + e^cosh w) at w = -800 the logarithm is 10^347: its sine takes too many digits."""
    answer = symderiv.derive("L = sin(log(1 + exp(cosh(abs(w)))))*x", wrt="w")
    with pytest.raises(Inaccurate, match="nothing was written"):
        derivation_source(answer)


def test_logarithms_of_the_size_of_what_may_be_negative() -> None:
    """log |tanh x| and log |erf x|, on either side of 0."""
    for formula, exact in (
        ("log(abs(tanh(x)))", mpmath.tanh),
        ("log(tanh(x)**2)/2", mpmath.tanh),
        ("log(abs(erf(x)))", mpmath.erf),
    ):
        names = emitted(formula, "x")
        for x in (-20.0, -0.7, -1e-200, 0.3, 5.0):
            with mpmath.workdps(400):
                right = float(mpmath.log(abs(exact(mpf(x)))))
            np.testing.assert_allclose(names["L"](x), right, rtol=2e-13)


SHARED: list[tuple[str, Callable[[Any, Any], Any]]] = [
    ("a*(exp(x/a) - 1) - x", lambda a, x: a * mpmath.expm1(x / a) - x),
    ("a*exp(x/a) - a - x", lambda a, x: a * mpmath.expm1(x / a) - x),
    ("exp(a*x)/a - 1/a - x", lambda a, x: mpmath.expm1(a * x) / a - x),
    ("a*exp(x) - a - a*x", lambda a, x: a * (mpmath.expm1(x) - x)),
    ("a*log(1 + x/a) - x", lambda a, x: a * mpmath.log1p(x / a) - x),
    ("a**2*cos(x/a) - a**2 + x**2/2", lambda a, x: a * a * (mpmath.cos(x / a) - 1) + x * x / 2),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("formula", "exact"), SHARED)
def test_what_cancels_beside_a_common_factor(
    formula: str, exact: Callable[[Any, Any], Any]
) -> None:
    names: dict[str, Any] = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(f"L = {formula}", wrt="x")), names)
    for a, x in product((1e-3, 0.7, 921.37, 1e8), (-1e-5, 1e-9, 0.0166, 0.3, 2.0)):
        if max(x / a, a * x) > 600 or x / a <= -1:
            continue
        at = {"a": np.float64(a), "x": np.float64(x)}
        found = names["L"](*(at[n] for n in inspect.signature(names["L"]).parameters))
        with mpmath.workdps(120):
            right = exact(mpf(a), mpf(x))
            assert abs(mpf(float(found)) - right) <= abs(right) * mpf(10) ** -12, (a, x)
