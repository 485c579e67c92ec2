"""`symderiv list`: the catalogue, one line each."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from symderiv.cli.delivery import send, working
from symderiv.cli.options import OneOf
from symderiv.files import check_writable

if TYPE_CHECKING:
    from symderiv.session import Listed


@click.command("list", short_help="The catalogue: function, closed form, assumptions.")
@click.option("--format", "-f", type=OneOf("format", ("text", "json")), default="text")
@click.option("--output", "-o", metavar="FILE", help="Write there.")
def command(format: str, output: str | None) -> int:
    """List the catalogue: each function with its closed form and its assumptions."""
    if output is not None:
        check_writable(output)
    from symderiv.session import listing

    with working("reading the catalogue"):
        entries = listing()
    if format == "json":
        send(json.dumps([asdict(e) for e in entries], ensure_ascii=False, indent=2), output)
    else:
        width = 80 if output else shutil.get_terminal_size((80, 24)).columns
        send(table(entries, width), output)
    return 0


def table(entries: tuple[Listed, ...], width: int) -> str:
    """One line an entry, the columns aligned; what is too wide for a line goes under it."""
    left = max((len(e.name) for e in entries), default=0)
    middle = max((len(e.kind) for e in entries), default=0)
    lines = []
    for entry in entries:
        line = f"{entry.name:<{left}}  {entry.kind:<{middle}}  {entry.closed_form}"
        clause = f"assuming {', '.join(entry.assumptions)}" if entry.assumptions else ""
        together = f"{line}   {clause}".rstrip()
        lines += (
            [together] if len(together) <= width else [line, " " * (left + middle + 4) + clause]
        )
    return "\n".join(line.rstrip() for line in lines)
