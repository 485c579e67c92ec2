"""The commands by their names, each imported when it is called for.

Gives `COMMANDS`.  It is no part of the room's own file: what is imported late stands in the room
from then on, and who looks through a room is to find it as it was.

To add one: import its file late, and give it its name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from symderiv import late

if TYPE_CHECKING:
    from symderiv.cli import (
        backprop,
        check,
        derivative,
        derive,
        emit,
        export,
        listing,
        recheck,
        verify,
    )
else:
    backprop = late.module("symderiv.cli.backprop")
    check = late.module("symderiv.cli.check")
    derivative = late.module("symderiv.cli.derivative")
    derive = late.module("symderiv.cli.derive")
    emit = late.module("symderiv.cli.emit")
    export = late.module("symderiv.cli.export")
    listing = late.module("symderiv.cli.listing")
    recheck = late.module("symderiv.cli.recheck")
    verify = late.module("symderiv.cli.verify")


def _commands() -> dict[str, Callable[[], click.Command]]:
    """Each command by its name; its file is imported when it is called for."""
    return {
        "jacobian": lambda: derivative.command("jacobian"),
        "gradient": lambda: derivative.command("gradient"),
        "hessian": lambda: derivative.command("hessian"),
        "list": lambda: listing.command,  # a module called list would hide Python's own here
        "derive": lambda: derive.command,
        "backprop": lambda: backprop.command,
        "check": lambda: check.command,
        "recheck": lambda: recheck.command,
        "verify": lambda: verify.command,
        "emit": lambda: emit.command,
        "export": lambda: export.command,
    }


COMMANDS = _commands()
