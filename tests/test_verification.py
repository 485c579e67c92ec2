"""Verification: the table holds, finds what is wrong, and says where."""

from __future__ import annotations

import json
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import functions
from symderiv.mistakes import Mistake
from symderiv.reader import read
from symderiv.verification import Line, Report, check_user_function, verify
from symderiv.verification.exact import Exact, ulps
from symderiv.verification.formula import Formula

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
