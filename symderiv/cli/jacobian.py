"""`symderiv jacobian`: the Jacobian of a function of the catalogue, softmax by default."""

from __future__ import annotations

from typing import Any

import click

from symderiv.cli.delivery import deliver, working
from symderiv.cli.options import Function, check_point, problem_options
from symderiv.cli.sheet import Sheet, sheet_options


@click.command("jacobian", short_help="A Jacobian, derived line by line.")
@click.argument("function", type=Function("jacobian"), default="softmax")
@click.option("--wrt", metavar="NAME", help="Differentiate by this array.")
@problem_options
@sheet_options
def command(function: str, sheet: Sheet, k: int | None, point: Any, **asked: Any) -> int:
    """Derive the Jacobian of FUNCTION (softmax), for every size K or a chosen one.

    \b
      symderiv jacobian --k 3
      symderiv jacobian --k 3 --entry 1,2
      symderiv jacobian --route product --symbols z=o
      symderiv jacobian --k 3 --at 1,2,3 -o softmax.tex
    """
    check_point(k, None if asked["wrt"] else asked["entry"], point)
    from symderiv.session import jacobian

    with working(f"deriving the Jacobian of {function}"):
        derivation = jacobian(function, k=k, **asked)
    return deliver(derivation, sheet, point)
