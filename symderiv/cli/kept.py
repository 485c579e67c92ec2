"""Kept pages: what a command wrote, to be written again without deriving it again.

Gives `find` and `keep`, of what was asked.

A page stands under a short name of what was asked, and with it a hash of all that it was made from:
what was asked, how it is laid out, the terminal, the versions of Python, each file of this package
and of SymPy's, NumPy's and mpmath's front page by size and time, and the page.  So nothing is ever
out of date: where anything differs there is no page.  A file that is damaged, or not the user's
own, is as if it were not there; a folder that cannot be written keeps nothing.  The program is
looked at where there is a page, and where one is to be kept; what is only refused waits for
neither.

Floor 5: imports files, mistakes and the standard library.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from symderiv import __version__, late
from symderiv.files import replace
from symderiv.mistakes import Mistake

if TYPE_CHECKING:
    import hashlib
else:
    hashlib = late.module("hashlib")

LARGEST = 1 << 20  # bytes of a page
MOST = 200  # pages
TERMINAL = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR")  # what colours depend on
BEGUN = time.time()


def find(*asked: object) -> str | None:
    """The page that was kept of what is asked; None where there is none that is whole."""
    try:
        place = _place(asked)
        said = os.stat(place)
        if said.st_size > LARGEST + 100 or not _own(said):
            return None
        with open(place, "rb") as file:
            digest, _, page = file.read().partition(b"\n")
        if _digest(asked, page) != digest:
            return None
        os.utime(place)
        return page.decode()
    except (OSError, ValueError):
        return None


def keep(page: str, *asked: object) -> None:
    """Keep the page of what was asked, where that can be done; the ones used longest ago go.

    None is kept that was made while a file of the program was written.
    """
    content = page.encode("utf-8", "surrogatepass")
    if len(content) > LARGEST or any(said.st_ctime >= BEGUN for _, said in _program()):
        return
    with contextlib.suppress(OSError, Mistake):
        folder = _folder()
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not _own(os.stat(folder)):
            return
        replace(_place(asked), _digest(asked, content) + b"\n" + content)
        pages = sorted(os.scandir(folder), key=lambda page: page.stat().st_mtime)
        for old in pages[:-MOST]:
            os.unlink(old)


def _place(asked: object) -> str:
    """Where the page stands; two that had one place would take turns in it."""
    return f"{_folder()}/{zlib.crc32(repr(asked).encode('utf-8', 'surrogatepass')):08x}"


def _digest(asked: object, page: bytes) -> bytes:
    """The hash of a page with all that it was made from."""
    made_by = (__version__, sys.version, *(os.environ.get(name) for name in TERMINAL))
    hashed = hashlib.sha256(repr((made_by, asked)).encode("utf-8", "surrogatepass"))
    for path, said in _program():
        line = f"{path} {said.st_size} {said.st_mtime_ns}\n"
        hashed.update(line.encode("utf-8", "surrogatepass"))
    hashed.update(page)
    return hashed.hexdigest().encode()


def _own(said: os.stat_result) -> bool:
    """Does it belong to the user who asks?"""
    return not hasattr(os, "getuid") or said.st_uid == os.getuid()


def _folder() -> str:
    """The user's folder for what can be made again."""
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if given:
        return f"{given}/symderiv"
    home = os.path.expanduser("~")
    if home == "~":
        raise OSError("the user has no home")
    return f"{home}/{'Library/Caches' if sys.platform == 'darwin' else '.cache'}/symderiv"


def _program() -> Iterator[tuple[str, os.stat_result]]:
    """Each file that has a part in a page."""
    folders = [os.path.dirname(os.path.dirname(__file__))]
    while folders:
        for entry in sorted(os.scandir(folders.pop()), key=lambda entry: entry.name):
            if entry.is_dir():
                folders += [entry.path] if entry.name != "__pycache__" else []
            else:
                yield entry.path, entry.stat()
    for package in ("sympy", "numpy", "mpmath", "rich"):
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            continue
        folder = os.path.dirname(spec.origin)
        for part in (spec.origin, f"{folder}/release.py", f"{folder}/version.py"):
            with contextlib.suppress(FileNotFoundError):
                yield part, os.stat(part)
