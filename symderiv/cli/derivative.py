"""`symderiv jacobian`, `gradient`, `hessian`: the derivatives of functions of the catalogue."""

from __future__ import annotations

import click

from symderiv.cli.delivery import answered
from symderiv.cli.destination import Destination, page_options
from symderiv.cli.options import Asking, check_point, request_options
from symderiv.cli.parameters import Function


def _command(kind: str, short: str, text: str, default: str | None = None) -> click.Command:
    """The command that derives one kind of derivative."""
    if default is None:
        argument = click.argument("function", type=Function(kind))
    else:
        argument = click.argument("function", type=Function(kind), default=default)

    @click.command(kind, short_help=short, help=text)
    @argument
    @request_options(without=("shape", "macros"))
    @page_options()
    def command(function: str, asked: Asking, destination: Destination) -> int:
        request = asked(function)
        check_point(request, destination.setting.at)
        return answered(kind, request, destination, f"deriving the {kind} of {function}")

    return command


jacobian = _command(
    "jacobian",
    "A Jacobian, derived line by line.",
    """Derive the Jacobian of FUNCTION (softmax), for every size K or a chosen one.

    \b
      symderiv jacobian --k 3
      symderiv jacobian --k 3 --entry 1,2
      symderiv jacobian --route product --symbols z=o
      symderiv jacobian --k 3 --at 1,2,3 -o softmax.tex
    """,
    "softmax",
)
gradient = _command(
    "gradient",
    "The gradient of a loss, through its layers if wanted.",
    """Derive the gradient of FUNCTION, for every size K or a chosen one.

    \b
      symderiv gradient cross-entropy
      symderiv gradient cross-entropy --soft
      symderiv gradient cross-entropy --k 3 --target 2
      symderiv gradient cross-entropy --wrt W --batch mean
    """,
)
hessian = _command(
    "hessian",
    "The second derivatives of a loss.",
    """Derive the Hessian of FUNCTION, for every size K or a chosen one.

    \b
      symderiv hessian cross-entropy
      symderiv hessian cross-entropy --wrt W
    """,
)
