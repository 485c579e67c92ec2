"""Label losses in matrix notation: p - e_y, and (P - Y)/N with Y the labels as rows of ones."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv.judge import Judge
from symderiv.matrices.form import judged
from symderiv.matrices.labels import one_hots
from symderiv.terms import Neg, Quotient, component, delta, letter, plus, size
from symderiv.terms.problem import Problem

BATCH = """z[n,k] = sum(W[k,d]*x[n,d], d) + b[k]
p[n,k] = softmax(z[n,:])[k]
-mean(log(p[n,y[n]]), n)"""
ONE = "z[k] = sum(W[k,d]*x[d], d); p[k] = softmax(z)[k]; -log(p[y])"


@pytest.mark.parametrize(
    ("text", "name", "form", "where"),
    [
        (BATCH, "z", "(p − Y) / N", {"Y[n,k]": "delta(k,y[n])"}),
        (BATCH, "W", "z̄ᵀ x", {}),
        (ONE, "z", "p − e_y", {"e_y[k]": "delta(k,y)"}),
        (BATCH.replace("b[", "Y["), "z", "(p − E_y) / N", {"E_y[n,k]": "delta(k,y[n])"}),
        (
            "p[n,k] = softmax(z[n,:])[k]; -mean(log(p[n,t[n]]), (n,1,T))",
            "z",
            "(p − Eₜ) / T",
            {"E_t[n,i]": "delta(i,t[n])"},
        ),
        (ONE.replace("x[d]", "e[d]"), "z", "p − E_y", {"E_y[k]": "delta(k,y)"}),
        (
            "h[t,d] = tanh(E[w[t],d]); sum((h[t,d] - x[t,d])**2, t, d)",
            "h",
            "2 (h − x)",
            {},
        ),
        (
            "h[t,d] = E[w[t],d]; sum((h[t,d] - x[t,d])**2, t, d)",
            "E",
            "Wᵀ h̄",
            {"W[t,i]": "delta(i,w[t])"},
        ),
    ],
)
def test_a_label_is_a_one_hot_array(text: str, name: str, form: str, where: dict[str, str]) -> None:
    made = symderiv.backprop(text)
    assert made.matrices[name].text == form
    assert made.matrices[name].verdict.holds
    data = made.data()
    line = {**data["gradients"], **data["adjoints"]}[name]["matrix"]
    assert {k.replace(" ", ""): v for k, v in line.get("where", {}).items()} == where


def test_the_page_says_what_the_array_is() -> None:
    page = symderiv.backprop(BATCH, data=("x",)).page(notation="matrix", ascii=True)
    assert "Y_nk = delta_" in page.replace("{", "").replace("}", "")


def test_the_form_is_the_derivative() -> None:
    random = np.random.default_rng(3)
    z, y = random.normal(size=(4, 3)), np.array([2, 0, 0, 1])

    def loss(logits: np.ndarray) -> mpmath.mpf:
        rows = [[mpmath.exp(v) for v in row] for row in logits]
        return -sum(mpmath.log(r[k] / sum(r)) for r, k in zip(rows, y, strict=True)) / len(y)

    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    form = (p - np.eye(3)[y]) / 4  # what the page says of z
    with mpmath.workdps(30):
        for at in np.ndindex(z.shape):
            moves = []
            for way in (1, -1):
                moved = z.astype(object)
                moved[at] += way * mpmath.mpf("1e-10")
                moves.append(loss(moved))
            slope = (moves[0] - moves[1]) / mpmath.mpf("2e-10")
            assert float(slope) == pytest.approx(form[at], abs=1e-12)


@pytest.mark.parametrize(
    ("shown", "holds"),
    [
        (r"\frac{1}{N} \left( p - Y \right)", True),
        (r"\frac{1}{N} \left( Y - p \right)", False),
        (r"p - Y", False),
        (r"\frac{1}{N} p", False),
        (r"\frac{1}{N} \left( p - Y Y^{\top} p \right)", False),
        (r"\frac{1}{N} \left( p - Y^{\top} \right)", False),
    ],
)
def test_a_form_is_read_again_and_judged(shown: str, holds: bool) -> None:
    n, k, rows, columns = letter("n"), letter("k"), size("N"), size("K")
    label = component("y", n)
    term = Quotient(plus(component("p", n, k), Neg(delta(k, label))), rows)
    problem = Problem(
        function=term,
        wrt=(component("z", n, k),),
        shapes={"p": (rows, columns), "z": (rows, columns), "y": (rows,)},
        ranges={n: rows, k: columns},
        labels=frozenset(("y",)),
    )
    named, _ = one_hots(problem, term, ())
    assert (judged(term, (n, k), Judge(problem), shown, "latex", picked=named) is not None) is holds
