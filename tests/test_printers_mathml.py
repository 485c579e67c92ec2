"""MathML: what is drawn is worth what the term is worth, and is MathML Core."""

from __future__ import annotations

from random import Random
from xml.etree import ElementTree

import mpmath
import pytest
from mpmath import mpf
from sympy import Expr, Indexed, Symbol

import symderiv.derivation.textbook  # noqa: F401  (registers every rule)
from symderiv.printers.laws import law
from symderiv.printers.mathml import mathml
from symderiv.printers.speech import speech
from symderiv.reader import read
from symderiv.rules.order import RULES
from symderiv.terms import subterms
from tests.mathml_oracle import value
from tests.test_printers import TABLE

# https://www.w3.org/TR/mathml-core/, the elements of it that a formula is made of
CORE = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "msub", "msup",
    "msubsup", "munder", "munderover", "mover", "mtable", "mtr", "mtd",
}  # fmt: skip
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3,
            "munderover": 3}  # fmt: skip

FORMULAS = (
    "x", "-x", "x - y", "x - (y - a)", "-(x - y)", "(-x)*y", "x*(-y)", "2*3*x", "x/y", "x/(y/a)",
    "(x/y)/a", "-x/y", "-(x/y)**2", "x**2", "-x**2", "(-x)**2", "(x + y)**2", "x**(y + 1)",
    "x**(-2)", "x**(1/2)", "2**x", "(x**2)**3", "x**2**2", "z[1]**2", "z[1] - z[2]",
    "exp(x)", "exp(-x**2/2)", "exp(x)**2", "exp(x/y)", "exp(x)*exp(y)", "exp(-x)*y",
    "log(x)", "log(x)*y", "y*log(x)", "log(x)**2", "log(x*y)", "log(x) + y", "log(x + y)",
    "x*log(x)/y", "-log(x)/x", "sigmoid(x)*(1 - sigmoid(x))", "sigmoid(-x)", "tanh(x)**2",
    "sqrt(x + y)", "x/sqrt(y)", "abs(x - y)", "abs(x)*y", "max(x, y)", "max(0, 1 - x*y)*a",
    "x/2 + y/3", "(x + 1)/(y + 1) - x*y/2", "1/x*(1/y)", "x*2", "x*(1/2)", "0.5*x", "pi*x",
    "sin(x)*cos(y)", "sin(x)/x", "2*x*exp(-x**2)/sqrt(pi)", "x - -y", "a*(x + y)*(x - y)",
)  # fmt: skip


def known(term: Expr, rng: Random) -> dict[str, mpf]:
    names = {t.name for t in subterms(term) if isinstance(t, Symbol)}
    names |= {f"{t.base.label}_{t.args[1]}" for t in subterms(term) if isinstance(t, Indexed)}
    return {name: mpf(rng.uniform(0.2, 3)) for name in sorted(names)}


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_worth_what_is_drawn(formula: str) -> None:
    term = read(formula, ()).function
    rng = Random(formula)
    for _ in range(3):
        at = known(term, rng)
        text = formula.replace("z[1]", "z_1").replace("z[2]", "z_2").replace("1/2", "mpf(1)/2")
        functions = {
            "exp": mpmath.exp, "log": mpmath.log, "tanh": mpmath.tanh, "sqrt": mpmath.sqrt,
            "sin": mpmath.sin, "cos": mpmath.cos, "abs": abs, "max": max, "mpf": mpf,
            "pi": mpmath.pi, "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
        }  # fmt: skip
        expected = eval(text, functions, dict(at))
        assert mpmath.almosteq(value(mathml(term), at), expected, 1e-12)


def check(formula: str) -> None:
    for element in ElementTree.fromstring(formula).iter():
        assert element.tag in CORE, element.tag
        assert len(element) == CHILDREN.get(element.tag, len(element)), element.tag
        if element.tag in ("mi", "mn", "mo"):
            assert element.text, element.tag
            assert not len(element)
        elif element.tag not in ("mtext", "mspace"):
            assert not (element.text or "").strip(), element.tag
        assert not (element.tail or "").strip()


@pytest.mark.parametrize("row", TABLE, ids=[row[1] for row in TABLE])
def test_every_term_is_mathml_core_and_has_its_words(row: tuple[Expr, str, str, str]) -> None:
    drawn = mathml(row[0])
    check(drawn)
    assert ElementTree.fromstring(drawn).get("alttext") == speech(row[0])


def test_every_law_is_mathml_core() -> None:
    for rule in RULES.values():
        for each in (*rule.laws, *rule.examples):
            check(f"<math>{law((each.identity,), 'mathml')}</math>")


def test_names_that_are_markup_are_text() -> None:
    drawn = mathml(Symbol("<b>&"))
    assert ElementTree.fromstring(drawn)[0][0].text == "<b>&"
