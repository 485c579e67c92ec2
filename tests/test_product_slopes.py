"""Slopes of products where factors are 0: a place is left out, and no factor divided by."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.answered import emitted

Function = Callable[[Any], Any]

FORMULAS: dict[str, Function] = {
    "prod(tanh(x[j])*x[j], j)": lambda x: np.prod(np.tanh(x) * x),
    "prod(x[k]**2, k)": lambda x: np.prod(x**2),
    "prod(x[k]**3*sin(x[k]), k)": lambda x: np.prod(x**3 * np.sin(x)),
    "prod(x[k] - sum(x[j], j), k)": lambda x: np.prod(x - x.sum()),
    "prod(x[j]*atan(sum(x[l], l)), j)": lambda x: np.prod(x * np.arctan(x.sum())),
    "log(1 + prod(x[k], k)**2)": lambda x: np.log1p(np.prod(x) ** 2),
    # a division outside a sum, by a factor of the products inside it
    "sum(prod(x[j]*x[k], k), j)": lambda x: sum(np.prod(u * x) for u in x),
    "sum(prod(x[k]*(x[j] + sum(x[m], m)), k)*tanh(x[j]), j)":
        lambda x: sum(np.prod(x * (u + x.sum())) * np.tanh(u) for u in x),
    "sum((prod(x[k]*tanh(x[k])*(x[j] + sum(x[m], m)), k))**2*(x[j] - 1), j)":
        lambda x: sum(np.prod(x * np.tanh(x) * (u + x.sum())) ** 2 * (u - 1) for u in x),
    "prod(sum(x[m], m)*(x[k] + sum(x[m], m)), k)":
        lambda x: np.prod(x.sum() * (x + x.sum())),
    "sum(prod(x[j]*x[k], k)*x[j], j)": lambda x: sum(np.prod(u * x) * u for u in x),
    "sum(prod(sin(x[k]) + x[j], k), j)": lambda x: sum(np.prod(np.sin(x) + u) for u in x),
    "sum(sum(prod(x[j]*x[k] + x[i], k), j), i)":
        lambda x: sum(np.prod(u * x + v) for u in x for v in x),
    "sum(log(1 + exp(prod(tanh(x[j])*x[k], k)))*x[j+1], (j, 1, K-1))":
        lambda x: sum(np.log1p(np.exp(np.prod(np.tanh(u) * x))) * v
                      for u, v in itertools.pairwise(x)),
    # a factor free of the index is a power of it, and one less where it is divided by
    "prod(sum(x[l], l)*x[j], j)": lambda x: np.prod(x.sum() * x),
    "prod(sum(x[l], l)**2*x[j], j)": lambda x: np.prod(x.sum() ** 2 * x),
    "prod(sum(x[l]*x[l+1], (l, 1, K-1))*x[j], j)": lambda x: np.prod((x[:-1] @ x[1:]) * x),
    "prod(sum(x[l], l)*x[j], j)*sum(x[k], k)": lambda x: np.prod(x.sum() * x) * x.sum(),
    "prod(sum(x[l], l)*x[j], (j, 2, K))": lambda x: np.prod(x.sum() * x[1:]),
    "prod(prod(x[j]*x[k]*sum(x[l], l), k), j)": lambda x: np.prod(np.outer(x, x) * x.sum()),
    # the division stands in a sum within the bracket, behind a mask, or beside another sum
    "sum(prod((sum(iverson(l <= k)*x[l], l) - 1)*x[k], k)*x[j], j)":
        lambda x: np.prod((np.cumsum(x) - 1) * x) * x.sum(),
    "sum(prod((sum(iverson(l >= k)*x[l], l) - 1)*x[k], k)*x[j]**2, j)":
        lambda x: np.prod((np.cumsum(x[::-1])[::-1] - 1) * x) * (x @ x),
    "sum(prod((sum(iverson(l < k)*x[l], l) - 1)*(x[k] - 2), k)*x[j], j)":
        lambda x: np.prod((np.cumsum(x) - x - 1) * (x - 2)) * x.sum(),
    "sum(prod((sum(iverson(l <= k)*x[l], l) - 1)*x[k] + x[j], k)*x[j], j)":
        lambda x: sum(np.prod((np.cumsum(x) - 1) * x + u) * u for u in x),
    "prod((sum(iverson(l <= k)*x[l], l) - 1)*(x[k] + 1)*x[k], k)*(sum(x[j], j) + x[1])":
        lambda x: np.prod((np.cumsum(x) - 1) * (x + 1) * x) * (x.sum() + x[0]),
    # sums over the places that are left out, within powers
    "sum((prod((1 + x[k]**2)*sum(x[m], m)*x[j]**2, k))**2*(x[j] - 1), j)":
        lambda x: sum(np.prod((1 + x**2) * x.sum() * u**2) ** 2 * (u - 1) for u in x),
    "(sum(prod((x[k] - 1) + (x[j] + sum(x[m], m)), k)*tanh(x[j]), j))**2":
        lambda x: sum(np.prod(x - 1 + u + x.sum()) * np.tanh(u) for u in x) ** 2,
    # products with a condition on their letter: what is left out is 1
    "sum(x[i]**2*prod(1 - x[k], (k, 1, i-1)), i)":
        lambda x: sum(u**2 * np.prod(1 - x[:i]) for i, u in enumerate(x)),
    "sum(prod(x[k], k, k < i)*x[i]**2, i)":
        lambda x: sum(np.prod(x[:i]) * u**2 for i, u in enumerate(x)),
    "sum(prod(x[k] + x[i], k, k != i), i)":
        lambda x: sum(np.prod(np.delete(x, i) + u) for i, u in enumerate(x)),
    "sum(prod(2*x[k], (k, i, K)), i)":
        lambda x: sum(np.prod(2 * x[i:]) for i in range(len(x))),
    # parts of an axis: what is left out must be there
    "prod(x[k+1]*x[k], (k, 1, K-1))": lambda x: np.prod(x[1:] * x[:-1]),
    "prod(x[k], (k, 2, K))": lambda x: np.prod(x[1:]),
    "prod(x[k], (k, 1, K-1))*x[1]": lambda x: np.prod(x[:-1]) * x[0],
    "prod(x[k+1] - x[k], (k, 1, K-1))": lambda x: np.prod(np.diff(x)),
}  # fmt: skip
POINTS = [
    [0.0, 1, 2], [0, 0, 2], [1, 2, -1], [0, 0, 0], [2, -1], [0, 3], [0, 0], [1.5], [0],
    [2, 2, 2, 0], [0, 0, -1], [1, -1], [1, -1, 0], [0, 1, -1, 0],
]  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_slope_is_that_of_differences(formula: str) -> None:
    names = emitted(f"L = {formula}", "x[r]")
    f, step = FORMULAS[formula], 1e-5
    for point in POINTS:
        x = np.array(point, float)
        value, slope = names["L_value_and_gradient"](x)
        sides = [f(x + s * step * e) for e in np.eye(len(x)) for s in (1, -1)]
        np.testing.assert_allclose(value, f(x), rtol=1e-12)
        wanted = (np.array(sides[::2]) - sides[1::2]) / (2 * step)
        np.testing.assert_allclose(slope, wanted, rtol=1e-6, atol=1e-7, err_msg=str(point))


# with arrays that are given besides: what is left out is a sum, or stands in one, or beside one
GIVEN: dict[str, Callable[[Any, Any, Any], Any]] = {
    "prod(sum(a[j,k]*x[k],k), j)": lambda a, c, x: np.prod(a @ x),
    "prod(sum(a[j,k]*x[k],k)*sum(c[j,k]*x[k],k)*x[j], j)":
        lambda a, c, x: np.prod((a @ x) * (c @ x) * x),
    "prod(sum(a[j,k]*x[k],k)**2*x[j]**3, j)": lambda a, c, x: np.prod((a @ x) ** 2 * x**3),
    "prod(sum(a[j,k]*tanh(x[k]),k)*tanh(x[j]), j)":
        lambda a, c, x: np.prod((a @ np.tanh(x)) * np.tanh(x)),
    "sum(prod(sum(c[n,j]*a[j,k]*x[k],k), j), n)":
        lambda a, c, x: sum(np.prod(row * (a @ x)) for row in c),
    "prod(sum(sum(a[1,k]*x[l]*x[l+1], (l,1,K-1)), k)*x[j], j)":
        lambda a, c, x: np.prod(a[0].sum() * (x[:-1] @ x[1:]) * x),
    "prod(sum(x[l], l)*sum(a[j,k]*x[k],k), j)": lambda a, c, x: np.prod(x.sum() * (a @ x)),
    "prod(sum(x[l], l)*(x[j] + a[j,1]), j)":
        lambda a, c, x: np.prod(x.sum() * (x + a[:, 0])),
    "sum(prod(c[n,j]*x[j], j)**2, n)": lambda a, c, x: sum(np.prod(row * x) ** 2 for row in c),
    "z[j] = sum(a[j,k]*x[k],k); prod(z[j]*(1 - z[j]), j)":
        lambda a, c, x: np.prod((a @ x) * (1 - a @ x)),
}  # fmt: skip


@pytest.mark.parametrize("formula", GIVEN)
def test_a_sum_is_left_out_of_a_product(formula: str) -> None:
    names = emitted(formula, "x[r]")
    function = next(names[n] for n in names["__all__"] if n.endswith("_value_and_gradient"))
    f, step, rng = GIVEN[formula], 1e-5, np.random.default_rng(4)
    for n in range(24):
        a, c, x = (
            rng.choice([0.0, 0, 1, -1, 2], s) for k in [1 + n % 3] for s in ((k, k), (k, k), k)
        )
        given = {"a": a, "c": c, "x": x}
        value, slope = function(**{p: given[p] for p in inspect.signature(function).parameters})
        sides = [f(a, c, x + s * step * e) for e in np.eye(len(x)) for s in (1, -1)]
        np.testing.assert_allclose(value, f(a, c, x), rtol=1e-12)
        wanted = (np.array(sides[::2]) - sides[1::2]) / (2 * step)
        np.testing.assert_allclose(slope, wanted, rtol=1e-6, atol=1e-6, err_msg=str(given))
