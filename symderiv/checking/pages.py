r"""Pages: the displays of a text, whatever it is written in, each as its rows.

Gives `page_of` (a text to a `Page`), `Display` and `Row`.  LaTeX, Markdown and notebooks share one
scanner: environments, `\[ \]`, `$$ $$` and ```` ```math ```` are displays, `$ $` and `\( \)` are
formulas in the running text.  A text without any of them is a derivation itself, a line a row.

Imports mistakes only.  To add an environment: its name in `_LAYOUT`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from symderiv.mistakes import Mistake

LONGEST = 2_000_000  # characters
_LAYOUT = (
    *("align", "aligned", "alignat", "alignedat", "flalign", "gather", "gathered", "split"),
    *("equation", "eqnarray", "multline", "multlined", "displaymath", "dmath", "math"),
)
_NAMES = "|".join(_LAYOUT)
_VERBATIM = re.compile(r"\\begin\{(verbatim|lstlisting|minted|comment)\*?\}.*?\\end\{\1\*?\}", re.S)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[ \t]*(\w*)[^\n]*\n(.*?)^[ \t]*\1[ \t]*$", re.M | re.S)
_IMAGE = re.compile(r"<img\b[^>]*>|!\[[^\]\n]*\]\([^)\n]*\)")
_CODE = re.compile(r"(?<![$`\\])`[^`\n]+`(?![$`])")
_FOUND = re.compile(
    rf"\\begin\{{(?P<env>(?:{_NAMES})\*?)\}}(?P<body>.*?)\\end\{{(?P=env)\}}"
    r"|\$\$(?P<dollars>.*?)\$\$|\\{1,2}\[(?P<square>.*?)\\{1,2}\]|(?P<fenced>\x02.*?\x03)"
    r"|(?<!\\)\$`?(?P<inline>[^$\n]+(?:\n[^$\n]+){0,3}?)`?(?<!\\)\$"
    r"|\\{1,2}\((?P<round>.*?)\\{1,2}\)",
    re.S,
)
_IS_MARKED = re.compile(r"\$|\\begin\{|\\\[|\\\(|```")


@dataclass(frozen=True)
class Row:
    """One line of a display, and where it stands: its offset in the page's text, and its line."""

    text: str
    at: int
    line: int


@dataclass(frozen=True)
class Display:
    """Rows that stand together, and what the text says before them.

    `inline` holds the formulas in that text, with their offsets.
    """

    rows: tuple[Row, ...]
    prose: str
    inline: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Page:
    """A text as it is checked.

    Attributes
    ----------
    displays : in order
    prose, inline : what stands behind the last display
    plain : is it in the formula language, a line a row?
    """

    text: str
    displays: tuple[Display, ...]
    prose: str = ""
    inline: tuple[tuple[str, int], ...] = ()
    plain: bool = False
    notes: tuple[str, ...] = field(default=())


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
    if kind in ("", "txt") and not _IS_MARKED.search(text):
        return _lines(text)
    blanked = _VERBATIM.sub(_blank, text)
    if kind != "tex":
        blanked = _CODE.sub(_blank, _FENCE.sub(_fence, _IMAGE.sub(_blank, blanked)))
    if kind != "md":
        blanked = _COMMENT.sub(lambda m: m[1] + " " * (len(m[0]) - len(m[1])), blanked)
    return _scanned(blanked)


def _scanned(text: str) -> Page:
    displays: list[Display] = []
    inline: list[tuple[str, int]] = []
    prose, end = "", 0
    for found in _FOUND.finditer(text):
        prose += text[end : found.start()]
        end = found.end()
        kind = str(found.lastgroup)
        if kind in ("inline", "round"):
            inline.append((found[kind], found.start(kind)))
            prose += " \x00 "
            continue
        if kind == "env":
            kind = "body"
        rows = tuple(_rows(found[kind].strip("\x02\x03"), found.start(kind), text))
        if rows:
            displays.append(Display(rows, prose, tuple(inline)))
            prose, inline = "", []
    return Page(text, tuple(displays), prose + text[end:], tuple(inline))


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
    return Page(text, (Display(tuple(rows), ""),) if rows else (), plain=not latex)


def _of_notebook(text: str) -> str:
    try:
        cells = json.loads(text)["cells"]
        found = [c["source"] for c in cells if c["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Mistake("the notebook cannot be read; it has no cells") from None
    return "\n\n".join(s if isinstance(s, str) else "".join(map(str, s)) for s in found)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _fence(found: re.Match[str]) -> str:
    """A fence of mathematics between marks of its own; any other is blanked."""
    if found[2] not in ("math", "latex", "tex") or "\\documentclass" in found[3]:
        return _blank(found)
    start, end = found.start(3) - found.start(), found.end(3) - found.start()
    head, tail = _blank_text(found[0][:start]), _blank_text(found[0][end:])
    if found[2] != "math" and _IS_MARKED.search(found[3]):
        return head + found[3] + tail
    return head[:-1] + "\x02" + found[3].replace("$", " ") + "\x03" + tail[1:]


def _blank_text(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


_STEP = re.compile(
    r"\\\\(?:\s*\*)?(?:\s*\[[^\]\n]*\])?|\\(?:begin|end)\s*\{([^{}]*)\}|\\[{}]"
    r"|\\(?:intertext|shortintertext)\s*\{|[{}]"
)


def _rows(body: str, start: int, text: str) -> list[Row]:
    """The lines of a display: what `\\\\` parts outside braces, cases and matrices."""
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
            if found[1].rstrip("*") in _LAYOUT:
                argument = re.match(r"\s*(?:\[\w\]|\{\d+\})", body[place:])
                place += argument.end() if argument and "at" in found[1] else 0
                blanks.append((found.start(), place))
            else:
                depth += 1 if mark.startswith("\\begin") else -1
        elif mark.endswith("text{") or mark.endswith("text {"):
            end = _closing(body, place)
            cuts.append((found.start(), end))
            place = end
        elif mark in "{}":
            depth += 1 if mark == "{" else -1
    for first, last in blanks:
        body = body[:first] + " " * (last - first) + body[last:]
    rows, begin = [], 0
    for end, following in [*cuts, (len(body), len(body))]:
        part = body[begin:end]
        if part.strip(" \t\n&,.;"):
            at = start + begin + len(part) - len(part.lstrip())
            rows.append(Row(part.strip(), at, text.count("\n", 0, at) + 1))
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
