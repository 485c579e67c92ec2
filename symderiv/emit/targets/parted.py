"""Parted: the lines of a program in those of the value and those of its derivatives.

Gives `Parted`, of which a target makes the functions that autograd is told of, and `Taken`, a
function that is taken apart.  What the value needs is computed forwards; what the derivatives need
of it is kept, but for views, which are taken again; what one derivative alone needs is computed
where it is asked for.

Imports lines and the standard library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Protocol

from symderiv.emit.lines import is_by_entries, is_view, live, names, short, targets
from symderiv.records import dataclass


class Taken(Protocol):
    """A function in a target's calls, taken apart (`translation.function.Function`)."""

    sizes: list[ast.stmt]
    lines: list[ast.stmt]
    results: list[ast.expr]
    whole: set[str]

    floats: tuple[str, ...]
    head: ast.FunctionDef

    @property
    def inputs(self) -> list[str]: ...
    def finished(self, value: ast.expr) -> ast.expr: ...
    def around(self, known: Sequence[ast.stmt], result: ast.expr) -> list[ast.stmt]: ...


@dataclass
class Parted:
    """A function whose results are a value and its derivatives' products.

    Attributes
    ----------
    value : the function of the value alone: its name, docstring and arguments
    whole : the function of all results
    by : the inputs of the products
    vectors : what is multiplied: one for all, or one an input
    ranks : the axes of each input's own, where others may be before them
    """

    value: Taken
    whole: Taken
    by: tuple[str, ...]
    vectors: tuple[str, ...]
    ranks: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"_differentiable_{self.value.head.name}"

    @property
    def inputs(self) -> list[str]:
        return self.value.inputs

    @property
    def others(self) -> list[str]:
        """The inputs by which there is no derivative."""
        return [n for n in self.inputs if n not in self.by and n in self.value.floats]

    @property
    def result(self) -> ast.expr:
        return self.whole.results[0]

    @property
    def slopes(self) -> list[ast.expr]:
        return self.whole.results[1:]

    @cached_property
    def forward(self) -> list[ast.stmt]:
        """The lines that the value needs, with all arrays that its loops fill."""
        needed = live(self.whole.lines, [self.result])
        known = {id(s) for s in needed}
        loops = [s for s in needed if isinstance(s, ast.For)]
        lists = {n for s in loops for n in targets(s) if n.startswith("_")}
        return [s for s in self.whole.lines if id(s) in known or lists & names(s)]

    @cached_property
    def _behind(self) -> list[ast.stmt]:
        """The lines that some derivative needs beside what is kept, in order."""
        return self._needed(self.slopes)

    def _needed(self, slopes: Sequence[ast.expr]) -> list[ast.stmt]:
        kept = [s for s in self.forward if not self._is_again(s)]
        return live(self.whole.lines, slopes, given=kept)

    def _is_again(self, line: ast.stmt) -> bool:
        """Is a line a view, a number of sizes, or cheap, which is taken again and not kept?"""
        return self._is_free(line) or set(targets(line)) <= self._again

    def _is_free(self, line: ast.stmt) -> bool:
        return is_view(line) or set(targets(line)) <= self.whole.whole

    @cached_property
    def _again(self) -> set[str]:
        """Arrays that are computed entry by entry from what is kept anyway.

        The inputs are kept, for second derivatives, unless the first need no more than the result.
        So nothing is kept beside what it is a function of, entry by entry: engines do the same.
        """
        made = [s for s in self.forward if not self._is_free(s)]
        behind = live(self.whole.lines, self.slopes, given=made)
        needed = names(*behind, *self.slopes)
        needed &= {n for s in made for n in targets(s)}
        given = names(*behind, *self.slopes) & {*self.inputs}
        alone = isinstance(self.result, ast.Name) and needed <= {self.result.id}
        if alone and not given:
            return set()
        known, again = {*self.inputs, *self.whole.whole}, set[str]()
        arrays = {n for s in self.whole.lines for n in targets(s)} | known
        for line in self.forward:
            made_of, own = names(line) & arrays - {*targets(line)}, {*targets(line)}
            if own <= self.small or (self._is_free(line) and made_of <= known):
                known |= own
            elif is_by_entries(line) and made_of <= known:
                again |= own
                known |= own
            elif own <= needed:
                known |= own
        return again

    @cached_property
    def _numbers(self) -> set[str]:
        """Sizes, and inputs that are numbers beside rows."""
        single = {n for n in self.inputs if self.ranks.get(n) == 0}
        return {*self.whole.whole, *(single if any(self.ranks.values()) else ())}

    @cached_property
    def small(self) -> set[str]:
        """Sizes, numbers, and the sums and the like of the value's lines."""
        return short(self.forward, self._numbers)

    @cached_property
    def kept(self) -> list[str]:
        """The names that the derivatives need of the value's lines."""
        needed = names(*self._behind, *self.slopes)
        made = [n for s in self.forward if not self._is_again(s) for n in targets(s)]
        return [n for n in dict.fromkeys(made) if n in needed]

    @property
    def mentioned(self) -> list[str]:
        """The inputs that the lines behind mention."""
        lines = [*self._behind, *self.slopes]
        needed = names(*self.sizes(lines), *lines)
        return [n for n in self.inputs if n in needed]

    @cached_property
    def common(self) -> list[ast.stmt]:
        """The lines behind that more than one derivative needs."""
        alone = {id(s) for n in range(len(self.slopes)) for s in self.own(n)}
        return [s for s in self._behind if id(s) not in alone]

    def own(self, n: int) -> list[ast.stmt]:
        """The lines behind that one derivative alone needs."""
        others = [s for m, s in enumerate(self.slopes) if m != n]
        elsewhere = {id(s) for s in self._needed(others)}
        return [s for s in self._needed([self.slopes[n]]) if id(s) not in elsewhere]

    def free(self, *wishes: str) -> list[str]:
        """Names that nothing in the function has."""
        code = [*self.whole.sizes, *self.whole.lines, *self.whole.results]
        taken = names(*code) | {*self.inputs, *self.vectors}
        return [f"_{w}" if w in taken else w for w in wishes]

    def sizes(self, *parts: Iterable[ast.AST]) -> list[ast.stmt]:
        """The sizes that some code needs."""
        return live(self.whole.sizes, [s for part in parts for s in part])
