"""Inputs: text from a file, a pipe or the standard input.

Gives `input_text`.

Floor 5: imports mistakes only.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.mistakes import Mistake

if TYPE_CHECKING:
    import pathlib
else:
    pathlib = late.module("pathlib")


def input_text(name: str, longest: int) -> str:
    """What the file of that name holds; of `-` the standard input.

    Parameters
    ----------
    longest : characters; of a longer text a little more than these are read

    Raises
    ------
    Mistake
        for what cannot be read, or is no text in UTF-8.
    """
    text = _of_input(longest) if name == "-" else _of_file(name, longest)
    return text.removeprefix("\ufeff")  # a mark of byte order is no part of it


def _of_file(name: str, longest: int) -> str:
    try:
        if pathlib.Path(name).is_dir():
            raise Mistake(f"cannot read {name}: it is a directory; name a file in it")
        with pathlib.Path(name).open(encoding="utf-8") as file:
            return file.read(longest + 2)
    except UnicodeDecodeError as error:
        raise _no_text(name, error) from error
    except Mistake:
        raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Mistake(f"cannot read {name:.80}: {why.lower()}") from error


def _of_input(longest: int) -> str:
    if sys.stdin is None:
        raise Mistake("there is no standard input to read from")
    try:
        return sys.stdin.read(longest + 2)
    except UnicodeDecodeError as error:
        raise _no_text("the standard input", error) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Mistake(f"cannot read the standard input: {why.lower()}") from error


def _no_text(name: str, error: UnicodeDecodeError) -> Mistake:
    return Mistake(f"cannot read {name}: it is no text in {error.encoding} (byte {error.start})")
