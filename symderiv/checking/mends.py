r"""Mends: what a wrong line would be right with.

Gives `mend`, one clause or "", and `advice`, what a refuted claim lacks.  Each small change of the
wrong side is tried, at every place in it: a sign, an index, a transposition, a power; a factor, a
delta or a sum that is missing or too many.  What is shown the judge has proved.  How many are tried
is counted in terms, so that it is the same on every machine; the time is for what no one writes.

Imports facts and the judge.  To add a change: a generator in `_INSIDE` (at a place) or `_WHOLE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.checking.facts import Pair, granted, indices_of
from symderiv.judge import Judge
from symderiv.patience import Budget, budget
from symderiv.printers.text import text
from symderiv.terms import (
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    component,
    delta,
    plus,
    rebuild,
    subterms,
    summation,
    times,
)
from symderiv.terms.letters import BINDERS, all_letters, bound_letters, free_letters
from symderiv.terms.problem import name_of

Changed = Iterator[tuple[Expr, str]]
MOST = 10_000  # terms that are looked at for one pair, half a second
SECONDS = 5.0


def mend(pair: Pair) -> str:
    """What the right side would equal the left one with, "right with − for +"; or ""."""
    work = budget(SECONDS)
    found = _mended(pair, work)
    if found:
        return found
    for fact in islice(granted(pair), 2):
        found = _mended(fact.pair, work)
        if found:
            return f"{found}, if {fact.needs}"
    return ""


def advice(pair: Pair) -> str:
    """What a refuted claim needs, or would be right with; "" where nothing is found."""
    for fact in islice(granted(pair), 6):
        if Judge(fact.pair.problem).doubt(fact.pair.left, fact.pair.right).holds:
            return f"it holds if {fact.needs}, which is not assumed"
    found = mend(pair)
    return f"it would be {found}" if found.startswith("right") else found


def _mended(pair: Pair, work: Budget) -> str:
    judge = Judge(pair.problem)
    for changed, said in islice(_changes(pair), MOST // sum(1 for _ in pair.every)):
        if work.spent:
            return ""
        if changed != pair.right and judge.doubt(pair.left, changed).holds:
            return said
    return ""


def _changes(pair: Pair) -> Changed:
    for whole in _WHOLE[:1]:
        yield from whole(pair, pair.right)
    for inside in _INSIDE:
        yield from _everywhere(pair, pair.right, inside)
    for whole in _WHOLE[1:]:
        yield from whole(pair, pair.right)
        if isinstance(pair.right, Plus):
            for n, part in enumerate(pair.right.args):
                for changed, said in whole(pair, cast(Expr, part)):
                    args = [*pair.right.args]
                    args[n] = changed
                    yield plus(*args), f"{said} in the term {text(part)}"


def _everywhere(
    pair: Pair, term: Expr, change: Callable[[Pair, Expr, frozenset[Symbol]], Changed],
    bound: frozenset[Symbol] = frozenset(),
) -> Changed:  # fmt: skip
    """A change at each place in a term."""
    yield from change(pair, term, bound)
    if isinstance(term, Indexed | Quantity | KroneckerDelta | Symbol):
        return
    inner = bound | frozenset(bound_letters(term))
    for n, arg in enumerate(term.args):
        if not isinstance(arg, Expr) or (n and isinstance(term, BINDERS)):
            continue
        for changed, said in _everywhere(pair, arg, change, inner):
            args: list[Basic] = [*term.args]
            args[n] = changed
            try:
                yield cast(Expr, rebuild(term, tuple(args))), said
            except (TypeError, ValueError):
                continue


# -- at a place ------------------------------------------------------------------------------------


def _sign(pair: Pair, term: Expr, bound: frozenset[Symbol]) -> Changed:
    if isinstance(term, Plus):
        for n, part in enumerate(term.args):
            negative = isinstance(part, Neg)
            args = [*term.args]
            args[n] = part.term if isinstance(part, Neg) else Neg(part)
            yield (
                plus(*args),
                f"right with {'+ for −' if negative else '− for +'} before {_bare(part)}",
            )
    elif isinstance(term, Neg):
        yield term.term, f"right with + for − before {_bare(term)}"


def _bare(part: Basic) -> str:
    return text(part.term if isinstance(part, Neg) else part)


def _index(pair: Pair, term: Expr, bound: frozenset[Symbol]) -> Changed:
    """p_j for p_i."""
    if not isinstance(term, Indexed | Quantity | KroneckerDelta):
        return
    letters = indices_of(pair.left) | indices_of(pair.right) | bound
    start = 0 if isinstance(term, KroneckerDelta) else 1
    args = list(term.args)
    for n in range(start, len(args)):
        for other in sorted(letters - {args[n]}, key=str):
            changed = rebuild(term, (*args[:n], other, *args[n + 1 :]))
            yield cast(Expr, changed), f"right with {text(changed)} for {text(term)}"


def _transposed(pair: Pair, term: Expr, bound: frozenset[Symbol]) -> Changed:
    if isinstance(term, Indexed | Quantity) and len(term.args) == 3:
        base, i, j = term.args
        changed = rebuild(term, (base, j, i))
        yield (
            cast(Expr, changed),
            f"{name_of(term)} is transposed: {text(changed)} for {text(term)}",
        )


def _power(pair: Pair, term: Expr, bound: frozenset[Symbol]) -> Changed:
    match term:
        case Power(base, Integer() as exponent) if exponent == 2:
            yield base, f"right with {text(base)} for {text(term)}"
        case Indexed() | Quantity() | Symbol() if not term.is_integer:
            squared = Power(term, Integer(2))
            yield squared, f"right with {text(squared)} for {text(term)}"


def _exponent(pair: Pair, term: Expr, bound: frozenset[Symbol]) -> Changed:
    """e^{-x} for e^{-1}."""
    if isinstance(term, sympy.exp) and not free_letters(term):
        number = term.args[0]
        for symbol in sorted(all_letters(pair.left), key=str):
            if not symbol.is_integer:
                power = (
                    Neg(symbol)
                    if str(number).startswith("-") or isinstance(number, Neg)
                    else symbol
                )
                changed = rebuild(term, (power,))
                yield cast(Expr, changed), f"right with {text(changed)} for {text(term)}"


def _inside_a_sum(pair: Pair, term: Expr, bound: frozenset[Symbol]) -> Changed:
    """A component x_i that is missing below the Σ over i."""
    if not isinstance(term, Sum):
        return
    body, *limits = term.args
    for index, _, high in (t.args for t in limits):
        for name, shape in pair.problem.shapes.items():
            if shape == (high,):
                stage = pair.problem.definition(name) is not None
                made = Quantity(Symbol(name), index) if stage else component(name, index)
                changed = rebuild(term, (times(made, cast(Expr, body)), *limits))
                yield cast(Expr, changed), f"the factor {text(made)} is missing"


def _dropped(pair: Pair, term: Expr, bound: frozenset[Symbol]) -> Changed:
    if isinstance(term, Times | Plus):
        what = "factor" if isinstance(term, Times) else "term"
        for n, part in enumerate(term.args):
            rest = [*term.args[:n], *term.args[n + 1 :]]
            made = times(*rest) if isinstance(term, Times) else plus(*rest)
            yield made, f"the {what} {text(part)} is too many"


# -- of the whole, or of one term ------------------------------------------------------------------


def _negated(pair: Pair, term: Expr) -> Changed:
    yield Neg(term), "right with the opposite sign"


def _number(pair: Pair, term: Expr) -> Changed:
    two = Integer(2)
    yield times(two, term), "a factor 2 is missing"
    yield Quotient(term, two), "a factor 2 is too many"
    sizes = {s for shape in pair.problem.shapes.values() for s in shape if isinstance(s, Symbol)}
    for size in sorted(sizes, key=str):
        yield Quotient(term, size), f"1/{size} is missing"
        yield times(size, term), f"1/{size} is too many"


def _delta(pair: Pair, term: Expr) -> Changed:
    ranges = pair.problem.ranges
    letters = sorted((indices_of(pair.left) | indices_of(term)) & set(ranges), key=str)
    for n, one in enumerate(letters):
        for other in letters[n + 1 :]:
            if ranges[one] == ranges[other]:
                made = delta(one, other)
                yield times(made, term), f"{text(made)} is missing"


def _sum(pair: Pair, term: Expr) -> Changed:
    for index in sorted(indices_of(term) & set(pair.problem.ranges), key=str):
        yield summation(term, index, pair.problem.ranges[index]), f"a Σ_{index} is missing"


def _factor(pair: Pair, term: Expr) -> Changed:
    """A quantity that stands on either side, or the slope of one, once more or once less."""
    parts = dict.fromkeys(
        t
        for side in (pair.left, pair.right)
        for t in subterms(side)
        if isinstance(t, Indexed | Quantity | Symbol) and not t.is_integer
    )
    for stage in pair.problem.stages:
        if not stage.quantity.indices:
            parts.setdefault(stage.quantity)
    free = free_letters(pair.left)
    for part in parts:
        if indices_of(cast(Expr, part)) <= free or isinstance(part, Symbol):
            yield times(cast(Expr, part), term), f"the factor {text(part)} is missing"
            yield Quotient(term, cast(Expr, part)), f"1/{text(part)} is missing"
            yield plus(term, cast(Expr, part)), f"the term {text(part)} is missing"
            yield plus(term, Neg(part)), f"the term −{text(part)} is missing"


_INSIDE = (_sign, _index, _transposed, _power, _exponent, _dropped, _inside_a_sum)
_WHOLE = (_negated, _number, _delta, _sum, _factor)
