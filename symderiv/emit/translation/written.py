"""Written: a target's file of functions.

Gives `file_for`, `parted` (of one function) and `callable_for`.  Each function is written from the
graph that was tried in NumPy; the helpers that it calls stand behind it.

Imports the rest of this room, and module.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symderiv.emit.module import Made, printed
from symderiv.emit.program import Program
from symderiv.emit.spelling import names_in
from symderiv.emit.targets import Target, target_named
from symderiv.emit.targets.parted import Parted
from symderiv.emit.translation.function import Function
from symderiv.emit.translation.helpers import helpers
from symderiv.emit.translation.slopes import Slopes
from symderiv.mistakes import Mistake

STANDARD_LIBRARY = {
    "suppress": "contextlib", "reduce": "functools", "zip_longest": "itertools",
}  # fmt: skip

# What autograd calls has no types, nor have all functions of torch and JAX.
UNTYPED = "# mypy: allow-untyped-defs, allow-untyped-calls"


def file_for(
    programs: Sequence[Program], told: Mapping[str, Slopes], about: str, target: Target
) -> str:
    """A target's file of functions; `about` is its docstring.

    Parameters
    ----------
    told : the derivatives by every input, for functions that autograd is told of
    """
    made: list[ast.stmt] = []
    for program in programs:
        known = told.get(program.name)
        if known is None or target.differentiable is None or not known.by:
            made.append(Function(program, target).plain())
        else:
            made += target.differentiable(parted(program, known, target))
    return written(made, [p.name for p in programs], about, target)


def parted(value: Program, told: Slopes, target: Target) -> Parted:
    """A function and its derivatives by every input, taken apart."""
    alone, whole = (Function(p, target) for p in (value, told.program))
    ranks = {n: len(value.shape(n)) for n in value.inputs}
    return Parted(alone, whole, told.by, told.vectors, ranks)


def callable_for(program: Program, target: str) -> Callable[..., Any]:
    """The function for a target's arrays, to call; `__source__` holds what was written.

    Raises
    ------
    Mistake
        where the library is not installed, too.
    """
    chosen = target_named(target)
    text = file_for([program], {}, f"{program.name}, made by symderiv.", chosen)
    try:
        return Made(text, program.name)
    except ImportError as missing:
        raise Mistake(f"target '{target}': {missing.name} is not installed") from None


def written(
    statements: Sequence[ast.stmt], names: Sequence[str], about: str, target: Target
) -> str:
    """A file of a target, printed, with the helpers that it calls."""
    statements = [*statements, *helpers(statements, target)]
    used = names_in(statements)
    standard = [UNTYPED, ""] if target.differentiable is not None else []
    standard += ["import math"] if "math" in used else []
    standard += [f"from {of} import {n}" for n, of in STANDARD_LIBRARY.items() if n in used]
    imports = ["from typing import Any", *([""] if target.imports else []), *target.imports]
    return printed(statements, names, about, [*standard, *imports])
