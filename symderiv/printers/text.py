"""Text: a term as one Unicode line, `pᵢ (δᵢⱼ − pⱼ)`, or in plain ASCII, `p_i (delta_ij - p_j)`.

Gives `text`.  Floor 1: imports floor 0, the layout and SymPy's StrPrinter.

To add a letter that Unicode can set low or high: one character in each string of the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational
from sympy.printing.str import StrPrinter

from symderiv.printers import names
from symderiv.printers.looks import is_plain
from symderiv.printers.parting import Parting
from symderiv.printers.spelling import relations

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


def _moved(line: str, table: dict[str, str]) -> str | None:
    """The characters in the table's small form, or None when one has none."""
    return "".join(table[c] for c in line) if all(c in table for c in line) else None


class TextPrinter(Parting, StrPrinter):
    """One Unicode line."""

    MINUS: ClassVar[str] = " − "
    NEGATIVE: ClassVar[str] = "−"
    DOTS: ClassVar[str] = "⋯"
    DOT: ClassVar[str] = " · "
    STACKED: ClassVar[bool] = False
    RELATIONS: ClassVar[dict[str, str]] = relations("=", "≠", ">", "≥", "<", "≤")
    CONSTANTS: ClassVar[dict[str, str]] = {
        "Pi": "π", "Exp1": "e", "Infinity": "∞", "NegativeInfinity": "−∞",
    }  # fmt: skip
    OVER: ClassVar[dict[str, str]] = {
        "Sum": "Σ", "Product": "Π", "Maximum": "max", "Minimum": "min",
    }  # fmt: skip
    DERIVED: ClassVar[dict[str, str]] = {
        "inv": "{}⁻¹{}", "det": "det {}", "logdet": "log |det {}|",
    }  # fmt: skip
    TARGET: ClassVar[str] = "text"
    FUNCTIONS: ClassVar[dict[str, str]] = {"Max": "max", "Min": "min", "Heaviside": "H"}
    LOW: ClassVar[dict[str, str]] = _LOW
    HIGH: ClassVar[dict[str, str]] = _HIGH
    LETTERS: ClassVar[Mapping[str, str]] = names.GREEK
    ACCENTS: ClassVar[dict[str, str]] = _ACCENTS

    def raised(self, base: str, exponent: Expr) -> str:
        spelled = self._print(exponent)
        if isinstance(exponent, Integer) and (high := _moved(spelled, self.HIGH)):
            return base + high
        return f"{base}^{self._exponent(exponent)}"

    def root(self, body: Expr) -> str:
        return f"√{self._print(body) if is_plain(body) else self.enclosed(body)}"

    def _exponent(self, exponent: Expr) -> str:
        if is_plain(exponent) or (isinstance(exponent, Integer) and exponent >= 0):
            return self._print(exponent)
        return f"({self._small(exponent)})"

    def lettered(self, identifier: str, indices: Sequence[Expr]) -> str:
        name = names.parse(identifier)
        base = self.LETTERS.get(name.base, name.base)
        base += "".join(self.ACCENTS.get(accent, accent) for accent in name.accents)
        parts = [name.subscript] * bool(name.subscript) + [self._index(i) for i in indices]
        return base + self._lowered(parts)

    def _index(self, index: Expr) -> str:
        return self._print(index).replace(" ", "")

    def _lowered(self, parts: list[str]) -> str:
        """The subscripts: one small form where Unicode has it, else z_y or W_{1,2}."""
        if not parts:
            return ""
        joined = "".join(parts)
        if len(parts) == 1 or all(len(p) == 1 and p.isalpha() for p in parts):
            if low := _moved(joined, self.LOW):
                return low
            return f"_{joined}" if len(joined) == 1 else f"_{{{joined}}}"
        return f"_{{{','.join(parts)}}}"

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        sign = self.OVER[head]
        start, end = self._index(low), self._index(high)
        usual = low == 1 and isinstance(high, Symbol)
        more = [self._print(c).replace(" ", "") for c in asked]
        if usual and not self.ranges:
            return sign + self._lowered(more or [self._print(letter)])
        below, above = (_moved(f"{self._print(letter)}={start}", self.LOW), _moved(end, self.HIGH))
        if below and above and not more:
            return sign + below + above
        return f"{sign}_{{{','.join([f'{self._print(letter)}={start}..{end}', *more])}}}"


class AsciiPrinter(TextPrinter):
    """The same for terminals that know ASCII only."""

    NOTATED: ClassVar[int] = 3
    MINUS: ClassVar[str] = " - "
    NEGATIVE: ClassVar[str] = "-"
    DOTS: ClassVar[str] = "..."
    DOT: ClassVar[str] = " * "
    PARTIAL: ClassVar[str] = "d"
    RELATIONS: ClassVar[dict[str, str]] = relations("=", "!=", ">", ">=", "<", "<=")
    CONSTANTS: ClassVar[dict[str, str]] = {
        "Pi": "pi", "Exp1": "e", "Infinity": "oo", "NegativeInfinity": "-oo",
    }  # fmt: skip
    OVER: ClassVar[dict[str, str]] = {
        "Sum": "sum", "Product": "prod", "Maximum": "max", "Minimum": "min",
    }  # fmt: skip
    DERIVED: ClassVar[dict[str, str]] = {**TextPrinter.DERIVED, "inv": "{}^-1{}"}
    TARGET: ClassVar[str] = "ascii"
    LOW: ClassVar[dict[str, str]] = {}
    HIGH: ClassVar[dict[str, str]] = {}
    LETTERS: ClassVar[Mapping[str, str]] = {}
    ACCENTS: ClassVar[dict[str, str]] = {}

    def root(self, body: Expr) -> str:
        return self.ROOT.format(self._print(body))

    def exponential(self, argument: Expr) -> str:
        return f"exp({self._print(argument)})"

    def _lowered(self, parts: list[str]) -> str:
        if not parts:
            return ""
        plain = all(p.isalnum() for p in parts) and (len(parts) == 1 or "".join(parts).isalpha())
        return f"_{''.join(parts)}" if plain else f"_{{{','.join(parts)}}}"


def text(term: Basic, *, ascii: bool = False, ranges: bool = False) -> str:
    """A term as one line of text.

    Parameters
    ----------
    ascii : plain ASCII instead of Unicode
    ranges : write Σₖ₌₁ᴷ at every sum, not Σₖ
    """
    made = AsciiPrinter if ascii else TextPrinter
    return made(ranges=ranges).spelled(term)
