"""Properties: no text does more than be refused, and every term of the language reads back."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar

import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Symbol

from symderiv.reader import ReadError, formula, read, read_claim
from symderiv.reader.constants import value_of
from symderiv.terms import (
    Iverson,
    Neg,
    Power,
    Quotient,
    component,
    delta,
    function_of,
    letter,
    maximum_over,
    plus,
    product_over,
    relu,
    sigmoid,
    size,
    softplus,
    summation,
    times,
)

T = TypeVar("T")
LIBRARY = {
    "softmax": "p[i] = exp(z[i]) / sum(exp(z[k]), k); p[i]",
    "silu": "s = sigmoid(x); x*s",
    "standardise": "m = mean(x[k], k); (x[i] - m)/sqrt(mean((x[k] - m)**2, k))",
}
WORDS = [
    *"abxyzpqKWNijkn0123",
    *("exp", "log", "sum", "prod", "mean", "max", "min", "delta", "softmax", "silu", "iverson"),
    *("standardise", "pi", "lambda", "__class__", "0.5", "1e9", "1e-400", "z[i]", "W[i,k]"),
    *("y[n]", "softmax(z)[i]", "p[i] =", "s =", "sum(z[k], k)", "(k, 1, K)", ", k)", "W[n,:]"),
    *("**", "==", ">=", "!=", "//", "->", *"+-*/()[],;:=<>.^'\"#%{}|\\\n\t\r \0é−"),
]
SOUND = [
    "p[i] = exp(z[i])/sum(exp(z[k]), k); -sum(y[i]*log(p[i]), i)",
    "f[n,j] = sum(x[n,d]*w[d,j], d); -sum(log(softmax(f[n,:])[y[n]]), n)",
    "y[i] = sum(x[i+k]*w[k], (k, 1, 3)); sum(max(0, y[i] - t[i])**2, i)/2",
    "softmax(silu(sum(W[:,d]*x[d], d)))[i]*delta(i,j)",
    "s = mean(z[k], (k, 1, K)); L = -a/K*max(z[k], k) + iverson(s > 0)*standardise(z)[y]",
]


@st.composite
def altered(draw: st.DrawFn) -> str:
    """A sound text with some of its marks replaced, left out or doubled."""
    parts = re.findall(r"\w+|\s+|[^\w\s]", draw(st.sampled_from(SOUND)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(parts) - 1))
        parts[at] = draw(st.sampled_from(["", parts[at] * 2, *parts, *WORDS]))
    return "".join(parts)


TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(WORDS), max_size=16).map("".join),
    altered(),
    altered(),
)


@settings(max_examples=1500, deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=2), st.lists(TEXTS, max_size=1), TEXTS)
def test_any_text_is_read_or_refused(
    text: str, wrt: list[str], assume: list[str], claim: str
) -> None:
    for variables, facts in (((), ()), (wrt, assume)):
        problem = attempt(partial(read, text, variables, facts, LIBRARY))
        if problem is None:
            continue
        _check_closed(problem.function)
        for stage in problem.stages:
            _check_closed(stage.body)
            assert not {str(index) for index in stage.quantity.indices} & problem.labels
        stated = attempt(partial(read_claim, claim, problem, LIBRARY))
        if stated is not None:
            _check_closed(stated)


def attempt(reading: Callable[[], T]) -> T | None:
    """What was read, or None after a refusal that points into its text."""
    try:
        return reading()
    except ReadError as error:
        refusal = error
    assert refusal.message
    lines = refusal.text.split("\n")
    assert 1 <= refusal.line <= len(lines)
    assert 1 <= refusal.column <= len(lines[refusal.line - 1]) + 1
    return None


def _check_closed(term: Expr) -> None:
    """No place-holder of a size is left over."""
    assert "?" not in str(term)


# -- terms of the language ---------------------------------------------------------------------

LETTERS = {letter(name): size("K") for name in "ijk"} | {letter(n): size("D") for n in "dc"}
FREE = (letter("n"), letter("m"))  # over K as well: ranges of letters that no sum binds
HEADS = (
    sympy.exp, sympy.log, sympy.Abs, sympy.sign, sympy.sin, sympy.cos, sympy.tan, sympy.tanh,
    sympy.sinh, sympy.cosh, sympy.erf, sigmoid, softplus, relu,
)  # fmt: skip
GROUND = plus(
    *(component(name, n) for name in ("z", "y") for n in FREE),
    summation(component("z", letter("k")), letter("k"), size("K")),
    summation(component("w", letter("d")), letter("d"), size("D")),
    summation(component("W", letter("n"), letter("d")), letter("d"), size("D")),
    times(component("x", Integer(1)), Symbol("a"), Symbol("b")),
)


def leaves(bound: tuple[Symbol, ...]) -> st.SearchStrategy[Expr]:
    classes = (
        [n for n in bound if LETTERS[n] == size("K")],
        [n for n in bound if LETTERS[n] == size("D")],
    )
    over_k = st.sampled_from([*classes[0], *FREE, Integer(1), Integer(2)])
    choices = [
        st.sampled_from([Symbol("a"), Symbol("b"), sympy.pi, size("K")]),
        st.integers(0, 30).map(Integer),
        st.builds(component, st.sampled_from("zy"), over_k),
        st.builds(delta, over_k, over_k),
    ]
    if classes[1]:
        over_d = st.sampled_from(classes[1])
        choices += [
            st.builds(component, st.just("w"), over_d),
            st.builds(component, st.just("W"), over_k, over_d),
            st.builds(lambda d, n: component("x", d + n), over_d, over_k),
        ]
    return st.one_of(*choices)


def has_a_value(term: Expr) -> bool:
    """Is a term not the logarithm of a number that has none?"""
    value = value_of(term.args[0])
    return not isinstance(term, sympy.log) or value is None or value > 0


@cache  # what is drawn from is looked over once, and not at every draw
def terms(depth: int, bound: tuple[Symbol, ...] = ()) -> st.SearchStrategy[Expr]:
    if depth == 0:
        return leaves(bound)
    inner = terms(depth - 1, bound)
    few = st.lists(inner, min_size=2, max_size=3)
    flat = st.lists(inner.filter(lambda t: not isinstance(t, sympy.Max)), min_size=2, max_size=3)
    relations = st.builds(
        lambda head, x, y: Iverson(sympy.Basic.__new__(head, x, y)),
        st.sampled_from([sympy.StrictGreaterThan, sympy.LessThan, sympy.Eq, sympy.Ne]),
        inner,
        inner,
    ).filter(lambda bracket: value_of(bracket) is None)  # one of numbers is read as its worth

    def over(n: Symbol) -> st.SearchStrategy[Expr]:
        makers = st.sampled_from([summation, product_over, maximum_over])
        body = terms(depth - 1, (*(m for m in bound if m != n), n))
        return st.builds(lambda make, term: make(term, n, LETTERS[n]), makers, body)

    return st.one_of(
        leaves(bound),
        few.map(lambda found: plus(*found)),
        few.map(lambda found: times(*found)),
        flat.map(lambda found: function_of(sympy.Max, *found)),
        st.builds(Neg, inner),
        st.builds(Quotient, inner, inner.filter(lambda term: value_of(term) != 0)),
        st.builds(Power, leaves(bound), st.sampled_from([Integer(2), Neg(Symbol("a")), HALF])),
        st.builds(function_of, st.sampled_from(HEADS), inner).filter(has_a_value),
        relations,
        st.sampled_from(list(LETTERS)).flatmap(over),
    )


HALF = Quotient(Integer(1), Integer(2))


@settings(max_examples=600, deadline=None)
@given(terms(3))
def test_a_term_reads_back_from_its_formula(term: Expr) -> None:
    whole = plus(term, GROUND)
    assert read(formula(whole)).function == whole


@settings(max_examples=300, deadline=None)
@given(terms(3), terms(2))
def test_a_claim_reads_in_the_letters_of_its_problem(function: Expr, claim: Expr) -> None:
    problem = read(formula(plus(function, GROUND)))
    assert read_claim(formula(claim), problem) == claim
