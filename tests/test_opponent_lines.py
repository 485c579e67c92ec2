"""Lines of somebody else's that were taken as given, and are false."""

from __future__ import annotations

import pytest

import symderiv


@pytest.mark.parametrize("line", ["f''(x) = 3x", "f'(1) = 3y", "f(2) = 3x"])
def test_a_value_of_a_known_function_is_not_taken_as_given(line: str) -> None:
    report = symderiv.check(f"Let $f(x) = x^2$. $$ {line} $$")
    assert report.status != 0
