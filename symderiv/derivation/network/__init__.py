"""Networks: backpropagation through a graph of stages, one lemma an edge.

Gives `backpropagation`, and what it makes: `Backpropagation`, `Adjoint` and `Lemma`.

Floor 2: imports floors 0 and 1 and the textbook.  `graph` says what mentions what, `joint` which
stages are taken together, `lemmas` derives an edge, `pattern` finds lemmas that are equal up to
names, `adjoints` puts them together.
"""

from __future__ import annotations

from symderiv.derivation.network.adjoints import (
    Adjoint,
    Backpropagation,
    as_it_is,
    backpropagation,
)
from symderiv.derivation.network.lemmas import Lemma

__all__ = ["Adjoint", "Backpropagation", "Lemma", "as_it_is", "backpropagation"]
