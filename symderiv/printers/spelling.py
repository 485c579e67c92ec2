"""Spelling: what a printer of formulas asks of its target.

Gives `Spelling`: the signs, and the pieces that a target writes in its own way (a bracket, a
fraction, a sum sign).  `layout` decides where they stand.  Imports SymPy only.

To add a target: a subclass of `Layout` that says these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sympy import Expr
from sympy.core.relational import Relational
from sympy.printing.printer import Printer


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
    RELATIONS: ClassVar[dict[str, str]] = {}
    NOTATED: ClassVar[int] = 0  # the spelling of a line of matrix notation that is this target's
    TARGET: ClassVar[str] = ""  # what spellings of functions are for
    FUNCTIONS: ClassVar[dict[str, str]] = {}  # those of several arguments
    STACKED: ClassVar[bool] = True  # are fractions set one part above the other?

    def bracket(self, body: str, *, tall: bool) -> str:
        """The body in brackets."""
        raise NotImplementedError

    def fraction(self, numerator: str, denominator: str) -> str:
        """One part above the other (only where STACKED)."""
        raise NotImplementedError

    def raised(self, base: str, exponent: Expr) -> str:
        """A power."""
        raise NotImplementedError

    def root(self, body: Expr) -> str:
        """A square root."""
        raise NotImplementedError

    def named(self, identifier: str, indices: Sequence[Expr]) -> str:
        """A name with its indices."""
        raise NotImplementedError

    def exponential(self, argument: Expr) -> str:
        """e to a power."""
        raise NotImplementedError

    def word(self, name: str) -> str:
        """A name in upright letters."""
        raise NotImplementedError

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        """The sign of a sum, product or maximum with its range."""
        raise NotImplementedError

    def derivative(self, body: str, variables: Sequence[Expr]) -> str:
        """∂body/∂variables; with an empty body the operator alone."""
        raise NotImplementedError

    def iverson(self, condition: str) -> str:
        """Iverson's bracket."""
        raise NotImplementedError

    def absolute(self, body: str, *, tall: bool) -> str:
        """An absolute value."""
        raise NotImplementedError

    def call(self, name: str, arguments: str, *, tall: bool) -> str:
        """A function with its arguments in brackets."""
        raise NotImplementedError
