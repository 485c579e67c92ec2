"""Names: how a person calls a function of the catalogue, and how the list shows it.

Gives `names`, `canonical` (the catalogue's own name for "Swish", "cross_entropy" or "CE"), `named`
(the function itself), `check_name` and `listing`.

Floor 3: imports the catalogue, late and mistakes.  An alias stands in the file of its function.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.catalogue import Derivative, Function, function, functions, refused
from symderiv.mistakes import Mistake, did_you_mean, listed
from symderiv.records import dataclass

if TYPE_CHECKING:
    import json
    from importlib import resources
else:
    json = late.module("json")
    resources = late.module("importlib.resources")

VERDICTS = "verdicts.json"  # written by `python -m symderiv.face.verdicts`

# The derivative of a function of one number is its gradient too.
KINDS = {
    "jacobian": ("jacobian",),
    "gradient": ("gradient", "derivative"),
    "hessian": ("hessian",),
}


@dataclass(frozen=True)
class Listed:
    """One derivation of the catalogue: what `symderiv list` shows of it."""

    name: str
    kind: str
    wrt: tuple[str, ...]
    title: str
    formula: tuple[str, ...]
    closed_form: tuple[str, ...]
    assumptions: tuple[str, ...]
    routes: tuple[str, ...]
    aliases: tuple[str, ...]
    verdict: str


def names(kind: str | None = None) -> tuple[str, ...]:
    """The names in the catalogue that have a derivation of that kind (or any)."""
    return tuple(f.name for f in functions().values() if kind is None or derivatives(f, kind))


def derivatives(function: Function, kind: str) -> list[Derivative]:
    """The derivatives of a function that are of that kind and hold."""
    return [d for d in function.derivatives if d.holds and d.kind in KINDS[kind]]


@cache
def aliases() -> dict[str, str]:
    """Every name that leads to a function, in small letters and with hyphens: {"swish": "silu"}.

    Raises
    ------
    ValueError
        where two functions have one name.
    """
    found: dict[str, str] = {}
    for own in functions().values():
        for name in (own.name, *own.aliases):
            if found.setdefault(_plain(name), own.name) != own.name:
                raise ValueError(f"{name} is {found[_plain(name)]}, and {own.name} too")
    return found


def _plain(name: str) -> str:
    return name.casefold().replace("_", "-")


def canonical(name: str) -> str | None:
    """The catalogue's own name for a name or an alias; None where there is none.

    >>> canonical("Swish"), canonical("cross_entropy"), canonical("sofmax")
    ('silu', 'cross-entropy', None)
    """
    own = _plain(name)
    return own if function(own) is not None else aliases().get(own)


def check_name(name: str, kind: str | None = None) -> str:
    """The catalogue's own name for a name or an alias.

    Raises
    ------
    Mistake
        with the nearest names.
    """
    own = canonical(name)
    if own is None and _plain(name) in refused():
        raise Mistake(refused()[_plain(name)])
    if own is None:
        hint = did_you_mean(name, names(kind)) or did_you_mean(name, aliases())
        raise Mistake(f"no function '{name:.60}'{hint or '; `symderiv list` shows all of them'}")
    found = _called(own)
    if kind is not None and not derivatives(found, kind):
        there = listed(k for k in KINDS if derivatives(found, k))
        raise Mistake(f"'{name}' has no {kind} in the catalogue; it has {there}")
    return own


def named(name: str) -> Function:
    """The function of that name or alias.

    Raises
    ------
    Mistake
        with the nearest names.
    """
    return _called(check_name(name))


def _called(own: str) -> Function:
    return function(own) or functions()[own]


def listing() -> tuple[Listed, ...]:
    """The whole catalogue, a line for each derivation that holds.

    The verdicts are those of the last time that the catalogue was derived; what is new has none.
    """
    written = resources.files("symderiv.catalogue").joinpath(VERDICTS)
    found = json.loads(written.read_text(encoding="utf-8")) if written.is_file() else {}
    return tuple(
        Listed(
            f.name,
            d.kind,
            d.wrt,
            f.title,
            _tuple(f.define),
            _tuple(d.closed_form),
            f.assume,
            f.routes,
            f.aliases,
            found.get(f.named(d), ""),
        )
        for f in functions().values()
        for d in f.derivatives
        if d.holds
    )


def _tuple(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given
