"""Marks: a text cut into tokens, and the check that they may stand where they stand.

Gives `tokens(source)` and `Turns`, which takes the tokens of one piece one by one.  Everything
that could keep Python's parser busy is bounded here: characters, numbers, names, brackets and their
depth, operators; and operands and operators must take turns.

Imports refusal.  To add an operator: `_TOKEN`, and the place in `Turns` where it may stand.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import field

from symderiv.reader.functions import RESERVED
from symderiv.reader.refusal import ReadError, Source
from symderiv.records import dataclass

DEEPEST = 60
MOST_OPERATORS = 1_000
MOST_DIGITS = 50
LARGEST_EXPONENT = 1_000
LONGEST_NAME = 50

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\f\v]+|\#[^\n]*)|(?P<newline>\n)"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<mark>\*\*|==|!=|<=|>=|[-+*/()\[\],;:=<>])"
)
_INSTEAD = {
    "^": "powers are written x**2",
    "×": "products are written a*b",
    "·": "products are written a*b",
    "−": "write the minus sign as '-'",
    "–": "write the minus sign as '-'",
    "'": "there are no strings in a formula",
    '"': "there are no strings in a formula",
    ".": "names have no attributes",
    "{": "only ( ) and [ ] are brackets",
    "}": "only ( ) and [ ] are brackets",
    "|": "write abs(x)",
    "!": "write 'not equal' as '!='",
    "%": "write per cent as a quotient",
    "√": "write sqrt(x)",
    "<super>": "powers are written x**2",
    "<sub>": "indices are written z[i]",
    "<fraction>": "quotients are written 1/2",
}
_CLOSES = {")": "(", "]": "["}


@dataclass(frozen=True)
class Token:
    """One mark, name or number and its offset; `kind` as in `_TOKEN`."""

    kind: str
    text: str
    at: int


def _form(character: str) -> str:
    """What Unicode says of a raised, a lowered letter: <super>, <sub>; a row of `_INSTEAD`."""
    return unicodedata.decomposition(character).partition(" ")[0]


def tokens(source: Source) -> Iterator[Token]:
    """The tokens of a text, blanks and comments left out."""
    at = 0
    while at < len(source.text):
        match = _TOKEN.match(source.text, at)
        if match is None:
            character = source.text[at]
            shown = repr(character) if character.isprintable() else f"U+{ord(character):04X}"
            instead = _INSTEAD.get(character) or _INSTEAD.get(_form(character))
            if instead is None and character.isalpha():
                instead = "write Greek letters by their names, alpha; names are ASCII"
            instead = instead or "names are ASCII letters, digits and _"
            raise source.refuse(at, f"{shown} is not in the formula language; {instead}")
        kind = str(match.lastgroup)
        if kind != "space":
            yield Token(kind, match.group(), at)
        at = match.end()


@dataclass
class Turns:
    """One piece as it is scanned: its tokens, open brackets, and whose turn it is."""

    source: Source
    tokens: list[Token] = field(default_factory=list)
    brackets: list[Token] = field(default_factory=list)
    towers: list[int] = field(default_factory=lambda: [0])  # unary and ** in a row, by bracket
    equals: Token | None = None
    operand_next: bool = True
    operators: int = 0

    @property
    def unfinished(self) -> bool:
        """Does the next line belong to this piece?"""
        return bool(self.tokens) and self.operand_next

    @property
    def last(self) -> str:
        """The text of the token before."""
        return self.tokens[-1].text if self.tokens else ""

    def refuse(self, token: Token, message: str) -> ReadError:
        """The error at a token."""
        return self.source.refuse(token.at, message)

    def take(self, token: Token) -> None:
        """Add a token, or refuse it."""
        if token.kind == "newline":
            return
        if token.text == ";":
            opened = self.brackets[-1]
            raise self.refuse(opened, f"the bracket {opened.text!r} is not closed before ';'")
        if token.kind in ("number", "name"):
            self._operand(token)
        elif token.text in "([":
            self._open(token)
        elif token.text in ")]":
            self._close(token)
        elif token.text == ":":
            self._colon(token)
        else:
            self._operator(token)
        self.tokens.append(token)
        if sum(self.towers) + len(self.brackets) > DEEPEST:
            raise self.refuse(token, f"the formula is nested deeper than {DEEPEST}")

    def _operand(self, token: Token) -> None:
        if token.kind == "name" and keyword.iskeyword(token.text):
            instead = "; write lam" if token.text == "lambda" else ""
            raise self.refuse(token, f"{token.text!r} is a word of Python, not a name{instead}")
        if not self.operand_next:
            matrices = any(word[0].isupper() for word in (self.last, token.text))
            instead = "products are written a*b" + ", of matrices A @ B" * matrices
            if self.last in RESERVED and token.kind == "name":
                instead = f"a function has brackets, {self.last}({token.text})"
            raise self.refuse(
                token,
                f"an operator is missing between {self.last!r} and {token.text!r}; {instead}",
            )
        if token.kind == "number":
            self._number(token)
        elif token.text.startswith("_") or "__" in token.text:
            raise self.refuse(token, f"{token.text!r} cannot be a name; names begin with a letter")
        elif len(token.text) > LONGEST_NAME:
            raise self.refuse(token, f"a name has at most {LONGEST_NAME} characters")
        self.operand_next = False

    def _number(self, token: Token) -> None:
        mantissa, _, exponent = token.text.lower().partition("e")
        if len(mantissa) > MOST_DIGITS or len(exponent) > MOST_DIGITS:
            raise self.refuse(token, f"a number has at most {MOST_DIGITS} digits")
        if exponent and abs(int(exponent)) > LARGEST_EXPONENT:
            raise self.refuse(token, f"the exponent of a number is at most {LARGEST_EXPONENT}")
        if re.fullmatch(r"0\d+", token.text):
            raise self.refuse(token, f"write {token.text} without the leading 0")

    def _open(self, token: Token) -> None:
        after_name = bool(self.tokens) and self.tokens[-1].kind == "name"
        if token.text == "[" and self.operand_next:
            raise self.refuse(token, "'[' follows the name of an array, as in z[i]; no lists")
        if token.text == "[" and self.last == "]":
            raise self.refuse(token, "several indices are written z[i,j], not z[i][j]")
        if token.text == "[" and not after_name and self.last != ")":
            raise self.refuse(token, "'[' follows the name of an array, as in z[i]")
        if token.text == "(" and not self.operand_next and not after_name:
            raise self.refuse(token, f"{self.last!r} is no function; products are written a*b")
        self.brackets.append(token)
        self.towers.append(0)
        self.operand_next = True

    def _close(self, token: Token) -> None:
        if not self.brackets:
            raise self.refuse(token, f"{token.text!r} closes no bracket")
        opened = self.brackets[-1]
        if opened.text != _CLOSES[token.text]:
            raise self.refuse(token, f"{token.text!r} does not close {opened.text!r}")
        if self.operand_next:
            raise self.refuse(token, f"a term is missing between {self.last!r} and {token.text!r}")
        self.brackets.pop()
        self.towers.pop()

    def _colon(self, token: Token) -> None:
        if not (self.brackets and self.brackets[-1].text == "[" and self.last in ("[", ",")):
            raise self.refuse(token, "':' stands alone for an index, as in softmax(z[n,:])[i]")
        self.operand_next = False

    def _operator(self, token: Token) -> None:
        self.operators += 1
        if self.operators > MOST_OPERATORS:
            raise self.refuse(token, f"at most {MOST_OPERATORS} operators are read in a formula")
        if self.operand_next:
            if token.text not in "+-":
                after = f" after {self.last!r}" if self.tokens else ""
                raise self.refuse(token, f"a term is missing{after} before {token.text!r}")
            self.towers[-1] += 1
            return
        if self.last == ":" and token.text != ",":
            raise self.refuse(token, "':' stands alone for an index, as in softmax(z[n,:])[i]")
        if token.text == ",":
            if not self.brackets:
                raise self.refuse(token, "',' stands only inside brackets")
        elif token.text == "=":
            self._equals(token)
        self.towers[-1] = self.towers[-1] + 1 if token.text == "**" else 0
        self.operand_next = True

    def _equals(self, token: Token) -> None:
        if self.brackets:
            raise self.refuse(
                token, "'=' inside brackets: arguments have no names, and 'equal' is written '=='"
            )
        if self.equals is not None:
            raise self.refuse(token, "a second '='; stages are separated by ';'")
        self.equals = token

    def finish(self, end: Token) -> None:
        """Refuse a piece that ends too early."""
        if self.brackets:
            opened = self.brackets[-1]
            raise self.refuse(opened, f"the bracket {opened.text!r} is not closed")
        if self.operand_next:
            raise self.refuse(end, f"a term is missing after {self.last!r}")
