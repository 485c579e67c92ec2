"""Recurrences: what is read as one, in which order it runs, for how many steps it holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sympy
import torch
from sympy import Symbol

import symderiv
from symderiv.judge.steps import disorder
from symderiv.mistakes import Mistake
from symderiv.reader import ReadError, read
from symderiv.terms import Neg, Plus, Quantity, bottom_up, letter, summation
from symderiv.terms.problem import Definition, Problem
from symderiv.terms.sizes import written_out
from tests.answered import backpropagated

pytestmark = pytest.mark.usefixtures("derived_once")

RNN = """
h[t,i] = tanh(sum(U[i,j]*h[t-1,j], j) + sum(W[i,d]*x[t,d], d))
h[0,i] = h0[i]
sum(h[t,i]**2, t, i)
"""


def test_a_step_before_is_a_stage_of_its_own() -> None:
    problem = read(RNN)
    assert [s.name for s in problem.stages] == ["hprev", "h"]
    assert problem.delays == {"hprev": 0}
    assert (
        problem.shapes["h"]
        == problem.shapes["hprev"]
        == problem.shapes["x"][:1] + (problem.shapes["h0"])
    )


def test_the_stage_before_takes_no_name_of_the_text() -> None:
    problem = read(RNN.replace("W", "hprev"))
    assert problem.delays == {"hprev1": 0}


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_one_program_for_every_number_of_steps(steps: int) -> None:
    run = backpropagated(RNN).function()
    random = np.random.default_rng(steps)
    given = {n: random.normal(size=s) for n, s in
             {"U": (2, 2), "W": (2, 3), "x": (steps, 3), "h0": (2,)}.items()}  # fmt: skip

    def forward(U: np.ndarray, W: np.ndarray, x: np.ndarray, h0: np.ndarray) -> float:
        h, total = h0, 0.0
        for row in x:
            h = np.tanh(U @ h + W @ row)
            total += float((h**2).sum())
        return total

    value, found = run(**given)
    assert value == pytest.approx(forward(**given), rel=1e-13)
    for name, array in given.items():
        for at in np.ndindex(array.shape):
            move = np.zeros_like(array)
            move[at] = 1e-6
            up, down = (forward(**{**given, name: array + s * move}) for s in (1, -1))
            assert found[name][at] == pytest.approx((up - down) / 2e-6, rel=1e-6, abs=1e-8)


def test_three_steps_are_three_stages_written_out() -> None:
    """The recurrence at T = 3 gives what the same network without one gives."""
    plain = """
    h1[i] = tanh(sum(U[i,j]*h0[j], j) + sum(W[i,d]*x1[d], d))
    h2[i] = tanh(sum(U[i,j]*h1[j], j) + sum(W[i,d]*x2[d], d))
    h3[i] = tanh(sum(U[i,j]*h2[j], j) + sum(W[i,d]*x3[d], d))
    sum(h1[i]**2, i) + sum(h2[i]**2, i) + sum(h3[i]**2, i)
    """
    random = np.random.default_rng(4)
    U, W, x, h0 = (random.normal(size=s) for s in ((2, 2), (2, 3), (3, 3), (2,)))
    _, looped = backpropagated(RNN).function()(U=U, W=W, x=x, h0=h0)
    _, written = symderiv.backprop(plain).function()(U=U, W=W, h0=h0, x1=x[0], x2=x[1], x3=x[2])
    for name in ("U", "W", "h0"):
        np.testing.assert_allclose(looped[name], written[name], rtol=1e-12)
    np.testing.assert_allclose(looped["x"][1], written["x2"], rtol=1e-12)


def test_a_far_step_by_its_number() -> None:
    """Ninety steps are worked out as three are: the slope is the product of those of the steps."""
    network = "h[t] = a*h[t-1]*(1-h[t-1]) + x[t]; h[0] = s; h[90]"
    run = symderiv.backprop(network, wrt="s").function()
    a, h, slope = 2.5, 0.3, 1.0
    given = {"a": a, "s": h, "x": np.random.default_rng(2).uniform(0, 0.1, 90)}
    for x in given["x"]:
        slope *= a * (1 - 2 * h)
        h = a * h * (1 - h) + x
    value, found = run(**given)
    assert value == pytest.approx(h, rel=1e-13)
    assert found["s"] == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize("target", ["numpy", "torch"])
def test_a_recurrence_without_an_array_along_its_steps_is_told_how_many(target: str) -> None:
    """Of h[60] the steps after it change nothing; its slopes are torch's through sixty steps."""
    network = "h[0,i] = s[i]; h[t,i] = tanh(sum(W[i,j]*h[t-1,j], j)); sum(h[60,i], i)"
    weights, start = np.array([[0.9, 0.3], [-0.2, 1.1]]), np.array([0.3, -0.2])
    W, s = (torch.tensor(a, requires_grad=True) for a in (weights, start))
    h = s
    for _ in range(60):
        h = torch.tanh(W @ h)
    h.sum().backward()
    run = symderiv.backprop(network).function(target=target)
    given = (W, s) if target == "torch" else (weights, start)
    for steps in (60, 64):
        value, found = run(*given, T=steps)
        assert torch.as_tensor(value, dtype=W.dtype).item() == pytest.approx(
            h.sum().item(), rel=1e-13
        )
        for name, by in (("W", W), ("s", s)):
            assert by.grad is not None
            np.testing.assert_allclose(torch.as_tensor(found[name]).detach(), by.grad, rtol=1e-10)
    with pytest.raises(ValueError, match="its axis ends at T"):
        run(*given, T=59)


REFUSED = [
    ("h[60] = a; h[t] = h[t+1]*w; h[1]*w", "the start is the last by its name, h[T,…] = …"),
    ("h[t] = h[t-2]*w; h[0] = a; sum(h[t]*x[t], t)", "so with this start it needs h[-1,…] = …"),
    ("h[t] = h[t+1]*w; h[0] = a; sum(h[t]*x[t], t)", "a number of steps back, h[t-1]"),
    ("h[t] = h[t-1]*w; h[T] = a; sum(h[t]*x[t], t)", "a number of steps on, h[t+1]"),
    ("h[t] = h[t-9]*w; h[0] = a; sum(h[t]*x[t], t)", "at most 8 steps back"),
    (
        "h[t] = h[t-1]*w; h[0] = a; h[T] = b; sum(h[t]*x[t], t)",
        "starts at one end, h[0,…] or h[T+1",
    ),
    ("h[2] = a; h[t] = h[t-1]*w; sum(h[t]*x[t], t)", "so with this start it needs h[1,…] = …"),
    ("h[-1] = a; h[t] = h[t-1]*w; sum(h[t]*x[t], t)", "goes 1 step back, so with this start it"),
    ("h[T+2] = a; h[t] = h[t+1]*w; sum(h[t]*x[t], t)", "goes 1 step on, so with this start it"),
    (
        "h[0,i] = a[i]; h[i,0] = a[i]; h[t,i] = h[t-1,i]; sum(h[t,i]*x[t], t, i)",
        "the starts of 'h' are at steps of one index",
    ),
    ("h[t] = h[t-1]*w; sum(h[t]*x[t], t)", "'h' is defined by itself, h[0,…] = … is its start"),
    ("h[t] = w*h[t]; h[0] = a; sum(h[t]*x[t], t)", "'h' is defined by itself"),
    ("h[0] = a; sum(x[t], t)", "'h' has a start and no step h[t,…]"),
    ("h[0] = a; h[0] = b; h[t] = w*h[t-1]; sum(h[t]*x[t], t)", "'h' has two starts"),
    (
        "h[0,i] = a[i]; h[t] = w*h[t-1]; sum(h[t]*x[t], t)",
        "the start of 'h' has 2 indices, and 'h' has 1",
    ),
    ("h[0,0] = a; h[t,i] = w*h[t-1,i]; sum(h[t,i]*x[t], t, i)", "a start has one 0"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=lambda x: x[:30])
def test_what_is_no_recurrence_is_refused(text: str, message: str) -> None:
    with pytest.raises(ReadError) as refusal:
        read(text)
    assert message in str(refusal.value)


def test_a_stage_of_a_recurrence_is_used_at_its_own_step() -> None:
    text = """
    f[t] = h[t-1]*a[t]
    s[t] = sum(f[u]*b[t,u], u)
    h[t] = tanh(s[t])
    h[0] = c
    sum(h[t], t)
    """
    with pytest.raises(Mistake, match="s uses f at another step than its own"):
        symderiv.backprop(text)


def test_a_later_stage_may_use_every_step() -> None:
    text = RNN.replace("sum(h[t,i]**2, t, i)", "sum(h[t,i]*h[u,i]*k[t,u], t, u, i)")
    assert str(symderiv.backprop(text).strength) == "proved"


def test_a_recurrence_has_no_closed_form_at_one_size() -> None:
    with pytest.raises(Mistake, match="a recurrence is differentiated for every number of steps"):
        symderiv.derive(RNN, wrt="U[i,j]", k=3)
    answer = symderiv.derive(RNN, wrt="U[i,j]")
    assert "hprev" in str(answer.answer)


# -- the judge's own order -----------------------------------------------------------------------


def found(problem: Problem, rings: list[dict[str, int]]) -> list[str]:
    from symderiv.judge.graph import mentioned

    bodies = {s.name: mentioned(s.body) for s in problem.stages}
    return list(disorder(problem.stages, rings, bodies, problem.shapes))


RING = [{"hprev": 0, "h": 0}]


def with_body(problem: Problem, name: str, change: object) -> Problem:
    assert callable(change)
    stages = tuple(
        Definition(s.quantity, change(s.body)) if s.name == name else s for s in problem.stages
    )
    return replace(problem, stages=stages)


def test_the_order_of_a_recurrence_holds() -> None:
    assert found(read(RNN), RING) == []


def test_a_ring_that_is_not_named_is_a_cycle() -> None:
    assert found(read(RNN), []) == ["hprev mentions h, which it does not come after"]


def test_a_step_before_without_its_bracket() -> None:
    def bare(body: Plus) -> Plus:
        first, second = body.args
        return Plus(first.args[1], second)

    broken = with_body(read(RNN), "hprev", bare)
    assert found(broken, RING) == ["hprev mentions h at a step that is not yet there"]


@pytest.mark.parametrize("shift", [0, 1], ids=["the same step", "the next step"])
def test_a_step_that_is_not_before(shift: int) -> None:
    t = letter("t")

    def moved(body: Plus) -> sympy.Expr:
        def change(term: sympy.Basic) -> sympy.Basic:
            if isinstance(term, Quantity) and term.name == "h":
                return Quantity(term.symbol, t + shift, *term.indices[1:])
            return term

        return bottom_up(body, change)  # type: ignore[return-value]

    broken = with_body(read(RNN), "hprev", moved)
    assert found(broken, RING) == ["hprev mentions h at a step that is not yet there"]


def test_a_sum_over_all_steps_within_the_recurrence() -> None:
    problem = read(RNN)
    steps = problem.shapes["h"][0]
    u = letter("u")

    def summed(body: sympy.Expr) -> Plus:
        whole = summation(Quantity(Symbol("hprev"), u, letter("i")), u, steps)
        return Plus(body, Neg(whole))

    broken = with_body(problem, "h", summed)
    assert found(broken, RING) == ["h mentions hprev at a step that is not yet there"]


def test_a_stage_outside_that_needs_all_steps() -> None:
    text = "g[i] = sum(h[t,i], t); s = 0; sum(g[i], i)".replace("s = 0; ", "")
    problem = read(RNN.replace("sum(h[t,i]**2, t, i)", text))
    u = Quantity(Symbol("g"), letter("i"))
    broken = with_body(problem, "h", lambda body: Plus(body, u))
    sentences = found(broken, RING)
    assert "h mentions g, which needs all its steps" in sentences


def test_sizes_written_out_are_the_loop() -> None:
    """The delay at T = 2 is the start, then the stage: by the definition's own brackets."""
    problem = read("h[t] = a*h[t-1]; h[0] = c; sum(h[t]*x[t], t)")
    before = problem.definition("hprev")
    assert before is not None
    first = written_out(before.body, {letter("t"): sympy.Integer(1)})
    assert first.doit() == Symbol("c")


# -- backwards, and further back -------------------------------------------------------------------

BACK = "g[t] = tanh(w*g[t+1] + x[t]); g[T+1] = c; sum(g[t]*v[t], t)"
BACK_RING = [{"gnext": 0, "g": 0}]


def test_a_recurrence_may_run_backwards() -> None:
    problem = read(BACK)
    assert [s.name for s in problem.stages] == ["gnext", "g"]
    assert found(problem, BACK_RING) == []


@pytest.mark.parametrize(
    "end", [Symbol("S", integer=True, positive=True), sympy.Integer(5)], ids=str
)
def test_the_last_step_is_that_of_its_own_axis(end: sympy.Expr) -> None:
    """[t < S] keeps nothing out where the axis ends at T."""

    def longer(body: sympy.Expr) -> sympy.Expr:
        steps = Symbol("T", integer=True, positive=True)
        return body.xreplace({steps: end})

    broken = with_body(read(BACK), "gnext", longer)
    assert found(broken, BACK_RING) == ["gnext mentions g at a step that is not yet there"]


def test_forwards_and_backwards_at_once_have_no_order() -> None:
    text = """
    h[t] = tanh(h[t-1] + x[t]); h[0] = a
    g[t] = tanh(g[t+1] + h[t]); g[T+1] = b
    sum(g[t], t)
    """
    problem = read(text)
    assert found(problem, [{"hprev": 0, "h": 0}, {"gnext": 0, "g": 0}]) == []
    both = [{"hprev": 0, "h": 0, "gnext": 0, "g": 0}]
    mixed = with_body(problem, "h", lambda body: Plus(body, Quantity(Symbol("g"), letter("t"))))
    assert found(mixed, both)


def test_two_steps_back_is_one_step_back_of_one_step_back() -> None:
    problem = read("h[t] = h[t-1] + w*h[t-2]; h[0] = a; h[-1] = b; sum(h[t]*x[t], t)")
    assert problem.delays == {"hprev": 0, "hprev2": 0}
    assert found(problem, [{"hprev": 0, "hprev2": 0, "h": 0}]) == []
    run = symderiv.backprop(
        "h[t] = h[t-1] + w*h[t-2]; h[0] = a; h[-1] = b; h[T] + 0*sum(x[t]*h[t], t)"
    )
    value, slopes = run.function()(w=1.0, a=1.0, b=0.0, x=np.zeros(10))
    assert value == 89  # Fibonacci's, ten steps on
    assert slopes["x"].tolist() == [0.0] * 10


def test_the_first_steps_may_be_given() -> None:
    """The brackets of h[1] and h[2] leave nothing over at any step."""
    problem = read("h[t] = h[t-1] + h[t-2]; h[1] = p; h[2] = q; sum(h[t]*x[t], t)")
    stage = problem.definition("h")
    assert stage is not None
    for step, first in ((1, Symbol("p")), (2, Symbol("q"))):
        assert written_out(stage.body, {letter("t"): sympy.Integer(step)}).doit() == first


def test_an_index_that_every_step_meets_is_left_out() -> None:
    page = backpropagated(RNN).page(detail="brief")
    assert "1[t ≤ T − 1]" in page
    assert "t + 1" not in page.replace("_{t+1", "")
    page = symderiv.backprop(BACK).page(detail="brief")
    assert "gnextbarₜ₋₁ 1[t ≥ 2]" in page
