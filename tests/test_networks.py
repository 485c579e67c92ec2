"""Gradients of whole networks against forward passes written by hand, to 30 digits."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv.programs.hidden import masked
from tests.network_examples import EXAMPLES, Example, gradients
from tests.recurrent_examples import EXAMPLES as RECURRENT

EACH = pytest.mark.parametrize("example", [*EXAMPLES, *RECURRENT], ids=lambda e: e.name)
STEP = mpmath.mpf(10) ** -18


@cache
def function(example: Example) -> Callable[..., Any]:
    return gradients(example).function()


def point(example: Example, seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    return {
        name: np.abs(random.normal(size=shape)) + 0.1
        if name in ("A", "v", "mask", "eps", "T")
        else random.normal(size=shape)
        for name, shape in example.shapes.items()
    }


def exact(example: Example, given: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Value and gradients by mpmath: central differences of the forward pass, to 30 digits."""
    with mpmath.workdps(50):
        lifted = {n: np.vectorize(mpmath.mpf, otypes=[object])(v) for n, v in given.items()}
        labels = {n: np.array(v) if isinstance(v, list) else v for n, v in example.labels.items()}

        def value(**moved: Any) -> Any:
            found = example.forward(**{**lifted, **moved}, **labels)
            return found.item() if isinstance(found, np.ndarray) else found

        slopes: dict[str, Any] = {}
        for name, array in lifted.items():
            slope = np.zeros(np.shape(array))
            for at in np.ndindex(np.shape(array)):
                move = np.zeros(np.shape(array), dtype=object)
                move[at] = STEP
                difference = value(**{name: array + move}) - value(**{name: array - move})
                slope[at] = float(difference / (2 * STEP))
            slopes[name] = slope
        return value(), slopes


@EACH
def test_every_gradient_is_that_of_the_forward_pass(example: Example) -> None:
    for seed in (1, 2):
        given = point(example, seed)
        value, found = function(example)(**given, **example.labels)
        wanted, slopes = exact(example, given)
        assert value == pytest.approx(float(wanted), rel=1e-12)
        assert found.keys() == slopes.keys()
        for name, slope in slopes.items():
            assert found[name].shape == slope.shape
            np.testing.assert_allclose(
                found[name], slope, rtol=1e-10, atol=1e-12 * (1 + np.abs(slope).max(initial=0))
            )


@EACH
def test_it_is_proved_and_says_so(example: Example) -> None:
    made = gradients(example)
    assert str(made.strength) == "proved"
    assert made.trial.points == 2
    assert made.trial.difference < 1e-6


def test_a_page_calls_no_more_proved_than_the_network_is() -> None:
    """A line of what a lemma cites counts as its own lines do."""
    made = symderiv.backprop(
        "a[i] = tanh(sum(iverson(i+k-2 >= 1)*iverson(i+k-2 <= N)*w[k]*x[i+k-2], (k,1,3)) + b);"
        " sum((a[i]-g[i])**2, (i,1,N))",
        wrt="x",
    )
    lines = [s for x in made.lemmas for d in (x.derivation, *x.derivation.lemmas) for s in d.steps]
    proved = all(str(s.verdict.strength) == "proved" for s in lines)
    assert proved == (str(made.strength) == "proved")
    assert proved == ("undecided" not in made.page().replace("\n", " "))


@EACH
def test_floats_of_half_the_size_stay_so(example: Example) -> None:
    given = {n: np.asarray(v, dtype=np.float32) for n, v in point(example, 1).items()}
    value, found = function(example)(**given, **example.labels)
    assert {v.dtype for v in found.values()} == {np.dtype(np.float32)}
    wanted, _ = function(example)(**point(example, 1), **example.labels)
    assert value == pytest.approx(wanted, rel=1e-3)


@pytest.mark.parametrize("example", RECURRENT[::3], ids=lambda e: e.name)
def test_steps_in_a_list_give_what_steps_in_place_do(example: Example) -> None:
    """The standard has no array that is filled: a loop fills a list, and here NumPy's arrays."""
    names: dict[str, Any] = {}
    exec(gradients(example).emit(target="array-api"), names)
    given = {n: np.asarray(v) for n, v in {**point(example, 3), **example.labels}.items()}
    value, found = names["value_and_gradients"](**given)
    wanted, slopes = function(example)(**given)
    np.testing.assert_allclose(value, wanted, rtol=1e-12)
    for name, slope in slopes.items():
        scale = 1 + np.abs(slope).max(initial=0)
        np.testing.assert_allclose(found[name], slope, rtol=1e-10, atol=1e-12 * scale)


CAUSAL = "w[t,u] = exp(s[t,u])/sum(exp(s[t,r]), (r,1,t)); o[t,c] = sum(w[t,u]*V[u,c], (u,1,t));"


@pytest.mark.parametrize("size", [1e3, 1e6])
def test_what_a_mask_hides_may_be_infinite(size: float) -> None:
    network = f"s[t,u] = sum(Q[t,d]*K[u,d], d); {CAUSAL} sum(o[t,c]*g[t,c], t, c)"
    Q, K = size * np.array([[-1.0, 0], [-2, 1], [3, -1]]), np.array([[1.0, 0], [-1, 3], [-1, -2]])
    V, g = np.array([[1.0, 2], [3, 5], [-1, 4]]), np.array([[1.0, -1], [2, 3], [1, 1]])
    s = np.where(np.tri(3) > 0, Q @ K.T, -np.inf)
    p = np.exp(s - s.max(-1, keepdims=True))
    p /= p.sum(-1, keepdims=True)
    slope = p * (g @ V.T - (p * (g @ V.T)).sum(-1, keepdims=True))
    value, found = symderiv.backprop(network).function()(Q=Q, K=K, V=V, g=g)
    assert value == pytest.approx((p @ V * g).sum())
    for name, wanted in {"Q": slope @ K, "K": slope.T @ Q, "V": p.T @ g, "g": p @ V}.items():
        np.testing.assert_allclose(found[name], wanted, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("more", "hidden"),
    [
        ("0", True),
        ("sum(w[t,u]*X[t,u]*iverson(u <= t), t, u)", True),
        ("sum(w[t,u], t, u)", False),
        ("sum(iverson(u <= t)*w[u,t], t, u)", False),
        ("sum(iverson(u <= t)*log(w[t,u]), t, u)", False),
        ("sum(iverson(u < t)*w[t,u], t, u)", False),
        ("sum(iverson(u <= t)*sum(w[u,r], r, r != t), t, u)", False),
    ],
)
def test_entries_are_hidden_only_where_every_line_leaves_them_out(more: str, hidden: bool) -> None:
    made = symderiv.backprop(f"{CAUSAL} sum(o[t,c]*g[t,c], t, c) + {more}").made.problem
    assert (masked(made, ["w"]).definition("w") != made.definition("w")) == hidden
