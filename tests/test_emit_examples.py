"""Every formula of the examples, written as source: run at ordinary and at hard points.

What mpmath finds finite is finite in floats too, and right; nothing warns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import catalogue
from symderiv.catalogue import Derivative, Function
from symderiv.emit.module import programs, standalone
from symderiv.emit.program import Program
from symderiv.mistakes import Mistake
from symderiv.reader import read
from symderiv.verification.formulas import exact_results, inputs

ROWS = [
    row
    for name in ("derivations", "papers")
    for row in map(json.loads, (Path(__file__).parent / f"examples/{name}.jsonl").open())
    if row.get("verdict") != "false"
]
LARGE = 1e4


def made_of(row: dict[str, Any]) -> dict[str, Program]:
    wrt, assume = tuple(row["wrt"]), tuple(row.get("assume", ()))
    problem = read(row["define"], wrt=wrt, assume=assume, library=catalogue.library())
    kind = "hessian" if len(wrt) > 1 else "gradient" if problem.wrt[0].args else "derivative"
    entry = Function(
        name="f", title="f", define=row["define"], derivatives=(Derivative(kind, wrt, ""),),
        assume=assume,
    )  # fmt: skip
    return {w.name: p for w, p in programs([entry]) if not p.entry}


def points(program: Program) -> Iterator[dict[str, Any]]:
    """Random inputs, and each array of numbers by itself large, level, and far from the others."""
    given = inputs(program, np.random.default_rng(0))
    yield given
    problem = program.problem
    facts = " ".join(str(f.relation) for f in problem.facts)
    for name in program.inputs:
        if name in problem.labels or name in facts:
            continue
        x = np.asarray(given[name], dtype=float)
        yield {**given, name: (x * LARGE)[()]}
        yield {**given, name: np.ones_like(x)[()]}
        if x.ndim:
            far = x.copy()
            far[..., 0] += 800
            yield {**given, name: far}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
@pytest.mark.filterwarnings("error")
def test_at_ordinary_and_hard_points(row: dict[str, Any]) -> None:
    names: dict[str, Any] = {"__name__": "written"}
    made: dict[str, Program] = {}
    said = ""
    try:
        made = made_of(row)
    except Mistake as refused:
        said = str(refused)
    if not made:
        assert "no form in NumPy" in said or "no input has the size" in said
        return
    exec(compile(standalone([p.source() for p in made.values()], "x"), "<w>", "exec"), names)
    for name, program in made.items():
        for given in points(program):
            found = names[name](**given)
            with mpmath.workdps(400):
                exact = list(exact_results(program, given))
            for value, right in zip(found if len(exact) > 1 else [found], exact, strict=True):
                known = np.isfinite(right)
                assert not np.isnan(np.asarray(value)[known]).any(), (name, given)
                size = np.abs(right[known]).max(initial=1e-300)
                far = np.abs(np.asarray(value)[known] - right[known]).max(initial=0)
                lost = max(np.abs(np.asarray(v)).max(initial=1) for v in given.values())
                assert far <= 1e-9 * size or far <= 1e-15 * lost**2, (name, given, far, size)
