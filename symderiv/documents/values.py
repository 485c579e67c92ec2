"""Values: a derivation's quantities and answer at a point, as numbers.

Gives `numbers_at`, the block of a page, and `values_at`.

Floor 4: imports derivations and the blocks of documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import cast

from sympy import Expr, Indexed, Integer, S, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation
from symderiv.documents.blocks import Numbers, Values
from symderiv.documents.inverses import inverses_of
from symderiv.documents.points import DIGITS, placed, said
from symderiv.documents.setting import Point
from symderiv.mistakes import Mistake
from symderiv.terms import Quantity, release, subterms
from symderiv.terms.letters import substitute
from symderiv.terms.problem import Problem, name_of
from symderiv.terms.sizes import written_out


def numbers_at(derivation: Derivation, point: Point) -> Numbers:
    """The values of the named quantities and of the answer, as a block of the page."""
    found = values_at(derivation, point)
    return Numbers(f"At {_said(derivation.problem, point)}", tuple(found.items()))


def _said(problem: Problem, point: Point) -> str:
    """The point in words; of a variable that is one number, x = 1."""
    variable = name_of(problem.wrt[0])
    if not problem.shapes.get(variable) and not isinstance(point, Mapping):
        point = {variable: point[0]}
    return said(point, variable)


def values_at(derivation: Derivation, point: Point) -> dict[Expr | str, Values]:
    """The values of every stage of one or two indices, and of the answer, at a point.

    Parameters
    ----------
    point : the components of the variable, as decimal numbers; or those of arrays, by name

    Raises
    ------
    Mistake
        where the answer depends on more than what is given, what is given does not fit, or the
        function or its derivative has no value there that is a finite real number.
    """
    problem = derivation.problem
    given = placed(derivation, point)
    known = dict(given.values)
    sizes = {size: Integer(n) for size, n in given.sizes.items()}
    whole = replace(derivation, sizes={**derivation.sizes, **given.sizes})
    if given.labels:  # cases are of a label that is any; the closed form is of every one
        whole = replace(whole, cases=())

    def number(term: Expr) -> Expr:
        return _number(cast(Expr, substitute(term, dict(given.labels))), known, problem)

    def invert() -> None:
        """What is of a whole matrix, once that is known."""
        known.update(inverses_of(problem, known, dict(sizes), DIGITS))

    near = f"--at {_said(problem, point).removesuffix(', indices from 1')}"
    found: dict[Expr | str, Values] = {}
    invert()
    for stage in problem.stages:
        extents = [sizes.get(cast(Symbol, end), end) for end in problem.shapes[stage.name]]
        if any(isinstance(extent, Symbol) for extent in extents):
            raise _missing(written_out(stage.at(stage.quantity), dict(known)), problem, known)
        lengths = [int(cast(Integer, end)) for end in extents]
        for indices in _all(lengths):
            at = Quantity(stage.quantity.symbol, *indices)
            known[at] = number(written_out(stage.at(at), dict(sizes)))
            _defined(known[at], stage.name, near)

        def value(*indices: int, symbol: Symbol = stage.quantity.symbol) -> float:
            return _real(known[Quantity(symbol, *map(Integer, indices))], symbol.name, near)

        invert()
        if 1 <= len(lengths) <= 2:
            found[cast(Expr, Quantity(stage.quantity.symbol).symbol)] = _table(lengths, value)

    if not problem.delays and not set(problem.ranges) & problem.function.free_symbols:
        _defined(number(written_out(problem.function, dict(sizes))), "the function", near)

    order = [whole.axes.index(a) for a in _own_axes(whole)]

    def entry(*indices: int) -> float:
        places = dict(zip(order, indices, strict=True))
        term = whole.entry(*(places[n] for n in sorted(places))) if indices else whole.answer
        return _real(number(written_out(term, dict(sizes))), "the derivative", near)

    ends = _lengths(whole)
    if ends is None or len(ends) > 2:
        raise Mistake(f"--at: the answer has {len(whole.axes)} axes; two can be shown")
    ends = [ends[n] for n in order]
    found[_name(whole) if ends else derivation.statement] = _table(ends, entry)
    return found


def _real(value: Basic, what: str, near: str) -> float:
    """The number, which is a finite real one: 1/x has none at 0, nor the log of -1."""
    if value.is_real is False or not cast(Expr, value).is_finite:
        raise Mistake(f"{near}: {what} has no value there that is a finite real number")
    return float(cast(Expr, value))


def _defined(value: Basic, what: str, near: str) -> None:
    """What is not real has no derivative, though 1/x for log x is a number at -1.

    What SymPy calls nan is let through: a mask may leave it out, 0 log 0.
    """
    if value is not S.NaN:
        _real(value, what, near)


def _table(lengths: Sequence[int], value: Callable[..., float]) -> Values:
    """The values along no axis, one or two."""
    if not lengths:
        return value()
    if len(lengths) == 1:
        return tuple(value(a) for a in range(1, lengths[0] + 1))
    columns = range(1, lengths[1] + 1)
    return tuple(tuple(value(a, b) for b in columns) for a in range(1, lengths[0] + 1))


def _all(lengths: Sequence[int]) -> Iterator[tuple[Integer, ...]]:
    """Every choice of indices of a stage."""
    for chosen in product(*(range(1, length + 1) for length in lengths)):
        yield tuple(Integer(n) for n in chosen)


def _number(term: Expr, known: dict[Basic, Basic], problem: Problem) -> Expr:
    value = release(substitute(term, {t: known[t] for t in set(subterms(term)) if t in known}))
    if value.free_symbols:  # looked at first: what is open may take SymPy for ever to work out
        raise _missing(value, problem, known)
    value = value.doit().evalf(DIGITS)
    if not value.is_number:
        raise Mistake("--at: a label is larger than the number of classes")
    return cast(Expr, value)


def _missing(value: Expr, problem: Problem, known: Mapping[Basic, Basic]) -> Mistake:
    """What the point lacks for a value."""
    stages = {stage.name for stage in problem.stages} | {name_of(term) for term in known}
    arrays = {str(t.base.label) for t in value.atoms(Indexed)}
    free = {str(s) for s in value.free_symbols if isinstance(s, Symbol)}
    missing = sorted((arrays or free) - stages) or sorted(free - stages)
    if problem.labels.intersection(missing):
        label = min(problem.labels.intersection(missing))
        return Mistake(
            f"--at: the answer depends on the label; --target chooses it, or --at '…; {label}=1'"
        )
    if not missing:
        return Mistake("--at: a label is larger than the number of classes")
    return Mistake(
        f"--at: the answer depends on more than the point: {', '.join(missing)}; "
        f"--at '{name_of(problem.wrt[0])}=[…]; {missing[0]}=…' gives several"
    )


def _lengths(derivation: Derivation) -> list[int] | None:
    """How far each axis of the answer runs, where all are chosen."""
    problem = derivation.problem
    ends = [
        derivation.sizes.get(cast(Symbol, end), end)
        for end in (problem.ranges.get(axis) for axis in derivation.axes)
    ]
    if not all(isinstance(end, int | Integer) for end in ends):
        return None
    return [int(cast(int, end)) for end in ends]


def _own_axes(derivation: Derivation) -> tuple[Symbol, ...]:
    """The axes of the answer; of a gradient as its variable has them, ∂/∂W_{kc} first k."""
    variable = derivation.problem.wrt[0]
    own = variable.indices if isinstance(variable, Indexed) else ()
    return tuple(own) if set(own) == set(derivation.axes) else derivation.axes


def _name(derivation: Derivation) -> str:
    variable = derivation.problem.wrt[0]
    own = len(variable.indices) if isinstance(variable, Indexed) else 0
    if len(derivation.problem.wrt) == 1 and len(derivation.axes) == own:
        return "∇"
    return "H" if len(derivation.problem.wrt) == 2 else "J"
