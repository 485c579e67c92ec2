"""Printers: how a term looks, one file per target.

Gives in the file of that name `text` (one Unicode line), `latex` (the subset that amsmath, MathJax
and KaTeX share), `typst` (Typst mathematics), `mathml` (MathML Core) and `speech` (words, for
alternative texts); a start imports the printer that it uses.
Which terms stand in brackets, where a product needs a dot and which long sums are shortened is
decided once, in `layout`; a target only spells.

Floor 1: imports floor 0 and SymPy.

To add a target: subclass `layout.Layout` together with SymPy's nearest printer and spell the
abstract methods.
"""
