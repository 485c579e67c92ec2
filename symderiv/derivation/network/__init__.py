"""Networks: backpropagation through a graph of stages, one lemma an edge.

Gives `backpropagation`, and what it makes: `Backpropagation`, `Adjoint` and `Lemma`.

Floor 2: imports floors 0 and 1 and the textbook.  `graph` says what mentions what, `joint` which
stages are always taken together and `gathering` which may be, `lemmas` derives an edge, `pattern`
finds lemmas that are equal up to names, `lines` and `adjoints` put them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderiv import late

if TYPE_CHECKING:
    from symderiv.derivation.network.adjoints import Backpropagation, as_it_is, backpropagation
    from symderiv.derivation.network.lemmas import Lemma
    from symderiv.derivation.network.lines import Adjoint

__all__ = ["Adjoint", "Backpropagation", "Lemma", "as_it_is", "backpropagation"]

_HOMES = {"Adjoint": "lines", "Lemma": "lemmas"}

__getattr__ = late.names(__name__, {name: _HOMES.get(name, "adjoints") for name in __all__})
