"""Bars: how far off a function is, by kind of input, on a scale of powers of ten.

Gives `bars`.

Floor 4: imports the blocks and the drawing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from symderiv.documents.blocks import Picture
from symderiv.documents.pictures.drawing import Cell, Drawing, Segment, Words

LEAST, MOST = -17, 1  # powers of ten that are shown
WIDTH, LEFT, ROW, TOP = 520.0, 130.0, 26.0, 44.0
GOOD, LOSING, WRONG = "#3a7d44", "#b07a1e", "#b22e22"


def bars(title: str, rows: Sequence[tuple[str, float, float]], tolerance: float) -> Picture:
    """A bar a kind of input.

    Parameters
    ----------
    rows : the kind, its error relative to the terms that are added up, and its error relative to
        the largest component; the first says whether it is wrong, the second whether it loses
        digits, and the larger is drawn
    tolerance : the error above which a value is wrong
    """
    right = WIDTH - 70
    height = TOP + ROW * len(rows) + 34
    drawing = Drawing(WIDTH, height)
    draw = drawing.marks.append

    def across(error: float) -> float:
        power = math.log10(error) if 0 < error < math.inf else (LEAST if error == 0 else MOST)
        return LEFT + (min(max(power, LEAST), MOST) - LEAST) / (MOST - LEAST) * (right - LEFT)

    bottom = TOP + ROW * len(rows)
    draw(Words(LEFT, 18, title, "start"))
    for power in range(-16, MOST, 4):
        draw(Segment((across(10.0**power), TOP - 8), (across(10.0**power), bottom), faint=True))
        draw(Words(across(10.0**power), bottom + 18, f"1e{power}".replace("-", "−")))
    said = []
    for n, (kind, scale, largest) in enumerate(rows):
        error = max(scale, largest) if not math.isnan(scale + largest) else math.inf
        off = not scale <= tolerance
        colour = WRONG if off else LOSING if not largest <= tolerance else GOOD
        y = TOP + ROW * n
        draw(Words(LEFT - 8, y + 14, kind, "end"))
        draw(Cell(LEFT, y + 3, max(across(error) - LEFT, 1.0), ROW - 10, colour))
        shown = "not a number" if math.isinf(error) else f"{error:.1e}".replace("-", "−")
        draw(Words(across(error) + 5, y + 14, shown, "start"))
        word = "wrong" if off else "loses digits" if colour == LOSING else "right"
        said.append(f"{kind}: {shown}, {word}")
    draw(Segment((across(tolerance), TOP - 8), (across(tolerance), bottom)))
    words = f"{title}: {'; '.join(said)}"
    return Picture(drawing, words)
