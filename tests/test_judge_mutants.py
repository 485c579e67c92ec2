"""The judge under mutation: true lines, spoilt at one place in every way that people spoil them.

An oracle that shares nothing with the judge says which mutants still are true.  Those that are
not must be refused with a counterexample, those that are must not be.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from sympy import Expr, Indexed, Integer, KroneckerDelta, Sum, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge import Judge
from symderiv.reader import read, read_claim
from symderiv.terms import D, Neg, Plus, Power, Quantity, Quotient, Times, rebuild
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Strength, refusal
from tests.judge_oracle import differ

SOFTMAX = "p[i] = exp(z[i]) / sum(exp(z[k]), k); "
ONE_HOT = ("sum(y[i], i) = 1",)
# name, formula, variables, assumptions, the true line
TRUE_LINES = (
    ("softmax", SOFTMAX + "p[i]", ["z[j]"], (), "p[i]*(delta(i,j) - p[j])"),
    ("softmax-quotient", SOFTMAX + "p[i]", ["z[j]"], (),
     "(delta(i,j)*exp(z[i])*sum(exp(z[k]), k) - exp(z[i])*exp(z[j]))/sum(exp(z[k]), k)**2"),
    ("logits", SOFTMAX + "-log(p[y])", ["z[j]"], (), "p[j] - delta(j,y)"),
    ("cross-entropy", SOFTMAX + "-sum(y[i]*log(p[i]), i)", ["z[j]"], ONE_HOT, "p[j] - y[j]"),
    ("cross-entropy-sum", SOFTMAX + "-sum(y[i]*log(p[i]), i)", ["z[j]"], (),
     "p[j]*sum(y[i], i) - sum(delta(i,j)*y[i], i)"),
    ("hessian", SOFTMAX + "log(sum(exp(z[k]), k))", ["z[i]", "z[j]"], (),
     "p[i]*(delta(i,j) - p[j])"),
    ("vjp", SOFTMAX + "sum(g[i]*p[i], i)", ["z[j]"], (), "p[j]*(g[j] - sum(g[i]*p[i], i))"),
    ("least-squares", "sum((sum(X[n,d]*w[d], d) - t[n])**2, n)/2", ["w[c]"], (),
     "sum(X[n,c]*(sum(X[n,d]*w[d], d) - t[n]), n)"),
    ("quadratic-form", "sum(x[i]*A[i,j]*x[j], i, j)", ["x[k]"], (),
     "sum((A[k,i] + A[i,k])*x[i], i)"),
    ("sigmoid", "s = 1/(1 + exp(-x)); s", ["x", "x"], (), "s*(1 - s)*(1 - 2*s)"),
    ("bce", "s[i] = 1/(1 + exp(-z[i])); -sum(y[i]*log(s[i]) + (1 - y[i])*log(1 - s[i]), i)",
     ["z[i]", "z[j]"], (), "s[i]*(1 - s[i])*delta(i,j)"),
    ("hinge", "s[k] = sum(W[k,d]*x[d], d); sum(max(0, s[k] - s[y] + 1), k) - 1", ["W[l,c]"], (),
     "x[c]*(iverson(s[l] - s[y] + 1 > 0) - delta(l,y)*sum(iverson(s[k] - s[y] + 1 > 0), k))"),
)  # fmt: skip


def respelt(term: Basic, letters: list[Symbol]) -> Iterator[tuple[str, Basic]]:
    """Every way to spoil a term at its head."""
    match term:
        case Neg(inner):
            yield "drop a minus", inner
        case KroneckerDelta():
            yield "drop a delta", Integer(1)
        case Sum():
            body, limits = term.args[0], term.args[1]
            index, low, high = limits.args
            for letter in letters[:2]:
                yield "drop a sum", substitute(body, {index: letter})
                if letter in free_letters(body):
                    yield (
                        "capture",
                        rebuild(term, (substitute(body, {letter: index}), *term.args[1:])),
                    )
            yield (
                "shift a range",
                rebuild(term, (body, Tuple(index, low + 1, high), *term.args[2:])),
            )
            yield (
                "shift a range",
                rebuild(term, (body, Tuple(index, low, high - 1), *term.args[2:])),
            )
        case Plus():
            for n in range(len(term.args)):
                yield "drop a term", terms.plus(*term.args[:n], *term.args[n + 1 :])
                flipped = term.args[n].term if isinstance(term.args[n], Neg) else Neg(term.args[n])
                yield "change a sign", Plus(*term.args[:n], flipped, *term.args[n + 1 :])
        case Times():
            for n in range(len(term.args)):
                yield "drop a factor", terms.times(*term.args[:n], *term.args[n + 1 :])
            yield "change a factor", terms.times(Integer(2), term)
        case Quotient(a, b):
            yield "turn a quotient", Quotient(b, a)
            yield "change a power", Quotient(a, Power(b, Integer(2)))
        case Power(base, exponent):
            yield "change a power", Power(base, Plus(exponent, Integer(1)))
            yield "change a power", base
        case Indexed() | Quantity():
            for n, index in enumerate(term.indices):
                for letter in letters:
                    if letter != index:
                        indices = [*term.indices[:n], letter, *term.indices[n + 1 :]]
                        yield "swap an index", _at(term, indices)
            if len(term.indices) == 2:
                yield "transpose", _at(term, list(reversed(term.indices)))
            if term.indices:
                yield "change a power", Power(term, Integer(2))
        case Integer() if term > 1:
            yield "change a factor", term + 1


def _at(term: Basic, indices: list[Expr]) -> Expr:
    if isinstance(term, Quantity):
        return Quantity(term.symbol, *indices)
    return terms.component(str(term.base.label), *indices)


def mutants(term: Basic, letters: list[Symbol]) -> Iterator[tuple[str, Basic]]:
    """The term with one place in it spoilt, every place in turn."""
    yield from respelt(term, letters)
    if isinstance(term, Indexed | Quantity | KroneckerDelta | Tuple) or not term.args:
        return
    inside = [*letters, *(t.args[0] for t in term.args[1:])] if isinstance(term, Sum) else letters
    for n, arg in enumerate(term.args):
        if not isinstance(arg, Tuple):
            for kind, new in mutants(arg, inside):
                yield kind, rebuild(term, (*term.args[:n], new, *term.args[n + 1 :]))


def lines(row: tuple[str, str, list[str], tuple[str, ...], str]) -> tuple[Problem, Expr, Expr]:
    _, define, wrt, assume, claim = row
    problem = read(define, wrt, assume)
    before = problem.function
    for variable in problem.wrt:
        before = D(before, variable)
    return problem, before, read_claim(claim, problem)


def chosen(row: tuple[str, str, list[str], tuple[str, ...], str]) -> list[tuple[str, Expr]]:
    """A sample of a line's mutants: one or two of each kind, always the same."""
    problem, _, after = lines(row)
    letters = sorted((s for s in problem.ranges if s in free_letters(after)), key=str)
    found: dict[str, list[Expr]] = {}
    for kind, mutant in mutants(after, letters):
        if mutant != after and mutant not in found.setdefault(kind, []):
            found[kind].append(mutant)
    random = Random(row[0])
    return [(k, m) for k, ms in found.items() for m in random.sample(ms, min(2, len(ms)))]


MUTANTS = [(row, kind, mutant) for row in TRUE_LINES for kind, mutant in chosen(row)]


def test_there_are_enough_mutants() -> None:
    assert len(MUTANTS) >= 60
    assert len({kind for _, kind, _ in MUTANTS}) >= 10


@pytest.mark.parametrize("row", TRUE_LINES, ids=lambda row: row[0])
def test_the_true_line_is_proved(row: tuple) -> None:
    problem, before, after = lines(row)
    assert Judge(problem).compare(before, after).strength is Strength.PROVED


@pytest.mark.parametrize(
    ("row", "kind", "mutant"),
    MUTANTS,
    ids=[f"{row[0]}-{kind}-{n}" for n, (row, kind, _) in enumerate(MUTANTS)],
)
def test_a_mutant_is_refused_unless_it_is_true(row: tuple, kind: str, mutant: Expr) -> None:
    problem, before, after = lines(row)
    free = {
        s: str(problem.ranges.get(s, ""))
        for s in sorted(free_letters(before) | free_letters(mutant) | free_letters(after), key=str)
        if s.is_integer and not s.is_positive
    }
    different = differ(problem, after, mutant, free)
    verdict = Judge(problem).compare(before, mutant)
    if different:
        assert verdict.strength is Strength.REFUTED
        shown = verdict.counterexample
        assert shown is not None
        assert shown.left != shown.right
        message = refusal(kind, verdict)
        for part in (kind, "before: " + shown.left, "after:  " + shown.right):
            assert part in message
        for name, n in {**shown.sizes, **shown.indices}.items():
            assert f"{name} = {n}" in message
    elif different is False:
        assert verdict.strength is not Strength.REFUTED
