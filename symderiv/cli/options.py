"""Options: what several commands share, read once and refused in one sentence.

Gives `written_for` (the option `--for`), `ROWS` (the option of each field of a `Request` or
`NetworkRequest`) and `request_options`, which hands a command its request once it has the function.
Those that say how a page is to look are in `symderiv.cli.destination`.

Floor 5: imports click, the request and floor 0 at load, nothing heavy.

To add an option: a field of the request, and its help here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from symderiv import late
from symderiv.cli.parameters import Entry, OneOf, Renaming, Seconds, Size, Text, gathered, rows
from symderiv.documents.setting import Point
from symderiv.face.request import BATCHES, WEAKER, NetworkRequest, Request
from symderiv.mistakes import Mistake
from symderiv.patience import SECONDS

if TYPE_CHECKING:
    from symderiv.emit import targets
else:
    targets = late.module("symderiv.emit.targets")

written_for = click.option(
    "--for",
    "arrays",
    type=OneOf("target", lambda: targets.TARGETS),
    default="numpy",
    help="For which arrays source is written; default: numpy.",
)


def check_written_for(target: str, file: str | None) -> None:
    """Refuse arrays for which nothing is written.

    Raises
    ------
    Mistake
        where source is to be for a library, and no file is named.
    """
    if target != "numpy" and file is None:
        raise Mistake(f"--for {target}: it goes with --emit FILE, the file that is written")


HELP = {
    "wrt": "Differentiate by this: z, W, b or x.",
    "data": "Arrays of which no gradient is wanted.",
    "loss": "The stage that is the loss, where several could be.",
    "assume": "A fact that holds: 'sum(y[i], i) = 1'.",
    "claim": "Decide whether the derivative equals this.",
    "k": "A chosen size, its sums written out; else every size.",
    "entry": "One entry alone, indices from 1.",
    "route": "Another way to the same answer, as `list` names it.",
    "symbols": "Other names for the symbols.",
    "target": "A class label, from 1.",
    "soft": "Soft targets y_i that sum to one.",
    "batch": "Over a batch: its mean (as with no word) or its sum.",
    "shape": "Vector notation: the shapes of names.",
    "macros": "LaTeX: a file with your \\newcommand definitions.",
    "accept": "Let a claim hold that only agrees at many points.",
    "timeout": "Give up after so many seconds.",
    "unfold": "A closed form, however many stages it goes through.",
}
_REDUCTION = OneOf("reduction", BATCHES)
TYPED: dict[str, dict[str, Any]] = {
    "wrt": {"multiple": True, "metavar": "NAME"},
    "data": {"multiple": True, "metavar": "x,t"},
    "loss": {"metavar": "NAME"},
    "assume": {"multiple": True, "metavar": "FACT"},
    "claim": {"metavar": "FORMULA"},
    "k": {"type": Size()},
    "entry": {"type": Entry(), "metavar": "i,j"},
    "route": {"metavar": "NAME"},
    "symbols": {"type": Renaming(), "metavar": "z=o,p=s"},
    "target": {"type": Size("a class label"), "metavar": "LABEL"},
    "batch": {"is_flag": False, "flag_value": "mean", "type": _REDUCTION},
    "shape": {"metavar": "'X: N,D; lam: 1'"},
    "macros": {"type": Text(), "metavar": "FILE"},
    "accept": {"type": OneOf("strength", WEAKER), "metavar": "numeric"},
    "timeout": {"type": Seconds(), "show_default": f"{SECONDS:g}", "metavar": "SECONDS"},
}
ROWS = rows(HELP, TYPED, NetworkRequest, Request)

Asking = Callable[[str], Request]
AskingNetwork = Callable[[str], NetworkRequest]


def request_options(
    make: type[Request] | type[NetworkRequest] = Request,
    without: tuple[str, ...] = (),
    **other: dict[str, Any],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator: the options of a request, handed to the command as what makes it, `asked`.

    Parameters
    ----------
    make : the request
    without : its fields that are no options here
    other : what is said otherwise here of an option, by its field
    """
    known = {field.name for field in fields(make)} - {*without}
    given = {name: {**row, **other.get(name, {})} for name, row in ROWS.items() if name in known}

    def asked(said: dict[str, Any]) -> dict[str, Any]:
        if make is Request:
            said["wrt"] = said["wrt"] or None
        return {"asked": lambda function: make(function, **said)}

    return gathered(given, asked)


def check_point(request: Request, at: Point | None) -> None:
    """Do the entry (of axes of size K), the label and the numbers belong to a size K?

    Raises
    ------
    Mistake
        naming the option, what it was given, and the sizes that do not agree.
    """
    k, target = request.k, request.target
    if k is None:
        return
    if request.entry is not None and not request.variables and any(n > k for n in request.entry):
        typed = ",".join(map(str, request.entry))
        raise Mistake(f"--entry {typed}: at K = {k} the indices run from 1 to {k}")
    if target is not None and target > k:
        raise Mistake(f"--target {target}: at K = {k} the labels run from 1 to {k}")
    if isinstance(at, tuple) and len(at) != k:
        raise Mistake(
            f"--at {','.join(at)}: K = {k} takes {k} number{'s' * (k > 1)}, not {len(at)}"
        )
