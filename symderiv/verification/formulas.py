"""Functions without a stated bound: each against its own formula, evaluated by mpmath.

Gives `formula_lines`, `inputs`, random inputs of a function, and `exact_results`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from symderiv.emit.program import Program

SIZES = {"K": 4, "N": 3, "D": 2, "M": 3, "C": 2}
TRIED = 3


def formula_lines(
    names: Sequence[str], say: Callable[[str, float], None]
) -> Iterator[tuple[str, int, float, str]]:
    """For each function: points tried, worst error in ulp of the largest entry, and where."""
    if not names:
        return
    from symderiv import functions
    from symderiv.catalogue import functions as catalogue
    from symderiv.emit.module import ALIASES, programs

    made = {w.name: p for w, p in programs(catalogue().values())}
    for n, name in enumerate(names):
        say(name, n / len(names))
        program = made[ALIASES.get(name, name)]
        worst, where = 0.0, ""
        for seed in range(TRIED):
            given = inputs(program, np.random.default_rng(seed))
            extra = {"i": 0, "j": 1} if program.entry else {}
            found = getattr(functions, name)(**given, **extra)
            for value, exact in zip(
                found if isinstance(found, tuple) else (found,),
                exact_results(program, given),
                strict=True,
            ):
                exact = exact[0, 1] if program.entry else exact
                far = np.abs(np.asarray(value) - exact).max(initial=0)
                far /= np.spacing(np.abs(exact).max(initial=1e-300))
                if not far <= worst:
                    worst, where = float(far), f"random, seed {seed}"
        yield name, TRIED, worst, where


def size_of(program: Program, name: str) -> int:
    """A small size for an axis; a large one where x_{i+k} runs along it."""
    from sympy import Indexed, Symbol

    from symderiv.terms import subterms

    for term in (program.problem.function, *(s.body for s in program.problem.stages)):
        for t in subterms(term):
            if isinstance(t, Indexed) and not all(isinstance(a, Symbol) for a in t.args[1:]):
                shape = program.problem.shapes.get(str(t.base.label), ())
                for a, length in zip(t.args[1:], shape, strict=False):
                    if str(length) == name and a.is_Add:
                        return 10
    return SIZES.get(name, 3)


def inputs(
    program: Program, rng: np.random.Generator, batch: tuple[int, ...] = ()
) -> dict[str, Any]:
    """Random inputs: positive where a scalar or a target is wanted, sums of one where assumed."""
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
            given[name] = rng.normal(size=shape)
    return given


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
    from symderiv.verification.formula import Formula

    problem = program.problem
    sizes = {str(s): size_of(program, str(s)) for shape in problem.shapes.values() for s in shape}
    sizes |= {str(s): size_of(program, str(s)) for s in problem.ranges.values()}
    formula = Formula(problem, given, sizes)
    if program.columns:
        values = [float(formula.value(t, {})) for t in program.results]
        yield np.array(values).reshape(-1, program.columns)
        return
    for term, axes in zip(program.results, program.axes, strict=True):
        shape = [size_of(program, str(problem.ranges[a])) for a in axes]
        value = np.empty(shape)
        for places in product(*(range(n) for n in shape)):
            letters = {a: n + 1 for a, n in zip(axes, places, strict=True)}
            value[places] = float(formula.value(term, letters))
        yield value
