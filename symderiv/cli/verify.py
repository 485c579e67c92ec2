"""`symderiv verify`: the functions against arithmetic of high precision, in ulp."""

from __future__ import annotations

import click

from symderiv.cli.options import OneOf
from symderiv.files import check_writable
from symderiv.mistakes import Mistake


@click.command("verify", short_help="The functions' accuracy, or that of your own.")
@click.argument("functions", nargs=-1, metavar="[FUNCTION]…")
@click.option("--against", metavar="MODULE:FUNCTION", help="Check your own function instead.")
@click.option("--function", "name", metavar="NAME", help="What your function computes.")
@click.option("--format", "-f", type=OneOf("format", ("text", "json")), default="text")
@click.option("--output", "-o", metavar="FILE", help="Write there.")
def command(
    functions: tuple[str, ...],
    against: str | None,
    name: str | None,
    format: str,
    output: str | None,
) -> int:
    """Compare the functions with mpmath at 60 digits, over random and hard points.

    The exit status is 1 if a bound does not hold.

    \b
      symderiv verify
      symderiv verify softmax_jacobian
      symderiv verify --against mymodule:my_gradient --function cross-entropy
    """
    if output is not None:
        check_writable(output)
    raise Mistake("verify is not there yet")
