"""Known values: what was made of a term, for the next time that it stands where the same holds.

Gives `Known`.  A sum of exponentials says beside its value what the next one may ask of it, the
zeros of `shifts.whole`: these are part of what holds, and are said again.

Imports graph, indices, scaled, shifts; floor 0.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from sympy import Expr

from symderiv.emit.indices import Scope
from symderiv.emit.nodes import Node
from symderiv.emit.scaled import Scaled
from symderiv.emit.shifts import Shifts, Zero
from symderiv.terms.remembering import REMEMBERED


class Known:
    """The values of one lowering's terms."""

    def __init__(self, shifts: Shifts) -> None:
        self.shifts = shifts
        self._made: dict[Hashable, tuple[Scaled, dict[Node, frozenset[Zero]]]] = {}

    def value(
        self, term: Expr, scope: Scope, holding: Hashable, made: Callable[[Expr, Scope], Scaled]
    ) -> Scaled:
        """The value of a term, made once for a scope and what else holds."""
        shifts, runs = self.shifts, (tuple(r.items()) for r in (scope.letters, scope.steps))
        own = (shifts.graph.order, min(shifts.roots, 2), frozenset(shifts.whole.items()))
        asked = (term, *runs, scope.held, holding, own)
        if asked not in self._made:
            value = made(term, scope)
            if len(self._made) >= REMEMBERED:
                self.forget()
            self._made[asked] = value, dict(shifts.whole)
        value, whole = self._made[asked]
        shifts.whole = dict(whole)
        return value

    def forget(self) -> None:
        """A stage is another array from here on, or another step of a loop begins."""
        self._made.clear()
