"""Serialisation: a derivation as plain data, for JSON.

Gives `as_data`.  What it returns holds strings, numbers, booleans, None, lists and dicts only:

    schema       "symderiv.derivation/1"; the number grows when a field changes its meaning
    name, title  of the derivation
    function, wrt, stages, labels, declared
                 the problem: what is differentiated, by what, the named quantities with their
                 definitions, the letters that are labels, the facts declared to hold
    statement    the first line, a term
    steps        one for each further line: number, rule (words), identifiers (of the rules; they
                 never change), law (LaTeX), before, after (terms), assumptions (facts), verdict
    answer       the last line, a term
    assumptions  every fact used on some line
    exceptions   where the derivative does not exist
    verdict      the strength of the weakest line (the claim's counts as one): proved, exact at
                 sizes, numeric, undecided or refuted
    counterexample   of the first line that has one, or null
    lemmas       the derivations that steps cite, each like this one
    cases        the answer by cases: condition (text), value (a term), indices of an example and
                 the derivation of that example, like this one, or null
    sizes, axes  the chosen sizes by name, the letters that index the answer
    matrix       for chosen sizes the answer written out: rows of terms; null where it has no or
                 more than two indices, or more than 400 entries and `full` was not asked for
    values       at the point asked for: by name, a number, a list, or a list of lists; else null
    claim        null, or what the answer was claimed to be: term and verdict

A term is a dict: `text` (one line of Unicode), `latex`, `srepr` (the line as written; the names in
it are SymPy's and those of `symderiv.terms`) and `sympy` (the srepr of ordinary SymPy, in which
nothing is held).  A fact is a dict: relation (a term) and proved.  A verdict is a dict: strength,
sizes, note and counterexample, which is null or a dict: sizes, indices, point, left, right.

Floor 4: imports printers, terms, derivation, values and the matrix of documents.

To add a field: write it here, in the schema of the tests, and in the list above; a new field
leaves the schema's number as it is.
"""

from __future__ import annotations

from typing import Any

from sympy import srepr
from sympy.core.basic import Basic

from symderiv.derivation import Case, Derivation, Step
from symderiv.documents.page import matrix_of
from symderiv.documents.setting import Point
from symderiv.documents.values import values_at
from symderiv.printers.latex import latex
from symderiv.printers.laws import law
from symderiv.printers.text import text
from symderiv.terms import release
from symderiv.terms.problem import Fact
from symderiv.terms.verdict import Counterexample, Verdict

SCHEMA = "symderiv.derivation/1"
MOST_ENTRIES = 400


def as_data(
    derivation: Derivation, *, point: Point | None = None, full: bool = False
) -> dict[str, Any]:
    """The derivation as plain data, as the module's docstring describes it.

    Parameters
    ----------
    point : components of the variable, or of arrays by name, as typed, at which `values` are wanted
    full : matrices of any size
    """
    problem, claim = derivation.problem, derivation.claim
    verdicts = [*(s.verdict for s in derivation.steps), *((claim.verdict,) if claim else ())]
    found = [v.counterexample for v in verdicts if v.counterexample]
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
        "exceptions": ["".join(map(_said, place)) for place in derivation.exceptions],
        "verdict": str(derivation.strength),
        "counterexample": _counterexample(found[0] if found else None),
        "lemmas": [as_data(lemma) for lemma in derivation.lemmas],
        "cases": [_case(case) for case in derivation.cases],
        "sizes": {str(k): n for k, n in derivation.sizes.items()},
        "axes": [str(axis) for axis in derivation.axes],
        "matrix": _matrix(derivation, full=full),
        "values": None if point is None else _values(derivation, point),
        "claim": claim and {"term": _term(claim.term), "verdict": _verdict(claim.verdict)},
    }


def _case(case: Case) -> dict[str, Any]:
    condition = case.condition if isinstance(case.condition, str) else text(case.condition)
    return {
        "condition": condition,
        "value": _term(case.value),
        "indices": {str(k): n for k, n in case.indices.items()},
        "derivation": as_data(case.derivation),
    }


def _matrix(derivation: Derivation, *, full: bool) -> list[list[dict[str, str]]] | None:
    if derivation.rows:
        return [[_term(entry) for entry in row] for row in derivation.rows]
    block = matrix_of(derivation)
    if block is None or (block.height * block.width > MOST_ENTRIES and not full):
        return None
    columns = range(1, block.width + 1)
    return [[_term(block.entry(a, b)) for b in columns] for a in range(1, block.height + 1)]


def _values(derivation: Derivation, point: Point) -> dict[str, Any]:
    found = values_at(derivation, point)
    return {name if isinstance(name, str) else text(name): value for name, value in found.items()}


def _step(number: int, step: Step) -> dict[str, Any]:
    return {
        "number": number,
        "rule": step.rule,
        "identifiers": list(step.identifiers),
        "law": law([known.identity for known in step.laws], "latex"),
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


def _said(part: str | Basic) -> str:
    return part if isinstance(part, str) else text(part)


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
