"""What is asked of arguments: types, shapes, labels in range, declared sums.

Gives `prepared`.  Imports the atoms by name only.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import sympy
from sympy import Expr, Indexed, Sum, Symbol

from symderiv.terms import ONE
from symderiv.terms.problem import name_of

if TYPE_CHECKING:
    from symderiv.emit.program import Program


def prepared(program: Program, mentioned: Counter[str]) -> list[ast.stmt]:
    """The first lines of a function: its arguments as arrays that fit, and their sizes.

    mentioned : how often the lines after them mention each name
    """
    lines: list[str] = []
    floats = [n for n in program.inputs if n not in program.problem.labels]
    labels = [n for n in program.inputs if n in program.problem.labels]
    if floats:
        given = ", ".join(
            f"{n}=({n}, '{' '.join(['...', *map(_plain, program.shape(n))])}')" for n in floats
        )
        targets = ", ".join(floats)
        lines.append(f"{targets if len(floats) > 1 else f'({targets},)'} = _floats({given})")
    for size in program.sizes:
        if str(size) not in program.given_sizes:
            name = next(n for n in (*floats, *labels) if size in program.shape(n))
            place = program.shape(name).index(size) - len(program.shape(name))
            lines.append(f"{size} = np.shape({name})[{place}]" if name in labels else
                         f"{size} = {name}.shape[{place}]")  # fmt: skip
    lines += [f"{n} = _labels({n}, {program.classes(n)}, '{n}')" for n in labels]
    for n in labels:  # one label is not taken for all of them
        if axes := program.shape(n):
            sizes = ", ".join(map(_plain, axes))
            shown = ", ".join(f"{{{_plain(size)}}}" for size in axes)
            said = f"{n} takes (..., {shown}), not {{{n}.shape}}"
            lines.append(
                f"if {n}.shape[-{len(axes)}:] != ({sizes},):\n    raise ValueError(f'{said}')"
            )
    for (size, least), name in program.lowering.components.needs.items():
        said = f"{name} takes {{{least}}} or more along {size}, not {{{size}}}"
        lines.append(f"if {size} < {least}:\n    raise ValueError(f'{said}')")
    lines += _assumed(program)
    if any(n.op == "float" for n in program.used):
        lines.append(f"dtype = {program.first}.dtype" if floats else "dtype = float")
    made = [s for line in lines for s in ast.parse(line).body]
    return _inlined(made, mentioned, {str(s) for s in program.sizes})


def _inlined(made: list[ast.stmt], mentioned: Counter[str], sizes: set[str]) -> list[ast.stmt]:
    """The lines, a size that only one of them mentions in its place."""
    own = Counter(n.id for s in made for n in ast.walk(s) if isinstance(n, ast.Name))
    codes: dict[str, ast.expr] = {}
    for s in made:
        match s:
            case ast.Assign([ast.Name(name)], code) if name in sizes:
                if own[name] == 2 and not mentioned[name]:
                    codes[name] = code

    class Inlined(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return codes.get(node.id, node) if isinstance(node.ctx, ast.Load) else node

    kept = [s for s in made if not (isinstance(s, ast.Assign) and s.value in codes.values())]
    return [cast(ast.stmt, Inlined().visit(s)) for s in kept]


def _assumed(program: Program) -> Iterator[str]:
    """A look at what is declared of sums: Σ_i y_i = 1."""
    for fact in program.problem.facts:
        left, right = fact.relation.args
        if not isinstance(fact.relation, sympy.Eq) or not isinstance(left, Sum) or right != ONE:
            continue
        body = left.function
        if isinstance(body, Indexed) and name_of(body) in program.inputs and len(left.limits) == 1:
            name, (s, *_) = name_of(body), left.limits[0]
            if s in body.indices and all(isinstance(i, Symbol) for i in body.indices):
                axis = list(body.indices).index(s) - len(body.indices)
                yield (
                    f"if np.any(np.abs({name}.sum({axis}) - 1) > 1e-4):\n"
                    f"    raise ValueError('{name} must sum to 1 over {left.limits[0][2]}')"
                )


def _plain(size: Expr) -> str:
    return str(size).replace(" ", "")
