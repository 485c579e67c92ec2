"""Recheck: every line of a derivation, or of a network's gradients, with arithmetic of its own.

    python recheck.py derivation.json        or: symderiv recheck derivation.json

Reads the trees that `--format json` writes, and evaluates both sides of every line in decimals of
120 to 300 digits, at sizes 1 to 4 and points drawn to part them; a derivative is a difference
quotient.  Sides that differ, and those of every fourth point, are looked at with all digits.
Status: 0 all lines hold; 1 one does not, or could not be evaluated; 2 this is no derivation.
From the file it takes definitions, declared facts and the lengths of axes.  It proves nothing.
"""

import os.path
import sys

if __name__ == "__main__":  # run where it stands, beside a package `numbers` of ours
    sys.path[:] = [place for place in sys.path if place != os.path.dirname(__file__)]

import json
from collections import namedtuple
from contextlib import suppress
from decimal import Context, Decimal, getcontext, localcontext
from functools import lru_cache, reduce
from itertools import combinations, islice, pairwise, permutations, product
from math import prod
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

SCHEMAS = "symderiv.derivation/2", "symderiv.backpropagation/2"
KINDS = ((-25000, 25000), (99, 2900), (1, 25000), (-99000, 99000), None)  # in 1/10000; None: whole
DIGITS, NAN = 300, Decimal("NaN")  # NaN: no real value here
STEP, NEAR, TINY, NOISE = (Decimal(f"1e-{n}") for n in (60, 50, 40, 60))
UNKNOWN = (NotImplementedError, RecursionError, LookupError, TypeError)
exp, log = Decimal.exp, Decimal.ln


def series(x: Decimal, ratio: Any) -> Decimal:
    """A sum from its first term x, and the ratio of term k to the one before, from k and x²."""
    total, term, k = x, x, 0
    while abs(term) > Decimal("1e-310"):
        total += (term := term * ratio(k := k + 1, x * x))
    return total


def atan(x: Decimal) -> Decimal:
    """Twice that of half the angle, until its series is quick."""
    near, half = abs(x) <= Decimal("0.1"), x / (1 + (1 + x * x).sqrt())
    return series(x, lambda k, s: -s * (2 * k - 1) / (2 * k + 1)) if near else 2 * atan(half)


def sign(x: Any) -> Any:
    """Of a difference; none at a kink: what vanishes at the point but not a step beside it."""
    kink = TINY * NOISE < abs(x) < NEAR
    return NAN if kink or x != x else (x > NEAR) - (x < -NEAR)


with localcontext(Context(prec=DIGITS, traps=[])):
    PI = 6 * atan(1 / Decimal(3).sqrt())
FUNCTIONS: dict[str, Any] = {
    "exp": exp, "log": log, "sign": sign, "abs": lambda x: sign(x) * x,
    "relu": lambda x: x * (1 + sign(x)) / 2, "softplus": lambda x: log(1 + exp(x)),
    "tanh": lambda x: 1 - 2 / (exp(2 * x) + 1), "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "sinh": lambda x: (exp(x) - exp(-x)) / 2, "cosh": lambda x: (exp(x) + exp(-x)) / 2,
    "sin": lambda x: series(x % (2 * PI), lambda k, s: -s / (2 * k * (2 * k + 1))),
    "cos": lambda x: FUNCTIONS["sin"](x + PI / 2), "atan": atan,
    "tan": lambda x: FUNCTIONS["sin"](x) / FUNCTIONS["cos"](x),
    "asin": lambda x: atan(x / (1 - x * x).sqrt()), "acos": lambda x: PI / 2 - FUNCTIONS["asin"](x),
    "asinh": lambda x: log(x + (x * x + 1).sqrt()), "atanh": lambda x: log((1 + x) / (1 - x)) / 2,
    "acosh": lambda x: log(x + (x - 1).sqrt() * (x + 1).sqrt()),
    "cbrt": lambda x: sign(x) * abs(x) ** (1 / Decimal(3)) if x else 0,
    "erf": lambda x: 2 * exp(-(y := max(min(x, Decimal(26)), Decimal(-26))) * y) / PI.sqrt()
    * series(y, lambda k, s: 2 * s / (2 * k + 1)), "erfc": lambda x: 1 - FUNCTIONS["erf"](x),
}  # fmt: skip
FOLDS: dict[str, Any] = {
    "+": sum, "prod": prod, "-": lambda a: -a[0], "pi": lambda _: PI,
    "max": lambda a: max(a) + 0 * sum(sign(max(a) - n) for n in a) if a else NAN,
    "min": lambda a: -FOLDS["max"]([-n for n in a]),
}  # fmt: skip
BINDERS = {"sum": "+", "prod": "prod", "largest": "max", "smallest": "min"}
SIGNS = {">": (1,), ">=": (0, 1), "<": (-1,), "<=": (-1, 0), "=": (0,), "!=": (-1, 1)}
# Two terms said to be equal under the facts, and wherever the conditions on their letters hold.
Check = namedtuple("Check", "where left right setting facts conditions strength")


def names(t: Any) -> set[str]:
    """What a tree names: heads, letters, arrays, numbers."""
    return set().union(*map(names, t)) if isinstance(t, list) else {str(t)}


def form(t: Any) -> Any:
    """A tree as a function of a world w and what is known there, letters and components.

    An integer is exact.  It is made once of a line and called at every point.
    """
    match t:
        case int():
            return lambda w, known: t
        case str():
            return lambda w, known: known[t] if t in known else w.sizes.get(t) or unknown(t)
        case ["at", name, *indices]:
            places = [form(i) for i in indices]
            return lambda w, known: w.component((name, *[i(w, known) for i in places]), known)
        case ["*", *terms]:
            parts = [form(a) for a in terms]
            return lambda w, known: w.product(parts, known)
        case ["+" | "max" | "min" | "-" | "pi" as head, *terms]:
            fold, parts = FOLDS[head], [form(a) for a in terms]
            return lambda w, known: fold([a(w, known) for a in parts])
        case ["sum" | "prod" | "largest" | "smallest" as head, body, letter, low, high]:
            fold, one, ends = FOLDS[BINDERS[head]], form(body), (form(low), form(high))
            return lambda w, known: Decimal(fold([*w.terms(one, letter, ends, known)]))  # no mask
        case ["/", a, b]:
            return form(["*", a, ["^", b, -1]])
        case ["^", a, b]:
            base, exponent = form(a), form(b)
            return lambda w, known: power(base(w, known), exponent(w, known))
        case ["iverson", [relation, a, b]] | ["delta" as relation, a, b]:
            rest, signs = form(["+", a, ["-", b]]), SIGNS.get(relation, (0,))
            return lambda w, known: n if (n := sign(rest(w, known))) != n else int(n in signs)
        case ["d", body, ["at", name, *indices]]:
            of, places = form(body), [form(i) for i in indices]
            return lambda w, known: w.slope(of, (name, *[i(w, known) for i in places]), known)
        case ["det", name]:
            return lambda w, known: determinant(name, w.ends(name)[0])(w, known)
        case ["inv", name, i, j]:  # the determinant is linear in each component
            return form(["/", ["d", n := ["det", name], ["at", name, j, i]], n])
        case [str(head), a] if head in FUNCTIONS:
            of, x = FUNCTIONS[head], form(a)
            return lambda w, known: worked(getcontext().prec, of, Decimal(x(w, known)))
    return lambda w, known: unknown(t)


def unknown(t: Any) -> Any:
    """A sum of no terms needs no value of it."""
    raise NotImplementedError(f"{json.dumps(t)[:60]} is not known here")


def power(x: Any, n: Any) -> Any:
    """Exact if it is of an exact 0, or to the power 0."""
    exact = type(n) is int and (n == 0 or (type(x) is int and x == 0 < n))
    return 0**n if exact else worked(getcontext().prec, Decimal.__pow__, Decimal(x), n)


@lru_cache(30000)
def worked(_digits: int, of: Any, *at: Any) -> Decimal:
    """A function's value, if it is real; lines are tried at the same points."""
    return y if (y := Decimal(of(*at))).is_finite() else NAN


@lru_cache(99)
def determinant(name: str, size: int) -> Any:
    """The form of the sum over all permutations."""
    every = permutations(range(1, size + 1))
    odd = [(p, [sign(b - a) for a, b in combinations(p, 2)]) for p in every]
    return form(["+", *(["*", *n, *(["at", name, *i] for i in enumerate(p, 1))] for p, n in odd)])


def orders(t: Any) -> int:
    """How many derivatives stand in one another."""
    inner = max(map(orders, t), default=0) if isinstance(t, list) else 0
    return inner + (isinstance(t, list) and t[:1] in (["d"], ["inv"]))


def subscripts(t: Any, bound: set[str]) -> dict[str, Any]:
    """Every array that a tree names with its indices, each beside the letter that it is if free."""
    if not isinstance(t, list):
        return {}
    inner = {*bound, t[2]} if t[0] in BINDERS else bound
    found = {k: n for part in t for k, n in subscripts(part, inner).items()}
    if t[0] == "at":
        letters = [str(i[1] if isinstance(i, list) and i[0] == "at" else i) for i in t[2:]]
        free = [None if n in bound else n for n in letters]
        found[json.dumps([t, free])] = t[1], [*zip(t[2:], free, strict=True)]
    return found


class World:
    """Sizes, and a value of every component and label, drawn when it is first asked for.

    Lines without declared facts are tried at the same `points`, where a stage is worked out once.
    """

    def __init__(self, check: Check, seed: int, end: float, points: Any, digits: int = 0) -> None:
        setting, self.random, self.end = check.setting, Random(seed), end
        made, self.seen, stages = setting["made"], setting["seen"], setting["stages"]
        facts = ((f["relation"], f["letters"]) for f in check.facts)
        trees = [(check.left, ()), (check.right, ()), *facts]
        trees += [(s["body"], s["indices"]) for s in stages]
        for t, bound in trees:  # each is one of the file, which stays where it is
            if id(t) not in made:
                made[id(t)] = form(t), subscripts(t, {*bound}).values(), names(t), orders(t)
        forms, arrays, named, depths = zip(*(made[id(t)] for t, _ in trees), strict=True)
        self.sides, words = forms[:2], names([*check.conditions]).union(*named[:2])
        digits = digits or min(DIGITS, 120 + 60 * max(depths))  # each derivative takes 60
        first, turn, kind = (1, 2, 0, 3)[seed % 4], (0, 1, 3)[seed % 3], KINDS[seed % 5]
        sizes, self.shapes, self.labels = (setting[k] for k in ("sizes", "shapes", "labels"))
        self.sizes = {k: n or (first + turn * i) % 4 + 1 for i, (k, n) in enumerate(sizes.items())}
        self.letters = {k: n for k, n in setting["letters"].items() if k in words | {*self.labels}}
        self.stages = {s["name"]: (made[id(s["body"])][0], s["indices"]) for s in stages}
        self.mild = kind in KINDS[:3]  # elsewhere rounding or a hole may take a value away
        for each in arrays:
            self.fit(each)
        near = [int(n) + m for n in words if n.isdecimal() and len(n) < 3 for m in (-1, 0, 1)]
        whole = sorted({10000 * s * n for s in (-1, 1) for n in (0, 1, 2, 3, *near)})
        self.points = range(kind[0], kind[1] + 1) if kind else whole
        key = str(self.sizes), str(self.points), id(self.shapes), id(stages), id(self.labels)
        points = {} if check.facts else points
        self.dice, self.drawn = points.setdefault(key, (Random(seed), {}))  # components
        self.stored = points.setdefault((digits, key), {})  # stages
        self.context = Context(prec=digits, traps=[])
        self.named = words.union(*(self.seen[n] for n in words & self.stages.keys()))

    def fit(self, arrays: Any) -> None:
        """z_3 or z_{K-2} presume an axis of 3; a letter runs over the axis that it subscripts."""
        for name, indices in arrays:
            for (index, letter), axis in zip(indices, self.shapes.get(name, ()), strict=True):
                down = isinstance(index, list) and index[2:] == [axis] and type(index[1]) is int
                if axis in self.sizes and (down or type(index) is int):
                    self.sizes[axis] = max(self.sizes[axis], 1 - index[1] if down else index)
                end = axis if letter is None else (self.labels | self.letters).get(letter, axis)
                two = [] if isinstance(end, list) or end == axis else [end, axis]
                if len({form(n)(self, {}) for n in two}) > 1:
                    raise ValueError(f"{letter} runs to {end}, but {name} has {axis} there")

    def ends(self, name: Any) -> Any:
        """Of the axes of an array."""
        if name not in self.stored:
            self.stored[name] = [form(end)(self, {}) for end in self.shapes.get(name, ())]
        return self.stored[name]

    def product(self, parts: Any, known: Any) -> Any:
        """Where a factor is exactly 0 the others need no value."""
        total: Any = 1
        for part in parts:
            if type(n := part(self, known)) is int and n == 0:
                return 0
            total *= n
        return total

    def terms(self, one: Any, letter: str, ends: Any, known: Any) -> Any:
        """What is bound, at every value of its letter."""
        (low, high), inner = (end(self, known) for end in ends), {**known}
        for inner[letter] in range(low, high + 1):
            self.hurry()
            yield one(self, inner)

    def hurry(self) -> None:
        """While there is time."""
        if monotonic() > self.end:
            raise NotImplementedError("there was no time")

    def slope(self, of: Any, key: Any, known: Any) -> Any:
        """By one component; of a stage, other components are as around."""
        at = self.component(key, known)
        near = ({**known, key: at + step} for step in (STEP, -STEP))
        a, b = (of(self, {**n, (key[0], "held"): (*n.items(),)}) for n in near)
        return (a - b) / (2 * STEP) if a != b else 0

    def component(self, key: Any, known: Any) -> Any:
        """Of an array or a stage, by name and indices; none outside its axes."""
        if (found := known.get(key, self.drawn.get(key))) is not None:
            return found
        self.hurry()
        if key not in self.stored:  # is it there?
            inside = zip(key[1:], self.ends(key[0]), strict=True)
            self.stored[key] = all(1 <= n <= end for n, end in inside)
        if not self.stored[key]:
            return NAN
        if (name := key[0]) in self.stages:
            (body, indices), seen = self.stages[name], self.seen[name]
            near = known.get((name, "held"), known.items())
            labels = self.labels
            kept = [i for i in near if (i[0] in labels if type(i[0]) is str else i[0][0] in seen)]
            if (mark := (key, *kept)) not in self.stored:
                inner = dict([*kept, *zip(indices, key[1:], strict=True)])
                self.stored[mark] = Decimal(body(self, inner))
            return self.stored[mark]
        label, draw = self.labels.get(name), Decimal(self.dice.choice(self.points)) / 10000
        new = self.dice.randint(1, form(label)(self, {})) if label else draw
        return self.drawn.setdefault(key, new)

    def choices(self, ends: Any, conditions: Any, most: int) -> list[dict[str, int]]:
        """Values of letters at which the conditions hold, at most so many."""
        spans = [range(1, form(n)(self, {}) + 1) for n in ends.values()]
        every, held = islice(product(*spans), 5000), [form(["iverson", c]) for c in conditions]
        at = [n for n in every if all(h(self, dict(zip(ends, n, strict=True))) for h in held)]
        chosen = at if len(at) <= most else self.random.sample(at, most)
        return [dict(zip(ends, n, strict=True)) for n in chosen]

    def obey(self, facts: Any) -> None:
        """Move the point along the slopes of the facts that do not hold, until all of them do."""
        pairs = []
        for (relation, a, b), letters in ((f["relation"], f["letters"]) for f in facts):
            signs, rest = SIGNS[relation], form(["+", a, ["-", b]])
            pairs += [(signs, rest, at) for at in self.choices(letters, (), 64)]
        for _ in range(300):
            if not (broken := [p for p in pairs if sign(p[1](self, p[2])) not in p[0]]):
                return
            for signs, rest, at in broken:
                real = [k for k in self.drawn if k[0] not in self.labels]
                slopes = {k: self.slope(rest, k, at) for k in real}
                square = sum(n * n for n in slopes.values())
                far = rest(self, at) - signs[-1] * Decimal(self.random.random())
                moved = {k: self.drawn[k] - far * slopes[k] / square for k in real if square}
                self.drawn, self.stored = self.drawn | moved if moved else {}, {}
        raise LookupError("no point was found at which the facts hold")

    def agreed(self, check: Check, most: int) -> int:
        """At how many points the sides are equal; an error where they differ."""
        count = 0
        self.obey(check.facts)
        for at in self.choices(self.letters, check.conditions, most):
            exact, other = (side(self, at) for side in self.sides)
            a, b, mild = Decimal(exact), Decimal(other), self.mild and type(exact) is not int
            close = abs(a - b) <= TINY * max(abs(a), abs(b)) + NOISE
            count += close
            if not (close or a.is_nan() or (b.is_nan() and not mild)):
                drawn = {f"{k}{list(i) or ''}": f"{v:.17g}" for (k, *i), v in self.drawn.items()
                         if k in self.named}  # fmt: skip
                where = ", ".join(f"{k} = {n}" for k, n in {**self.sizes, **at, **drawn}.items())
                left, right = (f"{x:.45g}".replace("NaN", "no real value") for x in (a, b))
                sides = f"at {where}\n  left   {left}\n  right  {right}"
                raise AssertionError(f"{check.where} does not hold\n  {sides}")
        return count


def checks(d: Any, outer: Any, of: str, conditions: Any, first: Any) -> Any:
    """Every line of a derivation, of its lemmas and of its cases, and what stands beside them."""
    setting, chain, cases = {**outer, **d}, [d["statement"], *d["steps"]], d.get("cases", [])
    seen = {s["name"]: names(s["body"]) for s in d.get("stages", ())}
    for _ in range(len(seen).bit_length()):  # what a stage names, and what is named behind that
        seen = {k: n.union(*(seen[m] for m in n & seen.keys())) for k, n in seen.items()}
    setting |= {"seen": seen or outer.get("seen"), "made": outer["made"]}
    facts, answer = setting["facts"], chain[-1]["tree"]
    given = {"strength": "proved", "facts": range(1, len(facts) + 1)}

    def check(where: str, a: Any, b: Any, by: Any = given, at: Any = conditions) -> Check:
        cited = [f for n, f in enumerate(facts, 1) if n in by.get("facts", ()) and not f["proved"]]
        return Check(where + of, a, b, setting, cited, at, by["strength"])

    first = reduce(lambda t, x: ["d", t, x], d["wrt"], d["function"]) if "function" in d else first
    if first is not None:
        yield check("the statement", first, chain[0]["tree"])
    for fact in (f for f in facts if f["proved"]):
        yield check(f"the fact {fact['text']}", ["iverson", fact["relation"]], 1)
    for n, (line, step) in enumerate(pairwise([*chain, *filter(None, [d.get("claim")])]), 1):
        where = f"line {n} ({step['rule']})" if n < len(chain) else "the claim"
        yield check(where, line["tree"], step["tree"], step["verdict"])
    yield check("the answer", d.get("answer", chain[-1])["tree"], answer)
    more = (line for field in ("adjoints", "gradients") for line in d.get(field, {}).values())
    for lemma in (*d.get("lemmas", ()), *more):
        yield from checks(lemma, setting, f" of {lemma.get('title', 'a lemma')}{of}", (), None)
    if terms := [t["steps"][-1]["tree"] for t in d.get("lemmas", ()) if "through" in t]:
        yield check("the sum of the terms", ["+", *terms], answer)
    for n, case in enumerate(cases, 1):
        inner, at = case["derivation"], case["where"]
        yield from checks(inner, setting, f" of case {n}{of}", inner.get("where", at or ()), answer)
        if at is not None:
            yield check(f"the value of case {n}", answer, case["value"]["tree"], at=at)
    rows = enumerate(d["matrix"] if isinstance(d.get("matrix"), list) else ())
    for a, b, entry in ((a, b, entry) for a, row in rows for b, entry in enumerate(row)):
        at = {**d["fixed"], **dict(zip(d["axes"], (a + 1, b + 1), strict=False))}.items()
        whole = answer if at else cases[a * len(d["matrix"][a]) + b]["value"]["tree"]
        yield check(f"entry {a + 1}, {b + 1}", whole, entry, at=[["=", *pair] for pair in at])


def agreed(check: Check, seed: int, end: float, most: int, points: Any) -> int:
    """At how many points the sides are equal; fewer digits are enough for that, not to differ."""
    if seed % 4:
        world = World(check, seed, end, points)
        with suppress(AssertionError), localcontext(world.context):
            return world.agreed(check, most)
    world = World(check, seed, end, points, DIGITS)
    with localcontext(world.context):
        return world.agreed(check, most)


def recheck(text: str, seconds: float = 30.0, least: int = 60, most: int = 16) -> tuple[int, str]:
    """The status and what to say of a derivation in JSON.  Raises ValueError where it is none."""
    end = monotonic() + seconds
    try:
        data = json.loads(text, parse_constant=int)
        if not isinstance(data, dict) or data["schema"] not in SCHEMAS:
            raise ValueError(f"its schema is none of {', '.join(SCHEMAS)}")
        every = list(checks(data, {"made": {}}, "", (), None))
        World(every[0], 0, end, {})  # is all there that a line needs?
        strong = {"proved", "exact at sizes", *({"numeric"} & {data["verdict"]})}
        counts, why = [0] * len(every), ["there was no time"] * len(every)
        points = dict[Any, Any]()
        for seed, (n, check) in product(range(240), enumerate(every)):  # every line before more
            points = points if n else {}  # of one seed
            if monotonic() > end or (seed >= least and counts[n] >= 4 * least):
                continue
            try:
                soon = monotonic() + (end - monotonic()) / 10
                counts[n] += agreed(check, seed, soon, most if seed else min(most, 2), points)
                why[n] = "no real value, or a kink, at every point tried"
            except UNKNOWN as error:
                why[n] = str(error)
    except AssertionError as error:
        return 1, str(error)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is no derivation, for it is no JSON: {error}") from None
    except (*UNKNOWN, AttributeError, ValueError) as error:
        lacks = f"it has no {error}" if isinstance(error, KeyError) else f"{error}, reading it"
        raise ValueError(f"this is no derivation: {lacks}") from None
    said = [f"{c.where}: not checked: {why[n]}" for n, c in enumerate(every) if not counts[n]]
    said += [f"{c.where}: said to be {c.strength}" for c in every if c.strength not in strong]
    good = f"{len(every) - len(said)} of {len(every)} lines hold, compared at {sum(counts)} points"
    given = (f", where {f['text']}" for f in data["facts"] if not f["proved"])
    return int(bool(said)), "\n".join([*said, "".join([good, *given])])


if __name__ == "__main__":
    try:
        (name,) = sys.argv[1:]
        status, said = recheck(sys.stdin.read() if name == "-" else Path(name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        status, said = 2, f"recheck: {error}"
    print(said, file=sys.stderr if status == 2 else sys.stdout)
    sys.exit(status)
