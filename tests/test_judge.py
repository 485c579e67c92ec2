"""The judge on single lines: a table of true lines, a table of false ones, letters and ledger."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import sympy
from sympy import Expr, Integer, Symbol

from symderiv import terms
from symderiv.judge import Judge
from symderiv.judge.attack import Attack, points
from symderiv.reader import read, read_claim
from symderiv.terms import D, Neg, Plus, Quantity, component, delta, letter, size, summation
from symderiv.terms.letters import substitute
from symderiv.terms.problem import Definition, Problem
from symderiv.terms.verdict import ENOUGH, Strength, Verdict, refusal, weakest

# left, right: proved for every size, whatever the arrays and scalars are
TRUE = (
    # sums
    ("sum(z[k], k)**2", "sum(z[k]*z[l], k, l)"),
    ("sum(2*z[k] + 1, (k, 1, K))", "2*sum(z[k], k) + K"),
    ("sum(sum(A[i,k]*z[k], k)**2, i)", "sum(A[i,k]*A[i,l]*z[k]*z[l], i, k, l)"),
    ("sum(A[i,k]*z[k], i, k)", "sum(A[j,l]*z[l], l, j)"),
    ("sum(z[k]**2, (k, 1, K)) - sum(z[k], (k, 1, K))**2/K",
     "sum((z[k] - sum(z[l], l)/K)**2, k)"),
    ("sum((a[k] + b[k])/(1 + exp(z[k])), k)",
     "sum(a[k]/(1 + exp(z[k])), k) + sum(b[k]/(1 + exp(z[k])), k)"),
    ("sum(sigmoid(z[k])*(1 - sigmoid(z[k])), k)", "sum(sigmoid(z[k]) - sigmoid(z[k])**2, k)"),
    ("sum(abs(z[k])**2, k)", "sum(z[k]**2, k)"),
    # powers of powers of what is not negative
    ("(abs(x)**a)**b", "abs(x)**(a*b)"),
    ("sqrt(x)**a", "x**(a/2)"),
    ("sum(z[k]**2, k)**(a/2)", "sqrt(sum(z[k]**2, k))**a"),
    # a sum that is divided by, and stands before the sum over k
    ("sum(exp(v[l]), l)*sum(exp(z[k])/(sum(exp(v[l]), l)*exp(z[k]) + exp(w[k])), k)",
     "sum(1 - exp(w[k])/(sum(exp(v[l]), l)*exp(z[k]) + exp(w[k])), k)"),
    # deltas
    ("sum(delta(j,k)*z[k], k)", "z[j]"),
    ("delta(j,l)*z[l]*z[j]", "delta(j,l)*z[j]**2"),
    ("sum(delta(j,k)*delta(k,l)*z[k], k)", "delta(j,l)*z[l]"),
    ("z[j] + sum(iverson(k != j)*z[k], k)", "sum(z[k], k)"),
    ("delta(j,l)**2*z[j]", "delta(j,l)*z[l]"),
    # exponentials and logarithms
    ("sum(exp(z[k])/sum(exp(z[l]), l), k)", "1"),
    ("exp(z[j] - 3)*exp(3)", "exp(z[j])"),
    ("log(sum(exp(z[k] - z[j]), k)) + z[j]", "log(sum(exp(z[k]), k))"),
    ("log(sum(exp(z[k] - max(z[l], l)), k)) + max(z[l], l)", "log(sum(exp(z[k]), k))"),
    ("log(prod(exp(z[k]), k))", "sum(z[k], k)"),
    ("sigmoid(-x)", "1 - sigmoid(x)"),
    ("softplus(x) - softplus(-x)", "x"),
    ("log(1 + exp(x)) - x", "log(1 + exp(-x))"),
    ("tanh(x)", "2*sigmoid(2*x) - 1"),
    ("cosh(x)**2 - sinh(x)**2", "1"),
    ("exp(x)**a", "exp(a*x)"),
    ("log(x**2)", "2*log(abs(x))"),
    ("log(1 - sigmoid(x))", "log(sigmoid(x)) - x"),
    # parts of an axis
    ("sum(z[k+1]*z[k], (k, 1, K-1))", "sum(z[k]*z[k-1], (k, 2, K))"),
    ("sum(delta(j,k)*z[k], (k, 2, K))", "z[j]*iverson(j >= 2)"),
    ("sum(delta(j,k)*z[k], (k, 1, K-1))", "z[j]*iverson(j < K)"),
    ("sum(3, (k, 2, K)) + 0*z[j]", "3*(K - 1)"),
    ("z[j]*iverson(j >= 2)*iverson(j <= 3)", "z[2]*delta(j,2) + z[3]*delta(j,3)"),
    # the larger and the smaller
    ("max(a, b, x)", "max(a, max(b, x))"),
    ("min(a, b, x)", "-max(-a, -b, -x)"),
    ("max(a, b, x) + min(a, b, x)", "min(a, b, x) + max(x, b, a)"),
    ("iverson(x > max(a, b))", "iverson(x > a)*iverson(x > b)"),
    ("iverson(max(a, b) > x)", "1 - iverson(x >= a)*iverson(x >= b)"),
    ("iverson(x <= min(a, b))", "iverson(x <= a)*iverson(x <= b)"),
    ("min(z[k], k)", "-max(-z[k], k)"),
    ("min(2*z[k] + x, k)", "x + 2*min(z[l], l)"),
    # powers
    ("x**(a - 1)*x", "x**a"),
    ("(1 + x)**(a + 3/2)", "(1 + x)*(1 + x)**(a + 1/2)"),
    ("x**((a + 1)/2 - 1)*x", "x**((a + 1)/2)"),
    ("abs(x)**(a - 1/2)*sqrt(abs(x))", "abs(x)**a"),
    ("2**x*2**x", "4**x"),
    ("sqrt(8)*x", "2*sqrt(2)*x"),
    ("sqrt(x)*sqrt(x)", "x"),
    ("sqrt(x**2)", "abs(x)"),
    ("sqrt(exp(2*x))", "exp(x)"),
    ("(1 + x)**(3/2)", "(1 + x)*sqrt(1 + x)"),
    ("1/sqrt(1 + x)", "sqrt(1 + x)/(1 + x)"),
    ("1/(x - a) + 1/sqrt(a - x)**2", "0*x"),
    ("1/(x - a)**2 + sqrt(a - x)", "1/sqrt(a - x)**4 + sqrt(a - x)"),
    ("1/(x - 1) + 1/(1 - x)", "0"),
    ("(x**2 - 1)/(x - 1)", "x + 1"),
    ("exp((x**2 - 1)/(x - 1))", "exp(x)*exp(1)"),
    # trigonometry, and functions with a kink
    ("sin(x)**2 + cos(x)**2", "1"),
    ("tan(x)*cos(x)", "sin(x)"),
    ("erf(-x)", "-erf(x)"),
    ("abs(x)", "relu(x) + relu(-x)"),
    ("x**2 + abs(x)", "x**2 + x*sign(x)"),
    ("max(x, a)", "(x + a + abs(x - a))/2"),
    ("max(x, a) + min(x, a)", "x + a"),
    ("max(z[k], k) + 1", "max(z[k] + 1, k)"),
    ("iverson(x >= 0)", "1 - iverson(x < 0)"),
)  # fmt: skip

# left, right: near the true ones, and false
FALSE = (
    ("sum(z[k], k)**2", "sum(z[k]**2, k)"),
    ("sum(2*z[k] + 1, k)", "2*sum(z[k], k) + 1"),
    ("sum(z[k]*a[k], k)", "sum(z[k], k)*sum(a[k], k)"),
    ("sum(A[i,k]*x[i]*z[k], i, k)", "sum(A[i,k]*x[i], i, k)*sum(z[k], k)"),
    ("sum(delta(j,k)*z[k], k)", "sum(z[k], k)"),
    ("delta(j,l)*z[l]", "z[l]"),
    ("z[j] - sum(iverson(k != j)*z[k], k)", "sum(z[k], k)"),
    ("exp(z[j])*exp(z[l])", "exp(z[j]*z[l])"),
    ("log(sum(exp(z[k]), k))", "sum(z[k], k)"),
    ("log(sum(exp(z[k] - z[j]), k))", "log(sum(exp(z[k]), k)) + z[j]"),
    ("sigmoid(-x)", "-sigmoid(x)"),
    ("sqrt(x**2)", "x"),
    ("sqrt(x**2 + a**2)", "abs(x) + abs(a)"),
    ("relu(-x)", "-relu(x)"),
    ("max(x, a)", "relu(x) + relu(a)"),
    ("sign(x)*x", "x"),
    ("x**(a - 1)", "x**a"),
    ("(1 + x)**(a + 3/2)", "(1 + x)**(a + 1/2)"),
    ("(1 + x)**(2*a + 1)", "((1 + x)**2)**(a + 1/2)"),
    ("(x**2)**(a + 1/2)", "(x**2)**a*x"),
    ("1/(1 + exp(-x))", "1/(1 + exp(x))"),
    ("erf(x)", "tanh(x)"),
    ("iverson(x > 0)", "iverson(x > 1)"),
    ("iverson(x > max(a, b))", "iverson(x > a)"),
    ("sum(z[k], (k, 2, K))", "sum(z[k], k)"),
    ("sum(z[k], (k, 1, K-1))", "sum(z[k], (k, 2, K))"),
    ("sum(3, (k, 2, K-1)) + 0*z[j]", "3*(K - 2)"),
    ("sum(delta(j,k)*z[k], (k, 2, K))", "z[j]"),
    ("sum(delta(j,k)*z[k], (k, 1, K-1))", "z[j]*iverson(j >= 2)"),
    ("z[j]*iverson(j >= 2)*iverson(j <= 3)", "z[2]*delta(j,2)"),
    ("iverson(x > min(a, b))", "iverson(x > a)*iverson(x > b)"),
    ("max(a, b, x)", "max(a, b)"),
    ("min(z[k], k)", "-max(z[k], k)"),
)

# left, right: true, but of a kind for which there is no law
TRUE_WITHOUT_A_LAW = (("sin(x/2)**2", "(1 - cos(x))/2"),)


def two_lines(left: str, right: str) -> tuple[Problem, Expr, Expr]:
    variable = "z[j]" if "z[" in left else "x"
    problem = read(left, [variable])
    return problem, problem.function, read_claim(right, problem)


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_a_true_line_is_proved_for_every_size(left: str, right: str) -> None:
    problem, before, after = two_lines(left, right)
    judge = Judge(problem)
    for a, b in ((before, after), (after, before)):
        verdict = judge.compare(a, b)
        assert verdict.strength is Strength.PROVED
        # z[3] is a component only where there are three of them
        assert re.fullmatch(r"for every (size|[A-Z]( and [A-Z])?( from 3 on)?)", verdict.note)
        assert verdict.note.endswith(" from 3 on") == ("z[3]" in right)
        assert judge.doubt(a, b) == verdict


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_a_false_line_is_refused_and_shows_where(left: str, right: str) -> None:
    problem, before, after = two_lines(left, right)
    verdict = Judge(problem).compare(before, after)
    assert verdict.strength is Strength.REFUTED
    shown = verdict.counterexample
    assert shown is not None
    assert shown.left != shown.right
    message = refusal("some rule", verdict)
    assert message.startswith("some rule: the line does not equal the line before")
    for name, n in {**shown.sizes, **shown.indices, **shown.point}.items():
        assert f"{name} = {n}" in message


@pytest.mark.parametrize(("left", "right"), TRUE_WITHOUT_A_LAW)
def test_what_no_law_covers_agrees_at_points_and_does_not_hold(left: str, right: str) -> None:
    problem, before, after = two_lines(left, right)
    verdict = Judge(problem).compare(before, after)
    assert verdict.strength is Strength.UNDECIDED
    assert not verdict.holds
    assert verdict.agrees
    assert verdict.note == f"agrees at {verdict.points} points"


# each is 0 wherever it has a value, by no law that the judge knows; doubles leave some rounding
ZEROS = (
    "sqrt(3 + 2*sqrt(2)) - 1 - sqrt(2)",
    "sin(5*x) - 16*sin(x)**5 + 20*sin(x)**3 - 5*sin(x)",
    "atan(exp(x)) + atan(exp(-x)) - pi/2",
)


@pytest.mark.parametrize("zero", ZEROS)
def test_a_line_is_not_proved_by_dividing_by_what_is_0_everywhere(zero: str) -> None:
    problem, before, after = two_lines("x", f"x*({zero})/({zero})")
    verdict = Judge(problem).compare(before, after)
    assert verdict.strength is Strength.UNDECIDED
    assert verdict.note.endswith("the second side may have no value where the first has one")


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_the_attack_finds_nothing_against_a_true_line(left: str, right: str) -> None:
    problem, before, after = two_lines(left, right)
    finding = Attack(problem, {}).on(before, after, thorough=True)
    assert finding.counterexample is None
    assert finding.points > ENOUGH
    assert not finding.trouble


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_the_attack_alone_refutes_every_false_line(left: str, right: str) -> None:
    problem, before, after = two_lines(left, right)
    assert Attack(problem, {}).on(before, after).counterexample is not None
    assert Judge(problem).doubt(before, after).strength is Strength.REFUTED


# -- the known derivations -------------------------------------------------------------------

EXAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parent / "examples" / "derivations.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda e: e["id"])
def test_the_claims_of_known_derivations(entry: dict) -> None:
    problem = read(entry["define"], entry["wrt"], entry.get("assume", ()))
    before = problem.function
    for variable in problem.wrt:
        before = D(before, variable)
    verdict = Judge(problem).compare(before, read_claim(entry["claim"], problem))
    if entry.get("verdict") == "false":
        assert verdict.strength is Strength.REFUTED
    else:
        assert verdict.strength is Strength.PROVED
        # an assumption is used where it was declared, and only there
        assert len(verdict.facts) == len(entry.get("assume", ()))


# -- letters ---------------------------------------------------------------------------------

i, j, k, l, n, y = (letter(name) for name in "ijklny")
K, N = size("K"), size("N")
z, p = (lambda *a: component("z", *a)), (lambda *a: Quantity(Symbol("p"), *a))
SOFTMAX = Problem(
    function=p(i),
    wrt=(z(j),),
    stages=(Definition(p(i), terms.exp(z(i)) / summation(terms.exp(z(k)), k, K)),),
    shapes={"z": (K,), "p": (K,), "b": (K,), "c": (N,)},
    ranges={i: K, j: K, l: K, y: K},
    labels=frozenset({"y"}),
)


def test_a_bound_letter_equal_to_the_variable_does_not_capture() -> None:
    # d/dz_j of sum_j b_j log p_j: the bound j is another letter than the j of z_j
    loss = summation(component("b", j) * terms.log(p(j)), j, K)
    right = component("b", j) - p(j) * summation(component("b", k), k, K)
    captured = summation(component("b", j) * (1 - p(j)), j, K)
    judge = Judge(SOFTMAX)
    assert judge.compare(D(loss, z(j)), right).strength is Strength.PROVED
    assert judge.compare(D(loss, z(j)), captured).strength is Strength.REFUTED


def test_bound_letters_reused_inside_and_outside() -> None:
    inner = summation(z(k), k, K)
    reused = summation(z(k) * inner, k, K)
    apart = summation(z(k) * summation(z(l), l, K), k, K)
    judge = Judge(SOFTMAX)
    assert judge.compare(reused, apart).strength is Strength.PROVED
    assert judge.compare(reused, summation(z(k) ** 2, k, K)).strength is Strength.REFUTED


def test_names_of_bound_letters_do_not_matter() -> None:
    term = D(p(i), z(j)) * summation(z(k) * D(p(k), z(j)), k, K)
    renamed = substitute(term, {i: l})
    assert Judge(SOFTMAX).compare(substitute(renamed, {l: i}), term).strength is Strength.PROVED


def test_a_label_is_an_index_like_any_other() -> None:
    judge = Judge(SOFTMAX)
    assert judge.compare(summation(delta(k, y) * z(k), k, K), z(y)).strength is Strength.PROVED
    assert judge.compare(D(-terms.log(p(y)), z(j)), p(j) - delta(j, y)).strength == "proved"


@pytest.mark.parametrize(
    ("low", "high", "same"), [(1, K, True), (1, K - 1, False), (2, K, False), (1, K + 1, True)]
)
def test_a_delta_is_sifted_only_where_its_letter_is_in_range(
    low: int, high: Expr, same: bool
) -> None:
    short = summation(delta(k, j) * z(k), k, high, low)
    verdict = Judge(SOFTMAX).compare(short, z(j))
    assert verdict.strength is (Strength.PROVED if same else Strength.REFUTED)


def test_shifted_deltas_keep_their_range() -> None:
    # sum_k delta_{k+1,j} z_k is z_{j-1}, but 0 for j = 1
    shifted = summation(delta(k + 1, j) * z(k), k, K)
    inside = terms.Iverson(sympy.StrictGreaterThan(j, Integer(1), evaluate=False))
    judge = Judge(SOFTMAX)
    assert judge.compare(shifted, inside * z(j - 1)).strength is Strength.PROVED
    assert judge.compare(shifted, z(j - 1)).strength is Strength.REFUTED


def test_two_sizes_are_not_mixed_up() -> None:
    one = summation(delta(k, j) * z(k), k, N)
    assert Judge(SOFTMAX).compare(one, z(j)).strength is not Strength.PROVED


def test_kinks_are_left_out_but_not_where_two_letters_meet() -> None:
    # at i = j the condition z_i - z_j > 0 is not at a kink: it is 0 for every z; and where z_1 is
    # z_2 nothing moves with x, so that is no kink of the derivative by x either
    pairs = read("sum(iverson(z[i] > z[j])*z[i]*x + iverson(z[j] > z[i])*z[i]*x, i, j)", ["x"])
    line = D(pairs.function, Symbol("x"))
    wrong = read_claim("sum(z[i], i)*sum(1 + 0*z[i], i)", pairs)
    wrong_at_ties = read_claim("sum(z[i], i)*sum(1 + 0*z[i], i) - sum(z[i], i)", pairs)
    right = read_claim("sum(iverson(z[i] != z[j])*z[i], i, j)", pairs)
    assert Judge(pairs).compare(line, wrong).strength is Strength.REFUTED
    assert Judge(pairs).compare(line, wrong_at_ties).strength is Strength.REFUTED
    assert Judge(pairs).compare(line, right).strength is not Strength.REFUTED


def test_the_value_at_a_kink_matters_only_beside_a_derivative() -> None:
    problem = read("relu(x)", ["x"])
    at_zero = read_claim("iverson(x >= 0)", problem)
    not_at_zero = read_claim("iverson(x > 0)", problem)
    judge = Judge(problem)
    line = D(problem.function, Symbol("x"))
    assert judge.compare(line, at_zero).strength is Strength.PROVED
    assert judge.compare(line, not_at_zero).strength is Strength.PROVED
    assert judge.compare(at_zero, not_at_zero).strength is not Strength.PROVED


# -- stages and the chain rule ---------------------------------------------------------------


def test_a_derivative_by_a_stage_holds_it_as_an_array() -> None:
    judge = Judge(SOFTMAX)
    loss = Neg(terms.log(p(y)))
    by_stage = D(loss, p(k))
    assert judge.compare(by_stage, -delta(k, y) / p(y)).strength is Strength.PROVED
    chain = summation(by_stage * D(p(k), z(j)), k, K)
    assert judge.compare(D(loss, z(j)), chain).strength is Strength.PROVED
    wrong = summation(by_stage * D(p(j), z(k)), k, K)
    assert judge.compare(D(loss, z(j)), Neg(wrong)).strength is Strength.REFUTED


# -- a chosen size ---------------------------------------------------------------------------


def test_sums_written_out_at_a_chosen_size() -> None:
    judge = Judge(SOFTMAX, size=3)
    whole = Plus(*(terms.exp(z(Integer(m))) for m in (1, 2, 3)))
    verdict = judge.compare(p(i), terms.exp(z(i)) / whole)
    assert verdict.strength is Strength.PROVED
    assert verdict.note == "for K = 3"
    two = Plus(*(terms.exp(z(Integer(m))) for m in (1, 2)))
    refused = judge.compare(p(i), terms.exp(z(i)) / two)
    assert refused.strength is Strength.REFUTED
    assert "K = 3" in refusal("write the sum out", refused)


def test_a_free_letter_at_a_chosen_size_takes_each_of_its_values() -> None:
    # d/dz_j (e^{z_1} + e^{z_2} + e^{z_3}) = e^{z_j} because j is 1, 2 or 3
    whole = Plus(*(terms.exp(z(Integer(m))) for m in (1, 2, 3)))
    assert Judge(SOFTMAX, size=3).compare(D(whole, z(j)), terms.exp(z(j))).strength == "proved"


def test_single_entries() -> None:
    judge = Judge(SOFTMAX, size=3)
    p1, p2 = p(Integer(1)), p(Integer(2))
    z1, z2 = z(Integer(1)), z(Integer(2))
    assert judge.compare(D(p1, z1), p1 * (1 - p1)).strength is Strength.PROVED
    assert judge.compare(D(p1, z2), -p1 * p2).strength is Strength.PROVED
    assert judge.compare(D(p1, z2), p1 * p2).strength is Strength.REFUTED


# -- the ledger ------------------------------------------------------------------------------


def test_only_the_facts_that_are_needed_are_reported() -> None:
    facts = ("sum(y[i], i) = 1", "q > 0")
    problem = read("sum(y[i]*z[i], i) + log(q**2)", ["z[j]"], facts)
    judge = Judge(problem)
    one = read_claim("sum(y[i], i) + 0*q", problem)
    assert judge.compare(one, Integer(1)).facts == (problem.facts[0],)
    squared = read_claim("log(q**2) - 2*log(q)", problem)
    assert judge.compare(squared, Integer(0)).facts == (problem.facts[1],)
    assert judge.compare(read_claim("z[j] + z[j]", problem), 2 * z(j)).facts == ()


def test_a_fact_holds_at_every_value_of_its_letters() -> None:
    problem = read("sum(t[n,k]*z[n,k]*x[n], n, k)", ["z[m,j]"], ["sum(t[n,k], k) = 1"])
    doubled = read_claim("sum(t[n,k]*x[n], n, k)", problem)
    plain = read_claim("sum(x[m], m)", problem)
    verdict = Judge(problem).compare(doubled, plain)
    assert verdict.strength is Strength.PROVED
    assert verdict.facts == problem.facts


@pytest.mark.parametrize("together", [1, 100, 4096])
def test_points_meet_what_is_declared_however_many_are_looked_at_at_once(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "TOGETHER", together)
    said = ("sum(y[i], i) = 1", "sum(y[i]*w[i], i) = q**3", "a*q = 2")
    problem = read("sum(y[i]*w[i]*z[i], i) + a*q", ["z[j]"], said)
    grounds = [g for g in Attack(problem, {})._on(problem.function, Integer(0), False) if g]
    assert len(grounds) > 1
    for world in (g.points.world for g in grounds):
        y, w, q, a = (world.arrays[name] for name in "ywqa")
        assert world.count > ENOUGH
        assert (abs(y.sum(axis=0) - 1) < 1e-9).all()
        assert (abs((y * w).sum(axis=0) - q**3) <= 1e-9 * (1 + abs(q) ** 3)).all()
        assert (abs(a * q - 2) < 1e-9).all()


def test_undecided_says_why() -> None:
    problem = read("log(-exp(x))", ["x"])
    verdict = Judge(problem).compare(problem.function, Symbol("x") + 1)
    assert verdict.strength is Strength.UNDECIDED
    assert verdict.note
    assert "could not be decided" in refusal("some rule", verdict)


def test_judges_of_one_problem_share_what_they_know_where_letters_mean_the_same() -> None:
    n, k = letter("n"), letter("k")
    problem = read("sum(A[n,k]*z[k], k)", wrt="z[j]")
    rows, columns = problem.shapes["A"]
    first = Judge(problem)
    ranged = replace(problem, ranges={**problem.ranges, k: columns})
    beside = first.beside(ranged)
    assert beside is not None
    # no letter of one size is sifted by another, whichever judge met it first
    sifted = summation(terms.times(delta(n, k), component("A", n, k)), k, columns)
    outside = first.compare(sifted, component("A", n, n))
    assert not outside.holds
    assert first.beside(replace(problem, ranges={**problem.ranges, n: columns})) is None
    assert beside.beside(replace(problem, ranges={**problem.ranges, k: rows})) is None
    for judge in (first, beside, Judge(ranged)):
        assert judge.compare(D(component("z", k), component("z", k)), Integer(1)).holds
        assert not judge.compare(component("z", k), component("z", letter("j"))).holds


def test_a_letter_that_was_met_as_a_number_has_no_range_afterwards() -> None:
    j = letter("q")
    problem = read("sum(z[k], k)", wrt="z[j]")
    (high,) = problem.shapes["z"]
    judge = Judge(problem)
    sifted = summation(terms.times(delta(j, letter("k")), j), letter("k"), high)
    assert judge.proof(sifted, j) is None  # it may be outside the axis
    assert judge.beside(replace(problem, ranges={**problem.ranges, j: high})) is None
    within = Judge(replace(problem, ranges={**problem.ranges, j: high}))
    assert within.proof(sifted, j) is not None


def test_strengths_are_ordered_by_what_they_say() -> None:
    order = [
        *(Strength.REFUTED, Strength.UNDECIDED, Strength.NUMERIC, Strength.EXACT, Strength.PROVED)
    ]
    assert sorted(Strength) == order  # and not by their letters
    for n, one in enumerate(order):
        for m, other in enumerate(order):
            assert [one < other, one <= other, one > other, one >= other] == [
                *(n < m, n <= m, n > m, n >= m)
            ]
    assert weakest([Verdict(s) for s in order[2:]]) is Strength.NUMERIC
    assert weakest([]) is Strength.PROVED
    with pytest.raises(ValueError, match="is not a valid Strength"):
        assert Strength.PROVED > "firm"
