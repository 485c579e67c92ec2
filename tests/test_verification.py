"""Verification: the table holds, finds what is wrong, and says where."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import functions
from symderiv.emit.accuracy import ACCURACY, OPERATIONS, Bound, stated
from symderiv.mistakes import Mistake
from symderiv.reader import read
from symderiv.verification import Line, Report, check_user_function, verify
from symderiv.verification import report as table
from symderiv.verification.atoms import ATOMS
from symderiv.verification.checks import CHECKS
from symderiv.verification.elementwise import ELEMENTWISE
from symderiv.verification.exact import Exact, exp, ulps
from symderiv.verification.far import logits_of
from symderiv.verification.formula import Formula
from symderiv.verification.formulas import programs_of
from symderiv.verification.matrices import STEP
from symderiv.verification.measures import SUM
from symderiv.verification.quiet import quietly
from symderiv.verification.rounding import RoundedFormula

Array = np.ndarray[Any, Any]


@pytest.fixture(scope="module")
def report() -> Report:
    told: list[float] = []
    made = verify(
        ["softmax-jacobian", "cross_entropy_and_gradient", "sigmoid", "hinge_gradient"],
        lambda what, share: told.append(share),
    )
    assert told == sorted(told)
    assert told[-1] == 1
    return made


def test_every_bound_holds(report: Report) -> None:
    assert report.holds, report.text()
    assert {line.precision for line in report.lines} == {"float64", "float32"}
    assert {line.function.split(",")[0] for line in report.lines} == {
        "softmax_jacobian",
        "cross_entropy_and_gradient",
        "sigmoid",
        "hinge_gradient",
    }
    assert any(line.against == "derivative by complex step" for line in report.lines)
    assert all(line.points >= 3 for line in report.lines)


def test_report_as_text_and_json(report: Report) -> None:
    data = json.loads(json.dumps(report.as_json()))
    assert data["holds"] is True
    assert len(data["lines"]) == len(report.lines)
    assert "every bound holds" in report.text()
    bad = Line("f", "float64", "mpmath", 3, float("inf"), "ulp", "z = (1, 2)", 5)
    failed = Report((*report.lines, bad))
    assert not failed.holds
    assert "FAILS" in failed.text()
    assert json.loads(json.dumps(failed.as_json()))["lines"][-1]["worst"] is None


def test_every_function_is_known_to_verify() -> None:
    with pytest.raises(Mistake, match="softmax_jacobian"):
        verify(["softmax_jacobain"])


@pytest.mark.parametrize(
    ("computed", "exact", "far"),
    [
        (1.0, mpmath.mpf(1), 0),
        (1 + 2**-52, mpmath.mpf(1), 1),
        (0.0, mpmath.mpf(2) ** -1080, 2**-6),
        (np.inf, mpmath.mpf(10) ** 400, 0),
        (1e308, mpmath.mpf(10) ** 400, np.inf),
        (np.nan, mpmath.mpf(1), np.inf),
        (np.inf, mpmath.mpf("inf"), 0),
        (-np.inf, mpmath.mpf("inf"), np.inf),
    ],
)
def test_ulps(computed: float, exact: Any, far: float) -> None:
    found = ulps(computed, exact, np.float64)[0]
    assert found == far or (far == 2**-6 and found < 1)


def test_the_exact_values_are_those_of_the_definition() -> None:
    with mpmath.workdps(60):
        x = Exact(np.array([40.0, 0, 0.3]))
        assert abs(mpmath.fsum(x.p) - 1) < mpmath.mpf(10) ** -58
        assert abs(x.q[0] - (x.p[1] + x.p[2])) < mpmath.mpf(10) ** -75
        assert abs(mpmath.fsum(x.gradient(0))) < mpmath.mpf(10) ** -58


def test_the_value_of_a_formula() -> None:
    problem = read(
        "p[i] = exp(z[i])/sum(exp(z[k]), k); sum(p[i]*z[i], i) - log(p[y])", wrt=("z[j]",)
    )
    formula = Formula(problem, {"z": [0, 0], "y": 1}, {"K": 2})
    assert abs(formula.value(problem.function, {}) - mpmath.log(2)) < 1e-14


@pytest.mark.parametrize(
    ("formula", "given", "naive"),
    [
        ("x - y", {"x": 1.1, "y": 1.0}, lambda x, y: x - y),
        ("(x + y) - x", {"x": 3e7, "y": 0.1}, lambda x, y: (x + y) - x),
        ("log(1 + exp(x*y))", {"x": -7.3, "y": 3.1}, lambda x, y: np.log(1 + np.exp(x * y))),
        ("exp(x)/(exp(x) + exp(y))", {"x": 9.7, "y": 3.0}, lambda x, y: 1 / (1 + np.exp(y - x))),
        ("(1 - x**2)*sqrt(y)", {"x": 0.999, "y": 2.7}, lambda x, y: (1 - x * x) * np.sqrt(y)),
        ("sin(x*y)**2 - tanh(x/y)", {"x": 11.3, "y": 0.7},
         lambda x, y: np.sin(x * y) ** 2 - np.tanh(x / y)),
    ],
)  # fmt: skip
def test_rounding_stays_within_what_the_operations_may_lose(
    formula: str, given: dict[str, float], naive: Any
) -> None:
    problem = read(formula, wrt=("x",))
    with mpmath.workdps(60):
        rounded = RoundedFormula(problem, given, {}).value(problem.function, {})
        plain = Formula(problem, given, {}).value(problem.function, {})
        assert rounded.value == plain
        lost = abs(naive(**{k: np.float64(v) for k, v in given.items()}) - plain) * 2**53
    assert lost <= 2 * rounded.lost
    assert rounded.lost <= 1e12 * abs(plain)


def test_one_operation_loses_one_rounding_and_a_difference_what_its_terms_lost() -> None:
    problem = read("x*y - x*y", wrt=("x",))
    lost = RoundedFormula(problem, {"x": 3.0, "y": 5.0}, {}).value(problem.function, {}).lost
    assert lost == 15 + 15 + 15 + 15  # each product its own, and the sum those of its two terms


def test_what_is_stated_is_what_is_verified() -> None:
    """Docstrings say the bounds of the very checks that are in the table, and none besides."""
    checked: dict[str, list[Bound]] = {}
    pairs = [(c.function, c.bound) for c in (*CHECKS, *ATOMS)]
    for function, bound in (*pairs, *((e.function, e.bound) for e in ELEMENTWISE)):
        if bound not in (SUM, STEP) and bound not in checked.get(function, []):
            checked.setdefault(function, []).append(bound)
    for name in functions.__all__:
        doc = " ".join((getattr(functions, name).__doc__ or "").split())
        said = re.split(r"\. (?:Memory:|Raises)", doc.partition("Accuracy: ")[2])[0]
        assert said == stated(tuple(checked.get(name, [OPERATIONS]))), name
    used = {bound for bounds in checked.values() for bound in bounds}
    assert used == {bound for bounds in ACCURACY.values() for bound in bounds}


def test_the_verdict_is_by_the_bound_of_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = [c for c in CHECKS if c.function == "softmax" and not c.part]
    for ulp, holds in ((5.0, True), (0.01, False)):
        monkeypatch.setattr(table, "CHECKS", [replace(c, bound=Bound(ulp)) for c in plain])
        lines = verify(["softmax"]).lines
        assert len(lines) == 2
        assert all(line.bound == ulp and line.holds == holds for line in lines)


def test_a_warning_and_a_lost_digit_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    right = functions.quadratic_form

    def warns(x: Array, A: Array) -> Array:
        np.log(np.zeros(1))
        return right(x, A)  # type: ignore[no-any-return]

    monkeypatch.setattr(functions, "quadratic_form", warns)
    line = verify(["quadratic_form"]).lines[0]
    assert not line.holds
    assert "it warns: divide by zero" in line.where
    monkeypatch.setattr(functions, "quadratic_form", lambda x, A: right(x, A) * (1 + 1e-13))
    line = verify(["quadratic_form"]).lines[0]
    assert not line.holds
    assert line.worst > 8


def test_quiet_calls() -> None:
    assert quietly(lambda: np.exp(np.array([-1000.0])))[1] == ""  # to underflow is to be exact
    assert "overflow" in quietly(lambda: np.exp(np.array([1000.0])))[1]


# -- a user's own ------------------------------------------------------------------------------


def probabilities(z: Array) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)  # type: ignore[no-any-return]


def one_row(z: Array, y: int) -> Array:
    """The usual gradient, of one row only."""
    p = probabilities(z)
    p[y] -= 1
    return p


def batched(z: Array, y: Array) -> Array:
    p = probabilities(z)
    p[np.arange(len(y)), y] -= 1
    return p


def raises(*_: Array) -> Array:
    raise RuntimeError("no luck")


def exits(*_: Array) -> Array:
    raise SystemExit(3)


def prints(z: Array, y: int) -> Array:
    print("noise")
    return functions.cross_entropy_gradient(z, y)  # type: ignore[no-any-return]


def mutates(z: Array, y: int) -> Array:
    right = functions.cross_entropy_gradient(z, y)
    z -= z.max()
    return right  # type: ignore[no-any-return]


class Tensor:
    """What other libraries return: something that NumPy can read, or will not."""

    def __init__(self, array: Array, detached: bool) -> None:
        self.array, self.detached = array, detached

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        if not self.detached:
            raise RuntimeError("use detach() first")
        return self.array


def right(z: Array, y: int) -> Array:
    return functions.cross_entropy_gradient(z, y)  # type: ignore[no-any-return]


def test_our_own_function_passes() -> None:
    check = check_user_function(functions.cross_entropy_gradient, "cross-entropy")
    assert check.holds
    assert check.computes == "cross_entropy_gradient"
    assert check.worst.error < 1e-15
    assert "right to 15 digits or more at every kind of input" in check.text()


@pytest.mark.parametrize(
    ("function", "convention"), [(one_row, "one row"), (batched, "a batch of two equal rows")]
)
def test_the_usual_gradient_is_found_where_it_loses_all(function: Any, convention: str) -> None:
    check = check_user_function(function, "cross-entropy")
    assert not check.holds
    assert check.convention == f"called with {convention}"
    assert check.worst.error == pytest.approx(1)
    assert check.ordinary is None
    assert "worst: z = np.array([37.43, 0.0]); y = 0" in check.text()
    good = [f for f in check.findings if f.kind == "scale 1, offset 0"]
    assert good[0].error < 1e-14
    assert json.loads(json.dumps(check.as_json()))["holds"] is False


def test_the_input_that_shows_it_can_be_pasted() -> None:
    def far(z: Array, y: int) -> Array:
        return right(z, y) * (1.5 if np.isneginf(z).any() else 1)

    text = check_user_function(far, "cross-entropy").text()
    pasted = next(line for line in text.split("\n") if line.startswith("worst: "))
    names: dict[str, Any] = {"np": np}
    exec(pasted.removeprefix("worst: "), names)
    assert np.isneginf(names["z"]).any()
    assert isinstance(names["y"], int)


@pytest.mark.parametrize(
    ("function", "name", "advice"),
    [
        (lambda z, y: probabilities(z), "cross-entropy", "the 1 at the label is not subtracted"),
        (lambda z, y: -right(z, y), "cross-entropy", "its sign is the other way round"),
        (lambda z, y: right(z, y) / len(z), "cross-entropy", "a mean for a sum?"),
        (lambda z, y: batched(z, y) / len(z), "cross-entropy", "a mean for a sum?"),
        (lambda z, y: 2 * right(z, y), "cross-entropy", "it is 2 times what is wanted"),
        (lambda X: X.T @ X, "least_squares_hessian", ""),
        (lambda x, A: (A.T + A).T @ x, "quadratic-form", ""),
        (lambda x, A: 2 * A @ x, "quadratic-form", "quadratic_form_gradient"),
        (lambda x, w, y: functions.cross_entropy_batch_gradient(x, w, y) / 3,
         "cross-entropy-batch", "it is 0.333333 times what is wanted; a mean for a sum?"),
        (lambda a, b: np.outer(b, a), "bilinear-form", "it is the transpose of what is wanted"),
    ],
)  # fmt: skip
def test_a_mistake_shows_at_an_ordinary_input(function: Any, name: str, advice: str) -> None:
    check = check_user_function(function, name)
    assert check.holds == (not advice)
    assert advice in check.text()
    if advice and not check.everywhere:
        assert check.ordinary is not None
        assert "wrong at ordinary input" in check.text()


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (raises, "it raises RuntimeError: no luck (test_verification.py, line "),
        (exits, "it raises SystemExit: 3"),
        (lambda z: z, "it raises TypeError: "),
        (lambda z, y: None, "it returns None; is a `return` missing?"),
        (lambda z, y: (0.0, right(z, y)), "it returns a tuple of 2; one array is wanted"),
        (lambda z, y: right(z, y)[None, None], "it returns shape (1, 1, 2), where (2,) is right"),
        (lambda z, y: right(z, y) + 0j, "complex128; real numbers are wanted"),
        (lambda z, y: Tensor(right(z, y), False), "it returns Tensor, which is no array of "
         "numbers: use detach() first"),
        (lambda z, y: object(), "real numbers are wanted"),
    ],
)  # fmt: skip
def test_what_is_wrong_at_every_point_is_one_sentence(function: Any, said: str) -> None:
    check = check_user_function(function, "cross-entropy")
    assert not check.holds
    text = check.text()
    assert f"wrong at every point: {said}" in text or said in text.split("\n")[2]
    assert len(text.split("\n")) == 4
    assert json.loads(json.dumps(check.as_json()))["everywhere"]


@pytest.mark.parametrize(
    ("function", "note"),
    [
        (prints, "it prints"),
        (mutates, "it changes its argument z"),
        (lambda z, y: right(z, y).tolist(), ""),
        (lambda z, y: Tensor(right(z, y), True), ""),
    ],
)
def test_what_is_noticed_besides(
    function: Any, note: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check = check_user_function(function, "cross-entropy")
    assert check.holds
    assert capsys.readouterr().out == ""
    assert list(check.notes) == ([note] if note else [])


def test_single_precision_is_noticed() -> None:
    check = check_user_function(lambda z, y: right(z, y).astype(np.float32), "cross-entropy")
    assert check.notes == ("it returns float32 for float64",)
    assert check.ordinary is None


def test_nan_is_named() -> None:
    check = check_user_function(lambda z, y: right(z, y) * np.nan, "cross-entropy")
    assert "gives nan" in check.text()
    assert "\nand " in check.text()  # six kinds, the rest counted
    assert check.as_json()["findings"][0]["error"] is None


@pytest.mark.parametrize(
    ("function", "name", "computes", "points"),
    [
        (lambda z: probabilities(z), "softmax-value", "softmax", 200),
        (functions.hinge_gradient, "hinge", "hinge_gradient", 40),
        (functions.gelu, "gelu-value", "gelu", 300),
        (functions.silu_derivative, "silu", "silu_derivative", 300),
        (functions.cross_entropy_linear_gradient_W, "cross-entropy-linear",
         "cross_entropy_linear_gradient_W", 40),
    ],
)  # fmt: skip
def test_what_a_name_asks_for(function: Any, name: str, computes: str, points: int) -> None:
    check = check_user_function(function, name)
    assert check.holds
    assert check.computes == computes
    assert check.points >= points


def test_the_tail_of_gelu() -> None:
    def gelu(x: Array) -> Array:
        return np.array([t * (1 + math.erf(t / math.sqrt(2))) / 2 for t in x])

    check = check_user_function(gelu, "gelu-value")
    assert not check.holds
    assert check.worst.kind == "|x| over 3"
    assert check.ordinary is None


@pytest.mark.parametrize("name", ["label_smoothing_gradient", "entropy_gradient"])
def test_logits_at_the_ends_of_the_floats_are_tried(name: str) -> None:
    """An own function that shifts, exponentiates and divides fails there, and ours does not."""
    ours = check_user_function(getattr(functions, name), name)
    assert ours.holds, ours.text()
    kinds = {f.kind for f in ours.findings}
    assert {"±1e308", "±1e307", "-inf", "-inf and 1e308", "far apart"} <= kinds

    def plain(*given: Array) -> Array:
        return getattr(functions, name)(*given) + 0 * np.exp(given[0])  # type: ignore[no-any-return]

    theirs = check_user_function(plain, name)
    assert {f.kind for f in theirs.findings if f.error > 1} == {
        "±1e308", "±1e307", "-inf and 1e308", "far apart"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arrays"),
    [
        ("softmax_with_temperature", {"z"}),
        ("cross_entropy_linear", {"b"}),
        ("binary_cross_entropy_gradient", {"z"}),
        ("two_layer", {"b"}),
        ("cross_entropy_weights", set()),
        ("layer_normalisation", set()),
    ],
)
def test_which_arrays_are_logits(name: str, arrays: set[str]) -> None:
    assert logits_of(programs_of([name])[name]) == arrays


@pytest.mark.parametrize(
    ("x", "value", "lost"),
    [
        ("-inf", 0, 1),  # an infinity is exact, and what it vanishes in loses nothing by it
        ("1e308", mpmath.inf, mpmath.inf),  # 60 digits are too few for 1 - s
        ("-1e308", 0, None),
    ],
)
def test_what_is_known_at_the_ends(x: str, value: Any, lost: Any) -> None:
    problem = read("-log(1 - sigmoid(x + y))", wrt=("x",))
    with mpmath.workdps(60):
        given = {"x": mpmath.mpf(x), "y": mpmath.mpf(1)}
        found = RoundedFormula(problem, given, {}).value(problem.function, {})
        assert found.value == value
        assert lost is None or found.lost == lost


@pytest.mark.parametrize("x", [2.5, 1e6 + 0.3, -1.5e8, 3.7e30, -1e300])
def test_large_exponentials(x: float) -> None:
    with mpmath.workdps(60):
        assert abs(exp(x) / mpmath.exp(x) - 1) < mpmath.mpf(10) ** -57


def test_progress_is_told() -> None:
    told: list[float] = []
    check_user_function(functions.relu, "relu-value", lambda what, share: told.append(share))
    assert told == sorted(told)
    assert len(told) > 100


@pytest.mark.parametrize(
    ("spec", "name", "named"),
    [
        ("nocolon", "softmax", "module:function"),
        ("no_such_module_here:f", "softmax", "cannot be imported"),
        ("math:nope", "softmax", "has no 'nope'"),
        ("math:pi", "softmax", "no function"),
        ("math:exp", "sofmax", "softmax"),
        ("losses.py:f", "softmax", "without .py"),
    ],
)
def test_refusals(spec: str, name: str, named: str) -> None:
    with pytest.raises(Mistake, match=named):
        check_user_function(spec, name)
