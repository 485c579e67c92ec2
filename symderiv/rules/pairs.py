"""Pairs: a rule of the largest, and the same of the smallest, which is its mirror image.

Gives `pair`.  max(u, v) is -min(-u, -v): where the one rule says >, larger and maximum the other
says <, smaller and minimum, in its law, its examples and its name.

Floor 1: imports the register.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.rules.registry import Law, OfParts, Rule, derivative

_WORDS = {"max": "min", ">": "<", "maximum": "minimum", "larger": "smaller", "largest": "smallest"}
_MIRROR = _WORDS | {other: word for word, other in _WORDS.items()}


def pair(
    identifier: str,
    name: str,
    law: Law,
    *,
    of: tuple[type[Basic], type[Basic]],
    examples: Sequence[Law],
    refuses: Sequence[str] = (),
) -> Callable[[OfParts], tuple[Rule, Rule]]:
    """Register a function of u and x, which sees which head u has, as two rules of ∂u/∂x."""

    def registered(function: OfParts, head: type[Basic], said: Callable[[str], str]) -> Rule:
        def apply(u: Expr, x: Expr) -> Expr | None:
            return function(u, x) if type(u) is head else None  # a `Minimum` is a `Maximum` too

        first, *others = (Law(said(one.before), said(one.after)) for one in (law, *examples))
        return derivative(
            said(identifier),
            said(name),
            first,
            of=head,
            examples=tuple(others),
            refuses=tuple(map(said, refuses)),
        )(apply)

    return lambda f: (registered(f, of[0], str), registered(f, of[1], _mirrored))


def _mirrored(text: str) -> str:
    return re.sub(r"[a-z]+|[<>]", lambda word: _MIRROR.get(word[0], word[0]), text)
