"""Derived: a problem and a request to a derivation.

Gives `derived`: for every size, for a chosen one, or one entry; by a route; with other symbols;
with a claim decided; and `matrix_derived`, several functions by several scalars.

Floor 5: imports the reader, the derivations, renaming, and the request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

from symderiv import catalogue, late, reader
from symderiv.derivation import Case, Claim, Derivation
from symderiv.derivation.chain import Stuck
from symderiv.derivation.entries import at_size, entry, free_axes, with_cases
from symderiv.derivation.routes import ROUTES, Route
from symderiv.derivation.textbook import Textbook
from symderiv.face.request import Request
from symderiv.face.staging import in_adjoints
from symderiv.mistakes import DASH, Mistake, Unanswered, did_you_mean
from symderiv.patience import limited
from symderiv.terms import D
from symderiv.terms.aliases import without_aliases
from symderiv.terms.letters import substitute
from symderiv.terms.problem import Problem
from symderiv.terms.renaming import parted, renamed
from symderiv.terms.sizes import at_sizes, written_out
from symderiv.terms.verdict import LEAVES, OUTSIDE, Strength

if TYPE_CHECKING:
    from symderiv.checking import facts, mends
    from symderiv.derivation import accepted
    from symderiv.face import staged
else:
    accepted = late.module("symderiv.derivation.accepted")
    facts = late.module("symderiv.checking.facts")
    mends = late.module("symderiv.checking.mends")
    staged = late.module("symderiv.face.staged")

ADVICE = 10.0  # seconds, after which what a refuted claim lacks is let go; it takes one or two


def derived(problem: Problem, request: Request) -> Derivation:
    """The derivation that is asked for; the request's claim is text.

    Raises
    ------
    Mistake
        for an unknown route or symbol, a size or an entry that the problem does not have.
    """
    problem = without_aliases(problem)
    own, others = parted(problem, request.symbols or {})
    adjoint = in_adjoints(problem, request)
    if adjoint is not None:
        return staged.staged(renamed(adjoint, own), request, others)
    problem = renamed(problem, {**own, **others})
    route = _route(request.route)
    sizes = {} if request.k is None else {main_size(problem): request.k}
    fixed = _label(problem, request, sizes)
    if fixed and not sizes:
        problem, fixed = _at_label(problem, fixed), {}
    textbook = Textbook(problem, route)
    at = {**fixed}
    if request.entry is not None:
        at |= _indices(problem, request.entry, sizes)
        derivation = entry(problem, sizes, at, route)
        numbers: dict[Basic, Basic] = {size: Integer(n) for size, n in sizes.items()}
        textbook = Textbook(at_sizes(problem, sizes, at), route, general=textbook, sizes=numbers)
    elif sizes:
        derivation = at_size(problem, sizes, route, fixed)
    else:
        derivation = with_cases(_worked(textbook, lenient=request.claim is not None), textbook)
    if request.accept == "numeric":
        derivation = accepted.accepted(derivation)
    if request.claim is None:
        return derivation
    claimed = reader.read_claim(str(request.claim), problem, catalogue.library())
    chosen = {letter: Integer(n) for letter, n in {**at, **sizes}.items()}
    if request.entry is not None:
        claimed = written_out(claimed, chosen)
    elif fixed:
        claimed = substitute(claimed, chosen)
    # The textbook of an entry has its sizes already.
    claim = decide(derivation, textbook, claimed, at, {} if request.entry is not None else sizes)
    if request.accept == "numeric":
        claim = replace(claim, verdict=accepted.as_numeric(claim.verdict))
    return replace(derivation, claim=claim)


def decide(
    derivation: Derivation,
    textbook: Textbook,
    claimed: Expr,
    at: Mapping[Symbol, int],
    sizes: Mapping[Symbol, int],
) -> Claim:
    """The claim judged where letters are the numbers `at`: for every size, or at those chosen."""
    numbers = {letter: Integer(n) for letter, n in at.items()}

    def placed(term: Expr) -> Expr:
        return substitute(term, numbers) if numbers else term

    judge = textbook.judge(derivation.statement, claimed)
    function, statement, answer = map(
        placed, (textbook.problem.function, derivation.statement, derivation.answer)
    )
    proved = all(step.verdict.strength is Strength.PROVED for step in derivation.steps)
    known = answer if proved else statement
    verdict = judge.decide(function, statement, known, claimed)
    if sizes and not verdict.holds:
        chosen: dict[Basic, Basic] = {size: Integer(n) for size, n in sizes.items()}
        there = replace(textbook, sizes=chosen, _judges={}).judge(derivation.statement, claimed)
        verdict = there.decide(function, statement, known, claimed)
    if verdict.strength is Strength.REFUTED and not verdict.note:
        pair = facts.Pair(textbook.problem.ranging(statement, claimed), statement, claimed)
        with limited(ADVICE):
            note = advised(pair)
        found = verdict.counterexample
        if not note and found is not None and found.right == OUTSIDE:
            note = LEAVES
        verdict = replace(verdict, note=note)
    return Claim(claimed, verdict)


def advised(pair: facts.Pair) -> str:
    """What a refuted claim lacks, where it is found in time."""
    try:
        return mends.advice(pair)
    except Unanswered:
        return ""


def matrix_derived(components: Sequence[str], request: Request) -> Derivation:
    """Several functions by several scalars: an entry worked for each, and their matrix."""
    plain = replace(request, entry=None, route=None)
    variables = [str(x) for x in request.variables]
    if request.entry is not None:
        text, x = _chosen(components, variables, request.entry)
        return derived(reader.read(text, wrt=(x,)), plain)
    rows: list[tuple[Expr, ...]] = []
    cases: list[Case] = []
    for text in components:
        row = [derived(reader.read(text, wrt=(x,)), plain) for x in variables]
        rows.append(tuple(d.answer for d in row))
        cases += [Case({}, d, d.answer, "") for d in row]
    first = cases[0].derivation
    return replace(first, steps=(), cases=tuple(cases), rows=tuple(rows))


def _chosen(
    components: Sequence[str], variables: Sequence[str], entry: Sequence[int]
) -> tuple[str, str]:
    """The function and the variable of one entry, (i, j), or (j) where there is one function."""
    rows, columns = len(components), len(variables)
    a, b = (1, *entry) if rows == 1 and len(entry) == 1 else (*entry, 0, 0)[:2]
    if len(entry) > 2 or not (1 <= a <= rows and 1 <= b <= columns):
        typed = ",".join(map(str, entry))
        raise Mistake(f"{DASH}entry {typed}: there are {rows} by {columns} entries, counted from 1")
    return components[a - 1], variables[b - 1]


def _worked(textbook: Textbook, *, lenient: bool) -> Derivation:
    """The derivation; with a claim to decide, the bare statement where the rules do not suffice."""
    try:
        return textbook.derive()
    except Stuck:
        if not lenient or len(textbook.problem.wrt) != 1:
            raise
        statement = D(textbook.problem.function, textbook.problem.wrt[0])
        return Derivation("", "", textbook.judge(statement).problem, statement, ())


def _route(name: str | None) -> Route:
    if name is None:
        return Route()
    if name not in ROUTES:
        raise Mistake(f"{DASH}route {name}: no route '{name}'{did_you_mean(name, ROUTES)}")
    return ROUTES[name]


def main_size(problem: Problem) -> Symbol:
    """The size that --k chooses: K where there is one, else the only one.

    Raises
    ------
    Mistake
        where there is none, or several and none is called K.
    """
    ends = [end for shape in problem.shapes.values() for end in shape]
    found = {s.name: s for end in [*ends, *problem.ranges.values()] for s in _symbols(end)}
    if "K" in found:
        return found["K"]
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        raise Mistake(f"{DASH}k: nothing here has a size to choose")
    raise Mistake(f"{DASH}k: none of the sizes {', '.join(sorted(found))} is called K")


def _symbols(end: Expr) -> list[Symbol]:
    return [s for s in end.free_symbols if isinstance(s, Symbol)]


def _label(problem: Problem, request: Request, sizes: Mapping[Symbol, int]) -> dict[Symbol, int]:
    if request.target is None:
        return {}
    labels = [letter for letter in problem.ranges if letter.name in problem.labels]
    if len(labels) != 1:
        raise Mistake(f"{DASH}target {request.target}: this function has no class label to choose")
    high = sizes.get(problem.ranges[labels[0]])
    if high is not None and request.target > high:
        raise Mistake(f"{DASH}target {request.target}: the labels run from 1 to {high}")
    return {labels[0]: request.target}


def _at_label(problem: Problem, fixed: Mapping[Symbol, int]) -> Problem:
    """The problem for every size with its label a number."""
    numbers = {letter: Integer(n) for letter, n in fixed.items()}
    return replace(
        problem,
        function=substitute(problem.function, numbers),
        ranges={k: v for k, v in problem.ranges.items() if k not in fixed},
        labels=problem.labels - {letter.name for letter in fixed},
    )


def _indices(
    problem: Problem, chosen: Sequence[int], sizes: Mapping[Symbol, int]
) -> dict[Symbol, int]:
    axes = free_axes(problem, problem.function)
    typed = ",".join(map(str, chosen))
    if len(chosen) != len(axes):
        names = ",".join(str(a) for a in axes)
        indices = "index" if len(chosen) == 1 else "indices"
        right = f"an entry has {len(axes)} ({names})" if axes else "the answer has no entries"
        raise Mistake(f"{DASH}entry {typed}: {len(chosen)} {indices}, and {right}")
    for axis, index in zip(axes, chosen, strict=True):
        end = problem.ranges[axis]
        high = sizes.get(end, end)
        if index < 1 or (isinstance(high, int) and index > high):
            raise Mistake(f"{DASH}entry {typed}: {axis} runs from 1 to {high}")
    return dict(zip(axes, chosen, strict=True))
