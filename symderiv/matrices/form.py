"""Forms: the answer of a derivation in matrix notation, read again and judged before it is shown.

Gives `Form`, `matrix_form`, `einsum_form` and `judged`.  Each form is read by the reader of vector
notation, lowered to index notation and compared by the judge with the answer; what does not pass
is not shown.

Imports raising, code, page; the reader and the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from sympy import Eq, Expr, Indexed, Symbol

from symderiv import late
from symderiv.derivation import Derivation
from symderiv.judge import Judge
from symderiv.matrices import expression as e
from symderiv.matrices.expression import Whole
from symderiv.matrices.graph import NoForm
from symderiv.reader import ReadError
from symderiv.records import dataclass
from symderiv.terms import Quantity, component, letter
from symderiv.terms.derived import derived
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Definition, Fact, Problem
from symderiv.terms.verdict import Verdict

if TYPE_CHECKING:
    from symderiv.matrices import again, code, einsum, page, raising
    from symderiv.reader.linear import values as lowered
else:
    again = late.module("symderiv.matrices.again")
    code = late.module("symderiv.matrices.code")
    einsum = late.module("symderiv.matrices.einsum")
    page = late.module("symderiv.matrices.page")
    raising = late.module("symderiv.matrices.raising")
    lowered = late.module("symderiv.reader.linear.values")

LONGEST = 4_000


@dataclass(frozen=True)
class Form:
    """An answer in matrix notation.

    Attributes
    ----------
    whole : the expression
    text, latex : with the named quantities of the page
    verdict : of the form, read again, against the answer
    picked : the one-hot vectors and matrices of labels that it names
    coded : what works out `numpy`
    """

    whole: Whole
    text: str
    latex: str
    verdict: Verdict
    picked: tuple[Definition, ...] = ()
    coded: Callable[[], str | None] = field(default=lambda: None, repr=False, compare=False)

    @cached_property
    def numpy(self) -> str | None:
        """The NumPy expression in the given arrays alone; None where it has no name there.

        It is judged when it is asked for: a page does without.
        """
        return self.coded()

    @property
    def rank(self) -> int:
        """The number of axes of the answer."""
        return self.whole.rank


def matrix_form(derivation: Derivation, library: Mapping[str, str] | None = None) -> Form | None:
    """The answer in matrix notation, None where it has none.

    The gradient of a number has the shape of its variable; in a Jacobian the rows are the
    function's. One component by the same one, f(x_i) by x_i, is neither: whole arrays would say
    that of a sum, and the Jacobian has zeros beside it.
    """
    problem = derivation.problem
    letters = answer_letters(derivation)
    if free_letters(problem.function) & {i for x in problem.wrt if x.args for i in free_letters(x)}:
        return None
    if derivation.sizes or derivation.fixed or derivation.rows or letters is None:
        return None
    known = raising.symmetric_in(problem)
    for symmetric in (known, frozenset[str]()) if known else (known,):  # the shorter one first
        try:
            named = raising.Raising(problem, symmetric=symmetric).whole(derivation.answer, letters)
        except (NoForm, RecursionError):
            return None
        own = replace(problem, facts=(*problem.facts, *_of_inverses(problem, symmetric)))
        judge = Judge(own.ranging(derivation.statement, derivation.answer))
        shown = page.spelled(named, "latex", problem.drawn)
        passed = _passes(derivation.answer, judge, letters, shown, "latex", library)
        if passed is not None and len(shown) <= LONGEST:
            coded = partial(_code, derivation, letters, named, judge, library, symmetric)
            return Form(named, page.spelled(named, "text"), shown, passed, coded=coded)
    return None


def _of_inverses(problem: Problem, symmetric: frozenset[str]) -> Iterator[Fact]:
    """That the inverse of a symmetric matrix is symmetric, of those that are proved to be so."""
    i, j = letter("i"), letter("j")
    for name in problem.shapes:
        found = derived(name)
        if found is None or found.function != "inv" or found.array not in symmetric:
            continue
        stage = problem.definition(found.array)
        if stage is not None:
            one, other = (stage.quantity.func(stage.quantity.symbol, *x) for x in ((i, j), (j, i)))
            if not Judge(problem.ranging(one, other)).compare(one, other).holds:
                continue
        sides = component(name, i, j), component(name, j, i)
        yield Fact(Eq(*sides, evaluate=False), proved=True)


def _code(
    derivation: Derivation,
    letters: tuple[Symbol, ...],
    named: Whole,
    judge: Judge,
    library: Mapping[str, str] | None,
    symmetric: frozenset[str],
) -> str | None:
    """The NumPy expression in the given arrays, judged as well."""
    stages = frozenset(s.name for s in derivation.problem.stages)
    try:
        plain = (
            raising.Raising(derivation.problem, stages, symmetric).whole(derivation.answer, letters)
            if stages
            else named
        )
        made = code.numpy_of(plain if plain.number != 0 else _zeros(derivation, letters))
    except (NoForm, RecursionError):
        return None
    if len(made) > LONGEST:
        return None
    known = _matrices(derivation.problem, library)
    answer = derivation.answer
    passed = _passes(answer, judge, letters, made, "numpy", library, known)
    return made if passed is not None else None


def _zeros(derivation: Derivation, letters: tuple[Symbol, ...]) -> Whole:
    """The array of zeros at these letters; 0 alone where there are none."""
    sizes = raising.Raising(derivation.problem)
    sizes.learn(derivation.problem.function)
    return e.zeros(*(sizes.length(s.name) for s in letters)) if letters else e.number(0)


def _matrices(problem: Problem, library: Mapping[str, str] | None) -> dict[str, str]:
    """The stages that an inverse or a determinant is of, by what they are in NumPy, judged."""
    known: dict[str, str] = {}
    stages = frozenset(s.name for s in problem.stages)
    arrays = dict.fromkeys(d.array for d in map(derived, problem.shapes) if d is not None)
    for stage in filter(None, map(problem.definition, arrays)):
        letters = stage.quantity.indices
        try:
            written = code.numpy_of(raising.Raising(problem, stages).whole(stage.body, letters))
        except (NoForm, RecursionError):
            continue
        own = Judge(problem.ranging(stage.quantity))
        if _passes(stage.quantity, own, letters, written, "numpy", library, known) is not None:
            known[written] = stage.name
    return known


def einsum_form(derivation: Derivation, library: Mapping[str, str] | None = None) -> str | None:
    """The answer as NumPy's einsum in the given arrays, read again and judged; None without one."""
    problem, letters = derivation.problem, answer_letters(derivation, most=len(lowered.LETTERS))
    if derivation.sizes or derivation.fixed or derivation.rows or letters is None:
        return None
    try:
        made = einsum.einsum_of(problem, derivation.answer, letters)
    except (NoForm, RecursionError):
        return None
    judge = Judge(problem.ranging(derivation.statement, derivation.answer))
    known = _matrices(problem, library)
    passed = _passes(derivation.answer, judge, letters, made, "numpy", library, known)
    return made if passed is not None and len(made) <= LONGEST else None


def answer_letters(derivation: Derivation, most: int = 2) -> tuple[Symbol, ...] | None:
    """The letters of the answer, the function's first; None where there are more than so many."""
    problem = derivation.problem
    found: dict[Symbol, None] = {}
    for term in (problem.function, *problem.wrt):
        free = {
            s for s in free_letters(term) if s in problem.ranges and s.name not in problem.labels
        }
        ordered = list(term.args[1:]) if isinstance(term, Indexed | Quantity) else []
        for s in (*ordered, *sorted(free, key=str)):
            if s in free:
                found.setdefault(s)
    wanted = sum(len(x.args) - 1 for x in problem.wrt if isinstance(x, Indexed | Quantity))
    own = {s for x in problem.wrt for s in free_letters(x) if s in problem.ranges}
    if len(found) > most or len(own) != wanted or problem.labels:
        return None
    return tuple(found)


def judged(
    term: Expr,
    letters: tuple[Symbol, ...],
    problem: Problem,
    shown: str,
    library: Mapping[str, str] | None = None,
    picked: Problem | None = None,
) -> Verdict | None:
    """The verdict on the LaTeX of a form of a term, read again, if it holds.

    Parameters
    ----------
    picked : the problem with the one-hot arrays that the form names, which are written out first
    """
    try:
        claimed = again.read_again(shown, "latex", picked or problem, letters, library or {})
    except ReadError:
        return None
    verdict = Judge(problem).compare(term, claimed if picked is None else picked.unfold(claimed))
    return verdict if verdict.holds else None


def _passes(
    answer: Expr,
    judge: Judge,
    letters: tuple[Symbol, ...],
    shown: str,
    notation: str,
    library: Mapping[str, str] | None,
    known: Mapping[str, str] | None = None,
) -> Verdict | None:
    """The verdict on a form that was read again, if it holds."""
    problem: Problem = judge.problem
    try:
        claimed = again.read_again(shown, notation, problem, letters, library or {}, known)
    except ReadError:
        return None
    verdict = judge.compare(answer, claimed)
    return verdict if verdict.holds else None
