"""Entries of rows changed in place: no other line sees it, whatever the order and the batch."""

from __future__ import annotations

import ast
import inspect
from itertools import product
from typing import Any

import numpy as np
import pytest

import symderiv
from symderiv.emit.family import family
from symderiv.emit.module import callable_of, file_of
from symderiv.verification.tried import Trial, check

pytestmark = pytest.mark.usefixtures("derived_once")

P = "p[i] = exp(z[i])/sum(exp(z[k]),k); "
# A label once, twice, and two of them; exponentials that are needed after an entry was taken out.
FORMULAS = [
    ("-log(softmax(z)[y])", "z[j]"),
    (P + "-log(p[y])", "z[j]"),
    (P + "-(1 - p[y])**2*log(p[y])", "z[j]"),
    (P + "-log(p[y]) - log(1 - p[y])", "z[j]"),
    (P + "-log(p[y]) - log(p[t])", "z[j]"),
    (P + "-log(p[y])*log(p[t])", "z[j]"),
    (P + "-log(p[y]) + sum(p[k]**2, k)", "z[j]"),
    (P + "p[y]*sum(p[k]*w[k], k) - log(p[y])", "z[j]"),
    (P + "-log(p[y]) - sum(p[k]*log(p[k]), k)", "z[j]"),
    (P + "-log(p[y]) + sum(exp(z[k])*w[k], k)", "z[j]"),
    (P + "-a*log(p[y]) + w[y]*p[y]", "z[j]"),
    ("z[i] = sum(W[i,d]*x[d],d) + b[i]; " + P + "-log(p[y])", "x[c]"),
    ("z[i] = sum(W[i,d]*x[d],d); " + P + "-log(p[y]) - log(p[t])", "W[k,c]"),
    ("x[y]*sum(exp(x[k]),k) + x[t]", "x[j]"),
    ("log(sum(exp(x[k]),k)) - x[y]*x[t]", "x[j]"),
]
SHAPES = [((), ()), ((3,), ()), ((), (3,)), ((2, 1), (3,)), ((1,), (2, 3)), ((0,), ()), ((), (0,))]


def functions(define: str, wrt: str) -> list[Any]:
    made, trial = [], Trial()
    for member in family(symderiv.derive(define, wrt=wrt), "f"):
        function = callable_of(member.program)
        check(function, member.program, trial)
        made.append((function, member.program))
    return made


@pytest.mark.parametrize(("define", "wrt"), FORMULAS)
def test_a_batch_is_its_rows_however_it_is_spread(define: str, wrt: str) -> None:
    random = np.random.default_rng(4)
    for function, program in functions(define, wrt):
        floats = [n for n in program.inputs if n not in program.labels]
        labels = [n for n in program.inputs if n in program.labels]
        for n, (lead, other) in enumerate(product([s for s, _ in SHAPES], [s for _, s in SHAPES])):
            try:
                batch = np.broadcast_shapes(lead, other)
            except ValueError:
                continue
            given = {}
            for m, name in enumerate(floats):
                own = lead if (m + n) % 2 == 0 or len(floats) == 1 else ()
                sizes = [{"K": 4}.get(str(s), 2) for s in program.shape(name)]
                given[name] = 5 * random.normal(size=(*own, *sizes))
            for m, name in enumerate(labels):
                given[name] = random.integers(0, 4, other if (m + n) % 2 == 0 else ())
            leads = [a.shape[: a.ndim - len(program.shape(name))] for name, a in given.items()]
            batch = np.broadcast_shapes(*leads)
            before = {name: a.copy() for name, a in given.items()}
            found = function(**given)
            for name, a in given.items():
                np.testing.assert_array_equal(a, before[name])
            several = found if isinstance(found, tuple) else (found,)
            for value in several:
                assert value.shape[: len(batch)] == batch
            for place in np.ndindex(*batch):
                row = {
                    name: np.broadcast_to(a, (*batch, *a.shape[len(own) :]))[place]
                    for (name, a), own in zip(given.items(), leads, strict=True)
                }
                one = function(**row)
                rows = one if isinstance(one, tuple) else (one,)
                for value, right in zip(several, rows, strict=True):
                    atol = 1e-12 if "W" in given else 1e-300  # terms of a sum may cancel
                    np.testing.assert_allclose(value[place], right, rtol=1e-12, atol=atol)


# What is asked of arguments, in a short file and in one of many functions.
WRONG: list[tuple[dict[str, Any], type[Exception] | tuple[type[Exception], ...], str]] = [
    ({"W": [["a", "b"]]}, TypeError, "real numbers|could not be promoted"),
    ({"W": [[1j, 2], [3, 4], [5, 6]]}, TypeError, "^W takes real numbers"),
    ({"x": [None, 1.0]}, TypeError, "^x takes real numbers"),
    ({"W": [1.0, 2.0]}, ValueError, r"^W takes .*not.* \(2,\)"),
    ({"x": 1.0}, ValueError, r"^x takes .*2.*, not.* \(\)"),
    ({"x": [1.0]}, ValueError, r"^x takes .*2.*, not.* \(1,\)"),
    ({"b": [1.0]}, ValueError, r"^b takes .*3.*, not.* \(1,\)"),
    ({"y": 3}, IndexError, "y takes integers from 0 to 2"),
    ({"y": -1}, IndexError, "y takes integers from 0 to 2"),
    ({"y": [0, 1, 5]}, IndexError, "y takes integers from 0 to 2"),
    ({"y": 1.0}, (TypeError, IndexError), "y takes integers from 0 to 2"),
    ({"y": True}, (TypeError, IndexError), "y takes integers from 0 to 2"),
    ({"y": "1"}, (TypeError, IndexError), "y takes integers from 0 to 2"),
    ({"x": np.ones((3, 2)), "y": [0, 1]}, ValueError, r"\(3,\).*\(2,\)"),
]


@pytest.mark.parametrize("strict", [False, True], ids=["short", "strict"])
@pytest.mark.parametrize(("wrong", "error", "said"), WRONG, ids=lambda v: str(v)[:40])
def test_what_does_not_fit_is_said(
    wrong: dict[str, Any],
    error: type[Exception] | tuple[type[Exception], ...],
    said: str,
    strict: bool,
) -> None:
    names = made(strict)
    given = {"W": [[1.0, 2], [3, 4], [5, 6]], "x": [1.0, 2], "b": [0.0, 0, 0], "y": 1, **wrong}
    for name in ("L", "L_gradient", "L_value_and_gradient"):
        with pytest.raises(error, match=said):
            names[name](**given)


SQUARE = {"A": np.ones((3, 3)), "x": np.ones(3)}
UNEQUAL: list[tuple[dict[str, Any], str]] = [
    ({"A": np.ones((2, 3))}, r"\(2, 3\)"),
    ({"A": np.ones((3, 2))}, r"\(3, 2\)"),
    ({"A": np.ones((2, 2))}, r"\(2, 2\)|\(3,\)"),
    ({"A": np.ones(3)}, r"\(3,\)"),
    ({"A": 1.0}, r"\(\)"),
    ({"x": np.ones((3, 1))}, r"\(3, 1\)|\(3, 3\)"),
    ({"x": np.ones(1)}, r"\(1,\)|\(3, 3\)"),
]


@pytest.mark.parametrize("strict", [False, True], ids=["short", "strict"])
@pytest.mark.parametrize(("wrong", "said"), UNEQUAL, ids=lambda v: str(v)[:40])
def test_one_size_of_two_axes_is_one(wrong: dict[str, Any], said: str, strict: bool) -> None:
    """Nothing of length 1 is spread along an axis, which NumPy would do in silence."""
    answer = symderiv.derive("sum(x[i]*A[i,j]*x[j], i, j)", wrt="x[k]")
    names: dict[str, Any] = {}
    exec(file_of([m.program for m in family(answer, "q")], "q", strict=strict), names)
    assert names["q"](**SQUARE) == 9
    for name in ("q", "q_gradient", "q_value_and_gradient"):
        with pytest.raises(ValueError, match=said):
            names[name](**{**SQUARE, **wrong})


@pytest.mark.parametrize("strict", [False, True], ids=["short", "strict"])
def test_a_size_that_is_a_number_is_held_to_it(strict: bool) -> None:
    answer = symderiv.derive("sum(a[i]*x[i]**2, (i, 1, 4))", wrt="x[j]")
    names: dict[str, Any] = {}
    exec(file_of([m.program for m in family(answer, "q")], "q", strict=strict), names)
    assert names["q"](np.ones(4), np.ones((2, 4))).tolist() == [4.0, 4.0]
    for a, x in ((3, 4), (4, 3), (3, 3), (4, 1), (1, 1)):
        with pytest.raises(ValueError, match=r"takes.*4"):
            names["q"](np.ones(a), np.ones(x))


def made(strict: bool) -> dict[str, Any]:
    answer = symderiv.derive(
        "z[i] = sum(W[i,d]*x[d],d) + b[i]; L = -log(softmax(z)[y])", wrt="W[k,c]"
    )
    programs = [m.program for m in family(answer, "L", short=True)]
    names: dict[str, Any] = {}
    exec(file_of(programs, "L", strict=strict), names)
    return names


@pytest.mark.parametrize("strict", [False, True], ids=["short", "strict"])
def test_types_of_arguments(strict: bool) -> None:
    loss = made(strict)["L"]
    W, x, b = np.ones((3, 2)), np.array([1, 2]), [0.0, 0, 0]
    assert loss(W.astype(np.float32), x.astype(np.float32), np.zeros(3, np.float32), 0).dtype == (
        np.float32
    )
    for y in (0, np.int8(1), np.uint64(2), np.array(1)):
        assert loss(W, x, b, y) == pytest.approx(np.log(3), rel=1e-13)
    assert loss(W, x > 1, b, 0).dtype == np.float64
    assert loss(W, x, b, np.zeros((2, 3), np.uint8)).shape == (2, 3)


def test_an_entrance_that_one_function_has_is_written_out_in_it() -> None:
    answer = symderiv.derive("log(sum(exp(z[k]),k))", wrt="z[j]")
    (value, *others) = (m.program for m in family(answer, "f"))
    alone = ast.parse(file_of([value], "f")).body
    together = ast.parse(file_of([value, *others], "f")).body
    assert "_arguments" not in {f.name for f in alone if isinstance(f, ast.FunctionDef)}
    assert "_arguments" in {f.name for f in together if isinstance(f, ast.FunctionDef)}


@pytest.mark.parametrize("names", [("at", "a"), ("e", "one"), ("rest", "dtype1"), ("a", "at_y")])
def test_no_name_of_a_users_is_taken_for_a_place(names: tuple[str, str]) -> None:
    z, y = names
    define = f"-log(exp({z}[{y}])/sum(exp({z}[k]),k)) + {z}[t]"
    for function, program in functions(define, f"{z}[j]"):
        given = {z: np.array([1.0, 2.0, 4.0]), y: 1, "t": 0}
        names_of = inspect.signature(function).parameters
        found = function(**{n: v for n, v in given.items() if n in names_of})
        if len(program.results) == 1 and not program.axes[0]:
            assert found == pytest.approx(np.log(np.exp(given[z]).sum()) - 2 + 1, rel=1e-13)
