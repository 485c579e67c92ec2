r"""Elsewhere: the value of a quantity where a name that it is made of is another one.

Gives `elsewhere`: L(w_0), L(w^*) and L(\hat w) of an L with a w in it, which are not L;
`is_of`: is a name another one, or such a value of it?

Imports stages and the reader.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from symderiv.checking.stages import Stage
from symderiv.reader import scan, tree
from symderiv.reader.latex.cursor import Cursor
from symderiv.terms.dependence import reached

_DECORATED = re.compile(r"_.+|hat|bar|tilde")
MOST = 60  # definitions that are put in


def is_of(given: str, name: str) -> bool:
    """Is it the name, or another value of it, w_0 of w?"""
    return given == name or (
        given.startswith(name) and bool(_DECORATED.fullmatch(given.removeprefix(name)))
    )


def elsewhere(
    cursor: Cursor, name: str, given: str, stages: Mapping[str, Stage]
) -> ast.expr | None:
    """L with w_0 for w, as L(w_0) says; None where L has no w in it, or a w_0.

    Raises
    ------
    ReadError
        for an L with z_i in it, where w is in the z_i.
    """

    def made_of(names: list[str]) -> set[str]:
        known = (stages[n].body for n in names if n in stages)
        return reached(
            scan.words(known), lambda n: scan.words([stages[n].body] if n in stages else [])
        )

    made = made_of([name])
    own = [n for n in made if n != given and is_of(given, n)]
    if name not in stages or given in made or len(own) != 1:
        return None
    left = MOST

    def meant(node: ast.expr) -> ast.expr | None:
        nonlocal left
        if not isinstance(node, ast.Name):
            return None
        if node.id == own[0]:
            return tree.name(given, node.col_offset)
        if own[0] not in made_of([node.id]):
            return None
        left -= 1
        if stages[node.id].letters or left < 0:
            said = f"{name}({given}) is not read; write {name}({own[0]}) out as a function"
            raise cursor.refuse(said)
        return tree.copied(stages[node.id].body, meant)

    return tree.copied(stages[name].body, meant)
