"""Stages taken together: those whose joint derivative is simpler than theirs one by one.

Gives `taken_together`.  The law: a logarithm undoes an exponential, and a quotient takes out what
all its exponentials have in common.  Where only arithmetic stands between a logarithm, or a
denominator, and an exponential (products, quotients, powers, and sums of which every term holds
one), the derivative of the whole is simpler, p - delta for -log softmax; and where the exponentials
leave the floats, that of the stages one by one would be 0/0.  So the stages on such a path have no
adjoint of their own: their consumers are read through them.  A stage of which an exponent of such a
quotient is made, as u in u/(1 + exp(-u)), is a number there, of no such size: it has its adjoint.

Floor 2: imports floors 0 and 1.  To add a law: a function from the stages to names, joined here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

import sympy
from sympy import Sum
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.terms import Neg, Plus, Power, Quantity, Quotient, Times, sigmoid, subterms
from symderiv.terms.problem import Definition

EXPONENTIALS = (sympy.exp, sigmoid)


def taken_together(stages: Sequence[Definition]) -> frozenset[str]:
    """The names of the stages that are read through by every stage that mentions them."""
    paths = _Paths({s.name: s for s in stages})
    found: set[str] = set()
    for stage in stages:
        for t in subterms(stage.body):
            if isinstance(t, sympy.log):
                found |= paths.crossed(t.args[0]) or set()
            if isinstance(t, Quotient) and (below := paths.crossed(t.denominator)) is not None:
                found |= below | paths.above(t, below)
    return frozenset(found)


@dataclass
class _Paths:
    """The stages on the way to an exponential, each stage looked at once."""

    stages: Mapping[str, Definition]
    known: dict[str, set[str] | None] = field(default_factory=dict)

    def crossed(self, term: Basic) -> set[str] | None:
        """The stages between a term and the exponentials in it; None where there is none."""
        if isinstance(term, EXPONENTIALS):
            return set()
        if isinstance(term, Quantity):
            return self._through(term.name)
        if isinstance(term, Power | Sum):
            return self.crossed(term.args[0])
        if isinstance(term, Neg):
            return self.crossed(term.term)
        if isinstance(term, Times | Quotient):
            ways = [way for way in map(self.crossed, term.args) if way is not None]
            return set().union(*ways) if ways else None
        if isinstance(term, Plus):
            all_ways = [self.crossed(a) for a in term.args if not a.is_number]
            return None if None in all_ways else set().union(*filter(None, all_ways))
        return None

    def above(self, quotient: Quotient, below: set[str]) -> set[str]:
        """The stages between a numerator and its exponentials, up to what exponents are made of."""
        found = self.crossed(quotient.numerator) or set()
        if not found:
            return found
        places = (quotient, *(self.stages[name].body for name in found | below))
        waiting = [e.args[0] for p in places for e in subterms(p) if isinstance(e, EXPONENTIALS)]
        numbers: set[str] = set()
        while waiting:
            for t in subterms(waiting.pop()):
                if isinstance(t, Quantity) and t.name in self.stages and t.name not in numbers:
                    numbers.add(t.name)
                    waiting.append(self.stages[t.name].body)
        if found.isdisjoint(numbers):
            return found
        rest = {name: stage for name, stage in self.stages.items() if name not in numbers}
        return _Paths(rest).crossed(quotient.numerator) or set()

    def _through(self, name: str) -> set[str] | None:
        if name not in self.known:
            self.known[name] = None  # a recurrence that comes back to itself
            stage = self.stages.get(name)
            way = None if stage is None else self.crossed(stage.body)
            self.known[name] = None if way is None else {name, *way}
        return self.known[name]
