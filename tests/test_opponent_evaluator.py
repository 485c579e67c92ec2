"""The opponent itself: what it takes for true is true, or it says that it does not know.

Values by hand, slopes against derivatives known in closed form.
"""

from __future__ import annotations

import ast
import re
from random import Random

import pytest
from mpmath import mp, mpf

from tests.opponent.arithmetic import DIGITS, Disputed, NoValue
from tests.opponent.axes import Axes
from tests.opponent.claims import broken
from tests.opponent.evaluator import Evaluator, Point
from tests.opponent.facts import Facts
from tests.opponent.language import parse, parse_one
from tests.opponent.points import Place, drawn
from tests.opponent.pretenders import PRETENDERS
from tests.opponent.rewrites import rewritten
from tests.opponent.shrink import shrunk
from tests.opponent.slopes import slope

Values = dict[tuple[object, ...], float]
CLOSE = mpf(10) ** -60


def laid(source: str, values: Values, whole: dict[str, int]) -> tuple[Evaluator, ast.expr]:
    """A formula at a point given by hand: sizes, letters and labels by name."""
    text, axes = parse(source), Axes()
    axes.text(text)
    axes.walk(parse_one("z[j]"), {}, {})
    letters = {n: whole.get(n, 1) for n in (axes.free | axes.labels) - axes.arrays}
    sizes = {axes.find(("size", n)): size for n, size in whole.items() if n in axes.sizes}
    point = Point(sizes, letters, {k: mpf(v) for k, v in values.items()}, lambda key: mpf(0))
    return Evaluator(text, axes, point), text.function


def vector(name: str, *values: float) -> Values:
    return {(name, n): v for n, v in enumerate(values, 1)}


VALUES: list[tuple[str, Values, dict[str, int], float]] = [
    ("sum(z[k]**2, (k, 1, K))", vector("z", 1, -2, 3), {"K": 3}, 14),
    ("sum(z[k+1] - z[k], (k, 1, K-1))", vector("z", 1, -2, 3), {"K": 3}, 2),
    ("sum(z[k-1]*z[k], (k, 2, K))", vector("z", 5), {"K": 1}, 0),
    ("prod(z[k], (k, 2, K))", vector("z", 5), {"K": 1}, 1),
    ("mean(z[k], (k, 1, K))", vector("z", 1, 2, 6), {"K": 3}, 3),
    (
        "max(z[k], k) - min(z[k], (k, 1, K)) + 0*sum(z[k], (k, 1, K))",
        vector("z", 1, 2, 6),
        {"K": 3},
        5,
    ),
    ("max(a, b)", {("a",): 1, ("b",): 2}, {}, 2),
    ("sum(delta(k,t)*z[k], (k, 1, K))", vector("z", 1, 2, 6), {"K": 3, "t": 2}, 2),
    ("sum(iverson(k <= t)*z[k], (k, 1, K)) + 0*z[t]", vector("z", 1, 2, 6), {"K": 3, "t": 2}, 3),
    ("sum(delta(k,1)*log(delta(k,1)*z[k]), (k, 1, K))", vector("z", 1, -2), {"K": 2}, 0),
    (
        "sum(W[n,y[n]], (n, 1, N))",
        {("W", 1, 2): 3, ("W", 2, 1): 4, ("y", 1): 2, ("y", 2): 1},
        {"N": 2},
        7,
    ),
    ("x**3", {("x",): -2}, {}, -8),
    ("-x**2", {("x",): 3}, {}, -9),
    ("p[i] = z[i]**2; sum(p[k], (k, 1, K))", vector("z", 1, 2), {"K": 2}, 5),
    ("p[i] = z[i]**2; u = sum(p[i], (i, 1, K)); u/p[1]", vector("z", 1, 2), {"K": 2}, 5),
    ("sum(sum(z[k], (k, 1, K)), (k, 1, K))", vector("z", 1, 2), {"K": 2}, 6),
    ("sum(z[k]*c[l], (k, 1, K), (l, 1, K))", vector("z", 1, 2) | vector("c", 3, 4), {"K": 2}, 21),
    ("sum(softmax(z)[k], (k, 1, K))", vector("z", 1, 2, 6), {"K": 3}, 1),
    ("exp(logsumexp(z)) - sum(exp(z[k]), (k, 1, K))", vector("z", 1, 2, 6), {"K": 3}, 0),
    ("0.1 - 1/10 + 1e-45*10**45", {}, {}, 1),
    ("sqrt(x**2) + abs(x) + sign(x) + relu(x)", {("x",): -2}, {}, 3),
]


@pytest.mark.parametrize(("source", "values", "whole", "value"), VALUES)
def test_it_knows_what_a_formula_is(
    source: str, values: Values, whole: dict[str, int], value: float
) -> None:
    with mp.workdps(DIGITS):
        evaluator, function = laid(source, values, whole)
        assert abs(evaluator.value(function, {}) - value) < CLOSE


NO_VALUE = ["log(x)", "sqrt(x)", "x**(1/2)", "1/(x + 2)", "(x + 2)**(-1)", "log(x + 2)", "x**a"]


@pytest.mark.parametrize("source", NO_VALUE)
def test_it_knows_where_there_is_no_real_number(source: str) -> None:
    with mp.workdps(DIGITS):
        evaluator, function = laid(source, {("x",): -2, ("a",): 0.5}, {})
        with pytest.raises(NoValue):
            evaluator.value(function, {})


SLOPES: list[tuple[str, tuple[str, ...], Values, dict[str, int], str]] = [
    ("x**3", ("x",), {("x",): -2}, {}, "12"),
    ("x**3", ("x", "x"), {("x",): -2}, {}, "-12"),
    ("x**2*y", ("x", "y"), {("x",): -2, ("y",): 3}, {}, "-4"),
    ("exp(x)", ("x",), {("x",): 1}, {}, "exp(1)"),
    ("sum(z[k]**2, (k, 1, K))", ("z[j]",), vector("z", 1, -2, 3), {"K": 3, "j": 2}, "-4"),
    ("sum(z[k-1]*z[k], (k, 2, K))", ("z[j]",), vector("z", 5), {"K": 1}, "0"),
    ("prod(z[k], (k, 1, K))", ("z[j]",), vector("z", 0, 2, 3), {"K": 3}, "6"),
    ("min(max(z[k], x), (k, 1, K))", ("x",), vector("z", 1, 2, 3) | {("x",): 2.5}, {"K": 3}, "1"),
    ("abs(x)*iverson(t >= 0)", ("x",), {("x",): -1, ("t",): 0}, {}, "-1"),
    (
        "max(c[y[n]], (n, 1, N)) + 0*c[j]",
        ("c[j]",),
        {("c", 1): 5, ("y", 1): 1, ("y", 2): 1},
        {"N": 2},
        "1",
    ),
]


@pytest.mark.parametrize(("source", "by", "values", "whole", "value"), SLOPES)
def test_it_knows_slopes(
    source: str, by: tuple[str, ...], values: Values, whole: dict[str, int], value: str
) -> None:
    with mp.workdps(DIGITS):
        evaluator, function = laid(source, values, whole)
        found = slope(evaluator, function, tuple(map(parse_one, by)))
        assert abs(found.value - evaluator.value(parse_one(value), {})) < mpf(10) ** -50
        assert found.error < mpf(10) ** -50


KINKS = ["abs(x)", "relu(x)", "x*iverson(x > 0)", "max(x, -x)", "x**(3/2)", "sqrt(x**4)"]


@pytest.mark.parametrize("source", KINKS)
def test_at_a_kink_it_does_not_know(source: str) -> None:
    with mp.workdps(DIGITS):
        evaluator, function = laid(source, {("x",): 0}, {})
        with pytest.raises(Disputed):
            slope(evaluator, function, (parse_one("x"),))


LOST = ["iverson(sigmoid(x) < 1)", "sign(1 - tanh(x))", "max(1 + exp(-x), 1)"]


@pytest.mark.parametrize("source", LOST)
def test_what_its_digits_cannot_see_it_does_not_decide(source: str) -> None:
    with mp.workdps(DIGITS):
        evaluator, function = laid(source, {("x",): 1500}, {})
        with pytest.raises(Disputed):
            evaluator.value(function, {})


FACTS = [
    "sum(y[i], i) = 1",
    "q[i] > 0",
    "x > y",
    "A[i,j] = A[j,i]",
    "a*b = 1",
    "q[2] > 0",
    "q[1] > q[2]",
    "x != 0",
]


@pytest.mark.parametrize("fact", FACTS)
def test_points_keep_declared_facts(fact: str) -> None:
    text, random, kept = parse(re.sub("[=!>]+", "-", fact)), Random(5), 0
    for _ in range(20):
        axes = Axes()
        axes.text(text)
        facts = Facts((fact,), axes)
        with mp.workdps(DIGITS):
            point = drawn(text, axes, random, facts)
            if point is not None:
                kept += 1
                assert facts.made(Evaluator(text, axes, point))
    assert kept >= 5


def test_a_failure_is_cut_down() -> None:
    text = "p[i] = exp(z[i]); u = 3; sum(p[k]*log(2 + z[k]**2), (k, 1, K)) + u"
    assert shrunk(text, lambda t: "log" in t) == "log(1)"


def test_laws_keep_the_value_and_breaks_change_the_text() -> None:
    text, random = "sum(exp(z[k])*(a + tanh(z[k])), (k, 1, K))/(1 + a**2)", Random(3)
    values = vector("z", 1, -0.5, 2) | {("a",): -1.5}
    with mp.workdps(DIGITS):
        evaluator, function = laid(text, values, {"K": 3})
        value = evaluator.value(function, {})
        for _ in range(200):
            claim = rewritten(text, {"S": ("a",)}, random).text
            there, function = laid(claim, values, {"K": 3})
            assert abs(there.value(function, {}) - value) < CLOSE, claim
    made = {c.text for _ in range(50) if (c := broken(text, ("j",), random)) is not None}
    assert len(made) > 8
    assert text not in made


def test_every_pretender_is_1_somewhere_else() -> None:
    assert {p.kind for p in PRETENDERS} > {"later sizes", "sign", "far", "tiny", "domain"}
    with mp.workdps(DIGITS):
        for pretender in PRETENDERS:
            if pretender.kind in ("tiny", "domain"):
                continue
            text, random, ones = parse(pretender.term.replace("Y[", "y[")), Random(7), 0
            axes = Axes({"V": ("K",), "y": ("N",)})
            axes.text(text)
            for _ in range(60):
                point = drawn(text, axes, random, place=Place(random.choice(("positive", "whole"))))
                assert point is not None
                try:
                    value = Evaluator(text, axes, point).value(text.function, {})
                    ones += abs(value - 1) < CLOSE
                except NoValue:
                    continue
            assert ones > 0, pretender.term
