"""The Python face: small, typed, late to import, and in the same words as the command line."""

from __future__ import annotations

import pytest
import sympy

import symderiv
from symderiv import catalogue
from symderiv.face.answering import answer_named
from symderiv.face.request import Request
from symderiv.mistakes import Mistake


def test_public_names() -> None:
    for name in symderiv.__all__:
        assert getattr(symderiv, name) is not None
        assert name in dir(symderiv)
    with pytest.raises(AttributeError, match="has no attribute 'sofmax'"):
        symderiv.sofmax  # noqa: B018


def test_a_derivation_from_a_function() -> None:
    made = symderiv.softmax.jacobian()
    assert made.strength == "proved"
    assert made.steps[0].rule == "definition of p"
    assert made.steps[0].before == made.statement
    assert made.steps[-1].after == made.answer
    p, i, j = sympy.IndexedBase("p"), *sympy.symbols("i j", integer=True)
    assert sympy.simplify(made.sympy - p[i] * (sympy.KroneckerDelta(i, j) - p[j])) == 0


def test_ordinary_sympy_in_and_out() -> None:
    z = sympy.IndexedBase("z")
    j, k = sympy.symbols("j k", integer=True)
    size = sympy.Symbol("K", integer=True, positive=True)
    total = sympy.Sum(sympy.exp(z[k]), (k, 1, size))
    made = symderiv.derive(sympy.log(total), wrt=z[j], claim=sympy.exp(z[j]) / total)
    assert made.claim is not None
    assert made.claim.verdict.strength == "proved"
    x = sympy.Symbol("x")
    made = symderiv.derive(x**3 / (1 + sympy.exp(-x)), wrt=x)
    assert sympy.simplify(made.sympy.doit() - sympy.diff(x**3 / (1 + sympy.exp(-x)), x)) == 0


@pytest.mark.parametrize("k", [1, 2, 3, 7])
def test_entries_at_a_size_are_those_that_sympy_derives(k: int) -> None:
    made = symderiv.jacobian(k=k)
    z = sympy.IndexedBase("z")
    total = sum(sympy.exp(z[n]) for n in range(1, k + 1))
    p = {n: sympy.exp(z[n]) / total for n in range(1, k + 1)}
    names = {sympy.IndexedBase("p")[n]: value for n, value in p.items()}
    for a in range(1, k + 1):
        for b in range(1, k + 1):
            ours = sympy.sympify(made.entry(a, b)).doit().subs(names)
            assert sympy.simplify(ours - sympy.diff(p[a], z[b])) == 0


def test_every_derivation_has_its_name() -> None:
    names = [f.named(d) for f in catalogue.functions().values() for d in f.derivatives if d.holds]
    assert len(names) == len(set(names))
    assert answer_named("softmax-jacobian", Request(k=2)).sizes
    with pytest.raises(Mistake, match="did you mean 'softmax-jacobian'"):
        answer_named("softmax-jacobain")


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: symderiv.jacobian("sofmax"), "did you mean 'softmax'"),
        (lambda: symderiv.jacobian("logsumexp"), "no jacobian"),
        (lambda: symderiv.jacobian(route="prodct"), "did you mean 'product'"),
        (lambda: symderiv.jacobian(k=3, entry=(1, 4)), "j runs from 1 to 3"),
        (lambda: symderiv.jacobian(k=3, entry=(1,)), "an entry has 2"),
        (lambda: symderiv.jacobian("softmax", wrt="q"), "by 'q'"),
        (lambda: symderiv.jacobian(symbols={"q": "r"}), "there is no 'q'"),
        (lambda: symderiv.gradient("polynomial", k=3), "--k"),
        (lambda: symderiv.gradient("cross-entropy", soft=True, target=1), "not both"),
        (lambda: symderiv.gradient("logsumexp", target=1), "no class label"),
        (lambda: symderiv.gradient("logsumexp", soft=True), "no variant"),
        (lambda: symderiv.derive("x**2", wrt="y"), "'y' is not in the formula"),
    ],
)
def test_mistakes_are_named(call: object, part: str) -> None:
    with pytest.raises(Mistake, match=part):
        call()  # type: ignore[operator]
