"""Functions that promise what their formula does: each against it, evaluated by mpmath.

Gives `formula_errors`, `inputs`, random inputs of a function, and `exact_results`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from symderiv.verification.exact import DIGITS, Pair, above_underflow, ulps
from symderiv.verification.formula import Formula
from symderiv.verification.quiet import quietly
from symderiv.verification.rounding import RoundedFormula

if TYPE_CHECKING:
    from symderiv.emit.program import Program

SIZES = {"K": 4, "N": 3, "D": 2, "M": 3, "C": 2}
SCALES = (0.001, 0.1, 1.0, 3.0, 10.0)
SEEDS = 2


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
    worst = {np.dtype(d).name: (0.0, "") for d in dtypes}
    every = list(product(SCALES, range(SEEDS)))
    for scale, seed in every:
        given = inputs(program, np.random.default_rng(seed), scale=scale)
        # where exponentials are large, 1 - s with s close to 1 takes as many digits
        with mpmath.workdps(DIGITS if scale < 10 else 400):
            exact = [(Pair.of(v), Pair.of(lost)) for v, lost in rounded_results(program, given)]
        for dtype in dtypes:
            far, said = quietly(_error, name, program, given, exact, dtype)
            far = float("inf") if said else far
            if far > worst[np.dtype(dtype).name][0]:
                where = f"random, scale {scale:g}, seed {seed}"
                where = f"it warns: {said}; {where}" if said else where
                worst[np.dtype(dtype).name] = far, where
    for precision, (error, where) in worst.items():
        yield Worst(name, precision, len(every), error, where)


def _error(
    name: str,
    program: Program,
    given: Mapping[str, Any],
    exact: Sequence[tuple[Pair, Pair]],
    dtype: Any,
) -> float:
    """In ulp of what may be lost; what underflows on the way counts for less than one."""
    from symderiv import functions

    cast = {n: v if n in program.problem.labels else v.astype(dtype) for n, v in given.items()}
    extra = {"i": 0, "j": 1} if program.entry else {}
    found = getattr(functions, name)(**cast, **extra)
    values = found if isinstance(found, tuple) else (found,)
    far = [
        ulps(value, wanted, dtype, scale=above_underflow(lost, dtype))
        for value, (wanted, lost) in zip(values, exact, strict=True)
    ]
    return max(float(errors.max(initial=0)) for errors in far)


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
