"""`symderiv verify`: the functions against arithmetic of high precision, in ulp."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import click

from symderiv.cli.delivery import Progress, send, working
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
    if (against is None) != (name is None):
        raise Mistake("--against MODULE:FUNCTION and --function NAME go together")
    with working("loading") as progress:
        report = _report(functions, against, name, progress)
    content = json.dumps(report.as_json(), indent=2) if format == "json" else report.text()
    send(content, output)
    return 0 if report.holds else 1


def _report(
    functions: tuple[str, ...], against: str | None, name: str | None, progress: Progress
) -> Any:
    if against is not None and name is not None:
        from symderiv.verification import check_user_function

        sys.path.insert(0, os.getcwd())  # a module beside which the command is typed
        return check_user_function(against, name)
    from symderiv.verification import verify

    return verify(functions, lambda what, share: progress.at(what, share))
