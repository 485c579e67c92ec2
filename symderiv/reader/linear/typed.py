"""Typed text in vector notation, and what tells it from the formula language.

Gives `is_vector`, which tells it from the formula language, `matrix_of`, which tells a symmetric
variable, `dialect_of` and `parsed`.

Imports refusal and spelling.
"""

from __future__ import annotations

import ast
import re

from symderiv.reader.linear.spelling import QUOTED, tree_of
from symderiv.reader.linear.values import Dialect
from symderiv.reader.refusal import Source
from symderiv.records import dataclass

LONGEST_TEXT = 10_000
DEEPEST = 60
_ALLOWED = re.compile(r"\(:\)|[A-Za-z0-9_+\-*/@().,;=<>!^'\"\[\]\s]|#[^\n]*")
_DOTTED = r"(?:\b[A-Za-z_]\w*|[)\]])\.[A-Za-z]"  # np.sum, x.sum, (A @ x).T
_VECTOR = re.compile(
    rf"@|\(:\)|{_DOTTED}|[\w)\]]'|\.\*|\./|\.\^"
    r"|\b(?:norm|norm1|norm2|trace|tr|dot|outer|diag|inv|det|logdet|transpose|eye|vector|solve|einsum"
    r"|matrix)\s*\("
)
_ARGUMENTS = r"\(\s*[A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*\s*\)"  # f(x, y) = …
_SYMMETRIC = re.compile(r"\s*sym\(\s*(.+?)\s*\)\s*")
_WHOLE = re.compile(r"\b(?:sum|mean|max|min|softmax)\s*\(")


@dataclass(frozen=True)
class Part:
    """`left = right`, or `right` alone."""

    left: str | None
    right: ast.expr
    at: int


def is_vector(text: str) -> bool:
    """Is it vector notation: matrix products, transposes, functions of whole arrays?

    `sum(x)` without a letter is the sum of a whole array.
    """
    bare = QUOTED.sub("", re.sub(r"#[^\n]*", "", text))
    if "@" in bare:
        return True
    whole = re.sub(r"\.shape\s*\[\d\]|(?<=\))\s*\[1\]" if "slogdet" in bare else
                   r"\.shape\s*\[\d\]", "", bare)  # fmt: skip
    if re.search(r"[\w)]\s*\[", whole) or "\\" in bare:
        return False
    if _VECTOR.search(bare):
        return True
    if re.search(r"\)\s*\[|:|\bdelta\b|\biverson\b", bare):
        return False
    arguments = (_inside(bare, found.end()) for found in _WHOLE.finditer(bare))
    return any(inner is not None and _outer_commas(inner) == 0 for inner in arguments)


def matrix_of(variable: str) -> str | None:
    """The matrix of sym(X), which has no other notation; None for a variable that is none."""
    found = _SYMMETRIC.fullmatch(variable)
    return None if found is None else found[1]


def _inside(text: str, start: int) -> str | None:
    depth = 1
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[start:end]
    return None


def _outer_commas(text: str) -> int:
    depth = count = 0
    for character in text:
        depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(character, 0)
        count += character == "," and depth == 0
    return count


_NUMPY = re.compile(rf"@|\*\*|{_DOTTED}|\b(?:outer|dot)\s*\(")
_EITHER = re.compile(r"\b(?:trace|det|inv|logdet|norm|diag|eye)\s*\(")


def dialect_of(text: str) -> Dialect:
    """MATLAB's rules where there is a ' or a dotted sign, or tr( without @, else NumPy's."""
    text = QUOTED.sub("", text)
    matlab = (
        re.search(r"[\w)\]]'|\(:\)|\.\*|\./|\.\^|\b(?:vector|matrix|norm2)\(", text) is not None
    )
    plain = "@" not in text and "**" not in text
    matlab = matlab or (plain and re.search(r"\^|\b(?:tr|norm1)\s*\(", text) is not None)
    return Dialect.MATLAB if matlab else Dialect.NUMPY


def is_undecided(text: str) -> bool:
    """Can it be of NumPy or of MATLAB, which do not mean A*x alike: norm(A*x - b)?"""
    return is_unmarked(text) and _EITHER.search(text) is not None


def is_unmarked(text: str) -> bool:
    """Is there nothing in it that is NumPy's alone?"""
    return _NUMPY.search(text) is None


def parsed(source: Source, dialect: Dialect) -> list[Part]:
    """The stages and the function of a text.

    Raises
    ------
    ReadError
        with the place of the first mark that cannot stand where it stands.
    """
    text = source.text
    if len(text) > LONGEST_TEXT:
        raise source.refuse(
            0, f"the text has {len(text)} characters; at most {LONGEST_TEXT} are read"
        )
    place = 0
    while place < len(text):
        match = _ALLOWED.match(text, place)
        if match is None:
            raise source.refuse(place, f"{text[place]!r} is not in vector notation")
        place = match.end()
    made = [_part(source, start, end, dialect) for start, end in _spans(source)]
    if not made:
        raise source.refuse(0, f"the {source.role} is empty")
    return made


def _spans(source: Source) -> list[tuple[int, int]]:
    """Where the statements begin and end."""
    spans: list[tuple[int, int]] = []
    start = depth = 0
    text = re.sub(r"#[^\n]*", lambda m: " " * len(m[0]), source.text)
    for place, character in enumerate(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(character, 0)
        if depth < 0:
            raise source.refuse(place, f"{character!r} closes no bracket")
        if depth > DEEPEST:
            raise source.refuse(place, f"the formula is nested deeper than {DEEPEST}")
        if character in ";\n" and depth == 0 and not _unfinished(text[start:place]):
            spans.append((start, place))
            start = place + 1
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip()]


def _unfinished(text: str) -> bool:
    return bool(text.strip()) and text.rstrip()[-1] in "+-*/@=,("


def _part(source: Source, start: int, end: int, dialect: Dialect) -> Part:
    text = re.sub(r"#[^\n]*", lambda m: " " * len(m[0]), source.text[start:end])
    name = re.match(rf"\s*([A-Za-z]\w*)\s*(?:{_ARGUMENTS})?\s*=(?!=)", text, re.ASCII)
    cut = name.end() if name else 0
    right = tree_of(source, text[cut:], start + cut, dialect)
    return Part(name[1] if name else None, right, start)
