r"""Questions: two trees that are said to be equal, in a context, and the problem that they pose.

Gives `Question`, `letters_of` (a condition on two letters) and `under`, both sides where it holds.

Imports context, facts and guesses.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from sympy import Derivative, Expr, Symbol

from symderiv import catalogue
from symderiv.checking.context import ANYTHING, Context
from symderiv.checking.facts import Pair
from symderiv.checking.guesses import Guess
from symderiv.checking.stages import written
from symderiv.checking.steps import stepped
from symderiv.printers.text import text
from symderiv.reader import ReadError, scan, tree
from symderiv.reader.reading import read_sides
from symderiv.records import dataclass
from symderiv.terms import ONE, Neg, delta, plus, subterms, times
from symderiv.terms.letters import substitute
from symderiv.terms.problem import Problem


@dataclass(frozen=True)
class Question:
    """Are these equal where the conditions hold?

    Attributes
    ----------
    left, right : trees
    conditions : comparisons under which it is said
    facts : assumptions, in the formula language
    beside : what else is read with them, for the axes of their letters
    held : stages that stand still, as given arrays
    guess : definitions that the text does not give
    applied : functions of the text that it begins with the value of; it is no equation of one
    """

    context: Context
    left: ast.expr
    right: ast.expr
    conditions: tuple[ast.Compare, ...] = ()
    facts: tuple[str, ...] = ()
    beside: tuple[ast.expr, ...] = ()
    held: tuple[str, ...] = ()
    guess: Guess | None = None
    applied: frozenset[str] = frozenset()
    written_out: bool = False  # by one step of a recurrence?

    @cached_property
    def pair(self) -> Pair:
        """It as terms.

        Raises
        ------
        ReadError
            for what has no meaning over the definitions.
        """
        brackets = [tree.call("iverson", [c], 0) for c in self.conditions if letters_of(c) is None]
        sides = [self.left, self.right, *brackets, *self.beside]
        stages = self.context.text(
            sides, self.held, None if self.guess is None else self.guess.stages
        )
        calls = (c for side in sides for c in scan.calls(side) if scan.called(c) in scan.BINDERS)
        bound = {x for call in calls for x in scan.own_letters(call)}
        bound -= {x for side in sides for x in scan.free_subscripts(side)}
        facts = _about(self.facts, [stages, *map(written, sides)], bound)
        problem, terms = read_sides(stages, [written(s) for s in sides], facts, catalogue.library())
        left, right = terms[:2]
        weights = terms[2 : 2 + len(brackets)]
        for side in (left, right):
            _check_dependence(problem, side)
        for condition in self.conditions:
            letters = letters_of(condition)
            if letters is not None:
                left, right = under(condition, letters, left, right)
        for weight in weights:
            left, right = times(weight, left), times(weight, right)
        return Pair(problem.ranging(left, right), left, right)

    @cached_property
    def stepped(self) -> tuple[Question, str] | None:
        """It with what is differentiated written out by one step of its recurrence, and the need.

        None where there is no such thing in it.
        """
        found = stepped((self.left, self.right), self.context.steps)
        if found is None or self.written_out:
            return None
        sides, needs = found
        left, right = sides or (self.left, self.right)
        return replace(self, left=left, right=right, written_out=bool(sides)), needs

    @cached_property
    def doubt(self) -> str:
        """Why it may be right though it is refuted: only the form is known of a name in it."""
        found = self.context.reached([self.left, self.right])
        forms = self.context.heads.forms
        for name in sorted(found & forms.keys() - self.context.stages.keys()):
            return f"nothing says what {self.context.shown(name)} is"
        for name in sorted(found & self.context.twice):
            return f"{name} has more than one meaning in the text"
        for name in sorted(found & self.context.vague.keys()):
            mentioned = self.context.vague[name]
            if ANYTHING in mentioned or mentioned & (found - {name}):
                return f"of {name} only the form is known"
        return ""

    @cached_property
    def retaken(self) -> str:
        """A name in it that is one thing by a definition and another by a line, or ""."""
        found = self.context.reached([self.left, self.right]) | self.applied
        return min(found & self.context.retaken, default="")

    @cached_property
    def hidden(self) -> str:
        """What is not ours, or depends on a variable in a way that nothing says, or ""."""
        reached = self.context.reached([self.left, self.right])
        bodies = [s.body for n, s in self.context.stages.items() if n in reached]
        for body in (self.left, self.right, *bodies):
            calls = {scan.called(n) for n in scan.walk(body) if isinstance(n, ast.Call)}
            for name in sorted(calls & self.context.otherwise):
                return f"{name} is something else in this text; give it another name"
            for top, by in scan.slopes(body):
                name = next(iter(scan.words([by])), "")
                inner = self.context.reached([top]) - {name}
                inner -= self.context.stages.keys()
                if inner & self.context.heads.forms.keys():
                    return f"nothing says how it depends on {name}"
                for vague in sorted(inner & self.context.vague.keys()):
                    if {ANYTHING, name} & self.context.behind(vague):
                        return f"nothing says how {vague} depends on {name}"
        return ""


def _check_dependence(problem: Problem, side: Expr) -> None:
    """Refuse a derivative of what nothing connects with its variable, which would be 0.

    Raises
    ------
    ReadError
    """
    for t in subterms(side):
        if isinstance(t, Derivative):
            for variable in t.variables:
                if not problem.mentions(t.expr, variable):
                    shown, by = text(t.expr), text(variable)
                    raise ReadError(f"nothing says how {shown} depends on {by}", role="line")


def _about(facts: Sequence[str], texts: Sequence[str], bound: Collection[str]) -> tuple[str, ...]:
    """The facts of which every array stands in these texts, and no letter is one that sums bind.

    n ≥ 1 is said of a number n; beside Σ_n a_n x^n it says nothing.
    """
    words: set[str] = set()
    for shown in texts:
        for line in shown.split("\n"):
            words |= set(_words(line))
    own = {"sum", "k", "n", "i", "j", "l", "m"}
    said = {fact: set(_words(fact)) for fact in facts}
    return tuple(f for f, w in said.items() if w - own <= words and not (w <= own and w & {*bound}))


def _words(text: str) -> Iterator[str]:
    word = ""
    for character in text + " ":
        if character.isalnum() or character == "_":
            word += character
        else:
            if word and not word[0].isdigit():
                yield word
            word = ""


def letters_of(condition: ast.Compare) -> tuple[str, str] | None:
    match condition:
        case ast.Compare(
            left=ast.Name(id=a), ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Name(id=b)]
        ):
            return a, b
    return None


def under(
    condition: ast.Compare, letters: tuple[str, str], left: Expr, right: Expr
) -> tuple[Expr, Expr]:
    """Both sides where two letters are equal, or differ."""
    one, other = (Symbol(x, integer=True) for x in letters)
    if isinstance(condition.ops[0], ast.Eq):
        put = {other: one}
        return substitute(left, put), substitute(right, put)
    differ = plus(ONE, Neg(delta(one, other)))
    return times(differ, left), times(differ, right)
