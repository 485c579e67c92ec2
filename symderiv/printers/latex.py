r"""LaTeX: a term in the subset that amsmath, MathJax, KaTeX and VS Code share.

Gives `latex`.  Everything is plain LaTeX: no macro of ours, no `\operatorname`.

Floor 1: imports floor 0, the layout and SymPy's LatexPrinter.

How a function of one number is spelled says its file in `elementwise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sympy import Expr, Indexed, Integer, KroneckerDelta, Symbol
from sympy.core.basic import Basic
from sympy.core.function import Function
from sympy.core.relational import Relational
from sympy.printing.latex import LatexPrinter as SympyLatexPrinter

from symderiv.printers import names
from symderiv.printers.faces import Drawn, drawn_as, set_in
from symderiv.printers.looks import is_tall
from symderiv.printers.parting import Parting
from symderiv.terms import Quantity

_GREEK = {
    "eps": r"\varepsilon",
    "epsilon": r"\varepsilon",
    "lambda": r"\lambda",
    "lamda": r"\lambda",
    "lam": r"\lambda",
    "phi": r"\varphi",
}
_SIGNS = {"Sum": r"\sum", "Product": r"\prod", "Maximum": r"\max", "Minimum": r"\min"}
_FUNCTIONS = {
    "Max": r"\max",
    "Min": r"\min",
    "Heaviside": "H",
}
_RELATIONS = {
    "Equality": "=",
    "Unequality": r"\neq",
    "StrictGreaterThan": ">",
    "GreaterThan": r"\geq",
    "StrictLessThan": "<",
    "LessThan": r"\leq",
}


class LatexPrinter(Parting, SympyLatexPrinter):
    """LaTeX in the common subset."""

    NOTATED: ClassVar[int] = 1
    DOTS: ClassVar[str] = r"\cdots"
    DOT: ClassVar[str] = r" \cdot "
    OPEN: ClassVar[str] = r"\biggl( "
    CLOSE: ClassVar[str] = r" \biggr)"
    RELATIONS: ClassVar[dict[str, str]] = _RELATIONS
    TARGET: ClassVar[str] = "latex"
    FUNCTIONS: ClassVar[dict[str, str]] = _FUNCTIONS

    def bracket(self, body: str, *, tall: bool) -> str:
        if self.small:
            return f"({body})"
        return rf"\left( {body} \right)" if tall else rf"\bigl( {body} \bigr)"

    def fraction(self, numerator: str, denominator: str) -> str:
        return rf"\frac{{{numerator}}}{{{denominator}}}"

    def raised(self, base: str, exponent: Expr) -> str:
        spelled = self._small(exponent)
        return f"{base}^{spelled}" if len(spelled) == 1 else f"{base}^{{{spelled}}}"

    def root(self, body: Expr) -> str:
        return rf"\sqrt{{{self._print(body)}}}"

    def exponential(self, argument: Expr) -> str:
        if is_tall(argument) and not self._is_flat(argument):
            return self.call(r"\exp", self._print(argument), tall=self._tall(argument))
        return self.raised("e", argument)

    def _is_flat(self, argument: Expr) -> bool:
        """Does a tall argument still read well as an exponent: z_i/T, -x^2/2?"""
        return len(self._small(argument)) <= 24 and r"\sum" not in self._small(argument)

    def _derived(self, function: str, array: str, indices: Sequence[Expr]) -> str:
        """The inverse of a matrix at indices, or its determinant."""
        whole = self.named(array, ())
        if function != "inv":
            return ("\\det {}" if function == "det" else "\\log \\left| \\det {} \\right|").format(
                whole
            )
        low = self.named("", indices)
        return f"{whole}^{{-1}}{low}"

    def named(self, identifier: str, indices: Sequence[Expr]) -> str:
        if (found := names.derived_from(identifier)) is not None:
            return self._derived(*found, indices)
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

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        sign, below = _SIGNS[head], self._small(letter)
        more = [self._small(c) for c in asked]
        usual = low == 1 and isinstance(high, Symbol)
        if head in ("Maximum", "Minimum") or (usual and not self.ranges):
            below = ", ".join(more) or below
            return f"{sign}_{below}" if len(below) == 1 else f"{sign}_{{{below}}}"
        below = ", ".join([f"{below}={self._small(low)}", *more])
        return f"{sign}_{{{below}}}^{{{self._small(high)}}}"

    def derivative(self, body: str, variables: Sequence[Expr]) -> str:
        order = len(variables)
        top = r"\partial" if order == 1 else rf"\partial^{order}"
        if order > 1 and len(set(variables)) == 1:
            below = rf"\partial {self.raised(self._print(variables[0]), Integer(order))}"
        else:
            below = r" \, ".join(rf"\partial {self._print(v)}" for v in variables)
        return self.fraction(f"{top} {body}".strip(), below)

    def iverson(self, condition: str) -> str:
        return rf"\mathbf{{1}}[{condition}]"

    def absolute(self, body: str, *, tall: bool) -> str:
        return rf"\left| {body} \right|" if tall else rf"\lvert {body} \rvert"

    def word(self, name: str) -> str:
        return name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")

    def call(self, name: str, arguments: str, *, tall: bool) -> str:
        return rf"{name}\left( {arguments} \right)" if tall else f"{name}({arguments})"

    def _print_Pi(self, term: Basic) -> str:
        return r"\pi"

    def _print_NegativeInfinity(self, term: Basic) -> str:
        return r"-\infty"


class RestyledPrinter(LatexPrinter):
    """The same with the macros of symderiv.sty."""

    def named(self, identifier: str, indices: Sequence[Expr]) -> str:
        spelled = super().named(identifier, indices)
        return spelled.replace(r"\mathrm{softmax}", r"\symderivsoftmax")

    def _print_KroneckerDelta(self, term: KroneckerDelta) -> str:
        return rf"\symderivdelta{{{self._joined([], [*term.args])}}}"

    def iverson(self, condition: str) -> str:
        return rf"\symderivindicator{{{condition}}}"

    def exponential(self, argument: Expr) -> str:
        spelled = super().exponential(argument)
        return r"\symderive" + spelled[1:] if spelled.startswith("e^") else spelled

    def derivative(self, body: str, variables: Sequence[Expr]) -> str:
        return super().derivative(body, variables).replace(r"\partial", r"\symderivpartial")

    def function_name(self, term: Function) -> str:
        name = type(term).__name__
        own = ("sigmoid", "softplus", "relu", "softmax")
        return rf"\symderiv{name}" if name in own else super().function_name(term)


def latex(term: Basic, *, drawn: Drawn | None = None) -> str:
    """A term in LaTeX, for display; `drawn` are the faces of names."""
    return LatexPrinter(drawn=drawn).spelled(term)
