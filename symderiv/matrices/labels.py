"""Labels: what a label picks, as a vector or a matrix of ones and zeros.

Gives `one_hots`.  The law: delta_{k,y} is component k of e_y, the vector that is 1 at y and 0
elsewhere, and delta_{k,y_n} is Y_{nk}, whose row n is that vector of y_n.  Each becomes a stage of
the problem, so that whoever judges a line in which it stands knows what it is.

Imports terms.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import chain, count
from typing import cast

from sympy import Expr, Indexed, KroneckerDelta, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Quantity, bottom_up, delta, subterms
from symderiv.terms.problem import Definition, Problem, name_of


def one_hots(problem: Problem, term: Expr, taken: Collection[str]) -> tuple[Problem, Expr]:
    """The problem with a stage for each label that a delta compares, and the term in these.

    Parameters
    ----------
    taken : names that none of them may have
    """
    ends = _ends(problem, term)
    stages: dict[str, Definition] = {}
    shapes: dict[str, tuple[Expr, ...]] = {}
    used = {*taken, *problem.shapes, *problem.labels}

    def change(t: Basic) -> Basic:
        parts = _parted(t, problem.labels) if isinstance(t, KroneckerDelta) else None
        if parts is None or parts[0] not in ends:
            return t
        k, label = parts
        name = name_of(label) if isinstance(label, Indexed) else cast(Symbol, label).name
        rows = label.args[1:] if isinstance(label, Indexed) else ()
        shape = (*problem.shapes.get(name, ()), ends[k])
        if len(shape) != len(rows) + 1:
            return t
        key = f"{name} {ends[k]}"
        if key not in stages:
            shown = _name(name, bool(rows), used)
            used.add(shown)
            own = Quantity(Symbol(shown), *rows, k)
            stages[key] = Definition(own, delta(k, label))
            shapes[shown] = shape
        return Quantity(stages[key].quantity.symbol, *rows, k)

    made = cast(Expr, bottom_up(term, change))
    if not stages:
        return problem, term
    known = replace(
        problem, stages=(*problem.stages, *stages.values()), shapes={**problem.shapes, **shapes}
    )
    return known, made


def _parted(t: KroneckerDelta, labels: Collection[str]) -> tuple[Symbol, Expr] | None:
    """The letter, and the label that it is compared with."""
    for k, label in (t.args, t.args[::-1]):
        if not isinstance(k, Symbol) or k.name in labels or k.is_positive:
            continue
        if isinstance(label, Symbol) and label.name in labels:
            return k, label
        if isinstance(label, Indexed) and name_of(label) in labels:
            plain = all(isinstance(a, Symbol) and a.name not in labels for a in label.args[1:])
            if plain and len(label.args) == 2 and label.args[1] != k:
                return k, label
    return None


def _ends(problem: Problem, term: Expr) -> Mapping[Symbol, Expr]:
    """The size of the axis of each letter, where it runs from 1 and has one size."""
    found = dict(problem.ranges)
    twice: set[Symbol] = set()
    for t in subterms(term):
        if isinstance(t, Sum):
            ((index, low, high),) = t.limits
            if low != 1 or found.setdefault(cast(Symbol, index), high) != high:
                twice.add(cast(Symbol, index))
    return {s: high for s, high in found.items() if s not in twice}


def _name(label: str, many: bool, used: Collection[str]) -> str:
    """Y of labels y, e_y of one label y; E_y, E1_y, ... where that is, or begins as, another's."""
    first = label.upper() if many else f"e_{label}"
    others = (f"E{n or ''}_{label}" for n in count())
    wanted = (n for n in chain((first,), others) if n not in used and n != label)
    return next(n for n in wanted if n.partition("_")[0] not in used)  # e_y is no component of e
