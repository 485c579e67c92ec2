"""The attack: its evaluator against plain evaluation, and the kinds of false claims it refutes."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from operator import add, mul
from random import Random
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis.strategies import integers, sampled_from
from mpmath import mp, mpf
from sympy import Symbol

import symderiv
from symderiv.judge import balls
from symderiv.judge.attack import Attack, drawing
from symderiv.judge.attack.arithmetic import Balls, Floats
from symderiv.judge.attack.drawing import Asked, drawn
from symderiv.judge.attack.draws import Dice
from symderiv.judge.attack.ground import Beyond
from symderiv.judge.attack.values import Evaluator
from symderiv.judge.attack.worlds import World, sizes_tried
from symderiv.judge.axes import Axes
from symderiv.judge.balls import Ball
from symderiv.judge.known import KNOWN
from symderiv.patience import OutOfTime, limited
from symderiv.reader import read, read_claim
from symderiv.terms import D
from symderiv.terms.verdict import ENOUGH
from tests import judge_oracle
from tests.test_judge_random import PROBLEM, i, j, lines, n

SIZES = {"K": 2, "N": 3}
Y = next(letter for letter in PROBLEM.ranges if letter.name == "Y")


def one_point(choice: tuple[int, int, int, int]) -> tuple[World, World, judge_oracle.World]:
    """The same point three times: in doubles, in numbers with errors, and for the oracle."""
    random = np.random.default_rng(4)
    shapes = {"z": (2,), "y": (2,), "W": (3, 2), "x": (3,), "a": ()}
    letters = {s: np.array([v]) for s, v in zip((i, j, n, Y), choice, strict=True)}
    floats: dict[str, Any] = {}
    exact: dict[str, Any] = {}
    oracle = judge_oracle.World(PROBLEM, SIZES, None)  # type: ignore[arg-type]
    for name, shape in shapes.items():
        floats[name] = np.round(random.uniform(0.2, 1.7, (*shape, 1)) * 1024) / 1024
        exact[name] = np.empty((*shape, 1), dtype=object)
        for cell in np.ndindex(shape):
            number = float(floats[name][(*cell, 0)])
            exact[name][(*cell, 0)] = Ball(mpf(number))
            oracle.values[(name, *(c + 1 for c in cell))] = mpf(number)
    return (
        World(SIZES, 1, letters, {}, floats),
        World(SIZES, 1, letters, {}, exact),
        oracle,
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines())
def test_lines_and_their_derivatives_have_the_value_of_plain_evaluation(line: Any) -> None:
    by_z = next(s for s in PROBLEM.wrt)
    for term in (line, D(line, by_z), D(D(line, by_z), Symbol("a"))):
        floats, exact, oracle = one_point((1, 2, 3, 2))
        letters = {s: int(v[0]) for s, v in floats.letters.items()}
        with mp.workdps(judge_oracle.DIGITS):
            try:
                wanted = judge_oracle.value(term, oracle, letters)
            except (ZeroDivisionError, ValueError, KeyError, AttributeError, TypeError):
                assume(False)
            assume(not isinstance(wanted, mpmath.mpc) and mpmath.isfinite(wanted))
        with np.errstate(all="ignore"):
            rough = float(Evaluator(PROBLEM, floats, Floats()).value(term)[0])
        with mp.workdps(60):
            ball = Evaluator(PROBLEM, exact, Balls()).value(term)[0]
            ball = ball if isinstance(ball, Ball) else Ball(mpf(ball))  # a 0 of relu's derivative
            assume(not ball.why)  # an index outside its axis has a value of the oracle's own
            assert abs(ball.middle - wanted) <= ball.error + mpf(10) ** -20 * (1 + abs(wanted))
        if np.isfinite(rough):  # doubles overflow
            assert rough == pytest.approx(float(wanted), rel=1e-6, abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(integers(0, 2**32), sampled_from((8, 20, 50)))
def test_a_bound_holds_what_fractions_come_to(seed: int, digits: int) -> None:
    """Sums, products and inverses of what is off already."""
    random = Random(seed)
    with mp.workdps(digits):
        pairs = []
        for _ in range(6):
            value = Fraction(random.choice((0, 1, -3, 7, 10**30 + 1)), random.choice((1, 4, 10**9)))
            ball = balls.inverse(Ball(mpf(value.denominator))) * Ball(mpf(value.numerator))
            pairs.append((value, ball))
        for _ in range(12):
            (a, x), (b, y) = random.sample(pairs, 2)
            match random.randrange(4):
                case 0:
                    pairs.append((a + b, x + y))
                case 1:
                    pairs.append((a - b, x - y))
                case 2:
                    pairs.append((a * b, x * y))
                case _ if not x.zero:
                    pairs.append((1 / a, balls.inverse(x)))
            value, ball = pairs[-1]
            assert abs(_fraction(ball.middle) - value) <= _fraction(ball.error)


@given(integers(0, 2**32))
def test_a_bound_holds_the_corners(seed: int) -> None:
    """Where both are as far off as they may be: the bound is rounded up, to its last bit."""
    random = Random(seed)
    with mp.workdps(15):
        x, y = (
            Ball(mpf(random.randrange(-(2**50), 2**50)), mpf(random.choice((0, 1, 2**45 + 1))))
            for _ in range(2)
        )
        ends = [[_fraction(z.middle) + s * _fraction(z.error) for s in (-1, 1)] for z in (x, y)]
        for found, of in ((x + y, add), (x * y, mul)):
            for a, b in product(*ends):
                assert abs(_fraction(found.middle) - of(a, b)) <= _fraction(found.error)


@pytest.mark.parametrize("digits", [50, 1200])
def test_a_bound_grows_no_faster_than_the_operations_are_many(digits: int) -> None:
    with mp.workdps(digits):
        third = balls.inverse(Ball(mpf(3)))
        power, total = third, third
        for _ in range(200):
            power, total = power * third, total + third
        for ball in (power, total):
            assert 0 < ball.error < 1000 * mp.eps * ball.middle


def _fraction(number: Any) -> Fraction:
    sign, digits, exponent, _ = mpf(number)._mpf_
    return (-1) ** sign * int(digits) * Fraction(2) ** exponent


# formula, by, claim, assumption: false at a point that an opponent would find
FALSE = (
    # powers, roots, numbers, ranges
    ("sum(abs(x**i)*c[i], i)", "c[j]", "x**j", ""),
    ("t*relu(x**a)", "t", "x**a", ""),
    ("t*sqrt(x**(2*a))", "t", "x**a", ""),
    ("t*iverson(sqrt(x) > 0)", "t", "1", ""),
    ("t*iverson(relu(s) + relu(-s) > 0)", "t", "1", ""),
    ("x*sum(iverson(k == 3), (k,1,K))", "x", "1", ""),
    ("x*sum(delta(k,2), (k,1,K))", "x", "1", ""),
    # ties
    ("max(min(z[k],x),k)", "x", "sum(iverson(z[k] > x),k)", ""),
    ("t*max(z[k],k)", "t", "sum(z[k]*iverson(z[k] == max(z[l],l)),k)", ""),
    (
        "max(c[y[m]], (m,1,N))", "c[j]",
        "sum(iverson(c[y[m]] == max(c[y[l]],l))*delta(j,y[m]),m)", "",
    ),
    # sizes
    ("sum(W[n,k]**2,n,k)*x", "x", "sum(W[n,k]**2,n,k)*(1+iverson(N==K))", ""),
    ("sum(W[n,k]**2,n,k)*x", "x", "sum(W[n,k]**2,n,k)*(1+iverson(K==N+3))", ""),
    ("sum(z[k]**2,(k,1,K))", "z[j]", "2*z[j] + (K-1)*(K-2)*(K-3)", ""),
    ("sum(z[k]**2,(k,1,K))", "z[j]", "2*z[j] + (K-1)*(K-2)*(K-3)*(K-4)*(K-5)", ""),
    ("sum(z[k]**2,(k,1,K))", "z[j]", "2*z[j] + iverson(K > 20)", ""),
    ("sum(exp(z[k]),(k,1,K))", "z[j]", "exp(z[j])*(1+iverson(j==11))", ""),
    # facts about one component
    ("t*abs(q[2])", "t", "q[2]", "q[1] > 0"),
    ("t*sum(abs(A[i,j]),i,j)", "t", "sum(A[i,j],i,j)", "A[i,i] > 0"),
    # tiny, far
    ("x**2", "x", "2*x + 1e-45", ""),
    ("x**2", "x", "2*x*(1 + 1e-45)", ""),
    ("x**2", "x", "2*x*sign(x+1000)", ""),
    ("x**2", "x", "2*x + relu(x - 10000)", ""),
    ("x**2", "x", "2*x + iverson(x == 7)", ""),
    # boundaries in letters that are not the variable
    ("x*iverson(t > 0)", "x", "iverson(t >= 0)", ""),
    ("x*abs(t)", "x", "abs(t)*sign(t)**2 + 1 - sign(t)**2", ""),
    # labels
    ("t*sum(W[n,y[n]],n)", "t", "sum(W[n,y[n]],n) + iverson(y[1]==2)*iverson(y[2]==2)", ""),
    ("t*sum(W[n,y[n]],n)", "t", "sum(W[n,y[n]],n) + iverson(y[1]==y[2])", ""),
    ("x[y]*t", "t", "x[y] + delta(y,1)*0 + iverson(y == 2)", ""),
)  # fmt: skip


@pytest.mark.parametrize(("formula", "by", "claim", "fact"), FALSE, ids=lambda x: str(x)[:40])
def test_a_false_claim_is_refuted_by_the_attack_alone(
    formula: str, by: str, claim: str, fact: str
) -> None:
    problem = read(formula, [by], [fact] if fact else [])
    statement = D(problem.function, problem.wrt[0])
    claimed = read_claim(claim, problem)
    found = Attack(problem, {}).on(statement, claimed, True, problem.function)
    shown = found.counterexample
    assert shown is not None, found
    assert shown.difference
    if not any(word in claim for word in ("sqrt", "relu(x - ")):
        assert max(shown.sizes.values(), default=2) <= 21


# formula, by, claim, assumption: true, though points of the wrong kind would say no
TRUE = (
    (
        "t*sum(W[n,y[n]],n)", "t",
        "sum(W[n,1]*iverson(y[n]==1) + sum(W[n,k]*iverson(y[n]==k),(k,2,K)),n)", "",
    ),
    ("t*sum(iverson(y[n]>=1)*W[n,y[n]],n)", "t", "sum(W[n,y[n]],n)", ""),
    ("t*x**2*y**2", "t", "1", "x*y = 1"),
    ("t*sum(q[i]**2,i)", "t", "1", "sum(q[i]**2,i) = 1"),
    ("sum(delta(i,1)*log(delta(i,1)*x[i]), i)", "x[j]", "delta(j,1)/x[1]", ""),
    ("abs(x)*sign(x)", "x", "1", ""),
    ("t*iverson(sigmoid(x) < 1)", "t", "1", ""),
    ("t*iverson(exp(x) > 0)", "t", "1", ""),
    ("relu(x)", "x", "iverson(x >= 0)", ""),
    ("max(a, b)", "a", "iverson(a > b)", ""),
    ("min(max(z[k],x),k)", "x", "iverson(x > min(z[k],k))", ""),
    ("t*(1 + exp(-x) - 1)/exp(-x)", "t", "1", ""),
)  # fmt: skip


@pytest.mark.parametrize(("formula", "by", "claim", "fact"), TRUE, ids=lambda x: str(x)[:40])
def test_nothing_is_found_against_a_true_claim(
    formula: str, by: str, claim: str, fact: str
) -> None:
    problem = read(formula, [by], [fact] if fact else [])
    statement = D(problem.function, problem.wrt[0])
    found = Attack(problem, {}).on(statement, read_claim(claim, problem), True, problem.function)
    assert found.counterexample is None
    assert found.gap is None
    assert found.points > 50


NARROW = (
    ("t*log(x**2)", "t", "2*log(x)"),
    ("t*log(x**a)", "t", "a*log(x)"),
    ("x**2", "x", "2*x + 1/sin(pi) - 1/sin(pi)"),
    ("x**2", "x", "2*x + tan(pi/2) - tan(pi/2)"),
    ("t*sum(z[k],(k,1,K))", "t", "sum(z[k],(k,1,K))*(K-1)/(K-1)"),
    ("x**2", "x", "2*x + sqrt(x) - sqrt(x)"),
)


@pytest.mark.parametrize(("formula", "by", "claim"), NARROW)
def test_a_claim_without_a_value_where_the_derivative_has_one_is_shown_such_a_point(
    formula: str, by: str, claim: str
) -> None:
    verdict = symderiv.derive(formula, wrt=by, claim=claim).claim.verdict
    assert not verdict.holds
    assert verdict.counterexample is not None
    assert verdict.counterexample.right in ("not real", "without a value")


def test_assumptions_that_no_point_meets_are_named() -> None:
    problem = read("t*x*y", ["t"], ["x > 1", "y > 0", "x < 0"])
    found = Attack(problem, {}).on(D(problem.function, problem.wrt[0]), read_claim("x*y", problem))
    assert found.trouble == "no point was found at which assumptions 1 and 3 hold together"
    assert found.points == 0
    impossible = read("t*y", ["t"], ["exp(y) = 0"])
    assert Attack(impossible, {}).on(D(impossible.function, Symbol("t")), Symbol("y")).points == 0


def test_sizes_without_a_value_are_passed_by_and_agreement_at_size_1_is_not_enough() -> None:
    """XᵀX has no inverse where X is wider than long; √(1 - K) is real at K = 1 alone."""
    made = symderiv.derive("trace(inv(X.T @ X))", wrt="X")
    found = Attack(made.problem, {}).on(made.statement, made.answer, doubted=False, enough=ENOUGH)
    assert ENOUGH <= found.several < found.points
    alone = read("sum(x[i], (i,1,K))*sqrt(1 - K)", ["x[j]"])
    found = Attack(alone, {}).on(D(alone.function, alone.wrt[0]), read_claim("0", alone), enough=1)
    assert found.points > ENOUGH
    assert found.several == 0


def test_agreement_at_points_holds_only_where_that_is_accepted() -> None:
    asked: dict[str, Any] = {"wrt": "x", "claim": "2*sin(x/2)**2"}
    plain = symderiv.derive("x - sin(x)", **asked)
    assert str(plain.claim.verdict.strength) == "undecided"
    assert plain.claim.verdict.points > 50
    accepted = symderiv.derive("x - sin(x)", accept="numeric", **asked)
    assert str(accepted.claim.verdict.strength) == "numeric"
    refuted = symderiv.derive("x - sin(x)", accept="numeric", wrt="x", claim="cos(x)")
    assert str(refuted.claim.verdict.strength) == "refuted"


def test_a_counterexample_is_one_that_a_reader_can_follow() -> None:
    made = symderiv.derive(
        "p[i] = softmax(z)[i]; -sum(y[i]*log(p[i]), i)",
        wrt="z[j]", assume="sum(y[i], i) = 1", claim="p[j] - 2*y[j]",
    )  # fmt: skip
    shown = made.claim.verdict.counterexample
    assert shown.sizes == {"K": 2}
    labels = [sympy.Rational(v) for k, v in shown.point.items() if k.startswith("y")]
    assert sum(labels) == 1
    assert all(0 < v < 1 for v in labels)
    assert len(shown.left) < 12
    assert float(shown.difference) == pytest.approx(
        abs(float(shown.left) - float(shown.right)), 1e-4
    )


def test_work_stops_within_the_time_that_it_is_given() -> None:
    with pytest.raises(OutOfTime, match="no answer within"), limited(1e-6):
        symderiv.derive("p[i] = softmax(z)[i]; sum(p[i]**2, i)", wrt=["z[j]", "z[k]"])


def test_what_has_no_value_is_beyond() -> None:
    with pytest.raises(Beyond):
        Evaluator(PROBLEM, World(SIZES, 1), Floats()).value(sympy.Symbol("unknown"))


def test_of_a_sine_far_out_no_more_is_known_than_its_bounds() -> None:
    """Its argument is known to 50 digits, of which none stands behind the point."""
    with mp.workdps(50):
        for name in ("sin", "cos"):
            far = KNOWN[name].ball(balls.exp(Ball(mpf(10**6))))
            assert (far.middle, far.error) == (0, 1)
            near = KNOWN[name].ball(Ball(mpf(10**6), mpf(10) ** -40))
            assert abs(near.middle - getattr(mp, name)(10**6)) <= near.error < mpf(10) ** -39


@pytest.mark.parametrize("thorough", [False, True])
def test_what_is_drawn_again_is_what_was_drawn_and_stays_so(thorough: bool) -> None:
    arrays = (((3, 3), True), ((3,), False))
    asked = Asked((0, 3), 36, (3, 2), ((3, ()),), arrays, thorough, (0.5,) * thorough)
    first, again, anew = drawn(asked), drawn(asked), drawing._drawn(asked._replace(ends=()))
    elsewhere = drawn(asked._replace(ends=(2, 2, 3)))  # at other indices in the same arrays
    assert all(a is b for a, b in zip(first.arrays, elsewhere.arrays, strict=True))
    np.testing.assert_array_equal(first.indices, again.indices)
    assert [len(set(index.tolist())) for index in elsewhere.indices] == [2, 2, 3]
    for one, other in ((first.arrays, anew.arrays), (first.labels, anew.labels)):
        for table, again_drawn in zip(one, other, strict=True):
            np.testing.assert_array_equal(table, again_drawn)
            with pytest.raises(ValueError, match="read-only"):
                table[..., 0] = 7
    assert drawn(asked._replace(seed=(1, 3))).arrays[1].tolist() != first.arrays[1].tolist()


def test_dice_fall_everywhere_alike_and_the_same_for_a_seed() -> None:
    dice = Dice("numbers", 0, 3)
    thrown = dice.integers(-2, 4, (1000, 12))
    counts = np.bincount(thrown.ravel() + 2)
    assert len(counts) == 6
    assert abs(counts - 2000).max() < 200  # nearly five standard deviations
    assert abs(np.corrcoef(thrown.T) - np.eye(12)).max() < 0.15
    shares = dice.random((5000,))
    assert (shares.min() >= 0, shares.max() < 1) == (True, True)
    assert abs(np.histogram(shares, 10)[0] - 500).max() < 110
    assert sorted(dice.permutation(50)) == list(range(50))
    assert set(dice.choice((0.5, 7.0), 40)) == {0.5, 7.0}
    far = dice.uniform(-3, 8, 1000)
    assert (far.min() < -2.8, far.min() >= -3, far.max() > 7.8, far.max() < 8) == (True,) * 4
    assert dice.integers(1, 9, (0, 2)).shape == (0, 2)
    # Python promises the same bits of a text in every version
    bits = Random("('numbers', 0, 3)").randbytes(24)
    expected = [int.from_bytes(bits[n : n + 4], "little") % 5 for n in range(0, 24, 4)]
    assert Dice("numbers", 0, 3).integers(0, 5, 6).tolist() == expected
    assert Dice("numbers", 1, 3).integers(0, 5, 60).tolist()[:6] != expected


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("thorough", [False, True])
def test_no_axis_has_one_length_throughout(count: int, thorough: bool) -> None:
    axes = Axes(sizes=dict.fromkeys("KMNDTH"[:count]))
    tried = [*sizes_tried(axes, {}, thorough, frozenset(), 9)]
    for name in axes.sizes:
        assert len({sizes[name] for sizes in tried}) > 1
