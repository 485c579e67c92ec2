"""Laws: equations as a textbook writes them, with primes for derivatives by x.

Gives `law`, which spells one law or several in a target.

Floor 1: imports floor 0, the layout and the printers of the targets.

To add a target: one class with its printer, and its row in `PRINTERS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Protocol

import sympy
from sympy import Expr, Symbol, Tuple
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.printers.latex import LatexPrinter
from symderiv.printers.layout import Layout
from symderiv.printers.looks import derivative_chain, is_plain, is_tall
from symderiv.printers.mathml import MathmlPrinter
from symderiv.printers.speech import SpeechPrinter
from symderiv.printers.text import AsciiPrinter, TextPrinter
from symderiv.printers.typst import TypstPrinter
from symderiv.terms import Partial, bottom_up, subterms
from symderiv.terms.remembering import remembered

X = Symbol("x")


class Equation(Protocol):
    """`before = after`, where what is given holds."""

    @property
    def before(self) -> Expr: ...

    @property
    def after(self) -> Expr: ...

    @property
    def given(self) -> tuple[Relational, ...]: ...


class Primed(Layout):
    """u' for the derivative of u."""

    AND: ClassVar[str] = ",  "
    FOR: ClassVar[str] = " for "

    def _print_Partial(self, term: Partial) -> str:
        body, variables = derivative_chain(term)
        closed = is_plain(body) or isinstance(body, sympy.Max | sympy.Min) or self._is_closed(body)
        return self.prime(self._print(body) if closed else self.enclosed(body), len(variables))

    def prime(self, body: str, count: int) -> str:
        """The derivative of what is spelled."""
        return body + "'" * count

    def _tall(self, term: Basic) -> bool:
        return super()._tall(term) and is_tall(bottom_up(term, _without_its_derivative))

    def _is_prefix(self, term: Basic) -> bool:
        return not isinstance(term, Partial) and super()._is_prefix(term)


def _without_its_derivative(term: Basic) -> Basic:
    return term.args[0] if isinstance(term, Partial) else term


class PrimedText(Primed, TextPrinter):
    """Unicode."""


class PrimedAscii(Primed, AsciiPrinter):
    """ASCII."""


class PrimedLatex(Primed, LatexPrinter):
    """LaTeX."""

    AND: ClassVar[str] = r",\quad "
    FOR: ClassVar[str] = r" \text{ for } "


class PrimedTypst(Primed, TypstPrinter):
    """Typst."""

    AND: ClassVar[str] = ", quad "
    FOR: ClassVar[str] = ' quad "for" '


class PrimedMathml(Primed, MathmlPrinter):
    """MathML."""

    AND: ClassVar[str] = '<mo>,</mo><mspace width="1em"></mspace>'
    FOR: ClassVar[str] = "<mtext>\u2003for </mtext>"

    def prime(self, body: str, count: int) -> str:
        return f"<msup><mrow>{body}</mrow><mo>{'′' * count}</mo></msup>"


class PrimedSpeech(Primed, SpeechPrinter):
    """Words."""

    AND: ClassVar[str] = ", and "

    def prime(self, body: str, count: int) -> str:
        return "the derivative of " * count + body


# for laws about derivatives by x, and for the others
PRINTERS: dict[str, tuple[type[Primed], type[Layout]]] = {
    "text": (PrimedText, TextPrinter),
    "ascii": (PrimedAscii, AsciiPrinter),
    "latex": (PrimedLatex, LatexPrinter),
    "typst": (PrimedTypst, TypstPrinter),
    "mathml": (PrimedMathml, MathmlPrinter),
    "speech": (PrimedSpeech, SpeechPrinter),
}


def law(equations: Sequence[Equation], target: str) -> str:
    """One law or several, on one line of a target: "text", "ascii", "latex", "typst", "mathml"."""
    return PRINTERS[target][0].AND.join(_spelled(equation, target) for equation in equations)


@remembered
def _spelled(equation: Equation, target: str) -> str:
    """One law, which a page shows wherever it is used."""
    primed, plain = PRINTERS[target]
    by_x, sizes = _looks(equation)
    printer = (primed if by_x else plain)(longest=None, ranges=sizes)
    before, after = printer.spelled(equation.before), printer.spelled(equation.after)
    said = f"{before} {printer.RELATIONS['Equality']} {after}"
    conditions = printer.COMMA.join(printer.spelled(condition) for condition in equation.given)
    return f"{said}{primed.FOR}{conditions}" if conditions else said


@remembered
def _looks(equation: Equation) -> tuple[bool, bool]:
    """Are all derivatives in it by x, and is there a size in it beside the ends of ranges?"""
    sides = (equation.before, equation.after)
    terms = (t for side in sides for t in subterms(side))
    variables = {t.args[1].args[0] for t in terms if isinstance(t, Partial)}
    return variables <= {X}, any(s.is_positive for side in sides for s in _symbols(side))


def _symbols(term: Basic) -> Iterator[Symbol]:
    """The symbols in a term, the ends of ranges left out."""
    if isinstance(term, Symbol):
        yield term
    for arg in term.args:
        if not isinstance(arg, Tuple):
            yield from _symbols(arg)
