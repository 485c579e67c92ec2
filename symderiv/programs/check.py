"""The check of a program: run at a small size and held against the definitions.

Gives `check`, without which no program is handed out.

Floor 4: imports the network, numbers and NumPy.
"""

from __future__ import annotations

import inspect
from random import Random
from typing import Any

import numpy as np

from symderiv.derivation.network.trial import Wrong, inputs_of, sizes_of
from symderiv.emit.module import Made
from symderiv.numbers.evaluator import Evaluator
from symderiv.programs.program import Program

DIGITS = 40
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
    fitted = {n: sizes[n] for n in program.sizes.fitted}
    wanted = [n for n in inspect.signature(run).parameters if n not in fitted]
    told = {made.network.loss.name: "the value"}
    told |= {g.quantity.name: f"the gradient by {n}" for n, g in program.gradients.items()}
    for _ in range(10 * points):
        if done == points:
            return
        inputs = inputs_of(made, sizes, random)
        world = Evaluator(made.problem, inputs, sizes)
        exact = {s.name: world.array(DIGITS, s.quantity) for s in made.problem.stages}
        if not all(np.isfinite(entries).all() for entries in exact.values()):
            continue  # outside the domain
        with np.errstate(all="ignore"):
            value, gradients = program.told(run(**{n: inputs[n] for n in wanted}, **fitted))
        largest = max(float(np.abs(entries).max(initial=0)) for entries in exact.values())
        for name, found in zip(told, (value, *gradients.values()), strict=True):
            _compare(told[name], found, exact[name], largest)
        done += 1
    if not done:
        raise Wrong("no point was found at which the program could be tried; not written")


def _compare(what: str, found: Any, exact: Any, largest: float) -> None:
    """Entry by entry; what rounding leaves of a sum of large terms is no difference."""
    found, exact = np.asarray(found), np.asarray(exact)
    scale = 1e-12 + max(float(np.abs(exact).max(initial=0)), TINY * largest)
    if found.shape != exact.shape or not _far(found, exact) <= BOUND * scale:
        raise Wrong(f"the program's numbers for {what} are not those of the formulas; not written")


def _far(found: Any, exact: Any) -> float:
    return float(np.abs(found - exact).max(initial=0))
