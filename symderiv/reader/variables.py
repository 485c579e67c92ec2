"""Variables as they are given beside a formula: arrays that are named whole, and their shapes.

Gives `all_components` (W is W[k,l]) and `declared`, the shapes that are stated.

Imports functions, library, pieces, refusal and scan.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from functools import partial

from symderiv.reader import scan
from symderiv.reader.functions import RESERVED
from symderiv.reader.library import Library
from symderiv.reader.pieces import pieces
from symderiv.reader.refusal import ReadError, Source


def declared(shape: str) -> dict[str, tuple[str, ...]]:
    """The shapes that --shape states: "X: N,D; lam: 1" is {"X": ("N", "D"), "lam": ()}.

    Raises
    ------
    ReadError
        for what states no shape.
    """
    source, found = Source(shape, "shape"), {}
    for part in filter(str.strip, shape.split(";")):
        match = re.fullmatch(r"\s*([A-Za-z]\w*)\s*:\s*(\w+)\s*(?:,\s*(\w+)\s*)?", part, re.ASCII)
        if match is None or match[1] in found:
            raise source.refuse(
                shape.find(part), f"{part.strip()!r} is no shape; it takes such as X: N,D; lam: 1"
            )
        sizes = tuple(s for s in match.groups()[1:] if s)
        if not all(s.isdigit() or s[0].isalpha() for s in sizes):
            raise source.refuse(shape.find(part), "sizes are names or numbers, N or 3")
        if any(s.isdigit() and not 1 <= int(s) <= 1000 for s in sizes):
            raise source.refuse(shape.find(part), "a size is a number from 1 to 1000")
        found[match[1]] = () if sizes == ("1",) else sizes
    return found


_LETTERS = "jklmnpqrstuvabcdfgh"


def all_components(
    formula: str,
    wrt: Sequence[str],
    assume: Sequence[str],
    claim: str | None,
    library: Mapping[str, str],
) -> tuple[str, ...]:
    """The variables, an array that is named whole with letters of its own: W is W[k,l].

    A letter that only the claim has is taken first, since that speaks of the components.
    """
    if all("[" in w for w in wrt):
        return tuple(wrt)
    try:
        parts = pieces(Source(formula))
        claimed = pieces(Source(claim or "", "claim"))
    except ReadError:
        return tuple(wrt)  # what is wrong is refused where it is read
    trees = [t for p in parts for t in p.trees]
    ranks = {**_arguments(trees, library), **scan.ranks(trees)}
    words = set(re.findall(r"[A-Za-z]\w*", " ".join((formula, *wrt, *assume))))
    wanted = [x for p in claimed for x in scan.free_subscripts(p.right) if x not in words]
    others = words | set(re.findall(r"[A-Za-z]\w*", claim or ""))
    letters = [*dict.fromkeys(wanted), *(x for x in _LETTERS if x not in others)]
    out: list[str] = []
    for variable in wrt:
        rank = ranks.get(variable.strip(), 0)
        own, letters = letters[:rank], letters[rank:]
        out.append(f"{variable.strip()}[{','.join(own)}]" if own else variable)
    return tuple(out)


def _arguments(trees: Sequence[ast.expr], library: Mapping[str, str]) -> dict[str, int]:
    """The names that stand for whole arrays in calls, logsumexp(z), with their numbers of axes."""
    known, found = Library(library), dict[str, int]()
    for node in (n for t in trees for n in ast.walk(t) if isinstance(n, ast.Call)):
        name = scan.called(node)
        if name not in RESERVED and name in known:
            for argument, rank in known.arguments(node, partial(Source("").refuse, 0)):
                if isinstance(argument, ast.Name):
                    found[argument.id] = rank
    return found
