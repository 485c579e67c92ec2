"""Matrices: answers in index notation as expressions of whole arrays.

Gives `matrix_form`, `einsum_form` for what has none, and `line_forms` for the lines of a network.
`raising` makes an expression of a line by the contraction graph of each term (`graph`), `page` and
`code` spell it, `einsum` writes one without a graph, `again` reads what was spelled, and `form` has
the judge compare it with the answer.

Floor 4: imports the derivation, the reader, the judge and the printers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderiv import late

if TYPE_CHECKING:
    from symderiv.matrices.form import Form, einsum_form, matrix_form
    from symderiv.matrices.lines import line_forms

__all__ = ["Form", "einsum_form", "line_forms", "matrix_form"]

_HOMES = {"line_forms": "lines"}

__getattr__ = late.names(__name__, {name: _HOMES.get(name, "form") for name in __all__})
