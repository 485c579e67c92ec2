"""Recheck: every line of a derivation once more, with arithmetic of its own.

    python recheck.py derivation.json        or: symderiv recheck derivation.json

Reads the trees that `--format json` writes, and evaluates both sides of every line in decimals of
300 digits, at sizes 1 to 4 and at points drawn to part them; a derivative is a difference quotient.
Status: 0 all lines hold; 1 one does not, or could not be evaluated; 2 unreadable.  It proves
nothing, and shares nothing with what does.
"""

from __future__ import annotations

import json
import re
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from decimal import Context, Decimal, localcontext
from functools import lru_cache, reduce
from itertools import combinations, islice, pairwise, product
from math import prod
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

SCHEMA = "symderiv.derivation/2"
STRENGTHS = ("proved", "exact at sizes", "numeric", "undecided", "refuted")  # the last two fail
KINDS = ((-25000, 25000), (99, 2900), (1, 25000), (-99000, 99000), None)  # in 1/10000; None: whole
EXACT, NAN = Context(prec=300, traps=[]), Decimal("NaN")  # NaN: no real value here
STEP, NEAR, TINY, NOISE = (Decimal(f"1e-{n}") for n in (60, 50, 40, 60))
FUEL = 150_000  # nodes of a tree, for one point
UNKNOWN = (NotImplementedError, RecursionError, LookupError, TypeError)
exp, log = lru_cache(9999)(Decimal.exp), lru_cache(9999)(Decimal.ln)


def series(x: Decimal, ratio: Callable[[int, Decimal], Decimal]) -> Decimal:
    """A sum from its first term x, and the ratio of term k to the one before, from k and x²."""
    total, term, k = x, x, 0
    while abs(term) > Decimal("1e-310"):
        k, term = k + 1, term * ratio(k + 1, x * x)
        total += term
    return total


def atan(x: Decimal) -> Decimal:
    """Twice that of half the angle, until its series is quick."""
    if abs(x) > Decimal("0.1"):
        return 2 * atan(x / (1 + (1 + x * x).sqrt()))
    return series(x, lambda k, s: -s * (2 * k - 1) / (2 * k + 1))


def sign(x: Decimal) -> Any:
    """Of a difference; none at a kink: what vanishes at the point but not a step beside it."""
    kink = TINY * NOISE < abs(x) < NEAR
    return NAN if kink or x != x else (x > NEAR) - (x < -NEAR)


def determinant(rows: Any) -> Any:
    """By the first row."""
    minors = ([row[:n] + row[n + 1 :] for row in rows[1:]] for n in range(len(rows)))
    return sum((-1) ** n * rows[0][n] * determinant(m) for n, m in enumerate(minors)) if rows else 1


with localcontext(EXACT):  # 6 arcsin(1/2)
    PI = series(Decimal(3), lambda k, _: Decimal((2 * k - 1) ** 2) / (8 * k * (2 * k + 1)))
    ROOT, THIRD, FAR = 2 / PI.sqrt(), 1 / Decimal(3), Decimal(26)  # erf(26) is 1 to 295 digits
FUNCTIONS: dict[str, Callable[[Decimal], Any]] = {
    "exp": exp, "log": log, "sign": sign, "atan": atan,
    "sin": lambda x: series(x % (2 * PI), lambda k, s: -s / (2 * k * (2 * k + 1))),
    "cos": lambda x: FUNCTIONS["sin"](x + PI / 2),
    "tan": lambda x: FUNCTIONS["sin"](x) / FUNCTIONS["cos"](x),
    "sinh": lambda x: (exp(x) - exp(-x)) / 2, "cosh": lambda x: (exp(x) + exp(-x)) / 2,
    "tanh": lambda x: 1 - 2 / (exp(2 * x) + 1), "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "softplus": lambda x: log(1 + exp(x)), "abs": lambda x: sign(x) * x,
    "relu": lambda x: x * (1 + sign(x)) / 2,
    "cbrt": lambda x: sign(x) * abs(x) ** THIRD if x else 0,
    "erf": lambda x: ROOT * exp(-(y := max(min(x, FAR), -FAR)) * y)
    * series(y, lambda k, s: 2 * s / (2 * k + 1)),
    "erfc": lambda x: 1 - FUNCTIONS["erf"](x),
    "asin": lambda x: atan(x / (1 - x * x).sqrt()),
    "acos": lambda x: PI / 2 - atan(x / (1 - x * x).sqrt()),
    "asinh": lambda x: log(x + (x * x + 1).sqrt()),
    "acosh": lambda x: log(x + (x - 1).sqrt() * (x + 1).sqrt()),
    "atanh": lambda x: log((1 + x) / (1 - x)) / 2,
}  # fmt: skip
FOLDS: dict[str, Callable[[Any], Any]] = {"+": sum, "*": prod, "max": max, "min": min}
FOLDS |= {"sum": sum, "prod": prod, "largest": max, "smallest": min}
SIGNS = {">": (1,), ">=": (0, 1), "<": (-1,), "<=": (-1, 0), "=": (0,), "!=": (-1, 1)}

# Two terms said to be equal: everywhere, or where letters are equal as in `alike`, or at `at`.
Check = namedtuple("Check", "where left right setting facts alike at strength")


class World:
    """Sizes, and a value of every component and label, drawn when it is first asked for."""

    def __init__(self, check: Check, base: int, turn: int, kind: Any, seed: int) -> None:
        self.setting, self.random, self.fuel = check.setting, Random(seed), FUEL
        sizes = self.setting["sizes"].items()
        self.sizes = {k: n or (base + turn * i - 1) % 4 + 1 for i, (k, n) in enumerate(sizes)}
        self.stages = {s["name"]: (s["indices"], s["body"]) for s in self.setting["stages"]}
        self.presume([*check[1:3], *(body for _, body in self.stages.values())])
        self.drawn: dict[Any, Any] = {}  # by name and indices
        self.stored: dict[Any, Any] = {}  # stages at these numbers
        self.masked = False  # was a factor without a value left out beside an exact 0?
        written = {int(n) for n in re.findall(r"-?\d+", json.dumps(check[1:3])) if len(n) < 3}
        near = sorted({*range(-2, 4), *(n + m for n in written for m in (-1, 0, 1))})
        self.mild = kind in KINDS[:3]  # elsewhere rounding or a hole may take a value away
        self.points = range(kind[0], kind[1] + 1) if kind else [10000 * n for n in near]

    def presume(self, tree: Any) -> None:
        """z_3 presumes that its axis has 3."""
        letters = self.setting["letters"]
        for part in filter(lambda t: isinstance(t, list), tree):
            self.presume(part)
            if part[:1] == ["at"]:
                named = map(letters.get, self.stages.get(part[1], ((),))[0])
                axes = self.setting["arrays"].get(part[1], named)
                for size, n in zip(axes, part[2:], strict=False):
                    if type(n) is int and size in self.sizes:
                        self.sizes[size] = max(self.sizes[size], n)

    def folded(self, fold: Callable[[Any], Any], found: list[Any]) -> Any:
        """Many terms as one.  Where one factor is exactly 0 the others need no value."""
        if fold is prod and any(type(n) is int and n == 0 for n in found):
            self.masked |= any(n != n for n in found)
            return 0
        best = fold(found) if found else {sum: 0, prod: 1}.get(fold, NAN)
        return best + 0 * sum(sign(best - n) for n in found) if fold in (max, min) else best

    def value(self, t: Any, known: dict[Any, Any]) -> Any:
        """Of a tree, where letters and components are known; an integer is exact."""
        self.fuel -= 1
        if self.fuel < 0:
            raise NotImplementedError("more terms than are worth writing out")
        match t:
            case int():
                return t
            case str() if t in known or t in self.sizes:
                return known.get(t, self.sizes.get(t))
            case ["+" | "*" | "max" | "min" as head, *terms]:
                return self.folded(FOLDS[head], [self.value(a, known) for a in terms])
            case ["sum" | "prod" | "largest" | "smallest" as head, body, letter, low, high]:
                span = range(self.value(low, known), self.value(high, known) + 1)[: FUEL // 9]
                self.fuel -= 9 * len(span)
                found = [self.value(body, {**known, letter: n}) for n in span]
                return self.folded(FOLDS[head], found)
            case ["-", a]:
                return -self.value(a, known)
            case ["/", a, b]:
                return self.value(["*", a, ["^", b, -1]], known)
            case ["^", a, b]:
                x, n = self.value(a, known), self.value(b, known)
                exact = type(n) is int and (n == 0 or (type(x) is int and x == 0 < n))
                return 0**n if exact else y if (y := Decimal(x) ** n).is_finite() else NAN
            case ["delta", a, b]:
                return self.value(["iverson", ["=", a, b]], known)
            case ["iverson", [relation, a, b]]:
                found = sign(self.value(["+", a, ["-", b]], known))
                return found if found != found else int(found in SIGNS[relation])
            case ["d", body, ["at", name, *_] as x]:  # by a stage: it is an array of its own
                around = {("held", name): known, **known} if name in self.stages else known
                at, key = self.value(x, known), (name, *(self.value(i, known) for i in x[2:]))
                a, b = (self.value(body, {**around, key: at + s}) for s in (STEP, -STEP))
                return (a - b) / (2 * STEP) if a != b else 0
            case ["at", name, *indices]:
                return self.component((name, *(self.value(i, known) for i in indices)), known)
            case ["pi"]:
                return PI
            case [head, a] if head in FUNCTIONS:
                y = Decimal(FUNCTIONS[head](Decimal(self.value(a, known))))
                return y if y.is_finite() else NAN
            case ["inv" | "det" | "logdet" as head, str() as name, *at]:
                span = range(1, self.value(self.setting["arrays"][f"inv({name})"][0], known) + 1)
                rows = [[self.component((name, a, b), known) for b in span] for a in span]
                whole = Decimal(determinant(rows))
                if head != "inv":
                    return whole if head == "det" else log(abs(whole))
                i, j = (self.value(a, known) - 1 for a in at)
                del rows[j]
                return (-1) ** (i + j) * determinant([r[:i] + r[i + 1 :] for r in rows]) / whole
        raise NotImplementedError(f"{json.dumps(t)[:60]} is not known here")

    def component(self, key: Any, known: Any) -> Any:
        name, labels = key[0], self.setting["labels"]
        if key in known:
            return known[key]
        if name in self.stages:
            known, (indices, body) = known.get(("held", name), known), self.stages[name]
            kept = {k: n for k, n in known.items() if type(k) is not str or k in labels}
            mark = (key, *((k, id(n) if k[0] == "held" else n) for k, n in kept.items()))
            if mark not in self.stored:
                inner = {**kept, **dict(zip(indices, key[1:], strict=True))}
                self.stored[mark] = self.value(body, inner), kept
            return self.stored[mark][0]
        if key not in self.drawn:
            label = self.random.randint(1, self.value(labels.get(name, 1), {}))
            self.drawn[key] = label if name in labels else self.draw()
        return self.drawn[key]

    def draw(self) -> Decimal:
        return Decimal(self.random.choice(self.points)) / 10000

    def choices(self, ends: Any, alike: Any, most: int) -> list[dict[str, int]]:
        """Values of letters, at most so many; equal where they are equal in `alike`, only there."""
        spans = (range(1, self.value(high, {}) + 1) for high in ends.values())
        found = [dict(zip(ends, n, strict=True)) for n in islice(product(*spans), 5000)]
        for a, b in combinations([k for k in alike if k in ends], 2):
            found = [d for d in found if (d[a] == d[b]) == (alike[a] == alike[b])]
        return found if len(found) <= most else self.random.sample(found, most)

    def obey(self, facts: Any) -> bool:
        """Move the point along the slopes of the facts that do not hold, until all of them do."""
        pairs = [(f["relation"], n) for f in facts for n in self.choices(f["letters"], (), 64)]
        for turn in range(300):
            met = True
            for (relation, a, b), at in pairs:
                rest = self.value(t := ["+", a, ["-", b]], at)
                if rest == rest and (rest > TINY**3) - (rest < -(TINY**3)) in SIGNS[relation]:
                    continue
                met, labels = False, self.setting["labels"]
                real = sorted(k for k in self.drawn if k[0] not in labels)
                slopes = {k: self.value(["d", t, ["at", *k]], at) for k in real}
                steep = [k for k in real if 2 * abs(slopes[k]) > max(map(abs, slopes.values()))]
                moved = [self.random.choice(steep)] if turn < 20 and steep else steep
                rest -= SIGNS[relation][-1] * abs(self.draw())
                for k in moved:
                    self.drawn[k] -= rest * slopes[k] / sum(slopes[m] ** 2 for m in moved)
                self.drawn, self.stored = self.drawn if moved else {}, {}
            if met:
                return True
        return False

    def agree(self, check: Check, at: dict[str, int]) -> bool:
        """Are both sides equal here?  No where the left has no value; an error if they differ."""
        self.fuel, self.masked = FUEL, False
        a, b = (Decimal(self.value(t, at)) for t in (check.left, check.right))
        if a.is_nan() or (b.is_nan() and (self.masked or not self.mild)):
            return False
        if abs(a - b) <= TINY * max(abs(a), abs(b)) + NOISE:
            return True
        drawn = {f"{n}{list(i) or ''}": f"{v:.17g}" for (n, *i), v in self.drawn.items()}
        where = ", ".join(f"{k} = {n}" for k, n in {**self.sizes, **at, **drawn}.items())
        left, right = (f"{x:.45g}".replace("NaN", "no real value") for x in (a, b))
        point = f"{check.where} does not hold\n  at {where}"
        raise AssertionError(f"{point}\n  left   {left}\n  right  {right}")


def checks(d: Any, outer: Any, of: str, alike: Any, at: Any, before: Any) -> Iterator[Check]:
    """Every line of a derivation, of its lemmas and of its cases, and what stands beside them."""
    setting, chain, cases = {**outer, **d}, [d["statement"], *d["steps"]], d.get("cases", [])
    facts, answer, chosen = setting["facts"], chain[-1]["tree"], any(setting["sizes"].values())
    if d.get("answer", chain[-1])["tree"] != answer:
        raise AssertionError(f"the answer{of} is not its last line")

    given = {"strength": STRENGTHS[0], "facts": range(1, len(facts) + 1)}

    def check(where: str, a: Any, b: Any, verdict: Any = given, like: Any = alike) -> Check:
        cited = [facts[n - 1] for n in verdict.get("facts", ())]
        return Check(where + of, a, b, setting, cited, like, at, verdict["strength"])

    if "function" in d:
        before = reduce(lambda t, x: ["d", t, x], d["wrt"], d["function"])
    if before is not None:
        yield check("the statement", before, chain[0]["tree"])
    for fact in (f for f in facts if f["proved"]):
        yield check(f"the fact {fact['text']}", ["iverson", fact["relation"]], 1)
    for n, (line, step) in enumerate(pairwise([*chain, *filter(None, [d.get("claim")])]), 1):
        where = f"line {n} ({step['rule']})" if n < len(chain) else "the claim"
        yield check(where, line["tree"], step["tree"], step["verdict"])
    yield check("the answer", chain[0]["tree"], answer)
    for lemma in d.get("lemmas", ()):
        named = f" of the lemma '{lemma.get('title', '')}'{of}"
        yield from checks(lemma, setting, named, (), {}, None)
    for n, case in enumerate(cases, 1):
        inner, like, value = case["derivation"], case["indices"], case["value"]["tree"]
        start, here = answer if like else None, like if chosen else {}
        yield from checks(inner, setting, f" of case {n}{of}", like, here, start)
        ended = answer if like else [inner["statement"], *inner["steps"]][-1]["tree"]
        yield check(f"the value of case {n}", ended, value, like=like)
    for a, row in enumerate(d.get("matrix") or ()):
        for b, entry in enumerate(row):
            at = {**d["fixed"], **dict(zip(d["axes"], (a + 1, b + 1), strict=False))}
            whole = answer if at else cases[a * len(row) + b]["value"]["tree"]
            yield check(f"entry {a + 1}, {b + 1}", whole, entry)


def tried(check: Check, end: float, least: int, most: int) -> tuple[int, str]:
    """At how many points it holds, and what stood in the way.  An AssertionError says where not."""
    count, missed, trouble, setting = 0, 0, "no point was tried", check.setting
    sides = json.dumps(check[1:3])
    ends = {k: n for k, n in setting["letters"].items() if f'"{k}"' in sides}
    ends |= {k: n for k, n in setting["labels"].items() if k not in setting["arrays"]}
    ends = {k: n for k, n in ends.items() if k not in check.at}
    every = list(product((2, 3, 1, 4), (0, 1, 3), KINDS))
    for seed, drawn in enumerate(Random(4).sample(every, len(every))):
        if (seed >= least and count) or missed == 3:
            break
        world = World(check, *drawn, seed)
        try:
            if not world.obey([f for f in check.facts if not f["proved"]]):
                trouble = "no point was found at which the facts hold"
                continue
            for at in world.choices(ends, check.alike, most):
                if monotonic() > end:
                    return count, "there was no time"
                count += world.agree(check, {**at, **check.at})
            trouble = "no real value, or a kink, at every point tried"
        except UNKNOWN as error:
            missed, trouble = missed + 1, str(error)
    return count, trouble


def recheck(text: str, seconds: float = 30.0, least: int = 60, most: int = 16) -> tuple[int, str]:
    """The status and what to say of a derivation in JSON.  Raises ValueError where it is none."""
    points, said, end = 0, [], monotonic() + seconds
    try:
        data = json.loads(text, parse_constant=int)
        if data["schema"] != SCHEMA:
            raise ValueError(f"its schema is not {SCHEMA}")
        every = list(checks(data, {}, "", (), {}, None))
        allowed = min(2, STRENGTHS.index(data.get("verdict", STRENGTHS[2])))
        for n, check in enumerate(every):
            share = (end - monotonic()) / (len(every) - n)
            with localcontext(EXACT):
                count, trouble = tried(check, monotonic() + share, least, most)
            points += count
            weak = STRENGTHS.index(check.strength) > (2 if "lemma" in check.where else allowed)
            if weak or not count:
                why = f"not checked: {trouble}" if not count else f"said to be {check.strength}"
                said.append(f"{check.where}: {why}")
    except AssertionError as error:
        return 1, str(error)
    except (*UNKNOWN, AttributeError, ValueError) as error:
        kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
        raise ValueError(f"this is no derivation: {kind}{error}") from None
    good = f"{len(every) - len(said)} of {len(every)} lines hold"
    return int(bool(said)), "\n".join([*said, f"{good}, compared at {points} points"])


if __name__ == "__main__":
    try:
        (name,) = sys.argv[1:]
        status, said = recheck(sys.stdin.read() if name == "-" else Path(name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        print(f"recheck: {error}", file=sys.stderr)
        sys.exit(2)
    print(said)
    sys.exit(status)
