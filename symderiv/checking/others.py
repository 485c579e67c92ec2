r"""Others: another reading of a question, and the ways to make one.

Gives `Other`; `read` (one that may have no meaning), `with_facts` (and what it may take for
granted), `throughout` (a change in a question and in all that it comes down to), `put` and
`renamed`.

Imports facts, guesses, question and stages.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from symderiv.checking.facts import Granted, Pair
from symderiv.checking.guesses import Guess
from symderiv.checking.question import Question
from symderiv.checking.stages import Stage
from symderiv.reader import ReadError, tree
from symderiv.records import dataclass


@dataclass(frozen=True)
class Other:
    """Another reading: the pair, and what it needs, as a clause after "follows if"."""

    pair: Pair
    needs: str
    about: str = ""  # the array of which it is only a fact; the line stays as it is read


def read(question: Question, needs: str, about: str = "") -> Iterator[Other]:
    """A reading, where it has a meaning: of its kind others may have one."""
    try:
        pair = question.pair
    except ReadError:
        return
    yield Other(pair, needs, about)


def with_facts(pair: Pair, needs: str, facts: Iterable[Other | Granted]) -> Iterator[Other]:
    """A reading, and the same with each of the facts that it may take for granted."""
    yield Other(pair, needs)
    for fact in facts:
        yield Other(fact.pair, f"{needs} and {fact.needs}", fact.about)


def throughout(
    question: Question, change: Callable[[ast.expr], ast.expr], needs: str, **own: Stage
) -> Question:
    """A question with a change in its sides and in all that they come down to.

    Parameters
    ----------
    own : definitions that are others
    """
    known = question.context.stages
    reached = question.context.reached([question.left, question.right]) & known.keys()
    stages = {n: replace(known[n], body=change(known[n].body)) for n in sorted(reached)}
    stages = {n: s for n, s in stages.items() if not tree.same(s.body, known[n].body)} | own
    left, right, *beside = map(change, (question.left, question.right, *question.beside))
    guess = Guess(stages, needs) if stages else question.guess
    return replace(question, left=left, right=right, beside=tuple(beside), guess=guess)


def put(side: ast.expr, name: str, term: ast.expr) -> ast.expr:
    """A side with a term for a name."""

    def one(node: ast.expr) -> ast.expr | None:
        own = isinstance(node, ast.Name) and node.id == name
        return ast.copy_location(copy.copy(term), node) if own else None

    return tree.copied(side, one)


def renamed(side: ast.expr, name: str, other: str) -> ast.expr:
    return put(side, name, tree.name(other, 0))
