"""Kept pages: what a command wrote, to be written again without deriving it again.

Gives `name_of` (what a page is kept under), `find` and `keep`.

A page is kept under a hash of all that it was made from: what was asked, how it is laid out, the
terminal, the versions of Python, and each file of this package and of SymPy's, NumPy's and mpmath's
front page by size and time.  So nothing is ever out of date: what differs has another name.  A file
that is damaged, or not the user's own, is as if it were not there; a folder that cannot be written
keeps nothing.

Floor 5: imports files, mistakes and the standard library.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from symderiv import __version__, late
from symderiv.files import replace
from symderiv.mistakes import Mistake

if TYPE_CHECKING:
    import hashlib
    import pathlib
else:
    hashlib = late.module("hashlib")
    pathlib = late.module("pathlib")

LARGEST = 1 << 20  # bytes of a page
MOST = 200  # pages
TERMINAL = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR")  # what colours depend on


def name_of(*said: object) -> str:
    """The name of a page that was made from all this, by this program as it is."""
    made_by = (__version__, sys.version, *(os.environ.get(name) for name in TERMINAL))
    hashed = hashlib.sha256(repr((made_by, said)).encode("utf-8", "surrogatepass"))
    for line in _program():
        hashed.update(line.encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()


def find(name: str) -> str | None:
    """The page of that name; None where there is none that is whole."""
    try:
        place = _folder() / name
        said = place.stat()
        if said.st_size > LARGEST + 100 or not _own(said):
            return None
        digest, _, page = place.read_bytes().partition(b"\n")
        if hashlib.sha256(page).hexdigest().encode() != digest:
            return None
        os.utime(place)
        return page.decode()
    except (OSError, ValueError, RuntimeError):
        return None


def keep(name: str, page: str) -> None:
    """Keep a page under a name, where that can be done; the ones used longest ago go."""
    content = page.encode("utf-8", "surrogatepass")
    if len(content) > LARGEST:
        return
    with contextlib.suppress(OSError, RuntimeError, Mistake):
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _own(folder.stat()):
            return
        digest = hashlib.sha256(content).hexdigest().encode()
        replace(folder / name, digest + b"\n" + content)
        pages = sorted(folder.iterdir(), key=lambda page: page.stat().st_mtime)
        for old in pages[:-MOST]:
            old.unlink()


def _own(said: os.stat_result) -> bool:
    """Does it belong to the user who asks?"""
    return not hasattr(os, "getuid") or said.st_uid == os.getuid()


def _folder() -> pathlib.Path:
    """The user's folder for what can be made again."""
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if given:
        return pathlib.Path(given) / "symderiv"
    home = pathlib.Path.home()
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "symderiv"


def _program() -> Iterator[str]:
    """A line for each file that has a part in a page."""
    folders = [str(pathlib.Path(__file__).parent.parent)]
    while folders:
        for entry in sorted(os.scandir(folders.pop()), key=lambda entry: entry.name):
            if entry.is_dir():
                folders += [entry.path] if entry.name != "__pycache__" else []
            else:
                yield _line(entry.path, entry.stat())
    for package in ("sympy", "numpy", "mpmath", "rich"):
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            continue
        front = pathlib.Path(spec.origin)
        for part in (front, front.with_name("release.py"), front.with_name("version.py")):
            with contextlib.suppress(FileNotFoundError):
                yield _line(str(part), part.stat())


def _line(path: str, said: os.stat_result) -> str:
    return f"{path} {said.st_size} {said.st_mtime_ns}\n"
