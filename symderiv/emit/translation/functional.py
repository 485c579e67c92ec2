"""Helpers in calls that change no array: for libraries whose arrays cannot be changed.

Gives `PIECES`, by the name of the atom whose place they take.  They are written in NumPy's words
and translated like everything else; labels are found by comparison with their places, which needs
no memory access of its own and is the same on one machine and on many.

Imports NumPy, the standard library, and the series that an error function has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from inspect import isfunction
from typing import Any

import numpy as np

from symderiv.atoms.erf import near_tail as _near_tail


def at(x: Any, y: Any) -> Any:
    """x[y] of each row."""
    return np.where(np.arange(x.shape[-1]) == y[..., None], x, 0).sum(-1)


def put(x: Any, y: Any, v: Any) -> Any:
    """Each row with v in place of x[y]."""
    value = v if isinstance(v, int | float) else v[..., None]
    return np.where(np.arange(x.shape[-1]) == y[..., None], value, x)


def without(x: Any, y: Any) -> Any:
    """The sum of each row but for x[y]."""
    return np.where(np.arange(x.shape[-1]) == y[..., None], 0, x).sum(-1)


def rest(e: Any) -> Any:
    """The sum of each row without its largest term, which is 1 and stays so."""
    top = np.arange(e.shape[-1]) == e.argmax(-1)[..., None]
    return np.where(top, 0, e).sum(-1)


def others(e: Any) -> Any:
    """For each term of a row of positive ones, the sum of the others."""
    top = np.arange(e.shape[-1]) == e.argmax(-1)[..., None]
    few = np.where(top, 0, e).sum(-1)[..., None]
    return np.where(top, few, e.sum(-1)[..., None] - e)


def held(x: Any) -> Any:
    """x, which autograd takes for a number that is given."""
    return x


_held = held  # as a program calls it


def norm(x: Any, axes: Any) -> Any:
    """The root of the sum of squares along axes, half scaled by the largest; its slope at 0 is 0.

    The squares are about as large as the norm: so are what the slopes are multiplied by.
    """
    top = _held(np.abs(x).max(axes, keepdims=True, initial=0))
    scale = np.sqrt(np.where((top > 0) & np.isfinite(top), top, 1)).astype(x.dtype)
    few = ((x / scale) ** 2).sum(axes)
    root = np.where(few == 0, few, np.sqrt(np.where(few == 0, 1, few)))
    return np.squeeze(scale, axes) * root


def hypot(a: Any, b: Any) -> Any:
    """√(a² + b²), as `norm` is."""
    top = _held(np.maximum(np.abs(a), np.abs(b)))
    scale = np.sqrt(np.where((top > 0) & np.isfinite(top), top, 1))
    few = (a / scale) ** 2 + (b / scale) ** 2
    return scale * np.where(few == 0, few, np.sqrt(np.where(few == 0, 1, few)))


def over(x: Any, n: Any) -> Any:
    """x / n for what n is the norm of: no slope is divided by n² alone, which may vanish."""
    scale = 1 / _held(n)
    scale = np.where((scale > 0) & np.isfinite(scale), scale, 1)
    return x * scale / (n * scale)


def times_exp(v: Any, u: Any) -> Any:
    """v exp(u), finite where the product is: 0 where v is, though exp(u) overflow."""
    half = np.exp(np.minimum(u / 2, 0.999 * math.log(np.finfo(u.dtype).max)))
    return v * half * half


def room(u: Any) -> Any:
    """u, as far as e^u leaves room for other factors beside it."""
    return np.clip(u, None, 0.45 * math.log(np.finfo(u.dtype).max))


def side(x: Any) -> Any:
    """-1 where x is below 0, else 1."""
    return np.where(x < 0, -np.ones_like(x), np.ones_like(x))


def ended(x: Any, axis: int, value: Any) -> Any:
    """The entries of an axis and a number behind them: of no entries too there is a largest."""
    place = x.ndim + axis
    shape = (*x.shape[:place], 1, *x.shape[place + 1 :])
    return np.concatenate([x, np.full(shape, value, x.dtype)], place)


def erfc(x: Any) -> Any:
    """1 - erf(x), where that is small too."""
    s = _near_tail(np.abs(x)) * np.exp(-(x**2))
    return np.where(x < 0, 2 - s, s)


_erfc = erfc  # as a program calls it


def erf(x: Any) -> Any:
    """The error function: its series where x is small, else what its complement leaves."""
    near, power, total = np.clip(x, -0.5, 0.5), 1.1283791670955126, 0.0
    for n in range(14):
        total = total + power / (2 * n + 1) * near ** (2 * n + 1)
        power = -power / (n + 1)
    return np.where(np.abs(x) < 0.5, total, np.sign(x) * (1 - _erfc(np.abs(x))))


PIECES: Mapping[str, Callable[..., Any]] = {
    name: f for name, f in globals().items() if isfunction(f) and f.__module__ == __name__
}
