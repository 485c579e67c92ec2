"""Presentation: any derivation as the page that all faces show.

Gives `present`: the documents' page of a derivation, with the values at a point and the verdict on
a claim.

Floor 4: imports derivations and the rest of documents.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.derivation import Derivation
from symderiv.documents.blocks import Cases, Chain, Matrix, Page, Remarks
from symderiv.documents.macros import drawn
from symderiv.documents.page import page
from symderiv.documents.setting import Setting
from symderiv.documents.verdicts import remark_on, verdict_of
from symderiv.documents.words.languages import translated
from symderiv.mistakes import DASH, Mistake
from symderiv.printers.faces import Drawn
from symderiv.terms.renaming import names_of

if TYPE_CHECKING:
    from symderiv.documents import notated, values
    from symderiv.documents.pictures import curve, heat
else:
    notated = late.module("symderiv.documents.notated")
    values = late.module("symderiv.documents.values")
    curve = late.module("symderiv.documents.pictures.curve")
    heat = late.module("symderiv.documents.pictures.heat")


def present(
    derivation: Derivation,
    setting: Setting | None = None,
    *,
    command: str = "",
    pictures: bool = False,
) -> Page:
    """The whole page of a derivation.

    Parameters
    ----------
    setting : its `detail`, `style` and the point `at` which values are shown
    command : the command that makes this page
    pictures : with a picture where there is one to show, also where none was asked for
    """
    setting = setting or Setting()
    names = drawn(derivation.problem.drawn, setting.macro, names_of(derivation.problem))
    whole = _in_english(derivation, setting, command, names, pictures=pictures)
    return translated(replace(whole, drawn=names), setting.language)


def _in_english(
    derivation: Derivation, setting: Setting, command: str, names: Drawn, *, pictures: bool
) -> Page:
    if derivation.rows and setting.at is None:
        return _vector(derivation, setting.detail, command)
    numbers = None if setting.at is None else values.numbers_at(derivation, setting.at)
    whole = page(
        derivation,
        detail=setting.detail,
        style=setting.style,
        numbers=numbers,
        command=command,
    )
    if setting.plot or pictures:
        shown = curve.curve(derivation) if numbers is None else heat.heat(numbers)
        if shown is None and setting.plot:
            raise Mistake(
                f"{DASH}plot: it draws a function of one number, through 8 stages at most, with "
                f"its derivative, or with {DASH}at a gradient, Jacobian or Hessian of up to 12 "
                "rows and columns"
            )
        whole = replace(whole, blocks=(*whole.blocks, *([shown] if shown else [])))
    general = not (derivation.sizes or derivation.fixed or derivation.rows)
    if setting.notation != "index" and general:  # else whole arrays say nothing of it
        einsum = setting.notation == "einsum"
        read = notated.in_einsum(derivation) if einsum else notated.in_matrices(derivation, names)
        whole = _with_remark(whole, read, alone=setting.notation == "matrix")
    if derivation.claim is None:
        return whole
    return replace(whole, blocks=(*whole.blocks, remark_on(derivation.claim, derivation)))


def _with_remark(made: Page, remark: Remarks | None, *, alone: bool) -> Page:
    """The page with the answer in another notation after its lines, or in their place."""
    if remark is None:
        return made
    blocks = list(made.blocks)
    places = [n for n, block in enumerate(blocks) if isinstance(block, Chain | Cases | Matrix)]
    last = max(places, default=len(blocks) - 1)
    blocks.insert(last + 1, remark)
    if alone:
        blocks = [b for b in blocks if not isinstance(b, Chain | Cases)]
    return replace(made, blocks=tuple(blocks))


def _vector(derivation: Derivation, detail: str, command: str) -> Page:
    """Several functions by several scalars: every entry's lines, then their matrix."""
    entries = [case.derivation for case in derivation.cases]
    chains = [b for e in entries for b in page(e, detail=detail).blocks if isinstance(b, Chain)]
    whole = Matrix.of("J" if len(derivation.rows) > 1 else "∇", derivation.rows)
    return Page(derivation.title, (*chains, whole), verdict_of(entries), command)
