r"""LaTeX: a term in the subset that amsmath, MathJax, KaTeX and VS Code share.

Gives `latex`.  Everything is plain LaTeX: no macro of ours, no `\operatorname`.

Floor 1: imports floor 0, the layout and SymPy's LatexPrinter.

How a function of one number is spelled says its file in `elementwise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sympy import Expr, Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic
from sympy.core.function import Function
from sympy.printing.latex import LatexPrinter as SympyLatexPrinter

from symderiv.printers import names
from symderiv.printers.faces import Drawn, drawn_as, set_in
from symderiv.printers.parting import Parting
from symderiv.printers.spelling import relations
from symderiv.terms import Quantity

_GREEK = {
    "eps": r"\varepsilon",
    "epsilon": r"\varepsilon",
    "lambda": r"\lambda",
    "lamda": r"\lambda",
    "lam": r"\lambda",
    "phi": r"\varphi",
}


class LatexPrinter(Parting, SympyLatexPrinter):
    """LaTeX in the common subset."""

    NOTATED: ClassVar[int] = 1
    DOTS: ClassVar[str] = r"\cdots"
    DOT: ClassVar[str] = r" \cdot "
    OPEN: ClassVar[str] = r"\biggl( "
    CLOSE: ClassVar[str] = r" \biggr)"
    RELATIONS: ClassVar[dict[str, str]] = relations("=", r"\neq", ">", r"\geq", "<", r"\leq")
    CONSTANTS: ClassVar[dict[str, str]] = {
        "Pi": r"\pi", "Exp1": "e", "Infinity": r"\infty", "NegativeInfinity": r"-\infty",
    }  # fmt: skip
    OVER: ClassVar[dict[str, str]] = {
        "Sum": r"\sum", "Product": r"\prod", "Maximum": r"\max", "Minimum": r"\min",
    }  # fmt: skip
    DERIVED: ClassVar[dict[str, str]] = {
        "inv": "{}^{{-1}}{}", "det": r"\det {}", "logdet": r"\log \left| \det {} \right|",
    }  # fmt: skip
    TARGET: ClassVar[str] = "latex"
    FUNCTIONS: ClassVar[dict[str, str]] = {"Max": r"\max", "Min": r"\min", "Heaviside": "H"}
    LONG: ClassVar[int] = 24
    EXP: ClassVar[str] = r"\exp"
    FRACTION: ClassVar[str] = r"\frac{{{}}}{{{}}}"
    ROOT: ClassVar[str] = r"\sqrt{{{}}}"
    PARTIAL: ClassVar[str] = r"\partial"
    GAP: ClassVar[str] = " "
    BESIDE: ClassVar[str] = r" \, "
    IVERSON: ClassVar[str] = r"\mathbf{{1}}[{}]"
    AND: ClassVar[str] = r",\quad "
    FOR: ClassVar[str] = r" \text{ for } "

    def bracket(self, body: str, *, tall: bool) -> str:
        if self.small:
            return f"({body})"
        return rf"\left( {body} \right)" if tall else rf"\bigl( {body} \bigr)"

    def raised(self, base: str, exponent: Expr) -> str:
        spelled = self._small(exponent)
        return f"{base}^{spelled}" if len(spelled) == 1 else f"{base}^{{{spelled}}}"

    def lettered(self, identifier: str, indices: Sequence[Expr]) -> str:
        name = names.parse(identifier)
        base = rf"\mathrm{{{name.base}}}".replace("_", r"\_") if name.is_word else name.base
        if name.is_greek:
            base = _GREEK.get(name.base, rf"\{name.base}")
        face = drawn_as(self.drawn, name, indexed=bool(indices))
        base = set_in(face, base, "latex")
        for accent in name.accents:
            base = rf"\{accent}{{{base}}}"
        own = name.subscript
        if (macro := self.drawn.get(identifier, "")).startswith("\\"):  # the author's own
            base, own = macro, ""
        parts = [own if own.isdigit() or len(own) == 1 else rf"\mathrm{{{own}}}"] if own else []
        subscript = self._joined(parts, indices)
        if not subscript:
            return base
        return f"{base}_{subscript}" if len(subscript) == 1 else f"{base}_{{{subscript}}}"

    def _joined(self, own: list[str], indices: Sequence[Expr]) -> str:
        """ij for letters, k\\,y_n where one has a subscript itself, 1,2 for anything else."""
        parts = [*own, *(self._small(i) for i in indices)]
        if own or not all(isinstance(i, Symbol | Indexed | Quantity) for i in indices):
            return ",".join(parts)
        letters = all(isinstance(i, Symbol) and len(i.name) == 1 for i in indices)
        return ("" if letters else r"\,").join(parts)

    def over(self, sign: str, below: str, above: str = "") -> str:
        if above:
            return f"{sign}_{{{below}}}^{{{above}}}"
        return f"{sign}_{below}" if len(below) == 1 else f"{sign}_{{{below}}}"

    def absolute(self, body: str, *, tall: bool) -> str:
        return rf"\left| {body} \right|" if tall else rf"\lvert {body} \rvert"

    def word(self, name: str) -> str:
        return name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")

    def call(self, name: str, arguments: str, *, tall: bool) -> str:
        return rf"{name}\left( {arguments} \right)" if tall else f"{name}({arguments})"


RESTYLED = ("sigmoid", "softplus", "relu", "softmax")  # functions with a macro of their own


class RestyledPrinter(LatexPrinter):
    """The same with the macros of symderiv.sty."""

    NOTATED: ClassVar[int] = 5
    PARTIAL: ClassVar[str] = r"\symderivpartial"
    IVERSON: ClassVar[str] = r"\symderivindicator{{{}}}"

    def lettered(self, identifier: str, indices: Sequence[Expr]) -> str:
        spelled = super().lettered(identifier, indices)
        return spelled.replace(r"\mathrm{softmax}", r"\symderivsoftmax")

    def _print_KroneckerDelta(self, term: KroneckerDelta) -> str:
        return rf"\symderivdelta{{{self._joined([], [*term.args])}}}"

    def exponential(self, argument: Expr) -> str:
        spelled = super().exponential(argument)
        return r"\symderive" + spelled[1:] if spelled.startswith("e^") else spelled

    def function_name(self, term: Function) -> str:
        name = type(term).__name__
        return rf"\symderiv{name}" if name in RESTYLED else super().function_name(term)


def latex(term: Basic, *, drawn: Drawn | None = None) -> str:
    """A term in LaTeX, for display; `drawn` are the faces of names."""
    return LatexPrinter(drawn=drawn).spelled(term)
