r"""Spans: where the formulas of a text stand, found in one pass over it.

Gives `spans` (each display or formula in the running text, and each display that is not closed),
`blanked` (a text without what is no mathematics, at the same places) and `LAYOUT`.  The end of a
span is looked for once: where a mark that closes stands nowhere behind, it is not looked for again,
so that the time is in proportion to the text, whatever it holds.  `GIVEN` is what an environment
is given behind its name.

Imports nothing of ours.  To add an environment: its name in `LAYOUT`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from symderiv.records import dataclass

LAYOUT = (
    *("align", "aligned", "alignat", "alignedat", "flalign", "gather", "gathered", "split"),
    *("equation", "eqnarray", "multline", "multlined", "displaymath", "dmath", "math"),
    "IEEEeqnarray",
)
_NAMES = "|".join(LAYOUT)
_GIVEN = (  # aligned[t], alignat{2}, IEEEeqnarray{rCl}
    r"(?:\[[tbc]\])?(?:(?:(?<=at\})|(?<=at\*\}))\s*\{\d+\}"
    r"|(?:(?<=IEEEeqnarray\})|(?<=IEEEeqnarray\*\}))\s*\{\w+\})?"
)
GIVEN = re.compile(_GIVEN)
_OPENS = rf"\\begin\{{(?P<env>(?:{_NAMES})\*?)\}}{_GIVEN}|\$\$|\x02|(?<!\\)\$"
_SQUARE = {
    "tex": r"(?<!\\)(?:\\\\)*+\\[\[(]",  # \\[2pt] ends a line
    "": r"\\{1,2}[\[(]",  # Markdown takes one of two backslashes
}
_OPENER = {kind: re.compile(f"{_OPENS}|{square}") for kind, square in _SQUARE.items()}
_INLINE = re.compile(r"\$`?([^$\n]+(?:\n[^$\n]+){0,3}?)`?(?<!\\)\$")
_CLOSED_BY = {"[": "\\]", "(": "\\)"}

_VERBATIM = re.compile(r"\\begin\{((?:verbatim|lstlisting|minted|comment)\*?)\}")
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_FENCE = re.compile(r"^[ \t]*(`{3,9}|~{3,9})(?![`~])[ \t]*(\w*)[^\n]*\n", re.M)
_IMAGE = re.compile(r"<img\b[^<>]*>|!\[[^\[\]\n]*\]\([^)\[\n]*\)")
_CODE = re.compile(r"(?<![$`\\])`[^`\n]+`(?![$`])")
IS_MARKED = re.compile(r"\$|\\begin\{|\\\[|\\\(|```")


@dataclass(frozen=True)
class Span:
    """A formula: where it begins, and its body from `start` to `stop`; what follows is at `end`.

    One that is not closed has the mark that opens it in `open`.
    """

    begin: int
    start: int
    stop: int
    end: int
    inline: bool = False
    open: str = ""


class _Ends:
    """Looks for the marks that close, each of those that stand nowhere once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.gone: set[str] = set()

    def after(self, mark: str, place: int) -> int:
        """Where the mark stands next, or -1."""
        if mark in self.gone:
            return -1
        found = self.text.find(mark, place)
        if found < 0:
            self.gone.add(mark)
        return found


def spans(text: str, kind: str = "") -> Iterator[Span]:
    """The formulas of a text, in order.

    Parameters
    ----------
    kind : "tex" where a backslash before another ends a line
    """
    opener, ends = _OPENER["tex" if kind == "tex" else ""], _Ends(text)
    place = 0
    while found := opener.search(text, place):
        mark, start = found[0], found.end()
        inline = mark == "$" or mark[-1] == "("
        if mark == "$":
            single = _INLINE.match(text, found.start())
            stop, end = single.span(1)[1] if single else -1, single.end() if single else start
            start = single.start(1) if single else start
        else:
            closing = _closing(found)
            known = closing in ends.gone
            stop = ends.after(closing, start)
            end = stop + len(closing)
            if stop > start and closing in _CLOSED_BY.values() and text[stop - 1] == "\\":
                stop -= 1
            if stop < 0 and not known and not inline and not mark.startswith("\\\\"):
                yield Span(found.start(), start, start, start, open=mark)
        if stop < 0:
            place = found.start() + 1 if mark == "$$" else start
            continue
        yield Span(found.start(), start, stop, end, inline)
        place = end


def _closing(opened: re.Match[str]) -> str:
    mark = opened[0]
    if opened["env"]:
        return f"\\end{{{opened['env']}}}"
    return {"$$": "$$", "\x02": "\x03"}.get(mark) or _CLOSED_BY[mark[-1]]


def blanked(text: str, kind: str) -> str:
    """The text with spaces for code, comments and images; mathematics in fences is marked."""
    text = _verbatim(text)
    if kind != "tex":
        text = _CODE.sub(_blank, _fences(_IMAGE.sub(_blank, text)))
    if kind != "md":
        text = _COMMENT.sub(lambda m: m[1] + " " * (len(m[0]) - len(m[1])), text)
    return text


def _verbatim(text: str) -> str:
    ends = _Ends(text)

    def end(found: re.Match[str]) -> int:
        closing = f"\\end{{{found[1]}}}"
        stop = ends.after(closing, found.end())
        return stop + len(closing) if stop >= 0 else -1

    return _changed(text, _VERBATIM, end, lambda found, stop: _spaces(text[found.start() : stop]))


def _fences(text: str) -> str:
    gone: set[str] = set()
    stops: dict[int, int] = {}  # where the line begins that closes, for each end

    def end(found: re.Match[str]) -> int:
        mark = found[1]
        if mark in gone:
            return -1
        closing = re.compile(rf"^[ \t]*{mark}{mark[0]}*[ \t]*$", re.M).search(text, found.end())
        if closing is None:
            gone.add(mark)
            return -1
        stops[closing.end()] = closing.start()
        return closing.end()

    def put(found: re.Match[str], stop: int) -> str:
        """Mathematics between marks of its own; any other fence is blanked."""
        body = text[found.end() : stops[stop]]
        if found[2] not in ("math", "latex", "tex") or "\\documentclass" in body:
            return _spaces(text[found.start() : stop])
        head, tail = _spaces(found[0]), _spaces(text[stops[stop] : stop])
        if found[2] != "math" and IS_MARKED.search(body):
            return head + body + tail
        return head[:-1] + "\x02" + body.replace("$", " ") + "\x03" + tail[1:]

    return _changed(text, _FENCE, end, put)


def _changed(
    text: str,
    opener: re.Pattern[str],
    end: Callable[[re.Match[str]], int],
    put: Callable[[re.Match[str], int], str],
) -> str:
    """The text with something else for each part from an opening to its end."""
    parts: list[str] = []
    done = place = 0
    while found := opener.search(text, place):
        stop = end(found)
        if stop < 0:
            place = found.end()
            continue
        parts += (text[done : found.start()], put(found, stop))
        done = place = stop
    return "".join((*parts, text[done:]))


def _blank(found: re.Match[str]) -> str:
    return _spaces(found[0])


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
