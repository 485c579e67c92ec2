r"""Sources: a file with what it brings in by `\input`, and where each of its lines comes from.

Gives `Loaded` and `load`.  Nothing outside the folder of the file is read, whatever it names.

Imports files and mistakes.
"""

from __future__ import annotations

import re
from dataclasses import field
from pathlib import Path

from symderiv.checking.pages import LONGEST
from symderiv.files import read_text
from symderiv.mistakes import Mistake
from symderiv.records import dataclass

DEEPEST = 8
MOST_FILES = 100
_INPUT = re.compile(
    r"^(?P<before>(?:[^%\n\\]|\\[^%])*?)\\(?:input|include|subfile)\s*\{([^{}\n]*)\}"
)


@dataclass(frozen=True)
class Loaded:
    """A text, the file and line that each of its lines comes from, and what was not brought in."""

    text: str
    origins: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Loading:
    folder: Path
    lines: list[str] = field(default_factory=list)
    origins: list[tuple[str, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    size: int = 0
    files: int = 0

    def take(self, path: Path, shown: str, above: tuple[Path, ...]) -> None:
        self.files += 1
        text = read_text(path, LONGEST, shown)
        self.size += len(text)
        if self.size > LONGEST:
            raise Mistake(f"{shown} and what it brings in has over {LONGEST} characters")
        for number, line in enumerate(text.split("\n"), 1):
            found = _INPUT.match(line) if path.suffix == ".tex" else None
            inner = None if found is None else self._inside(found[2], shown, number, above)
            if found is None or inner is None:
                self._line(line, shown, number)
                continue
            self._line(found["before"], shown, number)
            self.take(inner, str(inner.relative_to(self.folder)), (*above, inner))
            self._line(line[found.end() :], shown, number)

    def _inside(self, name: str, shown: str, number: int, above: tuple[Path, ...]) -> Path | None:
        """The file that is named, if it may be read; why not goes into the notes."""
        name = name.strip()
        wanted = name if "." in name.rsplit("/", 1)[-1] else f"{name}.tex"
        why = ""
        try:
            path = (self.folder / wanted).resolve()
            if not path.is_relative_to(self.folder):
                why = "it is outside the folder of the file"
            elif path in above:
                why = "it brings in itself"
            elif len(above) > DEEPEST or self.files >= MOST_FILES:
                why = f"at most {MOST_FILES} files, {DEEPEST} deep, are brought in"
            elif not path.is_file():
                why = "there is no such file"
        except (OSError, ValueError):
            why = "this names no file"
        if why:
            self.notes.append(f"{shown}, line {number}: \\input{{{name}}} is left out; {why}")
            return None
        return path

    def _line(self, line: str, shown: str, number: int) -> None:
        self.lines.append(line)
        self.origins.append((shown, number))


def load(name: str) -> Loaded:
    """The file of that name, with the files of its folder that it brings in."""
    path = Path(name)
    loading = _Loading(path.resolve().parent)
    loading.take(path, name, (path.resolve(),))
    return Loaded("\n".join(loading.lines), tuple(loading.origins), tuple(loading.notes))
