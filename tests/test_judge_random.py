"""The judge's normal form has the value of the term: random terms, and their derivatives.

Terms are drawn over arrays with one and two axes, reuse bound letters freely, and are evaluated
twice: as written by the oracle (derivatives by differences), and from the normal form.
"""

from __future__ import annotations

from random import Random
from typing import Any

import mpmath
import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from sympy import Expr, Integer, Symbol

from symderiv import terms
from symderiv.judge import Judge
from symderiv.judge.atoms import OutOfReach
from symderiv.judge.forms import Ring
from symderiv.terms import (
    D,
    Quantity,
    component,
    delta,
    letter,
    maximum_over,
    product_over,
    size,
    summation,
)
from symderiv.terms.problem import Definition, Problem
from tests.judge_oracle import World, value

K, N = size("K"), size("N")
i, j, k, l, n, m, Y = (letter(name) for name in "ijklnmY")
P = Quantity(Symbol("p"), i)
SOFTMAX = terms.exp(component("z", i)) / summation(terms.exp(component("z", k)), k, K)
PROBLEM = Problem(
    function=P,
    wrt=(component("z", j),),
    stages=(Definition(P, SOFTMAX),),
    shapes={"z": (K,), "p": (K,), "y": (K,), "W": (N, K), "x": (N,)},
    ranges={i: K, j: K, n: N, Y: K},
    labels=frozenset({"Y"}),
)
AXES = {"K": [i, j, k, l], "N": [n, m]}


@st.composite
def leaves(draw: Any, bound: tuple[Symbol, ...]) -> Expr:
    """A component, a stage, a delta, a scalar or a number; letters free or bound around it."""
    ks = [i, j, *(s for s in bound if s in (k, l, i, j))]
    ns = [n, *(s for s in bound if s in (n, m))]
    a, b, c = draw(st.sampled_from(ks)), draw(st.sampled_from(ks)), draw(st.sampled_from(ns))
    return draw(
        st.sampled_from(
            [
                component("z", a), component("z", b), component("y", a), component("W", c, b),
                component("x", c), Quantity(Symbol("p"), a), delta(a, b), delta(a, Y),
                component("z", a + 1), delta(a + 1, b), delta(c, N - c), component("z", Y),
                Symbol("a"), Integer(2), Integer(3),
            ]
        )
    )  # fmt: skip


@st.composite
def lines(draw: Any, depth: int = 3, bound: tuple[Symbol, ...] = ()) -> Expr:
    """A random term."""
    if depth == 0:
        return draw(leaves(bound))

    def inner(more: tuple[Symbol, ...] = ()) -> Expr:
        return draw(lines(depth - 1, (*bound, *more)))

    kind = draw(st.integers(0, 15))
    match kind:
        case 0 | 1:
            return terms.plus(inner(), inner())
        case 2 | 3:
            return terms.times(inner(), inner())
        case 4:
            return terms.Neg(inner())
        case 5:
            return terms.Quotient(inner(), terms.plus(Integer(2), terms.Power(inner(), Integer(2))))
        case 6:
            return terms.Power(inner(), draw(st.sampled_from([Integer(2), Integer(3)])))
        case 7:
            return terms.exp(terms.Quotient(inner(), Integer(4)))
        case 8:
            base = terms.plus(Integer(1), terms.Power(inner(), Integer(2)))
            half = terms.Quotient(Integer(1), Integer(2))
            return draw(st.sampled_from([terms.log(base), terms.Power(base, half)]))
        case 9:
            x = inner()
            heads = [terms.sigmoid, terms.softplus, sympy.tanh, sympy.sin, terms.relu, sympy.Abs]
            return terms.function_of(draw(st.sampled_from(heads)), x)
        case 10:
            condition = sympy.StrictGreaterThan(inner(), Symbol("a"), evaluate=False)
            return terms.Iverson(condition)
        case 11:
            return product_over(terms.plus(Integer(2), inner((k,))), k, K)
        case 12:
            return maximum_over(inner((k,)), k, K)
    axis, high = draw(st.sampled_from([("K", K), ("N", N)]))
    index = draw(st.sampled_from(AXES[axis]))
    return summation(inner((index,)), index, high)


def form_value(ring: Ring, form: Any, world: World, letters: dict[str, int]) -> Any:
    """The value of a normal form."""
    return mpmath.fsum(
        mpf(c.numerator)
        / c.denominator
        * mpmath.fprod(
            atom_value(ring, g, world, letters) ** (mpf(e.numerator) / e.denominator)
            for g, e in monomial
        )
        for monomial, c in form.items()
    )


def atom_value(ring: Ring, g: int, world: World, letters: dict[str, int]) -> Any:
    gen = ring.table[g]

    def of(items: Any) -> Any:
        return form_value(ring, dict(items), world, letters)

    def at(index: Any) -> int:
        return sum(c * ({**world.sizes, **letters}[a[0]] if a else 1) for a, c in index)

    match gen.kind:
        case "scalar" | "given":
            return world.drawn((gen.data[0], *(at(a) for a in gen.data[1:])))
        case "letter":
            return mpf(at(((gen.data, 1),)))
        case "prime":
            return mpf(gen.data[0])
        case "exp":
            return mpmath.exp(of([(gen.data[0], 1)]))
        case "log":
            return mpmath.log(of(gen.data[0]))
        case "den":
            return of(gen.data[0])
        case "call":
            return getattr(mpmath, gen.data[0])(of(gen.data[1]))
        case "delta":
            return mpf(at(gen.data[0]) == 0)
        case "iverson":
            return mpf(of(gen.data[0]) > mpf(10) ** -60)  # a rounded 0 is 0
        case "sum" | "product" | "maximum":
            start, ranges, body = gen.data
            low, high = (at(end) for end in ranges[0])
            name = f"#{start}"
            rest = body
            if len(ranges) > 1:
                raise_to = ring.table.number(gen.kind, start + 1, ranges[1:], body)
                rest = ((((raise_to, 1),), 1),)
            parts = [
                form_value(ring, dict(rest), world, {**letters, name: v})
                for v in range(low, high + 1)
            ]
            return {"sum": mpmath.fsum, "product": mpmath.fprod, "maximum": max}[gen.kind](parts)
    raise NotImplementedError(gen.kind)


def check(term: Expr, seed: int) -> None:
    judge = Judge(PROBLEM)
    try:
        form = judge.normal(term)
    except OutOfReach:
        assume(False)
    ring = judge._ledgers.under(()).lines.ring
    for sizes in ({"K": 2, "N": 3}, {"K": 3, "N": 2}):
        random = Random(seed)
        letters = {i: random.randint(1, sizes["K"]), j: 1, n: random.randint(1, sizes["N"])}
        letters[Y] = random.randint(1, sizes["K"])
        with mp.workdps(110):
            world = World(PROBLEM, sizes, random)
            written = value(term, world, letters)
            normal = form_value(ring, form, world, {s.name: v for s, v in letters.items()})
            assert abs(written - normal) < mpf(10) ** -20 * (1 + abs(written))


SETTINGS = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@SETTINGS
@given(lines(), st.integers(0, 99))
def test_the_normal_form_has_the_value_of_the_term(term: Expr, seed: int) -> None:
    check(term, seed)


@SETTINGS
@given(lines(), st.integers(0, 99))
def test_the_normal_form_of_a_derivative_has_its_value(term: Expr, seed: int) -> None:
    check(D(term, component("z", j)), seed)
