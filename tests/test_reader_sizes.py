"""A size that a person names is that axis's size, or a sentence says what else it is taken for."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Integer, Symbol

import symderiv
from symderiv.reader import ReadError, read
from symderiv.terms import component

# What is typed, by what, and: the sizes of all axes in order of the arrays, the notes.
NAMED = [
    ("sum(x[n]**2, n)/N", "x[j]", {"x": ("N",)}, ()),
    ("sum(x[n]**2, n)/N", "x[n]", {"x": ("N",)}, ()),
    ("mean(x[n], n)*N", "x[j]", {"x": ("N",)}, ()),
    ("s = sum(x[k], k); s/K", "x[j]", {"x": ("K",)}, ()),
    ("sum(q[t,d]*k[s,d], d)/sqrt(D)", "q[t,e]", {"q": ("T", "D"), "k": ("K", "D")}, ()),
    ("sum(q[e]*k[e], e)/sqrt(D)", "q[d]", {"q": ("E",), "k": ("E",)},
     ("D is a number of its own: the size here is called E",)),
    ("sum(x[n]*y[m], n, m)/N/M", "x[j]", {"x": ("N",), "y": ("M",)}, ()),
    ("sum(x[n], n)/N + sum(y[n], n)/N", "x[j]", {"x": ("N",), "y": ("K",)}, ()),
    ("sum(exp(z[t]/T), t)", "z[j]", {"z": ("T",)}, ("T is the size of the axis that t runs over",)),
    ("sum(x[i]**2, i)/N", "x[j]", {"x": ("K",)},
     ("N is a number of its own: the size here is called K",)),
    ("K*softmax(z)[i]", "z[j]", {"z": ("M",)},
     ("K is a number of its own: the size here is called M",)),
    ("sum(x[i]*y[m], i, m)/N", "x[j]", {"x": ("K",), "y": ("M",)},
     ("N is a number of its own: the sizes here are called K and M",)),
    ("sum((x[i] - xbar)**2, i)", "x[j]", {},
     ("xbar is a number of its own, and stays as it is where x varies; a line before the function "
      "says that it is the mean, xbar = …",)),
    ("xbar = sum(x[i], i)/2; sum((x[i] - xbar)**2, i)", "x[j]", {}, ()),
    ("sum((x[i] - xbar)**2, i)", "xbar", {}, ()),
    ("e*x", "x", {}, ("e is a number of its own; the base of the exponential is written exp(1)",)),
    ("exp(z[t]/T)/sum(exp(z[s]/T), s)", "z[j]", {"z": ("S",)}, ()),
    ("T*z[t]", "z[j]", {"z": ("K",)}, ()),
    ("N*z[n]", "z[j]", {"z": ("K",)}, ("N is a number of its own: the size here is called K",)),
    ("exp(x)*C", "x", {}, ()),
    ("N*x", "x", {}, ()),
    ("C*sum(x[i], i)", "x[j]", {"x": ("K",)}, ()),
    ("sum(x[n]*x[N+1-n], n)/N", "x[j]", {"x": ("N",)}, ()),
    ("s[t,u] = x[t]*x[u]*r[t-u+T]; sum(s[t,u], t, u)", "x[j]", {"x": ("T",), "r": ("K",)}, ()),
    ("sum(x[n], (n, 1, N))/N", "x[j]", {"x": ("N",)}, ()),
    ("sum(x[n], (n, 1, M))/N", "x[j]", {"x": ("M",)},
     ("N is a number of its own: the size here is called M",)),
    ("o[i] = sum(x[i-k+1]*w[k], k, k <= i); sum(o[i], i)", "w[j]", {"x": ("M",), "w": ("N",)}, ()),
    ("o[i] = sum(iverson(i == k)*x[i-k+1]*w[k], k); sum(o[i], i)", "w[j]",
     {"x": ("M",), "w": ("N",)}, ()),
    ("o[i] = sum(x[k], k, k <= i); sum(o[i]**2, i)", "x[j]", {"x": ("K",), "o": ("K",)}, ()),
]  # fmt: skip

SOFTMAX = {"softmax": "p[i] = exp(z[i])/sum(exp(z[k]), k); p[i]"}


@pytest.mark.parametrize(("formula", "by", "shapes", "notes"), NAMED)
def test_names_of_sizes(
    formula: str, by: str, shapes: dict[str, tuple[str, ...]], notes: tuple[str, ...]
) -> None:
    problem = read(
        formula, wrt=(by,), library={"softmax": "p[i] = exp(z[i])/sum(exp(z[k]), k); p[i]"}
    )
    for name, axes in shapes.items():
        assert tuple(map(str, problem.shapes[name])) == axes
    assert problem.notes == notes
    ends = {end for axes in problem.shapes.values() for end in axes}
    for body in (problem.function, *(stage.body for stage in problem.stages)):
        for name in {str(end) for end in ends}:
            assert Symbol(name) not in body.free_symbols  # one symbol, the size, and no number too


def test_a_name_that_is_differentiated_by_or_spoken_of_is_a_number() -> None:
    by_itself = read("sum(x[n]**2, n)/N", wrt=("N",))
    assert str(by_itself.shapes["x"][0]) != "N"
    assert by_itself.notes == ()
    spoken = read("e*sum(x[i], i)/N", wrt=("x[j]",), assume=("N > 0", "e > 0"))
    assert spoken.notes == ()


def test_a_chosen_size_is_the_number_too() -> None:
    """(x_1² + x_2²)/2 by x_1 is x_1: with N another number than 2 it would be 2 x_1/N."""
    made = symderiv.derive("sum(x[n]**2, n)/N", wrt="x[j]", k=2)
    assert made.entry(1).doit() == component("x", Integer(1))
    page = str(made)
    assert "N is a number" not in page
    assert symderiv.derive("sum(x[n]**2, n)/N", wrt="x[j]", claim="2*x[j]/N").claim.verdict.holds


def test_the_note_is_on_every_page() -> None:
    made = symderiv.derive("sum(x[i]**2, i)/N", wrt="x[j]")
    for target in ("text", "latex", "markdown", "github", "typst"):
        assert "is a number of its own" in made.page(target)


@pytest.mark.parametrize("over", ["k, k <= i", "k, i >= k", "(k, 1, i)", "(k, 1, min(i, H))"])
def test_a_causal_convolution_has_as_many_outputs_as_are_asked_for(over: str) -> None:
    """A comparison makes no output end where the weights do."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=8), rng.normal(size=3)
    made = symderiv.derive(f"o[i] = sum(x[i-k+1]*w[k], {over}); sum(tanh(o[i]), i)", wrt="w[j]")
    slope = 1 - np.tanh(np.convolve(x, w)[:8]) ** 2
    wanted = [slope[j:] @ x[: 8 - j] for j in range(3)]
    assert np.allclose(made.function()(x, w, K=8), wanted, rtol=1e-12)


@pytest.mark.parametrize("equal", ["delta(i,k)", "(1 - delta(k,i))"])
def test_letters_that_are_equal_run_over_one_axis_or_are_refused(equal: str) -> None:
    with pytest.raises(ReadError, match=r"write iverson\(i == k\)"):
        read(f"o[i] = sum(x[i-k+1]*w[k]*{equal}, k); sum(o[i], i)", wrt=("w[j]",))
