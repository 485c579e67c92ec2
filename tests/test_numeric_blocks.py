"""Passes over blocks of rows: every row done once, the same bits on any number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv import numeric
from symderiv.numeric import blocks

pytestmark = pytest.mark.usefixtures("passes")


@pytest.fixture
def many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that a short array has several, on four threads."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr(blocks, "THREAD_BYTES", 1 << 10)
    monkeypatch.setenv("OMP_NUM_THREADS", "4")


@settings(max_examples=50, deadline=None)
@given(rows=st.integers(0, 70), width=st.integers(1, 300), room=st.integers(0, 2))
def test_every_row_is_worked_once(rows: int, width: int, room: int) -> None:
    done = np.zeros(rows, int)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", 1 << 11)
        patch.setattr(blocks, "THREAD_BYTES", 1 << 12)
        patch.setenv("OMP_NUM_THREADS", "3")

        def work(block: slice, *spaces: blocks.Array) -> None:
            done[block] += 1
            assert [a.shape for a in spaces] == [(len(done[block]), width)] * room

        blocks.over_rows(np.zeros((rows, width)), (rows,), work, room)
    assert (done == 1).all()


@pytest.mark.usefixtures("many_threads")
def test_threads_have_rooms_of_their_own() -> None:
    seen: set[int] = set()
    together = threading.Barrier(2, timeout=60)

    def work(block: slice, space: blocks.Array) -> None:
        space[...] = block.start
        if block.start in (0, 4):  # two blocks at the same time, each with what it wrote
            together.wait()
            seen.add(threading.get_ident())
        assert (space == block.start).all()

    blocks.over_rows(np.zeros((8, 128)), (8,), work, room=1)
    assert len(seen) == 2


PASSES: dict[str, Callable[..., Any]] = {
    "softmax": lambda z, y, t: numeric.softmax(z),
    "complement": lambda z, y, t: numeric.complement(z),
    "log_softmax": lambda z, y, t: numeric.log_softmax(z),
    "logsumexp": lambda z, y, t: numeric.logsumexp(z),
    "label": lambda z, y, t: numeric.label_loss_and_gradient(z, y),
    "label loss": lambda z, y, t: numeric.label_loss(z, y),
    "target": lambda z, y, t: numeric.target_loss_and_gradient(z, t),
    "target loss": lambda z, y, t: numeric.target_loss(z, t),
    "product": lambda z, y, t: numeric.jacobian_product(z, t),
    "entry": lambda z, y, t: numeric.jacobian_entry(z, 0, z.shape[-1] - 1),
}


@pytest.mark.usefixtures("many_threads")
@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("width", [3, 40, 200])
def test_threads_change_no_bit(
    name: str, dtype: type, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(width)
    z = (rng.normal(size=(90, width)) * 30).astype(dtype)
    z[7] += 1e4
    y, t = rng.integers(0, width, 90), np.abs(rng.normal(size=(90, width)))
    t = (t / t.sum(-1, keepdims=True)).astype(dtype)
    both = []
    for threads in ("4", "1"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        both.append(PASSES[name](z, y, t))
    for four, one in zip(*(b if isinstance(b, tuple) else (b,) for b in both), strict=True):
        np.testing.assert_array_equal(four, one)


@pytest.mark.usefixtures("many_threads")
def test_the_first_row_without_a_softmax_is_named() -> None:
    z = np.zeros((2, 50, 100))
    z[1, 30:] = -np.inf
    z[0, 49, 3] = np.inf
    with pytest.raises(ValueError, match=r"^z\[0, 49\] is -inf everywhere or holds \+inf"):
        numeric.softmax(z)


@pytest.mark.usefixtures("many_threads")
def test_threads_print_no_warning() -> None:
    z = np.full((50, 100), -1e308)
    z[:, 0] = 1e308
    with np.errstate(all="raise"):
        p = numeric.softmax(z)
    np.testing.assert_array_equal(p, (np.arange(100) == 0) * np.ones((50, 1)))


@pytest.mark.parametrize(("allowed", "threads"), [("1", 1), ("3", 3), ("2,4", 2), (" 5 ", 5)])
def test_the_variable_that_blas_obeys_is_obeyed(
    allowed: str, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", allowed)
    assert blocks._cores() == threads


@pytest.mark.parametrize("nonsense", ["", "0", "-1", "all"])
def test_without_it_the_cores_of_the_process_count(
    nonsense: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", nonsense)
    assert 1 <= blocks._cores() <= (os.cpu_count() or 1)


def test_where_no_thread_can_be_started_one_does_it_all() -> None:
    code = (
        "import atexit, numpy as np; from symderiv import numeric;"
        "z = np.zeros((64, 32000));"
        "atexit.register(lambda: print(numeric.softmax(z)[3, 4] * 32000))"
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "2"}
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert ended.stdout == "1.0\n"
    assert not ended.stderr
