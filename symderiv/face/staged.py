"""Staged: a derivative through many stages, by adjoints and not by writing the function out.

Gives `staged`, which answers what `staging.in_adjoints` makes ready in one line: the derivative in
the adjoints of the stages (themselves stages, after the others).

Floor 5: imports the derivations, the reader and the judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sympy import Expr, Indexed, Symbol

from symderiv import catalogue
from symderiv.derivation import Claim, Derivation, Step
from symderiv.derivation.accepted import accepted, as_numeric
from symderiv.derivation.network import Adjoint, Backpropagation, as_it_is, backpropagation
from symderiv.derivation.network.closed import LARGEST, closed_form
from symderiv.derivation.network.graph import mentions
from symderiv.derivation.network.trial import try_out
from symderiv.face.claimed import decided, readable, with_bars
from symderiv.face.closed import closed
from symderiv.face.request import Request
from symderiv.mistakes import DASH, Unanswered
from symderiv.reader import read_claim
from symderiv.terms import D, Quantity
from symderiv.terms.letters import substitute
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.verdict import Verdict

OUT = "adjoints-written-out"


def staged(
    problem: Problem, request: Request, symbols: Mapping[str, str] | None = None
) -> Derivation:
    """The derivation by adjoints, with the claim decided; `symbols` are other names for adjoints.

    Raises
    ------
    Mistake, Unanswered
        as `symderiv.derivation.network.backpropagation` does.
    """
    (variable,) = problem.wrt
    settled = accepted if request.accept == "numeric" else as_it_is
    made = backpropagation(problem, [name_of(variable)], symbols=symbols, settled=settled)
    try_out(made)
    gradient = made.gradients[name_of(variable)]
    term = _closed(made, gradient) if request.unfold else gradient.term
    needed = tuple(Definition(a.quantity, a.term) for a in _needed(made, gradient, term))
    barred = replace(with_bars(made), wrt=(variable,))
    whole = replace(barred, stages=(*barred.stages, *needed))
    answer = _at(gradient, variable, gradient.term)
    statement = D(problem.function, variable)
    facts = tuple(dict.fromkeys(f for x in made.derived for f in x.derivation.facts))
    verdict = Verdict(made.strength, facts=facts, note=made.network.problem.every_size)
    through = ", ".join(dict.fromkeys(x.through for x in gradient.lemmas))
    rule = f"chain rule over the stages, through {through}" if through else "independent of it"
    steps = [Step(statement, rule, (), answer, verdict, ("chain-rule-over-stages",))]
    if term != gradient.term:
        shown = _at(gradient, variable, term)
        judged = closed(made, gradient, term).verdict
        steps.append(Step(answer, "adjoints written out", (), shown, judged, (OUT,)))
        answer = shown
    found = Derivation(
        "",
        "",
        whole,
        statement,
        tuple(steps),
        (),
        made.exceptions,
        conventions=made.conventions,
        axes=tuple(a for a in variable.args[1:] if isinstance(a, Symbol)),
        through=made,
    )
    if request.claim is None:
        return found
    claimed = read_claim(str(request.claim), readable(whole, made), catalogue.library())
    said = decided(made, barred, answer, claimed)
    if request.accept == "numeric":
        said = as_numeric(said)
    return replace(found, claim=Claim(claimed, said))


def _at(line: Adjoint, variable: Expr, term: Expr) -> Expr:
    """A gradient, said in `term`, at the indices of the variable that was asked for."""
    indices = variable.args[1:] if isinstance(variable, Indexed | Quantity) else ()
    return substitute(term, dict(zip(line.quantity.indices, indices, strict=True)))


def _closed(made: Backpropagation, gradient: Adjoint) -> Expr:
    """The gradient with its adjoints written out.

    Raises
    ------
    Unanswered
        where that would fill pages.
    """
    term = closed_form(made, gradient)
    if term is None:
        raise Unanswered(
            f"the closed form of the derivative by {gradient.of} has more than {LARGEST} "
            f"characters; without {DASH}unfold it is said in the adjoints of the stages"
        )
    return term


def _needed(made: Backpropagation, gradient: Adjoint, term: Expr) -> list[Adjoint]:
    """The adjoints that a gradient is said in, directly or not, from the loss backwards."""
    of = {a.quantity.name: a for a in made.adjoints.values()}
    found: set[str] = set()
    waiting = [gradient.term, term]
    while waiting:
        for name in mentions(waiting.pop()):
            if name in of and name not in found:
                found.add(name)
                waiting.append(of[name].term)
    return [a for name, a in of.items() if name in found and a is not gradient]
