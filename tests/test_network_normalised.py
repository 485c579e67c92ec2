"""Normalised values in a network: they have a name, and their adjoint is the joint form."""

from __future__ import annotations

import pytest

import symderiv
from symderiv.derivation.network.normalised import with_normalised
from symderiv.printers.text import text
from symderiv.reader import read

pytestmark = pytest.mark.usefixtures("derived_once")

LOSS = "; sum((n[d] - y[d])**2, d)"
MEAN = "m = mean(x[d], d); v = mean((x[d] - m)**2, d); "
JOINT = "(x̂̄_d − (Σₖ x̂̄ₖ) / D − x̂_d Σₖ x̂̄ₖ x̂ₖ / D) / √(v + ε)"


@pytest.mark.parametrize(
    ("network", "array", "joint"),
    [
        (MEAN + "n[d] = g[d]*(x[d] - m)/sqrt(v + eps) + b[d]" + LOSS, "x", JOINT),
        (MEAN + "n[d] = relu(b[d] + ((x[d] - m)/sqrt(v + eps))*g[d]) + x[d]" + LOSS, "x", JOINT),
        (
            "n[d] = g[d]*x[d]/sqrt(mean(x[e]**2, e) + eps)" + LOSS,
            "x",
            "(x̂̄_d − x̂_d Σₖ x̂̄ₖ x̂ₖ / D) / √((Σₑ xₑ²) / D + ε)",
        ),
        (
            "w[i,j] = s[i]*v[i,j]/sqrt(sum(v[i,k]**2, k)); sum((w[i,j] - y[i,j])**2, i, j)",
            "v",
            "(v̂̄ᵢⱼ − v̂ᵢⱼ Σₘ v̂̄ᵢₘ v̂ᵢₘ) / √(Σₗ vᵢₗ²)",
        ),
        (
            "m[c] = mean(x[b,c], b); v[c] = mean((x[b,c] - m[c])**2, b);"
            "n[b,c] = g[c]*(x[b,c] - m[c])/sqrt(v[c] + eps) + h[c];"
            "sum((n[b,c] - y[b,c])**2, b, c)",
            "x",
            "(x̂̄_{bc} − (Σₖ x̂̄_{kc}) / B − x̂_{bc} Σₖ x̂̄_{kc} x̂_{kc} / B) / √(v_c + ε)",
        ),
    ],
    ids=["layer", "residual", "root mean square", "weights", "batch"],
)
def test_a_normalisation_is_said_in_its_normalised_value(
    network: str, array: str, joint: str
) -> None:
    made = symderiv.backprop(network, data="y")
    found = {lemma.through: text(lemma.term) for lemma in made.gradients[array].lemmas}
    assert found[f"{array}hat"] == joint
    assert str(made.strength) == "proved"
    made.function()  # held against the definitions


@pytest.mark.parametrize(
    ("network", "named"),
    [
        ("n[d] = g[d]*exp(x[d])/sum(exp(x[e]), e)", []),  # a softmax
        ("n[d] = g[d]*x[d]/sum(a[e], e)", []),  # another's scale
        ("n[d] = g[d]*x[d]/a[d]", []),
        ("n[d] = x[d]/sqrt(sum(x[e]**2, e))", []),  # it has a name
        ("n[d] = g[d]*x[d]/x[d]**2", []),  # no fewer indices
        ("n[d] = sum(x[e], e)*g[d]/sum(x[e]**2, e)", []),  # no component
        ("n[d] = g[d]*x[d]/sum(x[e], e)", ["xhat"]),
        ("n[d] = g[d]*x[d]/max(x[e], e)", ["xhat"]),
        ("xhat[d] = x[d]**2; n[d] = g[d]*x[d]/sum(x[e], e) + xhat[d]", ["xhat1"]),
        ("a[d] = g[d]*x[d]/sum(x[e], e); n[d] = a[d] + k[d]*x[d]/sum(x[e], e)", ["xhat"]),
        ("q[d] = sum(W[d,e]*x[e], e); n[d] = g[d]*q[d]/sqrt(sum(q[e]**2, e) + eps)", ["qhat"]),
        ("s = 1/sqrt(mean(x[d]**2, d)); n[d] = g[d]*x[d]*s", ["xhat"]),
        ("h[t,i] = g[i]*h[t-1,i]/sum(h[t-1,j], j); h[0,i] = x[i]; n[d] = h[3,d]", []),
    ],
)
def test_what_is_normalised(network: str, named: list[str]) -> None:
    problem = read(network + LOSS)
    found = [s.name for s in with_normalised(problem).stages]
    assert [n for n in found if n not in {s.name for s in problem.stages}] == named


def test_stages_that_are_asked_for_belong_to_no_other() -> None:
    problem = read(MEAN + "n[d] = g[d]*(x[d] - m)/sqrt(v + eps)" + LOSS)
    assert "xhat" in {s.name for s in with_normalised(problem).stages}
    assert with_normalised(problem, ["v"]) is problem


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("xhatbar[d] = nbar[d]*g[d]", True),
        ("gbar[d] = nbar[d]*xhat[d]", True),
        ("gbar[d] = nbar[d]*(x[d] - m)/sqrt(v + eps)", True),
        ("gbar[d] = nbar[d]*(x[d] + m)/sqrt(v + eps)", False),
    ],
)
def test_claims_with_and_without_the_name(claim: str, holds: bool) -> None:
    network = MEAN + "n[d] = g[d]*(x[d] - m)/sqrt(v + eps) + b[d]" + LOSS
    (found,) = symderiv.backprop(network, data="y", claim=claim).claims
    assert found.claim.verdict.holds is holds
