"""Every law that the judge believes, proved by it, and not believed without its side condition."""

from __future__ import annotations

import re

import pytest

from symderiv.judge import Judge
from symderiv.judge.laws import LAWS, Law
from symderiv.reader import read, read_claim
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Strength, Verdict


def judged(law: Law, c: str, assumed: tuple[str, ...]) -> tuple[Problem, Verdict]:
    before, after = (re.sub(r"\bc\b", f"({c})", text) for text in law[:2])
    problem = read(before, ["a[j]" if "a[" in before else "a"], assumed)
    return problem, Judge(problem).compare(problem.function, read_claim(after, problem))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.before)
@pytest.mark.parametrize("c", ["2", "-1", "5/3", "-1/3"])
def test_a_law_is_proved_under_its_condition(law: Law, c: str) -> None:
    assumed = (law.condition,) if law.condition else ()
    problem, verdict = judged(law, c, assumed)
    assert verdict.strength is Strength.PROVED
    if c == "5/3":
        assert verdict.facts == problem.facts


@pytest.mark.parametrize("law", [law for law in LAWS if law.condition], ids=lambda law: law.before)
def test_a_law_is_not_believed_without_its_condition(law: Law) -> None:
    _, verdict = judged(law, "5/3", ())
    assert verdict.strength is not Strength.PROVED
