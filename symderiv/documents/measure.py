r"""Measure: about how wide a formula of the LaTeX subset is, in points at 10 pt.

Gives `measure`.  Computer Modern's widths by class of sign; good to some per cent, which is enough
to decide where a line is broken before TeX sees it.

Imports the standard library only.

To add a sign: one row in `SIGNS` (points in text style).
"""

from __future__ import annotations

import re
from functools import lru_cache

WORDS = {r"\mathbf": 5.8, r"\mathrm": 4.6, r"\text": 4.6, r"\symderivrule": 4.6, r"\eqref": 0.0}
_WORDS = re.compile(r"\$[^$]*\$|(?:\\.|[^\\$])+")
# words are one, with the formulas in them, and so are signs in braces; spaces between are none
_TOKEN = re.compile(
    rf"\\(?:{'|'.join(w[1:] for w in WORDS)})\{{(?:\$[^$]*\$|\\.|[^}}\\$])*\}}"
    r"|\\[a-zA-Z]+|\\.|\{[^{}\\_^]*\}|[^\\\s]"
)

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
    r"\sin": 12.3 + THIN,
    r"\cos": 13.4 + THIN,
    r"\tan": 14.5 + THIN,
    r"\sinh": 17.8 + THIN,
    r"\cosh": 18.9 + THIN,
    r"\tanh": 20.0 + THIN,
    r"\arcsin": 25.6 + THIN,
    r"\arccos": 26.7 + THIN,
    r"\arctan": 27.8 + THIN,
    r"\det": 13.9 + THIN,
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
SCALES = (1.0, 1.0, 0.8, 0.68)  # Computer Modern's small sizes are wide for their height
SCRIPT_SPACE = 0.5
NUMBER = 18.0  # of an equation, in its brackets
DISPLAY, TEXT, SCRIPT, SMALLER = range(4)
END = ""  # after the last token
CLOSING, SCRIPTS = frozenset(("}", END)), frozenset("_^")
LIMITS = frozenset((r"\sum", r"\prod", r"\max"))  # what has its scripts above and below
BRACKETS = {  # a command and the bracket that follows
    **dict.fromkeys((r"\left", r"\right"), 9.0),
    **dict.fromkeys((r"\bigl", r"\bigr"), 4.58),
    **dict.fromkeys((r"\biggl", r"\biggr"), 7.4),
}
BUILT = {  # of the groups that follow
    *BRACKETS, "{", r"\frac", r"\sqrt", r"\overset", r"\hat", r"\bar", r"\tilde", r"\dot",
}  # fmt: skip
PLAIN_SIGNS = frozenset("+-=<>")  # without spaces round them in scripts


@lru_cache(maxsize=4096)
def measure(formula: str, style: int = DISPLAY) -> float:
    """Points across, in display style unless told (0 display, 1 text, 2 script, 3 smaller)."""
    return _Reader(_TOKEN.findall(formula)).row(style)


class _Reader:
    """Reads tokens and adds up."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = [*tokens, END]
        self.at = 0

    def row(self, style: int) -> float:
        """Up to the closing brace or the end."""
        tokens, total = self.tokens, 0.0
        while (token := tokens[self.at]) not in CLOSING:
            width = self.sign(style)
            total += self._scripted(token, style, width) if tokens[self.at] in SCRIPTS else width
        return total

    def sign(self, style: int) -> float:
        """One sign or group in braces, without its scripts."""
        style, token = min(style, SMALLER), self.tokens[self.at]
        self.at += token != END
        width = _width(token, style)
        return self._built(token, style) if width is None else width

    def _scripted(self, token: str, style: int, width: float) -> float:
        """A sign of that width with the scripts that follow."""
        low = high = 0.0
        while self.tokens[self.at] in SCRIPTS:
            above = self.tokens[self.at] == "^"
            self.at += 1
            script = self.sign(max(style, TEXT) + 1)
            low, high = (low, script) if above else (script, high)
        if token in LIMITS and style == DISPLAY:
            return max(width, low, high)
        return width + max(low, high) + (SCRIPT_SPACE if low or high else 0.0)

    def _built(self, token: str, style: int) -> float:
        """What is built of the groups that follow."""
        match token:
            case r"\frac":
                return max(self.sign(style + 1), self.sign(style + 1)) + 4.0
            case r"\sqrt":
                return self.sign(style) + 8.3 * SCALES[style]
            case r"\overset":
                return max(self.sign(SCRIPT), self.sign(style))
            case "{":
                width = self.row(style)
                self.at += self.tokens[self.at] != END
                return width
        if token in BRACKETS:
            self.at += 1
            return BRACKETS[token] * SCALES[style]
        return self.sign(style)


@lru_cache(maxsize=4096)
def _width(token: str, style: int) -> float | None:
    """The width of a sign by itself, None where what follows is a part of it."""
    if token in BUILT:
        return None
    if token in (r"\sum", r"\prod"):
        return (14.4 if style == DISPLAY else 10.5 * SCALES[style]) + THIN
    if style >= SCRIPT and token in PLAIN_SIGNS:
        return 7.78 * SCALES[style]
    if token[:1] == "{":
        return sum(_width(sign, style) or 0.0 for sign in token[1:-1] if not sign.isspace())
    if len(token) > 2 and token[-1] == "}":
        return _words(token) * SCALES[style]
    return SIGNS.get(token, LETTER if len(token) == 1 else COMMAND) * SCALES[style]


def _words(token: str) -> float:
    """Words in braces, each letter as wide as their command says, with the formulas in them."""
    command, _, rest = token.partition("{")
    if command == r"\eqref":
        return NUMBER
    return sum(
        measure(part[1:-1], TEXT) if part[0] == "$" else WORDS[command] * len(part)
        for part in _WORDS.findall(rest[:-1])
    )
