"""Drawings: the signs that a picture is made of, in points, as SVG.

Gives `Drawing`, whose lines and words take the colour of the text round it, and `ticks`.

Imports the standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

FONT = "font-family=\"'New Computer Modern','Latin Modern Roman','STIX Two Text',serif\""


@dataclass
class Drawing:
    """A picture of this size; `name` tells its clipping from that of others on a page."""

    width: float
    height: float
    name: str = "p"
    parts: list[str] = field(default_factory=list)

    def line(self, a: tuple[float, float], b: tuple[float, float], *, faint: bool = False) -> None:
        """A straight line."""
        ends = f'x1="{at(a[0])}" y1="{at(a[1])}" x2="{at(b[0])}" y2="{at(b[1])}"'
        opacity = "0.25" if faint else "0.7"
        self.parts.append(f'<line {ends} stroke="currentColor" stroke-opacity="{opacity}"/>')

    def key(self, x: float, y: float, colour: str, dashes: str = "") -> None:
        """A short piece of a curve, beside its name."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(
            f'<line x1="{at(x)}" y1="{at(y)}" x2="{at(x + 26)}" y2="{at(y)}" stroke="{colour}" '
            f'stroke-width="2"{dashed}/>'
        )

    def path(self, points: Sequence[tuple[float, float]], colour: str, dashes: str = "") -> None:
        """A curve through these points, clipped to the frame."""
        drawn = " ".join(f"{at(x)},{at(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(
            f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"'
            f'{dashed} clip-path="url(#{self.name})"/>'
        )

    def frame(self, left: float, top: float, right: float, bottom: float) -> None:
        """What curves are clipped to."""
        self.parts.append(
            f'<clipPath id="{self.name}"><rect x="{at(left)}" y="{at(top)}" '
            f'width="{at(right - left)}" height="{at(bottom - top)}"/></clipPath>'
        )

    def cell(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self.parts.append(
            f'<rect x="{at(x)}" y="{at(y)}" width="{at(width)}" height="{at(height)}" '
            f'fill="{colour}"/>'
        )

    def words(
        self, x: float, y: float, text: str, *, anchor: str = "middle", colour: str = "currentColor"
    ) -> None:
        """Words, their base line at y."""
        self.parts.append(
            f'<text x="{at(x)}" y="{at(y)}" text-anchor="{anchor}" fill="{colour}">'
            f"{escape(text)}</text>"
        )

    def svg(self, title: str) -> str:
        """The whole picture; its title is read to those who cannot see it."""
        size = f'width="{at(self.width)}" height="{at(self.height)}"'
        box = f'viewBox="0 0 {at(self.width)} {at(self.height)}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" {FONT}'
        body = "\n".join(self.parts)
        return f'{head} font-size="13">\n<title>{escape(title)}</title>\n{body}\n</svg>\n'


def at(number: float) -> str:
    """A number of points, to a hundredth.

    >>> at(12.0), at(-0.001), at(3.14159)
    ('12', '0', '3.14')
    """
    return "0" if abs(number) < 0.005 else f"{number:.2f}".rstrip("0").rstrip(".")


def ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round numbers from low to high, about so many.

    >>> ticks(-4, 4), ticks(0, 1.1)
    ([-4.0, -2.0, 0.0, 2.0, 4.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    """
    rough = (high - low) / about
    unit = 10.0 ** math.floor(math.log10(rough))
    step = unit * next(n for n in (1, 2, 5, 10) if n * unit >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{n * step:.10g}") for n in range(first, last + 1)]
