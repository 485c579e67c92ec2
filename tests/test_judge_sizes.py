"""Exactly at sizes, without normal forms: lines written out and compared as polynomials."""

from __future__ import annotations

import pytest

from symderiv.judge.trials import Trials
from symderiv.reader import read, read_claim
from symderiv.terms import D

SOFTMAX = "p[i] = exp(z[i]) / sum(exp(z[k]), k); "
# formula, variables, assumptions, claim: rational in exponentials and components
RATIONAL = (
    (SOFTMAX + "p[i]", ["z[j]"], (), "p[i]*(delta(i,j) - p[j])"),
    (SOFTMAX + "-log(p[y])", ["z[j]"], (), "p[j] - delta(j,y)"),
    (SOFTMAX + "-sum(y[i]*log(p[i]), i)", ["z[j]"], ("sum(y[i], i) = 1",), "p[j] - y[j]"),
    ("1/(1 + exp(-x))", ["x"], (), "exp(x)/(1 + exp(x))**2"),
    ("sum(x[i]*A[i,j]*x[j], i, j)", ["x[k]"], (), "sum((A[k,i] + A[i,k])*x[i], i)"),
    ("sum((sum(X[n,d]*w[d], d) - t[n])**2, n)/2", ["w[c]", "w[e]"], (), "sum(X[n,c]*X[n,e], n)"),
)  # fmt: skip


def trials(formula: str, variables: list[str], assumed: tuple[str, ...], claim: str) -> Trials:
    problem = read(formula, variables, assumed)
    line = problem.function
    for variable in problem.wrt:
        line = D(line, variable)
    return Trials(problem, line, read_claim(claim, problem), {})


@pytest.mark.parametrize("row", RATIONAL, ids=lambda row: row[3])
def test_rational_lines_are_exact_at_sizes_one_to_four(row: tuple) -> None:
    formula, variables, assumed, claim = row
    sizes = trials(formula, variables, assumed, claim).exact()
    assert sizes == ((1, 2, 3, 4) if "[" in formula else (1,))


@pytest.mark.parametrize("row", RATIONAL, ids=lambda row: row[3])
def test_a_factor_of_two_is_not_exact(row: tuple) -> None:
    formula, variables, assumed, claim = row
    assert trials(formula, variables, assumed, f"2*({claim})").exact() is None


@pytest.mark.parametrize(
    "claim",
    ["x + 1e-45", "x + 1e-300", "x*(1 + 1e-45)"],
)
def test_a_tiny_difference_is_a_difference(claim: str) -> None:
    assert trials("x**2/2", ["x"], (), claim).exact() is None


@pytest.mark.parametrize(
    "claim",
    [
        "sum(W[n,k]**2, n, k)*(1 + iverson(N == K))",
        "sum(W[n,k]**2, n, k) + iverson(N < K)",
        "sum(W[n,k]**2, n, k) + iverson(K < N)",
    ],
)
def test_sizes_are_tried_alike_and_in_both_orders(claim: str) -> None:
    assert trials("sum(W[n,k]**2, (n,1,N), (k,1,K))*x", ["x"], (), claim).exact() is None


def test_every_labelling_of_a_small_batch_is_tried() -> None:
    claim = "sum(W[n,y[n]], n) + iverson(y[1] == 2)*iverson(y[2] == 2)*0**0*W[1,1]"
    for wrong in (claim, "sum(W[n,y[n]], n) + delta(y[1],2)*delta(y[2],2)*W[1,1]"):
        try:
            tried = trials("t*sum(W[n,y[n]], n)", ["t"], (), wrong)
        except Exception:  # not in the language
            continue
        assert tried.exact() is None
