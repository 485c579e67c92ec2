r"""TeX: a drawing in LaTeX's own picture environment, for every engine and without a package of it.

Gives `tex`.  Only `color` is asked for, which every LaTeX has.  A curve is drawn by `\qbezier`, in
straight parts of which none is further from it than can be seen; where a paper loads `pict2e`, it
is drawn without dots.

Imports the drawing, the escaping of words and the printer of LaTeX.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from symderiv.documents.escape import latex_words
from symderiv.documents.measure import measure
from symderiv.documents.pictures.drawing import (
    Cell,
    Curve,
    Drawing,
    Mark,
    Point,
    Segment,
    Words,
    clipped,
    dashed,
)
from symderiv.documents.pictures.svg import at
from symderiv.printers.latex import LatexPrinter

UNIT = 0.72  # points of a point of the drawing, where there is room
LONGEST, SMALL = 170.0, 0.8  # points of the drawing for a formula, and its size in words
SEEN = 0.25  # points that a curve may be off
SIZES = ((0.7, r"\footnotesize"), (0.5, r"\scriptsize"), (0.0, r"\tiny"))  # of words, by the unit
PLACES = {"start": "l", "middle": "c", "end": "r"}
GREY = {False: "0.3", True: "0.85"}


def tex(drawing: Drawing, room: float, printer: LatexPrinter) -> str:
    """The whole picture, in a column of so many points."""
    unit = min(UNIT, room / drawing.width)
    size = next(command for least, command in SIZES if unit >= least)
    spelled = [_mark(mark, drawing, unit, printer) for mark in drawing.marks]
    return "\n".join(
        [
            r"\begin{center}",
            rf"{size}\setlength{{\unitlength}}{{{unit:.4g}pt}}",
            rf"\begin{{picture}}({at(drawing.width)},{at(drawing.height)})",
            *(line for lines in spelled for line in lines),
            r"\end{picture}",
            r"\end{center}",
        ]
    )


def _mark(mark: Mark, drawing: Drawing, unit: float, printer: LatexPrinter) -> list[str]:
    def up(y: float) -> float:
        return drawing.height - y

    match mark:
        case Segment((x, y), (a, b), faint):
            way = f"(1,0){{{at(a - x)}}}" if y == b else f"(0,-1){{{at(b - y)}}}"
            ink = rf"\color[gray]{{{GREY[faint]}}}"
            return [rf"\put({at(x)},{at(up(y))}){{{ink}\line{way}}}"]
        case Cell():
            box = rf"\rule{{{at(mark.width)}\unitlength}}{{{at(mark.height)}\unitlength}}"
            place = f"({at(mark.x)},{at(up(mark.y + mark.height))})"
            return [rf"\put{place}{{{_ink(mark.colour)}{box}}}"]
        case Words():
            ink = _ink(mark.colour) if mark.colour else ""
            shown = _words(mark, printer, unit)
            box = rf"\makebox[0pt][{PLACES[mark.anchor]}]{{{shown}}}"
            return [rf"\put({at(mark.x)},{at(up(mark.y))}){{{ink}{box}}}"]
        case Curve():
            drawn = [
                rf"\qbezier({at(a)},{at(up(b))})({at((a + c) / 2)},{at(up((b + d) / 2))})"
                rf"({at(c)},{at(up(d))})%"  # the end of a line would be a space, and move the next
                for piece in _pieces(mark, drawing)
                for (a, b), (c, d) in pairwise(straightened(piece, SEEN))
            ]
            return [rf"{{\linethickness{{0.8pt}}{_ink(mark.colour)}%", *drawn, "}"] if drawn else []


def _pieces(curve: Curve, drawing: Drawing) -> list[list[Point]]:
    """What of a curve is drawn: within the frame, and its dashes."""
    inside = [list(curve.points)]
    if curve.framed and drawing.frame is not None:
        inside = list(clipped(curve.points, drawing.frame))
    if curve.dashes is None:
        return inside
    return [dash for piece in inside for dash in dashed(piece, curve.dashes)]


def _words(words: Words, printer: LatexPrinter, unit: float) -> str:
    """Words, as the formula that they are, unless it is longer than the place there is."""
    if words.term is not None:
        formula = printer.spelled(words.term)
        if measure(formula, 1) * SMALL <= LONGEST * unit:
            return f"${formula}$"
    return latex_words(words.text)


def _ink(colour: str) -> str:
    """`#ff8000` as a colour of LaTeX."""
    shares = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return rf"\color[rgb]{{{','.join(f'{share:.3g}' for share in shares)}}}"


def straightened(points: Sequence[Point], most: float) -> list[Point]:
    """Fewer points, none of those left out further than `most` from the straight line instead.

    By halves, at the point that is furthest off (Douglas and Peucker 1973).

    >>> straightened([(0, 0), (1, 0.1), (2, 0), (3, 3)], 0.2)
    [(0, 0), (2, 0), (3, 3)]
    """
    (a, b), (c, d) = points[0], points[-1]
    length = ((c - a) ** 2 + (d - b) ** 2) ** 0.5 or 1.0
    off = [abs((x - a) * (d - b) - (y - b) * (c - a)) / length for x, y in points]
    furthest = max(range(len(points)), key=off.__getitem__)
    if off[furthest] <= most or furthest in (0, len(points) - 1):
        return [points[0], points[-1]]
    before = straightened(points[: furthest + 1], most)
    return [*before[:-1], *straightened(points[furthest:], most)]
