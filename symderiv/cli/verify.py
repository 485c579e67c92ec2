"""`symderiv verify`: the functions, and a user's own, against exact values."""

from __future__ import annotations

import json
import shutil
from typing import Any

import click

from symderiv.cli.delivery import Progress, send, send_json, working
from symderiv.cli.destination import DRAWN, format_of, on_terminal
from symderiv.cli.once import Command
from symderiv.cli.parameters import OneOf
from symderiv.documents.setting import Setting
from symderiv.documents.targets import PICTURES, TARGETS
from symderiv.face import late
from symderiv.files import check_writable
from symderiv.mistakes import Mistake, listed


@click.command("verify", cls=Command, short_help="The functions' accuracy, or that of your own.")
@click.argument("functions", nargs=-1, metavar="[FUNCTION]…")
@click.option("--against", metavar="MODULE:FUNCTION", help="Check your own, or FILE.py:FUNCTION.")
@click.option(
    "--function", "name", metavar="NAME", help="What yours computes; with --wrt a formula."
)
@click.option("--wrt", multiple=True, metavar="X", help="The formula is differentiated by this.")
@click.option("--assume", multiple=True, metavar="FACT", help="A fact about the formula.")
@click.option("--shape", default="", metavar="'X: N,D; lam: 1'", help="Its names' shapes.")
@click.option(
    "--format", "-f", type=OneOf("format", ("text", "json")), default="text", help="Default: text."
)
@click.option(
    "--plot", is_flag=True, help="Yours: a picture of its errors, into -o FILE.svg, .pdf, .html, …."
)
@click.option("--output", "-o", metavar="FILE", help="Write there instead of showing it.")
def command(
    functions: tuple[str, ...],
    against: str | None,
    name: str | None,
    wrt: tuple[str, ...],
    assume: tuple[str, ...],
    shape: str,
    format: str,
    plot: bool,
    output: str | None,
) -> int:
    """Compare the functions with exact values, at the points that an opponent would choose.

    With --against, NAME is a function of the catalogue, whose first derivative yours computes
    (or, as in cross-entropy-value, its value), or a name in symderiv.functions; with --wrt it is a
    formula. Yours is called with the arguments of that, by name or in order, one row or a batch, in
    NumPy's arrays or, where it takes no others, in those of torch or JAX.

    The exit status is 1 if a bound does not hold, or yours is wrong somewhere; one that is right
    and loses digits is said to, with status 0.

    \b
      symderiv verify
      symderiv verify softmax_jacobian gelu
      symderiv verify --against mymodule:my_gradient --function cross-entropy
      symderiv verify --against mine.py:slope --function "sum(x[i]**3, i)" --wrt "x[j]"
    """
    if output is not None:
        check_writable(output)
    if (against is None) != (name is None):
        raise Mistake("--against MODULE:FUNCTION and --function NAME go together")
    if (wrt or assume or shape) and against is None:
        raise Mistake("--wrt, --assume, --shape go with --against, where --function is a formula")
    if against is not None and functions:
        raise Mistake(f"{functions[0]}: with --against, --function names what is computed")
    drawn = format_of(output) if plot else ""
    if plot and (against is None or drawn not in DRAWN or format == "json"):
        suffixes = listed([f"FILE{TARGETS[name].suffix}" for name in DRAWN], "or")
        raise Mistake(f"--plot: it goes with --against and -o {suffixes}")
    with working("loading") as progress:
        report = _report(functions, against, name, progress, wrt, assume, shape)
    if plot:
        page, setting = late.page_of_check(report), Setting(standalone=True)
        if drawn in PICTURES:
            send(late.press.press(page, drawn, engine=None, setting=setting), output)
        else:
            send(late.targets.write(page, drawn, setting), output)
    elif format == "json":
        send_json(json.dumps(report.as_json(), ensure_ascii=False, indent=2), output)
    elif against is None and on_terminal(output):
        send(report.text(shutil.get_terminal_size((80, 24)).columns), output)
    else:
        send(report.text(), output)
    return 0 if report.holds else 1


def _report(
    functions: tuple[str, ...],
    against: str | None,
    name: str | None,
    progress: Progress,
    wrt: tuple[str, ...],
    assume: tuple[str, ...],
    shape: str,
) -> Any:
    if against is not None and name is not None:
        return late.own.check_gradient(
            against, name, wrt=wrt, assume=assume, shape=shape, progress=progress.at
        )
    return late.report.verify(functions, progress.at)
