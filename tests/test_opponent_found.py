"""False claims that were accepted once, or nearly, each with a place where it is false.

The evaluator shows the falsehood first; a claim with no value there, on an open set, counts too.
"""

from __future__ import annotations

from random import Random

import pytest

import symderiv
from symderiv.checking.report import Row
from symderiv.terms.verdict import Strength
from tests.opponent.asking import asked
from tests.opponent.comparing import compared, matter
from tests.opponent.formulas import Task
from tests.opponent.points import Place
from tests.opponent.trial import answered

S = "sum(z[k], (k, 1, K))"
TWO = "x*sum(z[k], (k, 1, K)) + 0*sum(c[n], (n, 1, N))"
LABELS = "x*sum(W[n,y[n]], (n, 1, N))"
KEPT = "sum(W[n,y[n]], (n, 1, N))"
BOTH = "N = 2, y[1] = 2, y[2] = 2"
OWN = "u = y + s + a; t*x"  # y, s and a may stand in a claim about t*x

# formula, variable, claim, what is declared, where
FOUND = [
    # a size or a letter beyond those that are tried
    (f"x*{S}", "x", f"{S}*(1 + iverson(K == 7))", "", "K = 7"),
    (f"x*{S}", "x", f"{S}*iverson(K < 8)", "", "K = 8"),
    (f"x*{S}", "x", f"{S} + prod(K - k, (k, 1, 9))", "", "K = 10"),
    (TWO, "x", f"{S}*(1 + iverson(K == N))", "", "K = 3, N = 3"),
    (TWO, "x", f"{S}*(1 + iverson(K == N + 3))", "", "K = 4, N = 1"),
    (TWO, "x", f"{S}*(1 + iverson(K > N + 4))", "", "K = 7, N = 2"),
    ("sum(exp(z[k]), (k, 1, K))", "z[j]", "exp(z[j])*(1 + iverson(j == 8))", "", "K = 8, j = 8"),
    ("sum(exp(z[k]), (k, 1, K))", "z[j]", "exp(z[j]) + prod(j - k, (k, 1, 6))", "", "K = 7, j = 7"),
    (
        LABELS,
        "x",
        f"{KEPT}*(1 + iverson(y[1] == 2)*iverson(y[2] == 2))",
        "",
        "N = 2, y[1] = 2, y[2] = 2",
    ),
    (LABELS, "x", "sum(iverson(y[n] <= 2)*W[n,y[n]], (n, 1, N))", "", "K = 4, N = 3"),
    # powers, roots and signs
    ("sum(abs(s**k)*z[k], (k, 1, K))", "z[j]", "s**j", "", "K = 1, j = 1, s = -2"),
    ("sum(sqrt(s**(2*k))*z[k], (k, 1, K))", "z[j]", "s**j", "", "K = 1, j = 1, s = -2"),
    ("sum(sign(s**(2*k))*z[k], (k, 1, K))", "z[j]", "1", "", "s = 0"),
    (f"t*sqrt(s**(2*K))*{S}", "t", f"s**K*{S}", "", "K = 1, s = -2"),
    ("t*(x**a)**(1/a)", "t", "x", "", "x = -2, a = 2"),
    ("t*(x**2)**a", "t", "x**(2*a)", "", "x = -3, a = -0.5"),
    ("t*iverson((x**2)**(1/4) > 0)", "t", "1", "", "x = 0"),
    ("t*iverson(relu(x) + relu(-x) > 0)", "t", "1", "", "x = 0"),
    ("t*iverson(sqrt(x**2 + s**2) > 0)", "t", "1", "", "x = 0, s = 0"),
    ("abs(x*s)", "x", "sign(x)*s", "", "x = 1, s = -2"),
    ("(x**2)**a", "x", "2*a*abs(x)**(2*a - 1)", "", "x = -2, a = 1"),
    # no value where the derivative has one
    (OWN, "t", "x*(1 + 0*log(y))", "", "y = -2"),
    (OWN, "t", "x + log(y*s) - log(y) - log(s)", "", "y = -2, s = -1"),
    (OWN, "t", "x*y**a*y**(-a)", "", "y = -2, a = 0.5"),
    (OWN, "t", "x*(y**(2/3)*y**(1/3))/y", "", "y = -2"),
    (OWN, "t", "x + 1/sin(pi) - 1/sin(pi)", "", ""),
    (OWN, "t", "x + tan(pi/2) - tan(pi/2)", "", ""),
    (OWN, "t", "x*(y - y)/(y - y)", "", ""),
    ("t*log(x*s)", "t", "log(x) + log(s)", "", "x = -2, s = -1"),
    (f"t*{S}", "t", f"{S}*(K - 2)/(K - 2)", "", "K = 2"),
    (f"t*{S}", "t", f"{S}*sum(z[k], (k, 2, K))/sum(z[k], (k, 2, K))", "", "K = 1"),
    ("t*z[i]*z[j]", "t", "z[i]*z[j]*(z[i] - z[j])/(z[i] - z[j])", "", "i = 1, j = 1"),
    # ranges, ties, boundaries
    (f"x*{S}", "x", f"{S}*sum(delta(k,2), (k, 1, K))", "", "K = 1"),
    (f"x*{S}", "x", f"{S}*sum(iverson(k == 3), (k, 1, K))", "", "K = 2"),
    ("sum(z[k], k)", "z[1]", "1 + iverson(max(z[k], k) == min(z[k], k))", "", "z[1] = 1, z[2] = 1"),
    (
        "max(c[y[m]], (m, 1, N))",
        "c[j]",
        "sum(iverson(c[y[m]] == max(c[y[k]], (k, 1, N)))*delta(j,y[m]), (m, 1, N))",
        "",
        "N = 4",
    ),
    ("max(x, x + s)", "x", "iverson(s < 0) + iverson(s > 0)", "", "s = 0"),
    ("max(x*s, 0)", "x", "relu(s)*iverson(x > 0)", "", "x = -1, s = -1"),
    ("x*iverson(s > 0)", "x", "iverson(s >= 0)", "", "s = 0"),
    # facts that say less
    ("t*sum(q[i], i)", "t", "sum(abs(q[i]), i)", "q[1] > 0", "q[2] = -5"),
    ("t*A[1,2]", "t", "abs(A[1,2])", "A[i,i] > 0", ""),
    ("t*x", "t", "abs(x)", "x > -1", "x = -0.5"),
    ("t*x", "t", "1", "x**2 = 1", "x = -1"),
    ("t*x*s", "t", "x*abs(s)", "x*s > 0", "x = -1, s = -2"),
]


def place_of(text: str) -> Place:
    """ "K = 4, j = 1, s = -2, z[1] = 0": sizes in capitals, then letters, then values."""
    sizes: dict[str, int] = {}
    letters: dict[str, int] = {}
    values: dict[tuple[object, ...], float] = {}
    for part in filter(None, text.split(", ")):
        name, number = part.split(" = ")
        array, _, index = name.partition("[")
        if name.isupper():
            sizes[name] = int(number)
        elif name in "ijk":
            letters[name] = int(number)
        else:
            at = (int(index.rstrip("]")),) if index else ()
            values[(array, *at)] = float(number)
    return Place("", sizes, values, letters)


@pytest.mark.parametrize(("define", "by", "claim", "assume", "at"), FOUND)
def test_what_is_false_does_not_hold(
    define: str, by: str, claim: str, assume: str, at: str
) -> None:
    task = Task(define, (by,), (assume,) if assume else ())
    given = matter(task)
    shown = compared(given, given.read(claim), Random(1), 12, 40, place_of(at))
    assert shown.difference is not None or shown.holes > 1
    said = asked(task, claim)
    assert said.how in ("answered", "refused"), said.words
    assert said.derivation is None or not said.derivation.claim.verdict.holds


# right, and wrong once: formula, variable, and where a term was counted several times
COUNTED = [
    ("max(max(z[k], a), (k, 1, K))", "a"),
    ("min(max(z[k], a), (k, 1, K))/z[i]", "a"),
    ("max(sum(z[k], (k, 1, K)), z[r], s)", "z[j]"),
    ("max(z[t], z[r], a)", "z[j]"),
    ("max(delta(k,k)*z[i], (k, 1, K))", "z[j]"),
    ("max(delta(k,k)*(z[i]/1), (k, 1, K))", "z[j]"),
    ("min(z[y[m]], (m, 1, N))", "z[1]"),
    ("sum(sqrt((z[i] - z[j])**2), i, j)", "z[k]"),
]


@pytest.mark.parametrize(("define", "by"), COUNTED)
def test_no_term_is_counted_twice(define: str, by: str) -> None:
    task = Task(define, (by,))
    said = asked(task)
    assert said.how in ("answered", "refused"), said.words
    if said.derivation is not None:
        outcome = answered(task, said.derivation, Random(3))
        assert outcome.word in ("answered", "at an exception"), outcome.report


def test_a_stage_whose_chain_cannot_be_decided_is_differentiated_by_its_definition() -> None:
    """u was asked for its own lemma again and again, until the stack was full."""
    text = "p[i] = max(z[t], z[r]); u[i] = (p[i] + q[i]); u[t] * s"
    task = Task(text, ("z[j]", "s"), ("q[i] > 0",))
    said = asked(task)
    assert said.how in ("answered", "refused"), said.words
    if said.derivation is not None:
        assert answered(task, said.derivation, Random(3)).word in ("answered", "at an exception")


TRUE = [
    ("t*log(x**3)", "t", "3*log(x)"),
    ("t*log(-8*x**3)", "t", "log(8) + 3*log(-x)"),
    ("t*log(x**3*y**6)", "t", "3*log(x*y**2)"),
    ("cbrt(x**2)", "x", "2/(3*cbrt(x))"),
    ("t*cbrt(x/y)", "t", "cbrt(x)/cbrt(y)"),
    ("t*cbrt(-x*y**3)", "t", "-y*cbrt(x)"),
]


@pytest.mark.parametrize(("define", "by", "claim"), TRUE)
def test_what_holds_for_all_signs_is_proved(define: str, by: str, claim: str) -> None:
    task = Task(define, (by,))
    given = matter(task)
    assert compared(given, given.read(claim), Random(1)).difference is None
    said = asked(task, claim)
    assert said.strength == "proved", said.words


@pytest.mark.parametrize(
    ("define", "claim"),
    [
        ("t*log(x**3*y)", "3*log(x) + log(y)"),  # both may be negative
        ("t*log(x**2)", "2*log(x)"),
        ("t*cbrt(x + y)", "cbrt(x) + cbrt(y)"),
        ("t*cbrt(x*y)", "sqrt(cbrt(x)**2)*cbrt(y)"),
    ],
)
def test_what_does_not_hold_for_all_signs_is_not(define: str, claim: str) -> None:
    said = asked(Task(define, ("t",)), claim)
    assert said.derivation is None or not said.derivation.claim.verdict.holds


def last_by_last_but(back: int, until: int, further: int, steps: int) -> float:
    """dh_T/dx_{T-back} of h_t = h_{t-1}/2 + h_{t-further} + [t < until] x_t, as it is defined."""
    slope = dict.fromkeys(range(-further, 1), 0.0)
    for t in range(1, steps + 1):
        own = float(t == steps - back and t < until)
        slope[t] = slope[t - 1] / 2 + (slope[t - further] if further else 0) + own
    return slope[steps]


FAR = [  # what stands beside h[t-1]/2, the claim, its error at T steps as (until, further, T)
    ("x[t]*iverson(t < 9)", "2**(s-T)", (9, 0, 12)),
    ("x[t]*iverson(0.1*t < 1)", "2**(s-T)", (10, 0, 12)),
    ("x[t] + h[t-6]", "2**(s-T)", (99, 6, 9)),
    ("x[t]", "2**(s-T) + relu(T*T - 40)", None),
    ("x[t]", "2**(s-T) + max(T*T, 40) - 40", None),
    ("x[t]", "2**(s-T) + sqrt((T-20)**2) + T - 20", None),
    ("x[t]", "2**(s-T) + max(20*iverson(k==1) + k*iverson(k>1), (k,1,T)) - 20", None),
    ("x[t]", "2**(s-T) + x[T-1] - x[T-1]", None),  # nothing at T = 1, and once a KeyError
]


@pytest.mark.parametrize(("beside", "claim", "at"), FAR)
def test_few_steps_of_a_recurrence_prove_nothing_about_many(
    beside: str, claim: str, at: tuple[int, int, int] | None
) -> None:
    if at is not None:
        until, further, steps = at
        assert any(
            last_by_last_but(back, until, further, steps) != 2.0**-back for back in range(steps)
        )
    starts = "; ".join(f"h[{-n}] = 0" for n in range(6 if "t-6" in beside else 1))
    said = asked(Task(f"h[t] = h[t-1]/2 + {beside}; {starts}; h[T]", ("x[s]",)), claim)
    assert said.how == "answered", said.words
    assert not said.derivation.claim.verdict.holds


def test_a_size_in_a_function_is_held_against_the_numbers_beside_it() -> None:
    said = asked(Task(f"t*{S}", ("t",)), f"{S} + relu(K - 1000000)")
    assert not said.derivation.claim.verdict.holds


def row_of(text: str) -> Row:
    (row,) = (row for chain in symderiv.check(f"$$ {text} $$").chains for row in chain.rows)
    return row


def test_all_that_a_line_of_several_signs_needs_is_said() -> None:
    """|x|' = sign(x) = x/|x| = 1 was said to need no more than that x is not 0."""
    row = row_of(r"\frac{d}{dx} |x| = \operatorname{sign}(x) = \frac{x}{|x|} = 1")
    assert row.verdict == "follows-if"
    assert "x is positive" in row.needs


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"e \cdot e^x = e^{x+1}", "follows-if"),
        (r"\log(e x) = 1 + \log x", "follows-if"),
        (r"\frac{d}{dx} e^x = e^x \ln e = e^x", "follows-if"),
        (r"\frac{d}{dx} e^x = e^x \ln e = 2 e^x", "wrong"),
        (r"e \cdot e^x = e^{2x}", "wrong"),
    ],
)
def test_a_bare_e_may_be_eulers_number(line: str, verdict: str) -> None:
    row = row_of(line)
    assert row.verdict == verdict
    assert verdict == "wrong" or row.needs == "e is Euler's number"


@pytest.mark.parametrize(
    ("claim", "holds"),
    [("x > 1", True), ("x >= 1", True), ("x > 0", False), ("x > 2", False)],
)
def test_a_claim_about_nested_stages_may_differ_at_a_kink_alone(claim: str, holds: bool) -> None:
    """relu(x - 1) + 1 is never negative, so that each pair of rectifiers leaves relu(x - 1)."""
    text = "relu(x-1)"
    for _ in range(3):
        text = f"relu(relu({text}+1)-1)"
    said = asked(Task(text, ("x",)), f"iverson({claim})")
    assert said.derivation.claim.verdict.holds is holds


THREE_SIZES = "sum(W[m,y[m]], (m, 1, N)) + min(z[t], z[t], a)"
HELD_AGAINST = [
    "iverson(a < z[t])*(1 + iverson(M == N + 3))",
    "iverson(a < z[t])/(1 + iverson(M > N + 4))",
    "iverson(a < z[t])*(1 + iverson(M > N + 5))",
    "iverson(a < z[t])*(1 + iverson(M == N + K + 3))",
]


@pytest.mark.parametrize("claim", HELD_AGAINST)
def test_two_sizes_are_held_against_each_other_beside_a_third(claim: str) -> None:
    found = symderiv.derive(THREE_SIZES, wrt="a", claim=claim).claim
    assert found is not None
    assert found.verdict.strength is Strength.REFUTED


@pytest.mark.parametrize("far", ["K > 4", "K == 6", "D > N + 4", "D == N + 5"])
def test_a_declared_equation_does_not_keep_sizes_small(far: str) -> None:
    text = "iverson(q[r] <= 1/2)*z[y[n]] + sum(W[n,d], n, d)"
    claim = f"iverson(q[r] <= 1/2)*delta(y[n],1)*(1 + iverson({far}))"
    found = symderiv.derive(text, wrt="z[1]", assume=["sum(q[i], (i, 1, K)) = 1"], claim=claim)
    assert found.claim is not None
    assert found.claim.verdict.strength is Strength.REFUTED


def test_three_sizes_that_are_held_against_each_other_are_not_exact() -> None:
    """M > N + K + 5 is met at M = 8, and at no size that is tried."""
    claim = "iverson(a < z[t])*(1 + iverson(M > N + K + 5))"
    found = symderiv.derive(THREE_SIZES, wrt="a", claim=claim).claim
    assert found is not None
    assert not found.verdict.holds


@pytest.mark.parametrize(
    "claim",
    [
        "delta(t,1)*iverson(z[t] + 0*log(a) < a)",
        "delta(t,1)*iverson(log(exp(z[t]*(1 + 0*log(a)))) < a)",
        "delta(t,1)*iverson(z[t] + iverson(sqrt(a) < 1)*0 < a)",
    ],
)
def test_a_written_zero_hides_nothing_in_a_bracket_either(claim: str) -> None:
    found = symderiv.derive("min(z[t], a)", wrt="z[1]", claim=claim).claim
    assert found is not None
    assert found.verdict.strength is Strength.UNDECIDED
    assert "not real" in found.verdict.note
