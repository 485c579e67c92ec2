"""Inverses and determinants: what the judge knows of them, and what the engine makes of it."""

from __future__ import annotations

import json

import numpy as np
import pytest

import symderiv
from symderiv.cli import run
from symderiv.terms import ZERO

CLAIMS: list[tuple[str, str, str, str]] = [
    ("sum(X[i,k]*inv(X)[k,j], k)", "X[l,m]", "0", "proved"),
    ("sum(inv(X)[i,k]*X[k,j], k)", "X[l,m]", "0", "proved"),
    ("sum(a[i]*X[i,k]*inv(X)[k,j]*a[j], i, j, k)", "a[m]", "2*a[m]", "proved"),
    ("sum(X[i,k]*inv(X)[k,i], i, (k, 1, N))*x**2", "x", "2*x*N", "proved"),
    # what only looks like it: not side by side, a square, a part of the axis, another matrix
    ("sum(a[i]*X[i,k]*inv(X)[j,k]*a[j], i, j, k)", "a[m]", "2*a[m]", "refuted"),
    ("sum(a[i]*X[i,k]**2*inv(X)[k,j]*a[j], i, j, k)", "a[m]", "2*a[m]", "refuted"),
    ("sum(a[i]*X[i,k]*inv(X)[k,k], i, k)", "a[m]", "1", "refuted"),
    ("sum(a[i]*X[i,k]*inv(Y)[k,j]*a[j], i, j, k)", "a[m]", "2*a[m]", "refuted"),
    ("sum(a[i]*inv(X)[k,i]*X[k,j]*a[j], i, j, k)", "a[m]", "2*a[m]", "refuted"),
    ("det(X)", "X[i,j]", "det(X)*inv(X)[j,i]", "proved"),
    ("det(X)", "X[i,j]", "det(X)*inv(X)[i,j]", "refuted"),
    ("logdet(X)", "X[1,2]", "inv(X)[2,1]", "proved"),
    ("det(X)**2", "X[i,j]", "2*det(X)**2*inv(X)[j,i]", "proved"),
    ("inv(X)[i,j]", "X[k,l]", "-inv(X)[i,k]*inv(X)[l,j]", "proved"),
]


@pytest.mark.parametrize(("formula", "wrt", "claim", "verdict"), CLAIMS)
def test_claims_about_inverses(formula: str, wrt: str, claim: str, verdict: str) -> None:
    answer = symderiv.derive(formula, wrt=wrt, claim=claim)
    assert answer.claim is not None
    assert str(answer.claim.verdict.strength) == verdict


def test_a_symmetric_matrix_meets_its_inverse_whatever_the_order_of_its_indices() -> None:
    answer = symderiv.derive(
        "sum(a[i]*X[k,i]*inv(X)[k,j]*a[j], i, j, k)",
        wrt="a[m]",
        assume="X[i,j] = X[j,i]",
        claim="2*a[m]",
    )
    assert answer.claim is not None
    assert str(answer.claim.verdict.strength) == "proved"


@pytest.mark.parametrize("formula", ["trace(inv(X) @ X @ A)", "trace(A @ X @ inv(X))"])
def test_a_matrix_times_its_inverse_does_not_move(formula: str) -> None:
    answer = symderiv.derive(formula, wrt="X")
    assert answer.answer == ZERO
    assert str(answer.strength) == "proved"
    assert any("matrix times its inverse" in step.rule for step in answer.steps)


def test_part_of_the_axis_is_not_taken_for_the_whole() -> None:
    answer = symderiv.derive("sum(X[i,k]*inv(X)[k,j]*a, (k, 1, N-1))", wrt="a")
    assert str(answer.strength) == "proved"
    assert not any("matrix times its inverse" in step.rule for step in answer.steps)


@pytest.mark.parametrize(
    ("formula", "at"),
    [
        ("logdet(X)", {"X": [[2, 1], [0.5, 3]]}),
        ("det(X)", {"X": [[2, 1], [0.5, -3]]}),
        ("a @ inv(X) @ a", {"X": [[2, 1], [0.5, 3]], "a": [1, -2]}),
        ("logdet(X.T @ X)", {"X": [[2, 1], [0, 3], [1, 1]]}),
        ("det(X)", {"X": [[3]]}),
    ],
)
def test_values_at_a_point_are_those_of_differences(
    formula: str, at: dict[str, list[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Against central differences of the function in NumPy."""
    names = {"logdet": lambda X: np.linalg.slogdet(X)[1], "det": np.linalg.det,
             "inv": np.linalg.inv}  # fmt: skip
    values = {name: np.asarray(value, float) for name, value in at.items()}
    typed = "; ".join(f"{name}={json.dumps(value)}" for name, value in at.items())
    assert run(["derive", formula, "--wrt", "X", "--at", typed, "--format", "json"]) == 0
    found = np.asarray(json.loads(capsys.readouterr().out)["values"]["∇"], float)
    expected = np.zeros_like(values["X"])
    for place in np.ndindex(expected.shape):
        step = np.zeros_like(expected)
        step[place] = 1e-6
        up, down = (eval(formula, names | values | {"X": values["X"] + s * step}) for s in (1, -1))
        expected[place] = (up - down) / 2e-6
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-8)


def test_a_singular_matrix_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["derive", "det(X)", "--wrt", "X", "--at", "X=[[1,2],[2,4]]"]) == 2
    assert "--at X: this matrix is singular; it has no inverse" in capsys.readouterr().err
