"""Text: a term as one Unicode line, `pᵢ (δᵢⱼ − pⱼ)`, or in plain ASCII, `p_i (delta_ij - p_j)`.

Gives `text`.  Floor 1: imports floor 0, the layout and SymPy's StrPrinter.

To add a letter that Unicode can set low or high: one character in each string of the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational
from sympy.printing.str import StrPrinter

from symderiv.printers import names
from symderiv.printers.looks import is_plain
from symderiv.printers.parting import Parting

_LOW = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
_HIGH = dict(
    zip(
        "0123456789−ABDEGHIJKLMNOPRTUVWin",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂⁱⁿ",
        strict=True,
    )
)
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
_SIGNS = {
    "Sum": ("Σ", "sum"),
    "Product": ("Π", "prod"),
    "Maximum": ("max", "max"),
    "Minimum": ("min", "min"),
}
_FUNCTIONS = {"Max": "max", "Min": "min", "Heaviside": "H"}
_RELATIONS = {
    "Equality": "=",
    "Unequality": "≠",
    "StrictGreaterThan": ">",
    "GreaterThan": "≥",
    "StrictLessThan": "<",
    "LessThan": "≤",
}
_ASCII_RELATIONS = {**_RELATIONS, "Unequality": "!=", "GreaterThan": ">=", "LessThan": "<="}


def _moved(line: str, table: dict[str, str]) -> str | None:
    """The characters in the table's small form, or None when one has none."""
    return "".join(table[c] for c in line) if all(c in table for c in line) else None


class TextPrinter(Parting, StrPrinter):
    """One Unicode line."""

    INVERSE: ClassVar[str] = "⁻¹"
    MINUS: ClassVar[str] = " − "
    NEGATIVE: ClassVar[str] = "−"
    DOTS: ClassVar[str] = "⋯"
    DOT: ClassVar[str] = " · "
    STACKED: ClassVar[bool] = False
    RELATIONS: ClassVar[dict[str, str]] = _RELATIONS
    TARGET: ClassVar[str] = "text"
    FUNCTIONS: ClassVar[dict[str, str]] = _FUNCTIONS

    def bracket(self, body: str, *, tall: bool) -> str:
        return f"({body})"

    def raised(self, base: str, exponent: Expr) -> str:
        spelled = self._print(exponent)
        if isinstance(exponent, Integer) and (high := _moved(spelled, _HIGH)):
            return base + high
        return f"{base}^{self._exponent(exponent)}"

    def root(self, body: Expr) -> str:
        return f"√{self._print(body) if is_plain(body) else self.enclosed(body)}"

    def exponential(self, argument: Expr) -> str:
        return self.raised("e", argument)

    def _exponent(self, exponent: Expr) -> str:
        if is_plain(exponent) or (isinstance(exponent, Integer) and exponent >= 0):
            return self._print(exponent)
        return f"({self._small(exponent)})"

    def _derived(self, function: str, array: str, indices: Sequence[Expr]) -> str:
        """The inverse of a matrix at indices, or its determinant."""
        whole = self.named(array, ())
        if function != "inv":
            return ("det {}" if function == "det" else "log |det {}|").format(whole)
        low = self.named("", indices)
        return f"{whole}{self.INVERSE}{low}"

    def named(self, identifier: str, indices: Sequence[Expr]) -> str:
        if (found := names.derived_from(identifier)) is not None:
            return self._derived(*found, indices)
        name = names.parse(identifier)
        base = self._letter(name.base) + "".join(map(self._accent, name.accents))
        parts = [name.subscript] * bool(name.subscript) + [self._index(i) for i in indices]
        return base + self._lowered(parts)

    def _index(self, index: Expr) -> str:
        return self._print(index).replace(" ", "")

    def _letter(self, base: str) -> str:
        return names.GREEK.get(base, base)

    def _accent(self, accent: str) -> str:
        return _ACCENTS.get(accent, "")

    def _lowered(self, parts: list[str]) -> str:
        """The subscripts: one small form where Unicode has it, else z_y or W_{1,2}."""
        if not parts:
            return ""
        joined = "".join(parts)
        if len(parts) == 1 or all(len(p) == 1 and p.isalpha() for p in parts):
            if low := _moved(joined, _LOW):
                return low
            return f"_{joined}" if len(joined) == 1 else f"_{{{joined}}}"
        return f"_{{{','.join(parts)}}}"

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        sign = _SIGNS[head][0]
        start, end = self._index(low), self._index(high)
        usual = low == 1 and isinstance(high, Symbol)
        more = [self._print(c).replace(" ", "") for c in asked]
        if usual and not self.ranges:
            return sign + self._lowered(more or [self._print(letter)])
        below, above = _moved(f"{self._print(letter)}={start}", _LOW), _moved(end, _HIGH)
        if below and above and not more:
            return sign + below + above
        return f"{sign}_{{{','.join([f'{self._print(letter)}={start}..{end}', *more])}}}"

    def derivative(self, body: str, variables: Sequence[Expr]) -> str:
        order = len(variables)
        mark = self._differential()
        count = "" if order == 1 else self.raised("", Integer(order))
        if order > 1 and len(set(variables)) == 1:
            below = mark + self.raised(self._print(variables[0]), Integer(order))
        else:
            below = "".join(mark + self._print(v) for v in variables)
        return f"{mark}{count}{body}/{below}"

    def _differential(self) -> str:
        return "∂"

    def iverson(self, condition: str) -> str:
        return f"1[{condition}]"

    def absolute(self, body: str, *, tall: bool) -> str:
        return f"|{body}|"

    def word(self, name: str) -> str:
        return name

    def call(self, name: str, arguments: str, *, tall: bool) -> str:
        return f"{name}({arguments})"

    def _print_Pi(self, term: Basic) -> str:
        return "π"

    def _print_Exp1(self, term: Basic) -> str:
        return "e"

    def _print_Infinity(self, term: Basic) -> str:
        return "∞"

    def _print_NegativeInfinity(self, term: Basic) -> str:
        return self.NEGATIVE + self._print(sympy.oo)


class AsciiPrinter(TextPrinter):
    """The same for terminals that know ASCII only."""

    NOTATED: ClassVar[int] = 3
    INVERSE: ClassVar[str] = "^-1"
    MINUS: ClassVar[str] = " - "
    NEGATIVE: ClassVar[str] = "-"
    DOTS: ClassVar[str] = "..."
    DOT: ClassVar[str] = " * "
    RELATIONS: ClassVar[dict[str, str]] = _ASCII_RELATIONS
    TARGET: ClassVar[str] = "ascii"

    def raised(self, base: str, exponent: Expr) -> str:
        return f"{base}^{self._exponent(exponent)}"

    def root(self, body: Expr) -> str:
        return f"sqrt({self._print(body)})"

    def exponential(self, argument: Expr) -> str:
        return f"exp({self._print(argument)})"

    def _letter(self, base: str) -> str:
        return base

    def _accent(self, accent: str) -> str:
        return accent

    def _lowered(self, parts: list[str]) -> str:
        if not parts:
            return ""
        plain = all(p.isalnum() for p in parts) and (len(parts) == 1 or "".join(parts).isalpha())
        return f"_{''.join(parts)}" if plain else f"_{{{','.join(parts)}}}"

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        sign = _SIGNS[head][1]
        more = [self._print(c).replace(" ", "") for c in asked]
        if low == 1 and isinstance(high, Symbol) and not self.ranges:
            return sign + self._lowered(more or [self._print(letter)])
        run = f"{self._print(letter)}={self._index(low)}..{self._index(high)}"
        return f"{sign}_{{{','.join([run, *more])}}}"

    def _differential(self) -> str:
        return "d"

    def _print_Pi(self, term: Basic) -> str:
        return "pi"

    def _print_Infinity(self, term: Basic) -> str:
        return "oo"


def text(term: Basic, *, ascii: bool = False, ranges: bool = False) -> str:
    """A term as one line of text.

    Parameters
    ----------
    ascii : plain ASCII instead of Unicode
    ranges : write Σₖ₌₁ᴷ at every sum, not Σₖ
    """
    made = AsciiPrinter if ascii else TextPrinter
    return made(ranges=ranges).spelled(term)
