"""Freed: arrays of a program are let go where they are no longer needed.

    h = g * xhat + b; L = np.vecdot(w, h).sum(-1); xhatbar = w * g  ->  …; del h; xhatbar = w * g

Gives `freed`, for a program that runs through many arrays of one size: the most memory that it
has at a time is that of the arrays which it still needs.  Sums and the like are short, and stay.

Imports the standard library and lines.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from symderiv.emit.lines import names, short, targets


def freed(
    lines: Sequence[ast.stmt], results: Sequence[ast.expr], arrays: Collection[str]
) -> list[ast.stmt]:
    """The lines, and one that lets arrays go before each that makes a large one.

    `arrays` : those that are given; what else is given are numbers.
    """
    last = {name: n for n, line in enumerate(lines) for name in names(line)}
    small = short(lines, {*last} - {*arrays} - {name for line in lines for name in targets(line)})
    waiting, makes = set[str](), set[int]()
    for n, line in enumerate(lines):
        match line:
            case ast.Assign([ast.Name(name)], ast.Call(keywords=[ast.keyword("out", place)])):
                waiting = waiting - names(place) | {name}
            case ast.Assign([ast.Name(name)]) if name not in small:
                waiting.add(name)
                makes.add(n)
    waiting -= names(*results)
    made: list[ast.stmt] = []
    for n, line in enumerate(lines):
        gone = sorted(name for name in waiting if last[name] < n)
        if gone and n in makes:
            made.append(ast.Delete([ast.Name(name, ast.Del()) for name in gone]))
            waiting -= {*gone}
        made.append(line)
    return made
