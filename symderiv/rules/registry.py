"""The register of rules: one table, in firing order.

Gives `Rule`, the decorator `rule` and the table `RULES`.  A rule is a function of one term that
returns the term it becomes, or None where it does not apply.  It never recurses, prints or
checks: where it applies is `rewrite`, whether the line is true is the judge.

To add a rule: write the function in the file of its subject, with the law in LaTeX beside it:

    @rule("quotient rule", r"\\left(\\frac{u}{v}\\right)' = \\frac{u'v - uv'}{v^2}")
    def quotient(term):
        ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.terms import hold
from symderiv.terms.factors import tidy

Transformation = Callable[[Basic], Expr | None]


@dataclass(frozen=True)
class Rule:
    """A named law and the function that applies it to one term."""

    name: str
    law: str
    function: Transformation
    of: type[Basic] = Basic  # the heads it can apply to

    def __call__(self, term: Basic) -> Expr | None:
        """The term that this one becomes, or None."""
        return self.function(term) if isinstance(term, self.of) else None


RULES: dict[str, Rule] = {}


def rule(name: str, law: str, of: type[Basic] = Basic) -> Callable[[Transformation], Rule]:
    """Register a function as the rule of that name, for terms of a head; its result is held and
    tidied.
    """

    def register(function: Transformation) -> Rule:
        made = Rule(name, law, held(function), of)
        RULES[name] = made
        made.function.__doc__ = function.__doc__
        return made

    return register


def held(function: Transformation) -> Transformation:
    """The function, its result held (no SymPy Add, Mul or Pow is left in it) and tidied."""

    def apply(term: Basic) -> Expr | None:
        result = function(term)
        return None if result is None else tidy(hold(result))

    return apply


def made(name: str, law: str, function: Transformation) -> Rule:
    """A rule outside the register, its result held and tidied as that of every rule."""
    return Rule(name, law, held(function))
