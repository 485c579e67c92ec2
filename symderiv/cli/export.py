"""`symderiv export`: the book of derivations, written or checked."""

from __future__ import annotations

import click

from symderiv.cli.delivery import working


@click.command("export", short_help="All derivations into a directory, or is it up to date?")
@click.argument("directory")
@click.option("--check", is_flag=True, help="Write nothing; show what differs, exit 1 if any does.")
def command(directory: str, check: bool) -> int:
    """Write LaTeX and Markdown of every derivation of the catalogue into DIRECTORY.

    \b
      symderiv export derivations/
      symderiv export --check derivations/
    """
    with working("deriving") as progress:
        from symderiv.documents.book import export
        from symderiv.session import book

        differences = export(book(progress.at), directory, check=check)
    if not check:
        click.echo(f"{directory}: {len(differences)} files written anew", err=True)
        return 0
    for difference in differences:
        click.echo(str(difference))
    return 1 if differences else 0
