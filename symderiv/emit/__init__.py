"""Programs from derivations: NumPy functions and files of them.

    numeric_function(derivation)       a NumPy function of the derivation's answer
    family(derivation, "L")            value, derivative, both at once, products with a vector
    file_of(programs, about)           a file that imports NumPy alone
    python -m symderiv.emit FILE       all functions of the catalogue

Floor 4: imports floors 0 to 3, and atoms.  The way of a formula: `family` says which functions a
derivation gives, `program` makes one: `lower` turns its terms into a `graph` (with `components`
and `indices` for subscripts, `shifts` for exponentials, `norms` for sums of squares, `series`,
`excluded` and `laws` for what loses digits, loops of recurrences as nodes), `writer`
turns the graph into Python's `ast` (with `spelling` and `contracting`), `docstrings` describes it,
and `module` makes files, the one place where a tree is printed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symderiv.derivation import Derivation

__all__ = ["numeric_function"]


def numeric_function(derivation: Derivation, target: str = "numpy") -> Callable[..., Any]:
    """A function of a derivation's answer: any size, batched over leading axes, stable.

    Its arguments are those of the formula in the order in which it mentions them, labels (counted
    from 0) last; `__source__` holds what was written.

    Raises
    ------
    Mistake
        for names that cannot stand in a program, or a term that has no form in NumPy or the target.
    """
    from symderiv.emit.family import family, kind
    from symderiv.emit.module import callable_of
    from symderiv.emit.translation.written import callable_for

    name = (derivation.name or "f").replace("-", "_")
    name = name if name.isidentifier() else "f"
    what = kind(derivation)
    members = family(derivation, "value", called=lambda p: name if p == what else f"{name}_{p}")
    program = next(m.program for m in members if m.part == what)
    return callable_of(program) if target == "numpy" else callable_for(program, target)
