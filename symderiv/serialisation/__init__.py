"""Serialisation: a derivation as plain data, for JSON.

Gives `as_data` of a derivation, `as_json` (the same as text) and `schema`, the JSON Schema that a
derivation obeys; what each field holds is said there, in `derivation.schema.json`.  Of a network's
gradients `networks` gives the data.  Every line is a neutral tree (`symderiv.terms.neutral`), so a
reader needs neither SymPy nor this package: `recheck.py` is one.

A lemma, the derivation of a case, or the line of an adjoint leaves out what is empty, and what is
as in the derivation or network that it stands in: sizes, letters, labels, shapes, stages, facts.

Floor 4: imports printers, terms, judge's axes, derivation, and values and the matrix of documents.

To add a field: write it here and in the schema; a field that changes its meaning changes the
number in `SCHEMA`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from symderiv import catalogue
from symderiv.derivation import Derivation
from symderiv.documents.page import matrix_of
from symderiv.documents.setting import Point
from symderiv.documents.values import values_at
from symderiv.matrices import einsum_form, matrix_form
from symderiv.printers.text import text
from symderiv.serialisation.lines import body, claim_data
from symderiv.serialisation.setting import Data, facts_of, setting
from symderiv.terms.neutral import Tree, neutral

SCHEMA = "symderiv.derivation/2"
MOST_ENTRIES = 400


def schema() -> Data:
    """The JSON Schema of what `as_data` gives."""
    file = Path(__file__).with_name("derivation.schema.json")
    data: Data = json.loads(file.read_text(encoding="utf-8"))
    return data


def as_data(derivation: Derivation, *, point: Point | None = None, full: bool = False) -> Data:
    """The derivation as plain data.

    Parameters
    ----------
    point : components of the variable, or of arrays by name, as typed, at which `values` are wanted
    full : matrices of any size
    """
    claim = derivation.claim
    verdicts = [*(s.verdict for s in derivation.steps), *((claim.verdict,) if claim else ())]
    found = [v.counterexample for v in verdicts if v.counterexample]
    facts = facts_of(derivation)
    return {
        "schema": SCHEMA,
        "name": derivation.name,
        "title": derivation.title,
        "verdict": str(derivation.strength),
        **setting(derivation),
        "function": neutral(derivation.problem.function),
        "wrt": [neutral(x) for x in derivation.problem.wrt],
        **_with_matrix(body(derivation), derivation),
        "fixed": {str(k): n for k, n in derivation.fixed.items()},
        "axes": [str(axis) for axis in derivation.axes],
        "matrix": _matrix(derivation, full=full),
        "values": None if point is None else _values(derivation, point),
        "claim": claim and claim_data(claim, facts),
        "counterexample": found[0].as_data() if found else None,
    }


def as_json(data: Data) -> str:
    """The data as text: a field a line, and a line of the derivation on one line."""
    return _laid_out(data, "\n") + "\n"


def _laid_out(value: Any, end: str) -> str:
    if isinstance(value, dict) and any(_holds_steps(v) for v in value.values()):
        parts = (f"{json.dumps(k)}:{_laid_out(v, end + ' ')}" for k, v in value.items())
        return "{" + end + f",{end}".join(parts) + end + "}"
    if _holds_steps(value):
        return "[" + end + f",{end}".join(_laid_out(v, end + " ") for v in value) + end + "]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _holds_steps(value: Any) -> bool:
    """Is it a list of steps, lemmas or cases, or does it hold one?"""
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], dict)
    return isinstance(value, dict) and any(map(_holds_steps, value.values()))


def _with_matrix(lines: Data, derivation: Derivation) -> Data:
    """The lines, the answer in matrix notation as well where no size is chosen."""
    if derivation.sizes:
        return lines
    form = matrix_form(derivation, catalogue.library())
    matrix = form and {"text": form.text, "latex": form.latex, "numpy": form.numpy}
    einsum = einsum_form(derivation, catalogue.library()) if form is None else None
    return {**lines, "answer": {**lines["answer"], "matrix": matrix, "einsum": einsum}}


def _matrix(derivation: Derivation, *, full: bool) -> list[list[Tree]] | None:
    if derivation.rows:
        return [[neutral(entry) for entry in row] for row in derivation.rows]
    block = matrix_of(derivation)
    if block is None or (block.height * block.width > MOST_ENTRIES and not full):
        return None
    columns = range(1, block.width + 1)
    return [[neutral(block.entry(a, b)) for b in columns] for a in range(1, block.height + 1)]


def _values(derivation: Derivation, point: Point) -> Data:
    found = values_at(derivation, point)
    return {name if isinstance(name, str) else text(name): value for name, value in found.items()}
