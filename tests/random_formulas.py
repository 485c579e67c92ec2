"""Random formulas of the language, each as its text and as a function that evaluates it.

The two are drawn together, and share nothing with the reader, the rules or the judge: `value` is
plain mpmath over Python closures, scopes and all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import mpmath
from hypothesis import assume
from hypothesis import strategies as st
from mpmath import mpf

Letters = dict[str, int]
NUMBERS = ("1", "2", "3", "1/2")
KEPT_APART = mpf(10) ** -12  # how far from a kink a point must be


class NoValue(Exception):
    """The formula has no real value there, or a kink."""


@dataclass
class Point:
    """Sizes, and a value for every component and scalar that is asked for."""

    sizes: dict[str, int]
    seed: int
    values: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def at(self, *key: Any) -> Any:
        if key not in self.values:
            random = Random(f"{self.seed}{key}")
            self.values[key] = mpf(random.randint(-1500, 2000)) / 1024 + mpf(1) / 3000
        return self.values[key]


Value = Callable[[Point, Letters], Any]


@dataclass(frozen=True)
class Formula:
    text: str
    value: Value


@dataclass(frozen=True)
class Task:
    """A formula with its stages, what it is differentiated by, and where both are looked at."""

    text: str
    value: Value
    wrt: tuple[str, ...]
    keys: tuple[Callable[[Letters], tuple[Any, ...]], ...]


def real(x: Any) -> Any:
    if isinstance(x, mpmath.mpc) or not mpmath.isfinite(x) or abs(x) > mpf(10) ** 60:
        raise NoValue
    return x


def apart(x: Any) -> Any:
    if abs(x) < KEPT_APART:
        raise NoValue
    return x


def positive(x: Any) -> Any:
    if not x > KEPT_APART:
        raise NoValue
    return x


# name in the language -> value; arguments that have a kink are kept away from it
ELEMENTWISE: dict[str, Callable[[Any], Any]] = {
    "exp": lambda u: mpmath.exp(u) if u < 100 else real(mpmath.inf),
    "log": lambda u: mpmath.log(positive(u)),
    "sqrt": lambda u: mpmath.sqrt(positive(u)),
    "abs": lambda u: abs(apart(u)),
    "sign": lambda u: mpmath.sign(apart(u)),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "erf": mpmath.erf,
    "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
    "softplus": lambda u: mpmath.log(1 + mpmath.exp(u)),
    "relu": lambda u: max(apart(u), mpf(0)),
}
POSITIVE = ("log", "sqrt")


def number(text: str) -> Formula:
    top, _, bottom = text.partition("/")
    return Formula(text, lambda point, letters: mpf(int(top)) / int(bottom or 1))


def component(name: str, *indices: str) -> Formula:
    return Formula(
        f"{name}[{','.join(indices)}]",
        lambda point, letters: point.at(name, *(letters[i] for i in indices)),
    )


def scalar(name: str) -> Formula:
    return Formula(name, lambda point, letters: point.at(name))


def delta(a: str, b: str) -> Formula:
    return Formula(f"delta({a},{b})", lambda point, letters: mpf(letters[a] == letters[b]))


def combined(text: str, operation: Callable[..., Any], *parts: Formula) -> Formula:
    return Formula(
        text.format(*(p.text for p in parts)),
        lambda point, letters: real(operation(*(p.value(point, letters) for p in parts))),
    )


def over(head: str, body: Formula, letter: str, size: str) -> Formula:
    def value(point: Point, letters: Letters) -> Any:
        parts = [body.value(point, {**letters, letter: n}) for n in range(1, point.sizes[size] + 1)]
        if head == "max":
            *_, second, first = sorted([-mpmath.inf, *parts])
            apart(first - second)
            return first
        total = mpmath.fprod(parts) if head == "prod" else mpmath.fsum(parts)
        return real(total / len(parts) if head == "mean" else total)

    return Formula(f"{head}({body.text}, ({letter}, 1, {size}))", value)


@dataclass(frozen=True)
class Scope:
    """The letters that may be used, by axis, and the named stages."""

    k: tuple[str, ...]
    n: tuple[str, ...] = ()
    stages: tuple[Callable[[str], Formula], ...] = ()

    def with_letter(self, letter: str) -> Scope:
        """The scope inside a sum over that letter."""
        if letter in "ijkl":
            return Scope((*self.k, letter), self.n, self.stages)
        return Scope(self.k, (*self.n, letter), self.stages)


@st.composite
def leaves(draw: Any, scope: Scope) -> Formula:
    choices = [scalar("a"), number(draw(st.sampled_from(NUMBERS))), component("z", "t")]
    if scope.k:
        k, other = draw(st.sampled_from(scope.k)), draw(st.sampled_from((*scope.k, "t")))
        choices += [component("z", k)] * 4 + [component("y", k)]
        if k != other:
            tied = combined("{}*{}", lambda u, v: u * v, delta(k, other), component("z", k))
            choices.append(tied)
        choices += [stage(k) for stage in scope.stages for _ in range(3)]
    if scope.n:
        n = draw(st.sampled_from(scope.n))
        choices += [component("x", n)] * 2
        if scope.k:
            choices += [component("W", n, draw(st.sampled_from(scope.k)))] * 2
    return draw(st.sampled_from(choices))


@st.composite
def formulas(draw: Any, scope: Scope, depth: int) -> Formula:
    if depth == 0:
        return draw(leaves(scope))

    def part(inside: Scope = scope) -> Formula:
        return draw(formulas(inside, depth - draw(st.integers(1, 2)) if depth > 1 else 0))

    kind = draw(st.integers(0, 18))
    match kind:
        case 0 | 1:
            return combined("({} + {})", lambda u, v: u + v, part(), part())
        case 2:
            return combined("({} - {})", lambda u, v: u - v, part(), part())
        case 3 | 4 | 5:
            return combined("({})*({})", lambda u, v: u * v, part(), part())
        case 6:
            return combined("({})/(2 + ({})**2)", lambda u, v: u / (2 + v**2), part(), part())
        case 7:
            return combined("(-{})", lambda u: -u, part())
        case 8:
            power = draw(st.sampled_from((2, 3)))
            return combined("({})**" + str(power), lambda u: u**power, part())
        case 9:
            return combined("(1 + ({})**2)**a", lambda u, a: (1 + u**2) ** a, part(), scalar("a"))
        case 10 | 11:
            name = draw(st.sampled_from(sorted(ELEMENTWISE)))
            inner = part()
            if name in POSITIVE:
                inner = combined("(1 + ({})**2)", lambda u: 1 + u**2, inner)
            return combined(name + "({})", ELEMENTWISE[name], inner)
        case 12:
            name = draw(st.sampled_from(("max", "min")))
            largest = max if name == "max" else min
            return combined(
                name + "({}, {})", lambda u, v: (apart(u - v), largest(u, v))[1], part(), part()
            )
        case 13:
            return combined(
                "iverson({} > {})*({})",
                lambda u, v, w: w * (apart(u - v) > 0),
                part(),
                part(),
                part(),
            )
        case 14 if scope.k:
            above, below = draw(st.sampled_from(scope.k)), draw(st.sampled_from("ijkl"))
            e = combined("exp({})", mpmath.exp, component("z", above))
            total = over("sum", combined("exp({})", mpmath.exp, component("z", below)), below, "K")
            return combined("{}/{}", lambda u, v: u / v, e, total)
    head = draw(st.sampled_from(("sum", "sum", "sum", "mean", "prod", "max")))
    letter, size = draw(st.sampled_from([*((s, "K") for s in "ijkl"), ("n", "N"), ("m", "N")]))
    return over(head, part(scope.with_letter(letter)), letter, size)


@st.composite
def stages(draw: Any) -> tuple[str, tuple[Callable[[str], Formula], ...]]:
    """No stage, softmax, or a random stage p_i."""
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return "", ()
    if kind == 1:
        e = combined("exp({})", mpmath.exp, component("z", "i"))
        total = over("sum", combined("exp({})", mpmath.exp, component("z", "k")), "k", "K")
        body = combined("{}/{}", lambda u, v: u / v, e, total)
    else:
        body = draw(formulas(Scope(("i",)), 2))

    def stage(letter: str) -> Formula:
        def value(point: Point, letters: Letters) -> Any:
            return body.value(point, {"i": letters[letter], "t": letters["t"]})

        return Formula(f"p[{letter}]", value)

    return f"p[i] = {body.text}; ", (stage,)


VARIABLES: dict[str, Callable[[Letters], tuple[Any, ...]]] = {
    "z[j]": lambda letters: ("z", letters["j"]),
    "z[i]": lambda letters: ("z", letters["i"]),
    "W[m,j]": lambda letters: ("W", letters["m"], letters["j"]),
    "x[m]": lambda letters: ("x", letters["m"]),
    "a": lambda letters: ("a",),
}
NAMED = {"z": "z[", "W": "W[", "x": "x[", "a": "a)"}
ORDERS = (("z[j]",),) * 5 + (("z[j]", "z[i]"), ("z[i]",), ("W[m,j]",), ("x[m]",), ("a",))


@st.composite
def tasks(draw: Any) -> Task:
    """A formula with stages, and what to differentiate it by."""
    before, named = draw(stages())
    scope = Scope(*draw(st.sampled_from([((), ()), (("i",), ()), (("i",), ("n",))])), named)
    formula = draw(formulas(scope, draw(st.integers(2, 4))))
    possible = [wrt for wrt in ORDERS if NAMED[wrt[0][0]] in before + formula.text]
    if scope.k:  # ∂/∂z_i of f_i would make one letter mean two things
        possible = [wrt for wrt in possible if len(wrt) == 1]
    assume(possible)
    wrt = draw(st.sampled_from(possible))
    keys = tuple(VARIABLES[v] for v in wrt)
    return Task(before + formula.text, formula.value, wrt, keys)


def slope(task: Task, point: Point, letters: Letters) -> Any:
    """The derivative at a point, by mpmath's differences."""
    keys = [key(letters) for key in task.keys]
    start = [point.at(*key) for key in keys]
    if len(set(keys)) < len(keys):
        keys, start, orders = keys[:1], start[:1], (len(keys),)
    else:
        orders = (1,) * len(keys)

    def moved(*values: Any) -> Any:
        there = Point(point.sizes, point.seed, dict(point.values))
        there.values.update(zip(keys, values, strict=True))
        return real(task.value(there, letters))

    if len(keys) == 1:
        return mpmath.diff(moved, start[0], orders[0])
    return mpmath.diff(moved, tuple(start), orders)
