"""Alike: are two terms one and the same but for their names?

Gives `Names`, which walks two terms side by side and keeps which name answers to which, both ways,
so that no two names ever become one.  Bound letters answer to each other inside their own sum.
A stage and an array of the same name and indices are alike: which it is, is for others to say.

Imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

import sympy
from sympy import Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.terms import Quantity
from symderiv.terms.derived import derived
from symderiv.terms.letters import BINDERS
from symderiv.terms.problem import name_of

ANY_ORDER = (KroneckerDelta, sympy.Max, sympy.Min, sympy.Add, sympy.Mul)
Bound = tuple[tuple[Symbol, Symbol], ...]


@dataclass
class Names:
    """Which name on the left answers to which on the right, as far as they were met."""

    there: dict[str, str] = field(default_factory=dict)
    back: dict[str, str] = field(default_factory=dict)

    def fix(self, names: Iterable[str]) -> None:
        """Let these names answer to themselves alone."""
        for name in names:
            self._answer(name, name)

    def alike(self, left: Basic, right: Basic, bound: Bound = ()) -> bool:
        """Are the two terms one but for names?"""
        if isinstance(left, Indexed | Quantity) and isinstance(right, Indexed | Quantity):
            return self._answer(name_of(left), name_of(right)) and self._each(
                left.args[1:], right.args[1:], bound
            )
        if isinstance(left, Symbol | Quantity) and isinstance(right, Symbol | Quantity):
            return self._symbols(left, right, bound)
        if type(left) is not type(right) or len(left.args) != len(right.args):
            return False
        if not left.args:
            return bool(left == right)
        if isinstance(left, BINDERS):
            return self._bound(left, right, bound)
        if isinstance(left, ANY_ORDER):
            return self._any_order(left.args, right.args, bound)
        return self._each(left.args, right.args, bound)

    def _symbols(self, left: Basic, right: Basic, bound: Bound) -> bool:
        for a, b in reversed(bound):
            if left == a or right == b:
                return bool(left == a and right == b)
        plain = [s.symbol if isinstance(s, Quantity) and len(s.args) == 1 else s
                 for s in (left, right)]  # fmt: skip
        if not all(isinstance(s, Symbol) for s in plain):
            return False
        kinds = [(s.is_integer, s.is_positive) for s in plain]
        return kinds[0] == kinds[1] and self._answer(name_of(plain[0]), name_of(plain[1]))

    def _bound(self, left: Basic, right: Basic, bound: Bound) -> bool:
        inner = bound
        for t, u in zip(left.args[1:], right.args[1:], strict=True):
            if not self._each(t.args[1:], u.args[1:], bound):
                return False
            inner = (*inner, (t.args[0], u.args[0]))
        return self.alike(left.args[0], right.args[0], inner)

    def _any_order(self, left: tuple[Basic, ...], right: tuple[Basic, ...], bound: Bound) -> bool:
        """Arguments that SymPy orders by their names: those of a delta, of a maximum, of i + k."""
        if not left:
            return not right
        for n, other in enumerate(right):
            kept = dict(self.there), dict(self.back)
            rest = (*right[:n], *right[n + 1 :])
            if self.alike(left[0], other, bound) and self._any_order(left[1:], rest, bound):
                return True
            self.there, self.back = kept
        return False

    def _each(self, left: tuple[Basic, ...], right: tuple[Basic, ...], bound: Bound) -> bool:
        return len(left) == len(right) and all(
            self.alike(a, b, bound) for a, b in zip(left, right, strict=True)
        )

    def _answer(self, left: str, right: str) -> bool:
        one, other = derived(left), derived(right)
        if one is not None and other is not None:  # of matrices that answer to each other
            return one.function == other.function and self._answer(one.array, other.array)
        return (
            one is other is None
            and self.there.setdefault(left, right) == right
            and self.back.setdefault(right, left) == left
        )
