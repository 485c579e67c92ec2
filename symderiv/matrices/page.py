"""Pages: an expression of whole arrays as one line of Unicode, and as LaTeX.

Gives `text_of` and `latex_of`.  Vectors are columns: an inner product is aᵀ b, an outer one a bᵀ.

Imports expression, and the printers for names.  To add a function: a row in `_WORDS`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Symbol

from symderiv.matrices import expression as e
from symderiv.matrices.expression import Whole
from symderiv.printers.latex import latex
from symderiv.printers.text import text

_SUM, _PRODUCT, _MATMUL, _POWER, _ATOM = range(5)
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_WORDS = {
    "exp": r"\exp", "log": r"\log", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan",
    "tanh": r"\tanh", "sinh": r"\sinh", "cosh": r"\cosh", "max": r"\max", "min": r"\min",
    "det": r"\det", "sigmoid": r"\sigma", "relu": r"\operatorname{ReLU}", "maximum": r"\max",
    "minimum": r"\min", "trace": r"\operatorname{tr}", "diagonal": r"\operatorname{diag}",
    "logdet": r"\operatorname{logdet}",
}  # fmt: skip
_SPOKEN = {"sigmoid": "σ", "trace": "tr", "maximum": "max", "minimum": "min", "diagonal": "diag"}
_RELATIONS = {"==": "=", "!=": r"\neq", ">=": r"\ge", "<=": r"\le", ">": ">", "<": "<"}
_IN_TEXT = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def text_of(whole: Whole) -> str:
    """The expression on one line."""
    return _Speller(tex=False).written(whole)[0]


def latex_of(whole: Whole) -> str:
    """The expression in LaTeX, for amsmath."""
    return _Speller(tex=True).written(whole)[0]


@dataclass(frozen=True)
class _Speller:
    tex: bool

    def within(self, whole: Whole, loosest: int) -> str:
        spelled, level = self.written(whole)
        return spelled if level >= loosest else self.bracket(spelled)

    def bracket(self, inner: str) -> str:
        return rf"\left( {inner} \right)" if self.tex else f"({inner})"

    def sign(self, unicode: str, command: str) -> str:
        return f"{command} " if self.tex else unicode

    def raised(self, base: str, exponent: str) -> str:
        if self.tex:
            return f"{base}^{{{exponent}}}"
        plain = all(c in "0123456789-" for c in exponent)
        return base + exponent.translate(_RAISED) if plain else f"{base}^{exponent}"

    def transposed(self, whole: Whole) -> str:
        return self.within(whole, _ATOM) + (r"^{\top}" if self.tex else "ᵀ")

    def function(self, word: str) -> str:
        if self.tex:
            return _WORDS.get(word, rf"\operatorname{{{word}}}")
        return _SPOKEN.get(word, word)

    def written(self, w: Whole) -> tuple[str, int]:
        p = w.parts
        match w.head:
            case "name" | "size":
                return self._name(w.word), _ATOM
            case "number":
                return w.word, _ATOM
            case "ones":
                return (r"\mathbf{1}" if self.tex else "1"), _ATOM
            case "eye":
                return "I", _ATOM
            case "neg":
                inner = self.within(p[0], _PRODUCT)
                return (f"-{inner}" if self.tex else f"−{inner}"), _SUM
            case "add":
                return self._sum(p), _SUM
            case "times":
                return self._product(p), _PRODUCT
            case "over":
                return self._quotient(p[0], p[1])
            case "power":
                return self._power(w)
            case "where":
                left, right = (self.within(a, _SUM) for a in p)
                if self.tex:
                    inner = f"{left} {_RELATIONS[w.word]} {right}"
                    return rf"\mathbb{{1}}\left[ {inner} \right]", _ATOM
                return f"1[{left} {_IN_TEXT[w.word]} {right}]", _ATOM
            case "transpose":
                return self.transposed(p[0]), _POWER
            case "dot":
                return self._joined([self.transposed(p[0]), self.within(p[1], _MATMUL)]), _MATMUL
            case "outer":
                return self._joined([self.within(p[0], _POWER), self.transposed(p[1])]), _MATMUL
            case "matmul":
                return self._joined([self.within(a, _POWER) for a in p]), _MATMUL
        return self._call(w)

    def _name(self, word: str) -> str:
        symbol = Symbol(word)
        return latex(symbol) if self.tex else text(symbol)

    def _joined(self, parts: list[str]) -> str:
        return " ".join(parts)

    def _sum(self, terms: tuple[Whole, ...]) -> str:
        out = self.within(terms[0], _SUM if terms[0].head == "neg" else _PRODUCT)
        for term in terms[1:]:
            minus = term.head == "neg"
            shown = self.within(term.parts[0] if minus else term, _PRODUCT)
            out += (" - " if self.tex else " − ") + shown if minus else f" + {shown}"
        return out

    def _product(self, factors: tuple[Whole, ...]) -> str:
        numbers = [f for f in factors if f.rank == 0]
        arrays = [f for f in factors if f.rank]
        shown = [self.within(f, _POWER) for f in numbers[:-1]]
        shown += [self.within(f, _POWER if arrays or shown else _MATMUL) for f in numbers[-1:]]
        each = [self.within(f, _MATMUL) for f in arrays]
        return self._joined([*shown, self.sign(" ⊙ ", r" \odot").join(each)] if each else shown)

    def _quotient(self, a: Whole, b: Whole) -> tuple[str, int]:
        if b.rank:
            above, below = self.within(a, _POWER), self.within(b, _POWER)
            if a.rank == 0:
                ones = r"\mathbf{1}" if self.tex else "1"
                above = ones if a == e.ONE and b.rank == 1 else above
            return above + self.sign(" ⊘ ", r" \oslash") + below, _PRODUCT
        if self.tex:
            if a.rank:
                one = rf"\frac{{1}}{{{self.written(b)[0]}}}"
                return f"{one} {self.within(a, _MATMUL)}", _PRODUCT
            return rf"\frac{{{self.written(a)[0]}}}{{{self.written(b)[0]}}}", _POWER
        return f"{self.within(a, _PRODUCT)} / {self.within(b, _POWER)}", _PRODUCT

    def _power(self, w: Whole) -> tuple[str, int]:
        base, exponent = w.parts
        if base.rank == 2:
            sign = r"\odot " if self.tex else "⊙"
            shown = self.written(exponent)[0]
            spelled = f"{{{sign}{shown}}}" if self.tex else f"({sign}{shown})"
            return f"{self.within(base, _ATOM)}^{spelled}", _POWER
        return self.raised(self.within(base, _ATOM), self.within(exponent, _ATOM)), _POWER

    def _call(self, w: Whole) -> tuple[str, int]:
        p = w.parts
        inner = ", ".join(self.written(a)[0] for a in p)
        match w.word:
            case "inv":
                return self.raised(self.within(p[0], _ATOM), "-1"), _POWER
            case "sum" if p[0].rank == 1:
                ones = r"\mathbf{1}^{\top}" if self.tex else "1ᵀ"
                return self._joined([ones, self.within(p[0], _MATMUL)]), _MATMUL
            case "norm":
                return (rf"\left\| {inner} \right\|" if self.tex else f"‖{inner}‖"), _ATOM
            case "abs":
                return (rf"\left| {inner} \right|" if self.tex else f"|{inner}|"), _ATOM
            case "sqrt" if self.tex:
                return rf"\sqrt{{{inner}}}", _ATOM
            case "logdet" if not self.tex:
                return f"log det {self.within(p[0], _ATOM)}", _MATMUL
        return f"{self.function(w.word)}{self.bracket(inner) if self.tex else f'({inner})'}", _ATOM
