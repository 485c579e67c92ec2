"""`symderiv gradient`: the gradient of a function of the catalogue."""

from __future__ import annotations

from typing import Any

import click

from symderiv.cli.delivery import deliver, working
from symderiv.cli.options import Function, check_point, loss_options, problem_options
from symderiv.cli.sheet import Sheet, sheet_options


@click.command("gradient", short_help="The gradient of a loss, through its layers if wanted.")
@click.argument("function", type=Function("gradient"))
@loss_options
@problem_options
@sheet_options
def command(function: str, sheet: Sheet, k: int | None, point: Any, **asked: Any) -> int:
    """Derive the gradient of FUNCTION, for every size K or a chosen one.

    \b
      symderiv gradient cross-entropy
      symderiv gradient cross-entropy --soft
      symderiv gradient cross-entropy --k 3 --target 2
      symderiv gradient cross-entropy --wrt W --batch mean
    """
    check_point(k, None if asked["wrt"] else asked["entry"], point, asked["target"])
    from symderiv.session import gradient

    with working(f"deriving the gradient of {function}"):
        derivation = gradient(function, k=k, **asked)
    return deliver(derivation, sheet, point)
