"""Where a rule applies: everywhere in a line, from outside in or from inside out.

Gives `outermost` (each place that is not inside another, once) and `innermost` (every place,
inner ones first).  Neither knows a rule by name.

Floor 2: imports terms and the register of rules only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sympy import Expr, Indexed, KroneckerDelta, Tuple
from sympy.core.basic import Basic

from symderiv import patience
from symderiv.rules.registry import Rule
from symderiv.terms import Quantity, rebuild
from symderiv.terms.factors import tidy

LEAVES = (Indexed, KroneckerDelta, Tuple)


def outermost(rules: Sequence[Rule], line: Expr) -> tuple[Expr, list[Rule]]:
    """The line with the first rule that fits applied at each outermost place, and those used."""
    patience.look()
    used: list[Rule] = []
    result = _outermost(rules, line, used)
    return (tidy(result), list(dict.fromkeys(used))) if used else (line, used)


def _outermost(rules: Sequence[Rule], term: Basic, used: list[Rule]) -> Basic:
    for rule in rules:
        changed = rule(term)
        if changed is not None and changed != term:
            used.append(rule)
            return changed
    if not term.args or isinstance(term, (*LEAVES, Quantity)):
        return term
    return rebuild(term, tuple(_outermost(rules, a, used) for a in term.args))


def innermost(rules: Sequence[Rule], line: Expr) -> tuple[Expr, list[Rule]]:
    """The line with rules applied at every place, inner places first, and those used."""
    patience.look()
    used: list[Rule] = []
    result = _innermost(rules, line, used)
    return (tidy(result), list(dict.fromkeys(used))) if used else (line, used)


def _innermost(rules: Sequence[Rule], term: Basic, used: list[Rule]) -> Basic:
    if term.args and not isinstance(term, (*LEAVES, Quantity)):
        term = rebuild(term, tuple(_innermost(rules, a, used) for a in term.args))
    for rule in rules:
        changed = rule(term)
        if changed is not None and changed != term:
            used.append(rule)
            return changed
    return cast(Expr, term)
