"""Kinks: at which points does a line with a derivative in it claim nothing?

Gives `kinks_of`, which says of a condition f whether f = 0 is where something that is
differentiated has a kink: the condition of a bracket in it that depends on the variable, or a tie
for a maximum.  Wherever else the lines must be equal: x**2 has a derivative at 0 too.

Imports binding, lines and what is below them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice, product

from sympy import Derivative
from sympy.core.basic import Basic

from symderiv.judge.atoms import BINDING, Form, Generator
from symderiv.judge.binding import indices_in, opened
from symderiv.judge.forms import Ring
from symderiv.judge.lines import Lines
from symderiv.judge.mapping import relabel
from symderiv.judge.polynomials import added, exact, magnitude, negated
from symderiv.terms import subterms

MOST_TRIALS = 60


def kinks_of(lines: Lines, *given: Basic) -> Callable[[Form], bool]:
    """Is the zero of a condition a kink of what the derivatives in these lines are taken of?"""
    patterns: list[Form] = []
    for line in given:
        for t in subterms(line):
            if isinstance(t, Derivative):
                patterns += conditions(lines.ring, lines.form(t.args[0]), frozenset())
    return lambda condition: any(is_instance(lines.ring, p, condition) for p in patterns)


def conditions(ring: Ring, form: Form, avoid: frozenset[str]) -> Iterator[Form]:
    """The conditions of the brackets and maxima in a form, letters that are bound made free."""
    for g in {g for m in form for g, _ in m}:
        gen = ring.table[g]
        if gen.kind == "iverson":
            yield dict(gen.data[0])
        for part in parts_of(gen):
            yield from conditions(ring, part, avoid)
        if gen.kind in BINDING:
            body, letters = opened(ring, gen, avoid)
            if gen.kind == "maximum":
                yield added(body, negated({((g, 1),): 1}))
            yield from conditions(ring, body, avoid | letters.keys())


def parts_of(gen: Generator) -> tuple[Form, ...]:
    """The forms that a generator is a function of; none of one that binds letters."""
    match gen.kind:
        case "exp":
            return ({gen.data[0]: 1},)
        case "log" | "den" | "iverson":
            return (dict(gen.data[0]),)
        case "call":
            return (dict(gen.data[1]),)
        case "power":
            return (dict(gen.data[0]), dict(gen.data[1]))
        case _:
            return ()


def is_instance(ring: Ring, pattern: Form, form: Form) -> bool:
    """Is a form the pattern at some indices, up to a factor that is a number?"""
    if len(form) != len(pattern):
        return False
    letters = frozenset().union(*(ring.letters_of(m) for m in pattern))
    free = sorted(letters - ring.sizes.keys() - ring.labels.keys())
    scale = _size(pattern) / _size(form)
    above = {m: exact(c * scale) for m, c in form.items()}
    choices = islice(product(sorted(indices_in(ring, form)), repeat=len(free)), MOST_TRIALS)
    return any(
        relabel(ring, pattern, dict(zip(free, choice, strict=True))) in (above, negated(above))
        for choice in choices
    )


def _size(form: Form) -> Fraction:
    return sum((Fraction(magnitude(c)) for c in form.values()), Fraction(0))
