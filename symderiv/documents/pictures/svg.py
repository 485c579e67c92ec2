"""SVG: a drawing as the web and Typst show it, the same bytes every time.

Gives `svg`, whose lines and words take the colour of the text round it, and `alone`, a file of its
own.

Imports the drawing.
"""

from __future__ import annotations

from html import escape

from symderiv.documents.pictures.drawing import Cell, Curve, Drawing, Mark, Segment, Words

_COLOURS = "svg{color:#1c1c1c}@media(prefers-color-scheme:dark){svg{color:#e7e5e1}}"
FONT = "font-family=\"'New Computer Modern','Latin Modern Roman','STIX Two Text',serif\""


def svg(drawing: Drawing, title: str) -> str:
    """The whole picture; its title is read to those who cannot see it."""
    size = f'width="{at(drawing.width)}" height="{at(drawing.height)}"'
    box = f'viewBox="0 0 {at(drawing.width)} {at(drawing.height)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" {FONT}'
    body = "\n".join([*_frame(drawing), *(_mark(m, drawing.name) for m in drawing.marks)])
    return f'{head} font-size="13">\n<title>{escape(title)}</title>\n{body}\n</svg>\n'


def alone(drawing: Drawing, title: str) -> str:
    """A picture as a file of its own, which has no text round it to take its colour from."""
    head, end, rest = svg(drawing, title).partition(">\n")
    return f"{head}{end}<style>{_COLOURS}</style>\n{rest}"


def _frame(drawing: Drawing) -> list[str]:
    if drawing.frame is None:
        return []
    left, top, right, bottom = drawing.frame
    return [
        f'<clipPath id="{drawing.name}"><rect x="{at(left)}" y="{at(top)}" '
        f'width="{at(right - left)}" height="{at(bottom - top)}"/></clipPath>'
    ]


def _mark(mark: Mark, frame: str) -> str:
    match mark:
        case Segment(a, b, faint):
            ends = f'x1="{at(a[0])}" y1="{at(a[1])}" x2="{at(b[0])}" y2="{at(b[1])}"'
            opacity = "0.25" if faint else "0.7"
            return f'<line {ends} stroke="currentColor" stroke-opacity="{opacity}"/>'
        case Curve(points, colour, dashes, framed):
            through = " ".join(f"{at(x)},{at(y)}" for x, y in points)
            broken = f' stroke-dasharray="{at(dashes[0])} {at(dashes[1])}"' if dashes else ""
            clip = f' clip-path="url(#{frame})"' if framed else ""
            return (
                f'<polyline points="{through}" fill="none" stroke="{colour}" stroke-width="2"'
                f"{broken}{clip}/>"
            )
        case Cell():
            return (
                f'<rect x="{at(mark.x)}" y="{at(mark.y)}" width="{at(mark.width)}" '
                f'height="{at(mark.height)}" fill="{mark.colour}"/>'
            )
        case Words():
            return (
                f'<text x="{at(mark.x)}" y="{at(mark.y)}" text-anchor="{mark.anchor}" '
                f'fill="{mark.colour or "currentColor"}">{escape(mark.text)}</text>'
            )


def at(number: float) -> str:
    """A number of points, to a hundredth.

    >>> at(12.0), at(-0.001), at(3.14159)
    ('12', '0', '3.14')
    """
    return "0" if abs(number) < 0.005 else f"{number:.2f}".rstrip("0").rstrip(".")
