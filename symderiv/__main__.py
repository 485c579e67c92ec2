"""The console script, and `python -m symderiv`.

Gives `main`.  It is here, apart from the commands, so that an interrupt while they are imported is
no traceback either.

Floor 5: imports mistakes, and the command line when it runs.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys

from symderiv.mistakes import Mistake

TYPE_CHECKING = False  # as `typing` has it, without importing that
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> None:
    """Run the command that was typed, and end with its status."""
    # SymPy makes 150,000 objects as it loads, none of them to be collected.
    gc.set_threshold(1_000_000, 10, 10)
    # NumPy's OpenBLAS starts a thread for every core as it loads; a command has no use for them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.unraisablehook = _unraisable
    try:
        from symderiv.cli import run

        status = run()
    except KeyboardInterrupt:
        status = _interrupted()
    except Mistake as mistake:  # a file of ours that somebody is just writing
        sys.stderr.write(f"symderiv: {mistake}\n")
        status = 2
    _end(status)


def _end(status: int) -> NoReturn:
    """End with what is to be done at an end, and without taking 300,000 objects apart for it."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        sys.exit(status)  # Python says what is wrong with the stream
    atexit._run_exitfuncs()
    os._exit(status)


def _interrupted() -> int:
    if sys.stderr is not None:
        sys.stderr.write("symderiv: interrupted\n")
    return 130


def _unraisable(raised: sys.UnraisableHookArgs) -> None:
    """An interrupt that comes while a callback runs cannot be raised, and ends the program too."""
    if isinstance(raised.exc_value, KeyboardInterrupt):
        os._exit(_interrupted())
    sys.__unraisablehook__(raised)


if __name__ == "__main__":
    main()
