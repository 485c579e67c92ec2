"""`symderiv backprop`: pages, data, programs, and what is refused."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symderiv.cli import run

NETWORK = """
a[i] = sum(W[i,j]*x[j], j) + b[i]
h[i] = relu(a[i])
z[k] = sum(V[k,i]*h[i], i)
p[k] = softmax(z)[k]
-log(p[y])
"""


def loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("net", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_page_has_adjoints_gradients_and_lemmas(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backprop", NETWORK, "--data", "x"]) == 0
    page = capsys.readouterr().out
    assert "z̄ₖ\n  = pₖ − δ_{ky}   through L: lemma 1" in page
    assert "∂L/∂Vₖᵢ\n  = z̄ₖ hᵢ" in page
    assert "∂L/∂x" not in page
    assert "(1) from L to z: ∂/∂zₖ (−log p_y) = pₖ − δ_{ky}" in page
    assert "lemmas is proved for every size" in page
    assert "agrees with\n  finite differences" in page
    assert "Exception\n  aᵢ = 0: the derivative may not exist there" in page


def test_data_is_named_once_or_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    pages = []
    for given in (["--data", "x,b"], ["--data", "x", "--data", "b"]):
        assert run(["backprop", NETWORK, *given]) == 0
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1]
    assert "∂L/∂W" in pages[0]
    assert "∂L/∂b" not in pages[0]


def test_gradients_are_asked_for_together_or_one_by_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pages = []
    for given in (["--wrt", "W, b"], ["--wrt", "W[i,j],b[i]"], ["--wrt", "W", "--wrt", "b"]):
        assert run(["backprop", NETWORK, *given]) == 0
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1] == pages[2]
    assert "∂L/∂W" in pages[0]
    assert "∂L/∂b" in pages[0]
    assert "∂L/∂V" not in pages[0]


@pytest.mark.parametrize("form", ["latex", "markdown", "github", "typst"])
def test_every_target_has_the_chapter(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backprop", NETWORK, "-f", form, "--wrt", "V"]) == 0
    assert "Backpropagation" in capsys.readouterr().out


def test_every_line_of_every_lemma(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backprop", NETWORK, "--wrt", "V", "--detail", "full"]) == 0
    page = capsys.readouterr().out
    assert "Lemma 1, from L to z" in page
    assert "∂/∂zₖ log p_y" in page
    assert "constant factor" in page


def test_data_has_the_gradients_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backprop", NETWORK, "-f", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data["gradients"]) == ["W", "x", "b", "V"]
    assert data["gradients"]["V"]["formula"] == "zbar[k]*h[i]"
    assert {g["strength"] for g in data["gradients"].values()} == {"proved"}
    assert data["trial"]["points"] == 2
    assert [line["through"] for line in data["adjoints"]["z"]["lemmas"]] == ["L"]


def test_the_program_is_written_and_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.py"
    assert run(["backprop", NETWORK, "--emit", str(file), "-f", "json"]) == 0
    capsys.readouterr()
    assert "symderiv" not in {line.split()[1] for line in file.read_text().splitlines()
                              if line.startswith(("import", "from"))}  # fmt: skip
    random = np.random.default_rng(0)
    given = {n: random.normal(size=s) for n, s in
             {"W": (3, 2), "x": (2,), "b": (3,), "V": (4, 3)}.items()}  # fmt: skip
    module = loaded(file)
    value, found = module.value_and_gradients(**given, y=2)
    z = given["V"] @ np.maximum(given["W"] @ given["x"] + given["b"], 0)
    assert value == pytest.approx(np.log(np.exp(z).sum()) - z[2])
    assert found["W"].shape == (3, 2)
    with pytest.raises(ValueError, match=r"V takes the shape \(4, 3\), not \(4, 2\)"):
        module.value_and_gradients(**{**given, "V": np.ones((4, 2))}, y=2)
    with pytest.raises(IndexError, match="y takes integers from 0 to 3"):
        module.value_and_gradients(**given, y=4)
    with pytest.raises(IndexError, match="y takes integers from 0 to 3"):
        module.value_and_gradients(**given, y=1.0)


WRONG = [
    (["h[i] = tanh(g[i]); g[i] = tanh(h[i]); sum(g[i], i)"], "'g' is used before its definition"),
    (["h[i] = tanh(h[i]); sum(h[i], i)"], "'h' is defined by itself"),
    (
        ["h[i] = sum(W[i,j]*x[j], (j,1,N)) + sum(V[i,j]*x[j], (j,1,M)); sum(h[i], i)"],
        "N and M are both sizes of W's axis",
    ),
    (
        ["A = sum(x[i], i); B = sum(x[i]**2, i)"],
        "the network has 2 results, 'A' and 'B'; --loss B says which is the loss",
    ),
    (["h[i] = x[i]**2; h[i]"], "the last line has the index i, so it is no loss"),
    (["sum(x[i]**2, i)", "--wrt", "W"], "--wrt W: the network has no 'W'; there is 'x' alone"),
    (["p[k] = softmax(z)[k]; -log(p[y])", "--wrt", "y"], "--wrt y: it holds labels"),
    (["p[k] = softmax(z)[k]; -log(p[y])", "--data", "z"], "there is no given array"),
    (["sum(x[i]**2, i)", "--data", "q"], "--data q: the network has no 'q'"),
    (["sum(x[i]**2, i)", "--loss", "q"], "--loss q: there is no stage 'q'"),
    (["h[i] = x[i]**2; sum(h[i], i)", "--loss", "h"], "--loss h: it is an array"),
    (["3"], "there is no given array to differentiate by"),
    (["none.txt"], "there is no file none.txt, and it is no formula"),
]


@pytest.mark.parametrize(("words", "sentence"), WRONG, ids=lambda x: str(x)[:40])
def test_a_wrong_request_is_one_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backprop", *words]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["np", "dtype", "range"])
def test_a_name_with_a_meaning_in_the_program_is_refused_there(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.py"
    assert run(["backprop", f"{name}**2", "--emit", str(file)]) == 2
    said = capsys.readouterr().err
    assert f"'{name}' means something else in the source" in said
    assert not file.exists()


def test_a_size_that_no_input_has_is_an_argument(tmp_path: Path) -> None:
    assert run(["backprop", "sum(a*i, (i,1,N))", "--emit", str(tmp_path / "n.py")]) in (0, 2)
    text, file = "h[i] = a; sum(h[i], (i,1,N))", tmp_path / "net.py"
    assert run(["backprop", text, "--emit", str(file)]) == 0
    assert "(a: Any, *, N: int)" in file.read_text(encoding="utf-8")


def test_a_stage_that_nobody_uses_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backprop", "h[i] = x[i]**2; g[i] = c[i]**2; sum(h[i], i)", "--wrt", "c"]) == 0
    out, err = capsys.readouterr()
    assert "symderiv: the loss does not use the stage g\n" in err
    assert "symderiv: the loss does not depend on c: its gradient is 0\n" in err
    assert "∂L/∂cᵢ\n  = 0   the loss does not depend on it" in out


def test_a_gradient_that_is_zero_is_an_array_of_zeros() -> None:
    import symderiv

    made = symderiv.backprop("h[i] = x[i]**2; g[i] = c[i]**2; sum(h[i], i)", wrt=["c", "x"])
    _, found = made.function()(x=np.ones(3), c=np.ones(2))
    assert found["c"].tolist() == [0.0, 0.0]
    assert found["x"].tolist() == [2.0, 2.0, 2.0]


def test_a_component_is_no_stage() -> None:
    """Its gradient is that of one component, not of them all."""
    import symderiv

    _, found = symderiv.backprop("h[i] = x[i]**2; h[2]").function()(np.array([1.0, 2.0, 3.0]))
    assert found["x"].tolist() == [0.0, 4.0, 0.0]


@pytest.mark.parametrize(
    "spelling",
    [
        "z[i] = sum(W[i,j]*x[j], j); sum((tanh(z[i]) - y[i])^2, i)",
        r"z_i = \sum_j W_{ij} x_j; \sum_i (\tanh(z_i) - y_i)^2",
        "z = W @ x; norm(tanh(z) - y)**2",
    ],
)
def test_a_network_is_read_as_a_formula_is(spelling: str) -> None:
    """In whatever notation: one network, one value, and the slope of that value."""
    import symderiv

    run_it = symderiv.backprop(spelling, data=["x", "y"]).function()
    W, x, y = np.array([[0.3, -0.2, 0.5], [1.0, 0.1, -0.7]]), np.array([1.0, -2, 0.5]), np.ones(2)
    value, found = run_it(W=W, x=x, y=y)
    assert set(found) == {"W"}
    assert value == pytest.approx(np.sum((np.tanh(W @ x) - y) ** 2))
    h = np.zeros((2, 3))
    h[1, 2] = 1e-6
    slope = (
        np.sum((np.tanh((W + h) @ x) - y) ** 2) - np.sum((np.tanh((W - h) @ x) - y) ** 2)
    ) / 2e-6
    assert found["W"][1, 2] == pytest.approx(slope, rel=1e-7)


def test_a_mistake_in_a_network_is_told_where_it_was_typed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["backprop", r"z_i = \tanh(x_i); \sum_i \frc{1}{2} z_i"]) == 2
    assert r"column 26: '\frc' is not read in a formula" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--at=x=[1]", "--style=cases", "--full"])
def test_what_says_nothing_of_a_network_is_no_option(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backprop", NETWORK, option]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("symderiv backprop: no such option")
