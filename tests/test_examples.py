"""Every derivation of the published examples: derived, judged, and right by SymPy's own `diff`.

`examples/derivations.jsonl` has one object a line: `define`, the stages and, last, the function;
`wrt`, differentiate by these; `claim`, the closed form; `assume`, facts declared to hold;
`verdict`, "false" where the claim is wrong and must be refuted; `except`, where there is no
derivative.  z[i] is a component, sum(body, k) runs over the axis that k subscripts, delta(i,j) is
Kronecker's, and a bare letter that is bound nowhere is a fixed label.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sympy
from sympy import Expr, Symbol

from symderiv import catalogue
from symderiv.derivation import Derivation
from symderiv.derivation.textbook import Textbook
from symderiv.reader import read, read_claim
from symderiv.terms import D
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Strength
from tests.by_sympy import World, agree, worlds, written

pytestmark = pytest.mark.usefixtures("derived_once")

ROWS = [json.loads(line) for line in (Path(__file__).parent / "examples/derivations.jsonl").open()]
NAMES = [row["id"] for row in ROWS]
TRUE = [row for row in ROWS if row.get("verdict") != "false"]


@cache
def derived(name: str) -> tuple[Problem, Textbook, Derivation]:
    """The derivation of one example, made once."""
    row = next(r for r in ROWS if r["id"] == name)
    problem = read(row["define"], wrt=tuple(row["wrt"]), assume=tuple(row.get("assume", ())))
    textbook = Textbook(problem)
    return problem, textbook, textbook.derive()


def shares(problem: Problem, world: World) -> dict[Symbol, Expr]:
    """Where Σy = 1 is declared, its last component is what is left of 1."""
    if not problem.facts:
        return {}
    total = written(problem.facts[0].relation.lhs, world)
    last = max(total.free_symbols, key=str)
    return {last: 1 - (total - last)}


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_proved_for_every_size(name: str) -> None:
    _, _, derivation = derived(name)
    assert derivation.steps
    assert [s.verdict.strength for s in derivation.steps] == [Strength.PROVED] * len(
        derivation.steps
    )
    assert all(
        a.after == b.before for a, b in zip(derivation.steps, derivation.steps[1:], strict=False)
    )
    assert not derivation.answer.has(sympy.Derivative)


@pytest.mark.parametrize("row", TRUE, ids=[r["id"] for r in TRUE])
def test_the_judge_says_that_the_answer_is_the_claim(row: dict[str, Any]) -> None:
    problem, textbook, derivation = derived(row["id"])
    claim = read_claim(row["claim"], problem)
    assert textbook.judge(claim).compare(derivation.answer, claim).strength is Strength.PROVED


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_sympy_says_that_the_answer_is_the_derivative_and_the_claim(row: dict[str, Any]) -> None:
    problem, _, derivation = derived(row["id"])
    claim = read_claim(row["claim"], problem)
    statement = problem.function
    for x in problem.wrt:
        statement = D(statement, x)
    claimed = []
    for world in worlds(problem, statement, derivation.answer, claim):
        facts = shares(problem, world)
        truth = written(statement, world)
        assert agree(truth, written(derivation.answer, world), facts)
        claimed.append(agree(truth, written(claim, world), facts))
    assert all(claimed) == (row.get("verdict") != "false")


def test_a_false_claim_is_refuted_with_a_counterexample() -> None:
    (row,) = [r for r in ROWS if r.get("verdict") == "false"]
    problem, textbook, derivation = derived(row["id"])
    claim = read_claim(row["claim"], problem)
    verdict = textbook.judge(claim).compare(derivation.answer, claim)
    assert verdict.strength is Strength.REFUTED
    shown = verdict.counterexample
    assert shown is not None
    assert shown.left != shown.right
    assert shown.sizes
    assert shown.indices["j"] >= 1


def spaceless(text: str) -> str:
    return text.replace(" ", "")


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_catalogue_has_it(row: dict[str, Any]) -> None:
    """With the same formula and facts, and a closed form that is the claim: by SymPy, not by us."""
    found = [
        (closed, derivative.holds)
        for function in catalogue.functions().values()
        if sorted(function.assume) == row.get("assume", [])
        for n, define in enumerate(texts(function.define))
        if spaceless(define) == spaceless(row["define"])
        for derivative in function.derivatives
        for closed in by(derivative, row["wrt"], n)
    ]
    true = row.get("verdict") != "false"
    assert any(holds == true and is_the_claim(row, closed) for closed, holds in found)


def is_the_claim(row: dict[str, Any], closed: str) -> bool:
    problem, _, _ = derived(row["id"])
    claim, other = (read_claim(text, problem) for text in (row["claim"], closed))
    statement = problem.function
    for x in problem.wrt:
        statement = D(statement, x)
    return all(
        agree(written(claim, world), written(other, world), shares(problem, world))
        for world in worlds(problem, statement, claim, other)
    )


def texts(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def by(derivative: catalogue.Derivative, wrt: list[str], row: int) -> list[str]:
    """The closed form by these variables; for a vector of functions, that of this row."""
    if isinstance(derivative.closed_form, str):
        return [derivative.closed_form] if list(derivative.wrt) == wrt else []
    if wrt[0] not in derivative.wrt:
        return []
    return [derivative.closed_form[row * len(derivative.wrt) + derivative.wrt.index(wrt[0])]]
