"""Laws: equations as a textbook writes them, with primes for derivatives by x.

Gives `law`, which spells one law or several in a target.

Floor 1: imports floor 0, the layout and the printers of the targets.

To add a target: its printer, which says `AND`, `FOR` and `primed`, in `PRINTERS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

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
    """u' for the derivative of u; mixed into the printer of a target."""

    def _print_Partial(self, term: Partial) -> str:
        body, variables = derivative_chain(term)
        closed = is_plain(body) or isinstance(body, sympy.Max | sympy.Min) or self._is_closed(body)
        return self.primed(self._print(body) if closed else self.enclosed(body), len(variables))

    def _tall(self, term: Basic) -> bool:
        return super()._tall(term) and is_tall(bottom_up(term, _without_its_derivative))

    def _is_prefix(self, term: Basic) -> bool:
        return not isinstance(term, Partial) and super()._is_prefix(term)


def _without_its_derivative(term: Basic) -> Basic:
    return term.args[0] if isinstance(term, Partial) else term


PRINTERS: dict[str, type[Layout]] = {
    "text": TextPrinter,
    "ascii": AsciiPrinter,
    "latex": LatexPrinter,
    "typst": TypstPrinter,
    "mathml": MathmlPrinter,
    "speech": SpeechPrinter,
}
# of laws about derivatives by x
_PRIMED = {name: type("Primed", (Primed, own), {}) for name, own in PRINTERS.items()}


def law(equations: Sequence[Equation], target: str) -> str:
    """One law or several, on one line of a target: "text", "ascii", "latex", "typst", "mathml"."""
    return PRINTERS[target].AND.join(_spelled(equation, target) for equation in equations)


@remembered
def _spelled(equation: Equation, target: str) -> str:
    """One law, which a page shows wherever it is used."""
    by_x, sizes = _looks(equation)
    printer = (_PRIMED if by_x else PRINTERS)[target](longest=None, ranges=sizes)
    before, after = printer.spelled(equation.before), printer.spelled(equation.after)
    said = f"{before} {printer.RELATIONS['Equality']} {after}"
    conditions = printer.COMMA.join(printer.spelled(condition) for condition in equation.given)
    return f"{said}{printer.FOR}{conditions}" if conditions else said


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
