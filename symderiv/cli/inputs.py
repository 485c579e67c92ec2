"""Inputs: the files that a command was given to read, and does not write over.

Gives `given_text`, `reads` (a file that is read elsewhere) and `check_output`.

Floor 5: imports click and floor 0.
"""

from __future__ import annotations

import os

import click

from symderiv.files import check_writable, read_text
from symderiv.mistakes import Mistake


def reads(path: str) -> None:
    """Remember a file, as long as the command runs."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta.setdefault(__name__, set()).add(os.path.realpath(path))


def given_text(path: str, longest: int) -> str:
    """What a file holds, or of `-` the standard input, as `read_text` has it."""
    text = read_text(path, longest)
    if path != "-":
        reads(path)
    return text


def check_output(path: str) -> None:
    """Refuse a path that cannot be written, or that leads to a file which was read.

    Raises
    ------
    Mistake
        naming the path and what is wrong with it.
    """
    check_writable(path)
    context = click.get_current_context(silent=True)
    read = context.meta.get(__name__, ()) if context is not None else ()
    if os.path.realpath(path) in read and os.path.isfile(path):
        raise Mistake(f"cannot write {path}: it is what this command reads; name another file")
