"""The lines of a network: stages taken together, and lines in matrix notation."""

from __future__ import annotations

import json
import unicodedata

import numpy as np
import pytest

import symderiv
from symderiv.cli import run

pytestmark = pytest.mark.usefixtures("derived_once")

NORMALISED = """
m[t] = mean(x[t,d], d)
v[t] = mean((x[t,d] - m[t])**2, d)
u[t,d] = (x[t,d] - m[t])/sqrt(v[t] + eps)
sum(sum(W[k,d]*u[t,d], d)**2*c[t,k], t, k)
"""


def test_mean_and_variance_are_taken_into_what_they_normalise() -> None:
    """Layer normalisation as it is published: one lemma, in the normalised values."""
    made = symderiv.backprop(NORMALISED, data=["W", "c"], symbols={"u": "xhat"})
    assert set(made.adjoints) == {"xhat"}
    claim = "(s[t,d] - mean(s[t,k], k) - xhat[t,d]*mean(s[t,k]*xhat[t,k], k))/sqrt(v[t] + eps)"
    (found,) = symderiv.backprop(
        NORMALISED, wrt="x[t,d]", symbols={"u": "xhat", "xhatbar": "s"}, claim=claim
    ).claims
    assert str(found.claim.verdict.strength) == "proved"


def test_no_array_grows_for_it() -> None:
    """The program of a normalisation holds nothing with three axes."""
    source = symderiv.backprop(NORMALISED).emit()
    assert "[:, None, :]" not in source
    assert "'abc'" not in source


@pytest.mark.parametrize(
    "text",
    [
        "m = mean(x[i], i); v = mean((x[i] - m)**2, i); h[i] = (x[i] - m)/v; sum(h[i]**3, i) + v",
        "m = mean(x[i], i); h[i] = x[i] - m; sum(h[i]**3*m, i)",
        "a[i] = sum(W[i,j]*x[j], j); h[i] = x[i] + tanh(a[i]); sum(h[i]**2, i)",
    ],
)
def test_what_something_else_uses_keeps_its_own_line(text: str) -> None:
    made = symderiv.backprop(text)
    assert {"v", "m", "a"} & set(made.adjoints)
    assert str(made.strength) == "proved"


def test_a_stage_that_is_asked_for_has_its_own_line() -> None:
    made = symderiv.backprop(NORMALISED, wrt=["x", "v"])
    assert "v" in made.gradients
    assert made.gradients["v"].lemmas


def nfc(text: str) -> str:
    """With a letter and its bar as one sign where there is one."""
    return unicodedata.normalize("NFC", text)


FORMS = {
    "z": "p − e_y",
    "h": "Vᵀ z̄",
    "a": "h̄ ⊙ (1 − h²)",
    "W": "ā xᵀ",
    "x": "Wᵀ ā",
    "b": "ā",
    "V": "z̄ hᵀ",
}
NETWORK = """
a[i] = sum(W[i,j]*x[j], j) + b[i]
h[i] = tanh(a[i])
z[k] = sum(V[k,i]*h[i], i)
p[k] = softmax(z)[k]
-log(p[y])
"""


def test_the_lines_of_a_network_in_matrix_notation() -> None:
    made = symderiv.backprop(NETWORK)
    assert {name: nfc(form.text) for name, form in made.matrices.items()} == FORMS
    assert all(form.verdict.holds for form in made.matrices.values())


def test_a_batch_in_matrix_notation() -> None:
    text = """
    a[n,i] = sum(W[i,j]*X[n,j], j) + b[i]
    h[n,i] = tanh(a[n,i])
    mean(sum((sum(V[k,i]*h[n,i], i) - Y[n,k])**2, k), n)
    """
    forms = symderiv.backprop(text, data=["X", "Y"]).matrices
    assert nfc(forms["W"].text) == "āᵀ X"
    assert nfc(forms["b"].text) == "āᵀ 1"


def test_what_has_no_form_is_said_with_indices(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backprop", NETWORK, "--notation", "matrix"]) == 0
    page = nfc(capsys.readouterr().out)
    assert "z̄ = p − e_y" in page
    assert "∂L/∂W = ā xᵀ" in page
    assert "∂L/∂Wᵢⱼ\n" not in page
    assert run(["backprop", NETWORK, "--notation", "index"]) == 0
    assert "In matrix notation" not in capsys.readouterr().out
    heads = "q[h,t,a] = tanh(sum(Q[h,a,d]*x[t,d], d)); sum(q[h,t,a]**2, h, t, a)"
    assert run(["backprop", heads, "--notation", "matrix"]) == 0
    assert "q̄ₕₜₐ\n  = 2 qₕₜₐ" in nfc(capsys.readouterr().out)


def test_data_has_the_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backprop", NETWORK, "-f", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    form = data["gradients"]["W"]["matrix"]
    assert (nfc(form["text"]), form["latex"]) == ("ā xᵀ", r"\bar{a} x^{\top}")
    form = data["adjoints"]["z"]["matrix"]
    assert (form["text"], form["latex"]) == ("p − e_y", "p - e_y")
    assert form["where"] == {"e_y[k]": "delta(k,y)"}


def test_a_form_means_what_its_line_means() -> None:
    """The forms of an attention, computed as they stand, are the gradients."""
    text = """
    q[t,a] = sum(Q[a,d]*x[t,d], d)
    k[t,a] = sum(K[a,d]*x[t,d], d)
    s[t,u] = sum(q[t,a]*k[u,a], (a,1,A))
    w[t,u] = softmax(s[t,:])[u]
    sum(w[t,u]*c[t,u], t, u)
    """
    made = symderiv.backprop(text, wrt=["Q", "K", "x"])
    said = {name: form.text for name, form in made.matrices.items()}
    assert said["Q"] == "q̄ᵀ x"
    assert said["q"] == "s̄ k"
    assert said["k"] == "s̄ᵀ q"
    random = np.random.default_rng(0)
    given = {n: random.normal(size=z) for n, z in
             {"Q": (2, 3), "K": (2, 3), "x": (4, 3), "c": (4, 4)}.items()}  # fmt: skip
    _, found = made.function()(**given)
    Q, K, x, c = given.values()
    q, k = x @ Q.T, x @ K.T
    e = np.exp(q @ k.T)
    w = e / e.sum(1, keepdims=True)
    s = w * (c - (w * c).sum(1, keepdims=True))
    np.testing.assert_allclose(found["Q"], (s @ k).T @ x, rtol=1e-10)
    np.testing.assert_allclose(found["K"], (s.T @ q).T @ x, rtol=1e-10)
