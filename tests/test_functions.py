"""The generated functions: as committed, and each against its own formula by mpmath."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
import warnings
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import functions as written
from symderiv.catalogue import functions
from symderiv.emit.catalogue import Wanted
from symderiv.emit.module import functions_module, programs, standalone
from symderiv.emit.program import Hostile, Program, check_names
from symderiv.verification.formulas import exact_results, inputs


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[Wanted, Program]]:
    return {w.name: (w, p) for w, p in programs(functions().values())}


def test_functions_are_as_generated() -> None:
    path = Path(written.__file__)
    assert path.read_text(encoding="utf-8") == functions_module(), "stale: run `make functions`"


NAMES = [n for n in written.__all__ if n != "jacobian_entry"]


@pytest.mark.parametrize("name", NAMES)
def test_against_the_formula(name: str, made: dict[str, tuple[Wanted, Program]]) -> None:
    w, program = made[name]
    rng = np.random.default_rng(len(name))
    function = getattr(written, name)
    with mpmath.workdps(30), warnings.catch_warnings():
        warnings.simplefilter("error")
        given = inputs(program, rng)
        before = {k: np.copy(v) for k, v in given.items()}
        wanted = list(exact_results(program, given))
        if w.part == "entry":
            for i, j in np.ndindex(wanted[0].shape):
                assert function(**given, i=i, j=j) == pytest.approx(wanted[0][i, j], rel=1e-13)
            return
        found = function(**given)
        found = found if isinstance(found, tuple) else (found,)
        for value, right in zip(found, wanted, strict=True):
            assert np.shape(value) == right.shape
            assert np.allclose(value, right, rtol=1e-12, atol=1e-14)
        assert all(np.array_equal(given[k], before[k]) for k in given)
        # a batch is a loop
        scalars = {n for n in program.inputs if not program.problem.shapes.get(n)}
        shared = scalars - program.problem.labels if any(program.problem.shapes.values()) else set()
        batch = {k: v if k in shared else inputs(program, rng, (2, 3))[k] for k, v in given.items()}
        whole = function(**batch)
        for at in np.ndindex(2, 3):
            row = function(**{k: v if k in shared else v[at] for k, v in batch.items()})
            pairs = zip(whole, row, strict=True) if isinstance(row, tuple) else [(whole, row)]
            for many, one in pairs:
                assert np.allclose(many[at], one, rtol=1e-12, atol=1e-14)
        # float32 stays float32
        low = {k: v.astype(np.float32) if v.dtype == np.float64 else v for k, v in batch.items()
               if not np.isscalar(v)}  # fmt: skip
        low |= {k: np.float32(v) for k, v in batch.items() if k not in low}
        less = function(**low)
        for a, b in zip(less, whole, strict=True) if isinstance(less, tuple) else [(less, whole)]:
            assert np.asarray(a).dtype == np.float32
            assert np.allclose(a, b, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("name", NAMES)
def test_out_takes_the_result(name: str, made: dict[str, tuple[Wanted, Program]]) -> None:
    """The same bits as without it, also where it overlaps an input or is strided; else refused."""
    w, program = made[name]
    function = getattr(written, name)
    several = len(program.results) > 1 and not program.columns
    extra = {"i": 0, "j": 1} if w.part == "entry" else {}
    for dtype, batch in ((np.float64, ()), (np.float64, (3,)), (np.float32, (3,))):
        given = inputs(program, np.random.default_rng(len(name)), batch)
        given = {k: v if k in program.problem.labels else np.asarray(v, dtype)
                 for k, v in given.items()}  # fmt: skip
        if not batch:
            given = {k: v[()] for k, v in given.items()}
        plain = function(**given, **extra)
        plain = plain if several else (plain,)
        shape = np.shape(plain[-1])

        def same(out: Any, given: dict[str, Any], plain: Any = plain) -> None:
            found = function(**given, **extra, out=out)
            found = found if several else (found,)
            assert found[-1] is out
            for a, b in zip(found, plain, strict=True):
                assert np.array_equal(a, b, equal_nan=True)

        same(np.empty(shape, dtype), given)
        same(np.full((*shape, 2), np.nan, dtype)[..., 0], given)
        for k, v in given.items():
            if np.shape(v) == shape and k not in program.problem.labels:
                same(here := np.array(v), {**given, k: here})
                if shape:
                    store = np.concatenate([v, v])  # overlaps, one place further
                    same(store[1 : len(v) + 1], {**given, k: store[: len(v)]})
        for wrong in (np.empty((*shape, 1), dtype), np.empty(shape, np.int64)):
            with pytest.raises(ValueError, match="out has shape"):
                function(**given, **extra, out=wrong)
        fixed = np.zeros(shape, dtype)
        fixed.flags.writeable = False
        with pytest.raises(ValueError, match="read-only"):
            function(**given, **extra, out=fixed)
        with pytest.raises(TypeError, match="out must be an array"):
            function(**given, **extra, out=[0.0])


def test_a_written_file_needs_numpy_alone(tmp_path: Path) -> None:
    entries = [functions()["cross-entropy"], functions()["hinge"], functions()["gelu"]]
    sources = [p.source() for _, p in programs(entries)]
    path = tmp_path / "losses.py"
    path.write_text(standalone(sources, "Losses."), encoding="utf-8")
    code = (
        "import sys; sys.modules.update(symderiv=None, sympy=None, mpmath=None)\n"
        "import losses, numpy as np\n"
        "z = np.array([[40., 0, .3], [1e4, -1e4, -np.inf]])\n"
        "loss, g = losses.cross_entropy_and_gradient(z, [0, 0])\n"
        "assert loss[0] > 0 and g[0, 0] < 0 and loss[1] == 0, (loss, g)\n"
        "assert losses.cross_entropy_hessian(z).shape == (2, 3, 3)\n"
        "assert losses.gelu(0.0) == 0\n"
        "losses.hinge_gradient(np.ones((3, 2)), np.ones(2), 1)\n"
        "try: losses.cross_entropy(z, [0, 3])\n"
        "except IndexError as e: assert 'y[1] = 3' in str(e)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "name", ["lambda", "class", "np", "x y", "__import__", "a;b", "_z", "é", "out"]
)
def test_hostile_names(name: str) -> None:
    with pytest.raises(Hostile, match=r"rename"):
        check_names([name])


def test_a_batch_goes_by_slices() -> None:
    """The value, the gradient and both at once form nothing of the size of the logits."""
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(20_001, 7)), rng.normal(size=(7, 10)), rng.normal(size=10)
    y = rng.integers(0, 10, len(x))
    loss, slope = written.cross_entropy_and_gradient(x @ w, y)
    moved, turned = written.cross_entropy_and_gradient(x @ w + b, y)
    n = len(x)
    total, by_w, mean, of_w, of_b = (
        loss.sum(), x.T @ slope, moved.mean(), x.T @ turned / n, turned.mean(0)
    )  # fmt: skip
    batch, one = (x, w, y), (x, w, b, y)
    for name, given, right in (
        ("", batch, (total,)),
        ("_gradient", batch, (by_w,)),
        ("_and_gradient", batch, (total, by_w)),
        ("_mean", one, (mean,)),
        ("_mean_gradient_w", one, (of_w,)),
        ("_mean_gradient_b", one, (of_b,)),
        ("_mean_and_gradient_w", one, (mean, of_w)),
        ("_mean_and_gradient_b", one, (mean, of_b)),
    ):
        function = getattr(written, f"cross_entropy_batch{name}")
        out = np.empty_like(right[-1]) if "gradient" in name else None
        tracemalloc.start()
        found = function(*given, out=out)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 600_000 < 8 * 10 * n, name
        for value, exact in zip(found if "and" in name else (found,), right, strict=True):
            assert np.allclose(value, exact, rtol=1e-12, atol=1e-10), name


def test_one_slice_and_a_ragged_last_one_add_up() -> None:
    rng = np.random.default_rng(1)
    for n, k in ((1, 3), (7, 3), (2731, 3), (5, 5000)):
        x, w = rng.normal(size=(n, 2)), rng.normal(size=(2, k))
        y = rng.integers(0, k, n)
        loss, slope = written.cross_entropy_and_gradient(x @ w, y)
        value, gradient = written.cross_entropy_batch_and_gradient(x, w, y)
        assert np.allclose(value, loss.sum(), rtol=1e-12)
        assert np.allclose(gradient, x.T @ slope, rtol=1e-12, atol=1e-12)
