"""Docstrings of written functions: formula, shapes, errors.

Gives `docstring`.  Imports program and the text printer.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

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
WIDTH = 96  # behind four spaces, a line of 100
SPACE = "\N{NO-BREAK SPACE}"


def docstring(
    program: Program, part: str, title: str, line: tuple[Expr, Expr] | None, beside: str = ""
) -> str:
    """The docstring of a function; `line` is statement and answer of what it computes.

    One that stands `beside` the function of the value leaves to that what they have in common.
    """
    problem = program.problem
    returned = " and ".join(_returned(program, axes) for axes in program.axes)
    if beside and line is not None:
        slope = " = ".join(map(text, line))
        both = f"{beside}, and its gradient {slope}; takes what {beside} takes. Returns {returned}."
        return laid_out(both)
    said = []
    if part in ("value", "value and gradient") and text(problem.function) != title:
        said.append(text(problem.function))
    if line is not None:
        said.append(" = ".join(map(text, line)))
    if program.columns:
        said.append("; ".join(map(text, program.results)))
        returned = f"(..., {len(program.results) // program.columns}, {program.columns})"
    stages = ", ".join(_whole(f"{text(s.quantity)} = {text(s.body)}") for s in problem.stages)
    heading = f"{title}, {PARTS[part]}" if PARTS.get(part) else title
    formula = f": {', '.join(said)}" if said else ""
    first = f"{heading}{formula}{f', where {stages}' if stages else ''}."
    given = [_whole(f"{name} {_shape(program, name)}") for name in program.inputs]
    given += [f"{name}, a size" for name in program.given_sizes]
    shapes = (
        f"{'; '.join(given)}.{_compared(program)} Returns {returned}. "
        f"{_whole(f'Raises {_raised(program)}.')}{_singular(program)}"
    )
    return laid_out(f"{first} {shapes}")


def laid_out(*paragraphs: str) -> str:
    """The docstring of a function: paragraphs in lines of 100, the quotes around them counted."""
    first, *others = paragraphs
    quoted = [f"xxx{first}", *others]
    quoted[-1] += "xxx"
    lines = [line for each in quoted for line in textwrap.wrap(each, WIDTH)]
    return "\n    ".join(lines)[3:-3].replace(SPACE, " ")


def _whole(phrase: str) -> str:
    """A phrase that stands in one line."""
    return phrase.replace(" ", SPACE)


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
    labels = ", labels from 0" if name in program.problem.labels else ""
    return f"{_batched(program.shape(name))}{labels}"


def _returned(program: Program, axes: tuple[Symbol, ...]) -> str:
    return _batched([program.problem.ranges[a] for a in axes])


def _batched(sizes: Sequence[Expr]) -> str:
    return _whole(f"({', '.join(('...', *map(str, sizes)))})")


def _raised(program: Program) -> str:
    said = ["TypeError"]
    if any(program.shape(n) for n in program.inputs):
        said.append("ValueError")
    if program.labels:
        said.append("IndexError")
    return ", ".join(said)
