"""`symderiv recheck`: every line of a derivation in JSON once more, by a file that stands alone."""

from __future__ import annotations

import click

from symderiv.cli.delivery import send
from symderiv.cli.once import Command
from symderiv.files import read_text
from symderiv.mistakes import Mistake
from symderiv.recheck import recheck

LONGEST = 100_000_000  # characters


@click.command("recheck", cls=Command, short_help="Every line of a derivation in JSON, once more.")
@click.argument("file", metavar="FILE")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1, max=3600.0),
    default=30.0,
    help="The longest it may take.  Default: 30.",
)
def command(file: str, seconds: float) -> int:
    """Check every line of a derivation that `-f json` wrote, with arithmetic of its own.

    FILE is - for the standard input.  Both sides of every line are evaluated at sizes 1 to 4 and
    at points drawn to part them; of a network every adjoint as well, against the derivative of the
    loss.  Definitions, declared facts and the lengths of axes are taken from the file.  The exit
    status is 1 if a line does not hold, or could not be evaluated.  The same file runs alone:
    python recheck.py FILE.

    \b
      symderiv gradient cross-entropy -f json -o gradient.json
      symderiv recheck gradient.json
    """
    try:
        status, said = recheck(read_text(file, LONGEST), seconds)
    except Mistake:
        raise
    except ValueError as error:
        raise Mistake(f"{file}: {error}") from None
    send(said, None)
    return status
