"""The functions of the catalogue: what is to be computed for each entry, from its derivations.

Gives `Wanted` (a function to be written), `wanted` (all of one entry) and `derived` (a derivation
with the textbook that made it).  For an entry with a matrix as derivative the products with a
vector are derived too, from the answer: Σ_j J_ij v_j goes through the same rules and the same
judge, so that p_i(v_i - Σ_j p_j v_j) comes out and no K x K matrix is formed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from sympy import Expr, Indexed, Symbol

from symderiv.catalogue import Derivative, Function, library
from symderiv.derivation import Derivation
from symderiv.derivation.chain import Chain
from symderiv.derivation.routes import ROUTES
from symderiv.derivation.textbook import Textbook
from symderiv.emit.program import Program
from symderiv.printers.text import text
from symderiv.reader import read
from symderiv.terms import Quantity, component, subterms, summation, times
from symderiv.terms.aliases import without_aliases
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Problem


@dataclass(frozen=True)
class Wanted:
    """A function to be written: its part ("gradient"), its terms, their axes, and what they say."""

    name: str
    part: str
    title: str
    problem: Problem
    results: tuple[Expr, ...]
    axes: tuple[tuple[Symbol, ...], ...]
    formula: str
    columns: int = 0  # of a matrix whose entries, row by row, are the results


def axes_of(problem: Problem, terms: tuple[Expr, ...]) -> tuple[Symbol, ...]:
    """The letters of terms in the order in which they are written, as the axes of a result."""
    found: dict[Symbol, None] = {}
    for term in terms:
        free = free_letters(term)
        for t in subterms(term):
            if isinstance(t, Indexed | Quantity):
                for a in t.args[1:]:
                    if isinstance(a, Symbol) and a in free and a in problem.ranges:
                        found.setdefault(a)
        for a in sorted(free & set(problem.ranges), key=str):
            found.setdefault(a)
    return tuple(a for a in found if a.name not in problem.labels)


def derived(function: Function, derivative: Derivative) -> tuple[Derivation, Textbook]:
    """The derivation of one derivative of an entry, by the entry's usual route."""
    define = cast(str, function.define)
    read_as = read(define, wrt=derivative.wrt, assume=function.assume, library=library())
    problem = without_aliases(read_as)
    textbook = Textbook(problem, ROUTES[function.routes[0]])
    return textbook.derive(function.named(derivative), function.title), textbook


def wanted(function: Function) -> Iterator[Wanted]:
    """What is to be written for one entry: value, derivatives, both in one pass, products."""
    if not isinstance(function.define, str):
        yield from _vector(function)
        return
    stem = function.name.replace("-", "_")
    value: Wanted | None = None
    for derivative in function.derivatives:
        if not derivative.holds:
            continue
        derivation, textbook = derived(function, derivative)
        problem = derivation.problem
        of_value = axes_of(problem, (problem.function,))
        if value is None:
            value = Wanted(
                stem, "value", function.title, problem, (problem.function,), (of_value,),
                text(problem.function),
            )  # fmt: skip
            yield value
        name = function.named(derivative).replace("-", "_")
        axes = axes_of(problem, (problem.function, *derivation.problem.wrt))
        line = f"{text(derivation.statement)} = {text(derivation.answer)}"
        yield Wanted(
            name, derivative.kind, function.title, problem, (derivation.answer,), (axes,), line
        )
        if derivative.kind == "gradient" and not of_value:
            yield Wanted(
                f"{stem}_and_{name.removeprefix(f'{stem}_')}", "value and gradient", function.title,
                problem, (problem.function, derivation.answer), ((), axes),
                f"{text(problem.function)}, and {line}",
            )  # fmt: skip
        if derivative.kind in ("jacobian", "hessian") and len(axes) == 2:
            entry = Wanted(
                f"{name}_entry",
                "entry",
                function.title,
                problem,
                (derivation.answer,),
                (axes,),
                line,
            )
            if Program(entry.name, problem, entry.results, entry.axes, entry=True).whole:
                yield entry
            yield from _products(stem, derivative.kind, function, derivation, textbook, axes)


def _vector(function: Function) -> Iterator[Wanted]:
    """The matrix of derivatives of several functions by several variables."""
    for derivative in function.derivatives:
        entries: list[Expr] = []
        problem: Problem | None = None
        for define in function.define:
            for x in derivative.wrt:
                read_one = read(define, wrt=(x,), assume=function.assume, library=library())
                made = Textbook(read_one, ROUTES[function.routes[0]]).derive()
                problem = problem or made.problem
                entries.append(made.answer)
        if problem is not None:
            yield Wanted(
                function.named(derivative).replace("-", "_"), derivative.kind, function.title,
                problem, tuple(entries), ((),) * len(entries),
                "; ".join(text(e) for e in entries), len(derivative.wrt),
            )  # fmt: skip


def _products(
    stem: str,
    kind: str,
    function: Function,
    derivation: Derivation,
    textbook: Textbook,
    axes: tuple[Symbol, ...],
) -> Iterator[Wanted]:
    i, j = axes
    sides = (("jvp", j, "v"), ("vjp", i, "u")) if kind == "jacobian" else (("hvp", j, "v"),)
    for suffix, over, wish in sides:
        problem = derivation.problem
        vector = next(n for n in (wish, wish * 2, wish * 3) if n not in problem.shapes)
        size = problem.ranges[over]
        kept = i if over == j else j
        problem = replace(problem, shapes={**problem.shapes, vector: (size,)})
        term = summation(times(derivation.answer, component(vector, over)), over, size)
        maker = replace(textbook, problem=problem, lemmas={}, _sums={}, _judges={})
        chain = Chain(maker.judge(term), term)
        maker.simplify(chain)
        product = f"Σ_{over} {text(derivation.statement)} {text(component(vector, over))}"
        yield Wanted(
            f"{stem}_{suffix}", suffix, function.title, problem, (chain.line,), ((kept,),),
            f"{product} = {text(chain.line)}",
        )  # fmt: skip
