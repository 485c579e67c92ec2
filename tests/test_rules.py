"""The rules: each is its law and its examples, and both are true.

The register is the parametrisation: a rule is tested by being there.  A law is proved by the judge
for every size, its unknown functions unknown; and it is checked by SymPy's own `diff` with known
functions in their place, as the examples are.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.basic import Basic

import symderiv
from symderiv.derivation.rewrite import LEAVES, Group, outermost
from symderiv.judge import Judge
from symderiv.numbers.exact import Exact
from symderiv.printers.laws import law
from symderiv.reader import Identity, of_scalars, read_identity
from symderiv.rules import elementwise, facts, folding, fractions, naming, order, ranges, sums
from symderiv.rules.registry import RULES, Law, Rule
from symderiv.terms import (
    ONE,
    ZERO,
    D,
    Iverson,
    Neg,
    Partial,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    component,
    delta,
    exp,
    letter,
    size,
    subterms,
    summation,
)
from symderiv.terms.factors import key
from symderiv.terms.problem import Definition, Fact, Problem, Symmetry
from symderiv.terms.verdict import Strength
from tests.by_sympy import number, worlds, written

CASES = [
    pytest.param(rule, said, id=f"{rule.identifier} {n}")
    for rule in RULES.values()
    for n, said in enumerate((*rule.laws, *rule.examples), 1)
]
LAWS = [
    pytest.param(said.identity, id=f"{rule.identifier} {n}")
    for rule in RULES.values()
    for n, said in enumerate(rule.laws, 1)
]

# Rules that apply only where something is gained by it: their laws are more general.
CHOOSY = {
    "splitting-the-fraction",
    "like-terms",
    "linearity-of-the-sum",
    "multiplying-out",
    "one-root",
    "one-sum",
}


def proved(identity: Identity) -> bool:
    """Is it proved for every size, whatever the unknown functions are?"""
    return Judge(identity.problem).proof(identity.before, identity.after) is not None


# -- the register ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_an_identifier_a_name_a_law_and_an_example(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.identifier)
    assert RULES[rule.identifier] is rule
    assert rule.name == rule.name.strip() != ""
    assert rule.laws
    assert rule.examples or rule.identifier.startswith("derivative-of-")


def test_names_are_as_unlike_as_identifiers() -> None:
    assert len({rule.name for rule in RULES.values()}) == len(RULES)


def test_an_identifier_is_taken_once() -> None:
    with pytest.raises(ValueError, match="two rules have the identifier sifting"):
        order.sums.rule("sifting", "again", Law("u", "u"))(lambda term: None)


def test_the_firing_order_has_every_rule() -> None:
    log_first = {fractions.log_of_quotient}
    groups = (*order.DIFFERENTIATION, *order.BY_PRODUCT, *order.SUMS, *order.BEFORE_FOLDING)
    fired = {rule for group in (*groups, *order.AFTER_FOLDING) for rule in group}
    assert fired | log_first | {fractions.clearing} == set(RULES.values())


# -- laws ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("identity", LAWS)
def test_a_law_is_proved_by_the_judge(identity: Identity) -> None:
    assert proved(identity)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_law_is_what_the_rule_does(rule: Rule) -> None:
    for said in rule.laws:
        result = rule(said.identity.before)
        if rule.identifier in CHOOSY:
            assert result is None
        else:
            assert result is not None
            assert key(result) == key(said.identity.after)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_law_that_is_changed_is_not_proved(rule: Rule) -> None:
    for said in rule.laws:
        for after in (f"-({said.after}) + 1", f"2*({said.after}) + 1"):
            assert not proved(read_identity(said.before, after, said.given))


def test_a_law_needs_what_it_says_is_given() -> None:
    """A condition of a law is no ornament: without it the judge does not prove it."""
    conditional = [said for rule in RULES.values() for said in rule.laws if said.given]
    assert conditional
    for said in conditional:
        assert not proved(read_identity(said.before, said.after))


WRONG = [
    ("D(u/v)", "(D(u)*v + u*D(v))/v**2"),
    ("D(u/v)", "(D(u)*v - u*D(v))/v"),
    ("D(u*v)", "D(u)*D(v)"),
    ("D(u*v)", "D(u)*v"),
    ("D(u)", "0"),
    ("D(u)", "1"),
    ("D(u)", "u"),
    ("D(u**a)", "a*u**(a - 1)"),
    ("D(sum(u[k], k))", "D(u[1])"),
    ("D(D(u))", "D(u)"),
    ("D(u[i])", "D(u[j])"),
    ("D(tanh(u))", "(1 - tanh(u))*D(u)"),
    ("D(log(u))", "D(u)"),
    ("log(a/b)", "log(a) - log(b)"),
    ("sum(delta(j,k)*f[k], k)", "f[k]"),
    ("D(u, z[j])", "0"),
]


@pytest.mark.parametrize(("before", "after"), WRONG)
def test_what_is_no_law_is_not_proved(before: str, after: str) -> None:
    assert not proved(read_identity(before, after))


def test_an_unknown_function_has_one_derivative_of_every_order() -> None:
    """The derivative of an unknown function is one more, the same in whatever order it is taken."""
    assert proved(read_identity("D(D(u, x), a)", "D(D(u, a), x)"))
    assert not proved(read_identity("D(D(u, x), a)", "D(D(u, x), x)"))
    twice = read_identity("D(D(u*v))", "D(D(u))*v + 2*D(u)*D(v) + u*D(D(v))")
    assert proved(twice)


# What amsmath, MathJax, KaTeX and VS Code all typeset.
COMMANDS = {
    *("frac", "partial", "sum", "prod", "delta", "sigma", "left", "right", "bigl", "bigr", "log"),
    *("max", "min", "sin", "cos", "tan", "sinh", "cosh", "tanh", "mathrm", "text", "quad"),
    *(
        "sqrt",
        "pi",
        "leq",
        "neq",
        "geq",
        "lvert",
        "rvert",
        "mathbf",
        "arcsin",
        "arccos",
        "arctan",
        "det",
        "cdot",
    ),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_law_is_latex_that_typesets_everywhere(rule: Rule) -> None:
    spelled = law([said.identity for said in rule.laws], "latex")
    assert "=" in spelled
    assert set(re.findall(r"\\([A-Za-z]+)", spelled)) <= COMMANDS
    assert set(re.findall(r"\\([^A-Za-z])", spelled)) <= set(",;")
    assert spelled.count("{") == spelled.count("}")
    assert spelled.count(r"\left") == spelled.count(r"\right")
    assert spelled.count(r"\bigl") == spelled.count(r"\bigr")


# -- laws and examples, by SymPy -------------------------------------------------------------------

# What the unknown functions are, for SymPy: between 0 and 1 at the points tried, and above 1.
KNOWN = (
    {"u": "exp(-x)/2", "v": "x/(1 + x)", "w": "1/(2 + x)"},
    {"u": "2 + x**2", "v": "1 + exp(x)", "w": "3 + x"},
)


def with_known(problem: Problem, known: dict[str, str]) -> Problem:
    """The problem with definitions of its unknown functions, each component one of its own."""
    stages = []
    for name, text in known.items():
        letters = tuple(letter(s) for s, _ in zip("ab", problem.shapes.get(name, ()), strict=False))
        body = of_scalars(text)
        if letters:  # u_k = f(x) h_k / (1 + h_k)
            h = component("h", *letters)
            body = Times(body, Quotient(h, Plus(ONE, h)))
        stages.append(Definition(Quantity(Symbol(name), *letters), body))
    shapes = {"h": next((s for name, s in problem.shapes.items() if name in known and s), ())}
    return replace(problem, stages=tuple(stages), shapes={**shapes, **problem.shapes})


# For these the normal form has to know that no two of the functions put in are one.
AGREEING = {"mean-over-the-maximum", "mean-over-the-minimum"}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param(rule, said, id=f"{rule.identifier} {n}")
        for rule in RULES.values()
        for n, said in enumerate(rule.laws, 1)
    ],
)
def test_a_law_survives_the_attack(rule: Rule, said: Law) -> None:
    """With known functions in it the judge proves it as any line: by both roads."""
    identity, found = said.identity, set()
    for known in KNOWN:
        judge = Judge(with_known(identity.problem, known))
        found.add(judge.compare(identity.before, identity.after).strength)
    assert Strength.PROVED in found or rule.identifier in AGREEING
    assert Strength.REFUTED not in found


def difference(problem: Problem, before: Expr, after: Expr) -> list[float]:
    """How far the two are apart, at sizes 2 and 3 and in either case of the unknown functions."""
    found = []
    for known in KNOWN:
        there = with_known(problem, known)
        for world in worlds(there, before, after, positive=True):
            left, right = (number(written(t, world)) for t in (before, after))
            if sympy.im(left) == sympy.im(right) == 0:
                found.append(float(abs(left - right) / (1 + abs(left))))
    return found


def holds(problem: Problem, before: Expr, after: Expr) -> bool:
    found = difference(problem, before, after)
    return bool(found) and max(found) < 1e-28


@pytest.mark.parametrize(("rule", "said"), CASES)
def test_laws_and_examples_hold_by_sympy(rule: Rule, said: Law) -> None:
    identity = said.identity
    assert holds(identity.problem, identity.before, identity.after)


# but for what is true of positive numbers, and of functions of x alone
@pytest.mark.parametrize(
    ("before", "after"), [row for row in WRONG if row[0] not in ("log(a/b)", "D(u, z[j])")]
)
def test_sympy_sees_what_is_wrong(before: str, after: str) -> None:
    identity = read_identity(before, after)
    assert not holds(identity.problem, identity.before, identity.after)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_makes_what_its_examples_say(rule: Rule) -> None:
    for said in rule.examples:
        result = rule(said.identity.before)
        assert result is not None
        assert key(result) == key(said.identity.after), result


def test_a_rule_is_right_wherever_it_applies_to_the_examples_of_others() -> None:
    applied = 0
    for rule in RULES.values():
        for said in rule.examples:
            identity = said.identity
            for other in RULES.values():
                for term in (identity.before, identity.after):
                    result = other(term)
                    if other is not rule and result is not None and result != term:
                        applied += 1
                        assert holds(identity.problem, term, result), (other.identifier, term)
    assert applied > 20


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_says_none_where_it_does_not_apply(rule: Rule) -> None:
    for text in (*rule.refuses, "x", "z[i]", "u"):
        assert rule(read_identity(text, text).before) is None, text


@pytest.fixture(scope="module")
def met() -> dict[Basic, Problem]:
    """The terms of all lines of some derivations, each with the problem of one."""
    answers = [
        symderiv.softmax.jacobian(),
        symderiv.cross_entropy.gradient(wrt="W", batch="mean"),
        symderiv.cross_entropy.hessian(soft=True),
        symderiv.layer_normalisation.jacobian(),
        symderiv.derive("sum(max(z[k], 0)*abs(z[k])/sqrt(2*pi), k)", wrt="z[j]"),
        symderiv.derive("log(det(X)) + sum(inv(X)[i,i], i)", wrt="X[a,b]"),
    ]
    lines = {
        line: d.problem
        for answer in answers
        for d in (answer, *answer.lemmas)
        for s in d.steps
        for line in (s.before, s.after)
    }
    return {t: problem for line, problem in lines.items() for t in subterms(line)}


def test_a_rule_says_none_of_heads_that_it_does_not_name(met: dict[Basic, Problem]) -> None:
    """Those are never shown to it: what it would say of them would be lost."""
    assert len(met) > 300
    for term, problem in met.items():
        stages = problem.stages
        own = [make(s) for make in (folding.folding, naming.definition_of) for s in stages]
        for rule in (*RULES.values(), *own, naming.independent(problem)):
            shown = isinstance(term, rule.of)
            if isinstance(term, Partial):
                shown = shown and isinstance(term.expr, rule.body)
            any_head = {"Basic"} if not isinstance(term, Partial) else {"Basic", "Expr"}
            if not shown and _takes(rule) <= any_head:
                assert rule.function(term) is None, (rule.identifier, term)


def _takes(rule: Rule) -> set[str]:
    """The heads that the function of a rule takes, as it says itself."""
    annotations = getattr(rule.function, "__annotations__", {})
    taken = str(next(iter(annotations.values()), "Basic"))
    return {head.rpartition(".")[2] for head in taken.split(" | ")}


def test_a_rule_whose_function_takes_some_heads_names_these() -> None:
    some = {identifier: _takes(rule) for identifier, rule in RULES.items()}
    functions = {rule.identifier for rule in elementwise.DERIVATIVES.values()}  # any of one number
    some = {
        identifier: heads
        for identifier, heads in some.items()
        if identifier not in functions and not heads <= {"Basic", "Expr"}
    }
    assert len(some) > 30
    for identifier, heads in some.items():
        rule = RULES[identifier]
        named = rule.body if rule.of is Partial else rule.of
        assert heads == {h.__name__ for h in (named if isinstance(named, tuple) else (named,))}


def test_a_group_that_is_not_tried_would_change_nothing(met: dict[Basic, Problem]) -> None:
    def everywhere(rule: Rule, term: Basic) -> bool:
        places = LEAVES if isinstance(term, LEAVES) else ()
        own = rule(term) not in (None, term)
        return own or (not places and any(everywhere(rule, a) for a in term.args))

    for rule in RULES.values():
        for term in met:
            if not Group((rule,)).may_change(term):
                assert not everywhere(rule, term), (rule.identifier, term)


def test_many_rules_say_where_they_do_not_apply() -> None:
    assert sum(bool(rule.refuses) for rule in RULES.values()) >= 20


# -- rules that know the problem -------------------------------------------------------------------

x, a, b, c = (Symbol(s) for s in "xabc")
i, j, k, m, n = (letter(s) for s in "ijkmn")
K = size("K")
TWO, THREE = Integer(2), Integer(3)


def z(index: Basic) -> Expr:
    return component("z", index)


def A(row: Basic, column: Basic) -> Expr:
    return component("A", row, column)


def y(index: Basic) -> Expr:
    return component("y", index)


def p(index: Basic) -> Quantity:
    return Quantity(Symbol("p"), index)


def over_k(body: Expr) -> Expr:
    return summation(body, k, K)


S = over_k(exp(z(k)))
SOFTMAX = Definition(p(i), Quotient(exp(z(i)), S))
SOFTMAX_PROBLEM = Problem(p(i), (z(j),), (SOFTMAX,), (), {"z": (K,), "p": (K,)}, {i: K, j: K})


def folded(term: Expr, stage: Definition) -> Expr:
    return outermost([folding.folding(stage)], term)[0]


SIGMOID = Definition(Quantity(Symbol("s")), Quotient(ONE, Plus(ONE, exp(Neg(x)))))
s = Quantity(Symbol("s"))
ROOT = Definition(Quantity(Symbol("r")), Power(over_k(Power(z(k), TWO)), Quotient(ONE, TWO)))
r = Quantity(Symbol("r"))
root = ROOT.body
t = letter("t")  # a label
PAIR = Definition(p(i), Times(z(i), z(t)))
FOLDED: list[tuple[str, Definition, Expr, Expr]] = [
    ("whole", SOFTMAX, Quotient(exp(z(j)), S), p(j)),
    ("a factor", SOFTMAX, Quotient(Times(a, exp(z(j))), S), Times(a, p(j))),
    ("twice", SOFTMAX, Quotient(Times(exp(z(i)), exp(z(j))), Power(S, TWO)), Times(p(i), p(j))),
    ("another letter", SOFTMAX, Quotient(exp(z(j)), summation(exp(z(m)), m, K)), p(j)),
    ("not the body", SOFTMAX, Quotient(exp(y(j)), S), Quotient(exp(y(j)), S)),
    ("a complement", SIGMOID, Quotient(exp(Neg(x)), Plus(ONE, exp(Neg(x)))), Plus(ONE, Neg(s))),
    ("divided through", SIGMOID, Quotient(exp(x), Plus(ONE, exp(x))), s),
    ("its complement", SIGMOID, Quotient(ONE, Plus(ONE, exp(x))), Plus(ONE, Neg(s))),
    (
        "under a sum",
        SOFTMAX,
        Quotient(over_k(Times(exp(z(k)), y(k))), S),
        over_k(Times(p(k), y(k))),
    ),
    ("not under a sum", SOFTMAX, over_k(Times(exp(z(k)), y(k))), over_k(Times(exp(z(k)), y(k)))),
    ("below the bar", ROOT, Quotient(z(j), root), Quotient(z(j), r)),
    ("two factors that meet", PAIR, Times(a, Power(z(t), TWO)), Times(a, p(t))),
    ("one of two factors", PAIR, Times(a, z(t)), Times(a, z(t))),
    ("its square", ROOT, over_k(Power(z(k), TWO)), Power(r, TWO)),
]


@pytest.mark.parametrize(("said", "stage", "term", "name"), FOLDED, ids=[r[0] for r in FOLDED])
def test_folding(said: str, stage: Definition, term: Expr, name: Expr) -> None:
    assert key(folded(term, stage)) == key(name)


def test_a_symmetric_array_is_turned_where_two_terms_are_then_alike() -> None:
    turned = facts.symmetric(Symmetry("A", (1, 0)))
    left, right = over_k(Times(A(j, k), z(k))), over_k(Times(A(k, j), z(k)))
    assert turned(Plus(left, Times(TWO, right))) == Plus(left, Times(TWO, left))
    assert turned(Plus(left, left)) is None
    assert turned(Plus(left, Times(A(j, i), z(j)))) is None
    assert turned(Plus(A(i, j), y(i), A(j, i))) == Plus(A(i, j), y(i), A(i, j))
    skew = facts.symmetric(Symmetry("A", (1, 0), -1))
    assert skew(Plus(A(i, j), A(j, i))) == Plus(A(i, j), Neg(A(i, j)))


def test_rules_that_are_made_have_laws_that_hold() -> None:
    fact = Fact(sympy.Eq(over_k(y(k)), ONE, evaluate=False))
    (said,) = facts.known_part(fact, "a name").laws
    assert proved(said.identity)
    for sign in (1, -1):
        (said,) = facts.symmetric(Symmetry("A", (1, 0), sign)).laws
        declared = read_identity(said.before, said.after, [f"{said.before} == {said.after}"])
        assert proved(declared)
        assert not proved(said.identity)  # it is what is declared
    assert naming.independent(SOFTMAX_PROBLEM).laws == RULES["constants"].laws


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        ("sum(c[m]*u[m], m)", "sum(c[m]*D(u[m]), m)"),
        ("sum(u[m]**2, m)", "sum(2*u[m]*D(u[m]), m)"),
        ("exp(u[1]*u[2])", "exp(u[1]*u[2])*(u[2]*D(u[1]) + u[1]*D(u[2]))"),
    ],
)
def test_the_chain_rule_holds_through_an_unknown_stage(function: str, slope: str) -> None:
    assert proved(read_identity(f"D({function})", slope))


def test_a_lemma_is_cited_at_any_indices_without_capture() -> None:
    answer = over_k(Times(p(k), Plus(delta(i, j), Neg(p(j)))))
    lemma = naming.citing(D(p(i), z(j)), answer, "lemma")
    expected = summation(Times(p(m), Plus(delta(j, k), Neg(p(k)))), m, K)
    assert key(lemma(D(p(j), z(k)))) == key(expected)
    assert lemma(D(p(i), y(j))) is None


def test_a_definition_is_read_at_other_indices_without_capture() -> None:
    unfold = naming.definition_of(SOFTMAX)
    assert key(unfold(p(k))) == key(Quotient(exp(z(k)), summation(exp(z(m)), m, K)))


AT_LEAST_2 = Iverson(sympy.Le(TWO, K, evaluate=False))


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (j, ONE, K, ONE),
        (component("y", n), ONE, K, ONE),
        (ONE, ONE, K, ONE),
        (TWO, ONE, K, AT_LEAST_2),  # at K = 1 there is no second
        (ONE, TWO, K, ZERO),
        (TWO, ONE, K - 1, Iverson(sympy.Le(TWO, K - 1, evaluate=False))),
        (Integer(4), ONE, Integer(3), ZERO),
    ],
)
def test_an_index_lies_in_the_range_of_its_letter(
    value: Expr, low: Expr, high: Expr, expected: Expr
) -> None:
    assert ranges.in_range(value, sympy.Tuple(k, low, high)) == expected


@pytest.mark.parametrize(("least", "there"), [(1, False), (2, True), (3, True)])
def test_a_number_is_an_index_where_the_problem_presumes_it(least: int, there: bool) -> None:
    sifted = sums.sifting_within({"K": least})(over_k(Times(delta(k, TWO), z(k))))
    assert key(sifted) == key(z(TWO) if there else Times(z(TWO), AT_LEAST_2))


# -- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "slope"),
    [
        ("x**2/(1 + x**2)", 0), ("x**2/(a + x**2)", 0), ("x**3/(1 + x**2)", 0), ("x/(1 + x)", 1),
        ("x/(1 + abs(x))", 1), ("x/(1 + exp(-x))", 0.5), ("x/sqrt(1 + x**2)", 1),
        ("x*a/(x**2 + a**2)", 0.5), ("x**2*exp(x)/(1 + exp(x))", 0),
    ],
)  # fmt: skip
def test_no_name_stands_below_where_what_it_means_is_0(body: str, slope: float) -> None:
    """The slope at 0 of what is 0 there, by its name: 2 x (1 - L)², no 2 x³ (1/L - 1)."""
    answer = symderiv.derive(f"L = {body}", wrt="x")
    found = Exact(answer.problem, {"x": 0.0, "a": 2.0}, {}).value(answer.answer, {})
    assert found == slope
