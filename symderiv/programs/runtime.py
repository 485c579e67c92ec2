"""What a written program stands on: functions that NumPy lacks, copied into the file.

Gives `contract`, `shift`, `times_exp`, `sigmoid`, `softplus`, `log_sigmoid`, `erf`, `real_type`,
`shared_sizes` and `class_labels`.  Imports NumPy and the standard library only, so that the source
of a function runs wherever it is copied to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np


def contract(letters: str, a: Any, b: Any) -> Any:
    """Sum of products of two arrays, 'ij,jk->ik', as one matrix product where it is one.

    Letters of both arrays that the result keeps are a batch.
    """
    operands, result = letters.split("->")
    of_a, of_b = operands.split(",")
    batch = [x for x in result if x in of_a and x in of_b]
    left = [x for x in result if x in of_a and x not in of_b]
    right = [x for x in result if x in of_b and x not in of_a]
    over = [x for x in of_a if x in of_b and x not in result]
    if not over or not (left or right) or set(of_a + of_b) != {*batch, *left, *right, *over}:
        return np.einsum(letters, a, b)
    length = dict(zip(of_a + of_b, a.shape + b.shape, strict=True))

    def count(axes: Sequence[str]) -> int:
        return math.prod(length[x] for x in axes)

    outer = [length[x] for x in batch]
    rows = a.transpose([of_a.index(x) for x in (*batch, *left, *over)])
    columns = b.transpose([of_b.index(x) for x in (*batch, *over, *right)])
    product = rows.reshape([*outer, count(left), count(over)]) @ columns.reshape(
        [*outer, count(over), count(right)]
    )
    whole = product.reshape([length[x] for x in (*batch, *left, *right)])
    return whole.transpose([[*batch, *left, *right].index(x) for x in result])


def shift(u: Any, weight: Any, axis: int | tuple[int, ...]) -> Any:
    """The largest u along axes among those whose weight is not 0; 0 where there is none."""
    if not np.ndim(weight) and weight:
        largest = np.max(u, axis=axis)
    else:
        seen = np.where(np.not_equal(weight, 0), u, -np.inf)
        largest = np.max(seen, axis=axis, initial=-np.inf)
    return np.where(np.isfinite(largest), largest, 0)


def times_exp(m: Any, s: Any) -> Any:
    """m e^s, which is 0 where m is, however large s."""
    return m * np.exp(np.where(np.equal(m, 0), 0, s))


def sigmoid(x: Any) -> Any:
    """1/(1 + e^{-x}), which overflows nowhere."""
    small = np.exp(-np.abs(x))
    return np.where(np.greater_equal(x, 0), 1, small) / (1 + small)


def softplus(x: Any) -> Any:
    """log(1 + e^x)."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def log_sigmoid(x: Any) -> Any:
    """log 1/(1 + e^{-x})."""
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


def erf(x: Any) -> Any:
    """The error function: x times a Chebyshev series in x^2 through values of `math.erf`.

    Within 1e-13 of it, relatively; 1 in size where |x| > 6.
    """
    near = np.clip(x, -6, 6)
    t = near * near / 18 - 1
    last, before = 0, 0
    for c in _erf_series()[:0:-1]:
        last, before = c + 2 * t * last - before, last
    return near * (_erf_series()[0] + t * last - before)


@cache
def _erf_series() -> tuple[float, ...]:
    """The coefficients in t = x^2/18 - 1 of erf(x)/x."""
    nodes = np.cos(np.pi * (np.arange(64) + 0.5) / 64)
    roots = [math.sqrt(18 * (t + 1)) for t in nodes]
    values = np.array([math.erf(x) / x for x in roots])
    waves = np.cos(np.outer(np.arange(64), np.arccos(nodes)))
    series = waves @ values / 32
    series[0] /= 2
    return tuple(float(c) for c in series[: int(np.abs(series).argmin()) + 1])


def real_type(*inputs: Any) -> Any:
    """The type of floats for these inputs: float64, or what arrays of floats have in common."""
    arrays = [np.asarray(x).dtype for x in inputs if not isinstance(x, int | float)]
    floats = [t for t in arrays if t.kind == "f"]
    return np.result_type(*floats) if floats and len(floats) == len(arrays) else np.dtype(float)


def shared_sizes(wanted: str, arrays: Mapping[str, Any]) -> list[int]:
    """The sizes of these names, from arrays of which the key says the axes: {"W K D": W}.

    Raises ValueError where an array has other axes than that, or two sizes of one name differ.
    """
    found: dict[str, tuple[int, str]] = {}
    for key, array in arrays.items():
        name, *axes = key.split()
        shape = np.shape(array)
        if len(shape) != len(axes):
            raise ValueError(f"{name} has shape {shape}, not ({', '.join(axes)})")
        for axis, length in zip(axes, shape, strict=True):
            first, where = found.setdefault(axis, (int(axis) if axis.isdigit() else length, name))
            if first != length:
                of = "" if axis.isdigit() else f" in {where}"
                raise ValueError(f"{name} has shape {shape}: {axis} is {first}{of}, not {length}")
    return [found[name][0] for name in wanted.split()]


def class_labels(labels: Any, classes: int, name: str) -> Any:
    """Labels as integers from 0 to classes - 1.

    Raises ValueError for any others.
    """
    found = np.asarray(labels)
    if found.dtype.kind not in "iu":
        raise ValueError(f"{name} holds labels: whole numbers, not {found.dtype}")
    if found.size and not (found.min() >= 0 and found.max() < classes):
        raise ValueError(f"{name}: the labels run from 0 to {classes - 1}")
    return found
