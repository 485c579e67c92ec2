"""The lines of a derivation: its steps, lemmas and cases, with the verdict on each.

Gives `body`, `claim_data`, `term_data` and `said`.

Imports setting, printers, terms and derivation.
"""

from __future__ import annotations

from itertools import combinations

from sympy import srepr
from sympy.core.basic import Basic

from symderiv.derivation import Case, Claim, Derivation, Step
from symderiv.printers.text import text
from symderiv.serialisation.setting import Data, beside, facts_of, setting, spelt
from symderiv.terms import release
from symderiv.terms.neutral import neutral
from symderiv.terms.problem import Fact
from symderiv.terms.verdict import Strength, Verdict


def body(derivation: Derivation) -> Data:
    """The lines, and the derivations that they cite or consist of."""
    facts = facts_of(derivation)
    return {
        "statement": term_data(derivation.statement),
        "steps": [_step(s, facts) for s in derivation.steps],
        "answer": {**term_data(derivation.answer), "sympy": srepr(release(derivation.answer))},
        "exceptions": ["".join(map(said, place)) for place in derivation.exceptions],
        "lemmas": [_inner(lemma, derivation) for lemma in derivation.lemmas],
        "cases": [_case(case, derivation) for case in derivation.cases],
    }


def _inner(derivation: Derivation, outer: Derivation) -> Data:
    """A derivation inside another: what is empty or as outside is left out."""
    own = beside(setting(outer), setting(derivation))
    data = {"title": derivation.title, **body(derivation)}
    if derivation.steps:
        del data["answer"]  # the last line
    return {**own, **{k: v for k, v in data.items() if v or k == "steps"}}


def _case(case: Case, outer: Derivation) -> Data:
    """A case; where sizes are chosen, its derivation is that of one entry."""
    condition = case.condition if isinstance(case.condition, str) else text(case.condition)
    indices = {str(k): n for k, n in case.indices.items()}
    pairs = combinations(indices, 2)
    alike = [["=" if indices[a] == indices[b] else "!=", a, b] for a, b in pairs]
    entry: Data = {"where": [["=", k, n] for k, n in indices.items()]}
    if not indices:  # of a function of its own
        problem = case.derivation.problem
        entry = {"function": neutral(problem.function), "wrt": [neutral(x) for x in problem.wrt]}
    return {
        "condition": condition,
        "where": alike if indices else None,
        "value": term_data(case.value),
        "derivation": {
            **(entry if outer.sizes or not indices else {}),
            **_inner(case.derivation, outer),
        },
    }


def _step(step: Step, facts: list[Fact]) -> Data:
    return {
        "rule": step.rule,
        "rules": list(step.identifiers),
        "tree": neutral(step.after),
        "text": text(step.after),
        "verdict": _verdict(step.verdict, facts),
    }


def claim_data(claim: Claim, facts: list[Fact]) -> Data:
    return {
        **term_data(claim.term),
        "sympy": srepr(release(claim.term)),
        "verdict": _verdict(claim.verdict, facts),
    }


def term_data(term: Basic) -> Data:
    return {"tree": neutral(term), **spelt(term)}


def said(part: str | Basic) -> str:
    return part if isinstance(part, str) else text(part)


def _verdict(verdict: Verdict, facts: list[Fact]) -> Data:
    """A verdict; the facts it used by their place in the list, from 1 as on a page."""
    found, proved = verdict.counterexample, verdict.strength is Strength.PROVED
    data = {
        "facts": [facts.index(f) + 1 for f in verdict.facts],
        "sizes": list(verdict.sizes),
        "points": 0 if proved else verdict.points,
        "note": "" if proved else verdict.note,
        "counterexample": found.as_data() if found else None,
    }
    return {"strength": str(verdict.strength), **{k: v for k, v in data.items() if v}}
