"""Programs of networks: value and gradients in NumPy, from the stages and the adjoints.

    program    the functions: stages and adjoints lowered as every formula is, by `symderiv.emit`
    sizes      which input shows the size of each axis
    check      a program run, and held against the definitions
    stages     the fused stages as functions that autograd is told of

Gives `checked_source` (a file with `value_and_gradients`, run and checked), `derivative_source`
(the same of one gradient, its functions called as those of every derivative) and `compiled` (a
function of such a file).

Floor 4: imports derivation and emit, and NumPy where a function is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from symderiv.derivation.network import Backpropagation
from symderiv.printers.text import text

if TYPE_CHECKING:
    from symderiv.emit.parts import Second
    from symderiv.programs.program import Program

Place = tuple[int | None, ...]
VALUE = "value"  # the function of the value alone, where autograd is told of one


def checked_source(made: Backpropagation, target: str = "numpy") -> str:
    """The file of a network's program, for the arrays of a target.

    Raises
    ------
    Mistake
        for names that cannot stand in a program, sizes that no input shows, an unknown target, or
        what has no form in it.
    Wrong
        where its numbers are not those of the definitions.
    """
    return _written(made, "The value and the gradients of a network", target)


def derivative_source(
    made: Backpropagation, name: str, place: Sequence[int | None], target: str = "numpy"
) -> str:
    """The file of a function and of its one derivative, for the arrays of a target.

    Parameters
    ----------
    name : of the function; the others are name_gradient and name_value_and_gradient, or
        name_derivative where that is a number
    place : for each index of the variable the one that is chosen, from 1, or None

    Raises
    ------
    Mistake, Wrong
        as `checked_source` does.
    """
    about = text(made.network.loss.definition.body)
    return _written(made, about, target, name, tuple(place))


def _written(
    made: Backpropagation, about: str, target: str, name: str = "", place: Place = ()
) -> str:
    """The file of some functions, of one network or of a function with this name."""
    from symderiv.emit.module import file_of
    from symderiv.emit.targets import target_named
    from symderiv.emit.translation.networks import network_for
    from symderiv.programs.stages import fused_stages

    chosen = target_named(target)
    told = chosen.differentiable is not None
    said = f"{about}: {chosen.title} functions, made by symderiv from derived formulas."
    whole, slope, value = _tried(made, name, place, told)
    if chosen.module == "np":
        return file_of([*value, *slope, whole], said)
    stages = [*fused_stages(made, reverse=chosen.reverse)] if told else []
    programs = [whole, *slope, *([] if told else value)]
    return network_for(programs, name or VALUE, [*whole.gradients], said, chosen, stages)


@lru_cache(maxsize=1)  # one target is asked for after another
def _tried(
    made: Backpropagation, name: str, place: Place, again: bool
) -> tuple[Program, list[Second], list[Program]]:
    """Value and gradients; where they have a name the gradient and the value alone: held against
    the definitions.
    """
    from symderiv.emit.module import file_of
    from symderiv.emit.parts import Second
    from symderiv.programs.check import check
    from symderiv.programs.program import Program

    if not name:
        programs = (Program(made, again=again), list[Second](), list[Program]())
    else:
        both, alone = ("gradient" if e else "derivative" for e in (bool(place), None in place))
        whole = Program(made, f"{name}_value_and_{both}", [*made.gradients], again=again)
        programs = (
            whole,
            [Second(f"{name}_{alone}", whole, place)],
            [Program(made, name, (), again=again)],
        )
    whole, slope, value = programs
    written = file_of([*value, *slope, whole], "Tried.")
    for program in (whole, *value):
        check(program, written)
    return programs


def compiled(written: str, name: str = "") -> Callable[..., Any]:
    """A function of such a file, `value_and_gradients` if no other; `__source__` holds the file."""
    from symderiv.emit.module import Made
    from symderiv.programs.program import NAME

    return Made(written, name or NAME)


__all__ = ["checked_source", "compiled", "derivative_source"]
