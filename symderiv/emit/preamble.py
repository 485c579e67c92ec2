"""The preamble of a function: inputs of one dtype, axes of one size, labels in range, one batch.

Gives `preamble`, and `assumed_sums`.  Whatever does not fit is refused here, by the names and
whole shapes of the inputs, before anything is computed.  Imports the program it serves for its
type only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import sympy
from sympy import Indexed, Integer, Sum, Symbol

from symderiv.emit.lines import uses

if TYPE_CHECKING:
    from symderiv.emit.program import Program


def preamble(program: Program, body: str) -> list[str]:
    """The lines that check what goes in, and name the sizes that the body needs."""
    shapes, labels = program.problem.shapes, program.problem.labels
    return [
        *_of_one_dtype(program, body),
        *(
            f'{n} = numeric.integers({n}, "{n}")'
            for n in program.inputs
            if n in labels and shapes.get(n)
        ),
        *_sizes(program, body),
        *(
            f'{n} = numeric.chosen({n}, "{n}", {program.classes(n)})'
            for n in program.inputs
            if n in labels
        ),
        *_one_batch(program),
        *_sums_of_one(program, body),
    ]


def _of_one_dtype(program: Program, body: str) -> Iterator[str]:
    names = program.numbers
    if names:
        target = f"({names[0]},)" if len(names) == 1 else ", ".join(names)
        yield f"{target} = numeric.together({', '.join(f'{n}={n}' for n in names)})"
        if uses("dtype", body):
            yield f"dtype = {names[0]}.dtype"


def _sizes(program: Program, body: str) -> Iterator[str]:
    """Axes that share a letter for their size share the size."""
    places: dict[str, list[str]] = {}
    for n in program.inputs:
        shape = program.problem.shapes.get(n, ())
        for axis, length in enumerate(shape):
            if isinstance(length, Symbol | Integer):
                places.setdefault(str(length), []).append(f'("{n}", {n}, {axis - len(shape)})')
    for length, found in places.items():
        call = f'numeric.size("{length}", {", ".join(found)})'
        classes = any(
            program.classes(n) == length for n in program.inputs if n in program.problem.labels
        )
        named = length.isidentifier() and (classes or uses(length, body))
        yield f"{length} = {call}" if named else call
        if length in program.sizes:
            yield f'numeric.size("{program.sizes[length]}", {found[0]})'


def _one_batch(program: Program) -> Iterator[str]:
    """Leading axes broadcast."""
    if len(program.inputs) > 1:
        shapes = program.problem.shapes
        given = (f'("{n}", {n}, {len(shapes.get(n, ()))})' for n in program.inputs)
        yield f"numeric.one_batch({', '.join(given)})"


def _sums_of_one(program: Program, body: str) -> Iterator[str]:
    """What the derivation assumed to sum to one does so.

    Targets y that go whole into a loss are left to it: it looks at the same sums.
    """
    for name, axis in assumed_sums(program):
        by_loss = name == "y" and re.search(r"numeric\.target_\w+\(.*, y[,)]", body)
        if not (by_loss and "numeric.add_up" not in body):
            least = ", least=0" if _never_negative(program, name) else ""
            yield f'numeric.summing_to_one({name}, "{name}", {axis}{least})'


def assumed_sums(program: Program) -> Iterator[tuple[str, int]]:
    """The inputs that the derivation assumed to sum to one, and along which axis."""
    for fact in program.problem.facts:
        sides = fact.relation
        if fact.proved or not isinstance(sides, sympy.Eq) or sides.rhs != 1:
            continue
        if not isinstance(sides.lhs, Sum) or len(sides.lhs.args) != 2:
            continue
        y, k = sides.lhs.args[0], sides.lhs.args[1].args[0]
        if not isinstance(y, Indexed) or list(y.args[1:]).count(k) != 1:
            continue
        name = str(y.base.label)
        if name in program.inputs:
            yield name, list(y.args[1:]).index(k) - len(y.args[1:])


def _never_negative(program: Program, name: str) -> bool:
    relations = (fact.relation for fact in program.problem.facts)
    return any(
        isinstance(r, sympy.Gt | sympy.Ge)
        and r.rhs == 0
        and isinstance(r.lhs, Indexed)
        and str(r.lhs.base.label) == name
        for r in relations
    )
