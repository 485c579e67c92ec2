"""Inverses, determinants and linear equations, in float32 where an array is of halves."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def wide(X: Any) -> Any:
    """A matrix in a type in which there is linear algebra."""
    return X.astype(np.result_type(X, np.float32), copy=False)


_wide = wide  # as a program calls it


def inv(X: Any) -> Any:
    """The inverse of each matrix."""
    return np.linalg.inv(_wide(X)).astype(X.dtype, copy=False)


def det(X: Any) -> Any:
    """The determinant of each matrix."""
    return np.linalg.det(_wide(X)).astype(X.dtype, copy=False)


def sign_of_det(X: Any) -> Any:
    """Whether the determinant of each matrix is positive, 0 or negative: 1, 0 or -1."""
    return np.linalg.slogdet(_wide(X))[0].astype(X.dtype, copy=False)


def logdet(X: Any) -> Any:
    """log|det X|, which is finite where the determinant overflows."""
    return np.linalg.slogdet(_wide(X))[1].astype(X.dtype, copy=False)


def solve(X: Any, b: Any) -> Any:
    """The solution x of X x = b; for one matrix and many vectors it is taken apart once."""
    if X.ndim == 2:
        rows = _wide(b).reshape(-1, b.shape[-1])
        return np.linalg.solve(_wide(X), rows.mT).mT.reshape(b.shape).astype(b.dtype, copy=False)
    return np.linalg.solve(_wide(X), _wide(b)[..., None])[..., 0].astype(b.dtype, copy=False)


def solve_columns(X: Any, B: Any) -> Any:
    """The solution of X Y = B, for all columns of B."""
    return np.linalg.solve(_wide(X), _wide(B)).astype(B.dtype, copy=False)


ATOMS = (
    Atom("wide", function=wide),
    Atom("inv", "inv(X)[i,j]", function=inv),
    Atom("det", "det(X)", function=det),
    Atom("sign_of_det", function=sign_of_det),
    Atom("logdet", "logdet(X)", function=logdet),
    Atom("solve", "sum(inv(X)[i,j]*b[j], j)", function=solve),
    Atom("solve_columns", "sum(inv(X)[i,j]*B[j,k], j)", function=solve_columns),
)
