"""Common parts: what a program would compute twice is computed once, and what nothing uses not.

Gives `Loop` (lines that are run step by step), `all_shared` (repeated code under a name of its own)
and `live` (the lines that a result needs).  Works on Python's `ast`; outside loops every name is
assigned once, so equal code is equal in value.

Imports the standard library only.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

Assigned = tuple[str, ast.expr]
CHEAP = (ast.Name, ast.Constant, ast.Attribute, ast.Slice, ast.Tuple, ast.Subscript)


@dataclass(frozen=True)
class Loop:
    """Lines run for each step: the step's name, its values, and slices that are assigned.

    `places` says of each array where the step's slice of it is, as a subscript.
    """

    step: str
    values: ast.expr
    lines: tuple[Assigned, ...]
    places: dict[str, ast.expr]

    @property
    def names(self) -> set[str]:
        return {n for _, code in self.lines for n in names(code)}

    def shared(self, fresh: Callable[[], str], plain: Collection[str]) -> Loop:
        """The loop with nothing computed twice within one step."""
        slices = {f"{target} at {self.step}": target for target, _ in self.lines}
        of = {target: name for name, target in slices.items()}
        lines = shared([(of[t], code) for t, code in self.lines], fresh, plain)

        class Sliced(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.AST:
                target = slices.get(node.id)
                return node if target is None else ast.Subscript(ast.Name(target), places[target])

        places = self.places
        made = tuple((slices.get(t, t), _expression(Sliced().visit(code))) for t, code in lines)
        return replace(self, lines=made)

    def live(self, needed: set[str]) -> Loop | None:
        """The lines that something after the loop, or another line that is kept, needs."""
        kept: set[str] = set()
        while True:
            more = {t for t, _ in self.lines if t in needed} - kept
            if not more:
                break
            kept |= more
            needed |= {n for t, code in self.lines if t in more for n in names(code)}
        lines = tuple(line for line in self.lines if line[0] in kept)
        return replace(self, lines=lines) if lines else None


Line = Assigned | Loop


def _expression(node: ast.AST) -> ast.expr:
    assert isinstance(node, ast.expr)
    return node


def live(lines: Sequence[Line], results: Collection[ast.expr]) -> list[Line]:
    """The lines that the results need, in order."""
    needed = {n for code in results for n in names(code)}
    found: list[Line] = []
    for line in reversed(lines):
        if isinstance(line, Loop):
            kept = line.live(needed)
            found += [] if kept is None else [kept]
        elif line[0] in needed:
            needed |= names(line[1])
            found.append(line)
    return found[::-1]


def names(code: ast.AST) -> set[str]:
    """The names that stand in code."""
    return {n.id for n in ast.walk(code) if isinstance(n, ast.Name)}


def all_shared(
    lines: Sequence[Line], fresh: Callable[[], str], plain: Collection[str]
) -> list[Line]:
    """As `shared`, each loop by itself."""
    loops = [line for line in lines if isinstance(line, Loop)]
    marks = {f"loop {n}": loop for n, loop in enumerate(loops)}
    of = {id(loop): mark for mark, loop in marks.items()}
    plainly = [
        (of[id(line)], ast.Constant(0)) if isinstance(line, Loop) else line for line in lines
    ]
    made = shared(plainly, fresh, plain)
    return [
        marks[target].shared(fresh, plain) if target in marks else (target, code)
        for target, code in made
    ]


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
