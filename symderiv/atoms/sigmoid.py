"""The logistic function, and what is left of 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv.atoms.entry import Atom


def sigmoid(x: Any) -> Any:
    """1/(1 + exp(-x)), where neither exponential overflows."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def side(x: Any) -> Any:
    """-1 where x is below 0, else 1: a sign that stands beside what is 0 there."""
    return np.copysign(1, x)


ATOMS = (
    Atom("side", function=side),
    Atom("sigmoid", "1/(1 + exp(-x))", "sigmoid(x)", sigmoid),
    Atom("others_of_sigmoid", "1 - sigmoid(x)", "sigmoid(-x)"),
    Atom("less_two_sigmoids", "1 - 2*sigmoid(x)", "-tanh(x/2)"),
)
