"""Calls: a function that is one numerical function of its inputs.

Gives `one_call`, and `ONE_PASS`, the pairs of results that one pass gives together.  Imports the
program it serves for its type only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from sympy import Expr, Indexed, Symbol

from symderiv.emit.made import Made
from symderiv.emit.results import to_out
from symderiv.terms import Quantity

if TYPE_CHECKING:
    from symderiv.emit.program import Program

ONE_PASS = {
    ("label_loss", "label_gradient"): "label_loss_and_gradient",
    ("target_loss", "target_gradient"): "target_loss_and_gradient",
}
ELEMENTWISE = {"sigmoid", "softplus", "log_sigmoid"}
ENTRY = {"jacobian": "jacobian_entry"}


def one_call(program: Program) -> str | None:
    """The call, where each result is what one numerical function makes of the inputs."""
    found: list[Made] = []
    for term, axes in zip(program.stable, program.axes, strict=True):
        body = term
        while isinstance(body, Quantity) and body.name in program.stages.bodies:
            stage = program.problem.definition(body.name)
            if stage is None or stage.quantity.indices != body.indices:
                return None
            body = program.stages.bodies[body.name]
        if (
            type(body).__name__ in ELEMENTWISE
            and isinstance(body.args[0], Symbol)
            and len(program.stable) == 1
        ):
            program.call = type(body).__name__
            return f"numeric.{program.call}({body.args[0]}, out=out)"
        if not (isinstance(body, Quantity) and body.name in program.stages.made):
            return None
        made = program.stages.made[body.name]
        if tuple(body.indices) != tuple(axes) and set(body.indices) != set(axes):
            return None
        if tuple(body.indices) != tuple(axes) and made.call != "jacobian":
            return None
        if not all(_is_input(program, o, a) for o, a in zip(made.operands, made.axes, strict=True)):
            return None
        found.append(made)
    operands = [", ".join(_name(o) for o in m.operands) for m in found]
    if len(set(operands)) > 1:
        return None
    call = found[0].call if len(found) == 1 else ONE_PASS.get((found[0].call, found[1].call))
    if call is None:
        return None
    program.call = call
    if program.entry:
        program.call = ENTRY.get(call)
        return to_out(f"numeric.{program.call}({operands[0]}, i, j)", 0) if program.call else None
    return to_out(f"numeric.{call}({operands[0]})", len(axes))


def _is_input(program: Program, operand: Expr, axes: Sequence[Symbol]) -> bool:
    if isinstance(operand, Symbol):
        return operand.name in program.problem.labels
    return isinstance(operand, Indexed) and tuple(operand.args[1:]) == tuple(axes)


def _name(operand: Expr) -> str:
    return operand.name if isinstance(operand, Symbol) else str(cast(Indexed, operand).base.label)
