"""Deliveries: a result to the place it was asked for, and what is said while it is made.

Gives `deliver` (a derivation as a page), `send` (text or bytes), `working` (a line on the
terminal when work takes over a second) and `Progress` (the same with a count).

Floor 5: imports click, destinations and floor 0; the rest is late.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from symderiv.cli.destination import Destination, command_line
from symderiv.documents.targets import PICTURES
from symderiv.face import late
from symderiv.files import replace

if TYPE_CHECKING:
    from symderiv.derivation import Derivation

PATIENCE = 1.0  # seconds before anything is said
ESTABLISHED = ("proved", "exact at sizes", "numeric")


def send(content: str | bytes, output: str | None) -> None:
    """Write a result whole to a file, or to the standard output."""
    if output is not None and output != "-":
        replace(output, content)
    elif isinstance(content, bytes):
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        click.echo(content, nl=not content.endswith("\n"))


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
    if not sys.stderr.isatty():
        yield progress
        return
    teller = threading.Thread(target=progress._show, daemon=True)
    teller.start()
    try:
        yield progress
    finally:
        progress._over.set()
        teller.join()


def deliver(answer: Derivation, page: Destination) -> int:
    """Write an answer as the page that was asked for; the exit status."""
    setting = page.setting
    if page.format == "json":
        send(late.as_json(answer, setting.at, full=setting.full), page.output)
        return _status(answer)
    made = late.present(answer, setting, command_line(page))
    if page.format in PICTURES:
        with working(f"setting {page.output}"):
            picture = late.press(made, page.format, page.engine, setting)
        send(picture, page.output)
    elif page.on_terminal:
        late.show(made, setting)
    else:
        send(late.write(made, page.format, setting), page.output)
    return _status(answer)


def _status(answer: Derivation) -> int:
    return 0 if answer.strength in ESTABLISHED else 1
