"""Lines: one line of somebody else's derivation in LaTeX, as terms over a problem.

Gives `Line` and `LineReader`.  A line is sides with equality signs between, the first of which may
be missing (`= p_i - y_i`), and conditions after a comma (`\\quad i \\neq k`).  Derivatives stand in
it, letters may be free that the problem does not have, and what the definitions say of names holds.

Imports claim, notation and latex.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from sympy import Expr
from sympy.core.relational import Relational

from symderiv.reader.claim import read_claim
from symderiv.reader.latex.cursor import Cursor, Known
from symderiv.reader.latex.names import WORDS
from symderiv.reader.latex.signs import is_relation
from symderiv.reader.latex.statements import cut, learnt
from symderiv.reader.latex.survey import exampled, lettered
from symderiv.reader.latex.tokens import Token, macros_of
from symderiv.reader.refusal import ReadError, Source
from symderiv.reader.tree import Written
from symderiv.terms import Iverson
from symderiv.terms.problem import Problem

_EQUAL = frozenset(("=", "\\equiv", "\\triangleq", "\\coloneqq"))
_OPENS = {"{": 1, "(": 1, "[": 1, "\\{": 1, "}": -1, ")": -1, "]": -1, "\\}": -1}
_OPENS |= {"\\begin cases": 1, "\\end cases": -1}


@dataclass(frozen=True)
class Line:
    """What a line says.

    Attributes
    ----------
    sides : the terms that it says are equal, in order
    conditions : the relations under which it says so
    continued : does it go on from the line before, `= ...`?
    understood : the sides in the formula language, with `partial(u, x)` for derivatives
    """

    sides: tuple[Expr, ...]
    conditions: tuple[Relational, ...]
    continued: bool
    understood: tuple[str, ...]


@dataclass
class LineReader:
    """Reads the lines of one derivation.

    Parameters
    ----------
    definitions : the definitions in LaTeX, from which the problem was read
    problem : the problem that they state
    new_names : may a line have scalars that the problem does not have?
    """

    definitions: str
    problem: Problem
    library: Mapping[str, str] = field(default_factory=dict)
    macros: str = ""
    new_names: bool = False

    def read(self, text: str) -> Line:
        """The line.

        Raises
        ------
        ReadError
            for what is not read, with its column and what would be right.
        """
        source = Source(text, "line")
        macros, _ = macros_of(self.macros, Source(self.macros, "macros"))
        tokens = [t for part in cut(source, macros).parts for t in part]
        chain, *more = list(_parted(tokens, ",")) or [[]]
        if not chain:
            raise source.refuse(0, "the line is empty")
        continued = str(chain[0]) in _EQUAL
        sides = [s for s in _parted(chain, *_EQUAL) if s]
        if not sides:
            raise source.refuse(0, "a term is missing beside '='")
        known = self._learnt(macros, tokens)
        read = [self._side(source, side, known) for side in sides]
        conditions = [self._condition(source, c, known) for c in map(_without_words, more) if c]
        return Line(
            tuple(term for term, _ in read), tuple(conditions), continued, tuple(t for _, t in read)
        )

    def _learnt(self, macros: Mapping[str, tuple[int, str]], line: Sequence[Token]) -> Known:
        """What the definitions say of names, and the line itself."""
        text = cut(Source(self.definitions), macros)
        _, known = learnt(text)
        everything = [*text.all, *line]
        return replace(
            known,
            lettered=lettered(everything) | {n for n, s in self.problem.shapes.items() if s},
            exampled=exampled(everything),
            free=frozenset(s.name for s in self.problem.ranges),
            derivatives=True,
        )

    def _side(self, source: Source, tokens: list[Token], known: Known) -> tuple[Expr, str]:
        tree = Cursor(source, tokens, known).whole(tokens, tokens[0].at)
        return self._term(source, tree)

    def _term(self, source: Source, tree: ast.expr) -> tuple[Expr, str]:
        written = Written()
        written.tree(_OwnSizes(_sizes(self.problem)).visit(tree))
        try:
            term = read_claim(
                written.text, self.problem, self.library, line=True, new_names=self.new_names
            )
        except ReadError as error:
            raise source.refuse(written.origin(error.column - 1), error.message) from None
        return term, written.text

    def _condition(self, source: Source, tokens: list[Token], known: Known) -> Relational:
        cursor = Cursor(source, tokens, known)
        found = cursor.relation()
        if cursor.next is not None or not isinstance(found, ast.Compare):
            raise source.refuse(tokens[0].at, "after the comma stands a condition, i \\neq k")
        bracket = ast.Call(ast.Name("iverson", col_offset=0), [found], [], col_offset=0)
        term, _ = self._term(source, bracket)
        return cast(Iverson, term).condition


class _OwnSizes(ast.NodeTransformer):
    """Sums over whole axes, where a line names a size that the problem does not."""

    def __init__(self, sizes: frozenset[str]) -> None:
        self.sizes = sizes

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        match node.elts:
            case [ast.Name() as head, ast.Constant(value=1), ast.Name(id=end)]:
                return node if end in self.sizes else head
        return node


def _sizes(problem: Problem) -> frozenset[str]:
    ends = [size for shape in problem.shapes.values() for size in shape]
    return frozenset(str(end) for end in [*ends, *problem.ranges.values()])


def _parted(tokens: Sequence[Token], *marks: str) -> Iterator[list[Token]]:
    """The tokens between these marks, on the outermost level."""
    part: list[Token] = []
    depth = 0
    for token in tokens:
        depth += _OPENS.get(str(token), 0)
        if depth == 0 and str(token) in marks:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _without_words(tokens: list[Token]) -> list[Token]:
    """A condition without \\text{if} and the like, and without brackets around it."""
    out: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token.kind == "command" and token.text in WORDS:
            while place < len(tokens) and tokens[place].text != "}":
                place += 1
            place += 1
        else:
            out.append(token)
    bracketed = len(out) > 1 and out[0].text == "(" and out[-1].text == ")"
    out = out[1:-1] if bracketed else out
    return out if any(is_relation(t) for t in out) else []
