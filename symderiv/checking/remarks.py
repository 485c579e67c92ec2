r"""Remarks: what stands in a line and says nothing of it, words, labels, braces that only draw.

Gives `opened`, `parting` and `without_notes`, which leave them out of the tokens of a line, and the
signs `EQUAL` and `UNCHECKED`.

Imports the reader's tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from symderiv.reader.latex.names import FONTS, WORDS
from symderiv.reader.latex.signs import DEPTH, outside
from symderiv.reader.latex.tokens import Token, group

EQUAL = frozenset(("=", "\\equiv", "\\triangleq", "\\coloneqq"))
NOT = ("\\neq", "\\ne")
_NO_EQUALITY = {
    "≈ says no equality": "\\approx",
    "∼ says no equality": "\\sim",
    "≃ says no equality": "\\simeq",
    "∝ says no equality": "\\propto",
    "≠ says no equality": "\\neq \\ne",
    "← is an assignment": "\\leftarrow \\gets",
    "a map is said, and no equality": "\\mapsto",
    "a set is said, and no equality": "\\in \\subset \\subseteq \\notin \\ni \\supset",
    "no equality is said": "\\cong \\asymp \\doteq",
    "an inequality is not checked": "< > \\le \\leq \\ge \\geq \\lt \\gt \\leqslant \\geqslant "
    "\\lesssim \\gtrsim \\lessapprox \\ll \\gg \\preceq \\succeq \\prec \\succ",
}
UNCHECKED = {sign: said for said, signs in _NO_EQUALITY.items() for sign in signs.split()}
_IF = re.compile(r"(if|for|when|where|with|and|provided|since|case)", re.I)
_SETS = frozenset(("mathbb", "mathcal", "mathscr", "mathfrak", "underline"))


def opened(found: list[Token]) -> list[Token]:
    """Without the braces that only draw: round a whole line or an operator."""
    out = [*found]
    place = 0
    while place < len(out):
        token = out[place]
        place += 1
        if token.text != "{" or token.kind != "mark":
            continue
        inner, end = group(out, place - 1)
        before = out[place - 2] if place > 1 else token
        typed = before.kind == "command" and before.text in FONTS and before.text not in _SETS
        bare = before.kind != "command" and before.text not in ("_", "^")
        if bare and _is_bare_operator(inner):
            out[place - 1 : end] = inner
            place -= 1
        elif (bare or typed) and any(str(t) in (*EQUAL, *UNCHECKED) for t in outside(inner)):
            out[place - 1 - typed : end] = inner
            place -= 1 + typed
    return out


def _is_bare_operator(found: Sequence[Token]) -> bool:
    """Is it a sum sign with what stands on it, and nothing behind?"""
    if not found or str(found[0]) not in ("\\sum", "\\prod"):
        return False
    place = 1
    while place + 1 < len(found) and found[place].text in ("_", "^"):
        _, place = group(found, place + 1)
    return place >= len(found)


def parting(found: Sequence[Token], text: str) -> Iterator[Token]:
    """The tokens without the commas of spaces that part nothing: in brackets, or at the front."""
    depth, first = 0, True
    empty = {n for n in range(1, len(found)) if found[n - 1].text == "{" and found[n].text == "}"}
    scripts = ("_", "^")
    empty = {n for n in empty if n < 2 or found[n - 2].text not in scripts}
    for n, token in enumerate(found):
        if n in empty or n + 1 in empty:
            continue
        depth += DEPTH.get(str(token), 0)
        spacing = token.text == "," and text.startswith(("\\quad", "\\qquad", "\\hspace"), token.at)
        if not (spacing and (depth > 0 or first)):
            yield token
            first = False


def without_notes(found: Sequence[Token]) -> Iterator[Token]:
    """The tokens without words beside the formula: `\\text{(chain rule)}`, `\\text{if}`."""
    place, depth = _label(found), 0
    while place < len(found):
        token = found[place]
        depth += DEPTH.get(str(token), 0)
        place += 1
        if not (token.kind == "command" and token.text in WORDS and depth == 0):
            yield token
            continue
        inner, end = group(found, place)
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
