"""Speech: a term in words, for those who hear a page.

    p_i (δ_ij − p_j)  ->  p sub i times (delta sub i j minus p sub j)

Gives `speech`.  Floor 1: imports floor 0, the layout and SymPy's StrPrinter.

How a function of one number is read says its file in `elementwise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sympy import Expr
from sympy.core.basic import Basic
from sympy.core.function import Function
from sympy.core.relational import Relational
from sympy.printing.str import StrPrinter

from symderiv.printers import names
from symderiv.printers.layout import Layout
from symderiv.terms import Plus, Quotient, Times

_GREEK = {"eps": "epsilon", "lam": "lambda", "lamda": "lambda"}
_SIGNS = {
    "Sum": "the sum over",
    "Product": "the product over",
    "Maximum": "the maximum over",
    "Minimum": "the minimum over",
}
_FUNCTIONS = {"Max": "the larger", "Min": "the smaller"}
_RELATIONS = {
    "Equality": "equals",
    "Unequality": "is not equal to",
    "StrictGreaterThan": "is greater than",
    "GreaterThan": "is at least",
    "StrictLessThan": "is less than",
    "LessThan": "is at most",
}


class SpeechPrinter(Layout, StrPrinter):
    """English."""

    PLUS: ClassVar[str] = " plus "
    MINUS: ClassVar[str] = " minus "
    NEGATIVE: ClassVar[str] = "minus "
    DOTS: ClassVar[str] = "more terms"
    SPACE: ClassVar[str] = " times "
    DOT: ClassVar[str] = " times "
    RELATIONS: ClassVar[dict[str, str]] = _RELATIONS
    TARGET: ClassVar[str] = "speech"
    FUNCTIONS: ClassVar[dict[str, str]] = _FUNCTIONS

    def bracket(self, body: str, *, tall: bool) -> str:
        return f"({body})"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"the fraction {numerator} over {denominator}, end fraction"

    def slashed(self, numerator: str, denominator: str) -> str:
        return f"{numerator} over {denominator}"

    def raised(self, base: str, exponent: Expr) -> str:
        if exponent == 2:
            return f"{base} squared"
        return f"{base} to the power {self._print(exponent)}"

    def root(self, body: Expr) -> str:
        return f"the square root of {self._print(body)}"

    def exponential(self, argument: Expr) -> str:
        spelled = self._print(argument)
        compound = isinstance(argument, Plus | Times | Quotient)
        return f"e to the power ({spelled})" if compound else f"e to the {spelled}"

    def _derived(self, function: str, array: str, indices: Sequence[Expr]) -> str:
        """The inverse of a matrix at indices, or its determinant."""
        whole = self.named(array, ())
        if function != "inv":
            return (
                "the determinant of {}" if function == "det" else "the log determinant of {}"
            ).format(whole)
        low = self.named("", indices)
        return f"{whole} inverse {low}"

    def named(self, identifier: str, indices: Sequence[Expr]) -> str:
        if (found := names.derived_from(identifier)) is not None:
            return self._derived(*found, indices)
        name = names.parse(identifier)
        base = _GREEK.get(name.base, name.base)
        parts = [base, *name.accents]
        low = [name.subscript] * bool(name.subscript) + [self._print(i) for i in indices]
        return " ".join([*parts, "sub", *low] if low else parts)

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        over = f"{_SIGNS[head]} {self._print(letter)}"
        if head not in ("Maximum", "Minimum") and self.ranges:
            over += f" from {self._print(low)} to {self._print(high)}"
        if asked:
            over += f", where {' and '.join(map(self._print, asked))},"
        return f"{over} of"

    def derivative(self, body: str, variables: Sequence[Expr]) -> str:
        order = "" if len(variables) == 1 else "second " if len(variables) == 2 else "higher "
        by = " and ".join(self._print(v) for v in variables)
        of = f"of {body} " if body else ""
        return f"the {order}derivative {of}with respect to {by}" + ("" if body else " of")

    def iverson(self, condition: str) -> str:
        return f"1 if {condition} else 0"

    def absolute(self, body: str, *, tall: bool) -> str:
        return f"the absolute value of {body}"

    def word(self, name: str) -> str:
        return name

    def call(self, name: str, arguments: str, *, tall: bool) -> str:
        return f"{name} of ({arguments})" if " plus " in arguments else f"{name} of {arguments}"

    def _print_Function(self, term: Function) -> str:
        if self._is_bare_call(term):
            return f"{self.function_name(term)} of {self._print(term.args[0])}"
        return self._closed_call(term)

    _print_log = _print_Function

    def _print_Pi(self, term: Basic) -> str:
        return "pi"

    def _print_Infinity(self, term: Basic) -> str:
        return "infinity"

    def _print_NegativeInfinity(self, term: Basic) -> str:
        return "minus infinity"


def speech(term: Basic) -> str:
    """A term in English words."""
    return SpeechPrinter().spelled(term)
