"""The weaker strengths on their own: exactly at sizes, to 50 digits, and the counterexample."""

from __future__ import annotations

import pytest

from symderiv.judge.trials import Trials
from symderiv.reader import read, read_claim
from symderiv.terms import D
from symderiv.terms.verdict import Counterexample

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
# true, and not rational in their atoms
TRANSCENDENTAL = (
    ("sin(x)**2", ["x"], "sin(2*x)"),
    ("x*(1 + erf(x/sqrt(2)))/2", ["x"], "(1 + erf(x/sqrt(2)))/2 + x*exp(-x**2/2)/sqrt(2*pi)"),
    ("log(sum(exp(z[k]), k))", ["z[j]"], "exp(z[j] - log(sum(exp(z[k]), k)))"),
)


def trials(formula: str, variables: list[str], assumed: tuple[str, ...], claim: str) -> Trials:
    problem = read(formula, variables, assumed)
    line = problem.function
    for variable in problem.wrt:
        line = D(line, variable)
    return Trials(problem, line, read_claim(claim, problem), {})


@pytest.mark.parametrize("row", RATIONAL, ids=lambda row: row[3])
def test_rational_lines_are_exact_at_sizes_one_to_four(row: tuple) -> None:
    formula, variables, assumed, claim = row
    tried = trials(formula, variables, assumed, claim)
    assert tried.counterexample() is None
    sizes = tried.exact()
    assert sizes == ((1, 2, 3, 4) if "[" in formula else (1,))


@pytest.mark.parametrize("row", RATIONAL, ids=lambda row: row[3])
def test_a_factor_of_two_is_found_at_once(row: tuple) -> None:
    formula, variables, assumed, claim = row
    shown = trials(formula, variables, assumed, f"2*({claim})").counterexample()
    assert shown is not None
    assert all(n <= 4 for n in shown.sizes.values())
    assert float(shown.right) == pytest.approx(2 * float(shown.left))


@pytest.mark.parametrize("row", TRANSCENDENTAL, ids=lambda row: row[2])
def test_what_is_not_rational_agrees_to_forty_digits(row: tuple) -> None:
    formula, variables, claim = row
    agreed = trials(formula, variables, (), claim).digits()
    assert isinstance(agreed, int)
    assert agreed >= 20


def test_a_tiny_difference_is_a_difference() -> None:
    shown = trials("x**2/2", ["x"], (), "x + 10**(-30)").digits()
    assert isinstance(shown, Counterexample)
    assert shown.left != shown.right


def test_two_sizes_are_tried_in_both_orders() -> None:
    # true whenever K <= N, so it takes a size N below K to refute it
    formula = "sum(sum(iverson(k <= n)*a[n], (k, 1, K)), (n, 1, N))*b[1]"
    problem = read("sum(a[n]*x, (n, 1, N)) + sum(b[k]*x, (k, 1, K))", ["x"])
    left = read_claim("sum(iverson(k <= N)*b[k], (k, 1, K))", problem)
    right = read_claim("sum(b[k], k)", problem)
    assert formula
    shown = Trials(problem, left, right, {}).counterexample()
    assert shown is not None
    assert shown.sizes["N"] < shown.sizes["K"]
