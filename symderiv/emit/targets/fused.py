"""Fused: what an engine computes at once, in place of the lines that say it.

Gives `Fused`, one such call, `fused`, which writes lines with it, and `matches`.  Both sides are
the same mathematics, and as exact; a test runs both.

Imports the standard library, lines and spelling.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import cast

from symderiv.emit.lines import reads, targets
from symderiv.emit.spelling import Filling, copied, filled
from symderiv.records import dataclass

Found = dict[str, ast.expr]
RESULT, SHARED = "_value", "_shared"  # no name of a user's begins with an underscore


@dataclass(frozen=True)
class Fused:
    """A call that stands for some lines.

    Attributes
    ----------
    value : an expression; a capital is any other one, `[LAST]` a new last axis
    where : what a capital of it is, a name that is used here only
    beside : what a capital is, of it or of the call, in lines that stay
    near : what stands somewhere in lines that stay
    shared : what a capital of the call is, in a line that all such calls share
    call : what is written instead
    """

    value: str
    call: str
    where: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    near: str = ""
    shared: Mapping[str, str] = field(default_factory=dict)


def fused(
    lines: Sequence[ast.stmt], results: Sequence[ast.expr], calls: Sequence[Fused]
) -> tuple[list[ast.stmt], list[ast.expr]]:
    """Lines and results with the calls that stand for them."""
    written = _Writing([*lines], [*results])
    for call in calls:
        written.use(call)
        written.sift()
    return written.lines, written.results


class _Writing:
    def __init__(self, lines: list[ast.stmt], results: list[ast.expr]) -> None:
        self.lines, self.results = lines, results

    def use(self, call: Fused) -> None:
        pattern = filled(call.value, {})
        for part in (*self.lines, *self.results):
            self.gone: list[ast.stmt] = []
            self.part = part
            replaced = _Replaced(self, pattern, call)
            if isinstance(part, ast.expr):
                made = cast(ast.expr, replaced.visit(part))
                self.results = [made if r is part else r for r in self.results]
            else:
                replaced.visit(part)
            self.lines = [s for s in self.lines if not any(s is g for g in self.gone)]

    def sift(self) -> None:
        """Leave out what nothing uses any more."""
        while unused := [s for s in self.lines if any(not self._uses(n) for n in _name(s))]:
            self.lines = [s for s in self.lines if s not in unused]

    def bound(self, code: ast.expr, pattern: ast.expr, call: Fused) -> Found | None:
        """What the capitals of a pattern are in code."""
        found: Found = {}
        if not matches(pattern, code, found):
            return None
        gone: list[ast.stmt] = []
        for capital, text in call.where.items():
            name = ast.unparse(found[capital])
            made = [s for s in self.lines if name in _name(s)]
            if len(made) != 1 or self._uses(name) != reads(code).count(name):
                return None
            value = cast(ast.Assign, made[0]).value
            if not matches(filled(text, {}), value, found):
                return None
            gone += made
        if not all(self.beside(*item, found) for item in call.beside.items()):
            return None
        if call.near and not self.near(call.near, found):
            return None
        for capital, text in call.shared.items():
            found[capital] = self.shared(text, found)
        self.gone += gone
        return found

    def beside(self, capital: str, text: str, found: Found) -> bool:
        """Is what a capital is in a line above, or the first result, which is a line then?"""
        pattern, place = filled(text, {}), self._place()
        for line in self.lines[:place]:
            match line:
                case ast.Assign([ast.Name() as made], value):
                    tried = {capital: cast(ast.expr, made), **found}
                    if ast.unparse(tried[capital]) == made.id and matches(pattern, value, tried):
                        found.update(tried)
                        return True
        if capital in found or not matches(pattern, self.results[0], found):
            return False
        made = ast.Name(RESULT)
        self.lines.insert(place, ast.Assign([made], self.results[0]))
        found[capital] = self.results[0] = made
        return True

    def near(self, text: str, found: Found) -> bool:
        """Does some line have this?"""
        pattern = filled(text, {})
        return any(matches(pattern, n, dict(found)) for s in self.lines for n in ast.walk(s))

    def shared(self, text: str, found: Found) -> ast.expr:
        """The name of a line above that makes this, which is written where there is none."""
        value = cast(ast.expr, _Filled(found).visit(filled(text, {})))
        same = [
            s for s in self.lines
            if isinstance(s, ast.Assign) and ast.unparse(s.value) == ast.unparse(value)
        ]  # fmt: skip
        others = sum(t.startswith(SHARED) for s in self.lines for t in targets(s))
        line = same[0] if same else ast.Assign([ast.Name(f"{SHARED}{others or ''}")], value)
        if line not in self.lines[: self._place()]:
            self.lines = [s for s in self.lines if s is not line]
            self.lines.insert(self._place(), line)
        return ast.Name(targets(line)[0])

    def _place(self) -> int:
        """Where the part is that is looked at: among the lines, or behind them."""
        return next((n for n, s in enumerate(self.lines) if s is self.part), len(self.lines))

    def _uses(self, name: str) -> int:
        return sum(reads(part).count(name) for part in (*self.lines, *self.results))


class _Replaced(ast.NodeTransformer):
    """Code with a call in place of what matches."""

    def __init__(self, writing: _Writing, pattern: ast.expr, call: Fused) -> None:
        self.writing, self.pattern, self.call = writing, pattern, call

    def visit(self, node: ast.AST) -> ast.AST:
        made: ast.AST = self.generic_visit(node)
        if isinstance(made, ast.expr):
            found = self.writing.bound(made, self.pattern, self.call)
            if found is not None:
                return cast(ast.expr, _Filled(found).visit(filled(self.call.call, {})))
        return made


class _Filled(Filling):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copied(super().visit_Name(node))


def _name(line: ast.stmt) -> list[str]:
    """The name of the one array that a line makes."""
    match line:
        case ast.Assign([ast.Name(made)]):
            return [made]
    return []


def matches(pattern: ast.AST, code: ast.AST, found: Found) -> bool:
    """Is code of a pattern, with what its capitals are known to be?  Adds what they are."""
    match pattern, code:
        case ast.Name(capital), ast.expr() if len(capital) == 1 and capital.isupper():
            return ast.unparse(found.setdefault(capital, code)) == ast.unparse(code)
        case ast.Subscript(of, ast.Name("LAST")), ast.Subscript(inner, index):
            return _is_last(index) and matches(of, inner, found)
        case ast.BinOp(a, ast.Mult(), b), ast.BinOp(c, ast.Mult(), d):
            for one, other in ((c, d), (d, c)):
                tried = dict(found)
                if matches(a, one, tried) and matches(b, other, tried):
                    found.update(tried)
                    return True
            return False
    if type(pattern) is not type(code):
        return False
    return all(
        _same(getattr(pattern, f), getattr(code, f), found)
        for f in pattern._fields
        if f not in ("ctx", "kind")
    )


def _same(a: object, b: object, found: Found) -> bool:
    if isinstance(a, ast.AST) and isinstance(b, ast.AST):
        return matches(a, b, found)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y, found) for x, y in zip(a, b, strict=True))
    return a == b


def _is_last(index: ast.expr) -> bool:
    """Does an index add one axis, behind all others?"""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    plain = [p for p in parts if not (isinstance(p, ast.Constant) and p.value is ...)]
    *slices, last = plain or [index]
    whole = all(isinstance(s, ast.Slice) and ast.unparse(s) == ":" for s in slices)
    return whole and isinstance(last, ast.Constant) and last.value is None
