"""The judge: is this line equal to the line before?

    Judge(problem).compare(before, after) -> Verdict
    Judge(problem, size=3)                    the same at a chosen size
    Judge(problem).decide(function, statement, answer, claim) -> Verdict
    Judge(problem).proof(before, after)       the facts of a proof by normal forms, or None
    Judge(problem).normal(term)               the normal form, for looking at

Two roads lead to "proved": the normal forms of both sides agree (lines, zero), and an evaluator
that shares nothing with them tried to break the line and could not (attack).  Where they disagree
the line is refused.  What has no proof may be exact at sizes (trials, sizes, exact).  No rule of
the engine is used here.  Imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, wraps
from itertools import combinations
from typing import TYPE_CHECKING, ParamSpec, cast

from sympy import Derivative, Expr

from symderiv import late
from symderiv.judge.atoms import Form, OutOfReach
from symderiv.judge.attack import Attack, Finding
from symderiv.judge.attack.matrices import LARGEST
from symderiv.judge.axes import Axes
from symderiv.judge.counting import FURTHEST, MOST_STANDING, reach, standing
from symderiv.judge.differential import moves_one
from symderiv.judge.forms import MOST_EFFORT
from symderiv.judge.ledger import Ledger, Ledgers
from symderiv.judge.lines import Lines
from symderiv.judge.needs import lacks
from symderiv.judge.polynomials import added, negated
from symderiv.judge.shared import Opaque, differing, one_by_one
from symderiv.judge.zero import is_zero
from symderiv.patience import budget
from symderiv.terms import Maximum
from symderiv.terms.contents import contents, holds
from symderiv.terms.problem import Fact, Problem
from symderiv.terms.verdict import ENOUGH, LEAVES, OUTSIDE, Counterexample, Strength, Verdict

if TYPE_CHECKING:
    from symderiv.judge import trials
else:
    trials = late.module("symderiv.judge.trials")

SECONDS = 5.0  # for one comparison of normal forms
DEEP = 120  # terms of two lines; beyond them what they share is left out first
DISAGREE = "the normal forms agree and the values do not: a fault of symderiv, please report it"

P = ParamSpec("P")


def _in_reach(question: Callable[P, bool]) -> Callable[P, bool]:
    """The question, answered with no where the normal form does not reach."""

    @wraps(question)
    def asked(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            return question(*args, **kwargs)
        except (OutOfReach, RecursionError):
            return False

    return asked


class Judge:
    """Decides lines of one problem.

    `size` is the chosen size: an int for the size of the variable's axes, or sizes by name.
    """

    def __init__(self, problem: Problem, size: int | Mapping[str, int] | None = None) -> None:
        self.problem = problem
        self.sizes = _chosen(problem, size)
        self._ledgers = Ledgers(problem, self.sizes)
        self._opaque = Opaque()

    @cached_property
    def attack(self) -> Attack:
        """Tries lines at points."""
        return Attack(self.problem, self.sizes)

    def beside(self, problem: Problem) -> Judge | None:
        """A judge of the same problem where other letters have ranges, which knows what this does.

        None where a letter has another range there than here.
        """
        if not self._ledgers.admits(problem):
            return None
        other = Judge(problem, self.sizes)
        other._ledgers, other._opaque = self._ledgers, self._opaque
        return other

    def compare(self, before: Expr, after: Expr) -> Verdict:
        """The verdict on `before = after`: a step of a derivation."""
        facts = self.proof(before, after)
        doubted = facts is None
        finding = self.attack.on(before, after, doubted=doubted, enough=None if doubted else ENOUGH)
        if finding.counterexample is None and (finding.several < ENOUGH or finding.bare):
            finding = self.attack.on(before, after, thorough=True, doubted=doubted)
        return self._verdict(facts, finding, before, after)

    def doubt(self, before: Expr, after: Expr) -> Verdict:
        """The verdict on what is likely to be wrong: of what is refuted no proof is looked for."""
        found = self.attack.on(before, after, doubted=False).counterexample
        if found is not None:
            return Verdict(Strength.REFUTED, counterexample=found)
        return self.compare(before, after)

    def confirm(self, first: Expr, last: Expr) -> Counterexample | None:
        """The ends of a chain whose lines were compared, at more sizes than each line was."""
        return self.attack.on(first, last).counterexample

    def decide(self, function: Expr, statement: Expr, answer: Expr, claim: Expr) -> Verdict:
        """The verdict on a claim about the derivative of a function.

        `statement` is that derivative as it was asked for, `answer` what it was proved to be.  The
        claim is attacked as somebody would who wants it to be wrong.
        """
        facts = self.proof(statement, claim)
        if facts is None and statement != answer:
            facts = self.proof(answer, claim)
        finding = self.attack.on(statement, claim, True, function, doubted=facts is None)
        verdict = self._verdict(facts, finding, statement, claim)
        if finding.gap is None or verdict.strength is Strength.REFUTED:
            return verdict
        return Verdict(
            Strength.UNDECIDED, counterexample=finding.gap, note=_too_narrow(finding.gap)
        )

    def _verdict(
        self, facts: tuple[Fact, ...] | None, finding: Finding, before: Expr, after: Expr
    ) -> Verdict:
        """What follows from both roads: the normal forms, and the attack."""
        if finding.counterexample is not None:
            outside = finding.counterexample.right == OUTSIDE
            note = "" if facts is None else LEAVES if outside else DISAGREE
            return Verdict(Strength.REFUTED, counterexample=finding.counterexample, note=note)
        points = finding.points
        if not points:
            return Verdict(Strength.UNDECIDED, note=finding.trouble)
        if finding.bare:
            note = f"one side or the other never has a value where {finding.bare}"
            return Verdict(Strength.UNDECIDED, note=note)
        if facts is not None:
            return Verdict(
                Strength.PROVED, facts=facts, note=self._scope(before, after), points=points
            )
        note = f"agrees at {points} points"
        if not finding.trouble:
            tried = trials.Trials(self.problem, before, after, self.sizes)
            exact = self._exactly(tried)
            if exact is not None and not self._reached(tried.axes, before, after):
                note += " and exactly at small sizes, but an index or a size stands by itself"
            elif exact is not None and not self._defined(before, after, exact.facts):
                note += ", and the second side may have no value where the first has one"
            elif exact is not None:
                return replace(exact, points=points)
        return Verdict(Strength.UNDECIDED, note=note, points=points)

    def _reached(self, axes: Axes, before: Expr, after: Expr) -> bool:
        """Was all tried that the numbers in two lines ask for?"""
        lines = (before, after, *(stage.body for stage in self.problem.stages))
        held = frozenset().union(*(standing(self.problem, axes, t) for t in lines))
        furthest = LARGEST - 2 if self.problem.inverts else FURTHEST
        return (
            max(reach(self.problem, t) for t in lines) <= furthest
            and len(held - self.sizes.keys()) <= MOST_STANDING
        )

    def _exactly(self, tried: trials.Trials) -> Verdict | None:
        """Equal as polynomials at concrete sizes, under no facts or under all of them."""
        for facts in dict.fromkeys(((), self.problem.facts)):
            tried.facts = facts
            sizes = tried.exact()
            if sizes:
                listed = ", ".join(map(str, sizes))
                more = ", equal and different ones" if len(tried.axes.sizes) > 1 else ""
                note = f"sizes {listed}{more}" if tried.axes.sizes else "no size in it"
                return Verdict(Strength.EXACT, facts=facts, sizes=sizes, note=note)
        return None

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

    @_in_reach
    def positive(self, term: Expr) -> bool:
        """Is a term surely positive, under the facts of the problem?"""
        ledger = self._ledgers.under(self.problem.facts)
        _afresh(ledger.lines)
        ledger.lines.note_letters(term)
        ring = ledger.lines.ring
        form, below = ring.cleared(ledger.form(term))
        return all(ring.sign(g) == 2 for g in below) and ring.surely_positive(form)

    @_in_reach
    def moves_one(self, extreme: Maximum, variable: Expr) -> bool:
        """Is only one term of a maximum over a letter moved by a variable, at any size?"""
        lines = self._ledgers.under(()).lines
        _afresh(lines)
        lines.note_letters(extreme, variable)
        with lines.inside(extreme) as letters:
            by_term = lines.partial(cast(Expr, extreme.function), variable)
        return moves_one(lines.ring, by_term, letters)

    def normal(self, term: Expr) -> Form:
        """The normal form of a term, without facts.

        Raises
        ------
        OutOfReach
            where the normal form does not cover the term.
        """
        return self._ledgers.under(()).form(term)

    def _scope(self, *lines: Expr) -> str:
        """For which sizes a line is proved: not for those at which a number in it has no place."""
        if not self.sizes:
            known = self._least_sizes
            presumed = self.problem.least_sizes(*lines)
            more = [f"{k} from {n}" for k, n in sorted(presumed.items()) if n > known.get(k, 1)]
            return f"for every {' and '.join(more)} on" if more else self.problem.every_size
        return "for " + ", ".join(f"{name} = {n}" for name, n in sorted(self.sizes.items()))

    @cached_property
    def _least_sizes(self) -> dict[str, int]:
        """The sizes that the problem itself takes to be larger than 1."""
        return self.problem.least_sizes()

    def _proved(self, before: Expr, after: Expr, facts: tuple[Fact, ...]) -> bool:
        return self._alike(before, after, facts) and self._defined(before, after, facts)

    @_in_reach  # the facts themselves may be, or take more time than is left
    def _alike(self, before: Expr, after: Expr, facts: tuple[Fact, ...]) -> bool:
        kinks = holds(before, Derivative) or holds(after, Derivative)
        if self.problem.stages and not kinks:
            # equal whatever the named quantities are: quick, and often enough
            lines = self._ledgers.under(facts).lines
            with lines.holding(frozenset(s.name for s in self.problem.stages)):
                if self._equal(before, after, facts, kinks):
                    return True
        deep = contents(before).length + contents(after).length > DEEP
        if not deep and self._equal(before, after, facts, kinks):
            return True
        if not facts and self._changed_well(before, after):
            return True
        return deep and self._equal(before, after, facts, kinks)

    @_in_reach
    def _changed_well(self, before: Expr, after: Expr) -> bool:
        """Is what is changed proved, whatever both lines hold?"""
        lines = self._ledgers.under(()).lines
        inside, left, right = differing(before, after)
        with ExitStack() as sums:
            lines.note_letters(before, after)
            for term in inside:
                sums.enter_context(lines.inside(term))
            alike = one_by_one(left, right)
            if alike and all(self._changed_well(b, a) for b, a in alike):
                return True
            pairs = self._opaque.pairs(left, right)
            return any(self._same(lines, a, b) for a, b in pairs) or (
                left != before and self._same(lines, left, right)
            )

    @staticmethod
    @_in_reach
    def _same(lines: Lines, left: Expr, right: Expr) -> bool:
        _afresh(lines)
        difference = added(lines.form(left), negated(lines.form(right)))
        kinks = holds(left, Derivative) or holds(right, Derivative)
        return is_zero(lines.ring, difference, lines.kinks(left, right) if kinks else None)

    @_in_reach
    def _defined(self, before: Expr, after: Expr, facts: tuple[Fact, ...]) -> bool:
        """Has `after` a value wherever the line before it and the function have one?"""
        lines = self._ledgers.under(facts).lines
        _afresh(lines)
        return not lacks(lines, after, before, self.problem.function)

    @_in_reach
    def _equal(self, before: Expr, after: Expr, facts: tuple[Fact, ...], kinks: bool) -> bool:
        ledger = self._ledgers.under(facts)
        _afresh(ledger.lines)
        ledger.lines.note_letters(before, after)
        left, right = (self._form(term, ledger) for term in (before, after))
        left_out = ledger.lines.kinks(before, after) if kinks else None
        difference = ledger.lines.presuming(added(left, negated(right)), before, after)
        return is_zero(ledger.lines.ring, difference, left_out)

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


def _afresh(lines: Lines) -> None:
    """A question of its own: with all the effort it may take, and the time that is left."""
    lines.ring.effort = 0
    lines.ring.budget = budget(SECONDS)


def _too_narrow(gap: Counterexample) -> str:
    place = replace(gap, sizes={}).place
    return f"it is {gap.right} at {place}, where the derivative is {gap.left}"


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
