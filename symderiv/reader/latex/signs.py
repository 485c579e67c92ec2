"""Signs: the marks of relations and products, and what ends a term.

Gives `RELATIONS`, `MULTIPLIED`, `ENDS`, `OPENING` (brackets with what closes them) and
`is_relation`.

Imports tokens.
"""

from __future__ import annotations

import ast

from symderiv.reader.latex.tokens import MATRICES, Token

OPENING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "\\lbrace": "\\rbrace"}
RELATIONS: dict[str, type[ast.cmpop]] = {
    "=": ast.Eq,
    "\\neq": ast.NotEq,
    "\\ne": ast.NotEq,
    "<": ast.Lt,
    "\\lt": ast.Lt,
    ">": ast.Gt,
    "\\gt": ast.Gt,
    "\\le": ast.LtE,
    "\\leq": ast.LtE,
    "\\leqslant": ast.LtE,
    "\\ge": ast.GtE,
    "\\geq": ast.GtE,
    "\\geqslant": ast.GtE,
    "\\equiv": ast.Eq,
    "\\triangleq": ast.Eq,
    "\\coloneqq": ast.Eq,
}
MULTIPLIED = ("\\cdot", "\\times", "*", "\\odot", "\\circ", "\\otimes", "\\ast", "\\oslash")
ENDS = frozenset((")", "]", "}", "\\}", ",", ";", "&", "\\\\", "\\rvert", "\\rVert"))
ENDS |= frozenset(("\\end cases", "\\rangle", ".", ":", "\\mid", "\\rbrace"))
ENDS |= frozenset(f"\\end {name}" for name in MATRICES)
ENDS |= frozenset(("\\text", "\\rightarrow", "\\to", "\\implies"))


def is_relation(token: Token) -> bool:
    return str(token) in RELATIONS or str(token) == "\\not"
