"""Serialisation: a derivation as plain data, for JSON.

Gives `as_data`.  What it returns holds strings, numbers, booleans, None, lists and dicts only:

    schema       "symderiv.derivation/1"; the number grows when a field changes its meaning
    name, title  of the derivation
    function, wrt, stages, labels, declared
                 the problem: what is differentiated, by what, the named quantities with their
                 definitions, the letters that are labels, the facts declared to hold
    statement    the first line, a term
    steps        one for each further line: number, rule, law (LaTeX), before, after (terms),
                 assumptions (facts), verdict
    answer       the last line, a term
    assumptions  every fact used on some line
    exceptions   where the derivative does not exist
    verdict      the strength of the weakest line: proved, exact at sizes, numeric, undecided or
                 refuted
    counterexample   of the first line that has one, or null
    lemmas       the derivations that steps cite, each like this one

A term is a dict: `text` (one line of Unicode), `latex`, `srepr` (the line as written; the names in
it are SymPy's and those of `symderiv.terms`) and `sympy` (the srepr of ordinary SymPy, in which
nothing is held).  A fact is a dict: relation (a term) and proved.  A verdict is a dict: strength,
sizes, note and counterexample, which is null or a dict: sizes, indices, point, left, right.

Floor 4: imports printers, terms and derivation.

To add a field: write it here, in the schema of the tests, and in the list above; a new field
leaves the schema's number as it is.
"""

from __future__ import annotations

from typing import Any

from sympy import srepr
from sympy.core.basic import Basic

from symderiv.derivation import Derivation, Step
from symderiv.printers.latex import latex
from symderiv.printers.text import text
from symderiv.problem import Fact
from symderiv.terms import release
from symderiv.verdict import Counterexample, Verdict

SCHEMA = "symderiv.derivation/1"


def as_data(derivation: Derivation) -> dict[str, Any]:
    """The derivation as plain data, as the module's docstring describes it."""
    problem = derivation.problem
    found = [s.verdict.counterexample for s in derivation.steps if s.verdict.counterexample]
    return {
        "schema": SCHEMA,
        "name": derivation.name,
        "title": derivation.title,
        "function": _term(problem.function),
        "wrt": [_term(x) for x in problem.wrt],
        "stages": [
            {"name": s.name, "quantity": _term(s.quantity), "definition": _term(s.body)}
            for s in problem.stages
        ],
        "labels": sorted(problem.labels),
        "declared": [_fact(f) for f in problem.facts],
        "statement": _term(derivation.statement),
        "steps": [_step(n, s) for n, s in enumerate(derivation.steps, 1)],
        "answer": _term(derivation.answer),
        "assumptions": [_fact(f) for f in derivation.facts],
        "exceptions": list(derivation.exceptions),
        "verdict": str(derivation.strength),
        "counterexample": _counterexample(found[0] if found else None),
        "lemmas": [as_data(lemma) for lemma in derivation.lemmas],
    }


def _step(number: int, step: Step) -> dict[str, Any]:
    return {
        "number": number,
        "rule": step.rule,
        "law": step.law,
        "before": _term(step.before),
        "after": _term(step.after),
        "assumptions": [_fact(f) for f in step.facts],
        "verdict": _verdict(step.verdict),
    }


def _term(term: Basic) -> dict[str, str]:
    return {
        "text": text(term),
        "latex": latex(term),
        "srepr": srepr(term),
        "sympy": srepr(release(term)),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {"relation": _term(fact.relation), "proved": fact.proved}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "strength": str(verdict.strength),
        "sizes": list(verdict.sizes),
        "note": verdict.note,
        "counterexample": _counterexample(verdict.counterexample),
    }


def _counterexample(found: Counterexample | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "sizes": dict(found.sizes),
        "indices": dict(found.indices),
        "point": dict(found.point),
        "left": found.left,
        "right": found.right,
    }
