"""Memory: axes in the order of the data, and no array of the user's that is changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symderiv import backprop, derive
from symderiv.emit.module import functions_of
from symderiv.face.source import derivation_source

LAYER_NORM = """m[n] = mean(x[n,d], d)
s[n] = mean((x[n,d]-m[n])**2, d)
h[n,d] = g[d]*(x[n,d]-m[n])/sqrt(s[n]+1) + b[d]
sum(w[n,d]*h[n,d], n, d)"""
HEADS = """q[h,t,a] = sum(A[h,a,d]*x[t,d], d)
o[t,d] = sum(B[d,h,a]*q[h,t,a], h, a)
sum(w[t,d]*o[t,d], t, d)"""

# of which a line has eleven letters: what the judge evaluates at once is bounded
CONVOLUTION = """a[f,i,j] = sum(w[f,c,k,l]*x[c,i+k-1,j+l-1], c, k, l)
sum(v[f,i,j]*a[f,i,j]**2, f, i, j)"""


def slopes_by_differences(f: Any, given: dict[str, Any], name: str) -> np.ndarray:
    step, made = 1e-6, np.zeros(given[name].shape)
    for place in np.ndindex(made.shape):
        ends = []
        for sign in (1, -1):
            moved = given[name].copy()
            moved[place] += sign * step
            ends.append(f(**{**given, name: moved})[0])
        made[place] = (ends[0] - ends[1]) / (2 * step)
    return made


@pytest.mark.parametrize(("text", "sizes"), [
    (LAYER_NORM, {"x": (3, 4), "g": (4,), "b": (4,), "w": (3, 4)}),
    (LAYER_NORM, {"x": (3, 3), "g": (3,), "b": (3,), "w": (3, 3)}),
    (HEADS, {"A": (2, 3, 4), "x": (5, 4), "B": (4, 2, 3), "w": (5, 4)}),
    (HEADS, {"A": (3, 3, 3), "x": (3, 3), "B": (3, 3, 3), "w": (3, 3)}),
    (CONVOLUTION, {"w": (2, 1, 2, 3), "x": (1, 3, 4), "v": (2, 2, 2)}),
    (HEADS, {"A": (1, 1, 1), "x": (1, 1), "B": (1, 1, 1), "w": (1, 1)}),
])  # fmt: skip
def test_gradients_are_right_at_any_sizes(text: str, sizes: dict[str, tuple[int, ...]]) -> None:
    random = np.random.default_rng(len(text))
    given = {n: random.normal(size=s) for n, s in sizes.items()}
    run = backprop(text).function()
    _, slopes = run(**given)
    for name, slope in slopes.items():
        assert slope.shape == given[name].shape
        assert slope == pytest.approx(slopes_by_differences(run, given, name), abs=1e-7)


def test_a_map_of_rows_is_written_along_rows() -> None:
    source = backprop(LAYER_NORM).emit()
    x, few = np.ones((3, 4)), np.ones(4)
    slopes = backprop(LAYER_NORM).function()(x=x, g=few, b=few, w=x)[1]
    assert slopes["x"].flags.c_contiguous
    assert ".T" not in source
    assert "transpose" not in source


@pytest.mark.parametrize(("text", "wrt", "expected"), [
    ("sum((1-delta(k,y))*x[k],k)", "x[j]", lambda x, y: x.sum() - x[y]),
    ("sum((1-delta(k,y))*x[k]**2,k) + sum(x[k]*x[k],k)", "x[j]",
     lambda x, y: 2 * (x**2).sum() - x[y] ** 2),
    ("log(sum(exp(x[k]),k)) - x[y]", "x[j]", lambda x, y: np.log(np.exp(x).sum()) - x[y]),
])  # fmt: skip
def test_no_array_of_the_users_is_changed(text: str, wrt: str, expected: Any) -> None:
    x = np.array([[0.5, -1.0, 2.0], [2.0, 2.0, 0.0]])
    before = x.copy()
    x.flags.writeable = False
    names = functions_of(derivation_source(derive(text, wrt=wrt)))
    both = next(f for n, f in names.items() if n.endswith("value_and_gradient"))
    alone = names[both.__name__.removesuffix("_value_and_gradient")]
    for y in (np.array([0, 2]), np.array(1), np.array([[0, 1], [2, 2]])):
        value, slope = both(x, y)
        labels = np.broadcast_to(y, np.broadcast_shapes(y.shape, (2,)))
        wanted = np.empty(labels.shape)
        for place in np.ndindex(labels.shape):
            wanted[place] = expected(x[place[-1]], labels[place])
        assert value == pytest.approx(wanted, rel=1e-12)
        assert alone(x, y) == pytest.approx(wanted, rel=1e-12)
        assert np.array_equal(x, before)
        assert both(x, y)[1] == pytest.approx(slope, rel=0)
