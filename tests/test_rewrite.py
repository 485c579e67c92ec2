"""Where rules apply: what is remembered is what would have been found, and is found once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import sympy
from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.derivation.rewrite import innermost, outermost
from symderiv.rules.registry import Rule
from symderiv.terms import Neg, Plus, Power, Times, component, exp, letter, summation

i, k = letter("i"), letter("k")
a, b, x = (Symbol(name) for name in "abx")
Where = Callable[[Sequence[Rule], Expr], tuple[Expr, list[Rule]]]


def asked(becomes: dict[Basic, Expr], of: type[Basic] = Basic) -> tuple[Rule, list[Basic]]:
    """A rule that turns some terms into others, and the terms that it was asked about."""
    seen: list[Basic] = []

    def function(term: Basic) -> Expr | None:
        seen.append(term)
        return becomes.get(term)

    return Rule("a-rule", "a rule", (), function, of), seen


@pytest.mark.parametrize("where", [outermost, innermost])
def test_a_rule_is_asked_once_for_a_term_that_occurs_often(where: Where) -> None:
    rule, seen = asked({a: b})
    line = Plus(Times(a, x), exp(a), Power(a, x), Neg(a))
    expected = Plus(Times(b, x), exp(b), Power(b, x), Neg(b))
    for _ in range(3):
        assert where([rule], line) == (expected, [rule])
    assert len(seen) == len(set(seen))
    assert a in seen


@pytest.mark.parametrize("where", [outermost, innermost])
def test_a_rule_is_asked_about_its_heads_only(where: Where) -> None:
    rule, seen = asked({}, of=sympy.exp)
    line = Plus(exp(a), summation(exp(component("z", k)), k, letter("n")), x)
    assert where([rule], line) == (line, [])
    assert set(map(type, seen)) == {sympy.exp}


@pytest.mark.parametrize("where", [outermost, innermost])
def test_a_rule_that_says_something_else_is_asked_again(where: Where) -> None:
    rule, _ = asked({a: b})
    assert where([rule], exp(a)) == (exp(b), [rule])
    object.__setattr__(rule, "function", lambda term: x if term == a else None)
    assert where([rule], exp(a)) == (exp(x), [rule])


@pytest.mark.parametrize("where", [outermost, innermost])
def test_the_rules_that_were_used_are_told_each_time_in_their_order(where: Where) -> None:
    first, _ = asked({b: x})
    second, _ = asked({a: x})
    line = Plus(Times(a, i), Times(b, i))
    for rules in ([first, second], [second, first]):
        assert where(rules, line) == (Plus(Times(x, i), Times(x, i)), [second, first])


def test_outside_in_stops_at_the_place_and_inside_out_goes_on() -> None:
    rule, _ = asked({a: b, exp(a): x, exp(b): a})
    assert outermost([rule], exp(a)) == (x, [rule])
    assert innermost([rule], exp(a)) == (a, [rule])
