"""What the lines of a derivation are about: sizes, letters, shapes, definitions and facts.

Gives `setting`, `setting_of`, `beside` (what one has that the one around it has not), `shapes_of`,
`stage_data`, `facts_of` and `spelt`.

Imports printers, terms, judge's axes and derivation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.derivation import Derivation
from symderiv.judge.axes import axes_of
from symderiv.printers.latex import latex
from symderiv.printers.text import text
from symderiv.terms.derived import derived
from symderiv.terms.neutral import neutral
from symderiv.terms.problem import Definition, Fact, Problem

Data = dict[str, Any]


def setting(derivation: Derivation) -> Data:
    """Sizes, letters and definitions: what the lines are about."""
    problem, claim = derivation.problem, derivation.claim
    values = [case.value for case in derivation.cases]
    claimed = [claim.term] if claim else []
    facts = facts_of(derivation)
    chosen = {str(k): n for k, n in derivation.sizes.items()}
    return setting_of(problem, [*derivation.lines, *values, *claimed], facts, chosen)


def setting_of(
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
        "shapes": shapes_of(problem),
        "stages": [stage_data(s) for s in problem.stages],
        "facts": [_fact(problem, f) for f in facts],
    }


def shapes_of(problem: Problem) -> Data:
    """The sizes of the axes of every array and stage, by name."""
    shapes = dict(sorted(problem.shapes.items()))
    for name, shape in problem.shapes.items():
        found = derived(name)
        if found is not None:  # of the inverse of X as of X
            del shapes[name]
            shapes |= {found.array: shape} if shape else {}
    return {name: [neutral(high) for high in shape] for name, shape in shapes.items()}


def stage_data(stage: Definition) -> Data:
    return {
        "name": stage.name,
        "indices": [str(letter) for letter in stage.quantity.indices],
        "body": neutral(stage.body),
        "text": f"{text(stage.quantity)} = {text(stage.body)}",
    }


def facts_of(derivation: Derivation) -> list[Fact]:
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
        **spelt(fact.relation),
    }


def beside(around: Data, setting: Data) -> Data:
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


def spelt(term: Basic) -> dict[str, str]:
    """A term as people read it."""
    return {"text": text(term), "latex": latex(term)}
