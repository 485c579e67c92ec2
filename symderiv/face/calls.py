"""Calls: what `import symderiv` gives, each a request made and answered.

Gives `jacobian`, `gradient`, `hessian` and `derive`, whose parameters are the fields of a
`Request`; `backprop`, whose parameters are those of a `NetworkRequest`; and
`CatalogueFunction`, a function of the catalogue with its derivations: `symderiv.softmax`.

Floor 5: imports the catalogue and the request; SymPy comes in with `late`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

from symderiv.catalogue import Function
from symderiv.documents.setting import Setting
from symderiv.face import late
from symderiv.face.request import NetworkRequest, Request
from symderiv.mistakes import did_you_mean
from symderiv.records import dataclass

if TYPE_CHECKING:
    from symderiv.face.answer import Answer
    from symderiv.face.networks import Gradients

P = ParamSpec("P")
Given = TypeVar("Given")
_SIGNATURE = inspect.signature(Request)
_REQUIRED = inspect.Parameter.empty


def _asking(kind: str, what: str, request: Callable[P, Request]) -> Callable[P, Answer]:
    """A function with the signature of `Request`, which asks for the answer of that kind."""

    def ask(*given: P.args, **named: P.kwargs) -> Answer:
        return late.answer(kind, _asked(ask, request, *given, **named))

    first, *others = _SIGNATURE.parameters.values()
    first = first if kind == "jacobian" else first.replace(default=_REQUIRED)
    name = "derive" if kind == "formula" else kind
    return _described(ask, name, what, [first, *others], Request)


def _of_one(kind: str, what: str) -> Callable[..., Answer]:
    """A method that asks for the answer of that kind, of the function that it is a method of."""

    def ask(self: CatalogueFunction, **named: Any) -> Answer:
        return late.answer(kind, _asked(ask, Request, self.name, **named))

    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    _, *others = _SIGNATURE.parameters.values()
    return _described(ask, kind, what, [own, *others], Request)


def _of_network(what: str, request: Callable[P, NetworkRequest]) -> Callable[P, Gradients]:
    """A function with the signature of `NetworkRequest`, which asks for its gradients."""

    def ask(*given: P.args, **named: P.kwargs) -> Gradients:
        return late.backprop(_asked(ask, request, *given, **named))

    parameters = list(inspect.signature(NetworkRequest).parameters.values())
    return _described(ask, "backprop", what, parameters, NetworkRequest, "Gradients")


def _asked(
    ask: Callable[..., Any], request: Callable[P, Given], /, *given: P.args, **named: P.kwargs
) -> Given:
    """The request; what is no parameter is said of the function that was called."""
    signature = inspect.signature(ask)
    try:
        signature.bind(*given, **named)
    except TypeError as wrong:
        unknown = [name for name in named if name not in signature.parameters]
        hint = did_you_mean(unknown[0], signature.parameters) if unknown else ""
        if {*unknown} & {"at", *inspect.signature(Setting).parameters}:
            hint = f"; the answer's page takes it, page({unknown[0]}=…)"
        raise TypeError(f"{ask.__name__}() {wrong}{hint}") from None
    return request(*given, **named)


def _described(
    ask: Callable[P, Given],
    name: str,
    what: str,
    parameters: list[inspect.Parameter],
    request: type,
    gives: str = "Answer",
) -> Callable[P, Given]:
    """The function with a name, a signature and a docstring for `help`."""
    said = inspect.cleandoc(request.__doc__ or "")
    told = said[said.index("Parameters\n") : said.index("Raises\n")]
    if {"self"} & {p.name for p in parameters}:
        told = told[: told.index("function :")] + told[told.index("wrt :") :]
    ask.__name__ = ask.__qualname__ = name
    ask.__doc__ = f"{what}\n\n{told}{_GIVES.format(gives=gives)}"
    ask.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        parameters, return_annotation=f"symderiv.{gives}"
    )
    return ask


_GIVES = """\
Returns
-------
symderiv.{gives}

Raises
------
symderiv.Mistake
    for what is asked and cannot be; `ReadError`, one of its kind, for what is not in the
    formula language
symderiv.Unanswered
    where no derivation passes the judge (`Refusal`), or none reaches the end (`Stuck`)
"""

jacobian = _asking("jacobian", "The derivation of a Jacobian of the catalogue.", Request)
gradient = _asking("gradient", "The derivation of a gradient of the catalogue.", Request)
hessian = _asking("hessian", "The derivation of a Hessian of the catalogue.", Request)
derive = _asking("formula", "The derivation for a formula, typed or as ordinary SymPy.", Request)
backprop = _of_network(
    "All gradients of a network, one lemma an edge of its graph of stages.", NetworkRequest
)


@dataclass(frozen=True)
class CatalogueFunction:
    """A function of the catalogue, with its derivations: `symderiv.softmax.jacobian(k=3)`.

    Attributes
    ----------
    name : its name in the catalogue, "softmax"
    """

    name: str

    jacobian = _of_one("jacobian", "The derivation of its Jacobian.")
    gradient = _of_one("gradient", "The derivation of its gradient.")
    hessian = _of_one("hessian", "The derivation of its Hessian.")

    def __call__(self, *given: object, **named: object) -> NoReturn:
        """It is derived from; what computes it is in `symderiv.functions`."""
        name = self.name.replace("-", "_")
        raise TypeError(f"symderiv.{name} has derivations; symderiv.functions.{name}(…) computes")

    @classmethod
    def of(cls, function: Function) -> CatalogueFunction:
        """The function, described by its title and definition for `help`."""
        own = cls(function.name)
        define = function.define
        text = define if isinstance(define, str) else "; ".join(define)
        object.__setattr__(own, "__doc__", f"{function.title}: {text}")
        return own
