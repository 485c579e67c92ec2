"""`symderiv jacobian`, `gradient`, `hessian`: the derivatives of functions of the catalogue.

Gives `command`, the command of a kind: only the one that is called for is made.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import click

from symderiv.cli.delivery import answered
from symderiv.cli.destination import Destination, page_options
from symderiv.cli.once import Command
from symderiv.cli.options import Asking, check_point, request_options
from symderiv.cli.parameters import Function

# What each says of itself, in a line and in full, and the function that it derives by default.
SAID: dict[str, tuple[str, str, str | None]] = {
    "jacobian": (
        "A Jacobian, derived line by line.",
        """Derive the Jacobian of FUNCTION (softmax), for every size K or a chosen one.

        \b
          symderiv jacobian --k 3
          symderiv jacobian --k 3 --entry 1,2
          symderiv jacobian --route product --symbols z=o
          symderiv jacobian --k 3 --at 1,2,3 -o softmax.tex
        """,
        "softmax",
    ),
    "gradient": (
        "The gradient of a loss, through its layers if wanted.",
        """Derive the gradient of FUNCTION, for every size K or a chosen one.

        \b
          symderiv gradient cross-entropy
          symderiv gradient cross-entropy --soft
          symderiv gradient cross-entropy --k 3 --target 2
          symderiv gradient cross-entropy --wrt W --batch mean
        """,
        None,
    ),
    "hessian": (
        "The second derivatives of a loss.",
        """Derive the Hessian of FUNCTION, for every size K or a chosen one.

        \b
          symderiv hessian cross-entropy
          symderiv hessian cross-entropy --wrt W
        """,
        None,
    ),
}


@cache
def command(kind: str) -> click.Command:
    """The command that derives one kind of derivative."""
    short, text, default = SAID[kind]
    given: dict[str, Any] = {} if default is None else {"default": default}

    @click.command(kind, cls=Command, short_help=short, help=text)
    @click.argument("function", type=Function(kind), **given)
    @request_options(without=("shape", "macros"))
    @page_options()
    def made(function: str, asked: Asking, destination: Destination) -> int:
        request = asked(function)
        check_point(request, destination.setting.at)
        return answered(kind, request, destination, f"deriving the {kind} of {function}")

    return made
