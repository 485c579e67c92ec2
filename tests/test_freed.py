"""Programs of networks let arrays go that they no longer need."""

from __future__ import annotations

import ast
import tracemalloc
from typing import Any

import numpy as np
import pytest

from symderiv import backprop
from symderiv.emit.freed import freed

ATTENTION = """s[t,u] = sum(q[t,d]*k[u,d], d)
w[t,u] = softmax(s[t,:])[u]
o[t,d] = sum(w[t,u]*v[u,d], u)
sum(o[t,d]**2, t, d)/2"""
DEEP = """a[n,j] = tanh(x[n,j])
b[n,j] = sin(a[n,j])*x[n,j]
c[n,j] = exp(b[n,j])
d[n,j] = c[n,j]*b[n,j]
sum(d[n,j]**2, n, j)"""


@pytest.mark.parametrize(("text", "names", "shape", "most"), [
    (ATTENTION, "qkv", (400, 8), 3.2),  # w, its adjoint, and what is made of them
    (DEEP, "x", (400, 400), 6.2),
], ids=["attention", "deep"])  # fmt: skip
def test_a_program_holds_what_it_still_needs(
    text: str, names: str, shape: tuple[int, ...], most: float
) -> None:
    """The most memory beside the results, in arrays of 400 × 400."""
    program = backprop(text).function()
    random = np.random.default_rng(1)
    given = {n: random.normal(size=shape) / 20 for n in names}
    program(**given)
    tracemalloc.start()
    _, gradients = program(**given)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    beside = peak - sum(g.nbytes for g in gradients.values())
    assert beside <= most * 400 * 400 * 8


def written(text: str) -> str:
    """The lines of a function of `x` and the size K, whose last line gives the results."""
    *lines, last = ast.parse(text).body
    assert isinstance(last, ast.Expr)
    made: list[Any] = freed(lines, [last.value], ["x"])
    return "\n".join(ast.unparse(ast.fix_missing_locations(s)) for s in made)


@pytest.mark.parametrize(("text", "wanted"), [
    # what is mentioned later stays, in a loop as well and where a part of it is changed
    ("a = x + 1\nb = a * 2\na[0] = 0\nc = b * 3\n(c,)",
     "a = x + 1\nb = a * 2\na[0] = 0\ndel a\nc = b * 3"),
    ("a = x + 1\nb = a * 2\nfor _n in range(K):\n    b[_n] = a[_n]\nc = b * 3\n(c,)",
     "a = x + 1\nb = a * 2\nfor _n in range(K):\n    b[_n] = a[_n]\ndel a\nc = b * 3"),
    # nor is a result let go, nor a number, a sum, or what is given
    ("a = x + 1\nt = float(np.sqrt(K))\ns = a.sum(-1) / K\nb = a / t\nc = b * s\nd = c * 2\n(a, d)",
     "a = x + 1\nt = float(np.sqrt(K))\ns = a.sum(-1) / K\nb = a / t\nc = b * s\ndel b\nd = c * 2"),
    # before a line that makes nothing large there is no need
    ("a = x + 1\nL = a.sum()\nK2 = L * 2\n(K2,)", "a = x + 1\nL = a.sum()\nK2 = L * 2"),
], ids=["changed", "loop", "kept", "short"])  # fmt: skip
def test_what_is_let_go(text: str, wanted: str) -> None:
    assert written(text) == wanted
