"""Docstrings of written functions: formula, shapes, errors and accuracy.

Gives `docstring`.  Imports accuracy, catalogue and program, preamble for what is assumed, and
`numeric` for the length of slices.
"""

from __future__ import annotations

import textwrap

from symderiv.emit.accuracy import ACCURACY, OPERATIONS, stated
from symderiv.emit.catalogue import Wanted
from symderiv.emit.preamble import assumed_sums
from symderiv.emit.program import Program
from symderiv.numeric.outputs import SLICE

PARTS = {
    "value": "its value",
    "derivative": "its derivative",
    "gradient": "its gradient",
    "jacobian": "its Jacobian",
    "hessian": "its Hessian",
    "value and gradient": "value and gradient in one pass",
    "entry": "one entry, its indices counted from 0",
    "jvp": "its Jacobian times a vector, without the matrix",
    "vjp": "a vector times its Jacobian, without the matrix",
    "hvp": "its Hessian times a vector, without the matrix",
}
WIDTH = 96


def docstring(wanted: Wanted, program: Program, *, verified: bool) -> str:
    """The docstring of a function; is it one of the catalogue, whose accuracy is verified?"""
    heading = f"{wanted.title}: {PARTS.get(wanted.part, wanted.part)}."
    lines = [*textwrap.wrap(heading, WIDTH - 8), ""]
    lines += textwrap.wrap(
        wanted.formula, WIDTH - 4, initial_indent="    ", subsequent_indent="        "
    )
    lines.append("")
    lines += definitions(program)
    lines += [f"{name} : {shape(program, name)}" for name in program.inputs]
    if wanted.part == "entry":
        lines.append("i, j : integers")
    goes = "the gradient" if len(program.results) > 1 and not program.columns else "the result"
    lines.append(f"out : an array for {goes}, of its shape and dtype")
    if program.columns:
        lines.append(
            f"Returns (..., {len(program.results) // program.columns}, {program.columns})."
        )
    else:
        shapes = " and ".join(returned(program, axes) for axes in program.axes)
        lines.append(f"Returns {shapes}.")
    lines.append("")
    lines += textwrap.wrap(f"Accuracy: {accuracy(wanted, program, verified)}.", WIDTH)
    lines += textwrap.wrap(memory(program), WIDTH)
    lines += textwrap.wrap(raised(program, wanted), WIDTH)
    return "\n".join(lines)


def accuracy(wanted: Wanted, program: Program, verified: bool) -> str:
    """What is stated of the numerical function that it is, or of itself."""
    if program.call in ACCURACY:
        return stated(ACCURACY[program.call])
    if verified:
        return stated(ACCURACY.get(wanted.name, (OPERATIONS,)))
    return "that of its operations"


def memory(program: Program) -> str:
    """How much a sum over a batch forms at a time."""
    if not program.sliced:
        return ""
    return (
        f"Memory: the sum over {program.sliced} is taken in slices. No array made for one holds "
        f"more numbers than the result or than 2^{SLICE.bit_length() - 1}, whichever is more, "
        f"unless one of the {program.sliced} places takes more by itself."
    )


def definitions(program: Program) -> list[str]:
    """What the named quantities stand for, where there are any."""
    from symderiv.printers.text import text

    said = [f"{text(s.quantity)} = {text(s.body)}" for s in program.problem.stages]
    if not said:
        return []
    where = textwrap.wrap("where " + ", ".join(said), WIDTH - 4)
    return [*(f"    {line}" for line in where), ""]


def shape(program: Program, name: str) -> str:
    """(..., K), with what stands in it."""
    sizes = ", ".join(("...", *(str(s) for s in program.problem.shapes.get(name, ()))))
    if name in program.problem.labels:
        return f"({sizes}) integer labels, counted from 0"
    if name not in program.problem.shapes:
        return "a number" if any(program.problem.shapes.values()) else "any shape"
    return f"({sizes})"


def returned(program: Program, axes: tuple[object, ...]) -> str:
    """The shape of a result."""
    sizes = [] if program.entry else [str(program.problem.ranges[a]) for a in axes]
    if not sizes and not any(program.problem.shapes.values()):
        return "the same shape"
    return f"({', '.join(('...', *sizes))})"


def raised(program: Program, wanted: Wanted) -> str:
    """What bad input gives."""
    said = "Raises TypeError for what is no real number"
    if any(program.problem.shapes.values()):
        said += ", ValueError for shapes that do not fit"
    if any(True for _ in assumed_sums(program)):
        said += " or targets that do not sum to one"
    if any(n in program.problem.labels for n in program.inputs):
        said += ", IndexError for a label out of range"
    elif wanted.part == "entry":
        said += ", IndexError for an index out of range"
    return said + "."
