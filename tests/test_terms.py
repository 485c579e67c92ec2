"""Terms: what is written stays as written, and means what it says."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Sum, Symbol, srepr
from sympy.core.basic import Basic

from symderiv.terms import (
    ONE,
    ZERO,
    D,
    Held,
    Iverson,
    Neg,
    Partial,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    bottom_up,
    component,
    delta,
    exp,
    function_of,
    hold,
    letter,
    log,
    maximum_over,
    minimum_over,
    plus,
    product_over,
    rebuild,
    release,
    relu,
    sigmoid,
    size,
    softplus,
    subterms,
    summation,
    times,
)

x, a, b = (Symbol(s) for s in "xab")
i, j, k = (letter(s) for s in "ijk")
K = size("K")
z = component("z", k)
TWO = Integer(2)

AS_WRITTEN: list[Expr] = [
    Plus(x, x),
    Plus(a, ZERO, b),
    Times(b, a, b),
    Times(TWO, Integer(3)),
    Quotient(x, x),
    Power(x, ONE),
    Neg(Neg(x)),
    exp(ZERO),
    log(exp(x)),
    function_of(sympy.sin, ZERO),
    function_of(sympy.Max, b, a),
    summation(ONE, k, K),
    summation(ZERO, k, K),
    product_over(ONE, k, K),
    D(x, x),
    D(D(z, x), a),
    Iverson(sympy.Gt(ONE, ZERO, evaluate=False)),
    delta(i, i),
    delta(ONE, TWO),
    sigmoid(ZERO),
]


@pytest.mark.parametrize("term", AS_WRITTEN, ids=str)
def test_a_term_stays_as_written_when_it_is_rebuilt(term: Expr) -> None:
    assert rebuild(term, term.args) == term
    again = rebuild(term, tuple(rebuild(t, t.args) if t.args else t for t in term.args))
    assert again == term
    assert bottom_up(term, lambda t: t) == term
    assert type(again) is type(term)


@pytest.mark.parametrize("term", [t for t in AS_WRITTEN if isinstance(t, Held)], ids=str)
def test_a_held_term_stays_as_written_under_sympys_own_replacements(term: Expr) -> None:
    y = Symbol("y")
    for moved in (term.xreplace({x: y, a: x}), term.subs(x, y), term.replace(x, y)):
        assert type(moved) is type(term)
        assert len(moved.args) == len(term.args)


@pytest.mark.parametrize("term", AS_WRITTEN[:6], ids=str)
def test_srepr_reads_back(term: Expr) -> None:
    names = {head.__name__: head for head in (Plus, Times, Quotient, Power, Neg)}
    assert sympy.sympify(srepr(term), locals=names, evaluate=False) == term


OPERATORS: list[tuple[Expr, Expr]] = [
    (Plus(a, b) + x, Plus(a, b, x)),
    (x + Plus(a, b), Plus(x, a, b)),
    (Plus(a, b) - x, Plus(a, b, Neg(x))),
    (1 - Power(x, 2), Plus(ONE, Neg(Power(x, 2)))),
    (Times(a, b) * x, Times(a, b, x)),
    (x * Times(a, b), Times(x, a, b)),
    (2 * D(z, x), Times(TWO, D(z, x))),
    (D(z, x) / a, Quotient(D(z, x), a)),
    (a / Plus(a, b), Quotient(a, Plus(a, b))),
    (-Plus(a, b), Neg(Plus(a, b))),
    (Plus(a, b) ** 2, Power(Plus(a, b), 2)),
    (sigmoid(x) * (1 - sigmoid(x)), Times(sigmoid(x), Plus(ONE, Neg(sigmoid(x))))),
]


@pytest.mark.parametrize(("made", "expected"), OPERATORS, ids=lambda t: str(t))
def test_operators_write(made: Expr, expected: Expr) -> None:
    assert made == expected


def test_makers_lay_flat_and_know_the_empty_and_the_single() -> None:
    assert plus(Plus(a, b), x) == Plus(a, b, x)
    assert times(a, Times(b, x)) == Times(a, b, x)
    assert (plus(), times(), plus(x), times(x)) == (ZERO, ONE, x, x)
    assert delta(j, i) == delta(i, j)
    assert delta(i, ONE) == delta(ONE, i)
    assert component("z", i) is component("z", i)
    assert component("z", i) == sympy.IndexedBase("z")[i]


RELEASED: list[tuple[Expr, Expr]] = [
    (Plus(x, x), 2 * x),
    (Times(x, x), x**2),
    (Quotient(x, TWO), x / 2),
    (Neg(x), -x),
    (Power(x, Quotient(ONE, TWO)), sympy.sqrt(x)),
    (exp(ZERO), ONE),
    (Quantity(Symbol("p"), i), component("p", i)),
    (Quantity(Symbol("s")), Symbol("s")),
    (Plus(summation(z, k, K), summation(z, k, K)), 2 * Sum(z, (k, 1, K))),
    (delta(i, i), ONE),
    (Iverson(sympy.Gt(x, ZERO, evaluate=False)), sympy.Piecewise((1, x > 0), (0, True))),
]


@pytest.mark.parametrize(("held", "ordinary"), RELEASED, ids=str)
def test_release_is_ordinary_sympy(held: Expr, ordinary: Expr) -> None:
    assert release(held) == ordinary
    assert not any(isinstance(t, Held) for t in sympy.preorder_traversal(release(held)))


DONE: list[tuple[Expr, Expr]] = [
    (D(Power(x, 3), x), 3 * x**2),
    (Times(TWO, D(exp(x), x)), 2 * sympy.exp(x)),
    (sigmoid(x), 1 / (1 + sympy.exp(-x))),
    (softplus(x), sympy.log(1 + sympy.exp(x))),
    (relu(x), sympy.Max(0, x)),
    (
        maximum_over(component("z", k), k, 2),
        sympy.Max(*(component("z", Integer(n)) for n in (1, 2))),
    ),
    (
        minimum_over(component("z", k), k, 2),
        sympy.Min(*(component("z", Integer(n)) for n in (1, 2))),
    ),
    (summation(z, k, 2), component("z", ONE) + component("z", TWO)),
]


@pytest.mark.parametrize(("held", "done"), DONE, ids=str)
def test_doit_leaves_the_page(held: Expr, done: Expr) -> None:
    assert held.doit() == done


def test_sympy_differentiates_held_terms() -> None:
    assert Times(x, exp(x)).diff(x) == sympy.exp(x) + x * sympy.exp(x)
    slope = sigmoid(x).diff(x).doit() - sympy.diff(1 / (1 + sympy.exp(-x)), x)
    assert sympy.simplify(slope) == 0


def test_a_derivative_of_what_a_stage_hides_is_kept() -> None:
    hidden = D(Quantity(Symbol("s")), x)
    assert hidden.doit() == hidden
    assert release(Times(TWO, hidden)) == Mul(2, hidden)


def test_every_term_of_a_term_outermost_first() -> None:
    term = Plus(component("z", i), Neg(x))
    assert [t for t in subterms(term) if not t.args or isinstance(t, Held)] == [term, Neg(x), x]
    assert i not in set(subterms(term))  # a subscript is no term


# -- hold and release ------------------------------------------------------------------------------

LEAVES: list[Expr] = [x, a, component("z", i), Integer(3), Integer(-2), Rational(1, 2), sympy.pi]


@st.composite
def ordinary(draw: Any, depth: int = 3) -> Expr:
    if depth == 0:
        return draw(st.sampled_from(LEAVES))
    u, v = draw(ordinary(depth - 1)), draw(ordinary(depth - 1))
    makers: list[Any] = [
        lambda: Add(u, v),
        lambda: Mul(u, v),
        lambda: Pow(u, draw(st.sampled_from([2, -1, 3]))) if u != 0 else u,
        lambda: sympy.exp(u),
        lambda: sympy.sin(u),
        lambda: Sum(u * component("y", k), (k, 1, K)),
        lambda: -u,
    ]
    return draw(st.sampled_from(makers))()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(ordinary())
def test_release_undoes_hold(expression: Expr) -> None:
    if expression.has(sympy.zoo, sympy.nan):
        return
    held = hold(expression)
    assert not any(isinstance(t, Add | Mul | Pow) for t in heads(held))
    back = release(held)
    assert back == expression or sympy.expand(back - expression) == 0  # one bar, or two


def heads(term: Basic) -> list[Basic]:
    """All terms but those inside subscripts."""
    return [t for t in subterms(term) if not isinstance(t, sympy.Tuple)]


def test_a_partial_is_a_derivative_that_no_substitution_works_out() -> None:
    kept = D(Times(x, a), x).subs(a, 3)
    assert isinstance(kept, Partial)
    assert kept == D(Times(x, 3), x)
