"""The trial of the whole and the check of a program: what is wrong in them is not handed out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy
from sympy import Expr

from symderiv import catalogue
from symderiv.derivation.network import Backpropagation, backpropagation
from symderiv.derivation.network.trial import Wrong, try_out
from symderiv.programs import checked_source
from symderiv.programs.check import check
from symderiv.programs.program import Program
from symderiv.reader import read
from symderiv.terms import Neg, Plus, Quantity, bottom_up, times
from symderiv.terms.aliases import without_aliases

pytestmark = pytest.mark.usefixtures("derived_once")

TEXT = """
a[i] = sum(W[i,j]*x[j], j) - b[i]
h[i] = tanh(a[i]) + a[i]
g[i] = h[i]*sum(U[i,j]*h[j], j)
sum((g[i] - t[i])**2, i)
"""


def made() -> Backpropagation:
    return backpropagation(without_aliases(read(TEXT, library=catalogue.library())))


def minus(term: Expr) -> Expr:
    return Neg(term)


def twice(term: Expr) -> Expr:
    return times(sympy.Integer(2), term)


def without_a_term(term: Expr) -> Expr:
    return bottom_up(term, lambda t: t.args[0] if isinstance(t, Plus) else t)  # type: ignore[return-value]


def squared(term: Expr) -> Expr:
    return times(term, term)


def another_stage(term: Expr) -> Expr:
    names = {"h": "a", "a": "h", "g": "h", "x": "x"}

    def change(t: sympy.Basic) -> sympy.Basic:
        if isinstance(t, Quantity) and t.name in names:
            return Quantity(t.symbol.func(names[t.name]), *t.indices)
        return t

    return bottom_up(term, change)  # type: ignore[return-value]


MUTANTS = (minus, twice, without_a_term, squared, another_stage)


@pytest.mark.parametrize("change", MUTANTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("of", ["g", "h", "a", "W", "U", "b"])
def test_a_wrong_lemma_is_found_by_the_trial(of: str, change: Callable[[Expr], Expr]) -> None:
    network = made()
    line = network.adjoints.get(of) or network.gradients[of]
    first, *others = line.lemmas
    mutant = replace(first, term=change(first.term))
    if mutant.term == first.term:
        pytest.skip("no mutant: the line has no such part")
    broken = replace(line, lemmas=(mutant, *others))
    lines = {"adjoints": network.adjoints, "gradients": network.gradients}
    changed = {k: {n: broken if n == of else a for n, a in v.items()} for k, v in lines.items()}
    with pytest.raises(Wrong, match="differ from finite differences of the loss"):
        try_out(replace(network, **changed))  # type: ignore[arg-type]


def test_what_is_right_passes() -> None:
    trial = try_out(made())
    assert trial.points == 2
    assert trial.difference < 1e-9


@pytest.mark.parametrize(
    ("old", "new"),
    [("np.tanh", "np.sinh"), (" - ", " + "), ("** 2", "** 3"), ("2 * ", "3 * ")],
)
def test_a_wrong_program_is_not_written(old: str, new: str) -> None:
    network = made()
    written = checked_source(network)
    head, mark, body = written.rpartition('"""\n    dtype')
    assert old in body
    spoiled = head + mark + body.replace(old, new)
    with pytest.raises(Wrong):
        check(Program(network), spoiled)


def test_a_kink_is_no_fault() -> None:
    """Both sides of a kink may be seen in one difference; the point is then not asked."""
    problem = read("h[i] = relu(x[i]*k); sum(h[i]**2, i) + abs(sum(x[i], i))")
    network = backpropagation(problem)
    for seed in range(40):
        try_out(network, points=4, seed=seed)
