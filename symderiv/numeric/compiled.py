"""Passes over the rows of a block, compiled where Numba is installed (the extra `fast`).

Gives `compiled`, the decorator of a pass that has a kernel of its name.  Numba is looked for at
the first pass, not when this is imported.  Imports NumPy only.

A kernel does the rows that need no care and returns the others; those are done by the function as
it is written.  So the care stands once, and everything holds its bounds with and without Numba.
Where a kernel cannot be made, or read from disk, all rows are left.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from types import ModuleType

import numpy as np

from symderiv.numeric.blocks import Array, Undefined

Pass = Callable[..., None]


def compiled(writes: int) -> Callable[[Pass], Pass]:
    """Mark a pass whose arguments are arrays of one row (or one number) per row, of which it
    writes the last `writes`: its kernel runs first, if there is one.
    """

    def mark(plain: Pass) -> Pass:
        @wraps(plain)
        def run(*arrays: Array) -> None:
            found = kernels()
            written = arrays[-writes:]
            if found is None or not all(a.flags.c_contiguous for a in written):
                plain(*arrays)
                return
            try:
                left = getattr(found, plain.__name__)(*map(_plainly, arrays[:-writes]), *written)
            except found.FAILURES:
                plain(*arrays)
                return
            if len(left) == 0:
                return
            some = [a[left] for a in arrays]
            try:
                plain(*some)
            except Undefined as row:
                raise Undefined(int(left[row.where[0]])) from None
            for whole, part in zip(written, some[-writes:], strict=True):
                whole[left] = part

        return run

    return mark


def _plainly(a: Array) -> Array:
    """The array as kernels know it: to Numba, one that may not be written to is of another type."""
    return np.ascontiguousarray(a) if a.flags.writeable else a.copy()


@cache
def kernels() -> ModuleType | None:
    """The module of kernels, or None where Numba is missing, switched off or too old for NumPy."""
    try:
        from numba import config

        from symderiv.numeric import kernels as found
    except ImportError:
        return None
    return None if getattr(config, "DISABLE_JIT", False) else found
