r"""Faces: the types in which an author sets names, \mathbf{x}, for the page to set them so.

Gives `faces`.  A name that is set in one face everywhere has it; one that is bold whole and plain
with an index, \mathbf{x} beside x_i, keeps both; one that is set otherwise here and there has none.

Imports names, standing and tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.reader.latex.names import ACCENTS, FONTS, GREEK
from symderiv.reader.latex.standing import Standing, standing
from symderiv.reader.latex.tokens import Token

# the same face by another name, which needs no package
_AS = {
    "bm": "boldsymbol", "pmb": "boldsymbol", "bf": "mathbf", "textbf": "mathbf",
    "cal": "mathcal", "rm": "mathrm", "textrm": "mathrm", "textit": "mathit",
}  # fmt: skip


def faces(found: Sequence[Token]) -> dict[str, str]:
    """The faces by name; x[] is x with an index."""
    whole: dict[str, set[str]] = {}
    indexed: dict[str, set[str]] = {}
    for name in standing(found):
        base, face = _set(found, name)
        (indexed if name.indexed else whole).setdefault(base, set()).add(face)
    out: dict[str, str] = {}
    for base in whole.keys() | indexed.keys():
        one, many = whole.get(base, set()), indexed.get(base, set())
        if len(one | many) == 1:
            out[base] = (one | many).pop()
        elif len(one) == len(many) == 1:
            out[base], out[f"{base}[]"] = one.pop(), many.pop()
    kept = {b for b, face in out.items() if face or out.get(f"{b}[]")}
    return {b: face for b, face in out.items() if b.removesuffix("[]") in kept}


def _set(found: Sequence[Token], name: Standing) -> tuple[str, str]:
    """The identifier of a name without its scripts, and its face."""
    head = found[name.start : name.end]
    end = next((n for n, t in enumerate(head) if t.kind == "mark" and t.text in "_^'"), len(head))
    commands = [t.text for t in head[:end] if t.kind == "command"]
    face = next((c for c in commands if c in FONTS), "")
    accent = next((ACCENTS[c] for c in commands if c in ACCENTS), "")
    return GREEK.get(name.base, name.base) + accent, _AS.get(face, face)
