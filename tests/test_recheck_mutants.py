"""The witness refuses what is false: lines of the catalogue, each changed in one place.

A mutant counts only where a second opinion (`tree_oracle`) finds that its value changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from mpmath import mp, mpf

import symderiv
from symderiv.recheck import recheck
from symderiv.serialisation import as_data
from tests.answered import answered
from tests.tree_oracle import DIGITS, World, value

NAMES = (
    "softmax-jacobian",
    "cross-entropy-gradient",
    "cross-entropy-soft-gradient",
    "log-softmax-jacobian",
    "layer-normalisation-jacobian",
    "quadratic-form-gradient",
    "cross-entropy-batch-gradient",
    "two-layer-gradient",
    "gelu-derivative",
    "logsumexp-hessian",
    "softmax-with-temperature-jacobian",
)
MOST_OF_A_KIND = 4  # of one derivation, so that all kinds and functions have their share
FEWEST = {
    "a minus dropped": 15,
    "a letter for another": 15,
    "indices swapped": 3,
    "a delta dropped": 12,
    "a sum dropped": 15,
    "a term dropped": 15,
    "a factor changed": 15,
    "a range shifted": 12,
    "a fraction turned over": 8,
    "a variable changed": 8,
}


def kinds(t: Any, letters: list[str]) -> Iterator[tuple[str, Any]]:
    """Every tree that differs from this one at its head, by what was done."""
    match t:
        case ["-", a]:
            yield "a minus dropped", a
        case ["at", name, *indices] if indices:
            for n, index in enumerate(indices):
                for other in letters:
                    if isinstance(index, str) and other != index:
                        changed = [*indices[:n], other, *indices[n + 1 :]]
                        yield "a letter for another", ["at", name, *changed]
            if len(indices) == 2:
                yield "indices swapped", ["at", name, *reversed(indices)]
        case ["sum", body, letter, low, high]:
            yield "a sum dropped", replaced(body, letter, letters[0] if letters else 1)
            yield "a range shifted", ["sum", body, letter, 2, high]
            yield "a range shifted", ["sum", body, letter, low, ["+", high, -1]]
        case ["/", a, b]:
            yield "a fraction turned over", ["/", b, a]
        case ["d", body, ["at", name, *indices]] if indices and letters:
            yield "a variable changed", ["d", body, ["at", name, *[letters[0]] * len(indices)]]
        case ["+" | "*" as head, *terms]:
            for n, term in enumerate(terms):
                delta = isinstance(term, list) and term[0] == "delta"
                kind = "a delta dropped" if delta else "a term dropped"
                if delta or head == "+":
                    yield kind, [head, *terms[:n], *terms[n + 1 :]]
            yield "a factor changed", ["*", 2, t]
        case int() if t > 1:
            yield "a factor changed", t + 1


def replaced(t: Any, letter: str, other: Any) -> Any:
    if isinstance(t, list):
        return [t[0], *(replaced(a, letter, other) for a in t[1:])]
    return other if t == letter else t


def mutants(t: Any, letters: list[str]) -> Iterator[tuple[str, Any]]:
    """The tree with one place changed, any place; under a binder its letter is one of ours too."""
    yield from kinds(t, letters)
    if isinstance(t, list):
        inner = letters
        if t[0] in ("sum", "prod", "largest", "smallest"):
            inner = [*letters, t[2]]
        for n, part in enumerate(t):
            if n and not (t[0] == "at" and n == 1) and isinstance(part, list | int):
                for kind, changed in mutants(part, inner):
                    yield kind, [*t[:n], changed, *t[n + 1 :]]


def settings(d: dict[str, Any], outer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A derivation and its lemmas, each with what it takes from outside."""
    whole = {**outer, **d}
    yield whole
    for lemma in d.get("lemmas", ()):
        around = {k: v for k, v in whole.items() if k not in ("function", "lemmas", "answer")}
        yield from settings(lemma, around)


def differ(data: dict[str, Any], a: Any, b: Any) -> bool:
    """Has the second opinion a point, with the declared facts, at which two trees differ?"""
    names = list(data["sizes"])
    with mp.workdps(DIGITS):
        for first in (2, 3):
            sizes = {name: first + n for n, name in enumerate(names)}
            world = World(data, sizes, Random(first))
            shares(data, world)
            free = {**data["letters"], **data["labels"]}
            free = {k: v for k, v in free.items() if k not in data["shapes"]}
            ends = (range(1, int(value(high, world, {})) + 1) for high in free.values())
            for at in list(product(*ends))[:30]:
                letters = dict(zip(free, at, strict=True))
                try:
                    x, y = (mpf(value(t, world, letters)) for t in (a, b))
                except (ZeroDivisionError, TypeError, KeyError):
                    continue
                if abs(x - y) > mpf(10) ** -15 * max(abs(x), abs(y), 1):
                    return True
    return False


def shares(data: dict[str, Any], world: World) -> None:
    """Where an array is declared to sum to one, its last component is what is left of 1."""
    for fact in data["facts"]:
        match fact["relation"]:
            case ["=", ["sum", ["at", name, i], j, 1, high], 1] if i == j:
                last = int(value(high, world, {}))
                others = (world.component((name, n), {}) for n in range(1, last))
                world.values[name, last] = 1 - sum(others, mpf(0))


def alone(data: dict[str, Any], before: Any, changed: Any, step: Any) -> dict[str, Any]:
    """A derivation of one line, the changed one."""
    keep = ("schema", "verdict", "sizes", "letters", "labels", "shapes", "stages", "facts")
    made = {k: deepcopy(data[k]) for k in keep}
    return {**made, "statement": {"tree": before}, "steps": [{**step, "tree": changed}]}


@cache
def lines(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Mutants of the lines of a derivation and its lemmas that truly are wrong."""
    random = Random(name)
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in FEWEST}
    every = []
    for data in settings(as_data(answered(name)), {}):
        before = data["statement"]["tree"]
        for step in data["steps"]:
            for kind, changed in mutants(step["tree"], sorted(data["letters"])):
                every.append((kind, data, before, changed, step))
            before = step["tree"]
    random.shuffle(every)
    for kind, data, before, changed, step in every:
        if len(found[kind]) < MOST_OF_A_KIND and differ(data, before, changed):
            found[kind].append(alone(data, before, changed, step))
    return [(kind, data) for kind, all_ in found.items() for data in all_]


@pytest.mark.parametrize("name", NAMES)
def test_a_line_changed_in_one_place_is_refused(name: str) -> None:
    made = lines(name)
    assert made
    for kind, data in made:
        try:
            status, said = recheck(json.dumps(data), least=4, most=8)
        except ValueError as error:  # a letter where another axis is
            status, said = 1, str(error).replace("runs to", "does not hold")
        tree = data["steps"][0]["tree"]
        assert status == 1, f"{kind}: {json.dumps(tree)}"
        assert "does not hold" in said, f"{kind}: {said}"


def test_there_are_200_of_every_kind_of_change() -> None:
    count = dict.fromkeys(FEWEST, 0)
    for name in NAMES:
        for kind, _ in lines(name):
            count[kind] += 1
    assert sum(count.values()) >= 200
    assert all(count[kind] >= least for kind, least in FEWEST.items()), count


def neighbour(t: Any) -> Any:
    """A tree of another value, the 30th digit."""
    return ["*", t, ["+", 1, ["/", 1, 10**30]]]


def to(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def structural() -> Iterator[tuple[str, dict[str, Any]]]:
    """Whole derivations with one thing changed that is no line of their own chain."""
    chosen = as_data(symderiv.jacobian("softmax", k=3))
    for path in (
        ("statement", "tree"),
        ("function",),
        ("wrt", 0),
        ("answer", "tree"),
        ("stages", 0, "body"),
        ("matrix", 0, 1),
        ("matrix", 2, 2),
        ("cases", 0, "value", "tree"),
        ("cases", 1, "value", "tree"),
        ("cases", 1, "derivation", "statement", "tree"),
        ("cases", 0, "derivation", "steps", 3, "tree"),
        ("cases", 1, "derivation", "steps", -1, "tree"),
        ("cases", 1, "derivation", "stages", 0, "body"),
    ):
        yield f"chosen {path}", changed(chosen, path)
    yield (
        "cases changed about",
        changed(chosen, ("cases", 0, "where"), lambda _: [["!=", "i", "j"]]),
    )
    by_cases = as_data(symderiv.jacobian("softmax", route="product"))
    for path in (
        ("cases", 0, "value", "tree"),
        ("cases", 1, "derivation", "steps", 0, "tree"),
    ):
        yield f"by cases {path}", changed(by_cases, path)
    soft = as_data(symderiv.gradient("cross-entropy", soft=True))
    step = next(n for n, s in enumerate(soft["steps"]) if s["verdict"].get("facts"))
    yield "a fact not cited", changed(soft, ("steps", step, "verdict", "facts"), to([]))
    two = ["=", ["sum", ["at", "y", "i"], "i", 1, "K"], 2]
    yield "another fact", changed(soft, ("facts", 0, "relation"), to(two))
    yield "a lemma", changed(soft, ("lemmas", 0, "steps", 2, "tree"))
    yield "a line refuted", changed(soft, ("steps", 1, "verdict", "strength"), to("refuted"))
    yield (
        "a line undecided",
        changed(soft, ("steps", 1, "verdict", "strength"), lambda _: "undecided"),
    )
    yield (
        "weaker than said",
        changed(soft, ("steps", 1, "verdict", "strength"), lambda _: "numeric"),
    )
    vector = as_data(symderiv.jacobian("vector-function"))
    yield "an entry of a vector", changed(vector, ("matrix", 1, 0))
    wrong = as_data(symderiv.derive("-log(softmax(z)[y])", wrt="z[k]", claim="softmax(z)[k]"))
    proved = changed(wrong, ("claim", "verdict"), to({"strength": "proved"}))
    yield "a claim said to hold", {**proved, "verdict": "proved"}
    yield (
        "a letter that is nowhere",
        changed(soft, ("steps", 0, "tree"), lambda _: ["at", "z", "w"]),
    )


def changed(data: dict[str, Any], path: tuple[Any, ...], change: Any = neighbour) -> dict[str, Any]:
    made = deepcopy(data)
    place: Any = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = change(place[path[-1]])
    return made


NO_VALUES = {  # what is refused for what it says, and not for its values
    "chosen ('wrt', 0)": "is not known here",  # what is no variable any more
    "a line refuted": "line 2 (logarithm): said to be refuted",
    "a line undecided": "line 2 (logarithm): said to be undecided",
    "weaker than said": "line 2 (logarithm): said to be numeric",
    "a letter that is nowhere": '"w" is not known here',
}


def test_what_stands_beside_the_lines_is_checked_too() -> None:
    for name, data in structural():
        status, said = recheck(json.dumps(data), least=3, most=6)
        assert status == 1, name
        assert NO_VALUES.get(name, "does not hold") in said, f"{name}: {said}"


def clever() -> Iterator[tuple[str, Any, Any]]:
    """Two trees that differ, but in one corner only."""
    x, k = ["at", "x"], "K"
    total = ["sum", ["at", "z", "i"], "i", 1, "K"]
    cubic = ["*", *(["+", k, ["-", n]] for n in (1, 2, 3))]
    yield "at K = 4 only", total, ["+", total, cubic]
    for n in range(1, 5):
        yield f"at K = {n} only", total, ["+", total, ["iverson", ["=", k, n]]]
    yield "for x < 0 only", x, ["abs", x]
    yield "for x > 0 only", x, ["-", ["abs", x]]
    yield "beyond 7 only", x, ["+", x, ["iverson", [">", x, 7]]]
    yield "at a number that it names only", x, ["+", x, ["iverson", ["=", x, 37]]]
    yield "at 0 only", 1, ["iverson", ["!=", x, 0]]
    yield "near 0 only", x, ["+", x, ["iverson", ["<", ["abs", x], ["/", 1, 10]]]]
    yield "in the 30th digit", x, ["*", x, ["+", 1, ["/", 1, 10**30]]]
    first, second = ["at", "z", "i"], ["at", "z", "j"]
    yield "on the diagonal only", first, ["+", first, ["delta", "i", "j"]]
    yield "off the diagonal only", first, ["*", first, ["delta", "i", "i"], ["delta", "j", "i"]]
    yield "a swap", ["*", first, ["exp", second]], ["*", second, ["exp", first]]
    yield (
        "a letter captured",
        ["sum", ["*", ["at", "z", "k"], first], "k", 1, "K"],
        ["sum", ["*", ["at", "z", "i"], first], "i", 1, "K"],
    )
    yield "a third derivative", ["d", ["d", ["d", ["^", x, 4], x], x], x], ["*", 23, x]
    yield "a tie counted twice", ["max", x, 1], ["+", ["max", x, 1], ["iverson", ["=", x, 1]]]
    yield "one component only", first, ["+", first, ["*", ["delta", "i", 3], first]]


CLEVER = {name: (left, right) for name, left, right in clever()}


@pytest.mark.parametrize("name", CLEVER)
def test_what_is_wrong_in_one_corner_only_is_refused(name: str) -> None:
    left, right = CLEVER[name]
    letters, shapes = {"i": "K", "j": "K"}, {"z": ["K"]}
    setting = {"sizes": {"K": None}, "letters": letters, "labels": {}, "shapes": shapes}
    step = {"rule": "r", "rules": ["r"], "tree": right, "verdict": {"strength": "proved"}}
    bare = {"stages": [], "facts": [], "statement": {"tree": left}, "steps": [step]}
    data = {"schema": "symderiv.derivation/2", "verdict": "proved", **setting, **bare}
    status, said = recheck(json.dumps(data))
    assert (status, "does not hold" in said) == (1, True), said
    same = {**data, "steps": [{**step, "tree": left}]}
    assert recheck(json.dumps(same), least=9)[0] == 0


def test_a_file_cannot_say_where_its_lines_are_to_be_tried() -> None:
    data = as_data(symderiv.jacobian("softmax"))
    data["steps"][-1]["tree"] = ["*", ["delta", "i", "j"], data["steps"][-1]["tree"]]
    data["answer"]["tree"] = data["steps"][-1]["tree"]
    alike = {"i": 1, "j": 1}
    assert recheck(json.dumps({**data, "alike": alike, "at": alike}))[0] == 1


@pytest.mark.parametrize("verdict", [{}, None])
def test_a_line_without_a_verdict_is_no_line(verdict: Any) -> None:
    data = as_data(symderiv.jacobian("softmax"))
    data["steps"][2]["verdict"] = verdict
    with pytest.raises(ValueError, match="this is no derivation"):
        recheck(json.dumps(data), least=2, most=2)


def test_a_lemma_that_is_right_on_the_diagonal_only_is_refused_inside_a_case_too() -> None:
    data = as_data(symderiv.jacobian("softmax", route="product"))
    wrong = {"statement": {"tree": ["at", "z", "i"]}, "title": "t", "steps": []}
    step = {"rule": "r", "tree": ["at", "z", "j"], "verdict": {"strength": "proved"}}
    data["cases"][0]["derivation"]["lemmas"] = [{**wrong, "steps": [step]}]
    status, said = recheck(json.dumps(data), least=4, most=4)
    assert (status, "line 1 (r) of t of case 1 does not hold" in said) == (1, True)
