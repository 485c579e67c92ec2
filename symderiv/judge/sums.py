"""Sums, products and maxima over letters, in normal form.

A sum is linear: one generator a monomial, constants out, deltas sifted, nested sums laid flat and
then split into parts that share no letter, bound letters renamed canonically.

Imports binding, laws, brackets and what is below them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symderiv.judge.atoms import Form, Generator, Monomial, Number, OutOfReach, Range, Undefined
from symderiv.judge.binding import Letters, bound_generator, letter_for, opened
from symderiv.judge.brackets import at_least, bound, of_label
from symderiv.judge.forms import Ring
from symderiv.judge.indices import (
    Index,
    combined,
    letter_index,
    letters_in,
    relabelled,
    solved_for,
    value_of,
)
from symderiv.judge.indices import constant as integer
from symderiv.judge.inverses import unit
from symderiv.judge.laws import exp, log, power
from symderiv.judge.mapping import REBUILD, Change, mapped, relabel
from symderiv.judge.polynomials import (
    UNIT,
    accumulate,
    added,
    at,
    constant,
    exact,
    magnitude,
    negated,
    scaled,
)
from symderiv.judge.reductions import delta

WRITTEN_OUT = 32  # a sum of fewer concrete terms is written out; what holds for every K, for more


def extent(ring: Ring, limits: Range) -> Form:
    """How many values a range has."""
    low, high = limits
    count = ring.index_form(combined((high, 1), (low, -1), (integer(1), 1)))
    least = bound(ring, count, 1)
    if least is None or least < 0:
        raise OutOfReach("a range that may be empty twice over")  # from 2 to N - 1 where N is 1
    return count


def written_out(ring: Ring, form: Form, name: str, limits: Range) -> list[Form] | None:
    """The body at every value of a letter with a concrete range, or None."""
    low, high = value_of(limits[0]), value_of(limits[1])
    if low is None or high is None or high - low >= WRITTEN_OUT:
        return None
    return [relabel(ring, form, {name: integer(n)}) for n in range(low, high + 1)]


def summed(ring: Ring, form: Form, letters: Letters) -> Form:
    """The sum of a form over letters."""
    letters = dict(letters)
    for name, limits in list(letters.items()):
        parts = written_out(ring, form, name, limits)
        if parts is not None:
            form = added(*parts)
            del letters[name]
        elif value_of(limits[0]) not in (None, 1):
            form = _from_one(ring, form, letters, name)
    return {m: exact(c) for m, c in _total(ring, form, letters).items()}


def _from_one(ring: Ring, form: Form, letters: Letters, name: str) -> Form:
    """The body of sum_{k=2}^K f_k as that of sum_{k=1}^{K-1} f_{k+1}; `letters` are changed."""
    low, high = letters.pop(name)
    limits: Range = (integer(1), combined((high, 1), (low, -1), (integer(1), 1)))
    avoid = frozenset(letters).union(*(ring.letters_of(m) for m in form))
    new = letter_for(ring, limits, "~", avoid | {name})
    letters[new] = limits
    moved = combined((letter_index(new), 1), (low, 1), (integer(1), -1))
    return relabel(ring, form, {name: moved})


def _sum_of(ring: Ring, monomial: Monomial, letters: Letters) -> Form:
    memo = ring.memo.setdefault("sums", {})
    key = (monomial, tuple(sorted(letters.items())))
    found: Form | None = memo.get(key)
    if found is None:
        found = memo[key] = _sum_over(ring, monomial, letters)
    return found


def _sum_over(ring: Ring, monomial: Monomial, letters: Letters) -> Form:
    if not letters:
        return {monomial: 1}
    table, names = ring.table, letters.keys()
    if any((letters_in(low) | letters_in(high)) & names for low, high in letters.values()):
        raise OutOfReach("a range that depends on a bound letter")
    for g, e in monomial:  # nested sums are laid flat
        gen = table[g]
        if gen.kind == "sum" and gen.letters & names and isinstance(e, int) and 0 < e <= 4:
            avoid = frozenset(names).union(*(table[h].letters for h, _ in monomial))
            flat: Form = {tuple((h, n) for h, n in monomial if h != g): 1}
            wider = dict(letters)
            for _ in range(e):
                body, inner = opened(ring, gen, avoid)
                avoid |= inner.keys()
                wider.update(inner)
                flat = ring.product(flat, body)
            return _total(ring, flat, wider)
    for g, _ in monomial:
        if table[g].kind == "delta":
            for name in sorted(table[g].letters & names, reverse=True):
                sifted = _sifted(ring, monomial, g, name, letters)
                if sifted is not None:
                    return sifted
    for name, limits in letters.items():
        if (found := unit(ring, monomial, name, limits)) is not None:
            product = ring.product(delta(ring, found[0]), {found[1]: 1})
            return _total(ring, product, {n: r for n, r in letters.items() if n != name})
    used = frozenset().union(*(table[g].letters for g, _ in monomial))
    total: Form = {UNIT: 1}
    for name, limits in letters.items():
        if name not in used:
            total = ring.product(total, extent(ring, limits))
    left = {name: r for name, r in letters.items() if name in used}
    outside = tuple((g, e) for g, e in monomial if not table[g].letters & left.keys())
    total = ring.product(total, {outside: 1})
    for part, own in _components(ring, monomial, left):
        number = bound_generator(ring, "sum", {part: 1}, own)
        others = [bound_generator(ring, "sum", {m: 1}, r) for m, r in _reindexed(ring, part, own)]
        total = ring.product(total, {((min([number, *others]), 1),): 1})
    return total


def _reindexed(ring: Ring, part: Monomial, letters: Letters) -> Iterator[tuple[Monomial, Letters]]:
    """The same sum over another letter: sum_k w_k g_{j-k} [1 <= j-k <= N] is a sum over j-k."""
    if len(letters) > 1 or not any(ring.table[g].kind == "iverson" for g, _ in part):
        return
    ((name, limits),) = letters.items()
    for g, _ in part:
        gen = ring.table[g]
        if gen.kind != "given" or name not in gen.letters or gen.data[0] not in ring.shapes:
            continue
        for index, high in zip(gen.data[1:], ring.shapes[gen.data[0]], strict=False):
            new_limits: Range = (integer(1), high)
            new = letter_for(ring, new_limits, "~", ring.letters_of(part) | {name})
            solution = solved_for(combined((index, 1), (letter_index(new), -1)), name)
            inside = in_range(ring, index, new_limits)
            if solution is None or inside is None or len(index) == 1 or len(inside) != 1:
                continue
            ((brackets, c),) = inside.items()
            if c != 1 or not set(brackets) <= set(part):
                continue
            back = in_range(ring, solution, limits)
            if back is None:
                continue
            moved = ring.product(relabel(ring, {part: 1}, {name: solution}), back)
            if len(moved) == 1 and set(moved.values()) == {1}:
                yield next(iter(moved)), {new: new_limits}


def _total(ring: Ring, form: Form, letters: Letters) -> Form:
    total: Form = {}
    for m, c in form.items():
        accumulate(total, _sum_of(ring, m, letters), c)
    return total


def _sifted(ring: Ring, monomial: Monomial, g: int, name: str, letters: Letters) -> Form | None:
    """sum_k delta_kj f_k = f_j [j in the range of k]."""
    solution = solved_for(ring.table[g].data[0], name)
    if solution is None:
        return None
    inside = in_range(ring, solution, letters[name])
    if inside is None:
        return None
    rest = tuple((h, e) for h, e in monomial if h != g)
    try:
        there = relabel(ring, {rest: 1}, {name: solution})
    except Undefined:
        return None  # as in the law of deltas
    form = ring.product(there, inside)
    return _total(ring, form, {n: r for n, r in letters.items() if n != name})


def in_range(ring: Ring, index: Index, limits: Range) -> Form | None:
    """[low <= index <= high], None where that cannot be known.

    A letter keeps to its own range, and a label to the axis that it labels; a number is in the
    range of a size that may not be smaller, and else there is a bracket.
    """
    low, high = limits
    if len(index) == 1 and index[0][1] == 1 and index[0][0]:
        atom = index[0][0]
        if len(atom) == 1 and ring.ranges.get(atom[0]) == limits:
            return {UNIT: 1}
        if value_of(low) == 1 and high and ring.labels.get(atom[0]) == high:
            return {UNIT: 1}
    unknown = letters_in(index) - ring.ranges.keys() - ring.sizes.keys()
    form = ring.index_form(index)
    above = added(form, negated(ring.index_form(low)))
    below = added(ring.index_form(high), negated(form))
    if any(len(atom) > 1 for atom, _ in index):
        outside = [of_label(ring, negated(side)) for side in (above, below)]
        if None in outside:
            return None
        inside = (added(constant(1), negated(part)) for part in outside if part is not None)
        return ring.multiplied(inside)
    return None if unknown else ring.product(at_least(ring, above), at_least(ring, below))


def _components(ring: Ring, monomial: Monomial, letters: Letters) -> list[tuple[Monomial, Letters]]:
    """The parts of a monomial that share no summation letter."""
    groups: list[tuple[set[str], list[tuple[int, Number]]]] = []
    for g, e in monomial:
        mine = set(ring.table[g].letters & letters.keys())
        if not mine:
            continue
        factors = [(g, e)]
        apart = []
        for names, other in groups:
            if names & mine:
                mine |= names
                factors += other
            else:
                apart.append((names, other))
        groups = [*apart, (mine, factors)]
    return [(tuple(sorted(factors)), {n: letters[n] for n in names}) for names, factors in groups]


def maximum_over(ring: Ring, form: Form, letters: Letters) -> Form:
    """max over a letter; terms without the letter and a positive number come out."""
    ((name, limits),) = letters.items()
    fixed = {m: c for m, c in form.items() if not _mentions(ring, m, name)}
    moving = {m: c for m, c in form.items() if m not in fixed}
    if not moving:
        return fixed
    scale: Number = magnitude(min(moving.items())[1])
    moving = scaled(moving, Fraction(1) / scale)
    number = bound_generator(ring, "maximum", moving, {name: limits})
    return added(fixed, {((number, 1),): scale})


def _mentions(ring: Ring, m: Monomial, name: str) -> bool:
    return any(name in ring.table[g].letters for g, _ in m)


def product_over(ring: Ring, form: Form, letters: Letters) -> Form:
    """The product over letters; of positive terms, e to the sum of their logs.

    Factors stand each under a product of its own, Π_k c x_k^2 y_k = c^K (Π_k x_k)^2 Π_k y_k, and
    what one place has instead of the others is divided by what it would have as they do.
    """
    for name, limits in letters.items():
        rest = {n: r for n, r in letters.items() if n != name}
        parts = written_out(ring, form, name, limits)
        if parts is not None:
            whole = ring.multiplied(parts)
            return product_over(ring, whole, rest) if rest else whole
        if rest:
            continue
        apart = _one_apart(ring, form, name, limits)
        if apart is not None:
            return apart
    if ring.positive(form):
        return exp(ring, summed(ring, log(ring, form), letters))
    if len(letters) > 1 or not form:
        return {((bound_generator(ring, "product", form, letters), 1),): 1}
    ((name, limits),) = letters.items()
    number, exponents, left = ring.factored(form)
    bases = [constant(magnitude(number)), constant(1 if number > 0 else -1)]
    factors = [power(ring, base, extent(ring, limits)) for base in bases if base != {UNIT: 1}]
    for g, e in exponents.items():
        factor: Form = {((g, 1),): 1}
        if name not in ring.table[g].letters:
            factors.append(power(ring, ring.power(factor, e), extent(ring, limits)))
        elif ring.positive(factor):
            factors.append(product_over(ring, ring.power(factor, e), letters))
        else:  # a root of a product is no product of roots where two factors are negative
            outer = e if isinstance(e, int) else 1
            factor = {((g, exact(Fraction(e) / outer)),): 1}
            whole = {((bound_generator(ring, "product", factor, letters), outer),): 1}
            factors.append(whole)
    if left != {UNIT: 1}:
        factors.append({((bound_generator(ring, "product", left, letters), 1),): 1})
    return ring.multiplied(factors)


def _one_apart(ring: Ring, form: Form, name: str, limits: Range) -> Form | None:
    """Π_k (a_k + δ_ki b_k) = (Π_k a_k) (a_i + b_i)/a_i where i is in the range; None without δ."""
    deltas = {g for m in form for g, _ in m if ring.table[g].kind == "delta"}
    for g in sorted(g for g in deltas if name in ring.table[g].letters):
        solution = solved_for(ring.table[g].data[0], name)
        inside = None if solution is None else in_range(ring, solution, limits)
        if solution is None or inside is None:
            continue
        others, there = at(form, {g: 0}), at(form, {g: 1})
        usual = relabel(ring, others, {name: solution})
        try:
            ratio = ring.product(relabel(ring, there, {name: solution}), inverse(ring, usual))
        except Undefined:  # (1 - δ_ki) (x_i - x_k) + δ_ki has no value there but for its mask
            continue
        factor = added(constant(1), ring.product(inside, added(ratio, constant(-1))))
        return ring.product(product_over(ring, others, {name: limits}), factor)
    return None


def inverse(ring: Ring, form: Form) -> Form:
    """1/(a + δ b) = (1 - δ)/a + δ/(a + b)."""
    for g in sorted({g for m in form for g, _ in m if ring.table[g].kind == "delta"}):
        return ring.by_case(form, g, lambda part: inverse(ring, part))
    return ring.power(form, -1)


def _rebuilt(ring: Ring, gen: Generator, change: Change) -> Form:
    moved = change.moved
    ranges = gen.data[1]
    new_ranges = tuple((relabelled(a, moved), relabelled(b, moved)) for a, b in ranges)
    if new_ranges != ranges:
        raise OutOfReach("a range that depends on a letter")
    form, letters = opened(ring, gen, change.incoming | moved.keys())
    make = {"sum": summed, "maximum": maximum_over, "product": product_over}[gen.kind]
    return make(ring, mapped(ring, form, change), letters)


REBUILD |= dict.fromkeys(("sum", "maximum", "product"), _rebuilt)
