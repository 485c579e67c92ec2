"""Letters: nothing is captured, nothing is shadowed by accident."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

import symderiv
from symderiv.derivation.textbook import Textbook
from symderiv.reader import read
from symderiv.terms import (
    D,
    Neg,
    Plus,
    Quantity,
    Quotient,
    Times,
    component,
    delta,
    exp,
    letter,
    log,
    maximum_over,
    product_over,
    size,
    subterms,
    summation,
)
from symderiv.terms.letters import (
    all_letters,
    bound_letters,
    free_letters,
    fresh,
    rename_bound,
    same,
    substitute,
)

i, j, k, l, m, n = (letter(s) for s in "ijklmn")
K, N = size("K"), size("N")


def z(index: Basic) -> Expr:
    return component("z", index)


def y(index: Basic) -> Expr:
    return component("y", index)


def p(index: Basic) -> Quantity:
    return Quantity(Symbol("p"), index)


def total(body: Expr, index: Symbol = k) -> Expr:
    return summation(body, index, K)


def test_a_bound_letter_equal_to_the_one_differentiated_by_steps_aside() -> None:
    """∂/∂z_j of −Σ_j y_j log p_j: inside the sum j means another thing than outside."""
    text = "p[i] = exp(z[i]) / sum(exp(z[k]), k); -sum(y[j]*log(p[j]), j)"
    derivation = Textbook(read(text, wrt=("z[j]",))).derive()
    loss = Neg(total(Times(y(j), log(p(j))), j))
    assert derivation.statement != D(loss, z(j))  # another letter is bound on the first line too
    assert same(derivation.statement, D(loss, z(j)))
    assert same(derivation.answer, Plus(Times(p(j), total(y(i), i)), Neg(y(j))))
    captured = Plus(Times(p(j), total(y(j), j)), Neg(y(j)))
    assert same(derivation.answer, captured)  # under the sum j is bound, and any letter will do
    assert free_letters(derivation.answer) == {j, K}


SUBSTITUTED: list[tuple[str, Expr, dict[Basic, Basic], Expr]] = [
    ("a free letter", Times(z(i), y(j)), {i: k}, Times(z(k), y(j))),
    ("two at once", Times(z(i), y(j)), {i: j, j: i}, Times(z(j), y(i))),
    ("under a sum", total(Times(z(k), y(i))), {i: j}, total(Times(z(k), y(j)))),
    ("not the bound letter", total(z(k)), {k: j}, total(z(k))),
    ("no capture", total(Times(z(k), y(i))), {i: k}, total(Times(z(m), y(k)), m)),
    ("no capture by a product", product_over(Plus(z(k), y(i)), k, K), {i: k},
     product_over(Plus(z(m), y(k)), m, K)),
    ("no capture by a maximum", maximum_over(Plus(z(k), y(i)), k, K), {i: k},
     maximum_over(Plus(z(m), y(k)), m, K)),
    ("two deep", total(Times(y(i), total(Times(z(k), z(i)), k)), m), {i: k},
     total(Times(y(k), total(Times(z(l), z(k)), l)), m)),
    ("outside and inside", Times(z(i), total(z(i), i)), {i: j}, Times(z(j), total(z(i), i))),
    ("a shadowed letter", total(total(Times(z(k), y(i)), k), k), {i: j},
     total(total(Times(z(k), y(j)), k), k)),
    ("the size", total(z(k)), {K: Integer(3)}, summation(z(k), k, 3)),
    ("a whole component", Plus(z(i), z(j)), {z(i): y(k)}, Plus(y(k), z(j))),
    ("a delta", delta(i, j), {i: k}, delta(k, j)),
    ("a quantity's index", p(i), {i: j}, p(j)),
    ("not a quantity's name", Quantity(Symbol("k"), k), {k: j}, Quantity(Symbol("k"), j)),
    ("a label of a label", component("p", n, component("y", n)), {n: m},
     component("p", m, component("y", m))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("term", "mapping", "expected"),
    [row[1:] for row in SUBSTITUTED],
    ids=[r[0] for r in SUBSTITUTED],
)
def test_substitution(term: Expr, mapping: dict[Basic, Basic], expected: Expr) -> None:
    made = substitute(term, mapping)
    assert same(made, expected)
    assert free_letters(made) == free_letters(expected)


FREE = [
    (Times(z(i), total(Times(z(k), y(j)))), {i, j, K}),
    (total(total(component("W", n, k)), n), {K}),
    (summation(z(k), k, n), {n}),
    (Times(z(k), total(z(k))), {k, K}),
    (delta(i, j), {i, j}),
    (p(i), {i}),
    (Quantity(Symbol("s")), {Symbol("s")}),
    (Symbol("a"), {Symbol("a")}),
    (D(z(i), z(j)), {i, j}),
]


@pytest.mark.parametrize(("term", "expected"), FREE)
def test_free_letters(term: Expr, expected: set[Symbol]) -> None:
    assert free_letters(term) == expected


SAME: list[tuple[Expr, Expr, bool]] = [
    (total(z(k)), total(z(m), m), True),
    (total(Times(z(k), y(i))), total(Times(z(m), y(i)), m), True),
    (total(Times(z(k), y(i))), total(Times(z(i), y(i)), i), False),
    (total(total(Times(z(k), y(m)), k), m), total(total(Times(z(m), y(k)), m), k), True),
    (total(total(Times(z(k), y(m)), k), m), total(total(Times(z(k), y(m)), m), k), False),
    (summation(z(k), k, K), summation(z(k), k, N), False),
    (summation(z(k), k, K), summation(z(k), k, K, 2), False),
    (total(z(k)), product_over(z(k), k, K), False),
    (Plus(z(i), z(j)), Plus(z(j), z(i)), False),
]


@pytest.mark.parametrize(("a", "b", "equal"), SAME)
def test_the_same_up_to_bound_letters(a: Expr, b: Expr, equal: bool) -> None:
    assert same(a, b) is equal
    assert same(b, a) is equal


ALL = {letter(name) for name in "abcdefghijklmnopqrstuvwxyz"}


@pytest.mark.parametrize(
    ("wanted", "taken", "given"),
    [(i, {j}, i), (i, {i}, k), (k, {k, m}, l), (k, ALL, letter("k1"))],
)
def test_a_fresh_letter(wanted: Symbol, taken: set[Symbol], given: Symbol) -> None:
    assert fresh(wanted, taken) == given


def test_bound_letters_are_moved_out_of_the_way_at_every_depth() -> None:
    term = total(Times(z(j), total(Times(y(j), z(i)), i)), j)
    moved = rename_bound(term, {i, j})
    assert same(moved, term)
    assert not {i, j} & all_letters(moved)


# -- properties ------------------------------------------------------------------------------------

LETTERS = (i, j, k, m)


@st.composite
def terms(draw: st.DrawFn, depth: int = 3) -> Expr:
    if depth == 0:
        return component(draw(st.sampled_from("zy")), draw(st.sampled_from(LETTERS)))
    parts = [draw(terms(depth - 1)) for _ in range(2)]
    index = draw(st.sampled_from(LETTERS))
    head = draw(st.integers(0, 4))
    if head < 3:
        return summation(Times(*parts), index, K)
    return Plus(*parts) if head == 3 else Quotient(exp(parts[0]), parts[1])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(terms(), st.sampled_from(LETTERS))
def test_a_new_letter_for_a_free_one_and_back_is_the_term(term: Expr, old: Symbol) -> None:
    new = letter("w")
    there = substitute(term, {old: new})
    assert free_letters(there) == {new if s == old else s for s in free_letters(term)}
    assert same(substitute(there, {new: old}), term)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(terms(), st.sampled_from(LETTERS), st.sampled_from(LETTERS))
def test_substitution_frees_and_binds_nothing(term: Expr, old: Symbol, new: Symbol) -> None:
    expected = (free_letters(term) - {old}) | ({new} if old in free_letters(term) else set())
    assert free_letters(substitute(term, {old: new})) == expected


@settings(max_examples=150, deadline=None, derandomize=True)
@given(terms(), st.sets(st.sampled_from(LETTERS)))
def test_renaming_bound_letters_keeps_the_term(term: Expr, taken: set[Symbol]) -> None:
    assert same(rename_bound(term, taken), term)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("s[t] = sum(q[d]*k[t,d], d); a[t] = softmax(s)[t]; sum(a[t]*v[t], t)", "k[t,d]"),
        ("sum(m[i]*k[i,j]*n[j], i, j)", "k[i,j]"),
        ("p[i] = softmax(k)[i]; log(p[j])", "k[i]"),
    ],
)
def test_no_letter_of_a_page_is_called_as_an_array_is(text: str, by: str) -> None:
    found = symderiv.derive(text, wrt=by)
    lines = (found.lines, *(lemma.lines for lemma in found.lemmas))
    bound = {s for each in lines for t in each for s in _bound(t)}
    assert bound
    assert not {s.name for s in bound} & set(found.problem.shapes)


def _bound(term: Basic) -> set[Symbol]:
    return {s for t in subterms(term) for s in bound_letters(t)}
