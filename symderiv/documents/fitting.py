r"""Fitting: the lines of a chain made to fit a column, as an author would.

Gives `fitted`.  What does not fit as it stands is first written with \sum_k for \sum_{k=1}^{K},
then with fewer terms of written-out sums, then broken at a sign of the outermost sum or product,
then set small, and at last broken at the signs of sums within that one or over a denominator.

Floor 4: imports the printers and the measure.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr

from symderiv.documents.measure import measure
from symderiv.printers.latex import LatexPrinter
from symderiv.printers.parting import Parting
from symderiv.records import dataclass

EQUALS = 18.0  # points that the sign of equality takes
INDENT = 12.0  # points that the pieces after the first stand further right
# What smaller type makes of a width, and its name in LaTeX.
SIZES = {1.0: "", 0.86: "\\footnotesize", 0.83: "\\scriptsize"}
BESIDE_RULES = (1.0, 0.86)  # with rules at the right; without, the smallest serves too


@dataclass(frozen=True)
class Fitted:
    """The pieces of the start and of each line, and whether the start has rows of its own."""

    start: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    start_alone: bool = False
    scale: float = 1.0
    fits: bool = True


@dataclass(frozen=True)
class Way:
    """A way of writing: a printer that is measured (LaTeX), and the one of the target."""

    measured: LatexPrinter
    drawn: Parting

    def narrower(self) -> tuple[Way, Way, Way]:
        """This one and the two that take less room."""
        short = Way(self.measured.with_short_sums(), self.drawn.with_short_sums())
        return self, short, Way(self.measured.with_few_terms(), self.drawn.with_few_terms())

    def width(self, term: Expr) -> float:
        """Points that a term takes."""
        return measure(self.measured.spelled(term))

    def broken(self, term: Expr, room: float, *, apart: bool = False) -> list[tuple[str, float]]:
        """A line in pieces with their widths, each a few terms of a sum or factors."""
        width = self.width(term)
        if width <= room:
            return [(self.drawn.spelled(term), width)]
        pieces: list[tuple[str, float]] = []
        together = ""
        both = (printer.pieces(term, apart=apart) for printer in (self.measured, self.drawn))
        for seen, drawn in zip(*both, strict=True):
            joined = f"{together} {seen}" if together else seen
            if together and measure(joined) > room - (INDENT if len(pieces) > 1 else 0):
                pieces.append((drawn, measure(seen)))
                together = seen
            else:
                start = f"{pieces.pop()[0]} " if together else ""
                pieces.append((start + drawn, measure(joined)))
                together = joined
        return pieces


def fitted(
    start: Expr, terms: Sequence[Expr], room: float, way: Way, beside: float = 0.0
) -> Fitted:
    """The chain in the first way of writing that fits, or in the narrowest.

    `beside` is what stands at the right of every line, and shrinks with it.
    """
    left = way.width(start)
    for scale in SIZES if not beside else BESIDE_RULES:
        inner = room / scale - beside - EQUALS
        for w in way.narrower():
            widest = max(map(w.width, terms), default=0.0)
            if widest <= inner and left <= inner + EQUALS:
                lines = tuple((w.drawn.spelled(t),) for t in terms)
                return Fitted((way.drawn.spelled(start),), lines, widest + left > inner, scale)
        for w in way.narrower():
            broken = [w.broken(t, inner) for t in (start, *terms)]
            head, *pieces = (tuple(piece for piece, _ in line) for line in broken)
            if all(width <= inner for line in broken for _, width in line):
                return Fitted(head, tuple(pieces), True, scale)
    if beside:
        return Fitted(head, tuple(pieces), True, scale, fits=False)
    w = Way(way.measured.with_fewest_terms(), way.drawn.with_fewest_terms())
    if all(w.width(t) <= inner for t in terms):
        return Fitted(head, tuple((w.drawn.spelled(t),) for t in terms), True, scale)
    for w in way.narrower():
        broken = [w.broken(t, inner, apart=True) for t in (start, *terms)]
        head, *pieces = (tuple(piece for piece, _ in line) for line in broken)
        if all(width <= inner for line in broken for _, width in line):
            return Fitted(head, tuple(pieces), True, scale)
    return Fitted(head, tuple(pieces), True, scale, fits=False)
