r"""Rows: one line of a display in tokens, as the statements that stand in it.

Gives `Said` (sides that are said to be equal, and the conditions under which) and `said_in`.

Imports remarks, slopes and the reader's tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from symderiv.checking.remarks import (
    EQUAL,
    NOT,
    UNCHECKED,
    opened,
    parting,
    without_notes,
)
from symderiv.checking.slopes import stacked
from symderiv.reader import ReadError
from symderiv.reader.latex.macros import macros_of
from symderiv.reader.latex.names import BOLD, GREEK
from symderiv.reader.latex.signs import DEPTH, MULTIPLIED, is_relation, opening, outside
from symderiv.reader.latex.survey import has_vectors
from symderiv.reader.latex.tokens import Token, tokens
from symderiv.reader.refusal import Source
from symderiv.records import dataclass

_THEREFORE = frozenset(
    f"\\{name}"
    for name in (
        *("implies", "Rightarrow", "Longrightarrow", "iff", "Leftrightarrow", "therefore"),
        *("to", "rightarrow", "longrightarrow", "Longleftrightarrow", "because"),
    )
)
# what is drawn over, under or around a sign or a term, and says nothing
DRAWN: dict[str, tuple[int, str]] = {
    "stackrel": (2, "#2"),
    "overset": (2, "#2"),
    "underset": (2, "#2"),
    "xlongequal": (1, "="),
    "boxed": (1, "{#1}"),
    "fbox": (1, "{#1}"),
    "mathstrut": (0, ""),
    "cancel": (1, "{#1}"),
    "bcancel": (1, "{#1}"),
    "xcancel": (1, "{#1}"),
    "ensuremath": (1, "#1"),
    "smash": (1, "{#1}"),
    "colorbox": (2, "{#2}"),
    "small": (0, ""),
    "large": (0, ""),
    "Large": (0, ""),
    "footnotesize": (0, ""),
    "scriptsize": (0, ""),
    "eqref": (1, ""),
    "ref": (1, ""),
    "cite": (1, ""),
}
DEEPEST_BRACES = 200
_SPACE = re.compile(r"\\q?quad(?![A-Za-z])|\\hspace\*?\s*\{[^{}]*\}")
Side = list[Token] | str  # in tokens, or in the formula language


@dataclass
class Said:
    """Sides between equality signs, the first of which may be missing, and the conditions."""

    sides: list[Side]
    conditions: list[list[Token]] = field(default_factory=list)
    continued: bool = False
    unchecked: str = ""
    vectors: bool = False
    implied: bool = False  # does it stand behind an arrow?
    at: int = 0


def spaced(text: str) -> str:
    r"""The text with `\quad` as a comma, at the same places: it parts a line from its condition."""
    return _SPACE.sub(lambda m: ",".ljust(len(m[0])), text)


def said_in(text: str, macros: Mapping[str, tuple[int, str]]) -> list[Said]:
    """The statements of one row.

    Raises
    ------
    ReadError
        for what is no LaTeX, with its column.
    """
    source = Source(spaced(text), "line")
    found = [t for t in tokens(source, macros, typed=False) if t.kind != "newline"]
    _check_braces(source, found)
    found = list(stacked(list(without_notes(list(parting(opened(found), text))))))
    statements: list[Said] = []
    for count, part in enumerate(_parted(found, *_THEREFORE)):
        for said in _statements(part):
            said.implied = count > 0
            statements.append(said)
    if has_vectors(found) or any(map(_is_bold, found, [*found[1:], *found[:1]])):
        for said in statements:
            said.vectors = True
    return statements


def _check_braces(source: Source, found: Sequence[Token]) -> None:
    """Refuse braces that are not closed, close none, or are nested too deep.

    Raises
    ------
    ReadError
    """
    opened_: list[Token] = []
    for token in found:
        if token.kind == "mark" and token.text == "{":
            opened_.append(token)
        elif token.kind == "mark" and token.text == "}":
            if not opened_:
                raise source.refuse(token.at, "this brace closes none")
            opened_.pop()
        if len(opened_) > DEEPEST_BRACES:
            raise source.refuse(token.at, f"braces are nested deeper than {DEEPEST_BRACES}")
    if opened_:
        raise source.refuse(opened_[-1].at, "this '{' is not closed")


def _statements(found: Sequence[Token]) -> Iterator[Said]:
    current: Said | None = None
    before: list[list[Token]] = []  # conditions in front: if i ≠ j: ...
    for piece in _pieces(found):
        sides = list(_parted(piece, *EQUAL))
        sign = next((str(t) for t in outside(piece) if str(t) in UNCHECKED), "")
        small = [t for s in sides for t in s if t.text not in "{}_"]
        index = len(sides) == 2 and all(map(_is_letter, sides)) and current is not None
        part = current is not None and len(small) == 3 and _compares_indices(piece)
        if current is not None and (index or part or (sign in NOT and len(small) <= 6)):
            current.conditions.append(_bare(piece))
            continue
        letters = len(sides) == 2 and all(map(_is_letter, sides))
        if current is None and len(small) <= 6 and (letters or sign in NOT):
            before.append(_bare(piece))
            continue
        if len(sides) == 1 and current is not None and not sign:
            continue  # a remark behind a comma
        if not sign and all(not s for s in sides):
            continue
        if len(sides) == 1 and not sign and not any(map(_is_named, sides[0])):
            continue  # a sign of its own line
        if current is not None:
            if len(sides) > 1 and not sides[0] and not current.unchecked:
                current.sides += [s for s in sides if s]
                continue
            yield current
        continued = len(sides) > 1 and not sides[0]
        current = Said(
            [s for s in sides if s],
            before,
            continued=continued,
            unchecked=UNCHECKED.get(sign, ""),
            at=piece[0].at,
        )
        before = []
        last = current.sides[-1] if current.sides else []
        condition = None if isinstance(last, str) else _bracketed_condition(last)
        if condition is not None:
            current.sides[-1] = last[: -len(condition) - 2]
            current.conditions.append(condition)
    if current is not None:
        yield current
    elif before:
        yield Said([], before, unchecked="a condition is said", at=found[0].at)


def _pieces(found: Sequence[Token]) -> Iterator[list[Token]]:
    for piece in _parted(found, ",", ";", ".", ":", "\\mid", "|:"):
        if piece:
            yield piece


def _bare(piece: list[Token]) -> list[Token]:
    bracketed = len(piece) > 1 and piece[0].text in "([" and piece[-1].text in ")]"
    return piece[1:-1] if bracketed else piece


def _bracketed_condition(side: list[Token]) -> list[Token] | None:
    """`(i \\neq j)` at the end of a side, where it is the condition of no indicator."""
    if not side or side[-1].text != ")":
        return None
    start = opening(side, len(side) - 1)
    inner = side[start + 1 : -1]
    plain = start > 0 and any(is_relation(t) for t in inner) and len(inner) <= 5
    return inner if plain and not _is_indicator(side[:start]) else None


def _is_indicator(before: Sequence[Token]) -> bool:
    """Does it end with \\mathbb{1}, 1 or I?"""
    if before[-1].text in ("1", "I"):
        return True
    start = opening(before, len(before) - 1)
    return before[-1].text == "}" and start > 0 and before[start - 1].kind == "command"


def _compares_indices(piece: Sequence[Token]) -> bool:
    """Is it j \\le i, of two letters that count?  i \\le n says where i ends."""
    one, *_, other = (t.text for t in piece if t.text not in "{}")
    return {one, other} <= frozenset("ijklm") and any(str(t) in UNCHECKED for t in piece)


def _is_letter(side: Sequence[Token]) -> bool:
    shown = [t for t in side if t.text not in "{}()"]
    return len(shown) == 1 and (
        shown[0].kind in ("letter", "digit") or shown[0].text in ("ell", *GREEK)
    )


def _is_bold(token: Token, following: Token) -> bool:
    """Is it the type of a vector?  \\mathbf 1_{i = j} is an indicator."""
    return token.kind == "command" and token.text in BOLD and following.text != "1"


def _is_named(token: Token) -> bool:
    """Is it more than a mark or the sign of an operation?"""
    return token.kind in ("letter", "digit") or (
        token.kind == "command" and str(token) not in (*MULTIPLIED, "\\vdots", "\\downarrow")
    )


def _parted(found: Sequence[Token], *marks: str) -> Iterator[list[Token]]:
    """The tokens between these marks, on the outermost level."""
    part: list[Token] = []
    depth = 0
    for n, token in enumerate(found):
        depth += DEPTH.get(str(token), 0)
        decimal = token.text == "." and n + 1 < len(found) and found[n + 1].kind == "digit"
        colon = token.text == ":" and n + 1 < len(found) and found[n + 1].text == "="
        if colon:
            continue
        if depth == 0 and str(token) in marks and not decimal:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def macros_in(text: str) -> dict[str, tuple[int, str]]:
    """The author's macros, beside what is only drawn; broken ones are left out."""
    try:
        return DRAWN | macros_of(text, Source(text, "macros"))[0]
    except ReadError:
        return dict(DRAWN)
