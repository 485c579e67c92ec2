"""Entries: a derivation at chosen sizes and indices, and the answer by cases.

Gives `with_cases` (a derivation for every size, its answer by cases) and `at_size` (for chosen
sizes: one entry of each kind worked with its sums written out, the answer by cases, and the
line that joins the cases by Kronecker deltas, which the derivation for every size proves).

Floor 2: imports floors 0 and 1, step and textbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby, product
from typing import cast

import sympy
from sympy import Expr, Integer, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Case, Derivation
from symderiv.derivation.chain import Chain, Refusal
from symderiv.derivation.routes import Route
from symderiv.derivation.textbook import Textbook
from symderiv.judge.axes import symmetric
from symderiv.mistakes import Unanswered
from symderiv.printers.text import text
from symderiv.rules import sums
from symderiv.rules.registry import Rule
from symderiv.terms import (
    Quantity,
    bottom_up,
    delta,
    plus,
    rebuild,
    subterms,
    times,
)
from symderiv.terms.factors import tidy
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.omitted import elsewhere
from symderiv.terms.problem import Problem, name_of
from symderiv.terms.sizes import at_sizes, decided, kinds, written_length
from symderiv.terms.verdict import Strength

LONGEST_WRITTEN = 120  # components of a function that is worked with its sums written out
MOST_CELLS = 6  # along each axis of a printed matrix that are held against the closed form


def free_axes(problem: Problem, f: Expr) -> tuple[Symbol, ...]:
    """The letters that index ∂f/∂x, those of f first, then those of the variables."""
    return problem.axes(f, *problem.wrt)


def with_cases(derivation: Derivation, textbook: Textbook) -> Derivation:
    """The derivation, its answer by cases where deltas make cases."""
    problem = derivation.problem
    tied = sorted(
        {
            a
            for t in subterms(derivation.answer)
            if isinstance(t, KroneckerDelta)
            for a in t.args
            if isinstance(a, Symbol) and a in free_letters(derivation.answer)
        },
        key=name_of,
    )
    axes = free_axes(problem, problem.function)
    if not 2 <= len(tied) <= 3 or not set(tied) <= set(problem.ranges):
        return replace(derivation, axes=axes)
    if not _alike(problem, derivation.answer):
        return replace(derivation, axes=axes)  # i = j = 1 stands for no other where z_2 occurs
    plain = textbook if textbook.route == Route() else replace(textbook, route=Route())
    try:
        cases = tuple(_case(derivation, plain, kind) for kind in kinds(tied, problem.ranges))
    except Refusal as refused:
        if refused.verdict.strength is not Strength.UNDECIDED:
            raise
        cases = ()  # under a mask there is nothing to be said of one of them
    return replace(derivation, axes=axes, cases=cases)


def _alike(problem: Problem, *terms: Expr) -> bool:
    """Are all values of an index alike to these terms?  What holds at some holds at others then."""
    return all(map(symmetric, (*terms, *(s.body for s in problem.stages))))


def _case(derivation: Derivation, textbook: Textbook, kind: Mapping[Symbol, int]) -> Case:
    """The answer where the letters are equal or not as in the example; judged at the example."""
    numbers: dict[Basic, Basic] = {k: Integer(v) for k, v in kind.items()}
    chain = Chain(textbook.judge(derivation.statement), substitute(derivation.answer, numbers))
    textbook.simplify(chain)
    letters = _letters_back(kind)
    start = substitute(derivation.answer, {k: letters[Integer(v)] for k, v in kind.items()})
    where = condition(kind)
    words = where if isinstance(where, str) else text(where)
    steps = tuple(
        replace(s, before=_lettered(s.before, letters), after=_lettered(s.after, letters))
        for s in chain.steps
    )
    made = Derivation("", f"Where {words}", derivation.problem, start, steps)
    return Case(kind, made, made.answer, where)


def _letters_back(kind: Mapping[Symbol, int]) -> dict[Basic, Symbol]:
    back: dict[Basic, Symbol] = {}
    for name, value in kind.items():
        back.setdefault(Integer(value), name)
    return back


def _lettered(term: Expr, letters: Mapping[Basic, Symbol]) -> Expr:
    """Numbers in subscripts back to letters; numbers elsewhere stay."""

    def change(t: Basic) -> Basic:
        if isinstance(t, sympy.Indexed | Quantity):
            start = (t.args[0],)
            return rebuild(t, (*start, *(letters.get(a, a) for a in t.args[1:])))
        if isinstance(t, KroneckerDelta):
            return rebuild(t, tuple(letters.get(a, a) for a in t.args))
        return t

    return cast(Expr, bottom_up(term, change))


def condition(kind: Mapping[Symbol, int]) -> Basic | str:
    """i = j, i ≠ j, or words for more letters."""
    if len(kind) == 2:
        a, b = kind
        relation = sympy.Eq if kind[a] == kind[b] else sympy.Ne
        return cast(Basic, relation(a, b, evaluate=False))
    pairs = sorted(kind.items(), key=lambda kv: kv[1])
    blocks = [
        " = ".join(str(k) for k, _ in members)
        for _, members in groupby(pairs, key=lambda kv: kv[1])
    ]
    return " ≠ ".join(blocks) if len(blocks) < 3 else f"{', '.join(blocks)} all different"


def at_size(
    problem: Problem,
    values: Mapping[Symbol, int],
    route: Route,
    fixed: Mapping[Symbol, int] | None = None,
) -> Derivation:
    """The derivation for chosen sizes.

    Every kind of entry is worked at an example, with its sums written out where that is not long,
    and for every size where it is; the cases are then joined, and the joined line is the answer of
    the derivation for every size.

    Parameters
    ----------
    values : the chosen sizes, {K: 3}
    fixed : letters that are numbers throughout, such as a class label {y: 2}
    """
    fixed = dict(fixed or {})
    textbook = Textbook(problem, route)
    general = textbook.derive()
    # A label that the answer does not mention makes no cases.
    told = free_letters(general.answer) | set(free_axes(problem, problem.function))
    letters = [
        name
        for name in _ordered(problem)
        if problem.ranges.get(name) in values and name not in fixed and name in told
    ]
    plain = replace(textbook, route=Route())
    cases: list[Case] = []
    written = values if written_length(problem, values) <= LONGEST_WRITTEN else {}
    beside = {name: n for name, n in fixed.items() if name in told}
    kinds = [
        kind
        for kind in _kinds_beside(letters, problem, beside)
        if all(v <= values[cast(Symbol, problem.ranges[k])] for k, v in kind.items())
    ]
    for kind in kinds:
        worked = entry(problem, written, {**fixed, **kind}, route)
        shown = dict(sorted({**beside, **kind}.items(), key=lambda kv: kv[0].name))
        # The value with letters comes from the general answer: what was written out at a size
        # holds numbers that are no indices of the entry.
        constant = isinstance(worked.answer, Integer) and (
            len(kinds) == 1 or _at_every_size(general, worked.answer, {**fixed, **kind}, textbook)
        )
        value = worked.answer if constant else _case(general, plain, {**kind, **fixed}).value
        if not _holds_elsewhere(general, value, kind, fixed, values, textbook):
            value = general.answer
        cases.append(Case(shown, worked, value, condition(shown) if len(shown) > 1 else ""))
    joined = _joined(general, cases, textbook)
    made = replace(
        joined,
        cases=tuple(cases),
        axes=free_axes(problem, problem.function),
        sizes=dict(values),
        fixed=fixed,
    )
    _check_cells(made, textbook)
    return made


def _check_cells(made: Derivation, textbook: Textbook) -> None:
    """Hold the entries that are printed against the closed form: all of a small matrix.

    Raises
    ------
    Unanswered
        naming the entry.
    """
    lengths = [made.sizes.get(made.problem.ranges.get(a)) for a in made.axes]
    if not lengths or any(n is None for n in lengths):
        return
    judge = replace(textbook, sizes=made.sizes, _judges={}).judge(made.statement)
    for place in product(*(range(1, min(n or 1, MOST_CELLS) + 1) for n in lengths)):
        at = {**made.sizes, **made.fixed, **dict(zip(made.axes, place, strict=True))}
        closed = substitute(made.answer, {name: Integer(n) for name, n in at.items()})
        cell = made.entry(*place)
        if cell != closed and not judge.compare(closed, cell).holds:
            shown = ", ".join(map(str, place))
            raise Unanswered(f"the entry {shown} of the matrix is not that of the closed form")


def _at_every_size(
    general: Derivation, value: Expr, kind: Mapping[Symbol, int], textbook: Textbook
) -> bool:
    """Is a number the entry at every size?  Π_k x_k without two factors is 1 at K = 2 alone."""
    numbers: dict[Basic, Basic] = {k: Integer(v) for k, v in kind.items()}
    there = decided(substitute(general.answer, numbers))
    return there == value or textbook.judge(general.statement).compare(there, value).holds


def _holds_elsewhere(
    general: Derivation,
    value: Expr,
    kind: Mapping[Symbol, int],
    fixed: Mapping[Symbol, int],
    values: Mapping[Symbol, int],
    textbook: Textbook,
) -> bool:
    """Is the value of a case that of its entries at other indices too, and not of one alone?

    It is not where an index is counted with: x_{j-1}, or j x_j.
    """
    if not fixed and _alike_to_all(general.problem, general.answer, value):
        return True
    judge = textbook.judge(general.statement)
    used = sorted(set(kind.values()) - set(fixed.values()))
    swapped = dict(zip(used, reversed(used), strict=True))  # all that there is at a size of 2
    for moved in ({v: v + 1 for v in used}, {v: v + 2 for v in used}, swapped):
        at = {**kind, **fixed, **{k: moved.get(v, v) for k, v in kind.items()}}
        clash = set(moved.values()) & set(fixed.values())
        sizes = (values[cast(Symbol, general.problem.ranges[k])] for k in kind)
        if clash or any(at[k] > size for k, size in zip(kind, sizes, strict=True)):
            continue
        numbers: dict[Basic, Basic] = {k: Integer(v) for k, v in at.items()}
        left, right = substitute(general.answer, numbers), substitute(value, numbers)
        if left != right and not judge.compare(left, right).holds:
            return False
    return True


def _alike_to_all(problem: Problem, *terms: Expr) -> bool:
    """Are they so to the function and to what is declared as well?"""
    return _alike(problem, *terms, problem.function, *(f.relation for f in problem.facts))


def _ordered(problem: Problem) -> list[Symbol]:
    """The free letters of function and variables, in the order of the page."""
    found: dict[Symbol, None] = {}
    for term in (problem.function, *problem.wrt):
        for name in sorted(free_letters(term), key=name_of):
            if name in problem.ranges:
                found.setdefault(name)
    return list(found)


def _kinds_beside(
    letters: Sequence[Symbol], problem: Problem, fixed: Mapping[Symbol, int]
) -> list[dict[Symbol, int]]:
    """The kinds of the letters, where some others are fixed numbers: equal to those, or not."""
    if not fixed:
        return list(kinds(letters, problem.ranges))
    found: list[dict[Symbol, int]] = []
    for kind in kinds([*fixed, *letters], problem.ranges):
        if len({kind[k] for k in fixed}) != len(set(fixed.values())):
            continue
        moved = {kind[k]: v for k, v in fixed.items()}
        spare = iter(n for n in range(1, 99) if n not in fixed.values())
        for value in sorted(set(kind.values())):
            if value not in moved:
                moved[value] = next(spare)
        found.append({k: moved[kind[k]] for k in letters})
    return found


def entry(
    problem: Problem, values: Mapping[Symbol, int], indices: Mapping[Symbol, int], route: Route
) -> Derivation:
    """One entry at chosen sizes and indices, its sums written out."""
    numbers: dict[Basic, Basic] = {k: Integer(v) for k, v in values.items()}
    textbook = Textbook(
        at_sizes(problem, values, indices), route, general=Textbook(problem), sizes=numbers
    )
    derivation = textbook.derive()
    return replace(derivation, sizes=dict(values))


def _joined(general: Derivation, cases: Sequence[Case], textbook: Textbook) -> Derivation:
    """∂f/∂x = δ·(equal case) + (1 − δ)·(other case) = the closed form, for every size."""
    if len(cases) != 2 or len(cases[0].indices) != 2:
        return general
    (a, b) = cases[0].indices
    d = delta(a, b)
    same, other = cases[0].value, cases[1].value
    parts = ((d, same), (elsewhere(d), other))
    by_cases = tidy(plus(*(times(mask, value) for mask, value in parts if value != 0)))
    chain = Chain(textbook.judge(general.statement), general.statement)
    chain.advance(
        by_cases, [Rule("two-kinds-of-entry", "the two kinds of entry", (), lambda t: None)]
    )
    chain.advance(
        general.answer,
        [Rule("cases-as-a-delta", sums.delta_value.name, sums.delta_value.laws, lambda t: None)],
    )
    return replace(general, steps=tuple(chain.steps))
