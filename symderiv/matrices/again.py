"""Again: a printed matrix form, read by the reader of vector notation and lowered.

Gives `read_again`.  Imports the reader, and the LaTeX printer for the names it is to find.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sympy import Expr, Symbol

from symderiv.printers.latex import latex
from symderiv.reader import read_claim, tree
from symderiv.reader.latex import statements
from symderiv.reader.linear.lowering import Lowering
from symderiv.reader.linear.operations import Operations
from symderiv.reader.linear.typed import parsed
from symderiv.reader.linear.values import Axes, Dialect, array, indices
from symderiv.reader.refusal import Source
from symderiv.reader.tree import Written
from symderiv.terms.derived import derived
from symderiv.terms.letters import all_letters
from symderiv.terms.problem import Problem


def read_again(
    spelled: str,
    notation: str,
    problem: Problem,
    letters: Sequence[Symbol],
    library: Mapping[str, str],
    known: Mapping[str, str] | None = None,
) -> Expr:
    """The term in index notation that a form states, at these letters.

    Parameters
    ----------
    known : stages by what they are in NumPy, so that inv(A @ B) is that of the stage A @ B

    Raises
    ------
    ReadError
        where it cannot be read.
    """
    source = Source(spelled, "claim")
    if notation == "latex":
        cut = statements.cut(source, {})
        given, subscripted = _names(problem)

        def known_name(node: ast.expr) -> ast.expr | None:
            name = given.get(node.id) if isinstance(node, ast.Name) else None
            name = subscripted.get(ast.dump(node)) if isinstance(node, ast.Subscript) else name
            return None if name is None else tree.name(name, node.col_offset)

        read = statements.relation_of(cut, (), (), "claim", vectors=True, given=given)
        term = tree.copied(read, known_name)
        dialect = Dialect.TEXTBOOK
    else:
        dialect = Dialect.NUMPY
        (part,) = parsed(source, dialect)
        term = part.right
    lowering = lowered_names(problem, source, dialect)
    for code, name in (known or {}).items():
        (part,) = parsed(Source(code, "claim"), dialect)
        lowering.staged[lowering.value(part.right).key] = name
    value = lowering.value(term)
    if value.rank not in (0, len(letters)):
        raise source.refuse(0, f"this is {value.kind()}")
    names = [s.name for s in letters]
    taken = frozenset(names)
    written = Written()
    written.tree(value.write(indices(names[: value.rank], 0), taken))
    return read_claim(written.text, replace(problem, first=1), library)  # as it is printed


def lowered_names(problem: Problem, source: Source, dialect: Dialect) -> Lowering:
    """A lowering that knows the arrays, stages, numbers and sizes of a problem."""
    used = {s.name for t in (problem.function, *problem.wrt) for s in all_letters(t)}
    used |= {*problem.shapes, *(s.name for s in problem.ranges)}
    axes = Axes(used=frozenset(n for n in used if n in problem.shapes or len(n) > 1))
    lowering = Lowering(Operations(axes, dialect, source, strict=False), adding=False)
    for name, shape in problem.shapes.items():
        if derived(name) is not None:
            continue
        numbers = tuple(axes.new(str(size)) for size in shape)
        lowering.arrays[name] = array(name, numbers, 0)
        lowering.ranks[name] = len(shape)
    scalars = {
        t.name
        for t in _symbols(problem)
        if t.name not in problem.shapes and derived(t.name) is None
    }
    for name in scalars:
        lowering.arrays[name] = array(name, (), 0)
        lowering.ranks[name] = 0
    return lowering


def _symbols(problem: Problem) -> set[Symbol]:
    terms = [problem.function, *problem.wrt, *(s.body for s in problem.stages)]
    found = {s for t in terms for s in all_letters(t) if not s.is_integer}
    sizes = {s for shape in problem.shapes.values() for size in shape for s in size.free_symbols}
    return found | {s for s in sizes if isinstance(s, Symbol)}


def _names(problem: Problem) -> tuple[dict[str, str], dict[str, str]]:
    """What the printed names are read as, with the names that they are.

    Identifiers, and subscripts, e_y, which would be read as a component.
    """
    found: dict[str, str] = {}
    subscripted: dict[str, str] = {}
    names = {*problem.shapes, *(s.name for s in _symbols(problem))}
    names = {n for n in names if derived(n) is None}
    for name in names:
        source = Source(latex(Symbol(name), drawn=problem.drawn))
        cut = statements.cut(source, {})
        if cut.parts:
            read = statements.relation_of(cut, (), (), "claim", vectors=True)
            if isinstance(read, ast.Name):
                found[read.id] = name
            elif isinstance(read, ast.Subscript):
                subscripted[ast.dump(read)] = name
    return found, subscripted
