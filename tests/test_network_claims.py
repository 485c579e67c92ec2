"""Claims about adjoints and gradients, other names for them, and what else backprop is asked."""

from __future__ import annotations

import json

import pytest

import symderiv
from symderiv.cli import run
from symderiv.face.claimed import sides
from symderiv.mistakes import Mistake
from symderiv.patience import OutOfTime
from symderiv.terms.verdict import Strength

pytestmark = pytest.mark.usefixtures("derived_once")

NETWORK = """
a[i] = sum(W[i,j]*x[j], j) + b[i]
h[i] = tanh(a[i])
z[k] = sum(V[k,i]*h[i], i)
p[k] = softmax(z)[k]
-log(p[y])
"""

CLAIMS = [
    ("zbar[k] = p[k] - delta(k,y)", "proved"),
    ("zbar[m] = p[m] - delta(m,y)", "proved"),
    ("hbar[i] = sum(zbar[k]*V[k,i], k)", "proved"),
    ("hbar[i] = sum((p[k] - delta(k,y))*V[k,i], k)", "proved"),
    ("hbar[i] = sum(p[k]*V[k,i], k) - V[y,i]", "proved"),
    ("Wbar[i,j] = abar[i]*x[j]", "proved"),
    ("Wbar[i,j] = sum(zbar[k]*V[k,i], k)*(1 - h[i]**2)*x[j]", "proved"),
    ("bbar[i] = sum((p[k] - delta(k,y))*V[k,i], k)*(1 - tanh(a[i])**2)", "proved"),
    (r"\bar{W}_{ij} = \bar{a}_i x_j", "proved"),
    ("zbar[k] = delta(k,y) - p[k]", "refuted"),
    ("zbar[k] = p[k]", "refuted"),
    ("hbar[i] = sum(zbar[k]*V[k,i], k)*h[i]", "refuted"),
    ("Wbar[i,j] = hbar[i]*x[j]", "refuted"),
    ("Vbar[k,i] = zbar[k]*a[i]", "refuted"),
]


@pytest.mark.parametrize(("claim", "strength"), CLAIMS)
def test_a_claim_about_a_line(claim: str, strength: str) -> None:
    (found,) = symderiv.backprop(NETWORK, claim=claim).claims
    assert str(found.claim.verdict.strength) == strength
    if strength == "refuted":
        assert found.claim.verdict.counterexample is not None


def test_a_claim_about_the_one_gradient_has_no_left_side() -> None:
    made = symderiv.backprop(NETWORK, wrt="W[n,m]", claim="abar[n]*x[m]")
    assert str(made.claims[0].claim.verdict.strength) == "proved"
    with pytest.raises(Mistake, match="say what is claimed of what"):
        symderiv.backprop(NETWORK, claim="abar[i]*x[j]")


def test_a_claim_about_a_recurrence() -> None:
    """In its own names it is proved, for every number of steps; else it agrees at points."""
    text = "h[t] = tanh(w*h[t-1] + x[t]); h[0] = 0; sum(h[t]**2, t)"
    made = symderiv.backprop(
        text,
        claim=[
            "wbar = sum(hbar[t]*(1 - h[t]**2)*hprev[t], t)",
            "wbar = sum(hbar[t]*(1 - tanh(w*hprev[t] + x[t])**2)*hprev[t], t)",
            "wbar = sum(hbar[t]*(1 - h[t]**2)*h[t], t)",
        ],
        wrt="w",
    )
    found = [str(c.claim.verdict.strength) for c in made.claims]
    assert found[0] == "proved"
    assert found[1] == "exact at sizes"
    assert found[2] == "refuted"


STEPWISE = "h[t] = w*h[t-1] + x[t]; h[0] = 0; sum(h[t]**2, t)"
CLOSED = [
    ("x[s]", "sum(2*h[t]*w**(t-s), (t,s,T))", "exact at sizes"),
    ("w", "sum(hbar[t]*hprev[t], t)", "proved"),
    ("w", "sum(sum(2*h[t]*w**(t-s)*hprev[s], (s,1,t)), t)", "exact at sizes"),
    ("w", "sum(sum(2*h[t]*w**(t-s)*h[s], (s,1,t)), t)", "refuted"),
    ("x[s]", "sum(2*h[t]*w**(t-s+1), (t,s,T))", "refuted"),
    ("x[s]", "sum(2*h[t]*w**(t-s), (t,s,T))*(1 - iverson(s > 3))", "refuted"),
]


@pytest.mark.parametrize(("by", "claim", "strength"), CLOSED)
def test_a_claim_in_closed_form_through_a_recurrence(by: str, claim: str, strength: str) -> None:
    """Written out step by step it is decided, and said to be so at sizes."""
    found = symderiv.derive(STEPWISE, wrt=by, claim=claim).claim
    assert found is not None
    assert str(found.verdict.strength) == strength
    if strength == "exact at sizes":
        assert "T = 1 to 4" in found.verdict.note  # [s <= t] reaches one step further


FIRST = "; h[0] = c; h[T]"
BACKWARDS = "g[t] = w*g[t+1] + x[t]; g[T+1] = c; g[1]"
STARTS = [
    ("h[t] = w*h[t-1] + x[t]" + FIRST, "w", "sum(h[t-1]*w**(T-t), (t,1,T))", "exact at sizes"),
    ("h[t] = w*h[t-1] + x[t]" + FIRST, "w", "sum(h[t-1]*w**(T-t), (t,2,T))", "refuted"),
    ("h[t] = w*h[t-1] + v*h[t-2]; h[-1] = b" + FIRST, "v", "sum(h[t-2]*hbar[t], t)", "proved"),
    ("h[t] = w*h[t-1] + v*h[t-2]; h[-1] = b" + FIRST, "v", "sum(h[t-1]*hbar[t], t)", "refuted"),
    (BACKWARDS, "w", "sum(g[t+1]*w**(t-1), (t,1,T))", "exact at sizes"),
    ("h[t] = w*h[t-1]; h[1] = c; h[T]", "w", "sum(h[t-1]*w**(T-t), (t,1,T))", "refuted"),
]


def test_a_claim_that_is_false_from_the_third_step_on() -> None:
    """The slope of the next step is left out, which two steps do not show."""
    text = "h[t] = tanh(w*h[t-1] + x[t]); h[0] = 0; sum(h[t]**2, t)"
    step = "(2*h[t] + iverson(t<T)*w{}*hbar[t+1])*(1 - h[t]**2)*hprev[t]"
    claims = [f"wbar = sum({step.format(x)}, t)" for x in ("", "*(1 - h[t+1]**2)")]
    found = symderiv.backprop(text, wrt="w", claim=claims).claims
    assert [str(c.claim.verdict.strength) for c in found] == ["refuted", "exact at sizes"]


THREE = "h[t] = w*h[t-3] + x[t]; h[0] = c; h[-1] = b; h[-2] = a; sum(h[t]**2,t)"
TWO = "h[t] = w*h[t-2] + x[t]; h[0] = c; h[-1] = b; sum(h[t]**2,t)"
FAR_BACK = [
    (THREE, "w", "sum(h[t-3]*hbar[t], t)", "proved"),
    (THREE, "x[s]", "2*h[s] + iverson(s<T-2)*w*hbar[s+3]", "exact at sizes"),
    (THREE, "x[s]", "2*h[s] + iverson(s<T-1)*w*hbar[s+3]", "refuted"),
    (THREE, "w", "sum(h[t-2]*hbar[t], t)", "refuted"),
    # right as far as the slopes are written out, and wrong at the step after
    (STEPWISE, "x[s]", "sum(2*h[t]*(delta(t,s) + w*delta(t,s+1)), t)", "refuted"),
    (THREE, "x[s]", "sum(2*h[t]*(delta(t,s) + w*delta(t,s+3)), t)", "undecided"),
    (TWO, "x[s]", "sum(2*h[t]*(delta(t,s) + w*delta(t,s+2) + w**2*delta(t,s+4)), t)", "undecided"),
]


@pytest.mark.parametrize(("text", "by", "claim", "strength"), [*STARTS, *FAR_BACK])
def test_steps_before_the_first_and_far_back(text: str, by: str, claim: str, strength: str) -> None:
    """h[t-1] at t = 1 is the h[0] that is given; where none is, the claim leaves its axis."""
    found = symderiv.derive(text, wrt=by, claim=claim).claim
    assert found is not None
    assert str(found.verdict.strength) == strength


def test_the_status_says_whether_a_claim_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backprop", NETWORK, "--claim", "bbar[i] = abar[i]"]) == 0
    assert " holds: proved for every N, K and M." in capsys.readouterr().out
    assert run(["backprop", NETWORK, "--claim", "bbar[i] = hbar[i]"]) == 1
    assert " is wrong: at K = " in capsys.readouterr().out
    assert run(["backprop", NETWORK, "--claim", "bbar[i] = hbar[i]", "-f", "json"]) == 1
    (said,) = json.loads(capsys.readouterr().out)["claims"]
    assert (said["of"], said["formula"], said["strength"]) == ("bbar[i]", "hbar[i]", "refuted")


REFUSED = [
    (["--claim", "W[i,j] = 1"], "no adjoint 'W'"),
    (["--claim", "Wbar[i,i] = 1"], "a claim is for every index, Wbar[i,j] = …"),
    (["--claim", "Wbar[1,j] = 1"], "a claim is for every index, Wbar[i,j] = …"),
    (["--claim", "Wbar[i] = 1"], "a claim is for every index, Wbar[i,j] = …"),
    (["--claim", "abar[y] = 1"], "a claim is for every index, abar[i] = …"),
    (["--claim", "abar[i] = q[i]"], "'q' is not in the formula"),
    (["--claim", "abar[i] ="], "the claim is empty"),
    (["--claim", "= 1"], "a claim is such as"),
    (["--claim", "Wbar[i,j] = abar[j]*x[i]"], "are both sizes of"),
    (["--symbols", "hbar=x"], "'x' is taken"),
    (["--symbols", "hbir=q"], "there is no 'hbir'"),
    (["--symbols", "hbar=q,zbar=q"], "two symbols would both be 'q'"),
    (["--symbols", "hbar=delta"], "'delta' is Kronecker's delta"),
    (["--symbols", "hbar=1"], "is no renaming"),
    (["--accept", "all"], "no strength 'all'"),
    (["--timeout", "0"], "it takes a number of seconds"),
    (["--shape", "W: N,"], "is no shape"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED, ids=lambda x: str(x)[:40])
def test_what_cannot_be_asked_is_one_sentence(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backprop", NETWORK, *options]) == 2
    out, err = capsys.readouterr()
    assert message in err
    assert not out
    assert len(err.splitlines()) == 1


def test_other_names_for_adjoints_and_arrays() -> None:
    made = symderiv.backprop(NETWORK, symbols={"x": "u", "zbar": "delta_z", "abar": r"\eta"})
    page = made.page(detail="brief")
    assert "An adjoint is the derivative of the loss\n  δ_{zk} = ∂L/∂zₖ" in page
    assert "δ_{zk}\n  = pₖ − δ_{ky}" in page
    assert "∂L/∂Wᵢⱼ\n  = ηᵢ uⱼ" in page
    assert set(made.gradients) == {"W", "u", "b", "V"}
    value, found = made.function()(**{n: [[0.5]] if n in "WV" else [0.5] for n in "WubV"}, y=0)
    assert value == 0
    assert found["u"] == [0]


def test_a_recurrence_has_other_names_too() -> None:
    text = "h[t] = tanh(w*h[t-1] + x[t]); h[0] = 0; sum(h[t]**2, t)"
    made = symderiv.backprop(text, symbols={"h": "s", "t": "n"})
    assert str(made.strength) == "proved"
    answer = symderiv.derive(text, wrt="w", symbols={"h": "s", "sbar": "eta"})
    assert "eta" in str(answer.answer)


def test_the_time_is_limited() -> None:
    with pytest.raises(OutOfTime, match=r"no answer within 1e-05 seconds"):
        symderiv.backprop(NETWORK.replace("tanh", "atan"), timeout=1e-5)  # derived by no other test


def test_shapes_and_macros_are_read_as_for_a_formula() -> None:
    made = symderiv.backprop("norm(A @ x - b)**2", shape="A: M,N")
    assert list(made.gradients) == ["A", "x", "b"]
    made = symderiv.backprop(r"\sum_i \act(w_i x_i)", macros=r"\newcommand{\act}{\tanh}")
    assert str(made.strength) == "proved"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"claim": 3},
            "claim: it takes such as 'zbar\\[k\\] = p\\[k\\]', or a list of them, not 3",
        ),
        ({"data": 3}, "data: it takes such as 'x'"),
        ({"loss": 3}, "loss: it takes text, not 3"),
        ({"symbols": "x=u"}, "symbols: it takes old names with their new ones"),
        ({"timeout": -1}, "timeout: it takes a number of seconds"),
        ({"accept": "all"}, "accept: it takes .numeric., not"),
    ],
)
def test_what_python_cannot_ask(asked: dict[str, object], message: str) -> None:
    with pytest.raises(Mistake, match=message):
        symderiv.backprop(NETWORK, **asked)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a[i] = b", ("a[i]", "=", "b")),
        ("a = where(x == y, 1, 2)", ("a", "=", "where(x == y, 1, 2)")),
        ("a <= b", ("", "", "a <= b")),
        ("sum(iverson(i != j), j)", ("", "", "sum(iverson(i != j), j)")),
    ],
)
def test_an_equation_is_parted_at_its_sign(text: str, parts: tuple[str, str, str]) -> None:
    assert sides(text) == parts


def test_an_adjoint_that_is_written_in_itself_is_not_written_out_without_end() -> None:
    formula = "h[t,i] = tanh(sum(U[i,j]*h[t-1,j], j)); h[0,i] = h0[i]; sum(h[T,i]**2, i)"
    made = symderiv.derive(formula, wrt="h0[i]", claim="0").claim
    assert made is not None
    assert made.verdict.strength is Strength.REFUTED


CROSS_ENTROPY = "p[i] = softmax(z)[i]; -sum(q[i]*log(p[i]), i)"
FORM = "a[i,j] = S[i,j]*x[j]; sum(x[i]*a[i,j], i, j)"


@pytest.mark.parametrize(
    ("network", "by", "fact", "claim", "strength"),
    [
        (CROSS_ENTROPY, "z", "sum(q[i], i) = 1", "zbar[i] = p[i] - q[i]", "proved"),
        (CROSS_ENTROPY, "z", "sum(q[i], i) = 1", "zbar[i] = q[i] - p[i]", "refuted"),
        (FORM, "x", "S[i,j] = S[j,i]", "xbar[i] = 2*sum(a[i,j], j)", "proved"),
        (FORM, "x", "S[i,j] = S[j,i]", "xbar[i] = sum(a[i,j], j)", "refuted"),
    ],
)
def test_facts_hold_where_a_network_is_tried(
    network: str, by: str, fact: str, claim: str, strength: str
) -> None:
    found = symderiv.backprop(network, wrt=by, assume=fact, claim=claim)
    assert found.claims[0].claim.verdict.strength == strength


def test_a_function_named_in_a_claim_may_be_one_that_is_in_no_stage() -> None:
    network = "z[k] = sum(W[k,i]*x[i], i); l = logsumexp(z); l - z[y]"
    found = symderiv.backprop(network, wrt="W", claim="zbar[k] = softmax(z)[k] - delta(k,y)")
    assert found.claims[0].claim.verdict.strength == "proved"


SUM = "s[t] = s[t-1] + x[t]*w; s[0] = 0; (s[T] - g)**2"


@pytest.mark.parametrize(
    ("claim", "strength"),
    [("sbar[t] = 2*(s[T] - g)", "exact at sizes"), ("sbar[t] = 2*(s[t] - g)", "refuted")],
)
def test_a_claim_in_closed_form_about_the_adjoint_of_a_recurrence(
    claim: str, strength: str
) -> None:
    (found,) = symderiv.backprop(SUM, wrt="x", claim=claim).claims
    assert str(found.claim.verdict.strength) == strength


@pytest.mark.parametrize("claim", ["10**12 + 10**(-3)", "10**12", "2*q*x + 10**12 + 10**(-9)"])
def test_a_claim_that_is_off_by_little_is_refuted(claim: str) -> None:
    network = "q = a*x; q**2 + 10**12*a"
    (found,) = symderiv.backprop(network, wrt="a", claim=f"abar = {claim}").claims
    assert found.claim.verdict.strength is Strength.REFUTED
    assert found.claim.verdict.counterexample is not None


def test_a_claim_about_what_no_float_holds_is_no_crash() -> None:
    tower = "; ".join(["u0 = x", *(f"u{n} = exp(u{n - 1})" for n in range(1, 6))])
    (found,) = symderiv.backprop(f"{tower}; u5*c", wrt=("x", "c"), claim="xbar = c*u5").claims
    assert not found.claim.verdict.holds


def test_a_fact_about_components_that_are_not_there_at_every_size() -> None:
    network = "p[i] = softmax(z)[i]; -sum(q[i]*log(p[i]), i)*r"
    claim = "zbar[i] = r*(p[i] - q[i])"
    (found,) = symderiv.backprop(network, wrt="z", assume="q[1] = q[2]", claim=claim).claims
    assert not found.claim.verdict.holds
