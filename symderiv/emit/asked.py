"""What is asked of arguments: types, shapes, labels in range, declared sums.

Gives `Arguments`, which every file asks in its own words (`entrance` in NumPy's, `translation` in
those of targets).  Imports terms.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

import sympy
from sympy import Expr, Indexed, Sum, Symbol

from symderiv.emit.spelling import lines_of, names_in
from symderiv.mistakes import Mistake
from symderiv.records import dataclass
from symderiv.terms import ONE
from symderiv.terms.problem import Problem, name_of

Axes = tuple[Expr, ...]


@dataclass(frozen=True)
class Arguments:
    """The arguments of a function.

    Attributes
    ----------
    floats, labels : their names, each with its own axes
    classes : of each label the size of the axis on which it is an index
    sizes : the names of sizes that the code may mention, and of them those that are arguments
    looks : what would be wrong, as code, and what is said then
    sums : arrays that are declared to sum to 1, each with the axis and its size
    fitted : sizes that may be given, each with the largest that fits, as code
    batched : may arrays have leading axes?
    """

    floats: Mapping[str, Axes]
    labels: Mapping[str, Axes]
    classes: Mapping[str, Expr]
    sizes: tuple[str, ...]
    given: tuple[str, ...] = ()
    looks: tuple[tuple[str, str], ...] = ()
    sums: tuple[tuple[str, int, Expr], ...] = ()
    fitted: tuple[tuple[str, str], ...] = ()
    batched: bool = True

    @property
    def arrays(self) -> dict[str, Axes]:
        return {**self.floats, **self.labels}

    def length(self, size: str) -> str:
        """The length of the axis of the first array that has this size, as code.

        Raises
        ------
        Mistake
            for a size that no array shows.
        """
        for name, axes in self.arrays.items():
            if size in (own := [*map(str, axes)]):
                return f"{name}.shape[{own.index(size) - len(own)}]"
        raise Mistake(f"no input has the size {size}")

    def lead(self, name: str) -> str:
        """The leading axes of an array."""
        many = len(self.arrays[name])
        return f"{name}.shape[:-{many}]" if many else f"{name}.shape"

    def looked(self) -> list[ast.stmt]:
        """A look at sizes, some of which may be left to what fits, and at declared sums."""
        lines = [f"if {size} is None:\n    {size} = {most}" for size, most in self.fitted]
        lines += [refused(wrong, "ValueError", said) for wrong, said in self.looks]
        for name, axis, size in self.sums:
            wrong = f"np.any(np.abs({name}.sum({axis}) - 1) > 1e-4)"
            lines.append(refused(wrong, "ValueError", f"{name} must sum to 1 over {size}"))
        return lines_of(lines)

    def measured(self, body: Sequence[ast.AST]) -> list[ast.stmt]:
        """The sizes and the type that lines mention, of arrays that fit."""
        said = names_in(body)
        lines = [f"{s} = {self.length(s)}" for s in self.sizes if said[s] and s not in self.given]
        kind = f"{next(iter(self.floats))}.dtype" if self.floats else "float"
        return lines_of([*lines, *([f"dtype = {kind}"] if said["dtype"] else [])])


def refused(wrong: str, error: str, said: str) -> str:
    """A look at what would be wrong; what is said may have values in it, in braces."""
    return f"if {wrong}:\n    raise {error}({'f' * ('{' in said)}{said!r})"


def sums(problem: Problem, inputs: Iterable[str]) -> Iterator[tuple[str, int, Expr]]:
    """What is declared of sums, Σ_i y_i = 1: the array, its axis, and the size of that."""
    given = {*inputs}
    for fact in problem.facts:
        left, right = fact.relation.args
        if not isinstance(fact.relation, sympy.Eq) or not isinstance(left, Sum) or right != ONE:
            continue
        body = left.function
        if isinstance(body, Indexed) and name_of(body) in given and len(left.limits) == 1:
            s, _, size = left.limits[0]
            if s in body.indices and all(isinstance(i, Symbol) for i in body.indices):
                yield name_of(body), list(body.indices).index(s) - len(body.indices), size
