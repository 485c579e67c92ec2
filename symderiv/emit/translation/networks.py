"""Networks: the program of a network for a target, and the value alone, of which autograd is told.

Gives `network_for`.  Its gradients are those of the program, so that a network can stand among the
layers of another one: where a target has autograd the file has `value` too, and each fused stage.

Imports slopes, helpers, written and parted.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from symderiv.emit.parts import Coded, Parts, definition
from symderiv.emit.program import Program
from symderiv.emit.targets import Target
from symderiv.emit.targets.entry import expression
from symderiv.emit.targets.parted import Parted
from symderiv.emit.translation.function import Function
from symderiv.emit.translation.helpers import helpers
from symderiv.emit.translation.slopes import Slopes
from symderiv.emit.translation.written import written
from symderiv.mistakes import Mistake

NAME = "value"
DOC = "The value; autograd takes its gradients from the formulas of value_and_gradients."


def network_for(
    program: Coded,
    target: Target,
    stages: Sequence[tuple[Program, Slopes]] = (),
) -> str:
    """A target's file of a network's program.

    `stages` are functions of their own, with their derivatives by every input.

    Raises
    ------
    Mistake
        for what has no form in the target.
    """
    parts = program.parts
    made: list[ast.stmt] = [Function(parts, target).plain()]
    names = [program.name]
    if target.differentiable is not None:
        made += target.differentiable(_parted(parts, target))
        names.append(NAME)
        for stage, slopes in stages:
            with suppress(Mistake):  # what has no form in the target is left out
                value, whole = Function(stage.parts, target), Function(slopes.program.parts, target)
                ranks = {n: len(stage.shape(n)) for n in stage.inputs}
                parted = Parted(value, whole, slopes.by, slopes.vectors, ranks)
                made += target.differentiable(parted)
                names.append(stage.name)
    title = f"The value and the gradients of a network: {target.title} functions."
    return written([*made, *helpers(made, target)], names, title, target)


def _parted(parts: Parts, target: Target) -> Parted:
    """The value, and each gradient times what it is asked to be multiplied by."""
    given = [a.arg for a in parts.head.args.args]  # a size is the largest that fits
    alone = replace(parts, head=definition(NAME, given, {}, "Any", DOC), keys=())
    whole, value = Function(alone, target), Function(alone, target)
    by = parts.keys
    vectors = ("_u",) if target.reverse else tuple(f"_d{n}" for n in by)
    factors = vectors * len(by) if target.reverse else vectors
    products: list[ast.expr] = [
        ast.BinOp(gradient, ast.Mult(), ast.Name(factor))
        for gradient, factor in zip(whole.results[1:], factors, strict=True)
    ]
    if not target.reverse:
        sums = expression(f"{target.module}.sum")
        products = [ast.Call(sums, [p], []) for p in products]
    whole.results[1:] = products
    return Parted(value, whole, by, vectors)
