"""Claims: decided where they are real, at all points that the assumptions allow."""

from __future__ import annotations

import pytest
import sympy
from sympy import Integer

import symderiv
from symderiv.derivation import Claim
from symderiv.face.derived import derived
from symderiv.face.request import Request
from symderiv.reader import read
from symderiv.terms import Iverson, component, release
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Strength


def decided(formula: str, wrt: str, claim: str, *assume: str) -> Claim:
    problem: Problem = read(formula, wrt=(wrt,), assume=assume)
    found = derived(problem, Request(formula, claim=claim)).claim
    assert found is not None
    return found


NARROW = [
    ("x*log(x**2)", "x", "2*log(x) + 2"),
    ("log(x**2)**2/2", "x", "4*log(x)/x"),
    ("sum(log(x[i]**2), i)**2/2", "x[j]", "2*sum(2*log(x[i]), i)/x[j]"),
    ("sqrt(x**2)**3", "x", "3*x*sqrt(x)*sqrt(x)"),
]


@pytest.mark.parametrize(("formula", "wrt", "claim"), NARROW)
def test_a_claim_that_is_real_at_fewer_points_is_not_said_to_hold(
    formula: str, wrt: str, claim: str
) -> None:
    verdict = decided(formula, wrt, claim).verdict
    assert verdict.strength in (Strength.UNDECIDED, Strength.REFUTED)
    shown = verdict.counterexample
    assert shown is not None
    if verdict.strength is Strength.UNDECIDED:
        assert shown.right == "not real"
        assert any(value.startswith("-") for value in shown.point.values())
        assert "it is not real at" in verdict.note


WIDE = [
    ("x*log(x**2)", "x", "2*log(x) + 2", "x > 0"),
    ("x*log(x**2)", "x", "log(x**2) + 2", ""),
    ("x*log(x**2)", "x", "2*log(abs(x)) + 2", ""),
    ("log(x)**2", "x", "2*log(x)/x", ""),  # the function is not real at x < 0 either
    ("x**a", "x", "a*x**a/x", ""),
    ("sqrt(1 - x**2)", "x", "-x/sqrt(1 - x**2)", ""),
    ("-log(1 - sigmoid(x))", "x", "exp(-log(1 + exp(-x)))", ""),
    ("x", "x", "x/x", ""),  # a gap at one point is nobody's mistake
    ("sum(y[i]*log(q[i]), i)", "q[j]", "y[j]*exp(-log(q[j]))", ""),
    ("sum(log(x[i]**2), i)**2/2", "x[j]", "2*sum(2*log(x[i]), i)/x[j]", "x[i] > 0"),
]


@pytest.mark.parametrize(("formula", "wrt", "claim", "assume"), WIDE)
def test_a_right_claim_holds(formula: str, wrt: str, claim: str, assume: str) -> None:
    verdict = decided(formula, wrt, claim, *([assume] if assume else [])).verdict
    assert verdict.strength is Strength.PROVED


UNDER_INEQUALITIES = [
    ("abs(x - y)", "x", "1", "x > y", Strength.PROVED),
    ("abs(x - y)", "x", "1", "3*x > 3*y", Strength.PROVED),
    ("abs(x - y)", "x", "-1", "x > y", Strength.REFUTED),
    ("max(x, y)", "y", "0", "x > y", Strength.PROVED),
    ("max(x, y)", "y", "1", "y > x", Strength.PROVED),
    ("max(x, y)", "y", "1", "x > y", Strength.REFUTED),
    ("abs(x - y)", "x", "1", "x >= y", Strength.PROVED),
    ("sum(abs(x[i] - y[i]), i)", "x[j]", "1", "x[k] > y[k]", Strength.PROVED),
    ("sum(abs(x[i] - y[i]), i)", "x[j]", "1", "x[1] > y[1]", Strength.REFUTED),
    ("log((1 - x)**2)", "x", "-2/sqrt((1 - x)**2)", "x < 1", Strength.PROVED),
]


@pytest.mark.parametrize(("formula", "wrt", "claim", "assume", "strength"), UNDER_INEQUALITIES)
def test_an_inequality_that_is_declared_holds_at_every_point_that_is_tried(
    formula: str, wrt: str, claim: str, assume: str, strength: Strength
) -> None:
    assert decided(formula, wrt, claim, assume).verdict.strength is strength


SYMMETRIC = [
    ("sum(x[i]*A[i,j]*x[j], i, j)", "x[k]", "2*sum(A[k,j]*x[j], j)", "2*sum(A[k,j]*x[k], j)"),
    ("sum(x[i]*A[i,j]*x[j], i, j)", "x[k]", "2*sum(A[j,k]*x[j], j)", "sum(A[j,k]*x[j], j)"),
    ("sum(A[i,j]*A[j,i], i, j)*t", "t", "sum(A[i,j]**2, i, j)", "sum(A[i,i]**2, i)"),
    ("exp(A[m,n]*A[n,m]*t)", "t", "A[m,n]**2*exp(A[n,m]**2*t)", "A[m,m]*exp(A[m,n]**2*t)"),
]


@pytest.mark.parametrize(("formula", "wrt", "claim", "wrong"), SYMMETRIC)
def test_a_symmetric_array(formula: str, wrt: str, claim: str, wrong: str) -> None:
    assert decided(formula, wrt, claim, "A[i,j] = A[j,i]").verdict.strength is Strength.PROVED
    assert decided(formula, wrt, wrong, "A[i,j] = A[j,i]").verdict.strength is Strength.REFUTED
    assert decided(formula, wrt, claim).verdict.strength is Strength.REFUTED


def test_a_skew_array() -> None:
    form = "sum(x[i]*A[i,j]*x[j], i, j)"
    assert decided(form, "x[k]", "0", "A[i,j] = -A[j,i]").verdict.strength is Strength.PROVED
    verdict = decided("A[m,m]*t", "t", "0", "A[i,j] = -A[j,i]").verdict
    assert verdict.strength is Strength.PROVED


def test_an_array_that_is_differentiated_by_is_taken_one_component_at_a_time() -> None:
    form = "sum(B[i,j]*A[i,j], i, j)"
    fact = "A[i,j] = A[j,i]"
    assert decided(form, "A[k,l]", "B[k,l]", fact).verdict.strength is Strength.PROVED
    assert decided(form, "A[k,l]", "B[l,k]", fact).verdict.strength is Strength.REFUTED


def test_an_index_is_a_number_in_a_claim() -> None:
    assert decided("sum(k*x[k], k)", "x[j]", "j").verdict.strength is Strength.PROVED
    assert decided("sum(k*x[k], k)", "x[j]", "2*j").verdict.strength is Strength.REFUTED
    assert decided("sum(k**2*x[k], k)", "x[j]", "j*(j + 1) - j").verdict.holds


def test_brackets_between_numbers_are_worked_out_in_a_matrix() -> None:
    problem = read("sum((x[i+1] - x[i])**2, (i, 1, N-1))", wrt=("x[j]",))
    found = derived(problem, Request(k=3))
    x = [component("x", Integer(n)) for n in (1, 2, 3)]
    truth = [2 * (x[0] - x[1]), 2 * (2 * x[1] - x[0] - x[2]), 2 * (x[2] - x[1])]
    for n, expected in enumerate(truth, 1):
        entry = found.entry(n)
        assert not entry.has(Iverson)
        assert sympy.expand(release(entry) - expected) == 0


# A mean of three has a 3 in its derivative: such a claim is of a chosen size, and of no other.
AT_A_SIZE = [
    ("mean(x[i]**2, i)", "x[j]", 3, "2*x[j]/3", "proved", "for K = 3"),
    ("mean(x[i]**2, i)", "x[j]", 3, "2*x[j]/K", "proved", "for every K"),
    ("mean(x[i]**2, i)", "x[j]", 3, "2*x[j]/2", "refuted", ""),
    ("mean(x[i]**2, i)", "x[j]", 2, "2*x[j]/3", "refuted", ""),
    ("softmax(z)[i]", "z[j]", 1, "0", "proved", "for K = 1"),
    ("softmax(z)[i]", "z[j]", 2, "0", "refuted", ""),
    ("softmax(z)[i]", "z[j]", 2, "(2*delta(i,j) - 1)*prod(softmax(z)[k], k)", "proved", "K = 2"),
    (
        "-log(softmax(z)[y])",
        "z[j]",
        2,
        "softmax(z)[j] - delta(j,y) + delta(y,3)",
        "proved",
        "K = 2",
    ),
    ("-log(softmax(z)[y])", "z[j]", 3, "softmax(z)[j] - delta(j,y) + delta(y,3)", "refuted", ""),
]


@pytest.mark.parametrize(("formula", "wrt", "k", "claim", "strength", "scope"), AT_A_SIZE)
def test_a_claim_is_of_the_size_that_is_chosen(
    formula: str, wrt: str, k: int, claim: str, strength: str, scope: str
) -> None:
    made = symderiv.derive(formula, wrt=wrt, k=k, claim=claim).claim
    assert made is not None
    assert (str(made.verdict.strength), scope in made.verdict.note) == (strength, True)
    if strength == "refuted":
        assert made.verdict.counterexample.sizes == {"K": k}
