"""Staged: a derivative through many stages, by adjoints and not by writing the function out.

Gives `is_staged` (does a problem ask for it?), `staged`, which answers it in one line that says the
derivative in the adjoints of the stages (themselves stages, after the others), and `staged_source`,
its program.

Floor 5: imports the derivations, the reader and the judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv import catalogue
from symderiv.derivation import Claim, Derivation, Step
from symderiv.derivation.network import Adjoint, Backpropagation, backpropagation
from symderiv.derivation.network.evaluation import Definitions
from symderiv.derivation.network.graph import mentions, opaque
from symderiv.derivation.network.trial import (
    definitions,
    inputs_of,
    sizes_of,
    try_out,
)
from symderiv.face.request import Request
from symderiv.judge import Judge
from symderiv.mistakes import Mistake
from symderiv.programs import checked_source
from symderiv.reader import read, read_claim
from symderiv.terms import D, Quantity, bottom_up, plus, subterms
from symderiv.terms.aliases import without_aliases
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.verdict import Counterexample, Strength, Verdict

MOST_STAGES = 10  # of a function whose derivative is written out
MOST_WAYS = 5  # from the function to the variable
POINTS = 20
ROUNDS = 3  # of writing adjoints out
CLOSE = 1e-9


def is_staged(problem: Problem, request: Request) -> bool:
    """Is a number differentiated once, through a recurrence or many stages?

    Raises
    ------
    Mistake
        for a recurrence of which something else is asked.
    """
    free = {s for s in free_letters(problem.function) if s in problem.ranges}
    plain = len(problem.wrt) == 1 and not {s for s in free if s.name not in problem.labels}
    plain &= request.k is None and request.entry is None and request.target is None
    plain &= request.route is None and not request.unfold and not request.symbols
    if problem.delays and not plain:
        raise Mistake(
            "a recurrence is differentiated for every number of steps: one number by one variable, "
            "without --k, --entry, --target, --route, --symbols and --unfold"
        )
    return plain and (bool(problem.delays) or _is_deep(problem))


def _is_deep(problem: Problem) -> bool:
    """Does the function go through many stages, or in many ways to the variable?

    Each line that is written out holds every way, and the judge writes out every stage.
    """
    direct = {s.name: set(mentions(s.body)) for s in problem.stages}
    ways = {name_of(problem.wrt[0]): 1}
    for name, mentioned in direct.items():  # in order, each after what it mentions
        if name not in ways:
            ways[name] = sum(ways.get(other, 0) for other in mentioned)
    below: set[str] = set()
    waiting = list(mentions(problem.function))
    count = sum(ways.get(name, 0) for name in {*waiting})
    while waiting:
        name = waiting.pop()
        if name in direct and name not in below:
            below.add(name)
            waiting += direct[name]
    return len(below) > MOST_STAGES or count > MOST_WAYS


def staged(problem: Problem, request: Request) -> Derivation:
    """The derivation by adjoints, with the claim decided.

    Raises
    ------
    Mistake, Unanswered
        as `symderiv.derivation.network.backpropagation` does.
    """
    (variable,) = problem.wrt
    made = backpropagation(problem, [name_of(variable)])
    try_out(made)
    gradient = made.gradients[name_of(variable)]
    shapes = {**made.network.problem.shapes, **_bars(made)}
    needed = tuple(Definition(a.quantity, a.term) for a in _needed(made, gradient))
    stages = (*made.network.problem.stages, *needed)
    whole = replace(made.network.problem, shapes=shapes, wrt=(variable,), stages=stages)
    answer = _at(gradient, variable)
    statement = D(problem.function, variable)
    facts = tuple(dict.fromkeys(f for x in made.derived for f in x.derivation.facts))
    verdict = Verdict(made.strength, facts=facts, note="for every K")
    through = ", ".join(dict.fromkeys(x.through for x in gradient.lemmas))
    rule = f"chain rule over the stages, through {through}" if through else "independent of it"
    found = Derivation(
        "",
        "",
        whole,
        statement,
        (Step(statement, rule, (), answer, verdict),),
        (),
        made.exceptions,
        axes=tuple(a for a in variable.args[1:] if isinstance(a, Symbol)),
    )
    if request.claim is None:
        return found
    claimed = read_claim(str(request.claim), _with_bars(whole, made), catalogue.library())
    return replace(found, claim=Claim(claimed, _decided(made, whole, answer, claimed)))


def staged_source(
    text: str, wrt: Sequence[str], assume: Sequence[str], target: str = "numpy"
) -> str | None:
    """The file with the value and the gradient of such a problem; None where it is none."""
    problem = without_aliases(read(text, wrt=wrt, assume=assume, library=catalogue.library()))
    if not is_staged(problem, Request(text, wrt=tuple(wrt))):
        return None
    made = backpropagation(problem, [name_of(problem.wrt[0])])
    try_out(made)
    return checked_source(made, target=target)


def _bars(made: Backpropagation) -> dict[str, tuple[Expr, ...]]:
    """The shapes of the adjoints."""
    shapes = made.network.problem.shapes
    lines = (*made.adjoints.values(), *made.gradients.values())
    return {a.quantity.name: shapes.get(a.of, ()) for a in lines}


def _at(line: Adjoint, variable: Expr) -> Expr:
    """A gradient at the indices of the variable that was asked for."""
    indices = variable.args[1:] if isinstance(variable, Indexed | Quantity) else ()
    return substitute(line.term, dict(zip(line.quantity.indices, indices, strict=True)))


def _needed(made: Backpropagation, gradient: Adjoint) -> list[Adjoint]:
    """The adjoints that a gradient is said in, directly or not, from the loss backwards."""
    of = {a.quantity.name: a for a in made.adjoints.values()}
    found: set[str] = set()
    waiting = [gradient.term]
    while waiting:
        for name in mentions(waiting.pop()):
            if name in of and name not in found:
                found.add(name)
                waiting.append(of[name].term)
    return [a for name, a in of.items() if name in found and a is not gradient]


# -- claims --------------------------------------------------------------------------------------


def _with_bars(problem: Problem, made: Backpropagation) -> Problem:
    """The problem as a claim is read in: adjoints are arrays and numbers of it."""
    numbers = [Symbol(name) for name, shape in _bars(made).items() if not shape]
    return replace(problem, function=plus(problem.function, *numbers))


def _decided(made: Backpropagation, problem: Problem, answer: Expr, claimed: Expr) -> Verdict:
    """The verdict on a claim: by proof, with stages as arrays, else at points.

    Adjoints that the claim does not name are written out, one after the other.
    """
    loss = opaque(made.network.loss.definition.body, ())
    judge = Judge(replace(problem, stages=(), delays={}, function=loss))
    named = {name_of(t) for t in subterms(claimed) if isinstance(t, Indexed | Symbol | Quantity)}
    lines = (*made.adjoints.values(), *made.gradients.values())
    hidden = {a.quantity.name: a for a in lines if a.quantity.name not in named}
    term = answer
    for _ in range(ROUNDS):
        found = judge.compare(opaque(term, ()), opaque(claimed, ()))
        if found.strength is Strength.PROVED:
            return found
        before, term = term, _written_out(term, hidden)
        if term == before:
            break
    return _at_points(made, answer, claimed)


def _written_out(term: Expr, lines: Mapping[str, Adjoint]) -> Expr:
    """A term with these adjoints by their own lines."""

    def change(t: Basic) -> Basic:
        line = lines.get(t.name) if isinstance(t, Quantity) else None
        return t if line is None else Definition(line.quantity, line.term).at(cast(Quantity, t))

    return cast(Expr, bottom_up(term, change))


def _at_points(made: Backpropagation, answer: Expr, claimed: Expr) -> Verdict:
    """Answer and claim by their definitions at random points, entry by entry."""
    problem = made.network.problem
    letters = sorted(
        {s for t in (answer, claimed) for s in free_letters(t)
         if s in problem.ranges and s.name not in problem.labels},
        key=str,
    )  # fmt: skip
    shape = tuple(problem.ranges[s] for s in letters)
    sides = tuple(
        (Quantity(Symbol(name), *letters), shape, term)
        for name, term in (("answer of this", answer), ("claim of this", claimed))
    )
    _, backward = definitions(made)
    equations = Definitions((*backward.equations, *sides), backward.labels)
    sizes, random = sizes_of(made), Random(2)
    for s in (s for end in shape for s in end.free_symbols):
        sizes.setdefault(cast(Symbol, s).name, 2)
    agreed = 0
    for _ in range(5 * POINTS):
        if agreed == POINTS:
            note = f"agrees at {agreed} points"
            return Verdict(Strength.UNDECIDED, note=note, points=agreed)
        inputs = inputs_of(made, sizes, random)
        try:
            world = equations.world(sizes, inputs)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        ours, theirs = world.table("answer of this"), world.table("claim of this")
        for at, value in ours.items():
            if not abs(value - theirs[at]) <= CLOSE * (1 + abs(value)):
                where = dict(zip(map(str, letters), at, strict=True))
                return Verdict(
                    Strength.REFUTED,
                    counterexample=_counterexample(sizes, where, inputs, value, theirs[at]),
                )
        agreed += 1
    return Verdict(Strength.UNDECIDED, note="no point to compare at")


def _counterexample(
    sizes: Mapping[str, int],
    indices: Mapping[str, int],
    inputs: Mapping[str, Mapping[tuple[int, ...], float]],
    left: float,
    right: float,
) -> Counterexample:
    point = {
        f"{name}[{','.join(map(str, at))}]" if at else name: f"{value:.4g}"
        for name, entries in inputs.items()
        for at, value in entries.items()
    }
    few = dict(list(point.items())[:6])  # a whole network's inputs fill a page
    return Counterexample(dict(sizes), dict(indices), few, f"{left:.6g}", f"{right:.6g}")
