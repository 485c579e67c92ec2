r"""What a text says of one component, $y_c = 1$, is no definition of all of them."""

from __future__ import annotations

import pytest

import symderiv

SOFTMAX = r"Let $p_i = e^{z_i}/\sum_j e^{z_j}$ and $L = -\sum_i y_i\log p_i$. "
RIGHT = {
    r"L = -\log p_c": "follows",
    r"L = -z_c + \log\sum_j e^{z_j}": "follows",
    r"\frac{\partial L}{\partial z_k} = p_k - \delta_{kc}": "follows",
    r"\frac{\partial L}{\partial z_k} = p_k - y_k": "follows",
    r"\frac{\partial L}{\partial z_c} = p_c - 1": "follows",
    r"\frac{\partial L}{\partial z_c} = p_c": "wrong",
}
ONE_HOT = [
    SOFTMAX + r"Here $y$ is one-hot with $y_c = 1$. Then",
    r"The label is one-hot: $y_c = 1$ for the class $c$ and $y_i = 0$ otherwise. " + SOFTMAX,
    SOFTMAX + r"We have $y_c = 1$ and $y_i = 0$ for $i \neq c$. Then",
]


@pytest.mark.parametrize("text", ONE_HOT)
def test_the_component_of_a_one_hot_label_says_what_the_others_are(text: str) -> None:
    rows = [f"\\[ {line} \\]" for line in RIGHT]
    assert _verdicts("\n".join([text, *rows])) == [*RIGHT.values()]


def test_a_component_that_is_one_somewhere_is_not_one_everywhere() -> None:
    text = r"Let $t_{nk} = 1$ if $x_n$ is in class $k$, and $L = -\sum_n\sum_k t_{nk}\log p_{nk}$. "
    slope = r"\frac{\partial L}{\partial p_{nk}} = -\frac{t_{nk}}{p_{nk}}"
    rows = rf"Then \[ {slope} \] and \[ L = -\sum_n\sum_k\log p_{{nk}} \]"
    assert _verdicts(text + rows) == ["follows", "undecided"]


@pytest.mark.parametrize(
    "words",
    ["$m_j = 1$ for even $j$ and $m_j = 0$ otherwise", "$m$ is one-hot, $m_j = 1$"],
)
def test_a_component_of_a_running_letter_is_one_somewhere(words: str) -> None:
    text = rf"Here {words}, and $S = \sum_j m_j x_j$. "
    rows = r"Then \begin{align} \frac{\partial S}{\partial x_j} &= m_j \\ &= 1 \end{align}"
    assert _verdicts(text + rows) == ["follows", "undecided"]


def test_what_is_said_of_every_component_defines_them() -> None:
    text = r"Let $w_i = 1$ for all $i$ and $L = \sum_i w_i x_i$. "
    rows = r"Then \begin{align} L &= \sum_i x_i \\ &= 2\sum_i x_i \end{align}"
    assert _verdicts(text + rows) == ["follows", "wrong"]


def _verdicts(text: str) -> list[str]:
    return [str(row.verdict) for row in symderiv.check(text).rows]
