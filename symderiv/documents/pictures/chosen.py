"""Chosen: the picture that a derivation has.

Gives `picture_of`.

Floor 4: imports the pictures.
"""

from __future__ import annotations

from symderiv.derivation import Derivation
from symderiv.documents.blocks import Numbers, Picture
from symderiv.documents.pictures.curve import curve
from symderiv.documents.pictures.heat import heat
from symderiv.mistakes import DASH, Mistake


def picture_of(derivation: Derivation, numbers: Numbers | None) -> Picture | None:
    """The values at a point as a heat map, else a function of one number with its derivative."""
    return curve(derivation) if numbers is None else heat(numbers)


def wanted(picture: Picture | None) -> Picture:
    """The picture, where one was asked for.

    Raises
    ------
    Mistake
        where there is none.
    """
    if picture is None:
        raise Mistake(
            f"{DASH}plot: it draws a function of one number, through 8 stages at most, with its "
            f"derivative, or with {DASH}at a gradient, Jacobian or Hessian of up to 12 rows and "
            "columns"
        )
    return picture
