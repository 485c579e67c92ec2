"""Files: read as text, and written whole or not at all.

Gives `read_text`; `check_writable`, asked before long work begins; and `replace`, which writes a
file beside its place and moves it there in one step, so that a reader sees the old file or the new.

Floor 0: imports the standard library, late and mistakes only.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.mistakes import Mistake

if TYPE_CHECKING:
    import pathlib
    import tempfile
else:
    pathlib = late.module("pathlib")
    tempfile = late.module("tempfile")

PREFIX, SUFFIX = ".symderiv-", ".part"  # short: the name of the file itself may be 255 bytes long


def read_text(path: str | pathlib.Path, longest: int, shown: str = "") -> str:
    """What a file holds, or of `-` the standard input; a mark of byte order is no part of it.

    Parameters
    ----------
    longest : characters; of a longer text a little more than these are read
    shown : how a person knows the file, where that is not its path

    Raises
    ------
    Mistake
        for what cannot be read, or is no text in UTF-8.
    """
    given = str(path) == "-"
    shown = "the standard input" if given else shown or f"{path}"
    if given and sys.stdin is None:
        raise Mistake("there is no standard input to read from")
    try:
        if not given and pathlib.Path(path).is_dir():
            raise Mistake(f"cannot read {shown}: it is a directory; name a file in it")
        if given:
            text = sys.stdin.read(longest + 2)
        else:
            with open(path, encoding="utf-8") as file:
                text = file.read(longest + 2)
        text.encode()  # bytes that are no text come from the standard input as half characters
    except FileNotFoundError:
        raise Mistake(f"there is no file {shown}") from None
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        what = f"it is no text in {error.encoding} (byte {error.start})"
        raise Mistake(f"cannot read {shown}: {what}") from None
    except Mistake:
        raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Mistake(f"cannot read {shown:.80}: {why.lower()}") from None
    return text.removeprefix("\ufeff")


def check_writable(path: str | pathlib.Path) -> None:
    """Refuse a path that cannot be written, before the work whose result goes there.

    Raises
    ------
    Mistake
        naming the path and what is wrong with it: a directory, no such folder, no permission.
    """
    try:
        place = _place(path)
        folder = place.parent
        if place.is_dir():
            raise Mistake(f"cannot write {path}: it is a directory; name a file in it")
        if str(path).endswith((os.sep, os.altsep or os.sep)):
            raise Mistake(f"cannot write {path}: it names a directory; name a file")
        if not folder.is_dir():
            raise Mistake(f"cannot write {path}: there is no directory {pathlib.Path(path).parent}")
        writable = place if place.exists() and not place.is_file() else folder
        if not os.access(writable, os.W_OK) or (place.exists() and not os.access(place, os.W_OK)):
            raise Mistake(f"cannot write {path}: permission denied")
        os.lstat(folder / place.name)
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        if isinstance(error, Mistake):
            raise
        raise _refused(path, error) from error


def _place(path: str | pathlib.Path) -> pathlib.Path:
    """Where a link leads; a pipe, as /dev/stdout may be, has no place but its name."""
    named = pathlib.Path(path)
    special = named.exists() and not named.is_file()
    return named if special else pathlib.Path(os.path.realpath(path))


def _refused(path: str | pathlib.Path, error: Exception) -> Mistake:
    said = str(path)
    said = said if len(said) <= 80 else f"{said[:40]}…{said[-36:]}"
    why = getattr(error, "strerror", None) or str(error)
    return Mistake(f"cannot write {said}: {why.lower()}")


def replace(path: str | pathlib.Path, content: str | bytes) -> None:
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
    place = _place(path)
    try:
        if place.exists() and not place.is_file():
            place.write_bytes(data)
        else:
            _move_into(place, data)
    except OSError as error:
        raise _refused(path, error) from error


def _move_into(place: pathlib.Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, _mode(place))
        os.replace(name, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _mode(place: pathlib.Path) -> int:
    if place.exists():
        return stat.S_IMODE(place.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
