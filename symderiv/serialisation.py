"""Serialisation: a derivation as plain data, for JSON.

Gives `as_data` of a derivation, `network_data` of a network's gradients, `as_json` (the same as
text) and `schema`, the JSON Schema that a derivation obeys; what each field holds is said there, in
`derivation.schema.json`.  Every line is a neutral tree
(`symderiv.terms.neutral`), so a reader needs neither SymPy nor this package: `recheck.py` is one.

A lemma, the derivation of a case, or the line of an adjoint leaves out what is empty, and what is
as in the derivation or network that it stands in: sizes, letters, labels, shapes, stages, facts.

Floor 4: imports printers, terms, judge's axes, derivation, values and the matrix of
documents.

To add a field: write it here and in the schema; a field that changes its meaning changes the
number in `SCHEMA`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

from sympy import Expr, srepr
from sympy.core.basic import Basic

from symderiv import catalogue
from symderiv.derivation import Case, Claim, Derivation, Step
from symderiv.derivation.network import Adjoint, Backpropagation, Lemma
from symderiv.documents.page import matrix_of
from symderiv.documents.setting import Point
from symderiv.documents.values import values_at
from symderiv.judge.axes import axes_of
from symderiv.matrices import Form, einsum_form, matrix_form
from symderiv.printers.latex import latex
from symderiv.printers.text import text
from symderiv.reader import formula
from symderiv.terms import D, release
from symderiv.terms.derived import derived
from symderiv.terms.neutral import Tree, neutral
from symderiv.terms.problem import Definition, Fact, Problem
from symderiv.terms.verdict import Counterexample, Strength, Verdict

SCHEMA = "symderiv.derivation/2"
MOST_ENTRIES = 400

Data = dict[str, Any]


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
    facts = _facts(derivation)
    return {
        "schema": SCHEMA,
        "name": derivation.name,
        "title": derivation.title,
        "verdict": str(derivation.strength),
        **_setting(derivation),
        "function": neutral(derivation.problem.function),
        "wrt": [neutral(x) for x in derivation.problem.wrt],
        **_with_matrix(_body(derivation), derivation),
        "fixed": {str(k): n for k, n in derivation.fixed.items()},
        "axes": [str(axis) for axis in derivation.axes],
        "matrix": _matrix(derivation, full=full),
        "values": None if point is None else _values(derivation, point),
        "claim": claim and _claim(claim, facts),
        "counterexample": _counterexample(found[0]) if found else None,
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


# -- what a derivation starts from ---------------------------------------------------------------


def _setting(derivation: Derivation) -> Data:
    """Sizes, letters and definitions: what the lines are about."""
    problem, claim = derivation.problem, derivation.claim
    values = [case.value for case in derivation.cases]
    claimed = [claim.term] if claim else []
    facts = _facts(derivation)
    chosen = {str(k): n for k, n in derivation.sizes.items()}
    return _setting_of(problem, [*derivation.lines, *values, *claimed], facts, chosen)


def _setting_of(
    problem: Problem, lines: Iterable[Expr], facts: Sequence[Fact], chosen: dict[str, int]
) -> Data:
    stages = [t for s in problem.stages for t in (s.body, s.quantity)]
    axes = axes_of(problem, [*lines, *stages, *(t for f in facts for t in f.relation.args)])
    ends = {str(s): neutral(high) for s, high in axes.letters.items()}
    labels = {**ends, **{n: neutral(high) for n, high in axes.drawn(problem).items()}}
    arrays = problem.labels & problem.shapes.keys()
    letters = sorted(ends.keys() - axes.sizes.keys() - arrays)
    return {
        "sizes": {**{name: chosen.get(name) for name in axes.sizes}, **chosen},
        "letters": {k: ends[k] for k in letters},
        "labels": {k: labels[k] for k in sorted(problem.labels & labels.keys())},
        "shapes": _shapes(problem),
        "stages": [_stage(s) for s in problem.stages],
        "facts": [_fact(problem, f) for f in facts],
    }


def _shapes(problem: Problem) -> Data:
    """The sizes of the axes of every array and stage, by name."""
    shapes = dict(sorted(problem.shapes.items()))
    for name, shape in problem.shapes.items():
        found = derived(name)
        if found is not None:  # of the inverse of X as of X
            del shapes[name]
            shapes |= {found.array: shape} if shape else {}
    return {name: [neutral(high) for high in shape] for name, shape in shapes.items()}


def _stage(stage: Definition) -> Data:
    return {
        "name": stage.name,
        "indices": [str(letter) for letter in stage.quantity.indices],
        "body": neutral(stage.body),
        "text": f"{text(stage.quantity)} = {text(stage.body)}",
    }


def _facts(derivation: Derivation) -> list[Fact]:
    """The declared facts, and those that a line proved on its way."""
    claimed = derivation.claim.verdict.facts if derivation.claim else ()
    return list(dict.fromkeys((*derivation.problem.facts, *derivation.facts, *claimed)))


def _fact(problem: Problem, fact: Fact) -> Data:
    """A fact; its letters run over the axes that they subscript in it."""
    axes = axes_of(replace(problem, ranges={}, wrt=()), fact.relation.args)
    ranges = {**problem.ranges, **axes.letters}
    free = {s for s in fact.relation.free_symbols if s in ranges}
    return {
        "relation": neutral(fact.relation),
        "letters": {str(s): neutral(ranges[s]) for s in sorted(free, key=str)},
        "proved": fact.proved,
        **_spelt(fact.relation),
    }


# -- lines ---------------------------------------------------------------------------------------


def _body(derivation: Derivation) -> Data:
    facts = _facts(derivation)
    return {
        "statement": _term(derivation.statement),
        "steps": [_step(s, facts) for s in derivation.steps],
        "answer": {**_term(derivation.answer), "sympy": srepr(release(derivation.answer))},
        "exceptions": ["".join(map(_said, place)) for place in derivation.exceptions],
        "lemmas": [_inner(lemma, derivation) for lemma in derivation.lemmas],
        "cases": [_case(case, derivation) for case in derivation.cases],
    }


def _with_matrix(body: Data, derivation: Derivation) -> Data:
    """The lines, the answer in matrix notation as well where no size is chosen."""
    if derivation.sizes:
        return body
    form = matrix_form(derivation, catalogue.library())
    matrix = form and {"text": form.text, "latex": form.latex, "numpy": form.numpy}
    einsum = einsum_form(derivation, catalogue.library()) if form is None else None
    return {**body, "answer": {**body["answer"], "matrix": matrix, "einsum": einsum}}


def _inner(derivation: Derivation, outer: Derivation) -> Data:
    """A derivation inside another: what is empty or as outside is left out."""
    own = _beside(_setting(outer), _setting(derivation))
    data = {"title": derivation.title, **_body(derivation)}
    if derivation.steps:
        del data["answer"]  # the last line
    return {**own, **{k: v for k, v in data.items() if v or k == "steps"}}


def _beside(around: Data, setting: Data) -> Data:
    """What a setting has that the one around it has not; names outside keep their meaning."""
    own = {k: v for k, v in setting.items() if v != around[k]}
    chosen = around["sizes"]
    for field in ("sizes", "letters", "labels", "shapes"):
        merged = {**around[field], **own.pop(field, {})}
        if _chosen(merged, chosen) != _chosen(around[field], chosen):
            own[field] = merged
    return own


def _chosen(value: Any, sizes: Data) -> Any:
    """Sizes as numbers, where they are chosen."""
    match value:
        case dict():
            return {k: _chosen(v, sizes) for k, v in value.items()}
        case list():
            return [_chosen(v, sizes) for v in value]
        case str():
            return sizes.get(value) or value
    return value


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
        "value": _term(case.value),
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


def _claim(claim: Claim, facts: list[Fact]) -> Data:
    return {
        **_term(claim.term),
        "sympy": srepr(release(claim.term)),
        "verdict": _verdict(claim.verdict, facts),
    }


def _term(term: Basic) -> Data:
    return {"tree": neutral(term), **_spelt(term)}


def _spelt(term: Basic) -> dict[str, str]:
    return {"text": text(term), "latex": latex(term)}


def _said(part: str | Basic) -> str:
    return part if isinstance(part, str) else text(part)


def _verdict(verdict: Verdict, facts: list[Fact]) -> Data:
    """A verdict; the facts it used by their place in the list, from 1 as on a page."""
    found, proved = verdict.counterexample, verdict.strength is Strength.PROVED
    data = {
        "facts": [facts.index(f) + 1 for f in verdict.facts],
        "sizes": list(verdict.sizes),
        "points": 0 if proved else verdict.points,
        "note": "" if proved else verdict.note,
        "counterexample": _counterexample(found) if found else None,
    }
    return {"strength": str(verdict.strength), **{k: v for k, v in data.items() if v}}


def _counterexample(found: Counterexample) -> Data:
    sizes, indices, point = (dict(m) for m in (found.sizes, found.indices, found.point))
    values = {"left": found.left, "right": found.right, "difference": found.difference}
    return {"sizes": sizes, "indices": indices, "point": point, **values}


# -- networks ------------------------------------------------------------------------------------


def network_data(made: Backpropagation, matrices: Mapping[str, Form]) -> Data:
    """The gradients of a network as plain data; `matrices` has lines in matrix notation, by name.

    Every adjoint is a line of its own, from the derivative of the loss to the sum of its terms,
    and its lemmas say the terms: each through one stage, all others arrays.  `lemmas` holds those
    that were derived; where one is cited, `like` says which.
    """
    network = made.network
    bars = [Definition(a.quantity, a.term) for a in made.adjoints.values()]
    shapes = {a.quantity.name: _shape(made, a) for a in made.adjoints.values()}
    problem = replace(
        network.problem,
        stages=(*network.stages.values(), *bars),
        shapes={**network.problem.shapes, **shapes},
    )
    lines = [*made.adjoints.values(), *made.gradients.values()]
    facts = list(dict.fromkeys(problem.facts))
    setting = _setting_of(problem, [a.term for a in lines], facts, {})
    data = {a.of: _adjoint(made, a, matrices.get(a.of), setting) for a in lines}
    return {
        "verdict": str(made.strength),
        **setting,
        "loss": network.loss.name,
        "statement": _term(network.loss.definition.quantity),
        "steps": [],
        "joint": sorted(network.joint),
        "adjoints": {n: data[n] for n in made.adjoints},
        "gradients": {n: data[n] for n in made.gradients},
        "lemmas": [as_data(lemma.derivation) for lemma in made.derived],
        "exceptions": ["".join(map(_said, place)) for place in made.exceptions],
    }


def _shape(made: Backpropagation, line: Adjoint) -> tuple[Expr, ...]:
    return made.network.problem.shapes.get(line.of, ())


def _adjoint(made: Backpropagation, line: Adjoint, form: Form | None, around: Data) -> Data:
    """The line of an adjoint; `adjoint`, `variable` and `formula` in the language of formulas."""
    loss, cited = made.network.loss.definition.quantity, range(1, len(around["facts"]) + 1)
    verdict = {"strength": str(line.strength), **({"facts": list(cited)} if cited else {})}
    step = {"rule": "chain rule over the stages", "rules": ["chain-rule-over-stages"]}
    letters = {k: v for k, v in around["letters"].items() if k in around["labels"]}
    own = zip(line.quantity.indices, _shape(made, line), strict=True)
    return {
        "title": f"the adjoint of {line.of}",
        "adjoint": formula(line.quantity),
        "variable": formula(line.variable),
        "formula": formula(line.term),
        "text": text(line.term),
        "latex": latex(line.term),
        "matrix": None if form is None else _matrix_line(form),
        "letters": {**letters, **{str(letter): neutral(high) for letter, high in own}},
        "function": neutral(loss),
        "wrt": [neutral(line.variable)],
        "statement": _term(D(loss, line.variable)),
        "steps": [{**step, "tree": neutral(line.term), **_spelt(line.term), "verdict": verdict}],
        "strength": str(line.strength),
        "lemmas": [_edge(lemma, verdict, around) for lemma in line.lemmas],
    }


def _matrix_line(form: Form) -> Data:
    """A line in matrix notation, with the one-hot arrays of labels that it names."""
    picked = {formula(d.quantity): formula(d.body) for d in form.picked}
    return {"text": form.text, "latex": form.latex, **({"where": picked} if picked else {})}


def _edge(lemma: Lemma, verdict: Data, around: Data) -> Data:
    """One term of an adjoint: what goes through one stage, all but those it takes in arrays."""
    step = {"rule": "its lemma", "rules": ["lemma"], **_spelt(lemma.term)}
    like = lemma.like
    data = {
        "title": f"the term through {lemma.through}",
        "through": lemma.through,
        "formula": formula(lemma.term),
        "statement": _term(lemma.statement),
        "steps": [{**step, "tree": neutral(lemma.term), "verdict": verdict}],
        "strength": str(lemma.strength),
        "like": None if like is None else f"{like.through} to {like.of}",
    }
    stages = {"stages": [_stage(s) for s in lemma.problem.stages]}
    return {**data, **stages, **_beside(around, {**around, "shapes": _shapes(lemma.problem)})}


# -- numbers -------------------------------------------------------------------------------------


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
