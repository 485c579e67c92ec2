"""Primes: whether they transpose, as in \\beta' X' X \\beta, or say of a function its derivative.

Gives `transposing`.  An econometrician's prime stands on a name or a bracket beside a factor; that
of x' in \\|x - x'\\| makes another name, which is not read, and that of f'(x) a derivative.

Imports tokens, signs and names.
"""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.reader.latex.names import FUNCTIONS, GREEK
from symderiv.reader.latex.signs import OPENING, closing
from symderiv.reader.latex.tokens import Token

# before a bracket these are functions, and their primes derivatives
DERIVED = frozenset((*"fghFGH", "sigma", "phi", "psi", "zeta", "Phi", "Psi", "Gamma"))
_CLOSING = frozenset(OPENING.values())


def transposing(found: Sequence[Token]) -> bool:
    """Do all primes of a text transpose, and one at least that can be nothing else?"""
    marked = [n for n in range(1, len(found)) if _is_prime(found, n)]
    return any(_transposes(found, n) for n in marked) and all(
        _transposes(found, n) or _is_before_a_bracket(found, n) or _is_preceded(found, n)
        for n in marked
    )


def _is_prime(found: Sequence[Token], n: int) -> bool:
    return found[n].kind == "mark" and found[n].text == "'"


def _transposes(found: Sequence[Token], n: int) -> bool:
    """Does a factor begin behind the prime, as no argument of a function does?"""
    base, after = found[n - 1], found[n + 1] if n + 1 < len(found) else None
    if after is None or not _ends_a_factor(base):
        return False
    if str(after) in OPENING:
        capital = base.kind == "letter" and base.text.isupper()
        return base.text in _CLOSING or (capital and _is_before_a_bracket(found, n))
    return _begins_a_name(after)


def _is_before_a_bracket(found: Sequence[Token], n: int) -> bool:
    """Does more than one name stand in the bracket behind it, X'(y - Xb), and is it no f'(...)?"""
    if n + 1 >= len(found) or str(found[n + 1]) not in OPENING or found[n - 1].text in DERIVED:
        return False
    inner = found[n + 2 : closing(found, n + 1)]
    return sum(map(_begins_a_name, inner)) > 1


def _is_preceded(found: Sequence[Token], n: int) -> bool:
    """Is the primed name the last of a product, x x'?"""
    if n + 1 < len(found) and str(found[n + 1]) in OPENING:
        return False
    base, before = found[n - 1], found[n - 2] if n > 1 else None
    if before is None or not _begins_a_name(base):
        return False
    return _ends_a_factor(before) or _is_prime(found, n - 2)


def _begins_a_name(token: Token) -> bool:
    if token.kind == "command":
        return token.text in GREEK and token.text not in FUNCTIONS
    return token.kind == "letter"


def _ends_a_factor(token: Token) -> bool:
    return _begins_a_name(token) or token.text in _CLOSING or token.text == "}"
