"""Unrolled: two lines about a recurrence, or through many stages, written out at a few small sizes.

Gives `unrolled`.  A stage that is defined by itself one step before has no normal form, and one of
many stages no bearable one; at a number of steps it is a term like any other, and the derivative of
the loss is SymPy's own.  Nothing of the rules or of the adjoints is used here.

Imports axes, counting, trials and floor 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product

from sympy import Expr, Indexed, KroneckerDelta

from symderiv.judge.axes import Axes
from symderiv.judge.counting import reach, standing
from symderiv.judge.trials import Trials
from symderiv.patience import budget
from symderiv.terms import Quantity, subterms
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Strength, Verdict

STEPS, MOST_STEPS = 3, 12  # of a recurrence, and where it or a line looks further back
ENTRIES = 2  # along other axes
LEAST = 3  # choices of sizes that are tried, or nothing is said
MOST = 40
SECONDS = 8.0
MOVED = (Indexed, Quantity, KroneckerDelta)


def unrolled(
    problem: Problem, before: Expr, after: Expr, seconds: float = SECONDS
) -> Verdict | None:
    """Are two lines exactly equal at small sizes, every recurrence written out step by step?

    None where that cannot be said: what is not rational in the values of its functions, or is too
    large at the smallest sizes, or is not equal.
    """
    trials = _Small(problem, before, after, {})
    most = max(STEPS, furthest(problem, trials.axes, after) + 1)
    if most > MOST_STEPS:
        return None  # [t > 12] is 0 at every size that is tried, and so is what h[t-12] does
    work = budget(seconds)
    done: list[Mapping[str, int]] = []
    steps = {str(problem.shapes[n][place]) for n, place in problem.delays.items()}
    every = list(_choices(list(trials.axes.sizes), steps, most))
    for sizes in every[:MOST]:
        trials.only, trials.patience = sizes, work.left
        if trials.patience <= 0 or not trials.exact():
            break
        done.append(sizes)
    if len(done) < min(LEAST, len(every)):
        return None
    reached = {name: max(sizes[name] for sizes in done) for name in trials.axes.sizes}
    if any(reached.get(name, most) < most for name in steps):
        return None  # two steps are no recurrence, and h[t-3] takes four
    said = ", ".join(f"{n} = {_until(reached[n])}" for n in reached)
    note = f"{len(done)} choices of sizes, {said}" if said else "no size in it"
    return Verdict(
        Strength.EXACT,
        problem.facts,
        tuple(sorted({min(sizes.values(), default=1) for sizes in done})),
        note=note,
    )


def furthest(problem: Problem, axes: Axes, line: Expr) -> int:
    """How many steps from the first a line may be right, and be wrong at the next.

    As far as the numbers reach that steps are held against, in the line and in what the stages are
    but for their delays; those by which it goes on, h[t+2] or delta(t,s+2); and then as far as the
    recurrence itself goes back.
    """
    bodies = (stage.body for stage in problem.stages if stage.name not in problem.delays)
    terms = (line, problem.function, *bodies)
    held = frozenset[str]().union(*(standing(problem, axes, term) for term in terms))
    most = max(reach(problem, term) for term in terms) + max(0, len(held) - 1)  # T > N + 2
    moved = {i for t in subterms(line) if isinstance(t, MOVED) for i in t.args if i.is_Add}
    return most + len(moved) + steps_back(problem)


def steps_back(problem: Problem) -> int:
    """How many steps before the one that the function looks at is the furthest that it is made of.

    h[t-6] is 6 steps back, and so is h[t-3] in what is itself read 3 steps later.
    """
    seen: dict[str, int] = {}
    furthest, waiting = 0, [(0, problem.function)]
    while waiting:
        waiting.sort(key=lambda found: -found[0])
        back, term = waiting.pop()
        for name in {t.name for t in subterms(term) if isinstance(t, Quantity)}:
            for stage, more in _before(problem, name):
                furthest = max(furthest, back + more)
                definition = problem.definition(stage)
                if definition is not None and seen.get(stage, MOST) > back + more:
                    seen[stage] = back + more
                    waiting.append((back + more, definition.body))
    return furthest


def _before(problem: Problem, name: str) -> Iterator[tuple[str, int]]:
    """The stage itself, or those that a delay of a delay of … is, with how many steps before."""
    definition, place = problem.definition(name), problem.delays.get(name)
    if definition is None or place is None:
        yield name, 0
        return
    letter = definition.quantity.indices[place]
    for t in subterms(definition.body):
        if isinstance(t, Quantity):
            shifted = len(t.indices) > place and t.indices[place] != letter
            yield from ((stage, n + shifted) for stage, n in _before(problem, t.name))


def _until(high: int) -> str:
    return "1" if high == 1 else f"1 to {high}"


def _choices(names: list[str], steps: Collection[str], most: int) -> Iterator[dict[str, int]]:
    """Sizes, smaller ones first: 1 and 2, and up to `most` where steps are counted."""
    tops = [most if name in steps else ENTRIES for name in names]
    found = product(*(range(1, top + 1) for top in tops))
    for chosen in sorted(found, key=lambda sizes: (sum(sizes), sizes)):
        yield dict(zip(names, chosen, strict=True))


class _Small(Trials):
    """Trials at one choice of sizes."""

    only: dict[str, int]

    def _sizes(self) -> Iterator[dict[str, int]]:
        yield self.only
