"""How terms look in Typst and sound in words, and laws in every notation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sympy import Eq, Expr, Integer, Symbol

import symderiv.derivation.textbook  # noqa: F401  (registers every rule)
from symderiv.printers import speech, typst
from symderiv.printers.laws import law_as_text, law_as_typst
from symderiv.rules.registry import RULES
from symderiv.terms import (
    D,
    Iverson,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    component,
    delta,
    exp,
    letter,
    log,
    sigmoid,
    size,
    summation,
)
from tests.test_printers import TABLE, ones

i, j, k, n = (letter(s) for s in "ijkn")
K = size("K")
x = Symbol("x")


def p(index: Expr) -> Quantity:
    return Quantity(Symbol("p"), index)


S = summation(exp(component("z", k)), k, K)

PAIRS = [
    (p(i) * (delta(i, j) - p(j)), "p_i (delta_(i j) - p_j)",
     "p sub i times (delta sub i j minus p sub j)"),
    (Quotient(exp(component("z", i)), S), "(e^(z_i))/(sum_(k = 1)^(K) e^(z_k))",
     "the fraction e to the z sub i over the sum over k from 1 to K of e to the z sub k, "
     "end fraction"),
    (D(p(i), component("z", j)), "(partial p_i)/(partial z_j)",
     "the derivative of p sub i by z sub j"),
    (D(Power(x, 2), x), "(partial)/(partial x) x^2", "the derivative by x of x squared"),
    (Neg(log(p(i))), "-log p_i", "minus log of p sub i"),
    (sigmoid(x), "sigma(x)", "sigma of x"),
    (Iverson(x > 0), "bold(1)[x > 0]", "1 if x is greater than 0 else 0"),
    (delta(1, 2), "delta_(1,2)", "delta sub 1 2"),
    (delta(k, component("y", n)), "delta_(k thin y_n)", "delta sub k y sub n"),
    (Quantity(Symbol("xhat"), i), "hat(x)_i", "x hat sub i"),
    (Symbol("logit"), '"logit"', "logit"),
    (ones(100), "e^(z_1) + e^(z_2) + dots.c + e^(z_100)",
     "e to the z sub 1 plus e to the z sub 2 plus more terms plus e to the z sub 100"),
    (Eq(summation(p(i), i, K), 1, evaluate=False), "sum_(i = 1)^(K) p_i = 1",
     "the sum over i from 1 to K of p sub i equals 1"),
    (Plus(x, Integer(-2)), "x - 2", "x minus 2"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "source", "words"), PAIRS, ids=[row[1] for row in PAIRS])
def test_terms_in_typst_and_in_words(term: Expr, source: str, words: str) -> None:
    assert typst(term) == source
    assert speech(term) == words


def test_words_are_words() -> None:
    """Nothing that a voice would spell out sign by sign."""
    for row in TABLE:
        assert speech(row[0]).isascii()
        assert not set(speech(row[0])) & set("_^{}\\/=*+")


def test_typst_takes_every_term_and_law(needs: Callable[[str], None]) -> None:
    needs("python:typst")
    from typst import compile as compiled

    laws = sorted({rule.law for rule in RULES.values() if rule.law})
    assert len(laws) > 40
    formulas = [typst(row[0]) for row in TABLE] + [law_as_typst(law) for law in laws]
    source = "\n\n".join(f"$ {formula} $" for formula in formulas)
    assert compiled(source.encode(), format="pdf")


@pytest.mark.parametrize(
    ("law", "line", "plain"),
    [
        (r"\left(\frac{u}{v}\right)' = \frac{u'v - uv'}{v^2}",
         "(u/v)' = (u'v − uv') / v²", "(u/v)' = (u'v - uv') / v^2"),
        (r"\frac{\partial z_i}{\partial z_j} = \delta_{ij}", "∂zᵢ/∂zⱼ = δᵢⱼ",
         "dz_i/dz_j = delta_ij"),
        (r"\bigl(\sum_k u_k\bigr)' = \sum_k u_k'", "(Σₖ uₖ)' = Σₖ uₖ'",
         "(sum_k u_k)' = sum_k u_k'"),
        (r"(u^a)' = a\,u^{a-1}\,u'", "(u^a)' = a u^(a−1) u'", "(u^a)' = a u^(a-1) u'"),
        (r"\log\frac{a}{b} = \log a - \log b", "log (a/b) = log a − log b",
         "log (a/b) = log a - log b"),
    ],
)  # fmt: skip
def test_laws_on_one_line(law: str, line: str, plain: str) -> None:
    assert law_as_text(law) == line
    assert law_as_text(law, ascii=True) == plain


def test_every_law_has_a_line() -> None:
    for rule in RULES.values():
        line = law_as_text(rule.law)
        assert not set(line) & set("\\{}") or "_{" in line, rule.name
        assert law_as_text(rule.law, ascii=True).isascii(), rule.name
