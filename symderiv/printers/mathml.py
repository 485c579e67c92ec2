"""MathML: a term in MathML Core, which browsers set by themselves.

    p_i (δ_ij − p_j)  ->  <msub><mi>p</mi><mi>i</mi></msub><mo>&#x2062;</mo><mrow>…</mrow>

Gives `mathml`, a whole `<math>` element, and `element`, the same round what is already spelled.
Its words, those of `speech`, go along as its `alttext`.

Floor 1: imports floor 0, the layout, the printer of words and SymPy's StrPrinter.

How a function of one number is spelled says its file in `elementwise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic
from sympy.core.function import Function
from sympy.printing.str import StrPrinter

from symderiv import late
from symderiv.elementwise import of_head
from symderiv.printers import names
from symderiv.printers.faces import drawn_as, set_in
from symderiv.printers.parting import Parting
from symderiv.printers.speech import speech
from symderiv.printers.spelling import relations

if TYPE_CHECKING:
    import html
else:
    html = late.module("html")  # two thousand names of characters, for text to be without

_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~", "dot": "˙"}
_TALL = 'minsize="2.4em" maxsize="2.4em"'  # of brackets that do not stand in one row
BOLD_ONE = "<mn>𝟏</mn>"


class MathmlPrinter(Parting, StrPrinter):
    """MathML Core; every method gives one element or several in a row."""

    NOTATED: ClassVar[int] = 4
    PLUS: ClassVar[str] = "<mo>+</mo>"
    MINUS: ClassVar[str] = "<mo>−</mo>"
    NEGATIVE: ClassVar[str] = '<mo form="prefix">−</mo>'
    DOTS: ClassVar[str] = "<mo>⋯</mo>"
    SPACE: ClassVar[str] = "<mo>&#x2062;</mo>"  # a product, for those who hear it
    APPLIED: ClassVar[str] = '<mspace width="0.17em"></mspace>'
    DOT: ClassVar[str] = "<mo>·</mo>"
    COMMA: ClassVar[str] = "<mo>,</mo>"
    OPEN: ClassVar[str] = f'<mo {_TALL} form="prefix">(</mo>'
    CLOSE: ClassVar[str] = f'<mo {_TALL} form="postfix">)</mo>'
    EQUALS: ClassVar[str] = "<mo>=</mo>"
    RELATIONS: ClassVar[dict[str, str]] = {
        name: f"<mo>{sign}</mo>"
        for name, sign in relations("=", "≠", "&gt;", "≥", "&lt;", "≤").items()
    }
    CONSTANTS: ClassVar[dict[str, str]] = {
        "Pi": "<mi>π</mi>", "Exp1": "<mi>e</mi>", "Infinity": "<mi>∞</mi>",
        "NegativeInfinity": f"{NEGATIVE}<mi>∞</mi>",
    }  # fmt: skip
    OVER: ClassVar[dict[str, str]] = {
        "Sum": "∑", "Product": "∏", "Maximum": "max", "Minimum": "min",
    }  # fmt: skip
    TARGET: ClassVar[str] = "text"
    FUNCTIONS: ClassVar[dict[str, str]] = {"Max": "<mi>max</mi>", "Min": "<mi>min</mi>"}
    EXP: ClassVar[str] = "<mi>exp</mi>"
    BRACKET: ClassVar[str] = "<mrow><mo>(</mo>{}<mo>)</mo></mrow>"
    SLASH: ClassVar[tuple[str, str]] = ("<mo>/</mo>", "<mo>/</mo>")
    ROOT: ClassVar[str] = "<msqrt>{}</msqrt>"
    PARTIAL: ClassVar[str] = "<mi>∂</mi>"
    BESIDE: ClassVar[str] = APPLIED
    IVERSON: ClassVar[str] = f"{BOLD_ONE}<mrow><mo>[</mo>{{}}<mo>]</mo></mrow>"
    ABSOLUTE: ClassVar[str] = '<mrow><mo form="prefix">|</mo>{}<mo form="postfix">|</mo></mrow>'
    CALL: ClassVar[str] = "{}<mo>&#x2061;</mo>" + BRACKET
    AND: ClassVar[str] = '<mo>,</mo><mspace width="1em"></mspace>'
    FOR: ClassVar[str] = "<mtext>\u2003for </mtext>"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"<mfrac>{_row(numerator)}{_row(denominator)}</mfrac>"

    def raised(self, base: str, exponent: Expr) -> str:
        high = _row(self._small(exponent))
        if base.startswith("<msub>"):  # z_i², the exponent over the subscript
            return f"<msubsup>{base[len('<msub>') : -len('</msub>')]}{high}</msubsup>"
        return f"<msup>{_row(base)}{high}</msup>"

    def _is_long(self, exponent: str) -> bool:
        return exponent.count("</") > 12 or self.OVER["Sum"] in exponent

    def of_array(self, function: str, array: str, indices: Sequence[Expr]) -> str:
        if function != "inv":
            det = f"<mi>det</mi>{self.APPLIED}{array}"
            return det if function == "det" else f"<mi>log</mi>{self.ABSOLUTE.format(det)}"
        inverse = f"<mrow>{self.NEGATIVE}<mn>1</mn></mrow>"
        if not indices:
            return f"<msup>{array}{inverse}</msup>"
        return f"<msubsup>{array}{_row(self._joined([], indices))}{inverse}</msubsup>"

    def lettered(self, identifier: str, indices: Sequence[Expr]) -> str:
        name = names.parse(identifier)
        face = drawn_as(self.drawn, name, indexed=bool(indices))
        base = self.set_in(face, names.GREEK.get(name.base, name.base))
        for accent in name.accents:
            sign = _ACCENTS[accent]
            base = f'<mover accent="true">{base}<mo stretchy="false">{sign}</mo></mover>'
        low = self._joined([_plain(name.subscript)] if name.subscript else [], indices)
        return f"<msub>{base}{_row(low)}</msub>" if low else base

    def _joined(self, own: list[str], indices: Sequence[Expr]) -> str:
        """ij for letters, 1,2 for anything else."""
        parts = [*own, *(self._small(i) for i in indices)]
        letters = not own and all(isinstance(i, Symbol) or not i.is_Integer for i in indices)
        return ("" if letters else '<mo lspace="0" rspace="0">,</mo>').join(parts)

    def over(self, sign: str, below: str, above: str = "") -> str:
        limits = ' movablelimits="true"' if sign.isalpha() else ""
        operator = f'<mo{limits} lspace="0.17em" rspace="0">{sign}</mo>'
        if not above:
            return f"<munder>{operator}{_row(below)}</munder>"
        return f"<munderover>{operator}<mrow>{below}</mrow>{_row(above)}</munderover>"

    def primed(self, body: str, count: int) -> str:
        return f"<msup><mrow>{body}</mrow><mo>{'′' * count}</mo></msup>"

    def word(self, name: str) -> str:
        upright = ' mathvariant="normal"' if len(name) == 1 and name in "ΓΔΘΛΞΠΣΥΦΨΩ" else ""
        return f"<mi{upright}>{html.escape(name)}</mi>"

    def set_in(self, face: str, name: str) -> str:
        """A name in a face; upright, underlined or with an arrow it is an element of its own."""
        if face == "mathrm" and len(name) == 1:
            return f'<mi mathvariant="normal">{html.escape(name)}</mi>'
        if face == "vec":
            return f'<mover accent="true">{self.word(name)}<mo stretchy="false">→</mo></mover>'
        if face == "underline":
            return f"<munder>{self.word(name)}<mo>_</mo></munder>"
        return self.word(set_in(face, name, "mathml"))

    def function_name(self, term: Function) -> str:
        function = of_head(type(term))
        if function is None:
            return super().function_name(term)
        command = function.spellings.get("latex", "").lstrip("\\")
        sign = function.spellings.get("text") or function.printed or command
        word = self.word(sign or function.on_the_page)
        return word if len(sign) == 1 else self.APPLIED + word  # y log p, not ylog p

    def _needs_dot(self, before: Expr, after: Expr, spelled: str) -> bool:
        return super()._needs_dot(before, after, spelled.removeprefix("<mn>"))

    def _print_Integer(self, term: Integer) -> str:
        return f"<mn>{int(term)}</mn>" if term >= 0 else f"{self.NEGATIVE}<mn>{-int(term)}</mn>"


def _plain(text: str) -> str:
    """Digits as a number, anything else as a name."""
    return f"<mn>{text}</mn>" if text.isdigit() else f"<mi>{html.escape(text)}</mi>"


def _row(body: str) -> str:
    """What is spelled as one element: a row, unless it is one leaf."""
    leaf = body.startswith(("<mi", "<mn")) and body.count("</") == 1
    return body if leaf else f"<mrow>{body}</mrow>"


def element(body: str, words: str, *, display: bool = False) -> str:
    """What is spelled as a whole formula, with its words."""
    block = ' display="block"' if display else ""
    said = f' alttext="{html.escape(words)}"' if words else ""
    return f"<math{block}{said}><mrow>{body}</mrow></math>"


def mathml(term: Basic) -> str:
    """A term as a `<math>` element."""
    return element(MathmlPrinter().spelled(term), speech(term))
