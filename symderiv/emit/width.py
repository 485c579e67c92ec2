"""Width: statements as text, a line that is too long broken in its brackets, as a formatter does.

    t = f(aaa, bbb) + ccc  ->  t = f(
                                   aaa,
                                   bbb,
                               ) + ccc

Gives `WIDTH`, `TAB` and `unparsed`.  Lines are broken while the code is a tree: what a bracket
holds is put there as the lines that it is, the longest first, until the whole fits.

Imports records.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import Any, TypeVar

from symderiv.records import dataclass

Code = TypeVar("Code", bound=ast.AST)

WIDTH = 110
TAB = "    "
BODIES = ("body", "orelse", "handlers", "finalbody")
OPERATIONS = (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.IfExp)


def unparsed(statement: ast.stmt) -> str:
    """The text of a statement, with no line longer than `WIDTH` that brackets can break."""
    return ast.unparse(ast.fix_missing_locations(_laid_out(statement, "")))


def _laid_out(statement: Code, indent: str) -> Code:
    """A statement as it is printed; the lines in it stand further in."""
    own = {n: p for n, p in ast.iter_fields(statement) if n in BODIES}
    head = copy(statement)
    vars(head).update({name: [] for name in own})
    head = _fitting(_bare(head, indent), indent)
    for name, body in own.items():
        setattr(head, name, [_laid_out(line, indent + TAB) for line in body])
    return head


def _bare(head: Code, indent: str) -> Code:
    """Several values stand without the brackets that they need where they fill lines."""
    match head:
        case ast.Assign(value=ast.Tuple([_, _, *_] as parts) as value) | ast.Return(
            ast.Tuple([_, _, *_] as parts) as value
        ) if not any(isinstance(part, ast.Starred) for part in parts):
            bare = _put(head, value, ast.Name(", ".join(map(ast.unparse, parts))))
            return bare if _fits(bare, indent) else head
    return head


def _fitting(code: Code, indent: str, end: str = "") -> Code:
    """Code as it is printed where `end` stands behind it."""
    while not _fits(code, indent, end) and (found := [*_brackets(code)]):
        longest = max(found, key=lambda bracket: bracket.length)
        code = _put(code, longest.whole, longest.opened(indent))
    return code


def _fits(code: ast.AST, indent: str, end: str = "") -> bool:
    text = f"{indent}{ast.unparse(ast.fix_missing_locations(code))}{end}"
    return max(map(len, text.split("\n"))) <= WIDTH


def _put(code: Any, old: ast.AST, new: ast.AST) -> Any:
    """The code with another part in the place of one."""
    if code is old:
        return new
    if isinstance(code, list):
        return [_put(part, old, new) for part in code]
    if not isinstance(code, ast.AST):
        return code
    made = copy(code)
    vars(made).update({name: _put(part, old, new) for name, part in ast.iter_fields(code)})
    return made


@dataclass(frozen=True)
class _Bracket:
    """A part of code that is a bracket, or ends with one: what it holds is between two texts."""

    whole: ast.AST
    start: str
    parts: Sequence[ast.AST]
    stop: str
    comma: str = ","

    @property
    def length(self) -> int:
        return sum(len(ast.unparse(part)) + 2 for part in self.parts)

    def opened(self, indent: str) -> ast.Name:
        """The same in lines: what it holds in one of its own, or each part in one."""
        inner, parts, ends = indent + TAB, self.parts, self.comma
        row = ast.Name(f"{ends} ".join(ast.unparse(part).strip() for part in parts))
        if len(parts) == 1:
            ends = ends if isinstance(self.whole, ast.Tuple) else ""
        elif _fits(row, inner):
            parts, ends = [row], ""
        said = [ast.unparse(_fitting(part, inner, ends)).strip() for part in parts]
        lines = [self.start, *(f"{inner}{part}{ends}" for part in said), f"{indent}{self.stop}"]
        return ast.Name("\n".join(lines))


def _brackets(code: ast.AST) -> Iterator[_Bracket]:
    """The outermost brackets of code."""
    parts: Sequence[ast.AST]
    outside: Iterable[ast.AST] = ()
    match code:
        case ast.Call(func, args, keywords):
            outside = [func]
            if parts := [*args, *keywords]:
                yield _Bracket(code, f"{ast.unparse(func)}(", parts, ")")
        case ast.Subscript(value, place):
            outside = [value]
            parts = place.elts if isinstance(place, ast.Tuple) else [place]
            yield _Bracket(code, f"{ast.unparse(value)}[", parts, "]")
        case ast.Tuple([_, *_] as parts):
            yield _Bracket(code, "(", parts, ")")
        case ast.List([_, *_] as parts):
            yield _Bracket(code, "[", parts, "]")
        case ast.Dict([_, *_] as keys, values) if all(keys):
            pairs = ((ast.Name(ast.unparse(k)), v) for k, v in zip(keys, values, strict=True) if k)
            parts = [ast.AnnAssign(*pair, simple=1) for pair in pairs]  # printed as a pair is
            yield _Bracket(code, "{", parts, "}")
        case ast.ListComp(made, loops):
            yield _Bracket(code, "[", [made, *loops], "]", "")
        case ast.GeneratorExp(made, loops):
            yield _Bracket(code, "(", [made, *loops], ")", "")
        case ast.arguments([], [_, *_] as given, None, keys, defaults, None, []):
            named = (
                ast.arguments([], [key], None, [], [], None, [value] if value else [])
                for key, value in zip(keys, defaults, strict=True)
            )
            star = [ast.Name("*")] if keys else []
            yield _Bracket(code, "", [*given, *star, *named], "")
        case ast.JoinedStr() | ast.Lambda():
            pass
        case _:
            outside = ast.iter_child_nodes(code)
    for part in outside:
        if isinstance(part, OPERATIONS) and _is_grouped(part, code):
            yield _Bracket(part, "(", [part], ")")
        else:
            yield from _brackets(part)


def _is_grouped(part: ast.expr, code: ast.AST) -> bool:
    """Does an operation stand in brackets in the code, as a name in its place would not?"""
    named = _put(code, part, ast.Name(ast.unparse(part)))
    return len(ast.unparse(named)) < len(ast.unparse(code))
