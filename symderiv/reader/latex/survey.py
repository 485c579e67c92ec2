"""Surveys: what the tokens of a text say of its names before it is read.

Gives `lettered` (names with an index), `labelled` (names with a name below), `exampled` (names
whose raised letter is one), `ends` (N of a sum to N), `subscripts`, `has_vectors` (is it in vector
notation?), `sizes_of` (N for n) and `mentioned`.

Imports tokens, names and standing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symderiv.reader.latex.names import (
    ACCENTS,
    BOLD,
    FONTS,
    GREEK,
    MATRIX_FUNCTIONS,
    PARAMETERS,
    WORDS,
)
from symderiv.reader.latex.primes import transposing
from symderiv.reader.latex.signs import opening
from symderiv.reader.latex.standing import Standing, divisors, products, standing
from symderiv.reader.latex.tokens import Token, group

_VECTORS = frozenset(
    (
        *("\\top", "\\intercal", "\\|", "\\Vert", "\\lVert", "\\odot", "\\oslash"),
        *("\\langle", "\\det"),
    )
)


def _of_operator(found: Sequence[Token], n: int) -> bool:
    """Does a superscript stand on a sum or product, \\sum_{t=1}^T?"""
    place = n - 1
    below = opening(found, place) - 1
    if below > 0 and found[below].text == "_":
        place = below - 1
    operators = ("\\sum", "\\prod", "\\max", "\\min")
    return place >= 0 and str(found[place]) in operators


def _opens_a_norm(found: Sequence[Token], n: int) -> bool:
    """Is it || where a term begins?  In |x||y| the bars in the middle end one and begin another."""
    pair = found[n : n + 2]
    if [t.text for t in pair] != ["|", "|"] or not pair[1].glued or pair[0].side or pair[1].side:
        return False
    before = found[n - 1] if n else None
    ends = before is not None and (before.kind in ("letter", "digit") or before.text in ")]}|")
    return not ends


def _is_inner_product(found: Sequence[Token], n: int) -> bool:
    """Is it \\mathbf{w} \\cdot \\mathbf{x}, a product of two vectors as such?"""
    if found[n].kind != "command" or found[n].text != "cdot" or n + 1 >= len(found):
        return False
    before = [t.text for t in found[max(0, n - 4) : n]]
    bold = bool(BOLD & set(before)) and "_" not in before
    return bold and found[n + 1].text in BOLD


def subscripts(found: Sequence[Token]) -> Iterator[str]:
    """The letters in subscripts."""
    for _, below in _below(found):
        yield from (
            "l" if t.text == "ell" else t.text for t in below if len(t.text) == 1 or t.text == "ell"
        )


def exampled(found: Sequence[Token]) -> frozenset[str]:
    """The names that carry the letter of a sum in brackets above, y^{(n)}."""
    summed = {
        t.text
        for n, token in enumerate(found[:-2])
        if token.text in ("sum", "prod") and found[n + 1].text == "_"
        for t in found[n + 2 : n + 4]
        if t.kind == "letter"
    }
    out: set[str] = set()
    for n, token in enumerate(found):
        inner = [t.text for t in found[n + 1 : n + 6]]
        raised = token.text == "^" and inner[:1] == ["{"] and inner[4:] == ["}"]
        if raised and inner[1] in "([" and inner[2] in summed:
            out.add(_base(found, n - 1))
    return frozenset(out)


def _below(found: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
    """The place of each subscript's mark, and what stands below."""
    for n, token in enumerate(found[:-1]):
        if token.kind == "mark" and token.text == "_":
            yield n, group(found, n + 1)[0]


def lettered(found: Sequence[Token]) -> frozenset[str]:
    """The names that carry a letter as an index somewhere."""
    out: set[str] = set()
    for n, below in _below(found):
        capitals = all(t.kind == "letter" and t.text.isupper() for t in below)
        if n == 0 or capitals or below[0].text in WORDS | FONTS | {"max", "min"}:
            continue
        if any(t.kind == "letter" or t.text in GREEK for t in below):
            out.add(_base(found, n - 1))
    return frozenset(out - {""} - labelled(found))


def ends(found: Sequence[Token]) -> frozenset[str]:
    """The capitals at which sums end, N of \\sum_{i=1}^{N-1}: below an array they are indices."""
    above = (
        n for n, token in enumerate(found[:-1]) if token.text == "^" and _of_operator(found, n)
    )
    letters = (t.text for n in above for t in group(found, n + 1)[0] if t.kind == "letter")
    return frozenset(filter(str.isupper, letters))


def labelled(found: Sequence[Token]) -> frozenset[str]:
    """The names below which the names of quantities stand, and nothing else: a_f beside f_t, μ_x.

    A quantity has an index itself, or is said to be more than a letter or a number, f = σ(a_f).
    """
    subscripts, own = [*_below(found)], set[str]()
    inside = {id(t) for _, below in subscripts for t in below}
    bound: set[str] = set()
    for n, below in subscripts:
        before = found[n - 1]
        if before.text in ("sum", "prod", "max", "min"):
            bound |= {t.text for t in below}
        elif id(before) not in inside:
            own.add(_base(found, n - 1))
    for one, sign, after in zip(found, found[1:], found[2:], strict=False):
        said = after.kind not in ("digit", "letter") and not after.braces
        if one.kind == "letter" and sign.text == "=" and said and id(one) not in inside:
            own.add(one.text)
    own |= {t.text for t in found if t.text in PARAMETERS and id(t) not in inside}
    quantities, others, out = own - bound, set[str](), set[str]()
    for n, below in subscripts:
        letters = {t.text for t in below if not t.braces}
        of = out if letters <= quantities and "".join(letters).islower() else others
        of.add(_base(found, n - 1))
    return frozenset(out - others - {""})


def _base(found: Sequence[Token], place: int) -> str:
    """The name that ends at a place: y, or \\hat{y}."""
    token = found[place]
    accent = ""
    if token.text == "}":
        place = opening(found, place) + 1
        before = found[place - 2] if place >= 2 else token
        accent = ACCENTS.get(before.text, "") if before.kind == "command" else ""
        token = found[place]
    elif place and found[place - 1].kind == "command":
        accent = ACCENTS.get(found[place - 1].text, "")
    base = GREEK.get(token.text, "") if token.kind == "command" else token.text
    return base + accent if base else ""


def mentioned(found: Sequence[Token]) -> frozenset[str]:
    """The names in it, with what stands over or below them and without: y, yhat, h_theta."""
    words = [GREEK.get(t.text, t.text) for t in found]
    threes = zip(words, words[1:], words[2:], strict=False)
    below = (f"{a}_{b}" for a, sign, b in threes if sign == "_")
    return frozenset((*words, *below, *(_base(found, n) for n in range(len(found)))))


def _draws(found: Sequence[Token], n: int) -> bool:
    """Is it a bar or bracket without a norm or a product: KL(q \\| p), a^{\\langle t \\rangle}?"""
    if found[n].text == "langle":
        return n > 0 and (
            found[n - 1].text == "^" or (found[n - 1].text == "{" and found[n - 2].text == "^")
        )
    if found[n].text != "|":
        return False
    level, same = 0, 0
    for step in (-1, 1):
        place, level = n + step, 0
        while 0 <= place < len(found):
            level += {"(": step, "[": step, "{": step, ")": -step, "]": -step, "}": -step}.get(
                found[place].text, 0
            )
            if level < 0:
                break
            same += level == 0 and str(found[place]) == "\\|"
            place += step
    return same % 2 == 0


def has_vectors(found: Sequence[Token]) -> bool:
    """Is it in vector notation: are there transposes, norms, traces?"""
    for n, token in enumerate(found):
        if token.kind == "command" and str(token) in _VECTORS and not _draws(found, n):
            return True
        if token.kind == "command" and token.text in WORDS:
            word = "".join(t.text for t in found[n + 2 : n + 8]).split("}")[0]
            if word in MATRIX_FUNCTIONS:
                return True
        if token.text == "^" and not _of_operator(found, n) and _is_plain_t(found, n + 1):
            return True
        if _opens_a_norm(found, n) or _is_inner_product(found, n) or _is_bold_one(found, n):
            return True
    if transposing(found):
        return True
    names = [x for x in standing(found) if not _is_slope(found, x)]
    indexed = lettered(found)
    bold = any(x.bold and not x.indexed and x.base not in indexed for x in names)
    return bold or next(products(names, indexed | divisors(found)), None) is not None


def _is_slope(found: Sequence[Token], name: Standing) -> bool:
    """Is it the d of \\frac{dV}{dD}, which is no factor?"""
    return name.base == "d" and name.start > 0 and found[name.start - 1].braces


def _is_bold_one(found: Sequence[Token], n: int) -> bool:
    """Is it \\mathbf{1}, a column of ones, and no indicator before its condition?"""
    if found[n].kind != "command" or found[n].text not in BOLD:
        return False
    inner = [t.text for t in found[n + 1 : n + 4]]
    length = 1 if inner[:1] == ["1"] else 3 if inner == ["{", "1", "}"] else 0
    after = str(found[n + 1 + length]) if n + 1 + length < len(found) else ""
    return length > 0 and after not in ("_", "[", "\\{", "(", "\\lbrace")


def _is_plain_t(found: Sequence[Token], n: int) -> bool:
    """Is a superscript T, in whatever type, and nothing else?  T of e^{T-t} is a number."""
    inner, _ = group(found, n)
    shown = [t.text for t in inner if not t.braces and t.text not in FONTS | WORDS | {"sf"}]
    return shown == ["T"]


def matrices(found: Sequence[Token]) -> frozenset[str]:
    """The capitals that stand before a name without an index, W x or W^\\top g, as matrices do."""
    out: set[str] = set()
    for n, token in enumerate(found[:-1]):
        if token.kind != "letter" or not token.text.isupper():
            continue
        place = n + 1
        if found[place].text == "^":
            raised = [t.text for t in found[place + 1 : place + 4] if not t.braces]
            if raised[:1] not in (["top"], ["T"], ["intercal"]):
                continue
            place += 4 if found[place + 1].text == "{" else 2
        behind = found[place] if place < len(found) else token
        small = behind.kind == "letter" and behind.text.islower() and behind.text != "d"
        if small or (place > n + 1 and behind.kind == "command"):
            out.add(token.text)
    return frozenset(out)


def sizes_of(found: Sequence[Token], defined: frozenset[str]) -> dict[str, str]:
    """The size that a letter has by its capital: N where it stands bare, for n."""
    out: dict[str, str] = {}
    for n, token in enumerate(found):
        size = token.text
        if token.kind != "letter" or size not in "NMKD" or size in defined:
            continue
        after = found[n + 1].text if n + 1 < len(found) else ""
        if after != "_":
            out[size.lower()] = size
        else:
            return {k: v for k, v in out.items() if v != size}
    return out
