"""Docstrings of written functions: formula, shapes, errors.

Gives `docstring`.  Imports program and the text printer.
"""

from __future__ import annotations

import textwrap

from sympy import Expr, Symbol

from symderiv.emit.program import Program
from symderiv.printers.text import text

PARTS = {
    "value": "",
    "derivative": "derivative",
    "gradient": "gradient",
    "jacobian": "Jacobian",
    "hessian": "Hessian",
    "value and gradient": "value and gradient",
    "entry": "one entry, its indices from 0",
    "jvp": "Jacobian times v",
    "vjp": "u times Jacobian",
    "hvp": "Hessian times v",
}
WIDTH = 92


def docstring(program: Program, part: str, title: str, line: tuple[Expr, Expr] | None) -> str:
    """The docstring of a function; `line` is statement and answer of what it computes."""
    heading = f"{title}, {PARTS[part]}." if PARTS.get(part) else f"{title}."
    problem = program.problem
    said = []
    if part in ("value", "value and gradient"):
        said.append(text(problem.function))
    if line is not None:
        said.append(" = ".join(map(text, line)))
    if program.columns:
        said.append("; ".join(map(text, program.results)))
    formula = ",  ".join(said)
    stages = ", ".join(f"{text(s.quantity)} = {text(s.body)}" for s in problem.stages)
    if stages:
        formula += f"  where {stages}"
    lines = [*textwrap.wrap(heading, WIDTH - 4), ""]
    lines += textwrap.wrap(formula, WIDTH, initial_indent="    ", subsequent_indent="      ")
    lines.append("")
    lines += [f"{name} : {_shape(program, name)}" for name in program.inputs]
    lines += [f"{name} : the size {name}" for name in program.given_sizes]
    if program.columns:
        returned = f"(..., {len(program.results) // program.columns}, {program.columns})"
    else:
        returned = " and ".join(_returned(program, axes) for axes in program.axes)
    lines += textwrap.wrap(f"Returns {returned}.  Raises {_raised(program)}.", WIDTH)
    first, *rest = lines
    return "\n".join([first, *(f"    {line}".rstrip() for line in rest), "    "])


def _shape(program: Program, name: str) -> str:
    sizes = ", ".join(("...", *(str(s) for s in program.shape(name))))
    if name in program.problem.labels:
        return f"({sizes}) labels, integers from 0"
    return f"({sizes})"


def _returned(program: Program, axes: tuple[Symbol, ...]) -> str:
    return f"({', '.join(('...', *(str(program.problem.ranges[a]) for a in axes)))})"


def _raised(program: Program) -> str:
    said = ["TypeError for what is no real number"]
    if any(program.shape(n) for n in program.inputs):
        said.append("ValueError for shapes that do not fit")
    if program.labels:
        said.append("IndexError for a label out of range")
    return ", ".join(said)
