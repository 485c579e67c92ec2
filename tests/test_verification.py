"""Verification: the oracle, the table, and somebody's own function beside exact values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv import functions
from symderiv.catalogue import library
from symderiv.mistakes import Mistake
from symderiv.reader import read
from symderiv.source import derivation_source
from symderiv.verification.exact import Exact
from symderiv.verification.matrices import Undefined
from symderiv.verification.own import check_gradient, check_user_function, computes
from symderiv.verification.report import Line, Report, verify

Array = np.ndarray[Any, Any]

# -- the oracle, against values of mpmath's own ------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "given", "sizes", "exact"),
    [
        ("x**2/3 - x", {"x": 6.0}, {}, lambda: mpmath.mpf(6)),
        ("sum(x[i]*y[i], i)", {"x": [1.0, 2], "y": [3.0, 4]}, {"K": 2}, lambda: mpmath.mpf(11)),
        ("prod(x[i], i)", {"x": [2.0, 3, 4]}, {"K": 3}, lambda: mpmath.mpf(24)),
        ("max(x[i], i) - min(x[i], i)", {"x": [2.0, -3, 4]}, {"K": 3}, lambda: mpmath.mpf(7)),
        ("-log(softmax(z)[y])", {"z": [0.0, 1], "y": 0}, {"K": 2},
         lambda: mpmath.log(1 + mpmath.e)),
        ("1 - softmax(z)[y]", {"z": [800.0, 0], "y": 0}, {"K": 2},
         lambda: 1 / (1 + mpmath.exp(800))),
        ("log(1 + exp(x))", {"x": -900.0}, {}, lambda: mpmath.exp(-900)),
        ("sum(iverson(i <= j)*x[i]*x[j], i, j)", {"x": [1.0, 2]}, {"K": 2}, lambda: mpmath.mpf(7)),
        ("sum((x[i+1] - x[i])**2, (i, 1, N-1))", {"x": [1.0, 5, 2]}, {"N": 3},
         lambda: mpmath.mpf(25)),
        ("sum(iverson(i > 1)*log(x[i]), i)", {"x": [-1.0, 1]}, {"K": 2}, lambda: mpmath.mpf(0)),
    ],
)  # fmt: skip
def test_exact_values(
    formula: str, given: dict[str, Any], sizes: dict[str, int], exact: Any
) -> None:
    problem = read(formula, library=library())
    with mpmath.workdps(60):
        right = exact()
        found = Exact(problem, given, sizes).value(problem.function, {})
        assert abs(found - right) <= abs(right) * mpmath.mpf(10) ** -50


@pytest.mark.parametrize(
    ("formula", "given"), [("log(x)", {"x": -1.0}), ("1/x", {"x": 0.0}), ("sqrt(x)", {"x": -2.0})]
)
def test_where_there_is_no_value(formula: str, given: dict[str, Any]) -> None:
    problem = read(formula)
    with pytest.raises(Undefined):
        Exact(problem, given, {}).value(problem.function, {})


# -- the table ---------------------------------------------------------------------------------


def test_every_bound_holds() -> None:
    told: list[float] = []
    names = ["softmax-jacobian", "cross_entropy_and_gradient", "sigmoid", "hinge_gradient"]
    report = verify(names, lambda what, share: told.append(share))
    assert report.holds, report.text()
    assert told == sorted(told)
    assert {line.precision for line in report.lines} == {"float64", "float32"}
    assert all(line.points >= 20 for line in report.lines)
    data = json.loads(json.dumps(report.as_json()))
    assert data["holds"] is True
    bad = Line("f", "float64", 3, float("inf"), 2e-13, "z = (1, 2)")
    failed = Report((*report.lines, bad))
    assert not failed.holds
    assert "FAILS" in failed.text()
    assert json.loads(json.dumps(failed.as_json()))["lines"][-1]["worst"] is None


@pytest.mark.parametrize("factor", [1 + 1e-11, -1.0, np.nan])
def test_a_lost_digit_fails(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    right = functions.quadratic_form
    monkeypatch.setattr(functions, "quadratic_form", lambda x, A: right(x, A) * factor)
    report = verify(["quadratic_form"])
    assert not report.lines[0].holds


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(Mistake, match="softmax_jacobian"):
        verify(["softmax_jacobain"])


# -- somebody's own ----------------------------------------------------------------------------


def probabilities(z: Array) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)  # type: ignore[no-any-return]


def one_row(z: Array, y: int) -> Array:
    p = probabilities(z)
    p[y] -= 1
    return p


def batched(z: Array, y: Array) -> Array:
    p = probabilities(z)
    p[np.arange(len(y)), y] -= 1
    return p


def unshifted(z: Array, y: int) -> Array:
    p: Array = np.exp(z) / np.exp(z).sum()
    p[y] -= 1
    return p


def raises(*_: Array) -> Array:
    raise RuntimeError("no luck")


@pytest.mark.parametrize(
    ("function", "name", "verdict", "holds"),
    [
        (functions.cross_entropy_gradient, "cross-entropy", "right to 14 digits everywhere", True),
        (one_row, "cross-entropy", "right, and loses digits at p near 1", True),
        (batched, "cross-entropy", "right, and loses digits at p near 1", True),
        (unshifted, "cross-entropy", "right at ordinary input, and wrong at", False),
        (lambda z, y: probabilities(z), "cross-entropy",
         "wrong formula: the 1 at the label is not subtracted", False),
        (lambda z, y: -one_row(z, y), "cross-entropy",
         "wrong formula: its sign is the other way round", False),
        (lambda z, y: one_row(z, y) / len(z), "cross-entropy", "a mean for a sum?", False),
        (lambda a, b: np.outer(b, a), "bilinear-form",
         "wrong formula: it is the transpose of what is wanted", False),
        (lambda z, y: one_row(z, y)[None, None], "cross-entropy",
         "wrong at every point: it returns shape (1, 1, 1), where (1,) is right", False),
        (lambda z: np.diag(probabilities(z)) - np.outer(probabilities(z), probabilities(z)),
         "softmax", "right, and loses digits at p near 1", True),
        (lambda z: np.diag(probabilities(z)) - probabilities(z)**2,
         "softmax", "wrong formula", False),
        (lambda y, z: one_row(z, y), "cross-entropy", "loses digits", True),  # by name
        (lambda x: np.maximum(x, 0), "relu-value", "right to 15 digits everywhere", True),
        (raises, "cross-entropy", "wrong at every point: it raises RuntimeError: no luck", False),
        (lambda z, y: None, "cross-entropy", "is a `return` missing?", False),
        (lambda z, y: one_row(z, y) * np.nan, "cross-entropy", "wrong formula", False),
    ],
)  # fmt: skip
def test_verdicts(function: Any, name: str, verdict: str, holds: bool) -> None:
    report = check_user_function(function, name)
    assert verdict in report.verdict
    assert report.holds is holds
    assert report.verdict in report.text()
    assert json.loads(json.dumps(report.as_json()))["holds"] is holds


def test_the_tolerance_is_what_was_asked() -> None:
    def rough(z: Array, y: int) -> Array:
        return one_row(z, y) * (1 + 1e-5)

    assert not check_gradient(rough, "cross-entropy").holds
    assert check_gradient(rough, "cross-entropy", rtol=1e-4).holds
    assert symderiv.check_gradient is check_gradient


def test_a_file_and_what_is_noticed_besides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine_here.py").write_text(
        "from symderiv.functions import relu_derivative\n"
        "def slope(x):\n    print('noise')\n    return relu_derivative(x)\n",
        encoding="utf-8",
    )
    for spec in ("mine_here:slope", "mine_here.py:slope"):
        report = check_user_function(spec, "relu")
        assert report.holds
        assert report.notes == ("it prints",)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("spec", "name", "said"),
    [
        ("nocolon", "softmax", "module:function"),
        ("no_such_module_here:f", "softmax", "cannot be imported"),
        ("nothing.py:f", "softmax", "there is no file"),
        ("math:nope", "softmax", "has no 'nope'"),
        ("math:pi", "softmax", "no function"),
        ("math:exp", "sofmax", "softmax"),
    ],
)
def test_refusals(spec: str, name: str, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        check_user_function(spec, name)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("mse", "mean_squared_error_gradient"),
        ("MSE-value", "mean_squared_error"),
        ("ce", "cross_entropy_gradient"),
        ("swish", "silu_derivative"),
        ("softmax-jacobian", "softmax_jacobian"),
    ],
)
def test_functions_are_named_as_in_the_catalogue(asked: str, meant: str) -> None:
    assert computes(asked) == meant


# -- where there is no value, in a docstring ---------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("1/x[5]", "no value at x[4] = 0 (there it is inf)"),
        ("sum(X[i,j]**2, (i,1,3), (j,1,5))/X[2,3]", "no value at X[1, 2] = 0 (there it is"),
        ("1/(x - a)", "no value at x = "),
    ],
)
def test_a_docstring_names_the_place_without_a_value(formula: str, said: str) -> None:
    letter = "X[p,q]" if "X" in formula else "x[p]" if "x[" in formula else "x"
    source = derivation_source(symderiv.derive(f"L = {formula}", wrt=letter))
    assert said in " ".join(source.split())
    assert "no value at (" not in " ".join(source.split())


def test_a_number_beyond_all_floats_is_a_value() -> None:
    source = derivation_source(symderiv.derive("L = sum(exp(x[i]*x[j]), i, j)", wrt="x[r]"))
    assert "no value" not in source
