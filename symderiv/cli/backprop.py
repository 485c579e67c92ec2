"""`symderiv backprop`: every gradient of a network, one lemma an edge of its graph."""

from __future__ import annotations

import click

from symderiv.cli.delivery import deliver, send, working
from symderiv.cli.derive import Formula
from symderiv.cli.destination import Destination, page_options
from symderiv.cli.formula import formula_text
from symderiv.cli.options import check_written_for, written_for
from symderiv.face import late
from symderiv.files import check_writable


@click.command("backprop", cls=Formula, short_help="All gradients of a network.")
@click.argument("network", required=False)
@click.option("--file", metavar="FILE", help="Read the network there, whatever its name.")
@click.option(
    "--wrt", multiple=True, metavar="W1", help="By this alone; else every given array that is "
    "no label."
)  # fmt: skip
@click.option("--data", metavar="x,t", help="Arrays of which no gradient is wanted.")
@click.option("--loss", metavar="NAME", help="The stage that is the loss, where several could be.")
@click.option(
    "--assume", multiple=True, metavar="FACT", help="A fact that holds: 'sum(y[i], i) = 1'."
)
@click.option("--emit", metavar="FILE", help="Write value and gradients there as source.")
@written_for
@page_options("at", "style", "notation", "full", keeps=False)
def command(
    network: str | None,
    destination: Destination,
    file: str | None,
    emit: str | None,
    target: str,
    wrt: tuple[str, ...],
    data: str | None,
    loss: str | None,
    assume: tuple[str, ...],
) -> int:
    """Derive all gradients of NETWORK: stages and, last, the loss; a text, a file, or -.

    \b
      symderiv backprop net.txt --emit net.py
      symderiv backprop "h[i] = tanh(sum(W[i,j]*x[j], j)); sum((h[i]-t[i])**2, i)" --data x,t

    Every stage has an adjoint, the loss's derivative by it, each term of it a lemma that is derived
    and judged with the other stages as arrays.
    """
    text = formula_text(network, file)
    if emit is not None:
        check_writable(emit)
    check_written_for(target, emit)
    with working("deriving"):
        left_out = tuple(part.strip() for part in (data or "").split(",") if part.strip())
        made = late.backprop(text, wrt=wrt, data=left_out, loss=loss, assume=assume)
    for sentence in made.warnings:
        click.echo(f"symderiv: {sentence}", err=True)
    status = deliver(made, destination)
    if emit is not None and status == 0:
        with working(f"writing and checking {emit}"):
            source = made.emit(target=target)
        send(source, emit)
    return status
