"""`symderiv export`: the book of derivations, written or checked."""

from __future__ import annotations

from importlib import resources

import click

from symderiv.cli.delivery import send, working
from symderiv.cli.destination import ROWS as LAYOUT
from symderiv.cli.once import Command
from symderiv.face import late
from symderiv.files import check_writable
from symderiv.mistakes import Mistake


@click.command(
    "export", cls=Command, short_help="All derivations into a directory, or is it up to date?"
)
@click.argument("directory", required=False)
@click.option("--check", is_flag=True, help="Write nothing; show what differs, exit 1 if any does.")
@click.option("--html", is_flag=True, help="A site of HTML instead, with an index and its search.")
@click.option("--language", **{**LAYOUT["language"], "help": "With --html: of the site."})
@click.option("--book", "source", metavar="FILE", help="One LaTeX document of them all, instead.")
@click.option("--sty", metavar="FILE", help="The macros of --restyle, symderiv.sty, instead.")
def command(
    directory: str | None,
    check: bool,
    html: bool,
    language: str,
    source: str | None,
    sty: str | None,
) -> int:
    """Write LaTeX and Markdown of every derivation of the catalogue into DIRECTORY.

    \b
      symderiv export derivations/
      symderiv export --check derivations/
      symderiv export --html site/ --language de
      symderiv export --sty symderiv.sty
    """
    places = [place for place in (directory, source, sty) if place is not None]
    if len(places) != 1 or (check and directory is None):
        raise Mistake("name a DIRECTORY to write or to --check, or a FILE for the --book or --sty")
    if html and directory is None:
        raise Mistake("--html: a site is a DIRECTORY; --book and --sty are a FILE of LaTeX")
    if language != "en" and not html:
        raise Mistake(f"--language {language}: it goes with --html; the book is in English")
    if sty is not None:
        send(resources.files("symderiv").joinpath("symderiv.sty").read_text("utf-8"), sty)
        return 0
    if source is not None:
        check_writable(source)
    with working("deriving") as progress:
        derivations = late.book(progress.at)
        if source is not None:
            send(late.documents.book_source(derivations), source)
            return 0
        if html:
            differences = late.export_site(derivations, str(directory), language, check=check)
        else:
            differences = late.documents.export(derivations, str(directory), check=check)
    if not check:
        click.echo(f"{directory}: {len(differences)} files written anew", err=True)
        return 0
    for difference in differences:
        click.echo(str(difference))
    return 1 if differences else 0
