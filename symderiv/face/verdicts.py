"""Verdicts: what the judge says of each derivation of the catalogue, for the list to show at once.

Gives `verdicts`; as a program, `python -m symderiv.face.verdicts`, it writes them anew into the
catalogue, whose list derives nothing.

Floor 5: imports the catalogue, the documents and the face's answers.
"""

from __future__ import annotations

import json
from pathlib import Path

from symderiv import catalogue
from symderiv.catalogue.names import VERDICTS
from symderiv.documents.verdicts import in_short
from symderiv.face.answering import answer_named
from symderiv.files import replace
from symderiv.printers.text import text


def verdicts() -> dict[str, str]:
    """How strongly the weakest line of each holds, by name: "proved for every K"."""
    functions = catalogue.functions().values()
    names = [f.named(d) for f in functions for d in f.derivatives if d.holds]
    return {name: _said(name) for name in names}


def _said(name: str) -> str:
    strength, scope = in_short(answer_named(name))
    return strength + "".join(part if isinstance(part, str) else text(part) for part in scope)


if __name__ == "__main__":
    place = Path(catalogue.__file__).parent / VERDICTS
    replace(place, json.dumps(verdicts(), indent=1) + "\n")
