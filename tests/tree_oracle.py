"""A second opinion on neutral trees, for the tests of the witness: mpmath, and nothing of ours.

`value(tree, world, letters)` evaluates a tree at concrete sizes; derivatives are central
differences at so many digits that they are good to 30.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import mpmath
from mpmath import mp, mpf

DIGITS, STEP = 110, mpf(10) ** -30
BINDERS: dict[str, Callable[[list[Any]], Any]] = {
    "sum": mpmath.fsum,
    "prod": mpmath.fprod,
    "largest": max,
    "smallest": min,
}
HEADS: dict[str, Callable[..., Any]] = {
    "+": lambda *a: mpmath.fsum(a),
    "*": lambda *a: mpmath.fprod(a),
    "-": lambda a: -a,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
    "max": max,
    "min": min,
    "delta": lambda a, b: mpf(a == b),
    "pi": lambda: +mp.pi,
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "erf": mpmath.erf,
    "abs": abs,
    "sign": mpmath.sign,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "relu": lambda x: max(mpf(0), x),
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "iverson": mpf,
}


@dataclass
class World:
    """Sizes, stages, and a value for every component, drawn when it is first asked for."""

    data: dict[str, Any]
    sizes: dict[str, int]
    random: Random
    values: dict[Any, Any] = field(default_factory=dict)
    held: dict[Any, Any] = field(default_factory=dict)

    def component(self, key: Any, letters: dict[str, int]) -> Any:
        name = key[0]
        if key in self.held:
            return self.held[key]
        for stage in self.data["stages"]:
            if stage["name"] == name:
                own = {k: n for k, n in letters.items() if k in self.data["labels"]}
                own |= dict(zip(stage["indices"], key[1:], strict=True))
                return value(stage["body"], self, own)
        if name in self.data["labels"]:
            high = self.sizes[self.data["labels"][name]]
            return self.values.setdefault(key, self.random.randint(1, high))
        return self.values.setdefault(key, mpf(self.random.uniform(0.2, 1.9)))


def value(t: Any, world: World, letters: dict[str, int]) -> Any:
    if isinstance(t, int):
        return mpf(t)
    if isinstance(t, str):
        return letters[t] if t in letters else world.sizes[t]
    head, *args = t
    if head == "at":
        return world.component(
            (args[0], *(int(value(i, world, letters)) for i in args[1:])), letters
        )
    if head in BINDERS:
        body, letter, low, high = args
        ends = (int(value(low, world, letters)), int(value(high, world, letters)) + 1)
        return BINDERS[head]([value(body, world, {**letters, letter: n}) for n in range(*ends)])
    if head == "d":
        return slope(args[0], args[1], world, letters)
    return HEADS[head](*(value(a, world, letters) for a in args))


def slope(body: Any, x: Any, world: World, letters: dict[str, int]) -> Any:
    """A central difference; a stage is held as an array at indices up to the largest size."""
    key = (x[1], *(int(value(i, world, letters)) for i in x[2:]))
    before = dict(world.held)
    if any(stage["name"] == key[0] for stage in world.data["stages"]):
        high = max(world.sizes.values(), default=1)
        every = [(key[0],)]
        for _ in key[1:]:
            every = [(*k, n) for k in every for n in range(1, high + 1)]
        world.held = {**{k: world.component(k, letters) for k in every}, **before}
    middle = world.component(key, letters)
    sides = []
    for sign in (1, -1):
        world.held = {**world.held, key: middle + sign * STEP}
        sides.append(value(body, world, letters))
    world.held = before
    return (sides[0] - sides[1]) / (2 * STEP)
