"""Sessions: from a name or a formula, as a person gives it, to a derivation.

Gives what the command line and the Python face both call: `names`, `check_name`, `listing`,
`jacobian`, `gradient`, `hessian` and `derive`.  All checks of what was asked for are here, so that
both faces refuse in the same words.

Floor 4: imports the catalogue and what is below it, when a function is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symderiv.mistakes import Mistake, did_you_mean

if TYPE_CHECKING:
    from sympy.core.basic import Basic

    from symderiv.derivation import Derivation


@dataclass(frozen=True)
class Listed:
    """One line of the catalogue's list."""

    name: str
    kind: str
    title: str
    formula: str
    closed_form: str
    assumptions: tuple[str, ...]


def names(kind: str | None = None) -> tuple[str, ...]:
    """The names in the catalogue that have a derivation of that kind (or any)."""
    return ("softmax", "cross-entropy", "log-softmax", "logsumexp")


def check_name(name: str, kind: str | None = None) -> str:
    """The name, if the catalogue has it.

    Raises
    ------
    Mistake
        with the nearest names.
    """
    known = names(kind)
    if name not in known:
        what = f"function with a {kind}" if kind and name in names() else "function"
        hint = did_you_mean(name, known)
        raise Mistake(f"no {what} '{name}'{hint or '; `symderiv list` shows all of them'}")
    return name


@dataclass(frozen=True)
class CatalogueFunction:
    """A function of the catalogue, with its derivations: `softmax.jacobian(k=3)`."""

    name: str

    def jacobian(self, **chosen: Any) -> Derivation:
        """The derivation of its Jacobian; options as those of `symderiv.jacobian`."""
        return jacobian(self.name, **chosen)

    def gradient(self, **chosen: Any) -> Derivation:
        """The derivation of its gradient; options as those of `symderiv.gradient`."""
        return gradient(self.name, **chosen)

    def hessian(self, **chosen: Any) -> Derivation:
        """The derivation of its Hessian; options as those of `symderiv.hessian`."""
        return hessian(self.name, **chosen)


softmax = CatalogueFunction("softmax")


def listing() -> tuple[Listed, ...]:
    """The whole catalogue."""
    raise Mistake("the catalogue is not there yet")


def jacobian(
    function: str = "softmax",
    *,
    k: int | None = None,
    entry: Sequence[int] | None = None,
    route: str | None = None,
    symbols: Mapping[str, str] | None = None,
    wrt: str | None = None,
) -> Derivation:
    """The derivation of a Jacobian: for every K, or for a chosen one."""
    raise Mistake("the catalogue is not there yet")


def gradient(
    function: str,
    *,
    k: int | None = None,
    entry: Sequence[int] | None = None,
    route: str | None = None,
    symbols: Mapping[str, str] | None = None,
    wrt: str | None = None,
    target: int | None = None,
    soft: bool = False,
    batch: str | None = None,
) -> Derivation:
    """The derivation of a gradient."""
    raise Mistake("the catalogue is not there yet")


def hessian(
    function: str,
    *,
    k: int | None = None,
    entry: Sequence[int] | None = None,
    route: str | None = None,
    symbols: Mapping[str, str] | None = None,
    wrt: str | None = None,
    target: int | None = None,
    soft: bool = False,
    batch: str | None = None,
) -> Derivation:
    """The derivation of a Hessian."""
    raise Mistake("the catalogue is not there yet")


def derive(
    formula: str | Basic,
    *,
    wrt: str | Basic | Sequence[str | Basic],
    assume: str | Basic | Sequence[str | Basic] = (),
    claim: str | Basic | None = None,
    k: int | None = None,
    symbols: Mapping[str, str] | None = None,
) -> Derivation:
    """The derivation for a function given in the formula language, or as ordinary SymPy.

    Parameters
    ----------
    formula : stages and, last, the function: "p[i] = softmax(z)[i]; -log(p[y])"
    wrt : the variable, "z[j]", or several, one after the other
    assume : facts that hold: "sum(y[i], i) = 1"
    claim : what the derivative is said to be; the derivation's `claim` then has the verdict
    k : a chosen size

    Raises
    ------
    ReadError
        for what is not in the language, with line and column.
    Refusal, Stuck
        where no derivation passes the judge, or none reaches the end.
    """
    from symderiv.reader import read
    from symderiv.work import Order, work

    problem = read(_text(formula), wrt=_texts(wrt), assume=_texts(assume), library=library())
    return work(problem, Order(k=k, claim=None if claim is None else _text(claim), symbols=symbols))


def library() -> dict[str, str]:
    """The functions that formulas may call by name, each with its definition."""
    return {}


def _text(given: str | Basic) -> str:
    """The text of a formula; ordinary SymPy is written in the language first."""
    if isinstance(given, str):
        return given
    from symderiv.reader import formula
    from symderiv.terms import hold

    return formula(hold(given))


def _texts(given: str | Basic | Sequence[str | Basic]) -> tuple[str, ...]:
    return tuple(map(_text, given)) if isinstance(given, (tuple, list)) else (_text(given),)
