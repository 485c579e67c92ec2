"""Chosen sizes: sums written out, problems at sizes, and the kinds of entries."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest
import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

import symderiv
from symderiv.reader import read
from symderiv.terms import (
    ONE,
    ZERO,
    Plus,
    Quantity,
    Quotient,
    Times,
    component,
    delta,
    exp,
    function_of,
    letter,
    maximum_over,
    minimum_over,
    product_over,
    size,
    summation,
)
from symderiv.terms.sizes import at_sizes, kinds, written_out

i, j, k, l, y = (letter(s) for s in "ijkly")
K, N = size("K"), size("N")
one, two, three = (Integer(n) for n in (1, 2, 3))


def z(index: Expr) -> Expr:
    return component("z", index)


def w(row: Expr, column: Expr) -> Expr:
    return component("W", row, column)


WRITTEN: list[tuple[Expr, dict[Basic, Basic], Expr]] = [
    (summation(exp(z(k)), k, K), {K: three}, Plus(exp(z(one)), exp(z(two)), exp(z(three)))),
    (summation(z(k), k, K), {K: one}, z(one)),
    (product_over(z(k), k, K), {K: two}, Times(z(one), z(two))),
    (maximum_over(z(k), k, K), {K: two}, function_of(sympy.Max, z(one), z(two))),
    (maximum_over(z(k), k, K), {K: one}, z(one)),
    (minimum_over(z(k), k, K), {K: two}, function_of(sympy.Min, z(one), z(two))),
    (summation(w(i, k), k, K), {K: two}, Plus(w(i, one), w(i, two))),
    (summation(w(i, k), k, K), {K: two, i: two}, Plus(w(two, one), w(two, two))),
    (summation(z(k), k, N), {K: two}, summation(z(k), k, N)),
    (
        summation(summation(w(k, l), l, N), k, K),
        {K: two, N: two},
        Plus(w(one, one), w(one, two), w(two, one), w(two, two)),
    ),
    (summation(z(k), k, K, 2), {K: three}, Plus(z(two), z(three))),
    (Times(delta(i, j), z(j)), {i: one, j: one}, Times(ONE, z(one))),
    (delta(i, j), {i: one, j: two}, ZERO),
    (delta(i, j), {i: one}, delta(one, j)),
    (summation(Times(delta(j, k), z(k)), k, K), {K: two, j: one},
     Plus(Times(ONE, z(one)), Times(ZERO, z(two)))),
    (Quotient(K, two), {K: three}, Quotient(three, two)),
]  # fmt: skip


@pytest.mark.parametrize(("term", "values", "expected"), WRITTEN, ids=[str(r[0]) for r in WRITTEN])
def test_written_out(term: Expr, values: dict[Basic, Basic], expected: Expr) -> None:
    assert written_out(term, values) == expected


def test_a_problem_at_a_size() -> None:
    text = "p[i] = exp(z[i]) / sum(exp(z[k]), k); -sum(y[i]*log(p[i]), i)"
    problem = read(text, wrt=("z[j]",), assume=("sum(y[i], i) = 1",))
    chosen = at_sizes(problem, {K: 2}, {j: 1})
    (stage,) = chosen.stages
    assert stage.quantity == Quantity(Symbol("p"), i)
    assert stage.body == Quotient(exp(z(i)), Plus(exp(z(one)), exp(z(two))))
    assert chosen.wrt == (z(one),)
    assert chosen.shapes["z"] == (two,)
    assert j not in chosen.ranges
    total = chosen.facts[0].relation.lhs
    assert total == Plus(component("y", one), component("y", two))
    assert chosen.unfold(Quantity(Symbol("p"), two)).numerator == exp(z(two))


KINDS: list[tuple[str, Mapping[str, Symbol], list[dict[str, int]]]] = [
    ("", {}, [{}]),
    ("i", {"i": K}, [{"i": 1}]),
    ("ij", {"i": K, "j": K}, [{"i": 1, "j": 1}, {"i": 1, "j": 2}]),
    ("ij", {"i": K, "j": N}, [{"i": 1, "j": 1}]),
    (
        "ijl",
        {"i": K, "j": K, "l": K},
        [
            {"i": 1, "j": 1, "l": 1},
            {"i": 1, "j": 1, "l": 2},
            {"i": 1, "j": 2, "l": 1},
            {"i": 1, "j": 2, "l": 2},
            {"i": 1, "j": 2, "l": 3},
        ],
    ),
]


@pytest.mark.parametrize(("letters", "ranges", "expected"), KINDS)
def test_kinds(letters: str, ranges: Mapping[str, Symbol], expected: list[dict[str, int]]) -> None:
    found = kinds([letter(s) for s in letters], {letter(s): n for s, n in ranges.items()})
    assert [{s.name: n for s, n in kind.items()} for kind in found] == expected


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_choice_of_indices_is_of_one_kind(count: int) -> None:
    letters = [letter(s) for s in "ijkl"[:count]]
    found = list(kinds(letters, dict.fromkeys(letters, K)))
    assert len(found) == [1, 2, 5, 15][count - 1]  # Bell's numbers

    def pattern(values: tuple[int, ...]) -> tuple[bool, ...]:
        return tuple(a == b for a, b in product(values, values))

    patterns = {pattern(tuple(kind.values())) for kind in found}
    assert len(patterns) == len(found)
    assert patterns == {pattern(v) for v in product(range(count), repeat=count)}


def test_an_index_that_is_counted_with_is_no_pattern_of_the_matrix() -> None:
    derivation = symderiv.derive("sum(k*x[k], (k, 1, K))", wrt="x[j]", k=3)
    assert [derivation.entry(n) for n in (1, 2, 3)] == [1, 2, 3]
    assert "⎣ 3 ⎦" in str(derivation)
