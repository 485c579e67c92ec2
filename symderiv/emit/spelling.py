"""Spellings: how NumPy says each operation, as Python expressions.

Gives `written`, an operation on written operands, `filled`, a template with expressions in it,
`lines_of`, lines from their text, `names_in` code, and `helpers_of` it.
An operation is a template, a Python expression in `a`, `b`, `c` that is read once, or a call of an
atom; a function of one number is asked of `symderiv.elementwise`.  Other targets are translated.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from symderiv.atoms import ATOMS
from symderiv.elementwise import FUNCTIONS
from symderiv.emit.copying import copied

NUMPY = {
    "add": "a + b", "sub": "a - b", "mul": "a * b", "div": "a / b", "pow": "a ** b",
    "neg": "-a", "sqrt": "np.sqrt(a)", "exp": "np.exp(a)", "abs": "np.abs(a)",
    "gt": "a > b", "ge": "a >= b", "lt": "a < b", "le": "a <= b", "eq": "a == b",
    "ne": "a != b", "and": "a & b", "max": "np.maximum(a, b)", "min": "np.minimum(a, b)",
    "where": "np.where(a, b, c)", "clip": "np.clip(a, b, c)", "float": "(a).astype(dtype)",
    "number": "float(a)", "kept": "min(max(a, b), c)",
    "expm1": "np.expm1(a)", "log1p": "np.log1p(a)", "logaddexp": "np.logaddexp(a, b)",
    "hypot": "np.hypot(a, b)", "repeat": "a + 0 * b",
}  # fmt: skip


def written(op: str, *operands: ast.expr) -> ast.expr:
    """An operation on written operands: a row, an atom, or "f:tanh", a function of the register."""
    if op.startswith("f:"):
        return filled(FUNCTIONS[op[2:]].spellings["numpy"], {"x": operands[0]})
    if op in NUMPY:
        return filled(NUMPY[op], dict(zip("abc", operands, strict=False)))
    return ast.Call(ast.Name(f"_{ATOMS[op].name}", ast.Load()), [*operands], [])


@lru_cache(maxsize=512)
def _read(template: str) -> ast.expr:
    return ast.parse(template, mode="eval").body


class Filling(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.names.get(node.id, node)


def filled(template: str, names: Mapping[str, ast.expr]) -> ast.expr:
    """A template with expressions in place of its names."""
    made = Filling(names).visit(copied(_read(template)))
    assert isinstance(made, ast.expr)
    return made


def lines_of(texts: Iterable[str]) -> list[ast.stmt]:
    """Lines from their text, which is our own."""
    return [s for text in texts for s in ast.parse(text).body]


def names_in(code: Iterable[ast.AST]) -> Counter[str]:
    """How often each name is mentioned."""
    return Counter(n.id for s in code for n in ast.walk(s) if isinstance(n, ast.Name))


def helpers_of(
    statements: Iterable[ast.AST], helper: Callable[[str], ast.FunctionDef | None]
) -> list[ast.FunctionDef]:
    """The helpers that code calls, and those that they call, by name."""
    made: dict[str, ast.FunctionDef] = {}
    waiting = [*statements]
    while waiting:
        for name in names_in([waiting.pop()]):
            found = None if name in made else helper(name)
            if found is not None:
                made[name] = found
                waiting.append(found)
    return [made[name] for name in sorted(made)]
