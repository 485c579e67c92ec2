"""Derivations: chains of lines, each made by a rule and passed by the judge.

Gives `Step`, `Case`, `Claim` and `Derivation`.  Floor 2: imports floors 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from itertools import combinations
from typing import Any

from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.mistakes import Unanswered
from symderiv.printers.text import text
from symderiv.records import dataclass
from symderiv.rules.registry import Law
from symderiv.terms.letters import substitute
from symderiv.terms.pickled import Pickled
from symderiv.terms.problem import Fact, Problem
from symderiv.terms.sizes import decided
from symderiv.terms.verdict import Strength, Verdict, weakest


@dataclass(frozen=True, repr=False)
class Step(Pickled):
    """One line: `before` became `after` by rules, and the judge's verdict on it.

    Attributes
    ----------
    rule : the names of the rules, for people
    laws : what they say, with the letters of the textbook
    identifiers : the rules, for programs: they never change
    """

    before: Expr
    rule: str
    laws: tuple[Law, ...]
    after: Expr
    verdict: Verdict
    identifiers: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The assumptions this line uses."""
        return self.verdict.facts

    def __repr__(self) -> str:
        return f"<{said(self.before, self.after, self.verdict.strength)} by {self.rule}>"


@dataclass(frozen=True, eq=False)
class Case(Pickled):
    """The answer for one way in which the indices can be equal or not.

    `indices` is an example ({i: 1, j: 2}), `derivation` the entry worked, `value` what it comes
    to with the letters back in place, `condition` a relation (Eq, Ne) or words.
    """

    indices: Mapping[Symbol, int]
    derivation: Derivation
    value: Expr
    condition: Basic | str


@dataclass(frozen=True, repr=False)
class Claim(Pickled):
    """What somebody says that the answer is, and the judge's verdict on it."""

    term: Expr
    verdict: Verdict

    def __repr__(self) -> str:
        return f"<{text(self.term)}, {self.verdict.strength}>"


@dataclass(frozen=True, eq=False, repr=False)
class Derivation(Pickled):
    """A finished chain of steps; its last line is the answer.

    Attributes
    ----------
    name : catalogue name, "softmax-jacobian"
    title : what a page is headed with, "The Jacobian of softmax"
    problem : the stages, function, variables, facts and sizes it starts from
    statement : the first line, the derivative to be worked out
    steps : one per line
    lemmas : the finished derivations that steps cite
    exceptions : where the derivative does not exist, in words and terms
    conventions : what is taken there instead, in words, for each exception that has such
    cases : the answer by cases; for chosen sizes each case is an entry worked in full
    axes : the letters that index the answer, rows first
    sizes : the chosen sizes, {K: 3}; empty for every size
    fixed : the letters that are numbers throughout, such as a class label {y: 2}
    claim : what the answer was claimed to be, decided
    rows : the matrix of answers of several functions by several scalars, where it is that
    through : the `network.Backpropagation` in whose adjoints the answer is said, if there is one
    """

    name: str
    title: str
    problem: Problem
    statement: Expr
    steps: tuple[Step, ...]
    lemmas: tuple[Derivation, ...] = ()
    exceptions: tuple[tuple[str | Basic, ...], ...] = ()
    cases: tuple[Case, ...] = ()
    axes: tuple[Symbol, ...] = ()
    sizes: Mapping[Symbol, int] = field(default_factory=dict)
    claim: Claim | None = None
    rows: tuple[tuple[Expr, ...], ...] = ()
    fixed: Mapping[Symbol, int] = field(default_factory=dict)
    conventions: Mapping[tuple[str | Basic, ...], str] = field(default_factory=dict)
    through: Any = field(default=None, repr=False)  # which is made of derivations itself

    @property
    def answer(self) -> Expr:
        """The last line, as written; `symderiv.terms.release` of it is ordinary SymPy."""
        return self.steps[-1].after if self.steps else self.statement

    @property
    def lines(self) -> tuple[Expr, ...]:
        """All lines, the statement first."""
        return (self.statement, *(s.after for s in self.steps))

    @cached_property
    def order(self) -> tuple[Symbol, ...]:
        """The letters in the order in which components of one array stand in the lines."""
        return self.problem.axes(*self.statement.args)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every assumption used on some line, in order of first use."""
        return tuple(dict.fromkeys(f for s in self.steps for f in s.facts))

    def entry(self, *indices: int) -> Expr:
        """The answer at these indices (from 1), one for each of `axes`.

        Raises
        ------
        IndexError
            where their number is wrong or one is outside its axis.
        """
        case = self.case_at(*indices)
        value = self.answer if case is None else case.value
        at = {**self.sizes, **self.fixed, **dict(zip(self.axes, indices, strict=True))}
        return decided(substitute(value, {name: Integer(n) for name, n in at.items()}))

    def case_at(self, *indices: int) -> Case | None:
        """The case that the entry at these indices is one of; None where there are no cases.

        None as well where a label that is no number decides: then the answer holds as it is.
        """
        if len(indices) != len(self.axes):
            raise IndexError(f"{len(indices)} indices for {len(self.axes)} axes")
        at = dict(zip(self.axes, indices, strict=True))
        for axis, value in at.items():
            high = self.sizes.get(self.problem.ranges.get(axis))
            if value < 1 or (high is not None and value > high):
                raise IndexError(f"{axis} = {value} is outside 1 to {high}")
        for case in self.cases:
            if not case.indices.keys() <= at.keys() | self.fixed.keys():
                return None
            both = {**case.indices, **at}
            pairs = combinations(case.indices, 2)
            if all((both[a] == both[b]) == (case.indices[a] == case.indices[b]) for a, b in pairs):
                return case
        return None

    def trusted(self) -> None:
        """Refuse to build on lines that only agree at points.

        Raises
        ------
        Unanswered
            naming their rules, unless such lines were accepted.
        """
        unproved = dict.fromkeys(s.rule for s in self.steps if not s.verdict.holds)
        if unproved:
            raise Unanswered(
                f"a line is not proved ({'; '.join(unproved)}), so no function is made from it; "
                "accept='numeric' (--accept numeric) lets it stand"
            )

    @property
    def strength(self) -> Strength:
        """The strength of the weakest line, the claim's included."""
        own = [s.verdict for s in self.steps]
        worked = [s.verdict for case in self.cases for s in case.derivation.steps]
        claimed = [self.claim.verdict] if self.claim is not None else []
        return weakest(own + worked + claimed)

    def __repr__(self) -> str:
        whole = said(self.statement, self.answer, self.strength)
        return f"<{self.name or 'derivation'}: {whole}>"


def said(left: Expr, right: Expr, strength: Strength) -> str:
    """An equation in one line, and how far it is established, as a record of it shows itself."""
    return f"{text(left)} = {text(right)}, {strength}"
