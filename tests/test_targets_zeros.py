"""Derivatives of PyTorch's and JAX's functions where a factor is 0: it hides a term, not its slope.

The oracle is PyTorch's autograd of the formula as it stands, where nothing in it overflows, and
closed forms to 60 digits where something would.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv.face.source import derivation_source
from tests.target_libraries import module, slopes_by_jax
from tests.test_targets import Needs, needed, run

ZERO, ONE, MIXED = [0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.5, -1.0, 2.0]
MASKED_MEAN = "sum(w[k]*exp(z[k])*x[k], k)/sum(w[k]*exp(z[k]), k)"
Own = Callable[..., Any]
FORMULAS: tuple[tuple[str, str, tuple[str, ...], Own], ...] = (
    (MASKED_MEAN, "w[j]", ("w", "z", "x"),
     lambda w, z, x: (w * z.exp() * x).sum() / (w * z.exp()).sum()),
    ("sum(exp(z[k])*x[k], k)/sum(exp(z[k]), k)", "z[j]", ("x", "z"),
     lambda x, z: (z.softmax(-1) * x).sum()),
    ("sum(w[k]*exp(-(x[k]-z[k])**2/2), k)", "x[j]", ("w", "x", "z"),
     lambda w, x, z: (w * (-((x - z) ** 2) / 2).exp()).sum()),
    ("log(sum(w[k]*exp(-(x[1]-z[k])**2/2), k))", "w[j]", ("w", "x", "z"),
     lambda w, x, z: (w * (-((x[0] - z) ** 2) / 2).exp()).sum().log()),
    ("sum(softmax(z)[k]*(log(softmax(z)[k]) - log(softmax(x)[k])), k)", "z[j]", ("z", "x"),
     lambda z, x: (z.softmax(-1) * (z.log_softmax(-1) - x.log_softmax(-1))).sum()),
    ("sum(w[k]*exp(z[k])*x[k], k)*sum(exp(-z[k])*x[k], k)", "z[j]", ("w", "z", "x"),
     lambda w, z, x: (w * z.exp() * x).sum() * ((-z).exp() * x).sum()),
    ("x[1]*exp(z[1]) + x[2]*exp(z[2])", "x[j]", ("x", "z"),
     lambda x, z: x[0] * z[0].exp() + x[1] * z[1].exp()),
)  # fmt: skip
NETWORKS: tuple[tuple[str, tuple[str, ...], Own], ...] = (
    (f"p = {MASKED_MEAN}\np**2 + p", ("w", "z", "x"),
     lambda w, z, x: (p := (w * z.exp() * x).sum() / (w * z.exp()).sum())**2 + p),
    ("a[k] = w[k]*exp(z[k])/sum(w[j]*exp(z[j]), j)\nsum(a[k]*x[k], k)**2", ("w", "z", "x"),
     lambda w, z, x: ((w * z.exp() * x).sum() / (w * z.exp()).sum())**2),
    ("s[t] = sum(w[k]*exp(z[k]*x[t]), k)\nsum(log(1 + s[t]), t)", ("w", "z", "x"),
     lambda w, z, x: (1 + (w * (z * x[:, None]).exp()).sum(-1)).log().sum()),
    ("p = log(sum(w[k]*exp(-(x[1]-z[k])**2/2), k))\np**2", ("w", "x", "z"),
     lambda w, x, z: (w * (-((x[0] - z) ** 2) / 2).exp()).sum().log()**2),
    ("p = x[1]*exp(z[1]) + x[2]*exp(z[2])\np**2 + p", ("x", "z"),
     lambda x, z: (p := x[0] * z[0].exp() + x[1] * z[1].exp())**2 + p),
)  # fmt: skip
POINTS = (
    {"w": ONE, "z": ZERO, "x": ONE},
    {"w": [1.0, 0.0, 2.0], "z": [0.3, 1.0, -2.0], "x": ZERO},
    {"w": [0.0, 1.0, 0.0], "z": [1.0, -0.5, 0.2], "x": [0.0, 2.0, -1.0]},
    {"w": [0.0, 0.5, 0.0], "z": [0.0, -1.0, 0.0], "x": [-1.0, -1.0, 0.0]},
    {"w": [2.0, 0.0, 1.0], "z": [0.0, 60.0, -1.0], "x": MIXED},
)


@cache
def functions(n: int) -> dict[str, Any]:
    text, wrt, *_ = FORMULAS[n]
    answer = symderiv.derive(f"L = {text}", wrt=wrt)
    return {t: run(derivation_source(answer, t))["L"] for t in ("torch", "jax")}


@cache
def network(n: int) -> dict[str, Any]:
    text, *_ = NETWORKS[n]
    made = symderiv.backprop(text)
    return {t: run(made.emit(target=t))["value"] for t in ("torch", "jax")}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("point", range(len(POINTS)))
@pytest.mark.parametrize("n", range(len(FORMULAS)), ids=[text for text, *_ in FORMULAS])
def test_what_a_0_hides_has_its_slopes(n: int, point: int, needs: Needs) -> None:
    needed(needs, "torch", "jax")
    _, _, names, own = FORMULAS[n]
    agree(functions(n), names, own, POINTS[point])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("point", range(len(POINTS)))
@pytest.mark.parametrize("n", range(len(NETWORKS)), ids=[text for text, *_ in NETWORKS])
def test_what_a_0_hides_in_a_stage_has_its_slopes(n: int, point: int, needs: Needs) -> None:
    needed(needs, "torch", "jax")
    _, names, own = NETWORKS[n]
    agree(network(n), names, own, POINTS[point])


@cache
def of_rows(function: Own, names: tuple[str, ...]) -> Own:
    """A function of one array, whose rows are the arguments of these names."""
    return lambda a: function(**dict(zip(names, a, strict=True)))


def agree(
    made: dict[str, Any], names: tuple[str, ...], own: Own, point: dict[str, list[float]]
) -> None:
    """Value, gradient and Hessian by all arrays at once."""
    torch = module("torch")
    given = [point[name] for name in names]
    at = torch.tensor(given, dtype=torch.float64)
    ways = [lambda a: own(*a), of_rows(made["torch"], names)]
    of = torch.autograd.functional
    wanted, found = ([f(at), of.jacobian(f, at), of.hessian(f, at)] for f in ways)

    of_jax = slopes_by_jax(of_rows(made["jax"], names))(module("jax").numpy.asarray(given))
    for right, *others in zip([*wanted, wanted[-1]], [*found, found[-1]], of_jax, strict=True):
        scale = max(1.0, float(right.abs().max()))  # each entry has the rounding of the largest
        for other in others:
            np.testing.assert_allclose(other, right, rtol=1e-12, atol=1e-13 * scale)


def exact(w: list[float], z: list[float], x: list[float]) -> list[list[float]]:
    """The gradients of the masked mean: shares r of e^z over the sum, r (x - mean) and w of both.

    What overflows is infinite.
    """
    with mpmath.workdps(60):
        e = [mpmath.exp(mpmath.mpf(v)) for v in z]
        total = mpmath.fsum(a * b for a, b in zip(w, e, strict=True))
        mean = mpmath.fsum(a * b * c for a, b, c in zip(w, e, x, strict=True)) / total
        shares = [b / total for b in e]
        by_w = [r * (c - mean) for r, c in zip(shares, x, strict=True)]
        by_z = [a * s for a, s in zip(w, by_w, strict=True)]
        by_x = [a * r for a, r in zip(w, shares, strict=True)]
        return [[float(v) for v in row] for row in (by_w, by_z, by_x)]


@pytest.mark.parametrize(
    ("w", "z", "x"),
    [
        ([0.0, 0.0, 1.0], [1000.0, 1.5, -3.0], [1.0, 1.0, 0.5]),
        ([1.0, 0.0, 1.0], [1.5, 1000.0, -1000.0], [40.0, 2.0, 0.0]),
        ([0.0, 1.0, 0.0], [0.0, -1000.0, 0.0], [-1000.0, 40.0, 0.5]),
        ([1.0, 1.0, 0.0], [-1000.0, 0.0, 30.0], [2.0, 0.0, 3.0]),
    ],
)
def test_what_overflows_is_so_alone(
    w: list[float], z: list[float], x: list[float], needs: Needs
) -> None:
    """The slope by a mask is infinite where a term is hidden far above all others, and no other."""
    needed(needs, "torch", "jax")
    torch, jax = module("torch"), module("jax")
    wanted = exact(w, z, x)
    leaves = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (w, z, x)]
    value = functions(0)["torch"](*leaves)
    found = [g.tolist() for g in torch.autograd.grad(value, leaves)]
    of_jax = jax.grad(functions(0)["jax"], (0, 1, 2))(*map(jax.numpy.asarray, (w, z, x)))
    for right, *others in zip(wanted, found, of_jax, strict=True):
        for other in others:
            np.testing.assert_allclose(other, right, rtol=1e-12, atol=1e-300)


def test_a_hidden_term_has_its_second_slopes_far_above_the_others(needs: Needs) -> None:
    """Of p the masked mean, by wᵢ and wⱼ: -rᵢ rⱼ (xᵢ + xⱼ - 2 p), for r the e^z over the sum."""
    needed(needs, "torch", "jax")
    torch, jax = module("torch"), module("jax")
    w, z, x = [0.0, 1.0, 2.0], [300.0, -1.5, 0.25], [1.0, 3.0, -0.5]
    with mpmath.workdps(60):
        e = [mpmath.exp(v) for v in z]
        total = mpmath.fdot(w, e)
        mean = mpmath.fsum(a * b * c for a, b, c in zip(w, e, x, strict=True)) / total
        wanted = [
            [float(-a * b * (c + d - 2 * mean) / total**2) for b, d in zip(e, x, strict=True)]
            for a, c in zip(e, x, strict=True)
        ]
    made = symderiv.backprop(f"p = {MASKED_MEAN}\np")
    names = {t: run(made.emit(target=t)) for t in ("torch", "jax")}
    for name in ("value", "p_stage"):
        at, *rest = (torch.tensor(v, dtype=torch.float64) for v in (w, z, x))
        found = torch.autograd.functional.hessian(partial(called, names["torch"][name], rest), at)
        at, *rest = map(jax.numpy.asarray, (w, z, x))
        of_jax = jax.hessian(partial(called, names["jax"][name], rest))(at)
        np.testing.assert_allclose(found, wanted, rtol=1e-12)
        np.testing.assert_allclose(of_jax, wanted, rtol=1e-12)


def called(function: Own, rest: list[Any], w: Any) -> Any:
    return function(w, *rest)


@pytest.mark.parametrize("target", ["numpy", "torch", "jax"])
def test_one_over_a_share_has_the_slopes_that_are_left(target: str, needs: Needs) -> None:
    """1/p_y = e^-log p_y, whose slope by z_k is e^(z_k - z_y), also where p_y is 0 for floats."""
    needed(needs, *({target} - {"numpy"}))
    names = run(
        derivation_source(symderiv.derive("L = exp(-log(softmax(z)[y]))", wrt="z[j]"), target)
    )
    z, y = [0.9, 998.6, -2.3], 0
    wanted = [-np.inf, np.inf, np.exp(z[2] - z[0])]
    if target == "torch":
        at = module("torch").tensor(z, dtype=module("torch").float64, requires_grad=True)
        (found,) = module("torch").autograd.grad(names["L"](at, y), at)
    elif target == "jax":
        found = module("jax").grad(names["L"])(module("jax").numpy.asarray(z), y)
    else:
        found = names["L_gradient"](z, y)
    np.testing.assert_allclose(found, wanted, rtol=1e-13)
