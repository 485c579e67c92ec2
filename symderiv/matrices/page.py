"""Pages: an expression of whole arrays as one line, for every target.

Gives `spelled` and `pieces`, `named`, an array's name, and `SIGNS`, the spellings by target:
"text", "latex", "typst", "ascii", "mathml" and "restyled", LaTeX with the macros of symderiv.sty.
Vectors are columns: an inner product is aᵀ b, an outer one a bᵀ.  What LaTeX needs is amsmath.

Imports expression, the printers for names, and of the functions of one number how each is written.
To add a target: a row in `SIGNS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from itertools import pairwise

from sympy import Symbol

from symderiv.elementwise import FUNCTIONS
from symderiv.matrices import expression as e
from symderiv.matrices.expression import Whole
from symderiv.printers.faces import Drawn
from symderiv.printers.latex import RESTYLED, LatexPrinter, latex
from symderiv.printers.mathml import BOLD_ONE, MathmlPrinter
from symderiv.printers.text import text
from symderiv.printers.typst import TypstPrinter, typst
from symderiv.records import dataclass

_SUM, _PRODUCT, _MATMUL, _POWER, _ATOM = range(5)
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


DEEPEST = 6  # brackets within brackets between which a line may be broken


@dataclass(frozen=True)
class Signs:
    """What one target writes."""

    name: Callable[[Symbol], str]
    minus: str
    top: str
    inverse_top: str
    one: str
    by_elements: str
    divided: str
    power: str
    bracket: str
    norm: str
    absolute: str
    fraction: str
    indicator: str
    word: str
    words: dict[str, str]
    relations: dict[str, str]
    plus: str = "+"
    negative: str = ""  # the minus before the first term, where it is not `minus`
    comma: str = ", "
    number: Callable[[str], str] = str
    dot: str = " · "  # between a number and an indicator, which begins with a 1


_PLAIN = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}
_SPOKEN = {"trace": "tr", "maximum": "max", "minimum": "min", "diagonal": "diag"}
_LARGEST = {"max": "max", "min": "min", "maximum": "max", "minimum": "min", "det": "det"}


def _own(target: str) -> dict[str, str]:
    """The functions of one number that a target has signs or commands for."""
    return {n: f.spellings[target] for n, f in FUNCTIONS.items() if target in f.spellings}


_COMMANDS = _own("latex") | {name: f"\\{said}" for name, said in _LARGEST.items()}
_PRINTER = MathmlPrinter()
_RAISED_IN_MATHML = "<msup><mrow>{}</mrow><mrow>{}</mrow></msup>"
SIGNS = {
    "text": Signs(
        text, "−", "{}ᵀ", "-ᵀ", "1", " ⊙ ", " ⊘ ", "{}^{}", "({})", "‖{}‖", "|{}|", "",
        "1[{} {} {}]", "{}", _SPOKEN | _own("text"), _PLAIN,
    ),
    "latex": Signs(
        latex, "-", r"{}^{{\top}}", r"-\top", r"\mathbf{1}", r" \odot ", r" \oslash ", "{}^{{{}}}",
        r"\left( {} \right)", r"\left\| {} \right\|", r"\left| {} \right|", r"\frac{{{}}}{{{}}}",
        r"\mathbf{{1}}\left[ {} {} {} \right]", r"\mathrm{{{}}}", _COMMANDS,
        {"==": "=", "!=": r"\neq", ">=": r"\ge", "<=": r"\le", ">": ">", "<": "<"},
        dot=LatexPrinter.DOT,
    ),
    "typst": Signs(
        typst, "-", "{}^top", "-top", "bold(1)", " ⊙ ", " ⊘ ", "{}^({})", "({})", "norm({})",
        "abs({})",
        "({})/({})", "bold(1)[{} {} {}]", '"{}"',
        _own("typst") | _LARGEST,
        {"==": "=", "!=": "!=", ">=": ">=", "<=": "<=", ">": ">", "<": "<"},
        dot=TypstPrinter.DOT,
    ),
    "ascii": Signs(
        partial(text, ascii=True), "-", "{}^T", "-T", "1", " .* ", " ./ ", "{}^{}", "({})",
        "||{}||", "|{}|", "", "1[{} {} {}]", "{}", _SPOKEN, {sign: sign for sign in _PLAIN},
        dot=" * ",
    ),
    "mathml": Signs(
        _PRINTER.spelled, _PRINTER.MINUS, _RAISED_IN_MATHML.format("{}", "<mo>⊤</mo>"),
        "<mo>−</mo><mo>⊤</mo>", BOLD_ONE, "<mo>⊙</mo>", "<mo>⊘</mo>", _RAISED_IN_MATHML,
        "<mrow><mo>(</mo>{}<mo>)</mo></mrow>",
        '<mrow><mo form="prefix">‖</mo>{}<mo form="postfix">‖</mo></mrow>',
        '<mrow><mo form="prefix">|</mo>{}<mo form="postfix">|</mo></mrow>',
        "<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>",
        f"{BOLD_ONE}<mrow><mo>[</mo>{{}} {{}} {{}}<mo>]</mo></mrow>", "<mi>{}</mi>",
        {name: f"<mi>{said}</mi>" for name, said in (_SPOKEN | _own("text")).items()},
        {sign: f"<mo>{escape(said)}</mo>" for sign, said in _PLAIN.items()},
        _PRINTER.PLUS, _PRINTER.NEGATIVE, _PRINTER.COMMA,
        lambda n: f"<mn>{n.replace('-', '−')}</mn>", _PRINTER.DOT,
    ),
}  # fmt: skip
SIGNS["restyled"] = replace(
    SIGNS["latex"],
    indicator=r"\symderivindicator{{ {} {} {} }}",
    words=_COMMANDS | {name: rf"\symderiv{name}" for name in RESTYLED},
)
_DRAWING: dict[str, Callable[..., str]] = {
    "latex": latex, "restyled": latex, "typst": typst,
    "mathml": lambda symbol, drawn: _PRINTER.with_names(drawn).spelled(symbol),
}  # fmt: skip
_RENAMED = _SPOKEN | {"relu": "ReLU"} | {n: f.printed for n, f in FUNCTIONS.items() if f.printed}


def spelled(whole: Whole, target: str, drawn: Drawn | None = None) -> str:
    """The expression on one line of a target; beside a number σ the sigmoid has its own name.

    Parameters
    ----------
    drawn : the faces of names
    """
    return _speller(whole, target, drawn).written(whole)[0]


def pieces(whole: Whole, target: str, drawn: Drawn | None = None) -> list[list[str]]:
    """The same in LaTeX in parts between which a line may be broken, in more and more of them.

    First the terms of a sum with their signs, then also the factors of ⊙ and the terms of the sum
    in the last brackets, and so on inwards.
    """
    found: list[list[str]] = []
    for depth in range(DEEPEST):
        parts = _speller(whole, target, drawn).parted(whole, depth)
        if parts not in found:
            found.append(parts)
    return found


def _speller(whole: Whole, target: str, drawn: Drawn | None) -> _Speller:
    signs = replace(SIGNS[target], name=partial(named, target=target, drawn=drawn))
    if "sigma" in e.names(whole):
        signs = replace(signs, words={k: w for k, w in signs.words.items() if k != "sigmoid"})
    return _Speller(signs, target)


def named(symbol: Symbol, target: str, drawn: Drawn | None = None) -> str:
    """The name of an array or a number in a target, in its face."""
    if drawn and target in _DRAWING:
        return _DRAWING[target](symbol, drawn=drawn)
    return SIGNS[target].name(symbol)


@dataclass(frozen=True)
class _Speller:
    signs: Signs
    target: str

    def within(self, whole: Whole, loosest: int) -> str:
        spelled, level = self.written(whole)
        return spelled if level >= loosest else self.signs.bracket.format(spelled)

    def raised(self, base: str, exponent: str) -> str:
        if self.target == "text" and all(c in "0123456789-ᵀ" for c in exponent):
            return base + exponent.translate(_RAISED)
        return self.signs.power.format(base, exponent)

    def transposed(self, whole: Whole) -> str:
        if whole.head == "matmul":  # (A b)ᵀ is bᵀ Aᵀ
            matrices = [self.within(e.transpose(m), _POWER) for m in reversed(whole.parts[:-1])]
            return " ".join([self.transposed(whole.parts[-1]), *matrices])
        if whole.head == "whole" and whole.word == "inv":
            return self.raised(self.within(whole.parts[0], _ATOM), self.signs.inverse_top)
        return self.signs.top.format(self.within(whole, _ATOM))

    def function(self, word: str) -> str:
        if word in self.signs.words:
            return self.signs.words[word]
        return self.signs.word.format(_RENAMED.get(word, word))

    def written(self, w: Whole) -> tuple[str, int]:
        p, signs = w.parts, self.signs
        match w.head:
            case "name" | "size":
                return signs.name(Symbol(w.word)), _ATOM
            case "number":
                return signs.number(w.word), _ATOM
            case "ones":
                return signs.one, _ATOM
            case "eye":
                return signs.name(Symbol("I")), _ATOM
            case "neg":
                return (signs.negative or signs.minus) + self.within(p[0], _PRODUCT), _SUM
            case "add":
                return " ".join(self.terms(p)), _SUM
            case "times":
                return self._product(p), _PRODUCT
            case "over":
                return self._quotient(p[0], p[1])
            case "power":
                return self._power(*p)
            case "where":
                left, right = (self.within(a, _SUM) for a in p)
                return signs.indicator.format(left, signs.relations[w.word], right), _ATOM
            case "transpose":
                return self.transposed(p[0]), _POWER
            case "dot":
                return f"{self.transposed(p[0])} {self.within(p[1], _MATMUL)}", _MATMUL
            case "outer":
                return f"{self.within(p[0], _MATMUL)} {self.transposed(p[1])}", _MATMUL
            case "matmul":
                return " ".join(self.within(a, _POWER) for a in p), _MATMUL
        return self._call(w)

    def terms(self, terms: Sequence[Whole]) -> list[str]:
        """The terms of a sum with their signs."""
        out = [self.within(terms[0], _SUM if terms[0].head == "neg" else _PRODUCT)]
        for term in terms[1:]:
            minus = term.head == "neg"
            shown = self.within(term.parts[0] if minus else term, _PRODUCT)
            out.append(f"{self.signs.minus if minus else self.signs.plus} {shown}")
        return out

    def parted(self, w: Whole, depth: int) -> list[str]:
        """Parts between which a line may be broken, so many brackets deep."""
        if w.head != "add":
            return self._ended(self.written(w)[0], w, depth)
        terms = zip(self.terms(w.parts), w.parts, strict=True)
        return [part for said, term in terms for part in self._ended(said, term, depth)]

    def _ended(self, said: str, w: Whole, depth: int) -> list[str]:
        """What ends with an expression as it is written, with or without brackets, in parts."""
        plain, sign = self.written(w)[0], self.signs.by_elements
        if said.endswith(bracketed := self.signs.bracket.format(plain)):
            first, *rest = self.parted(w, depth - 1) if depth else [plain]
            opened = [said.removesuffix(bracketed) + LatexPrinter.OPEN + first, *rest]
            return [*opened[:-1], opened[-1] + LatexPrinter.CLOSE] if rest else [said]
        arrays = [f for f in w.parts if f.rank] if w.head == "times" and depth else []
        if len(arrays) > 1:
            first, *rest = (self.within(f, _MATMUL) for f in arrays)
            before = said.removesuffix(sign.join((first, *rest))) + first
            *whole, end = before, *(sign.lstrip() + f for f in rest)
            return [*whole, *self._ended(end, arrays[-1], depth)]
        for part in reversed(w.parts):
            shown = self.written(part)[0]
            if said.endswith((shown, self.signs.bracket.format(shown))):
                return self._ended(said, part, depth)
        return [said]

    def _product(self, factors: Sequence[Whole]) -> str:
        numbers = [f for f in factors if f.rank == 0]
        arrays = [f for f in factors if f.rank]
        shown = [self.within(f, _POWER) for f in numbers[:-1]]
        shown += [self.within(f, _POWER if arrays or shown else _MATMUL) for f in numbers[-1:]]
        for n, (before, after) in enumerate(pairwise(numbers), 1):
            if before.head == "number" and after.head == "where":
                shown[n - 1 : n + 1] = ["", shown[n - 1] + self.signs.dot + shown[n]]
        each = [self.within(f, _MATMUL) for f in arrays]
        shown += [self.signs.by_elements.join(each)] if each else []
        return " ".join(filter(None, shown))

    def _quotient(self, a: Whole, b: Whole) -> tuple[str, int]:
        signs = self.signs
        if b.rank:
            vector = a == e.ONE and b.rank == 1
            above = signs.one if vector else self.within(a, _POWER)
            return above + signs.divided + self.within(b, _POWER), _PRODUCT
        if not signs.fraction:
            return f"{self.within(a, _PRODUCT)} / {self.within(b, _POWER)}", _PRODUCT
        below = self.written(b)[0]
        if a.rank:  # its numbers go above the line, the arrays behind it
            factors = a.parts if a.head == "times" else (a,)
            numbers = [f for f in factors if not f.rank]
            over = self._product(numbers) if numbers else signs.number("1")
            behind = self._product([f for f in factors if f.rank])
            return f"{signs.fraction.format(over, below)} {behind}", _PRODUCT
        return signs.fraction.format(self.written(a)[0], below), _POWER

    def _power(self, base: Whole, exponent: Whole) -> tuple[str, int]:
        if base.rank == 2:  # by components: the plain power of a matrix is its product with itself
            shown = self.signs.by_elements.lstrip() + self.written(exponent)[0]
            return self.signs.power.format(self.within(base, _ATOM), shown), _POWER
        return self.raised(self.within(base, _ATOM), self.within(exponent, _ATOM)), _POWER

    def _call(self, w: Whole) -> tuple[str, int]:
        p, signs = w.parts, self.signs
        inner = signs.comma.join(self.written(a)[0] for a in p)
        match w.word:
            case "inv":
                return self.raised(self.within(p[0], _ATOM), signs.number("-1")), _POWER
            case "sum" if p[0].rank == 1:
                return f"{signs.top.format(signs.one)} {self.within(p[0], _MATMUL)}", _MATMUL
            case "diag" if p[0].head == "whole" and p[0].word == "diagonal":  # M ⊙ I
                matrix = self.within(p[0].parts[0], _MATMUL)
                return matrix + signs.by_elements + signs.name(Symbol("I")), _PRODUCT
            case "norm":
                return signs.norm.format(inner), _ATOM
            case "abs":
                return signs.absolute.format(inner), _ATOM
            case "sqrt" if self.target in ("latex", "restyled"):
                return rf"\sqrt{{{inner}}}", _ATOM
            case "sqrt" if self.target == "typst":
                return f"sqrt({inner})", _ATOM
            case "sqrt" if self.target == "mathml":
                return f"<msqrt>{inner}</msqrt>", _ATOM
        return self.function(w.word) + signs.bracket.format(inner), _ATOM
