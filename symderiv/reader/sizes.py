"""Sizes: bare names that a person means as the size of an axis, and what is said of the others.

Gives `meant_sizes` (N in Σ_n x_n / N is the size of the axis of n) and `notes`, the sentences on
names that could be taken for something else than they are.

Imports names and problem.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sympy import Symbol

from symderiv.reader.names import SCALAR
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Problem, name_of, symmetry_of

USUAL = ("K", "M", "N", "D")  # names that a size has without being explained


def meant_sizes(roles: Mapping[str, str], letters: Collection[str]) -> dict[str, str]:
    """The bare names that are the capital of a letter that a sum runs over, with that letter.

    T in e^{z_t/T} is none where t is free: it may be a temperature.

    Parameters
    ----------
    roles : what each name is
    letters : the letters that a person's sums, products, means and extremes run over
    """
    return {
        name: name.lower()
        for name, role in roles.items()
        if role == SCALAR and len(name) == 1 and name.isupper() and name.lower() in letters
    }


def notes(problem: Problem, numbers: Mapping[str, str], spoken: Collection[str]) -> Iterator[str]:
    """What is said of names that could be taken for something else.

    Parameters
    ----------
    numbers : the bare names that could be sizes, with their letters, as `meant_sizes` gives them
    spoken : the names that an assumption or a variable speaks of: it is clear what they are
    """
    if problem.first == 0:
        yield "indices are counted from 1 here: the first component, which the text calls 0, is 1"
    ends = {end for shape in problem.shapes.values() for end in shape if isinstance(end, Symbol)}
    sizes = {str(end) for end in ends}
    for name, letter in numbers.items():
        if name in sizes and name not in USUAL:
            yield f"{name} is the size of the axis that {letter} runs over"
    used = {str(s) for s in _free(problem)}
    for name in USUAL:
        if sizes and name in used - sizes - set(spoken):
            others = " and ".join(sorted(sizes))
            what = "sizes here are" if len(sizes) > 1 else "size here is"
            yield f"{name} is a number of its own: the {what} called {others}"
    varied = {name_of(x) for x in problem.wrt}
    for symmetry in filter(None, map(symmetry_of, problem.facts)):
        name = symmetry.array
        if name in varied and symmetry.sign == 1 and symmetry.order == (1, 0):
            yield (
                "the matrix differentiated by is symmetric, and its components vary one by one; "
                f"--wrt 'sym({name})' takes those that are equal as one variable"
            )
    for name in sorted(varied & problem.shapes.keys()):
        if f"{name}bar" in used - set(spoken):
            yield (
                f"{name}bar is a number of its own, and stays as it is where {name} varies; "
                f"a line before the function says that it is the mean, {name}bar = …"
            )
    if "e" in used - set(spoken):
        yield "e is a number of its own; the base of the exponential is written exp(1)"


def _free(problem: Problem) -> set[Symbol]:
    bodies = [problem.function, *(stage.body for stage in problem.stages)]
    scalars = {s for body in bodies for s in free_letters(body)}
    return {s for s in scalars if not s.is_integer and s.name not in problem.shapes}
