"""The judge's proofs against those who want it to prove what is false.

`FALSE` has claims that are wrong, or have no value where the derivative has one, at a point that is
given; the test evaluates both there with mpmath (`judge_oracle`: nothing of the judge) and then
asks for a proof, which there must not be.  `TRUE` has their neighbours that are right: the same
under the condition that makes it so, or written as it should be.
"""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

import mpmath
import pytest
from mpmath import mp, mpf
from sympy import Expr, Symbol

import symderiv
from symderiv.judge import Judge
from symderiv.reader import read, read_claim
from symderiv.terms import D, Quotient, subterms
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import LEAVES, OUTSIDE, Strength
from tests.judge_oracle import DIGITS, World, value


class Row(NamedTuple):
    """A claim, and a point: sizes, indices, scalars, and arrays as (nested) lists."""

    formula: str
    by: str
    claim: str
    point: dict[str, Any]
    assume: tuple[str, ...] = ()


class Right(NamedTuple):
    formula: str
    by: str
    claim: str
    assume: tuple[str, ...] = ()


FALSE = [
    # a power, a root, a product of unknown sign
    Row("sum(abs(x**i)*c[i], i)", "c[j]", "x**j", {"x": -2, "j": 1, "K": 2}),
    Row("t*abs(x**a)", "t", "x**a", {"x": -2, "a": 1}),
    Row("t*abs(x**(2*a))", "t", "x**(2*a)", {"x": -1, "a": 0.5}),
    Row("t*relu(x**a)", "t", "x**a", {"x": -2, "a": 1}),
    Row("t*sign(x**a)", "t", "1", {"x": -2, "a": 1}),
    Row("t*iverson(x**a > 0)", "t", "1", {"x": -2, "a": 1}),
    Row("t*sqrt((x**a)**2)", "t", "x**a", {"x": -2, "a": 1}),
    Row("t*abs((x**a)**b)", "t", "(x**a)**b", {"x": -2, "a": 1, "b": 1}),
    Row("t*(x**2)**a", "t", "x**(2*a)", {"x": -1, "a": 0.5}),
    Row("t*x**(3*n)", "t", "x**n*x**(2*n)", {"x": -1, "n": "1/3"}),
    Row("t*x[i]**(3*n)", "t", "x[i]**n*x[i]**(2*n)", {"x": [-1], "i": 1, "n": "1/3", "K": 1}),
    Row("t*sqrt(x**2)", "t", "x", {"x": -1}),
    Row("t*abs(x*y)", "t", "x*y", {"x": 1, "y": -1}, ("x > 0",)),
    # what is not negative may be 0
    Row("t*iverson(sqrt(x) > 0)", "t", "1", {"x": 0}),
    Row("t*iverson(x**2 > 0)", "t", "1", {"x": 0}),
    Row("t*iverson(abs(x) > 0)", "t", "1", {"x": 0}),
    # nor does >= say that it is not, or != that it is positive
    Row("t*iverson(x > 0)", "t", "1", {"x": 0}, ("x >= 0",)),
    Row("t*sign(x)", "t", "1", {"x": 0}, ("x >= 0",)),
    Row("t*sign(x)", "t", "1", {"x": -1}, ("x != 0",)),
    Row("t*iverson(x + y > 0)", "t", "1", {"x": 0, "y": 0}, ("x >= 0", "y >= 0")),
    Row("t*iverson(x > 1)", "t", "1", {"x": 1}, ("x >= 1",)),
    Row("t*iverson(x < 1)", "t", "1", {"x": 1}, ("x <= 1",)),
    # one label of two, the beginning of an axis for its end, an axis that may have one place
    Row("t*p[2]", "t", "p[1] + p[2]", {"K": 2}),
    Row("t*sum(p[k],(k,1,K))", "t", "p[1] + sum(p[k],(k,1,K-1))", {"K": 2}),
    Row("t*sum(p[k],(k,2,K-1))", "t", "sum(p[k],k) - p[1] - p[K]", {"K": 1}),
    Row("t*p[j]", "t", "p[1]*delta(j,1) + sum(p[k]*delta(j,k),(k,3,K))", {"j": 2, "K": 3}),
    Row("t*iverson(sum(z[k]**2, k) > 0)", "t", "1", {"z": [0, 0], "K": 2}),
    Row("t*iverson(sqrt(sum(z[k]**2, k)) > 0)", "t", "1", {"z": [0, 0], "K": 2}),
    Row("t*iverson(max(z[k]**2, k) > 0)", "t", "1", {"z": [0, 0], "K": 2}),
    Row("t*iverson(sum(1 + z[k]**2, (k, 2, K)) > 0)", "t", "1", {"z": [1], "K": 1}),
    Row("t*sign(x)**2", "t", "1", {"x": 0}),
    # numbers among indices
    Row("x*sum(iverson(k == 3), (k, 1, K))", "x", "1", {"x": 1, "K": 2}),
    Row("x*sum(delta(k,2)*z[k], k)", "x", "z[1] + z[2]*0", {"x": 1, "z": [5, 1], "K": 2}),
    Row("x*sum(iverson(k >= 2), (k, 1, K))", "x", "1", {"x": 1, "K": 1}),
    # real at fewer points
    Row("t*log(x**2)", "t", "2*log(x)", {"x": -1}),
    Row("t*log(x**a)", "t", "a*log(x)", {"x": -1, "a": 2}),
    Row("t*log(x*y)", "t", "log(x) + log(y)", {"x": -1, "y": -1}),
    Row("t*sqrt(x*y)", "t", "sqrt(x)*sqrt(y)", {"x": -1, "y": -1}),
    Row("t*sqrt(x**2*y)", "t", "abs(x)*sqrt(y)", {"x": 0, "y": -1}),
    Row("t*sqrt(sqrt(x)*y)", "t", "x**(1/4)*sqrt(y)", {"x": 0, "y": -1}),
    Row("t*x", "t", "sqrt(x)*sqrt(x)", {"x": -1}),
    Row("x**3/3", "x", "exp(2*log(x))", {"x": -1}),
    Row("x**2", "x", "2*x + log(x) - log(x)", {"x": -1}),
    *(
        Row("x**2", "x", f"2*x + {nothing} - {nothing}", {"x": x})
        for x, nothing in [
            (2, "asin(x)"), (-2, "acos(x)"), (0.5, "acosh(x)"), (-3, "atanh(x)"),
            (-1, "sqrt(x)"), (-1, "x**(1/4)"),
            (-2, "sum(asin(x)/k, (k,1,2))"),
        ]
    ),
    Row("t*(x + y)**2*a", "t", "a*(x + y)**2*(x + y)**a/(x + y)**a", {"x": -2, "y": 1, "a": 0.5}),
    # divided by what is 0 at every value of the arrays
    Row("x**2", "x", "2*x + 1/sin(pi) - 1/sin(pi)", {"x": 1}),
    Row("x**2", "x", "2*x + 1/cos(3*pi/2) - 1/cos(3*pi/2)", {"x": 1}),
    Row("sum(x[i], (i, 1, K))", "x[j]", "(K - 1)/(K - 1)", {"x": [1], "K": 1, "j": 1}),
    Row(
        "sum(sqrt((z[i] - z[j])**2), i, j)",
        "z[k]",
        "sum((z[i] - z[j])*(delta(i,k) - delta(j,k))/sqrt((z[i] - z[j])**2), i, j)",
        {"z": [1, 3], "K": 2, "k": 1},
    ),
    Row(
        "v[i,j] = (1 - delta(i,j))*w[i,j]; sum((1 - delta(i,j))*log(v[i,j]), i, j)",
        "w[k,l]",
        "1/v[k,l] - delta(k,l)/v[k,l]",
        {"w": [[1, 2], [3, 4]], "K": 2, "M": 2, "N": 2, "k": 1, "l": 1},
    ),
    # a value at a point where there is no kink
    Row("x**2", "x", "2*x + iverson(x == 0)", {"x": 0}),
    Row("x*iverson(t > 0)", "x", "iverson(t >= 0)", {"x": 1, "t": 0}),
    Row("relu(x[1]) + x[2]**2", "x[2]", "2*x[2] + iverson(x[2] == 0)", {"x": [1, 0], "K": 2}),
    Row("relu(x)**2", "x", "2*relu(x) + iverson(x == 0)", {"x": 0}),
    Row("exp(relu(x)**2)", "x", "2*relu(x)*exp(relu(x)**2) + iverson(x == 0)", {"x": 0}),
    Row("x**2*sign(x)", "x", "2*abs(x) + iverson(x == 0)", {"x": 0}),
    Row("relu(x) + relu(y)", "x", "iverson(x > 0) + iverson(y == 0)", {"x": 1, "y": 0}),
    Row(
        "iverson(abs(r) <= 1)*r**2/2 + iverson(abs(r) > 1)*(abs(r) - 1/2)",
        "r",
        "max(-1, min(1, r)) + iverson(r == 0)",
        {"r": 0},
    ),
    # terms of a maximum that are one function
    Row("min(max(z[k], x), k)", "x", "sum(iverson(z[k] < x), k)",
        {"z": [1, 2, 3], "x": 2.5, "K": 3}),
    Row("max(min(z[k], x), k)", "x", "sum(iverson(z[k] > x), k)",
        {"z": [1, 2, 3], "x": 0.5, "K": 3}),
    Row(
        "max(x + relu(t)*z[k], k)",
        "x",
        "sum(iverson(relu(t)*z[k] == max(relu(t)*z[m], m)), k)",
        {"z": [1, 2], "x": 1, "t": -1, "K": 2},
    ),
    Row(
        "max((z[k] - sum(z[l], l)/K)**2, (k, 1, K))",
        "z[j]",
        "sum(iverson((z[k] - sum(z[l], l)/K)**2 == max((z[m] - sum(z[l], l)/K)**2, (m, 1, K)))"
        "*2*(z[k] - sum(z[l], l)/K)*(delta(k,j) - 1/K), (k, 1, K))",
        {"z": [1, 2], "K": 2, "j": 1},
    ),
    Row("max(min(x, a), min(x, b), c)", "x", "0", {"x": 1, "a": 2, "b": 3, "c": 0}),
    Row("max(sum(W[k,d]*x[d], d), k)", "x[c]",
        "sum(iverson(sum(W[k,d]*x[d], d) == max(sum(W[m,d]*x[d], d), m))*W[k,c], k)",
        {"W": [[1, 2], [1, 2]], "x": [1, 1], "K": 2, "D": 2, "c": 1}),
    # two terms of a maximum that are one component at an index, x_2 at i = 1
    Row("sum(max(x[2*i], x[i+1])*v[i], i)", "x[j]",
        "sum(v[i]*(iverson(x[2*i] > x[i+1])*delta(2*i,j) + iverson(x[2*i] < x[i+1])*delta(i+1,j)),"
        " i)", {"x": [1, 2], "v": [1], "K": 2, "M": 1, "j": 2}),
    Row("sum(d[t]*(x**2)**(t-a), t)", "d[j]", "x**(2*j-2*a)",
        {"d": [1], "x": -2, "a": 0.5, "T": 1, "j": 1}),
    # a fact says no more than it says
    Row("t*abs(q[2])", "t", "q[2]", {"q": [1, -1], "K": 2}, ("q[1] > 0",)),
    Row("t*abs(q[j])", "t", "q[j]", {"q": [1, -1], "K": 2, "j": 2}, ("q[1] > 0",)),
    Row("t*abs(A[1,2])", "t", "A[1,2]", {"A": [[1, -1], [1, 1]], "K": 2, "N": 2}, ("A[i,i] > 0",)),
    Row("t*abs(sum(q[i], i))", "t", "sum(q[i], i)", {"q": [1, -3], "K": 2}, ("q[1] > 0",)),
    Row("t*abs(x)", "t", "x", {"x": -1}, ("x**2 > 0",)),
    Row("t*abs(x + y)", "t", "x + y", {"x": 1, "y": -3}, ("x > 0",)),
]  # fmt: skip

TRUE = [
    # whether x^(t - a) has a value, a says and no index
    Right("sum(d[t]*x**(t-a), t)", "d[j]", "x**(j-a)"),
    # two terms of a maximum that are never one component
    Right("sum(max(x[2*i], x[2*i-1])*v[i], i)", "x[j]",
          "sum(v[i]*(iverson(x[2*i] > x[2*i-1])*delta(2*i,j)"
          " + iverson(x[2*i] < x[2*i-1])*delta(2*i-1,j)), i)"),
    Right("sum(max(tanh(x[2*i,k]), tanh(x[2*k+1,i]))*v[i,k], i, k)", "x[j,l]",
          "sum(v[i,k]*(iverson(tanh(x[2*i,k]) > tanh(x[2*k+1,i]))*(1 - tanh(x[2*i,k])**2)"
          "*delta(2*i,j)*delta(k,l) + iverson(tanh(x[2*i,k]) < tanh(x[2*k+1,i]))"
          "*(1 - tanh(x[2*k+1,i])**2)*delta(2*k+1,j)*delta(i,l)), i, k)"),
    # what is declared holds at its end
    Right("relu(x)**2", "x", "2*x", ("x >= 0",)),
    Right("t*iverson(x >= 0)", "t", "1", ("x >= 0",)),
    Right("t*iverson(sum(x[i],i) >= 0)", "t", "1", ("x[i] >= 0",)),
    Right("t*iverson(x != 0)", "t", "1", ("x != 0",)),
    Right("t*x**(3*n)", "t", "x**n*x**(2*n)", ("x > 0",)),
    Right("t*x**n*x**(2*n)", "t", "x**(3*n)"),
    Right("t*sqrt(x**2)", "t", "-x", ("x <= 0",)),
    Right("t*iverson(x > 0)", "t", "1", ("x >= 1",)),
    Right("t*iverson(x > 0)", "t", "1", ("x >= 0", "x != 0")),
    Right("clip(x,0,1)", "x", "1", ("x >= 0", "x <= 1")),
    Right("t*max(x, y)", "t", "x", ("x >= y",)),
    # labels are whole numbers from 1, and an axis is a part of it and the rest
    Right("t*sum(iverson(y[n] >= 1)*W[n,y[n]],n)", "t", "sum(W[n,y[n]],n)"),
    Right("t*sum(iverson(y[n] > 1)*W[n,y[n]],n)", "t", "sum((1-iverson(y[n]==1))*W[n,y[n]],n)"),
    Right(
        "t*sum(W[n,y[n]],n)",
        "t",
        "sum(W[n,1]*iverson(y[n]==1) + sum(W[n,k]*iverson(y[n]==k),(k,2,K)),n)",
    ),
    Right("t*sum(W[n,y[n]]*iverson(y[n]==2)*iverson(y[n]==1),n)", "t", "0"),
    Right("t*sum(W[n,y[n]]*iverson(y[n]==2),n)", "t", "sum(W[n,2]*iverson(y[n]==2),n)"),
    Right("t*p[y]", "t", "p[1]*iverson(y==1) + sum(p[k]*iverson(y==k),(k,2,K))"),
    Right("t*p[j]", "t", "p[1]*delta(j,1) + sum(p[k]*delta(j,k),(k,2,K))"),
    Right("t*sum(p[k],k)", "t", "p[1] + sum(p[k],(k,2,K))"),
    Right("t*sum(p[k],(k,1,K))", "t", "p[K] + sum(p[k],(k,1,K-1))"),
    Right("t*sum(iverson(k >= 2)*p[k],k)", "t", "sum(p[k],k) - p[1]"),
    Right("t*abs(x**a)", "t", "x**a", ("x > 0",)),
    Right("t*log(x**a)", "t", "a*log(x)", ("x > 0",)),
    Right("t*log(x*y)", "t", "log(x) + log(y)", ("x > 0", "y > 0")),
    Right("t*sqrt(x**2*y)", "t", "abs(x)*sqrt(y)", ("y > 0",)),
    Right("t*abs(x*y)", "t", "abs(x)*abs(y)"),
    Right("t*(x**2)**a", "t", "abs(x)**(2*a)", ("x > 0",)),
    Right("t*x**(a + b)", "t", "x**a*x**b", ("x > 0",)),
    Right("t*x**a*x**b", "t", "x**(a + b)"),
    Right("t*x**(a - 1)*(y**a + x**a) - t*x**a*x**(a - 1)", "t", "x**(a - 1)*y**a"),
    Right("t*iverson(sqrt(x) > 0)", "t", "iverson(x > 0)"),
    Right("t*iverson(x**2*y > 0)", "t", "(1 - iverson(x == 0))*iverson(y > 0)"),
    Right("t*iverson(exp(x)*y > 0)", "t", "iverson(y > 0)"),
    Right("sum(abs(x[i])**a, i)**(1/a)", "x[j]",
          "x[j]*abs(x[j])**(a - 2)*sum(abs(x[i])**a, i)**(1/a - 1)"),
    Right("x*sum(iverson(k == 3), (k, 1, K))", "x", "iverson(K >= 3)"),
    Right("x*sum(iverson(k == 2)*z[k], k) + z[2]", "x", "z[2]"),
    Right("sum(z[k-1]*z[k], (k, 2, K))", "z[1]", "iverson(K >= 2)*z[2]"),
    Right("sum(z[k-1]*z[k], (k, 2, K))", "z[1]", "z[2]"),  # which presumes K >= 2
    Right("sum(x[i]**2, (i, 1, K))/(K - 1)", "x[j]", "2*x[j]/(K - 1)"),
    Right("t*x**2", "t", "x**4/x**2"),
    Right("x**2*cos(pi/3)", "x", "x"),
    Right("sum(sqrt((z[i] - z[j])**2), i, j)", "z[k]", "2*sum(sign(z[k] - z[j]), j)"),
    Right("abs(x)*sign(x)", "x", "1"),
    Right("relu(x)", "x", "iverson(x >= 0)"),
    Right("x*min(max(x + 3, 0), 6)/6", "x",
          "iverson(x > -3)*iverson(x < 3)*(2*x + 3)/6 + iverson(x >= 3)"),
    Right("iverson(abs(r) <= 1)*r**2/2 + iverson(abs(r) > 1)*(abs(r) - 1/2)", "r",
          "max(-1, min(1, r))"),
    Right("iverson(abs(r) <= d)*r**2/2 + iverson(abs(r) > d)*(d*abs(r) - d**2/2)", "r",
          "max(-d, min(d, r))", ("d > 0",)),
    Right("min(max(z[k], x), k)", "x", "iverson(min(z[k], k) < x)"),
    Right("max(min(z[k], x), k)", "x", "iverson(max(z[k], k) > x)"),
    Right("max(z[k], k)", "z[j]", "iverson(z[j] == max(z[k], k))"),
    Right("max(z[k] + 1 - delta(k,y), k) - z[y]", "z[j]",
          "iverson(z[j] + 1 - delta(j,y) == max(z[k] + 1 - delta(k,y), k)) - delta(j,y)"),
    Right("max(x + relu(t)*z[k], k)", "x", "1"),
    Right("max(abs(z[k]), k)", "z[j]", "iverson(abs(z[j]) == max(abs(z[k]), k))*sign(z[j])"),
    Right("max(sum(W[k,d]*x[d], d), k)", "W[l,c]",
          "iverson(sum(W[l,d]*x[d], d) == max(sum(W[k,d]*x[d], d), k))*x[c]"),
    Right("t*x**2*y**2", "t", "1", ("x*y = 1",)),
    Right("t*abs(q[1])", "t", "q[1]", ("q[1] > 0",)),
    Right("t*abs(A[1,1])", "t", "A[1,1]", ("A[i,i] > 0",)),
    # masks
    Right("sum(delta(i,1)*log(delta(i,1)*x[i]), i)", "x[j]", "delta(j,1)/x[1]"),
    Right("sum((1 - delta(i,j))*log((1 - delta(i,j))*w[i,j]), i, j)", "w[k,l]",
          "(1 - delta(k,l))/w[k,l]"),
    Right("v[i,j] = (1 - delta(i,j))*w[i,j]; sum((1 - delta(i,j))*log(v[i,j]), i, j)",
          "w[k,l]", "(1 - delta(k,l))/v[k,l]"),
    Right("sum((1 - delta(i,j))*log(abs(z[i] - z[j])), i, j)", "z[k]",
          "2*sum((1 - delta(k,j))/(z[k] - z[j]), j)"),
    Right("sum((1 - delta(i,j))*x[i]*(z[i] - z[j])/(z[i] - z[j]), i, j)", "x[k]", "K - 1"),
]  # fmt: skip


def problem_of(row: Row | Right) -> tuple[Problem, Expr, Expr]:
    problem = read(row.formula, [row.by], row.assume)
    before = D(problem.function, problem.wrt[0])
    after = read_claim(row.claim, problem)
    return problem.ranging(before, after), before, after


def world_at(problem: Problem, point: dict[str, Any]) -> tuple[World, dict[Symbol, int]]:
    """The world in which the arrays and scalars have the values of the point."""
    names = {s.name: s for s in problem.ranges}
    world = World(
        problem, {n: v for n, v in point.items() if n.isupper() and v in range(9)}, Random(1)
    )

    def fill(name: str, place: tuple[int, ...], number: Any) -> None:
        if isinstance(number, list):
            for n, part in enumerate(number, 1):
                fill(name, (*place, n), part)
        else:
            world.values[name, *place] = mpf(number)

    for name, number in point.items():
        fill(name, (), number)
    return world, {names[n]: v for n, v in point.items() if n in names}


def value_or_none(term: Expr, world: World, letters: dict[Symbol, int]) -> Any:
    """The value, None where there is no real one."""
    try:
        found = value(term, world, letters)
    except (ZeroDivisionError, ValueError):
        return None
    return None if isinstance(found, mpmath.mpc) or not mpmath.isfinite(found) else found


def divides_by_nothing(term: Expr, world: World, letters: dict[Symbol, int]) -> bool:
    """Is a denominator 0 to all digits, as that of 1/sin(pi) is?"""
    for t in subterms(term):
        if isinstance(t, Quotient) and all(
            s.name in world.sizes or not s.is_integer for s in free_letters(t)
        ):
            below = value_or_none(t.denominator, world, letters)
            if below is None or abs(below) < mpf(10) ** (10 - DIGITS):
                return True
    return False


@pytest.mark.parametrize("row", FALSE, ids=lambda row: f"{row.formula} by {row.by}: {row.claim}")
def test_what_is_false_at_a_point_is_not_proved(row: Row) -> None:
    problem, before, after = problem_of(row)
    with mp.workdps(DIGITS):
        world, letters = world_at(problem, row.point)
        derivative = value_or_none(before, world, letters)
        claimed = value_or_none(after, world, letters)
        nothing = divides_by_nothing(after, world, letters)
    assert derivative is not None
    assert claimed is None or nothing or abs(derivative - claimed) > mpf(10) ** -10
    judge = Judge(problem)
    assert judge.proof(before, after) is None
    assert not judge.compare(before, after).holds


@pytest.mark.parametrize("row", TRUE, ids=lambda row: f"{row.formula} by {row.by}: {row.claim}")
def test_what_is_right_is_proved_under_its_condition(row: Right) -> None:
    problem, before, after = problem_of(row)
    assert Judge(problem).proof(before, after) is not None


@pytest.mark.parametrize("row", [r for r in TRUE if r.assume], ids=lambda row: row.formula)
def test_a_condition_is_needed(row: Right) -> None:
    problem, before, after = problem_of(row._replace(assume=()))
    assert Judge(problem).proof(before, after) is None


@pytest.mark.parametrize(
    "row", [r for r in FALSE if any(">=" in a or "<=" in a for a in r.assume)], ids=str
)
def test_what_is_false_at_the_end_of_a_fact_is_refuted_there(row: Row) -> None:
    made = symderiv.derive(row.formula, wrt=row.by, assume=list(row.assume), claim=row.claim)
    assert made.claim is not None
    assert made.claim.verdict.strength is Strength.REFUTED
    assert made.claim.verdict.counterexample is not None
    found = made.claim.verdict.counterexample.point
    assert {name: found[name] for name in row.point} == {k: str(v) for k, v in row.point.items()}


def test_a_claim_whose_numbers_presume_a_size_is_proved_from_that_on() -> None:
    claims = {
        "2*z[j]*iverson(K >= 2) + z[2] - z[2]": "for every K from 2 on",
        "2*z[j]*iverson(K >= 3) + z[K-2] - z[K-2]": "for every K from 3 on",
        "2*z[j] + 0*z[K]": "for every K",
        "2*z[j]": "for every K",
    }
    for claim, scope in claims.items():
        made = symderiv.derive("sum(z[k]**2,(k,1,K))", wrt="z[j]", claim=claim).claim
        assert made is not None
        assert (made.verdict.strength, made.verdict.note) == (Strength.PROVED, scope)


@pytest.mark.parametrize("beyond", ["j+1", "j-1", "K-j", "K+1", "2*K", "1-j"])
def test_an_index_that_leaves_its_axis_and_cancels_is_no_disagreement(beyond: str) -> None:
    for claim in (f"2*z[j] + z[{beyond}] - z[{beyond}]", f"2*z[j] + 0*z[{beyond}]"):
        made = symderiv.derive("sum(z[k]**2,(k,1,K))", wrt="z[j]", claim=claim).claim
        assert made is not None
        assert made.verdict.counterexample is not None
        found = made.verdict.counterexample
        n, j = found.sizes["K"], found.indices["j"]
        assert not 1 <= eval(beyond, {"j": j, "K": n}) <= n
        assert (found.right, made.verdict.note) == (OUTSIDE, LEAVES)


def test_a_mask_is_not_forgotten() -> None:
    # (1 - delta_ij) (z_i - z_j) is z_i - z_j, and yet the quotient is 0 and not 1 at i = j
    text = "sum((1 - delta(i,j))*x[i]*(z[i] - z[j])/(z[i] - z[j]), i, j)"
    problem, before, after = problem_of(Right(text, "x[k]", "K"))
    assert Judge(problem).proof(before, after) is None
