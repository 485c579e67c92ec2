"""Programs make arrays in the place of those that they need no more."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
from sympy import Symbol

from symderiv import backprop
from symderiv.emit.nodes import Node
from symderiv.emit.places import in_places

N, K = Symbol("N"), Symbol("K")
GIVEN = {"x": (N, K), "y": (N, K), "W": (K, K), "b": (K,), "r": (N,)}
OPERATIONS = {"v": "turn", "i": "count", "S": "sum"}


def written(text: str) -> str:
    """The lines of a function of `GIVEN` and a number c, whose last line gives the results."""
    *lines, last = ast.parse(text).body
    assert isinstance(last, ast.Expr)
    one = (Node("input", (), (N, K)), (0, 1))
    nodes = {
        name: Node(OPERATIONS.get(name, "add"), () if name == "i" else (one,), (N, K))
        for line in lines
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        for name in (line.targets[0].id,)
    }
    made = in_places(lines, [last.value], GIVEN, nodes, lambda wish: f"{wish}1")
    return "\n".join(ast.unparse(ast.fix_missing_locations(s)) for s in [*made, last])


def run(text: str) -> Any:
    random = np.random.default_rng(3)
    sizes = {N: 300, K: 200}
    names: dict[str, Any] = {n: random.normal(size=[sizes[s] for s in axes])
                             for n, axes in GIVEN.items()}  # fmt: skip
    names |= {"np": np, "c": 3.0, "N": 300, "K": 200}
    kept = {n: a.copy() for n, a in names.items() if isinstance(a, np.ndarray)}
    *lines, last = ast.parse(text).body
    assert isinstance(last, ast.Expr)
    exec(compile(ast.Module([*lines], []), "<lines>", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "<value>", "eval"), names)
    assert all(np.array_equal(names[n], a) for n, a in kept.items())  # what was given stays
    return value


@pytest.mark.parametrize(("text", "wanted"), [
    # an array that is read for the last time
    ("a = x - b\nd = a / r[:, None]\n(d,)",
     "a = x - b\nd = np.divide(a, r[:, None], out=a)\n(d,)"),
    ("a = x - y\nd = c - a\n(d,)", "a = x - y\nd = np.subtract(c, a, out=a)\n(d,)"),
    ("a = x @ W\nd = np.exp(a) * a\n(d,)",
     "a = x @ W\nd = np.multiply(np.exp(a), a, out=a)\n(d,)"),
    # or was before
    ("a = x - y\nS = a.sum(-1)\nd = x * b\n(S, d)",
     "a = x - y\nS = a.sum(-1)\nd = np.multiply(x, b, out=a)\n(S, d)"),
    # its sums are taken before it changes
    ("a = x * y\nd = a - b - x * a.sum(-1)[:, None]\n(d,)",
     "a = x * y\nt1 = a.sum(-1)[:, None]\nd = np.subtract(a, b, out=a)\nd -= x * t1\n(d,)"),
    # what has no name, and NumPy would make anew
    ("a = x * b + b\n(a,)", "a = x * b\na += b\n(a,)"),
    ("a = np.exp(x - r[:, None])\n(a,)", "a = x - r[:, None]\nnp.exp(a, out=a)\n(a,)"),
    ("a = np.maximum(x @ W / c + b, 0)\n(a,)",
     "a = x @ W / c\na += b\nnp.maximum(a, 0, out=a)\n(a,)"),
], ids=["sum", "turned", "twice", "before", "sums", "row", "function", "product"])  # fmt: skip
def test_what_is_made_in_the_place_of_what(text: str, wanted: str) -> None:
    assert written(text) == wanted
    for one, other in zip(run(text), run(wanted), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("text", [
    "a = x - b\nd = a / c\n(a, d)",  # it is a result
    "a = x - b\nv = a.T\nd = a / r[:, None]\n(v.sum(), d)",  # another looks at it
    "a = x - b\nd = a - b - y * np.exp(a)\n(d,)",  # its entries are needed after it would change
    "d = x / c\n(d,)",  # it is given
    "a = x * y + x\nS = np.exp(a).sum(-1)\n(S, S)",  # NumPy does it by itself; what is summed
    "i = np.arange(N)[:, None] + np.arange(K)\nd = i / c\n(d,)",  # it holds no floats
    "a = x - b\nfor _n in range(N):\n    a[_n] = 0\nd = a / r[:, None]\n(d,)",  # a loop fills it
    "d = r[:, None] * b\n(d,)", "d = (r[:, None] + c) * b\n(d,)",  # nothing in it is as large
])  # fmt: skip
def test_what_stays_as_it_is(text: str) -> None:
    assert written(text) == text.replace(";", "\n")


LAYER_NORM = """m[n] = mean(x[n,d], d)
s[n] = mean((x[n,d]-m[n])**2, d)
h[n,d] = g[d]*(x[n,d]-m[n])/sqrt(s[n]+eps) + b[d]
sum(w[n,d]*h[n,d], n, d)"""


def test_a_normalisation_needs_two_arrays_beside_its_slope() -> None:
    """As many as its formula's derivative mentions: the normalised one, and what is pulled back."""
    import tracemalloc

    program = backprop(LAYER_NORM, data=["w"]).function()
    random = np.random.default_rng(1)
    sizes = {"x": (400, 300), "w": (400, 300), "g": (300,), "b": (300,)}
    given = {n: random.normal(size=s) for n, s in sizes.items()}
    program(**given, eps=1e-5)
    tracemalloc.start()
    program(**given, eps=1e-5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 3.1 * 400 * 300 * 8
