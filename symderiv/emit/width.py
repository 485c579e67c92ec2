"""Width: a line that is too long is broken in its brackets, as a formatter breaks it.

Gives `WIDTH` and `broken`.  What is printed keeps its tokens: only lines end elsewhere, and what
stands on lines of its own ends with a comma.

Imports the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDTH = 110
TAB = "    "
TOKENS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|\bfor\b|[][(){},]")


def broken(text: str) -> str:
    """Source with no line longer than `WIDTH` that brackets can break; docstrings as they are."""
    lines, said = list[str](), False
    for line in text.split("\n"):
        quotes = line.count('"""')
        lines += [line] if said or quotes else _broken(line)
        said ^= quotes % 2 == 1
    return "\n".join(lines)


def _broken(line: str) -> Iterator[str]:
    pairs = [] if len(line) <= WIDTH else [p for p in _outermost(line) if p[0] + 1 < p[-1]]
    if not pairs:
        yield line
        return
    start, *commas, end = max(pairs, key=lambda pair: pair[-1] - pair[0])
    indent = line[: len(line) - len(line.lstrip())]
    inner = line[start + 1 : end]
    parts = [inner]
    if len(indent) + len(TAB) + len(inner) > WIDTH and commas:
        ends = zip([start, *commas], [*commas, end], strict=True)
        parts = [f"{part}," for a, b in ends if (part := line[a + 1 : b].strip())]
    yield line[: start + 1]
    for part in parts:
        yield from _broken(indent + TAB + part)
    yield from _broken(indent + line[end:])


def _outermost(line: str) -> Iterator[list[int]]:
    """Of each outermost pair of brackets where it begins, its commas, and where it ends.

    A comprehension has no commas to break at.
    """
    inside, depth, loop = list[int](), 0, False
    for token in TOKENS.finditer(line):
        place, found = token.start(), token.group()
        if found in "([{":
            depth += 1
            if depth == 1:
                inside, loop = [place], False
        elif found in ")]}":
            depth -= 1
            if depth == 0:
                yield [inside[0], place] if loop else [*inside, place]
        elif depth == 1 and found == ",":
            inside.append(place)
        elif depth == 1 and found == "for":
            loop = True
