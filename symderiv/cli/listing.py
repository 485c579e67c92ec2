"""`symderiv list`: the catalogue, one line each."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from symderiv import catalogue
from symderiv.catalogue.names import Listed, listing
from symderiv.cli.delivery import send, send_json, working
from symderiv.cli.once import Command
from symderiv.cli.parameters import OneOf
from symderiv.face import late
from symderiv.files import check_writable


@click.command(
    "list", cls=Command, short_help="The catalogue: function, verdict, closed form, assumptions."
)
@click.option(
    "--format", "-f", type=OneOf("format", ("text", "json")), default="text", help="Default: text."
)
@click.option("--output", "-o", metavar="FILE", help="Write there instead of showing it.")
def command(format: str, output: str | None) -> int:
    """List the catalogue: each function with its verdict, closed form and assumptions."""
    if output is not None:
        check_writable(output)
    with working("reading the catalogue"):
        entries = listing()
    if format == "json":
        with working("looking for kinks"):
            rows = [{**asdict(e), "exceptions": _exceptions(e)} for e in entries]
        send_json(json.dumps(rows, ensure_ascii=False, indent=2), output)
    else:
        send(table(entries), output)
    for sentence in catalogue.refused().values():
        click.echo(f"symderiv: {sentence}", err=True)
    return 1 if catalogue.refused() else 0


def table(entries: tuple[Listed, ...]) -> str:
    """An entry a line: name, derivative, verdict, closed form, assumptions, routes, other names."""
    cells = [(e.name, _derivative(e), _closed_form(e)) for e in entries]
    left = max((len(name) for name, _, _ in cells), default=0)
    middle = max((len(what) for _, what, _ in cells), default=0)
    last = max((len(entry.verdict) for entry in entries), default=0)
    lines = []
    for (name, what, closed), entry in zip(cells, entries, strict=True):
        clause = f"  if {', '.join(entry.assumptions)}" if entry.assumptions else ""
        routes = f"  (routes: {', '.join(entry.routes)})" if len(entry.routes) > 1 else ""
        also = f"  (also {', '.join(entry.aliases)})" if entry.aliases else ""
        begin = f"{name:<{left}}  {what:<{middle}}  {entry.verdict:<{last}}"
        lines.append(f"{begin}  {closed}{clause}{routes}{also}")
    return "\n".join(lines)


def _exceptions(e: Listed) -> tuple[str, ...]:
    """Where the derivative does not exist."""
    return late.exceptions.exceptions(e.formula, e.wrt, e.closed_form, e.assumptions)


def _derivative(entry: Listed) -> str:
    if len(entry.formula) > 1 or len(entry.closed_form) > 1:
        return f"{entry.kind} in ({', '.join(entry.wrt)})"
    return f"{entry.kind} in {', '.join(entry.wrt)}"


def _closed_form(entry: Listed) -> str:
    forms = entry.closed_form
    if len(forms) == 1:
        return forms[0]
    columns = len(entry.wrt)
    rows = [", ".join(forms[n : n + columns]) for n in range(0, len(forms), columns)]
    return f"({'; '.join(rows)})"
