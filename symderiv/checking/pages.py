r"""Pages: the displays of a text, whatever it is written in, each as its rows.

Gives `page_of` (a text to a `Page`), `Display` and `Row`.  LaTeX, Markdown and notebooks share one
scanner, `spans`: environments, `\[ \]`, `$$ $$` and ```` ```math ```` are displays, `$ $` and
`\( \)` are formulas in the running text.  A text without any of them is a derivation itself, a
line a row.

Imports spans and mistakes.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import field
from functools import cached_property

from symderiv.checking.spans import GIVEN, IS_MARKED, LAYOUT, blanked, spans
from symderiv.mistakes import Mistake
from symderiv.records import dataclass

LONGEST = 2_000_000  # characters
SHOWN = 200  # characters of a display that is not closed


@dataclass(frozen=True)
class Row:
    """One line of a display, and where it stands: its offset in the page's text, and its line."""

    text: str
    at: int
    line: int


@dataclass(frozen=True)
class Display:
    """Rows that stand together, and what the text says before them.

    `inline` holds the formulas in that text, with their offsets; `open` is the mark that opens a
    display which nothing closes, its one row the line where it stands.
    """

    rows: tuple[Row, ...]
    prose: str
    inline: tuple[tuple[str, int], ...] = ()
    open: str = ""


@dataclass(frozen=True)
class Page:
    """A text as it is checked.

    Attributes
    ----------
    text : with what is no mathematics blanked out, at the same places
    displays : in order
    prose, inline : what stands behind the last display
    plain : is it in the formula language, a line a row?
    written : the text as it was given
    """

    text: str = field(repr=False)
    displays: tuple[Display, ...]
    prose: str = ""
    inline: tuple[tuple[str, int], ...] = ()
    plain: bool = False
    written: str = field(default="", repr=False)

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        return _starts(self.text)

    def column(self, at: int) -> int:
        """The column of an offset, from 1."""
        return at - self.starts[bisect_right(self.starts, at) - 1] + 1


def _starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def page_of(text: str, kind: str = "") -> Page:
    """The page that a text is.

    Parameters
    ----------
    kind : the suffix of its file: "tex", "md", "ipynb" or "txt"; found out where it is empty

    Raises
    ------
    Mistake
        for a notebook that is none, and for a text that is too long.
    """
    if len(text) > LONGEST:
        raise Mistake(f"the text has {len(text)} characters; at most {LONGEST} are read")
    if kind == "ipynb":
        text, kind = _of_notebook(text), "md"
    text = text.replace("\r\n", "\n").replace("\x02", " ").replace("\x03", " ")
    if kind in ("", "txt") and not IS_MARKED.search(text):
        return _lines(text)
    return _scanned(blanked(text, kind), kind, text)


def _scanned(text: str, kind: str, written: str) -> Page:
    displays: list[Display] = []
    inline: list[tuple[str, int]] = []
    prose: list[str] = []
    starts, end = _starts(text), 0
    for span in spans(text, kind):
        prose.append(text[end : span.begin])
        end = span.end
        body = text[span.start : span.stop]
        if span.inline:
            inline.append((body, span.start))
            prose.append(" \x00 ")
            continue
        if span.open:
            if kind == "md" and span.open.endswith("["):
                continue  # a bracket of the running text
            line = bisect_right(starts, span.begin)
            shown = text[span.begin : span.begin + SHOWN].partition("\n")[0]
            rows: tuple[Row, ...] = (Row(shown, span.begin, line),)
        else:
            rows = tuple(_rows(body, span.start, starts))
        if rows:
            displays.append(Display(rows, "".join(prose), tuple(inline), span.open))
            prose, inline = [], []
    prose.append(text[end:])
    return Page(text, tuple(displays), "".join(prose), tuple(inline), written=written)


def _lines(text: str) -> Page:
    """A text that is a derivation itself."""
    rows, at = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.split("#")[0] if "\\" not in line else line
        if bare.strip():
            rows.append(
                Row(bare.strip().rstrip("\\").rstrip(), at + len(line) - len(line.lstrip()), number)
            )
        at += len(line) + 1
    latex = re.search(r"\\[A-Za-z]|[{}]|(?<![A-Za-z0-9])[A-Za-z]_[A-Za-z0-9{]", text) is not None
    displays = (Display(tuple(rows), ""),) if rows else ()
    return Page(text, displays, plain=not latex, written=text)


def _of_notebook(text: str) -> str:
    try:
        cells = json.loads(text)["cells"]
        found = [c["source"] for c in cells if c["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Mistake("the notebook cannot be read; it has no cells") from None
    return "\n\n".join(s if isinstance(s, str) else "".join(map(str, s)) for s in found)


_LENGTH = r"-?[\d.]*\s*(?:pt|mm|cm|in|ex|em|mu|sp|bp|dd|pc|\\[A-Za-z]+)"
_STEP = re.compile(
    rf"\\\\\*?(?:\s*\[\s*{_LENGTH}\s*\])?|\\(?:begin|end)\s*\{{([^{{}}]*)\}}|\\[{{}}]"
    r"|\\(?:intertext|shortintertext)\s*\{|[{}]"
)
# An array that aligns at a sign is a layout; behind a bracket it is cases, a matrix or a system.
_ALIGNING = re.compile(
    r"(?<!\\left\\\{)(?<!\\left\\\{ )(?<!\\left[\[(.|])(?<!\\left[\[(.|] )"
    r"(\\begin\{array\}\s*\{[\w\s@|]*\})((?:(?!\\begin\{array).)*?)(\\end\{array\})",
    re.S,
)


def _unaligned(found: re.Match[str]) -> str:
    """What such an array holds, at the same places."""
    if not re.search(r"&\s*=", found[2]):
        return found[0]
    return f"{' ' * len(found[1])}{found[2]}{' ' * len(found[3])}"


def _rows(body: str, start: int, starts: Sequence[int]) -> list[Row]:
    """The lines of a display: what `\\\\` parts outside braces, cases and matrices."""
    body = _ALIGNING.sub(_unaligned, body)
    cuts: list[tuple[int, int]] = []  # where a row ends, and where the next one begins
    blanks: list[tuple[int, int]] = []
    depth, place = 0, 0
    while found := _STEP.search(body, place):
        place = found.end()
        mark = found[0]
        if mark.startswith("\\\\"):
            if depth <= 0:
                cuts.append((found.start(), found.end()))
        elif found[1] is not None:
            if found[1].rstrip("*") in LAYOUT:
                given = GIVEN.match(body, place)
                place = given.end() if given else place
                blanks.append((found.start(), place))
            else:
                depth += 1 if mark.startswith("\\begin") else -1
        elif mark.endswith("text{") or mark.endswith("text {"):
            end = _closing(body, place)
            cuts.append((found.start(), end))
            place = end
        elif mark in "{}":
            depth += 1 if mark == "{" else -1
    parts: list[str] = []
    done = 0
    for first, last in blanks:
        parts += (body[done:first], " " * (last - first))
        done = last
    body = "".join((*parts, body[done:]))
    rows, begin = [], 0
    for end, following in [*cuts, (len(body), len(body))]:
        part = body[begin:end]
        if part.strip(" \t\n&,.;"):
            at = start + begin + len(part) - len(part.lstrip())
            rows.append(Row(part.strip(), at, bisect_right(starts, at)))
        begin = following
    return rows


def _closing(body: str, place: int) -> int:
    depth = 1
    for n in range(place, len(body)):
        if body[n] in "{}" and body[n - 1] != "\\":
            depth += 1 if body[n] == "{" else -1
            if depth <= 0:
                return n + 1
    return len(body)
