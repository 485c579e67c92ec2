"""Einsum: read as NumPy computes it, and written for answers without a matrix form."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import symderiv
from symderiv import catalogue
from symderiv.cli import run
from symderiv.matrices import einsum_form, matrix_form
from symderiv.reader import ReadError, understand
from tests.test_vector_table import NAMES, differences

Array = Any
SHAPES = ({"m": 2, "n": 3, "k": 2, "b": 2}, {"m": 3, "n": 1, "k": 4, "b": 1},
          {"m": 1, "n": 1, "k": 1, "b": 1})  # fmt: skip

# a formula in NumPy or with indices, its variable, the shapes; the function as NumPy computes it
WRITTEN: list[tuple[str, str, str, str]] = [
    ("A @ x", "A", "A:mn x:n", "A @ x"),
    ("tanh(W @ x)", "W", "W:mn x:n", "tanh(W @ x)"),
    ("X.T @ X", "X", "X:mn", "X.T @ X"),
    ("X @ Y", "Y", "X:mn Y:nk", "X @ Y"),
    ("outer(x, y)", "x", "x:m y:n", "outer(x, y)"),
    ("exp(A @ X)", "X", "A:mn X:nk", "exp(A @ X)"),
    ("inv(X)", "X", "X:nn", "inv(X)"),
    ("X/norm(X)", "X", "X:mn", "X/norm(X)"),
    ("np.einsum('bij,bjk->bik', A, B)", "A", "A:bmn B:bnk", "np.einsum('bij,bjk->bik', A, B)"),
    ("sum(A[i,j,k]*x[i]*x[j]*x[k], i, j, k)", "A[l,m,n]", "A:nnn x:n",
     "np.einsum('ijk,i,j,k->', A, x, x, x)"),
    ("sum(x, axis=0)", "x", "x:mn", "x.sum(axis=0)"),
]  # fmt: skip


def given(shapes: str, sizes: dict[str, int]) -> dict[str, Array]:
    rng = np.random.default_rng(5)
    values: dict[str, Array] = {}
    for part in shapes.split():
        name, _, letters = part.partition(":")
        value = rng.uniform(0.3, 1.5, tuple(sizes[c] for c in letters))
        values[name] = value + 2 * np.eye(len(value)) if name == "X" and letters == "nn" else value
    return values


@pytest.mark.parametrize(
    ("formula", "wrt", "shapes", "numpy"), WRITTEN, ids=[r[0] for r in WRITTEN]
)
def test_an_answer_without_a_matrix_form_has_an_einsum(
    formula: str, wrt: str, shapes: str, numpy: str
) -> None:
    name = wrt.partition("[")[0]
    shape = "x: M,N" if "x:mn" in shapes else ""
    answer = symderiv.derive(formula, wrt=wrt, shape=shape)
    assert str(answer.strength) == "proved"
    assert matrix_form(answer, catalogue.library()) is None
    code = einsum_form(answer, catalogue.library())
    assert code is not None
    for sizes in SHAPES:
        values = given(shapes, sizes)
        found = eval(code, {**NAMES, **values})
        expected = differences(numpy, name, values)
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "wrt", "meant"),
    [
        ("np.einsum('ij,j->i', A, x)", "x", "sum(A[i,j]*x[j], j)"),
        ("np.einsum('ii->', A)", "A", "sum(A[i,i], i)"),
        ("np.einsum('ij->ji', A)", "A", "A[j,i]"),
        ("np.einsum('i,j,ij->', x, y, A)", "x", "sum(x[i]*y[j]*A[i,j], i, j)"),
        ("np.einsum('ij,j->i', A, tanh(x))", "x", "sum(A[i,j]*tanh(x[j]), j)"),
    ],
)
def test_einsum_is_read(text: str, wrt: str, meant: str) -> None:
    assert understand(text, (wrt,)).formula == meant


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("np.einsum('ij,jk', A, B)", "einsum takes its signature with the arrow, 'ij,j->i'"),
        ("np.einsum('ij,j->ik', A, x)", "'ij,j->ik' does not fit: 2 arrays are given"),
        ("np.einsum('ij->i', A, x)", "'ij->i' does not fit: 2 arrays are given"),
        ("np.einsum('i->ii', A)", "'i->ii' does not fit: 1 arrays are given"),
        ("np.einsum('ij->ij', tanh(x)) + A", "tanh(x) has 1 axes, and 'ij' names them"),
        ("'ij->i' @ A", "this is not in vector notation"),
    ],
)
def test_what_einsum_does_not_take_is_refused(text: str, message: str) -> None:
    with pytest.raises(ReadError) as caught:
        understand(text, ("A",))
    assert caught.value.message == message


def test_the_page_and_the_data_have_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["derive", "A @ x", "--wrt", "A", "--notation", "einsum"]) == 0
    assert "np.einsum('l,ik->ikl', x, np.eye(A.shape[0]))" in capsys.readouterr().out
    assert run(["derive", "A @ x", "--wrt", "A", "-f", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)["answer"]
    assert answer["matrix"] is None
    assert answer["einsum"] == "np.einsum('l,ik->ikl', x, np.eye(A.shape[0]))"
