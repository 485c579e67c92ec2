"""Networks: the programs of a network for a target, and the value alone, of which autograd is told.

Gives `network_for`.  Its gradients are those of the program, so that a network can stand among the
layers of another one: where a target has autograd the file has the value too, and each fused stage.

Imports slopes, written and parted.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from contextlib import suppress

from symderiv.emit.parts import Coded, definition
from symderiv.emit.program import Program
from symderiv.emit.spelling import filled
from symderiv.emit.targets import Target
from symderiv.emit.targets.parted import Parted
from symderiv.emit.translation.function import Function
from symderiv.emit.translation.slopes import Slopes
from symderiv.emit.translation.written import parted, written
from symderiv.mistakes import Mistake


def network_for(
    programs: Sequence[Coded],
    value: str,
    by: Collection[str],
    about: str,
    target: Target,
    stages: Sequence[tuple[Program, Slopes]] = (),
) -> str:
    """A target's file of a network's programs.

    Parameters
    ----------
    programs : the first returns the value and the gradients
    value : what the function is called that returns the value alone, of which autograd is told
    by : the arrays of the gradients, in order
    stages : functions of their own, with their derivatives by every input

    Raises
    ------
    Mistake
        for what has no form in the target.
    """
    made: list[ast.stmt] = [Function(p, target).plain() for p in programs]
    names = [p.name for p in programs]
    if target.differentiable is not None:
        made += target.differentiable(_parted(programs[0], value, tuple(by), target))
        names.append(value)
        for stage, slopes in stages:
            with suppress(Mistake):  # what has no form in the target is left out
                made += target.differentiable(parted(stage, slopes, target))
                names.append(stage.name)
    return written(made, names, about, target)


def _parted(program: Coded, name: str, by: tuple[str, ...], target: Target) -> Parted:
    """The value, and each gradient times what it is asked to be multiplied by."""
    said = f"The value; autograd takes its gradients from the formulas of {program.name}."
    asked = program.arguments
    head = definition(name, [*asked.arrays], dict.fromkeys(asked.given, "int"), "Any", said)
    whole = Function(program, target, head)  # another size is the largest that fits
    vectors = ("_u",) if target.reverse else tuple(f"_d{n}" for n in by)
    factors = vectors * len(by) if target.reverse else vectors
    products: list[ast.expr] = [
        ast.BinOp(gradient, ast.Mult(), ast.Name(factor))
        for gradient, factor in zip(whole.results[1:], factors, strict=True)
    ]
    if not target.reverse:
        products = [filled(f"{target.module}.sum(_p)", {"_p": p}) for p in products]
    whole.results = [whole.results[0], *products]
    return Parted(whole, whole, by, vectors)
