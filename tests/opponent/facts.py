"""Facts: declared assumptions, which every point must keep.

Gives `Facts`: what is declared positive is drawn so, mirror images are one component, an equation
is solved for a component in which it is linear, and any other fact is awaited.

Imports language and evaluator.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from typing import Any

from mpmath import mpf

from tests.opponent.arithmetic import Disputed, NoValue
from tests.opponent.axes import Axes
from tests.opponent.evaluator import Evaluator, Scope
from tests.opponent.language import (
    LETTERS,
    Key,
    binds,
    indices_of,
    name_of,
    parse_one,
    subscripting,
)


class Facts:
    """Assumptions as texts: positivity, symmetry and equations are made true, others awaited."""

    def __init__(self, texts: tuple[str, ...], axes: Axes) -> None:
        self.trees: list[ast.Compare] = []
        self.positive: list[ast.expr] = []
        self.turned: dict[str, tuple[int, ...]] = {}
        self.equations: list[ast.Compare] = []
        for text in texts:
            tree = parse_one(text if set("<>!") & set(text) else text.replace("=", "=="))
            assert isinstance(tree, ast.Compare)
            axes.walk(tree, {n: (id(tree), n) for n in own_letters(tree)}, {})
            left, right = tree.left, tree.comparators[0]
            if isinstance(tree.ops[0], ast.Gt | ast.GtE) and ast.unparse(right) == "0":
                self.positive.append(left)
            elif turned := symmetry(tree):
                self.turned[turned[0]] = turned[1]
            elif isinstance(tree.ops[0], ast.Eq):
                self.equations.append(tree)
                continue
            self.trees.append(tree)

    def key(self, key: Key) -> Key:
        """A component and its mirror image are one."""
        order = self.turned.get(key[0])
        if order is None:
            return key
        return (key[0], *min(key[1:], tuple(key[1 + n] for n in order)))

    def forces(self, key: Key) -> bool:
        """Is that component declared positive?"""
        for term in self.positive:
            at = indices_of(term) if isinstance(term, ast.Subscript) else []
            name = name_of(term.value if isinstance(term, ast.Subscript) else term)
            if name != key[0]:
                continue
            seen: dict[str, int] = {}
            if all(
                i.value == n if isinstance(i, ast.Constant) else seen.setdefault(name_of(i), n) == n
                for i, n in zip(at, key[1:], strict=True)
            ):
                return True
        return False

    def made(self, evaluator: Evaluator) -> bool:
        """Make the equations true, if each has a component in which it is linear; do all hold?"""
        for tree in self.equations:
            for letters in valuations(tree, evaluator):
                if not solved(tree, evaluator, letters):
                    return False
        return all(
            evaluator.holds(tree, scope)
            for tree in self.trees
            for scope in valuations(tree, evaluator)
        )


def symmetry(tree: ast.Compare) -> tuple[str, tuple[int, ...]] | None:
    """The array and the order of its indices, where a fact is A[i,j] = A[j,i]."""
    left, right = tree.left, tree.comparators[0]
    if not (isinstance(left, ast.Subscript) and isinstance(right, ast.Subscript)):
        return None
    names, there = ([ast.unparse(i) for i in indices_of(side)] for side in (left, right))
    letters = set(names) <= LETTERS and sorted(names) == sorted(there) and names != there
    if not (
        letters and isinstance(tree.ops[0], ast.Eq) and name_of(left.value) == name_of(right.value)
    ):
        return None
    return name_of(left.value), tuple(names.index(n) for n in there)


def own_letters(tree: ast.expr) -> list[str]:
    """The letters of a fact that nothing binds: they stand for every value."""
    bound = {
        name_of(end.elts[0] if isinstance(end, ast.Tuple) else end)
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and binds(n)
        for end in n.args[1:]
    }
    return sorted(subscripting(tree) & LETTERS - bound)


def valuations(tree: ast.expr, evaluator: Evaluator) -> Iterator[Scope]:
    """Every value of the letters of a fact."""
    keys = {n: (id(tree), n) for n in own_letters(tree)}
    for numbers in product(*(range(1, evaluator.size(k) + 1) for k in keys.values())):
        yield {n: (i, keys[n]) for n, i in zip(keys, numbers, strict=True)}


def solved(tree: ast.Compare, evaluator: Evaluator, scope: Scope) -> bool:
    """Change one component so that both sides are equal, where one is found that is linear."""

    def gap() -> Any:
        evaluator.known.clear()
        return evaluator.value(tree.left, scope) - evaluator.value(tree.comparators[0], scope)

    values = evaluator.point.values
    gap()
    named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    for key in [k for k in reversed(list(values)) if k[0] in named]:
        start, apart = values[key], gap()
        if abs(apart) < mpf(10) ** -90:
            return True
        try:
            values[key] = start + 1
            slope = gap() - apart
            values[key] = start + 2
            bent = gap() - apart - 2 * slope
            if slope != 0 and abs(bent) < mpf(10) ** -60:
                values[key] = start - apart / slope
                # what is left is a rounding error: the fact holds to the last digits
                if abs(gap()) < mpf(10) ** -90:
                    return True
        except (NoValue, Disputed):
            pass
        values[key] = start
    return False
