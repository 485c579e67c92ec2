"""Matrices: answers in index notation as expressions of whole arrays.

Gives `matrix_form`, and `einsum_form` for what has none.  `raising` makes an expression of a line
by the contraction graph of each term (`graph`), `page` and `code` spell it, `einsum` writes one
without a graph, `again` reads what was spelled, and `form` has the judge compare it with the
answer.

Floor 4: imports the derivation, the reader, the judge and the printers.
"""

from __future__ import annotations

from symderiv.matrices.form import Form, einsum_form, matrix_form

__all__ = ["Form", "einsum_form", "matrix_form"]
