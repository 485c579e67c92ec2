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
    """e^(a²) erfc(a) for a from 0 to 28: s(1/(a + 4))/(a + 4), by s's odd and even terms."""
    double = (
        (1.9002597582002033e-10, -4.454868027856354e-10),
        (-2.8955540765839326e-09, 6.064069180766931e-09),
        (3.2717079616219754e-08, -4.706759067906062e-08),
        (-3.72983748323455e-07, 9.592674653709347e-08),
        (4.210126497175711e-06, 6.459887392834871e-06),
        (-3.603022150662438e-05, -0.00018162531900022233),
        (-0.00013163401044959783, 0.0020793648529619023),
        (0.012770193110838466, 0.04584426716672504),
        (0.12341773040273392, 0.2693024694463138),
        (0.493523623858271, 0.7738494586491657),
        (1.048263418278384, 1.2312883822661311),
    )
    single = (
        (-0.0002125706305560588, 0.0016522060767861946),
        (0.012845451738149346, 0.046210169064116194),
        (0.12338600025762317, 0.26917319422921593),
        (0.4935291650875575, 0.7738655127943175),
        (1.0482631453042783, 1.2312880625858798),
    )
    u = 1 / (a + 4)
    t = (64 * u - 9) * (1 / 7)
    square = t * t
    odd = even = 0.0
    series = single if a.dtype == np.float32 else double
    for c, d in series:
        odd = odd * square + c
        even = even * square + d
    return (odd * t + even) * u


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
