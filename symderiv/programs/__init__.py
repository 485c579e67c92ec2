"""Programs of networks: `value_and_gradients` in NumPy, from the stages and the adjoints.

    program    the function: stages and adjoints lowered as every formula is, by `symderiv.emit`
    sizes      which input shows the size of each axis
    check      the program run, and held against the definitions
    stages     the fused stages as functions that autograd is told of

Gives `checked_source` (a file, run and checked) and `compiled` (its function).

Floor 4: imports derivation and emit, and NumPy where a function is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symderiv.derivation.network import Backpropagation


def checked_source(made: Backpropagation, about: str = "", target: str = "numpy") -> str:
    """The file of a network's program, for the arrays of a target.

    Raises
    ------
    Mistake
        for names that cannot stand in a program, sizes that no input shows, an unknown target, or
        what has no form in it.
    Wrong
        where its numbers are not those of the definitions.
    """
    from symderiv.emit.module import file_of
    from symderiv.emit.targets import target_named
    from symderiv.emit.translation.networks import network_for
    from symderiv.programs.check import check
    from symderiv.programs.program import Program
    from symderiv.programs.stages import fused_stages

    chosen = target_named(target)
    program = Program(made)
    written = file_of([program], about or "The value and the gradients of a network.")
    check(program, written)
    if chosen.module == "np":
        return written
    told = chosen.differentiable is not None
    stages = [*fused_stages(made, reverse=chosen.reverse)] if told else []
    return network_for(program, about, chosen, stages)


def compiled(written: str) -> Callable[..., Any]:
    """`value_and_gradients` of such a file; `__source__` holds the file."""
    from symderiv.emit.module import Made
    from symderiv.programs.program import NAME

    return Made(written, NAME)


__all__ = ["checked_source", "compiled"]
