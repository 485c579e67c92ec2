"""Functions of inverses and determinants, for every target, against matrices of mpmath."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv.derivation.network.pattern import pattern_of
from symderiv.emit.module import functions_of
from symderiv.face.source import derivation_source
from symderiv.reader import read
from tests.target_libraries import LIBRARIES, Library, module, several

pytestmark = pytest.mark.usefixtures("derived_once")

Needs = Callable[[str], None]

# name: the formula, what it is by, its value in mpmath, and the shapes of its arrays
FORMULAS: dict[str, tuple[str, str, Callable[..., Any], dict[str, tuple[int, ...]]]] = {
    "logdet": ("logdet(X)", "X", lambda X: mpmath.log(abs(mpmath.det(X))), {"X": (3, 3)}),
    "det": ("det(X)", "X", lambda X: mpmath.det(X), {"X": (3, 3)}),
    "bilinear": ("a @ inv(X) @ b", "X", lambda X, a, b: (a.T * X**-1 * b)[0],
                 {"X": (3, 3), "a": (3,), "b": (3,)}),
    "Gaussian": ("logdet(S)/2 + (x - m) @ inv(S) @ (x - m)/2", "S",
                 lambda S, x, m: mpmath.log(abs(mpmath.det(S))) / 2
                 + ((x - m).T * S**-1 * (x - m))[0] / 2, {"S": (2, 2), "x": (2,), "m": (2,)}),
    "flow": ("-logdet(W) - sum(log(1 - tanh(W @ x)**2))", "W",
             lambda W, x: -mpmath.log(abs(mpmath.det(W)))
             - sum(mpmath.log(1 - mpmath.tanh(u) ** 2) for u in W * x),
             {"W": (3, 3), "x": (3,)}),
    "Gram": ("logdet(X.T @ X)", "X", lambda X: mpmath.log(mpmath.det(X.T * X)), {"X": (4, 2)}),
    "trace": ("trace(A @ inv(X) @ B)", "X",
              lambda X, A, B: (lambda Y: Y[0, 0] + Y[1, 1])(A * X**-1 * B),
              {"X": (3, 3), "A": (2, 3), "B": (3, 2)}),
    "weights": ("sum(inv(X)[i,j]**2*W[i,j], i, j)", "X",
                lambda X, W: sum(W[i, j] * (X**-1)[i, j] ** 2 for i in range(2) for j in range(2)),
                {"X": (2, 2), "W": (2, 2)}),
    "one by one": ("b @ inv(X) @ b", "X", lambda X, b: (b.T * X**-1 * b)[0],
                   {"X": (1, 1), "b": (1,)}),
}  # fmt: skip
NAMES = list(FORMULAS)
FULL = [x for x in LIBRARIES if x.name != "dask"]  # which has no determinants


def drawn(name: str, batch: tuple[int, ...] = (), seed: int = 0) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    given = {n: random.normal(size=(*batch, *s)) for n, s in FORMULAS[name][3].items()}
    return {n: a + 2 * np.eye(*a.shape[-2:]) if a.ndim >= 2 + len(batch) else a
            for n, a in given.items()}  # fmt: skip


def exact(name: str, given: dict[str, Any]) -> tuple[float, Any]:
    """The value, and its gradient by central differences to 40 digits."""
    _, by, f, _ = FORMULAS[name]
    with mpmath.workdps(40):
        known = {n: mpmath.matrix(a.tolist()) for n, a in given.items()}
        gradient, step = np.zeros(given[by].shape), mpmath.mpf(10) ** -12
        for place in np.ndindex(gradient.shape):
            sides = []
            for sign in (1, -1):
                moved = known[by].copy()
                moved[place] += sign * step
                sides.append(f(**{**known, by: moved}))
            gradient[place] = float((sides[0] - sides[1]) / (2 * step))
        return float(f(**known)), gradient


@cache
def source(name: str, target: str = "numpy") -> str:
    formula, by, _, _ = FORMULAS[name]
    return derivation_source(symderiv.derive(formula, wrt=by), target)


@pytest.mark.parametrize("name", NAMES)
def test_values_and_gradients(name: str) -> None:
    both = functions_of(source(name))["L_value_and_gradient"]
    for seed in range(3):
        given = drawn(name, seed=seed)
        value, gradient = both(**given)
        right, slope = exact(name, given)
        np.testing.assert_allclose(value, right, rtol=1e-12)
        np.testing.assert_allclose(gradient, slope, rtol=1e-10, atol=1e-12 * np.abs(slope).max())


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_is_its_rows(name: str) -> None:
    both = functions_of(source(name))["L_value_and_gradient"]
    by = FORMULAS[name][1]
    many, one = drawn(name, (2, 2)), drawn(name)
    for given in (many, {**many, by: one[by]}):
        value, gradient = both(**given)
        for at in np.ndindex(2, 2):
            row = {n: a[at] if a.ndim >= 2 + len(FORMULAS[name][3][n]) else a
                   for n, a in given.items()}  # fmt: skip
            there, slope = both(**row)
            alone = value.ndim == 0
            np.testing.assert_allclose(value if alone else value[at], there, rtol=1e-12)
            np.testing.assert_allclose(gradient if alone else gradient[at], slope, rtol=1e-11)


@pytest.mark.parametrize("kind", ["float16", "float32"])
def test_types_stay(kind: str) -> None:
    given = {n: a.astype(kind) for n, a in drawn("Gaussian").items()}
    value, gradient = functions_of(source("Gaussian"))["L_value_and_gradient"](**given)
    right, slope = exact("Gaussian", {n: a.astype(float) for n, a in given.items()})
    assert value.dtype == gradient.dtype == kind
    np.testing.assert_allclose(value, right, rtol=4 * np.finfo(kind).eps)
    np.testing.assert_allclose(gradient, slope, rtol=8 * np.finfo(kind).eps)


def test_a_determinant_beyond_all_floats_has_a_slope() -> None:
    """det X X^-1 at 1e200 times the identity: infinity times 1e-200 where it is 1e200."""
    both = functions_of(source("det"))["L_value_and_gradient"]
    with np.errstate(all="raise"):
        value, gradient = both(np.diag([1e200, -1e200]))
    assert value == -np.inf
    np.testing.assert_allclose(gradient, np.diag([-1e200, 1e200]), rtol=1e-12)
    _, gradient = both(np.diag([1e-200, 1e-200, 1e-200]))
    np.testing.assert_array_equal(gradient, 0)


def test_no_inverse_is_formed_where_equations_are_solved() -> None:
    made = source("bilinear")
    assert "np.linalg.solve(" in made
    assert "np.linalg.inv(" not in made
    assert "slogdet" in source("Gaussian")


def test_a_singular_matrix_is_refused_as_the_docstring_says() -> None:
    made = functions_of(source("bilinear"))["L"]
    with pytest.raises(np.linalg.LinAlgError):
        made(a=np.ones(2), X=np.ones((2, 2)), b=np.ones(2))
    assert "Where X is singular there is no value: LinAlgError" in " ".join(made.__doc__.split())
    assert functions_of(source("logdet"))["L"](np.ones((2, 2))) == -np.inf


def test_a_stage_that_is_nearly_singular_is_written() -> None:
    """A kernel of points that lie close: its rounding is what its condition allows."""
    kernel = "S[i,j] = exp(-(x[i] - x[j])**2)\n-logdet(S)/2 - sum(y[i]*inv(S)[i,j]*y[j], i, j)/2"
    made = symderiv.derive(kernel, wrt="x[k]").function()
    x, y = np.array([0.0, 1.0, 2.5]), np.array([1.0, -1.0, 0.5])
    step = 1e-5 * np.eye(3)

    def value(x: Any) -> Any:
        S = np.exp(-((x[:, None] - x) ** 2))
        return -np.linalg.slogdet(S)[1] / 2 - y @ np.linalg.inv(S) @ y / 2

    slope = [(value(x + h) - value(x - h)) / 2e-5 for h in step]
    np.testing.assert_allclose(made(x=x, y=y), slope, rtol=1e-8)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "library", [x for x in LIBRARIES if x.name != "dask"], ids=lambda x: x.name
)
@pytest.mark.parametrize("name", ["logdet", "det", "Gaussian", "trace", "one by one"])
def test_every_target_has_the_same_values(library: Library, name: str, needs: Needs) -> None:
    for package in library.needs:
        needs(f"python:{package}")
    there = functions_of(source(name, library.target))
    here = functions_of(source(name))
    for batch in ((), (2,), (3,)):
        given = drawn(name, batch)
        wanted = several(here["L_value_and_gradient"](**given))
        both = library.run(there["L_value_and_gradient"])
        found = several(both(**{n: library.put(a) for n, a in given.items()}))
        for want, value in zip(wanted, found, strict=True):
            np.testing.assert_allclose(library.get(value), want, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", ["logdet", "det", "Gaussian", "trace", "flow", "one by one"])
def test_torch_differentiates_them_twice(name: str, needs: Needs) -> None:
    needs("python:torch")
    torch = module("torch")
    made = functions_of(source(name, "torch"))["L"]
    for batch in ((), (2,)):
        given = drawn(name, batch)
        tensors = tuple(torch.tensor(a, requires_grad=True) for a in given.values())

        def call(*values: Any, names: tuple[str, ...] = tuple(given)) -> Any:
            return made(**dict(zip(names, values, strict=True)))

        assert torch.autograd.gradcheck(call, tensors)
        assert torch.autograd.gradgradcheck(call, tensors)


@pytest.mark.parametrize("name", ["det", "one by one"])
def test_jax_differentiates_them_twice(name: str, needs: Needs) -> None:
    needs("python:jax")
    jax = module("jax")
    made = functions_of(source(name, "jax"))["L"]
    given = drawn(name)
    importlib.import_module("jax.test_util").check_grads(
        lambda *values: made(**dict(zip(given, values, strict=True))),
        tuple(map(jax.numpy.asarray, given.values())), 2, rtol=1e-4,
    )  # fmt: skip


# -- networks --------------------------------------------------------------------------------------

NETWORKS: dict[str, tuple[str, Callable[..., Any], dict[str, tuple[int, ...]]]] = {
    "prior": ("S = A @ A.T + eye(3); r = x - m; 0.5*logdet(S) + 0.5*r @ inv(S) @ r",
              lambda A, x, m: (lambda S, r: mpmath.log(mpmath.det(S)) / 2
                               + (r.T * S**-1 * r)[0] / 2)(A * A.T + mpmath.eye(3), x - m),
              {"A": (3, 2), "x": (3,), "m": (3,)}),
    # two lemmas of one kind, and one that only looks like them: inv(V) by V, and by W
    "flows": ("h = inv(W) @ x; g = inv(V) @ h; q = V @ g; norm(g)**2 + sum(q) - logdet(W)",
              lambda W, x, V: (lambda g: sum(u * u for u in g) + sum(V * g)
                               - mpmath.log(abs(mpmath.det(W))))(V**-1 * (W**-1 * x)),
              {"W": (2, 2), "x": (2,), "V": (2, 2)}),
}  # fmt: skip


@pytest.mark.parametrize("target", ["numpy", "torch", "jax", "array-api"])
@pytest.mark.parametrize("name", list(NETWORKS))
def test_networks_with_inverses(name: str, target: str, needs: Needs) -> None:
    text, f, shapes = NETWORKS[name]
    put: Callable[[Any], Any] = np.asarray
    if target in ("torch", "jax"):
        needs(f"python:{target}")
        put = next(x for x in LIBRARIES if x.target == target and x.name.startswith(target)).put
    made = symderiv.backprop(text)
    run_it = functions_of(made.emit(target=target))["value_and_gradients"]
    random = np.random.default_rng(4)
    given = {n: random.normal(size=s) + (2 * np.eye(*s) if s[0] == s[-1] == 2 and len(s) > 1 else 0)
             for n, s in shapes.items()}  # fmt: skip
    value, gradients = run_it(**{n: put(a) for n, a in given.items()})
    with mpmath.workdps(40):
        known = {n: mpmath.matrix(a.tolist()) for n, a in given.items()}
        np.testing.assert_allclose(float(value), float(f(**known)), rtol=1e-12)
        for by, a in given.items():
            slope = np.zeros(a.shape)
            for place in np.ndindex(a.shape):
                sides = []
                for sign in (1, -1):
                    moved = known[by].copy()
                    at = (*place, 0)[:2]
                    moved[at] += sign * mpmath.mpf(10) ** -12
                    sides.append(f(**{**known, by: moved}))
                slope[place] = float((sides[0] - sides[1]) / 2 * 10**12)
            np.testing.assert_allclose(np.asarray(gradients[by]), slope, rtol=1e-9, atol=1e-11)


def test_patterns_tell_an_inverse_from_that_of_another_matrix() -> None:
    own, other = (
        pattern_of(read(f"sum(a[i]*inv({name})[i,j]*X[j,i], i, j)", wrt="X[k,l]")) for name in "XY"
    )
    assert own.key != other.key
