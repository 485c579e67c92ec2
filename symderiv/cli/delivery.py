"""Deliveries: a result to the place it was asked for, and what is said while it is made.

Gives `deliver` (a derivation as a page), `deliver_network` (the gradients of a network), `send`
(text or bytes), `working` (a line on the terminal when work takes over a second) and `Progress`
(the same with a count).

Floor 5: imports click and floor 0 at load, the rest late.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from symderiv.cli.sheet import PICTURES, Sheet, command_line
from symderiv.files import replace

if TYPE_CHECKING:
    from symderiv.derivation import Derivation
    from symderiv.documents.blocks import Page
    from symderiv.documents.points import Point
    from symderiv.gradients import Gradients

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


def deliver(derivation: Derivation, sheet: Sheet, point: Point | None = None) -> int:
    """Write a derivation as the page that was asked for; the exit status."""
    if sheet.format == "json":
        send(_data(derivation, sheet, point), sheet.output)
    else:
        _deliver_page(derivation, sheet, point)
    return 0 if derivation.strength in ESTABLISHED else 1


def _deliver_page(derivation: Derivation, sheet: Sheet, point: Point | None) -> None:
    from symderiv.documents.presentation import present

    made = present(
        derivation,
        detail=sheet.detail,
        style=sheet.style,
        point=point,
        command=command_line(sheet),
    )
    _send_page(made, sheet)


def deliver_network(gradients: Gradients, sheet: Sheet) -> int:
    """Write a network's gradients as the page that was asked for; the exit status."""
    if sheet.format == "json":
        import json

        send(json.dumps(gradients.data(), ensure_ascii=False, indent=2), sheet.output)
    else:
        from symderiv.documents.networks import chapter

        command = command_line(sheet)
        _send_page(
            chapter(gradients.made, gradients.trial, detail=sheet.detail, command=command), sheet
        )
    return 0 if gradients.strength in ESTABLISHED else 1


def _send_page(made: Page, sheet: Sheet) -> None:
    from symderiv.documents import Setting, write

    setting = Setting(
        rules=sheet.rules,
        width=sheet.width,
        ascii=sheet.ascii,
        full=sheet.full,
        standalone=sheet.standalone,
        beamer=sheet.beamer,
        restyle=sheet.restyle,
    )
    if sheet.format in PICTURES:
        from symderiv.documents.press import press

        with working(f"setting {sheet.output}"):
            picture = press(made, sheet.format, engine=sheet.engine, setting=setting)
        send(picture, sheet.output)
    elif sheet.on_terminal:
        from symderiv.documents.terminal import show

        show(made, setting)
    else:
        send(write(made, sheet.format, setting), sheet.output)


def _data(derivation: Derivation, sheet: Sheet, point: Point | None) -> str:
    import json

    from symderiv.serialisation import as_data

    data = as_data(derivation, point=point, full=sheet.full)
    return json.dumps(data, ensure_ascii=False, indent=2)
