"""Results: how a function hands out what it computed, and where `out=` goes.

Gives `returned`, the last lines of a body, and `to_out`.  The array that a result goes to is
passed to what is computed last, if that can write there: a numerical function, or, of a matrix,
an elementary operation, whose bits do not depend on where they are written.  Any other result is
copied.  Imports lines, and `numeric` to see what takes `out=`.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Sequence
from functools import cache

from symderiv.emit.lines import uses

_ELEMENTARY: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
}


@cache
def takes(call: str) -> list[str]:
    """The names of what a numerical function takes."""
    from symderiv import numeric

    function = getattr(numeric, call, None)
    return [] if function is None else list(inspect.signature(function).parameters)


def takes_out(call: str) -> bool:
    """Does a numerical function take `out=`?"""
    return "out" in takes(call)


def returned(
    lines: Sequence[str], codes: Sequence[str], inputs: Sequence[str], axes: int
) -> list[str]:
    """The lines of a body and its return, the last of `codes`, with so many axes, to `out`."""
    *others, code = codes
    for n, line in enumerate(lines):
        names, _, call = line.partition(" = ")
        target = names.split(", ")[-1]
        after = "\n".join((*lines[n + 1 :], *codes))
        if not _writes_out(call) or not (code == target or (axes and _over_itself(code, target))):
            continue
        if any(uses(x, after) for x in inputs) or len(re.findall(rf"\b{target}\b", after)) > 1:
            continue  # what out overlaps is still to be read
        written = f"{call[:-1]}, out=out)"
        if n == len(lines) - 1 and names == ", ".join(codes):
            return [*lines[:n], f"return {written}"]
        kept = (*lines[:n], f"{names} = {written}", *lines[n + 1 :])
        return [*kept, f"return {', '.join((*others, _over_itself(code, target) or code))}"]
    last = _onto_made(lines, others, code, axes) or to_out(code, axes)
    return [*lines, f"return {', '.join((*others, last))}"]


def _onto_made(lines: Sequence[str], others: Sequence[str], code: str, axes: int) -> str | None:
    """The last operation on an array that was made for it, which the result may overwrite."""
    match ast.parse(code, mode="eval").body:
        case ast.BinOp(left=ast.Name(id=name), op=op) if type(op) in _ELEMENTARY and axes > 1:
            made = any(re.match(rf"{name} = numeric\.\w+\(", line) for line in lines)
            mentions = len(re.findall(rf"\b{name}\b(?! =|\()", "\n".join((*lines, *others, code))))
            if made and mentions == 1:
                return to_out(code, axes).replace("numeric.computed(", "numeric.onto(", 1)
    return None


def _writes_out(call: str) -> bool:
    found = re.match(r"numeric\.(\w+)\(", call)
    return found is not None and takes_out(found[1]) and "out=" not in call


def _over_itself(code: str, name: str) -> str | None:
    """A result that is an array of that name, or is quickly made of it where it stands."""
    if code == name:
        return code
    if code == f"-{name}":
        return f"np.negative({name}, out={name})"
    if (found := re.fullmatch(rf"{re.escape(name)} / (\w+)", code)) is not None:
        return f"np.divide({name}, {found[1]}, out={name})"
    return None


def to_out(code: str, axes: int) -> str:
    """Source of a result, with so many axes of its own, that is in `out` if one is given."""
    match ast.parse(code, mode="eval").body:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ELEMENTARY and axes > 1:
            sides = ", ".join(ast.get_source_segment(code, side) or "" for side in (left, right))
            return f"numeric.computed(np.{_ELEMENTARY[type(op)]}, {sides}, out=out)"
        case ast.Call() if _writes_out(code) and code.endswith(")"):
            return f"{code[:-1]}, out=out)"
    return f"numeric.deliver({code}, out)"
