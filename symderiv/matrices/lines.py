"""Lines: the adjoints and gradients of a network as equations of whole arrays.

Gives `line_forms`.  In each line stages and adjoints are arrays of which nothing is known.  Every
form is read again and judged against its line, as that of an answer is; lines that differ in their
names only, their forms too, are judged once.

Imports form, the derivation of networks, and the judge.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from sympy import Symbol

from symderiv.derivation.network import Adjoint, Backpropagation
from symderiv.derivation.network.graph import mentions, opaque
from symderiv.derivation.network.pattern import pattern_of
from symderiv.judge import Judge
from symderiv.matrices.expression import renamed
from symderiv.matrices.form import Form, judged
from symderiv.matrices.labels import one_hots
from symderiv.matrices.page import spelled
from symderiv.matrices.raising import whole_of
from symderiv.terms import component, subterms
from symderiv.terms.letters import all_letters
from symderiv.terms.problem import Problem
from symderiv.terms.renaming import names_of
from symderiv.terms.verdict import Verdict

LONGEST = 120  # characters of a line in matrix notation that is of help to a reader


def line_forms(made: Backpropagation, library: Mapping[str, str]) -> dict[str, Form]:
    """The lines that have a matrix form, by what they are the adjoint of."""
    shapes = dict(made.network.problem.shapes)
    lines = (*made.adjoints.values(), *made.gradients.values())
    shapes |= {line.quantity.name: shapes.get(line.of, ()) for line in lines}
    whole = replace(made.network.problem, shapes=shapes)
    sizes = {s.name for shape in shapes.values() for end in shape for s in end.free_symbols}
    taken = names_of(whole) | sizes
    known: dict[Hashable, Verdict | None] = {}
    found: dict[str, Form] = {}
    for line in lines:
        form = _form(line, whole, taken, known, library)
        if form is not None:
            found[line.of] = form
    return found


def _form(
    line: Adjoint,
    network: Problem,
    taken: frozenset[str],
    known: dict[Hashable, Verdict | None],
    library: Mapping[str, str],
) -> Form | None:
    letters = tuple(a for a in line.quantity.indices if isinstance(a, Symbol))
    shapes, term = network.shapes, opaque(line.term, ())
    used = {*mentions(term), line.quantity.name}
    if not 1 <= len(letters) <= 2 or term == 0:
        return None
    own = component(line.quantity.name, *letters)
    labels = network.labels & {s.name for t in subterms(term) for s in all_letters(t)}
    labels |= network.labels & used
    used |= labels
    ranges = dict(zip(letters, shapes.get(line.quantity.name, ()), strict=True))
    given = Problem(
        function=term,
        wrt=(own,),
        shapes={n: shapes[n] for n in shapes if n in used and shapes[n]},
        ranges={s: end for s, end in network.ranges.items() if s.name in labels} | ranges,
        labels=labels,
    )
    problem, named = one_hots(given, term, taken)
    if any(s.is_integer and s.name in network.labels for s in named.atoms(Symbol)):
        return None
    problem = replace(problem, function=named)
    whole = whole_of(problem, named, letters)
    if whole is None:
        return None
    shown, latex = spelled(whole, "text"), spelled(whole, "latex")
    if len(shown) > LONGEST:
        return None
    pattern = pattern_of(problem)
    places = {name: f"#{n}" for n, name in enumerate(pattern.names)}
    key = (pattern.key, renamed(whole, places))
    if key not in known:
        known[key] = judged(term, letters, Judge(given), latex, "latex", library, picked=problem)
    verdict = known[key]
    if verdict is None:
        return None
    return Form(whole, shown, latex, verdict, problem.stages)
