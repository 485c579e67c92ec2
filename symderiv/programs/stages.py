"""Stages: the fused ones of a network as functions of their own, which autograd is told of.

Gives `fused_stages`: a loss with its softmax, a normalisation with its mean and variance, a softmax
with what it is divided by.  Each is a function of the arrays that it mentions, its derivative by
each of them derived and judged, its program held against exact values; so one who writes the rest
of a network by hand has these in one pass and with their digits.  Stages that differ in their
names only are written once.

Imports the network, emit and verification.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import sympy
from sympy import Expr, Symbol

from symderiv.derivation.network import Backpropagation
from symderiv.derivation.network.graph import Node, mentions, opaque
from symderiv.derivation.network.pattern import pattern_of
from symderiv.emit.docstrings import docstring
from symderiv.emit.module import callable_of
from symderiv.emit.program import Program
from symderiv.emit.translation.slopes import Slopes, slopes
from symderiv.mistakes import Mistake, Unanswered
from symderiv.terms import Quotient, subterms
from symderiv.terms.problem import Definition, Problem
from symderiv.verification.tried import check

SUFFIX = "_stage"


def fused_stages(made: Backpropagation, *, reverse: bool) -> Iterator[tuple[Program, Slopes]]:
    """The program of each fused stage with that of its derivatives; what has no such is left out.

    Parameters
    ----------
    reverse : are the derivatives multiplied by a cotangent, or by a tangent?
    """
    seen: set[Hashable] = set()
    for node in made.network.nodes:
        if not _is_fused(node) or node.name in made.network.block:
            continue
        problem = _problem(made, node)
        key = pattern_of(problem).key
        if key in seen:
            continue
        seen.add(key)
        own = tuple(a for a in node.definition.quantity.indices if isinstance(a, Symbol))
        program = Program(f"{node.name}{SUFFIX}", problem, (problem.function,), (own,))
        program.doc = docstring(program, "value", f"The stage {node.name}", None)
        try:
            check(callable_of(program), program)
            found = slopes(program, reverse=reverse)
            check(callable_of(found.program), found.program)
        except (Mistake, Unanswered):
            continue
        if found.by:
            yield program, found


def _is_fused(node: Node) -> bool:
    """Are stages taken together in it, or exponentials with what they are divided by?"""
    return bool(node.inner) or any(
        (isinstance(t, Quotient) and t.denominator.has(sympy.exp))
        or (isinstance(t, sympy.log) and t.has(sympy.exp))
        for t in subterms(node.definition.body)
    )


def _problem(made: Backpropagation, node: Node) -> Problem:
    """The stage as a function of the arrays that it mentions."""
    whole = made.network.problem
    inner = {s.name for s in node.inner}
    stages = tuple(Definition(s.quantity, opaque(s.body, inner)) for s in node.inner)
    function = opaque(node.definition.body, inner)
    terms: list[Expr] = [function, *(s.body for s in stages)]
    used = {name for t in terms for name in mentions(t)} | inner
    used |= {n for n in whole.labels if any(n in map(str, t.free_symbols) for t in terms)}
    used |= {n for n in whole.labels if any(sympy.IndexedBase(n) in t.atoms() for t in terms)}
    letters = zip(node.definition.quantity.indices, whole.shapes.get(node.name, ()), strict=True)
    ranges = {s: high for s, high in whole.ranges.items() if s.name in whole.labels}
    ranges |= {s: high for s, high in letters if isinstance(s, Symbol)}
    return Problem(
        function=function,
        wrt=(),
        stages=stages,
        facts=tuple(f for f in whole.facts if {*mentions(f.relation)} <= used - {*inner}),
        shapes={n: s for n, s in whole.shapes.items() if n in used},
        ranges=ranges,
        labels=frozenset(whole.labels & {*used}),
    )
