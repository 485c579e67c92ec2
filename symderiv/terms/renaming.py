"""Renaming: a problem with other names for its arrays, quantities, letters and sizes.

Gives `renamed`, `exchanged` (the same, unchecked), `with_names` (one term), `new_name` (one name),
`as_named` (what a person means by one), `as_quantities`, `parted`, `checked_name` and `names_of`.

Floor 0: imports heads, problem and mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, cast

from sympy import Expr, Indexed, IndexedBase, Symbol
from sympy.core.basic import Basic

from symderiv.mistakes import DASH, Mistake, did_you_mean
from symderiv.terms import Quantity, component, rebuild
from symderiv.terms.derived import derived
from symderiv.terms.problem import Definition, Fact, Problem, name_of
from symderiv.terms.walking import bottom_up

NAME = re.compile(r"[A-Za-z](_?[A-Za-z0-9])*_?")
LONGEST_NAME = 50
SPOKEN_FOR = {"e": "the base of the exponential", "delta": "Kronecker's delta", "pi": "the number"}


def names_of(problem: Problem) -> frozenset[str]:
    """Every name in a problem: arrays, stages, letters (free or bound), sizes, scalars."""
    found: set[str] = {*problem.shapes, *problem.labels, *(k.name for k in problem.ranges)}
    terms: list[Basic] = [problem.function, *problem.wrt, *(f.relation for f in problem.facts)]
    for stage in problem.stages:
        terms += [stage.quantity, stage.body]
    for term in terms:
        _collect(term, found)
    return frozenset(found)


def parted(
    problem: Problem, names: Mapping[str, str]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The new names of what is in a problem, and those of what is not."""
    known = names_of(problem)
    own = {old: new for old, new in names.items() if old in known}
    return own, {old: new for old, new in names.items() if old not in known}


def checked_name(old: str, new: str, taken: Collection[str]) -> str:
    """The new name of `old`.

    Raises
    ------
    Mistake
        for one that is taken, that means something else on the page, or that is no name.
    """
    if not NAME.fullmatch(new) or len(new) > LONGEST_NAME:
        shown = f"{old}={new}" if new.isprintable() else f"{old}={new!r}"
        raise Mistake(
            f"{DASH}symbols {shown:.80}: a name is ASCII letters, digits and _, a letter first"
        )
    if new in SPOKEN_FOR:
        raise Mistake(f"{DASH}symbols {old}={new}: '{new}' is {SPOKEN_FOR[new]} on the page")
    if new in taken:
        raise Mistake(
            f"{DASH}symbols {old}={new}: '{new}' is taken; rename it too, or choose another"
        )
    return new


def _collect(term: Basic, found: set[str]) -> None:
    waiting, seen = [term], set[Basic]()
    while waiting:
        t = waiting.pop()
        if isinstance(t, Symbol):
            found.add(t.name)
        elif isinstance(t, IndexedBase):
            found.add(str(t.args[0].name))
        elif t not in seen:
            seen.add(t)
            waiting += t.args


def renamed(problem: Problem, names: Mapping[str, str]) -> Problem:
    """The problem with these names exchanged, all at once: {"i": "j", "j": "i"} swaps.

    No two names may become one, so no letter can be captured.

    Raises
    ------
    Mistake
        for a name that is not in the problem, or a new one that is there already or is no name.
    """
    known = names_of(problem)
    if not names:
        return problem
    names = {as_named(old, known): new for old, new in names.items()}
    for old, new in names.items():
        if old not in known:
            raise Mistake(
                f"{DASH}symbols {old}={new}: there is no '{old}'{did_you_mean(old, known)}"
            )
        checked_name(old, new, known - names.keys())

    return exchanged(problem, names)


def as_named(said: str, known: Collection[str]) -> str:
    """What a person calls by a name: pi is the array pi_, which the number pi leaves no name."""
    return f"{said}_" if said not in known and f"{said}_" in known else said


def exchanged(problem: Problem, names: Mapping[str, str]) -> Problem:
    """The same, whatever the names: two may become one."""
    name = partial(new_name, names=names)

    def change(term: Basic) -> Any:
        return with_names(term, names)

    return replace(
        problem,
        function=change(problem.function),
        wrt=tuple(map(change, problem.wrt)),
        stages=tuple(Definition(change(s.quantity), change(s.body)) for s in problem.stages),
        facts=tuple(Fact(change(f.relation), f.proved) for f in problem.facts),
        shapes={name(array): tuple(map(change, s)) for array, s in problem.shapes.items()},
        ranges={change(index): change(end) for index, end in problem.ranges.items()},
        labels=frozenset(map(name, problem.labels)),
        delays={name(stage): place for stage, place in problem.delays.items()},
        begun=frozenset(map(name, problem.begun)),
    )


def new_name(name: str, names: Mapping[str, str]) -> str:
    """The name that one has among others: an inverse is called after its matrix."""
    found = derived(name)
    if found is not None:
        return replace(found, array=new_name(found.array, names)).name
    return names.get(name, name)


def with_names(term: Basic, names: Mapping[str, str]) -> Basic:
    """A term with other names for its arrays, quantities, letters and sizes, exchanged at once."""
    if isinstance(term, Symbol):
        name = new_name(term.name, names)
        return term if name == term.name else Symbol(name, **term._assumptions_orig)
    args = tuple(with_names(a, names) for a in term.args[isinstance(term, Indexed) :])
    if isinstance(term, Indexed):
        return component(new_name(str(term.base.label), names), *args)
    return rebuild(term, args)


def as_quantities(term: Expr, names: Collection[str]) -> Expr:
    """A term whose arrays and numbers of these names are named quantities."""

    def change(t: Basic) -> Basic:
        if isinstance(t, Indexed) and name_of(t) in names:
            return Quantity(Symbol(name_of(t)), *t.indices)
        if isinstance(t, Symbol) and not t.is_integer and t.name in names:
            return Quantity(t)
        return t

    return cast(Expr, bottom_up(term, change))
