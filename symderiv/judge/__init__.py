"""The judge: is this line equal to the line before?

    Judge(problem).compare(before, after) -> Verdict
    Judge(problem, size=3)                    the same at a chosen size
    Judge(problem).proof(before, after)       the facts of a proof, or None; no counterexample
    Judge(problem).normal(term)               the normal form, for looking at
    refusal(rule, verdict)                    what to print of a line that was refused

Strongest first: a proof for every size (normal forms: lines, zero), exactly at sizes 1 to 4
(sizes), to 50 digits (digits).  No rule of the engine is used here.  Imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from sympy import Derivative, Expr

from symderiv.judge.atoms import Form, OutOfReach
from symderiv.judge.domains import missing
from symderiv.judge.forms import MOST_EFFORT
from symderiv.judge.ledger import Ledger
from symderiv.judge.lines import Lines
from symderiv.judge.polynomials import added, negated
from symderiv.judge.refusals import refusal
from symderiv.judge.trials import Trials
from symderiv.judge.zero import is_zero
from symderiv.terms.problem import Fact, Problem
from symderiv.terms.verdict import Counterexample, Strength, Verdict

__all__ = ["Judge", "refusal"]


class Judge:
    """Decides lines of one problem.

    `size` is the chosen size: an int for the size of the variable's axes, or sizes by name.
    """

    def __init__(self, problem: Problem, size: int | Mapping[str, int] | None = None) -> None:
        self.problem = problem
        self.sizes = _chosen(problem, size)
        self._ledgers: dict[tuple[Fact, ...], Ledger] = {}

    def compare(self, before: Expr, after: Expr) -> Verdict:
        """The verdict on `before = after`."""
        facts = self.proof(before, after)
        if facts is not None:
            return Verdict(Strength.PROVED, facts=facts, note=self._scope())
        return self._tried(Trials(self.problem, before, after, self.sizes))

    def _tried(self, trials: Trials) -> Verdict:
        """The verdict at concrete sizes, where there is no proof."""
        found = trials.counterexample()
        if found is not None:
            return Verdict(Strength.REFUTED, counterexample=found)
        given = self.problem.facts
        for facts in dict.fromkeys(((), given)):
            trials.facts = facts
            sizes = trials.exact()
            if sizes:
                note = (
                    "sizes " + ", ".join(map(str, sizes)) if trials.axes.sizes else "no size in it"
                )
                return Verdict(Strength.EXACT, facts=facts, sizes=sizes, note=note)
        agreed = trials.digits()
        if isinstance(agreed, Counterexample):
            return Verdict(Strength.REFUTED, counterexample=agreed)
        if agreed:
            return Verdict(Strength.NUMERIC, facts=given, note=f"{agreed} points, 40 digits")
        return Verdict(Strength.UNDECIDED, note=trials.trouble or "no point to compare at")

    def proof(self, before: Expr, after: Expr) -> tuple[Fact, ...] | None:
        """The fewest facts under which the two are proved equal, None where there is no proof.

        Quick, and silent on what is false: `compare` looks for a counterexample as well.
        """
        given = self.problem.facts
        counts = range(len(given) + 1) if len(given) <= 4 else (0, 1, 2, len(given))
        for count in counts:
            for facts in combinations(given, count):
                if self._proved(before, after, facts):
                    return facts
        return None

    def missing(self, function: Expr, derivative: Expr, claim: Expr) -> Counterexample | None:
        """A point at which a function and its derivative are real and the claim is not."""
        return missing(Trials(self.problem, derivative, claim, self.sizes), function)

    def normal(self, term: Expr) -> Form:
        """The normal form of a term, without facts.

        Raises
        ------
        OutOfReach
            where the normal form does not cover the term.
        """
        return self._ledger(()).form(term)

    def _scope(self) -> str:
        if not self.sizes:
            return "for every K"
        return "for " + ", ".join(f"{name} = {n}" for name, n in sorted(self.sizes.items()))

    def _ledger(self, facts: tuple[Fact, ...]) -> Ledger:
        if facts not in self._ledgers:
            self._ledgers[facts] = Ledger(Lines(self.problem, self.sizes), facts)
        return self._ledgers[facts]

    def _proved(self, before: Expr, after: Expr, facts: tuple[Fact, ...]) -> bool:
        kinks = before.has(Derivative) or after.has(Derivative)
        if self.problem.stages and not kinks:
            # equal whatever the named quantities are: quick, and often enough
            lines = self._ledger(facts).lines
            with lines.holding(frozenset(s.name for s in self.problem.stages)):
                if self._equal(before, after, facts, kinks):
                    return True
        return self._equal(before, after, facts, kinks)

    def _equal(self, before: Expr, after: Expr, facts: tuple[Fact, ...], kinks: bool) -> bool:
        ledger = self._ledger(facts)
        ledger.lines.ring.effort = 0
        try:
            ledger.lines.note_letters(before, after)
            left, right = (self._form(term, ledger) for term in (before, after))
            return is_zero(ledger.lines.ring, added(left, negated(right)), kinks)
        except (OutOfReach, RecursionError):
            return False

    def _form(self, term: Expr, ledger: Ledger) -> Form:
        """The normal form of one side; a side that took too much is not tried again."""
        if term in ledger.too_much:
            raise OutOfReach("too many terms")
        spent = ledger.lines.ring.effort
        try:
            return ledger.form(term)
        except OutOfReach:
            if ledger.lines.ring.effort - spent > MOST_EFFORT / 2:
                ledger.too_much.add(term)
            raise


def _chosen(problem: Problem, size: int | Mapping[str, int] | None) -> dict[str, int]:
    if size is None:
        return {}
    if not isinstance(size, int):
        return dict(size)
    names: dict[str, int] = {}
    for variable in problem.wrt[:1]:
        name = str(getattr(getattr(variable, "base", None), "label", variable))
        for axis in problem.shapes.get(name, ()):
            for symbol in axis.free_symbols:
                names[symbol.name] = size
    return names
