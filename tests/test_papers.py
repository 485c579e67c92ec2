"""Functions of papers that the rules were not made for: derived, proved, and right by `diff`.

`examples/papers.jsonl` is written as `examples/derivations.jsonl` is: normalisations, attention,
regularised and smoothed losses, divergences, activations, temperature, second derivatives.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from symderiv import catalogue
from symderiv.derivation.textbook import Textbook
from symderiv.reader import read, read_claim
from symderiv.terms.verdict import Strength
from tests.by_sympy import agree, worlds, written

pytestmark = pytest.mark.usefixtures("derived_once")

FILE = Path(__file__).parent / "examples/papers.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_there_are_many() -> None:
    assert len(ROWS) >= 40
    assert len({row["id"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_function_of_a_paper(row: dict[str, Any]) -> None:
    assume = tuple(row.get("assume", ()))
    library = catalogue.library()
    problem = read(row["define"], wrt=tuple(row["wrt"]), assume=assume, library=library)
    textbook = Textbook(problem)
    derivation = textbook.derive()
    claim = read_claim(row["claim"], problem)
    judge = textbook.judge(derivation.statement, claim)
    assert derivation.strength is Strength.PROVED
    verdict = judge.decide(problem.function, derivation.statement, derivation.answer, claim)
    assert verdict.strength is Strength.PROVED
    if len(row["wrt"]) == 1 and not any("=" in fact for fact in assume):
        statement = derivation.statement
        world = next(worlds(problem, statement, claim, positive=True, sizes=(2,)))
        assert agree(written(statement, world), written(claim, world))
