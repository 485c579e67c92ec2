"""The console script, and `python -m symderiv`.

Gives `main`.  It is here, apart from the commands, so that an interrupt while they are imported is
no traceback either.

Floor 5: imports the command line when it runs.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command that was typed, and end with its status."""
    # A process this short has little to collect, and SymPy makes many objects as it loads.
    gc.set_threshold(100_000, 20, 20)
    sys.unraisablehook = _unraisable
    try:
        from symderiv.cli import run

        status = run()
    except KeyboardInterrupt:
        status = _interrupted()
    sys.exit(status)


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
