"""The three seeds, line by line: what their authors wrote comes out of the tool.

A seed's line stands in the derivation as a line, or as a term of one where the author works the
terms one by one; the order of terms and factors is free, and so are the names of bound letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

import pytest
from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

import symderiv
from symderiv import jacobian
from symderiv.derivation import Derivation
from symderiv.derivation.entries import with_cases
from symderiv.derivation.routes import ROUTES
from symderiv.derivation.textbook import Textbook
from symderiv.reader import read, read_claim
from symderiv.terms import (
    ONE,
    D,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    bottom_up,
    component,
    delta,
    exp,
    letter,
    log,
    plus,
    size,
    summation,
)
from symderiv.terms.factors import key, terms_of, tidy
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Strength

K = size("K")
i, j, k, y = (letter(s) for s in "ijky")


def no_zeros(term: Basic) -> Basic:
    """A seed writes 0 − u where the tool writes −u, and the other way round."""
    if isinstance(term, Plus):
        return plus(*(cast(Expr, t) for t in term.args if t != 0))
    return term


def plain(term: Expr) -> object:
    return key(tidy(bottom_up(term, no_zeros)))


def written(derivation: Derivation, problem: Problem | None = None) -> set[object]:
    """Every line, every term of a line with its sign; with the definitions written out too."""
    found = set()
    for line in derivation.lines:
        for form in [line] if problem is None else [line, problem.unfold(line)]:
            found |= {plain(part) for part in (form, *terms_of(form))}
    return found


# -- seed 000: the product rule, with o for the activations --------------------------------------

o_i, o_j = component("o", i), component("o", j)
E_i, E_j, E_k = exp(o_i), exp(o_j), exp(component("o", k))
S = summation(E_k, k, K)
p_i, p_j = Quantity(Symbol("p"), i), Quantity(Symbol("p"), j)
REST = Times(E_j, D(Quotient(ONE, S), o_i))
PRODUCT = [
    ("d_i(exp(o_j) / Sum_k(exp(o_k)))", D(Quotient(E_j, S), o_i)),
    ("by the product rule", Plus(Quotient(D(E_j, o_i), S), REST)),
    ("D_ij exp(o_j) / Sum_k(exp(o_k))", Quotient(Times(delta(i, j), E_j), S)),
    ("D_ij p_j", Times(delta(i, j), p_j)),
    (
        "-exp(o_j) Sum_k(d_i(exp(o_k))) / Sum_k(exp(o_k))^2",
        Neg(Quotient(Times(E_j, summation(D(E_k, o_i), k, K)), Power(S, 2))),
    ),
    ("-exp(o_j) exp(o_i) / Sum^2", Neg(Quotient(Times(E_j, E_i), Power(S, 2)))),
    ("-(exp(o_j) / Sum)(exp(o_i) / Sum)", Neg(Times(Quotient(E_j, S), Quotient(E_i, S)))),
    ("-p_j p_i", Neg(Times(p_j, p_i))),
    ("D_ij p_j - p_j p_i", Plus(Times(delta(i, j), p_j), Neg(Times(p_j, p_i)))),
]


@cache
def by_product() -> tuple[Problem, Derivation]:
    problem = read("p[j] = exp(o[j]) / sum(exp(o[k]), k); p[j]", wrt=("o[i]",))
    textbook = Textbook(problem, ROUTES["product"])
    return problem, with_cases(textbook.derive(), textbook)


@pytest.mark.parametrize(("said", "line"), PRODUCT, ids=[said for said, _ in PRODUCT])
def test_seed_000_by_the_product_rule(said: str, line: Expr) -> None:
    assert plain(line) in written(by_product()[1])


def test_seed_000_its_answer_and_its_two_cases() -> None:
    _, derivation = by_product()
    assert plain(derivation.answer) == plain(PRODUCT[-1][1])
    equal, other = derivation.cases
    p_ii = Times(p_i, p_i)
    assert plain(Plus(Times(delta(i, i), p_i), Neg(p_ii))) in written(equal.derivation)
    assert plain(Plus(p_i, Neg(p_ii))) in written(equal.derivation)
    assert plain(equal.value) == plain(Times(p_i, Plus(ONE, Neg(p_i))))
    assert plain(Plus(Times(delta(i, j), p_j), Neg(Times(p_j, p_i)))) in written(other.derivation)
    assert plain(other.value) == plain(Neg(Times(p_i, p_j)))


# -- seed 001: cross-entropy by the chain rule -----------------------------------------------------

f_y, f_k = component("f", y), component("f", k)
F_y, F_k = exp(f_y), exp(f_k)
F_j = exp(component("f", j))
T = summation(F_j, j, K)
p_k = Quantity(Symbol("p"), k)
here = delta(k, y)
CHAIN = [
    ("d/df_k (-log(e^f_y / Sum))", D(Neg(log(Quotient(F_y, T))), f_k)),
    ("-[d/df_k (e^f_y / Sum) / (e^f_y / Sum)]", Neg(D(Quotient(F_y, T), f_k) / Quotient(F_y, T))),
    (
        "-[e^f_y d/df_k(1/Sum) + d/df_k(e^f_y) 1/Sum] / (e^f_y / Sum)",
        Neg(
            Plus(Times(F_y, D(Quotient(ONE, T), f_k)), Times(D(F_y, f_k), Quotient(ONE, T)))
            / Quotient(F_y, T)
        ),
    ),
    (
        "(e^f_y e^f_k / Sum - 1(k = y) e^f_y) / e^f_y, the minus before the bracket",
        Neg(Quotient(Plus(Times(here, F_y), Neg(Quotient(Times(F_y, F_k), T))), F_y)),
    ),
    ("p_k - 1(k = y)", Plus(p_k, Neg(here))),
]
# The author differentiates one term of the bracket further than the other: both are there.
BRACKET = [
    ("-e^f_y Sum_j d/df_k e^f_j / Sum^2", Times(F_y, summation(D(F_j, f_k), j, K)), Power(T, 2)),
    ("1(k = y) e^f_y / Sum", Times(here, F_y), T),
]


@cache
def by_chain() -> Derivation:
    problem = read("p[i] = exp(f[i]) / sum(exp(f[j]), j); -log(p[y])", wrt=("f[k]",))
    return Textbook(problem, ROUTES["chain"]).derive()


@pytest.mark.parametrize(("said", "line"), CHAIN, ids=[said for said, _ in CHAIN])
def test_seed_001_by_the_chain_rule(said: str, line: Expr) -> None:
    assert plain(line) in written(by_chain())


def brackets(derivation: Derivation) -> Iterator[Expr]:
    """The terms of the brackets above the bar."""
    for line in derivation.lines:
        if isinstance(line, Neg) and isinstance(line.term, Quotient):
            yield from terms_of(line.term.numerator)


@pytest.mark.parametrize(("said", "top", "bottom"), BRACKET, ids=[said for said, *_ in BRACKET])
def test_seed_001_the_terms_of_its_bracket(said: str, top: Expr, bottom: Expr) -> None:
    wanted = {plain(Quotient(top, bottom)), plain(Neg(Quotient(top, bottom)))}
    assert wanted & {plain(t) for t in brackets(by_chain())}


def test_seed_001_on_to_the_weights() -> None:
    text = "f[j] = sum(w[j,d]*x[d], d); p[i] = exp(f[i]) / sum(exp(f[j]), j); -log(p[y])"
    problem = read(text, wrt=("w[k,c]",))
    derivation = Textbook(problem).derive()
    loss = Neg(log(Quantity(Symbol("p"), y)))
    w, x_c = component("w", k, letter("c")), component("x", letter("c"))
    f = Quantity(Symbol("f"), j)
    chain = summation(Times(D(loss, f), D(f, w)), j, K)
    assert plain(chain) in written(derivation)
    assert plain(derivation.answer) == plain(Times(Plus(p_k, Neg(here)), x_c))
    by_scores, scores = derivation.lemmas[:2]
    assert plain(by_scores.answer) == plain(Plus(p_j, Neg(delta(j, y))))
    assert plain(scores.answer) == plain(Times(delta(j, k), x_c))


# -- seed 002: partial derivatives, a Jacobian, softmax of three logits ----------------------------


@pytest.mark.parametrize(("by", "lines"), [("x", ["2*x"]), ("y", ["3"])])
def test_seed_002_partial_derivatives(by: str, lines: list[str]) -> None:
    derivation = symderiv.derive("x**2 + 3*y", wrt=by)
    problem = derivation.problem
    assert derivation.statement == D(read_claim("x**2 + 3*y", problem), Symbol(by))
    assert plain(derivation.answer) == plain(read_claim(lines[-1], problem))


def test_seed_002_the_jacobian_of_three_functions_of_two_variables() -> None:
    given = [("exp(x1) + exp(x2)", "exp(x1)", "exp(x2)")]
    given += [("exp(x1)*x2", "exp(x1)*x2", "exp(x1)")]
    given += [("4*x1 + 3*x2**3", "4", "9*x2**2")]
    whole = symderiv.jacobian("vector-function")
    entries = [plain(case.value) for case in whole.cases]
    expected = []
    for formula, *row in given:
        problem = read(formula, wrt=("x1",))
        expected += [plain(read_claim(entry, problem)) for entry in row]
    assert entries == expected


Z = [exp(component("z", Integer(n))) for n in (1, 2, 3)]
TOTAL = Plus(*Z)
z_1, z_2 = (component("z", Integer(n)) for n in (1, 2))
P_1, P_2 = (Quantity(Symbol("p"), Integer(n)) for n in (1, 2))
SQUARE = Times(TOTAL, TOTAL)
SHARE = Quotient(Z[0], TOTAL)
DIAGONAL = [
    ("the definition", D(SHARE, z_1)),
    (
        "the quotient rule",
        Plus(Times(D(Z[0], z_1), TOTAL), Neg(Times(D(TOTAL, z_1), Z[0]))) / Power(TOTAL, 2),
    ),
    ("the derivatives", Plus(Times(Z[0], TOTAL), Neg(Times(Z[0], Z[0]))) / SQUARE),
    (
        "the split",
        Plus(Times(SHARE, Quotient(TOTAL, TOTAL)), Neg(Times(SHARE, SHARE))),
    ),
    ("the common factor", Times(SHARE, Plus(ONE, Neg(SHARE)))),
    ("p_1 (1 - p_1)", Times(P_1, Plus(ONE, Neg(P_1)))),
]
OFF = [
    ("the definition", D(SHARE, z_2)),
    (
        "the quotient rule",
        Plus(Times(D(Z[0], z_2), TOTAL), Neg(Times(D(TOTAL, z_2), Z[0]))) / Power(TOTAL, 2),
    ),
    ("the derivatives", Plus(Integer(0), Neg(Times(Z[1], Z[0]))) / SQUARE),
    ("without the zero", Neg(Times(Z[1], Z[0])) / SQUARE),
    ("-p_1 p_2", Neg(Times(P_1, P_2))),
]


@cache
def entry(row: int, column: int) -> tuple[Problem, Derivation]:
    derivation = jacobian("softmax", k=3, entry=(row, column))
    return derivation.problem, derivation


@pytest.mark.parametrize(
    ("column", "said", "line"),
    [(1, *row) for row in DIAGONAL] + [(2, *row) for row in OFF],
    ids=[f"1,1: {said}" for said, _ in DIAGONAL] + [f"1,2: {said}" for said, _ in OFF],
)
def test_seed_002_an_entry_of_softmax(column: int, said: str, line: Expr) -> None:
    problem, derivation = entry(1, column)
    assert plain(line) in written(derivation, problem)
    assert derivation.strength is Strength.PROVED


def test_seed_002_the_matrix_its_cases_and_the_delta() -> None:
    derivation = jacobian("softmax", k=3)
    p = [Quantity(Symbol("p"), Integer(n)) for n in (1, 2, 3)]
    for row in range(3):
        for column in range(3):
            same = Times(p[row], Plus(ONE, Neg(p[row])))
            other = Neg(Times(p[row], p[column]))
            expected = same if row == column else other
            assert plain(derivation.entry(row + 1, column + 1)) == plain(expected)
    equal, other_case = derivation.cases
    assert plain(equal.value) == plain(Times(p_i, Plus(ONE, Neg(p_i))))
    assert plain(other_case.value) == plain(Neg(Times(p_i, p_j)))
    assert plain(derivation.answer) == plain(Times(p_i, Plus(delta(i, j), Neg(p_j))))
