"""Derivatives of neural-network functions in index notation: derived, judged, typeset, computed.

    symderiv.softmax.jacobian()            the derivation for every K
    symderiv.jacobian("softmax", k=3)      the same for a chosen one
    symderiv.gradient("cross-entropy")     symderiv.hessian("cross-entropy")
    symderiv.derive("log(sum(exp(z[k]), k))", wrt="z[j]")
    symderiv.backprop("h[i] = tanh(sum(W[i,j]*x[j], j)); sum(h[i]**2, i)")
    symderiv.check(text)                   somebody else's derivation, line by line
    symderiv.functions                     NumPy functions made from the derived formulas

Every function of the catalogue is here by its name or a usual alias: `symderiv.cross_entropy`,
`symderiv.bce`.  They return an `Answer`, which is a `Derivation` of `Step`s with a `Verdict` each;
they raise a `SymderivError`: `Mistake` (and `ReadError`) where the request is wrong, `Unanswered`
(`Refusal`, `Stuck`, `OutOfTime`, `OutOfMemory`) where it is right and no answer passes.

Every name is imported when it is first used: `import symderiv` itself imports neither SymPy nor
NumPy.

Floor 5: imports anything, late.
"""

from __future__ import annotations

import importlib
import importlib.util

TYPE_CHECKING = False  # as `typing` has it, which takes long enough to be interrupted in
if TYPE_CHECKING:
    from typing import Any

    from symderiv import functions
    from symderiv.derivation import Claim, Derivation, Step
    from symderiv.derivation.chain import Refusal, Stuck
    from symderiv.face.answer import Answer
    from symderiv.face.calls import CatalogueFunction, backprop, derive, gradient, hessian, jacobian
    from symderiv.face.checked import Checked, check
    from symderiv.face.networks import Gradients
    from symderiv.face.request import Request
    from symderiv.mistakes import Mistake, SymderivError, Unanswered
    from symderiv.patience import OutOfMemory, OutOfTime
    from symderiv.reader.refusal import ReadError
    from symderiv.terms.verdict import Counterexample, Strength, Verdict
    from symderiv.verification.own import check_gradient

    softmax: CatalogueFunction

__version__ = "0.4.0"

_HOMES = {
    "Answer": "face.answer",
    "Checked": "face.checked",
    "Claim": "derivation",
    "Counterexample": "terms.verdict",
    "Derivation": "derivation",
    "Gradients": "face.networks",
    "Mistake": "mistakes",
    "OutOfMemory": "patience",
    "OutOfTime": "patience",
    "ReadError": "reader.refusal",
    "Refusal": "derivation.chain",
    "Request": "face.request",
    "Step": "derivation",
    "Strength": "terms.verdict",
    "Stuck": "derivation.chain",
    "SymderivError": "mistakes",
    "Unanswered": "mistakes",
    "Verdict": "terms.verdict",
    "backprop": "face.calls",
    "check": "face.checked",
    "check_gradient": "verification.own",
    "derive": "face.calls",
    "gradient": "face.calls",
    "hessian": "face.calls",
    "jacobian": "face.calls",
}

__all__ = [
    "Answer",
    "Checked",
    "Claim",
    "Counterexample",
    "Derivation",
    "Gradients",
    "Mistake",
    "OutOfMemory",
    "OutOfTime",
    "ReadError",
    "Refusal",
    "Request",
    "Step",
    "Strength",
    "Stuck",
    "SymderivError",
    "Unanswered",
    "Verdict",
    "backprop",
    "check",
    "check_gradient",
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
    if name.isidentifier() and importlib.util.find_spec(f"symderiv.{name}") is not None:
        # a room that is being imported; the catalogue is not read for its sake
        raise AttributeError(f"module 'symderiv' has no attribute '{name}'")
    if name in _HOMES:
        value = getattr(importlib.import_module(f"symderiv.{_HOMES[name]}"), name)
    else:
        value = _of_the_catalogue(name)
    globals()[name] = value
    return value


def _of_the_catalogue(name: str) -> CatalogueFunction:
    """The function of the catalogue that is called so: `cross_entropy`, `bce`."""
    names = importlib.import_module("symderiv.catalogue.names")
    own = None if name.startswith("_") else names.canonical(name)
    if own is None:
        raise AttributeError(f"module 'symderiv' has no attribute '{name}'")
    calls = importlib.import_module("symderiv.face.calls")
    return calls.CatalogueFunction.of(names.named(own))  # type: ignore[no-any-return]


def __dir__() -> list[str]:
    names = importlib.import_module("symderiv.catalogue.names")
    functions = (name.replace("-", "_") for name in names.aliases())
    return sorted({*globals(), *__all__, *functions})
