"""Source: self-contained files, of the catalogue's functions and of a derivation.

Gives `catalogue_source`, `derivation_source` and `derivation_function`.  What is written is run
first, and held against exact values; a file or a function whose numbers are off is not handed out.
One for other arrays than NumPy's is written from what was tried, which is tried once for all.

Floor 5: imports emit, verification and the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property, lru_cache
from typing import Any

from sympy import Indexed

from symderiv.catalogue.names import named
from symderiv.derivation import Derivation
from symderiv.derivation.network import Backpropagation
from symderiv.documents.notated import called, unnamed
from symderiv.emit.catalogue import members
from symderiv.emit.docstrings import laid_out
from symderiv.emit.family import Member, answer_program, family, kind
from symderiv.emit.module import callable_of, file_of, functions_of
from symderiv.emit.program import Program
from symderiv.emit.targets import Target, target_named
from symderiv.emit.translation.slopes import Slopes, slopes
from symderiv.emit.translation.written import callable_for, file_for
from symderiv.mistakes import DASH, Mistake, did_you_mean
from symderiv.printers.text import text
from symderiv.programs import compiled, derivative_source
from symderiv.records import dataclass
from symderiv.verification.smoothing import smoothed
from symderiv.verification.tried import Inaccurate, Trial, check

__all__ = ["Inaccurate", "catalogue_source", "derivation_function", "derivation_source"]


def catalogue_source(names: Sequence[str], only: Sequence[str] = (), target: str = "numpy") -> str:
    """A file with functions of the catalogue, that imports NumPy, or its target, alone.

    Parameters
    ----------
    only : the parts wanted, "gradient", "hessian", …; all where none is named
    target : for which arrays, a name of `symderiv.emit.targets`

    Raises
    ------
    Mistake
        for an unknown function, part or target.
    """
    written_for = target_named(target)
    return _of_catalogue(tuple(names), tuple(only)).file(written_for)


@lru_cache(maxsize=1)  # one target is asked for after another
def _of_catalogue(names: Sequence[str], only: Sequence[str]) -> _Functions:
    entries = [named(name) for name in names]
    made = [m for entry in entries for m in members(entry)]
    parts = dict.fromkeys(name for m in made for name in (m.part, m.name))
    for part in only:
        if part not in parts:
            known = list(dict.fromkeys(m.part for m in made))
            hint = did_you_mean(part, known)
            raise Mistake(f"{DASH}only {part}: no {part} of {', '.join(names)}{hint}")
    chosen = [m for m in made if not only or m.part in only or m.name in only]
    return _Functions(chosen, "; ".join(e.title for e in entries))


def derivation_source(derivation: Derivation, target: str = "numpy") -> str:
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
    written_for = target_named(target)
    derivation.trusted()
    staged = _staged(derivation)
    if staged is not None:
        return derivative_source(staged[0], _name(derivation), staged[1], target)
    return _of_derivation(derivation).file(written_for)


@lru_cache(maxsize=1)
def _of_derivation(derivation: Derivation) -> _Functions:
    answer, where = smoothed(derivation)
    made = family(derivation, _name(derivation), short=True, answer=answer)
    smooth = [replace(m, program=_smooth(m.program, where)) for m in made]
    return _Functions(smooth, text(derivation.problem.function))


def derivation_function(derivation: Derivation, target: str = "numpy") -> Callable[..., Any]:
    """A function of a derivation's answer, to call; `__source__` holds what was written.

    Raises
    ------
    Mistake, Inaccurate, Unanswered
        as `derivation_source` does.
    """
    written_for = target_named(target)
    derivation.trusted()
    if _staged(derivation) is not None:
        written = derivation_source(derivation, target)
        return compiled(written, f"{_name(derivation)}_{kind(derivation)}")
    program = _of_answer(derivation)
    return callable_of(program) if written_for.module == "np" else callable_for(program, target)


@lru_cache(maxsize=1)  # one target is asked for after another
def _of_answer(derivation: Derivation) -> Program:
    answer, where = smoothed(derivation)
    program = _smooth(answer_program(derivation, answer), where)
    return _noted(program, *check(callable_of(program), program))


def _staged(derivation: Derivation) -> tuple[Backpropagation, tuple[int | None, ...]] | None:
    """The network of a derivative by stages, and where it is taken; None where it is another.

    Raises
    ------
    Mistake
        for a part of an array that is no row, no column and no entry, of a recurrence.
    """
    if derivation.through is None:
        return None
    problem, (variable,) = derivation.problem, derivation.problem.wrt
    indices = variable.args[1:] if isinstance(variable, Indexed) else ()
    letters = {i for i in indices if i in problem.ranges and str(i) not in problem.labels}
    if len(letters) + sum(i.is_Integer for i in indices) == len(indices):
        return derivation.through, tuple(int(i) if i.is_Integer else None for i in indices)
    if problem.delays:
        raise Mistake(
            f"no function is made of the derivative by {text(variable)} alone; "
            "differentiate by the whole array"
        )
    return None


@dataclass(frozen=True, eq=False)
class _Functions:
    """The functions of a file, which are tried once for all targets that it is written for."""

    members: Sequence[Member]
    about: str
    trial: Trial = field(default_factory=Trial)

    def file(self, target: Target) -> str:
        """The file for a target's arrays."""
        written, programs = self.tried
        if target.module == "np":
            return written
        told = {} if target.differentiable is None else self.slopes(target)
        noted = [_noted(p, *told[p.name][1]) if p.name in told else p for p in programs]
        known = {name: made for name, (made, _) in told.items()}
        return file_for(noted, known, self.said(target.title), target)

    def said(self, title: str) -> str:
        return f"{self.about}: {title} functions, made by symderiv from derived formulas."

    @cached_property
    def tried(self) -> tuple[str, Sequence[Program]]:
        """The file for NumPy, each of its functions held against its formula, and their programs.

        A docstring says what came of it.
        """
        said = self.said(target_named("numpy").title)
        programs = [m.program for m in self.members]
        written = file_of(programs, said)
        functions = functions_of(written)
        noted = [
            p if p.through is not None else _noted(p, *check(functions[p.name], p, self.trial))
            for p in programs
        ]
        return written if noted == programs else file_of(noted, said), noted

    def slopes(self, target: Target) -> Mapping[str, tuple[Slopes, list[str]]]:
        """The derivatives that autograd takes from a file, held against their formulas too.

        Beside them is what came of it, for the docstring of the function that is differentiated.
        """
        told = {}
        for value in (m.program for m in self.members if m.part == "value"):
            made = slopes(value, reverse=target.reverse, settled=lambda d: smoothed(d)[0])
            sentences = check(callable_of(made.program), made.program, self.trial, slopes=True)
            told[value.name] = made, [f"Through autograd: {s[0].lower()}{s[1:]}" for s in sentences]
        return told


def _smooth(program: Program, where: str) -> Program:
    """The docstring of a derivative says where it is more than its formula."""
    derived = where and (program.slope or len(program.results) > 1) and program.through is None
    said = f"At {where}, where kinks of its terms cancel, it is the slope of the function."
    return _noted(program, said) if derived else program


def _noted(program: Program, *sentences: str) -> Program:
    """The program with more sentences in its docstring."""
    for sentence in sentences:
        program = program.documented(laid_out(*program.doc.split("\n    "), sentence))
    return program


def _name(derivation: Derivation) -> str:
    """The name of the function: of the last part where that names one, or of the catalogue."""
    if derivation.name:
        return derivation.name.rsplit("-", 1)[0].replace("-", "_")
    last = re.split(r"[;\n]", derivation.problem.text.strip().rstrip(";"))[-1]
    found = re.match(r"\s*([A-Za-z]\w*)(?:\[[^\]]*\])?\s*=(?!=)", last)
    if found:
        return found[1]
    given = isinstance(derivation.problem.function, Indexed)
    return unnamed(derivation) if given else called(derivation)
