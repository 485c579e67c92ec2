r"""Check: somebody else's derivation, line by line, the first wrong line named.

    check(text) -> Report
    check(text, kind="tex", define=[r"p_i = ..."], assume=[r"\sum_k y_k = 1"])

Reading is the work: `pages` finds the displays of a text by its `spans`, `rows` the statements of a
line without its `remarks`, `context` keeps what is known (`stages`, `unknown` functions, values
`elsewhere`), `walk` goes from row to row (`hearing` the text between, `statements`, `vector_lines`,
and `forms` of what has no meaning here), `question` is what the judge is asked, `readings` are what
a line may mean besides, `verdicts` asks, `excuses` keep from accusing, `mends` looks for what would
have been right, `report` is what comes of it.

Floor 4: imports floors 0 to 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from time import monotonic

from symderiv.checking.pages import page_of
from symderiv.checking.report import Chain, Report, Row
from symderiv.checking.rows import macros_in
from symderiv.checking.sources import Loaded, load
from symderiv.checking.verdicts import Verdict
from symderiv.checking.walk import Walk
from symderiv.mistakes import Mistake, check_positive, check_text, listed, spelled

__all__ = ["Chain", "Loaded", "Report", "Row", "Verdict", "check", "load"]

SECONDS = 300.0  # for a text
KINDS = ("", "tex", "md", "ipynb", "txt")
Tell = Callable[[str, float], None]


def check(
    text: str,
    kind: str = "",
    define: Sequence[str] = (),
    assume: Sequence[str] = (),
    name: str = "",
    loaded: Loaded | None = None,
    timeout: float = SECONDS,
    say: Tell | None = None,
) -> Report:
    """What is said of every line of a text.

    Parameters
    ----------
    text : LaTeX, Markdown, a notebook, or lines of the formula language
    kind : "tex", "md", "ipynb" or "txt"; found out where it is empty
    define : definitions that the text leaves out
    assume : facts that it takes for granted
    name : of the file, for the report
    loaded : the file with what it brings in, instead of `text`
    timeout : seconds for the whole text; a line has 20 of them at most
    say : is told what is looked at, and how much is done

    Raises
    ------
    Mistake
        for what is no text, no such kind, and a definition or an assumption that is not read.
    """
    check_text("text", text)
    if kind not in KINDS:
        raise Mistake(f"kind: it takes {listed(KINDS, 'or')}, not {spelled(kind)}")
    check_positive("timeout", timeout)
    loaded = loaded or Loaded(text)
    page = page_of(loaded.text, kind)
    walk = Walk.along(page, macros_in(page.text), monotonic() + timeout)
    for role, given in (("definition", define), ("assumption", assume)):
        for one in given if isinstance(given, Iterable) and not isinstance(given, str) else [given]:
            check_text(role, one)
            if not walk.take(one):
                raise Mistake(f"the {role} {one!r} is not read; it takes such as p_i = ...")
    chains: list[Chain] = []
    everything = [*page.displays]
    for n, display in enumerate(everything):
        if say is not None:
            say(f"display {n + 1} of {len(everything)}", n / len(everything))
        walk.hear(display.prose, display.inline)
        following = everything[n + 1] if n + 1 < len(everything) else page
        walk.notice(following.prose)
        walk.look_ahead(following.inline)
        walk.given(display)
        chains.append(Chain(tuple(_placed(row, loaded) for row in walk.rows(display))))
    definitions, assumptions = tuple(walk.definitions), tuple(walk.assumptions)
    beside = [_line(page.text.count("\n", 0, at) + 1, loaded) for at in walk.unchecked]
    notes = (*loaded.notes, *_beside(beside), *_unreached(chains, timeout))
    return Report(tuple(chains), definitions, assumptions, page.written, name, notes)


def _unreached(chains: Sequence[Chain], timeout: float) -> Iterator[str]:
    """One sentence for all the lines before which the time was over."""
    left = [row for chain in chains for row in chain.rows if not row.reached]
    if left:
        count = "1 line" if len(left) == 1 else f"{len(left)} lines"
        yield (
            f"{timeout:g} seconds were over before {count}, from line {left[0].line} on; "
            "--timeout SECONDS (in Python timeout=) gives it more"
        )


def _beside(lines: Sequence[str]) -> Iterator[str]:
    """One sentence for the equations of the running text that are not checked."""
    if lines:
        count = "1 equation" if len(lines) == 1 else f"{len(lines)} equations"
        yield (
            f"{count} in the running text not checked, from line {lines[0]} on; "
            "what is checked stands in a display"
        )


def _line(line: int, loaded: Loaded) -> str:
    """A line of the text, where its file has it."""
    if not 0 < line <= len(loaded.origins):
        return str(line)
    file, own = loaded.origins[line - 1]
    return f"{file}:{own}" if file else str(own)


def _placed(row: Row, loaded: Loaded) -> Row:
    """The row where its file has it."""
    if not 0 < row.line <= len(loaded.origins):
        return row
    file, line = loaded.origins[row.line - 1]
    return replace(row, file=file, line=line)
