"""Sizes: which input shows the size of each axis, and what must hold between them.

Gives `Sizes`.  A size that no input has is the largest for which every shifted index stays on its
axis, as the length of a convolution; it may be given by name, and must be where nothing bounds it.

Floor 4: imports floor 0 and the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sympy
from sympy import Expr, Symbol

from symderiv import terms
from symderiv.derivation.network.reach import Bound, reaches
from symderiv.records import dataclass
from symderiv.terms.problem import Definition, Problem


@dataclass(frozen=True)
class Sizes:
    """The sizes of a program.

    Attributes
    ----------
    shown : sizes that are the length of an axis of an input, in order
    fitted : other sizes, each with what it is at most: the largest that fits; nothing where it is
        given
    bounds : what must hold for indices to stay on their axes
    """

    shown: tuple[str, ...]
    fitted: Mapping[str, tuple[Expr, ...]]
    bounds: tuple[Bound, ...]


def sizes_of(problem: Problem, stages: Sequence[Definition], inputs: Sequence[str]) -> Sizes:
    """The sizes of a program with these stages and inputs."""
    ends = [end for n in inputs for end in problem.shapes.get(n, ())]
    shown = tuple(dict.fromkeys(s.name for e in ends for s in sorted(e.free_symbols, key=str)))
    bounds = tuple(dict.fromkeys(b for stage in stages for b in reaches(stage, problem)))
    used = {s.name: s for stage in stages for s in _sizes_in(stage, problem)}
    hidden = sorted(used.keys() - set(shown))
    return Sizes(shown, {n: tuple(_largest(used[n], bounds)) for n in hidden}, bounds)


def _sizes_in(stage: Definition, problem: Problem) -> Iterator[Symbol]:
    for end in (*problem.shapes.get(stage.name, ()), *terms.subterms(stage.body)):
        found = end.free_symbols if end in problem.shapes.get(stage.name, ()) else {end}
        for s in found:
            if isinstance(s, Symbol) and s.is_integer and s.is_positive:
                yield s


def _largest(size: Symbol, bounds: Sequence[Bound]) -> Iterator[Expr]:
    """What the bounds say that a size is at most."""
    for bound in bounds:
        factor = bound.high.coeff(size)
        if factor.is_Integer and factor > 0 and size not in bound.size.free_symbols:
            room = sympy.expand(bound.size - bound.high + factor * size)
            yield room if factor == 1 else sympy.floor(room / factor)
