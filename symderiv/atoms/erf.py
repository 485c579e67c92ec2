"""The error function, and the tails of the normal distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def erf(x: Any) -> Any:
    """The error function."""
    return np.vectorize(math.erf, otypes=[x.dtype])(x)


def near_tail(a: Any) -> Any:
    """e^(a²) erfc(a) for a from 0 to 28: s(1/(a + 4))/(a + 4)."""
    series = (
        -4.454868027856354e-10, -1.8979177035288258e-09, 6.064069180766931e-09,
        3.0472397776845766e-08, -4.706759067906062e-08, -3.701571119331322e-07,
        9.592674653709347e-08, 4.207944167609653e-06, 6.459887392834871e-06,
        -3.602915762096093e-05, -0.00018162531900022233, -0.00013163433552577277,
        0.0020793648529619023, 0.012770193170546335, 0.04584426716672504, 0.12341773039670571,
        0.2693024694463138, 0.49352362385855003, 0.7738494586491657, 1.0482634182783803,
        1.2312883822661311,
    )  # fmt: skip
    u = 1 / (a + 4)
    t = (64 * u - 9) / 7
    s = 0 * t
    for c in series:
        s = s * t + c
    return s * u


_near_tail = near_tail  # as a program calls it


def erfc(x: Any) -> Any:
    """1 - erf(x), where that is small too."""
    flat, found, step = np.ravel(x), np.empty(np.shape(x), x.dtype), 8192
    for n in range(0, flat.size, step):  # so many that they stay near
        part = flat[n : n + step]
        a = np.minimum(np.abs(part), 28)
        h = a.astype(np.float32).astype(x.dtype)  # its square has no rounding
        s = _near_tail(a) * np.exp(-h * h) * np.exp((h - a) * (h + a))
        found.reshape(-1)[n : n + step] = np.where(part < 0, 2 - s, s)
    return found


def over_bell(x: Any) -> Any:
    """erfc(x) over e^(-max(x, 0)²): from 28 on by 1/x."""
    a = np.abs(x)
    near = _near_tail(np.minimum(a, 28))
    v = 1 / np.maximum(a, 28)
    r = v * v / 2
    far = 0.5641895835477563 * v
    far = far * (1 - r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r * (1 - 9 * r * (1 - 11 * r))))))
    whole = np.where(a < 28, near, far)
    return np.where(x < 0, 2 - whole * np.exp(-(np.minimum(a, 28) ** 2)), whole)


ATOMS = (
    Atom("erf", "erf(x)", function=erf),
    Atom("near_tail", "erfc(x)*exp(x**2)", function=near_tail),
    Atom("erfc", "erfc(x)", function=erfc),
    Atom("over_bell", "erfc(x)*exp(max(x, 0)**2)", function=over_bell),
    Atom("upper_tail", "1 - erf(x)", "erfc(x)"),
    Atom("lower_tail", "1 + erf(x)", "erfc(-x)"),
    Atom("other_tail", "2 - erfc(x)", "erfc(-x)"),
    Atom("both_tails", "1 - erf(x)**2", "erfc(x)*erfc(-x)"),
    Atom("between_tails", "1 - erfc(x)", "erf(x)"),
)
