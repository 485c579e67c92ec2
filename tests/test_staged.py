"""Derivatives through many stages: said in adjoints, claims about them, and what they are worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

import symderiv
from symderiv.cli import run
from symderiv.recheck import recheck
from tests.answered import derived


def layers(count: int) -> str:
    lines, below = [], "x"
    for n in range(1, count + 1):
        lines.append(f"h{n}[i] = {below}[i] + tanh(sum(W{n}[i,j]*{below}[j], j))")
        below = f"h{n}"
    return "\n".join([*lines, f"sum(({below}[i] - t[i])**2, i)"])


DEEP = layers(12)


def test_a_deep_derivative_is_said_in_adjoints() -> None:
    answer = derived(DEEP, "W12[i,j]")
    assert str(answer.strength) == "proved"
    assert [s.rule for s in answer.steps] == ["chain rule over the stages, through h12"]
    assert answer.problem.definition("h12bar") is not None


def test_a_few_stages_are_written_out() -> None:
    answer = symderiv.derive(layers(2), wrt="W2[i,j]")
    assert len(answer.steps) > 1


def test_unfold_writes_out() -> None:
    text = ";".join(["a0 = x"] + [f"a{n} = a{n - 1} + b{n}" for n in range(1, 12)] + ["a11**2"])
    assert len(symderiv.derive(text, wrt="x").steps) == 1
    assert "bar" not in str(symderiv.derive(text, wrt="x", unfold=True).answer)


CLAIMS = [
    ("h12bar[i]*(1 - tanh(sum(W12[i,k]*h11[k], k))**2)*h11[j]", "proved"),
    ("2*(h12[i] - t[i])*(1 - tanh(sum(W12[i,k]*h11[k], k))**2)*h11[j]", "proved"),
    ("h12bar[i]*(1 - (h12[i] - h11[i])**2)*h11[j]", "proved"),  # h12 written out
    ("h12bar[i]*(1 - (h12[i] - h11[i])**2)*h11[i]", "refuted"),
    ("-h12bar[i]*(1 - tanh(sum(W12[i,k]*h11[k], k))**2)*h11[j]", "refuted"),
]


@pytest.mark.parametrize(("claim", "strength"), CLAIMS)
def test_a_claim_in_the_names_of_the_page(claim: str, strength: str) -> None:
    """True ones are proved; false ones have a counterexample."""
    found = symderiv.derive(DEEP, wrt="W12[i,j]", claim=claim).claim
    assert found is not None
    assert str(found.verdict.strength) == strength
    if strength == "refuted":
        assert found.verdict.counterexample is not None


def test_the_witness_checks_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Adjoints are stages of the problem, so that arithmetic of another kind can follow them."""
    text = "\n".join(f"h{n}[i] = tanh(sum(U[i,j]*h{n - 1}[j], j) + x{n}[i])" for n in range(1, 7))
    assert run(["derive", f"{text}\nsum(h6[i]**2, i)", "--wrt", "U[i,j]", "-f", "json"]) == 0
    data = capsys.readouterr().out
    status, said = recheck(data)
    assert status == 0, said
    assert json.loads(data)["verdict"] == "proved"
    assert "3 of 3 lines hold" in said


def test_the_function_is_the_gradient() -> None:
    run_it: Any = derived(DEEP, "W1[i,j]").function()
    _, found = symderiv.backprop(DEEP, wrt="W1").function()(**_given(run_it))
    given = _given(run_it)
    np.testing.assert_allclose(run_it(**given), found["W1"], rtol=1e-10)


def _given(function: Any) -> dict[str, Any]:
    random = np.random.default_rng(5)
    shapes = {f"W{n}": (2, 2) for n in range(1, 13)} | {"x": (2,), "t": (2,)}
    return {n: 0.5 * random.normal(size=s) for n, s in shapes.items()}


def test_file_and_function_are_of_the_derivation_that_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deep.py"
    order = ["derive", DEEP, "--wrt", "W1[i,j]", "--symbols", "x=u,W2=V"]
    assert run([*order, "--emit", str(file)]) == 0
    answer = symderiv.derive(DEEP, wrt="W1[i,j]", symbols={"x": "u", "W2": "V"})
    assert cast(Any, answer.function()).__source__ == file.read_text()
    made: dict[str, Any] = {}
    exec(file.read_text(), made)
    assert made["__all__"] == ["L", "L_gradient", "L_value_and_gradient"]
    run_it: Any = derived(DEEP, "W1[i,j]").function()
    plain = _given(run_it)
    given = {{"x": "u", "W2": "V"}.get(n, n): a for n, a in plain.items()}
    value, slope = made["L_value_and_gradient"](**given)
    assert value == made["L"](**given)
    np.testing.assert_array_equal(slope, run_it(**plain))
    np.testing.assert_array_equal(slope, made["L_gradient"](**given))


RNN = "h[t,i] = tanh(sum(U[i,j]*h[t-1,j],j) + x[t,i]); h[0,i] = 0; sum(h[T,i]**2, i)"


def _rnn(U: Any, x: Any) -> Any:
    h = np.zeros(len(U))
    for row in x:
        h = np.tanh(U @ h + row)
    return h @ h


@pytest.mark.parametrize(("wrt", "part"), [("U[a,b]", ...), ("U[2,b]", 1), ("U[1,2]", (0, 1))])
@pytest.mark.parametrize("target", ["numpy", "array-api"])
def test_the_functions_of_a_recurrence(wrt: str, part: Any, target: str) -> None:
    slope: Any = derived(RNN, wrt).function(target=target)
    made: dict[str, Any] = {}
    exec(slope.__source__, made)
    random = np.random.default_rng(2)
    U, x = random.normal(size=(2, 2)) / 2, random.normal(size=(4, 2))
    np.testing.assert_allclose(made["L"](U, x), _rnn(U, x), rtol=1e-13)
    step = 1e-6 * np.eye(4).reshape(4, 2, 2)
    right = [(_rnn(U + d, x) - _rnn(U - d, x)) / 2e-6 for d in step]
    np.testing.assert_allclose(slope(U, x), np.reshape(right, (2, 2))[part], rtol=1e-7)


def test_no_function_of_a_diagonal_of_a_recurrence() -> None:
    with pytest.raises(symderiv.Mistake, match="differentiate by the whole array"):
        symderiv.derive(RNN, wrt="U[a,a]").function()


def test_one_component_and_one_entry() -> None:
    answer = symderiv.derive(DEEP, wrt="W12[1,2]")
    assert "h11[2]" in str(answer.sympy)
