"""Verification: the table holds, finds what is wrong, and says where."""

from __future__ import annotations

import json
import re
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import functions
from symderiv.mistakes import Mistake
from symderiv.reader import read
from symderiv.verification import Line, Report, check_user_function, verify
from symderiv.verification.checks import CHECKS
from symderiv.verification.elementwise import ELEMENTWISE
from symderiv.verification.exact import Exact, ulps
from symderiv.verification.formula import Formula
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


def test_every_stated_bound_is_verified() -> None:
    """What a docstring states is in the table, with the bound that it states or a smaller one."""
    checked: dict[str, list[float]] = {}
    for check in (*CHECKS, *ELEMENTWISE):
        checked.setdefault(check.function, []).append(check.bound)
    for name in functions.__all__:
        doc = " ".join((getattr(functions, name).__doc__ or "").split())
        said = doc.partition("Accuracy: ")[2].partition(". Raises")[0]
        bounds = [float(n) for n in re.findall(r"(?<![_>/.\d])\b([1-9])\b(?!/)", said)]
        if "ulp" in said:
            assert name in checked, f"{name} states {said!r}, and nothing verifies it"
            assert max(bounds) >= min(checked[name]), name


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


def naive(z: Array, y: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p


def forgot_the_label(z: Array, y: int) -> Array:
    return functions.softmax(z)  # type: ignore[no-any-return]


def raises(z: Array) -> Array:
    raise RuntimeError("no luck")


def test_our_own_function_passes() -> None:
    check = check_user_function(functions.cross_entropy_gradient, "cross-entropy")
    assert check.holds
    assert check.computes == "cross_entropy_gradient"
    assert check.worst.error < 1e-15


def test_the_usual_gradient_is_found_where_it_loses_all() -> None:
    check = check_user_function(naive, "cross-entropy")
    assert not check.holds
    assert check.convention == "called with a batch of rows"
    assert check.worst.error == pytest.approx(1)
    assert check.ordinary is None
    assert "37.43" in check.text()
    good = [f for f in check.findings if f.kind == "scale 1, offset 0"]
    assert good[0].error < 1e-14
    assert json.loads(json.dumps(check.as_json()))["holds"] is False


def test_a_mistake_shows_at_an_ordinary_input() -> None:
    check = check_user_function(forgot_the_label, "cross-entropy")
    assert check.ordinary is not None
    assert "wrong at ordinary input" in check.text()


def test_a_function_that_raises_fails() -> None:
    check = check_user_function(raises, "softmax")
    assert not check.holds
    assert "RuntimeError: no luck" in check.text()


def test_functions_without_logits_are_checked_at_random() -> None:
    check = check_user_function(functions.hinge_gradient, "hinge")
    assert check.holds
    assert check.points == 20


@pytest.mark.parametrize(
    ("spec", "name", "named"),
    [
        ("nocolon", "softmax", "module:function"),
        ("no_such_module_here:f", "softmax", "cannot be imported"),
        ("math:nope", "softmax", "has no 'nope'"),
        ("math:pi", "softmax", "no function"),
        ("math:exp", "sofmax", "softmax"),
    ],
)
def test_refusals(spec: str, name: str, named: str) -> None:
    with pytest.raises(Mistake, match=named):
        check_user_function(spec, name)
