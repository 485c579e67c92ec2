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
    if letters is None:
        return None
    known = raising.symmetric_in(problem)
    for symmetric in (known, frozenset[str]()) if known else (known,):  # the shorter one first
        named = raising.whole_of(problem, derivation.answer, letters, symmetric)
        if named is None:
            return None
        own = replace(problem, facts=(*problem.facts, *_of_inverses(problem, symmetric)))
        judge = Judge(own.ranging(derivation.statement, derivation.answer))
        shown = page.spelled(named, "latex", problem.drawn)
        passed = judged(derivation.answer, letters, judge, shown, "latex", library)
        if passed is not None and len(shown) <= LONGEST:
            write = partial(_numpy, problem, derivation.answer, letters, symmetric)
            coded = partial(_code, write, derivation, letters, judge, library)
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
    write: Callable[[], str],
    derivation: Derivation,
    letters: tuple[Symbol, ...],
    judge: Judge,
    library: Mapping[str, str] | None,
) -> str | None:
    """The answer as it is written in NumPy, if that is the answer."""
    known = _matrices(derivation.problem, library)
    return _in_numpy(write, derivation.answer, letters, judge, library, known)


def _in_numpy(
    write: Callable[[], str],
    term: Expr,
    letters: tuple[Symbol, ...],
    judge: Judge,
    library: Mapping[str, str] | None,
    known: Mapping[str, str],
) -> str | None:
    try:
        made = write()
    except (NoForm, RecursionError):
        return None
    fits = len(made) <= LONGEST
    return made if fits and judged(term, letters, judge, made, "numpy", library, known) else None


def _numpy(
    problem: Problem,
    term: Expr,
    letters: tuple[Symbol, ...],
    symmetric: frozenset[str] = frozenset(),
) -> str:
    """The NumPy expression in the given arrays alone."""
    stages = frozenset(s.name for s in problem.stages)
    made = raising.Raising(problem, symmetric, stages)
    whole = made.whole(term, letters)
    if whole.number == 0 and letters:  # the array of zeros at these letters
        made.learn(problem.function)
        whole = e.zeros(*(made.length(s.name) for s in letters))
    return code.numpy_of(whole)


def _matrices(problem: Problem, library: Mapping[str, str] | None) -> dict[str, str]:
    """The stages that an inverse or a determinant is of, by what they are in NumPy, judged."""
    known: dict[str, str] = {}
    arrays = dict.fromkeys(d.array for d in map(derived, problem.shapes) if d is not None)
    for stage in filter(None, map(problem.definition, arrays)):
        own, letters = Judge(problem.ranging(stage.quantity)), stage.quantity.indices
        write = partial(_numpy, problem, stage.body, letters)
        written = _in_numpy(write, stage.quantity, letters, own, library, known)
        known |= {} if written is None else {written: stage.name}
    return known


def einsum_form(derivation: Derivation, library: Mapping[str, str] | None = None) -> str | None:
    """The answer as NumPy's einsum in the given arrays, read again and judged; None without one."""
    problem, letters = derivation.problem, answer_letters(derivation, most=len(lowered.LETTERS))
    if letters is None:
        return None
    judge = Judge(problem.ranging(derivation.statement, derivation.answer))
    write = partial(einsum.einsum_of, problem, derivation.answer, letters)
    return _code(write, derivation, letters, judge, library)


def answer_letters(derivation: Derivation, most: int = 2) -> tuple[Symbol, ...] | None:
    """The letters of the answer, the function's first; None where there are more than so many.

    Nor has one at sizes or places that were asked for, or of single rows, letters for its axes.
    """
    problem = derivation.problem
    if derivation.sizes or derivation.fixed or derivation.rows:
        return None
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
    judge: Judge,
    shown: str,
    notation: str,
    library: Mapping[str, str] | None = None,
    known: Mapping[str, str] | None = None,
    picked: Problem | None = None,
) -> Verdict | None:
    """The verdict on a form of a term that was read again, if it holds.

    Parameters
    ----------
    known : stages by what they are in NumPy
    picked : the problem with the one-hot arrays that the form names, which are written out first
    """
    problem = picked or judge.problem
    try:
        claimed = again.read_again(shown, notation, problem, letters, library or {}, known)
    except ReadError:
        return None
    verdict = judge.compare(term, claimed if picked is None else picked.unfold(claimed))
    return verdict if verdict.holds else None
