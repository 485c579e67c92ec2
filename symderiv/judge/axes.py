"""Which axis does a free letter run over?  Read off from where it subscripts.

Gives `Axes`: the size of every free letter's and every label's axis, for some lines of a problem,
from `problem.ranges` first and from the subscripts in the lines otherwise; and `symmetric`.

Imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import cast

from sympy import Expr, Indexed, KroneckerDelta, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.terms import Quantity
from symderiv.terms.letters import BINDERS, bound_letters
from symderiv.terms.problem import Problem, name_of


@dataclass
class Axes:
    """`letters`: the size over which each free letter runs; `labels`: that of each label array;
    `sizes`: the names of all sizes, in order of appearance; `mixed`: letters of two sizes.
    """

    letters: dict[Symbol, Expr] = field(default_factory=dict)
    labels: dict[str, Expr] = field(default_factory=dict)
    sizes: dict[str, None] = field(default_factory=dict)
    mixed: set[Symbol] = field(default_factory=set)

    def known(self, term: Basic, bound: Mapping[Symbol, Expr]) -> Expr | None:
        """The size of the axis that a letter runs over."""
        if not isinstance(term, Symbol):
            return None
        return bound.get(term) or self.letters.get(term)

    def drawn(self, problem: Problem) -> dict[str, Expr]:
        """Up to which size each label array is drawn.

        One that subscripts nothing is compared with others alone: it takes as many values as it
        has components, and two that no other has.
        """
        named = {name: problem.shapes.get(name, ()) for name in sorted(problem.labels)}
        own = {
            name: self.labels[name] if name in self.labels else cast(Expr, shape[0] + 2)
            for name, shape in named.items()
            if shape
        }
        return own | self.labels


def axes_of(problem: Problem, terms: Iterable[Basic]) -> Axes:
    """The axes of the letters that are free in these terms."""
    axes = Axes(letters=dict(problem.ranges))
    for variable in problem.wrt:
        for size in problem.shapes.get(name_of(variable), ()):
            _note_sizes(axes, size)
    for shape in (*problem.shapes.values(), tuple(problem.ranges.values())):
        for size in shape:
            _note_sizes(axes, size)
    met: list[tuple[str, Expr]] = []  # labels beside a letter in a δ, which share its axis
    for term in terms:
        _scan(problem, term, {}, axes, met)
    for label, size in met:
        axes.labels.setdefault(label, size)
    return axes


def sizes_in(term: Basic) -> list[str]:
    """The names of the sizes in a term."""
    symbols = cast("set[Symbol]", term.free_symbols)
    return sorted(s.name for s in symbols if s.is_integer and s.is_positive)


def _note_sizes(axes: Axes, term: Basic) -> None:
    axes.sizes |= dict.fromkeys(sizes_in(term))


def _scan(
    problem: Problem,
    term: Basic,
    bound: Mapping[Symbol, Expr],
    axes: Axes,
    met: list[tuple[str, Expr]],
) -> None:
    if isinstance(term, BINDERS):
        whole = (t.args for t in term.args[1:] if t.args[1] == 1 and isinstance(t.args[2], Symbol))
        own = set(bound_letters(term))
        bound = {s: size for s, size in bound.items() if s not in own}
        bound |= {cast(Symbol, s): cast(Expr, high) for s, _, high in whole}
        for t in term.args[1:]:
            _note_sizes(axes, t)
    if isinstance(term, Symbol):
        _note_sizes(axes, term)
    if not isinstance(term, Indexed | Quantity):
        for arg in term.args:
            _scan(problem, arg, bound, axes, met)
        if isinstance(term, KroneckerDelta):
            for label, letter in (term.args, term.args[::-1]):
                size = axes.known(letter, bound)
                if isinstance(label, Indexed) and size is not None:
                    met.append((name_of(label), size))
        return
    shape = problem.shapes.get(name_of(term), ())
    for index, size in zip(term.indices, shape, strict=False):
        if isinstance(index, Symbol) and index not in bound:
            known = axes.letters.setdefault(index, size)
            if known != size:
                axes.mixed.add(index)
        elif isinstance(index, Indexed):
            axes.labels.setdefault(name_of(index), size)
    for index in term.indices:
        _scan(problem, index, bound, axes, met)


def symmetric(term: Basic) -> bool:
    """Does a term treat all values of an index alike?

    Then letters need only be tried equal and different: no fixed or shifted index, no label array,
    no letter used as a number, every sum over a whole axis.
    """
    match term:
        case Indexed() | Quantity() | KroneckerDelta():
            indices = term.args if isinstance(term, KroneckerDelta) else term.indices
            return all(isinstance(index, Symbol) for index in indices)
        case Symbol():
            return not term.is_integer or bool(term.is_positive)
        case Tuple() if len(term.args) == 3:
            return term.args[1] == 1 and isinstance(term.args[2], Symbol)
        case _:
            return all(symmetric(arg) for arg in term.args)
