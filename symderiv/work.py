"""Work: a problem and an order to a derivation.

Gives `Order` (what is wanted of a problem) and `work`, which derives it: for every size, for a
chosen one, or one entry; by a route; with other symbols; with a claim decided.

Floor 5: imports the reader, the textbook and entries, and renaming.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Symbol

from symderiv import catalogue
from symderiv.aliases import without_aliases
from symderiv.chain import Stuck
from symderiv.derivation import Case, Claim, Derivation
from symderiv.entries import at_size, entry, free_axes, with_cases
from symderiv.letters import substitute
from symderiv.mistakes import Mistake, did_you_mean
from symderiv.problem import Problem
from symderiv.reader import read, read_claim
from symderiv.renaming import renamed
from symderiv.routes import ROUTES, Route
from symderiv.textbook import Textbook


@dataclass(frozen=True)
class Order:
    """What is wanted of a problem.

    Attributes
    ----------
    k : the chosen size of the main axis; every size where None
    entry : the indices of one entry
    route : the name of a way to derive it
    symbols : other names
    target : the number of the class label, where the problem has a label
    claim : what the answer is said to be, in the formula language
    name, title : of the derivation
    """

    k: int | None = None
    entry: Sequence[int] | None = None
    route: str | None = None
    symbols: Mapping[str, str] | None = None
    target: int | None = None
    claim: str | None = None
    name: str = ""
    title: str = ""


def work(problem: Problem, order: Order) -> Derivation:
    """The derivation that was ordered.

    Raises
    ------
    Mistake
        for an unknown route or symbol, a size or an entry that the problem does not have.
    """
    _check(order)
    problem = without_aliases(problem)
    problem = renamed(problem, order.symbols) if order.symbols else problem
    route = _route(order.route)
    sizes = {} if order.k is None else {main_size(problem): order.k}
    fixed = _label(problem, order, sizes)
    if fixed and not sizes:
        problem, fixed = _at_label(problem, fixed), {}
    textbook = Textbook(problem, route)
    if order.entry is not None:
        made = entry(problem, sizes, {**fixed, **_indices(problem, order.entry, sizes)}, route)
    elif sizes:
        made = at_size(problem, sizes, route, fixed)
    else:
        made = with_cases(_derived(textbook, lenient=order.claim is not None), textbook)
    made = replace(made, name=order.name, title=order.title)
    if order.claim is not None:
        made = replace(made, claim=decide(made, textbook, order.claim))
    return made


def decide(derivation: Derivation, textbook: Textbook, text: str) -> Claim:
    """The claim read and judged."""
    claimed = read_claim(text, textbook.problem, catalogue.library())
    judge = textbook.judge(derivation.statement, claimed)
    function = textbook.problem.function
    return Claim(
        claimed, judge.decide(function, derivation.statement, derivation.answer, claimed)
    )


def vector(components: Sequence[str], variables: Sequence[str], order: Order) -> Derivation:
    """Several functions by several scalars: an entry worked for each, and their matrix."""
    plain = replace(order, entry=None, name="", title="", route=None)
    if order.entry is not None:
        text, x = _chosen(components, variables, order.entry)
        made = work(read(text, wrt=(x,)), plain)
        return replace(made, name=order.name, title=order.title)
    rows: list[tuple[Expr, ...]] = []
    cases: list[Case] = []
    for text in components:
        row = [work(read(text, wrt=(x,)), plain) for x in variables]
        rows.append(tuple(d.answer for d in row))
        cases += [Case({}, d, d.answer, "") for d in row]
    first = cases[0].derivation
    return replace(
        first, name=order.name, title=order.title, steps=(), cases=tuple(cases), rows=tuple(rows)
    )


def _chosen(
    components: Sequence[str], variables: Sequence[str], entry: Sequence[int]
) -> tuple[str, str]:
    """The function and the variable of one entry, (i, j), or (j) where there is one function."""
    rows, columns = len(components), len(variables)
    a, b = (1, *entry) if rows == 1 and len(entry) == 1 else (*entry, 0, 0)[:2]
    if len(entry) > 2 or not (1 <= a <= rows and 1 <= b <= columns):
        typed = ",".join(map(str, entry))
        raise Mistake(f"--entry {typed}: there are {rows} by {columns} entries, counted from 1")
    return components[a - 1], variables[b - 1]


def _derived(textbook: Textbook, *, lenient: bool) -> Derivation:
    """The derivation; with a claim to decide, the bare statement where the rules do not suffice."""
    try:
        return textbook.derive()
    except Stuck:
        if not lenient or len(textbook.problem.wrt) != 1:
            raise
        from symderiv.terms import D

        statement = D(textbook.problem.function, textbook.problem.wrt[0])
        return Derivation("", "", textbook.judge(statement).problem, statement, ())


LARGEST = 1000  # the largest size that is written out


def _check(order: Order) -> None:
    """Sizes, labels and indices are whole numbers from 1 up."""
    asked = {"k": order.k, "target": order.target}
    asked |= {f"entry[{n}]": index for n, index in enumerate(order.entry or ())}
    for name, value in asked.items():
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise Mistake(f"{name} = {value!r}: it takes a whole number from 1 up")
    if order.k is not None and order.k > LARGEST:
        raise Mistake(
            f"k = {order.k}: sums are written out up to K = {LARGEST}; "
            "the derivation for every K needs no size"
        )


def _route(name: str | None) -> Route:
    if name is None:
        return Route()
    if name not in ROUTES:
        raise Mistake(f"--route {name}: no route '{name}'{did_you_mean(name, ROUTES)}")
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
        raise Mistake("--k: nothing here has a size to choose")
    raise Mistake(f"--k: none of the sizes {', '.join(sorted(found))} is called K")


def _symbols(end: Expr) -> list[Symbol]:
    return [s for s in end.free_symbols if isinstance(s, Symbol)]


def _label(problem: Problem, order: Order, sizes: Mapping[Symbol, int]) -> dict[Symbol, int]:
    if order.target is None:
        return {}
    labels = [letter for letter in problem.ranges if letter.name in problem.labels]
    if len(labels) != 1:
        raise Mistake(f"--target {order.target}: this function has no class label to choose")
    high = sizes.get(problem.ranges[labels[0]])
    if high is not None and order.target > high:
        raise Mistake(f"--target {order.target}: the labels run from 1 to {high}")
    return {labels[0]: order.target}


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
        right = f"an entry has {len(axes)} ({names})" if axes else "the answer has no entries"
        raise Mistake(f"--entry {typed}: {len(chosen)} indices, and {right}")
    for axis, index in zip(axes, chosen, strict=True):
        end = problem.ranges[axis]
        high = sizes.get(end, end)
        if index < 1 or (isinstance(high, int) and index > high):
            raise Mistake(f"--entry {typed}: {axis} runs from 1 to {high}")
    return dict(zip(axes, chosen, strict=True))
