"""Nesting: functions of functions of functions, whose inner values are named once.

The oracle is forward mode by hand: value and slope of one function after the other, from mpmath.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from sympy import Expr

import symderiv
from symderiv import catalogue
from symderiv.emit.indices import Scope
from symderiv.emit.lower import Lowering
from symderiv.emit.scaled import Scaled
from symderiv.reader import read
from symderiv.terms.contents import contents
from symderiv.terms.nesting import in_stages
from symderiv.terms.verdict import Strength


def softplus(x: mpf) -> mpf:
    return mpmath.log1p(mpmath.exp(x))


ONE_BY_ONE: dict[str, Callable[[mpf], mpf]] = {
    "tanh": mpmath.tanh,
    "exp": mpmath.exp,
    "atan": mpmath.atan,
    "sin": mpmath.sin,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "mish": lambda x: x * mpmath.tanh(softplus(x)),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
}


def nested(name: str, count: int, inner: str = "x") -> str:
    for _ in range(count):
        inner = f"{name}({inner})"
    return inner


def slope(name: str, count: int, x: float) -> mpf:
    """The derivative at a point, by the chain rule and differences in 60 digits."""
    with mpmath.workdps(60):
        value, found = mpf(x), mpf(1)
        for _ in range(count):
            found *= mpmath.diff(ONE_BY_ONE[name], value)
            value = ONE_BY_ONE[name](value)
        return found


COUNTS = [(n, c) for n in ONE_BY_ONE if n != "exp" for c in (1, 2, 3, 4, 6, 8, 20)]


@pytest.mark.parametrize(("name", "count"), COUNTS)
def test_nested_functions_are_proved_and_right(name: str, count: int) -> None:
    answer = symderiv.derive(nested(name, count), wrt="x", timeout=20)
    assert answer.strength is Strength.PROVED
    f: Any = answer.function()
    for x in (-1.5, 0.3, 2.0):
        wanted = float(slope(name, count, x))
        assert abs(float(f(np.float64(x))) - wanted) <= 1e-9 * abs(wanted) + 1e-300


@pytest.mark.parametrize("count", [6, 20])
def test_towers_of_exponentials_are_proved_though_they_overflow(count: int) -> None:
    assert symderiv.derive(nested("exp", count), wrt="x").strength is Strength.PROVED


def shared(answer: Any) -> int:
    """How long the answer is, with all that it is said in."""
    stages = sum(contents(s.body).length for s in answer.problem.stages)
    return stages + sum(contents(s.after).length for s in answer.steps)


@pytest.mark.parametrize("name", ["tanh", "gelu", "mish", "sigmoid", "silu"])
def test_what_is_written_grows_as_what_is_asked(name: str) -> None:
    ten, twenty = (shared(symderiv.derive(nested(name, n), wrt="x", timeout=20)) for n in (10, 20))
    assert twenty < 2.3 * ten


@pytest.mark.parametrize("name", ["log(1 + exp({}))", "sqrt(1 + ({})**2)", "({}) * tanh({})"])
def test_each_term_of_a_nest_is_made_an_array_once(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, alone = [0], Lowering._scaled

    def counted(lowering: Lowering, term: Expr, scope: Scope) -> Scaled:
        made[0] += 1
        return alone(lowering, term, scope)

    monkeypatch.setattr(Lowering, "_scaled", counted)

    def count(depth: int) -> int:
        text, made[0] = "x", 0
        for _ in range(depth):
            text = name.replace("{}", text)
        lowering = Lowering(read(text, wrt=("x",)))
        lowering.value(lowering.problem.function)
        return made[0]

    two, three, four = map(count, (2, 3, 4))
    assert four - three <= 1.5 * (three - two)


BY_HAND: dict[str, Callable[[mpf], mpf]] = {
    "1/(1 + exp(-({})))": ONE_BY_ONE["sigmoid"],
    "1/(1 + {})": lambda x: 1 / (1 + x),
    "sqrt(1 + ({})**2/2)": lambda x: mpmath.sqrt(1 + x**2 / 2),
    "log(1 + exp({}))": softplus,
}


@pytest.mark.parametrize("text", BY_HAND)
def test_quotients_and_powers_nest_as_functions_do(text: str) -> None:
    count, x, written = 8, mpf("0.75"), "x"
    for _ in range(count):
        written = text.format(written)
    answer = symderiv.derive(written, wrt="x", timeout=20)
    assert answer.strength is Strength.PROVED
    f: Any = answer.function()
    with mpmath.workdps(60):
        wanted = mpf(1)
        for _ in range(count):
            wanted, x = wanted * mpmath.diff(BY_HAND[text], x), BY_HAND[text](x)
    assert abs(float(f(np.float64(0.75))) - float(wanted)) <= 1e-12 * abs(float(wanted))


CHAINS = {
    "{0}/(1 + exp(-{0}))": ONE_BY_ONE["silu"],
    "1/(1 + exp(-{0}))": ONE_BY_ONE["sigmoid"],
    "{0}/(1 + {0}**2)": lambda x: x / (1 + x**2),
    "({0}**2 + 1)/2": lambda x: (x**2 + 1) / 2,
}


@pytest.mark.parametrize("count", [5, 9, 30])
@pytest.mark.parametrize("text", CHAINS)
def test_a_chain_of_stages_costs_what_it_is_long(text: str, count: int) -> None:
    """As an exponent u in u/(1 + exp(-u)) is a number: no stage is read through all others."""
    lines = [f"u{n + 1} = {text.format(f'u{n}')}" for n in range(count)]
    problem = "; ".join(["u0 = x", *lines, f"u{count}"])
    answer = symderiv.derive(problem, wrt="x", timeout=20)
    assert answer.strength is Strength.PROVED
    f: Any = answer.function()
    with mpmath.workdps(60):
        value, wanted = mpf("0.625"), mpf(1)
        for _ in range(count):
            wanted, value = wanted * mpmath.diff(CHAINS[text], value), CHAINS[text](value)
    assert abs(float(f(np.float64(0.625))) - float(wanted)) <= 1e-11 * abs(float(wanted))


def test_exponentials_over_exponentials_are_still_taken_together() -> None:
    text = "e[i] = exp(z[i]); s = sum(e[k], k); p[i] = e[i]/s; q[i] = p[i]*a[i]; sum(q[i]*q[i], i)"
    made = symderiv.backprop(text, wrt="z").function()
    given = {"z": np.array([800.0, 799.0, -800.0]), "a": np.array([1.0, 2.0, 3.0])}
    _, slopes = made(**given)
    assert np.isfinite(slopes["z"]).all()


@pytest.mark.parametrize("count", [5, 20])
def test_silu_of_silu_of_an_array(count: int) -> None:
    text = f"sum(a[i]*{nested('silu', count, 'z[i]')}, i)"
    answer = symderiv.derive(text, wrt="z[j]", timeout=20)
    assert answer.strength is Strength.PROVED
    z, a = np.array([-0.5, 1.5, 3.0]), np.array([1.0, -2.0, 0.5])
    wanted = [w * float(slope("silu", count, x)) for w, x in zip(a, z, strict=True)]
    np.testing.assert_allclose(answer.function()(a=a, z=z), wanted, rtol=1e-9)


def test_an_array_argument_is_read_once() -> None:
    """Softmax holds its argument twice, at i and at k; at 10 deep that would be 1023 times."""
    text = f"sum(a[i]*{nested('softmax', 14, 'W[n,:]/T')}[i], n, i)"
    assert len(read(text, library=catalogue.library()).stages) == 14
    assert symderiv.derive(text, wrt="W[n,j]", timeout=20).strength is Strength.PROVED


def test_a_letter_of_the_argument_is_not_that_of_the_value() -> None:
    """softmax(softmax(W[i,:]))[i]: the row stays i where the sum runs over the columns."""
    f: Any = symderiv.derive("sum(softmax(softmax(W[i,:]))[i], i)", wrt="W[1,2]").function()
    w = np.array([[0.3, -1.0, 2.0], [0.1, 0.2, 0.3], [1.0, 0.0, -1.0]])

    def value(x: mpf) -> mpf:
        rows = [[mpf(float(c)) for c in row] for row in w]
        rows[0][1] = x
        total = mpf(0)
        for i, row in enumerate(rows):
            for _ in range(2):
                e = [mpmath.exp(c) for c in row]
                row = [c / mpmath.fsum(e) for c in e]
            total += row[i]
        return total

    with mpmath.workdps(40):
        assert abs(float(f(w)) - float(mpmath.diff(value, mpf(-1)))) < 1e-12


def test_inner_values_of_arrays_are_arrays() -> None:
    answer = symderiv.derive(f"sum({nested('gelu', 5, 'z[i]')}, i)", wrt="z[j]", timeout=20)
    assert answer.strength is Strength.PROVED
    assert [s.quantity.indices for s in answer.problem.stages][:1] != [()]
    z = np.array([-0.4, 0.9, 1.7])
    found = answer.function()(z)
    np.testing.assert_allclose(found, [float(slope("gelu", 5, x)) for x in z], rtol=1e-9)


@pytest.mark.parametrize("name", ["tanh", "gelu"])
def test_a_false_claim_about_nested_functions_is_refuted(name: str) -> None:
    text = nested(name, 6)
    found = symderiv.derive(text, wrt="x", claim=f"1 - {text}", timeout=30).claim
    assert found is not None
    assert found.verdict.strength is Strength.REFUTED


def test_what_is_not_deep_stays_as_it_is_typed() -> None:
    for text in ("gelu(gelu(x))", "x*sigmoid(x)", "exp(-x**2)*sin(exp(-x**2))"):
        assert in_stages(read(text, wrt="x", library=catalogue.library())) is None


KEPT = [
    "u*gelu(gelu(gelu(gelu(x))))",  # a name that is taken is not taken again
    "u1*gelu(gelu(gelu(gelu(x + u))))",
    "v = x**2; gelu(gelu(gelu(gelu(v))))*x",  # a stage of one's own, and the variable beside it
    "gelu(gelu(gelu(gelu(x)))) + gelu(gelu(gelu(gelu(x))))**2",
    "sum(gelu(gelu(gelu(gelu(a[i]*x)))), i)*x",
    "sum(mish(mish(mish(a[i]*x))), (i, 2, N-1))*x",  # a part of an axis is no array
    "sum(delta(i,2)*gelu(gelu(gelu(gelu(a[i]*x)))), i)",
]


@pytest.mark.parametrize("text", KEPT)
def test_naming_inner_values_changes_no_value(text: str) -> None:
    """The function by its stages and as it is typed, by differences."""
    answer = symderiv.derive(text, wrt="x", timeout=30)
    assert answer.strength in (Strength.PROVED, Strength.EXACT)
    given = {"x": np.float64(0.7), "a": np.array([0.5, -1.2, 0.8, 2.0]), "u": np.float64(1.3),
             "u1": np.float64(-0.4)}  # fmt: skip
    names = [n for n in given if n == "x" or f"{n}[" in text or f"{n}*" in text or f" {n})" in text]
    f: Any = answer.function()
    found = float(f(**{n: given[n] for n in names}))

    def value(x: mpf) -> mpf:
        g = ONE_BY_ONE["gelu"]

        def four(y: mpf) -> mpf:
            return g(g(g(g(y))))

        mish = ONE_BY_ONE["mish"]
        a = [mpf(float(y)) for y in given["a"]]
        u, u1 = mpf(float(given["u"])), mpf(float(given["u1"]))
        return {
            KEPT[0]: lambda: u * four(x),
            KEPT[1]: lambda: u1 * four(x + u),
            KEPT[2]: lambda: four(x**2) * x,
            KEPT[3]: lambda: four(x) + four(x) ** 2,
            KEPT[4]: lambda: mpmath.fsum(four(y * x) for y in a) * x,
            KEPT[5]: lambda: mpmath.fsum(mish(mish(mish(y * x))) for y in a[1:3]) * x,
            KEPT[6]: lambda: four(a[1] * x),
        }[text]()

    with mpmath.workdps(50):
        assert abs(found - mpmath.diff(value, mpf(0.7))) < mpf("1e-9")


def test_what_is_too_long_in_a_free_letter_is_one_sentence() -> None:
    with pytest.raises(symderiv.Mistake, match="more than 20000 terms"):
        symderiv.derive(nested("gelu", 20, "z[i]"), wrt="z[j]")


def test_a_definition_that_is_read_backwards_divides_by_nothing() -> None:
    """σ(x) is not u/x for u = x σ(x): at x = 0 that has no value."""
    for name in ("gelu", "mish", "silu"):
        answer = symderiv.derive(f"u = {name}(x); v = {name}(u); {name}(v)", wrt="x")
        f: Any = answer.function()
        assert abs(float(f(np.float64(0.0))) - float(slope(name, 3, 0.0))) < 1e-12


@pytest.mark.parametrize("claim", ["u*(1 - u)*w", "u*(1 - u)*w*(1 - w)*x", "u*(1 + u)*w*(1 - w)"])
def test_what_both_sides_hold_hides_no_fault(claim: str) -> None:
    """A false line is not proved by what it shares with a true one."""
    u, w = "sigmoid(sigmoid(tanh(x)))", "sigmoid(tanh(x))"
    said = claim.replace("u", u).replace("w", w)
    found = symderiv.derive(u, wrt="x", claim=f"({said})*(1 - tanh(x)**2)").claim
    assert found is not None
    assert found.verdict.strength is Strength.REFUTED


def test_a_page_of_what_is_nested_deep_writes_nothing_out() -> None:
    """Its picture, its matrix form and its program go stage by stage."""
    answer = symderiv.derive(nested("gelu", 20), wrt="x", timeout=20)
    assert "<math" in answer.page("html")
    with pytest.raises(symderiv.Unanswered, match="written out it has more than 50000 terms"):
        _ = answer.expanded


def test_two_hundred_stages_make_a_function() -> None:
    body = ["tanh(u{0})", "u{0}/(1 + u{0}**2)"]
    lines = [f"u{n + 1} = {body[n % 2].format(n)}" for n in range(200)]
    answer = symderiv.derive("; ".join(["u0 = x", *lines, "u200"]), wrt="x", timeout=60)
    with mpmath.workdps(40):
        value, wanted = mpf("0.25"), mpf(1)
        for n in range(200):
            f = mpmath.tanh if n % 2 == 0 else CHAINS["{0}/(1 + {0}**2)"]
            wanted, value = wanted * mpmath.diff(f, value), f(value)
    g: Any = answer.function()
    assert abs(float(g(np.float64(0.25))) - float(wanted)) <= 1e-10 * float(wanted)
