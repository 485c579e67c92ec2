r"""Slopes: derivatives in notations that are not read, by the signs that mark them.

Gives `stacked`, dy/dx as it is read, and `is_slope`: is it a derivative of what is defined or
written out?  What is said of one is a claim and no definition, though the reader does not know by
what is differentiated: \nabla L, p_i', \dot p, D p, (x \ln x)', f' at a point.  ∇ L = g says what g
is where nothing says what L is.

Imports the reader's names and tokens.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, takewhile

from symderiv.reader.latex.names import FUNCTIONS, GREEK
from symderiv.reader.latex.tokens import Token, group

_OPERATORS = frozenset(("\\nabla", "\\partial", "\\dot", "\\ddot"))
_WORDS = ("{grad}", "{D}")
_WRITTEN_OUT = frozenset(("+", "-", "/", "\\sum", "\\prod", "\\int", "\\sqrt"))


def stacked(found: Sequence[Token]) -> Iterator[Token]:
    r"""The tokens with dy/dx, d/dx and \partial L/\partial w_i as \frac has them."""
    place = 0
    while place < len(found):
        bar = _differential(found, place, whole=False)
        end = 0
        if place < bar < len(found) and found[bar].text == "/":
            end = _differential(found, bar + 1, whole=True)
        if not end:
            yield found[place]
            place += 1
            continue
        yield Token("command", "frac", found[place].at)
        for part in (found[place:bar], found[bar + 1 : end]):
            yield Token("mark", "{", part[0].at)
            yield from part
            yield Token("mark", "}", part[-1].at)
        place = end


def _differential(found: Sequence[Token], place: int, *, whole: bool) -> int:
    r"""Where dx, \partial L or \mathrm{d}w_i ends, or a bare d; 0 if it is none."""
    if place >= len(found):
        return 0
    if [t.text for t in found[place : place + 4]] == ["mathrm", "{", "d", "}"]:
        end = place + 4
    elif str(found[place]) in ("\\partial", "d"):
        end = place + 1
    else:
        return 0
    name = found[end] if end < len(found) else None
    typed = found[place].text != "d" or (name is not None and name.glued)  # c d / d x, a product
    named = name is not None and (name.kind == "letter" or name.text in GREEK)
    if not (named and typed):
        return 0 if whole else end
    end += 1
    while end + 1 < len(found) and found[end].text in ("_", "^"):
        _, end = group(found, end + 1)
    return end


def is_slope(found: Sequence[Token], known: Collection[str]) -> bool:
    """Is it marked as a derivative, of what is known or written out?

    Parameters
    ----------
    known : the names that the text defines
    """
    if not _is_marked(found, known):
        return False
    written_out = any(t.text in FUNCTIONS or str(t) in _WRITTEN_OUT for t in _on_the_line(found))
    return (
        written_out
        or (")", "'") in pairwise(map(str, found))
        or any(name in known for name in _names(found))
    )


def is_other(found: Sequence[Token], known: Collection[str]) -> bool:
    """Is it such a derivative that looks like a name or a product, \\dot p and D p?"""
    shown = [str(t) for t in found]
    first = shown[:1] == ["D"] and "D" not in known
    first |= any("".join(shown[1:]).startswith(word) for word in _WORDS)
    return (first or shown[:1] in (["\\dot"], ["\\ddot"])) and is_slope(found, known)


def _is_marked(found: Sequence[Token], known: Collection[str]) -> bool:
    shown = [str(t) for t in found]
    if "'" in shown or _OPERATORS & {*shown} or (shown[:1] == ["D"] and "D" not in known):
        return True
    pairs = list(pairwise(shown))
    if ("\\frac", "{") in pairs and (("{", "d") in pairs or ("{", "D") in pairs):
        return True
    return any(word in "".join(shown) for word in _WORDS)


def _names(found: Sequence[Token]) -> Iterator[str]:
    """The names in it: f_3 where a number stands below an f, and f where an index does."""
    for n, token in enumerate(found):
        if token.kind in ("letter", "command"):
            below = found[n + 2 :] if n + 1 < len(found) and found[n + 1].text == "_" else []
            braced = bool(below) and below[0].text == "{"
            shown = takewhile(lambda t: t.text != "}", below[1:]) if braced else below[:1]
            word = "".join(t.text for t in shown)
            name = GREEK.get(token.text, token.text)
            yield f"{name}_{word}" if word.isdigit() else name


def _on_the_line(found: Sequence[Token]) -> Iterator[Token]:
    """The tokens that stand in no script, as the minus of \\Sigma^{-1} does."""
    depth, script = 0, False
    for n, token in enumerate(found):
        if depth:
            depth += {"{": 1, "}": -1}.get(token.text, 0)
        elif script:
            script, depth = False, int(token.text == "{")
        elif token.text in ("^", "_") and n + 1 < len(found):
            script = True
        else:
            yield token
