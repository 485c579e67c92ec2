r"""Laws: the law of a rule, kept in LaTeX beside the rule, as the other targets spell it.

Gives `law_as_text` and `law_as_typst`.  They read the few commands that laws are written with,
and nothing else of LaTeX.

Floor 1: imports the text printer's tables.

To add a command: one row in `COMMANDS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symderiv.printers.text import ascii_line, raised_line, subscripted

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|.")

# LaTeX, text, Typst
COMMANDS = {
    r"\partial": ("∂", "partial"),
    r"\sum": ("Σ", "sum"),
    r"\prod": ("Π", "product"),
    r"\delta": ("δ", "delta"),
    r"\sigma": ("σ", "sigma"),
    r"\pi": ("π", "pi"),
    r"\cdot": ("·", "dot.op"),
    r"\ne": ("≠", "!="),
    r"\neq": ("≠", "!="),
    r"\ge": ("≥", ">="),
    r"\le": ("≤", "<="),
    r"\leq": ("≤", "<="),
    r"\geq": ("≥", ">="),
    r"\quad": (" ", "quad"),
    r"\,": (" ", "thin"),
    r"\;": (" ", "thin"),
    "-": ("−", "-"),
}
_SIZES = (r"\bigl", r"\bigr", r"\left", r"\right")
_WORDS = (r"\mathrm", r"\text")


@dataclass(frozen=True)
class _Sign:
    """One sign with its primes, subscript and exponent, each spelled."""

    base: str
    primes: str = ""
    low: str = ""
    high: str = ""


class _Reader:
    """Reads a law; `spell` of a target joins what it finds."""

    def __init__(self, law: str, typst: bool) -> None:
        self.tokens = _TOKEN.findall(law)
        self.at = 0
        self.typst = typst

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return str(self.tokens[self.at - 1])

    def row(self) -> str:
        """Up to a closing brace or the end."""
        signs: list[str] = []
        while self.peek() not in ("", "}"):
            is_fraction = self.peek() == r"\frac"
            if spelled := self.sign():
                if is_fraction and not self.typst and signs and signs[-1].isalpha():
                    spelled = f" ({spelled})"
                signs.append(spelled)
        if self.typst:
            return " ".join(s for s in signs if not s.isspace())
        return re.sub(r" +", " ", "".join(signs)).strip()

    def group(self) -> str:
        """A group in braces, or one sign."""
        while self.peek().isspace():
            self.take()
        if self.peek() != "{":
            return self._base()
        self.take()
        body = self.row()
        self.take()
        return body

    def sign(self) -> str:
        sign = _Sign(self._base())
        while self.peek() in ("'", "_", "^"):
            match self.take():
                case "'":
                    sign = _Sign(sign.base, sign.primes + "'", sign.low, sign.high)
                case "_":
                    sign = _Sign(sign.base, sign.primes, self.group(), sign.high)
                case _:
                    sign = _Sign(sign.base, sign.primes, sign.low, self.group())
        return self._typst(sign) if self.typst else self._text(sign)

    def _base(self) -> str:
        token = self.take()
        if token in _SIZES:
            return self._base()
        if token in _WORDS:
            words = self._braced()
            return f'"{words}"' if self.typst else words
        if token == r"\frac":
            return self._fraction(self.group(), self.group())
        if token == r"\sqrt":
            body = self.group()
            return f"sqrt({body})" if self.typst else f"√{_enclosed(body)}"
        if token == "{":
            self.at -= 1
            return self.group()
        if token == r"\partial":
            while self.peek().isspace():
                self.take()
        if token in COMMANDS:
            return COMMANDS[token][self.typst]
        return token.lstrip("\\")

    def _braced(self) -> str:
        """The letters of a group as they stand."""
        self.take()
        start = self.at
        while self.take() != "}":
            pass
        return "".join(self.tokens[start : self.at - 1])

    def _fraction(self, above: str, below: str) -> str:
        if self.typst:
            return f"({above})/({below})"
        bar = " / " if " " in above + below else "/"
        return f"{_enclosed(above)}{bar}{_enclosed(below)}"

    def _typst(self, sign: _Sign) -> str:
        low = f"_({sign.low})" if sign.low else ""
        high = f"^({sign.high})" if sign.high else ""
        return sign.base + sign.primes + low + high

    def _text(self, sign: _Sign) -> str:
        base = sign.base
        if sign.low:
            base = subscripted(base, sign.low.replace(" ", ""))
        if sign.high:
            base = raised_line(base, sign.high)
        return base + sign.primes


def _enclosed(body: str) -> str:
    return f"({body})" if " " in body or "/" in body else body


def law_as_text(law: str, *, ascii: bool = False) -> str:
    r"""A law on one line of text.

    >>> law_as_text(r"\left(\frac{u}{v}\right)' = \frac{u'v - uv'}{v^2}")
    "(u/v)' = (u'v − uv') / v²"
    >>> law_as_text(r"\sum_k \delta_{jk} f_k = f_j")
    'Σₖ δⱼₖ fₖ = fⱼ'
    """
    line = _Reader(law, typst=False).row()
    return ascii_line(line) if ascii else line


def law_as_typst(law: str) -> str:
    r"""A law in Typst mathematics.

    >>> law_as_typst(r"(c\,u)' = c\,u'")
    "( c thin u )' = c thin u'"
    """
    return _Reader(law, typst=True).row()
