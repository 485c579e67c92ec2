"""Docstrings of written functions: formula, shapes, errors.

Gives `docstring`.  Imports program and the text printer.
"""

from __future__ import annotations

import textwrap

from sympy import Expr, Symbol

from symderiv.emit.nodes import TRUTHS
from symderiv.emit.program import Program
from symderiv.printers.text import text
from symderiv.terms.derived import derived

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
WIDTH = 93  # with four spaces before them and quotes behind, a line of 100


def docstring(
    program: Program, part: str, title: str, line: tuple[Expr, Expr] | None, beside: str = ""
) -> str:
    """The docstring of a function; `line` is statement and answer of what it computes.

    That of one whose value another gives says which; one that stands `beside` the function of the
    value leaves to that what they have in common.
    """
    problem = program.problem
    if program.through is not None:
        return f"The second result of {program.through.name}."
    returned = " and ".join(_returned(program, axes) for axes in program.axes)
    if beside and line is not None:
        slope = " = ".join(map(text, line))
        both = f"{beside}, and its gradient {slope}; takes what {beside} takes. Returns {returned}."
        return _laid_out(wrapped(both))
    said = []
    if part in ("value", "value and gradient") and text(problem.function) != title:
        said.append(text(problem.function))
    if line is not None:
        said.append(" = ".join(map(text, line)))
    if program.columns:
        said.append("; ".join(map(text, program.results)))
        returned = f"(..., {len(program.results) // program.columns}, {program.columns})"
    stages = ", ".join(f"{text(s.quantity)} = {text(s.body)}" for s in problem.stages)
    heading = f"{title}, {PARTS[part]}" if PARTS.get(part) else title
    formula = f": {', '.join(said)}" if said else ""
    first = f"{heading}{formula}{f', where {stages}' if stages else ''}."
    given = [f"{name} {_shape(program, name)}" for name in program.inputs]
    given += [f"{name}, a size" for name in program.given_sizes]
    shapes = (
        f"{'; '.join(given)}.{_compared(program)} Returns {returned}. "
        f"Raises {_raised(program)}.{_singular(program)}"
    )
    return _laid_out([*wrapped(first), *textwrap.wrap(shapes, WIDTH)])


def wrapped(text: str) -> list[str]:
    """The first lines of a docstring, beside its quotes."""
    first, *others = textwrap.wrap(f"xxx{text}", WIDTH)
    return [first[3:], *others]


def _laid_out(lines: list[str]) -> str:
    """Lines as they stand in a function, between quotes."""
    return "\n".join([lines[0], *(f"    {line}" for line in lines[1:])])


def _singular(program: Program) -> str:
    """What is said of matrices that have no inverse."""
    if not any(node.op in ("inv", "solve", "logdet") for node in program.used):
        return ""
    names = sorted({d.array for n in program.problem.shapes if (d := derived(n)) is not None})
    return (
        f" Where {' or '.join(names)} is singular there is no value: LinAlgError is raised, or it "
        "is inf or nan."
    )


def _compared(program: Program) -> str:
    """What is said of a number in [k ≤ y]: that it is one of the page, and no place of an array."""
    for node in program.used:
        inner = [n for n, _ in node.args]
        if node.op in TRUTHS and any(n.op == "float" for n in inner):
            names = sorted(str(n.data) for n in inner if n.op == "input" and not n.sizes)
            if names:
                return f" {names[0]} is compared with an index, which counts from 1."
    return ""


def _shape(program: Program, name: str) -> str:
    sizes = ", ".join(("...", *(str(s) for s in program.shape(name))))
    if name in program.problem.labels:
        return f"({sizes}), labels from 0"
    return f"({sizes})"


def _returned(program: Program, axes: tuple[Symbol, ...]) -> str:
    return f"({', '.join(('...', *(str(program.problem.ranges[a]) for a in axes)))})"


def _raised(program: Program) -> str:
    said = ["TypeError"]
    if any(program.shape(n) for n in program.inputs):
        said.append("ValueError")
    if program.labels:
        said.append("IndexError")
    return ", ".join(said)
