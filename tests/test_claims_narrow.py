"""Claims that are real at fewer points than the derivative, and lines too large to try."""

from __future__ import annotations

import pytest

import symderiv

NARROW = [  # each is x for x > 0 and has no real value for x < 0, but at 0 or 1 it is 0/0
    "x*log(x)/log(x)", "x + log(x) - log(x)", "x*log(x**3)/log(x**3)", "sqrt(x)*sqrt(x)",
    "exp(log(x))", "x*sqrt(x)/sqrt(x)",
]  # fmt: skip


@pytest.mark.parametrize("claim", NARROW)
def test_a_claim_that_is_not_real_where_the_derivative_is_does_not_hold(claim: str) -> None:
    found = symderiv.derive("x**2/2", wrt="x", claim=claim).claim
    assert found is not None
    assert str(found.verdict.strength) == "undecided"
    assert "not real at x = -" in found.verdict.note
    there = symderiv.derive("x**2/2", wrt="x", claim=claim, assume="x > 0").claim
    assert there is not None
    assert str(there.verdict.strength) in ("proved", "exact at sizes")


@pytest.mark.parametrize(
    "formula",
    ["sum(sum(sum(x[i]*y[j]*z[k],(i,1,1000)),(j,1,1000)),(k,1,1000))",
     "prod(prod(prod(x[i]+y[j]*z[k],(i,1,1000)),(j,1,1000)),(k,1,1000))",
     "max(max(max(x[i]+y[j]*z[k],(i,1,1000)),(j,1,1000)),(k,1,1000))"],
)  # fmt: skip
def test_what_is_too_large_to_try_is_refused_before_memory_is_taken(formula: str) -> None:
    with pytest.raises(symderiv.Unanswered, match="too many terms to write out"):
        symderiv.derive(formula, wrt="x[n]")
