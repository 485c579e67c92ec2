"""How terms look in Typst and sound in words, and laws in every notation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sympy import E, Eq, Expr, Integer, Symbol

import symderiv.derivation.textbook  # registers every rule
from symderiv.printers.laws import law
from symderiv.printers.speech import speech
from symderiv.printers.typst import typst
from symderiv.rules.order import RULES
from symderiv.rules.registry import Rule
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
     "the derivative of p sub i with respect to z sub j"),
    (D(Power(x, 2), x), "(partial)/(partial x) x^2",
     "the derivative with respect to x of x squared"),
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
    (E * x, "e x", "e times x"),
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

    laws = [law([said.identity for said in rule.laws], "typst") for rule in RULES.values()]
    assert len(laws) > 40
    formulas = [*(typst(row[0]) for row in TABLE), *laws]
    source = "\n\n".join(f"$ {formula} $" for formula in formulas)
    assert compiled(source.encode(), format="pdf")


SPELLED = {
    "quotient-rule": ("(u / v)' = (u' v − u v') / v²", "(u / v)' = (u' v - u v') / v^2"),
    "independent-variables": ("∂zᵢ/∂zⱼ = δᵢⱼ", "dz_i/dz_j = delta_ij"),
    "derivative-of-a-sum": ("(Σₖ uₖ)' = Σₖ uₖ'", "(sum_k u_k)' = sum_k u_k'"),
    "power-rule": ("(u^a)' = a u^(a − 1) u'", "(u^a)' = a u^(a - 1) u'"),
    "sum-of-a-constant": ("Σₖ₌₁ᴷ c = K c", "sum_{k=1..K} c = K c"),
    "derivative-of-atan": ("(arctan u)' = u' / (1 + u²)", "(arctan u)' = u' / (1 + u^2)"),
    "logarithm-of-a-quotient": (
        "log(a / b) = log a − log b for a > 0, b > 0,  log(e^u / b) = u − log b for b > 0",
        "log(a / b) = log a - log b for a > 0, b > 0,  log(exp(u) / b) = u - log b for b > 0",
    ),
}


@pytest.mark.parametrize(("identifier", "lines"), SPELLED.items())
def test_laws_on_one_line(identifier: str, lines: tuple[str, str]) -> None:
    laws = [said.identity for said in RULES[identifier].laws]
    assert (law(laws, "text"), law(laws, "ascii")) == lines


def test_laws_in_latex_and_aloud() -> None:
    laws = [said.identity for said in RULES["quotient-rule"].laws]
    assert law(laws, "latex") == r"\left( \frac{u}{v} \right)' = \frac{u' v - u v'}{v^2}"
    assert law(laws, "speech").startswith("the derivative of (the fraction u over v")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_law_has_a_line(rule: Rule) -> None:
    laws = [said.identity for said in rule.laws]
    line = law(laws, "text")
    assert not set(line) & set("\\{}") or "_{" in line
    assert law(laws, "ascii").isascii()
    assert not set(law(laws, "speech")) & set("_^{}\\/+")


def test_a_semicolon_after_a_formula_is_printed() -> None:
    """In Typst's markup one semicolon after a call belongs to the call, and is not seen."""
    page = symderiv.jacobian("layer-normalisation").page("typst")
    assert "$.body);; its rows are those of" in page
    assert "$.body); its" not in page
