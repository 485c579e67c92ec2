"""Sums from 0: read as the same sums from 1, or refused where that is not all that changes."""

from __future__ import annotations

import pytest

import symderiv
from symderiv.mistakes import Mistake
from symderiv.reader import read

# from 0 and from 1, each written by hand
PAIRS = [
    ("sum(x[i]**2, (i,0,N-1))", "sum(x[i]**2, (i,1,N))"),
    ("sum(x[i]*a**i, (i,0,N-1))", "sum(x[i]*a**(i-1), (i,1,N))"),
    ("sum((x[i+1] - x[i])**2, (i,0,N-2))", "sum((x[i+1] - x[i])**2, (i,1,N-1))"),
    ("x[0] + x[3]*sum(x[i], (i,0,4))", "x[1] + x[4]*sum(x[i], (i,1,5))"),
    ("x[N-1]*sum(x[i], (i,0,N-1))", "x[N]*sum(x[i], (i,1,N))"),
    ("x[N-2]*sum(x[i], (i,0,N-1))", "x[N-1]*sum(x[i], (i,1,N))"),
    ("p[i] = x[i]/sum(x[k], (k,0,K-1)); -log(p[y])", "p[i] = x[i]/sum(x[k], (k,1,K)); -log(p[y])"),
    ("sum(x[i]*sum(x[j], (j,0,i)), (i,0,N-1))", "sum(x[i]*sum(x[j], (j,1,i)), (i,1,N))"),
    ("sum(x[i]*sum(x[j], (j,i,N-1)), (i,0,N-1))", "sum(x[i]*sum(x[j], (j,i,N)), (i,1,N))"),
    ("sum(iverson(x[i] > 0)*iverson(i <= j)*x[j], (i,0,N-1), j)",
     "sum(iverson(x[i] > 0)*iverson(i <= j)*x[j], (i,1,N), j)"),
    ("sum(delta(i,0)*x[i], (i,0,N-1))", "sum(delta(i,1)*x[i], (i,1,N))"),
    ("sum(iverson(i == y)*x[i], (i,0,N-1))", "sum(iverson(i == y)*x[i], (i,1,N))"),
    ("sum(iverson(i > 1)*x[i], (i,0,N-1))", "sum(iverson(i > 2)*x[i], (i,1,N))"),
    ("sum(x[i]/N, (i,0,N-1))*sum(x[i], i, i != 0)", "sum(x[i]/N, (i,1,N))*sum(x[i], i, i != 1)"),
]  # fmt: skip


@pytest.mark.parametrize(("zero", "one"), PAIRS)
def test_what_begins_at_0_is_the_same_from_1(zero: str, one: str) -> None:
    ours, same = read(zero, ["x[2]"]), read(one, ["x[3]"])
    assert (ours.function, ours.stages, ours.wrt) == (same.function, same.stages, same.wrt)
    assert ours.shapes == same.shapes
    assert any("counted from 1" in note for note in ours.notes)


@pytest.mark.parametrize(
    "text",
    [
        "sum(x[i], (i,0,N-1)) + sum(y[i], (i,1,N))",  # x from 0 and y from 1?
        "sum(x[i], (i,0,N))",  # N + 1 terms
        "x[M-1]*sum(x[i], (i,0,N-1))",
        "x[N]*sum(x[i], (i,0,N-1))",
        "sum(x[2*i], (i,0,N-1))",
        "sum(x[i*2], (i,0,N-1))",
        "sum(iverson(i < m)*x[i], (i,0,N-1))",  # the first m, or up to the index m?
        "h[t] = w*h[t-1]; h[0] = x; sum(h[t], (t,0,T-1))",
    ],
)
def test_what_counts_otherwise_beside_a_sum_from_0_is_refused(text: str) -> None:
    with pytest.raises(Mistake):
        read(text, ["x"])


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("x**j", True),  # of the component that the text calls j
        ("x**(j-1)", False),
        ("x**j + 0*c[N-1]", True),
        ("sum(delta(i,j)*x**i, (i,0,N-1))", True),
    ],
)
def test_a_claim_counts_as_the_formula_does(claim: str, holds: bool) -> None:
    found = symderiv.derive("sum(c[i]*x**i, (i,0,N-1))", wrt="c[j]", claim=claim)
    assert found.claim is not None
    assert found.claim.verdict.holds is holds
