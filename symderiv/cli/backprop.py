"""`symderiv backprop`: every gradient of a network, one lemma an edge of its graph."""

from __future__ import annotations

import click

from symderiv.cli.delivery import NETWORK, answered, emitted
from symderiv.cli.derive import Formula
from symderiv.cli.destination import Destination, page_options
from symderiv.cli.inputs import check_output, formula_text
from symderiv.cli.options import (
    AskingNetwork,
    check_written_for,
    request_options,
    written_for,
)
from symderiv.face.request import NetworkRequest


@click.command("backprop", cls=Formula, short_help="All gradients of a network.")
@click.argument("network", required=False)
@click.option("--file", metavar="FILE", help="Read the network there, whatever its name.")
@click.option("--emit", metavar="FILE", help="Write value and gradients there as source.")
@written_for
@request_options(
    NetworkRequest,
    wrt={"metavar": "W,b", "help": "By these alone; else every given array that is no label."},
    claim={
        "multiple": True,
        "metavar": "EQUATION",
        "help": "Decide whether an adjoint or gradient is this: 'Wbar[i,j] = abar[i]*x[j]'.",
    },
    accept={"help": "Let a line or a claim hold that only agrees at many points."},
)
@page_options("at", "style", "full", "plot", "label")
def command(
    network: str | None,
    asked: AskingNetwork,
    destination: Destination,
    file: str | None,
    emit: str | None,
    arrays: str,
) -> int:
    """Derive all gradients of NETWORK: stages and, last, the loss; a text, a file, or -.

    \b
      symderiv backprop net.txt --emit net.py
      symderiv backprop "h[i] = tanh(sum(W[i,j]*x[j], j)); sum((h[i]-t[i])**2, i)" --data x,t

    Every stage has an adjoint, the loss's derivative by it, each term of it a lemma that is derived
    and judged with the other stages as arrays.  With --claim the exit status is 0 if it holds, 1 if
    it does not or cannot be decided.
    """
    request = asked(formula_text(network, file))
    if emit is not None:
        check_output(emit)
    check_written_for(arrays, emit)
    if emit is None:
        return answered(NETWORK, request, destination, "deriving")
    return emitted(NETWORK, request, destination, emit, arrays)
