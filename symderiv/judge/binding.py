"""Binding: letters bound by a generator, named canonically, and opened again without capture.

Imports forms, mapping, atoms and indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, permutations, product
from math import factorial

from symderiv.judge.atoms import (
    Form,
    Generator,
    Items,
    Monomial,
    Range,
    forms_in,
    indices_of,
    items,
)
from symderiv.judge.forms import Ring
from symderiv.judge.indices import (
    Index,
    letter_index,
    letters_in,
)
from symderiv.judge.mapping import relabel

Letters = dict[str, Range]
MOST_ORDERS = 120
MOST_PLACINGS = 60


def letter_for(ring: Ring, limits: Range, wanted: str, avoid: frozenset[str]) -> str:
    """A letter of that range which nothing else uses; its name holds its range."""
    numbers = ring.memo.setdefault("ranges", {})
    number = numbers.setdefault(limits, len(numbers))
    n = 0
    while (name := f"{wanted}{n or ''}.{number}") in avoid:
        n += 1
    ring.ranges[name] = limits
    return name


def bound_generator(ring: Ring, kind: str, body: Form, letters: Letters) -> int:
    """The generator that binds letters in a body; the letters' own names do not matter."""
    memo = ring.memo.setdefault("bound", {})
    key = (kind, items(body), tuple(sorted(letters.items())))
    found: int | None = memo.get(key)
    if found is None:
        found = memo[key] = _bound_generator(ring, kind, body, letters)
    return found


def _bound_generator(ring: Ring, kind: str, body: Form, letters: Letters) -> int:
    table = ring.table
    start = 1 + max((table[g].height for m in body for g, _ in m), default=0)
    best: tuple[tuple[Range, ...], Items] | None = None
    for order in _orders(ring, body, letters):
        moved = {name: letter_index(f"#{start + n}") for n, name in enumerate(order)}
        renamed = relabel(ring, body, moved)
        key = (tuple(letters[name] for name in order), items(renamed))
        if best is None or key < best:
            best = key
    assert best is not None
    return table.number(kind, start, *best)


def _orders(ring: Ring, body: Form, letters: Letters) -> list[tuple[str, ...]]:
    """The orders of letters among which the least key is sought: like letters are permuted."""
    if len(letters) == 1:
        return [tuple(letters)]
    classes: dict[object, list[str]] = {}
    for name in sorted(letters):
        occurrences = sorted(
            (ring.table[g].shape, str(e))
            for m in body
            for g, e in m
            if name in ring.table[g].letters
        )
        classes.setdefault((letters[name], tuple(occurrences)), []).append(name)
    groups = [classes[k] for k in sorted(classes, key=repr)]
    count = 1
    for group in groups:
        count *= factorial(len(group))
    if count > MOST_ORDERS:
        return [tuple(n for group in groups for n in group)]
    return [
        tuple(n for part in choice for n in part)
        for choice in product(*(permutations(group) for group in groups))
    ]


def opened(ring: Ring, gen: Generator, avoid: frozenset[str]) -> tuple[Form, Letters]:
    """The body of a binding generator with letters of its own, and those letters."""
    start, ranges, body = gen.data
    letters = own_letters(ring, ranges, avoid | gen.letters)
    moved = {f"#{start + n}": letter_index(name) for n, name in enumerate(letters)}
    return relabel(ring, dict(body), moved), letters


def own_letters(ring: Ring, ranges: Iterable[Range], avoid: frozenset[str]) -> Letters:
    """A letter of its own for each range."""
    letters: Letters = {}
    for limits in ranges:
        letters[letter_for(ring, limits, "~", avoid.union(letters))] = limits
    return letters


def indices_in(ring: Ring, form: Form) -> set[Index]:
    """Every free subscript in a form, and its free letters as subscripts."""
    return {i for i in subscripts(ring, form) if not any(n.startswith("#") for n in letters_in(i))}


def subscripts(ring: Ring, form: Form) -> set[Index]:
    """The same with the bound ones, and those of the body of a sum that it is taken from."""
    found: set[Index] = set()
    seen: set[int] = set()
    waiting: list[Iterable[Monomial]] = [form]
    while waiting:
        for g in {g for m in waiting.pop() for g, _ in m} - seen:
            seen.add(g)
            gen = ring.table[g]
            found |= {letter_index(n) for n in gen.letters}
            found |= set(indices_of(gen.kind, gen.data))
            waiting += (dict(part) for part in forms_in(gen.kind, gen.data))
    return found


def free_letters(ring: Ring, form: Form) -> list[str]:
    """The letters of a form that are neither sizes nor labels."""
    letters = frozenset().union(*map(ring.letters_of, form))
    return sorted(letters - ring.sizes.keys() - ring.labels.keys())


def placings(letters: Sequence[str], indices: Iterable[Index]) -> Iterator[dict[str, Index]]:
    """Indices in the place of letters, in as many ways as are tried."""
    for choice in islice(product(sorted(indices), repeat=len(letters)), MOST_PLACINGS):
        yield dict(zip(letters, choice, strict=True))
