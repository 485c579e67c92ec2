"""Sums of exponentials under brackets, written out, and what a file's functions are called with.

The oracles are loops over Python's own numbers, and mpmath.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpmath import exp, mpf

import symderiv
from symderiv.emit.module import functions_of
from symderiv.face.source import derivation_source

ATTENTION = (
    "s[i,j] = sum(q[i,d]*k[j,d], d);"
    "o[i,e] = sum(iverson(j <= i)*exp(s[i,j])*v[j,e], j)/sum(iverson(j <= i)*exp(s[i,j]), j);"
    "sum(o[i,e]**2, i, e)"
)


def written(formula: str, wrt: str | list[str]) -> tuple[str, dict[str, Any]]:
    """A file and its names."""
    source = derivation_source(symderiv.derive(formula, wrt=wrt))
    return source, functions_of(source)


def test_attention_under_a_written_mask_is_a_matrix_product_finite_and_right() -> None:
    """Where what the mask hides is e^1000 times what it leaves."""
    source, names = written(ATTENTION, "q[n,c]")
    q, k, v = np.array([[30.0], [2.0]]), np.array([[1.0], [35.0]]), np.array([[2.0, 3.0], [5.0, 7]])
    value, slope = names["L_value_and_gradient"](q, k, v)
    total, right = mpf(0), []
    for n in range(2):
        weights = [exp(mpf(q[n, 0]) * k[j, 0]) for j in range(n + 1)]
        p = [w / sum(weights) for w in weights]
        o = [sum(p[j] * v[j, e] for j in range(n + 1)) for e in range(2)]
        mean = sum(p[j] * k[j, 0] for j in range(n + 1))
        total += sum(x * x for x in o)
        own = (2 * o[e] * p[j] * (k[j, 0] - mean) * v[j, e] for j in range(n + 1) for e in range(2))
        right.append([float(sum(own))])
    np.testing.assert_allclose(value, float(total), rtol=2e-13)
    np.testing.assert_allclose(slope, right, rtol=1e-9, atol=1e-12)
    assert "@ v" in source


def test_risk_sets_given_as_an_array_hide_what_they_leave_out() -> None:
    """Of log Σ_j R_ij e^x_j, R under more letters than the exponent, and of its slope."""
    slope = written("sum(log(sum(R[i,j]*exp(x[j]), j)), i)", "x[k]")[1]["L_value_and_gradient"]
    sets = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
    value, found = slope(sets, np.array([1000.0, -1000.0, 3.0]))
    assert value == 2003
    np.testing.assert_array_equal(found, [2.0, 0.0, 1.0])


def test_a_share_that_vanishes_beside_what_grows_and_a_bracket() -> None:
    """d/dz_3 of p_1² e^z_2 is -2 p_1² p_3 e^z_2, whose p_3 no float holds."""
    slope = written("softmax(z)[1]**2*exp(z[2])", "z[j]")[1]["L_gradient"]
    e = [exp(mpf(z)) for z in (999, 998, 1)]
    right = -2 * e[0] ** 2 * e[2] * e[1] / sum(e) ** 3
    np.testing.assert_allclose(slope(np.array([999.0, 998.0, 1.0]))[2], float(right), rtol=2e-13)


def test_a_label_of_another_axis_is_no_place_beyond_this_one() -> None:
    slope = written("sum(delta(l,y)*x[l]*x[l+1], (l,1,K-1)) - v[y]", "x[r]")[1]["L_gradient"]
    x, v = np.array([2.0, 3.0]), np.zeros(4)
    for label, right in ((0, [3.0, 2.0]), (1, [0.0, 0.0]), (3, [0.0, 0.0])):
        np.testing.assert_array_equal(slope(x, v, label), right)


def test_a_vector_has_a_name_of_its_own() -> None:
    """Beside a number v, that of a product with the Hessian is another."""
    names = written("log(1 + sum(x[i]**2, i)/v)", ["x[i]", "x[j]"])[1]
    x, v, u = np.array([1.0, -2.0]), 3.0, np.array([0.5, 4.0])
    inner = v + x @ x
    right = 2 * u / inner - 4 * x * (x @ u) / inner**2
    np.testing.assert_allclose(names["L_hvp"](x=x, v=v, vv=u), right, rtol=2e-13)


def test_one_row_far_below_its_empty_rest() -> None:
    """-log(e^s/(e^s + Σ_{k≠n} …)) of one row is 0, and so is its slope."""
    formula = "sum(-log(exp(S[n,n])/(exp(S[n,n]) + sum(iverson(k != n)*exp(S[n,k]), k))), n)"
    value, slope = written(formula, "S[a,b]")[1]["L_value_and_gradient"](np.array([[-1000.0]]))
    assert (value, slope) == (0, 0)


def test_a_size_that_no_array_carries_and_a_mask_over_what_is_infinite() -> None:
    """By autograd too: the size is the function's own, and 0 · ∞ is not formed behind a mask."""
    torch, jax = pytest.importorskip("torch"), pytest.importorskip("jax")
    x = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    power = derivation_source(symderiv.derive("sum(x**k*a, (k,1,N))", wrt="x"), "torch")
    names = functions_of(power)
    names["L"](x, 3.0, N=3).backward()
    assert float(x.grad) == 3 * (1 + 4 + 12)
    hinge = derivation_source(symderiv.derive("max(0, 1 - y*f)**2", wrt="f"), "jax")
    exec(hinge, names)
    assert float(jax.grad(names["L"], 1)(1e30, 1e30)) == 0
    formula = "sum(log(1 + exp(b[k]))*x[q], (k,1,N-1))"
    exec(derivation_source(symderiv.derive(formula, wrt="x[j]"), "jax"), names)
    b = np.full(3, -np.inf)
    np.testing.assert_array_equal(jax.grad(names["L"], 0)(b, np.ones(2), 1), np.zeros(3))
