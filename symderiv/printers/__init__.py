"""Printers: how a term looks, one file per target.

Gives `text` (one Unicode line), `latex` (the subset that amsmath, MathJax and KaTeX share),
`typst` (Typst mathematics), `mathml` (MathML Core) and `speech` (words, for alternative texts).
Which terms stand in brackets, where a product needs a dot and which long sums are shortened is
decided once, in `layout`; a target only spells.

Floor 1: imports floor 0 and SymPy.

To add a target: subclass `layout.Layout` together with SymPy's nearest printer and spell the
abstract methods.
"""

from __future__ import annotations

from symderiv.printers.latex import latex
from symderiv.printers.mathml import mathml
from symderiv.printers.speech import speech
from symderiv.printers.text import text
from symderiv.printers.typst import typst

__all__ = ["latex", "mathml", "speech", "text", "typst"]
