"""What is asked of arguments: types, shapes, labels in range, declared sums.

Gives `Arguments`, and `definition`, a function with them.  Imports terms, and the atoms by name
only.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

import sympy
from sympy import Expr, Indexed, Sum, Symbol

from symderiv.emit.entrance import Entrance
from symderiv.emit.spelling import Filling
from symderiv.mistakes import Mistake
from symderiv.records import dataclass
from symderiv.terms import ONE
from symderiv.terms.problem import Problem, name_of


@dataclass(frozen=True)
class Arguments:
    """The arguments of a function.

    Attributes
    ----------
    inputs : their names, in order
    sizes : those that the code may mention, and of them those that are arguments themselves
    classes : of each label the size of the axis on which it is an index
    needs : (a size, what it is not below) and the array that takes so many
    batched : may arrays have leading axes?
    lines : what else is said of sizes, before labels are looked at
    """

    problem: Problem
    inputs: tuple[str, ...]
    sizes: tuple[Symbol, ...]
    given_sizes: tuple[str, ...]
    classes: Mapping[str, Expr]
    needs: Mapping[tuple[Expr, Expr], str]
    batched: bool = True
    lines: tuple[str, ...] = ()

    def shape(self, name: str) -> tuple[Expr, ...]:
        return tuple(self.problem.shapes.get(name, ()))

    @property
    def floats(self) -> list[str]:
        return [n for n in self.inputs if n not in self.problem.labels]

    @property
    def labels(self) -> list[str]:
        return [n for n in self.inputs if n in self.problem.labels]

    def prepared(self, body: Sequence[ast.AST]) -> list[ast.stmt]:
        """The first lines of a function: its arguments as arrays that fit, and their sizes.

        A size that only one of them mentions, and nothing in the body, stands in its place.

        Raises
        ------
        Mistake
            for a size that no array shows.
        """
        checks = _read(self._checks())
        own, mentioned = names_of(checks), names_of(body)
        sizes: list[ast.stmt] = []
        inlined: dict[str, ast.expr] = {}
        for size in map(str, self.sizes):
            if size in self.given_sizes or not own[size] + mentioned[size]:
                continue
            (line,) = _read([f"{size} = {self._length(size)}"])
            assert isinstance(line, ast.Assign)
            if own[size] == 1 and not mentioned[size]:
                inlined[size] = line.value
            else:
                sizes.append(line)
        filled = [cast(ast.stmt, Filling(inlined).visit(s)) for s in checks]
        floats = self.floats
        kind = f"{floats[0]}.dtype" if floats else "float"
        typed = _read([f"dtype = {kind}"] if mentioned["dtype"] else [])
        return [*_read(self._arrays()), *sizes, *filled, *typed]

    def entrance(
        self,
        index: Mapping[str, str],
        rows: Iterable[str],
        tables: Iterable[str],
        said: Iterable[str],
    ) -> Entrance:
        """What makes the arguments arrays that fit, where lines mention the names that are said."""
        return Entrance(
            {n: self.shape(n) for n in self.floats},
            {n: self.shape(n) for n in self.labels},
            self.classes,
            sizes=self.given_sizes,
            batched=self.batched,
            index=dict(index),
            rows=frozenset(rows),
            tables=frozenset(tables),
            values=frozenset({*self.labels} & {*said}),
            before=(*self.lines, *self._looks()),
        )

    def measured(self, body: Sequence[ast.AST]) -> list[ast.stmt]:
        """The sizes and the type that lines mention, of arrays that fit."""
        said, floats = names_of(body), self.floats
        sizes = (str(s) for s in self.sizes if said[str(s)] and str(s) not in self.given_sizes)
        lines = [f"{size} = {self._length(size)}" for size in sizes]
        kind = f"{floats[0]}.dtype" if floats else "float"
        return _read([*lines, *([f"dtype = {kind}"] if said["dtype"] else [])])

    def _arrays(self) -> Iterator[str]:
        batch = ["..."] * self.batched
        given = (f"{n}=({n}, '{' '.join([*batch, *map(_plain, self.shape(n))])}')"
                 for n in self.floats)  # fmt: skip
        if floats := self.floats:
            targets = ", ".join(floats) if len(floats) > 1 else f"({floats[0]},)"
            yield f"{targets} = _floats({', '.join(given)})"

    def _length(self, size: str) -> str:
        """The length of the axis of an array."""
        for name in (*self.floats, *self.labels):
            axes = [*map(_plain, self.shape(name))]
            if size in axes:
                place = axes.index(size) - len(axes)
                shape = f"np.shape({name})" if name in self.labels else f"{name}.shape"
                return f"{shape}[{place}]"
        raise Mistake(f"no input has the size {size}")

    def _checks(self) -> Iterator[str]:
        yield from self.lines
        yield from (f"{n} = _labels({n}, {self.classes[n]}, '{n}')" for n in self.labels)
        for n in self.labels:  # one label is not taken for all of them
            axes = [*map(_plain, self.shape(n))]
            if axes or not self.batched:
                shown = ", ".join([*["..."] * self.batched, *(f"{{{size}}}" for size in axes)])
                whole = f"{n}.shape{f'[-{len(axes)}:]' * self.batched}"
                sizes = " ".join(f"{size}," for size in axes)
                yield _refusing(f"{whole} != ({sizes})", f"{n} takes ({shown}), not {{{n}.shape}}")
        yield from self._looks()

    def _looks(self) -> Iterator[str]:
        """A look at sizes that must not be small, and at sums that are declared."""
        for (size, least), name in self.needs.items():
            said = f"{name} takes {{{least}}} or more along {size}, not {{{size}}}"
            yield _refusing(f"{size} < {least}", said)
        yield from self._assumed()

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


def definition(
    name: str,
    inputs: Sequence[str],
    sizes: Mapping[str, str],
    returned: str,
    doc: str,
    body: Sequence[ast.stmt],
    decorators: Sequence[ast.expr] = (),
) -> ast.FunctionDef:
    """A function of some arguments; sizes are given by name, each with its type."""
    given = [f"{n}: Any" for n in inputs]
    given += ["*", *(f"{s}: {kind}" for s, kind in sizes.items())] if sizes else []
    (made,) = _read([f"def {name}({', '.join(given)}) -> {returned}: ..."])
    assert isinstance(made, ast.FunctionDef)
    made.body = [*([ast.Expr(ast.Constant(doc))] if doc else []), *body]
    made.decorator_list = [*decorators]
    return ast.fix_missing_locations(made)


def names_of(code: Sequence[ast.AST]) -> Counter[str]:
    """How often each name is mentioned."""
    return Counter(n.id for s in code for n in ast.walk(s) if isinstance(n, ast.Name))


def _refusing(wrong: str, said: str) -> str:
    return f"if {wrong}:\n    raise ValueError(f'{said}')"


def _read(lines: Iterable[str]) -> list[ast.stmt]:
    return [s for line in lines for s in ast.parse(line).body]


def _plain(size: Expr) -> str:
    return str(size).replace(" ", "")
