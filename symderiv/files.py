"""Files: written whole or not at all.

Gives `check_writable`, asked before long work begins, and `replace`, which writes a file beside
its place and moves it there in one step, so that a reader sees the old file or the new one.

Floor 0: imports the standard library and mistakes only.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from symderiv.mistakes import Mistake


def check_writable(path: str | Path) -> None:
    """Refuse a path that cannot be written, before the work whose result goes there.

    Raises
    ------
    Mistake
        naming the path and what is wrong with it: a directory, no such folder, no permission.
    """
    place = Path(os.path.realpath(path))
    folder = place.parent
    if place.is_dir():
        raise Mistake(f"cannot write {path}: it is a directory; name a file in it")
    if not folder.is_dir():
        raise Mistake(f"cannot write {path}: there is no directory {Path(path).parent}")
    writable = place if place.exists() and not place.is_file() else folder
    if not os.access(writable, os.W_OK) or (place.exists() and not os.access(place, os.W_OK)):
        raise Mistake(f"cannot write {path}: permission denied")


def replace(path: str | Path, content: str | bytes) -> None:
    """Write a file whole: text as UTF-8 with `\\n` line ends, bytes as they are.

    A link is followed; the mode of a file that is there already is kept; what is no ordinary
    file (a pipe, a terminal) is written directly.

    Raises
    ------
    Mistake
        when the system does not let it be written; the old file then stands untouched.
    """
    data = content.encode() if isinstance(content, str) else content
    check_writable(path)
    place = Path(os.path.realpath(path))
    try:
        if place.exists() and not place.is_file():
            place.write_bytes(data)
        else:
            _move_into(place, data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Mistake(f"cannot write {path}: {reason}") from error


def _move_into(place: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, _mode(place))
        os.replace(name, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _mode(place: Path) -> int:
    if place.exists():
        return stat.S_IMODE(place.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
