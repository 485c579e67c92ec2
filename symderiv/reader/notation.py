"""Notation: a request in whatever notation, as a request in the formula language.

Gives `understand`, which finds out what each text is written in by what stands in it, and
`Understood`, the texts in the formula language, with the way back from a place in them to the
place in what the author typed.

Imports latex, linear, pieces, refusal and tree.  To add a notation: a test of what
it is, and a reader to trees.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.reader import scan
from symderiv.reader.authors import array_name, is_whole, letters_of
from symderiv.reader.latex.macros import macros_of
from symderiv.reader.latex.tokens import is_latex
from symderiv.reader.library import Library
from symderiv.reader.linear.typed import Part, dialect_of, is_vector, matrix_of, parsed
from symderiv.reader.linear.values import Dialect
from symderiv.reader.pieces import Formula
from symderiv.reader.refusal import ReadError, Source, meant
from symderiv.reader.tree import Written
from symderiv.reader.typed import is_typed, plainly
from symderiv.reader.variables import all_components, declared
from symderiv.records import dataclass

if TYPE_CHECKING:
    from symderiv.reader.latex import faces, standing, survey
    from symderiv.reader.latex import statements as latex
    from symderiv.reader.linear import request, symmetric
else:
    faces = late.module("symderiv.reader.latex.faces")
    latex = late.module("symderiv.reader.latex.statements")
    standing = late.module("symderiv.reader.latex.standing")
    survey = late.module("symderiv.reader.latex.survey")
    request = late.module("symderiv.reader.linear.request")
    symmetric = late.module("symderiv.reader.linear.symmetric")

Way = tuple[Source, Callable[[int], int]]


@dataclass
class Understood:
    """A request in the formula language.

    Attributes
    ----------
    formula, wrt, assume, claim : texts in the formula language
    notation : "index", "latex" or "vector", what the formula was written in
    ways : for a text in the formula language, the author's text and the way back to it
    notes : what the page says of how it was understood
    drawn : the type faces that names are set in, in LaTeX
    """

    formula: str
    wrt: tuple[str, ...]
    assume: tuple[str, ...] = ()
    claim: str | None = None
    notation: str = "index"
    ways: dict[tuple[str, str], Way] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    drawn: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def blaming(self) -> Iterator[None]:
        """Errors of the reader, told of the author's text."""
        try:
            yield
        except ReadError as error:
            raise self._told(error) from None

    def _told(self, error: ReadError) -> ReadError:
        way = self.ways.get((error.role, error.text))
        if way is None:
            return error
        source, back = way
        lines = error.text.split("\n")
        at = sum(len(line) + 1 for line in lines[: error.line - 1]) + error.column - 1
        return source.refuse(back(at), error.message, error.kind)


def understand(
    formula: str,
    wrt: Sequence[str],
    assume: Sequence[str] = (),
    claim: str | None = None,
    *,
    shape: str = "",
    macros: str = "",
    library: Mapping[str, str] | None = None,
) -> Understood:
    """The request in the formula language; what is in it already stays as it is.

    Parameters
    ----------
    macros : the author's \\newcommand, beside those in the formula
    library : catalogue functions by name, for what their arguments are

    Raises
    ------
    ReadError
        for what is in none of the notations, with line and column.
    """
    defined, _ = macros_of(macros, Source(macros, "macros")) if macros else ({}, "")
    own, bare = (
        ({}, formula) if isinstance(formula, Formula) else macros_of(formula, Source(formula))
    )
    defined |= own
    made = Understood(formula, tuple(wrt), tuple(assume), claim)
    reading = _Reading(made, defined, declared(shape), library or {})
    if isinstance(formula, Formula):
        reading.beside()
    elif is_latex(bare):
        reading.latex(bare)
    elif shape or any(map(matrix_of, wrt)) or is_vector(_apart_from_inverses(bare, wrt)):
        reading.vector(dialect_of(bare))
    else:
        if made.formula == bare and is_typed(bare):
            source = Source(formula)
            made.formula = reading.kept(source, *plainly(source))
        reading.beside()
    return made


def _apart_from_inverses(text: str, wrt: Sequence[str]) -> str:
    """The text without what index notation has too, det(X) by X[i,j]."""
    if not any("[" in w for w in wrt):
        return text
    return re.sub(r"\b(?:inv|det|logdet)(?=\s*\()", "f", text)


@dataclass
class _Reading:
    """One request as it is understood."""

    made: Understood
    macros: Mapping[str, tuple[int, str]]
    shapes: Mapping[str, tuple[str, ...]]
    library: Mapping[str, str]

    def kept(self, source: Source, text: str, back: Callable[[int], int]) -> str:
        """A text in the formula language, and the way back from it to the author's."""
        self.made.ways[source.role, text] = source, back
        return text

    def formula(self, lines: Sequence[tuple[ast.expr | None, ast.expr]], source: Source) -> None:
        """The stages and the function as text, and the way back to what was typed."""
        written = Written()
        for n, (left, right) in enumerate(lines):
            written.put("\n" if n else "")
            if left is not None:
                written.tree(left)
                written.put(" = ")
            written.tree(right)
        self.made.formula = self.kept(source, written.text, written.origin)

    def vector(self, dialect: Dialect) -> None:
        """A text in the spelling of NumPy or MATLAB."""
        source = Source(self.made.formula)
        self._lowered(parsed(source, dialect), source, dialect)

    def _lowered(
        self, parts: Sequence[Part], source: Source, dialect: Dialect, bold: Collection[str] = ()
    ) -> None:
        made = self.made
        made.notation = "vector"
        known = {n for p in parts for n in scan.words([p.right])}
        for said in made.wrt:
            if not is_whole(said) and said.strip() not in known:  # y_pred is one name
                found = re.match(r"\s*([A-Za-z]\w*)", said, re.ASCII)
                array = found[1] if found else "x or W"
                array = array if array in known else array.split("_")[0]
                raise Source(said, "variable").refuse(
                    0, f"in vector notation a variable is a whole array, {array}"
                )
        bare = [matrix_of(w) or w for w in made.wrt]
        names = [array_name(w, self.macros) for w in bare]
        for name, text in zip(names, made.wrt, strict=True):
            if name not in known:
                near = meant(name, known)
                raise Source(text, "variable").refuse(0, f"{name!r} is not in the formula{near}")
        asked = {n for n, w in zip(names, made.wrt, strict=True) if matrix_of(w) is not None}
        free = symmetric.constrained(parts, names, asked, self.shapes, known, source)
        made.notes = free.notes
        lowered = request.lower(
            free.parts, free.wrt, source, dialect, free.shapes, Library(self.library), bold
        )
        self.formula([*lowered.stages, (None, lowered.function)], source)
        made.wrt = tuple(f"{n}[{','.join(x)}]" if x else n for n, x in lowered.variables)
        if made.claim is not None and (
            is_vector(made.claim) or is_whole(made.claim) or not re.search(r"\w\[", made.claim)
        ):
            made.claim = self._claim(made.claim, lowered, dialect)
        self.beside()

    def _claim(self, text: str, lowered: request.Lowered, dialect: Dialect) -> str:
        source = Source(text, "claim")
        if is_latex(text):
            cut = latex.cut(source, self.macros)
            right = latex.relation_of(cut, (), (), "claim", vectors=True)
        else:
            (part, *more) = parsed(source, dialect)
            if more or part.left is not None:
                raise source.refuse(0, "a claim is one formula without '='")
            right = part.right
        written = Written()
        written.tree(lowered.claimed(right, source))
        return self.kept(source, written.text, written.origin)

    def latex(self, bare: str) -> None:
        made = self.made
        made.notation = "latex"
        source = Source(made.formula)
        text = latex.cut(Source(bare), self.macros)
        if not text.parts:
            raise source.refuse(0, "the formula is empty")
        beside = {
            role: [(w, latex.cut(Source(w, role), self.macros)) for w in texts if is_latex(w)]
            for role, texts in self._others()
        }
        others = [t for found in beside.values() for _, text_ in found for t in text_.all]
        made.drawn = faces.faces([*text.all, *others])
        variables = set(letters_of(made.wrt, self.macros))
        vectors = survey.has_vectors([*text.said, *others]) or bool(self.shapes)
        vectors |= any(map(matrix_of, made.wrt))
        found = latex.statements(
            text, variables, others, vectors=vectors, library=Library(self.library)
        )
        if vectors:
            parts = [Part(_plain_name(s, source), s.right, s.at) for s in found]
            self._lowered(parts, source, Dialect.TEXTBOOK, standing.bold([*text.all, *others]))
            return
        if (
            doubt := standing.doubtful([*text.all], survey.lettered([*text.all, *others]))
        ) is not None:
            raise source.refuse(*doubt)
        self.formula([(statement.left, statement.right) for statement in found], source)
        self.beside(variables, [*text.all, *others])

    def _others(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield "variable", self.made.wrt
        yield "assumption", self.made.assume
        yield "claim", () if self.made.claim is None else (self.made.claim,)

    def beside(self, variables: set[str] | None = None, others: Sequence[object] = ()) -> None:
        """The variables, assumptions and the claim."""
        made = self.made
        made.wrt = tuple(self._one(w, "variable", variables, others) for w in made.wrt)
        made.wrt = all_components(made.formula, made.wrt, made.assume, made.claim, self.library)
        made.assume = tuple(self._one(a, "assumption", variables, others) for a in made.assume)
        if made.claim is not None:
            made.claim = self._one(made.claim, "claim", variables, others)

    def _one(
        self, text: str, role: str, variables: set[str] | None, others: Sequence[object]
    ) -> str:
        if isinstance(text, Formula):
            return text
        source = Source(text, role)
        if not is_latex(text):
            return self.kept(source, *plainly(source)) if is_typed(text) else text
        cut = latex.cut(source, self.macros)
        if len(cut.parts) != 1:
            raise source.refuse(0, f"the {role} is one formula")
        found = latex.relation_of(cut, variables or (), others, role)  # type: ignore[arg-type]
        written = Written()
        written.tree(found)
        made = written.text.replace(" == ", " = ", 1) if role == "assumption" else written.text
        return self.kept(source, made, written.origin)


def _plain_name(statement: latex.Statement, source: Source) -> str | None:
    if statement.left is None:
        return None
    if not isinstance(statement.left, ast.Name):
        raise source.refuse(statement.at, "in vector notation a stage has no indices: p = ...")
    return statement.left.id
