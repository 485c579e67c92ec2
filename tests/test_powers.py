"""Powers with an exponent that is not known, of what vanishes or overflows before its power does.

Each value and slope is held against the same to 1200 digits.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import symderiv
from symderiv.face.source import derivation_source
from symderiv.verification.tried import Inaccurate


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


FORMULAS: dict[str, Callable[[Any, Any], Any]] = {
    "sigmoid(x)**g": lambda x, g: _sigmoid(x) ** g,
    "(1 - sigmoid(x))**g*sigmoid(x)": lambda x, g: _sigmoid(-x) ** g * _sigmoid(x),
    "(1/(1 + exp(-x)))**g": lambda x, g: _sigmoid(x) ** g,
    "(exp(x) + exp(2*x))**g": lambda x, g: (mpmath.exp(x) + mpmath.exp(2 * x)) ** g,
    "(1 - tanh(x))**g": lambda x, g: (2 * _sigmoid(-2 * x)) ** g,
    "cosh(x)**g": lambda x, g: mpmath.cosh(x) ** g,
    "softplus(x)**g": lambda x, g: mpmath.log1p(mpmath.exp(x)) ** g,
    "(1 + x**2)**g": lambda x, g: (1 + x * x) ** g,
    "erfc(x)**g": lambda x, g: mpmath.erfc(x) ** g,
    "(exp(x)*(2 - sin(x)))**g": lambda x, g: (mpmath.exp(x) * (2 - mpmath.sin(x))) ** g,
}


def _made(formula: str, wrt: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(formula, wrt=wrt)), names)
    return names


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", FORMULAS)
def test_value_and_slope_where_the_base_vanishes(formula: str) -> None:
    names, exact = _made(f"L = {formula}", "x"), FORMULAS[formula]
    tried = 0
    for x in (-1000.0, -40.0, -1.0, 0.0, 0.5, 30.0, 500.0, 1000.0):
        for g in (0.5, 0.01, 2.0, -0.25, 0.0):
            with mpmath.workdps(1200):
                step = mpf(10) ** -300
                value = exact(mpf(x), mpf(g))
                slope = (exact(mpf(x) + step, mpf(g)) - exact(mpf(x) - step, mpf(g))) / (2 * step)
                for name, right in (("L", value), ("L_derivative", slope)):
                    if abs(right) > mpf(10) ** 300 or 0 < abs(right) < mpf(10) ** -300:
                        continue
                    given = {"x": np.float64(x), "g": np.float64(g)}
                    made = names[name]
                    found = made(**{n: given[n] for n in inspect.signature(made).parameters})
                    assert abs(mpf(float(found)) - right) <= abs(right) * mpf(10) ** -11, (
                        name,
                        x,
                        g,
                    )
                    tried += 1
    assert tried > 30


def test_a_share_to_a_power() -> None:
    """The generalised cross-entropy of Zhang and Sabuncu has p_y to the power of q."""
    names = _made("p[i] = softmax(z)[i]; L = p[y]**q", "z[j]")
    z = np.array([0.0, 1000.0, 0.5])
    value = np.exp(0.01 * -1000.0)
    np.testing.assert_allclose(names["L"](z=z, y=0, q=0.01), value, rtol=1e-11)
    slope = names["L_gradient"](z=z, y=0, q=0.01)
    np.testing.assert_allclose(slope, [0.01 * value, -0.01 * value, 0], rtol=1e-11)


def test_nothing_to_the_power_of_0_is_1() -> None:
    names = _made("L = (x**2 + y**2)**g", "x")
    assert names["L"](x=0.0, y=0.0, g=0.0) == 1
    assert names["L"](x=0.0, y=0.0, g=2.0) == 0


# what is constant in x at one exponent, and has no slope in it there, at x = 0 either
FALLEN = {
    "x**n": {"n": 0.0},
    "x**n/(k**n + x**n)": {"n": 0.0, "k": 2.0},
    "log(x**n + k**n)": {"n": 0.0, "k": 2.0},
    "n*x**(n - 1)": {"n": 1.0},
    "c*x**(2*n)": {"n": 0.0, "c": 3.0},
}


@pytest.mark.parametrize("formula", FALLEN)
def test_the_slope_of_a_power_to_the_0_is_0_at_0(formula: str) -> None:
    slope, at = _made(f"L = {formula}", "x")["L_derivative"], FALLEN[formula]
    kept = [n for n in inspect.signature(slope).parameters if n != "x"]
    assert slope(x=0.0, **{n: at[n] for n in kept}) == 0
    assert np.isposinf(slope(x=0.0, **{**{n: at[n] for n in kept}, "n": 0.25 + at["n"]}))


# p log p is 0 where p is, and so is p (log p - log q): each with the same over the other entries
LOGGED = {
    "sum(p[k]*(log(p[k]) - log(q[k])), k)": "q[j]",
    "sum(p[k]*(1 + log(p[k]/q[k])), k)": "q[j]",
    "log(sum(p[k]**a*q[k]**(1 - a), k))/(a - 1)": "a",
}


@pytest.mark.parametrize("formula", LOGGED)
def test_nothing_times_logarithms_is_nothing(formula: str) -> None:
    names = _made(f"L = {formula}", LOGGED[formula])
    at = {"p": np.array([0.5, 0, 0.25]), "q": np.array([0.125, 0.5, 0.25]), "a": 2.5}
    for name in ("L", "L_derivative" if "a" in LOGGED[formula] else "L_gradient"):
        kept = {n: at[n] for n in inspect.signature(names[name]).parameters}
        found = names[name](**kept)
        rest = names[name](**{n: v if n == "a" else v[[0, 2]] for n, v in kept.items()})
        np.testing.assert_allclose(found[[0, 2]] if found.ndim else found, rest, rtol=1e-14)


def _log(x: Any) -> Any:
    return mpmath.log(x)


# formulas whose powers overflow where they do not: each with what it is, at its arguments in order
GIVEN: dict[str, tuple[str, Callable[..., Any]]] = {
    "x**n/(k**n + x**n)": ("x", lambda x, n, k: 1 / (1 + (k / x) ** n)),
    "(x/k)**n/(1 + (x/k)**n)": ("x", lambda x, k, n: 1 / (1 + (k / x) ** n)),
    "d + (a - d)/(1 + (x/c)**b)": ("x", lambda d, a, x, c, b: d + (a - d) / (1 + (x / c) ** b)),
    "log(1 + (x/s)**c)": ("s", lambda x, s, c: mpmath.log1p((x / s) ** c)),
    "(a*x**r + (1 - a)*y**r)**(1/r)": (
        "x", lambda a, x, r, y: (a * x**r + (1 - a) * y**r) ** (1 / r),
    ),
    "A*k**a*l**(1 - a)": ("k", lambda A, k, a, l: A * k**a * l ** (1 - a)),
    "log(sum(p[k]**a, k))/(1 - a)": ("p[j]", lambda p, a: _log(sum(u**a for u in p)) / (1 - a)),
    "log(sum(p[k]**a*q[k]**(1 - a), k))/(a - 1)": (
        "p[j]",
        lambda p, a, q: _log(sum(u**a * v ** (1 - a) for u, v in zip(p, q, strict=True))) / (a - 1),
    ),
    "(sum(x[k]**p, k)/K)**(1/p)": ("x[j]", lambda x, p: (sum(u**p for u in x) / len(x)) ** (1 / p)),
    "sum(v[k]*x[k]**a, k)/sum(x[k]**a, k)": (
        "v[j]",
        lambda v, x, a: sum(w * u**a for w, u in zip(v, x, strict=True)) / sum(u**a for u in x),
    ),
}  # fmt: skip


@pytest.mark.parametrize("formula", GIVEN)
def test_powers_that_overflow_where_the_formula_does_not(formula: str) -> None:
    by, _exact = GIVEN[formula]
    names = _made(formula, by)
    for size, power in product((1.0, 1e-3, 1e5), (0.5, 3.0, -2.5, 700.0)):
        _held(names, formula, size, power)


def _held(names: dict[str, Any], formula: str, size: float, power: float) -> None:
    """Value and slope, at arguments of a size and such a power."""
    by, exact = GIVEN[formula]
    slope = names["L_gradient" if "[" in by else "L_derivative"]
    by = by.split("[")[0]
    rng = np.random.default_rng(7)
    order = [*inspect.signature(names["L"]).parameters]
    arrays = {n for n in order if f"{n}[" in formula}
    exponents = {"n", "b", "c", "r", "a", "p"} & {n for n in order if n not in arrays}
    if formula.startswith(("d +", "(a*x")):
        exponents -= {"a", "c"}
    if formula.startswith("A*"):
        power = 0.25 if power > 1 else power
    given: dict[str, Any] = {}
    for n in order:
        drawn = rng.uniform(0.5, 2, 3 if n in arrays else ()) * size
        given[n] = np.float64(power) if n in exponents else drawn
    if "a" in order and formula.startswith("(a*x"):
        given["a"] = np.float64(0.3)
    with mpmath.workdps(400):
        at = [
            [mpf(float(u)) for u in given[n]] if n in arrays else mpf(float(given[n]))
            for n in order
        ]
        place = order.index(by)
        wanted = [exact(*at)]
        for k in range(3) if by in arrays else (None,):
            step = mpf(10) ** -150 * (at[place] if k is None else at[place][k])
            ends = []
            for sign in (1, -1):
                moved = list(at)
                if k is None:
                    moved[place] = at[place] + sign * step
                else:
                    moved[place] = [u + sign * step * (m == k) for m, u in enumerate(at[place])]
                ends.append(exact(*moved))
            wanted.append((ends[0] - ends[1]) / (2 * step))
        own = {n: given[n] for n in inspect.signature(slope).parameters}
        found = [names["L"](**given), *np.ravel(slope(**own))]
        for value, right in zip(found, wanted, strict=True):
            if 1e-300 < abs(right) < 1e300:
                assert abs(mpf(float(value)) - right) <= abs(right) * mpf(10) ** -10, (given, right)


def test_zeros_and_signs_of_given_powers() -> None:
    """0 to a power is 0, a weight 0 hides what it is of, and a whole power of a negative is one."""
    cobb = _made("A*k**a*l**(1 - a)", "k")["L"]
    assert cobb(A=2.0, k=3.0, a=0.5, l=0.0) == 0
    np.testing.assert_allclose(cobb(A=1.0, k=-2.0, a=3.0, l=4.0), -0.5, rtol=1e-14)
    divergence = _made("log(sum(p[k]**a*q[k]**(1 - a), k))/(a - 1)", "p[j]")["L"]
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.75, 0.0])
    right = np.log(0.5**0.5 * (0.25**0.5 + 0.75**0.5)) / -0.5
    np.testing.assert_allclose(divergence(p=p, a=0.5, q=q), right, rtol=1e-14)
    hill = _made("x**n/(k**n + x**n)", "x")["L"]
    np.testing.assert_allclose(hill(x=-1.0, n=2.0, k=2.0), 0.2, rtol=1e-14)
    np.testing.assert_allclose(hill(x=-1.0, n=3.0, k=2.0), -1 / 7, rtol=1e-14)
    norm = _made("sum(w[k]*abs(x[k])**p, k)**(1/p)", "x[j]")
    w, x = np.array([0.0, 2.0]), np.array([1e300, 1e-200])
    np.testing.assert_allclose(norm["L"](w=w, x=x, p=3.0), 2 ** (1 / 3) * 1e-200, rtol=1e-13)
    np.testing.assert_allclose(norm["L_gradient"](w=w, x=x, p=3.0), [0, 2 ** (1 / 3)], rtol=1e-13)


@pytest.mark.parametrize(
    "formula", ["log(mish(x)**2)", "log(abs(tanh(exp(x))))", "log(erf(exp(x))**2)"]
)
def test_a_logarithm_of_what_floats_take_for_0_is_refused(formula: str) -> None:
    """It is -inf where the formula has a value: nothing is written."""
    with pytest.raises(Inaccurate, match="nothing was written"):
        _made(formula, "x")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("x", [(1618.5, 1748.25), (10001.0, 10000.0), (1e-3, 1e-3), (2.0, 0.0)])
def test_a_mean_of_powers_by_its_degree(x: tuple[float, ...]) -> None:
    """(Σ x^p / N)^(1/p), whose powers are out of range and their logarithm is not."""
    names = _made("L = (sum(x[k]**p, k)/N)**(1/p)", "p")
    for p in (1.5, 1645.0, 9999.0):
        with mpmath.workdps(60):
            powers = [mpf(v) ** mpf(p) for v in x]
            total = mpmath.fsum(powers)
            weighted = mpmath.fsum(a * mpmath.log(v) for a, v in zip(powers, x, strict=True) if a)
            mean = (total / 2) ** (1 / mpf(p))
            terms = mean * weighted / total / p, mean * mpmath.log(total / 2) / p**2
            slope, size = float(terms[0] - terms[1]), float(max(map(abs, terms)))
        found = names["L_derivative"](np.array(x), p, 2.0)
        np.testing.assert_allclose(found, slope, rtol=1e-12, atol=1e-14 * size)


@pytest.mark.parametrize("formula", ["(x - y)**2/(x + y)", "x**2/y", "x**3/y**2", "5*x**2/(3*y)"])
def test_a_square_over_what_is_as_large(formula: str) -> None:
    """Of degree 1: the value at c x is c times that at x, and the slope is the same."""
    names = _made(f"L = {formula}", "x")
    x, y = 3.0, 0.5
    value, slope = (names[n](x, y) for n in ("L", "L_derivative"))
    for c in (2.0**1000, 2.0**600, 2.0**-600, 2.0**-1000):
        np.testing.assert_allclose(names["L"](c * x, c * y), c * value, rtol=1e-15)
        np.testing.assert_allclose(names["L_derivative"](c * x, c * y), slope, rtol=1e-15)
    with mpmath.workdps(30):
        exact = eval(formula, {"x": mpf(x), "y": mpf(y)})
        assert abs(value - exact) <= mpf("1e-15") * exact
