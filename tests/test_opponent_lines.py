"""Lines of somebody else's that were taken as given, and are false."""

from __future__ import annotations

import pytest

import symderiv


@pytest.mark.parametrize("line", ["f''(x) = 3x", "f'(1) = 3y", "f(2) = 3x"])
def test_a_value_of_a_known_function_is_not_taken_as_given(line: str) -> None:
    report = symderiv.check(f"Let $f(x) = x^2$. $$ {line} $$")
    assert report.status != 0


@pytest.mark.parametrize(
    "line",
    [
        r"\log\sum_k e^{z_k} = m + \log\sum_k e^{z_k + m}",
        r"\frac{e^{z_i}}{\sum_k e^{z_k}} = \frac{e^{z_i - m}}{\sum_k e^{z_k + m}}",
    ],
)
def test_an_identity_with_a_wrong_sign_is_not_taken_as_given(line: str) -> None:
    assert symderiv.check(f"$$ {line} $$").status == 3


@pytest.mark.parametrize("line", [r"\lambda x_i = \sum_j A_{ij} x_j", r"w_i x_i = w_i y_i"])
def test_an_equation_that_is_none_is_taken_as_given(line: str) -> None:
    assert symderiv.check(f"$$ {line} $$").status == 0
