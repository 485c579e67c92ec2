"""Formulas: the text of one, as it was typed, in a file, or from the standard input.

Gives `formula_text`.  What was typed is a file where it looks like one, with a suffix or a slash
(`loss.txt`, `./loss`, `/dev/stdin`), and is there; a file that is called like a formula, `x`, is
read with --file.

Floor 5: imports inputs and mistakes.
"""

from __future__ import annotations

import os
import re

from symderiv.cli.inputs import given_text
from symderiv.mistakes import Mistake

LONGEST = 100_000  # characters; the reader has its own, smaller bounds
EXAMPLE = '"log(sum(exp(z[k]), k))"'


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
    if typed == "-" or file is not None:
        text = given_text(file or "-", LONGEST)
    elif _is_there(str(typed)):
        text = given_text(str(typed), LONGEST)
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
