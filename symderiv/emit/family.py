"""The functions that are made of one derivation: value, derivative, both at once, products.

Gives `family`, `answer_program` and `multiplied`.  A product with a matrix of derivatives is
derived from the answer, Σ_j J_ij v_j, by the same rules and before the same judge, so that
p_i (v_i - Σ_j p_j v_j) comes out and no K x K matrix is formed.  J v of f at x takes v of x's whole
shape and has f's; u J the other way round.

Imports program and docstrings; floors 0 to 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

from sympy import Expr, Integer, Symbol

from symderiv.derivation import Derivation
from symderiv.derivation.chain import Chain, Refusal, Stuck
from symderiv.derivation.routes import Route
from symderiv.derivation.textbook import Textbook
from symderiv.emit.docstrings import docstring
from symderiv.emit.labels import labelled
from symderiv.emit.program import Program
from symderiv.records import dataclass
from symderiv.terms import component, summation, times
from symderiv.terms.letters import substitute
from symderiv.terms.problem import Problem
from symderiv.terms.sizes import at_sizes

Result = tuple[Expr, tuple[Symbol, ...]]  # a term, and the letters that index it
Line = tuple[Expr, Expr]  # statement and answer


@dataclass(frozen=True)
class Member:
    """One function of a family: its part ("gradient"), its name and its program."""

    part: str
    program: Program

    @property
    def name(self) -> str:
        return self.program.name


def kind(derivation: Derivation) -> str:
    """What a derivative is called: a gradient is of a number, a Jacobian of an array."""
    problem = derivation.problem
    if derivation.rows:
        return "jacobian" if len(derivation.rows) > 1 else "gradient"
    if len(problem.wrt) > 1:
        return "hessian"
    if problem.axes(problem.function):
        return "jacobian"
    return "gradient" if problem.axes(*problem.wrt) else "derivative"


def family(
    derivation: Derivation,
    name: str,
    *,
    title: str = "",
    called: Callable[[str], str] | None = None,
    route: Route | None = None,
    entries: bool = False,
    short: bool = False,
    answer: Expr | None = None,
) -> Iterator[Member]:
    """The functions of one derivation.

    Parameters
    ----------
    name : of the function itself; the others are name_gradient, name_jvp, …
    called : the name of a part, where it is another
    entries : is there a function of one entry of a matrix?
    short : is a gradient taken from the function that gives the value as well?
    answer : what is computed for the derivation's answer, where it is another term
    """
    title = title or derivation.title or name
    named = called or (lambda part: f"{name}_{part}" if part != "value" else name)
    what = kind(derivation)

    def made(
        part: str,
        problem: Problem,
        *results: Result,
        line: Line | None = None,
        said: str = "",
        extra: tuple[str, ...] = (),
        columns: int = 0,
    ) -> Member:
        terms, axes = zip(*results, strict=True)
        program = Program(named(said or part), problem, terms, axes, extra, columns)
        program.doc = docstring(program, part, title, line)
        return Member(part, program)

    if derivation.rows:
        parts: list[Result] = [(e, ()) for row in derivation.rows for e in row]
        yield made(what, derivation.problem, *parts, columns=len(derivation.rows[0]))
        return
    answer, problem = _chosen(derivation, answer)
    problem = labelled(problem)
    f = problem.function
    own = problem.axes(f)
    axes = problem.axes(f, *problem.wrt)
    line = (derivation.statement, derivation.answer)
    value = made("value", problem, (f, own))
    yield value
    slope, alone = not derivation.fixed and not problem.facts, None
    if what == "gradient":
        both: list[Result] = [(f, own), (answer, axes)]
        together = made("value and gradient", problem, *both, line=line, said="value_and_gradient")
        both_of = together.program
        both_of.slope = slope
        if short:
            alone = both_of.second(named(what))
            if both_of.inputs == value.program.inputs:
                both_of.doc = docstring(both_of, "", title, line, value.name)
    if alone is None:
        alone = made(what, problem, (answer, axes), line=line).program
    alone.slope = slope
    yield Member(what, alone)
    if what == "gradient":
        yield together
    if entries and what in ("jacobian", "hessian") and len(axes) == 2:
        fixed = replace(problem, labels=problem.labels | {a.name for a in axes})
        yield made("entry", fixed, (answer, ()), line=line, said=f"{what}_entry")
    if what == "hessian" and problem.wrt[0].args[:1] != problem.wrt[1].args[:1]:
        return
    if what in ("jacobian", "hessian") and axes != own:
        columns = problem.axes(problem.wrt[-1])
        rows = tuple(a for a in axes if a not in columns)
        textbook = Textbook(problem, route or Route())
        sides = [("jvp" if what == "jacobian" else "hvp", columns, rows, "v")]
        sides += [("vjp", rows, columns, "u")] if what == "jacobian" else []
        terms = (answer, f, *(stage.body for stage in problem.stages))
        taken = {*problem.shapes, *(str(s) for t in terms for s in t.free_symbols)}
        for part, over, kept, wish in sides:
            if over:
                vector = next(wish * n for n in count(1) if wish * n not in taken)
                shapes = {**problem.shapes, vector: tuple(problem.ranges[s] for s in over)}
                whole = replace(problem, shapes=shapes)
                line = multiplied(whole, textbook, answer, over, vector)
                yield made(part, whole, (line[1], kept), line=line, extra=(vector,))


def answer_program(derivation: Derivation, answer: Expr | None = None) -> Program:
    """The program of a derivation's answer alone: any size, batched over leading axes, stable.

    Its arguments are those of the formula in the order in which it mentions them, labels (counted
    from 0) last.
    """
    name = (derivation.name or "f").replace("-", "_")
    name = name if name.isidentifier() else "f"
    what = kind(derivation)
    made = family(
        derivation, "value", called=lambda p: name if p == what else f"{name}_{p}", answer=answer
    )
    return next(m.program for m in made if m.part == what)


def _chosen(derivation: Derivation, answer: Expr | None) -> tuple[Expr, Problem]:
    """Answer and problem with the chosen sizes and labels in place."""
    answer, problem = answer or derivation.answer, derivation.problem
    if not derivation.sizes and not derivation.fixed:
        return answer, problem
    numbers = {s: Integer(n) for s, n in {**derivation.sizes, **derivation.fixed}.items()}
    labels = problem.labels - {s.name for s in derivation.fixed}
    moved = at_sizes(problem, derivation.sizes, derivation.fixed, substitute)
    return substitute(answer, dict(numbers)), replace(moved, labels=labels)


def multiplied(
    problem: Problem, textbook: Textbook, answer: Expr, over: tuple[Symbol, ...], vector: str
) -> tuple[Expr, Expr]:
    """Σ answer·vector over some letters (a plain product over none), as it stands and simplified.

    `problem` has the vector's shape; the answer was derived by `textbook`.
    """
    term: Expr = times(answer, component(vector, *over) if over else Symbol(vector))
    for s in over:
        term = summation(term, s, problem.ranges[s])
    maker = replace(textbook, problem=problem, lemmas={}, _judges={})
    chain = Chain(maker.judge(term), term)
    try:
        maker.simplify(chain)
    except (Stuck, Refusal):
        chain = Chain(maker.judge(term), term)  # as it stands it is right
    return term, chain.line
