"""Matching: the bindings of a pattern's letters, up to order and bound letters."""

from __future__ import annotations

import pytest
from sympy import Expr, Integer, Symbol

from symderiv.terms import (
    ONE,
    Neg,
    Plus,
    Power,
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
from symderiv.terms.factors import key
from symderiv.terms.letters import substitute
from symderiv.terms.matching import match

i, j, k, l, m, n = (letter(s) for s in "ijklmn")
K = size("K")
x, a = Symbol("x"), Symbol("a")


def z(index: Expr) -> Expr:
    return component("z", index)


def w(row: Expr, column: Expr) -> Expr:
    return component("W", row, column)


def total(body: Expr, index: Symbol = k) -> Expr:
    return summation(body, index, K)


SOFTMAX = Quotient(exp(z(i)), total(exp(z(k))))
# pattern, term, letters of the pattern, what they are bound to (None: no match)
PAIRS: list[tuple[Expr, Expr, str, dict[Symbol, Expr] | None]] = [
    (z(i), z(j), "i", {i: j}),
    (z(i), z(Integer(2)), "i", {i: Integer(2)}),
    (z(i), component("y", j), "i", None),
    (z(i), z(j), "", None),
    (w(i, j), w(m, n), "ij", {i: m, j: n}),
    (w(i, i), w(m, n), "i", None),
    (w(i, i), w(m, m), "i", {i: m}),
    (w(i, j), w(j, i), "ij", {i: j, j: i}),
    (Plus(z(i), Neg(component("y", i))), Plus(Neg(component("y", j)), z(j)), "i", {i: j}),
    (Plus(z(i), component("y", i)), Plus(z(j), component("y", m)), "i", None),
    (Plus(z(i), component("y", i)), Plus(z(j), component("y", j), ONE), "i", None),
    (Plus(z(i), component("y", i)), Plus(z(j), Plus(component("y", j), ONE)), "i", None),
    (Plus(z(i), ONE, Neg(a)), Plus(z(j), Neg(Plus(a, Neg(ONE)))), "i", {i: j}),
    (Times(z(i), component("y", j)), Times(component("y", m), z(n)), "ij", {i: n, j: m}),
    (SOFTMAX, Quotient(exp(z(j)), total(exp(z(m)), m)), "i", {i: j}),
    (SOFTMAX, Quotient(exp(z(j)), total(exp(w(j, m)), m)), "i", None),
    (total(w(i, k)), total(w(j, m), m), "i", {i: j}),
    # the letter must not be bound to what only the sum knows
    (total(w(i, k)), total(w(m, m), m), "i", None),
    (total(w(k, i)), total(w(i, k)), "i", None),
    (total(w(i, k)), total(w(k, m), m), "i", {i: k}),
    (Power(z(i), Integer(2)), Power(z(j), Integer(2)), "i", {i: j}),
    (Power(z(i), Integer(2)), Power(z(j), Integer(3)), "i", None),
    (Power(a, i), Power(a, Plus(j, ONE)), "i", {i: Plus(j, ONE)}),
    (Times(Integer(2), z(i)), Times(Integer(3), z(j)), "i", None),
    (delta(i, j), delta(m, j), "i", {i: m}),
    (log(z(i)), exp(z(j)), "i", None),
    (x, x, "i", {}),
    (Times(a, x), Times(x, a), "i", {}),
    (Quantity(Symbol("p"), i), Quantity(Symbol("p"), n), "i", {i: n}),
    (Quantity(Symbol("p"), i), Quantity(Symbol("q"), n), "i", None),
    (Quantity(Symbol("p"), i), component("p", n), "i", None),
]


@pytest.mark.parametrize(("pattern", "term", "letters", "binding"), PAIRS)
def test_bindings(
    pattern: Expr, term: Expr, letters: str, binding: dict[Symbol, Expr] | None
) -> None:
    found = list(match(pattern, term, frozenset(map(letter, letters))))
    if binding is None:
        assert found == []
    else:
        assert binding in found


@pytest.mark.parametrize(("pattern", "term", "letters", "binding"), PAIRS)
def test_a_pattern_at_its_binding_is_the_term(
    pattern: Expr, term: Expr, letters: str, binding: dict[Symbol, Expr] | None
) -> None:
    for found in match(pattern, term, frozenset(map(letter, letters))):
        assert key(substitute(pattern, dict(found))) == key(term)


def test_every_way_to_match_is_found() -> None:
    pattern, term = Times(z(i), z(j)), Times(z(m), z(n))
    found = list(match(pattern, term, frozenset({i, j})))
    assert {i: m, j: n} in found
    assert {i: n, j: m} in found
    assert len(found) == 2
