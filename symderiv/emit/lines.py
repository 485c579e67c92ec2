"""Lines: what a line of a function reads, gives a value, and how large that is.

Gives `names`, `reads` and `targets` of code, `called`, `is_view`, `is_reduced`, `short` and
`is_by_entries`, of what a line makes, and `live`, the lines that some results need.

Imports the standard library only, so that targets are listed where nothing heavy is loaded.  To add
an operation that works entry by entry: its name among `BY_ENTRIES`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

VIEWS = frozenset({
    "permute_dims", "permute", "matrix_transpose", "reshape", "squeeze", "broadcast_to", "to",
})  # fmt: skip
REDUCTIONS = frozenset({
    "sum", "max", "amax", "min", "amin", "prod", "argmax", "vecdot", "at", "without", "rest",
    "label_loss",
})  # fmt: skip
CHEAP = frozenset({"sum", "max", "amax", "min", "amin"})  # beside an exponential of each entry
BY_ENTRIES = frozenset({
    "abs", "exp", "expm1", "log", "log1p", "sqrt", "sign", "sin", "cos", "tan", "sinh", "cosh",
    "tanh", "asin", "acos", "atan", "asinh", "acosh", "atanh", "where", "maximum", "minimum",
    "logaddexp", "softmax", "hypot", "clip", "clamp", "isfinite", "sigmoid", "erf", "erfc",
    "softplus", "cbrt", "both", "magnitude", "zero_times", "times_exp", "finite", "put", "eye",
    "room", "side", "log_cosh", "series", "relu", "above", "gated", "kernel",
})  # fmt: skip


def names(*code: ast.AST) -> set[str]:
    return {n.id for part in code for n in ast.walk(part) if isinstance(n, ast.Name)}


def reads(code: ast.AST) -> list[str]:
    """The names that code looks at, each as often as it does."""
    match code:
        case ast.Assign([ast.Name() | ast.Tuple()], value):
            code = value
    return [n.id for n in ast.walk(code) if isinstance(n, ast.Name)]


def targets(line: ast.stmt) -> list[str]:
    """The names that a line gives values."""
    match line:
        case ast.Assign(made):
            return [n.id for t in made for n in ast.walk(t) if isinstance(n, ast.Name)]
        case ast.For(body=body):
            return [n for s in body for n in targets(s)]
    return []


def is_view(line: ast.stmt) -> bool:
    """Does a line only look at an array in another way?

    A slope that is handed on does: what it was made of is not to change behind it.
    """
    match line:
        case ast.Assign(_, ast.Call(ast.Name("_pulled"), [_, value])) | ast.Assign(_, value):
            return isinstance(value, ast.Subscript | ast.Attribute | ast.Name) or (
                called(value) in VIEWS
            )
    return False


def called(code: ast.AST) -> str:
    """The name of what is called, without its module or underscore."""
    match code:
        case ast.Call(ast.Attribute(_, name) | ast.Name(name)):
            return name.lstrip("_")
    return ""


def is_reduced(code: ast.AST, small: Collection[str]) -> bool:
    """Is what a line or an expression makes shorter than its arrays: sums, and what is of them?"""
    match code:
        case ast.Name(name):
            return name in small
        case ast.Call() if called(code) in REDUCTIONS:
            return True
        case ast.Call(ast.Attribute(row, "softmax")):
            return is_reduced(row, small)
        case ast.Call(_, parts) if called(code) in BY_ENTRIES:
            return all(is_reduced(p, small) for p in parts)
        case ast.BinOp(left, op, right):
            both = is_reduced(left, small) and is_reduced(right, small)
            return both and not isinstance(op, ast.MatMult)
        case ast.UnaryOp(operand=i) | ast.Starred(i) | ast.Subscript(i) | ast.Assign(value=i):
            return is_reduced(i, small)
    return isinstance(code, ast.Constant)


def short(lines: Sequence[ast.stmt], numbers: Collection[str]) -> set[str]:
    """The names of numbers, of sums and the like, and of entries of rows."""
    found = {*numbers}
    for line in lines:
        match line:
            case ast.Assign([ast.Name(name)], value):
                if is_reduced(value, found) or called(value) == "float":
                    found.add(name)
            case ast.Assign([ast.Tuple(parts)]):
                found |= {p.id for p in parts if isinstance(p, ast.Name)}
    return found


def is_by_entries(line: ast.stmt) -> bool:
    """Is each entry of what a line makes computed from few entries of what it mentions?"""
    if not isinstance(line, ast.Assign) or not isinstance(line.targets[0], ast.Name):
        return False
    whole = [n for n in ast.walk(line.value) if isinstance(n, ast.Call | ast.MatMult)]
    return all(isinstance(n, ast.Call) and called(n) in {*BY_ENTRIES, *CHEAP} for n in whole)


def live(
    lines: Sequence[ast.stmt], results: Sequence[ast.AST], given: Sequence[ast.stmt] = ()
) -> list[ast.stmt]:
    """The lines that some results need beside those whose values are given, in order."""
    needed = names(*results)
    known = {id(s) for s in given}
    found: list[ast.stmt] = []
    for line in reversed(lines):
        if needed & set(targets(line)) and id(line) not in known:
            needed |= names(line)
            found.append(line)
    return found[::-1]
