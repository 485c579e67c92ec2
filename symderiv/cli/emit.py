"""`symderiv emit`: source for somebody else's project."""

from __future__ import annotations

import click

from symderiv.cli.delivery import send, working
from symderiv.cli.once import Command
from symderiv.cli.options import written_for
from symderiv.cli.parameters import Function
from symderiv.face import late
from symderiv.files import check_writable


@click.command(
    "emit", cls=Command, short_help="Self-contained source of a function and its derivatives."
)
@click.argument("functions", nargs=-1, required=True, type=Function())
@click.option("--only", multiple=True, metavar="PART", help="value, gradient, jacobian, hessian, …")
@written_for
@click.option("--output", "-o", metavar="FILE", help="Write there instead of showing it.")
def command(
    functions: tuple[str, ...], only: tuple[str, ...], arrays: str, output: str | None
) -> int:
    """Write the source of FUNCTIONS, which imports NumPy alone, or the library that it is for.

    \b
      symderiv emit cross-entropy --only gradient -o losses.py
      symderiv emit cross-entropy --for torch -o losses.py

    Each function is run first, and held against exact values.
    """
    if output is not None:
        check_writable(output)
    with working(f"deriving {', '.join(functions)}"):
        source = late.source.catalogue_source(functions, only, arrays)
    send(source, output)
    return 0
