"""What is asked of arguments: types, shapes, labels in range, declared sums.

Gives `Arguments`.  Imports terms, and the atoms by name only.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast

import sympy
from sympy import Expr, Indexed, Sum, Symbol

from symderiv.records import dataclass
from symderiv.terms import ONE
from symderiv.terms.problem import Problem, name_of


@dataclass(frozen=True)
class Arguments:
    """The arguments of a function.

    Attributes
    ----------
    inputs : their names, in order
    sizes : those that the code mentions, and of them those that are arguments themselves
    classes : of each label the size of the axis on which it is an index
    needs : (a size, what it is not below) and the array that takes so many
    typed : does the code mention the type of its arrays?
    """

    problem: Problem
    inputs: tuple[str, ...]
    sizes: tuple[Symbol, ...]
    given_sizes: tuple[str, ...]
    classes: Mapping[str, Expr]
    needs: Mapping[tuple[Expr, Expr], str]
    typed: bool

    def shape(self, name: str) -> tuple[Expr, ...]:
        return tuple(self.problem.shapes.get(name, ()))

    def prepared(self, mentioned: Counter[str]) -> list[ast.stmt]:
        """The first lines of a function: its arguments as arrays that fit, and their sizes.

        mentioned : how often the lines after them mention each name
        """
        lines: list[str] = []
        floats = [n for n in self.inputs if n not in self.problem.labels]
        labels = [n for n in self.inputs if n in self.problem.labels]
        if floats:
            given = ", ".join(
                f"{n}=({n}, '{' '.join(['...', *map(_plain, self.shape(n))])}')" for n in floats
            )
            targets = ", ".join(floats)
            lines.append(f"{targets if len(floats) > 1 else f'({targets},)'} = _floats({given})")
        for size in self.sizes:
            if str(size) not in self.given_sizes:
                name = next(n for n in (*floats, *labels) if size in self.shape(n))
                place = self.shape(name).index(size) - len(self.shape(name))
                lines.append(f"{size} = np.shape({name})[{place}]" if name in labels else
                             f"{size} = {name}.shape[{place}]")  # fmt: skip
        lines += [f"{n} = _labels({n}, {self.classes[n]}, '{n}')" for n in labels]
        for n in labels:  # one label is not taken for all of them
            if axes := self.shape(n):
                sizes = ", ".join(map(_plain, axes))
                shown = ", ".join(f"{{{_plain(size)}}}" for size in axes)
                said = f"{n} takes (..., {shown}), not {{{n}.shape}}"
                lines.append(
                    f"if {n}.shape[-{len(axes)}:] != ({sizes},):\n    raise ValueError(f'{said}')"
                )
        for (size, least), name in self.needs.items():
            said = f"{name} takes {{{least}}} or more along {size}, not {{{size}}}"
            lines.append(f"if {size} < {least}:\n    raise ValueError(f'{said}')")
        lines += self._assumed()
        if self.typed:
            lines.append(f"dtype = {floats[0]}.dtype" if floats else "dtype = float")
        made = [s for line in lines for s in ast.parse(line).body]
        return _inlined(made, mentioned, {str(s) for s in self.sizes})

    def _assumed(self) -> Iterator[str]:
        """A look at what is declared of sums: Σ_i y_i = 1."""
        for fact in self.problem.facts:
            left, right = fact.relation.args
            if not isinstance(fact.relation, sympy.Eq) or not isinstance(left, Sum) or right != ONE:
                continue
            body = left.function
            if isinstance(body, Indexed) and name_of(body) in self.inputs and len(left.limits) == 1:
                name, (s, *_) = name_of(body), left.limits[0]
                if s in body.indices and all(isinstance(i, Symbol) for i in body.indices):
                    axis = list(body.indices).index(s) - len(body.indices)
                    yield (
                        f"if np.any(np.abs({name}.sum({axis}) - 1) > 1e-4):\n"
                        f"    raise ValueError('{name} must sum to 1 over {left.limits[0][2]}')"
                    )


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


def _plain(size: Expr) -> str:
    return str(size).replace(" ", "")
