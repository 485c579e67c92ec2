"""Functions that promise what their formula does: each against it, evaluated by mpmath.

Gives `formula_errors`, `inputs`, random inputs of a function, and `exact_results`; what the errors
are found by are `rounded_results` and where they are `defined`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from symderiv.verification.exact import DIGITS, Pair, above_underflow, ulps
from symderiv.verification.far import far_inputs
from symderiv.verification.formula import Formula
from symderiv.verification.quiet import quietly
from symderiv.verification.rounding import RoundedFormula

if TYPE_CHECKING:
    from symderiv.emit.program import Program

SIZES = {"K": 4, "N": 3, "D": 2, "M": 3, "C": 2}
SCALES = (0.001, 0.1, 1.0, 3.0, 10.0)
SEEDS = 2
FAR = 400  # digits: where exponentials are large, 1 - s with s close to 1 takes as many
Point = tuple[
    str, dict[str, Any], list[tuple[Any, Any]]
]  # where, inputs, values and what they lose


@dataclass(frozen=True)
class Worst:
    """The largest error of a function in one precision, and where."""

    function: str
    precision: str
    tried: int
    error: float
    where: str


def formula_errors(
    names: Sequence[str], dtypes: Sequence[Any], say: Callable[[str, float], None]
) -> Iterator[Worst]:
    """The largest error of each function in ulp of what its operations may lose."""
    made = programs_of(names)
    for n, name in enumerate(names):
        say(name, n / len(names))
        yield from _worst(name, made[name], dtypes)


def programs_of(names: Sequence[str]) -> dict[str, Program]:
    """The programs of functions, from the entries of the catalogue that their names begin with."""
    from symderiv.catalogue import functions as catalogue
    from symderiv.emit.module import ALIASES, programs

    full = {name: ALIASES.get(name, name) for name in names}
    entries = [
        e for e in catalogue().values()
        if any(f.startswith(e.name.replace("-", "_")) for f in full.values())
    ]  # fmt: skip
    made = {w.name: p for w, p in programs(entries)}
    return {name: made[f] for name, f in full.items()}


def _worst(name: str, program: Program, dtypes: Sequence[Any]) -> Iterator[Worst]:
    random = list(_random_points(program))
    for dtype in dtypes:
        worst, tried = (0.0, ""), 0
        for where, given, exact in (*random, *_far_points(program, dtype)):
            far, said = quietly(_error, name, program, given, exact, dtype)
            if far is None:
                continue
            tried += 1
            most = float("inf") if said else far
            if most > worst[0]:
                worst = most, f"it warns: {said}; {where}" if said else where
        yield Worst(name, np.dtype(dtype).name, tried, *worst)


def _random_points(program: Program) -> Iterator[Point]:
    for scale, seed in product(SCALES, range(SEEDS)):
        given = inputs(program, np.random.default_rng(seed), scale=scale)
        with mpmath.workdps(DIGITS if scale < 10 else FAR):
            yield f"random, scale {scale:g}, seed {seed}", given, [*rounded_results(program, given)]


def _far_points(program: Program, dtype: Any) -> Iterator[Point]:
    ordinary = inputs(program, np.random.default_rng(0))
    for kind, given in far_inputs(program, ordinary, dtype):
        digits = FAR if kind == "far apart" else DIGITS  # beyond those no number is enough
        with mpmath.workdps(digits), contextlib.suppress(ZeroDivisionError):  # log(q/p) with p = 0
            yield kind, given, [*rounded_results(program, given)]


def defined(value: Any, lost: Any, dtype: Any) -> NDArray[Any]:
    """Where a result is a number or an infinity, and all that it is added up from a float."""
    pairs = zip(np.ravel(value), np.ravel(lost), strict=True)
    largest = float(np.finfo(dtype).max)
    found = [not mpmath.isnan(v) and bool(abs(far) <= largest) for v, far in pairs]
    return np.array(found).reshape(np.shape(value))


def _error(
    name: str,
    program: Program,
    given: Mapping[str, Any],
    exact: Sequence[tuple[Any, Any]],
    dtype: Any,
) -> float | None:
    """In ulp of what may be lost, where the result is `defined`; None if it is nowhere.

    What underflows on the way counts for less than one.
    """
    from symderiv import functions

    cast = {n: v if n in program.problem.labels else v.astype(dtype) for n, v in given.items()}
    extra = {"i": 0, "j": 1} if program.entry else {}
    found = getattr(functions, name)(**cast, **extra)
    values = found if isinstance(found, tuple) else (found,)
    far: list[float] = []
    for value, (wanted, lost) in zip(values, exact, strict=True):
        where = defined(wanted, lost, dtype)
        if where.any():
            pair, scale = (Pair.of(np.asarray(a, object)[where]) for a in (wanted, lost))
            chosen = np.asarray(value)[where]
            errors = ulps(chosen, pair, dtype, scale=above_underflow(scale, dtype))
            far.append(float(errors.max()))
    return max(far, default=None)


def size_of(program: Program, name: str) -> int:
    """A small size for an axis; a large one where x_{i+k} runs along it."""
    from sympy import Indexed, Symbol

    from symderiv.terms import subterms

    if name.isdigit():
        return int(name)
    for term in (program.problem.function, *(s.body for s in program.problem.stages)):
        for t in subterms(term):
            if isinstance(t, Indexed) and not all(isinstance(a, Symbol) for a in t.args[1:]):
                shape = program.problem.shapes.get(str(t.base.label), ())
                for a, length in zip(t.args[1:], shape, strict=False):
                    if str(length) == name and a.is_Add:
                        return 10
    return SIZES.get(name, 3)


def inputs(
    program: Program, rng: np.random.Generator, batch: tuple[int, ...] = (), scale: float = 1
) -> dict[str, Any]:
    """Random inputs: positive where a scalar or a target is wanted, sums of one where assumed.

    The others are normal, of a scale; all are numbers of single precision too.
    """
    given: dict[str, Any] = {}
    problem = program.problem
    positive = {"y", "t", "q", *_must_be_positive(program)}
    for name in program.inputs:
        own = tuple(size_of(program, str(s)) for s in problem.shapes.get(name, ()))
        shape = (*batch, *own)
        if name in problem.labels:
            given[name] = rng.integers(0, size_of(program, program.classes(name)), shape)
        elif own and any(name in str(f.relation) for f in problem.facts):
            y = rng.random(shape) + 0.1
            given[name] = y / y.sum(-1, keepdims=True)
        elif not own or name in positive:
            given[name] = rng.random(shape) * 0.8 + 0.1
        else:
            given[name] = rng.normal(size=shape) * scale
    labels = problem.labels
    return {n: v if n in labels else _single(v) for n, v in given.items()}


def _single(x: Any) -> NDArray[Any]:
    return np.asarray(x, np.float32).astype(np.float64)


def _must_be_positive(program: Program) -> set[str]:
    """What stands under a logarithm, a root or a power."""
    import sympy

    from symderiv.terms import Power, subterms

    problem = program.problem
    terms = [*program.results, problem.function, *(s.body for s in problem.stages)]
    terms += [f.relation for f in problem.facts if not isinstance(f.relation, sympy.Eq)]
    return {
        str(t.base.label)
        for term in terms
        for outer in subterms(term)
        if isinstance(outer, sympy.log | sympy.core.relational.Relational)
        or (isinstance(outer, Power) and not outer.exponent.is_Integer)
        for t in subterms(outer)
        if isinstance(t, sympy.Indexed)
    }


def exact_results(program: Program, given: Mapping[str, Any]) -> Iterator[Any]:
    """The results of a program's terms by mpmath, as float64."""
    for values in _results(program, Formula(program.problem, given, _sizes(program))):
        yield values.astype(np.float64)


def rounded_results(program: Program, given: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Each result with what the operations of its formula may lose; of an entry, that at (0, 1)."""
    for values in _results(program, RoundedFormula(program.problem, given, _sizes(program))):
        chosen = values[0, 1] if program.entry else values
        yield _value(chosen), _lost(chosen)


_value = np.frompyfunc(lambda v: v.value, 1, 1)
_lost = np.frompyfunc(lambda v: v.lost, 1, 1)


def _sizes(program: Program) -> dict[str, int]:
    problem = program.problem
    named = {s for shape in problem.shapes.values() for s in shape} | set(problem.ranges.values())
    return {str(s): size_of(program, str(s)) for s in named}


def _results(program: Program, formula: Formula) -> Iterator[NDArray[Any]]:
    """The values of a program's terms, as arrays of what the formula's arithmetic is of."""
    problem = program.problem
    if program.columns:
        values = np.empty(len(program.results), dtype=object)
        values[:] = [formula.value(t, {}) for t in program.results]
        yield values.reshape(-1, program.columns)
        return
    for term, axes in zip(program.results, program.axes, strict=True):
        shape = [size_of(program, str(problem.ranges[a])) for a in axes]
        values = np.empty(shape, dtype=object)
        for places in product(*(range(n) for n in shape)):
            letters = {a: n + 1 for a, n in zip(axes, places, strict=True)}
            values[places] = formula.value(term, letters)
        yield values
