"""`symderiv check`: somebody else's derivation, line by line."""

from __future__ import annotations

import json
import os
from importlib import resources
from pathlib import Path
from typing import Any

import click

from symderiv.cli.delivery import send, working
from symderiv.cli.destination import ROWS as LAYOUT
from symderiv.cli.destination import on_terminal
from symderiv.cli.inputs import check_output, reads
from symderiv.cli.once import Command
from symderiv.cli.parameters import OneOf
from symderiv.face import late
from symderiv.files import read_text
from symderiv.mistakes import Mistake

LONGEST = 2_000_001  # characters
FORMATS = ("text", "json", "markdown", "github", "latex", "html")
KINDS = {"tex": "tex", "latex": "tex", "ltx": "tex", "md": "md", "markdown": "md", "qmd": "md",
         "rmd": "md", "rst": "md", "html": "md", "ipynb": "ipynb", "txt": "txt"}  # fmt: skip


def _schema(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        send(schema(), None)
        ctx.exit()


def schema() -> str:
    """The schema of `-f json`."""
    place = resources.files("symderiv.checking").joinpath("report.schema.json")
    return place.read_text(encoding="utf-8")


@click.command("check", cls=Command, short_help="Somebody else's derivation, line by line.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|-…")
@click.option("--define", multiple=True, metavar="'p_i = …'", help="What the text leaves out.")
@click.option("--assume", multiple=True, metavar="'…'", help="What it takes for granted.")
@click.option(
    "--format", "-f", type=OneOf("format", FORMATS), help="How it is written.  Default: text."
)
@click.option("--timeout", type=click.FloatRange(min=0.1), default=300.0, help="Seconds a file.")
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_schema,
    help="Print the schema of the JSON, and end.",
)
@click.option(
    "--language", **{**LAYOUT["language"], "help": "Of what is said; JSON stays English."}
)
@click.option("--output", "-o", metavar="FILE", help="Write there instead of showing it.")
def command(
    files: tuple[str, ...],
    define: tuple[str, ...],
    assume: tuple[str, ...],
    format: str | None,
    timeout: float,
    language: str,
    output: str | None,
) -> int:
    """Say of each line of a derivation whether it follows, and name the first that does not.

    FILE is LaTeX, Markdown, a notebook, or a text with a line a step; - is the standard input.

    \b
      symderiv check paper.tex
      symderiv check notes.md --assume '\\sum_i y_i = 1'
      symderiv check - -f json < answer.md

    Exit status: 0 every line follows as it stands; 1 a line is wrong; 3 no line is wrong, but some
    need what the text does not say, or were not read or not decided, or none claims anything; 2 the
    request was wrong.
    """
    for name in files:
        reads(name)
    if output is not None:
        check_output(output)
    reports = []
    for name in files:
        with working(f"reading {name}") as progress:
            if name == "-":
                given: dict[str, Any] = {"text": read_text(name, LONGEST)}
            else:
                kind = KINDS.get(Path(name).suffix.lower().removeprefix("."), "")
                given = {"text": "", "kind": kind, "name": name, "loaded": late.checking.load(name)}
            given |= {"define": define, "assume": assume, "timeout": timeout, "say": progress.at}
            reports.append(late.checking.check(**given))
    target = format or ("html" if (output or "").lower().endswith(".html") else "text")
    if target == "json":
        data = [report.as_data() for report in reports]
        send(json.dumps(data[0] if len(data) == 1 else data, indent=2, ensure_ascii=False), output)
    elif target == "html":
        send(late.checks.write_page(reports, language), output)
    else:
        if target == "latex" and len(reports) > 1:
            raise Mistake("-f latex takes one file, whose text it marks")
        colour = on_terminal(output) and not os.environ.get("NO_COLOR")
        look: dict[str, Any] = {"colour": colour, "language": language}
        send("\n".join(late.checks.write(r, target, **look) for r in reports), output)
    statuses = {report.status for report in reports}
    return 1 if 1 in statuses else max(statuses)
