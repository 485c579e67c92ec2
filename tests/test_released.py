"""An answer as ordinary SymPy: worked out by SymPy at numbers, it is the slope of the function.

What SymPy does of itself with a Piecewise in sums in one another, and with deltas in a product,
is not what they mean.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import pytest
import sympy
from sympy import Expr, Indexed, Symbol

import symderiv

X, W = (0.3, -1.2, 2.1), (0.7, 1.9, -0.4)
N = range(3)


def relu(u: float) -> float:
    return max(u, 0.0)


CASES: list[tuple[str, Callable[[list[float]], float]]] = [
    ("sum(sum(x[i]*w[k], i, i <= k)**2, k)",
     lambda x: sum(sum(x[i] * W[k] for i in N if i <= k) ** 2 for k in N)),
    ("s[t] = sum(x[k], (k, 1, t)); sum(s[t]**2, t)",
     lambda x: sum(sum(x[: t + 1]) ** 2 for t in N)),
    ("sum(relu(sum(w[j]*relu(x[j] - w[i]), j)), i)",
     lambda x: sum(relu(sum(W[j] * relu(x[j] - W[i]) for j in N)) for i in N)),
    ("sum(max(x[i], w[i])*sum(max(x[i], w[k]), k), i)",
     lambda x: sum(max(x[i], W[i]) * sum(max(x[i], W[k]) for k in N) for i in N)),
    ("prod(1 + x[i]**2, i)", lambda x: prod(1 + u**2 for u in x)),
    ("sum(prod(x[i] - x[k], k, k != i), i)",
     lambda x: sum(prod(x[i] - x[k] for k in N if k != i) for i in N)),
    ("sum(prod(relu(x[i] + 2 - w[k]), k), i)",
     lambda x: sum(prod(relu(x[i] + 2 - W[k]) for k in N) for i in N)),
]  # fmt: skip


def number(answer: Expr, at: int) -> float:
    """SymPy's own value of it, the j of the answer and every size being put in."""
    sizes = {s: 3 for s in answer.free_symbols if isinstance(s, Symbol) and s.name.isupper()}
    placed = answer.subs({s: at for s in answer.free_symbols if s.name == "j"} | sizes).doit()
    given = {"x": X, "w": W}
    components = {c: given[str(c.base)][int(c.indices[0]) - 1] for c in placed.atoms(Indexed)}
    return float(sympy.sympify(placed.subs(components)).doit())


@pytest.mark.parametrize(("formula", "function"), CASES, ids=[c[0] for c in CASES])
def test_sympy_works_out_what_the_answer_says(
    formula: str, function: Callable[[list[float]], float]
) -> None:
    answer = symderiv.derive(formula, wrt="x[j]").expanded
    for j in N:
        up, down = ([u + h * (n == j) for n, u in enumerate(X)] for h in (1e-6, -1e-6))
        slope = (function(up) - function(down)) / 2e-6
        assert number(answer, j + 1) == pytest.approx(slope, rel=1e-7, abs=1e-8)
