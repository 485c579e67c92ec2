"""The cursor: a place in the tokens of one statement, and what is known of the whole text.

Gives `Cursor` and `Known`.  Imports tokens, refusal and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from symderiv.reader.latex.tokens import Token
from symderiv.reader.refusal import ReadError, Source

DEEPEST = 40


@dataclass(frozen=True)
class Function:
    """A function that the author defines, f(x) = ..., as its parameters and body."""

    parameters: tuple[str, ...]
    body: ast.expr


@dataclass
class Known:
    """What the text as a whole says of its names.

    Attributes
    ----------
    lettered : names that carry a letter as an index somewhere, so that x_1 is a component
    defined : names that stand on the left of a definition
    applied : names defined as functions, f(x) = ...
    functions : those of them that have been read
    free : letters with a meaning outside: on the left, or in a variable
    vectors : is the text in vector notation, where products are those of matrices?
    closed : the terms in brackets, into which nothing that follows is drawn
    derivatives : may derivatives stand in it, as in a line of a derivation?
    """

    lettered: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    applied: frozenset[str] = frozenset()
    functions: dict[str, Function] = field(default_factory=dict)
    free: frozenset[str] = frozenset()
    sizes: Mapping[str, str] = field(default_factory=dict)
    vectors: bool = False
    derivatives: bool = False
    closed: dict[int, ast.expr] = field(default_factory=dict)  # what stands in brackets, by id


@dataclass
class Cursor:
    """Tokens of one statement, read from left to right."""

    source: Source
    tokens: list[Token]
    known: Known
    place: int = 0
    depth: int = 0
    bound: list[str] = field(default_factory=list)  # letters of the sums around this place

    @property
    def at(self) -> int:
        """The offset of the next token, or the end of the text."""
        if self.place < len(self.tokens):
            return self.tokens[self.place].at
        return self.tokens[-1].at + 1 if self.tokens else len(self.source.text)

    @property
    def next(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def ahead(self, distance: int) -> Token | None:
        place = self.place + distance
        return self.tokens[place] if place < len(self.tokens) else None

    def sees(self, *texts: str) -> bool:
        """Is the next token one of these marks, or commands with their backslash?"""
        token = self.next
        return token is not None and str(token) in texts

    def take(self) -> Token:
        token = self.next
        if token is None:
            raise self.refuse("the formula ends too early; a term is missing")
        self.place += 1
        return token

    def taken(self, *texts: str) -> Token | None:
        """The next token, taken, if it is one of these."""
        return self.take() if self.sees(*texts) else None

    def expect(self, text: str, why: str) -> Token:
        if not self.sees(text):
            raise self.refuse(f"{text!r} is missing {why}")
        return self.take()

    def refuse(self, message: str, at: int | None = None) -> ReadError:
        return self.source.refuse(self.at if at is None else at, message)

    def group(self) -> list[Token]:
        """What TeX takes as one argument: the tokens of a group, or one token."""
        token = self.take()
        if token.text != "{" or token.kind != "mark":
            if token.kind == "mark" and token.text in "}&":
                raise self.refuse("an argument is missing here", token.at)
            return [token]
        start, depth = self.place, 1
        while depth:
            if self.next is None:
                raise self.refuse("this '{' is not closed", token.at)
            inner = self.take()
            if inner.kind == "mark" and inner.text in "{}":
                depth += 1 if inner.text == "{" else -1
        return self.tokens[start : self.place - 1]

    def inside(self, tokens: list[Token]) -> Cursor:
        """A cursor over a part, which knows the same."""
        if self.depth >= DEEPEST:
            raise self.refuse(f"the formula is nested deeper than {DEEPEST}")
        return Cursor(self.source, tokens, self.known, 0, self.depth + 1, self.bound)
