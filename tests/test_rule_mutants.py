"""Wrong rules are refused at the very line that they make.

Each mutant stands in for a rule of the register while a derivation is made.  The lines before it
are those of the true derivation; its own line raises, and what is raised shows the rule, the
size, the indices and both values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pytest
import sympy
from sympy import Derivative, Expr, Indexed, KroneckerDelta, Min, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation
from symderiv.derivation.chain import Refusal
from symderiv.derivation.known import Known
from symderiv.derivation.routes import ROUTES
from symderiv.derivation.textbook import Textbook
from symderiv.reader import read
from symderiv.rules import facts, folding, naming, ranges
from symderiv.rules.differentiation import parts
from symderiv.rules.order import RULES
from symderiv.rules.registry import Rule, held
from symderiv.terms import (
    ONE,
    ZERO,
    D,
    Iverson,
    Maximum,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    component,
    delta,
    exp,
    log,
    plus,
    rebuild,
    summation,
    times,
)
from symderiv.terms.letters import substitute
from symderiv.terms.verdict import Strength

SOFTMAX = "p[i] = exp(z[i]) / sum(exp(z[k]), k); "
JACOBIAN = (SOFTMAX + "p[i]", "z[j]", "quotient")
BY_PRODUCT = (SOFTMAX + "p[i]", "z[j]", "product")
CROSS_ENTROPY = (SOFTMAX + "-sum(y[i]*log(p[i]), i)", "z[j]", "quotient")
LABEL = (SOFTMAX + "-log(p[y])", "z[j]", "quotient")
WEIGHTS = ("z[i] = sum(W[i,d]*x[d], d); " + SOFTMAX + "-log(p[y])", "W[k,c]", "quotient")
Formula = tuple[str, str, str]  # text, variable, route
Wrong = Callable[[Basic], Expr | None]
TRUE = {name: rule.function for name, rule in RULES.items()}


def of_x(text: str) -> Formula:
    return text, "x", "quotient"


def of_z(text: str) -> Formula:
    return text, "z[j]", "quotient"


CLIP = of_x("max(min(z[k], x), k)")


def clipped_wrongly(u: Expr, x: Expr) -> Expr | None:
    """max_k min(u_k, c) = max_k u_k."""
    moving = [a for a in u.args[0].args if a.has(u.args[1].args[0])]
    return D(rebuild(u, (moving[0], *u.args[1:])), x) if isinstance(u.args[0], Min) else None


def above_only(term: Expr) -> Expr:
    return term.numerator


def unused(term: Basic) -> Expr | None:
    return None


def part(pattern: type[Basic], change: Callable[..., Expr]) -> Wrong:
    """A rule for ∂u/∂x where u has that head: change(u, x)."""

    def apply(term: Basic) -> Expr | None:
        found = parts(term)
        if found is None or not isinstance(found[0], pattern):
            return None
        return change(*found)

    return apply


def spoilt(rule: Rule, change: Callable[[Expr], Expr]) -> Wrong:
    """What the true rule makes, changed."""
    true = rule.function

    def apply(term: Basic) -> Expr | None:
        made = true(term)
        return None if made is None else change(made)

    return apply


def quotient_with_a_plus(f: Quotient, x: Expr) -> Expr:
    u, v = f.args
    return Quotient(Plus(Times(D(u, x), v), Times(u, D(v, x))), Power(v, 2))


def quotient_turned_round(f: Quotient, x: Expr) -> Expr:
    u, v = f.args
    return Quotient(Plus(Times(u, D(v, x)), Neg(Times(D(u, x), v))), Power(v, 2))


def quotient_without_the_square(f: Quotient, x: Expr) -> Expr:
    u, v = f.args
    return Quotient(Plus(Times(D(u, x), v), Neg(Times(u, D(v, x)))), v)


def quotient_of_derivatives(f: Quotient, x: Expr) -> Expr:
    return Quotient(D(f.args[0], x), D(f.args[1], x))


def product_of_derivatives(f: Times, x: Expr) -> Expr:
    return times(*(D(a, x) for a in f.args))


def product_with_a_factor_dropped(f: Times, x: Expr) -> Expr:
    return plus(D(f.args[0], x), *(times(f.args[0], D(a, x)) for a in f.args[1:]))


def product_with_one_term(f: Times, x: Expr) -> Expr:
    return times(D(f.args[0], x), *f.args[1:])


def product_with_a_minus(f: Times, x: Expr) -> Expr:
    u, v = f.args[0], times(*f.args[1:])
    return Plus(Times(D(u, x), v), Neg(Times(u, D(v, x))))


def sum_without_its_sum(f: Sum, x: Expr) -> Expr:
    return D(f.function, x)


def sum_that_captures(f: Sum, x: Expr) -> Expr:
    (index, *ends), own = f.limits[0], x.args[-1]
    return rebuild(f, (D(substitute(f.function, {index: own}), x), sympy.Tuple(own, *ends)))


def sum_from_two(f: Sum, x: Expr) -> Expr:
    index, _, high = f.limits[0]
    return summation(D(f.function, x), index, high, 2)


def sifted_to_the_wrong_letter(term: Basic) -> Expr | None:
    """Σ_k δ_jk f_k -> f_k at the letter of another factor: the first free one in sight."""
    if isinstance(term, Sum):
        for d in term.function.atoms(KroneckerDelta):
            index = term.limits[0][0]
            others = [a for a in d.args if a != index]
            if len(others) == 1 and index in d.args:
                body = term.function.xreplace({d: ONE})
                return ranges.over(body, term.limits)
    return None


def sifted_without_the_body(term: Basic) -> Expr | None:
    return None if TRUE["sifting"](term) is None else ONE


def sifted_with_the_range_forgotten(term: Basic) -> Expr | None:
    made = TRUE["sifting"](term)
    if made is None:
        return None
    return made.replace(lambda t: isinstance(t, Iverson), lambda t: ONE)


def power_off_by_one(f: Power, x: Expr) -> Expr:
    return Times(f.exponent, Power(f.base, f.exponent), D(f.base, x))


def power_without_the_factor(f: Power, x: Expr) -> Expr:
    return Times(Power(f.base, f.exponent - 1), D(f.base, x))


def power_without_the_inner(f: Power, x: Expr) -> Expr:
    return Times(f.exponent, Power(f.base, f.exponent - 1))


def exponential_without_the_inner(f: Expr, x: Expr) -> Expr:
    return exp(f.args[0])


def exponential_as_a_power(f: Expr, x: Expr) -> Expr:
    u = f.args[0]
    return Times(u, exp(Plus(u, Neg(ONE))), D(u, x))


def logarithm_without_the_inner(f: Expr, x: Expr) -> Expr:
    return Quotient(ONE, f.args[0])


def logarithm_kept(f: Expr, x: Expr) -> Expr:
    return Quotient(D(f.args[0], x), f)


def constants_that_vary(term: Basic) -> Expr | None:
    found = parts(term)
    return ZERO if found is not None and found[0] != found[1] else None


def component_is_one(term: Basic) -> Expr | None:
    return ONE if TRUE["independent-variables"](term) is not None else None


def minus(term: Expr) -> Expr:
    return Neg(term)


def last(term: Expr) -> Expr:
    return term.args[-1]


def one_minus(term: Expr) -> Expr:
    return Plus(ONE, Neg(term))


def maximum_of_all(f: Maximum, x: Expr) -> Expr:
    index, low, high = f.limits[0]
    return summation(D(f.function, x), index, high, low)


def product_without_the_division(f: Product, x: Expr) -> Expr:
    index, low, high = f.limits[0]
    return times(f, summation(D(f.function, x), index, high, low))


def splitting_half(term: Basic) -> Expr | None:
    made = TRUE["splitting-the-fraction"](term)
    if not isinstance(made, Plus):
        return None
    first, *rest = made.args
    return plus(first, *(r.term.numerator if isinstance(r, Neg) else r for r in rest))


def common_factor_of_some(term: Basic) -> Expr | None:
    made = TRUE["common-factor"](term)
    return None if not isinstance(made, Times) else times(*made.args[1:])


def changed(name: str, change: Callable[[Expr], Expr]) -> Wrong:
    return spoilt(RULES[name], change)


def letter_lost(term: Expr) -> Expr:
    """δ_ij -> δ_i1."""
    return delta(min(term.free_symbols, key=str), 1)


LOG = type(log(Symbol("u")))
SHIFTED = ("h[i] = sum(w[k]*x[i+k], k); sum(g[i]*h[i], i)", "x[j]", "quotient")
CUBE = of_z("sum(z[k]**2, k)**3")


# the rule that it stands for, what is wrong with it, the wrong rule, and where it is tried
def inverse_turned(f: Expr, x: Expr) -> Expr | None:
    """-X^-1_ik X^-1_jl, the last two indices the other way round."""
    if not isinstance(f, Indexed) or str(f.base.label) != "inv(X)":
        return None
    (i, j), (a, b) = f.args[1:], x.args[1:]
    return Neg(times(component("inv(X)", i, a), component("inv(X)", j, b)))


def inverse_of_the_determinant(f: Expr, x: Expr) -> Expr | None:
    """X^-1_ij for X^-1_ji."""
    named = isinstance(f, Symbol) and f.name == "logdet(X)"
    return component("inv(X)", *x.args[1:]) if named else None


INVERSE = ("inv(X)[i,j]", "X[k,m]", "quotient")
LOGDET = ("logdet(X)", "X[i,j]", "quotient")
MUTANTS: list[tuple[str, str, Wrong, Formula]] = [
    (
        "derivative-of-the-inverse",
        "two indices exchanged",
        part(Indexed, inverse_turned),
        INVERSE,
    ),
    (
        "derivative-of-the-inverse",
        "the minus dropped",
        spoilt(RULES["derivative-of-the-inverse"], lambda t: t.args[0]),
        INVERSE,
    ),
    (
        "derivative-of-the-determinant",
        "not transposed",
        part(Symbol, inverse_of_the_determinant),
        LOGDET,
    ),
    ("quotient-rule", "a plus", part(Quotient, quotient_with_a_plus), JACOBIAN),
    ("quotient-rule", "turned round", part(Quotient, quotient_turned_round), JACOBIAN),
    ("quotient-rule", "no square", part(Quotient, quotient_without_the_square), JACOBIAN),
    ("quotient-rule", "u'/v'", part(Quotient, quotient_of_derivatives), JACOBIAN),
    ("product-rule", "u'v'", part(Times, product_of_derivatives), of_x("x*exp(x)")),
    ("product-rule", "lost", part(Times, product_with_a_factor_dropped), of_x("x*exp(x)*log(x)")),
    ("product-rule", "one term", part(Times, product_with_one_term), BY_PRODUCT),
    ("product-rule", "a minus", part(Times, product_with_a_minus), of_z("z[j]*exp(z[j])")),
    ("reciprocal-rule", "no minus", changed("reciprocal-rule", minus), BY_PRODUCT),
    ("derivative-of-a-sum", "no sum", part(Sum, sum_without_its_sum), of_z("sum(y[i]*z[i], i)")),
    (
        "derivative-of-a-sum",
        "capture",
        part(Sum, sum_that_captures),
        of_z("s = sum(y[j]*z[j]**2, j); s**2"),
    ),
    ("derivative-of-a-sum", "from two", part(Sum, sum_from_two), JACOBIAN),
    ("sifting", "only δ goes", sifted_to_the_wrong_letter, JACOBIAN),
    ("sifting", "f is lost", sifted_without_the_body, CROSS_ENTROPY),
    ("sifting", "the range is forgotten", sifted_with_the_range_forgotten, SHIFTED),
    ("power-rule", "off by one", part(Power, power_off_by_one), CUBE),
    ("power-rule", "no factor", part(Power, power_without_the_factor), CUBE),
    ("power-rule", "no inner", part(Power, power_without_the_inner), CUBE),
    (
        "derivative-of-exp",
        "no inner",
        part(sympy.exp, exponential_without_the_inner),
        of_x("exp(-x**2)"),
    ),
    ("derivative-of-exp", "as a power", part(sympy.exp, exponential_as_a_power), JACOBIAN),
    ("derivative-of-log", "no inner", part(LOG, logarithm_without_the_inner), CROSS_ENTROPY),
    ("derivative-of-log", "log stays", part(LOG, logarithm_kept), of_x("log(1 + exp(x))")),
    ("constants", "all are", constants_that_vary, of_x("x**2 + 3*y")),
    ("independent-variables", "no δ", component_is_one, CROSS_ENTROPY),
    ("independent-variables", "δ_i1", changed("independent-variables", letter_lost), JACOBIAN),
    ("derivative-of-cos", "a minus", changed("derivative-of-cos", minus), of_x("cos(x)")),
    ("derivative-of-sin", "a minus", changed("derivative-of-sin", minus), of_x("sin(x**2)")),
    (
        "derivative-of-sigmoid",
        "a minus",
        changed("derivative-of-sigmoid", minus),
        of_x("sigmoid(3*x)"),
    ),
    ("derivative-of-tanh", "complement", changed("derivative-of-tanh", one_minus), of_x("tanh(x)")),
    ("derivative-of-relu", "complement", changed("derivative-of-relu", one_minus), of_x("relu(x)")),
    ("larger-of-two", "complement", changed("larger-of-two", one_minus), of_x("max(x, 0)")),
    (
        "largest-of-several",
        "complement",
        changed("largest-of-several", one_minus),
        of_x("max(x, 0, y)"),
    ),
    (
        "smallest-of-several",
        "a minus",
        changed("smallest-of-several", minus),
        of_x("min(x**3, a, y)"),
    ),
    (
        "first-that-is-smallest",
        "a minus",
        changed("first-that-is-smallest", minus),
        of_x("min(x, x**2, y)"),
    ),
    ("constant-out-of-the-maximum", "max for min", part(Maximum, clipped_wrongly), CLIP),
    (
        "mean-over-the-minimum",
        "no mean",
        changed("mean-over-the-minimum", above_only),
        of_x("min(x*z[k], k)"),
    ),
    ("minimum", "a minus", changed("minimum", minus), of_z("min(z[k], k)")),
    ("maximum", "no bracket", part(Maximum, maximum_of_all), of_z("max(z[k], k)")),
    (
        "derivative-of-a-product",
        "no division",
        part(Product, product_without_the_division),
        of_z("prod(z[k]**2, k)"),
    ),
    ("splitting-the-fraction", "half", splitting_half, JACOBIAN),
    ("common-factor", "lost", common_factor_of_some, JACOBIAN),
    ("signs", "a minus", changed("signs", minus), LABEL),
    (
        "constant-out-of-the-sum",
        "a minus",
        changed("constant-out-of-the-sum", minus),
        CROSS_ENTROPY,
    ),
    (
        "sum-of-a-constant",
        "no size",
        changed("sum-of-a-constant", last),
        of_x("sum(x**2, (k,1,K))"),
    ),
]


@contextmanager
def in_place(rule: Rule, wrong: Wrong) -> Iterator[None]:
    """The rule with another function, for a while."""
    true = rule.function
    object.__setattr__(rule, "function", held(wrong))
    try:
        yield
    finally:
        object.__setattr__(rule, "function", true)


def derive(formula: Formula, assume: tuple[str, ...] = ()) -> Derivation:
    text, variable, route = formula
    return Textbook(read(text, wrt=(variable,), assume=assume), ROUTES[route]).derive()


@cache
def true_lines(formula: Formula, assume: tuple[str, ...] = ()) -> set[Expr]:
    """The lines of a derivation whose rules are all true; asked for before one is spoilt."""
    return lines(derive(formula, assume))


def lines(derivation: Derivation) -> set[Expr]:
    """The lines of a derivation and of the lemmas it cites."""
    return set(derivation.lines).union(*(lines(lemma) for lemma in derivation.lemmas))


@pytest.mark.parametrize(
    ("name", "wrong", "formula"),
    [(name, wrong, formula) for name, _, wrong, formula in MUTANTS],
    ids=[f"{name}: {what}" for name, what, *_ in MUTANTS],
)
def test_a_wrong_rule_is_refused_at_its_line(name: str, wrong: Wrong, formula: Formula) -> None:
    true = true_lines(formula)
    with in_place(RULES[name], wrong), pytest.raises(Refusal) as refused:
        derive(formula)
    error = refused.value
    assert RULES[name].name in error.rule.split(", ")
    assert error.before in true
    assert error.after not in true
    assert error.verdict.strength is Strength.REFUTED
    shown = error.verdict.counterexample
    assert shown is not None
    assert shown.left != shown.right
    message = str(error)
    for said in (error.rule, f"before: {shown.left}", f"after:  {shown.right}"):
        assert said in message
    for what, value in {**shown.sizes, **shown.indices, **shown.point}.items():
        assert f"{what} = {value}" in message


def test_there_are_mutants_of_many_rules() -> None:
    assert len(MUTANTS) >= 35
    assert len({name for name, *_ in MUTANTS}) >= 20


# -- rules that are made for a problem -------------------------------------------------------------


def spoil(monkeypatch: pytest.MonkeyPatch, maker: str, change: Callable[[Expr], Expr]) -> None:
    """Rules of that maker give what they gave, changed."""
    home = next(room for room in (naming, facts, folding) if hasattr(room, maker))
    true = getattr(home, maker)

    def made(*args: object) -> Rule:
        rule = true(*args)
        return replace(rule, function=held(spoilt(rule, change)))

    monkeypatch.setattr(home, maker, made)


ONE_HOT = ("sum(y[i], i) = 1",)
MAKERS = [
    ("definition_of", minus, JACOBIAN, ()),
    ("citing", minus, CROSS_ENTROPY, ()),
    ("chain_through", minus, WEIGHTS, ()),
    ("chain_through", lambda t: t.function if isinstance(t, Sum) else t, WEIGHTS, ()),
    ("folding", one_minus, JACOBIAN, ()),
    ("known_sum", lambda t: Times(sympy.Integer(2), t), CROSS_ENTROPY, ONE_HOT),
]


@pytest.mark.parametrize(("maker", "change", "formula", "assume"), MAKERS)
def test_a_wrong_rule_of_the_problem_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    maker: str,
    change: Callable[[Expr], Expr],
    formula: Formula,
    assume: tuple[str, ...],
) -> None:
    true = true_lines(formula, assume)
    spoil(monkeypatch, maker, change)
    with pytest.raises(Refusal) as refused:
        derive(formula, assume)
    error = refused.value
    assert error.before in true
    assert error.verdict.strength is Strength.REFUTED
    assert error.verdict.counterexample is not None
    assert "before:" in str(error)


def test_without_the_declaration_a_known_sum_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Σy = 1 used where nobody said so: refused at the line that uses it."""
    text, variable, _ = CROSS_ENTROPY
    said = read(text, wrt=(variable,), assume=ONE_HOT)
    textbook = Textbook(read(text, wrt=(variable,)))
    true = Known.rules
    fact = facts.known_sum(said.facts[0], "declared assumption")
    monkeypatch.setattr(Known, "rules", lambda self, line: [*true(self, line), fact])
    with pytest.raises(Refusal, match="declared assumption") as refused:
        textbook.derive()
    assert refused.value.verdict.counterexample is not None


def test_a_derivative_left_over_is_no_answer() -> None:
    with (
        in_place(RULES["derivative-of-exp"], unused),
        pytest.raises(ArithmeticError, match="no rule"),
    ):
        derive(JACOBIAN)
    assert not derive(JACOBIAN).answer.has(Derivative)
    assert isinstance(derive(JACOBIAN).statement.args[0], Quantity)
