"""Settings: how a page is laid out.

Gives `Setting`, the same for the command line, Python and Sphinx.

Floor 4: imports mistakes and macros only, so that help and usage errors are quick.

To add an option: a field here, its help in `cli.destination`, and its use in the writers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from typing import Any

from symderiv.documents.macros import checked
from symderiv.documents.words import LANGUAGES
from symderiv.mistakes import Mistake, did_you_mean, listed
from symderiv.records import dataclass

WIDE, NARROW = 345.0, 229.0  # points of the column of an article, and of one with two columns
FEWEST = 20  # columns that text is folded to
DEEPEST = 8  # axes of an array of numbers

CHOICES = {
    "rules": ("right", "overset", "none"),
    "detail": ("brief", "textbook", "all", "full"),
    "style": ("delta", "cases"),
    "notation": ("both", "index", "matrix", "einsum"),
    "language": ("en", *LANGUAGES),
}

# The components of the variable, or of several arrays by name, nested as they are: as typed in a
# `Setting`, of any numbers where one is made.
Point = Sequence[Any] | Mapping[str, Any]
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9:.-]{0,80}")
LONGEST_NUMBER = 60  # characters


def number(given: object) -> str | None:
    """A finite number as it is typed: digits of ASCII; None for what is none.

    >>> number("-1.5e3"), number(" 2"), number(0.5), number("１"), number("inf")
    ('-1.5e3', '2', '0.5', None, None)
    """
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    typed = str(given).strip()
    fits = len(typed) <= LONGEST_NUMBER and _NUMBER.fullmatch(typed) is not None
    return typed if fits and math.isfinite(float(typed)) else None


@dataclass(frozen=True)
class Setting:
    """How a page is laid out; each target takes what concerns it.

    Attributes
    ----------
    rules : where rules are named: "right", "overset" (letters over the signs, listed below), "none"
    detail : "brief" (the start, the result of differentiating, the answer), "textbook" (the
        lines that an author writes), "all" (every step is a line) or "full" (every step with its
        law, and lemmas and cases line by line)
    style : "delta" ends with the closed form; "cases" gives the answer by cases only
    notation : "index", "matrix" (the answer in whole arrays instead of its lines, where it has such
        a form), "both", or "einsum" (the lines, and the answer as NumPy's einsum)
    at : components of the variable, or of arrays by name, to show values at; each as typed
    width : columns of text
    ascii : text without Unicode
    full : nothing is left out of matrices, however large (long sums keep their dots)
    standalone : LaTeX or Typst: a whole document and not a fragment
    beamer : LaTeX: lines uncovered one after the other
    restyle : LaTeX: with the macros of symderiv.sty
    column : LaTeX: points that a line may be wide; by default 345, and for overset rules the 229
        of a two-column paper
    cropped : Typst: a page of the size of its content
    plot : with a picture, where the target can hold one: a function of one number with its
        derivative, or the answer at a point
    no_verdict : without the judge's sentence at the foot; a line that is not proved is still marked
    language : "en" or one of `words.LANGUAGES`: the names of rules and the sentences
    macro : LaTeX, Markdown and HTML's copy of it: the author's commands for names, {"p": "\\prob"}
    label : LaTeX: the name that the last line has for \\eqref; lemmas have label:lemma-1, …

    Raises
    ------
    Mistake
        for a word that is none of these.
    """

    rules: str = "right"
    detail: str = "textbook"
    style: str = "delta"
    notation: str = "both"
    at: Point | None = None
    width: int = 80
    ascii: bool = False
    full: bool = False
    standalone: bool = False
    beamer: bool = False
    restyle: bool = False
    column: float | None = None
    cropped: bool = False
    plot: bool = False
    no_verdict: bool = False
    label: str = ""
    macro: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"

    def __post_init__(self) -> None:
        if self.at is not None:
            object.__setattr__(self, "at", _as_typed(self.at))
        for name, words in CHOICES.items():
            chosen = getattr(self, name)
            if chosen not in words:
                raise Mistake(f"{name}: it takes {listed(words, 'or')}, not {chosen!r:.60}")
        object.__setattr__(self, "macro", checked(self.macro or {}))
        if self.label and not _LABEL.fullmatch(self.label):
            raise Mistake(
                f"label: it takes letters, digits and : . - without spaces, not {self.label!r:.60}"
            )
        width = self.width
        if isinstance(width, bool) or not isinstance(width, int) or width < FEWEST:
            raise Mistake(f"width: it takes {FEWEST} columns or more, not {width!r:.60}")

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> Setting:
        """The setting with these fields.

        Raises
        ------
        Mistake
            for a name that is no field, with the nearest.
        """
        known = [f.name for f in fields(cls)]
        for name in chosen:
            if name not in known:
                raise Mistake(f"a page has no setting '{name}'{did_you_mean(name, known)}")
        return cls(**chosen)

    @property
    def room(self) -> float:
        """Points that a line of LaTeX may be wide."""
        if self.column is not None:
            return self.column
        return NARROW if self.rules == "overset" else WIDE


def _as_typed(at: Any) -> Point:
    """A point with its numbers as typed: a tuple of them, or lists of lists by name."""
    at = getattr(at, "tolist", lambda: at)()  # arrays of NumPy as lists
    if isinstance(at, Mapping):
        for name in at:
            if not isinstance(name, str):
                raise Mistake(f"at: the names of arrays are text, not {name!r:.60}")
        return {name: _nested(value, name) for name, value in at.items()}
    typed = _nested(at, "the point")
    return tuple(typed) if isinstance(typed, list) else (typed,)


def _nested(value: Any, name: str, deep: int = 0) -> Any:
    value = getattr(value, "tolist", lambda: value)()
    if isinstance(value, list | tuple) and value and deep < DEEPEST:
        return [_nested(each, name, deep + 1) for each in value]
    typed = number(value)
    if typed is None:
        raise Mistake(f"at: {name:.60} holds {value!r:.60}, which is no finite number")
    return typed
