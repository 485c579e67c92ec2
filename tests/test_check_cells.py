r"""Cells of recurrent networks as papers write them: gates named by letters, a_f beside f.

Every right line is a slope of the cell, held against finite differences; every wrong
one is off there.
"""

from __future__ import annotations

from math import cosh, exp, tanh

import pytest

import symderiv

CELL = r"""The gates are $f = \sigma(a_f)$, $i = \sigma(a_i)$, $g = \tanh(a_g)$, $o = \sigma(a_o)$.
\[ c = f c_0 + i g \] \[ h = o \tanh c \] """
AT = {"f": 0.3, "i": -0.4, "g": 0.8, "o": 0.9}
C0 = 1.3


def _sigma(a: float) -> float:
    return 1 / (1 + exp(-a))


def _cell(a: dict[str, float]) -> dict[str, float]:
    found = {name: _sigma(a[name]) for name in "fio"} | {"g": tanh(a["g"])}
    found["c"] = found["f"] * C0 + found["i"] * found["g"]
    return found | {"h": found["o"] * tanh(found["c"])}


def _slope(by: str) -> float:
    up, down = ({**AT, by: AT[by] + step} for step in (1e-6, -1e-6))
    return (_cell(up)["h"] - _cell(down)["h"]) / 2e-6


v = _cell(AT)
INNER = v["o"] / cosh(v["c"]) ** 2
LINES = [
    ("o", r"o(1-o)\tanh c", v["o"] * (1 - v["o"]) * tanh(v["c"])),
    ("o", r"o(1-o) c", v["o"] * (1 - v["o"]) * v["c"]),
    ("f", r"o(1-\tanh^2 c) c_0 f(1-f)", INNER * C0 * v["f"] * (1 - v["f"])),
    ("f", r"o(1-c^2) c_0 f(1-f)", v["o"] * (1 - v["c"] ** 2) * C0 * v["f"] * (1 - v["f"])),
    ("g", r"o(1-\tanh^2 c) i (1-g^2)", INNER * v["i"] * (1 - v["g"] ** 2)),
    ("g", r"o(1-\tanh^2 c) i g(1-g)", INNER * v["i"] * v["g"] * (1 - v["g"])),
    ("i", r"o(1-\tanh^2 c) g\,i(1-i)", INNER * v["g"] * v["i"] * (1 - v["i"])),
    ("i", r"(1-\tanh^2 c) g\,i(1-i)", INNER / v["o"] * v["g"] * v["i"] * (1 - v["i"])),
]


@pytest.mark.parametrize(("by", "line", "value"), LINES)
def test_a_gate_that_is_named_by_its_letter(by: str, line: str, value: float) -> None:
    report = symderiv.check(rf"{CELL} \[ \frac{{\partial h}}{{\partial a_{by}}} = {line} \]")
    right = abs(value - _slope(by)) < 1e-7
    assert report.chains[-1].rows[0].verdict == ("follows" if right else "wrong")


MEANS = r"""\[ \mu_x = \frac1N \sum_{i=1}^N x_i \] \[ \mu_y = \frac1N \sum_{i=1}^N y_i \]
\[ C = \frac1N \sum_i (x_i - \mu_x)(y_i - \mu_y) \] """


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"\frac1N \sum_i (x_i - \mu_x) y_i = C", "follows"),
        (r"\frac1N \sum_i (x_i + \mu_x) y_i = C", "wrong"),
        (r"\frac{\partial C}{\partial x_j} = \frac1N (y_j - \mu_y)", "follows"),
        (r"\frac{\partial C}{\partial x_j} = \frac1N (x_j - \mu_x)", "wrong"),
    ],
)
def test_a_mean_that_is_named_by_its_array(line: str, verdict: str) -> None:
    assert symderiv.check(rf"{MEANS} \[ {line} \]").chains[-1].rows[0].verdict == verdict


def test_a_label_below_a_name_that_has_indices_stays_an_index() -> None:
    text = r"""\[ p_i = \frac{e^{z_i}}{\sum_k e^{z_k}} \] \[ L = -\log p_y \]
\[ \frac{\partial L}{\partial z_j} = p_j - \delta_{jy} \]"""
    assert symderiv.check(text).status == 0


STEP = r"\[ c_t = f_t c_{t-1} + x_t \] \[ h_t = o_t \tanh(c_t) \] "


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"\frac{\partial h_t}{\partial o_t} = \tanh(c_t)", "follows"),
        (r"\frac{\partial h_t}{\partial o_t} = 1 - \tanh^2(c_t)", "wrong"),
        (r"\frac{\partial h_t}{\partial o_s} = \delta_{ts} \tanh(c_t)", "follows"),
    ],
)
def test_what_a_recurrence_does_not_mention_leaves_it_alone(line: str, verdict: str) -> None:
    assert symderiv.check(rf"{STEP} \[ {line} \]").chains[-1].rows[0].verdict == verdict


def test_what_a_recurrence_comes_back_to_does_not() -> None:
    """f_t depends on h_{t-1}, and so on the gates before."""
    gate = r"\[ f_t = \sigma(u h_{t-1}) \] "
    line = r"\[ \frac{\partial h_t}{\partial o_s} = \delta_{ts} \tanh(c_t) \]"
    assert symderiv.check(gate + STEP + line).chains[-1].rows[0].verdict == "undecided"


LAYER = r"\[ z = W x + b \] \[ h = \tanh(z) \] \[ L = \frac12 \|h - y\|^2 \] "


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"\frac{\partial L}{\partial x}^\top = \frac{\partial L}{\partial z}^\top W", "follows"),
        (
            r"\frac{\partial L}{\partial x}^\top = \frac{\partial L}{\partial z}^\top W^\top",
            "wrong",
        ),
        (r"\frac{\partial L}{\partial W}^\top = x \frac{\partial L}{\partial z}^\top", "follows"),
    ],
)
def test_a_fraction_of_a_derivative_is_transposed_without_brackets(line: str, verdict: str) -> None:
    assert symderiv.check(rf"{LAYER} \[ {line} \]").chains[-1].rows[0].verdict == verdict
