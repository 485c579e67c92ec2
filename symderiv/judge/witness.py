"""Witnesses: the value of a form at a point, to see that it is not 0 everywhere.

Gives `seems_zero`, which finds what no law shows to be 0: sin(2x) - 2 sin(x) cos(x).

Imports forms, binding and what is below them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from symderiv.judge.atoms import Form, Generator, OutOfReach, Range
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index

SIZES = (2, 4, 5)
APART = 1e-6  # the relative difference that is no effect of rounding
MOST = 20_000  # values of generators at one point


class NoValue(ArithmeticError):
    """A point at which a form is not real."""


class Point:
    """Sizes, and positive numbers for the arrays and scalars, drawn when first asked for."""

    def __init__(self, ring: Ring, size: int) -> None:
        self.ring, self.size = ring, size
        self._random = Random(size)
        self._drawn: dict[tuple[Any, ...], float] = {}
        self._known: dict[tuple[Any, ...], float] = {}
        self._left = MOST

    def drawn(self, *key: Any) -> float:
        if key not in self._drawn:
            self._drawn[key] = self._random.uniform(0.3, 1.7)
        return self._drawn[key]

    def index(self, index: Index, letters: dict[str, int]) -> int:
        """The value of a subscript."""
        total = 0
        for atom, count in index:
            if len(atom) > 1:
                raise NoValue("a component of an array of labels")
            total += count * (self._letter(atom[0], letters) if atom else 1)
        return total

    def _letter(self, name: str, letters: dict[str, int]) -> int:
        if name in letters:
            return letters[name]
        if name in self.ring.sizes:
            return max(self.size, self.ring.sizes[name])
        raise NoValue(f"nothing is known of {name}")

    def value(self, form: Form, letters: dict[str, int]) -> float:
        """The value of a form.

        Raises
        ------
        NoValue
            where it is not real, or what it is has no value here.
        """
        return math.fsum(self.terms(form, letters))

    def terms(self, form: Form, letters: dict[str, int]) -> list[float]:
        """The values of the terms of a form."""
        try:
            parts = [
                float(c) * math.prod(self._power(g, Fraction(e), letters) for g, e in m)
                for m, c in form.items()
            ]
        except (ValueError, OverflowError, ZeroDivisionError, TypeError) as error:
            raise NoValue(str(error)) from None
        if not all(map(math.isfinite, parts)):
            raise NoValue("not finite")
        return parts

    def _power(self, g: int, exponent: Fraction, letters: dict[str, int]) -> float:
        base = self._generator(self.ring.table[g], letters)
        if base < 0 and exponent.denominator > 1:
            raise NoValue("a root of a negative number")
        return float(base ** (int(exponent) if exponent.denominator == 1 else float(exponent)))

    def _generator(self, gen: Generator, letters: dict[str, int]) -> float:
        own = gen.letters
        key = (gen.number, *((k, n) for k, n in letters.items() if k in own or k[0] == "#"))
        if key not in self._known:
            self._left -= 1
            if self._left < 0:
                raise NoValue("it takes too long to evaluate")
            self._known[key] = self._valued(gen, letters)
        return self._known[key]

    def _valued(self, gen: Generator, letters: dict[str, int]) -> float:
        match gen.kind:
            case "scalar" | "given" | "stage":
                return self.drawn(gen.data[0], *(self.index(i, letters) for i in gen.data[1:]))
            case "letter":
                return self._letter(gen.data[0], letters)
            case "pi":
                return math.pi
            case "prime":
                return float(gen.data[0])
            case "exp":
                return math.exp(self.value({gen.data[0]: 1}, letters))
            case "log":
                return math.log(self.value(dict(gen.data[0]), letters))
            case "den":
                return self.value(dict(gen.data[0]), letters)
            case "power":
                base, exponent = (self.value(dict(part), letters) for part in gen.data)
                if base <= 0:
                    raise NoValue("a power of what is not positive")
                return float(base**exponent)
            case "call":
                function: Callable[[float], float] = getattr(math, gen.data[0])
                return function(self.value(dict(gen.data[1]), letters))
            case "delta":
                return float(self.index(gen.data[0], letters) == 0)
            case "iverson":
                return float(self.value(dict(gen.data[0]), letters) > 0)
            case "sum":
                return math.fsum(self._bodies(gen, letters))
            case "product":
                return math.prod(self._bodies(gen, letters))
            case "maximum":
                return max(self._bodies(gen, letters))
            case kind:
                raise NoValue(kind)

    def _bodies(self, gen: Generator, letters: dict[str, int]) -> Iterator[float]:
        start, ranges, body = gen.data
        for values in product(*(self.range(r, letters) for r in ranges)):
            inner = {f"#{start + n}": value for n, value in enumerate(values)}
            yield self.value(dict(body), {**letters, **inner})

    def range(self, limits: Range, letters: dict[str, int]) -> range:
        """The values of a letter."""
        low, high = (self.index(end, letters) for end in limits)
        return range(low, high + 1)


def seems_zero(ring: Ring, form: Form) -> bool:
    """Is a form 0 at every point that is tried, as sin(2x) - 2 sin(x) cos(x) is?"""
    letters = sorted(frozenset().union(*map(ring.letters_of, form)) - ring.sizes.keys())
    seen = 0
    for size in SIZES:
        point = Point(ring, size)
        try:
            values = {name: 1 + n % size for n, name in enumerate(letters)}
            terms = point.terms(form, values)
        except (NoValue, OutOfReach):
            continue
        if abs(math.fsum(terms)) > APART * math.fsum(map(abs, terms)):
            return False
        seen += 1
    return seen > 0
