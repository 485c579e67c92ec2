"""Answering: a request to its answer.

Gives `answer` (of a function of the catalogue, or of a formula), `answer_named` (of a derivation
of the catalogue by its name), `understood` (a formula as the formula language has it) and `book`,
the answers that the book of derivations holds.

Floor 5: imports the reader, the catalogue, and the rest of the face.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from symderiv import catalogue, late
from symderiv.catalogue import Derivative, Function
from symderiv.derivation import Derivation
from symderiv.derivation.routes import ROUTES
from symderiv.face.answer import Answer, shown
from symderiv.face.choice import by_name, choose, title_of
from symderiv.face.derived import derived, matrix_derived
from symderiv.face.request import Request
from symderiv.face.symbols import Symbols
from symderiv.mistakes import DASH, Mistake, did_you_mean
from symderiv.patience import limited
from symderiv.printers.text import text
from symderiv.reader import read
from symderiv.terms import release
from symderiv.terms.problem import Fact

if TYPE_CHECKING:
    from symderiv.face import heard
    from symderiv.reader import Understood, authors
else:
    heard = late.module("symderiv.face.heard")
    authors = late.module("symderiv.reader.authors")


def answer(kind: str, request: Request) -> Answer:
    """The answer to a request.

    Parameters
    ----------
    kind : "jacobian", "gradient" or "hessian" of a function of the catalogue; "formula" where the
        request's function is a formula

    Raises
    ------
    Mistake
        for what is asked and cannot be: a name, size, entry, route or symbol that there is not;
        `ReadError`, one of its kind, for what is not in the formula language.
    Unanswered
        where no derivation passes the judge (`Refusal`), none reaches the end (`Stuck`), or none
        within the time given (`OutOfTime`).
    """
    symbols, drawn = renamings(request.symbols or {})
    request = replace(request, symbols=symbols or None)
    with limited(request.timeout):
        if kind == "formula":
            made = _of_formula(request)
        else:
            made = _of_catalogue(*choose(kind, request), request)
    faces = {name: face for name, face in made.problem.drawn.items() if name not in symbols}
    return replace(made, problem=replace(made.problem, drawn={**faces, **drawn}))


def renamings(given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """New names as identifiers, \\hat{y} is yhat, and the faces of those that are set in one.

    Raises
    ------
    Mistake
        for two that are one name; `ReadError` for what is no name.
    """
    names, drawn = dict[str, str](), dict[str, str]()
    for old, new in given.items():
        names[authors.named(old)[0]], faces = authors.named(new)
        drawn |= faces
    if len(names) < len(given) or len(set(names.values())) < len(names):
        raise Mistake(f"{DASH}symbols: two of these are one name")
    return {old: new for old, new in names.items() if old != new}, drawn


def answer_named(name: str, request: Request | None = None) -> Answer:
    """The answer of a derivation of the catalogue: "softmax-jacobian".

    Raises
    ------
    Mistake
        with the nearest names.
    """
    request = request or Request()
    with limited(request.timeout):
        return _of_catalogue(*by_name(name), request)


def _of_catalogue(function: Function, derivative: Derivative, request: Request) -> Answer:
    name, title = function.named(derivative), title_of(function, derivative)
    symbols = Symbols.of(*request.facts, request.claim)
    asked = replace(
        request,
        wrt=derivative.wrt,
        assume=tuple(map(symbols.text, request.facts)),
        claim=None if request.claim is None else symbols.text(request.claim),
        route=request.route or function.routes[0],
    )
    if not isinstance(function.define, str):
        if request.claim is not None or request.facts:
            raise Mistake(f"{name} is a matrix of several functions: claims are of one")
        return shown(replace(matrix_derived(function.define, asked), name=name, title=title))
    if asked.route not in function.routes:
        raise Mistake(
            f"{DASH}route {asked.route}: {function.name} has no route '{asked.route}'"
            f"{did_you_mean(str(asked.route), function.routes)}"
        )
    assume = (*function.assume, *map(str, asked.facts))
    problem = read(function.define, wrt=derivative.wrt, assume=assume, library=catalogue.library())
    if asked.route != function.routes[0]:
        title = f"{title}, {ROUTES[str(asked.route)].title}"
    return shown(replace(derived(problem, asked), name=name, title=title), symbols)


def _of_formula(request: Request) -> Answer:
    if not request.variables:
        raise Mistake("wrt: name what to differentiate by, such as 'z[j]'")
    if request.soft or request.batch:
        raise Mistake(
            f"{DASH}soft and {DASH}batch: a formula says itself what its targets and batches are"
        )
    given = (request.function, *request.variables, *request.facts, request.claim)
    symbols = Symbols.of(*given)
    asked = heard.heard(request, symbols.text)
    library = catalogue.library()
    with asked.blaming():
        problem = read(asked.formula, wrt=asked.wrt, assume=asked.assume, library=library)
        for fact in problem.facts:
            _check_fact(fact)
        if assumed := symbols.facts_of(problem):
            every = (*asked.assume, *assumed)
            problem = read(asked.formula, wrt=asked.wrt, assume=every, library=library)
        problem = replace(problem, notes=(*asked.notes, *problem.notes), drawn=asked.drawn)
        made = derived(problem, replace(request, claim=asked.claim))
    return shown(made, symbols.renamed(request.symbols or {}))


def understood(request: Request) -> Understood:
    """What is understood of a request with a formula: its texts in the formula language.

    Raises
    ------
    ReadError
        for what is in none of the notations, and for what the formula language has no word for.
    """
    asked = heard.heard(request)
    with asked.blaming():  # a text that was taken as it stands is shown only if it can be read
        read(asked.formula, wrt=asked.wrt, assume=asked.assume, library=catalogue.library())
    return asked


def _check_fact(fact: Fact) -> None:
    """Refuse an assumption that is about nothing: `1 = 2`, `x = x`.

    Raises
    ------
    Mistake
    """
    left, right = (release(side) for side in fact.relation.args)
    apart = left - right
    if apart.is_number or apart == 0:
        said = text(fact.relation)
        raise Mistake(f"the assumption {said} says nothing about the function; leave it out")


def book(say: Callable[[str, float], None] = lambda what, share: None) -> Iterator[Derivation]:
    """The derivations of the book: all of the catalogue, by every route, and softmax at K = 3.

    Parameters
    ----------
    say : told what is being derived, and which share is done
    """
    every = [(f, d) for f in catalogue.functions().values() for d in f.derivatives if d.holds]
    for n, (function, derivative) in enumerate(every):
        name = function.named(derivative)
        say(name, n / len(every))
        yield answer_named(name)
        if derivative.kind != "hessian":
            for route in function.routes[1:]:
                other = answer_named(name, Request(route=route))
                yield replace(other, name=f"{name}-{route}")
        if name == "softmax-jacobian":
            chosen = answer_named(name, Request(k=3))
            yield replace(chosen, name=f"{name}-3", title=f"{chosen.title} at K = 3")
