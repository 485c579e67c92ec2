"""Docstrings of written functions: formula, shapes, errors and accuracy.

Gives `docstring`.  Imports program and catalogue only.
"""

from __future__ import annotations

import textwrap

from symderiv.emit.catalogue import Wanted
from symderiv.emit.preamble import assumed_sums
from symderiv.emit.program import Program

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

# what is stated, and tested, of the arrays that numerical functions make
ACCURACY = {
    "softmax": "within 5 ulp",
    "complement": "within 5 ulp",
    "log_softmax": "within 4 ulp",
    "logsumexp": "within 4 ulp of the larger of |max z| and log K",
    "label_loss": "within 4 ulp",
    "label_gradient": "within 5 ulp",
    "label_loss_and_gradient": "loss within 4 ulp, gradient within 5",
    "target_loss": "within 4 ulp where y is not negative",
    "target_gradient": "within 5 ulp of the larger of p and y",
    "target_loss_and_gradient": "loss within 4 ulp, gradient within 5 of the larger of p and y",
    "jacobian": "diagonal within 5 ulp, the rest within 9",
    "jacobian_entry": "within 5 ulp on the diagonal, 9 elsewhere",
    "log_jacobian": "within 5 ulp",
    "jacobian_diagonal": "within 5 ulp",
    "jacobian_product": (
        "within 8 ulp of p_i (|w_i| + Σ_j p_j |w_j|), w = v - v_m where a p_m > 1/2, else v"
    ),
    "log_jacobian_product": (
        "within 8 ulp of |w_i| + Σ_j p_j |w_j|, w = v - v_m where a p_m > 1/2, else v"
    ),
    "log_jacobian_transposed_product": (
        "within 8 ulp of |u_j| Σ_{k≠j} p_k + p_j Σ_{i≠j} |u_i| where p_j > 1/2, and of "
        "|u_j| + p_j Σ_i |u_i| elsewhere"
    ),
    "weighted": "within 6 ulp",
    "log_complement": "within 8 ulp",
    "label_odds_gradient": "within 5 ulp",
    "odds_jacobian": "within 8 ulp",
    "centred": "within 4 ulp of the largest entry",
    "sigmoid": "within 4 ulp",
    "softplus": "within 4 ulp",
    "log_sigmoid": "within 4 ulp",
}

# and of functions that are more than one of those, held to it by `symderiv verify` all the same
OF_FUNCTIONS = {
    "cross_entropy_logits_batch": "each row within 4 ulp, then added up",
    "cross_entropy_logits_batch_mean": "each row within 4 ulp, then averaged",
    "cross_entropy_logits_batch_mean_gradient": "within 6 ulp",
    "gelu": "within 4 ulp of (1 + x²) (Φ(x) + |x| φ(x))",
    "gelu_derivative": "within 4 ulp of (1 + x²) (Φ(x) + |x| φ(x))",
    "log_cosh": "within 8 ulp",
    "log_cosh_derivative": "within 4 ulp",
    "log_sigmoid_derivative": "within 4 ulp",
    "logsumexp_gradient": "within 5 ulp",
    "policy_gradient": "within 4 ulp",
    "policy_gradient_gradient": "within 5 ulp",
    "relu": "exact",
    "relu_derivative": "exact",
    "sigmoid_derivative": "within 8 ulp",
    "sigmoid_hessian": "within 8 ulp",
    "silu": "within 4 ulp of (1 + |x|) s",
    "silu_derivative": "within 4 ulp of (1 + |x|) s",
    "tanh": "within 4 ulp",
    "tanh_derivative": "within 8 ulp",
    "tanh_hessian": "within 8 ulp",
}
OTHERWISE = "that of its operations: within 4 ulp of what their roundings add up to, on short axes"


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
    own = OF_FUNCTIONS.get(wanted.name, OTHERWISE) if verified else "that of its operations"
    stated = ACCURACY.get(program.call or "", own)
    lines += textwrap.wrap(f"Accuracy: {stated}.", WIDTH)
    lines += textwrap.wrap(raised(program, wanted), WIDTH)
    return "\n".join(lines)


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
