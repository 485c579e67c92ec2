"""`symderiv hessian`: the second derivatives of a function of the catalogue."""

from __future__ import annotations

from typing import Any

import click

from symderiv.cli.delivery import deliver, working
from symderiv.cli.options import Function, check_point, loss_options, problem_options
from symderiv.cli.sheet import Sheet, sheet_options


@click.command("hessian", short_help="The second derivatives of a loss.")
@click.argument("function", type=Function("hessian"))
@loss_options
@problem_options
@sheet_options
def command(function: str, sheet: Sheet, k: int | None, point: Any, **asked: Any) -> int:
    """Derive the Hessian of FUNCTION, for every size K or a chosen one.

    \b
      symderiv hessian cross-entropy
      symderiv hessian cross-entropy --wrt W
    """
    check_point(k, None if asked["wrt"] else asked["entry"], point, asked["target"])
    from symderiv.session import hessian

    with working(f"deriving the Hessian of {function}"):
        derivation = hessian(function, k=k, **asked)
    return deliver(derivation, sheet, point)
