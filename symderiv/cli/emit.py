"""`symderiv emit`: NumPy source for somebody else's project."""

from __future__ import annotations

import click

from symderiv.cli.delivery import send, working
from symderiv.cli.options import Function, Size
from symderiv.face import late
from symderiv.files import check_writable


@click.command("emit", short_help="Self-contained NumPy source of a function and its derivatives.")
@click.argument("functions", nargs=-1, required=True, type=Function())
@click.option("--only", multiple=True, metavar="PART", help="value, gradient, jacobian, hessian, …")
@click.option("--k", type=Size(), help="For one row of a chosen size, in Python's own floats.")
@click.option("--output", "-o", metavar="FILE", help="Write there instead of showing it.")
def command(
    functions: tuple[str, ...], only: tuple[str, ...], k: int | None, output: str | None
) -> int:
    """Write the NumPy source of FUNCTIONS, which imports NumPy alone.

    \b
      symderiv emit cross-entropy --only gradient -o losses.py
      symderiv emit softmax --k 3 -o softmax3.py

    With --k it is straight-line code that imports math alone: for a few classes and one row it
    is faster than any array.
    """
    if output is not None:
        check_writable(output)
    with working(f"deriving {', '.join(functions)}"):
        source = late.catalogue_source(functions, only, k)
    send(source, output)
    return 0
