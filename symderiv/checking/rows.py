r"""Rows: one line of a display in tokens, as the statements that stand in it.

Gives `Said` (sides that are said to be equal, and the conditions under which) and `said_in`.

Imports the reader's tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from symderiv.reader import ReadError
from symderiv.reader.latex.names import BOLD, FONTS, GREEK, WORDS
from symderiv.reader.latex.signs import MULTIPLIED, is_relation
from symderiv.reader.latex.survey import has_vectors
from symderiv.reader.latex.tokens import MATRICES, Token, macros_of, tokens
from symderiv.reader.refusal import Source

EQUAL = frozenset(("=", "\\equiv", "\\triangleq", "\\coloneqq"))
_UNCHECKED = {
    "\\approx": "≈ says no equality",
    "\\sim": "∼ says no equality",
    "\\simeq": "≃ says no equality",
    "\\propto": "∝ says no equality",
    "\\leftarrow": "← is an assignment",
    "\\gets": "← is an assignment",
    "\\in": "a set is said, and no equality",
    "\\le": "an inequality is not checked",
    "\\leq": "an inequality is not checked",
    "\\ge": "an inequality is not checked",
    "\\geq": "an inequality is not checked",
    "\\lt": "an inequality is not checked",
    "\\gt": "an inequality is not checked",
    "<": "an inequality is not checked",
    ">": "an inequality is not checked",
    "\\neq": "≠ says no equality",
    "\\ne": "≠ says no equality",
    "\\mapsto": "a map is said, and no equality",
}
_UNCHECKED |= dict.fromkeys(
    (
        *("\\leqslant", "\\geqslant", "\\lesssim", "\\gtrsim", "\\lessapprox", "\\ll", "\\gg"),
        *("\\preceq", "\\succeq", "\\prec", "\\succ"),
    ),
    "an inequality is not checked",
)
_UNCHECKED |= dict.fromkeys(
    ("\\subset", "\\subseteq", "\\notin", "\\ni", "\\supset"), "a set is said, and no equality"
)
_UNCHECKED |= dict.fromkeys(("\\cong", "\\asymp", "\\doteq"), "no equality is said")
_THEREFORE = frozenset(
    f"\\{name}"
    for name in (
        *("implies", "Rightarrow", "Longrightarrow", "iff", "Leftrightarrow", "therefore"),
        *("to", "rightarrow", "longrightarrow", "Longleftrightarrow", "because"),
    )
)
_OPENS = {"{": 1, "(": 1, "[": 1, "\\{": 1, "}": -1, ")": -1, "]": -1, "\\}": -1}
_OPENS |= {"\\langle": 1, "\\rangle": -1, "\\lfloor": 1, "\\rfloor": -1}
_OPENS |= {f"\\begin {name}": 1 for name in (*MATRICES, "cases")}
_OPENS |= {f"\\end {name}": -1 for name in (*MATRICES, "cases")}
_IF = re.compile(r"(if|for|when|where|with|and|provided|since|case)", re.I)
# what is drawn over, under or around a sign or a term, and says nothing
DRAWN: dict[str, tuple[int, str]] = {
    "stackrel": (2, "#2"),
    "overset": (2, "#2"),
    "underset": (2, "#2"),
    "xlongequal": (1, "="),
    "overbrace": (1, "{\\braced #1}"),
    "underbrace": (1, "{\\braced #1}"),
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


_SETS = frozenset(("mathbb", "mathcal", "mathscr", "mathfrak", "underline"))
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
    found = list(_without_notes(list(_parting(_opened(found), text))))
    statements: list[Said] = []
    for part in _parted(found, *_THEREFORE):
        statements += _statements(part)
    if has_vectors(found) or any(map(_is_bold, found, [*found[1:], *found[:1]])):
        for said in statements:
            said.vectors = True
    return statements


def _opened(found: list[Token]) -> list[Token]:
    """Without the braces that only draw: round a whole line, an operator, and what is braced."""
    out = [*found]
    place = 0
    while place < len(out):
        token = out[place]
        place += 1
        if token.text != "{" or token.kind != "mark":
            continue
        end, inner = _group(out, place - 1)
        behind = end
        before = out[place - 2] if place > 1 else token
        typed = before.kind == "command" and before.text in FONTS and before.text not in _SETS
        bare = before.kind != "command" and before.text not in ("_", "^")
        if inner and inner[0].text == "braced":
            while behind < len(out) and out[behind].text in ("_", "^"):
                behind = _group(out, behind + 1)[0] if behind + 1 < len(out) else behind + 1
                behind = max(behind, end + 2)
            out[place - 1 : behind] = [token, *inner[1:], out[end - 1]]
            place -= 1
        elif bare and _is_bare_operator(inner):
            out[place - 1 : end] = inner
            place -= 1
        elif (bare or typed) and any(str(t) in (*EQUAL, *_UNCHECKED) for t in _outside(inner)):
            out[place - 1 - typed : end] = inner
            place -= 1 + typed
    return out


def _is_bare_operator(found: Sequence[Token]) -> bool:
    """Is it a sum sign with what stands on it, and nothing behind?"""
    if not found or str(found[0]) not in ("\\sum", "\\prod"):
        return False
    place = 1
    while place + 1 < len(found) and found[place].text in ("_", "^"):
        end, _ = _group(found, place + 1)
        place = max(end, place + 2)
    return place >= len(found)


def _parting(found: Sequence[Token], text: str) -> Iterator[Token]:
    """The tokens without the commas of spaces that part nothing: in brackets, or at the front."""
    depth, first = 0, True
    empty = {n for n in range(1, len(found)) if found[n - 1].text == "{" and found[n].text == "}"}
    scripts = ("_", "^")
    empty = {n for n in empty if n < 2 or found[n - 2].text not in scripts}
    for n, token in enumerate(found):
        if n in empty or n + 1 in empty:
            continue
        depth += _OPENS.get(str(token), 0)
        spacing = token.text == "," and text.startswith(("\\quad", "\\qquad", "\\hspace"), token.at)
        if not (spacing and (depth > 0 or first)):
            yield token
            first = False


def _statements(found: Sequence[Token]) -> Iterator[Said]:
    current: Said | None = None
    before: list[list[Token]] = []  # conditions in front: if i ≠ j: ...
    for piece in _pieces(found):
        sides = list(_parted(piece, *EQUAL))
        sign = next((str(t) for t in _outside(piece) if str(t) in _UNCHECKED), "")
        small = [t for s in sides for t in s if t.text not in "{}_"]
        index = len(sides) == 2 and all(map(_is_letter, sides)) and current is not None
        if current is not None and (index or (sign in ("\\neq", "\\ne") and len(small) <= 6)):
            current.conditions.append(_bare(piece))
            continue
        letters = len(sides) == 2 and all(map(_is_letter, sides))
        if current is None and len(small) <= 6 and (letters or sign in ("\\neq", "\\ne")):
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
            unchecked=_UNCHECKED.get(sign, ""),
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
        yield Said([], unchecked="a condition is said", at=found[0].at)


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
    depth = 0
    for n in range(len(side) - 1, 0, -1):
        depth -= _OPENS.get(str(side[n]), 0)
        if depth == 0:
            inner = side[n + 1 : -1]
            plain = any(is_relation(t) for t in inner) and len(inner) <= 5
            return inner if plain and not _is_indicator(side[:n]) else None
    return None


def _is_indicator(before: Sequence[Token]) -> bool:
    """Does it end with \\mathbb{1}, 1 or I?"""
    if before[-1].text in ("1", "I"):
        return True
    if before[-1].text != "}" or len(before) < 3:
        return False
    depth = 0
    for n in range(len(before) - 1, 0, -1):
        depth -= _OPENS.get(str(before[n]), 0)
        if depth == 0:
            return before[n - 1].kind == "command"
    return False


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


def _outside(found: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in found:
        depth += _OPENS.get(str(token), 0)
        if depth == 0:
            yield token


def _parted(found: Sequence[Token], *marks: str) -> Iterator[list[Token]]:
    """The tokens between these marks, on the outermost level."""
    part: list[Token] = []
    depth = 0
    for n, token in enumerate(found):
        depth += _OPENS.get(str(token), 0)
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


def _without_notes(found: Sequence[Token]) -> Iterator[Token]:
    """The tokens without words beside the formula: `\\text{(chain rule)}`, `\\text{if}`."""
    place, depth = _label(found), 0
    while place < len(found):
        token = found[place]
        depth += _OPENS.get(str(token), 0)
        place += 1
        if not (token.kind == "command" and token.text in WORDS and depth == 0):
            yield token
            continue
        end, inner = _group(found, place)
        named = place >= 2 and found[place - 2].text in ("_", "^")
        if named or not _is_note(token, inner, found, end):
            yield token
            continue
        place = end
        yield Token("mark", ",", token.at)


def _label(found: Sequence[Token]) -> int:
    """How many tokens a word in brackets takes at the front of a line: (Mean) \\mu = ..."""
    end = next((n for n, t in enumerate(found) if t.text == ")"), 0)
    word = found[1:end]
    plain = len(word) > 2 and all(t.kind == "letter" and t.glued for t in word)
    return end + 1 if plain and found[0].text == "(" and end + 1 < len(found) else 0


def _is_note(token: Token, inner: Sequence[Token], found: Sequence[Token], end: int) -> bool:
    """Is it a remark, and no name of a function or a quantity?"""
    if token.text in ("operatorname", "mathop", "mathsf", "mathrm"):
        return False
    words = "".join(t.text for t in inner)
    following = found[end].text if end < len(found) else ""
    if words.isalnum() and following in ("(", "_", "^", "=", "{"):
        return False
    sentence = any(not t.glued for t in inner) or bool(_IF.match(words)) or len(words) > 12
    return sentence or not words.isalnum() or end >= len(found)


def _group(found: Sequence[Token], place: int) -> tuple[int, list[Token]]:
    if place >= len(found) or found[place].text != "{":
        return place, []
    depth = 0
    for n in range(place, len(found)):
        depth += {"{": 1, "}": -1}.get(found[n].text, 0)
        if depth == 0:
            return n + 1, list(found[place + 1 : n])
    return len(found), list(found[place + 1 :])


def macros_in(text: str) -> dict[str, tuple[int, str]]:
    """The author's macros, beside what is only drawn; broken ones are left out."""
    try:
        return DRAWN | macros_of(text, Source(text, "macros"))[0]
    except ReadError:
        return dict(DRAWN)
