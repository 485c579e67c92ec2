"""Far points: logits at the ends of the floats and -inf, for functions checked by their formula.

Gives `far_inputs`, such inputs of a function, and `logits_of`, which of its arrays are logits: what
is added up in the argument of an exponential, a sigmoid or a softplus.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Expr, Indexed, Symbol

from symderiv.terms import Neg, Quantity, Quotient, sigmoid, softplus, subterms
from symderiv.terms.factors import terms_of
from symderiv.terms.problem import Problem

if TYPE_CHECKING:
    from symderiv.emit.program import Program

Array = NDArray[Any]
INF = float("inf")

# of the largest float; where 0 stands, a logit of ordinary size
HUGE: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("±1e308", (0.55, -0.55, 0, 0)),
    ("±1e307", (0.05, 0.05, -0.05, -0.05)),
    ("±1e307", (-0.05, -0.05, -0.05, -0.04)),
    ("-inf", (0, -INF, 0, 0)),
    ("-inf", (-INF, 0, -INF, -INF)),
    ("-inf and 1e308", (0.55, -INF, 0, -0.55)),
)
FAR_APART = ((300.0, 0.0, -300.0, 1.0), (1000.0, 999.0, 998.0, 999.5))
NEAR = np.array([1, -0.5, 0, 0.25])


def far_inputs(
    program: Program, ordinary: Mapping[str, Any], dtype: Any
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The inputs with other logits of each kind; labels at the largest and the smallest in turn.

    Targets are 0 where a logit is -inf, as only there a loss is finite.
    """
    names = logits_of(program)
    if not names:
        return
    for n, (kind, z) in enumerate(_rows(dtype)):
        given = dict(ordinary)
        for name, a in ordinary.items():
            if name in names:
                given[name] = np.broadcast_to(np.resize(z, a.shape[-1]), a.shape).copy()
            elif name in program.problem.labels:
                given[name] = np.full_like(a, z.argmin() if n % 2 else z.argmax())
        if np.isneginf(z).any():
            given.update(_without_weight(np.isneginf(z), program, given))
        yield kind, given


def _rows(dtype: Any) -> Iterator[tuple[str, Array]]:
    largest = float(np.finfo(dtype).max)
    for kind, row in HUGE:
        z = np.where(np.array(row) == 0, NEAR, [x * largest if x else 0 for x in row])
        yield kind, z.astype(dtype).astype(np.float64)
    for row in FAR_APART:
        yield "far apart", np.array(row)


def logits_of(program: Program) -> set[str]:
    """The arrays that are added up under an exponential: z in softmax(z), b in σ(Wx + b)."""
    problem = program.problem
    terms = [*program.results, problem.function, *(s.body for s in problem.stages)]
    return {
        name
        for term in terms
        for t in subterms(term)
        if isinstance(t, sympy.exp | sigmoid | softplus)
        for name in _added(problem, cast(Expr, t.args[0]))
        if name in program.inputs and len(problem.shapes[name]) > 0
    }


def _added(problem: Problem, term: Expr) -> Iterator[str]:
    for t in terms_of(term):
        plain = t.term if isinstance(t, Neg) else t
        if isinstance(plain, Quotient) and isinstance(plain.denominator, Symbol):
            plain = plain.numerator
        if isinstance(plain, Indexed):
            yield str(plain.base.label)
        elif isinstance(plain, Quantity) and (stage := problem.definition(plain.name)) is not None:
            yield from _added(problem, stage.at(plain))


def _without_weight(gone: Array, program: Program, given: Mapping[str, Any]) -> dict[str, Any]:
    """The targets, 0 where a logit is gone, and of sum one where that is assumed."""
    found = {}
    for name in {"y", "t", "q"} & set(given) - set(program.problem.labels):
        weights = np.where(np.resize(gone, given[name].shape[-1]), 0, given[name])
        if any(name in str(fact.relation) for fact in program.problem.facts):
            weights = weights / weights.sum(-1, keepdims=True)
        found[name] = weights.astype(np.float32).astype(np.float64)
    return found
