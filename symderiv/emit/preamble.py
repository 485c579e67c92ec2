"""The preamble of a function: inputs of one dtype, axes of one size, labels in range.

Gives `preamble`.  Imports the program it serves for its type only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Integer, Symbol

from symderiv.emit.lines import uses

if TYPE_CHECKING:
    from symderiv.emit.program import Program


def preamble(program: Program, body: str) -> list[str]:
    """The lines that check what goes in, and name the sizes that the body needs."""
    lines = []
    names = program.numbers
    if names:
        target = f"({names[0]},)" if len(names) == 1 else ", ".join(names)
        lines.append(f"{target} = numeric.together({', '.join(f'{n}={n}' for n in names)})")
        if uses("dtype", body):
            lines.append(f"dtype = {names[0]}.dtype")
    places: dict[str, list[str]] = {}
    for n in program.inputs:
        shape = program.problem.shapes.get(n, ())
        if n in program.problem.labels:
            continue
        for axis, length in enumerate(shape):
            if isinstance(length, Symbol | Integer):
                places.setdefault(str(length), []).append(f'("{n}", {n}, {axis - len(shape)})')
    for length, found in places.items():
        call = f'numeric.size("{length}", {", ".join(found)})'
        classes = any(
            program.classes(n) == length for n in program.inputs if n in program.problem.labels
        )
        named = length.isidentifier() and (classes or uses(length, body))
        lines.append(f"{length} = {call}" if named else call)
        if length in program.sizes:
            lines.append(f'numeric.size("{program.sizes[length]}", {found[0]})')
    for n in program.inputs:
        if n in program.problem.labels:
            lines.append(f'{n} = numeric.chosen({n}, "{n}", {program.classes(n)})')
    return lines
