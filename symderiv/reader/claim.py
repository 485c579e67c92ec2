"""Claims: a term over the letters, arrays and sizes of a problem that has been read.

Gives `read_claim`.  Imports problem, terms and the rest of the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from sympy import Expr, Symbol

from symderiv.reader import scan
from symderiv.reader.axes import Axes
from symderiv.reader.calls import Calls
from symderiv.reader.expressions import Expressions
from symderiv.reader.names import ARRAY, LETTER, SCALAR, SIZE, STAGE, Names
from symderiv.reader.pieces import only_piece
from symderiv.reader.refusal import Source, meant
from symderiv.reader.restrictions import subscripting, unrestricted
from symderiv.reader.scope import Index, Scope
from symderiv.reader.settle import settle
from symderiv.reader.typed import with_euler
from symderiv.reader.zero import counted_from_one
from symderiv.terms import letter, subterms
from symderiv.terms.letters import all_letters
from symderiv.terms.problem import Problem


def read_claim(
    text: str,
    problem: Problem,
    library: Mapping[str, str] | None = None,
) -> Expr:
    """The term that a claim states about a problem, in the letters of that problem.

    Raises
    ------
    ReadError
        also for names and free letters that the problem does not have.
    """
    source = Source(text, "claim")
    piece = only_piece(source)
    if problem.first == 0:
        lengths = {str(n) for shape in problem.shapes.values() for n in shape}
        (piece,) = counted_from_one([piece], {s.name for s in problem.ranges}, lengths)
    letters = {s.name for s in problem.ranges} | subscripting([piece.right])
    declared = {s.name for t in _terms(problem) for s in all_letters(t)} | problem.shapes.keys()
    piece = with_euler(unrestricted(piece, letters), declared | letters)
    axes = Axes()
    names = Names(axes, ranks={n: len(s) for n, s in problem.shapes.items()}, closed=True)
    words = set(scan.words([piece.right]))
    calls = Calls(library or {}, words, stages=list(problem.stages), adding=False)
    reader = Expressions(names, calls)
    for name, shape in problem.shapes.items():
        stage = problem.definition(name) is not None
        names.roles[name] = STAGE if stage else ARRAY
        names.shapes[name] = tuple(axes.new(owner=name, given=length) for length in shape)
        calls.shadowed |= {name} if stage else set()
    sizes = {length for shape in problem.shapes.values() for length in shape}
    known = {s: axes.new(letter=s.name, given=n) for s, n in problem.ranges.items()}
    calls.free = {s.name: Index(s, axis) for s, axis in known.items()}
    sizes |= set(problem.ranges.values())
    for term in _terms(problem):
        sizes |= {t for t in subterms(term) if isinstance(t, Symbol) and t.is_positive}
        for t in subterms(term):
            if isinstance(t, Symbol) and not t.is_integer:
                names.roles.setdefault(t.name, SCALAR)
    names.roles |= {str(length): SIZE for length in sizes}
    for s, axis in known.items():
        if names.roles.get(s.name) == ARRAY:
            names.label_axes[s.name] = axis
        else:
            names.roles[s.name] = LETTER

    def free(node: ast.Name, scope: Scope) -> Index:
        if names.roles.get(node.id) not in (None, LETTER):
            names.declare(node.id, LETTER, scope, node)
        if letter(node.id) not in known:
            near = meant(node.id, (s.name for s in known))
            raise scope.refuse(
                node, f"the index {node.id!r} is free in the claim, not in the formula{near}"
            )
        return Index(letter(node.id), known[letter(node.id)])

    term = reader.term(piece.right, Scope(source, free))
    return settle(term, axes.sizes(names.roles))


def _terms(problem: Problem) -> list[Expr]:
    facts = [side for fact in problem.facts for side in fact.relation.args]
    return [problem.function, *problem.wrt, *(s.body for s in problem.stages), *facts]
