r"""Fitting: the lines of a chain made to fit a column, as an author would.

Gives `fitted`.  What does not fit as it stands is first written with \sum_k for \sum_{k=1}^{K},
then with fewer terms of written-out sums, then broken at a sign of the outermost sum or product,
and at last set small.

Floor 4: imports the LaTeX printer and the measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from symderiv.documents.measure import measure
from symderiv.printers.latex import LatexPrinter
from symderiv.terms import Plus, Times

EQUALS = 16.0  # points that the sign of equality takes
INDENT = 12.0  # points that the pieces after the first stand further right
SMALL = 0.86  # what \footnotesize makes of a width


@dataclass(frozen=True)
class Fitted:
    """The spelled start, the pieces of each line, whether the start has a row of its own."""

    start: str
    lines: tuple[tuple[str, ...], ...]
    start_alone: bool = False
    small: bool = False
    fits: bool = True


def fitted(start: Expr, terms: Sequence[Expr], room: float, printer: LatexPrinter) -> Fitted:
    """The chain in the first way of writing that fits, or in the narrowest."""
    ways = (printer, printer.with_short_sums(), printer.with_few_terms())
    left = printer.spelled(start)
    for scale in (1.0, SMALL):
        inner = room / scale - EQUALS
        for way in ways:
            spelled = [way.spelled(t) for t in terms]
            widest = max(map(measure, spelled), default=0.0)
            if widest <= inner:
                alone = widest + measure(left) > inner
                lines = tuple((s,) for s in spelled)
                return Fitted(left, lines, alone, scale < 1)
        for way in ways:
            broken = tuple(tuple(_broken(t, inner, way)) for t in terms)
            if all(measure(piece) <= inner for pieces in broken for piece in pieces):
                return Fitted(left, broken, True, scale < 1)
    return Fitted(left, broken, True, True, fits=False)


def _broken(term: Expr, room: float, printer: LatexPrinter) -> list[str]:
    """A line in pieces, each a few terms of a sum or factors of a product."""
    spelled = printer.spelled(term)
    if measure(spelled) <= room or not isinstance(term, Plus | Times):
        return [spelled]
    pieces: list[str] = []
    for part in printer.pieces(term):
        joined = f"{pieces[-1]} {part}" if pieces else part
        if pieces and measure(joined) > room - (INDENT if len(pieces) > 1 else 0):
            pieces.append(part)
        elif pieces:
            pieces[-1] = joined
        else:
            pieces.append(part)
    return pieces
