"""Answers that are stored and loaded, or copied: every line stays as it was written."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from sympy import Symbol, log
from sympy.core.basic import Basic

import symderiv
from symderiv.terms.pickled import Pickled

LOADED: dict[str, Callable[[Any], Any]] = {
    "pickled": lambda answer: pickle.loads(pickle.dumps(answer)),
    "deeply copied": copy.deepcopy,
    "copied": copy.copy,
}


def alike(a: Basic, b: Basic) -> bool:
    """Are two terms one tree, head by head?"""
    same = type(a) is type(b) and len(a.args) == len(b.args)
    return same and (all(map(alike, a.args, b.args)) if a.args else a == b)


@pytest.mark.parametrize("how", LOADED)
@pytest.mark.parametrize(
    ("formula", "by"),
    [
        ("sum(x[i]**2, i)", "x[j]"),
        ("sum(sum(W[i,j]*x[j], j)**2, i)", "x[k]"),
        ("sum(x[k], (k,1,3))*prod(x[k], k)", "x[j]"),
        ("exp(log(x))*x + log(exp(x)) + exp(0)*x", "x"),
        ("max(0, x)*log(1) + min(x, 1, 2)", "x"),
        ("sum(delta(i,i)*x[i], i) + max(x[i], i)", "x[j]"),
        ("sum(iverson(j != y)*max(0, x[j] - x[y] + 1), j)", "x[k]"),
        ("where(x > 0, abs(x), sqrt(4)*cbrt(x))", "x"),
        ("p[i] = softmax(z)[i]; -log(p[y])", "z[k]"),
        ("logdet(X) + inv(X)[1,1]", "X[k,l]"),
        ("h[t] = w*h[t-1] + x[t]; h[0] = 0; sum(h[t]**2, t)", "x[s]"),
    ],
)
def test_an_answer_is_what_it_was(formula: str, by: str, how: str) -> None:
    answer = symderiv.derive(formula, wrt=by)
    loaded = LOADED[how](answer)
    assert loaded is not answer
    for step, again in zip(answer.steps, loaded.steps, strict=True):
        assert alike(step.before, again.before)
        assert alike(step.after, again.after)
        assert again.verdict == step.verdict
    assert alike(answer.problem.function, loaded.problem.function)
    assert loaded.page("latex", detail="full") == answer.page("latex", detail="full")
    assert loaded.strength is answer.strength


def test_a_network_is_what_it_was() -> None:
    text = "a[i] = sum(W[i,j]*x[j], j); h[i] = tanh(a[i]); p[k] = softmax(h)[k]; -log(p[y])"
    network = symderiv.backprop(text, data="x")
    loaded = LOADED["pickled"](network)
    assert loaded.page("text", detail="full") == network.page("text", detail="full")
    assert loaded.data() == network.data()


@pytest.mark.parametrize("how", LOADED)
def test_a_function_that_was_made_is_made_anew(how: str) -> None:
    answer, network = symderiv.softmax.jacobian(), symderiv.backprop("x**2", wrt="x")
    made, gradients = answer.function(), network.function()
    assert answer.page("html")
    loaded = LOADED[how](answer)
    assert loaded.function() is not made
    assert loaded.function().__source__ == made.__source__
    assert LOADED[how](network).function()(x=3.0) == gradients(x=3.0)


def test_the_callers_own_symbols_are_loaded_too() -> None:
    x = Symbol("x", positive=True)
    answer = symderiv.derive(x**3 * log(x), wrt=x)
    assert LOADED["pickled"](answer).sympy.subs(x, 2) == answer.sympy.subs(x, 2)


def test_what_is_stored_of_others_is_not_changed() -> None:
    """SymPy's own terms are pickled as SymPy does it: whoever loads them needs none of ours."""
    x = Symbol("x")
    assert b"symderiv" not in pickle.dumps(log(x) * x)
    assert not isinstance(x, Pickled)
