"""`symderiv emit`: NumPy source for somebody else's project."""

from __future__ import annotations

import click

from symderiv.cli.delivery import send, working
from symderiv.cli.options import Function
from symderiv.face import late
from symderiv.files import check_writable


@click.command("emit", short_help="Self-contained NumPy source of a function and its derivatives.")
@click.argument("functions", nargs=-1, required=True, type=Function())
@click.option("--only", multiple=True, metavar="PART", help="value, gradient, jacobian, hessian, …")
@click.option("--output", "-o", metavar="FILE", help="Write there instead of showing it.")
def command(functions: tuple[str, ...], only: tuple[str, ...], output: str | None) -> int:
    """Write the NumPy source of FUNCTIONS, which imports NumPy alone.

    \b
      symderiv emit cross-entropy --only gradient -o losses.py

    Each function is run first, and held against exact values.
    """
    if output is not None:
        check_writable(output)
    with working(f"deriving {', '.join(functions)}"):
        source = late.catalogue_source(functions, only)
    send(source, output)
    return 0
