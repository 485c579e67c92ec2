"""Source: self-contained NumPy files, of the catalogue's functions and of a formula of one's own.

Gives `catalogue_source` and `formula_source`.  What is written of a formula is run first, and held
against mpmath; a file whose numbers are off is not handed out.

Floor 5: imports emit, verification and the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import mpmath
import numpy as np

from symderiv import catalogue
from symderiv.catalogue import Derivative, Function
from symderiv.catalogue.names import named
from symderiv.emit.catalogue import Wanted
from symderiv.emit.module import programs, standalone
from symderiv.emit.program import Hostile, Program
from symderiv.emit.straight import sizes_of, straight_file, straight_line
from symderiv.mistakes import Mistake, Unanswered, did_you_mean
from symderiv.printers.numpy import Unprintable
from symderiv.reader import read
from symderiv.terms.derived import derived
from symderiv.verification.exact import DIGITS
from symderiv.verification.formulas import exact_results, inputs

BOUND = 64.0  # ulp of the largest entry of a result
POINTS = 3


class Inaccurate(Unanswered):
    """Source whose values are not those of the formula; it is not written."""

    lead = ""


def catalogue_source(names: Sequence[str], only: Sequence[str] = (), k: int | None = None) -> str:
    """A file with functions of the catalogue, that imports NumPy alone.

    Parameters
    ----------
    only : the parts wanted, "gradient", "hessian", …; all where none is named
    k : a size to write straight-line functions of floats for, which import `math` alone

    Raises
    ------
    Mistake
        for an unknown function or part; for a function that has no straight-line form.
    """
    entries = [named(name) for name in names]
    made = list(programs(entries))
    parts = dict.fromkeys(name for w, _ in made for name in (w.part, w.name))
    for part in only:
        if part not in parts:
            known = list(dict.fromkeys(w.part for w, _ in made))
            hint = did_you_mean(part, known)
            raise Mistake(f"--only {part}: no {part} of {', '.join(names)}{hint}")
    chosen = [p for w, p in made if not only or w.part in only or w.name in only]
    titles = [e.title for e in entries]
    if k is not None:
        return _at_size(chosen, k, titles)
    return standalone([p.source() for p in chosen], _about(titles))


def _at_size(chosen: Sequence[Program], k: int, titles: Sequence[str]) -> str:
    """A file of straight-line functions, for the size K or the only one that there is."""
    written = []
    for program in chosen:
        names = sorted(map(str, sizes_of(program.problem)))
        size = names[0] if len(names) == 1 else "K"
        try:
            written.append(straight_line(program, {size: k}))
        except Unprintable as error:
            raise Mistake(f"--k {k}: {error}") from error
    return straight_file(written, _about(titles, "functions of floats"))


def formula_source(text: str, wrt: Sequence[str], assume: Sequence[str]) -> str:
    """A file with a function in the formula language and its derivative.

    Raises
    ------
    Mistake
        for names that cannot stand in a program.
    Inaccurate
        where the functions do not give the formula's values; nothing is handed out then.
    """
    problem = read(text, wrt=tuple(wrt), assume=tuple(assume), library=catalogue.library())
    if any(derived(array) is not None for array in problem.shapes):
        raise Mistake(
            "--emit: inverses and determinants are not written as functions; "
            "--format json has the answer in matrix notation, as NumPy"
        )
    kind = _kind(len(wrt), indexed=bool(problem.wrt[0].args), letters=len(problem.ranges))
    name = _name(text)
    entry = Function(
        name=name,
        title=name,
        define=text,
        derivatives=(Derivative(kind, tuple(wrt), ""),),
        assume=tuple(assume),
    )
    try:
        made = list(programs([entry]))
        source = standalone([p.source() for _, p in made], _about([" ".join(text.split())]))
    except Hostile as error:
        raise Mistake(f"--emit: {error}") from error
    _check(source, made)
    return source


def _about(titles: Iterable[str], what: str = "NumPy functions") -> str:
    said = f"{'; '.join(titles)}: {what}, made by symderiv from derived formulas."
    return said.replace('"""', "'''").replace("\\", "/")


def _kind(variables: int, *, indexed: bool, letters: int) -> str:
    if variables > 1:
        return "hessian"
    if not indexed:
        return "derivative"
    return "gradient" if letters <= 1 else "jacobian"


def _name(text: str) -> str:
    """The name of the function: of the last stage where the last part names one."""
    last = re.split(r"[;\n]", text.strip().rstrip(";"))[-1]
    found = re.match(r"\s*([A-Za-z]\w*)(?:\[[^\]]*\])?\s*=(?!=)", last)
    return found[1] if found else "function"


def _check(source: str, made: Sequence[tuple[Wanted, Program]]) -> None:
    """Run the source, and hold every function against its formula by mpmath.

    The source is our own, made from names that were checked; nothing of the user's is run.
    """
    functions: dict[str, Any] = {"__name__": "emitted"}
    exec(compile(source, "<emitted>", "exec"), functions)
    with mpmath.workdps(DIGITS), np.errstate(all="ignore"):
        for wanted, program in made:
            for seed in range(POINTS):
                _compare(functions[wanted.name], wanted.name, program, seed)


def _compare(function: Any, name: str, program: Program, seed: int) -> None:
    given = inputs(program, np.random.default_rng(seed))
    found = function(**given, **({"i": 0, "j": 1} if program.entry else {}))
    results = found if isinstance(found, tuple) else (found,)
    for value, exact in zip(results, exact_results(program, given), strict=True):
        exact = exact[0, 1] if program.entry else exact
        far = float(np.abs(np.asarray(value) - exact).max(initial=0))
        if not far <= BOUND * float(np.spacing(np.abs(exact).max(initial=1e-300))):
            raise Inaccurate(f"{name} is off by {far:.3g} from its formula; nothing was written")
