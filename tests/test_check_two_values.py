r"""Labels that are 0 or 1, or −1 or 1: what holds at both values follows, in any function."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

import symderiv

PAGES = [
    (
        r"Let $L = \log(1+e^{-yf})$ where $y\in\{-1,1\}$.",
        r"\frac{d^2L}{df^2} &= y^2\sigma(yf)\sigma(-yf)",
        (-1, 1),
    ),
    (r"Let $L = \max(0, 1 - yf)$ with $y = \pm 1$.", r"L &= \max(0, 1 - yf)", (-1, 1)),
    (
        r"Let $y\in\{0,1\}$ and $L = -y\log p - (1-y)\log(1-p)$.",
        r"L &= -y\log p - (1-y)\log(1-p)",
        (0, 1),
    ),
]
VALUES: list[Callable[[float, int], float]] = [
    lambda f, y: y * y / ((1 + math.exp(y * f)) * (1 + math.exp(-y * f))),
    lambda f, y: max(0.0, 1 - y * f),
    lambda p, y: -math.log(p if y else 1 - p),
]
LINES: list[list[tuple[str, Callable[[float, int], float]]]] = [
    [
        (r"\sigma(f)(1-\sigma(f))", lambda f, _: 1 / ((1 + math.exp(f)) * (1 + math.exp(-f)))),
        (r"\sigma(f)(1+\sigma(f))", lambda f, _: (2 + math.exp(-f)) / (1 + math.exp(-f)) ** 2),
    ],
    [
        (r"\max(0, y(y - f))", lambda f, y: max(0.0, y * (y - f))),
        (r"\max(0, y(y + f))", lambda f, y: max(0.0, y * (y + f))),
    ],
    [
        (r"-\log(yp + (1-y)(1-p))", lambda p, y: -math.log(y * p + (1 - y) * (1 - p))),
        (r"-\log(2yp + (1-y)(1-p))", lambda p, y: -math.log(2 * y * p + (1 - y) * (1 - p))),
    ],
]


@pytest.mark.parametrize("number", range(3))
def test_what_holds_at_both_values_follows(number: int) -> None:
    text, first, values = PAGES[number]
    for line, value in LINES[number]:
        points = [(x / 7, y) for x in range(1, 7) for y in values]
        holds = all(math.isclose(VALUES[number](*at), value(*at)) for at in points)
        row = symderiv.check(f"{text} Then \\begin{{align}} {first} \\\\ &= {line} \\end{{align}}")
        found = row.chains[-1].rows[1]
        assert (found.verdict == "follows") == holds, found
        assert holds or found.verdict == "wrong"


def test_what_holds_at_other_two_values_only_is_wrong() -> None:
    text = r"Let $y\in\{-1,1\}$ and $L = e^{yf}$. "
    rows = r"\begin{align} L &= 1 - y + y e^f \\ L &= \frac{(1-y)e^{-f} + (1+y)e^f}{2} \end{align}"
    assert [str(row.verdict) for row in symderiv.check(text + rows).rows] == ["wrong", "follows"]
