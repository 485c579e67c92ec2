"""The gradients of a network as plain data.

Gives `network_data`.

Imports the rest of this room, and the network of derivation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sympy import Expr

from symderiv.derivation.network import Adjoint, Backpropagation, Lemma
from symderiv.matrices import Form
from symderiv.printers.latex import latex
from symderiv.printers.text import text
from symderiv.reader import formula
from symderiv.serialisation import as_data
from symderiv.serialisation.lines import said, term_data
from symderiv.serialisation.setting import Data, beside, setting_of, shapes_of, spelt, stage_data
from symderiv.terms import D
from symderiv.terms.neutral import neutral
from symderiv.terms.problem import Definition


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
    around = setting_of(problem, [a.term for a in lines], facts, {})
    data = {a.of: _adjoint(made, a, matrices.get(a.of), around) for a in lines}
    return {
        "verdict": str(made.strength),
        **around,
        "loss": network.loss.name,
        "statement": term_data(network.loss.definition.quantity),
        "steps": [],
        "joint": sorted(network.joint),
        "adjoints": {n: data[n] for n in made.adjoints},
        "gradients": {n: data[n] for n in made.gradients},
        "lemmas": [as_data(lemma.derivation) for lemma in made.derived],
        "exceptions": ["".join(map(said, place)) for place in made.exceptions],
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
        "statement": term_data(D(loss, line.variable)),
        "steps": [{**step, "tree": neutral(line.term), **spelt(line.term), "verdict": verdict}],
        "strength": str(line.strength),
        "lemmas": [_edge(lemma, verdict, around) for lemma in line.lemmas],
    }


def _matrix_line(form: Form) -> Data:
    """A line in matrix notation, with the one-hot arrays of labels that it names."""
    picked = {formula(d.quantity): formula(d.body) for d in form.picked}
    return {"text": form.text, "latex": form.latex, **({"where": picked} if picked else {})}


def _edge(lemma: Lemma, verdict: Data, around: Data) -> Data:
    """One term of an adjoint: what goes through one stage, all but those it takes in arrays."""
    step = {"rule": "its lemma", "rules": ["lemma"], **spelt(lemma.term)}
    like = lemma.like
    data = {
        "title": f"the term through {lemma.through}",
        "through": lemma.through,
        "formula": formula(lemma.term),
        "statement": term_data(lemma.statement),
        "steps": [{**step, "tree": neutral(lemma.term), "verdict": verdict}],
        "strength": str(lemma.strength),
        "like": None if like is None else f"{like.through} to {like.of}",
    }
    stages = {"stages": [stage_data(s) for s in lemma.problem.stages]}
    return {**data, **stages, **beside(around, {**around, "shapes": shapes_of(lemma.problem)})}
