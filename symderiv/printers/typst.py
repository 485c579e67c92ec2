"""Typst: a term as Typst mathematics, `p_i (delta_(i j) - p_j)`.

Gives `typst`.  Floor 1: imports floor 0, the layout and SymPy's StrPrinter.

How a function of one number is spelled says its file in `elementwise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational
from sympy.printing.str import StrPrinter

from symderiv.printers import names
from symderiv.printers.faces import Drawn, drawn_as, set_in
from symderiv.printers.looks import is_tall
from symderiv.printers.parting import Parting

_GREEK = {"eps": "epsilon", "lam": "lambda", "lamda": "lambda"}
_ACCENTS = {"hat": "hat", "bar": "macron", "tilde": "tilde", "dot": "dot"}
_SIGNS = {"Sum": "sum", "Product": "product", "Maximum": "max", "Minimum": "min"}
_FUNCTIONS = {
    "Max": "max",
    "Min": "min",
}
_RELATIONS = {
    "Equality": "=",
    "Unequality": "!=",
    "StrictGreaterThan": ">",
    "GreaterThan": ">=",
    "StrictLessThan": "<",
    "LessThan": "<=",
}


class TypstPrinter(Parting, StrPrinter):
    """Typst mathematics; its own brackets grow with what they hold."""

    NOTATED: ClassVar[int] = 2
    DOTS: ClassVar[str] = "dots.c"
    DOT: ClassVar[str] = " dot.op "
    OPEN: ClassVar[str] = r"\( "
    CLOSE: ClassVar[str] = r" \)"
    RELATIONS: ClassVar[dict[str, str]] = _RELATIONS
    TARGET: ClassVar[str] = "typst"
    FUNCTIONS: ClassVar[dict[str, str]] = _FUNCTIONS

    def bracket(self, body: str, *, tall: bool) -> str:
        return f"({body})"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"({numerator})/({denominator})"

    def raised(self, base: str, exponent: Expr) -> str:
        spelled = self._small(exponent)
        return f"{base}^{spelled}" if spelled.isalnum() else f"{base}^({spelled})"

    def slashed(self, numerator: str, denominator: str) -> str:
        return f"{numerator} \\/ {denominator}"

    def root(self, body: Expr) -> str:
        return f"sqrt({self._print(body)})"

    def exponential(self, argument: Expr) -> str:
        inside = self._small(argument)
        if is_tall(argument) and (len(inside) > 30 or "sum" in inside):
            return self.call("exp", self._print(argument), tall=True)
        return self.raised("e", argument)

    def _derived(self, function: str, array: str, indices: Sequence[Expr]) -> str:
        """The inverse of a matrix at indices, or its determinant."""
        whole = self.named(array, ())
        if function != "inv":
            return ("det {}" if function == "det" else "log abs(det {})").format(whole)
        low = self.named("", indices)
        return f"{whole}^(-1){low}"

    def named(self, identifier: str, indices: Sequence[Expr]) -> str:
        if (found := names.derived_from(identifier)) is not None:
            return self._derived(*found, indices)
        name = names.parse(identifier)
        base = f'"{name.base}"' if name.is_word else _GREEK.get(name.base, name.base)
        base = set_in(drawn_as(self.drawn, name, indexed=bool(indices)), base, "typst")
        for accent in name.accents:
            base = f"{_ACCENTS[accent]}({base})"
        own = name.subscript
        parts = [own if own.isdigit() or len(own) == 1 else f'"{own}"'] if own else []
        plain = not own and all(isinstance(i, Symbol) or not i.is_Integer for i in indices)
        parts += [self._small(i) for i in indices]
        if not parts:
            return base
        letters = all(isinstance(i, Symbol) for i in indices)
        together = ("," if not plain else " " if letters else " thin ").join(parts)
        return f"{base}_{together}" if together.isalnum() else f"{base}_({together})"

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        sign, below = _SIGNS[head], self._small(letter)
        more = [self._small(c) for c in asked]
        usual = low == 1 and isinstance(high, Symbol)
        if head in ("Maximum", "Minimum") or (usual and not self.ranges):
            return f"{sign}_({', '.join(more)})" if more else f"{sign}_{below}"
        below = ", ".join([f"{below} = {self._small(low)}", *more])
        return f"{sign}_({below})^({self._small(high)})"

    def derivative(self, body: str, variables: Sequence[Expr]) -> str:
        order = len(variables)
        top = "partial" if order == 1 else f"partial^{order}"
        if order > 1 and len(set(variables)) == 1:
            below = f"partial {self.raised(self._print(variables[0]), Integer(order))}"
        else:
            below = " thin ".join(f"partial {self._print(v)}" for v in variables)
        return self.fraction(f"{top} {body}".strip(), below)

    def iverson(self, condition: str) -> str:
        return f"bold(1)[{condition}]"

    def absolute(self, body: str, *, tall: bool) -> str:
        return f"abs({body})"

    def word(self, name: str) -> str:
        return name if len(name) == 1 else f'"{name}"'

    def call(self, name: str, arguments: str, *, tall: bool) -> str:
        return f"{name}({arguments})"

    def _print_Pi(self, term: Basic) -> str:
        return "pi"

    def _print_Infinity(self, term: Basic) -> str:
        return "infinity"

    def _print_NegativeInfinity(self, term: Basic) -> str:
        return "-infinity"

    def _print_Exp1(self, term: Basic) -> str:
        return "e"


def typst(term: Basic, *, drawn: Drawn | None = None) -> str:
    """A term in Typst mathematics; `drawn` are the faces of names."""
    return TypstPrinter(drawn=drawn).spelled(term)
