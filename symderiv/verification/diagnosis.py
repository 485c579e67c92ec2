"""Diagnosis: what is probably wrong with a gradient that is wrong at ordinary input.

Gives `diagnosis`, and `misshapen` for one of another shape.  Imports guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symderiv.verification.guesses import Guess, Values

Array = NDArray[Any]
CLOSE = 1e-6
FIRST = ("first", "second", "third")


def diagnosis(
    pairs: Sequence[tuple[Array, Array]],
    guesses: Iterable[Guess] = (),
    terms: Iterable[Guess] = (),
) -> str:
    """What (found, exact) at all of several inputs have in common, or the empty string.

    Parameters
    ----------
    guesses : mistakes, with the values at these inputs that each leads to
    terms : the terms of the answer, with their values at these inputs
    """
    if not pairs:
        return ""
    some = [not np.isnan(f).any() for f, _ in pairs]
    if not all(some):
        there = [*compress(pairs, some)]
        if all(_same(f, e) for f, e in there):
            return "it is nan" if all(np.isnan(f).all() for f, _ in pairs) else "some of it is nan"
        return diagnosis(there, _only(guesses, some), _only(terms, some))
    if any(not np.isfinite(f).all() for f, _ in pairs):
        return "it is infinite"
    return _of_numbers(pairs) or _guessed(pairs, guesses) or _of_terms(pairs, terms)


def _only(guesses: Iterable[Guess], some: Sequence[bool]) -> Iterator[Guess]:
    """The guesses at some of the inputs."""

    def there(values: Values) -> Sequence[Array]:
        return [*compress(values(), some)]

    for said, values in guesses:
        yield said, partial(there, values)


def _guessed(pairs: Sequence[tuple[Array, Array]], guesses: Iterable[Guess]) -> str:
    """The first mistake that leads to what was found, at every input."""
    for said, values in guesses:
        if all(_same(v, f) for v, (f, _) in zip(values(), pairs, strict=True)):
            return said
    return ""


def _of_terms(pairs: Sequence[tuple[Array, Array]], terms: Iterable[Guess]) -> str:
    """The one term that is there with another factor."""
    for said, values in terms:
        there = [(f - e, v) for (f, e), v in zip(pairs, values(), strict=True) if np.any(v)]
        factors = [float(np.vdot(d, v) / np.vdot(v, v)) for d, v in there]
        if not factors or not np.ptp(factors) < CLOSE:
            continue
        c = factors[0]
        if all(_same(e + c * v, f) for (f, e), v in zip(pairs, values(), strict=True)):
            times = f"is {1 + c:.6g} times what it should be"
            word = {-1.0: "is missing", -2.0: "has the other sign"}.get(round(c, 9), times)
            return f"{said} {word}"
    return ""


def misshapen(pairs: Sequence[tuple[Array, Array]]) -> str:
    """Why (found, exact) have other shapes, where the numbers say it; or the empty string."""
    if not pairs:
        return ""
    if all(_same(np.transpose(f), e) for f, e in pairs):
        return "it is the transpose of what is wanted"
    if all(f.size == e.size and _same(f.reshape(e.shape), e) for f, e in pairs):
        return "its numbers are right"
    for axis in range(min(f.ndim for f, _ in pairs)):
        for word, total in (("summed", np.sum), ("averaged", np.mean)):
            if all(_same(total(f, axis), e) for f, e in pairs):
                return f"it is right once it is {word} over its {FIRST[min(axis, 2)]} axis"
    return ""


def _of_numbers(pairs: Sequence[tuple[Array, Array]]) -> str:
    if all(f.ndim == 2 and _same(f.T, e) for f, e in pairs):
        return "it is the transpose of what is wanted"
    if any(f.shape != e.shape for f, e in pairs):
        return ""
    if all(_same(-f, e) for f, e in pairs):
        return "its sign is the other way round"
    if all(e.ndim == 1 and _off_by_a_one(f - e) for f, e in pairs):
        return "the 1 at the label is not subtracted"
    apart = float(np.ravel(pairs[0][0] - pairs[0][1])[0]) if pairs[0][0].size else 0.0
    if len(pairs) > 1 and all(_same(e + apart, f) for f, e in pairs):
        return f"it is {abs(apart):.6g} {'more' if apart > 0 else 'less'} than what is wanted"
    if any(np.any(f[e == 0]) for f, e in pairs):
        return ""  # no factor makes that of 0
    some = [(f, e) for f, e in pairs if np.any(e)]
    factors = [float(np.vdot(f, e) / np.vdot(e, e)) for f, e in some]
    if not factors or not all(_same(f, e * c) for (f, e), c in zip(some, factors, strict=True)):
        return ""
    if np.ptp(factors) < CLOSE < abs(factors[0]):
        mean = "; a mean for a sum?" if abs(1 / factors[0] - round(1 / factors[0])) < CLOSE else ""
        return f"it is {factors[0]:.6g} times what is wanted{mean}"
    if all(abs(c * e.size - 1) < CLOSE for (_, e), c in zip(some, factors, strict=True)):
        return "it is what is wanted, divided by the number of its entries; a mean for a sum?"
    return ""


def _same(a: Array, b: Array) -> bool:
    largest = np.abs(b).max(initial=0)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=CLOSE, atol=CLOSE * largest))


def _off_by_a_one(difference: Array) -> bool:
    away = np.abs(difference) > CLOSE
    return bool(away.sum() == 1) and abs(float(difference[away][0]) - 1) < CLOSE
