"""Standing: how the names of a text stand, bold or not, with or without an index, side by side.

Gives `Standing`, `standing` (every name in order), `products` (a capital beside another name,
neither with an index, as in W x: the product of a matrix), `bold` (a vector throughout),
`doubtful` (what an author of matrices and one of numbers do not mean alike) and `sigma_alone`.

Imports signs, tokens and names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from symderiv.mistakes import DASH
from symderiv.reader.latex.names import ACCENTS, BOLD, FONTS, GREEK, WORDS
from symderiv.reader.latex.signs import BARS
from symderiv.reader.latex.tokens import Token, group
from symderiv.records import dataclass

# capitals that are numbers where they stand bare: sizes, losses, expectations
NUMBERS = frozenset("NMKDCTBLJE")
MATRICES = frozenset(("Sigma", "Lambda", "Theta", "Psi", "Omega"))


@dataclass(frozen=True)
class Standing:
    """A name at a place.

    Attributes
    ----------
    base : the name without its scripts
    bold : is it set as a vector?
    indexed : has it a letter below?
    start, end : the places of its first token and behind its last
    """

    base: str
    bold: bool
    indexed: bool
    start: int
    end: int

    @property
    def matrix(self) -> bool:
        """Is it a capital that is no number by custom?"""
        capital = (len(self.base) == 1 and self.base.isupper()) or self.base in MATRICES
        return capital and (self.bold or self.base not in NUMBERS)


def standing(found: Sequence[Token]) -> list[Standing]:
    """The names of a text in order, those in scripts left out."""
    out: list[Standing] = []
    place = 0
    while place < len(found):
        token = found[place]
        if token.kind == "mark" and token.text in "_^":
            _, place = group(found, place + 1)
            continue
        name = _name(found, place)
        if name is not None:
            out.append(name)
            place = name.end
        elif token.kind == "command" and token.text in WORDS:
            _, place = group(found, place + 1)  # the word of a function
        else:
            place += 1
    return out


def products(names: Sequence[Standing], lettered: Collection[str]) -> Iterator[Standing]:
    """The capitals that stand beside another name, neither with an index anywhere."""
    for one, other in pairwise(names):
        if one.end != other.start or {one.base, other.base} & {*lettered}:
            continue
        if one.matrix or (other.matrix and one.base not in GREEK.values()):
            yield one if one.matrix else other


def bold(found: Sequence[Token]) -> frozenset[str]:
    """The names that are set as vectors or matrices wherever they stand, and have no index."""
    names = standing(found)
    plain = {x.base for x in names if x.indexed or not x.bold}
    return frozenset(x.base for x in names) - plain


def doubtful(found: Sequence[Token], lettered: Collection[str]) -> tuple[int, str] | None:
    """Where a text without vectors means another thing if a capital in it is a matrix, and what.

    Parameters
    ----------
    lettered : the names that have an index somewhere
    """
    names = standing(found)
    for one, other in pairwise(names):
        whole = one.matrix and other.base in lettered and not other.indexed
        if whole and one.base not in lettered and one.end == other.start:
            a, x = _shown(found, one), _shown(found, other)
            return found[one.start].at, (
                f"{x} stands whole beside {a} and has an index elsewhere; write "
                rf"\sum_j {a}_{{ij}} {x}_j, or everything without indices, {DASH}wrt too"
            )
    for name in names:
        if not name.matrix or name.base in lettered or name.indexed:
            continue
        shown, at = found[name.start].text, found[name.start].at
        text = _shown(found, name)
        if "^{-" in text and text.rstrip("}").rpartition("-")[2].isdigit():
            return at, (
                f"this is read both as a power of the number {shown} and as an inverse of the "
                rf'matrix; write \frac{{1}}{{{shown}}}, or {DASH}shape "{shown}: N,N"'
            )
        around = found[max(name.start - 1, 0) : name.end + 1]
        if len(around) > 2 and BARS.get(str(around[0])) == str(around[-1]):
            return at, (
                f"|{shown}| is read both as an absolute value and as a determinant; write "
                rf'\det {shown}, or {DASH}shape "{shown}: 1" for a number'
            )
    return None


def sigma_alone(found: Sequence[Token]) -> bool:
    """Is there a \\sigma that nothing in brackets follows and that has no index?"""
    names = [x for x in standing(found) if x.base == "sigma" and not x.indexed]
    return any(x.end >= len(found) or found[x.end].text not in "([" for x in names)


def divisors(found: Sequence[Token]) -> frozenset[str]:
    """The names that stand alone below a bar, as no matrix does: Q of \\frac KQ and of K/Q."""
    out = set()
    for n, token in enumerate(found):
        below = n + 1
        if token.kind == "command" and token.text in ("frac", "dfrac", "tfrac"):
            _, below = group(found, n + 1)
        elif token.text != "/":
            continue
        inner, _ = group(found, below)
        out |= {inner[0].text} if len(inner) == 1 else set()
    return frozenset(out)


def _shown(found: Sequence[Token], name: Standing) -> str:
    return "".join(map(str, found[name.start : name.end]))


def _name(found: Sequence[Token], start: int) -> Standing | None:
    """The name that begins at a place, with its scripts: x, \\alpha, \\mathbf{x}, \\hat y."""
    token, end = found[start], start + 1
    base, bold = token.text, False
    if token.kind == "command" and token.text in FONTS | ACCENTS.keys():
        inner, end = group(found, end)
        inner = [t for t in inner if not t.braces]
        bold = token.text in BOLD or any(t.text in BOLD for t in inner)
        plain = [t for t in inner if t.text not in FONTS | ACCENTS.keys()]
        if len(plain) != 1 or plain[0].kind not in ("letter", "command"):
            return None
        base = plain[0].text
    elif token.kind != "letter" and not (token.kind == "command" and token.text in GREEK):
        return None
    indexed = False
    while end < len(found) and found[end].kind == "mark" and found[end].text in "_^'":
        mark, end = found[end].text, end + 1
        if mark == "'":
            continue
        script, end = group(found, end)
        if mark == "_":
            words = any(t.text in WORDS | FONTS for t in script)
            letters = [t for t in script if t.kind == "letter" or t.text in GREEK]
            indexed |= not words and any(not t.text.isupper() for t in letters)
    return Standing(GREEK.get(base, base), bold, indexed, start, end)
