r"""Faces: the type that an author sets a name in, \mathbf{x} or \mathcal{L}, for every target.

    {"x": "mathbf"}  ->  \mathbf{x}, upright(bold(x)), 𝐱

Gives `Drawn`, names with how they are set, `drawn_as`, what that says of one name, `set_in`, a
letter in a face, and `PACKAGES`, what LaTeX needs for a face beside amsmath.  A name with an index
may be set otherwise than whole, x_i of \mathbf{x}: that is the key "x[]".

Imports names.  To add a face: a row in `FACES`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from symderiv.printers.names import GREEK, Name
from symderiv.records import dataclass

Drawn = Mapping[str, str]


@dataclass(frozen=True)
class Face:
    """A face as Typst calls it, and as Unicode does; "" where it has no letters there."""

    typst: str
    unicode: str = ""
    package: str = ""


FACES = {
    "mathbf": Face("upright(bold({}))", "BOLD"),
    "boldsymbol": Face("bold({})", "BOLD ITALIC"),
    "mathrm": Face("upright({})"),
    "mathit": Face("italic({})"),
    "mathsf": Face("sans({})", "SANS-SERIF"),
    "mathcal": Face("cal({})", "SCRIPT"),
    "mathscr": Face("cal({})", "SCRIPT", "mathrsfs"),
    "mathfrak": Face("frak({})", "FRAKTUR", "amssymb"),
    "mathbb": Face("bb({})", "DOUBLE-STRUCK", "amssymb"),
    "vec": Face("arrow({})"),
    "underline": Face("underline({})"),
}
PACKAGES = {name: face.package for name, face in FACES.items() if face.package}
_KINDS = ("MATHEMATICAL {} {} {}", "{} {} {}")  # ℒ is no mathematical script L, but the script L


def drawn_as(drawn: Drawn, name: Name, *, indexed: bool) -> str:
    """The face of a name, "" where it has none."""
    base = name.base + "".join(name.accents)
    return drawn.get(f"{base}[]", drawn.get(base, "")) if indexed else drawn.get(base, "")


def set_in(face: str, letter: str, target: str) -> str:
    """A letter, as it is spelled for a target, in a face; as it is where the target has none."""
    if face not in FACES:
        return letter
    if target == "typst":
        return FACES[face].typst.format(letter)
    return rf"\{face}{{{letter}}}" if target == "latex" else _in_unicode(face, letter)


def _in_unicode(face: str, letter: str) -> str:
    """The sign that Unicode has for a letter in a face."""
    if not FACES[face].unicode or len(letter) != 1:
        return letter
    greek = next((n for n, sign in GREEK.items() if sign == letter), "")
    said = unicodedata.name(letter).rsplit(" ", 1)[-1] if greek else letter.upper()
    size = "CAPITAL" if letter.isupper() else "SMALL"
    for kind in _KINDS:
        try:
            return unicodedata.lookup(kind.format(FACES[face].unicode, size, said))
        except KeyError:
            continue
    return letter
