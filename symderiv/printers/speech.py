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
from symderiv.printers.spelling import relations
from symderiv.terms import Plus, Quotient, Times

_GREEK = {"eps": "epsilon", "lam": "lambda", "lamda": "lambda"}


class SpeechPrinter(Layout, StrPrinter):
    """English."""

    PLUS: ClassVar[str] = " plus "
    MINUS: ClassVar[str] = " minus "
    NEGATIVE: ClassVar[str] = "minus "
    DOTS: ClassVar[str] = "more terms"
    SPACE: ClassVar[str] = " times "
    DOT: ClassVar[str] = " times "
    RELATIONS: ClassVar[dict[str, str]] = relations(
        "equals", "is not equal to", "is greater than", "is at least", "is less than", "is at most"
    )
    CONSTANTS: ClassVar[dict[str, str]] = {
        "Pi": "pi", "Exp1": "e", "Infinity": "infinity", "NegativeInfinity": "minus infinity",
    }  # fmt: skip
    OVER: ClassVar[dict[str, str]] = {
        "Sum": "the sum over", "Product": "the product over", "Maximum": "the maximum over",
        "Minimum": "the minimum over",
    }  # fmt: skip
    DERIVED: ClassVar[dict[str, str]] = {
        "inv": "{} inverse {}", "det": "the determinant of {}",
        "logdet": "the log determinant of {}",
    }  # fmt: skip
    TARGET: ClassVar[str] = "speech"
    FUNCTIONS: ClassVar[dict[str, str]] = {"Max": "the larger", "Min": "the smaller"}
    FRACTION: ClassVar[str] = "the fraction {} over {}, end fraction"
    SLASH: ClassVar[tuple[str, str]] = (" over ", " over ")
    ROOT: ClassVar[str] = "the square root of {}"
    IVERSON: ClassVar[str] = "1 if {} else 0"
    ABSOLUTE: ClassVar[str] = "the absolute value of {}"
    AND: ClassVar[str] = ", and "

    def raised(self, base: str, exponent: Expr) -> str:
        if exponent == 2:
            return f"{base} squared"
        return f"{base} to the power {self._print(exponent)}"

    def exponential(self, argument: Expr) -> str:
        spelled = self._print(argument)
        compound = isinstance(argument, Plus | Times | Quotient)
        return f"e to the power ({spelled})" if compound else f"e to the {spelled}"

    def lettered(self, identifier: str, indices: Sequence[Expr]) -> str:
        name = names.parse(identifier)
        base = _GREEK.get(name.base, name.base)
        parts = [base, *name.accents]
        low = [name.subscript] * bool(name.subscript) + [self._print(i) for i in indices]
        return " ".join([*parts, "sub", *low] if low else parts)

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        over = f"{self.OVER[head]} {self._print(letter)}"
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

    def call(self, name: str, arguments: str, *, tall: bool) -> str:
        return f"{name} of ({arguments})" if " plus " in arguments else f"{name} of {arguments}"

    def primed(self, body: str, count: int) -> str:
        return "the derivative of " * count + body

    def _print_Function(self, term: Function) -> str:
        if self._is_bare_call(term):
            return f"{self.function_name(term)} of {self._print(term.args[0])}"
        return self._closed_call(term)

    _print_log = _print_Function


def speech(term: Basic) -> str:
    """A term in English words."""
    return SpeechPrinter().spelled(term)
