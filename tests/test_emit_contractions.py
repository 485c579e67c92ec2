"""The order of contractions: what is printed, that it is the same sum, and what it needs."""

from __future__ import annotations

import inspect
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy

from symderiv import functions as written
from symderiv.emit.contractions import in_order
from symderiv.emit.stable import Stages
from symderiv.judge import Judge
from symderiv.printers.numpy import numpy_code
from symderiv.reader import read
from symderiv.terms import component, letter, summation, times

# formula, its free letters, what is printed
ORDERS = [
    ("sum(v[j]*sum(X[n,i]*X[n,j], n), j)", "i", "(X.mT @ (X @ v[..., None])[..., 0][..., None])"),
    ("sum(sum(A[i,k]*B[k,j], k)*v[j], j)", "i", "(A @ (B @ v[..., None])[..., 0][..., None])"),
    ("sum(2*v[j]*sum(3*s[n]*X[n,i]*X[n,j], n)/T, j)", "i", "X @ v"),
    ("sum(A[i,j]*sum(B[j,k]*v[k], k), j)", "i", "(A @ (B @ v[..., None])[..., 0][..., None])"),
    ("sum(sum(A[i,k]*B[k,j], k)*C[j,l], j)", "i l", "(A @ B) @ C"),
    ("sum(sum(A[i,k]*sum(B[k,l]*C[l,j], l), k)*v[j], j)", "i", "B @ (C @ v[..., None])[..., 0]"),
]


@pytest.mark.parametrize(("formula", "free", "code"), ORDERS, ids=[o[0] for o in ORDERS])
def test_sums_change_places_where_less_stands_between(formula: str, free: str, code: str) -> None:
    axes = [letter(s) for s in free.split()]
    problem = read(formula, wrt=("v[m]" if "v[" in formula else "C[m,n]",))
    ordered = in_order(problem.function, Stages(problem).is_letter)
    assert code in numpy_code(ordered, problem, axes)
    verdict = Judge(problem).compare(problem.function, ordered)
    assert verdict.holds, verdict
    assert in_order(ordered, Stages(problem).is_letter) == ordered


def measured(function: Callable[..., Any], *given: Any) -> tuple[Any, int]:
    """What a function makes, and the most that it needs for it when nothing is left to load."""
    function(*given)
    tracemalloc.start()
    found = function(*given)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, peak


def test_a_product_with_the_hessian_forms_no_matrix() -> None:
    x, v = np.ones((10, 2000)), np.ones(2000)
    found, peak = measured(written.least_squares_hvp, x, v)
    assert np.array_equal(found, np.full(2000, 20000.0))
    assert peak < 4 * found.nbytes


def test_a_bound_letter_is_not_captured() -> None:
    """Where v_j has the letter n too, the sum over n stays inside."""
    n, j, i = (letter(s) for s in "nji")
    size = sympy.Symbol("K", integer=True, positive=True)
    inner = summation(times(component("X", n, i), component("X", n, j)), n, size)
    term = summation(times(component("V", j, n), inner), j, size)
    assert in_order(term, lambda s: s in (n, j, i)) == term


def test_a_symmetric_matrix_is_written_as_it_is_made() -> None:
    """In the order of the result's axes, and scaled where it stands: nothing beside the result."""
    z = np.random.default_rng(0).normal(size=(4, 300))
    found, peak = measured(written.softmax_with_temperature_jacobian, z, 2.0)
    assert found.flags.c_contiguous
    assert peak < 1.1 * found.nbytes
    many = written.softmax_with_temperature_jacobian(z, np.full((5, 1), 2.0))
    assert np.array_equal(many, np.broadcast_to(found, (5, *found.shape)))


SLICED = [n for n in written.__all__ if "numeric.add_up" in inspect.getsource(getattr(written, n))]


def test_what_is_summed_in_slices_says_so() -> None:
    said = [n for n in written.__all__ if "taken in slices" in (getattr(written, n).__doc__ or "")]
    assert said == SLICED
    assert "cross_entropy_batch_mean_gradient_w" in said


@pytest.mark.parametrize(("rows", "inputs", "classes"), [(1 << 17, 2, 3), (1 << 15, 100, 10)])
def test_a_slice_is_no_larger_than_it_says(rows: int, inputs: int, classes: int) -> None:
    """2^14 numbers an array, a few arrays at a time, however many rows there are."""
    rng = np.random.default_rng(0)
    x, w, y = rng.normal(size=(rows, inputs)), np.ones((inputs, classes)), np.zeros(rows, int)
    gradient = written.cross_entropy_batch_mean_gradient_w
    _, peak = measured(gradient, x, w, np.zeros(classes), y)
    assert peak < 8 * (8 << 14)
    assert peak < rows * classes * 8 / 2
