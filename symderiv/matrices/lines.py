"""Lines: the adjoints and gradients of a network as equations of whole arrays.

Gives `line_forms`.  In each line stages and adjoints are arrays of which nothing is known.  Every
form is read again and judged against its line, as that of an answer is; lines that differ in their
names only, their forms too, are judged once.

Imports form, the derivation of networks, and the judge.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping

from sympy import Expr, Symbol

from symderiv.derivation.network import Adjoint, Backpropagation
from symderiv.derivation.network.graph import mentions, opaque
from symderiv.derivation.network.pattern import pattern_of
from symderiv.matrices.form import Form, judged
from symderiv.matrices.graph import NoForm
from symderiv.matrices.page import spelled
from symderiv.matrices.raising import Raising
from symderiv.terms import component
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Verdict

LONGEST = 120  # characters of a line in matrix notation that is of help to a reader


def line_forms(made: Backpropagation, library: Mapping[str, str]) -> dict[str, Form]:
    """The lines that have a matrix form, by what they are the adjoint of."""
    shapes = dict(made.network.problem.shapes)
    lines = (*made.adjoints.values(), *made.gradients.values())
    shapes |= {line.quantity.name: shapes.get(line.of, ()) for line in lines}
    labels = made.network.problem.labels
    known: dict[Hashable, Verdict | None] = {}
    found: dict[str, Form] = {}
    for line in lines:
        form = _form(line, shapes, labels, known, library)
        if form is not None:
            found[line.of] = form
    return found


def _form(
    line: Adjoint,
    shapes: Mapping[str, tuple[Expr, ...]],
    labels: frozenset[str],
    known: dict[Hashable, Verdict | None],
    library: Mapping[str, str],
) -> Form | None:
    letters = tuple(a for a in line.quantity.indices if isinstance(a, Symbol))
    term = opaque(line.term, ())
    used = {*mentions(term), line.quantity.name}
    if not 1 <= len(letters) <= 2 or term == 0 or any(s.name in labels for s in _integers(term)):
        return None
    own = component(line.quantity.name, *letters)
    ranges = dict(zip(letters, shapes.get(line.quantity.name, ()), strict=True))
    problem = Problem(
        function=term,
        wrt=(own,),
        shapes={name: shapes[name] for name in shapes if name in used and shapes[name]},
        ranges=ranges,
    )
    try:
        whole = Raising(problem).whole(term, letters)
    except (NoForm, RecursionError):
        return None
    shown, latex = spelled(whole, "text"), spelled(whole, "latex")
    if len(shown) > LONGEST:
        return None
    pattern = pattern_of(problem)
    places = {name: f"#{n}" for n, name in enumerate(pattern.names)}
    plain = re.sub(r"word='(\w+)'", lambda m: f"word='{places.get(m[1], m[1])}'", repr(whole))
    key = (pattern.key, plain)
    if key not in known:
        known[key] = judged(term, letters, problem, latex, library)
    verdict = known[key]
    return None if verdict is None else Form(whole, shown, latex, None, verdict)


def _integers(term: Expr) -> set[Symbol]:
    return {s for s in term.atoms(Symbol) if isinstance(s, Symbol) and s.is_integer}


__all__ = ["line_forms"]
