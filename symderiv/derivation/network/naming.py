"""Names that a network gets beside its own: the adjoints'.

Gives `adjoint_names`.  The adjoint of h is hbar, which the page prints as h with
a bar.

Floor 2: imports floor 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from symderiv.mistakes import DASH, Mistake, did_you_mean
from symderiv.terms.letters import unused_name
from symderiv.terms.renaming import checked_name


def adjoint_names(
    stages: Iterable[str], taken: Collection[str], chosen: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A name for the adjoint of each stage: hbar of h, h1bar of h1, none that is taken.

    Parameters
    ----------
    chosen : other names for some of these, {"hbar": "delta_h"}

    Raises
    ------
    Mistake
        for another name of what there is not, or one that cannot be.
    """
    used = set(taken)
    found: dict[str, str] = {}
    for stage in stages:
        found[stage] = unused_name(f"{stage}bar", used)
        used.add(found[stage])
    chosen = chosen or {}
    for old, new in chosen.items():
        if old not in found.values():
            hint = did_you_mean(old, [*found.values(), *taken])
            raise Mistake(f"{DASH}symbols {old}={new}: there is no '{old}'{hint}")
        checked_name(old, new, used - chosen.keys())
    return {stage: chosen.get(name, name) for stage, name in found.items()}
