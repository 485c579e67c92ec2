r"""Measure: about how wide a formula of the LaTeX subset is, in points at 10 pt.

Gives `measure`.  Computer Modern's widths by class of sign; good to some per cent, which is enough
to decide where a line is broken before TeX sees it.

Imports the standard library only.

To add a sign: one row in `SIGNS` (points in text style).
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[^\\\s]|\s+")

RELATION, BINARY, THIN = 5.56, 4.44, 1.67  # spaces round = and +, and a thin one

SIGNS = {
    **dict.fromkeys("0123456789", 5.0),
    **dict.fromkeys("()[]", 3.89),
    **dict.fromkeys("ijl", 3.6),
    **dict.fromkeys("mw", 8.3),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 7.8),
    **dict.fromkeys("MW", 9.7),
    "+": 7.78 + BINARY,
    "-": 7.78 + BINARY,
    "=": 7.78 + RELATION,
    "<": 7.78 + RELATION,
    ">": 7.78 + RELATION,
    "/": 5.0,
    ",": 2.78 + THIN,
    "|": 2.78,
    r"\neq": 7.78 + RELATION,
    r"\geq": 7.78 + RELATION,
    r"\leq": 7.78 + RELATION,
    r"\cdot": 2.78 + BINARY,
    r"\cdots": 11.7 + THIN,
    r"\dots": 11.7 + THIN,
    r"\partial": 5.9,
    r"\delta": 4.8,
    r"\log": 12.8 + THIN,
    r"\exp": 14.7 + THIN,
    r"\max": 17.2 + THIN,
    r"\min": 15.6 + THIN,
    r"\,": THIN,
    r"\ ": 3.3,
    r"\quad": 10.0,
    r"\lvert": 2.78,
    r"\rvert": 2.78,
    r"\infty": 10.0,
}
LETTER, COMMAND = 5.2, 5.7
SCALES = (1.0, 0.8, 0.68)  # Computer Modern's small sizes are wide for their height
SCRIPT_SPACE = 0.5
NUMBER = 18.0  # of an equation, in its brackets
DISPLAY, TEXT, SCRIPT = 0, 1, 2


@lru_cache(maxsize=4096)
def measure(formula: str, style: int = DISPLAY) -> float:
    """Points across, in display style unless told (0 display, 1 text, 2 script, 3 smaller)."""
    return _Reader(_TOKEN.findall(formula)).row(style)


class _Reader:
    """Reads tokens and adds up."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def skip(self) -> bool:
        """Past spaces; is anything left?"""
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        return self.at < len(self.tokens)

    def row(self, style: int) -> float:
        """Up to the closing brace or the end."""
        total = 0.0
        while self.skip() and self.tokens[self.at] != "}":
            total += self.item(style)
        return total

    def group(self, style: int) -> float:
        """A group in braces or one token."""
        if self.skip() and self.tokens[self.at] == "{":
            self.at += 1
            width = self.row(style)
            self.at += 1
            return width
        return self.item(style)

    def words(self, letter: float) -> float:
        """A group of words, each letter so wide, with the formulas that stand in them."""
        width, self.at = 0.0, self.at + 1
        while self.tokens[self.at] != "}":
            token = self.tokens[self.at]
            self.at += 1
            if token == "$":
                end = self.tokens.index("$", self.at)
                width += _Reader(self.tokens[self.at : end]).row(TEXT)
                self.at = end + 1
            else:
                width += letter * len(token)
        self.at += 1
        return width

    def item(self, style: int) -> float:
        """One sign with its scripts."""
        token = self.tokens[self.at]
        self.at += 1
        width = self._base(token, style)
        low = high = 0.0
        while self.skip() and self.tokens[self.at] in ("_", "^"):
            above = self.tokens[self.at] == "^"
            self.at += 1
            script = self.group(max(style, TEXT) + 1)
            low, high = (low, script) if above else (script, high)
        if token in (r"\sum", r"\prod", r"\max") and style == DISPLAY:
            return max(width, low, high)
        return width + max(low, high) + (SCRIPT_SPACE if low or high else 0.0)

    def _base(self, token: str, style: int) -> float:
        scale = SCALES[min(max(style - 1, 0), 2)]
        match token:
            case "{":
                self.at -= 1
                return self.group(style)
            case r"\frac":
                return max(self.group(style + 1), self.group(style + 1)) + 4.0
            case r"\sqrt":
                return self.group(style) + 8.3 * scale
            case r"\overset":
                return max(self.group(SCRIPT), self.group(style))
            case r"\left" | r"\right":
                self.skip()
                self.at += 1
                return 9.0 * scale
            case r"\bigl" | r"\bigr":
                self.skip()
                self.at += 1
                return 4.58 * scale
            case r"\biggl" | r"\biggr":
                self.skip()
                self.at += 1
                return 7.4 * scale
            case r"\sum" | r"\prod":
                return (14.4 if style == DISPLAY else 10.5 * scale) + THIN
            case r"\mathbf":
                return self.words(5.8) * scale
            case r"\mathrm" | r"\text" | r"\symderivrule":
                return self.words(4.6) * scale
            case r"\eqref":
                self.words(0.0)
                return NUMBER * scale
            case r"\hat" | r"\bar" | r"\tilde" | r"\dot":
                return self.group(style)
        width = SIGNS.get(token, COMMAND if token.startswith("\\") else LETTER)
        if style >= SCRIPT and token in "+-=<>":
            width = 7.78
        return width * scale
