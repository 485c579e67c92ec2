"""Factors: a product as powers of bases, keys that forget order, tidy terms that move nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Rational, Symbol

from symderiv.rules.collecting import count
from symderiv.terms import (
    ONE,
    ZERO,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    component,
    exp,
    letter,
    log,
    release,
    size,
    summation,
)
from symderiv.terms.factors import (
    Factored,
    add_exponents,
    factored,
    key,
    negative,
    number,
    terms_of,
    tidy,
)

a, b, c, x = (Symbol(s) for s in "abcx")
i, j, k, m = (letter(s) for s in "ijkm")
K, N = size("K"), size("N")
TWO, THREE, HALF = Integer(2), Integer(3), Quotient(ONE, Integer(2))
z, y = component("z", k), component("y", k)


def total(body: Expr, index: Symbol = k) -> Expr:
    return summation(body, index, K)


VIEWS: list[tuple[Expr, Factored, Expr]] = [
    (Times(a, b, a), Factored(ONE, {a: TWO, b: ONE}), Times(Power(a, TWO), b)),
    (Quotient(Times(a, b), c), Factored(ONE, {a: ONE, b: ONE, c: -ONE}), Quotient(Times(a, b), c)),
    (Neg(Times(TWO, a)), Factored(Integer(-2), {a: ONE}), Neg(Times(TWO, a))),
    (Quotient(a, a), Factored(), ONE),
    (Quotient(Times(TWO, a), Integer(6)), Factored(Rational(1, 3), {a: ONE}), Quotient(a, THREE)),
    (Quotient(a, Quotient(b, c)), Factored(ONE, {a: ONE, b: -ONE, c: ONE}),
     Quotient(Times(a, c), b)),
    (Power(Times(a, b), TWO), Factored(ONE, {a: TWO, b: TWO}), Times(Power(a, TWO), Power(b, TWO))),
    (Power(Power(a, TWO), THREE), Factored(ONE, {a: Integer(6)}), Power(a, Integer(6))),
    (Times(exp(x), exp(Neg(x))), Factored(), ONE),
    (Quotient(a, exp(x)), Factored(ONE, {a: ONE, exp(x): -ONE}), Times(a, exp(Neg(x)))),
    (Times(Power(a, x), a), Factored(ONE, {a: Plus(x, ONE)}), Power(a, Plus(x, ONE))),
    (Times(Plus(a, b), Plus(b, a)), Factored(ONE, {Plus(a, b): TWO}), Power(Plus(a, b), TWO)),
    (Times(total(z), summation(component("z", m), m, K)), Factored(ONE, {total(z): TWO}),
     Power(total(z), TWO)),
    (Times(Power(TWO, HALF), Power(TWO, HALF)), Factored(TWO), TWO),
    (ZERO, Factored(ZERO), ZERO),
    (Plus(a, b), Factored(ONE, {Plus(a, b): ONE}), Plus(a, b)),
]  # fmt: skip


@pytest.mark.parametrize(("term", "view", "back"), VIEWS, ids=[str(t) for t, *_ in VIEWS])
def test_a_product_as_powers_and_back(term: Expr, view: Factored, back: Expr) -> None:
    assert factored(term) == view
    assert factored(term).term() == back


# What must not be taken apart: the two sides differ, or one has no value where the other has.
KEPT = [
    (Power(Times(a, b), HALF), Times(Power(a, HALF), Power(b, HALF))),
    (Power(Power(a, TWO), HALF), a),
    (Power(Neg(a), HALF), Neg(Power(a, HALF))),
    (Quotient(a, ZERO), a),
    (log(Times(a, b)), Plus(log(a), log(b))),
    (exp(Plus(a, b)), Times(exp(a), exp(b))),
]


@pytest.mark.parametrize(("term", "other"), KEPT, ids=str)
def test_what_is_kept_together(term: Expr, other: Expr) -> None:
    assert key(term) != key(other)


ALIKE: list[tuple[Expr, Expr]] = [
    (Plus(a, b, c), Plus(c, a, b)),
    (Times(a, b), Times(b, a)),
    (Neg(Times(a, b)), Times(Neg(b), a)),
    (Plus(a, Neg(Plus(b, c))), Plus(a, Neg(b), Neg(c))),
    (Quotient(a, Times(b, c)), Quotient(Quotient(a, c), b)),
    (Times(a, a), Power(a, TWO)),
    (exp(Plus(a, b)), exp(Plus(b, a))),
    (total(Times(y, z)), summation(Times(component("z", m), component("y", m)), m, K)),
    (total(total(component("W", k, m), m)), total(total(component("W", m, k), k), m)),
    (exp(Neg(x)), Quotient(ONE, exp(x))),
    (Power(Plus(a, Neg(b)), TWO), Power(Plus(b, Neg(a)), TWO)),
    (Quotient(c, Power(Plus(a, Neg(b)), TWO)), Quotient(c, Power(Plus(Neg(a), b), TWO))),
]
UNLIKE: list[tuple[Expr, Expr]] = [
    (Plus(a, b), Times(a, b)),
    (Plus(a, Neg(b)), Plus(b, Neg(a))),
    (Power(Plus(a, Neg(b)), THREE), Power(Plus(b, Neg(a)), THREE)),
    (Quotient(a, b), Quotient(b, a)),
    (Plus(a, a), a),
    (Times(a, a), a),
    (total(Times(y, z)), total(Times(y, component("z", i)))),
    (total(z), summation(z, k, N)),
    (total(component("W", k, i)), total(component("W", i, k))),
    (Power(a, b), Power(b, a)),
    (component("z", i), component("z", j)),
    (Quantity(Symbol("z"), i), component("z", i)),
]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=str)
def test_keys_forget_order_and_bound_letters(one: Expr, other: Expr) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), UNLIKE, ids=str)
def test_keys_keep_the_rest(one: Expr, other: Expr) -> None:
    assert key(one) != key(other)


TIDIED: list[tuple[Expr, Expr]] = [
    (Times(ONE, a), a),
    (Times(a, ZERO, b), ZERO),
    (Times(TWO, a, THREE), Times(Integer(6), a)),
    (Times(Neg(a), Neg(b)), Times(a, b)),
    (Times(a, Neg(b)), Neg(Times(a, b))),
    (Neg(Neg(a)), a),
    (Neg(ZERO), ZERO),
    (Quotient(a, ONE), a),
    (Quotient(ZERO, a), ZERO),
    (Quotient(Neg(a), b), Neg(Quotient(a, b))),
    (Quotient(a, Neg(b)), Neg(Quotient(a, b))),
    (Power(a, ONE), a),
    (Power(a, ZERO), ONE),
    (Power(ONE, a), ONE),
    (total(ZERO), ZERO),
    (Plus(Plus(a, b), c), Plus(a, b, c)),
    (Plus(a, ZERO), Plus(a, ZERO)),  # a zero term is a line of its own
    (Plus(a, a), Plus(a, a)),
    (Times(b, a), Times(b, a)),
    (exp(Times(ONE, a)), exp(a)),
]


@pytest.mark.parametrize(("term", "expected"), TIDIED, ids=str)
def test_tidy(term: Expr, expected: Expr) -> None:
    assert tidy(term) == expected
    assert tidy(expected) == expected


def test_summands_and_signs() -> None:
    assert terms_of(Neg(Plus(a, Neg(b)))) == (Neg(a), b)
    assert terms_of(Plus(a, Neg(Plus(b, c)))) == (a, Neg(b), Neg(c))
    assert terms_of(Times(a, b)) == (Times(a, b),)
    assert negative(Plus(a, Neg(b))) == Plus(Neg(a), b)
    assert number(Neg(Quotient(ONE, TWO))) == Rational(-1, 2)
    assert number(Plus(ONE, TWO)) is None
    assert number(Quotient(ONE, ZERO)) is None
    assert add_exponents(Plus(x, Neg(ONE)), ONE) == x
    assert add_exponents(Plus(x, a), Neg(x)) == a


# -- properties ------------------------------------------------------------------------------------

LEAVES = [a, b, x, ONE, TWO, THREE, component("z", i), total(z)]


@st.composite
def products(draw: Any, depth: int = 3) -> Expr:
    if depth == 0:
        return draw(st.sampled_from(LEAVES))
    u, v = draw(products(depth - 1)), draw(products(depth - 1))
    made = [Times(u, v), Plus(u, v), Neg(u), Power(u, draw(st.sampled_from([TWO, THREE])))]
    made += [Quotient(u, Plus(Power(v, TWO), ONE)), exp(u)]
    return draw(st.sampled_from(made))


POINT = {a: Rational(3, 2), b: Rational(-2, 5), x: Rational(1, 7)}


def value(term: Expr) -> Expr:
    numbers = {component("z", i): Rational(5, 3), release(total(z)): Rational(-1, 3)}
    return release(term).xreplace(numbers).xreplace(POINT)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(products())
def test_the_view_and_tidying_keep_the_value(term: Expr) -> None:
    for other in (factored(term).term(), tidy(term), Plus(*terms_of(term))):
        difference = value(term) - value(other)
        assert difference == 0 or abs(sympy.N(difference, 30)) < 1e-20 * abs(sympy.N(value(term)))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(products(), st.randoms(use_true_random=False))
def test_a_key_forgets_every_order(term: Expr, random: Any) -> None:
    def shuffled(t: Expr) -> Expr:
        if not isinstance(t, Plus | Times):
            return t
        parts = [shuffled(u) for u in t.args]
        random.shuffle(parts)
        return t.func(*parts)

    assert key(shuffled(term)) == key(term)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(products())
def test_what_is_tidy_stays_the_same_object(term: Expr) -> None:
    kept = tidy(tidy(term))  # it may have been met as another object before
    assert kept == tidy(term)
    assert tidy(kept) is kept


def test_how_much_there_is_to_read_is_no_matter_of_which_objects_are_shared() -> None:
    shared = Power(x, TWO)
    one = Plus(exp(shared), log(shared))
    other = Plus(exp(Power(x, TWO)), log(Power(x, TWO)))
    assert one == other
    assert count(one) == count(other) == 1 + 2 * (1 + 3)
