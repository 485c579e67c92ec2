"""Order and grouping: how an author writes what the rules find."""

from __future__ import annotations

import mpmath
import pytest

import symderiv
from symderiv.printers.arranged import decimal
from symderiv.printers.text import text

ENDINGS = [
    ("max(0, 1 - y*x)", "x", "−y 1[1 − y x > 0]"),
    ("log(1 + exp(-y*x))", "x", "−y / (e^(y x) + 1)"),
    ("b*exp(-x)/(a + exp(-x))", "x", "b (1 / (a e^x + 1) − 1) / (a e^x + 1)"),
    ("sqrt(u*v)*sqrt(u*v)*sqrt(u*v)", "u", "3 v √(u v) / 2"),
    ("cos(a*x)", "x", "−a sin(a x)"),
    ("exp(-a*x^2)*x", "x", "e^(−a x²) (1 − 2 a x²)"),
    ("log(s) + (y - m)^2/(2*s^2)", "s", "1 / s − (y − m)² / s³"),
    ("-(k*log(m/(m + r)) + r*log(r/(m + r)))", "m", "(r + k) / (m + r) − k / m"),
    ("x*sigmoid(1.702*x)", "x", "σ(1.702 x) (1 + 1.702 x (1 − σ(1.702 x)))"),
    ("x^2/(x^2 + s)", "x", "2 x s / (x² + s)²"),
    ("0.9*x^2/2 + 0.1*x", "x", "0.9 x + 0.1"),
]


@pytest.mark.parametrize(("formula", "x", "ending"), ENDINGS)
def test_an_answer_stands_as_an_author_writes_it(formula: str, x: str, ending: str) -> None:
    assert text(symderiv.derive(formula, wrt=x).answer) == ending


def test_a_function_of_the_formula_keeps_its_argument() -> None:
    """GELU by tanh: no common factor is taken out within, and its decimals stay."""
    made = symderiv.derive("0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))", wrt="x")
    answer = text(made.answer)
    assert answer.count("tanh(√(2 / π) (x + 0.044715 x³))") == 2
    assert "0.134145 x²" in answer

    def gelu(x: mpmath.mpf) -> mpmath.mpf:
        inner = mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3)
        return x * (1 + mpmath.tanh(inner)) / 2

    (x,) = made.problem.function.free_symbols
    value = made.answer.doit().subs(x, "1.3").evalf(30)
    assert abs(value - mpmath.diff(gelu, mpmath.mpf("1.3"))) < 1e-12


@pytest.mark.parametrize(
    ("top", "bottom", "written"),
    [
        (8943, 200000, "0.044715"),
        (851, 500, "1.702"),
        (9, 10, "0.9"),
        (1, 1000, "0.001"),
        (1, 2, None),
        (3, 4, None),
        (1, 3, None),
        (1, 256, None),
        (22, 7, None),
    ],
)
def test_a_fraction_is_a_decimal_where_that_is_shorter(
    top: int, bottom: int, written: str | None
) -> None:
    assert decimal(top, bottom) == written
