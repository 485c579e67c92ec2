"""Recheck: every line of a derivation once more, with arithmetic of its own.

    python recheck.py derivation.json        or: symderiv recheck derivation.json

Reads what `--format json` writes, evaluates both sides of every line in decimals of 120 digits, at
sizes 1 to 4 and at points drawn to part them, derivatives by dual numbers.  Status: 0 all lines
hold; 1 one does not, or could not be evaluated; 2 unreadable.  It reads the trees alone, not the
text and LaTeX beside them.  It proves nothing, and shares nothing with what does: one file, the
standard library only, to be read in full.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from functools import cache, cmp_to_key, reduce
from itertools import accumulate, combinations, islice, product
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, NamedTuple

SCHEMA = "symderiv.derivation/2"
SETTING = ("sizes", "letters", "labels", "arrays", "stages", "facts")
STRENGTHS = ("proved", "exact at sizes", "numeric", "undecided", "refuted")  # the last two fail
KINDS = {"mixed": (-25000, 25000), "small": (99, 2900), "whole": (-2, 3), "positive": (500, 25000)}
EXACT = Context(prec=120, traps=[InvalidOperation, DivisionByZero, Overflow])
TINY, NOISE, FUEL, DEEPEST = Decimal("1e-40"), Decimal("1e-60"), 50_000, 100
UNDEFINED = (ArithmeticError, ValueError)  # at this point; what is not known at all:
UNKNOWN = (NotImplementedError, RecursionError, LookupError, TypeError)


class Dual(dict[int, Any]):
    """A polynomial in ε₁, ε₂ …, one for each derivative being taken, with every ε² = 0.

    Coefficients by the set of ε as bits; an integer is exact, and {} is exactly 0: 0·anything = 0.
    """

    def __add__(self, other: Dual) -> Dual:
        terms = ((e, self.get(e, 0) + other.get(e, 0)) for e in {*self, *other})
        return Dual((e, c) for e, c in terms if c or type(c) is not int)

    def __mul__(self, other: Dual) -> Dual:
        found = Dual()
        for (d, a), (e, b) in product(self.items(), other.items()):
            if not d & e:
                found[d | e] = found.get(d | e, 0) + a * b
        return found

    def split(self, bit: int) -> list[Dual]:
        """What is free of an ε, and its coefficient."""
        return [Dual((e & ~bit, c) for e, c in self.items() if e & bit == b) for b in (0, bit)]

    def compared(self, other: Dual) -> int:
        """The sign of the difference; a tie of what varies differently is a kink."""
        apart = self + MINUS * other
        least = TINY * max(map(abs, [*self.values(), *other.values(), Decimal("1e-5")]))
        if abs(apart.get(0, 0)) <= least < max(map(abs, apart.values()), default=0):
            raise ArithmeticError("a kink")
        return 0 if abs(apart.get(0, 0)) <= least else 1 if apart[0] > 0 else -1

    def power(self, n: Dual) -> Dual:
        if max(n, default=0):
            return EXP(n * LOG(self))  # type: ignore[no-any-return]
        return ONE if not n else self if not self and n[0] > 0 else to_the(Decimal(n[0]))(self)


ONE, MINUS = Dual({0: 1}), Dual({0: -1})


def lifted(f: Callable[[Decimal], Decimal], slope: Callable[[Dual], Dual]) -> Any:
    """A function of one number, for dual numbers too: f(a + b·ε) = f(a) + f'(a)·b·ε."""

    def of(x: Dual) -> Dual:
        if highest := max(x, default=0):
            bit = 1 << highest.bit_length() - 1
            a, b = x.split(bit)
            return of(a) + slope(a) * b * Dual({bit: 1})
        if not (value := f(Decimal(x.get(0, 0)))).is_finite():
            raise ArithmeticError("a value that is not finite")
        return Dual({0: value})

    return of


@cache
def to_the(n: Decimal) -> Any:
    return lifted(lambda x: x**n, lambda x: Dual({0: n}) * to_the(n - 1)(x) if n != 1 else ONE)


def series(x: Decimal, ratio: Callable[[int, Decimal], Decimal]) -> Decimal:
    """A sum from its first term x, and the ratio of term k to the one before, from k and x²."""
    total, term, k = x, x, 0
    while abs(term) > Decimal("1e-140"):
        k += 1
        term *= ratio(k, x * x)
        total += term
    return total


def arc_tangent(x: Decimal) -> Decimal:
    """Twice that of half the angle, until its series is quick."""
    doubled = 1
    while abs(x) > Decimal("0.1"):
        x, doubled = x / (1 + (1 + x * x).sqrt()), 2 * doubled
    return doubled * series(x, lambda k, s: -s * (2 * k - 1) / (2 * k + 1))


with localcontext(EXACT):  # 6 arcsin(1/2)
    PI = series(Decimal(3), lambda k, _: Decimal((2 * k - 1) ** 2) / (8 * k * (2 * k + 1)))
    BELL = Dual({0: 2 / PI.sqrt()})
EXP: Any = lifted(Decimal.exp, lambda x: EXP(x))
LOG: Any = lifted(Decimal.ln, to_the(Decimal(-1)))
FUNCTIONS: dict[str, Any] = {
    "exp": EXP,
    "log": LOG,
    "sin": lifted(
        lambda x: series(x % (2 * PI), lambda k, s: -s / (2 * k * (2 * k + 1))),
        lambda x: FUNCTIONS["sin"](x + Dual({0: PI / 2})),
    ),
    "erf": lifted(
        lambda x: (
            (-x * x).exp() * BELL[0] * series(x, lambda k, s: 2 * s / (2 * k + 1))
            if abs(x) < 20
            else Decimal(1).copy_sign(x)
        ),
        lambda x: BELL * EXP(MINUS * x * x),
    ),
    "atan": lifted(arc_tangent, lambda x: to_the(Decimal(-1))(ONE + x * x)),
}
DEFINED: dict[str, Any] = {  # the other functions, as trees in x
    "cos": ["sin", ["+", "x", ["/", ["pi"], 2]]],
    "tan": ["/", ["sin", "x"], ["cos", "x"]],
    "sinh": ["/", ["+", ["exp", "x"], ["-", ["exp", ["-", "x"]]]], 2],
    "cosh": ["/", ["+", ["exp", "x"], ["exp", ["-", "x"]]], 2],
    "tanh": ["/", ["sinh", "x"], ["cosh", "x"]],
    "sigmoid": ["/", 1, ["+", 1, ["exp", ["-", "x"]]]],
    "softplus": ["log", ["+", 1, ["exp", "x"]]],
    "relu": ["*", "x", ["iverson", [">", "x", 0]]],
    "sign": ["+", ["iverson", [">", "x", 0]], ["-", ["iverson", ["<", "x", 0]]]],
    "abs": ["*", "x", ["sign", "x"]],
    "cbrt": ["*", ["sign", "x"], ["^", ["abs", "x"], ["/", 1, 3]]],
    "erfc": ["+", 1, ["-", ["erf", "x"]]],
    "asin": ["atan", ["/", "x", ["^", ["+", 1, ["-", ["*", "x", "x"]]], ["/", 1, 2]]]],
    "acos": ["+", ["/", ["pi"], 2], ["-", ["asin", "x"]]],
    "asinh": ["log", ["+", "x", ["^", ["+", ["*", "x", "x"], 1], ["/", 1, 2]]]],
    "acosh": ["log", ["+", "x", ["^", ["+", ["*", "x", "x"], -1], ["/", 1, 2]]]],
    "atanh": ["/", ["+", ["log", ["+", 1, "x"]], ["-", ["log", ["+", 1, ["-", "x"]]]]], 2],
}
SIGNS = {">": (1,), ">=": (0, 1), "<": (-1,), "<=": (-1, 0), "=": (0,), "!=": (-1, 1)}


def determinant(rows: list[list[Dual]]) -> Dual:
    """The determinant, by its first row."""
    total = Dual() if rows else ONE
    for n, a in enumerate(rows[0] if rows else ()):
        minor = determinant([row[:n] + row[n + 1 :] for row in rows[1:]])
        total = total + Dual({0: Decimal((-1) ** n)}) * a * minor
    return total


class Scope(NamedTuple):
    """Letters and components with values; stages held as arrays, and the scope outside; memory."""

    letters: dict[str, Any]
    fixed: dict[Any, Dual]
    held: dict[str, Any]
    known: dict[Any, Dual]
    level: int = 0

    @classmethod
    def of(cls, letters: dict[str, Any]) -> Scope:
        return cls(letters, {}, {}, {})


class World:
    """Sizes, and a value of every component and label, drawn when it is first asked for."""

    def __init__(self, setting: Any, sizes: dict[str, int], kind: str, seed: int) -> None:
        self.setting, self.sizes, self.kind = setting, sizes, kind
        self.random, self.fuel = Random(seed), FUEL
        self.stages = {s["name"]: (s["indices"], s["body"]) for s in setting["stages"]}
        self.drawn: dict[Any, Any] = {}  # by name and indices
        self.asked: set[Any] = set()
        self.masked = False  # was a factor without a value left out beside an exact 0?

    def number(self, t: Any, scope: Scope) -> Any:
        return self.value(t, scope).get(0, 0)

    def folded(self, head: str, terms: list[Any], scopes: list[Scope]) -> Dual:
        """Many terms as one.  Where one factor is exactly 0 the others need no value."""
        found, trouble = [], None
        for t, scope in zip(terms, scopes, strict=True):
            try:
                found.append(self.value(t, scope))
            except UNDEFINED as error:
                trouble = error
        if trouble and not (head in ("*", "prod") and {} in found):
            raise trouble
        self.masked |= trouble is not None
        if head in ("*", "prod", "+", "sum"):
            return sum(found, Dual()) if head in ("+", "sum") else reduce(Dual.__mul__, found, ONE)
        best = max if head in ("max", "largest") else min
        return best(found, key=cmp_to_key(Dual.compared))

    def value(self, t: Any, scope: Scope) -> Dual:
        self.fuel -= 1
        if self.fuel < 0:
            raise NotImplementedError("more terms than are worth writing out")
        match t:
            case int():
                return Dual({0: t} if t else {})
            case str():
                if (n := scope.letters.get(t, self.sizes.get(t))) is None:
                    raise NotImplementedError(f"the letter {t} has no range")
                return n if isinstance(n, Dual) else Dual({0: n})
            case ["+" | "*" | "max" | "min" as head, *terms]:
                return self.folded(head, terms, [scope] * len(terms))
            case ["sum" | "prod" | "largest" | "smallest" as head, body, letter, low, high]:
                span = range(self.number(low, scope), self.number(high, scope) + 1)[: FUEL // 9]
                self.fuel -= 9 * len(span)
                inner = [scope._replace(letters={**scope.letters, letter: n}) for n in span]
                return self.folded(head, [body] * len(inner), inner)
            case ["-", a]:
                return MINUS * self.value(a, scope)
            case ["/", a, b]:
                return self.value(["*", a, ["^", b, -1]], scope)
            case ["^", a, b]:
                return self.value(a, scope).power(self.value(b, scope))
            case ["delta", a, b]:
                return self.value(["iverson", ["=", a, b]], scope)
            case ["iverson", [sign, a, b]]:
                met = self.value(a, scope).compared(self.value(b, scope)) in SIGNS[sign]
                return ONE if met else Dual()
            case ["d", body, ["at", name, *indices] as x]:  # by a stage: it is an array of its own
                key, bit = (name, *(self.number(i, scope) for i in indices)), 1 << scope.level
                held = {name: scope, **scope.held} if name in self.stages else scope.held
                fixed = {**scope.fixed, key: self.value(x, scope) + Dual({bit: 1})}
                inside = Scope(scope.letters, fixed, held, {}, scope.level + 1)
                return self.value(body, inside).split(bit)[1]
            case ["at", name, *indices]:
                return self.component((name, *(self.number(i, scope) for i in indices)), scope)
            case ["inv" | "det" | "logdet" as head, str() as name, *indices]:
                return self.of_matrix(head, name, [self.number(i, scope) for i in indices], scope)
            case ["pi"]:
                return Dual({0: PI})
            case [head, a] if head in FUNCTIONS:
                return FUNCTIONS[head](self.value(a, scope))  # type: ignore[no-any-return]
            case [head, a] if head in DEFINED:
                return self.value(DEFINED[head], Scope.of({"x": self.value(a, scope)}))
        raise NotImplementedError(f"{json.dumps(t)[:60]} is not known here")

    def of_matrix(self, head: str, name: str, at: list[Any], scope: Scope) -> Dual:
        """The inverse of a matrix at indices, its determinant, or log|determinant|."""
        numbers = range(1, int(self.number(self.setting["arrays"][f"inv({name})"][0], scope)) + 1)
        rows = [[self.component((name, a, b), scope) for b in numbers] for a in numbers]
        whole = determinant(rows)
        if head != "inv":
            half = Dual({0: Decimal("0.5")})
            return whole if head == "det" else half * FUNCTIONS["log"](whole * whole)
        a, b = map(int, at)
        minor = [row[: a - 1] + row[a:] for n, row in enumerate(rows, 1) if n != b]
        sign = Dual({0: Decimal((-1) ** (a + b))})
        return sign * determinant(minor) * whole.power(Dual({0: Decimal(-1)}))

    def component(self, key: Any, scope: Scope) -> Dual:
        name, labels = key[0], self.setting["labels"]
        if key in scope.fixed:
            return scope.fixed[key]
        if name in self.stages:
            scope, (indices, body) = scope.held.get(name, scope), self.stages[name]
            letters = {k: n for k, n in scope.letters.items() if k in labels}
            letters.update(zip(indices, key[1:], strict=True))
            if (named := (key, *letters.items())) not in scope.known:
                scope.known[named] = self.value(body, scope._replace(letters=letters))
            return scope.known[named]
        if name in labels:
            high = self.number(labels[name], scope)
            return Dual({0: self.drawn.setdefault(key, self.random.randint(1, high))})
        self.asked.add(key)
        if key not in self.drawn:
            drawn = Decimal(self.random.randint(*KINDS[self.kind]))
            self.drawn[key] = drawn if self.kind == "whole" else drawn / 10000
        return Dual({0: self.drawn[key]})

    def choices(self, ends: Any, alike: Any, most: int) -> list[dict[str, int]]:
        """Values of letters, at most so many; equal where they are equal in `alike`, only there."""
        spans = (range(1, self.number(high, Scope.of({})) + 1) for high in ends.values())
        found = [dict(zip(ends, n, strict=True)) for n in islice(product(*spans), 5000)]
        pairs = [(a, b) for a, b in combinations(alike, 2) if a in ends and b in ends]
        found = [
            d for d in found if all((d[a] == d[b]) == (alike[a] == alike[b]) for a, b in pairs)
        ]
        return found if len(found) <= most else self.random.sample(found, most)

    def obey(self, facts: Any) -> bool:
        """Draw again, and solve the equations among them, until the declared facts hold."""
        pairs = [(f["relation"], n) for f in facts for n in self.choices(f["letters"], (), 64)]
        for _ in range(300):
            for (sign, a, b), letters in pairs:
                self.asked, scope = set(), Scope.of(letters)
                if self.value(["+", a, ["-", b]], scope).compared(Dual()) not in SIGNS[sign]:
                    break
            else:
                return True
            if sign == "=":
                self.improve([(["+", r[1], ["-", r[2]]], n) for r, n in pairs if r[0] == "="])
            else:
                del self.drawn[self.random.choice(sorted(self.asked))]
        return False

    def improve(self, equations: list[Any]) -> None:
        """A step of Newton's, for linear equations the last: elimination, a component a row."""
        pivots: dict[Any, Any] = {}
        for t, letters in equations:
            self.asked, scope = set(), Scope.of(letters)
            rest = -self.number(t, scope)
            row = {k: self.number(["d", t, ["at", *k]], scope) for k in sorted(self.asked)}
            for key, (others, known) in pivots.items():
                factor = row.pop(key, 0)
                rest -= factor * known
                row |= {k: row.get(k, 0) - factor * v for k, v in others.items()}
            if large := [k for k in row if 2 * abs(row[k]) > max(map(abs, row.values())) + TINY]:
                scale = Decimal(row.pop(key := self.random.choice(large)))
                pivots[key] = {k: v / scale for k, v in row.items()}, rest / scale
        moved: dict[Any, Any] = {}
        for key, (others, known) in reversed(pivots.items()):
            moved[key] = known - sum(v * moved.get(k, 0) for k, v in others.items())
            self.drawn[key] += moved[key]


class Check(NamedTuple):
    """Two terms that are said to be equal: everywhere, where `alike` says, or at `at` only."""

    where: str
    sides: tuple[Any, Any]
    setting: Any
    facts: Any
    alike: Any
    at: Any = {}  # noqa: RUF012 -- read only
    strength: str = "proved"


def checks(d: Any, outer: Any, of: str = "", alike: Any = ()) -> Iterator[Check]:
    """Every line of a derivation, of its lemmas and of its cases."""
    setting = {key: d.get(key, outer.get(key)) for key in SETTING}
    facts, line = setting["facts"], d["statement"]["tree"]
    declared = [fact for fact in facts if not fact["proved"]]

    def check(where: str, *sides: Any, alike: Any = alike, **more: Any) -> Check:
        return Check(where + of, sides, setting, more.pop("facts", declared), alike, **more)

    if "function" in d:
        yield check(
            "the statement", reduce(lambda t, x: ["d", t, x], d["wrt"], d["function"]), line
        )
    for fact in facts:
        if fact["proved"]:
            yield check(f"the fact {fact['text']}", *fact["relation"][1:])
    said = [(f"line {n} ({step['rule']})", step) for n, step in enumerate(d["steps"], 1)]
    for where, step in [*said, *([("the claim", d["claim"])] if d.get("claim") else [])]:
        verdict = step["verdict"]
        used = [f for n in verdict.get("facts", ()) if not (f := facts[n - 1])["proved"]]
        yield check(where, line, step["tree"], facts=used, strength=verdict["strength"])
        line = step["tree"] if where != "the claim" else line
    answer = d["answer"]["tree"] if "answer" in d else line
    yield check("the answer", d["statement"]["tree"], answer)
    for lemma in d.get("lemmas", ()):
        yield from checks(lemma, setting, f" of the lemma '{lemma.get('title', '')}'{of}")
    chosen, values = any(setting["sizes"].values()), []
    for n, case in enumerate(d.get("cases", ()), 1):
        inner, example = case["derivation"], case["indices"]
        begun, *_, ended = [
            t["tree"] for t in (inner["statement"], inner["statement"], *inner["steps"])
        ]
        yield from checks(inner, setting, f" of case {n}{of}", () if chosen else example)
        values.append(case["value"]["tree"])
        yield check(
            f"the value of case {n}", answer if example else ended, values[-1], alike=example
        )
        if example:
            at = example if chosen else {}
            yield check(f"the start of case {n}", answer, begun, alike=example, at=at)
    for (a, row), b in product(
        enumerate(d.get("matrix") or ()), range(len((d.get("matrix") or ("",))[0]))
    ):
        at = {**d["fixed"], **dict(zip(d["axes"], (a + 1, b + 1), strict=False))}
        yield check(
            f"entry {a + 1}, {b + 1}", answer if at else values[a * len(row) + b], row[b], at=at
        )


def worlds(setting: Any) -> Iterator[World]:
    """Sizes 1 to 4, equal and different, the chosen ones as chosen, and every kind of point."""
    seen, every = [], list(product(KINDS, (2, 3, 1, 4), (0, 1, 3)))
    for kind, base, turn in Random(4).sample(every, len(every)):
        named = enumerate(setting["sizes"].items())
        sizes = {k: n or (base + turn * i - 1) % 4 + 1 for i, (k, n) in named}
        if (kind, sizes) not in seen:
            seen.append((kind, sizes))
            yield World(setting, sizes, kind, len(seen))


def decide(check: Check, end: float, least: int, most: int) -> tuple[int, str, str]:
    """At how many points it holds, what stood in the way, and where it does not hold."""
    setting, count, missed, trouble = check.setting, 0, 0, "no point was tried"
    used = {*re.findall('"([^"]*)"', json.dumps(check.sides))}
    labels = {k: n for k, n in setting["labels"].items() if k not in setting["arrays"]}
    ends = {k: n for k, n in setting["letters"].items() if k in used and k not in check.at}
    ends |= {k: n for k, n in labels.items() if k not in check.at}
    for n, world in enumerate(worlds(setting)):
        if n >= least and count:
            break
        if monotonic() > end:
            return count, "there was no time", ""
        try:
            if not world.obey(check.facts):
                raise ArithmeticError("no point was found at which the facts hold")
            chosen = world.choices(ends, check.alike, most)
        except (*UNDEFINED, *UNKNOWN) as error:
            chosen, trouble = [], str(error) or type(error).__name__
        for at in chosen:
            if monotonic() > end:
                return count, "there was no time", ""
            sides: list[Any] = [None, None]
            try:
                world.fuel, world.masked, scope = FUEL, False, Scope.of({**at, **check.at})
                for side in (0, 1):
                    sides[side] = Decimal(world.number(check.sides[side], scope))
            except UNDEFINED:
                trouble = "no real value, or a kink, at every point tried"
                if sides[0] is None or world.masked or world.kind == "whole":
                    continue
            except UNKNOWN as error:
                if (missed := missed + 1) == 3:
                    return count, str(error), ""
                trouble = str(error)
                break
            count += 1
            a, b = sides
            if b is None or abs(a - b) > TINY * max(abs(a), abs(b)) + NOISE:
                drawn = {f"{n}{list(i) or ''}": f"{v:.17g}" for (n, *i), v in world.drawn.items()}
                point = {**world.sizes, **scope.letters, **drawn}.items()
                shown = "no real value" if b is None else f"{b:.45g}"
                where = ", ".join(f"{k} = {n}" for k, n in point)
                return count, "", f"at {where}\n  left   {a:.45g}\n  right  {shown}"
    return count, trouble, ""


def recheck(text: str, seconds: float = 30.0, least: int = 48, most: int = 16) -> tuple[int, str]:
    """The status and what to say of a derivation in JSON.  Raises ValueError where it is none."""
    try:
        if max(accumulate((c in "[{") - (c in "]}") for c in text), default=0) > DEEPEST:
            raise ValueError(f"it is nested more than {DEEPEST} deep")
        data = json.loads(text, parse_constant=int)
        if data["schema"] != SCHEMA:
            raise ValueError(f"its schema is not {SCHEMA}")
        with localcontext(EXACT):
            every, verdict = list(checks(data, {})), data.get("verdict", STRENGTHS[-1])
            return report(every, STRENGTHS.index(verdict), seconds, least, most)
    except (*UNKNOWN, AttributeError, ValueError) as error:
        kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
        raise ValueError(f"this is no derivation: {kind}{error}") from None


def report(
    every: list[Check], verdict: int, seconds: float, least: int, most: int
) -> tuple[int, str]:
    points, said, end = 0, [], monotonic() + seconds
    for n, check in enumerate(every):
        share = (end - monotonic()) / (len(every) - n)
        count, trouble, differs = decide(check, monotonic() + share, least, most)
        points += count
        if differs:
            return 1, f"{check.where} does not hold\n  {differs}"
        if check.strength not in STRENGTHS[:3]:
            said.append(f"{check.where}: it is said to be {check.strength}")
        elif not count:
            said.append(f"{check.where}: not checked: {trouble}")
    good = len(every) - len(said)
    if any(STRENGTHS.index(c.strength) > verdict for c in every if "lemma" not in c.where):
        said.append("the verdict is stronger than that of a line")
    sizes = [n for check in every for n in check.setting["sizes"].values()]
    where = "sizes as chosen" if all(sizes) and sizes else "sizes 1 to 4" if sizes else "no size"
    said.append(f"{good} of {len(every)} lines hold, compared at {points} points, {where}")
    return int(len(said) > 1), "\n".join(said)


def main(arguments: list[str]) -> int:
    """Recheck one file, or the standard input as `-`; the exit status."""
    try:
        (name,) = arguments
        status, said = recheck(sys.stdin.read() if name == "-" else Path(name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        print(f"recheck: {error}", file=sys.stderr)
        return 2
    print(said)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
