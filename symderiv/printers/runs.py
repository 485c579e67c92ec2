"""Runs: the alike terms of a long written-out sum, of which a page shows the first and last.

Gives `shortened`.  Terms are alike when they differ in their integers only, by the same steps
throughout: e^{z_1} + e^{z_2} + ... + e^{z_100}.

Floor 1: imports SymPy only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from sympy import Expr, Integer
from sympy.core.basic import Basic

LONGEST = 6  # alike terms that are still shown one by one


@lru_cache(maxsize=256)  # the width of a formula is asked for before it is printed
def shortened(terms: tuple[Basic, ...], longest: int = LONGEST) -> tuple[Expr | None, ...]:
    """The terms that are shown, None for each run left out.

    Of a run of more than `longest` alike terms the first two are shown and the last; where little
    is to be shown at all, the first and the last.
    """
    first = 2 if longest >= LONGEST else 1
    shown: list[Expr] = [cast(Expr, t) for t in terms]
    if len(shown) <= longest:
        return tuple(shown)
    out: list[Expr | None] = []
    patterns = [_pattern(t) for t in shown]
    start = 0
    while start < len(shown):
        end = _end_of_run(patterns, start)
        if end - start > longest:
            out += [*shown[start : start + first], None, shown[end - 1]]
        else:
            out += shown[start:end]
        start = end
    return tuple(out)


def _pattern(term: Basic) -> tuple[tuple[object, ...], tuple[int, ...]]:
    """What is written, integers left out; and the integers."""
    words: list[object] = []
    numbers: list[int] = []
    waiting: list[Basic] = [term]
    while waiting:
        t = waiting.pop()
        if isinstance(t, Integer):
            numbers.append(int(t))
            words.append(Integer)
        elif not t.args:
            words.append(t)
        else:
            words.append((t.func, len(t.args)))
            waiting.extend(t.args)
    return tuple(words), tuple(numbers)


def _end_of_run(patterns: list[tuple[tuple[object, ...], tuple[int, ...]]], start: int) -> int:
    """One past the last term that goes on as the first two begin."""
    end = start + 1
    stride: tuple[int, ...] | None = None
    while end < len(patterns) and patterns[end][0] == patterns[start][0]:
        before, after = patterns[end - 1][1], patterns[end][1]
        gap = tuple(b - a for a, b in zip(before, after, strict=True))
        if stride is not None and gap != stride:
            break
        stride = gap
        end += 1
    return end
