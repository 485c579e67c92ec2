"""Heat maps: the numbers of a matrix, or of a vector, each on its colour.

Gives `heat`.  Red is positive, blue negative, white 0; the numbers themselves stand in the cells.

Floor 4: imports the blocks and the drawing.
"""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.documents.blocks import Numbers, Picture
from symderiv.documents.pictures.drawing import Cell, Drawing, Words

CELL, TALL, LEFT, TOP = 74.0, 40.0, 34.0, 34.0
LARGEST = 12  # rows or columns
POSITIVE, NEGATIVE = (178, 46, 34), (38, 84, 168)
ANSWERS = ("J", "H", "∇")


def heat(numbers: Numbers) -> Picture | None:
    """The answer among the values at a point; None where it is one number, or too large."""
    found = next(((n, v) for n, v in numbers.items if n in ANSWERS), None)
    if found is None or not isinstance(found[1], tuple):
        return None
    name, values = str(found[0]), found[1]
    rows = [each if isinstance(each, tuple) else (each,) for each in values]
    if max(len(rows), len(rows[0])) > LARGEST:
        return None
    heading = "".join(map(str, numbers.heading))
    return _draw(name, rows, heading, vector=not isinstance(values[0], tuple))


def _draw(name: str, rows: Sequence[Sequence[float]], heading: str, *, vector: bool) -> Picture:
    largest = max((abs(v) for row in rows for v in row), default=0.0) or 1.0
    width, height = LEFT + CELL * len(rows[0]) + 10, TOP + TALL * len(rows) + 10
    picture = Drawing(width, height)
    draw = picture.marks.append
    draw(Words(LEFT - 16, TOP - 12, name))
    for a, row in enumerate(rows):
        draw(Words(LEFT - 16, TOP + TALL * (a + 0.5) + 4, str(a + 1)))
        for b, value in enumerate(row):
            if a == 0 and not vector:
                draw(Words(LEFT + CELL * (b + 0.5), TOP - 12, str(b + 1)))
            red, green, blue = colour(value / largest)
            x, y = LEFT + CELL * b, TOP + TALL * a
            draw(Cell(x, y, CELL - 1, TALL - 1, f"#{red:02x}{green:02x}{blue:02x}"))
            ink = "#ffffff" if _dark(red, green, blue) else "#111111"
            shown = f"{value:.4g}".replace("-", "−")
            draw(Words(x + (CELL - 1) / 2, y + TALL / 2 + 4, shown, colour=ink))
    said = "; ".join(
        f"row {a}: " + ", ".join(f"{v:.4g}" for v in row) for a, row in enumerate(rows, 1)
    )
    words = f"{name} {heading[0].lower()}{heading[1:]}: {said}"
    return Picture(picture, words)


def colour(share: float) -> tuple[int, int, int]:
    """The colour of a share of the largest value, from -1 to 1.

    >>> colour(0.0), colour(1.0) == POSITIVE, colour(-1.0) == NEGATIVE
    ((255, 255, 255), True, True)
    """
    end = POSITIVE if share > 0 else NEGATIVE
    red, green, blue = (round(255 + (c - 255) * abs(share)) for c in end)
    return red, green, blue


def _dark(red: int, green: int, blue: int) -> bool:
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140
