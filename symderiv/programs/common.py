"""Common parts: what a program would compute twice is computed once, and what nothing uses not.

Gives `shared` (repeated code under a name of its own) and `live` (the assignments that a result
needs).  Works on Python's `ast`; every name is assigned once, so equal code is equal in value.

Imports the standard library only.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

Assigned = tuple[str, ast.expr]
CHEAP = (ast.Name, ast.Constant, ast.Attribute, ast.Slice, ast.Tuple, ast.Subscript)


def live(lines: Sequence[Assigned], results: Collection[ast.expr]) -> list[Assigned]:
    """The assignments that the results need, in order."""
    needed = {n for code in results for n in names(code)}
    found: list[Assigned] = []
    for target, code in reversed(lines):
        if target in needed:
            needed |= names(code)
            found.append((target, code))
    return found[::-1]


def names(code: ast.AST) -> set[str]:
    """The names that stand in code."""
    return {n.id for n in ast.walk(code) if isinstance(n, ast.Name)}


def shared(
    lines: Sequence[Assigned], fresh: Callable[[], str], plain: Collection[str]
) -> list[Assigned]:
    """The assignments, code that stands in them twice assigned before its first use.

    `plain` are the names of numbers: code of these alone is left where it is.
    """
    keys: dict[int, str] = {}
    count: Counter[str] = Counter()
    for _, code in lines:
        for node in _worth_a_name(code, plain):
            keys[id(node)] = ast.dump(node)
            count[keys[id(node)]] += 1
    named: dict[str, str] = {}
    found: list[Assigned] = []

    class Shared(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            key = keys.get(id(node))
            if key is None or count[key] < 2:
                return self.generic_visit(node)
            if key not in named:
                inner = self.generic_visit(node)
                assert isinstance(inner, ast.expr)
                named[key] = fresh()
                found.append((named[key], inner))
            return ast.Name(named[key])

    for target, code in lines:
        key = keys.get(id(code))
        if key is not None and count[key] > 1 and key not in named:
            inner = Shared().generic_visit(code)
            assert isinstance(inner, ast.expr)
            named[key] = target
            found.append((target, inner))
        else:
            changed = Shared().visit(code)
            assert isinstance(changed, ast.expr)
            found.append((target, changed))
    return _inlined(found, set(named.values()) - {target for target, _ in lines})


def _worth_a_name(code: ast.AST, plain: Collection[str]) -> Iterator[ast.AST]:
    if isinstance(code, ast.Call) and isinstance(code.func, ast.Attribute):
        inside: list[ast.AST] = [code.func.value, *code.args]
    elif isinstance(code, ast.Call):
        inside = list(code.args)
    else:
        inside = list(ast.iter_child_nodes(code))
    if isinstance(code, ast.expr) and not isinstance(code, CHEAP):
        arrays = names(code) - {*plain, "np", "dtype"}
        if arrays and not (isinstance(code, ast.UnaryOp) and isinstance(code.operand, CHEAP)):
            yield code
    for part in inside:
        yield from _worth_a_name(part, plain)


def _inlined(lines: Sequence[Assigned], made: Collection[str]) -> list[Assigned]:
    """Back in its place what got a name and stands once after all: a larger part was shared."""
    uses = Counter(n.id for _, code in lines for n in ast.walk(code) if isinstance(n, ast.Name))
    once = {target: code for target, code in lines if target in made and uses[target] == 1}

    class Inlined(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return self.visit(once[node.id]) if node.id in once else node

    return [(t, Inlined().visit(code)) for t, code in lines if t not in once]
