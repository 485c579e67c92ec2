"""Patterns: two problems that differ in nothing but their names.

Gives `Pattern` and `pattern_of`.  The names of a problem are numbered as they are met: two problems
with one pattern are equal under the renaming that takes each name to the one with its number, and
so a derivation of the one is, renamed, a derivation of the other.

Floor 2: imports floors 0 and 1.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import field
from typing import cast

from sympy import Expr, IndexedBase, Symbol
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.terms import letter, renaming
from symderiv.terms.derived import derived
from symderiv.terms.letters import all_letters, fresh
from symderiv.terms.problem import Problem


@dataclass(frozen=True)
class Pattern:
    """A problem without its names (`key`), and its names in the order in which it meets them."""

    key: Hashable
    names: tuple[str, ...]

    def onto(self, other: Pattern) -> dict[str, str]:
        """The renaming that makes this problem the other one, which has the same key."""
        return dict(zip(self.names, other.names, strict=True))


def pattern_of(problem: Problem) -> Pattern:
    """The pattern of a problem: its variables, function, stages, sizes, labels and facts."""
    numbers = _Numbers()
    key: list[Hashable] = [numbers.key(x) for x in problem.wrt]
    key.append(numbers.key(problem.function))
    for stage in problem.stages:
        key.append((numbers.key(stage.quantity), numbers.key(stage.body)))
    key.append(tuple((numbers.key(f.relation), f.proved) for f in problem.facts))
    done = 0
    while done < len(numbers.of):  # the sizes of what was met may meet new names
        name = list(numbers.of)[done]
        key.append(tuple(numbers.key(end) for end in problem.shapes.get(name, ())))
        end = problem.ranges.get(Symbol(name, integer=True))
        key.append((name in problem.labels, numbers.key(end) if end is not None else None))
        done += 1
    return Pattern(tuple(key), tuple(numbers.of))


@dataclass
class _Numbers:
    """Names numbered as they are met."""

    of: dict[str, int] = field(default_factory=dict)

    def name(self, name: str) -> Hashable:
        """The number of a name; of an inverse or a determinant that of its matrix."""
        found = derived(name)
        if found is not None:
            return found.function, self.name(found.array)
        return self.of.setdefault(name, len(self.of))

    def key(self, term: Basic) -> Hashable:
        if isinstance(term, Symbol):
            kind = (term.is_integer, term.is_positive)
            return (self.name(term.name), kind)
        if isinstance(term, IndexedBase):
            return self.name(str(term.label))
        if not term.args:
            return cast(Hashable, term)
        return (type(term).__name__, *(self.key(a) for a in term.args))


def with_names(term: Expr, names: Mapping[str, str]) -> Expr:
    """A term with other names, all exchanged at once.

    A letter that is not renamed steps aside where its name is wanted by another.
    """
    names = dict(names)

    wanted = set(names.values())
    for symbol in sorted(all_letters(term), key=str):
        if symbol.name not in names and symbol.name in wanted:
            taken = {*map(letter, wanted), *map(letter, names), *all_letters(term)}
            names[symbol.name] = fresh(letter("k"), taken).name
            wanted.add(names[symbol.name])

    return cast(Expr, renaming.with_names(term, names))
