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

from sympy import Expr, Integer, KroneckerDelta, Symbol
from sympy.core.basic import Basic
from sympy.core.function import Function
from sympy.core.relational import Relational
from sympy.printing.str import StrPrinter

from symderiv import late
from symderiv.elementwise import of_head
from symderiv.printers import names
from symderiv.printers.faces import drawn_as, set_in
from symderiv.printers.looks import is_tall
from symderiv.printers.parting import Parting
from symderiv.printers.speech import speech

if TYPE_CHECKING:
    import html
else:
    html = late.module("html")  # two thousand names of characters, for text to be without

_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~", "dot": "˙"}
_SIGNS = {"Sum": "∑", "Product": "∏", "Maximum": "max", "Minimum": "min"}
_RELATIONS = {
    "Equality": "<mo>=</mo>",
    "Unequality": "<mo>≠</mo>",
    "StrictGreaterThan": "<mo>&gt;</mo>",
    "GreaterThan": "<mo>≥</mo>",
    "StrictLessThan": "<mo>&lt;</mo>",
    "LessThan": "<mo>≤</mo>",
}
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
    RELATIONS: ClassVar[dict[str, str]] = _RELATIONS
    TARGET: ClassVar[str] = "text"
    FUNCTIONS: ClassVar[dict[str, str]] = {
        name: f"<mi>{sign}</mi>" for name, sign in (("Max", "max"), ("Min", "min"))
    }

    def bracket(self, body: str, *, tall: bool) -> str:
        return f"<mrow><mo>(</mo>{body}<mo>)</mo></mrow>"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"<mfrac>{_row(numerator)}{_row(denominator)}</mfrac>"

    def raised(self, base: str, exponent: Expr) -> str:
        high = _row(self._small(exponent))
        if base.startswith("<msub>"):  # z_i², the exponent over the subscript
            return f"<msubsup>{base[len('<msub>') : -len('</msub>')]}{high}</msubsup>"
        return f"<msup>{_row(base)}{high}</msup>"

    def slashed(self, numerator: str, denominator: str) -> str:
        return f"{numerator}<mo>/</mo>{denominator}"

    def root(self, body: Expr) -> str:
        return f"<msqrt>{self._print(body)}</msqrt>"

    def exponential(self, argument: Expr) -> str:
        inside = self._small(argument)
        if is_tall(argument) and (inside.count("</") > 12 or "∑" in inside):
            return self.call("<mi>exp</mi>", self._print(argument), tall=True)
        return self.raised("<mi>e</mi>", argument)

    def _derived(self, function: str, array: str, indices: Sequence[Expr]) -> str:
        """The inverse of a matrix at indices, or its determinant."""
        whole = self.named(array, ())
        if function != "inv":
            det = f"<mi>det</mi>{self.APPLIED}{whole}"
            return det if function == "det" else f"<mi>log</mi>{self.absolute(det, tall=False)}"
        inverse = f"<mrow>{self.NEGATIVE}<mn>1</mn></mrow>"
        if not indices:
            return f"<msup>{whole}{inverse}</msup>"
        return f"<msubsup>{whole}{_row(self._joined([], indices))}{inverse}</msubsup>"

    def named(self, identifier: str, indices: Sequence[Expr]) -> str:
        if (found := names.derived_from(identifier)) is not None:
            return self._derived(*found, indices)
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

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        sign, below = _SIGNS[head], self._small(letter)
        more = [self._small(c) for c in asked]
        limits = "" if head in ("Sum", "Product") else ' movablelimits="true"'
        operator = f'<mo{limits} lspace="0.17em" rspace="0">{sign}</mo>'
        usual = low == 1 and isinstance(high, Symbol)
        if head in ("Maximum", "Minimum") or (usual and not self.ranges):
            return f"<munder>{operator}{_row(self.COMMA.join(more) or below)}</munder>"
        start = self.COMMA.join([f"{below}<mo>=</mo>{self._small(low)}", *more])
        start = f"<mrow>{start}</mrow>"
        return f"<munderover>{operator}{start}{_row(self._small(high))}</munderover>"

    def derivative(self, body: str, variables: Sequence[Expr]) -> str:
        order = len(variables)
        d = "<mi>∂</mi>"
        top = d if order == 1 else f"<msup>{d}<mn>{order}</mn></msup>"
        if order > 1 and len(set(variables)) == 1:
            below = d + self.raised(self._print(variables[0]), Integer(order))
        else:
            below = self.APPLIED.join(d + self._print(v) for v in variables)
        return self.fraction(top + body, below)

    def iverson(self, condition: str) -> str:
        return f"{BOLD_ONE}<mrow><mo>[</mo>{condition}<mo>]</mo></mrow>"

    def absolute(self, body: str, *, tall: bool) -> str:
        return f'<mrow><mo form="prefix">|</mo>{body}<mo form="postfix">|</mo></mrow>'

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

    def call(self, name: str, arguments: str, *, tall: bool) -> str:
        return f"{name}<mo>&#x2061;</mo>{self.bracket(arguments, tall=tall)}"

    def _needs_dot(self, before: Expr, after: Expr, spelled: str) -> bool:
        return super()._needs_dot(before, after, spelled.removeprefix("<mn>"))

    def _print_Integer(self, term: Integer) -> str:
        return f"<mn>{int(term)}</mn>" if term >= 0 else f"{self.NEGATIVE}<mn>{-int(term)}</mn>"

    def _print_KroneckerDelta(self, term: KroneckerDelta) -> str:
        return self.named("delta", [*term.args])

    def _print_Pi(self, term: Basic) -> str:
        return "<mi>π</mi>"

    def _print_Infinity(self, term: Basic) -> str:
        return "<mi>∞</mi>"

    def _print_NegativeInfinity(self, term: Basic) -> str:
        return f"{self.NEGATIVE}<mi>∞</mi>"

    def _print_Exp1(self, term: Basic) -> str:
        return "<mi>e</mi>"


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
