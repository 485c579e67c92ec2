"""Notated: an equation between whole arrays, as a page shows it.

Gives `Notated`, a term that every printer spells in its own target's matrix notation, and
`in_matrices`, `in_einsum` and `lines_in_matrices`, the remarks on an answer and on the lines of a
network that have such forms.

Floor 4: imports matrices, blocks and the derivation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from sympy import Eq, Indexed, Symbol, Tuple
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from symderiv import catalogue, late
from symderiv.derivation import Derivation
from symderiv.documents.blocks import Remarks, Sentence
from symderiv.printers.faces import Drawn
from symderiv.printers.latex import LatexPrinter, RestyledPrinter
from symderiv.terms import Quantity
from symderiv.terms.letters import all_letters
from symderiv.terms.problem import name_of

if TYPE_CHECKING:
    from symderiv.derivation.network import Adjoint, Backpropagation
    from symderiv.matrices import Form, form, page
    from symderiv.matrices.expression import Whole
    from symderiv.printers import mathml
else:
    form = late.module("symderiv.matrices.form")
    page = late.module("symderiv.matrices.page")
    mathml = late.module("symderiv.printers.mathml")

NUMBERS, ARRAYS = ("L", "f", "J", "F", "L0"), ("f", "F", "g", "G", "f0")  # what has no name


class Notated(Basic):
    """One line, spelled for each target; the printers take theirs from `args`, by TARGETS.

    After those come, for each LaTeX, the ways to part it where it may be broken.
    """

    TARGETS = ("text", "latex", "typst", "ascii", "mathml", "restyled")
    PARTED = ("latex", "restyled")

    def __new__(cls, spelled: Sequence[str], parted: Sequence[Sequence[Sequence[str]]]) -> Notated:
        ways = [Tuple(*(Tuple(*map(Str, way)) for way in ways)) for ways in parted]
        return cast("Notated", super().__new__(cls, *map(Str, spelled), *ways))

    def ways(self, *, restyled: bool) -> list[list[str]]:
        """The LaTeX in parts, in more and more of them."""
        return [[str(part) for part in way.args] for way in self.args[-1 if restyled else -2].args]


def in_matrices(derivation: Derivation, drawn: Drawn) -> Remarks | None:
    """The answer in matrix notation, with what the layout is; None where it has no such form."""
    found = form.matrix_form(derivation, catalogue.library())
    if found is None or found.rank == 0:
        return None
    left, said = _left(derivation, drawn)
    equation = _equation(left, found.whole, drawn)
    return Remarks("In matrix notation", ((equation, *said),))


def _equation(left: Mapping[str, str], whole: Whole, drawn: Drawn) -> Notated:
    """What is spelled already, and an expression that it is equal to."""
    equals = {"mathml": mathml.MathmlPrinter.RELATIONS["Equality"]}
    return Notated(
        [left[t] + equals.get(t, " = ") + page.spelled(whole, t, drawn) for t in Notated.TARGETS],
        [
            [[f"{left[t]} = {first}", *rest] for first, *rest in page.pieces(whole, t, drawn)]
            for t in Notated.PARTED
        ],
    )


def in_einsum(derivation: Derivation) -> Remarks | None:
    """The answer as NumPy's einsum; None where it has no such form."""
    found = form.einsum_form(derivation, catalogue.library())
    return None if found is None else Remarks("As NumPy's einsum", ((found,),))


def lines_in_matrices(made: Backpropagation, forms: Mapping[str, Form], drawn: Drawn) -> Remarks:
    """The adjoints and gradients of a network that have a matrix form, in the order of the page."""
    loss = made.network.loss.definition.quantity.symbol
    picked = {d.quantity: d.body for form in forms.values() for d in form.picked}
    found: list[Sentence] = [(Eq(q, body, evaluate=False),) for q, body in picked.items()]
    for lines in (made.adjoints, made.gradients):
        for name, line in lines.items():
            if name not in forms or (lines is made.adjoints and name in made.gradients):
                continue
            gradient = lines is made.gradients
            left = {t: _line_left(t, loss, line, gradient, drawn) for t in Notated.TARGETS}
            found.append((_equation(left, forms[name].whole, drawn),))
    return Remarks("In matrix notation", tuple(found))


def _line_left(target: str, loss: Symbol, line: Adjoint, gradient: bool, drawn: Drawn) -> str:
    """An adjoint by its name, a gradient as a derivative of the loss."""
    if gradient:
        return _derivative(target, loss, [Symbol(line.of)], drawn)
    return page.named(line.quantity.symbol, target, drawn)


def _left(derivation: Derivation, drawn: Drawn) -> tuple[dict[str, str], Sentence]:
    """The derivative of the function by its variable, in whole arrays, and its layout."""
    function, variables = derivation.problem.function, derivation.problem.wrt
    named, vector = isinstance(function, Quantity | Indexed), _is_array(derivation)
    one, by = Symbol(called(derivation)), [Symbol(name_of(x)) for x in variables]
    left = {target: _derivative(target, one, by, drawn) for target in page.SIGNS}
    said: list[str | Basic] = [] if named else [", where ", one, " is the function"]
    if len(by) == 1 and not vector:
        said += ["; it has the shape of ", by[0]]
    elif len(by) == 1:
        said += ["; its rows are those of ", one]
    return left, tuple(said)


def called(derivation: Derivation) -> str:
    """What the function is called that is differentiated: by its own name, or one that is free."""
    function = derivation.problem.function
    return name_of(function) if isinstance(function, Quantity | Indexed) else unnamed(derivation)


def unnamed(derivation: Derivation) -> str:
    """A name for the function that nothing else in the problem has."""
    problem = derivation.problem
    terms = (problem.function, *problem.wrt, *(s.body for s in problem.stages))
    taken = {*problem.shapes, *(s.name for t in terms for s in all_letters(t))}
    return next(n for n in (ARRAYS if _is_array(derivation) else NUMBERS) if n not in taken)


def _is_array(derivation: Derivation) -> bool:
    """Is the function an array, by its own indices?"""
    function, variables = derivation.problem.function, derivation.problem.wrt
    if isinstance(function, Quantity | Indexed):
        return len(function.args) > 1
    return bool({*derivation.axes} - {i for x in variables for i in x.args[1:]})


def _derivative(target: str, function: Symbol, by: list[Symbol], drawn: Drawn) -> str:
    order = len(by)
    if target == "mathml":
        printer = mathml.MathmlPrinter(drawn=drawn)
        return printer.derivative(printer.spelled(function), by)
    one, *others = (page.named(s, target, drawn) for s in (function, *by))
    if target in ("text", "ascii"):
        d = "d" if target == "ascii" else "∂"
        raised = {1: "", 2: "^2" if target == "ascii" else "²"}.get(order, f"^{order}")
        return f"{d}{raised}{one}/{' '.join(d + s for s in others)}"
    raised = f"^{order}" if order > 1 else ""
    if target in Notated.PARTED:
        d = (RestyledPrinter if target == "restyled" else LatexPrinter).PARTIAL
        below = r" \, ".join(f"{d} {s}" for s in others)
        return rf"\frac{{{d}{raised} {one}}}{{{below}}}"
    below = " ".join(f"partial {s}" for s in others)
    return f"(partial{raised} {one})/({below})"
