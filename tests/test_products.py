"""Products over an index: their derivative leaves a place out, where others divide by it."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from sympy import Expr, Symbol

import symderiv
from symderiv.mistakes import Unanswered
from symderiv.terms.omitted import conditions, omitted
from symderiv.terms.verdict import Strength
from tests.by_sympy import World, written

RIGHT = [
    # what is left out, and the quotient that it is where no factor is 0
    ("prod(x[k], k)", "x[j]", "prod(x[m], m, m != j)"),
    ("prod(x[k], k)", "x[j]", "prod(x[m], m)/x[j]"),
    ("prod(x[k], k)", "x[j]", "sum(delta(j,k)*prod(x[m], m, m != k), k)"),
    ("prod(1 + x[k]**2, k)", "x[j]", "2*x[j]*prod(1 + x[m]**2, m, m != j)"),
    ("prod(x[k]**2, k)", "x[j]", "2*prod(x[k], k)*prod(x[k], k, k != j)"),
    ("prod(x[k], (k, 1, K-1))", "x[j]", "iverson(j <= K-1)*prod(x[k], (k, 1, K-1), k != j)"),
    # factors come apart, and numbers to the power of the size
    ("prod(x[k]*y[k], k)", "x[j]", "prod(x[k], k)*prod(y[k], k)/x[j]"),
    ("prod(c*x[k], (k, 1, K))", "x[j]", "c**K*prod(x[k], k, k != j)"),
    ("prod(-a*x[k], (k, 1, K))", "a", "K*(-1)**K*a**(K-1)*prod(x[k], k)"),
    ("prod(-x[k]/2, (k, 1, K))", "x[j]", "(-1)**K*2**(-K)*prod(x[k], k, k != j)"),
    ("prod(a*y, (k, 1, K))", "a", "K*y*(a*y)**(K-1)"),
    ("prod(1/x[k], k)", "x[j]", "-1/(x[j]*prod(x[k], k))"),
    ("prod(exp(z[k])*x[k], k)", "x[j]", "exp(sum(z[k], k))*prod(x[k], k, k != j)"),
    ("prod(x, (k, 1, K))", "x", "K*x**(K-1)"),
    # two places
    ("prod(x[k], k, k != i)", "x[j]", "(1 - delta(i,j))*prod(x[k], k)/(x[i]*x[j])"),
    ("prod(x[k], k, k != i)", "x[j]", "(1 - delta(i,j))*prod(x[k], k, k != j, k != i)"),
]  # fmt: skip
WRONG = [
    ("prod(x[k], k)", "x[j]", "prod(x[m], m)"),
    ("prod(x[k], k)", "x[j]", "prod(x[m], m, m != 1)"),
    ("prod(x[k], k)", "x[j]", "prod(x[m], m, m < j)"),
    ("prod(x[k]**2, k)", "x[j]", "2*prod(x[k]**2, k, k != j)"),
    ("prod(c*x[k], (k, 1, K))", "x[j]", "c**(K-1)*prod(x[k], k, k != j)"),
    ("prod(x[k], k, k != i)", "x[j]", "prod(x[k], k, k != j)"),  # not at i = j
    ("prod(x[k], (k, 1, K-1))", "x[j]", "prod(x[k], (k, 1, K-1), k != j)"),  # not at j = K
]


@pytest.mark.parametrize(("formula", "variable", "claim"), RIGHT)
def test_right_claims_are_proved_for_every_size(formula: str, variable: str, claim: str) -> None:
    said = symderiv.derive(formula, wrt=variable, claim=claim).claim
    assert said is not None
    assert said.verdict.strength is Strength.PROVED


@pytest.mark.parametrize(("formula", "variable", "claim"), WRONG)
def test_wrong_claims_are_refuted(formula: str, variable: str, claim: str) -> None:
    said = symderiv.derive(formula, wrt=variable, claim=claim).claim
    assert said is not None
    assert said.verdict.strength is Strength.REFUTED


PAGES = {
    "prod(x[k], k)": "Π_{m≠j} xₘ",
    "prod(x[k]**2, k)": "2 xⱼ Π_{m≠j} xₘ²",
    "prod(exp(x[k]), k)": "Πₘ e^xₘ",
    "log(prod(x[k], k))": "1 / xⱼ",
    "prod(x[k], k)**(1/K)": "(Πₖ xₖ)^(1/K) / (xⱼ K)",
    "exp(prod(x[k], k))": "e^(Πₖ xₖ) Π_{m≠j} xₘ",
    "prod(1 - x[k], k, k < 3)": "−1[j < 3] Π_{m<3,m≠j} (1 − xₘ)",
}


@pytest.mark.parametrize("formula", PAGES)
def test_the_page_divides_by_no_factor(formula: str) -> None:
    answer = symderiv.derive(formula, wrt="x[j]")
    assert f"= {PAGES[formula]}" in str(answer)
    assert not answer.exceptions


DRAWN = [
    "prod(x[k], k)", "prod(x[k]**2 + 1, k)", "prod(x[k]*x[1], k)", "sum(prod(x[i] - x[k], k), i)",
    "prod(x[i] - x[k], i, k, i != k)", "sum(prod(x[k], k, k != i)*x[i]**2, i)",
    "prod(sum(x[m], m) - x[k], k)", "sum(prod(1 - x[k], k, k < i)*x[i], i)",
    "prod(prod(x[k] + x[i], k, k != i), i)", "log(1 + prod(x[k], k)**2)",
    "prod(x[1]*x[k], (k, 2, K-1))", "prod(sum(x[i], (i, 1, K)), (k, 2, K-1))",  # empty at 1 and 2
    "sum(x[k], (k, 1, K))*prod(0, (k, 2, K))", "sum(x[i]*prod(x[k] - x[k], (k, 2, K)) + x[i], i)",
    "sum(x[k], (k, 1, K))*prod(-2/3, (k, 2, K))", "prod(2*sum(x[i], (i, 1, K)), (k, 2, K))",
]  # fmt: skip


@pytest.mark.parametrize("formula", DRAWN)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_slopes_are_those_of_sympy(formula: str, size: int) -> None:
    answer = symderiv.derive(formula, wrt="x[j]")
    (name,) = {s.name for s in answer.problem.ranges.values()} or {"K"}

    def at(term: Expr, **letters: int) -> Expr:
        return written(term, World(answer.problem, {name: size}, letters))

    whole = at(answer.problem.function)
    for j in range(1, size + 1):
        wanted = sympy.diff(whole, Symbol(f"x_{j}", real=True))
        assert sympy.simplify(at(answer.answer, j=j) - wanted) == 0


def test_a_number_to_the_power_of_a_size() -> None:
    answer = symderiv.derive("sum(x[k], (k, 1, K))*prod(-2/3, (k, 2, K))", wrt="x[j]")
    assert "(−2 / 3)^(K − 1)" in str(answer)


@pytest.mark.parametrize("size", [2, 3])
def test_what_divides_by_zero_at_a_size_is_not_proved(size: int) -> None:
    formula = "w*prod(x[j]/(x[i] - x[k]), (k, 1, K-1))*x[i]*x[j]*x[K]"
    with pytest.raises(Unanswered, match="it divides by x₁ − x₁, which is 0"):
        symderiv.derive(formula, wrt="w", k=size)


def test_what_a_product_leaves_out_is_seen() -> None:
    inner = symderiv.derive("prod(x[k], k, k != i, k < n)", wrt="x[j]").problem.function
    body, asked = conditions(inner)
    assert str(body) == "x[k]"
    assert [str(c) for c in asked] == ["k < n", "Ne(k, i)"]
    whole, place = omitted(symderiv.derive("prod(x[k], k, k != i)", wrt="x[j]").problem.function)
    assert (str(whole.function), str(place)) == ("x[k]", "i")


@pytest.mark.parametrize("name", ["sum", "prod"])
def test_what_is_left_out_twice_is_left_out_once(name: str) -> None:
    once, twice = (
        symderiv.derive(f"{name}(x[k], {', '.join(asked)})", wrt="x[j]").problem.function
        for asked in (["k", "k != i"], ["k", "k != i", "k != i"])
    )
    assert once == twice


@pytest.mark.parametrize(("size", "cells"), [(1, ["1"]), (2, ["x[2]", "x[1]"])])
def test_short_products_are_written_out_in_a_matrix(size: int, cells: list[str]) -> None:
    answer = symderiv.derive("prod(x[k], k)", wrt="x[j]", k=size)
    assert [str(answer.entry(j)) for j in range(1, size + 1)] == cells


def test_a_number_at_two_is_none_at_three() -> None:
    """∂²/∂x₁∂x₂ x₁ x₂ is 1, and that of x₁ x₂ x₃ is x₃."""
    answer = symderiv.derive("prod(x[k], k)", wrt=["x[i]", "x[j]"], k=2)
    assert [[int(answer.entry(i, j)) for j in (1, 2)] for i in (1, 2)] == [[0, 1], [1, 0]]


@pytest.mark.parametrize("text", [r"\prod_{m \neq j} x_m", r"\prod_{m=1, m \neq j}^{K} x_m"])
def test_what_is_printed_in_latex_is_read(text: str) -> None:
    answer = symderiv.derive(r"\prod_{k=1}^{K} x_k", wrt="x_j", claim=text)
    assert answer.claim is not None
    assert answer.claim.verdict.strength is Strength.PROVED
    assert r"\prod_{m=1, m \neq j}^{K} x_m" in answer.latex()


@pytest.mark.parametrize("size", [2, 3, 4])
def test_entries_of_one_kind_that_differ_by_their_index(size: int) -> None:
    """At a size of 2 there is one other place of a kind: with i and j exchanged."""
    answer = symderiv.derive("w*x[j]*prod(x[k] - x[k], k, k != i, k != 1)", wrt="w", k=size)
    first, second = ([str(answer.entry(j, i)) for j in (1, 2)] for i in (1, 2))
    assert first == ["0", "0"]
    assert second == (["x[1]", "x[2]"] if size == 2 else ["0", "0"])


@pytest.mark.parametrize("text", [
    "prod(p[i]**y[i]*(1 - p[i])**(1 - y[i]), i)", r"\prod_i p_i^{y_i} (1 - p_i)^{1 - y_i}",
])  # fmt: skip
def test_the_likelihood_of_tosses_has_a_slope_where_one_of_them_is_impossible(text: str) -> None:
    """For y of 0 and 1 it is linear in each p: the slope is ± the product of the others."""
    made = symderiv.derive(text, wrt="p[j]").function()
    y = np.array([1.0, 0.0, 1.0, 0.0])
    for p in (
        [0.3, 0.6, 0.9, 0.2],
        [0.0, 0.6, 0.9, 0.2],
        [0.0, 1.0, 0.5, 0.2],
        [1.0, 0.0, 1.0, 1.0],
    ):
        each = np.where(y == 1, p, 1 - np.array(p))
        others = [np.prod(np.delete(each, j)) for j in range(4)]
        np.testing.assert_allclose(made(np.array(p), y), (2 * y - 1) * others, rtol=1e-13)
