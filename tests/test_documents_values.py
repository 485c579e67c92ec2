"""Values at a point: what a page shows in numbers, against mpmath straight from the problem."""

from __future__ import annotations

import json
from functools import partial
from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv.catalogue import functions
from symderiv.cli import run
from symderiv.documents.points import said
from symderiv.documents.values import values_at
from symderiv.numbers.exact import Exact
from symderiv.terms.sizes import size_at

pytestmark = pytest.mark.usefixtures("derived_once")

Z = ["1", "-0.5", "2"]
LAYER: dict[str, Any] = {
    "W": [["1", "2"], ["3", "4"], ["0", "1"]], "x": ["1", "0.5"], "b": ["0", "0", "0.1"], "y": "2",
}  # fmt: skip
BATCH: dict[str, Any] = {
    "x": [["1", "2"], ["3", "4"], ["5", "6"]], "w": [["1", "0"], ["0", "-1"]],
    "b": ["0", "1"], "y": ["1", "2", "2"],
}  # fmt: skip

POINTS = [
    (partial(symderiv.jacobian, "softmax"), Z, {"K": 3}),
    (partial(symderiv.jacobian, "softmax"), {"z": Z}, {"K": 3}),
    (partial(symderiv.jacobian, "softmax-of-activations"), {"o": Z}, {"K": 3}),
    (partial(symderiv.jacobian, "softmax-with-temperature"), {"z": Z, "T": "0.5"}, {"K": 3}),
    (partial(symderiv.jacobian, "layer-normalisation"), {"x": Z, "e": "0.25"}, {"K": 3}),
    (partial(symderiv.gradient, "cross-entropy"), {"z": Z, "y": "3"}, {"K": 3}),
    (partial(symderiv.gradient, "cross-entropy", k=3), {"z": Z, "y": "2"}, {"K": 3}),
    (partial(symderiv.gradient, "cross-entropy", wrt="W"), LAYER, {"K": 3, "D": 2}),
    (partial(symderiv.gradient, "cross-entropy", wrt="x"), LAYER, {"K": 3, "D": 2}),
    (
        partial(symderiv.gradient, "cross-entropy", wrt="W", batch="mean"),
        BATCH,
        {"N": 3, "K": 2, "D": 2},
    ),
    (partial(symderiv.gradient, "silu"), {"x": "-2"}, {}),
]


def numbers(given: Any, label: bool) -> Any:
    if isinstance(given, list):
        return [numbers(each, label) for each in given]
    return int(given) - 1 if label else float(given)


@pytest.mark.parametrize(("derive", "point", "sizes"), POINTS)
def test_the_answer_is_the_derivative(derive: Any, point: Any, sizes: dict[str, int]) -> None:
    """Every entry is the difference quotient of the function, its indices those of the variable."""
    derivation = derive()
    problem = derivation.problem
    variable = problem.wrt[0]
    name = variable.base.label.name if hasattr(variable, "base") else variable.name
    named = point if isinstance(point, dict) else {name: point}
    *_, found = values_at(derivation, point).values()
    inputs = {n: numbers(v, n in problem.labels) for n, v in named.items()}
    own = variable.indices if hasattr(variable, "indices") else ()
    rest = [a for a in derivation.axes if a not in own]
    lengths = {a: sizes[str(problem.ranges[a])] for a in (*rest, *own)}
    order = derivation.axes if rest else own
    with mpmath.workdps(50):
        for places in product(*(range(1, n + 1) for n in lengths.values())):
            at = dict(zip(lengths, places, strict=True))
            where = [at[a] - 1 for a in own]
            sides = [
                Nudged(problem, inputs, sizes, name, where, by).value(problem.function, at)
                for by in (STEP, -STEP)
            ]
            value = found
            for axis in order:
                value = value[at[axis] - 1]
            assert abs((sides[0] - sides[1]) / (2 * STEP) - value) < 1e-14


STEP = mpmath.mpf(10) ** -15


class Nudged(Exact):
    """The formula with one component of one array a little off."""

    def __init__(self, problem: Any, arrays: Any, sizes: Any, name: str, at: Any, by: Any) -> None:
        super().__init__(problem, arrays, sizes)
        self.nudged, self.at, self.by = name, at, by

    def _entry(self, name: str, places: Any) -> Any:
        there = name == self.nudged and [n - 1 for n in places] == self.at
        return super()._entry(name, places) + (self.by if there else 0)


def test_a_point_in_words() -> None:
    assert said(("1", "2"), "z") == "z = (1, 2), indices from 1"
    assert said({"W": [["1", "2"]], "T": "0.5"}, "W") == "W = ((1, 2)), T = 0.5, indices from 1"
    assert said({"x": "-2"}, "x") == "x = -2"


def test_named_arrays_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["gradient", "cross-entropy", "--wrt", "W", "--at"]
    point = "W=[[1,2],[3,4],[0,1]]; x=[1,0.5]; b=[0,0,0.1]; y=2"
    assert run([*line, point]) == 0
    out = capsys.readouterr().out
    assert "At W = ((1, 2), (3, 4), (0, 1)), x = (1, 0.5), b = (0, 0, 0.1), y = 2, indices" in out
    assert "⎢ −0.058438  −0.029219 ⎥" in out
    assert run([*line, point, "--format", "json"]) == 0
    values = json.loads(capsys.readouterr().out)["values"]
    assert [len(row) for row in values["∇"]] == [2, 2, 2]
    assert run([*line, point, "--format", "latex"]) == 0
    assert f"--at '{point}'" in capsys.readouterr().out.split("\n")[0]


@pytest.mark.parametrize("kind", ["gradient", "jacobian", "hessian"])
def test_every_printed_entry_is_the_answer_there(kind: str) -> None:
    """At K = 3, with the label open and chosen: each cell beside the closed form, in numbers."""
    looked = 0
    for function in functions().values():
        if not isinstance(function.define, str) or kind not in {
            d.kind for d in function.derivatives
        }:
            continue
        for target in (None, 2):
            try:
                derivation = getattr(symderiv, kind)(function.name, k=3, target=target)
            except symderiv.Mistake:
                continue  # nothing to choose
            axes = derivation.axes
            sizes = {str(s): 2 for shape in derivation.problem.shapes.values() for s in shape}
            sizes["K"] = 3
            if not axes or any(not s.is_Integer and str(s) != "K" for a in axes
                               for s in [derivation.problem.ranges[a]]):  # fmt: skip
                continue
            rng = np.random.default_rng(4)
            given = {
                name: rng.uniform(0.2, 0.9, [size_at(s, sizes) for s in shape])
                for name, shape in derivation.problem.shapes.items()
            }
            scalars = {s.name for s in derivation.problem.function.free_symbols}
            given |= {n: np.float64(0.6) for n in (*scalars, "e", "T", "a", "r") if n not in given}
            for y in (0, 1, 2) if derivation.problem.labels else (0,):
                given |= dict.fromkeys(derivation.problem.labels, np.asarray(y))
                if derivation.problem.labels and target is not None and y != target - 1:
                    continue
                exact = Exact(derivation.problem, given, sizes)
                for places in product((1, 2, 3), repeat=len(axes)):
                    at = dict(zip(axes, places, strict=True))
                    cell = exact.value(derivation.entry(*places), {})
                    whole = exact.value(derivation.answer, at)
                    assert abs(cell - whole) < 1e-12, (function.name, target, y, places)
                    looked += 1
    assert looked > 20


@pytest.mark.parametrize(
    ("formula", "x", "slope"),
    [
        ("-log(1 - sigmoid(-x)**2)", "-1000", -1),
        ("-log(1 - (1 - sigmoid(x))**2)", "-1000", -1),
        ("log(1 - tanh(x))", "500", -2),
        ("log(1/(1 - sigmoid(x)))", "200", 1),
    ],
)
def test_what_is_left_of_1_is_not_0_for_want_of_digits(formula: str, x: str, slope: int) -> None:
    *_, found = values_at(symderiv.derive(formula, wrt="x"), [x]).values()
    assert found == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize(
    ("formula", "x", "what"),
    [
        ("log(x)", "0", "the function"),
        ("log(x)", "-1", "the function"),  # where 1/x is a number, and the derivative of nothing
        ("1/x", "0", "the function"),
        ("sqrt(x)", "0", "the derivative"),
        ("sin(x)/x", "0", "the function"),
        ("asin(x)", "2", "the function"),
        ("s = sqrt(x - 3); s**4", "0", "s"),  # (x - 3)**2 is real, by way of what is not
    ],
)
def test_where_there_is_no_value_that_is_said(formula: str, x: str, what: str) -> None:
    said_so = f"at x = {x}: {what} has no value there that is a finite real number"
    with pytest.raises(symderiv.SymderivError, match=said_so):
        values_at(symderiv.derive(formula, wrt="x"), [x])


@pytest.mark.parametrize(
    ("formula", "x", "what"),
    [("exp(exp(exp(x)))", "9", "function"), ("10**x", "400", "derivative")],
)
def test_what_no_float_holds_is_said(formula: str, x: str, what: str) -> None:
    with pytest.raises(symderiv.SymderivError, match=f"the {what} is beyond all floats there"):
        values_at(symderiv.derive(formula, wrt="x"), [x])


def test_a_recurrence_has_values_at_a_point() -> None:
    """Beside differences of the recurrence, worked out step by step."""
    text = "h[0]=1; h[t] = tanh(w*h[t-1]+x[t]); sum(h[t]**2,t)"
    given = {"w": "0.5", "x": ["1", "2", "3"]}
    *_, found = values_at(symderiv.derive(text, wrt="w"), given).values()

    def loss(w: mpmath.mpf) -> mpmath.mpf:
        h, total = mpmath.mpf(1), mpmath.mpf(0)
        for x in (1, 2, 3):
            h = mpmath.tanh(w * h + x)
            total += h**2
        return total

    with mpmath.workdps(50):
        slope = (loss(mpmath.mpf(0.5) + STEP) - loss(mpmath.mpf(0.5) - STEP)) / (2 * STEP)
    assert found == pytest.approx(float(slope), rel=1e-13)


@pytest.mark.parametrize("steps", [5, 300])
def test_a_size_that_no_array_shows_is_given_with_the_point(steps: int) -> None:
    text = f"h[0]=c; h[t]=a*h[t-1]+b; h[{steps}]"
    derivation = symderiv.derive(text, wrt="a")
    given = {"a": "0.99", "b": "1", "c": "2"}
    *_, found = values_at(derivation, {**given, "T": str(steps)}).values()
    h, slope = 2.0, 0.0
    for _ in range(steps):
        h, slope = 0.99 * h + 1, h + 0.99 * slope
    assert found == pytest.approx(slope, rel=1e-12)
    for lacking, said_so in (({}, "more than the point: T;"), ({"T": "2.5"}, "T: a size is a")):
        with pytest.raises(symderiv.SymderivError, match=said_so):
            values_at(derivation, {**given, **lacking})


def test_the_end_of_a_sum_is_given_with_the_point() -> None:
    power = symderiv.derive("sum(x**i, (i, 1, N))", wrt="x")
    *_, found = values_at(power, {"x": "2", "N": "4"}).values()
    assert found == sum(i * 2 ** (i - 1) for i in range(1, 5))
    for given, said_so in (({"x": "2", "N": "0"}, "from 1 to 1000"), ({"x": "2"}, "point: N;")):
        with pytest.raises(symderiv.SymderivError, match=said_so):
            values_at(power, given)
    cubes = symderiv.derive("sum(x[i]**3, (i, 1, N))", wrt="x[j]")
    with pytest.raises(symderiv.SymderivError, match="N = 3 there, and 2 elsewhere"):
        values_at(cubes, {"x": ["1", "2"], "N": "3"})


@pytest.mark.parametrize(
    ("formula", "x", "slope"),
    [("x**3", "-2", 12), ("cbrt(x)", "-8", 1 / 12), ("-x*tanh(60) + x", "1", 1.5335296147444e-52)],
)
def test_where_there_is_a_value_it_is_shown(formula: str, x: str, slope: float) -> None:
    (found,) = values_at(symderiv.derive(formula, wrt="x"), [x]).values()
    assert found == pytest.approx(slope, rel=1e-12)
