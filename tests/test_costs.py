"""Costs: what is large is worked as cheaply as what is small, and what is too large is refused.

Bounds on time are `timeout`s, ten times what is taken, so that only another order of growth fails.
"""

from __future__ import annotations

import functools
import gc
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy
from mpmath import mpf
from sympy import Expr, Indexed, Integer, Symbol

import symderiv
from symderiv import patience
from symderiv.cli import run
from symderiv.derivation.rewrite import innermost
from symderiv.judge import Judge
from symderiv.judge.attack.looks import Look
from symderiv.recheck import recheck
from symderiv.rules.registry import Rule
from symderiv.serialisation import as_data, as_json
from symderiv.terms import plus, release, times
from symderiv.terms.factors import factored, key
from symderiv.terms.verdict import ENOUGH, Strength


def normalised(x: list[mpf], i: int) -> mpf:
    """Layer normalisation as its definition says it."""
    mean = mpmath.fsum(x) / len(x)
    variance = mpmath.fsum((c - mean) ** 2 for c in x) / len(x)
    return (x[i - 1] - mean) / mpmath.sqrt(variance + mpf("0.1"))


def test_a_hundred_features_are_worked_as_ten_are() -> None:
    small = symderiv.layer_normalisation.jacobian(k=5, timeout=30)
    large = symderiv.layer_normalisation.jacobian(k=100, timeout=30)
    assert [str(c.value) for c in large.cases] == [str(c.value) for c in small.cases]
    assert large.strength is Strength.PROVED
    with mpmath.workdps(40):
        x = [mpf((37 * n * n) % 101) / 50 - 1 for n in range(100)]
        spread = mpmath.sqrt(
            mpmath.fsum((c - mpmath.fsum(x) / 100) ** 2 for c in x) / 100 + mpf("0.1")
        )

        def named(name: str) -> mpf:
            return normalised(x, int(name[2:-1]))

        for i, j in ((1, 1), (2, 9), (100, 3)):
            entry = release(large.entry(i, j))
            claimed = entry.subs({t: named(str(t)) for t in entry.atoms(Indexed)}).subs("s", spread)

            def at(t: mpf, i: int = i, j: int = j) -> mpf:
                return normalised([*x[: j - 1], t, *x[j:]], i)

            assert abs(mpf(str(claimed.evalf(35))) - mpmath.diff(at, x[j - 1])) < mpf("1e-20")


@pytest.mark.parametrize("k", [100, 200, 1000])
def test_the_witness_passes_entries_of_a_large_size(k: int) -> None:
    answer = symderiv.softmax.jacobian(k=k, timeout=30)
    assert answer.strength is Strength.PROVED
    if k > 100:
        assert recheck(as_json(as_data(answer)), least=1, most=2)[0] == 0


LARGE = [
    ("sum(exp(x[i]), (i, 1, {}))", "x[j]"),
    ("prod(x[i] + 1, (i, 1, {}))", "x[j]"),
    ("max(x[i], (i, 1, {}))", "x[j]"),
    ("log(sum(exp(x[i]), (i, 1, {})))", "x[j]"),
]


@pytest.mark.parametrize(("formula", "wrt"), LARGE)
def test_a_range_of_a_thousand_is_proved_as_one_of_five_is(formula: str, wrt: str) -> None:
    few = symderiv.derive(formula.format(5), wrt=wrt, timeout=30)
    many = symderiv.derive(formula.format(1000), wrt=wrt, timeout=30)
    assert few.strength is many.strength is Strength.PROVED
    assert str(many.answer).replace("1000", "5") == str(few.answer)


def test_a_false_claim_over_a_thousand_is_not_proved() -> None:
    claimed = symderiv.derive(
        "sum(x[i]**2, (i, 1, 1000))", wrt="x[j]", claim="2*x[j]*iverson(j < 1000)", timeout=30
    )
    assert claimed.claim is not None
    assert not claimed.claim.verdict.holds


@pytest.mark.parametrize("inner", ["exp(-{})", "sin({})"])
def test_nesting_costs_no_doubling(inner: str) -> None:
    formula = "x"
    for _ in range(20):
        formula = inner.format(formula)
    answer = symderiv.derive(formula, wrt="x", timeout=40)
    assert answer.strength is Strength.PROVED


def test_what_stands_twice_in_a_line_is_rewritten_once() -> None:

    term: Expr = Symbol("x", real=True)
    seen: list[object] = []
    for _ in range(16):
        term = plus(times(term, term), term)

    def note(t: object) -> None:
        seen.append(t)

    innermost([Rule("noted", "noted", (), note)], term)
    assert len(seen) == len(set(seen)) <= 3 * 16 + 2


def taken() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_a_process_that_derives_for_days_stays_small() -> None:
    """A formula leaves little behind, all of it in caches of a bounded size."""
    texts = [f"{a}*tanh({b}*x[i] + {c})*y[i]" for a in (2, 3, 5) for b in (2, 3) for c in range(10)]
    for text in texts[:10]:
        symderiv.derive(text, wrt="x[j]")
    tracemalloc.start(1)
    try:
        before = taken()
        for text in texts[10:40]:
            symderiv.derive(text, wrt="x[j]")
        held = taken() - before
        gc.unfreeze()  # the caches of modules that were there before the test are among them
        caches = [o for o in gc.get_objects() if type(o) is functools._lru_cache_wrapper]
        assert all(c.cache_info().maxsize is not None for c in caches if is_of_terms(c))
        for cache in caches:
            cache.cache_clear()
        left = taken() - before
    finally:
        tracemalloc.stop()
    assert held <= 30 * 90 * 1024
    assert left <= 30 * 8 * 1024


def is_of_terms(cache: Any) -> bool:
    """Does a cache grow with the formulas?  That of a table read once has no arguments to keep."""
    return str(cache.__module__).startswith("symderiv.") and cache.cache_info().currsize > 64


def test_a_view_is_ones_own() -> None:
    x = Symbol("x", real=True)
    factored(x).multiply(x, x)
    assert factored(x).powers == {x: 1}
    assert isinstance(key(x), tuple)


def test_too_much_memory_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = iter(range(10**6))
    monkeypatch.setattr(patience, "_taken", lambda: next(taken) / 10)
    monkeypatch.setattr(patience, "_APART", 0.0)  # asked as often however quick the machine is
    assert run(["jacobian", "layer-normalisation"]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert err == (
        "symderiv: no derivation: there is no answer within 2 GiB of memory; a smaller size or a "
        "shorter formula needs less\n"
    )


def test_memory_that_others_took_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_taken", lambda: 40.0)
    with patience.limited(5):
        patience.look()
    patience.room()


REFUSED = ["(iverson(x > 3)*0)**-1", "x/(0*log(x))", "1/iverson(1 > 2)", "log(0*x)"]
FOLDED: list[tuple[str, Callable[[float], float]]] = [
    ("iverson(2 > 1)*x", lambda x: 1),
    ("where(1/2 < 0.6, x**2, x)", lambda x: 2 * x),
    ("where(1 > 2, x**2, 0) + iverson(3 != 3)*x", lambda x: 0),
    ("iverson(x > 3)*0 + x", lambda x: 1),
]


@pytest.mark.parametrize("formula", REFUSED)
def test_constants_without_a_value_are_refused_where_they_are_read(formula: str) -> None:
    with pytest.raises(symderiv.Mistake, match=r"no value|log"):
        symderiv.derive(formula, wrt="x")


@pytest.mark.parametrize(("formula", "slope"), FOLDED)
def test_brackets_of_numbers_are_what_they_are_worth(
    formula: str, slope: Callable[[float], float]
) -> None:
    answer = symderiv.derive(formula, wrt="x")
    assert answer.strength is Strength.PROVED
    for x in (-2, 1, 5):
        assert answer.sympy.subs(dict.fromkeys(answer.sympy.free_symbols, x)) == slope(x)


def test_a_sum_is_not_worked_out_while_it_is_read() -> None:
    """SymPy asked for the free symbols of this sum compares δ₁₁ with z_i, and cannot."""
    answer = symderiv.derive("sum(max(delta(1,1), z[i]), i)", wrt="z[j]")
    assert answer.strength is Strength.PROVED


def test_entries_shown_of_a_large_matrix_need_no_look_to_many_digits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A step that is proved is passed by the points of one size, however large that is."""
    looks: list[int] = []
    plain = Look._closely

    def counted(self: Look, ground: Any, p: int, precisions: Any) -> Any:
        looks.append(p)
        return plain(self, ground, p, precisions)

    monkeypatch.setattr(Look, "_closely", counted)
    answer = symderiv.softmax.jacobian(k=1000)
    assert answer.strength is Strength.PROVED
    assert not looks
    assert min(step.verdict.points for step in answer.steps) >= ENOUGH
    for i, j in ((1, 1), (2, 3), (1000, 999)):
        p = {n: Indexed("p", n) for n in (i, j)}
        assert sympy.expand(release(answer.entry(i, j)) - p[i] * (int(i == j) - p[j])) == 0


HEADS: list[tuple[str, Callable[[mpf], mpf]]] = [
    ("sin", mpmath.sin),
    ("tanh", mpmath.tanh),
    ("exp", mpmath.exp),
    ("log", mpmath.log),
    ("cos", mpmath.cos),
    ("sigmoid", lambda x: 1 / (1 + mpmath.exp(-x))),
]
FACTORS = [(*HEADS[n % 6], mpf(n + 5) / 4) for n in range(24)]
PRODUCT = "*".join(f"{name}({a}*x)" for name, _, a in FACTORS)


def test_a_product_of_many_factors_is_proved_factor_by_factor() -> None:
    """Multiplied out, the slopes of its tanh and sigmoid would have 2⁸ terms."""
    answer = symderiv.derive(PRODUCT, wrt="x", timeout=30)
    assert answer.strength is Strength.PROVED
    with mpmath.workdps(40):
        x = mpf(3) / 2

        def value(t: mpf) -> mpf:
            return mpmath.fprod(f(a * t) for _, f, a in FACTORS)

        claimed = sympy.lambdify(Symbol("x"), answer.sympy, "mpmath")(x)
        assert abs(claimed / mpmath.diff(value, x) - 1) < mpf("1e-25")


def test_one_wrong_slope_among_many_is_refuted() -> None:
    wrong = " + ".join(
        "*".join(
            f"D{m}" if m == n else f"{name}({a}*x)" for m, (name, _, a) in enumerate(FACTORS[:3])
        )
        for n in range(3)
    )
    slopes = {"D0": "1.25*cos(1.25*x)", "D1": "1.5*tanh(1.5*x)", "D2": "1.75*exp(1.75*x)"}
    for name, slope in slopes.items():
        wrong = wrong.replace(name, f"({slope})")
    first = "*".join(f"{name}({a}*x)" for name, _, a in FACTORS[:3])
    answer = symderiv.derive(first, wrt="x", claim=wrong)
    assert answer.claim is not None
    assert answer.claim.verdict.strength is Strength.REFUTED


def test_a_budget_is_of_work_and_a_limit_of_time() -> None:
    """A busy machine decides nothing: what waits has not worked."""
    work = patience.budget(0.05)
    time.sleep(0.1)
    assert not work.spent
    while work.left > 0:
        pass
    assert work.spent
    assert not patience.FOREVER.spent
    with patience.limited(0.01):
        time.sleep(0.02)
        assert patience.budget(60).spent


def test_facts_that_cannot_be_read_in_time_prove_nothing() -> None:
    answer = symderiv.derive("sum(y[i]*log(x[i]), i)", wrt="x[j]", assume="sum(y[i], i) = 1")
    judge = Judge(answer.problem)
    with patience.limited(0.0):
        time.sleep(0.001)
        assert judge.proof(answer.statement, Integer(0)) is None
        assert not judge.positive(answer.answer)
