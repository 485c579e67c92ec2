"""The check of a program: run at a small size and held against the definitions.

Gives `check`, without which no program is handed out.

Floor 4: imports the network and NumPy.
"""

from __future__ import annotations

import inspect
from itertools import product
from random import Random
from typing import Any

import numpy as np

from symderiv.derivation.network.evaluation import Table
from symderiv.derivation.network.trial import (
    Wrong,
    definitions,
    inputs_of,
    labels_of,
    largest,
    sizes_of,
)
from symderiv.emit.module import Made
from symderiv.programs.program import Program

BOUND = 1e-9
TINY = 1e-4  # of the largest gradient or stage: smaller ones may be rests of larger terms


def check(program: Program, written: str, points: int = 2) -> None:
    """Run a program where definitions, entry by entry, say what it must give.

    Raises
    ------
    Wrong
        where a value differs.
    """
    made, run = program.backpropagation, Made(written, program.name)
    sizes, random, done = sizes_of(made), Random(1), 0
    labels = {name for name, _ in labels_of(made)}
    fitted = {n: sizes[n] for n in program.sizes.fitted}
    _, equations = definitions(made)
    for _ in range(10 * points):
        if done == points:
            return
        inputs = inputs_of(made, sizes, random)
        try:
            world = equations.world(sizes, inputs)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue  # outside the domain
        wanted = [n for n in inspect.signature(run).parameters if n not in fitted]
        given = {n: _array(inputs[n], n in labels) for n in wanted}
        with np.errstate(all="ignore"):
            found, gradients = program.told(run(**given, **fitted))
        value = world.number(made.network.loss.name)
        inside = largest(made, world)
        _compare("the value", found, value, inside)
        asked = program.gradients.items()
        exact = {n: _array(world.table(g.quantity.name), False) for n, g in asked}
        scale = max([inside, *(float(np.abs(e).max(initial=0)) for e in exact.values())])
        for name, entries in exact.items():
            _compare(f"the gradient by {name}", gradients[name], entries, scale)
        done += 1
    if not done:
        raise Wrong("no point was found at which the program could be tried; not written")


def _array(entries: Table, label: bool) -> Any:
    """Entries that count from 1 as an array; labels count from 0 in it."""
    shape = tuple(max(at[n] for at in entries) for n in range(len(next(iter(entries)))))
    found = np.zeros(shape, dtype=np.int64 if label else np.float64)
    for at in product(*(range(n) for n in shape)):
        found[at] = entries[tuple(n + 1 for n in at)] - label
    return found


def _compare(what: str, found: Any, exact: Any, largest: float) -> None:
    """Entry by entry; what rounding leaves of a sum of large terms is no difference."""
    found, exact = np.asarray(found), np.asarray(exact)
    scale = 1e-12 + max(float(np.abs(exact).max(initial=0)), TINY * largest)
    if found.shape != exact.shape or not _far(found, exact) <= BOUND * scale:
        raise Wrong(f"the program's numbers for {what} are not those of the formulas; not written")


def _far(found: Any, exact: Any) -> float:
    return float(np.abs(found - exact).max(initial=0))
