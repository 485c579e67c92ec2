"""Tokens of LaTeX: commands, letters, digits and marks, with the author's macros put in.

Gives `tokens`, `group` and `is_latex`.  What only spaces, colours or numbers a line is left out
here; what remains has a meaning.

Imports refusal.  To leave out another command: its name in `_SILENT`, or in `_ARGUMENT` with its
argument.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from symderiv.reader.latex.names import FUNCTIONS, GREEK, WHOLE
from symderiv.reader.refusal import Source
from symderiv.records import dataclass

LONGEST_TEXT = 10_000
MOST_TOKENS = 20_000
DEEPEST_MACRO = 30

_SILENT = frozenset(
    (
        *("displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag"),
        *("quad", "qquad", "enspace", "thinspace", "medspace", "thickspace", "negthinspace"),
        *("space", "hfill", "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl"),
        *("bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "mathstrut", "strut"),
        *("normalsize", "centering", "allowbreak", *",;:!>/"),
    )
)
_ARGUMENT = frozenset(
    ["color", "label", "tag", "phantom", "vphantom", "hphantom", "vspace", "hspace", "textcolor"]
)
_LAYOUT = frozenset(
    f"{name}{star}"
    for name in ("align", "aligned", "equation", "split", "gather", "gathered", "multline")
    for star in ("", "*")
)
# environments whose rows and entries have a meaning
MATRICES = tuple(
    f"{name}{star}"
    for name in (
        *("matrix", "bmatrix", "pmatrix", "vmatrix", "Vmatrix", "Bmatrix", "smallmatrix", "array"),
    )
    for star in ("", "*")
)
_CASES = ("cases", "dcases", "rcases")
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\f\v~\u00a0\u200b\u200c\u200d\u2060\ufeff]+|%[^\n]*)"
    r"|(?P<dots>\.\.\.+)|(?P<newline>\n)"
    r"|(?P<command>\\(?:[A-Za-z]+\*?|.|\n))|(?P<letter>[A-Za-z])|(?P<digit>[0-9])"
    r"|(?P<mark>[-+*/=<>()\[\]{}|,.;:!'^_&$])",
)
_SPELLED = {"−": "-", "–": "-", "·": "\\cdot", "×": "\\times", "≤": "\\le", "≥": "\\ge"}
_SPELLED |= {"’": "'", "′": "'", "…": "\\ldots", "∇": "\\nabla", "∈": "\\in", "→": "\\to"}
_SPELLED |= {"≈": "\\approx", "⊙": "\\odot", "∘": "\\circ", "∏": "\\prod", "∞": "\\infty"}
_SPELLED |= {"≠": "\\ne", "⊤": "\\top", "ᵀ": "^\\top", "∑": "\\sum", "∂": "\\partial"}
_BRACES = {"\\underbrace": "_", "\\overbrace": "^"}  # and where its label stands
_RUNNING = frozenset(("\\text", "\\textrm", "\\textit", "\\textbf", "\\mbox", "\\tag", "\\label"))
_ASIDE = {"left": "left", "right": "right"}


@dataclass(frozen=True)
class Token:
    """A command (without its backslash), letter, digit, mark or line end, and its offset.

    `side` says of a bar whether `\\left` or `\\right` stood before it; `glued` whether it follows
    the token before without a space.
    """

    kind: str
    text: str
    at: int
    side: str = ""
    glued: bool = False

    def __str__(self) -> str:
        return f"\\{self.text}" if self.kind == "command" else self.text

    @property
    def braces(self) -> bool:
        """Is it a brace that groups?  It draws nothing, as \\{ does."""
        return self.kind == "mark" and self.text in "{}"


def is_latex(text: str) -> bool:
    """Is it LaTeX?  A backslash before a letter or bracket, braces, a lowered mark, a raised T."""
    bare = re.sub(r"#[^\n]*", "", text)
    if re.search(r"\\[A-Za-z\[({,;!|]|[{}$|]", bare):
        return True
    if re.search(r"[\])]_\+", bare):
        return True
    if "@" in bare or re.search(r"\w\[", bare):
        return False
    if re.search(r"(?:(?<![A-Za-z0-9_])(?!e\^)[A-Za-z]\w*|\))\^T(?![A-Za-z0-9_(^])", bare):
        return True  # x^T A x
    return re.search(r"(?<![A-Za-z0-9])[A-Za-z]_[A-Za-z0-9](?![A-Za-z0-9_\[])", bare) is not None


def tokens(
    source: Source, macros: Mapping[str, tuple[int, str]], *, typed: bool = True
) -> list[Token]:
    """The tokens of a text.

    Parameters
    ----------
    typed : may it be typed text, where letters that stand together are the name of a function?

    Raises
    ------
    ReadError
        for a character that has no meaning here, and for macros that do not end.
    """
    if len(source.text) > LONGEST_TEXT:
        count = len(source.text)
        raise source.refuse(0, f"the text has {count} characters; at most {LONGEST_TEXT} are read")
    found = _expanded(_cut(source, source.text), source, macros)
    if typed and "\\" not in source.text:
        found = _with_words(found, source)
    return _meaningful(_fractions(_spelled(_without_braces(found), source)), source)


def _cut(source: Source, text: str, at: int | None = None) -> list[Token]:
    """A text in tokens; all at one offset where it is the body of a macro."""
    made: list[Token] = []
    place, glued = 0, False
    words = 0  # braces that are open in running text, where every character is one
    while place < len(text):
        where = place if at is None else at
        character = text[place]
        if not words and character in _SPELLED:
            made += (replace(t, at=where) for t in _cut(source, _SPELLED[character]))
            place += 1
            continue
        match = _TOKEN.match(text, place)
        if match is None:
            if not words:
                shown = repr(character) if character.isprintable() else f"U+{ord(character):04X}"
                raise source.refuse(
                    where, f"{shown} has no meaning in a formula; write its command"
                )
            made.append(Token("mark", character, where, glued=glued))
            place, glued = place + 1, True
            continue
        kind = str(match.lastgroup)
        if kind == "space":
            glued = False
        elif kind == "dots":
            made.append(Token("command", "ldots", where, glued=glued))
            glued = True
        else:
            word = match.group().removeprefix("\\") if kind == "command" else match.group()
            if word == "{" and (words or (made and str(made[-1]) in _RUNNING)):
                words += 1
            elif word == "}" and words:
                words -= 1
            made.append(Token(kind, word.removesuffix("*") or "*", where, glued=glued))
            glued = True
        place = match.end()
    return made


def _with_words(found: list[Token], source: Source) -> list[Token]:
    """Typed text, which has no commands: letters that stand together are the name of a function.

    Raises
    ------
    ReadError
        for other words; several letters beside each other would be a product in LaTeX.
    """
    out: list[Token] = []
    place = depth = 0
    while place < len(found):
        end = place + 1
        depth += {"{": 1, "}": -1}.get(found[place].text, 0)
        while (
            depth == 0
            and found[place].kind == "letter"
            and end < len(found)
            and _goes_on(found[end])
        ):
            end += 1
        word = "".join(t.text for t in found[place:end])
        if end == place + 1 or (out and out[-1].text == "_"):
            out += found[place:end]
        elif word in FUNCTIONS or word in ("sum", "prod", "max", "min") or word in GREEK:
            out.append(replace(found[place], kind="command", text=word))
        elif word in WHOLE:
            brace = replace(found[place], kind="mark", text="{")
            out += [replace(found[place], kind="command", text="operatorname"), brace]
            out += [*found[place:end], replace(brace, text="}")]
        else:
            raise source.refuse(
                found[place].at,
                f"{word!r} is no function; in a text with p_i a product is written a*b",
            )
        place = end
    return out


def _goes_on(token: Token) -> bool:
    return token.kind == "letter" and token.glued


def _expanded(
    found: list[Token], source: Source, macros: Mapping[str, tuple[int, str]], depth: int = 0
) -> list[Token]:
    if not any(t.kind == "command" and t.text in macros for t in found):
        return found
    if depth > DEEPEST_MACRO:
        raise source.refuse(found[0].at, "these macros do not end")
    out: list[Token] = []
    place = 0
    while place < len(found):
        token = found[place]
        place += 1
        if token.kind != "command" or token.text not in macros:
            out.append(token)
            continue
        count, body = macros[token.text]
        arguments: list[list[Token]] = []
        for _ in range(count):
            if place >= len(found):
                raise source.refuse(token.at, f"{token} takes {count} arguments")
            argument, place = _argument(found, place, source)
            arguments.append(argument)
        for part in re.split(r"(#\d)", body):
            if re.fullmatch(r"#\d", part) and int(part[1]) <= count:
                out += arguments[int(part[1]) - 1]
            else:
                out += _cut(source, part, token.at)
            if len(out) > MOST_TOKENS:
                raise source.refuse(token.at, "these macros do not end")
    return _expanded(out, source, macros, depth + 1)


def group(found: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """What TeX takes as one argument, a group without its braces or one token, and what is behind.

    A group that nothing closes goes to the end, and one further.
    """
    depth = 0
    for n in range(place, len(found)):
        if found[n].braces:
            depth += 1 if found[n].text == "{" else -1
        if depth <= 0:
            inner = found[place + 1 : n] if n > place else found[place : n + 1]
            return [*inner], n + 1
    return [*found[place + 1 :]], len(found) + 1


def _closing(found: Sequence[Token]) -> dict[int, int]:
    """Where each brace is closed, by place; behind all where nothing closes it."""
    closed: dict[int, int] = {}
    opened: list[int] = []
    for n, token in enumerate(found):
        if token.braces and token.text == "{":
            opened.append(n)
        elif token.braces and opened:
            closed[opened.pop()] = n
    return {**dict.fromkeys(opened, len(found)), **closed}


def _without_braces(found: Sequence[Token]) -> list[Token]:
    r"""The tokens without \underbrace, \overbrace and their labels; \substack parts by commas."""
    closing, left, commas, last = _closing(found), set[int](), set[int](), 0
    for n, token in enumerate(found):
        if str(token) == "\\substack":
            left.add(n)
            end = closing.get(n + 1, n + 1)
            commas |= {m for m in range(max(n, last), end) if str(found[m]) == "\\\\"}
            last = max(last, end)
        label = _BRACES.get(str(token))
        if label is None or n + 1 == len(found) or n in left:
            continue
        left.add(n)
        end = closing.get(n + 1, n + 1) + 1
        if end + 1 < len(found) and found[end].text == label:
            behind = end + 1 + (str(found[end + 1]) in _RUNNING)
            left |= {*range(end, closing.get(behind, behind) + 1)}
    parts = (replace(t, kind="mark", text=",") if n in commas else t for n, t in enumerate(found))
    return [t for n, t in enumerate(parts) if n not in left]


def _spelled(found: Sequence[Token], source: Source) -> list[Token]:
    r"""The tokens with ^{\prime} as ', and {\displaystyle\sum_i} as the operator that it draws.

    Raises
    ------
    ReadError
        for 1{,}000, which is a thousand in English and one in German.
    """
    closing, left = _closing(found), set[int]()
    primes: dict[int, list[Token]] = {}
    for n, token in enumerate(found[:-1]):
        if not (token.kind == "mark" and token.text in "{^"):
            continue
        place = n + (token.text == "^")
        start, end = (place + 1, closing[place]) if place in closing else (place, place + 1)
        said = ((m, str(found[m])) for m in range(start, end) if not _is_silent(found[m]))
        at, first = next(said, (end, ""))
        if token.text == "^" and first == "\\prime":
            others = next((m for m, mark in said if mark != first), None)
            if others is None:
                count = sum(str(found[m]) == first for m in range(at, end))
                primes[n] = [replace(token, text="'")] * count
                left |= {*range(n, end + (place in closing))}
        elif token.text == "{" and first in ("\\sum", "\\prod"):
            if _is_bare(found, at + 1, end, closing):
                left |= {n, end}
        elif (
            (token.text, first, next(said, None)) == ("{", ",", None)
            and n
            and _are_digits(found, n - 1, end + 1)
        ):
            both = "this comma is read both as that of thousands and as a decimal point"
            raise source.refuse(token.at, f"{both}; write 1000, or 1.5")
    return [t for n, one in enumerate(found) for t in primes.get(n, [] if n in left else [one])]


def _is_silent(token: Token) -> bool:
    return token.kind == "command" and token.text in _SILENT


def _are_digits(found: Sequence[Token], one: int, other: int) -> bool:
    return other < len(found) and found[one].kind == found[other].kind == "digit"


def _is_bare(found: Sequence[Token], place: int, end: int, closing: Mapping[int, int]) -> bool:
    """Is an operator followed by what stands below and above, and by nothing that it reaches?"""
    while place < end:
        if found[place].text in _SILENT:
            place += 1
        elif found[place].text in "_^":
            place = closing.get(place + 1, place + 1) + 1
        else:
            return False
    return True


def _argument(found: list[Token], place: int, source: Source) -> tuple[list[Token], int]:
    inner, end = group(found, place)
    if end > len(found):
        raise source.refuse(found[place].at, "this '{' is not closed")
    return inner, end


def _fractions(found: list[Token]) -> list[Token]:
    """The tokens with {a \\over b} as \\frac{a}{b}."""
    place = next((n for n, t in enumerate(found) if str(t) == "\\over"), None)
    while place is not None:
        start, end = _reach(found, place, -1), _reach(found, place, 1)
        token = found[place]
        left, right = (replace(token, kind="mark", text=x) for x in "{}")
        frac = replace(token, text="frac")
        middle = [frac, left, *found[start + 1 : place], right]
        middle += [left, *found[place + 1 : end], right]
        found = [*found[: start + 1], *middle, *found[end:]]
        place = next((n for n, t in enumerate(found) if str(t) == "\\over"), None)
    return found


def _reach(found: Sequence[Token], place: int, step: int) -> int:
    """The place of the brace, '&' or line end that bounds \\over on one side."""
    depth, n = 0, place + step
    opening, closing_ = ("{", "}") if step > 0 else ("}", "{")
    while 0 <= n < len(found):
        mark = str(found[n])
        if depth == 0 and mark == "\\begin":
            return next((m for m in range(n, place) if found[m].text == "}"), n)
        if depth == 0 and mark in (closing_, "&", "\\\\", "\\end"):
            return n
        depth += {opening: 1, closing_: -1}.get(mark, 0)
        n += step
    return n


def _meaningful(found: list[Token], source: Source) -> list[Token]:
    """The tokens without spaces, colours, labels and the environments that only lay out."""
    out: list[Token] = []
    place, side, kept = 0, "", 0
    while place < len(found):
        token = found[place]
        place += 1
        if token.kind == "command" and token.text in ("begin", "end"):
            group, place = _argument(found, place, source) if place < len(found) else ([], place)
            environment = "".join(t.text for t in group)
            if environment in _LAYOUT:
                continue
            if environment not in _CASES and environment not in MATRICES:
                raise source.refuse(token.at, f"the environment '{environment}' is not read")
            kept += 1 if token.text == "begin" else -1
            if environment == "array" and token.text == "begin" and place < len(found):
                _, place = _argument(found, place, source)
            shown = "cases" if environment in _CASES else environment
            out.append(replace(token, text=f"{token.text} {shown}"))
        elif token.kind == "command" and token.text in _ARGUMENT:
            if place < len(found):
                _, place = _argument(found, place, source)
        elif (token.kind == "command" and token.text in _SILENT) or token.text == " ":
            side = _ASIDE.get(token.text, "")
            if side and place < len(found) and found[place].text == ".":
                place += 1  # \left. and \right. draw nothing
            continue
        elif (
            token.text == "$"
            or (token.kind == "command" and token.text in "[]()")
            or (token.text == "&" and not kept)
            or (token.kind == "newline" and kept)
        ):
            continue
        elif token.kind == "command" and token.text == "\\":
            out.append(token if kept else replace(token, kind="newline", text="\n"))
            if place < len(found) and found[place].text == "[" and found[place].glued:
                end = next((n for n in range(place, len(found)) if found[n].text == "]"), place)
                place = end + 1  # \\[2ex]
        else:
            out.append(replace(token, side=side) if side else token)
        side = ""
    return out
