"""Derivatives of neural-network functions in index notation: derived, judged, typeset, computed.

Gives the Python face.  Every name is imported when it is first used: `import symderiv` itself
imports neither SymPy nor NumPy.

    symderiv.softmax.jacobian()            the derivation for every K
    symderiv.jacobian("softmax", k=3)      the same for a chosen one
    symderiv.gradient("cross-entropy")     symderiv.hessian("cross-entropy")
    symderiv.derive("log(sum(exp(z[k]), k))", wrt="z[j]")
    symderiv.backprop("h[i] = tanh(sum(W[i,j]*x[j], j)); sum(h[i]**2, i)")
    symderiv.functions                     NumPy functions made from the derived formulas

Floor 5: imports anything, late.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symderiv.derivation import Derivation, Step
    from symderiv.gradients import backprop
    from symderiv.session import derive, gradient, hessian, jacobian, softmax

__version__ = "0.3.0"

_HOMES = {
    "Derivation": "symderiv.derivation",
    "Step": "symderiv.derivation",
    "backprop": "symderiv.gradients",
    "derive": "symderiv.session",
    "gradient": "symderiv.session",
    "hessian": "symderiv.session",
    "jacobian": "symderiv.session",
    "softmax": "symderiv.session",
}

__all__ = [
    "Derivation",
    "Step",
    "backprop",
    "derive",
    "functions",
    "gradient",
    "hessian",
    "jacobian",
    "softmax",
]


def __getattr__(name: str) -> Any:
    if name == "functions":
        return importlib.import_module("symderiv.functions")
    if name not in _HOMES:
        raise AttributeError(f"module 'symderiv' has no attribute '{name}'")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
