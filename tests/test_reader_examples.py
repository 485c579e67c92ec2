"""Every derivation of the published examples reads, and its claim in its letters."""

from __future__ import annotations

import pytest
from sympy import Integer, Symbol

from symderiv.reader import read, read_claim
from symderiv.terms import (
    Neg,
    Plus,
    Quantity,
    Quotient,
    Times,
    component,
    delta,
    exp,
    letter,
    log,
    size,
    summation,
)
from symderiv.terms.problem import Definition

i, j, k, y, n = (letter(name) for name in "ijkyn")
K, D, N = (size(name) for name in "KDN")
p = Symbol("p")
SOFTMAX = "p[i] = exp(z[i]) / sum(exp(z[k]), k)"
SOFTMAX_STAGE = Definition(
    Quantity(p, i),
    Quotient(exp(component("z", i)), summation(exp(component("z", k)), k, K)),
)


def test_a_problem_as_it_is_written() -> None:
    problem = read(f"{SOFTMAX}; -log(p[y])", wrt=("z[j]",))
    assert problem.stages == (SOFTMAX_STAGE,)
    assert problem.function == Neg(log(Quantity(p, y)))
    assert problem.wrt == (component("z", j),)
    assert dict(problem.shapes) == {"z": (K,), "p": (K,)}
    assert dict(problem.ranges) == {y: K, j: K}
    assert problem.labels == {"y"}


def test_a_claim_in_the_letters_of_its_problem() -> None:
    problem = read(f"{SOFTMAX}; p[i]", wrt=("z[j]",))
    claim = read_claim("p[i]*(delta(i,j) - p[j])", problem)
    assert claim == Times(Quantity(p, i), Plus(delta(i, j), Neg(Quantity(p, j))))


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("sum(A[i,j]*x[j], j)", {"A": (K, size("M")), "x": (size("M"),)}),
        (
            "f[n,j] = sum(x[n,d]*w[d,j], d); -sum(log(f[n,y[n]]), n)",
            {
                "x": (N, D),
                "w": (D, K),
                "f": (N, K),
                "y": (N,),
            },
        ),
        ("mean(x[k], (k, 1, 3))", {"x": (Integer(3),)}),
    ],
)
def test_axes_that_share_a_letter_share_a_size(text: str, shapes: dict[str, object]) -> None:
    assert dict(read(text).shapes) == shapes
