"""Losses over k != i, written with 1 - delta_ik: what a mask leaves out need not have a value.

The papers' gradients are derived and proved, and compared with central differences of the loss
written as plain sums over k != i.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from mpmath import exp, fsum, log, mp, mpf
from sympy import Symbol

import symderiv
from symderiv.derivation.step import Derivation
from symderiv.derivation.textbook import Textbook
from symderiv.judge import Judge
from symderiv.printers.text import text as written
from symderiv.reader import read, read_claim
from symderiv.recheck import recheck
from symderiv.serialisation import as_data, as_json
from symderiv.terms import D
from symderiv.terms.verdict import Strength
from tests.judge_oracle import World, value

# equation 2 as it stands there, M_ia 1 where a is of the class of i: by the scores of an anchor,
# by the features of all, and by those of an anchor that is no sample
ANCHORS = (
    "p[i,a] = (1 - delta(i,a))*exp(s[i,a])/sum((1 - delta(i,k))*exp(s[i,k]), k);"
    "-sum((1 - delta(i,a))*M[i,a]*log(p[i,a])/sum((1 - delta(i,a))*M[i,a], a), i, a)",
    "s[i,a]",
    "p[i,a] - (1 - delta(i,a))*M[i,a]/sum((1 - delta(i,k))*M[i,k], k)",
    (),
)
FEATURES = (
    "s[i,a] = sum(z[i,d]*z[a,d], d)/tau; p[i,a] = exp(s[i,a])/sum(exp(s[i,k]), k, k != i);"
    "-sum(sum(M[i,a]*log(p[i,a]), a, a != i)/sum(M[i,b], b, b != i), i)",
    "z[m,c]",
    "sum((1 - delta(m,l))*z[l,c]*(p[m,l] - M[m,l]/sum(M[m,b], b, b != m)"
    " + p[l,m] - M[l,m]/sum(M[l,b], b, b != l)), l)/tau",
    (),
)
QUERY = (
    "s[a] = sum(q[d]*z[a,d], d)/tau; p[a] = exp(s[a])/sum(exp(s[k]), k);"
    "-sum(M[a]*log(p[a]), a)/sum(M[a], a)",
    "q[e]",
    "sum(z[a,e]*(p[a] - M[a]/sum(M[b], b)), a)/tau",
    (),
)

Matrix = list[list[Any]]

# van der Maaten and Hinton 2008, equation 5
TSNE = (
    "w[i,j] = (1 - delta(i,j))/(1 + sum((y[i,d] - y[j,d])**2, d));"
    "q[i,j] = w[i,j]/sum(w[k,l], k, l);"
    "sum((1 - delta(i,j))*P[i,j]*log(P[i,j]/q[i,j]), i, j)",
    "y[m,c]",
    "4*sum((P[m,j] - q[m,j])*(y[m,c] - y[j,c])/(1 + sum((y[m,d] - y[j,d])**2, d)), j)",
    ("P[i,j] = P[j,i]", "sum((1 - delta(i,j))*P[i,j], i, j) = 1"),
)
# Khosla et al. 2020, by the similarities y of anchor and sample, P the share of the positives
CONTRASTIVE = (
    "p[i,j] = (1 - delta(i,j))*exp(y[i,j])/sum((1 - delta(i,k))*exp(y[i,k]), k);"
    "-sum((1 - delta(i,j))*P[i,j]*log(p[i,j]), i, j)",
    "y[m,c]",
    "(1 - delta(m,c))*(p[m,c]*sum((1 - delta(m,j))*P[m,j], j) - P[m,c])",
    (),
)


def pairs(size: int) -> list[tuple[int, int]]:
    return [(i, j) for i, j in product(range(size), repeat=2) if i != j]


def tsne(y: Matrix, shares: Matrix) -> Any:
    w = {
        (i, j): 1 / (1 + fsum((a - b) ** 2 for a, b in zip(y[i], y[j], strict=True)))
        for i, j in pairs(len(y))
    }
    whole = fsum(w.values())
    return fsum(shares[i][j] * log(shares[i][j] * whole / w[i, j]) for i, j in w)


def contrastive(y: Matrix, shares: Matrix) -> Any:
    def others(i: int) -> Any:
        return fsum(exp(y[i][k]) for k in range(len(y)) if k != i)

    return -fsum(shares[i][j] * log(exp(y[i][j]) / others(i)) for i, j in pairs(len(y)))


def point() -> tuple[Matrix, Matrix]:
    """Three rows, and a symmetric matrix of shares that are 1 together beside the diagonal."""
    random = Random(4)
    y = [[mpf(random.randint(-9, 9)) / 7 for _ in range(3)] for _ in range(3)]
    a, b, c = mpf(1) / 10, mpf(3) / 20, mpf(1) / 4
    return y, [[mpf(1) / 3, a, b], [a, mpf(1) / 5, c], [b, c, mpf(1) / 2]]


@cache
def derived(formula: str, by: str, assume: tuple[str, ...]) -> Derivation:
    return Textbook(read(formula, [by], assume)).derive()


@pytest.mark.parametrize(
    "loss", [(TSNE, tsne), (CONTRASTIVE, contrastive)], ids=("t-SNE", "SupCon")
)
def test_the_gradient_is_that_of_the_paper(
    loss: tuple[tuple[str, str, str, tuple[str, ...]], Callable[[Matrix, Matrix], Any]],
) -> None:
    (formula, by, text, assume), function = loss
    derivation = derived(formula, by, assume)
    problem = derivation.problem
    claim = read_claim(text, problem)
    assert derivation.strength is Strength.PROVED
    judge = Judge(problem.ranging(derivation.answer, claim))
    assert judge.proof(D(problem.function, problem.wrt[0]), claim) is not None
    assert judge.proof(derivation.answer, claim) is not None
    assert judge.proof(derivation.answer, -claim) is None

    y, shares = point()
    m, c = Symbol("m", integer=True), Symbol("c", integer=True)
    with mp.workdps(60):
        world = World(problem, {"M": 3, "K": 3, "D": 3, "N": 3}, Random(1))
        for i, j in product(range(3), repeat=2):
            world.values["y", i + 1, j + 1] = y[i][j]
            world.values["P", i + 1, j + 1] = shares[i][j]
        for i, j in product(range(3), repeat=2):
            ends = []
            for step in (mpf(10) ** -20, -(mpf(10) ** -20)):
                moved = [list(row) for row in y]
                moved[i][j] += step
                ends.append(function(moved, shares))
            slope = (ends[0] - ends[1]) / (2 * mpf(10) ** -20)
            for term in (claim, derivation.answer):
                found = value(problem.unfold(term), world, {m: i + 1, c: j + 1})
                assert abs(found - slope) < mpf(10) ** -15


@pytest.mark.parametrize(
    ("loss", "ends"),
    [
        (TSNE, "4 Σᵢ (y_{mc} − y_{ic}) (Pᵢₘ − qᵢₘ) / (1 + Σ_d (y_{id} − y_{md})²)"),
        (CONTRASTIVE, "p_{mc} Σⱼ (1 − δₘⱼ) Pₘⱼ − (1 − δ_{mc}) P_{mc}"),
        (ANCHORS, "pᵢₐ − (1 − δᵢₐ) Mᵢₐ / Σₗ (1 − δᵢₗ) Mᵢₗ"),
        (
            FEATURES,
            "(Σₗ (1 − δₗₘ) z_{lc} (pₘₗ − Mₘₗ / Σ_b (1 − δ_{mb}) M_{mb}"
            " + pₗₘ − Mₗₘ / Σ_b (1 − δ_{lb}) M_{lb})) / τ",
        ),
        (QUERY, "(Σₖ (pₖ − Mₖ / Σₐ Mₐ) zₖₑ) / τ"),
    ],
    ids=("t-SNE", "SupCon", "by scores", "by features", "by a query"),
)
def test_the_last_line_is_that_of_the_paper(
    loss: tuple[str, str, str, tuple[str, ...]], ends: str
) -> None:
    formula, by, claim, assume = loss
    derivation = derived(formula, by, assume)
    problem = derivation.problem
    assert written(derivation.answer) == ends
    assert derivation.strength is Strength.PROVED
    paper = read_claim(claim, problem)
    judge = Judge(problem.ranging(derivation.answer, paper))
    verdict = judge.decide(problem.function, derivation.statement, derivation.answer, paper)
    assert verdict.strength is Strength.PROVED


def test_positives_by_their_labels_are_proved_case_by_case_where_there_is_one() -> None:
    positives = "sum((1 - delta(i,a))*iverson(y[a]==y[i]), a)"
    derivation = symderiv.derive(
        "p[i,a] = exp(s[i,a])/sum(exp(s[i,k]), k, k != i);"
        f"-sum((1 - delta(i,a))*iverson(y[a]==y[i])*log(p[i,a])/{positives}, i, a)",
        wrt="s[m,c]",
        assume=[f"{positives} > 0"],
    )
    assert derivation.strength is Strength.PROVED


def test_a_mask_that_hides_a_division_by_zero_stays() -> None:
    """Where y_i = y_j the rest has no value, and that the factor is 0 there helps nothing."""
    formula = "sum((1 - delta(i,j))*v[i]*(y[i] - y[j])/abs(y[i] - y[j]), i, j)"
    derivation = Textbook(read(formula, ["v[m]"])).derive()
    assert derivation.strength is Strength.PROVED
    assert "1 − δ" in written(derivation.answer)


# the supervised contrastive loss by its labels, each term divided by the number of positives
BY_LABELS = (
    "p[i,a] = (1 - delta(i,a))*exp(s[i,a])/sum((1 - delta(i,k))*exp(s[i,k]), k);"
    "-sum((1 - delta(i,a))*{same}*log(p[i,a])/sum((1 - delta(i,a))*{same}, a), i, a)"
)
POSITIVES = "sum((1 - delta(i,a))*{same}, a)"


@pytest.mark.parametrize("same", ["iverson(y[i] == y[a])", "delta(y[i],y[a])"])
def test_what_is_divided_by_must_not_be_0_and_that_is_said(same: str) -> None:
    loss, positives = BY_LABELS.format(same=same), POSITIVES.format(same=same)
    with pytest.raises(symderiv.Refusal, match=r"it does where Σₐ .* is not 0, which has to be"):
        symderiv.derive(loss, wrt="s[i,j]")
    claim = f"p[i,j] - (1 - delta(i,j))*{same.replace('y[a]', 'y[j]')}/{positives}"
    for sign in (">", "!="):
        made = symderiv.derive(loss, wrt="s[i,j]", claim=claim, assume=f"{positives} {sign} 0")
        assert made.claim is not None
        assert (made.strength, made.claim.verdict.strength) == (Strength.PROVED, Strength.PROVED)


def test_labels_that_subscript_nothing_take_as_many_values_as_there_are() -> None:
    loss = "sum(delta(y[n],y[m])*x[n]*w[m], n, m)"
    claims = {
        "sum(delta(y[j],y[m])*w[m], m)": Strength.PROVED,
        "sum(w[m], m)": Strength.REFUTED,
        "w[j]": Strength.REFUTED,
        "sum(delta(y[j],y[m])*delta(y[m],1)*w[m], m)": Strength.REFUTED,
    }
    for claim, strength in claims.items():
        found = symderiv.derive(loss, wrt="x[j]", claim=claim).claim
        assert found is not None
        assert found.verdict.strength is strength
        assert "if" not in found.verdict.note.split()


def test_a_fact_that_no_labels_meet_proves_nothing() -> None:
    # labels are whole numbers from 1, of which two are never 1 together
    for loss, claim in (
        ("sum(W[n,y[n]]*x[n], n)", "W[j,1]"),
        ("sum(delta(y[n],y[m])*x[n]*w[m], n, m)", "sum(w[m], m)"),
    ):
        found = symderiv.derive(loss, wrt="x[j]", claim=claim, assume="sum(y[n], n) = 1").claim
        assert found is not None
        assert not found.verdict.holds


def test_the_witness_hides_what_a_mask_hides_and_no_more() -> None:
    loss = "sum(sum(delta(y[n],y[m])*x[m]*w[m], m, m != n)/sum(delta(y[n],y[m]), m, m != n), n)"
    status, said = recheck(as_json(as_data(symderiv.derive(loss, wrt="x[j]"))), least=1, most=2)
    assert status == 0, said


NOWHERE = {
    "norm(X @ (w - w))": ("w", "a root or a power of Σᵢ (Σⱼ Xᵢⱼ (wⱼ − wⱼ))²"),
    "u[i] = x[i] - x[i]; sum(sqrt(u[i]), i)": ("x[j]", "a root or a power of uᵢ"),
    "log(x*y - y*x)": ("x", "x y − y x"),
    "x/(y - y)": ("x", "divides by y − y"),
}


@pytest.mark.parametrize("formula", NOWHERE)
def test_what_is_0_whatever_the_arrays_are_is_named(formula: str) -> None:
    by, what = NOWHERE[formula]
    with pytest.raises(symderiv.Refusal) as refused:
        symderiv.derive(formula, wrt=by)
    assert f"{what}, which is 0 whatever the arrays are" in str(refused.value)


# -- what a letter may be -------------------------------------------------------------------------

APART = [  # the range of the letter leaves the pole out
    "sum((x[j] - x[1])/(x[j] - x[1]), (j, 2, K))",
    "sum((x[j+1] - x[1])/(x[j+1] - x[1]), (j, 1, K-1))",
    "sum(sum((x[i] - x[j])/(x[i] - x[j]), (j, i+1, K)), (i, 1, K-1))",
]
MEETING = [  # at one of its values the letter is the other index
    "sum((x[j] - x[2])/(x[j] - x[2]), (j, 1, K-1))",
    "sum((x[j] - x[k])/(x[j] - x[k]), (j, 2, K))",
    "sum((x[j] - x[K])/(x[j] - x[K]), (j, 2, K))",
    "sum((x[j] - x[y])/(x[j] - x[y]), (j, 2, K))",
    "sum(sum((x[i] - x[j])/(x[i] - x[j]), (j, 2, K)), i)",
]


@pytest.mark.parametrize("formula", [*APART, *MEETING])
def test_a_pole_counts_where_the_letter_may_have_that_value(formula: str) -> None:
    """Each is a number where it has a value, so that its derivative is 0, or nothing."""
    problem = read(formula, wrt=("x[m]",))
    verdict = Judge(problem).compare(D(problem.function, problem.wrt[0]), read_claim("0", problem))
    assert (verdict.strength is Strength.PROVED) == (formula in APART)
    assert verdict.strength is not Strength.REFUTED


def test_lines_of_a_product_over_the_rest_of_an_axis_are_decided() -> None:
    answer = symderiv.derive("prod(x[j] - x[1], (j, 2, K))", wrt="x[k]")
    assert all(step.verdict.strength in (Strength.PROVED, Strength.EXACT) for step in answer.steps)
    assert sum(step.verdict.strength is Strength.PROVED for step in answer.steps) >= 6
