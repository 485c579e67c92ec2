"""Inputs: the files that a command was given to read, and does not write over.

Gives `given_text`, `formula_text`, `reads` (a file that is read elsewhere) and `check_output`.
What was typed for a formula is a file where it looks like one, with a suffix or a slash
(`loss.txt`, `./loss`, `/dev/stdin`), and is there; one that is called like a formula, `x`, is read
with --file.

Floor 5: imports click and floor 0.
"""

from __future__ import annotations

import os
import re

import click

from symderiv.files import check_writable, read_text
from symderiv.mistakes import Mistake

LONGEST = 100_000  # characters; the reader has its own, smaller bounds
EXAMPLE = '"log(sum(exp(z[k]), k))"'


def reads(path: str) -> None:
    """Remember a file, as long as the command runs."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta.setdefault(__name__, set()).add(os.path.realpath(path))


def given_text(path: str) -> str:
    """What a file holds, or of `-` the standard input, as `read_text` has it.

    Raises
    ------
    Mistake
        for a file that cannot be read, or is too long.
    """
    text = read_text(path, LONGEST)
    if path != "-":
        reads(path)
    if len(text) > LONGEST:
        raise Mistake(f"it is longer than {LONGEST} characters")
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


def formula_text(typed: str | None, file: str | None) -> str:
    """The formula: of the argument, or of the file named by --file.

    Raises
    ------
    Mistake
        for both or neither, a file that cannot be read, and an empty formula.
    """
    if (typed is None) == (file is None):
        if file is None:
            raise Mistake(f"missing argument: a formula such as {EXAMPLE}, or --file FILE")
        raise Mistake(f"--file {file}: the formula is in the file or typed, not both")
    if file is not None or typed == "-" or _is_there(str(typed)):
        text = given_text(file or str(typed))
    elif re.fullmatch(r"[\w./\\-]*\.[A-Za-z]{2,5}", str(typed)):
        raise Mistake(f"there is no file {typed}, and it is no formula")
    else:
        text = str(typed)
    if len(text) > LONGEST:
        raise Mistake(f"the formula is longer than {LONGEST} characters")
    if not text.strip():
        raise Mistake(f"the formula is empty; it takes one such as {EXAMPLE}")
    return text


def _is_there(typed: str) -> bool:
    """Does it look like a file, and is there one?  `a/b` that is there is one."""
    if not ("/" in typed or "\\" in typed or re.search(r"\.[A-Za-z]\w*$", typed)):
        return False
    try:
        return len(typed) < 4096 and os.path.exists(typed)
    except (OSError, ValueError):
        return False
