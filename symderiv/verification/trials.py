"""Trials of a user's function: inputs, each with what is exact there.

Gives `Trial`, `trials` and `computes`, which says what a name asks for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from symderiv import functions
from symderiv.mistakes import Mistake, did_you_mean
from symderiv.verification.elementwise import ELEMENTWISE, Elementwise, elementwise_points
from symderiv.verification.exact import DIGITS, Exact, precise
from symderiv.verification.points import Point, points

Array = NDArray[Any]
WIDEST = 20  # classes, where a result is a matrix
SEEDS = 8
_floats = np.frompyfunc(float, 1, 1)


@dataclass(frozen=True)
class Trial:
    """One input, what is exact there, and the size that an error is measured by."""

    kind: str
    inputs: Mapping[str, Any]
    exact: Array
    size: float

    @property
    def ordinary(self) -> bool:
        """Is it an input at which nothing is hard?"""
        return self.kind in ("scale 1, offset 0", "random, scale 1", "|x| from 0.1 to 3")

    @property
    def entries(self) -> int:
        """How many numbers the input holds."""
        return sum(np.size(v) for v in self.inputs.values())


def computes(name: str) -> str:
    """The name in `symderiv.functions`: of a catalogue name its first derivative, or its value."""
    stem = name.replace("-", "_")
    every = functions.__all__
    value = stem.removesuffix("_value")
    if value != stem and value in every:
        return value
    if stem not in every:
        raise Mistake(f"--function {name}: no such function{did_you_mean(stem, every)}")
    for kind in ("gradient", "jacobian", "derivative"):
        found = [n for n in every if n == f"{stem}_{kind}" or n.startswith(f"{stem}_{kind}_")]
        if found:  # of several, that by the weights
            return str(min(found, key=lambda n: n.lower()[-2:] != "_w"))
    return stem


def trials(name: str) -> Iterator[Trial]:
    """The trials of a function of `symderiv.functions`, made under 60 digits."""
    single = [e for e in ELEMENTWISE if e.function == name]
    if single:
        yield from _numbers(single[0])
    elif name in OF_LOGITS:
        yield from _logits(name)
    else:
        yield from _random(name)


def _trial(kind: str, inputs: Mapping[str, Any], exact: Any, size: Any = None) -> Trial:
    with np.errstate(all="ignore"):
        value = np.asarray(_floats(np.asarray(exact, dtype=object)), dtype=np.float64)
        sizes = _floats(np.asarray(exact if size is None else size, dtype=object))
    largest = max(float(np.max(np.abs(a))) for a in (value, sizes))
    return Trial(kind, inputs, value, max(largest, float(np.finfo(np.float64).tiny)))


def _logits(name: str) -> Iterator[Trial]:
    widest = WIDEST if name.endswith(("jacobian", "hessian")) else 1000
    for point in points(np.float64, widest=widest):
        if len(point.z) > widest:
            continue
        exact = Exact(point.z)
        kind = point.kind.split(", K")[0] if len(point.z) > 1 else "one class"
        for inputs, value in OF_LOGITS[name](point, exact):
            yield _trial(kind, inputs, value)


def _numbers(row: Elementwise) -> Iterator[Trial]:
    """One number a trial: the largest of many would hide the others."""
    argument = "r" if row.function.startswith("log_cosh") else "x"
    for x in elementwise_points(np.float64):
        size = abs(float(x))
        kind = "|x| up to 0.1" if size < 0.1 else "|x| from 0.1 to 3" if size < 3 else "|x| over 3"
        (exact,) = precise([x])
        scale = row.scale and [row.scale(exact)]
        yield _trial(kind, {argument: np.array([x])}, [row.exact(exact)], scale)


def _random(name: str) -> Iterator[Trial]:
    from symderiv.verification.far import far_inputs
    from symderiv.verification.formulas import SCALES, defined, inputs, programs_of, rounded_results

    program = programs_of([name])[name]
    if program.entry or len(program.results) != 1:
        raise Mistake(f"--function {name}: give the value, gradient, Jacobian or Hessian instead")
    labels = program.problem.labels

    def tried(kind: str, given: Mapping[str, Any], digits: int) -> Iterator[Trial]:
        with mpmath.workdps(digits), contextlib.suppress(ZeroDivisionError):
            ((value, lost),) = rounded_results(program, given)
            if (
                defined(value, lost, np.float64).all()
                and not np.vectorize(mpmath.isinf)(value).any()
            ):
                plain = {n: int(v) if np.ndim(v) == 0 and n in labels else v
                         for n, v in given.items()}  # fmt: skip
                yield _trial(kind, plain, value, lost)

    for scale in SCALES:
        for seed in range(SEEDS):
            given = inputs(program, np.random.default_rng(seed), scale=scale)
            summing = {n for n in given for f in program.problem.facts if n in str(f.relation)}
            given = {n: v if n in summing else _short(v) for n, v in given.items()}
            yield from tried(f"random, scale {scale:g}", given, 400 if scale >= 10 else DIGITS)
    ordinary = inputs(program, np.random.default_rng(0))
    for kind, given in far_inputs(program, ordinary, np.float64):
        yield from tried(kind, given, 400 if kind == "far apart" else DIGITS)


def _short(v: Any) -> Any:
    """The same to four digits, so that an input can be read and pasted."""
    if np.asarray(v).dtype.kind != "f":
        return v
    return np.vectorize(lambda x: float(f"{x:.4g}"), otypes=[np.float64])(v)


def _labelled(p: Point, x: Exact) -> Iterator[tuple[dict[str, Any], Any]]:
    for y in p.labels:
        yield {"z": p.z, "y": y}, x.gradient(y)


def _losses(p: Point, x: Exact) -> Iterator[tuple[dict[str, Any], Any]]:
    for y in p.labels:
        if not np.isneginf(p.z[y]):
            yield {"z": p.z, "y": y}, x.loss[y]


def _soft(p: Point, x: Exact) -> Iterator[tuple[dict[str, Any], Any]]:
    t = precise(p.target)
    difference = x.p - t
    difference[x.top] = (1 - t[x.top]) - x.q[x.top]
    yield {"z": p.z, "y": p.target}, difference


def _soft_loss(p: Point, x: Exact) -> Iterator[tuple[dict[str, Any], Any]]:
    t = precise(p.target)
    loss = mpmath.fsum(a * b for a, b in zip(t, x.loss, strict=True) if a)
    yield {"z": p.z, "y": p.target}, loss


def _matrix(p: Point, x: Exact) -> Iterator[tuple[dict[str, Any], Any]]:
    yield {"z": p.z}, x.jacobian(*np.indices((len(p.z),) * 2))


def _log_softmax(p: Point, x: Exact) -> Iterator[tuple[dict[str, Any], Any]]:
    if np.isfinite(p.z).all():
        yield {"z": p.z}, -x.loss


OF_LOGITS: dict[str, Callable[[Point, Exact], Iterator[tuple[dict[str, Any], Any]]]] = {
    "softmax": lambda p, x: iter([({"z": p.z}, x.p)]),
    "softmax_jacobian": _matrix,
    "log_softmax": _log_softmax,
    "logsumexp": lambda p, x: iter([({"z": p.z}, x.logsumexp)]),
    "logsumexp_gradient": lambda p, x: iter([({"z": p.z}, x.p)]),
    "logsumexp_hessian": _matrix,
    "cross_entropy": _losses,
    "cross_entropy_gradient": _labelled,
    "cross_entropy_hessian": _matrix,
    "cross_entropy_soft": _soft_loss,
    "cross_entropy_soft_gradient": _soft,
    "cross_entropy_soft_hessian": _matrix,
}
