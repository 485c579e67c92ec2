"""Random formulas to make functions of, each as its text and as a closure in mpmath.

Labels, parts of an axis, shifted sums, masks, products, norms and shares; the closure shares
nothing with the reader, the rules or the lowering.  Letters count from 1 in both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import mpmath
from mpmath import mpf

Letters = dict[str, int]


@dataclass(frozen=True)
class World:
    """Arrays and numbers by name, and the label, from 1."""

    x: list[Any]
    w: list[Any]
    a: Any
    t: Any
    y: int

    @property
    def size(self) -> int:
        return len(self.x)


Value = Callable[[World, Letters], Any]
Pair = tuple[str, Value]


HELD = mpf(10) ** 308
FAR = 10**7  # the exponential of more has an exponent that takes minutes to count


def _exp(x: Any) -> Any:
    if abs(x) > HELD:
        raise OverflowError("an exponent that no float holds: README, Limits")
    return mpmath.exp(x) if abs(x) < FAR else mpf("inf") if x > 0 else mpf(0)


def _tanh(x: Any) -> Any:
    return mpmath.tanh(x) if abs(x) < FAR else mpmath.sign(x)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + _exp(-x))


def _softplus(x: Any) -> Any:
    rest = _exp(-abs(x))  # below 1e-860 it is its own log1p, which would count all those digits
    return max(x, mpf(0)) + (mpmath.log1p(rest) if abs(x) < 2000 else rest)


ONE: dict[str, Callable[[Any], Any]] = {
    "exp": _exp, "tanh": _tanh, "sigmoid": _sigmoid, "sin": mpmath.sin,
    "softplus": _softplus, "cosh": lambda x: (_exp(x) + _exp(-x)) / 2, "abs": abs,
    "atan": mpmath.atan, "expm1": lambda x: _exp(x) - 1, "relu": lambda x: max(x, mpf(0)),
}  # fmt: skip


class Programs:
    """Terms of the language and what they are, drawn together."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.bound = 0

    def formula(self) -> Pair:
        """A number of x, w, a, t and perhaps y."""
        return self.term(self.random.randint(2, 4), ())

    def term(self, depth: int, letters: tuple[str, ...]) -> Pair:
        draw = self.random
        if depth <= 0:
            return self.leaf(letters)
        kind = draw.randrange(14)
        if kind < 3:
            return self.pair(draw.choice("+-*"), self.term(depth - 1, letters),
                             self.term(depth - 2, letters))  # fmt: skip
        if kind < 5:
            name = draw.choice(list(ONE))
            text, f = self.term(depth - 1, letters)
            return f"{name}({text})", lambda v, at: ONE[name](f(v, at))
        if kind == 5:
            text, f = self.term(depth - 1, letters)
            return f"({text})**2", lambda v, at: f(v, at) ** 2
        if kind == 6:
            text, f = self.term(depth - 1, letters)
            return f"sqrt(1 + ({text})**2)", lambda v, at: mpmath.sqrt(1 + f(v, at) ** 2)
        if kind == 7:
            text, f = self.term(depth - 1, letters)
            return f"log(1 + exp({text}))", lambda v, at: _softplus(f(v, at))
        if kind == 8:
            top, below = self.term(depth - 1, letters), self.term(depth - 2, letters)
            return (f"({top[0]})/(1 + exp({below[0]}))",
                    lambda v, at: top[1](v, at) * _sigmoid(-below[1](v, at)))  # fmt: skip
        if kind == 9:
            return self.share(depth, letters)
        return self.over(depth, letters)

    def pair(self, op: str, a: Pair, b: Pair) -> Pair:
        f, g = a[1], b[1]
        both: dict[str, Value] = {
            "+": lambda v, at: f(v, at) + g(v, at),
            "-": lambda v, at: f(v, at) - g(v, at),
            "*": lambda v, at: f(v, at) * g(v, at),
        }
        return f"({a[0]} {op} {b[0]})", both[op]

    def leaf(self, letters: tuple[str, ...]) -> Pair:
        draw = self.random
        kinds: list[Pair] = [("a", lambda v, at: v.a), ("t", lambda v, at: v.t),
                             ("2", lambda v, at: mpf(2)), ("x[y]", lambda v, at: v.x[v.y - 1]),
                             ("w[y]", lambda v, at: v.w[v.y - 1])]  # fmt: skip
        for s in letters:
            kinds += 3 * [(f"x[{s}]", lambda v, at, s=s: v.x[at[s] - 1]),
                          (f"w[{s}]", lambda v, at, s=s: v.w[at[s] - 1])]  # fmt: skip
        return draw.choice(kinds)

    def letter(self) -> str:
        self.bound += 1
        return "ijklmn"[self.bound % 6]

    def over(self, depth: int, letters: tuple[str, ...]) -> Pair:
        """A sum, product or extreme over an axis, a part of it, or what a bracket leaves."""
        draw, k = self.random, self.letter()
        if k in letters:
            return self.leaf(letters)
        text, f = self.term(depth - 1, (*letters, k))
        if f"[{k}]" not in text:
            text, f = self.pair("*", (text, f), (f"x[{k}]", lambda v, at: v.x[at[k] - 1]))

        def values(v: World, at: Letters, low: int = 1, cut: int = 0) -> list[Any]:
            return [f(v, {**at, k: n}) for n in range(low, v.size - cut + 1)]

        match draw.randrange(7):
            case 0:
                return f"prod({text}, {k})", lambda v, at: mpmath.fprod(values(v, at))
            case 1 if "[y]" in text:
                return (f"sum(iverson({k} != y)*({text}), {k})",
                        lambda v, at: mpmath.fsum(f(v, {**at, k: n})
                                                  for n in range(1, v.size + 1)
                                                  if n != v.y))  # fmt: skip
            case 2:
                return (f"sum(({text})*x[{k}+1], ({k}, 1, K-1))",
                        lambda v, at: mpmath.fsum(f(v, {**at, k: n}) * v.x[n]
                                                  for n in range(1, v.size)))  # fmt: skip
            case 3:
                return (f"sum(({text})*w[{k}-1], ({k}, 2, K))",
                        lambda v, at: mpmath.fsum(f(v, {**at, k: n}) * v.w[n - 2]
                                                  for n in range(2, v.size + 1)))  # fmt: skip
            case 4 if letters:
                s = letters[-1]
                return (f"sum(iverson({k} <= {s})*({text}), {k})",
                        lambda v, at: mpmath.fsum(f(v, {**at, k: n})
                                                  for n in range(1, at[s] + 1)))  # fmt: skip
            case _:
                return f"sum({text}, {k})", lambda v, at: mpmath.fsum(values(v, at))

    def share(self, depth: int, letters: tuple[str, ...]) -> Pair:
        """A share of exponentials, the logarithm of a sum of them, or a cosine."""
        k = self.letter()
        if k in letters:
            return self.leaf(letters)
        own = self.random.choice([*letters, "y"])

        def at_own(v: World, at: Letters) -> Any:
            return v.x[(v.y if own == "y" else at[own]) - 1]

        def whole(v: World) -> Any:
            return mpmath.fsum(mpmath.exp(z) for z in v.x)

        def length(values: list[Any]) -> Any:
            return mpmath.sqrt(mpmath.fsum(z * z for z in values))

        match self.random.randrange(5):
            case 0:
                return (f"exp(x[{own}])/sum(exp(x[{k}]), {k})",
                        lambda v, at: mpmath.exp(at_own(v, at)) / whole(v))  # fmt: skip
            case 1:
                return f"log(sum(exp(x[{k}]), {k}))", lambda v, at: mpmath.log(whole(v))
            case 2:
                return f"log(softmax(x)[{own}])", lambda v, at: at_own(v, at) - mpmath.log(whole(v))
            case 3:
                return (f"x[{own}]/sqrt(sum(x[{k}]**2, {k}))",
                        lambda v, at: at_own(v, at) / length(v.x))  # fmt: skip
            case _:
                return (f"log(sum(w[{k}]**2, {k}))*x[{own}]",
                        lambda v, at: 2 * mpmath.log(length(v.w)) * at_own(v, at))  # fmt: skip
