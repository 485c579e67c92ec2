"""`symderiv export`: the book of derivations, written or checked."""

from __future__ import annotations

import click

from symderiv.mistakes import Mistake


@click.command("export", short_help="All derivations into a directory, or is it up to date?")
@click.argument("directory")
@click.option("--check", is_flag=True, help="Write nothing; show what differs, exit 1 if any does.")
def command(directory: str, check: bool) -> int:
    """Write LaTeX and Markdown of every derivation of the catalogue into DIRECTORY.

    \b
      symderiv export derivations/
      symderiv export --check derivations/
    """
    raise Mistake("export is not there yet")
