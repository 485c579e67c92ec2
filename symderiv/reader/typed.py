"""Typed text: spellings of other programs in the formula language, as what they mean.

Gives `is_typed` and `plainly`: `x^2` is x**2, `ln(x)` log(x), `pi[k]` a component of the array pi_,
`f(x) = x` is f = x; and `with_euler`, which reads e**x as exp(x), where e is no name of the text.

Imports pieces, refusal and tree.  To add a spelling: a row in `_SPELLINGS`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection
from dataclasses import replace

from symderiv.reader import scan, tree
from symderiv.reader.pieces import Piece
from symderiv.reader.refusal import Source
from symderiv.reader.tree import Written

_HEAD = re.compile(
    r"(?:^|(?<=[;\n]))\s*([A-Za-z]\w*)"
    r"(\s*\(\s*[A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*\s*\))(?=\s*=(?!=))"
)
_SPELLINGS = (
    (re.compile(r"\^"), "**"),
    (re.compile(r"(?<![\w.])ln(?=\s*\()"), "log"),
    (re.compile(r"(?<![\w.])pi(?=\s*\[)"), "pi_"),  # an array, where the number has no components
)


def is_typed(text: str) -> bool:
    """Does it hold a spelling that the formula language does not have?"""
    return bool(_arguments(text)) or any(found.search(text) for found, _ in _SPELLINGS)


def _arguments(text: str) -> dict[int, int]:
    """The ends of (x) by their starts in f(x) = …, where f is called nowhere."""
    heads = _HEAD.finditer(text)
    once = [m for m in heads if len(re.findall(rf"\b{m[1]}\s*\(", text)) == 1]
    return {m.start(2): m.end(2) for m in once}


def plainly(source: Source) -> tuple[str, Callable[[int], int]]:
    """The text in the formula language, and the way back from its places."""
    text, written = source.text, Written()
    place, arguments = 0, _arguments(text)
    while place < len(text):
        place = arguments.get(place, place)
        for spelling, instead in _SPELLINGS:
            if found := spelling.match(text, place):
                written.put(instead, place)
                place = found.end()
                break
        else:
            written.put(text[place], place)
            place += 1
    return written.text, written.origin


def names_e(piece: Piece) -> bool:
    """Is e a name of its own in this piece: does it stand where it is no base of a power?"""
    found = False
    for side in piece.trees:
        nodes = scan.walk(side)
        bases = {
            id(n.left) for n in nodes if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)
        }
        found |= any(isinstance(n, ast.Name) and n.id == "e" and id(n) not in bases for n in nodes)
    return found


def with_euler(piece: Piece, declared: Collection[str] = ()) -> Piece:
    """The piece with e as Euler's number, unless that is a declared name."""
    if "e" in declared:
        return piece
    left = None if piece.left is None else euler(piece.left)
    return replace(piece, left=left, right=euler(piece.right))


def euler(term: ast.expr) -> ast.expr:
    """A formula with e**u as exp(u)."""

    def one(node: ast.expr) -> ast.expr | None:
        match node:
            case ast.BinOp(left=ast.Name(id="e"), op=ast.Pow(), right=exponent):
                made = tree.call("exp", [euler(exponent)], node.col_offset)
                return ast.copy_location(made, node)
        return None

    return tree.copied(term, one)
