"""Destinations: in which format a page is wanted, where it goes, and how it is laid out.

Gives `Destination`, `on_terminal`, `page_options` (the decorator that hands a command its
`destination`), `encodable`, and `command_line`, the command as it is written into a file that it
made.

Floor 5: imports click, the settings and targets of documents, and floor 0, nothing heavy.

To add an option of the layout: a field of `Setting`, and its help here.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from symderiv import late
from symderiv.cli.parameters import Numbers, OneOf, Renaming, Size, gathered, rows
from symderiv.documents.setting import CHOICES, FEWEST, Setting
from symderiv.documents.targets import ENGINES, PICTURES, SUFFIXES, TARGETS
from symderiv.files import check_writable
from symderiv.mistakes import Mistake, did_you_mean, listed
from symderiv.records import dataclass

if TYPE_CHECKING:
    import pathlib
    import shlex
else:
    pathlib = late.module("pathlib")
    shlex = late.module("shlex")


@dataclass(frozen=True)
class Destination:
    """Where a page goes: its format, its file (none for the standard output), its layout.

    `keeps` says whether a page that was kept may be written, and this one be kept.
    """

    format: str
    output: str | None
    engine: str | None
    setting: Setting
    keeps: bool

    @property
    def on_terminal(self) -> bool:
        """Is the page read on a terminal, where colour and frames may help?"""
        return self.format == "text" and on_terminal(self.output)


def on_terminal(output: str | None) -> bool:
    """Is what is written there read on a terminal?  There may be no standard output at all."""
    return output is None and sys.stdout is not None and sys.stdout.isatty()


DRAWN = ("latex", "html", "typst", "pdf", "svg", "png")  # what can hold a picture
DEFINED = ("latex", "markdown")  # where an author can define commands

HELP = {
    "at": "Show the values there too: 1,2,3 or 'W=[[1,2],[3,4]]; x=[5,6]; …'.",
    "rules": "Where the rules are named.",
    "detail": "How many of the lines are shown.",
    "style": "The answer with a Kronecker delta, or by cases.",
    "notation": "The answer with indices, in whole matrices, or both; as NumPy's einsum.",
    "full": "Write out matrices however large.",
    "standalone": "LaTeX: a whole document, not a fragment.",
    "beamer": "LaTeX: lines uncovered one by one on a slide.",
    "restyle": "LaTeX: with the macros of symderiv.sty, to be redefined.",
    "width": "Of text; default: the terminal's.",
    "ascii": "Text for terminals without Unicode.",
    "plot": "LaTeX, HTML, PDF, PNG: with a picture; an SVG is the picture alone.",
    "no_verdict": "Without the judge's sentence at the foot.",
    "language": "Of the names of rules and the sentences.",
    "macro": "LaTeX, Markdown: your own commands for names.",
    "label": "LaTeX: name the last line and the lemmas, for \\eqref.",
}
TYPED: dict[str, dict[str, Any]] = {
    **{name: {"type": OneOf(name, words)} for name, words in CHOICES.items()},
    "at": {"type": Numbers(), "metavar": "a,b,…"},
    "rules": {"type": OneOf("place for rules", CHOICES["rules"])},
    "width": {"type": Size("a width", FEWEST), "metavar": "COLUMNS"},
    "macro": {"type": Renaming(r"p=\prob"), "metavar": r"p=\prob"},
    "label": {"metavar": "NAME"},
}
ROWS = rows(HELP, TYPED, Setting)
_FILES: dict[str, dict[str, Any]] = {
    "format": {
        "short": ["-f"],
        "type": OneOf("format", TARGETS),
        "help": "Default: text, or OUTPUT's.",
    },
    "output": {
        "short": ["-o"],
        "metavar": "FILE",
        "help": "Write there; the suffix names the format.",
    },
    "engine": {"type": OneOf("engine", ENGINES), "help": "What makes a PDF, SVG or PNG."},
    "no_cache": {"is_flag": True, "help": "Derive anew, whatever page is kept."},
}


def page_options(*without: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator: the options of a page, handed to the command as one `destination`.

    Parameters
    ----------
    without : the rows of `ROWS` that say nothing of this command's page
    """
    given = _FILES | {name: row for name, row in ROWS.items() if name not in without}
    return gathered(given, lambda said: {"destination": _destination(**said)})


def _destination(
    format: str | None, output: str | None, engine: str | None, no_cache: bool, **layout: Any
) -> Destination:
    output = None if output == "-" else output
    format = format or format_of(output)
    _check_suffix(format, output)
    if output is not None:
        check_writable(output)
    elif format in PICTURES:
        raise Mistake(f"--format {format}: name a file to write it to, as in -o softmax.{format}")
    width = 80 if output else max(FEWEST, _columns())
    ascii = layout["ascii"] or (output is None and not encodable("∂ᵢ∑"))
    setting = Setting(**{**layout, "width": layout["width"] or width, "ascii": ascii})
    for option in ("standalone", "beamer", "restyle", "label"):
        if layout.get(option) and format != "latex":
            raise Mistake(f"--{option}: it goes with --format latex, and this is {format}")
    if layout.get("macro") and format not in DEFINED:
        raise Mistake(
            f"--macro: it goes with --format {listed(DEFINED, 'or')}, whose reader can define "
            f"them, and this is {format}"
        )
    if layout.get("plot") and format not in DRAWN:
        raise Mistake(f"--plot: it goes with {listed(DRAWN, 'or')}, and this is {format}")
    if setting.label and setting.beamer:
        raise Mistake("--label: slides have no equation numbers; leave out --beamer")
    if engine and format not in PICTURES:
        raise Mistake(f"--engine {engine}: it goes with -o FILE.pdf, FILE.svg or FILE.png")
    return Destination(format, output, engine, setting, keeps=not no_cache)


def _columns() -> int:
    """What COLUMNS says, or the width of the terminal; 80 where there is neither.

    As `shutil` has it, which loads three kinds of compression.
    """
    with contextlib.suppress(ValueError):
        if (said := int(os.environ.get("COLUMNS", ""))) > 0:
            return said
    with contextlib.suppress(AttributeError, ValueError, OSError):
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    return 80


def format_of(output: str | None) -> str:
    """The format that a file's name asks for; text where there is no file."""
    if output is None:
        return "text"
    suffix = pathlib.PurePath(output).suffix.lower()
    if suffix and suffix not in SUFFIXES:
        raise Mistake(
            f"--output {output}: no format goes with '{suffix}'{did_you_mean(suffix, SUFFIXES)}; "
            "--format names one whatever the suffix"
        )
    return SUFFIXES.get(suffix, "text")


def _check_suffix(format: str, output: str | None) -> None:
    """Refuse text in a file named as a picture, and the other way round; text is text."""
    own = None if output is None else SUFFIXES.get(pathlib.PurePath(output).suffix.lower())
    if own is None or own == format or not {own, format}.intersection(PICTURES):
        return
    raise Mistake(
        f"--format {format}: {output} is {own} by its name; "
        "leave out --format, or name the file otherwise"
    )


def encodable(text: str) -> bool:
    """Can the standard output hold these characters?"""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def command_line(destination: Destination) -> str:
    """The command that is running, without the place it writes to, for a file to say."""
    ctx = click.get_current_context()
    words = ctx.command_path.split()
    for param in ctx.command.params:
        name, value = param.name or "", ctx.params.get(param.name or "")
        if name == "output":
            words += ["--format", destination.format] if destination.format != "text" else []
        if name in ("output", "format", "no_cache"):
            continue
        if ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        words += _spelled(param, value)
    return " ".join(map(quoted, words))


def quoted(word: str) -> str:
    """A word as the shell takes it, on one line: `'a b'`, and `$'a\\nb'` for what is no print.

    >>> print(quoted("x"), quoted("a b"), quoted("a\\nb"))
    x 'a b' $'a\\nb'
    """
    if word.isprintable():
        return shlex.quote(word)
    out = []
    for char in word:
        if char in "\\'":
            out.append("\\" + char)
        elif char.isprintable():
            out.append(char)
        else:
            out.append({"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char, f"\\U{ord(char):08x}"))
    return f"$'{''.join(out)}'"


def _bracketed(value: Any) -> str:
    return f"[{','.join(map(_bracketed, value))}]" if isinstance(value, list) else str(value)


def _spelled(param: click.Parameter, value: Any) -> list[str]:
    if isinstance(value, dict):
        between = "; " if param.name == "at" else ","
        value = between.join(f"{old}={_bracketed(new)}" for old, new in value.items())
    if isinstance(value, tuple) and not param.multiple and param.nargs == 1:
        value = ",".join(map(str, value))
    values = value if isinstance(value, (tuple, list)) else (value,)
    if isinstance(param, click.Argument):
        return [str(v) for v in values]
    option = max(param.opts, key=len)
    if getattr(param, "is_flag", False):
        return [option]
    return [word for v in values for word in (option, str(v))]
