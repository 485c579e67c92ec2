"""Spelling: what a printer of formulas asks of its target.

Gives `Spelling`: the signs, the pieces that a target writes in its own way (a bracket, a fraction,
a sum sign), as templates where they are no more than that; and `relations`, a table of six signs.
`layout` decides where they stand.  Imports SymPy only.

To add a target: a subclass of `Layout` that says these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sympy import Expr
from sympy.printing.printer import Printer

_RELATIONS = (
    "Equality", "Unequality", "StrictGreaterThan", "GreaterThan", "StrictLessThan", "LessThan",
)  # fmt: skip


def relations(*signs: str) -> dict[str, str]:
    """The signs of =, ≠, >, ≥, < and ≤, in this order."""
    return dict(zip(_RELATIONS, signs, strict=True))


class Spelling(Printer):
    """The signs of a target, and the pieces that it writes."""

    PLUS: ClassVar[str] = " + "
    MINUS: ClassVar[str] = " - "
    NEGATIVE: ClassVar[str] = "-"
    DOTS: ClassVar[str] = "..."
    SPACE: ClassVar[str] = " "
    APPLIED: ClassVar[str] = " "  # between Σ_k, ∂/∂z or log and what it is of
    DOT: ClassVar[str] = " * "
    COMMA: ClassVar[str] = ", "
    OPEN: ClassVar[str] = "("  # brackets that may stand on different lines
    CLOSE: ClassVar[str] = ")"
    EQUALS: ClassVar[str] = "="  # in the range of a sum
    RELATIONS: ClassVar[dict[str, str]] = relations("=", "!=", ">", ">=", "<", "<=")
    CONSTANTS: ClassVar[dict[str, str]] = {}  # π, e and the infinities
    OVER: ClassVar[dict[str, str]] = {}  # the signs of sums, products, maxima and minima
    DERIVED: ClassVar[dict[str, str]] = {}  # inv(X) with its indices, det(X), logdet(X)
    NOTATED: ClassVar[int] = 0  # the spelling of a line of matrix notation that is this target's
    TARGET: ClassVar[str] = ""  # what spellings of functions are for
    FUNCTIONS: ClassVar[dict[str, str]] = {"Max": "max", "Min": "min"}  # of several arguments
    STACKED: ClassVar[bool] = True  # are fractions set one part above the other?
    LONG: ClassVar[int] = 30  # characters of an exponent that does not stand high
    EXP: ClassVar[str] = "exp"  # where it does not
    BRACKET: ClassVar[str] = "({})"
    FRACTION: ClassVar[str] = "{}/{}"  # one part above the other, where STACKED
    SLASH: ClassVar[tuple[str, str]] = (" / ", "/")  # of a fraction on one line, and in small type
    ROOT: ClassVar[str] = "sqrt({})"
    PARTIAL: ClassVar[str] = "∂"
    GAP: ClassVar[str] = ""  # between ∂ and what is behind it
    BESIDE: ClassVar[str] = ""  # between ∂x and ∂y
    IVERSON: ClassVar[str] = "1[{}]"
    ABSOLUTE: ClassVar[str] = "|{}|"
    CALL: ClassVar[str] = "{}({})"
    AND: ClassVar[str] = ",  "  # between laws
    FOR: ClassVar[str] = " for "  # between a law and where it holds

    def bracket(self, body: str, *, tall: bool) -> str:
        """The body in brackets."""
        return self.BRACKET.format(body)

    def fraction(self, numerator: str, denominator: str) -> str:
        """One part above the other."""
        return self.FRACTION.format(numerator, denominator)

    def absolute(self, body: str, *, tall: bool) -> str:
        """An absolute value."""
        return self.ABSOLUTE.format(body)

    def call(self, name: str, arguments: str, *, tall: bool) -> str:
        """A function with its arguments in brackets."""
        return self.CALL.format(name, arguments)

    def primed(self, body: str, count: int) -> str:
        """The derivative of what is spelled."""
        return body + "'" * count

    def word(self, name: str) -> str:
        """A name in upright letters."""
        return name

    def raised(self, base: str, exponent: Expr) -> str:
        """A power."""
        raise NotImplementedError

    def lettered(self, identifier: str, indices: Sequence[Expr]) -> str:
        """A name of a person's with its indices."""
        raise NotImplementedError

    def over(self, sign: str, below: str, above: str = "") -> str:
        """The sign of a sum, product or maximum with its letter, or with its range."""
        raise NotImplementedError
