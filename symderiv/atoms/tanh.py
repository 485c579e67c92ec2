"""What the hyperbolic tangent leaves of 1."""

from __future__ import annotations

from symderiv.atoms.entry import Atom

ATOMS = (
    Atom("slope_of_tanh", "1 - tanh(x)**2", "1/cosh(x)**2"),
    Atom("below_tanh", "1 - tanh(x)", "2*sigmoid(-(2*x))"),
    Atom("above_tanh", "1 + tanh(x)", "2*sigmoid(2*x)"),
)
