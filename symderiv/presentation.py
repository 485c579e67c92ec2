"""Presentation: any derivation as the page that all faces show.

Gives `present`: the documents' page of a derivation, with the values at a point and the verdict on
a claim.

Floor 4: imports derivations, claims, values and documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symderiv.claims import remark_on
from symderiv.derivation import Derivation
from symderiv.documents import Page, page
from symderiv.values import numbers_at


def present(
    derivation: Derivation,
    *,
    detail: str = "textbook",
    style: str = "delta",
    point: Sequence[str] | None = None,
    command: str = "",
) -> Page:
    """The whole page of a derivation.

    Parameters
    ----------
    detail, style, command : as `symderiv.documents.page` takes them
    point : components of the variable, as typed, to show values at
    """
    made = page(
        derivation,
        detail=detail,
        style=style,
        numbers=None if point is None else numbers_at(derivation, point),
        command=command,
    )
    if derivation.claim is None:
        return made
    return replace(made, blocks=(*made.blocks, remark_on(derivation.claim, derivation)))
