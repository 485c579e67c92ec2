"""Indices as linear forms: i, 3, i + k - 1, y_n, in one canonical tuple each.

An index is a sorted tuple of (atom, coefficient).  An atom is () for the constant, (name,) for a
letter or a size, and (name, index, ...) for a component of an integer array, such as a label y_n.

Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Atom = tuple[Any, ...]
Index = tuple[tuple[Atom, int], ...]

CONSTANT: Atom = ()


def constant(value: int) -> Index:
    """The index that is an integer."""
    return ((CONSTANT, value),) if value else ()


def letter_index(name: str) -> Index:
    """The index that is a letter."""
    return (((name,), 1),)


def combined(*parts: tuple[Index, int]) -> Index:
    """The linear combination of indices with integer factors."""
    if len(parts) == 1 and parts[0][1] == 1:
        return parts[0][0]
    return _combined(parts)


@lru_cache(maxsize=4096)
def _combined(parts: tuple[tuple[Index, int], ...]) -> Index:
    total: dict[Atom, int] = {}
    for index, factor in parts:
        for atom, count in index:
            total[atom] = total.get(atom, 0) + factor * count
    return tuple(sorted([part for part in total.items() if part[1]]))


def value_of(index: Index) -> int | None:
    """The integer that an index is, or None."""
    if not index:
        return 0
    if len(index) == 1 and index[0][0] == CONSTANT:
        return index[0][1]
    return None


@lru_cache(maxsize=4096)
def letters_in(index: Index) -> frozenset[str]:
    """The letters (and sizes) in an index, those of label components included."""
    found: set[str] = set()
    for atom, _ in index:
        if len(atom) == 1:
            found.add(atom[0])
        for part in atom[1:]:
            found |= letters_in(part)
    return frozenset(found)


def relabelled(index: Index, moved: Mapping[Any, Index]) -> Index:
    """The index with letters replaced by indices, and components of integer arrays by atom."""
    if len(index) == 1 and index[0][1] == len(index[0][0]) == 1:  # a letter by itself
        return moved.get(index[0][0][0], index)
    parts: list[tuple[Index, int]] = []
    for atom, count in index:
        if len(atom) == 1 and atom[0] in moved:
            parts.append((moved[atom[0]], count))
        elif len(atom) > 1:
            label = (atom[0], *(relabelled(a, moved) for a in atom[1:]))
            parts.append((moved.get(label, ((label, 1),)), count))
        else:
            parts.append((((atom, 1),), count))
    return combined(*parts)


def solved_for(index: Index, name: str) -> Index | None:
    """The value of a letter at which the index is 0, when its coefficient is 1 or -1."""
    for atom, count in index:
        if atom == (name,):
            if abs(count) != 1:
                return None
            rest = combined((index, -count), (letter_index(name), 1))
            return None if name in letters_in(rest) else rest
    return None
