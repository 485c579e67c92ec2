"""Typst: a term as Typst mathematics, `p_i (delta_(i j) - p_j)`.

Gives `typst`.  Floor 1: imports floor 0, the layout and SymPy's StrPrinter.

How a function of one number is spelled says its file in `elementwise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sympy import Expr, Symbol
from sympy.core.basic import Basic
from sympy.printing.str import StrPrinter

from symderiv.printers import names
from symderiv.printers.faces import Drawn, drawn_as, set_in
from symderiv.printers.parting import Parting

_GREEK = {"eps": "epsilon", "lam": "lambda", "lamda": "lambda"}
_ACCENTS = {"hat": "hat", "bar": "macron", "tilde": "tilde", "dot": "dot"}


class TypstPrinter(Parting, StrPrinter):
    """Typst mathematics; its own brackets grow with what they hold."""

    NOTATED: ClassVar[int] = 2
    DOTS: ClassVar[str] = "dots.c"
    DOT: ClassVar[str] = " dot.op "
    OPEN: ClassVar[str] = r"\( "
    CLOSE: ClassVar[str] = r" \)"
    EQUALS: ClassVar[str] = " = "
    CONSTANTS: ClassVar[dict[str, str]] = {
        "Pi": "pi", "Exp1": "e", "Infinity": "infinity", "NegativeInfinity": "-infinity",
    }  # fmt: skip
    OVER: ClassVar[dict[str, str]] = {
        "Sum": "sum", "Product": "product", "Maximum": "max", "Minimum": "min",
    }  # fmt: skip
    DERIVED: ClassVar[dict[str, str]] = {
        "inv": "{}^(-1){}", "det": "det {}", "logdet": "log abs(det {})",
    }  # fmt: skip
    TARGET: ClassVar[str] = "typst"
    FRACTION: ClassVar[str] = "({})/({})"
    SLASH: ClassVar[tuple[str, str]] = (r" \/ ", r" \/ ")
    PARTIAL: ClassVar[str] = "partial"
    GAP: ClassVar[str] = " "
    BESIDE: ClassVar[str] = " thin "
    IVERSON: ClassVar[str] = "bold(1)[{}]"
    ABSOLUTE: ClassVar[str] = "abs({})"
    AND: ClassVar[str] = ", quad "
    FOR: ClassVar[str] = ' quad "for" '

    def raised(self, base: str, exponent: Expr) -> str:
        spelled = self._small(exponent)
        return f"{base}^{spelled}" if spelled.isalnum() else f"{base}^({spelled})"

    def lettered(self, identifier: str, indices: Sequence[Expr]) -> str:
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

    def over(self, sign: str, below: str, above: str = "") -> str:
        if above:
            return f"{sign}_({below})^({above})"
        return f"{sign}_{below}" if below.isalnum() else f"{sign}_({below})"

    def word(self, name: str) -> str:
        return name if len(name) == 1 else f'"{name}"'


def typst(term: Basic, *, drawn: Drawn | None = None) -> str:
    """A term in Typst mathematics; `drawn` are the faces of names."""
    return TypstPrinter(drawn=drawn).spelled(term)
