"""Width: statements as text, a line that is too long broken in its brackets, as a formatter does.

    t = f(aaa, bbb) + ccc  ->  t = f(
                                   aaa,
                                   bbb,
                               ) + ccc

Gives `WIDTH`, `TAB` and `unparsed`.  Lines are broken while the code is a tree: what a bracket
holds is put there as the lines that it is, the longest first, until the whole fits.

Imports the standard library only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import Any, TypeVar

Code = TypeVar("Code", bound=ast.AST)
Bracket = tuple[ast.AST, str, Sequence[ast.AST], str]  # code; what it holds, between two texts

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
    while not _fits(code, indent, end) and (found := [b for b in _brackets(code) if b[2]]):
        whole, start, parts, stop = max(found, key=lambda bracket: sum(map(_length, bracket[2])))
        lines = "".join(f"{indent}{TAB}{line}\n" for line in _inside(whole, parts, indent + TAB))
        code = _put(code, whole, ast.Name(f"{start}\n{lines}{indent}{stop}"))
    return code


def _inside(whole: ast.AST, parts: Sequence[ast.AST], indent: str) -> Iterator[str]:
    """What a bracket holds, in one line, or each part in one."""
    comma = "" if isinstance(parts[-1], ast.comprehension) else ","
    row = ast.Name(f"{comma} ".join(ast.unparse(part).strip() for part in parts))
    if len(parts) > 1 and _fits(row, indent):
        yield row.id
        return
    end = comma if len(parts) > 1 or isinstance(whole, ast.Tuple) else ""
    yield from (f"{ast.unparse(_fitting(part, indent, end)).strip()}{end}" for part in parts)


def _length(part: ast.AST) -> int:
    return len(ast.unparse(part)) + 2


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


def _brackets(code: ast.AST) -> Iterator[Bracket]:
    """The outermost brackets of code."""
    outside: Iterable[ast.AST] = ()
    match code:
        case ast.Call(func, args, keywords):
            yield code, f"{ast.unparse(func)}(", [*args, *keywords], ")"
            outside = [func]
        case ast.Subscript(value, place):
            parts = place.elts if isinstance(place, ast.Tuple) else [place]
            yield code, f"{ast.unparse(value)}[", parts, "]"
            outside = [value]
        case ast.Tuple(parts):
            yield code, "(", parts, ")"
        case ast.List(parts):
            yield code, "[", parts, "]"
        case ast.Dict(keys, values) if all(keys):
            pairs = ((ast.Name(ast.unparse(k)), v) for k, v in zip(keys, values, strict=True) if k)
            yield code, "{", [ast.AnnAssign(*pair, simple=1) for pair in pairs], "}"  # as printed
        case ast.ListComp(made, loops):
            yield code, "[", [made, *loops], "]"
        case ast.GeneratorExp(made, loops):
            yield code, "(", [made, *loops], ")"
        case ast.arguments([], given, None, keys, defaults, None, []):
            star = [ast.Name("*")] if keys else []
            named = (
                ast.arguments([], [key], None, [], [], None, [value] if value else [])
                for key, value in zip(keys, defaults, strict=True)
            )
            yield code, "", [*given, *star, *named], ""
        case ast.JoinedStr() | ast.Lambda():
            pass
        case _:
            outside = ast.iter_child_nodes(code)
    for part in outside:
        if isinstance(part, OPERATIONS) and _is_grouped(part, code):
            yield part, "(", [part], ")"
        else:
            yield from _brackets(part)


def _is_grouped(part: ast.expr, code: ast.AST) -> bool:
    """Does an operation stand in brackets in the code, as a name in its place would not?"""
    named = _put(code, part, ast.Name(ast.unparse(part)))
    return len(ast.unparse(named)) < len(ast.unparse(code))
