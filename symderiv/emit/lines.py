"""Lines of source: folded where they are too long, indented, searched for names.

Gives `folded`, `signature`, `indented` and `uses`.  Imports the printer's `holds` only.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from symderiv.printers.numpy import ATOM, holds


def folded(line: str, width: int = 100) -> list[str]:
    """A line of source, broken at spaces inside brackets where it is too long."""
    if len(line) <= width or '"""' in line or line.lstrip().startswith("raise "):
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    start, sign, rest = line, "", ""
    for sign in ("return ", " = "):
        if line.lstrip().startswith("return ") == (sign == "return ") and sign in line:
            start, _, rest = line.partition(sign)
            break
    if rest and (holds(rest) != ATOM or _top_level_comma(rest) or rest.endswith("]")):
        rest = f"({rest})"
    line = start + sign + rest if rest else line
    pieces: list[str] = []
    last, begin, quoted = -1, 0, False
    inside: list[str] = []
    for n, c in enumerate(line):
        quoted ^= c == '"'
        if not quoted and c in "([{":
            inside.append(c)
        elif not quoted and c in ")]}":
            inside.pop()
        room = width - (len(indent) + 4 if pieces else 0)
        if n + 1 - begin > room and last > begin:
            pieces.append(line[begin:last])
            begin = last + 1
        if c == " " and inside and inside[-1] != "[" and not quoted and n > len(indent):
            last = n
    pieces.append(line[begin:])
    first, *others = pieces
    return [first, *(f"{indent}    {piece}" for piece in others)]


def signature(name: str, arguments: Sequence[str], returns: str, width: int = 100) -> list[str]:
    """The first line of a function; three or more where it would be too long."""
    line = f"def {name}({', '.join(arguments)}) -> {returns}:"
    if len(line) <= width:
        return [line]
    inner = textwrap.wrap(", ".join(arguments).replace(": ", ":\0"), width - 4)
    return [f"def {name}(", *(f"    {x}".replace("\0", " ") for x in inner), f") -> {returns}:"]


def _top_level_comma(code: str) -> bool:
    depth = 0
    for c in code:
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            return True
    return False


def uses(name: str, code: str) -> bool:
    """Does source mention a name?"""
    return re.search(rf"\b{re.escape(name)}\b", code) is not None


def indented(lines: Sequence[str]) -> list[str]:
    """Lines one level further in."""
    return [f"    {line}" if line else "" for line in lines]
