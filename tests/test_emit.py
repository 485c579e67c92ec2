"""Emitted files: right at hard points, refused where they cannot be, and short."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv.emit.family import family
from symderiv.emit.module import callable_of
from symderiv.emit.width import unparsed
from symderiv.face.source import catalogue_source, derivation_source
from symderiv.mistakes import SymderivError
from symderiv.reader import read_claim
from symderiv.terms.verdict import Strength, Verdict
from symderiv.verification.slopes import WrongSlope
from symderiv.verification.tried import Inaccurate, Trial, check
from tests.formulas import FORMULAS

pytestmark = pytest.mark.usefixtures("derived_once")

PAGES = Path(__file__).parent / "pages"


def module(source: str, tmp_path: Path) -> Any:
    """A written file, imported as a stranger would."""
    path = tmp_path / "made.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("made", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def emitted(define: str, wrt: str, tmp_path: Path, **chosen: Any) -> Any:
    answer = symderiv.derive(define, wrt=tuple(wrt.split(";")), **chosen)
    return module(derivation_source(answer), tmp_path)


def first_derivative(made: Any) -> Any:
    ends = ("gradient", "jacobian", "derivative", "hessian")
    names = [n for n in made.__all__ if n.endswith(ends) and "_and_" not in n]
    return getattr(made, min(names, key=len))


def value(made: Any) -> Any:
    return getattr(made, min(made.__all__, key=len))


# What an independent calculation, on paper or with mpmath, says.
VALUES: list[tuple[str, str, dict[str, Any], Any, Any]] = [
    ("x[y] - sum(iverson(k == y)*x[k], k)", "x[j]", {"x": [1, 10, 100], "y": 1}, 0, [0, 0, 0]),
    ("sum((k - y)**2*x[k], k)", "x[j]", {"x": [1, 10], "y": 0.5}, 22.75, [0.25, 2.25]),
    ("x[y] + sum(iverson(k > y)*x[k], k)", "x[j]", {"x": [1, 10, 100], "y": 1}, 110, [0, 1, 1]),
    ("sum(iverson(k == y)*x[k], k)", "x[j]", {"x": [1, 10, 100], "y": 0}, 1, [1, 0, 0]),
    ("sum(iverson(k != y[n])*x[n,k], n, k)", "x[m,j]", {"x": [[1, 10], [3, 4]], "y": [0, 1]},
     13, [[0, 1], [1, 0]]),
    ("sum(delta(k,y)*x[k], k)", "x[j]", {"x": [1, 10, 100], "y": 2}, 100, [0, 0, 1]),
    ("-log(1/(1+exp(-x)))", "x", {"x": -1000}, 1000, -1),
    ("log(1+exp(x))", "x", {"x": 1000}, 1000, 1),
    ("log(1+exp(x))", "x", {"x": -700}, float(mpmath.exp(-700)), float(mpmath.exp(-700))),
    ("exp(-x)/(1+exp(-x))**2", "x", {"x": 0}, 0.25, 0),
    ("(exp(x)-exp(-x))/(exp(x)+exp(-x))", "x", {"x": -900}, -1, 0),
    ("1/cosh(x)", "x", {"x": 800}, 0, 0),
    ("x/(1+exp(-x))", "x", {"x": -1000}, 0, 0),
    ("log(exp(a)+exp(b))", "a", {"a": 1000, "b": 999},
     1000.3132616875182228, 0.73105857863000487925),
    ("sum(w[k]*exp(z[k]),k)/sum(exp(z[k]),k)", "z[j]", {"w": [1, 2], "z": [1000, 1000]},
     1.5, [-0.25, 0.25]),
    ("sum(m[k]*w[k]*exp(z[k]),k)/sum(m[k]*exp(z[k]),k)", "w[j]",
     {"m": [1, 0, 1], "w": [1, 5, 3], "z": [0, 1000, 0]}, 2, [0.5, 0, 0.5]),
    ("T*log(sum(exp(z[k]/T),k))", "z[j]", {"z": [3, 3], "T": 0.001},
     3 + 0.001 * float(mpmath.log(2)), [0.5, 0.5]),
    ("sum(exp(-(x-c[k])**2)*v[k],k)/sum(exp(-(x-c[k])**2),k)", "x",
     {"x": 100, "c": [0, 0], "v": [1, 3]}, 2, 0),
    ("prod(x[j], j)", "x[i]", {"x": [0, 2, 3]}, 0, [6, 0, 0]),
    ("prod(x[j], j)", "x[i]", {"x": [0, 0, 3]}, 0, [0, 0, 0]),
    ("sum(x[n],n)", "x[m]", {"x": [1, 10, 100]}, 111, [1, 1, 1]),
    ("sum((z[k+1]-z[k])**2,(k,1,K-1))", "z[j]", {"z": [1, 5, 2]}, 25, [-8, 14, -6]),
    ("sum((z[k+1]-z[k])**2,(k,1,K-1))", "z[j]", {"z": [7]}, 0, [0]),
    ("sum(c[i]*x**(i-1),i)", "x", {"c": [1, 2, 3], "x": 0}, 1, 2),
    ("sum(x[2*i-1]**2,(i,1,2))", "x[j]", {"x": [1, 2, 3, 4]}, 10, [2, 0, 6, 0]),
    ("x[y] + sum((1-delta(k,y))*x[k],k)", "x[j]", {"x": [1, 10], "y": 1}, 11, [1, 1]),
    ("sum(x[i,i],i)", "x[j,k]", {"x": [[1, 2], [3, 4]]}, 5, [[1, 0], [0, 1]]),
    ("prod(1-x[i]*t,i)", "t", {"x": [1, 2, 3], "t": 1}, 0, -2),
    ("prod(1-x[i]*t,i)", "t", {"x": [1, 1, 3], "t": 1}, 0, 0),
    ("prod(c*x[k],k)", "x[j]", {"c": 2, "x": [0, 1, 3]}, 0, [24, 0, 0]),
    ("sqrt(1 + prod(x[j], j)**2)", "x[i]", {"x": [0, 0, 2]}, 1, [0, 0, 0]),
    ("prod(prod(x[j]*x[k], k), j)", "x[i]", {"x": [0, 3]}, 0, [0, 0]),
    ("prod(prod(x[j]*x[k], k), j)", "x[i]", {"x": [0]}, 0, [0]),
    ("prod(prod(w[j]*x[k], k), j)", "x[i]", {"w": [2], "x": [0, 3]}, 0, [12, 0]),
    ("prod(x[k]*x[y], k)", "x[i]", {"x": [3, 0], "y": 0}, 0, [0, 27]),
    ("prod(tanh(x[k])*x[k], k)", "x[i]", {"x": [0, 2]}, 0, [0, 0]),
    ("prod(sum(iverson(k <= j)*x[k], k), j)", "x[i]", {"x": [0, 2]}, 0, [2, 0]),
    ("prod(x[k], k)*x[y]", "x[i]", {"x": [2, 0], "y": 0}, 0, [0, 4]),
    ("prod(x[j]/sqrt(sum(x[k]**2, k)), j)", "x[i]", {"x": [0, 3, 4]}, 0, [12 / 125, 0, 0]),
    ("sqrt(sum(x[i]**2,i))", "x[j]", {"x": [3e200, 4e200]}, 5e200, [0.6, 0.8]),
    ("sqrt(sum(x[i]**2,i))", "x[j]", {"x": [3e-200, -4e-200]}, 5e-200, [0.6, -0.8]),
    ("sqrt(1 + x**2)", "x", {"x": 1e200}, 1e200, 1),
    ("log(sum(x[i]**2,i))", "x[j]", {"x": [3e-200, 4e-200]},
     float(2 * mpmath.log(mpmath.mpf("5e-200"))), [2.4e199, 3.2e199]),
    ("sum(x[i]*w[i],i)/(sqrt(sum(x[i]**2,i))*sqrt(sum(w[i]**2,i)))", "x[j]",
     {"x": [3e-180, 4e-180], "w": [-4e170, 4e170]}, 0.2 / 2**0.5,
     [-1.12 / 2**0.5 / 5e-180, 0.84 / 2**0.5 / 5e-180]),
    ("log(1-exp(-x))", "x", {"x": 1e-12}, float(mpmath.log(-mpmath.expm1(mpmath.mpf(-1e-12)))),
     1 / float(mpmath.expm1(1e-12))),
    ("log(1-exp(-x))", "x", {"x": 40}, float(mpmath.log1p(-mpmath.exp(-40))),
     float(1 / mpmath.expm1(40))),
    ("log(tanh(x/2))", "x", {"x": 40}, -2 * float(mpmath.exp(-40)), float(1 / mpmath.sinh(40))),
    ("log(erf(x))", "x", {"x": 5}, float(mpmath.log1p(-mpmath.erfc(5))),
     float(2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-25) / mpmath.erf(5))),
    ("prod(exp(x[k]), k)*exp(-y)", "x[j]", {"x": [800, 7], "y": 807}, 1, [1, 1]),
    ("x/(1-exp(-x))", "x", {"x": 1e-9}, 1.0000000005, 0.5 + 1e-9 / 6),
    ("x/(1-exp(-x))", "x", {"x": -1980}, 0, 0),
    ("(cosh(x)-1)/x**2", "x", {"x": 1e-9}, 0.5, 1e-9 / 12),
    ("w*(1-cos(x))/x**2", "x", {"w": 3, "x": 1e-7}, 1.5, -3e-7 / 12),
    ("expm1(x) + y", "x", {"x": 1e-20, "y": 1e-20}, 2e-20, 1),
    ("log(log(1+exp(x)))", "x", {"x": -800}, -800, 1),
    # rational functions of exponentials, far out
    ("(exp(x)-exp(-x))/(exp(x)+exp(-x))", "x", {"x": 20}, float(mpmath.tanh(20)),
     float(mpmath.sech(20) ** 2)),
    ("(1-exp(-2*x))/(1+exp(-2*x))", "x", {"x": -300}, -1, float(4 * mpmath.exp(-600))),
    ("exp(x/2)/(exp(x/2)+exp(-x/2))", "x", {"x": 600}, 1, float(mpmath.exp(-600))),
    ("x*((1+exp(x))**2-1)/((1+exp(x))**2+1)", "x", {"x": 1e4}, 1e4, 1),
    ("(exp(a)*u+exp(b)*v+w)/(exp(a)+exp(b)+1)", "a",
     {"a": 40, "b": 0, "u": 1, "v": 1, "w": 1}, 1, 0),
    # (1 + u)^n, whose n enlarges the rounding of 1 + u
    ("(1 + r/n)**n", "r", {"r": 3, "n": 1e10},
     float(mpmath.exp(1e10 * mpmath.log1p(mpmath.mpf(3) / 10**10))),
     float(mpmath.exp((10**10 - 1) * mpmath.log1p(mpmath.mpf(3) / 10**10)))),
    # what is as far below 1 as an exponential, and an exponential in an exponent
    ("log(1-exp(-exp(x)))", "x", {"x": -900}, -900, 1),
    ("log(1-exp(-exp(x)))", "x", {"x": 900}, 0, 0),
    ("1/(1+exp(exp(x)))", "x", {"x": 1000}, 0, 0),
    ("log(1+exp(exp(x)))", "x", {"x": 3},
     float(mpmath.exp(3) + mpmath.log1p(mpmath.exp(-mpmath.exp(3)))),
     float(mpmath.exp(3) / (1 + mpmath.exp(-mpmath.exp(3))))),
    # a mean of logarithms, whose weights are exponentials beyond every float
    ("sum(exp(z[i])/sum(exp(z[k]),k)*log(exp(z[i])/sum(exp(z[k]),k)),i)", "z[j]",
     {"z": [10000, 10000]}, -np.log(2), [0, 0]),
    ("sum(exp(t[k])/sum(exp(t[l]),l)*log(sum(exp(s[m]),m)/exp(s[k])),k)", "s[j]",
     {"t": [1000, 1000], "s": [0, -2000]}, 1000, [0.5, -0.5]),
    ("sum(p[i]*exp(z[i])*log(p[i]),i)/sum(exp(z[k]),k)", "p[j]",
     {"p": [1, 4], "z": [900, 900]}, np.log(4) * 2, [0.5, (1 + np.log(4)) / 2]),
    # a mixture of which no summand is a float: its weight vanishes, or its density
    ("-log(sum(softmax(a)[k]*exp(-(x-m[k])**2/2), k))", "a[j]",
     {"a": [1000, 0], "x": 0, "m": [100, 50]}, 1000 + 1250, [1, -1]),
    # what a product of probabilities near 1 leaves of 1: an "or" of rare events
    ("-log(1-prod(1-sigmoid(a[k]),k))", "a[j]", {"a": [-1000, -1001]},
     1000 - np.log1p(np.exp(-1)), [-1 / (1 + np.exp(-1)), -1 / (1 + np.e)]),
    ("-log(1-prod(1-exp(a[k])/(1+exp(a[k])),k))", "a[j]", {"a": [0, 1000]}, 0, [0, 0]),
    ("-log(1-sigmoid(b)/(1+exp(-a)))", "a", {"a": 1000, "b": 1001},
     1000 - np.log1p(np.exp(-1)), 1 / (1 + np.exp(-1))),
    ("1-prod(sigmoid(a[k]),k)**2", "a[j]", {"a": [70, 71]}, 2 * np.exp(-70) * (1 + np.exp(-1)),
     [-2 * np.exp(-70), -2 * np.exp(-71)]),
    # a sum without one of its terms, over a part of its axis
    ("sum((sum(w[k], k) - w[j])*x[j+1], (j, 1, K-1))", "x[r]",
     {"w": [1, 10, 100], "x": [1, 2, 3]}, 110 * 2 + 101 * 3, [0, 110, 101]),
    ("sum((sum(w[k], k) - w[j])*x[j+1], (j, 1, K-1))", "x[r]", {"w": [1], "x": [1]}, 0, [0]),
    # fractions over the same root, each under a bracket beyond which the root has no value
    ("sum(sqrt((u[i+1,j]-u[i,j])**2+(u[i,j+1]-u[i,j])**2+e), (i,1,N-1), (j,1,M-1))", "u[a,b]",
     {"u": [[1, 3], [5, 9]], "e": 16}, 6, [[-1, 1 / 3], [2 / 3, 0]]),
    # the tails of the normal distribution, which are below all floats
    ("-log((1+erf(x/sqrt(2)))/2)", "x", {"x": -40},
     float(-mpmath.log(mpmath.erfc(40 / mpmath.sqrt(2)) / 2)),
     float(-mpmath.exp(-800) * mpmath.sqrt(2 / mpmath.pi) / mpmath.erfc(40 / mpmath.sqrt(2)))),
    ("log(erfc(x))", "x", {"x": 30}, float(mpmath.log(mpmath.erfc(30))),
     float(-2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-900) / mpmath.erfc(30))),
    ("exp(-x**2/2)/erfc(x/sqrt(2))", "x", {"x": -100}, 0, 0),
    # a bracket of a letter with itself hides what has no value: one row alone
    ("-sum(S[i,i] - log(sum(iverson(k != i)*exp(S[i,k]), k)), i)", "S[a,b]",
     {"S": [[3, 1], [1, 5]]}, -6, [[-1, 1], [1, -1]]),
    ("sum(iverson(i >= y)*x[i+1-y]*w[i], i)", "w[j]",
     {"x": [1, 10, 100], "w": [1, 2, 3], "y": 1}, 32, [0, 1, 10]),
    ("sum(sum(x[i]*exp(w[i]*x[k]),(k,1,K-1))*w[i+1],(i,1,K-1))", "w[j]",
     {"x": [5], "w": [2]}, 0, [0]),
]  # fmt: skip


@pytest.mark.parametrize(("define", "wrt", "at", "right", "slope"), VALUES)
def test_values_and_derivatives(
    define: str, wrt: str, at: dict[str, Any], right: Any, slope: Any, tmp_path: Path
) -> None:
    made = emitted(define, wrt, tmp_path)
    for function, wanted in ((value(made), right), (first_derivative(made), slope)):
        names = inspect.signature(function).parameters
        found = function(**{n: v for n, v in at.items() if n in names})
        np.testing.assert_allclose(found, wanted, rtol=2e-13, atol=1e-300)


# What has values above is tried when they are asked for.
OTHERS = [pair for pair in FORMULAS if pair not in [(define, wrt) for define, wrt, *_ in VALUES]]


@pytest.mark.parametrize(("define", "wrt"), OTHERS)
def test_every_function_of_a_formula_gives_its_exact_values(define: str, wrt: str) -> None:
    answer, trial = symderiv.derive(define, wrt=tuple(wrt.split(";"))), Trial()
    for member in family(answer, "f"):
        check(callable_of(member.program), member.program, trial)


@pytest.mark.parametrize(
    ("define", "wrt", "said"),
    [
        ("sum(w[t]*h[t-1], t)", "w[s]", "can be below 1|no.* value"),
        ("sum(x[i+1]*x[i], i)", "x[j]", "x"),
        ("x*np", "x", "np"),
        ("sum(dtype[k]**2, k)", "dtype[j]", "dtype"),
        ("float*x", "x", "float"),
    ],
)
def test_refusals(define: str, wrt: str, said: str) -> None:
    with pytest.raises(SymderivError, match=said):
        derivation_source(symderiv.derive(define, wrt=wrt))


def test_a_wrong_program_is_not_handed_out() -> None:
    answer = symderiv.derive("sum(x[i]**2, i)", wrt="x[j]")
    for member in family(answer, "f"):
        made = callable_of(member.program)
        with pytest.raises(Inaccurate, match="nothing was written"):
            check(_off(made), member.program)


def _off(function: Any) -> Any:
    def off(**given: Any) -> Any:
        found = function(**given)
        return tuple(a + 1e-9 for a in found) if isinstance(found, tuple) else found + 1e-9

    return off


@pytest.mark.parametrize(
    "wrong",
    [
        *("2*x[j]*y", "x[j]**2", "-2*x[j]", "2*x[j] + 1"),
        *(f"2*x[j] + iverson(j == {n})*x[j]" for n in (1, 2, 3, 4)),
    ],
)
def test_an_answer_that_is_no_slope_of_its_function_is_not_handed_out(wrong: str) -> None:
    answer = symderiv.derive("sum(x[i]**2, i) + 0*y", wrt="x[j]")
    claimed = read_claim(wrong, answer.problem, {})
    (member,) = (m for m in family(answer, "f") if m.part == "gradient")
    program, trial = replace(member.program, results=(claimed,)), Trial()
    check(callable_of(member.program), member.program, trial)  # the same differences for both
    with pytest.raises(WrongSlope, match="nothing was written"):
        check(callable_of(program), program, trial)


def test_nan_where_the_formula_is_finite_is_not_handed_out() -> None:
    answer = symderiv.derive("1/(1 + exp(x))", wrt="x")
    (member, *_) = family(answer, "f")

    def naive(x: Any) -> Any:
        return np.exp(-x) / (np.exp(-x) + 1)

    with pytest.raises(Inaccurate, match="nan"):
        check(naive, member.program)


def test_the_file_of_a_loss_is_as_it_was() -> None:
    """p - onehot(y), to be looked at: the golden file is what a person would write."""
    source = catalogue_source(["cross-entropy"], ["gradient"])
    golden = PAGES / "cross-entropy-gradient.py.txt"
    assert source == golden.read_text(encoding="utf-8")
    functions = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    assert functions[0].end_lineno is not None
    assert functions[0].end_lineno < 30
    assert len(source.splitlines()) < 30


@pytest.fixture
def strictly(pytestconfig: pytest.Config, tmp_path: Path) -> Callable[..., None]:
    """Strict mypy passes files; what it knows of the libraries is there for the next run."""
    cache: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    kept = tmp_path / "types" if cache is None else cache.mkdir("types")

    def passed(*files: str) -> None:
        command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(kept), *files]
        checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout

    return passed


def test_what_is_written_stands_alone(
    needs: Callable[[str], None], strictly: Callable[..., None], tmp_path: Path
) -> None:
    network = (
        "h[m] = relu(sum(U[m,d]*x[d],d) + c[m]); z[i] = sum(W[i,m]*h[m],m) + b[i];"
        " p[i] = softmax(z)[i]; L = -log(p[y])"
    )
    source = derivation_source(symderiv.derive(network, wrt="U[r,e]"))
    path = tmp_path / "made.py"
    path.write_text(source, encoding="utf-8")
    code = "import sys; sys.modules.update(sympy=None, symderiv=None, mpmath=None); import made"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    imports = {n.names[0].name for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import)}
    assert imports == {"numpy"}
    assert len(source.splitlines()) < 60
    needs("python:mypy")
    user = (
        "from made import L, L_gradient, L_value_and_gradient\n\n\n"
        "def run(*given: float) -> float:\n"
        "    value, slope = L_value_and_gradient(*given)\n"
        "    return float(value) - float(L(*given)) + float((slope - L_gradient(*given)).sum())\n"
    )
    (tmp_path / "user.py").write_text(user, encoding="utf-8")
    strictly("made.py", "user.py")


def test_a_stranger_s_strict_checker_passes_files_for_any_arrays(
    needs: Callable[[str], None], strictly: Callable[..., None], tmp_path: Path
) -> None:
    for library in ("mypy", "torch", "jax", "array_api_compat"):
        needs(f"python:{library}")
    network = symderiv.backprop("h[i] = tanh(w[i]*x[i]); L = sum((h[i] - y[i])**2, i)", data="x,y")
    loss = symderiv.derive("p[i] = softmax(z)[i]; L = -log(p[y])", wrt="z[j]")
    for target in ("torch", "jax", "array-api"):
        name = target.replace("-", "_")
        for part, answer in (("network", network), ("loss", loss)):
            made = answer.emit(target=target)
            (tmp_path / f"{part}_{name}.py").write_text(made, encoding="utf-8")
        user = (
            f"from loss_{name} import L_gradient\n"
            f"from network_{name} import value_and_gradients\n\n\n"
            "def run(*given: object) -> object:\n"
            "    value, gradients = value_and_gradients(*given)\n"
            "    return value.sum() + gradients['w'] + L_gradient(*given)\n"
        )
        (tmp_path / f"user_{name}.py").write_text(user, encoding="utf-8")
    strictly(*sorted(path.name for path in tmp_path.glob("user_*.py")))


def test_names_arguments_and_shapes(tmp_path: Path) -> None:
    made = emitted("z[i] = sum(W[i,d]*x[d],d) + b[i]; L = -log(softmax(z)[y])", "W[k,c]", tmp_path)
    assert made.__all__ == ["L", "L_gradient", "L_value_and_gradient"]
    orders = [list(inspect.signature(getattr(made, n)).parameters) for n in made.__all__]
    assert orders == [["W", "x", "b", "y"]] * 3
    rng = np.random.default_rng(0)
    W, x, b = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=3)
    loss, gradient = made.L_value_and_gradient(W, x, b, 2)
    assert np.shape(loss) == ()
    assert gradient.shape == W.shape
    step = 1e-6 * rng.normal(size=W.shape)
    change = made.L(W + step, x, b, 2) - made.L(W - step, x, b, 2)
    assert change == pytest.approx(2 * np.sum(gradient * step), rel=1e-6)


@pytest.mark.parametrize(
    ("define", "wrt", "y"),
    [
        ("sum(c[y[n]]*x[n]**2, n)", "x[j]", [1]),
        ("sum(c[y[n]]*x[n]**2, n)", "x[j]", 1),
        ("sum(c[y[n]]*x[n]**2, (n, 1, N-1))", "c[j]", [1]),
        ("sum(c[y[n]]*x[n]**2, n)", "x[j]", [1, 0, 1, 0]),
    ],
)
def test_one_label_is_not_taken_for_all_of_them(
    define: str, wrt: str, y: Any, tmp_path: Path
) -> None:
    made = emitted(define, wrt, tmp_path)
    given = {"c": [1.0, 2.0], "x": [1.0, 2.0, 3.0]}
    for name in made.__all__:
        with pytest.raises(ValueError, match=r"^y takes .*\(3,\), not \("):
            getattr(made, name)(**given, y=np.array(y))
    np.testing.assert_allclose(
        value(made)(**given, y=np.array([1, 0, 1])), 2 + 4 + (18 if "N-1" not in define else 0)
    )


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"a": [1.0]}, ValueError, r"^n takes last axes \(1,\), not \(2,\); no axis"),
        ({"n": [1.0, 2.0, 3.0]}, ValueError, r"^n takes .*\(2,\), not \(3,\); no axis"),
        ({"s": 1}, ValueError, r"^s takes .*\(2,\), not \(\); no axis"),
        ({"theta": np.ones((3, 3))}, ValueError, r"^theta takes .*3\), not \(3, 3\); no axis"),
        ({"theta": np.ones(3)}, ValueError, r"^theta takes .*\(2, 3\), .*not \(3,\); no axis"),
        ({"w": np.ones(1)}, ValueError, r"^w takes .*\(3,\), not \(1,\); no axis"),
        ({"a": 1.0}, ValueError, r"^a takes last axes \('K',\), not \(\); no axis"),
        ({"a": np.ones((4, 0))}, ValueError, r"^a takes .*not \(4, 0\); no axis"),
        ({"theta": [[1j, 2.0, 3.0]] * 2}, TypeError, r"^theta takes real .*not complex128$"),
        ({"r": 1j}, TypeError, r"^r takes real numbers, not complex128$"),
    ],
)
def test_the_argument_that_does_not_fit_is_named(
    wrong: dict[str, Any], error: type[Exception], said: str, tmp_path: Path
) -> None:
    """Whatever it is called: a user's letters are not those of the look at them."""
    define = "r*sum(a[i]*n[i]*s[i]*theta[i,j]*w[j],i,j)"
    made = value(emitted(define, "a[k]", tmp_path))
    given: dict[str, Any] = {n: np.array([1.0, 2.0]) for n in "ans"}
    given |= {"r": 2.0, "theta": np.ones((2, 3)), "w": np.ones(3)}
    assert made(**given) == pytest.approx(2 * (1 + 8) * 3)
    with pytest.raises(error, match=said):
        made(**{**given, **wrong})


def test_products_take_whole_shapes(tmp_path: Path) -> None:
    made = emitted("s[n,i] = sum(X[n,d]*W[d,i],d); s[n,i]", "W[c,j]", tmp_path)
    rng = np.random.default_rng(1)
    X, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 2))
    v, u = rng.normal(size=W.shape), rng.normal(size=(5, 2))
    given = {"X": X, "W": W}

    def call(function: Any, **more: Any) -> Any:
        names = inspect.signature(function).parameters
        return function(**{n: a for n, a in {**given, **more}.items() if n in names})

    np.testing.assert_allclose(call(made.s_jvp, v=v), X @ v, rtol=1e-13)
    np.testing.assert_allclose(call(made.s_vjp, u=u), X.T @ u, rtol=1e-13)
    assert call(made.s_jacobian).shape == (5, 2, 3, 2)


def test_a_hessian_product_takes_and_gives_the_shape_of_its_variable(tmp_path: Path) -> None:
    made = emitted("z[i] = sum(W[i,d]*x[d],d); L = -log(softmax(z)[y])", "W[k,c];W[l,e]", tmp_path)
    rng = np.random.default_rng(2)
    W, x, v = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=(3, 2))
    whole = made.L_hessian(W, x)
    np.testing.assert_allclose(
        made.L_hvp(W, x, v), np.einsum("abcd,cd->ab", whole, v), rtol=1e-12, atol=1e-15
    )


def test_sizes_that_no_argument_has_are_asked_for(tmp_path: Path) -> None:
    made = emitted("sum(x**i/i, (i, 1, N))", "x", tmp_path)
    assert inspect.signature(value(made)).parameters["N"].kind is inspect.Parameter.KEYWORD_ONLY
    assert value(made)(0.5, N=3) == pytest.approx(0.5 + 0.125 + 0.125 / 3)
    assert first_derivative(made)(0.5, N=3) == pytest.approx(1.75)


def test_a_size_that_no_argument_has_is_handed_on(tmp_path: Path) -> None:
    """To the function that gives the value as well; where that takes more, the slope is its own."""
    made = emitted("L = sum(sin(x[i]*k), i, (k,1,M))", "x[r]", tmp_path)
    x = np.array([0.3, -1.2])
    slope = np.cos(x) + 2 * np.cos(2 * x) + 3 * np.cos(3 * x)
    np.testing.assert_allclose(made.L_gradient(x, M=3), slope, rtol=1e-12)
    alone = emitted("L = sum(x[i]**2, i) + sum(k, (k,1,M))*t", "x[r]", tmp_path)
    assert list(inspect.signature(alone.L_gradient).parameters) == ["x"]
    np.testing.assert_allclose(alone.L_gradient(x), 2 * x, rtol=1e-12)
    np.testing.assert_allclose(alone.L_value_and_gradient(x, 2.0, M=3)[1], 2 * x, rtol=1e-12)


def test_a_chosen_size_and_other_symbols_are_in_the_file(tmp_path: Path) -> None:
    made = emitted("log(sum(exp(z[k]),k))", "z[j]", tmp_path, k=3, symbols={"z": "o"})
    function = first_derivative(made)
    assert list(inspect.signature(function).parameters) == ["o"]
    assert function(np.zeros(3)) == pytest.approx(np.full(3, 1 / 3))
    with pytest.raises(ValueError, match="3"):
        function(np.zeros(4))


@pytest.mark.parametrize("name", ["a", "b", "c", "x", "e", "m", "s", "p", "t", "rest", "at", "o"])
def test_no_name_of_a_users_is_taken_for_one_of_ours(name: str, tmp_path: Path) -> None:
    made = emitted(f"log(sum(exp({name}[k]),k)) - {name}[q]", f"{name}[j]", tmp_path)
    z = np.array([1.0, 2.0, 4.0])
    p = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(first_derivative(made)(z, 1), p - [0, 1, 0], rtol=1e-12)
    np.testing.assert_allclose(value(made)(z, 1), np.log(np.exp(z).sum()) - 2, rtol=1e-12)


@pytest.mark.parametrize(
    ("define", "wrt"),
    [
        ("sum(mish(x[i]),i)", "x[j]"),
        ("sum(where(x[i] > 0, x[i]**2, exp(x[i])),i)", "x[j]"),
        ("sum(i*x[i]**i,i)", "x[j]"),
        ("(exp(x)-1)/x", "x"),
        ("x*(1 + erf(x/sqrt(2)))/2", "x"),
        ("sum(iverson(i < j)*x[i]*x[j],i,j)", "x[k]"),
        ("x[1]*x[2]/3", "x[j]"),
    ],
)
def test_single_precision_and_batches(define: str, wrt: str) -> None:
    rng = np.random.default_rng(8)
    for member in family(symderiv.derive(define, wrt=wrt), "f"):
        function = callable_of(member.program)
        x = rng.normal(size=(2, 3) if "[" in wrt else 2)
        single = function(x.astype(np.float32))
        for found in single if isinstance(single, tuple) else (single,):
            assert np.asarray(found).dtype == np.float32
        whole, rows = function(x), [function(row) for row in x]
        several = whole if isinstance(whole, tuple) else (whole,)
        for n, found in enumerate(several):
            parts = [row[n] if isinstance(whole, tuple) else row for row in rows]
            np.testing.assert_allclose(found, np.stack(parts), rtol=1e-13)


def test_what_others_hang_on_the_trees_of_python_is_not_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """IPython, which has shown a traceback, leaves a way upwards on the one `Load` there is."""
    above = ast.parse("x", mode="eval").body
    monkeypatch.setattr(above.ctx, "parent", above, raising=False)  # type: ignore[attr-defined]
    assert symderiv.derive("x**2*exp(x)", wrt="x").function()(1.0) == pytest.approx(3 * np.e)


def test_the_function_of_an_answer() -> None:
    jacobian = symderiv.softmax.jacobian().function()
    z = np.array([0.3, -1.0, 2.0])
    p = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(jacobian(z), np.diag(p) - np.outer(p, p), rtol=1e-12)
    assert "p" in (jacobian.__doc__ or "")
    assert "def softmax_jacobian(" in jacobian.__source__  # type: ignore[attr-defined]
    one = symderiv.softmax.jacobian(k=3, entry=(1, 2)).function()
    assert one(z) == pytest.approx(-p[0] * p[1])
    rows = symderiv.jacobian("vector-function").function()
    found = rows(1.0, 2.0)
    assert found.shape == (3, 2)
    np.testing.assert_allclose(found[1], [2 * np.e, np.e], rtol=1e-15)


@pytest.mark.parametrize("target", ["numpy", "torch"])
def test_the_function_of_an_answer_is_tried_first(
    target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a file is, for every target: by the one check, and once."""

    def off(*held: Any, check: Any = check) -> Any:
        right = held[0]
        return check(lambda **given: right(**given) * (1 + 1e-9), *held[1:])

    answer = symderiv.derive("sum(x[i]**3, i)", wrt="x[j]")
    monkeypatch.setattr("symderiv.face.source.check", off)
    for made in (lambda: answer.function(target=target), lambda: derivation_source(answer)):
        with pytest.raises(symderiv.Unanswered, match=r"where its formula is .* nothing was"):
            made()
    monkeypatch.undo()
    assert answer.function() is answer.function()
    with monkeypatch.context() as patch:  # what was tried for one target was tried for all
        patch.setattr("symderiv.face.source.check", off)
        assert callable(answer.function(target="array-api"))
    assert "no value at x = " in str(symderiv.derive("1/x", wrt="x").function().__doc__)
    assert "import numpy" in answer.emit()
    monkeypatch.setattr("symderiv.face.source.check", off)
    assert "array API" in answer.emit(target="array-api")  # made of what has been tried


@pytest.mark.parametrize(
    ("formula", "said"),
    [("sum(iverson(k <= y)*x[k], k)", True), ("sum(iverson(k <= y)*x[k], k)*x[y]", False)],
)
def test_a_docstring_says_what_an_index_is_compared_with(formula: str, said: bool) -> None:
    """A number beside an index is one of the page, which counts from 1; a label is from 0."""
    function = symderiv.derive(formula, wrt="x[j]").function()
    doc = " ".join(str(function.__doc__).split())
    assert ("compared with an index, which counts from 1" in doc) is said
    assert function(x=np.ones(3), y=1).tolist() == ([1, 0, 0] if said else [1, 3, 0])


def test_a_docstring_says_where_the_formula_has_no_value(tmp_path: Path) -> None:
    made = emitted("log(x)/y", "x", tmp_path)
    assert "The formula has no value at " in made.L.__doc__
    assert "no value" not in emitted("x**2", "x", tmp_path).L.__doc__


@pytest.mark.parametrize(
    "define", ["L = log(sum(exp(1000*z[k]),k))", "L = log(sum(exp(z[k]/0.001),k))"]
)
def test_what_is_infinite_or_beyond_floats_has_a_value_yet(define: str, tmp_path: Path) -> None:
    """e^(10^10) has a value, and e^-inf is 0."""
    made = emitted(define, "z[j]", tmp_path)
    assert "no value" not in made.L.__doc__


def test_many_numbers_are_said_by_their_kind(tmp_path: Path) -> None:
    doc = emitted("L = sum(x[i]/sum(W[i,j]*W[i,j], j), i)", "x[k]", tmp_path).L.__doc__
    assert re.search(r"has no value at \S", doc)


def test_a_batch_is_its_rows(tmp_path: Path) -> None:
    made = emitted("p[i] = softmax(z)[i]; L = -log(p[y])", "z[k]", tmp_path)
    rng = np.random.default_rng(3)
    z, y = rng.normal(size=(2, 5, 4)), rng.integers(0, 4, (2, 5))
    loss, gradient = made.L_value_and_gradient(z, y)
    for place in np.ndindex(2, 5):
        one = made.L_value_and_gradient(z[place], y[place])
        np.testing.assert_allclose(loss[place], one[0], rtol=1e-15)
        np.testing.assert_allclose(gradient[place], one[1], rtol=1e-14)


def test_no_function_is_made_from_a_line_that_is_not_proved() -> None:
    made = symderiv.derive("x**3 + x", wrt="x")
    agrees = Verdict(Strength.UNDECIDED, note="agrees at 40 points", points=40)
    doubted = replace(made, steps=tuple(replace(s, verdict=agrees) for s in made.steps))
    with pytest.raises(symderiv.Unanswered, match="is not proved"):
        doubted.function()
    with pytest.raises(symderiv.Unanswered, match="is not proved"):
        derivation_source(doubted)


def test_a_function_travels_to_another_process() -> None:
    """It is pickled as its source: joblib and Dask hand it to processes that know it not."""
    made = symderiv.derive("-log(softmax(z)[y])", wrt="z[k]").function()
    code = (
        "import pickle, sys, numpy\n"
        "f = pickle.loads(sys.stdin.buffer.read())\n"
        "print(f.__name__, *f(numpy.array([0.0, 0.0]), 1))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(made), capture_output=True, check=True
    )
    assert done.stdout.split() == [b"f", b"0.5", b"-0.5"]
    assert inspect.signature(made) == inspect.signature(pickle.loads(pickle.dumps(made)))


def test_another_process_writes_the_same_function() -> None:
    """Whatever order a set has there: the factors stand as they are named."""
    code = (
        "from symderiv.emit.fractions import one_fraction\n"
        "from symderiv.printers.text import text\n"
        "from symderiv.reader import read\n"
        "u = 'exp(-x)/(1 + exp(-x))'\n"
        "print(text(one_fraction(read(f'a*b*c*d*{u} - a*b*c*d*({u})**2', wrt='x').function)))"
    )
    for seed in "012":
        there = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, "-c", code], env=there, capture_output=True, check=True
        )
        assert done.stdout.decode().strip() == "a b c d e^(−x) / (1 + e^(−x))²"


@pytest.mark.parametrize(
    ("define", "wrt", "given"),
    [
        ("c*sum(x[k],k)", "x[j]", {"c": 2.0, "x": [1.0, 2.0]}),
        ("sum(w[k]*x[k],k)", "w[j]", {"w": [3.0, 4.0], "x": [1.0, 2.0]}),
        ("sum(z[k]**2,k) + x[y]", "z[j]", {"z": [3.0, 4.0], "x": [1.0, 2.0, 5.0], "y": 1}),
        ("sum(z[k],k) + b", "z[j]", {"z": [3.0, 4.0], "b": 2.0}),
        ("sum(X[i,j]*v[j],i,j)", "v[l]", {"X": [[1.0, 2.0]], "v": [3.0, 4.0]}),
        ("sum(A[i,j]*X[j,i],i,j)", "X[k,l]", {"A": [[1.0, 2.0]], "X": [[3.0], [4.0]]}),
    ],
)
def test_a_batch_of_one_argument_is_a_batch_of_every_result(
    define: str, wrt: str, given: dict[str, Any], tmp_path: Path
) -> None:
    """Though a slope mention it not: as if each row had been given by itself."""
    made = emitted(define, wrt, tmp_path)
    for function in (getattr(made, n) for n in made.__all__):
        own = {n: given[n] for n in inspect.signature(function).parameters}
        for name, one in own.items():
            many = np.array([one, np.multiply(one, 2)])
            rows = [_several(function(**{**own, name: row})) for row in many]
            found = _several(function(**{**own, name: many}))
            for result, each in zip(found, zip(*rows, strict=True), strict=True):
                np.testing.assert_array_equal(result, each)


def _several(results: Any) -> tuple[Any, ...]:
    return results if isinstance(results, tuple) else (results,)


LONG = "x" * 60
BROKEN = [
    (
        f"if a:\n    t = f({LONG}, {LONG})",
        f"if a:\n    t = f(\n        {LONG},\n        {LONG},\n    )",
    ),
    (
        f"t = f('a, (b', {LONG}) + {LONG}[..., None]",
        f"t = f(\n    'a, (b', {LONG}\n) + {LONG}[..., None]",
    ),
    (
        f"t = [f({LONG}) for n, m in {LONG}]",
        f"t = [\n    f({LONG})\n    for n, m in {LONG}\n]",
    ),
    (f"t = c * ({LONG} + {LONG})", f"t = c * (\n    {LONG} + {LONG}\n)"),
    (f"return a, f({LONG[:40]}, b)", f"return a, f({LONG[:40]}, b)"),
    (f"return f({LONG}, b), {LONG}", f"return (\n    f({LONG}, b),\n    {LONG},\n)"),
    (f"t = (-f({LONG}, {LONG[:38]}),)", f"t = (\n    -f({LONG}, {LONG[:38]}),\n)"),
    (f"t = {{'a': {LONG}, 'b': {LONG}}}", f"t = {{\n    'a': {LONG},\n    'b': {LONG},\n}}"),
    (
        f"def f({LONG}: Any, b{LONG[:40]}: Any, *, k: int, n: int=None):\n    pass",
        f"def f(\n    {LONG}: Any,\n    b{LONG[:40]}: Any,\n"
        "    *,\n    k: int,\n    n: int=None,\n):\n    pass",
    ),
    (f"t = '{LONG} f({LONG})'", f"t = '{LONG} f({LONG})'"),
]


@pytest.mark.parametrize(("before", "after"), BROKEN)
def test_long_lines_are_broken_in_their_brackets(before: str, after: str) -> None:
    (code,) = ast.parse(before).body
    assert unparsed(code) == after
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(before))


@pytest.mark.parametrize("target", ["numpy", "array-api", "torch", "jax"])
def test_no_line_is_too_long(target: str) -> None:
    answer = symderiv.derive("L = log(sum(p[k]**a*q[k]**(1 - a), k))/(a - 1)", wrt="a")
    source = derivation_source(answer, target)
    assert not [n for n in source.splitlines() if len(n) > 110 and "(" in n and '"""' not in n]
