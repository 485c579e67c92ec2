"""Matrices: answers in index notation as expressions of whole arrays.

Gives `matrix_form`.  `raising` makes an expression of a line by the contraction graph of each term
(`graph`), `page` and `code` spell it, `again` reads what was spelled, and `form` has the judge
compare it with the answer.

Floor 4: imports the derivation, the reader, the judge and the printers.
"""

from __future__ import annotations

from symderiv.matrices.form import Form, matrix_form

__all__ = ["Form", "matrix_form"]
