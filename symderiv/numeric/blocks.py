"""Passes over the rows of a matrix, in blocks that stay in a core's cache, on all cores if it pays.

Gives `over_rows`, which runs a pass; `set_buffer`, which makes a factor per row cheap; and
`Undefined`, which a pass raises at a row that has no softmax.  Imports NumPy only.

The blocks are the same on every number of cores, and so are the bits of the result.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

BLOCK_BYTES = 1 << 19
THREAD_BYTES = 1 << 22  # with less to do for each thread, starting it costs more than it saves
NARROW = 32  # up to here a product with ones beats every reduction over a short axis


class Undefined(ValueError):
    """A row that has no softmax: -inf everywhere, or +inf somewhere; by its place in a batch.

    The passes call the logits z; what knows them under another name raises it again.
    """

    def __init__(self, *where: int, name: str = "z", source: str = "") -> None:
        row = f"{name}{list(where) or ''}{source}"
        super().__init__(f"{row} is -inf everywhere or holds +inf: it has no softmax")
        self.where = where


def over_rows(z: Array, batch: tuple[int, ...], work: Callable[..., None], room: int = 0) -> None:
    """Run `work` on slices of the rows of a matrix, each of about 512 KiB, without warnings.

    After the slice, `work` gets `room` arrays of the shape and dtype of its block, to write to.

    Raises
    ------
    ValueError
        naming the first row, by its place in the batch, that is -inf everywhere or holds +inf.
    """
    rows, width = z.shape
    step = _block_rows(z)

    def one(block: slice, spaces: list[Array]) -> None:
        try:
            work(block, *(a[: block.stop - block.start] for a in spaces))
        except Undefined as row:
            where = np.unravel_index(block.start + row.where[0], batch)
            raise Undefined(*map(int, where)) from None

    def some(first: int, last: int) -> None:
        with np.errstate(all="ignore"):
            set_buffer(width)
            spaces = [np.empty((step, width), z.dtype) for _ in range(room)]
            for start in range(first, min(last, rows), step):
                one(slice(start, min(start + step, rows)), spaces)

    threads = min(z.nbytes // THREAD_BYTES, -(-rows // step))
    threads = min(threads, _cores()) if threads > 1 else 1
    if threads == 1:
        some(0, rows)
        return
    share = step * -(-rows // (step * threads))
    try:
        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(some, range(0, rows, share), range(share, rows + share, share)):
                pass
    except RuntimeError:  # no thread can be started: at the interpreter's exit, or in a browser
        some(0, rows)


def set_buffer(width: int) -> None:
    """A small buffer until the end of the errstate: a factor per row is else copied along it."""
    if 128 < width < 8192:
        np.setbufsize(512)


def _block_rows(z: Array) -> int:
    """The rows of a block."""
    rows, width = z.shape
    fit: int = max(1, min(rows, BLOCK_BYTES // (width * z.itemsize)))
    return fit


def _cores() -> int:
    """The threads that OMP_NUM_THREADS allows, as for BLAS, or else the cores of this process."""
    allowed = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    if allowed.isdigit() and int(allowed) > 0:
        return int(allowed)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
