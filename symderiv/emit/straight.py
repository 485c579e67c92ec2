"""Straight-line code: a function for a chosen size and one row, in Python's own floats.

Gives `straight_line` (the source of a function, and the names it stands on), `straight_file` (a
file of such functions, which imports `math` alone) and `chosen` (the function itself).  For three
or ten classes the cost of any array is more than that of the arithmetic: every component is a
local name here, p_1, p_2, p_3, and every sum is written out (`floats` prints terms, `rows` the
stable forms of a softmax).
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any, cast

from sympy import Expr, Indexed, Integer, Symbol
from sympy.core.basic import Basic

from symderiv.emit.calls import ONE_PASS
from symderiv.emit.floats import Floats, stands_on
from symderiv.emit.lines import folded, indented, signature
from symderiv.emit.made import Made
from symderiv.emit.program import Program
from symderiv.emit.rows import Row
from symderiv.printers.numpy import Unprintable
from symderiv.terms import Quantity, subterms
from symderiv.terms.letters import substitute
from symderiv.terms.problem import Problem
from symderiv.terms.sizes import written_out

LARGEST = 32  # beyond, arrays are faster
MOST = 1 << 12  # entries of a result


@dataclass(frozen=True)
class Straight:
    """A written function, and the functions of `math` and helpers that it stands on."""

    name: str
    source: str
    used: frozenset[str]


def straight_line(program: Program, sizes: Mapping[str, int]) -> Straight:
    """A program's function for chosen sizes and one row.

    The arguments are the components, one after the other; a vector is returned as a tuple, a
    matrix as a tuple of rows.

    Raises
    ------
    Unprintable
        naming the function, and what is too large or has no straight-line form.
    """
    try:
        return _Writer(program, sizes).written()
    except Unprintable as error:
        raise Unprintable(f"{program.name}: {error}") from error


def straight_file(written: Iterable[Straight], about: str) -> str:
    """A file of functions that imports `math` alone; `about` is its docstring."""
    functions = list(written)
    used = frozenset(name for f in functions for name in f.used)
    names = ", ".join(f'"{f.name}"' for f in functions)
    listed = textwrap.wrap(names, 96, initial_indent="    ", subsequent_indent="    ")
    exported = "\n".join(("__all__ = [", *listed)) + ",\n]\n"
    first, *helpers = stands_on(used)
    head = [f'"""{about}"""\n', "from __future__ import annotations\n", first, exported, *helpers]
    return "\n".join([*head, *(f"\n{f.source}" for f in functions)])


def chosen(program: Program, sizes: Mapping[str, int]) -> Callable[..., Any]:
    """The function that `straight_line` writes; `__source__` is a file that holds it."""
    names: dict[str, Any] = {}
    written = straight_line(program, sizes)
    source = straight_file([written], f"{program.name} for one row at chosen sizes.")
    exec(compile(source, f"<{program.name}>", "exec"), names)
    made = names[written.name]
    made.__source__ = source
    return cast("Callable[..., Any]", made)


def sizes_of(problem: Problem) -> set[Basic]:
    """The sizes of a problem that may be chosen."""
    found = {s for shape in problem.shapes.values() for s in shape}
    return {s for s in (*found, *problem.ranges.values()) if isinstance(s, Symbol)}


class _Writer:
    def __init__(self, program: Program, sizes: Mapping[str, int]) -> None:
        self.program, self.problem = program, program.problem
        if any(self.problem.shapes.get(n) for n in self.problem.labels):
            raise Unprintable("it is over a batch, and straight-line code is for one row")
        known = sizes_of(program.problem)
        _check_sizes(program.name, sorted(map(str, known)), sizes)
        if program.columns:
            raise Unprintable("a matrix of several functions has no straight-line form")
        self.sizes: dict[Basic, Basic] = {
            s: Integer(sizes[s.name]) for s in known if isinstance(s, Symbol)
        }
        entries = max(prod(self._length(a) for a in axes) for axes in program.axes)
        if entries > MOST and not program.entry:
            raise Unprintable(f"{entries} entries are too many for straight-line code")
        chosen = "_".join(map(str, sizes.values())) or "of_float"  # tanh is a name of `math`
        self.name = f"{program.name}_{chosen}"
        self.lines: list[str] = []
        self.floats = Floats(self.problem, self.sizes)
        stages = (s.name for s in self.problem.stages)
        taken = [*program.inputs, *self.problem.shapes, *self.problem.labels, *stages, "i", "j"]
        calls = [m.call for m in program.stages.made.values()]
        self.row = Row(self.floats, self.lines.append, self._operand, taken, calls)

    # -- the whole -------------------------------------------------------------------------------

    def written(self) -> Straight:
        program = self.program
        arguments = [f"{a}: float" for n in program.numbers for a in self._components(n)]
        labels = [n for n in program.inputs if n in self.problem.labels]
        for n in labels:
            self._check(n, "label", self._classes(n))
        axes = ((),) if program.entry else program.axes
        results = [self._entry()] if program.entry else self._results()
        self.lines.append(f"return {', '.join(results)}")
        kinds = ", ".join(_kind(len(a)) for a in axes)
        head = signature(
            self.name,
            [*arguments, *(f"{n}: int" for n in (*labels, *("i", "j") * program.entry))],
            kinds if len(results) == 1 else f"tuple[{kinds}]",
        )
        lines = (*head, *indented([*self._docstring(), *self.lines]))
        body = "\n".join(piece for line in lines for piece in folded(line))
        return Straight(self.name, f"{body}\n", frozenset(self.floats.used))

    def _docstring(self) -> list[str]:
        """What the function is, and its formula, as far as it says so."""
        heading, *rest = self.program.doc.split("\n\n")
        formula = [x for part in rest if part.startswith("    ") for x in ("", *part.split("\n"))]
        given = ", ".join(f"{s} = {n}" for s, n in sorted(self.sizes.items(), key=str))
        said = " ".join((heading or self.program.name).split()).rstrip(".")
        first = textwrap.wrap(f'"""{said}, for one row{" at " * bool(given)}{given}.', 92)
        return [*first, *formula, '"""'] if formula else [*first[:-1], f'{first[-1]}"""']

    def _check(self, name: str, what: str, size: int) -> None:
        self.lines.append(f"if not 0 <= {name} < {size}:")
        message = f'f"{name} = {{{name}}} is no {what} of {size} classes"'
        self.lines.append(f"    raise IndexError({message})")

    def _results(self) -> list[str]:
        program = self.program
        alone = {n: s for s in program.needed if s in program.stages.bodies
                 for n in program.only(s)}  # fmt: skip
        done = set(alone.values())
        for name in program.needed:
            if name in done:
                continue
            made = program.stages.made.get(name)
            if made is None:
                self._stage(name)
                continue
            partner = program.partner(made, program.needed)
            call = ONE_PASS[made.call, partner.call] if partner else made.call
            if name in alone:  # p is softmax, and nothing else is made of it
                made = replace(made, name=alone[name])
            size, last = self._classes_under(made), partner or made
            self.row.define(made, partner, call, size, self._whole(last))
            done |= {name, partner.name} if partner else {name}
        both = zip(program.stable, program.axes, strict=True)
        return [self._nested(term, axes, {}) for term, axes in both]

    def _entry(self) -> str:
        (term,) = self.program.stable
        made = next(m for m in self.program.stages.made.values() if m.call == "jacobian")
        if not isinstance(term, Quantity) or len(made.axes[0]) != 1:
            raise Unprintable("one entry of it has no straight-line form")
        self.row.size = self._classes_under(made)
        for name in ("i", "j"):
            self._check(name, "index", self.row.size)
        return self.row.entry(made)

    def _components(self, name: str) -> list[str]:
        shape = [int(cast(Any, self.sizes[s])) for s in self.problem.shapes.get(name, ())]
        if not shape:
            return [name]
        places = product(*(range(1, n + 1) for n in shape))
        return [f"{name}_{'_'.join(map(str, p))}" for p in places]

    def _length(self, letter: Symbol) -> int:
        size = self.problem.ranges[letter]
        return int(cast(Any, self.sizes.get(size, size)))

    def _classes(self, label: str) -> int:
        classes = self.program.classes(label)
        return int(next(cast(Any, n) for s, n in self.sizes.items() if str(s) == classes))

    def _classes_under(self, made: Made) -> int:
        for t in subterms(made.operands[0]):
            if isinstance(t, Indexed | Quantity) and made.axes[0][-1] in t.args[1:]:
                name = t.name if isinstance(t, Quantity) else str(t.base.label)
                if name in self.program.stages.made:
                    return self._classes_under(self.program.stages.made[name])
                length = self.problem.shapes[name][t.args[1:].index(made.axes[0][-1])]
                return int(cast(Any, self.sizes[length]))
        raise Unprintable("a softmax of unknown size")

    # -- stages and results ----------------------------------------------------------------------

    def _stage(self, name: str) -> None:
        definition = self.problem.definition(name)
        letters = definition.quantity.indices if definition else ()
        shape = self.problem.shapes.get(name)
        lengths = [
            int(cast(Any, self.sizes[shape[n] if shape else self.problem.ranges[s]]))
            for n, s in enumerate(letters)
        ]
        for places in product(*(range(1, n + 1) for n in lengths)):
            at = dict(zip(letters, places, strict=True))
            code = self._code(self.program.stages.bodies[name], at)
            self.lines.append(f"{'_'.join((name, *map(str, places)))} = {code}")

    def _whole(self, made: Made) -> bool:
        """Is every result the made array itself, or free of it?"""
        both = zip(self.program.stable, self.program.axes, strict=True)
        return all(_is_whole(term, made, axes) for term, axes in both)

    def _nested(self, term: Expr, axes: Sequence[Symbol], at: Mapping[Basic, int]) -> str:
        vectors = self.row.vectors
        if isinstance(term, Quantity) and term.name in vectors and term.indices == tuple(axes):
            return f"tuple({vectors[term.name]})"
        if not axes:
            return self._code(term, at)
        first, *rest = axes
        every = range(1, self._length(first) + 1)
        parts = [self._nested(term, rest, {**at, first: n}) for n in every]
        return f"({', '.join(parts)},)" if len(parts) == 1 else f"({', '.join(parts)})"

    def _code(self, term: Expr, at: Mapping[Basic, int]) -> str:
        numbers = {k: Integer(v) for k, v in at.items()}
        return self.floats.source(written_out(substitute(term, numbers), self.sizes))

    def _operand(self, made: Made, which: int, place: int) -> str:
        axes = made.axes[which]
        return self._code(made.operands[which], {axes[-1]: place} if axes else {})


def _check_sizes(name: str, known: Sequence[str], sizes: Mapping[str, int]) -> None:
    if not set(sizes) <= set(known):
        has = f"the sizes {', '.join(known)} alone" if known else "no size to be chosen"
        raise Unprintable(f"it has {has}")
    if missing := set(known) - set(sizes):
        asked = ", ".join(f"{s}={sizes.get(s, 2)}" for s in known)
        raise Unprintable(
            f"its size {' and '.join(sorted(missing))} has to be chosen too, "
            f'which symderiv.emit.chosen_function("{name}", {asked}) does'
        )
    if any(n < 1 or n > LARGEST for n in sizes.values()):
        raise Unprintable(f"straight-line code is written for sizes 1 to {LARGEST}")


def _is_whole(term: Expr, made: Made, axes: Sequence[Symbol]) -> bool:
    if isinstance(term, Quantity) and term.name == made.name:
        return term.indices == tuple(axes)
    return not any(isinstance(t, Quantity) and t.name == made.name for t in subterms(term))


def _kind(axes: int) -> str:
    kind = "float"
    for _ in range(axes):
        kind = f"tuple[{kind}, ...]"
    return kind
