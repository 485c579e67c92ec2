"""Names that a network gets beside its own: the adjoints', the loss's, fresh letters.

Gives `unused_name` and `adjoint_names`.  The adjoint of h is hbar, which the page prints as h with
a bar.

Floor 2: imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable


def unused_name(wanted: str, taken: Collection[str]) -> str:
    """The name, or with the first number that makes it new."""
    if wanted not in taken:
        return wanted
    number = 1
    while f"{wanted}{number}" in taken:
        number += 1
    return f"{wanted}{number}"


def adjoint_names(stages: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """A name for the adjoint of each stage: hbar of h, h1bar of h1, none that is taken."""
    used = set(taken)
    found: dict[str, str] = {}
    for stage in stages:
        found[stage] = unused_name(f"{stage}bar", used)
        used.add(found[stage])
    return found
