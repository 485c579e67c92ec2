"""A name makes no answer longer, and none less than proved.

Each row is one function, as one formula and with names for its stages or for itself; each answer
is held against SymPy's own `diff` of the sums written out.
"""

from __future__ import annotations

import pytest

import symderiv
from symderiv.emit.module import functions_of
from symderiv.face.source import derivation_source
from symderiv.printers.text import text
from symderiv.rules.collecting import count
from symderiv.terms.verdict import Strength
from tests.by_sympy import World, number, written

MEAN = "m = sum(x[l], (l,1,K))/K; "
FUNCTIONS = {
    "log loss by w[j]": (
        "-y*log(sigmoid(sum(w[k]*x[k],k))) - (1-y)*log(1-sigmoid(sum(w[k]*x[k],k)))",
        "z = sum(w[k]*x[k],k); p = sigmoid(z); L = -y*log(p) - (1-y)*log(1-p)",
    ),
    "margin loss by w[j]": (
        "log(1 + exp(-y*sum(w[k]*x[k],k)))",
        "m = y*sum(w[k]*x[k],k); L = log(1 + exp(-m))",
    ),
    "kurtosis by x[j]": (
        MEAN + "sum((x[k]-m)**4,k)/K/(sum((x[k]-m)**2,k)/K)**2",
        MEAN + "L = sum((x[k]-m)**4,k)/K/(sum((x[k]-m)**2,k)/K)**2",
        MEAN + "v = sum((x[k]-m)**2,k)/K; L = sum((x[k]-m)**4,k)/K/v**2",
    ),
    "skewness by x[j]": (
        MEAN + "sum((x[k]-m)**3,k)/K/(sum((x[k]-m)**2,k)/K)**(3/2)",
        MEAN + "s = sqrt(sum((x[k]-m)**2,k)/K); u = sum(((x[k]-m)/s)**3,k)/K",
    ),
    "participation ratio by x[j]": (
        "sum(x[k]**4,k)/sum(x[k]**2,k)**2",
        "L = sum(x[k]**4,k)/sum(x[k]**2,k)**2",
        "s = sum(x[k]**2,k); q = sum(x[k]**4,k); L = q/s**2",
    ),
    "Rayleigh quotient by x[j]": (
        "sum(x[k]*A[k,l]*x[l],k,l)/sum(x[k]**2,k)",
        "R = sum(x[k]*A[k,l]*x[l],k,l)/sum(x[k]**2,k)",
        "a = sum(x[k]*A[k,l]*x[l],k,l); b = sum(x[k]**2,k); R = a/b",
    ),
    "root mean square by x[j]": (
        "g[i]*x[i]/sqrt(sum(x[k]**2,k)/K + c**2)",
        "y[i] = g[i]*x[i]/sqrt(sum(x[k]**2,(k,1,K))/K + c**2)",
        "r = sqrt(sum(x[k]**2,(k,1,K))/K + c**2); y[i] = g[i]*x[i]/r",
    ),
    "overlap by p[j]": (
        "sum(p[k]*g[k],k)/(sum(p[k],k) + sum(g[k],k) - sum(p[k]*g[k],k))",
        "I = sum(p[k]*g[k],k); J = I/(sum(p[k],k) + sum(g[k],k) - I)",
    ),
    "entropy by z[j]": (
        "-sum(softmax(z)[k]*log(softmax(z)[k]),k)",
        "p[k] = softmax(z)[k]; H = -sum(p[k]*log(p[k]),k)",
    ),
    "focal loss by z[j]": (
        "-(1-softmax(z)[y])**g*log(softmax(z)[y])",
        "p[k] = softmax(z)[k]; L = -(1-p[y])**g*log(p[y])",
    ),
}


def _answered(formula: str, wrt: str) -> symderiv.Answer:
    answer = symderiv.derive(formula, wrt=wrt)
    assert answer.strength is Strength.PROVED, formula
    sizes = {str(axis): 4 for axes in answer.problem.shapes.values() for axis in axes}
    letters = {"i": 1, "j": 2, **dict.fromkeys(answer.problem.labels, 3)}
    world = World(answer.problem, sizes, letters, positive=True)
    values = [number(written(t, world)) for t in (answer.statement, answer.answer)]
    assert abs(values[0] - values[1]) < abs(values[0]) * 1e-20, formula
    return answer


@pytest.mark.parametrize("what", FUNCTIONS)
def test_a_name_makes_no_answer_longer(what: str) -> None:
    wrt = what.rpartition(" by ")[2]
    plain, *named = (_answered(formula, wrt) for formula in FUNCTIONS[what])
    for answer in named:
        assert count(answer.answer) <= count(plain.answer), answer


CLOSED = {
    "(x/K)**n/(1 + (x/K)**n) by x": "n (x / K)^(n − 1) / ((1 + (x / K)^n)² K)",
    "log(k) - k*log(s) + (k-1)*log(x) - (x/s)**k by s": "k ((x / s)^k − 1) / s",
    "c = sum(x[k]*y[k],k)/sqrt(sum(x[k]**2,k)*sum(y[k]**2,k)) by x[j]":
        "yⱼ / √((Σₖ xₖ²) Σₖ yₖ²) − xⱼ c / Σₖ xₖ²",
    "s = sqrt(x**2 + c**2); L = x/s by x": "(1 − L²) / s",
    "h = tanh(u*x); L = (y - h)**2/2 by u": "(h − y) (1 − h²) x",
    "m = y*sum(w[k]*x[k],k); L = log(1 + exp(-m)) by w[j]": "−y xⱼ / (e^m + 1)",
    "R = sum(x[k]*A[k,l]*x[l],k,l)/sum(x[k]**2,k) by x[j]":
        "(Σₗ xₗ (Aⱼₗ + Aₗⱼ) − 2 xⱼ R) / Σₖ xₖ²",
}  # fmt: skip


@pytest.mark.parametrize("what", CLOSED)
def test_the_closed_form_is_that_of_a_textbook(what: str) -> None:
    formula, _, wrt = what.rpartition(" by ")
    assert text(_answered(formula, wrt).answer) == CLOSED[what]


def test_what_the_author_typed_below_the_bar_stays() -> None:
    answer = _answered(FUNCTIONS["overlap by p[j]"][0], "p[j]")
    assert "Σₖ pₖ + Σₖ gₖ − Σₖ pₖ gₖ" in text(answer.answer)


def test_a_power_with_a_letter_beside_a_fraction_of_its_base_has_a_program() -> None:
    answer = symderiv.derive("L = x*(g*y/(1-p) + (1-p)**g)", wrt="x")
    made = functions_of(derivation_source(answer))["L_derivative"]
    assert made(g=3.0, y=2.0, p=0.5) == 12.125
