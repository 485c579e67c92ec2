"""Where a rule applies: everywhere in a line, from outside in or from inside out.

Gives `outermost` (each place that is not inside another, once) and `innermost` (every place,
inner ones first).  Neither knows a rule by name.

Floor 2: imports terms and the register of rules only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Expr, Indexed, KroneckerDelta, Tuple
from sympy.core.basic import Basic

from symderiv import patience
from symderiv.rules.registry import Rule
from symderiv.terms import Quantity, rebuild
from symderiv.terms.factors import tidy

LEAVES = (Indexed, KroneckerDelta, Tuple)


class _Pass:
    """Rules going once through a line; what stands in it twice is worked at once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.used: dict[Rule, None] = {}
        self._done: dict[Basic, Basic] = {}

    def through(self, line: Expr, inside_first: bool) -> tuple[Expr, list[Rule]]:
        """The line after the pass, and the rules that were used."""
        patience.look()
        walk = self._innermost if inside_first else self._outermost
        result = walk(line)
        return (tidy(result), list(self.used)) if self.used else (line, [])

    def _outermost(self, term: Basic) -> Basic:
        done = self._done.get(term)
        if done is None:
            done = self._changed(term)
            if done is None:
                done = self._inside(term, self._outermost)
            self._done[term] = done
        return done

    def _innermost(self, term: Basic) -> Basic:
        done = self._done.get(term)
        if done is None:
            done = self._inside(term, self._innermost)
            changed = self._changed(done)
            done = done if changed is None else changed
            self._done[term] = done
        return done

    def _inside(self, term: Basic, walk: Callable[[Basic], Basic]) -> Basic:
        if not term.args or isinstance(term, (*LEAVES, Quantity)):
            return term
        return rebuild(term, tuple(walk(a) for a in term.args))

    def _changed(self, term: Basic) -> Basic | None:
        patience.look()
        for rule in self.rules:
            changed = rule(term)
            if changed is not None and changed != term:
                self.used[rule] = None
                return changed
        return None


def outermost(rules: Sequence[Rule], line: Expr) -> tuple[Expr, list[Rule]]:
    """The line with the first rule that fits applied at each outermost place, and those used."""
    return _Pass(rules).through(line, inside_first=False)


def innermost(rules: Sequence[Rule], line: Expr) -> tuple[Expr, list[Rule]]:
    """The line with rules applied at every place, inner places first, and those used."""
    return _Pass(rules).through(line, inside_first=True)
