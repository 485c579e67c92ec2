"""Where a rule applies: everywhere in a line, from outside in or from inside out.

Gives `outermost` (each place that is not inside another, once), `repeated` (the same until nothing
changes), `innermost` (every place, inner ones first) and `everywhere`, each `Application` of a rule
in one of these `WAYS`.  None knows a rule by name.

A rule says the same of a term whenever it is asked, and most of a line is as it was in the line
before: what came of a group of rules and a term is remembered.

Floor 2: imports terms and the register of rules only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from sympy import Expr, Indexed, KroneckerDelta, Tuple
from sympy.core.basic import Basic

from symderiv import patience
from symderiv.rules.registry import Heads, Rule, Transformation
from symderiv.terms import Partial, Quantity, rebuild
from symderiv.terms.contents import contents, kinds
from symderiv.terms.factors import tidy
from symderiv.terms.remembering import remembered

LEAVES = (Indexed, KroneckerDelta, Tuple, Quantity)
GROUPS = 128  # of rules; those that a problem brings along go with its time


class Application(NamedTuple):
    """A rule, what it was applied to, and what came of it."""

    rule: Rule
    before: Expr
    after: Expr


Found = tuple[Basic, tuple[Application, ...]]  # what a term becomes, and what made it that


class Group:
    """Rules that are tried together, in this order; those of each head apart.

    `heads` are the bits of all heads of which a rule speaks: without one of them in a term there
    is nothing to look for.
    """

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.heads = kinds(head for rule in rules for head in _listed(rule.of))
        self._of = _ByHead([(rule, rule.of) for rule in rules])
        derivative = (rule for rule in rules if issubclass(Partial, rule.of))
        self._of_derivative = _ByHead([(rule, rule.body) for rule in derivative])

    def may_change(self, term: Basic) -> bool:
        """Is there anything to look for in a term: a head in it of which a rule speaks?"""
        return bool(self.heads & contents(term).kinds)

    def fitting(self, term: Basic) -> list[Rule]:
        """The rules of a term's head; of a derivative those of what is differentiated."""
        head = type(term)
        return self._of_derivative[type(term.args[0])] if head is Partial else self._of[head]


class _ByHead(dict[type, list[Rule]]):
    """The rules that may apply to a term of a head, each given with its heads."""

    def __init__(self, rules: list[tuple[Rule, Heads]]) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, head: type) -> list[Rule]:
        self[head] = found = [rule for rule, of in self.rules if issubclass(head, of)]
        return found


Rules = Sequence[Rule] | Group


def _listed(heads: Heads) -> tuple[type[Basic], ...]:
    return heads if isinstance(heads, tuple) else (heads,)


def grouped(rules: Sequence[Rule]) -> Group:
    """The rules as a group: what is tried on many lines is made one once."""
    return _same_group(tuple(rules), tuple([rule.function for rule in rules]))


@lru_cache(maxsize=GROUPS)
def _same_group(rules: tuple[Rule, ...], functions: tuple[Transformation, ...]) -> Group:
    """The group of these rules as long as they do what they did."""
    return Group(rules)


def outermost(rules: Rules, line: Expr) -> tuple[Expr, list[Rule]]:
    """The line with the first rule that fits applied at each outermost place, and those used."""
    return _told(*everywhere(_outermost, rules, line))


def innermost(rules: Rules, line: Expr) -> tuple[Expr, list[Rule]]:
    """The line with rules applied at every place, inner places first, and those used."""
    return _told(*everywhere(_innermost, rules, line))


def _told(line: Expr, used: Sequence[Application]) -> tuple[Expr, list[Rule]]:
    return line, list(dict.fromkeys(application.rule for application in used))


def everywhere(
    way: Callable[[Group, Basic], Found], rules: Rules, line: Expr
) -> tuple[Expr, tuple[Application, ...]]:
    """The line with rules applied in that way, and each application; a term may stand twice."""
    group = rules if isinstance(rules, Group) else grouped(rules)
    if not group.may_change(line):
        return line, ()
    result, used = way(group, line)
    return (tidy(result), used) if used else (line, ())


@remembered
def _outermost(group: Group, term: Basic) -> Found:
    changed, used = _once(group, term)
    return (changed, used) if used else _within(_outermost, group, term)


@remembered
def _innermost(group: Group, term: Basic) -> Found:
    term, inner = _within(_innermost, group, term)
    changed, used = _once(group, term)
    return changed, (*inner, *used)


WAYS = (_outermost, _innermost)


def _within(way: Callable[[Group, Basic], Found], group: Group, term: Basic) -> Found:
    """The term with rules applied to its arguments, those that may change."""
    if isinstance(term, LEAVES):
        return term, ()
    heads, args = group.heads, term.args
    made: list[Basic] | None = None
    used: tuple[Application, ...] = ()
    for n, arg in enumerate(args):
        # no rule is of the limits of a sum
        if type(arg) is not Tuple and heads & contents(arg).kinds:
            changed, more = way(group, arg)
            if more:
                made = made or list(args)
                made[n] = changed
                used += more
    return (term, ()) if made is None else (rebuild(term, tuple(made)), used)


def _once(group: Group, term: Basic) -> Found:
    """The first rule that changes a term, at this place only."""
    for rule in group.fitting(term):
        changed = applied(rule.function, term)
        if changed is not None and changed != term:
            return changed, (Application(rule, cast(Expr, term), changed),)
    return term, ()


@remembered
def applied(function: Transformation, term: Basic) -> Expr | None:
    """What the function of a rule makes of a term: a page asks again what the engine asked."""
    patience.look()
    return function(term)


def repeated(group: Rules, line: Expr) -> tuple[Expr, list[Rule]]:
    """The group from outside in, again and again until nothing changes: one line of the page."""
    after, used = outermost(group, line)
    more = used
    while more:
        after, more = outermost(group, after)
        used = [*used, *more]
    return after, list(dict.fromkeys(used))
