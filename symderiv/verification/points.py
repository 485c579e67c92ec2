"""Points: the numbers that an opponent would try a function at.

Gives `Point` and `points`: sizes equal and different, zeros, ties, negatives, ±1000, -inf, every
label; and `farther`, some of these farther out.  Declared facts hold at every point.

Imports floor 0 and numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import sympy
from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.elementwise import of_head
from symderiv.numbers.facts import hold
from symderiv.records import dataclass
from symderiv.terms import Plus, subterms
from symderiv.terms.derived import derived
from symderiv.terms.problem import Problem, name_of, symmetry_of
from symderiv.terms.sizes import size_at

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Point:
    """Arguments by name, the sizes they have, and what is particular about them."""

    kind: str
    given: Mapping[str, Any]
    sizes: Mapping[str, int]


# Every third is taken at each size, so that their number is no multiple of 3.
KINDS = (
    "ordinary", "ordinary", "zeros", "ties", "one large", "large", "negative", "small", "masked",
    "near 0", "p near 1", "offset 1e4", "many sizes",
)  # fmt: skip

TAILS = (
    "far below",
    "far above",
)  # where e^(-x²) is 0 for floats, and is not yet beyond all digits

RUNGS = 8  # each half as large again: between what is ordinary and what is far, where code may turn

APART = ("far apart",) * 4  # where x/√(x² + y²) is 1 for floats, and its arcsine is not π/2


def points(
    problem: Problem,
    inputs: Sequence[str],
    symbols: Sequence[Symbol],
    classes: Mapping[str, Expr],
    needs: Sequence[tuple[Expr, Expr]] = (),
) -> Iterator[Point]:
    """Points for some arguments; `needs` are sizes and what they are not below."""
    rng = np.random.default_rng(12)
    logits = exponents(problem)
    names = sorted({str(s) for s in symbols})
    if not names:  # numbers alone: more of them
        for kind in (*KINDS[1:], *KINDS * 3, *TAILS):
            given = {name: _drawn(problem, name, {}, classes, kind, rng) for name in inputs}
            _make_regular(problem, given, kind, rng)
            hold(problem, given, zeros=kind == "zeros")
            yield Point(kind, given, {})
    every = [dict.fromkeys(names, n) for n in (1, 2, 3, 4)]
    mixed = [{s: (2, 3, 4, 1)[(n + m) % 4] for n, s in enumerate(names)} for m in (0, 1)]
    for number, (sizes, kind) in enumerate(product(every + mixed if names else [{}], KINDS)):
        if names and number % 3 and kind not in ("ordinary", "zeros"):
            continue
        fitted = _fitted(sizes, needs)
        if any(size_at(classes[n], fitted) < 1 for n in inputs if n in classes):
            continue  # an axis without entries has no label
        given = {n: _drawn(problem, n, fitted, classes, kind, rng, logits) for n in inputs}
        _make_regular(problem, given, kind, rng)
        hold(problem, given, zeros=kind == "zeros")
        for labelled in _labelled(given, classes, fitted, kind):
            yield Point(kind, labelled, fitted)
    for kind in APART if len(inputs) > 1 and not names and _has_ends(problem) else ():
        given = {n: _drawn(problem, n, {}, classes, kind, rng) for n in inputs}
        hold(problem, given, zeros=kind == "zeros")
        yield Point(kind, given, {})
    for rung in range(RUNGS) if not names else ():
        drawn = {n: _drawn(problem, n, {}, classes, "ordinary", rng) for n in inputs}
        for sign in (1, -1):
            given = dict(drawn)  # the first alone moves, away from the others
            for name in [n for n in inputs[:1] if n not in classes]:
                given[name] = np.copysign(2 * 1.5**rung, sign * drawn[name])
            hold(problem, given, zeros=False)
            yield Point("2 to 40", given, {})


def farther(problem: Problem, points: Sequence[Point]) -> Iterator[Point]:
    """Arrays of size 1 at about ±1000: no row has another entry; and p that is 1 for floats."""
    if any(isinstance(f.relation, sympy.Eq) for f in problem.facts):
        return
    near = [p for p in points if p.kind == "p near 1" and {*p.sizes.values()} != {1}]
    ones = [p for p in points if p.kind == "ordinary" and {*p.sizes.values()} == {1}]
    sure = (p for p in near if p.sizes == near[0].sizes)
    for kind, point, far in (
        *(("alone", p, sign * 1000) for p in ones[:1] for sign in (1, -1)),
        *(("p = 1", p, 30) for p in sure),
    ):
        given = {
            name: value if name in problem.labels or not np.ndim(value) else value * far
            for name, value in point.given.items()
        }
        yield replace(point, kind=kind, given=given)


def _has_ends(problem: Problem) -> bool:
    """Is there a function whose domain ends at a number where floats lie apart, at 1 as asin's?"""
    terms = (*(s.body for s in problem.stages), problem.function)
    found = (of_head(type(t)) for term in terms for t in subterms(term))
    ends = (end for f in found if f is not None for end in (f.domain.start, f.domain.end))
    return any(end and np.isfinite(end) for end in ends)


def _labelled(
    given: dict[str, Any], classes: Mapping[str, Expr], sizes: Mapping[str, int], kind: str
) -> Iterator[dict[str, Any]]:
    """The point with every label, where there is one and it matters.

    A batch has it in every row, where p is near 1: an answer is held against its largest entry,
    and beside a row of another label the digits of one that is nearly 0 would not count.
    """
    labels = [name for name in classes if name in given]
    batch = any(np.ndim(given[name]) for name in labels)
    kinds = ("p near 1",) if batch else ("ordinary", "p near 1", "one large")
    if len(labels) != 1 or kind not in kinds:
        yield given
        return
    (name,) = labels
    if batch:
        yield given
    for label in range(size_at(classes[name], sizes)):
        yield {**given, name: np.full(np.shape(given[name]), label)}


def exponents(problem: Problem) -> frozenset[str]:
    """The arrays that stand in exponents, as terms of them, and nowhere else: they may be -inf."""
    found: set[str] = set()
    elsewhere: set[str] = set()

    def visit(term: Basic, bare: bool) -> None:
        match term:
            case sympy.exp():
                visit(term.args[0], True)
            case Plus() if bare:
                for t in term.args:
                    visit(t, True)
            case sympy.Indexed():
                (found if bare else elsewhere).add(name_of(term))
            case _:
                for t in term.args:
                    visit(t, False)

    for term in (*(s.body for s in problem.stages), problem.function):
        visit(term, False)
    return frozenset(found - elsewhere)


def shown(point: Point) -> str:
    """The kind of a point, and its numbers where they are few."""
    few = [f"{n} = {_numbers(v)}" for n, v in point.given.items() if np.size(v) <= 4]
    return f"{point.kind}: {', '.join(few)}" if len(few) == len(point.given) else point.kind


def pasted(point: Point) -> str:
    """The arguments as Python reads them."""
    said = []
    for name, value in point.given.items():
        text = repr(np.asarray(value).tolist()).replace("inf", "np.inf")
        said.append(f"{name} = {text if np.ndim(value) == 0 else f'np.array({text})'}")
    return "; ".join(said)


def _numbers(v: Any) -> str:
    flat = ", ".join(f"{x:.6g}" for x in np.ravel(v))
    return flat if np.ndim(v) == 0 else f"({flat})"


def _fitted(sizes: Mapping[str, int], needs: Sequence[tuple[Expr, Expr]]) -> dict[str, int]:
    """The sizes, raised to what indices need."""
    made = dict(sizes)
    for size, least in needs:
        value = size_at(least, {str(s): made.get(str(s), 1) for s in least.free_symbols})
        made[str(size)] = max(made.get(str(size), 1), value)
    return made


def _drawn(
    problem: Problem,
    name: str,
    sizes: Mapping[str, int],
    classes: Mapping[str, Expr],
    kind: str,
    rng: np.random.Generator,
    logits: frozenset[str] = frozenset(),
) -> Any:
    shape = tuple(size_at(s, sizes) for s in problem.shapes.get(name, ()))
    if name in classes:
        return rng.integers(0, size_at(classes[name], sizes), shape)
    a = rng.normal(0, 1.5, shape)
    match kind:
        case "zeros":
            a = np.where(rng.random(shape) < 0.5, 0.0, a)
        case "ties":
            a = np.full(shape, rng.integers(-1, 2) * 1.0)
        case "one large":
            a = a + (rng.random(shape) < 0.4) * rng.choice([-1000.0, 1000.0], shape)
        case "large":
            a = a * 1000
        case "far below" | "far above":
            a = (40 + 20 * np.abs(a)) * (-1 if kind == "far below" else 1)
        case "negative":
            a = -np.abs(a)
        case "small":
            a = a * 1e-8
        case "near 0":
            a = a * 1e-3
        case "many sizes":
            a = a * 10.0 ** rng.integers(-3, 4, shape)
        case "far apart":
            a = a * rng.choice([1e-8, 1, 1e8])
        case "p near 1" if shape:
            a = np.where(np.arange(shape[-1]) == rng.integers(shape[-1]), 37.43, 0) + a / 8
        case "offset 1e4":
            a = a + 1e4
        case "masked" if name in logits:
            a = np.where(rng.random(shape) < 0.3, -np.inf, a)
        case _:
            pass
    return np.asarray(a, float)


def _make_regular(
    problem: Problem, given: dict[str, Any], kind: str, rng: np.random.Generator
) -> None:
    """Give every matrix whose inverse is taken one: a signed permutation, and a little more."""
    scale = {"large": 1e3, "small": 1e-8, "near 0": 1e-3, "offset 1e4": 1e4}.get(kind, 1.0)
    symmetric = {s.array for f in problem.facts if (s := symmetry_of(f)) is not None}
    for name in sorted({found.array for n in problem.shapes if (found := derived(n)) is not None}):
        a = given.get(name)
        if a is None or not np.isfinite(a).all():
            continue
        rows = np.abs(a).sum(-1, initial=0).max(), np.abs(a).sum(-2, initial=0).max()
        signs = np.diag(rng.choice([-1.0, 1.0], len(a)))
        a = signs + (0 if kind == "zeros" else a / max(4 * max(rows), 1e-300))
        given[name] = scale * (a if name in symmetric else a[rng.permutation(len(a))])
