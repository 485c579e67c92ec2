r"""The macros of a text: \newcommand, \DeclareMathOperator and \def.

Gives `macros_of`.

Imports refusal.
"""

from __future__ import annotations

import re

from symderiv.reader.refusal import Source

_BRACE = re.compile(r"\\.|[{}]", re.S)


_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand\*?\s*\{?\s*\\([A-Za-z]+)\s*\}?\s*(?:\[(\d)\])?"
    r"|DeclareMathOperator\*?\s*\{?\s*\\([A-Za-z]+)\s*\}?|def\s*\\([A-Za-z]+)\s*((?:#\d)*))\s*\{"
)


def macros_of(text: str, source: Source) -> tuple[dict[str, tuple[int, str]], str]:
    r"""The macros that a text defines, and the text with its definitions blanked out.

    >>> macros_of(r"\newcommand{\R}[1]{\mathbf{#1}} \R{x}", Source(""))[0]
    {'R': (1, '\\mathbf{#1}')}
    """
    macros: dict[str, tuple[int, str]] = {}
    parts: list[str] = []
    done = 0
    while found := _DEFINITION.search(text, done):
        start, depth = found.end(), 1
        end = start
        while depth and (brace := _BRACE.search(text, end)):
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
            end = brace.end()
        if depth:
            raise source.refuse(found.start(), "the braces of this definition are not closed")
        body = text[start : end - 1]
        word = found[1] or found[3] or found[4]
        if found[3]:
            body = rf"\operatorname{{{body}}}"
        macros[word] = (int(found[2] or 0) or len(found[5] or "") // 2, body)
        parts += (text[done : found.start()], re.sub(r"[^\n]", " ", text[found.start() : end]))
        done = end
    return macros, "".join((*parts, text[done:]))
