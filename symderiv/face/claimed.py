"""Claims about a network: adjoints and gradients that somebody says are something.

Gives `Claimed`, `as_accepted`, `sides`, `claims` (what a network's adjoints and gradients are said
to be) and `decided` (the verdict on one claim).  A claim may name stages and adjoints; those that
it does not name are written out, one after the other, until the two sides can be compared as
arrays.  What is left is looked at at random points, then with every stage written out, and then
with every recurrence written out at small sizes.

Floor 5: imports the derivations, the reader and the judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from random import Random
from typing import cast

import mpmath
import numpy as np
from sympy import Expr, Indexed, Symbol

from symderiv import catalogue
from symderiv.derivation import Claim
from symderiv.derivation.accepted import as_numeric
from symderiv.derivation.network import Adjoint, Backpropagation
from symderiv.derivation.network.closed import (
    LARGEST,
    recurring,
    wholly,
    written_out,
)
from symderiv.derivation.network.graph import opaque
from symderiv.derivation.network.trial import Inputs, fitting, inputs_of, sizes_of
from symderiv.judge import Judge
from symderiv.judge.unrolled import unrolled
from symderiv.mistakes import DASH, Mistake, Unanswered, did_you_mean
from symderiv.numbers.evaluator import Beyond, Evaluator, OffAxis
from symderiv.numbers.facts import kept
from symderiv.patience import limited
from symderiv.reader import read_claim
from symderiv.records import dataclass
from symderiv.terms import D, Quantity, component, letter, plus, subterms
from symderiv.terms.delays import in_delays
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.renaming import as_quantities
from symderiv.terms.sizes import size_at
from symderiv.terms.verdict import OUTSIDE, Counterexample, Strength, Verdict

POINTS = 20
CLOSE = 1e-9
DIGITS = 40
ROUNDING = 1e-32  # what is left of so many digits
ROUNDS = 3  # in which adjoints within a recurrence are written out
SECONDS = 10.0  # spent on a claim with every stage written out
EXAMPLE = "Wbar[i,j] = abar[i]*x[j]"


@dataclass(frozen=True, eq=False)
class Claimed:
    """What a line is said to be: the line, at the letters of the claim, and the claim judged."""

    line: Adjoint
    left: Quantity
    claim: Claim


def claims(
    made: Backpropagation, texts: Sequence[str], asked: Sequence[str] = ()
) -> tuple[Claimed, ...]:
    """Each claim judged.

    Parameters
    ----------
    texts : equations, "zbar[k] = p[k] - delta(k,y)"; without a left side where there is one
        gradient
    asked : what was to be differentiated by, as it was typed: "W[i,j]"

    Raises
    ------
    Mistake
        for a left side that is no adjoint at letters; `ReadError` for what is not read.
    """
    return tuple(_claimed(made, text, asked) for text in texts)


def _claimed(made: Backpropagation, text: str, asked: Sequence[str]) -> Claimed:
    left, equals, right = sides(text)
    lines = made.lines
    if not equals:
        if len(made.gradients) != 1:
            raise Mistake(f"{DASH}claim {text:.60}: say what is claimed of what, as in '{EXAMPLE}'")
        (line,) = made.gradients.values()
        typed = asked[0] if len(asked) == 1 and "[" in asked[0] else str(line.variable)
        left = line.quantity.name + typed.replace(" ", "").removeprefix(line.of)
    line, letters = _left(left, lines, made.network.problem)
    quantity = Quantity(line.quantity.symbol, *letters)
    ranges = dict(zip(letters, made.network.problem.shapes.get(line.of, ()), strict=True))
    variable = component(line.of, *letters) if letters else Symbol(line.of)
    problem = with_bars(made)
    problem = replace(problem, wrt=(variable,), ranges={**problem.ranges, **ranges})
    term = read_claim(right, readable(problem, made), catalogue.library())
    answer = Definition(line.quantity, line.term).at(quantity)
    return Claimed(line, quantity, Claim(term, decided(made, problem, answer, term)))


def as_accepted(claimed: Claimed) -> Claimed:
    """The claim as one that holds if it agrees at many points."""
    claim = claimed.claim
    return replace(claimed, claim=replace(claim, verdict=as_numeric(claim.verdict)))


def sides(text: str) -> tuple[str, str, str]:
    """The sides of an equation, parted at its '=' outside brackets: no '==', no '<='."""
    deep = 0
    for at, sign in enumerate(text):
        deep += (sign in "([{") - (sign in ")]}")
        around = {*text[max(0, at - 1) : at], *text[at + 1 : at + 2]}
        if sign == "=" and not deep and not around & set("=<>!"):
            return text[:at].strip(), "=", text[at + 1 :].strip()
    return "", "", text


def _left(
    text: str, lines: Mapping[str, Adjoint], problem: Problem
) -> tuple[Adjoint, tuple[Symbol, ...]]:
    """The line that a claim is about, and its letters there."""
    found = re.fullmatch(r"\s*([A-Za-z]\w*)\s*(?:\[([\w\s,]*)\])?\s*", text, re.ASCII)
    if found is None:
        raise Mistake(
            f"{DASH}claim: on its left is '{text:.60}', and a claim is such as '{EXAMPLE}'"
        )
    line = lines.get(found[1])
    if line is None:
        raise Mistake(
            f"{DASH}claim {text:.60}: no adjoint '{found[1]}'{did_you_mean(found[1], lines)}"
        )
    names = [part.strip() for part in (found[2] or "").split(",") if part.strip()]
    rank = len(line.quantity.indices)
    plain = all(n.isidentifier() and n not in {*problem.labels, *problem.shapes} for n in names)
    if len(names) != rank or len({*names}) < rank or not plain:
        shown = f"{found[1]}[{','.join(map(str, line.quantity.indices))}]" if rank else found[1]
        raise Mistake(f"{DASH}claim {text:.60}: a claim is for every index, {shown} = …")
    return line, tuple(map(letter, names))


def with_bars(made: Backpropagation) -> Problem:
    """The problem of a network, with the shapes of its adjoints."""
    problem = made.network.problem
    return replace(problem, shapes={**problem.shapes, **bars(made)})


def bars(made: Backpropagation) -> dict[str, tuple[Expr, ...]]:
    """The shapes of the adjoints."""
    shapes = made.network.problem.shapes
    lines = (*made.adjoints.values(), *made.gradients.values())
    return {a.quantity.name: shapes.get(a.of, ()) for a in lines}


def readable(problem: Problem, made: Backpropagation) -> Problem:
    """The problem as a claim is read in: adjoints are arrays and numbers of it."""
    own = bars(made)
    numbers = [Symbol(name) for name, shape in own.items() if not shape]
    shapes = {n: shape for n, shape in problem.shapes.items() if shape or n not in own}
    return replace(problem, function=plus(problem.function, *numbers), shapes=shapes)


def decided(made: Backpropagation, problem: Problem, answer: Expr, claimed: Expr) -> Verdict:
    """The verdict on a claim about a term in adjoints.

    `problem` has the shapes of the adjoints and the ranges of the claim's letters.
    """
    loss = opaque(made.network.loss.definition.body, ())
    judge = Judge(replace(problem, stages=(), delays={}, function=loss))
    lines, ringed = made.lines, recurring(made)
    claimed = in_delays(as_quantities(claimed, lines), problem)
    named = {name_of(t) for t in subterms(claimed) if isinstance(t, Indexed | Symbol | Quantity)}
    hidden = {name: a for name, a in lines.items() if name not in named}
    term, before, rounds = answer, None, 0
    while term != before and len(str(term)) <= LARGEST:
        found = judge.compare(opaque(term, ()), opaque(claimed, ()))
        if found.strength is Strength.PROVED:
            return found
        rounds += 1
        if rounds > ROUNDS:  # a recurrence has no end
            hidden = {name: a for name, a in hidden.items() if name not in ringed}
        before, term = term, written_out(term, hidden)
    found = at_points(made, problem, answer, claimed)
    if found.strength is Strength.REFUTED:
        return found
    if not problem.delays and term == before:
        found = _unfolded(problem, wholly(term, lines), wholly(claimed, lines), found)
    if found.holds or found.strength is Strength.REFUTED:
        return found
    line = answer if problem.definition(name_of(problem.wrt[0])) is not None else None
    return small_sizes(problem, lines.values(), claimed, line=line) or found


def small_sizes(
    problem: Problem,
    lines: Iterable[Adjoint],
    claimed: Expr,
    seconds: float = SECONDS,
    line: Expr | None = None,
) -> Verdict | None:
    """Exactly the derivative of the loss at small sizes, where that can be written out?

    Of a stage, by which nothing is differentiated here, exactly its `line`.
    """
    bars = tuple(Definition(a.quantity, a.term) for a in lines)
    whole = replace(problem, stages=(*problem.stages, *bars))
    try:
        with limited(seconds):
            answer = D(problem.function, problem.wrt[0]) if line is None else line
            return unrolled(whole, answer, claimed, seconds * 0.8)
    except Unanswered:
        return None


def _unfolded(problem: Problem, answer: Expr, claimed: Expr, found: Verdict) -> Verdict:
    """The verdict where all stages are what they are defined as; `found` where none is reached.

    The answer has a value at a kink, where nothing is claimed: what differs there alone is held
    against the derivative itself.
    """
    if max(len(str(answer)), len(str(claimed))) > LARGEST:
        return found
    try:
        with limited(SECONDS):
            better = Judge(problem).compare(answer, claimed)
            given = problem.definition(name_of(problem.wrt[0])) is None
            if better.strength is Strength.REFUTED and given:
                better = Judge(problem).compare(D(problem.function, problem.wrt[0]), claimed)
    except Unanswered:
        return found
    return better if better.strength is not Strength.UNDECIDED else found


def at_points(made: Backpropagation, problem: Problem, answer: Expr, claimed: Expr) -> Verdict:
    """Answer and claim by their definitions at random points, entry by entry."""
    letters = sorted(
        {s for t in (answer, claimed) for s in free_letters(t)
         if s in problem.ranges and s.name not in problem.labels},
        key=str,
    )  # fmt: skip
    shape = tuple(problem.ranges[s] for s in letters)
    random = Random(2)
    every = _several_sizes(made, [cast(Symbol, s).name for end in shape for s in end.free_symbols])
    agreed = 0
    stages = {s.name: s for s in (*made.network.problem.stages, *made.problem.stages)}  # idle too
    every_stage = replace(made.problem, stages=tuple(stages.values()))
    for attempt in range(5 * POINTS):
        if agreed == POINTS:
            note = f"agrees at {agreed} points"
            return Verdict(Strength.UNDECIDED, note=note, points=agreed)
        sizes = every[attempt % len(every)]
        inputs = inputs_of(made, sizes, random)
        world, whole = Evaluator(every_stage, inputs, sizes), True
        if not kept(world):
            continue
        for place in product(*(range(1, size_at(end, sizes) + 1) for end in shape)):
            at = dict(zip(letters, place, strict=True))
            where = {str(s): n for s, n in at.items()}
            try:
                ours, theirs = (world.at_digits(DIGITS, t, at) for t in (answer, claimed))
            except OffAxis:
                found = _counterexample(problem, sizes, where, inputs)
                return Verdict(Strength.REFUTED, counterexample=found)
            except Beyond:
                whole = False
                continue
            if _differ(ours, theirs) or (
                _differ(ours, theirs, ROUNDING) and _stay_apart(world, answer, claimed, at)
            ):
                shown = 6 if _differ(ours, theirs, 1e-4) else DIGITS
                values = mpmath.nstr(ours, shown), mpmath.nstr(theirs, shown)
                found = _counterexample(problem, sizes, where, inputs, *values)
                return Verdict(Strength.REFUTED, counterexample=found)
            whole = whole and bool(mpmath.isfinite(ours - theirs))
        agreed += whole
    return Verdict(Strength.UNDECIDED, note="no point to compare at")


def _differ(ours: mpmath.mpf, theirs: mpmath.mpf, close: float = CLOSE) -> bool:
    return bool(abs(ours - theirs) > close * (1 + abs(ours)))


def _stay_apart(world: Evaluator, answer: Expr, claimed: Expr, at: Mapping[Symbol, int]) -> bool:
    """Are they as far apart with twice the digits?  Facts hold at floats, and nearly."""
    once, twice = (
        abs(world.at_digits(digits, answer, at) - world.at_digits(digits, claimed, at))
        for digits in (DIGITS, 2 * DIGITS)
    )
    return not world.problem.facts and bool(twice > once / 2)


def _several_sizes(made: Backpropagation, more: Sequence[str]) -> list[dict[str, int]]:
    """Small sizes: different ones, ones that are larger, equal ones, and 1 where it can be."""
    first = {**dict.fromkeys(more, 2), **sizes_of(made)}
    wished = [{n: size + up for n, size in first.items()} for up in (0, 1, 2)]
    wished += [dict.fromkeys(first, size) for size in (3, 1)]
    found = [fitting(sizes, made) for sizes in wished]
    return [sizes for n, sizes in enumerate(found) if sizes not in found[:n]]


def _counterexample(
    problem: Problem,
    sizes: Mapping[str, int],
    indices: Mapping[str, int],
    inputs: Inputs,
    left: str = "a number",
    right: str = OUTSIDE,
) -> Counterexample:
    point = {
        f"{name}[{','.join(str(n + 1) for n in at)}]" if at else name: f"{entry:.4g}"
        for name, entries in inputs.items()
        for at, entry in np.ndenumerate(entries + (name in problem.labels))
    }
    few = dict(list(point.items())[:6])  # a whole network's inputs fill a page
    return Counterexample(dict(sizes), dict(indices), few, left, right)
