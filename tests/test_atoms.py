"""Atoms: each computed form is its formula, by the judge and in numbers."""

from __future__ import annotations

import ast
import inspect

import mpmath
import numpy as np
import pytest

from symderiv.atoms import ATOMS, Atom
from symderiv.atoms.entries import at, matvec, padded
from symderiv.atoms.erf import erfc, near_tail, over_bell
from symderiv.atoms.exponentials import times_exp, zero_times
from symderiv.atoms.log_cosh import log_cosh
from symderiv.atoms.others import others, rest
from symderiv.atoms.others_prod import others_prod
from symderiv.atoms.softplus import over_exp
from symderiv.emit.laws import complemented
from symderiv.judge import Judge
from symderiv.reader import read
from symderiv.terms.factors import key


@pytest.mark.parametrize("atom", [a for a in ATOMS.values() if a.computed], ids=lambda a: a.name)
def test_the_judge_passes_every_computed_form(atom: Atom) -> None:
    both = read(f"({atom.formula}) - ({atom.computed})")  # for the ranges of its letters
    left, right = (read(text).function for text in (atom.formula, atom.computed))
    assert Judge(both.ranging(left, right)).compare(left, right).holds


@pytest.mark.parametrize(
    ("formula", "becomes"),
    [
        ("1 - sigmoid(x)", "sigmoid(-x)"),
        ("3 - 3*sigmoid(x)", "3*sigmoid(-x)"),
        ("x - x*tanh(y)**2", "x/cosh(y)**2"),
        ("1 + erf(x)", "erfc(-x)"),
        ("1 - erfc(x)", "erf(x)"),
        ("3 - 3*erfc(x)/2", "3*erfc(-x)/2"),
        ("1 - (1 + erf(x))/2", "erfc(x)/2"),
        ("1 - (1 + tanh(x))/2", "sigmoid(-(2*x))"),
        ("x - x*erf(y)**2", "x*erfc(y)*erfc(-y)"),
        ("1 - exp(x)/(exp(x) + exp(y))", "sigmoid(-(x - y))"),
        ("x + 1 - sigmoid(y)", "x + sigmoid(-y)"),
    ],
)
def test_what_is_left_of_1(formula: str, becomes: str) -> None:
    problem = read(formula)
    assert key(complemented(problem.function, problem)) == key(read(becomes).function)


@pytest.mark.parametrize("formula", ["1 - x", "2 - sigmoid(x)", "x - sigmoid(x)", "1 + sigmoid(x)"])
def test_what_is_no_complement_stays(formula: str) -> None:
    problem = read(formula)
    assert complemented(problem.function, problem) == problem.function


ROWS = [[1.0], [1.0, 1.0], [1.0, 1e-20, 1e-30], [1e-300, 1.0], [0.0, 1.0, 0.0], [0.3, 0.9, 1.0]]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_sums_without_a_term(row: list[float]) -> None:
    e = np.array([row, row[::-1]])
    found = others(e)
    for n, line in enumerate(e):
        exact = [
            float(mpmath.fsum(x for m, x in enumerate(line) if m != k)) for k in range(len(row))
        ]
        np.testing.assert_allclose(found[n], exact, rtol=1e-15)
        least = float(mpmath.fsum(sorted(line)[:-1]))
        np.testing.assert_allclose(rest(e)[n], least, rtol=1e-15)


@pytest.mark.parametrize(
    "row", [[2.0], [0.0, 2, 3], [0.0, 0, 3], [1e200, 1e200, 1e-300], [-1.0, 2]]
)
def test_products_without_a_factor(row: list[float]) -> None:
    exact = [float(mpmath.fprod(x for m, x in enumerate(row) if m != k)) for k in range(len(row))]
    np.testing.assert_allclose(others_prod(np.array(row)), exact, rtol=1e-15)


@pytest.mark.parametrize(
    ("v", "u", "exact"),
    [
        (0.0, 1000.0, 0.0), (2.0, 0.0, 2.0), (1e-300, 1000.0, None), (1e300, -1300.0, None),
        (-3.0, 5.0, None), (1.0, 800.0, np.inf), (1.0, -np.inf, 0.0), (0.0, 1e9, 0.0),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:overflow")
def test_products_with_an_exponential(v: float, u: float, exact: float | None) -> None:
    right = float(mpmath.mpf(v) * mpmath.exp(u)) if exact is None else exact
    np.testing.assert_allclose(times_exp(np.float64(v), np.float64(u)), right, rtol=1e-15 * 10)


def test_what_only_moves_numbers() -> None:
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(at(x, np.array([2, 0])), [2, 3])
    np.testing.assert_array_equal(at(x[0], np.array([[1], [2]])), [[1], [2]])
    np.testing.assert_array_equal(padded(x, -1, 1, 0, 4), [[0, 0, 1, 2], [0, 3, 4, 5]])
    np.testing.assert_array_equal(matvec(x, np.ones((5, 3))), np.full((5, 2), [3, 12]))
    np.testing.assert_array_equal(zero_times(np.zeros(2), np.array([np.inf, 1])), [0, 0])
    far = np.array([-1e3, -50.0, -1.0, 0.0, 3.0])
    exact = [1, 1, float(mpmath.log1p(mpmath.exp(-1)) * mpmath.e), np.log(2), None]
    exact[-1] = float(mpmath.log1p(mpmath.exp(3)))
    np.testing.assert_allclose(over_exp(far), exact, rtol=1e-14)
    assert log_cosh(np.float64(1e-5)) == pytest.approx(5e-11, rel=1e-9)


def _erfc_series(count: int, points: int = 64) -> list[float]:
    """(x + 4) e^(x²) erfc(x) by Chebyshev's polynomials in t, 64/(x + 4) = 9 + 7 t."""
    with mpmath.workdps(50):
        angles = [mpmath.pi * (2 * n + 1) / (2 * points) for n in range(points)]
        inverse = [(9 + 7 * mpmath.cos(a)) / 64 for a in angles]
        values = [mpmath.exp((1 / u - 4) ** 2) * mpmath.erfc(1 / u - 4) / u for u in inverse]
        total = [mpmath.mpf(0)] * count
        now, after = [mpmath.mpf(1)], [mpmath.mpf(0), mpmath.mpf(1)]
        for m in range(count):
            held = zip(values, angles, strict=True)
            weight = (2 - (m == 0)) * mpmath.fsum(v * mpmath.cos(m * a) for v, a in held) / points
            for n, c in enumerate(now):
                total[n] += weight * c
            later = [mpmath.mpf(0), *(2 * c for c in after)]
            now, after = after, [c - (now[n] if n < len(now) else 0) for n, c in enumerate(later)]
        return [float(c) for c in total[::-1]]


def test_the_series_of_erfc_is_derived() -> None:
    tree = ast.parse(inspect.getsource(near_tail))
    tuples = (n for n in ast.walk(tree) if isinstance(n, ast.Tuple) and len(n.elts) > 3)
    for numbers in map(ast.literal_eval, tuples):
        flat = [c for pair in numbers for c in pair]
        np.testing.assert_allclose(flat, _erfc_series(len(flat)), rtol=1e-15)


def test_erfc_keeps_its_digits() -> None:
    x = np.concatenate([np.linspace(-6, 26, 3000), np.logspace(-300, 0, 30)])
    exact = [float(mpmath.erfc(mpmath.mpf(v))) for v in x]
    np.testing.assert_allclose(erfc(x), exact, rtol=2e-15)
    single = x[np.abs(x) < 9].astype(np.float32)
    exact = [float(mpmath.erfc(mpmath.mpf(float(v)))) for v in single]
    np.testing.assert_allclose(erfc(single), exact, rtol=1e-5)
    assert erfc(single).dtype == np.float32


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 1, 5), (8192,), (3, 8191)])
def test_erfc_of_any_shape(shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).normal(size=shape).astype(float)
    found = erfc(np.asarray(x).T)
    assert found.shape == shape[::-1]
    np.testing.assert_allclose(found + erfc(-np.asarray(x).T), 2.0, rtol=1e-15)


def test_erfc_at_the_ends() -> None:
    x = np.array([np.inf, 1e300, 28.0, -28.0, -1e300, -np.inf, np.nan, 0.0, -0.0])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(erfc(x), [0, 0, 0, 2, 2, 2, np.nan, 1, 1])


@pytest.mark.parametrize("x", [-30.0, -3.5, -1e-9, 0.0, 0.7, 5.0, 27.9, 28.1, 60.0, 1e5])
def test_a_tail_of_the_normal_distribution_over_its_bell(x: float) -> None:
    with mpmath.workdps(40):
        far = x > 1e4  # where e^(x²) erfc(x) is 1/(x sqrt(pi)) but for a part 1/(2 x²)
        exact = 1 / (x * mpmath.sqrt(mpmath.pi)) * (1 - mpmath.mpf(x) ** -2 / 2) if far else (
            mpmath.erfc(x) * mpmath.exp(mpmath.mpf(max(x, 0)) ** 2)
        )  # fmt: skip
        assert abs(float(over_bell(np.float64(x))) - exact) <= 1e-15 * exact
