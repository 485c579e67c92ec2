"""Matrices: answers in index notation as expressions of whole arrays.

Gives `matrix_form`, and `line_forms` for the lines of a network.  `raising` makes an expression of
a line by the contraction graph of each term (`graph`), `page` and `code` spell it, `again` reads
what was spelled, and `form` has the judge compare it with the answer.

Floor 4: imports the derivation, the reader, the judge and the printers.
"""

from __future__ import annotations

from symderiv.matrices.form import Form, matrix_form
from symderiv.matrices.lines import line_forms

__all__ = ["Form", "line_forms", "matrix_form"]
