"""Random formulas made into functions: right at every point, or refused in a sentence.

The value is held against the closure that was drawn with the formula, and the gradient against
differences of it to hundreds of digits.  `make fuzz` takes its time, with another seed each time.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf

import symderiv
from symderiv import SymderivError
from symderiv.face.source import derivation_source
from tests.random_programs import Programs, Value, World
from tests.test_fuzz import PATIENCE, SEED, rounds

NEAR = mpf(10) ** -7  # of the scale: an index, a sign or an overflow is far more
LARGEST, LEAST = mpf(10) ** 290, mpf(10) ** -270  # differences are right to 1e-280


def worlds(random: Random) -> Iterator[World]:
    """Points of an opponent: ordinary, zeros, ties, large and small, sizes 1 to 4."""
    for kind in ("plain", "plain", "zeros", "ties", "large", "huge", "vast", "small"):
        size = random.randint(1, 4)
        scale = {"large": 300.0, "huge": 1e6, "small": 1e-9}.get(kind, 1.5)

        def one(kind: str = kind, scale: float = scale) -> float:
            if kind == "ties":
                return 1.0
            if kind == "vast":
                return random.choice([-1, 1]) * 10.0 ** random.randint(3, 8)
            return 0.0 if kind == "zeros" and random.random() < 0.4 else random.gauss(0, scale)

        yield World([one() for _ in range(size)], [one() for _ in range(size)], one(), one(),
                    random.randint(1, size))  # fmt: skip


def exact(f: Value, world: World) -> Any:
    """The value; infinite, and so passed over, where there is no room on the way: e^e^1e9."""
    made = World([mpf(v) for v in world.x], [mpf(v) for v in world.w], mpf(world.a), mpf(world.t),
                 world.y)  # fmt: skip
    return _with_room(f, made)


def _with_room(f: Value, world: World) -> Any:
    try:
        return f(world, {})
    except MemoryError:
        return mpmath.inf


def slope(f: Value, world: World, *, at: int) -> Any:
    """A central difference, and how far the sides are from one line: at a kink no derivative."""
    h = mpf(10) ** -140 * (1 + abs(mpf(world.x[at])))

    def moved(step: Any) -> Any:
        x = [mpf(v) + (step if n == at else 0) for n, v in enumerate(world.x)]
        made = World(x, [mpf(v) for v in world.w], mpf(world.a), mpf(world.t), world.y)
        return _with_room(f, made)

    up, mid, down = moved(h), moved(0), moved(-h)
    made = (up - down) / (2 * h)
    bent = abs(up - 2 * mid + down) / h
    return None if bent > mpf(10) ** -8 * (1 + abs(made)) else made


def compared(found: Any, right: Any, scale: Any, what: str) -> None:
    if right is None or not mpmath.isfinite(right) or abs(right) > LARGEST:
        return
    if abs(right) < LEAST and abs(found) < 1e-7 * scale + float(LEAST):
        return
    assert np.isfinite(found), f"{what}: {found} for {mpmath.nstr(right, 12)}"
    off = abs(mpf(float(found)) - right)
    assert off <= NEAR * scale + LEAST, f"{what}: {found} for {mpmath.nstr(right, 12)}"


def moved_by_inputs(f: Callable[[World], Any], world: World, random: Random) -> Any:
    """How far a value moves with its inputs, for each unit that these do."""
    right, total = f(world), mpf(0)
    for _ in range(2):
        near = World(*([v * (1 + random.uniform(-1, 1) * 1e-9) for v in part]
                       for part in (world.x, world.w)),
                     world.a * (1 + 1e-9), world.t * (1 - 1e-9), world.y)  # fmt: skip
        there = f(near)
        if right is not None and there is not None:
            total += abs(there - right) * 10**9
    return total


def scale_of(f: Value, world: World, random: Random) -> Any:
    """How far a value moves with its inputs, and how large its terms may be."""
    right = exact(f, world)
    total = moved_by_inputs(lambda near: exact(f, near), world, random)
    with mpmath.workdps(15):  # what rounding alone may do to a sum that cancels
        rounded = exact(f, world)
    return abs(right) + total + abs(rounded - right) * 10**10


def held(random: Random, asked: list[str]) -> str:
    text, f = Programs(random).formula()
    if "x[" not in text:
        text, f = f"({text})*x[y]", lambda v, at, g=f: g(v, at) * v.x[v.y - 1]
    asked[:] = [text]
    try:
        answer = symderiv.derive(f"L = {text}", wrt="x[r]", timeout=PATIENCE)
        source = derivation_source(answer)
    except SymderivError as error:
        return f"refused: {error}"
    made: dict[str, Any] = {}
    exec(compile(source, "<made>", "exec"), made)
    both = made["L_value_and_gradient"]
    for world in worlds(random):
        given: dict[str, Any] = {"x": np.array(world.x), "w": np.array(world.w), "a": world.a,
                                 "t": world.t, "y": world.y - 1}  # fmt: skip
        names = both.__wrapped__ if hasattr(both, "__wrapped__") else both
        wanted = names.__code__.co_varnames[: names.__code__.co_argcount]
        try:
            with mpmath.workdps(500):
                value, sizes = exact(f, world), scale_of(f, world, random)
                slopes = [slope(f, world, at=n) for n in range(world.size)]
        except (ZeroDivisionError, ValueError, OverflowError):
            continue
        if abs(value) > LARGEST or not (any(world.x) and any(world.w)):
            continue
        asked[:] = [text, repr(world)]
        found, gradient = both(**{n: given[n] for n in wanted})
        with mpmath.workdps(500):
            compared(found, value, sizes, "value")
            known = [abs(s) for s in slopes if s is not None]
            most = max([*known, mpf(0)]) + sizes / max(map(abs, world.x))
            for n, right in enumerate(slopes):
                if right is None or not mpmath.isfinite(right):
                    continue
                near = abs(mpf(float(gradient[n])) - right) <= NEAR * most
                far = 0 if near else moved_by_inputs(partial(slope, f, at=n), world, random)
                compared(gradient[n], right, most + far, f"gradient {n}")
    return text


def test_functions_of_random_formulas_are_right_or_refused() -> None:
    asked: list[str] = []
    tried = refused = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for said in (held(random, asked) for random in rounds(70)):
                tried += 1
                refused += said.startswith("refused")
                assert "Traceback" not in said
    except Exception as error:
        error.add_note(f"FUZZ_SEED={SEED}, formula {tried + 1}: {asked}")
        raise
    print(f"\n{tried} formulas, {refused} refused, seed {SEED}")
    assert tried > refused
