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
    formula: str,
    *,
    wrt: Sequence[str],
    assume: Sequence[str] = (),
    claim: str | None = None,
    k: int | None = None,
    symbols: Mapping[str, str] | None = None,
) -> Derivation:
    """The derivation for a function given in the formula language."""
    raise Mistake("the catalogue is not there yet")
