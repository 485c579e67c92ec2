"""The generated functions: as committed, and each against its own formula by mpmath."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
import warnings
from pathlib import Path

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


def test_weights_over_many_blocks() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(20_001, 7)), rng.normal(size=(7, 10))
    y = rng.integers(0, 10, len(x))
    direct = x.T @ written.cross_entropy_gradient(x @ w, y)
    tracemalloc.start()
    blocks = written.cross_entropy_batch_gradient(x, w, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert np.allclose(blocks, direct, rtol=1e-12, atol=1e-10)
    assert peak < 600_000 < 8 * 10 * len(x)
    mean = written.cross_entropy_batch_mean_gradient_w(x, w, np.zeros(10), y)
    assert np.allclose(mean, direct / len(x), rtol=1e-12, atol=1e-14)
