"""Mapping a form leaf by leaf: letters renamed, stages unfolded, facts put in, everywhere.

`mapped` rebuilds a form from its generators up, so that every law is applied again to the new
form.  A kind that is a function of other forms alone stands in `REMADE` with that function; what
else one is made of, indices above all, says a function in `REBUILD`.

Imports forms, atoms and indices only.  To add a kind: a row of the one, or of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from symderiv.judge.atoms import Form, Generator, Number, forms_in
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index, letters_in, relabelled
from symderiv.records import dataclass

Rebuild = Callable[[Ring, Generator, "Change"], Form]
REBUILD: dict[str, Rebuild] = {}
REMADE: dict[str, Callable[..., Form]] = {"den": lambda ring, body: body}


@dataclass(eq=False)
class Change:
    """What a mapping does: `touches` says which generators it may change, `leaf` gives a new form
    for a generator (None: go on to its parts), `moved` are the letters and labels replaced by
    indices, and `incoming` the letters that the new parts may hold and that no binder may capture.
    """

    touches: Callable[[Generator], bool]
    leaf: Callable[[Generator], Form | None] | None = None
    moved: Mapping[Any, Index] = field(default_factory=dict)
    incoming: frozenset[str] = frozenset()
    memo: dict[int, Form] = field(default_factory=dict)


def mapped(ring: Ring, form: Form, change: Change) -> Form:
    """The form with the change made everywhere in it."""
    table, touches = ring.table, change.touches
    total: Form = {}
    for m, c in form.items():
        kept: list[tuple[int, Number]] = []
        new: Form | None = None
        for g, e in m:
            if touches(table[g]):
                part = ring.power(mapped_generator(ring, g, change), e)
                new = part if new is None else ring.product(new, part)
            else:
                kept.append((g, e))
        if new is None:
            ring._emit(total, m, c)
        else:
            ring.multiply_into(total, new, {tuple(kept): c})
    return total


def mapped_generator(ring: Ring, g: int, change: Change) -> Form:
    """One generator with the change made in it."""
    found = change.memo.get(g)
    if found is None:
        gen = ring.table[g]
        found = change.leaf(gen) if change.leaf is not None else None
        if found is None and gen.kind in REMADE:
            inner = (mapped(ring, dict(part), change) for part in forms_in(gen.kind, gen.data))
            found = REMADE[gen.kind](ring, *inner)
        elif found is None:
            rebuild = REBUILD.get(gen.kind)
            found = rebuild(ring, gen, change) if rebuild else {((g, 1),): 1}
        change.memo[g] = found
    return found


def relabel(ring: Ring, form: Form, moved: Mapping[str, Index]) -> Form:
    """The form with letters replaced by indices, all at once."""
    names, table = frozenset(moved), ring.table
    if not any(not table[g].letters.isdisjoint(names) for m in form for g, _ in m):
        return form
    key = tuple(sorted(moved.items()))
    changes = ring.memo.setdefault("relabel", {})
    change = changes.get(key)
    if change is None:
        change = changes[key] = Change(
            touches=lambda gen: not gen.letters.isdisjoint(names),
            moved=dict(moved),
            incoming=frozenset().union(*(letters_in(v) for v in moved.values())),
        )
    return mapped(ring, form, change)


def _component(ring: Ring, gen: Generator, change: Change) -> Form:
    name, *indices = gen.data
    new = [relabelled(i, change.moved) for i in indices]
    return ring.component(name, new) if gen.kind == "given" else ring.atom(gen.kind, name, *new)


def _unknown(ring: Ring, gen: Generator, change: Change) -> Form:
    name, by, *indices = gen.data

    def moved(given: Iterable[Index]) -> Iterator[Index]:
        return (relabelled(i, change.moved) for i in given)

    again = tuple(sorted((variable, *moved(at)) for variable, *at in by))
    return ring.atom("unknown", name, again, *moved(indices))


def _letter(ring: Ring, gen: Generator, change: Change) -> Form:
    moved = change.moved.get(gen.data[0])
    return {((gen.number, 1),): 1} if moved is None else ring.index_form(moved)


REBUILD |= {"given": _component, "stage": _component, "unknown": _unknown, "letter": _letter}
