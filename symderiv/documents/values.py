"""Values: a derivation's quantities and answer at a point, as numbers.

Gives `numbers_at`, the block of a page, and `values_at`.

Floor 4: imports derivations and the blocks of documents.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import cast

import mpmath
from sympy import Expr, Indexed, Integer, Symbol

from symderiv.derivation import Derivation
from symderiv.documents.blocks import Numbers, Values
from symderiv.documents.points import Placed, placed, said, told
from symderiv.documents.setting import Point
from symderiv.mistakes import DASH, Mistake
from symderiv.numbers.evaluator import At, Beyond, OffAxis
from symderiv.numbers.exact import DIGITS, Exact
from symderiv.numbers.matrices import Undefined
from symderiv.terms import Quantity, subterms
from symderiv.terms.derived import derived
from symderiv.terms.problem import Definition, Problem, name_of

MANY = 25 * DIGITS


def numbers_at(derivation: Derivation, point: Point) -> Numbers:
    """The values of the named quantities and of the answer, as a block of the page."""
    found = values_at(derivation, point)
    return Numbers(("At ", *told(*_of(derivation.problem, point))), tuple(found.items()))


def _of(problem: Problem, point: Point) -> tuple[Point, str]:
    """The point and the variable that it is one of; of a variable that is one number, x = 1."""
    variable = name_of(problem.wrt[0])
    if not problem.shapes.get(variable) and not isinstance(point, Mapping):
        point = {variable: point[0]}
    return point, variable


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
    sizes = {str(size): n for size, n in given.sizes.items()}
    exact = Exact(problem, given.values, sizes)
    near = f"{DASH}at {said(*_of(problem, point)).removesuffix(', indices from 1')}"

    def valueless(what: str) -> Mistake:
        return Mistake(f"{near}: {what} has no value there that is a finite real number")

    def beyond(what: str) -> Mistake:
        return Mistake(f"{near}: {what} is beyond all floats there")

    def worked_out(term: Expr, at: At, what: str) -> mpmath.mpf:
        """The number; with many digits where few divide by 0, as 1/(1 - σ(u)) for a large u."""
        try:
            return exact.value(term, at)
        except Undefined:
            with suppress(Undefined):
                value = exact.at_digits(MANY, term, at)
                if mpmath.isfinite(value):
                    return value
        raise valueless(what)

    def look(term: Expr, at: At, what: str) -> None:
        """Look whether a term is a real number, or nan: a mask may leave it out, 0 log 0."""
        try:
            value = exact.open(DIGITS, term, at)
            value = worked_out(term, at, what) if mpmath.isinf(value) else value
        except KeyError:
            stage = problem.definition(what)
            raise _missing(term if stage is None else stage.body, problem, given) from None
        except OffAxis:
            raise Mistake(f"{DASH}at: a label is larger than the number of classes") from None
        except Beyond:
            raise beyond(what) from None
        except Undefined:
            value = worked_out(term, at, what)
        if isinstance(value, mpmath.mpc) or mpmath.isinf(value):
            raise valueless(what)

    def real(term: Expr, at: At, what: str) -> float:
        """The number, which is a finite one."""
        look(term, at, what)
        value = float(worked_out(term, at, what))
        if value in (math.inf, -math.inf):
            raise beyond(what)
        return value

    found: dict[Expr | str, Values] = {}
    for stage in problem.stages:
        own = stage.quantity.indices
        try:
            lengths = exact.shape(stage.name)
        except KeyError:
            raise _missing(stage.body, problem, given) from None
        for places in exact.places(stage.name):
            look(stage.quantity, dict(zip(own, places, strict=True)), stage.name)

        def value(*places: int, stage: Definition = stage) -> float:
            at = dict(zip(stage.quantity.indices, places, strict=True))
            return real(stage.quantity, at, stage.name)

        if 1 <= len(lengths) <= 2:
            found[cast(Expr, Quantity(stage.quantity.symbol).symbol)] = _table(lengths, value)
    _check_regular(exact)
    if not problem.delays and not set(problem.ranges) & problem.function.free_symbols:
        look(problem.function, {}, "the function")
    axes = _own_axes(derivation)

    def entry(*places: int) -> float:
        return real(derivation.answer, dict(zip(axes, places, strict=True)), "the derivative")

    extents = [given.sizes.get(cast(Symbol, end), end) for end in map(problem.ranges.get, axes)]
    ends = [int(cast(Integer, end)) for end in extents if isinstance(end, int | Integer)]
    if not len(ends) == len(axes) <= 2:
        raise Mistake(f"{DASH}at: the answer has {len(axes)} axes; two can be shown")
    found[_name(derivation) if ends else derivation.statement] = _table(ends, entry)
    return found


def _check_regular(exact: Exact) -> None:
    """Refuse a matrix that has no inverse, where that is asked for."""
    arrays = {d.array for name in exact.problem.shapes if (d := derived(name)) is not None}
    for array in sorted(arrays):
        with mpmath.workdps(DIGITS), suppress(KeyError):
            if not exact.matrix(array).determinant:
                raise Mistake(f"{DASH}at {array}: this matrix is singular; it has no inverse")


def _table(lengths: Sequence[int], value: Callable[..., float]) -> Values:
    """The values along no axis, one or two."""
    if not lengths:
        return value()
    if len(lengths) == 1:
        return tuple(value(a) for a in range(1, lengths[0] + 1))
    columns = range(1, lengths[1] + 1)
    return tuple(tuple(value(a, b) for b in columns) for a in range(1, lengths[0] + 1))


def _missing(term: Expr, problem: Problem, given: Placed) -> Mistake:
    """What the point lacks for the value of a term."""
    known = {*given.values, *map(str, given.sizes), *(stage.name for stage in problem.stages)}
    names = {name_of(t) for t in subterms(term) if isinstance(t, Indexed)}
    arrays = {d.array if (d := derived(name)) else name for name in names} - known
    symbols = sorted(term.free_symbols, key=lambda s: bool(s.is_integer))
    free = {s.name: s.is_integer for s in symbols if isinstance(s, Symbol) and s.name not in known}
    if labels := problem.labels & (arrays | free.keys()):
        return Mistake(
            f"{DASH}at: the answer depends on the label; {DASH}target chooses it, or "
            f"{DASH}at '…; {min(labels)}=1'"
        )
    sizes = sorted({s.name for s in problem.free_sizes} - known)
    numbers = sorted(s for s, whole in free.items() if not whole)
    missing = sorted(arrays) or numbers or sizes or [*free]
    return Mistake(
        f"{DASH}at: the answer depends on more than the point: {', '.join(missing)}; "
        f"{DASH}at '{name_of(problem.wrt[0])}=[…]; {missing[0]}=…' gives several"
    )


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
