"""Deliveries: a result to the place it was asked for, and what is said while it is made.

Gives `answered` (what was asked, derived or kept, as a page), `emitted` (the same, and its
functions as source), `send` (text or bytes), `send_json`, `working` (a line on the
terminal when work takes over a second) and `Progress` (the same with a count).

Floor 5: imports destinations and floor 0; the rest is late.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from symderiv.cli import kept
from symderiv.cli.destination import Destination, command_line, encodable
from symderiv.cli.inputs import check_output
from symderiv.documents.targets import PICTURES
from symderiv.face import late
from symderiv.face.request import NetworkRequest
from symderiv.files import replace
from symderiv.mistakes import Mistake

if TYPE_CHECKING:
    from symderiv.derivation import Derivation
    from symderiv.face.networks import Gradients
    from symderiv.face.request import Request

NETWORK = "network"  # the kind of a request for all gradients
PATIENCE = 1.0  # seconds before anything is said
ESTABLISHED = ("proved", "exact at sizes", "numeric")


def send(content: str | bytes, output: str | None) -> None:
    """Write a result whole to a file, or to the standard output.

    Text that the encoding of the standard output cannot hold goes there as UTF-8, as to a file.

    Raises
    ------
    Mistake
        where the file cannot be written, or there is no standard output.
    """
    if output is not None and output != "-":
        check_output(output)
        replace(output, content)
        return
    if sys.stdout is None:
        raise Mistake("there is no standard output to write to; -o FILE names a file")
    if isinstance(content, str):
        content = content if content.endswith("\n") else f"{content}\n"
        if encodable(content):
            sys.stdout.write(content)
            return
        content = content.encode()
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def send_json(text: str, output: str | None) -> None:
    """Write JSON, which is UTF-8 everywhere; to an output of another encoding in ASCII."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # a string in memory has none
    other = output in (None, "-") and encoding.lower() != "utf-8"
    send(re.sub(r"[^\x00-\x7f]+", _escaped, text) if other else text, output)


def _escaped(found: re.Match[str]) -> str:
    """What is not ASCII stands in strings only: é -> \\u00e9."""
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[n : n + 4]}" for n in range(0, len(units), 4))


class Progress:
    """What is being done, shown on the terminal once it takes over a second.

    Nothing is shown where the standard error is no terminal.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._begun = time.monotonic()
        self._over = threading.Event()

    def at(self, what: str, share: float) -> None:
        """Say what is being done now, and which share of it all is done."""
        self.what = f"{share:4.0%} {what}"

    def _show(self) -> None:
        shown = 0
        while not self._over.wait(PATIENCE if not shown else 0.5):
            seconds = int(time.monotonic() - self._begun)
            line = f"{self.what} … {seconds} s"
            sys.stderr.write("\r" + line.ljust(shown))
            sys.stderr.flush()
            shown = len(line)
        if shown:
            sys.stderr.write("\r" + " " * shown + "\r")
            sys.stderr.flush()


@contextmanager
def working(what: str) -> Iterator[Progress]:
    """Say on the terminal what is being done, if it takes over a second."""
    progress = Progress(what)
    if sys.stderr is None or not sys.stderr.isatty():
        yield progress
        return
    teller = threading.Thread(target=progress._show, daemon=True)
    teller.start()
    try:
        yield progress
    finally:
        progress._over.set()
        teller.join()


def answered(
    kind: str, request: Request | NetworkRequest, destination: Destination, what: str
) -> int:
    """Derive what was asked, or find the page kept of it, and write it; the exit status.

    A page beside which something is to be said is not kept.
    """
    asked = None
    if destination.keeps and destination.format not in PICTURES:
        pretty = destination.on_terminal
        asked = (kind, request, destination, pretty, command_line(destination))
        page = kept.find(*asked)
        if page is not None:
            _send(page, destination)
            return 0
    answer = derived(kind, request, what)
    content = _made(answer, destination)
    _send(content, destination)
    status = _status(answer)
    plain = status == 0 and not getattr(answer, "warnings", ())
    if asked is not None and plain and isinstance(content, str):
        if sys.stdout is not None:
            sys.stdout.flush()  # the answer first, then what is kept of it
        kept.keep(content, *asked)
    return status


def derived(kind: str, request: Request | NetworkRequest, what: str) -> Any:
    """The answer, or of a network its gradients, with what a person should know said beside it."""
    with working(what):
        if not isinstance(request, NetworkRequest):
            return late.answer(kind, request)
        made = late.backprop(request)
    for sentence in made.warnings:
        click.echo(f"symderiv: {sentence}", err=True)
    return made


def emitted(
    kind: str, request: Request | NetworkRequest, destination: Destination, emit: str, target: str
) -> int:
    """The same, and where nothing is wrong the source of its functions into a file."""
    answer = derived(kind, request, "deriving")
    _send(_made(answer, destination), destination)
    status = _status(answer)
    if status:
        click.echo(f"symderiv: {emit} is not written: not all of this is proved", err=True)
        return status
    with working(f"writing and checking {emit}"):
        source = answer.emit(target=target)
    send(source, emit)
    return status


def _made(answer: Derivation | Gradients, destination: Destination) -> str | bytes:
    """The page that was asked for."""
    setting = destination.setting
    if destination.format == "json":
        return late.as_json(answer, setting.at, full=setting.full)
    shows = destination.format == "html"
    page = late.present(answer, setting, command_line(destination), pictures=shows)
    if destination.format in PICTURES:
        with working(f"setting {destination.output}"):
            return late.press.press(
                page, destination.format, engine=destination.engine, setting=setting
            )
    if destination.on_terminal:
        return late.terminal.on_terminal(page, setting)
    return late.targets.write(page, destination.format, setting)


def _send(content: str | bytes, destination: Destination) -> None:
    if destination.format == "json" and isinstance(content, str):
        send_json(content, destination.output)
    else:
        send(content, destination.output)


def _status(answer: Derivation | Gradients) -> int:
    return 0 if answer.strength in ESTABLISHED else 1
