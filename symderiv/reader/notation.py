"""Notation: a request in whatever notation, as a request in the formula language.

Gives `understand`, which finds out what each text is written in by what stands in it, and
`Understood`, the texts in the formula language, with the way back from a place in them to the
place in what the author typed.

Imports latex, linear, pieces, refusal and tree.  To add a notation: a test of what
it is, and a reader to trees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from symderiv.reader.latex import statements as latex
from symderiv.reader.latex.tokens import is_latex, macros_of, tokens
from symderiv.reader.refusal import ReadError, Source
from symderiv.reader.tree import Written

Way = tuple[Source, Callable[[int], int]]


@dataclass
class Understood:
    """A request in the formula language.

    Attributes
    ----------
    formula, wrt, assume, claim : texts in the formula language
    notation : "index", "latex" or "vector", what the formula was written in
    ways : for a text in the formula language, the author's text and the way back to it
    """

    formula: str
    wrt: tuple[str, ...]
    assume: tuple[str, ...] = ()
    claim: str | None = None
    notation: str = "index"
    ways: dict[tuple[str, str], Way] = field(default_factory=dict)

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
        return source.refuse(back(at), error.message)


def understand(
    formula: str,
    wrt: Sequence[str],
    assume: Sequence[str] = (),
    claim: str | None = None,
    *,
    shape: str = "",
    macros: str = "",
) -> Understood:
    """The request in the formula language; what is in it already stays as it is.

    Parameters
    ----------
    macros : the author's \\newcommand, beside those in the formula

    Raises
    ------
    ReadError
        for what is in none of the notations, with line and column.
    """
    defined, _ = macros_of(macros, Source(macros, "macros")) if macros else ({}, "")
    own, bare = macros_of(formula, Source(formula))
    defined |= own
    made = Understood(formula, tuple(wrt), tuple(assume), claim)
    reading = _Reading(made, defined)
    if is_latex(bare):
        reading.latex(bare)
    else:
        reading.beside()
    return made


class _Reading:
    """One request as it is understood."""

    def __init__(self, made: Understood, macros: Mapping[str, tuple[int, str]]) -> None:
        self.made = made
        self.macros = macros

    def latex(self, bare: str) -> None:
        made = self.made
        made.notation = "latex"
        source = Source(made.formula)
        text = latex.cut(Source(bare), self.macros)
        if not text.parts:
            raise source.refuse(0, "the formula is empty")
        beside = {
            role: [(w, latex.cut(Source(w, role), self.macros)) for w in texts if _author(w)]
            for role, texts in self._others()
        }
        others = [t for found in beside.values() for _, text_ in found for t in text_.all]
        variables = set(latex_letters(made.wrt, self.macros))
        found = latex.statements(text, variables, others)
        written = Written()
        for n, statement in enumerate(found):
            if n:
                written.put("\n")
            if statement.left is not None:
                written.tree(statement.left)
                written.put(" = ")
            written.tree(statement.right)
        made.formula = written.text
        made.ways["formula", written.text] = source, written.origin
        self.beside(variables, [*text.all, *others])

    def _others(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield "variable", self.made.wrt
        yield "assumption", self.made.assume
        yield "claim", () if self.made.claim is None else (self.made.claim,)

    def beside(self, variables: set[str] | None = None, others: Sequence[object] = ()) -> None:
        """The variables, assumptions and the claim."""
        made = self.made
        made.wrt = tuple(self._one(w, "variable", variables, others) for w in made.wrt)
        made.assume = tuple(self._one(a, "assumption", variables, others) for a in made.assume)
        if made.claim is not None:
            made.claim = self._one(made.claim, "claim", variables, others)

    def _one(
        self, text: str, role: str, variables: set[str] | None, others: Sequence[object]
    ) -> str:
        if not _author(text):
            return text
        source = Source(text, role)
        cut = latex.cut(source, self.macros)
        if len(cut.parts) != 1:
            raise source.refuse(0, f"the {role} is one formula")
        found = latex.relation_of(cut, variables or (), others, role)  # type: ignore[arg-type]
        written = Written()
        written.tree(found)
        made = written.text.replace(" == ", " = ", 1) if role == "assumption" else written.text
        self.made.ways[role, made] = source, written.origin
        return made


def _author(text: str) -> bool:
    """Is this text, beside a formula, in LaTeX?"""
    return is_latex(text)


def latex_letters(texts: Sequence[str], macros: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    """The letters that stand as indices in the variables."""
    for text in texts:
        if is_latex(text):
            yield from latex.subscripts(tokens(Source(text, "variable"), macros))
        else:
            for inside in re.findall(r"\[([^\]]*)\]", text):
                yield from re.findall(r"[A-Za-z]+", inside)
