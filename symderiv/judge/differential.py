"""The derivative of a normal form: the judge's own, generator by generator.

The variable is a scalar or a component of an array with indices, d z_a/d z_b = delta_ab.
Brackets, deltas and signs have derivative 0 (their kinks are points where nothing is claimed).

Imports elementary, reductions, sums and what is below them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from symderiv.judge.atoms import ANYTHING, Form, Generator, OutOfReach
from symderiv.judge.binding import opened, own_letters
from symderiv.judge.brackets import bracket
from symderiv.judge.elementary import slope
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index, combined, letter_index, letters_in
from symderiv.judge.indices import constant as integer
from symderiv.judge.inverses import derivative_of
from symderiv.judge.laws import log
from symderiv.judge.polynomials import accumulate, added, constant, exact, negated
from symderiv.judge.reductions import delta
from symderiv.judge.shared import HIDDEN
from symderiv.judge.sums import inverse, summed
from symderiv.terms.derived import Derived, derived


class Variable(NamedTuple):
    """What is differentiated by: its kind (scalar, given, stage), name and indices."""

    kind: str
    name: str
    indices: tuple[Index, ...] = ()

    @property
    def letters(self) -> frozenset[str]:
        return frozenset().union(*(letters_in(i) for i in self.indices))


def derivative(ring: Ring, form: Form, v: Variable) -> Form:
    """The derivative of a form by a variable."""
    table = ring.table
    total: Form = {}
    for m, c in form.items():
        for g, e in m:
            named = table[g].names
            if named.isdisjoint((v.name, ANYTHING)) and named.isdisjoint(ring.entries):
                continue
            inner = of_generator(ring, g, v)
            if not inner:
                continue
            lowered = dict(m)
            lowered[g] = exact(e - 1)
            if not lowered[g]:
                del lowered[g]
            rest = ring.monomial(tuple(sorted(lowered.items())), exact(c * e))
            accumulate(total, ring.product(rest, inner))
    return {m: exact(c) for m, c in total.items()}


def of_generator(ring: Ring, g: int, v: Variable) -> Form:
    """The derivative of one generator."""
    if ring.entries.keys() & ring.table[g].names:  # what a stage is may change with what is held
        return _of_generator(ring, ring.table[g], v)
    memo: dict[tuple[int, Variable], Form] = ring.memo.setdefault("derivative", {})
    found = memo.get((g, v))
    if found is None:
        found = memo[g, v] = _of_generator(ring, ring.table[g], v)
    return found


def _of_generator(ring: Ring, gen: Generator, v: Variable) -> Form:
    itself: Form = {((gen.number, 1),): 1}
    match gen.kind:
        case "scalar" | "given" if found := derived(gen.data[0]):
            return _of_derived(ring, gen, found, v)
        case "scalar" | "given" | "stage":
            return _component(ring, gen, v)
        case "unknown":
            name, by, *indices = gen.data
            if v.kind != "scalar" and not name.startswith(HIDDEN):
                raise OutOfReach(f"what {name} has to do with {v.name} is not known")
            more = tuple(sorted((*by, (v.name, *v.indices))))
            return ring.atom("unknown", name, more, *indices)
        case "exp":
            return ring.product(itself, derivative(ring, {gen.data[0]: 1}, v))
        case "log":
            body = dict(gen.data[0])
            return ring.product(derivative(ring, body, v), ring.power(body, -1))
        case "den":
            return derivative(ring, dict(gen.data[0]), v)
        case "power":
            base: Form = dict(gen.data[0])
            exponent: Form = dict(gen.data[1])
            by_base = ring.product(
                ring.product(exponent, derivative(ring, base, v)), ring.power(base, -1)
            )
            by_exponent = derivative(ring, exponent, v)
            if by_exponent:
                by_exponent = ring.product(by_exponent, log(ring, base))
            return ring.product(itself, added(by_base, by_exponent))
        case "call":
            name, argument = gen.data
            inner = derivative(ring, dict(argument), v)
            return ring.product(slope(ring, name, dict(argument)), inner) if inner else {}
        case "sum":
            body, letters = opened(ring, gen, v.letters)
            return summed(ring, derivative(ring, body, v), letters)
        case "product":
            body, letters = opened(ring, gen, v.letters)
            share = ring.product(derivative(ring, body, v), inverse(ring, body))
            return ring.product(itself, summed(ring, share, letters))
        case "maximum":
            return _of_maximum(ring, gen, v)
        case _:
            return {}


def _of_derived(ring: Ring, gen: Generator, found: Derived, v: Variable) -> Form:
    """An inverse or determinant by a component of its matrix, or by what its entries hold."""
    if v.name == found.array:
        return derivative_of(ring, gen, found, v.indices) if len(v.indices) == 2 else {}
    entries = ring.entries.get(found.array)
    if entries is None:
        return {}
    ranges = ((integer(1), high) for high in ring.shapes[found.array])
    letters = own_letters(ring, ranges, gen.letters | v.letters)
    places = tuple(map(letter_index, letters))
    inner = derivative(ring, entries(places), v)
    if not inner:
        return {}
    return summed(ring, ring.product(derivative_of(ring, gen, found, places), inner), letters)


def _of_maximum(ring: Ring, gen: Generator, v: Variable) -> Form:
    """The mean derivative of the terms that attain a maximum.

    Where several do they have one derivative, which counts once, or there is a kink.  Where the
    variable moves one term only, as z_j moves z_j alone, the mean is the sum: at a tie there is
    either a kink, or all derivatives are 0.
    """
    body, letters = opened(ring, gen, v.letters)
    attained = equal(ring, added(body, negated({((gen.number, 1),): 1})))
    by_term = derivative(ring, body, v)
    total = summed(ring, ring.product(attained, by_term), letters)
    if not total or moves_one(ring, by_term, letters):
        return total
    return ring.product(total, ring.power(summed(ring, attained, letters), -1))


def moves_one(ring: Ring, by_term: Form, letters: Collection[str]) -> bool:
    """Is the derivative of a term 0 but at one value of its letters, tied to it by a delta?"""
    return all(
        any(ring.table[g].kind == "delta" and ring.table[g].letters & set(letters) for g, _ in m)
        for m in by_term
    )


def _component(ring: Ring, gen: Generator, v: Variable) -> Form:
    name, *indices = gen.data
    if (gen.kind, name) != (v.kind, v.name) or len(indices) != len(v.indices):
        return {}
    deltas = (
        delta(ring, combined((a, 1), (b, -1))) for a, b in zip(indices, v.indices, strict=True)
    )
    return ring.multiplied(deltas)


def equal(ring: Ring, form: Form) -> Form:
    """[form = 0] of a real form."""
    if not form:
        return constant(1)
    both = added(bracket(ring, form), bracket(ring, negated(form)))
    return added(constant(1), negated(both))
