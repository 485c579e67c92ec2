"""Points: the numbers that a person gives, and which component of what each of them is.

Gives `said` and `told`, the point in words, and `placed`, the arrays and the sizes that follow.

Floor 4: imports floors 0 to 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

import mpmath
import numpy as np
from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation
from symderiv.documents.blocks import Sentence
from symderiv.documents.setting import Point
from symderiv.mistakes import DASH, Mistake, did_you_mean
from symderiv.numbers.exact import DIGITS
from symderiv.records import dataclass
from symderiv.terms.derived import derived
from symderiv.terms.problem import name_of
from symderiv.terms.renaming import as_named

MOST = 1000  # a size that no array shows


@dataclass(frozen=True)
class Placed:
    """The arrays and numbers by name, labels from 0, and the sizes that they have."""

    values: Mapping[str, Any]
    sizes: Mapping[Symbol, int]


def said(point: Point, variable: str) -> str:
    """The point in words: `z = (1, 2)`, `W = ((1, 2), (3, 4)), x = (5, 6)`."""
    return "".join(map(str, told(point, variable)))


def told(point: Point, variable: str) -> Sentence:
    """The same with its names as terms."""
    named = point if isinstance(point, Mapping) else {variable: list(point)}
    out: list[str | Basic] = []
    for name, value in named.items():
        out += [", ", Symbol(name), f" = {_written(value)}"]
    if any(isinstance(value, list) for value in named.values()):
        out.append(", indices from 1")
    return tuple(out[1:])


def _written(value: Any) -> str:
    return f"({', '.join(map(_written, value))})" if isinstance(value, list) else str(value)


def placed(derivation: Derivation, point: Point) -> Placed:
    """Each number to its component.

    Raises
    ------
    Mistake
        for a name that there is not, an array of another shape, or sizes that do not agree.
    """
    problem = derivation.problem
    if derivation.rows:
        raise Mistake(f"{DASH}at: values are shown of one function, and this page has several")
    variable = name_of(problem.wrt[0])
    if not isinstance(point, Mapping):
        axes = len(problem.shapes.get(variable, ()))
        if axes > 1 or (not axes and len(point) > 1):
            raise Mistake(
                f"{DASH}at: {variable} has no single axis; name the arrays, as in {DASH}at "
                f"'{variable}={'[[1,2],[3,4]]' if axes == 2 else '1'}; …'"
            )
        point = {variable: list(point) if axes else point[0]}
    values: dict[str, Any] = {s.name: n - 1 for s, n in derivation.fixed.items()}
    sizes: dict[Symbol, int] = dict(derivation.sizes)
    terms = [problem.function, derivation.answer, *(stage.body for stage in problem.stages)]
    free = {s for t in terms for s in t.free_symbols if isinstance(s, Symbol)}
    scalars = {s.name for s in free if not s.is_integer}
    known = {*problem.shapes, *problem.labels} | scalars
    known -= {stage.name for stage in problem.stages}
    known = {name for name in known if derived(name) is None}
    counts = {*problem.free_sizes, *(s for s in free if s.is_integer and s.is_positive)}
    ends = {s.name: s for s in counts if s.name not in known}
    point = {as_named(name, known | ends.keys()): given for name, given in point.items()}
    for name, given in point.items():
        if name in ends:
            _match(name, (_size(name, given),), (ends[name],), sizes)
            continue
        if name not in known:
            raise Mistake(
                f"{DASH}at {name}: no array or number '{name}'{did_you_mean(name, known)}"
            )
        shape = _shape(name, given)
        _match(name, shape, problem.shapes.get(name, ()), sizes)
        if name in {s.name for s in derivation.fixed}:
            raise Mistake(f"{DASH}at {name}: {DASH}target has chosen the label")
        values[name] = _each(given, partial(_label, name) if name in problem.labels else _number)
    for name in problem.labels & point.keys():
        most = sizes.get(cast(Symbol, problem.classes(name)))
        for place, value in np.ndenumerate(values[name]):
            if most is not None and value >= most:
                at = f"{name}[{', '.join(str(n + 1) for n in place)}]" if place else name
                raise Mistake(f"{DASH}at {at} = {value + 1}: the labels run from 1 to {most}")
    return Placed(values, sizes)


def _number(typed: str) -> mpmath.mpf:
    with mpmath.workdps(2 * DIGITS):
        return mpmath.mpf(typed)


def _label(name: str, typed: str) -> int:
    if not typed.isdigit() or int(typed) < 1:
        raise Mistake(f"{DASH}at {name}={typed}: a class label is a whole number from 1 up")
    return int(typed) - 1


def _size(name: str, given: Any) -> int:
    if not str(given).isdigit() or not 1 <= int(given) <= MOST:
        raise Mistake(f"{DASH}at {name}: a size is a whole number from 1 to {MOST}")
    return int(given)


def _shape(name: str, given: Any) -> tuple[int, ...]:
    if not isinstance(given, list):
        return ()
    inner = {_shape(name, each) for each in given}
    if len(inner) != 1:
        raise Mistake(f"{DASH}at {name}: the rows are not of one length")
    return (len(given), *inner.pop())


def _match(
    name: str, shape: tuple[int, ...], axes: Sequence[Expr], sizes: dict[Symbol, int]
) -> None:
    if len(shape) != len(axes):
        wanted = " by ".join(map(str, axes)) if axes else "a number"
        found = " by ".join(map(str, shape)) if shape else "a number"
        raise Mistake(f"{DASH}at {name}: it is {wanted}, not {found}")
    for length, axis in zip(shape, axes, strict=True):
        known = int(axis) if axis.is_Integer else sizes.setdefault(cast(Symbol, axis), length)
        if known != length:
            raise Mistake(f"{DASH}at {name}: {axis} = {length} there, and {known} elsewhere")


def _each(given: Any, read: Callable[[str], Any]) -> Any:
    """Each number as it is read."""
    return [_each(one, read) for one in given] if isinstance(given, list) else read(str(given))
