"""Exceptions of a catalogue entry: where a derivative does not exist, found and never typed.

Gives `exceptions`.  This, unlike the rest of the catalogue, needs SymPy.

Floor 3: imports the reader, the textbook and the printers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from symderiv.catalogue import library
from symderiv.derivation.textbook import Textbook
from symderiv.derivation.undefined import conventions
from symderiv.printers.text import text
from symderiv.reader import read, read_claim


def exceptions(
    formulas: Sequence[str],
    wrt: Sequence[str],
    closed_forms: Sequence[str],
    assume: Sequence[str] = (),
) -> tuple[str, ...]:
    """Where the derivatives of the formulas do not exist, each place a line of text.

    Parameters
    ----------
    formulas : one, or those of a vector of functions
    wrt : the variables, one after the other (of a vector of functions: the columns)
    closed_forms : the derivative, or those of a vector of functions, row by row
    """
    if len(closed_forms) == 1:
        columns = [(formulas[0], tuple(wrt))]
    else:
        columns = [(formula, (x,)) for formula, x in product(formulas, wrt)]
    found: dict[str, None] = {}
    for (formula, variables), closed_form in zip(columns, closed_forms, strict=True):
        problem = read(formula, wrt=variables, assume=assume, library=library())
        textbook = Textbook(problem)
        if len(variables) == 1:
            answer = read_claim(closed_form, problem)
            f, (x,) = problem.function, problem.wrt
            places = tuple(conventions(problem, textbook.judge, f, x, answer))
        else:
            places = textbook.derive().exceptions
        for place in places:
            found["".join(p if isinstance(p, str) else text(p) for p in place)] = None
    return tuple(found)
