"""Source: self-contained NumPy files, of the catalogue's functions and of a derivation.

Gives `catalogue_source` and `derivation_source`.  What is written is run first, and held against
exact values; a file whose numbers are off is not handed out.

Floor 5: imports emit, verification and the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from symderiv.catalogue.names import named
from symderiv.derivation import Derivation
from symderiv.emit.catalogue import members
from symderiv.emit.family import Member, family
from symderiv.emit.module import callable_of, file_of
from symderiv.emit.program import Program
from symderiv.mistakes import Mistake, did_you_mean
from symderiv.printers.text import text
from symderiv.terms.derived import derived
from symderiv.verification.tried import Inaccurate, check

__all__ = ["Inaccurate", "catalogue_source", "derivation_source"]


def catalogue_source(names: Sequence[str], only: Sequence[str] = ()) -> str:
    """A file with functions of the catalogue, that imports NumPy alone.

    Parameters
    ----------
    only : the parts wanted, "gradient", "hessian", …; all where none is named

    Raises
    ------
    Mistake
        for an unknown function or part.
    """
    entries = [named(name) for name in names]
    made = [m for entry in entries for m in members(entry)]
    parts = dict.fromkeys(name for m in made for name in (m.part, m.name))
    for part in only:
        if part not in parts:
            known = list(dict.fromkeys(m.part for m in made))
            hint = did_you_mean(part, known)
            raise Mistake(f"--only {part}: no {part} of {', '.join(names)}{hint}")
    chosen = [m for m in made if not only or m.part in only or m.name in only]
    return _file(chosen, "; ".join(e.title for e in entries))


def derivation_source(derivation: Derivation) -> str:
    """A file with the function of a derivation, its derivative, both at once, and products.

    Raises
    ------
    Mistake
        for names that cannot stand in a program, or a term that has no form in NumPy.
    Inaccurate
        where a function does not give the formula's values; nothing is handed out then.
    Unanswered
        where a line of the derivation is not proved.
    """
    if any(derived(array) is not None for array in derivation.problem.shapes):
        raise Mistake(
            "--emit: inverses and determinants are not written as functions; "
            "--format json has the answer in matrix notation, as NumPy"
        )
    derivation.trusted()
    name = _name(derivation)
    return _file(list(family(derivation, name, short=True)), text(derivation.problem.function))


def _file(made: Sequence[Member], about: str) -> str:
    programs = [_tried(m.program) for m in made]
    said = f"{about}: NumPy functions, made by symderiv from derived formulas."
    return file_of(programs, said)


def _tried(program: Program) -> Program:
    """The program, held against its formula; its docstring says where that has no value."""
    if program.through is not None:
        return program
    without = check(callable_of(program), program)
    if not without:
        return program
    doc = program.doc.rstrip()
    return replace(program, doc=f"{doc}\n    The formula has no value at {without}.\n    ")


def _name(derivation: Derivation) -> str:
    """The name of the function: of the last part where that names one, or of the catalogue."""
    if derivation.name:
        return derivation.name.rsplit("-", 1)[0].replace("-", "_")
    last = re.split(r"[;\n]", derivation.problem.text.strip().rstrip(";"))[-1]
    found = re.match(r"\s*([A-Za-z]\w*)(?:\[[^\]]*\])?\s*=(?!=)", last)
    return found[1] if found else "f" if derivation.axes else "L"
