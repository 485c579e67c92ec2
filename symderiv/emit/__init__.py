"""NumPy source and functions from derivations.

    numeric_function(derivation)                   a NumPy function of the derivation's answer
    chosen_function("softmax_jacobian", K=3)       straight-line code for one row of a chosen size
    python -m symderiv.emit FILE                   all functions of the catalogue

Floor 4: imports the catalogue, the textbook and the printers; `numeric` when a function is made.
The way of a formula: `catalogue` says what is to be computed, `stable` finds the forms that keep
digits (those of `sums`, `products`, `logarithms`, `norms`, and of what is `vanishing`; `made` is
what they are made of, `identities` what they rest on), `program` writes a function (`calls` if it
is one numerical function, `preamble` what checks its inputs, `logits` whose names it says,
`batches` its sums over a batch, `results` where `out=` goes, `lines` and `names` the source),
`straight` writes one for a chosen size (`floats` its terms, `rows` its softmax), `docstrings`
describes it, `accuracy` holds the bounds that it states, and `module` makes files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from symderiv.mistakes import Mistake, did_you_mean

if TYPE_CHECKING:
    from symderiv.derivation import Derivation

__all__ = ["chosen_function", "numeric_function"]


def numeric_function(derivation: Derivation) -> Callable[..., Any]:
    """A NumPy function of a derivation's answer: any size, batched over leading axes, stable.

    Its arguments are the given arrays of the problem, then scalars, then labels (counted from 0);
    `__source__` holds what was written.

    Raises
    ------
    Mistake
        for names that cannot stand in a program, or a term that has no form in NumPy.
    """
    import numpy as np

    from symderiv import numeric
    from symderiv.emit.catalogue import axes_of
    from symderiv.emit.program import Program

    problem = derivation.problem
    axes = axes_of(problem, (problem.function, *problem.wrt))
    name = (derivation.name or "function").replace("-", "_")
    name = name if name.isidentifier() else "function"
    if derivation.rows:
        entries = tuple(e for row in derivation.rows for e in row)
        columns = len(derivation.rows[0])
        program = Program(name, problem, entries, ((),) * len(entries), columns=columns)
    else:
        sizes = {str(s): n for s, n in derivation.sizes.items()}
        program = Program(name, problem, (derivation.answer,), (axes,), sizes=sizes)
    source = program.source()
    names: dict[str, Any] = {"np": np, "numeric": numeric, "Any": Any}
    exec(compile(source, f"<{program.name}>", "exec"), names)
    made = names[program.name]
    made.__source__ = source
    return cast("Callable[..., Any]", made)


def chosen_function(name: str, **sizes: int) -> Callable[..., Any]:
    """A function of `symderiv.functions` for one row of a chosen size, in Python's own floats.

    Its arguments are the components one after the other, then the labels; `__source__` holds what
    was written.

    Raises
    ------
    Mistake
        for an unknown function, a size that is missing, or what has no straight-line form.
    """
    from symderiv.catalogue import functions
    from symderiv.emit.module import ALIASES, programs
    from symderiv.emit.straight import chosen

    stem = name.replace("-", "_")
    stem = ALIASES.get(stem, stem)
    entries = [f for f in functions().values() if stem.startswith(f.name.replace("-", "_"))]
    made = {w.name: p for w, p in programs(entries)}
    if stem not in made:
        raise Mistake(f"no function '{name}'{did_you_mean(stem, made)}")
    return chosen(made[stem], sizes)
