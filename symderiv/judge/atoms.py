"""Generators: the atoms over which lines become polynomials, interned by what they are.

A `Generator` is one of these kinds, each with its data:

    scalar (name)            given (name, index, ...)      stage (name, index, ...)
    unknown (name, what it was differentiated by, index, ...), each (name, index, ...)
    letter (name)            pi ()                         prime (p)
    exp (monomial)           log (polynomial)              power (polynomial, exponent)
    den (polynomial)         call (function, polynomial)   delta (index)   [index = 0]
    iverson (polynomial)     [polynomial > 0]
    sum, maximum, product (first bound number, ranges, polynomial)

`den` is a polynomial of two terms or more that stands under a negative or a fractional power.
A bound letter is named #n, numbered from the inside out, so that no name depends on what was typed.

Imports indices and the names of floor 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symderiv.judge.indices import Index, letters_in
from symderiv.records import dataclass
from symderiv.terms.derived import names_in

Number = int | Fraction
Monomial = tuple[tuple[int, Number], ...]
Form = dict[Monomial, Number]
Items = tuple[tuple[Monomial, Number], ...]  # a form as a key
Range = tuple[Index, Index]

BINDING = ("sum", "maximum", "product")
IDEMPOTENT = ("delta", "iverson")
ANYTHING = "*"  # among the names in a generator: it may depend on whatever there is
# kinds (and functions) whose powers are rewritten after every product
SPECIAL = ("delta", "iverson", "prime", "den", "call")


class OutOfReach(Exception):
    """The normal form does not cover this; the weaker strengths decide."""


class Undefined(OutOfReach):
    """Something that has no value at all: a division by what is 0, the logarithm of 0."""


@dataclass(slots=True, eq=False)
class Generator:
    """One atom: what it is, which letters and arrays occur in it, how deep its sums nest.

    `shape` is what it is with all letters left out: an order by it does not depend on names.
    `parts` are the generators that it is made of.
    """

    number: int
    kind: str
    data: tuple[Any, ...]
    letters: frozenset[str]
    names: frozenset[str]
    height: int
    shape: str
    parts: tuple[int, ...]


def forms_in(kind: str, data: tuple[Any, ...]) -> tuple[Items, ...]:
    """The forms that a generator of a kind is made of."""
    match kind:
        case "exp":
            return (((data[0], 1),),)
        case "log" | "den" | "iverson":
            return (data[0],)
        case "call":
            return (data[1],)
        case "power":
            return (data[0], data[1])
        case "sum" | "maximum" | "product":
            return (data[2],)
    return ()


def indices_of(kind: str, data: tuple[Any, ...]) -> tuple[Index, ...]:
    """The indices that a component of a kind stands at."""
    start = {"given": 1, "stage": 1, "unknown": 2}.get(kind, len(data))
    return data[start:]


def items(form: Form) -> Items:
    """A form as a key."""
    return tuple(sorted(form.items()))


class Table(list[Generator]):
    """All generators made so far, by number; equal data means the same number."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[tuple[Any, ...], int] = {}
        self.special: set[int] = set()  # those whose powers are rewritten

    def holds(self, whole: int, part: int) -> bool:
        """Is one generator made of another?"""
        return whole == part or any(self.holds(g, part) for g in self[whole].parts)

    def known(self, kind: str, *data: Any) -> bool:
        """Has this generator been made?"""
        return (kind, *data) in self._numbers

    def number(self, kind: str, *data: Any) -> int:
        """The number of the generator, made when it is new."""
        key = (kind, *data)
        found = self._numbers.get(key)
        if found is None:
            found = len(self)
            if found > 60_000:
                raise OutOfReach("too many generators")
            self.append(self._made(found, kind, data))
            if kind in SPECIAL:
                self.special.add(found)
            self._numbers[key] = found
        return found

    def _made(self, number: int, kind: str, data: tuple[Any, ...]) -> Generator:
        letters: set[str] = set()
        names: set[str] = set()
        height = 0
        shape = kind
        for index in indices_of(kind, data):
            letters |= letters_in(index)
        match kind:
            case "scalar" | "given" | "stage":
                names.update(names_in(data[0]))
                shape = f"{kind[0]}:{data[0]}"
            case "unknown":
                names |= {data[0], ANYTHING}
                for index in (i for _, *by in data[1] for i in by):
                    letters |= letters_in(index)
                shape = f"u:{data[0]}{[by for by, *_ in data[1]]}"
            case "letter":
                letters.add(data[0])
            case "delta":
                letters |= letters_in(data[0])
            case "call":
                shape = data[0]
            case "prime":
                shape = f"prime{data[0]}"
        parts: list[str] = []
        inside: set[int] = set()
        for monomial, _ in (term for form in forms_in(kind, data) for term in form):
            for g, e in monomial:
                inner = self[g]
                inside.add(g)
                letters |= inner.letters
                names |= inner.names
                height = max(height, inner.height)
                parts.append(f"{inner.shape}^{e}")
        if kind in BINDING:
            start, ranges, _ = data
            letters -= {f"#{start + n}" for n in range(len(ranges))}
            for low, high in ranges:
                letters |= letters_in(low) | letters_in(high)
            height = start + len(ranges) - 1
        if parts:
            shape = f"{shape}({','.join(sorted(parts))})"
            if len(shape) > 400:
                shape = shape[:400]
        return Generator(
            number,
            kind,
            data,
            frozenset(letters),
            frozenset(names),
            height,
            shape,
            tuple(sorted(inside)),
        )
