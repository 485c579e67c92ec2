"""Documents: a derivation as a page, for every target from one model.

Gives `page` (a derivation's page), `write` (a page as text, LaTeX, Markdown, Typst),
`press` (PDF, SVG and PNG) and `book` (the committed derivations).

    write(page(derivation), "latex", Setting(rules="overset"))

Floor 4: imports floors 0 to 2.

To add a target: one writer, one row in `targets.TARGETS`.
"""

from __future__ import annotations

from symderiv.documents.blocks import Matrix, Numbers, Page
from symderiv.documents.page import page
from symderiv.documents.targets import TARGETS, write
from symderiv.documents.writer import Setting

__all__ = ["TARGETS", "Matrix", "Numbers", "Page", "Setting", "page", "write"]
