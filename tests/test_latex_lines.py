"""Lines of somebody else's derivation in LaTeX: their sides, conditions and derivatives."""

from __future__ import annotations

import pytest
from sympy import Ne, Symbol

from symderiv import catalogue
from symderiv.printers.text import text
from symderiv.reader import LineReader, ReadError, read, understand
from symderiv.terms import letter

SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}; L = -\sum_i y_i \log p_i"


def reader(definitions: str = SOFTMAX, *, new_names: bool = False) -> LineReader:
    library = catalogue.library()
    problem = read(understand(definitions, ()).formula, library=library)
    return LineReader(definitions, problem, library, new_names=new_names)


LINES: list[tuple[str, tuple[str, ...]]] = [
    (r"\frac{\partial L}{\partial z_j} = p_j - y_j", ("partial(L, z[j])", "p[j] - y[j]")),
    (r"= p_j \sum_i y_i - y_j", ("p[j]*sum(y[i], i) - y[j]",)),
    (r"= -\sum_k y_k \frac{\partial \log p_k}{\partial z_j}",
     ("-sum(y[k]*partial(log(p[k]), z[j]), k)",)),
    (r"\frac{\partial}{\partial z_j} \log p_i = \delta_{ij} - p_j",
     ("partial(log(p[i]), z[j])", "delta(i, j) - p[j]")),
    (r"\frac{\partial p_i}{\partial z_j} = -p_i p_j, \quad i \neq j",
     ("partial(p[i], z[j])", "-p[i]*p[j]")),
    (r"= {\color{red} p_i} \left( \delta_{ij} - p_j \right)", ("p[i]*(delta(i, j) - p[j])",)),
    (r"= -y_j (1 - p_j) + \sum_{i \neq j} y_i p_j",
     ("-y[j]*(1 - p[j]) + sum(y[i]*p[j], i, i != j)",)),
    (r"\frac{\partial^2 L}{\partial z_i \partial z_j} = p_i(\delta_{ij} - p_j)",
     ("partial(partial(L, z[i]), z[j])", "p[i]*(delta(i, j) - p[j])")),
    (r"L = -\sum_{j=1}^n y_j \log p_j", ("L", "-sum(y[j]*log(p[j]), j)")),
    (r"= \begin{cases} p_i(1 - p_i) & i = j \\ -p_i p_j & i \neq j \end{cases}",
     ("delta(i, j)*(p[i]*(1 - p[i])) + (1 - delta(i, j))*(-p[i]*p[j])",)),
]  # fmt: skip


@pytest.mark.parametrize(("line", "sides"), LINES, ids=[line for line, _ in LINES])
def test_a_line_is_read_over_its_problem(line: str, sides: tuple[str, ...]) -> None:
    found = reader().read(line)
    assert found.understood == sides
    assert found.continued == line.startswith("=")
    assert len(found.sides) == len(sides)


def test_conditions_are_relations_of_letters() -> None:
    for line in (r"= -p_i p_j, \quad i \neq j", r"= -p_i p_j, \text{ for } i \ne j"):
        (condition,) = reader().read(line).conditions
        assert condition == Ne(letter("i"), letter("j"), evaluate=False)


def test_functions_of_the_author_hold_in_the_lines() -> None:
    lines = reader(r"s(x) = \frac{1}{1 + e^{-x}}; F = -\log s(u)")
    found = lines.read(r"\frac{d F}{d u} = s(u) - 1 = -s(-u)")
    assert [text(side) for side in found.sides] == [
        "∂F/∂u", "1 / (1 + e^(−u)) − 1", "−1 / (1 + e^(−(−u)))"
    ]  # fmt: skip


def test_new_names_come_only_where_they_may() -> None:
    with pytest.raises(ReadError, match="'w' is not in the formula"):
        reader().read("= w p_i")
    found = reader(new_names=True).read("= w p_i")
    assert Symbol("w") in found.sides[0].free_symbols


REFUSED = [
    (r"= p_i +", 7), (r"= \frac{p_i}{", 13), (r"= q_i", 3), ("", 1),
    (r"= p_{ij}", 3), (r"\frac{\partial L}{\partial (z)}", 1),
]  # fmt: skip


@pytest.mark.parametrize(("line", "column"), REFUSED)
def test_a_line_that_is_not_read_says_where(line: str, column: int) -> None:
    with pytest.raises(ReadError) as caught:
        reader().read(line)
    assert caught.value.role == "line"
    assert caught.value.column >= column - 1
