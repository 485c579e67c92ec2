"""The cursor: a place in the tokens of one statement, and what is known of the whole text.

Gives `Cursor`, `Known` and `Rules`, by which the parts of the grammar reach each other.

Imports signs, tokens and refusal.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import field

from symderiv.reader.latex.names import ACCENTS, FONTS, WORDS
from symderiv.reader.latex.signs import DEPTH, closing
from symderiv.reader.latex.tokens import Token, group
from symderiv.reader.library import Library
from symderiv.reader.refusal import ReadError, Source
from symderiv.records import dataclass

DEEPEST = 60
MOST_HEADS = 400  # attempts at them in one statement

_TYPES = FONTS | WORDS | frozenset(ACCENTS)  # commands that stand before a group

Reading = Callable[["Cursor"], ast.expr]


@dataclass(frozen=True)
class Rules:
    """The rules of the grammar, each of which may need any other."""

    formula: Reading
    product: Reading
    relation: Reading
    factor: Reading
    atom: Reading
    head: Reading


@dataclass(frozen=True)
class Function:
    """A function that the author defines, f(x) = ..., as its parameters and body."""

    parameters: tuple[str, ...]
    body: ast.expr


@dataclass
class Heads:
    """The terms of a text that nothing defines, by their form, each with a name of its own."""

    names: dict[str, str] = field(default_factory=dict)
    left: int = MOST_HEADS

    def name(self, form: str) -> str:
        """The name of a form."""
        return self.names.setdefault(form, f"opaque_{len(self.names) + 1}")

    @property
    def forms(self) -> dict[str, str]:
        """What is shown for each name."""
        return {name: form for form, name in self.names.items()}


@dataclass
class Known:
    """What the text as a whole says of its names.

    Attributes
    ----------
    rules : the grammar
    lettered : names that carry a letter as an index somewhere, so that x_1 is a component
    labelled : names below which other names stand, a_f
    defined : names that stand on the left of a definition
    given : names that are known to be arrays or numbers, before a bracket too
    applied : names defined as functions, f(x) = ...
    functions : those of them that have been read
    library : the functions of the catalogue
    exampled : names whose raised letter is an index, x^{(n)} below a sum over n
    ends : capitals at which sums end, so that x_N is the last component of x_n
    free : letters with a meaning outside: on the left, or in a variable
    vectors : is the text in vector notation, where products are those of matrices?
    primed : do primes transpose, X'X?
    sigma : does \\sigma stand alone somewhere, as a number?
    derivatives : may derivatives stand in it, as in a line of a derivation?
    heads : the terms that nothing defines, where they are read by their form
    elsewhere : a quantity L where a name in it is another one, as L(w_0) says; None where it is not
    """

    rules: Rules
    lettered: frozenset[str] = frozenset()
    labelled: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    applied: frozenset[str] = frozenset()
    functions: dict[str, Function] = field(default_factory=dict)
    library: Library = field(default_factory=lambda: Library({}))
    free: frozenset[str] = frozenset()
    exampled: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    sizes: Mapping[str, str] = field(default_factory=dict)
    vectors: bool = False
    derivatives: bool = False
    primed: bool = False
    sigma: bool = False
    heads: Heads | None = None
    elsewhere: Callable[[Cursor, str, str], ast.expr | None] | None = None


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

    @property
    def waiting(self) -> Token:
        """The next token, which is still to be taken.

        Raises
        ------
        ReadError
            where the text has ended.
        """
        token = self.next
        if token is None:
            raise self.refuse("the formula ends too early; a term is missing")
        return token

    def ahead(self, distance: int) -> Token | None:
        place = self.place + distance
        return self.tokens[place] if place < len(self.tokens) else None

    def sees(self, *texts: str) -> bool:
        """Is the next token one of these marks, or commands with their backslash?"""
        token = self.next
        return token is not None and str(token) in texts

    def take(self) -> Token:
        token = self.waiting
        self.place += 1
        return token

    def taken(self, *texts: str) -> Token | None:
        """The next token, taken, if it is one of these."""
        return self.take() if self.sees(*texts) else None

    def expect(self, text: str, why: str) -> Token:
        if not self.sees(text):
            raise self.refuse(f"{text!r} is missing {why}")
        return self.take()

    def refuse(self, message: str, at: int | None = None, kind: str = "") -> ReadError:
        return self.source.refuse(self.at if at is None else at, message, kind)

    def group(self) -> list[Token]:
        """What TeX takes as one argument: the tokens of a group, or one token."""
        token = self.take()
        if str(token) != "{":
            if token.kind == "mark" and token.text in "}&":
                raise self.refuse("an argument is missing here", token.at)
            if token.kind == "command" and token.text in _TYPES and self.sees("{"):
                start = self.place - 1  # W_\text{in}
                self.group()
                return self.tokens[start : self.place]
            return [token]
        inner, self.place = group(self.tokens, self.place - 1)
        if self.place > len(self.tokens):
            raise self.refuse("this '{' is not closed", token.at)
        return inner

    def word(self) -> tuple[str, int]:
        """The word at this place and how many tokens it takes: \\tanh, \\operatorname{softmax}."""
        token = self.waiting
        if token.kind != "command" or token.text not in WORDS | FONTS:
            return token.text, 1
        start = self.place
        self.take()
        if self.next is None:
            raise self.refuse(f"{token} takes an argument")
        inner = self.group()
        length, self.place = self.place - start, start
        return "".join(t.text for t in inner if t.text not in "{}*"), length

    def until(self, closed: str, opened: Token) -> list[Token]:
        """The tokens up to the mark that closes, brackets and \\left bars inside skipped."""
        start, depth = self.place, 0
        while (token := self.next) is not None:
            self.place += 1
            if depth == 0 and str(token) == closed and token.side != "left":
                return self.tokens[start : self.place - 1]
            depth += DEPTH.get(str(token), 0)
        raise self.refuse(f"'{opened}' is not closed", opened.at)

    def inside(self, tokens: list[Token]) -> Cursor:
        """A cursor over a part, which knows the same."""
        inner = Cursor(self.source, tokens, self.known, 0, self.depth, self.bound)
        inner.deeper(self.at)
        return inner

    def deeper(self, at: int | None = None) -> None:
        """Go one bracket, sum or factor further in."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refuse(f"the formula is nested deeper than {DEEPEST}", at)

    # -- the grammar -----------------------------------------------------------------------------

    def formula(self) -> ast.expr:
        """A sum of terms."""
        return self.known.rules.formula(self)

    def product(self) -> ast.expr:
        """Factors side by side or with a sign between."""
        return self.known.rules.product(self)

    def relation(self) -> ast.expr:
        """A comparison of two formulas, or one formula."""
        return self.known.rules.relation(self)

    def factor(self) -> ast.expr:
        """An operator with what it reaches over, or an atom."""
        self.deeper()
        term = self._factor() if self.known.heads is None else self._known_or_head()
        self.depth -= 1
        return term

    def _factor(self) -> ast.expr:
        return self.known.rules.factor(self)

    def _known_or_head(self) -> ast.expr:
        """A factor; where it has no meaning, what its form says."""
        place, depth, bound = self.place, self.depth, [*self.bound]
        try:
            return self._factor()
        except ReadError:
            self.place, self.depth, self.bound[:] = place, depth, bound
            return self.known.rules.head(self)

    def atom(self) -> ast.expr:
        """A name, a number or a bracket, with what stands around it."""
        return self.known.rules.atom(self)

    def whole(self, tokens: list[Token], at: int) -> ast.expr:
        """The formula that a group of tokens is."""
        if not tokens:
            raise self.refuse("an empty group; a term is missing", at)
        inner = self.inside(tokens)
        term = inner.formula()
        if inner.next is not None:
            raise inner.left_over(inner.next)
        return term

    def left_over(self, token: Token) -> ReadError:
        """What to say of a token at which no term begins."""
        said = {
            ")": "this bracket closes none",
            "]": "this bracket closes none",
            "}": "this brace closes none",
            "=": "a second '='; a formula has one, after what it defines",
            "_": "this subscript has nothing to stand on",
            "^": "this superscript has nothing to stand on",
            "&": "'&' stands in an environment",
        }.get(str(token), f"'{token}' cannot stand here")
        return self.refuse(said, token.at)

    def bracketed(self) -> tuple[Token, list[Token]]:
        """The opening bracket at this place and the tokens up to the one that closes it."""
        opened, inner = self.waiting, self.between()
        self.place += len(inner) + 2
        return opened, inner

    def between(self) -> list[Token]:
        """The tokens in the bracket at this place, which is still to be taken."""
        end = closing(self.tokens, self.place)
        if end == len(self.tokens):
            raise self.refuse(f"the bracket '{self.next}' is not closed")
        return self.tokens[self.place + 1 : end]
