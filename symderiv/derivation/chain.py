"""The chain of lines while it is written: the one place that makes a step.

Gives `Chain`, whose `advance` adds a line that rules made once the judge passes it, `Refusal` (a
line that does not hold) and `Stuck` (no line leads further, or the lines grow without bound).

Floor 2: imports floors 0 and 1 and `step`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING

from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv import late, patience
from symderiv.derivation import Step
from symderiv.judge import Judge
from symderiv.mistakes import Unanswered
from symderiv.printers.text import text
from symderiv.records import dataclass
from symderiv.rules.registry import Rule
from symderiv.terms import subterms
from symderiv.terms.arrangement import arranged
from symderiv.terms.contents import contents
from symderiv.terms.verdict import Strength, Verdict, refusal

if TYPE_CHECKING:
    from symderiv.derivation import lacking
else:
    lacking = late.module("symderiv.derivation.lacking")

LONGEST = 80  # lines
LARGEST = 4000  # terms in a line, where its sums are not written out


class Refusal(Unanswered):
    """A line that the judge does not pass: the rule, both lines, the verdict and what it lacks."""

    def __init__(
        self,
        rule: str,
        before: Expr,
        after: Expr,
        verdict: Verdict,
        lacks: Sequence[str | Basic] = (),
    ) -> None:
        self.rule, self.before, self.after, self.verdict = rule, before, after, verdict
        self.lacks = tuple(lacks)
        said = "".join(part if isinstance(part, str) else text(part) for part in lacks)
        super().__init__(refusal(rule, replace(verdict, note=said or verdict.note)))


class Stuck(Unanswered):
    """No rule takes the derivation further."""


@dataclass
class Chain:
    """A derivation being written: the lines so far.

    `letters`: the order in which the components of one array stand in a product.
    """

    judge: Judge
    line: Expr
    letters: tuple[Symbol, ...] = ()
    steps: list[Step] = field(default_factory=list)
    seen: set[Expr] = field(default_factory=set)

    def advance(self, after: Expr, rules: Sequence[Rule]) -> bool:
        """Add a line made by the rules, once the judge passes it; False if it leads nowhere new."""
        patience.look()
        after = arranged(after, self.letters, self.line)
        if after == self.line or after in self.seen:
            return False
        name = ", ".join(dict.fromkeys(r.name for r in rules))
        laws = tuple(dict.fromkeys(law for r in rules for law in r.laws))
        identifiers = tuple(dict.fromkeys(r.identifier for r in rules))
        if len(self.steps) >= LONGEST:
            raise Stuck(f"no closed form after {LONGEST} lines")
        if not self.judge.sizes and _is_large(after):
            raise Stuck(f"a line of more than {LARGEST} terms")
        verdict = self.judge.compare(self.line, after)
        if not verdict.agrees:
            raise self._refusal(name, self.line, after, verdict)
        self.steps.append(Step(self.line, name, laws, after, verdict, identifiers))
        self.seen.add(self.line)
        self.line = after
        return True

    def close(self) -> None:
        """Hold the last line against the first, at more sizes than each line was held.

        Raises
        ------
        Refusal
            where they differ, though no line seemed to.
        """
        if self.steps:
            first = self.steps[0].before
            found = self.judge.confirm(first, self.line)
            if found is not None:
                verdict = Verdict(Strength.REFUTED, counterexample=found)
                raise self._refusal("the whole derivation", first, self.line, verdict)

    def _refusal(self, rule: str, before: Expr, after: Expr, verdict: Verdict) -> Refusal:
        lacks: tuple[str | Basic, ...] = ()
        if verdict.strength is Strength.REFUTED or not verdict.points:
            lacks = lacking.lacking(self.judge.problem, before, after, verdict.strength)
        return Refusal(rule, before, after, verdict, lacks)


def _is_large(line: Expr) -> bool:
    """Are there more terms in a line than a person would read, what stands in it twice once?"""
    return contents(line).length > LARGEST and sum(1 for _ in subterms(line)) > LARGEST
