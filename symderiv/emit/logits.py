"""Logits: what a user of a function knows those of its softmaxes as.

Gives `said_of_logits`, a body in which a row without a softmax is refused by a name that the user
knows.  The passes call all logits z: a function of an input z stays as it is.  Imports lines, and
the program it serves for its type only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Expr, Indexed, Symbol

from symderiv.emit.lines import indented
from symderiv.terms import Quantity

if TYPE_CHECKING:
    from symderiv.emit.program import Program

NO_SOFTMAX = ("logsumexp", "root_of_squares", "centred")  # of any row, and see a shift of it


def said_of_logits(program: Program, body: Sequence[str]) -> list[str]:
    """The body of a function, under a line that says what its logits are unless they are z."""
    made = [m for m in map(program.stages.made.get, program.needed) if m]
    found = {
        _called(program, m.operands[0], m.axes[0]) for m in made if m.call not in NO_SOFTMAX
    } - {("z",)}
    if not found:
        return list(body)
    if len(found) > 1:
        found = {_computed(program, "logits", tuple(m.operands[0] for m in made))}
    names = ", ".join(f'"{name}"' for name in found.pop())
    return [f"with numeric.logits_called({names}):", *indented(body)]


def _called(program: Program, operand: Expr, axes: Sequence[Symbol]) -> tuple[str, ...]:
    """An input; or a stage, or else "logits", and the inputs that they are computed from."""
    if isinstance(operand, Indexed | Quantity) and operand.args[1:] == tuple(axes):
        name = operand.name if isinstance(operand, Quantity) else str(operand.base.label)
        if name in program.inputs:
            return (name,)
        if program.problem.definition(name) is not None:
            return _computed(program, name, (operand,))
    return _computed(program, "logits", (operand,))


def _computed(program: Program, name: str, of: Sequence[Expr]) -> tuple[str, ...]:
    used = program.used(program.terms(of))
    return (name, *(n for n in program.inputs if n in used))
