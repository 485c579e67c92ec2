"""Sheets: in which format a page is wanted, where it goes, and how it is laid out.

Gives `Sheet`, `sheet_options` (the decorator that hands a command its `sheet`), and
`command_line`, the command as it is written into a file that it made.

Floor 5: imports click and floor 0 at load, nothing heavy.
"""

from __future__ import annotations

import functools
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import PurePath
from typing import Any

import click
from click.core import ParameterSource

from symderiv.cli.options import Bundle, OneOf, Size
from symderiv.files import check_writable
from symderiv.mistakes import Mistake, did_you_mean

SUFFIXES = {
    ".txt": "text",
    ".tex": "latex",
    ".md": "markdown",
    ".typ": "typst",
    ".json": "json",
    ".pdf": "pdf",
    ".svg": "svg",
    ".png": "png",
}
FORMATS = ("text", "latex", "markdown", "github", "typst", "json", "pdf", "svg", "png")
PICTURES = ("pdf", "svg", "png")


@dataclass(frozen=True)
class Sheet:
    """The page that is wanted: one field for each option, as the user gave it or by default."""

    format: str
    output: str | None
    rules: str
    detail: str
    style: str
    full: bool
    standalone: bool
    beamer: bool
    restyle: bool
    engine: str | None
    width: int
    ascii: bool

    @property
    def on_terminal(self) -> bool:
        """Is the page read on a terminal, where colour and frames may help?"""
        return self.format == "text" and self.output is None and sys.stdout.isatty()


OPTIONS = Bundle(
    click.option(
        "--format", "-f", type=OneOf("format", FORMATS), help="Default: text, or OUTPUT's."
    ),
    click.option(
        "--output", "-o", metavar="FILE", help="Write there; the suffix names the format."
    ),
    click.option(
        "--rules",
        type=OneOf("place for rules", ("right", "overset", "none")),
        default="right",
        help="Where the rules are named.",
    ),
    click.option(
        "--detail",
        type=OneOf("detail", ("brief", "textbook", "full")),
        default="textbook",
        help="How many of the lines are shown.",
    ),
    click.option(
        "--style",
        type=OneOf("style", ("delta", "cases")),
        default="delta",
        help="The answer with a Kronecker delta, or by cases.",
    ),
    click.option("--full", is_flag=True, help="Write out matrices however large."),
    click.option("--standalone", is_flag=True, help="LaTeX: a whole document, not a fragment."),
    click.option("--beamer", is_flag=True, help="LaTeX: lines uncovered one by one on a slide."),
    click.option(
        "--restyle", is_flag=True, help="LaTeX: with the macros of symderiv.sty, to be redefined."
    ),
    click.option(
        "--engine", type=OneOf("engine", ("typst", "latex")), help="What makes a PDF, SVG or PNG."
    ),
    click.option(
        "--width", type=Size("a width"), metavar="COLUMNS", help="Of text; default: the terminal's."
    ),
    click.option("--ascii", is_flag=True, help="Text for terminals without Unicode."),
)


def sheet_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a sheet to a command, which is handed them as one `sheet`."""

    @functools.wraps(command)
    def with_sheet(**given: Any) -> Any:
        mine = {f.name: given.pop(f.name) for f in fields(Sheet)}
        return command(sheet=_sheet(**mine), **given)

    return OPTIONS(with_sheet)


def _sheet(**given: Any) -> Sheet:
    output = None if given["output"] == "-" else given["output"]
    given["format"] = given["format"] or format_of(output)
    given["output"] = output
    _check_suffix(given["format"], output)
    if output is not None:
        check_writable(output)
    elif given["format"] in PICTURES:
        raise Mistake(
            f"--format {given['format']}: name a file to write it to, as in -o softmax.pdf"
        )
    given["width"] = given["width"] or (
        80 if output else shutil.get_terminal_size((80, 24)).columns
    )
    given["ascii"] = given["ascii"] or (output is None and not _prints_unicode())
    sheet = Sheet(**given)
    for option in ("standalone", "beamer", "restyle"):
        if getattr(sheet, option) and sheet.format != "latex":
            raise Mistake(f"--{option}: it goes with --format latex, and this is {sheet.format}")
    if sheet.engine and sheet.format not in PICTURES:
        raise Mistake(f"--engine {sheet.engine}: it goes with -o FILE.pdf, FILE.svg or FILE.png")
    return sheet


def format_of(output: str | None) -> str:
    """The format that a file's name asks for; text where there is no file."""
    if output is None:
        return "text"
    suffix = PurePath(output).suffix.lower()
    if suffix and suffix not in SUFFIXES:
        raise Mistake(
            f"--output {output}: no format goes with '{suffix}'{did_you_mean(suffix, SUFFIXES)}; "
            "--format names one whatever the suffix"
        )
    return SUFFIXES.get(suffix, "text")


def _check_suffix(format: str, output: str | None) -> None:
    """Refuse text in a file named as a picture, and the other way round; text is text."""
    own = SUFFIXES.get(PurePath(output or "").suffix.lower())
    if own is None or own == format or not {own, format}.intersection(PICTURES):
        return
    raise Mistake(
        f"--format {format}: {output} is {own} by its name; "
        "leave out --format, or name the file otherwise"
    )


def _prints_unicode() -> bool:
    try:
        "∂ᵢ∑".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def command_line(sheet: Sheet) -> str:
    """The command that is running, without the place it writes to, for a file to say."""
    ctx = click.get_current_context()
    words = ctx.command_path.split()
    for param in ctx.command.params:
        name, value = param.name or "", ctx.params.get(param.name or "")
        if name == "output":
            words += ["--format", sheet.format] if sheet.format != "text" else []
        if name in ("output", "format"):
            continue
        if ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        words += _spelled(param, value)
    return shlex.join(words)


def _bracketed(value: Any) -> str:
    return f"[{','.join(map(_bracketed, value))}]" if isinstance(value, list) else str(value)


def _spelled(param: click.Parameter, value: Any) -> list[str]:
    if isinstance(value, dict):
        between = "; " if param.name == "point" else ","
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
