"""Slopes by PyTorch and JAX at ends: shares that are 0 or 1 for floats, tails, the feet of roots.

First and second ones; of these JAX's forward and reverse.

The oracle is differences at many digits, of closed forms in which nothing cancels.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import symderiv
from symderiv.face.source import derivation_source
from tests.target_libraries import module, slopes_by_jax
from tests.test_targets import Needs, needed, run

Row = list[Any]
ROWS: tuple[list[float], ...] = (
    [0.0, 800.0, -800.0], [800.0, 800.0, -800.0], [800.0, -800.0, -800.0], [0.0, 0.0, 0.0],
    [40.0, 0.0, 0.3], [0.3, -0.7, 1.1],
)  # fmt: skip


def whole(z: Row) -> Any:
    """log Σ e^z."""
    return mpmath.log(sum(map(power_of_e, z)))


@cache
def power_of_e(a: Any) -> Any:
    """Of the few numbers that differences are taken of, all to as many digits."""
    return mpmath.exp(a)


def but(z: Row, y: int) -> Row:
    return z[:y] + z[y + 1 :]


def length(x: Row) -> Any:
    return mpmath.sqrt(sum(a * a for a in x))


# formulas of a row z and a label y, the second of the two in JAX's and PyTorch's functions too
SHARES: dict[str, Callable[[Row, int], Any]] = {
    "log(sum(softmax(z)[k], k, k != y))": lambda z, y: whole(but(z, y)) - whole(z),
    "log(1 - softmax(z)[y])": lambda z, y: whole(but(z, y)) - whole(z),
    "log(softmax(z)[y]/(1 - softmax(z)[y]))": lambda z, y: z[y] - whole(but(z, y)),
    "L = log(softmax(z)[y]/(1 - softmax(z)[y]))": lambda z, y: z[y] - whole(but(z, y)),
    "-sum(log(1 - softmax(z)[k]), k, k != y)": lambda z, y: sum(
        whole(z) - whole(but(z, k)) for k in range(len(z)) if k != y
    ),
    "-(1 - softmax(z)[y])**2*log(softmax(z)[y])": lambda z, y: (
        mpmath.exp(2 * (whole(but(z, y)) - whole(z))) * (whole(z) - z[y])
    ),
    "-(1 - softmax(z)[y])**(3/2)*log(softmax(z)[y])": lambda z, y: (
        mpmath.exp(mpf(1.5) * (whole(but(z, y)) - whole(z))) * (whole(z) - z[y])
    ),
    "1 - softmax(z)[y]**(7/10)": lambda z, y: 1 - mpmath.exp(mpf(7) / 10 * (z[y] - whole(z))),
}  # fmt: skip
POWERS: dict[str, Callable[[Row], Any]] = {  # of a vector x
    "sum(x[i]**2, i)**(3/2)": lambda x: length(x) ** 3,
    "x[1]*sum(x[i]**2, i)**(3/2)": lambda x: x[0] * length(x) ** 3,
    "exp(-sum(x[i]**2, i)**(3/2))": lambda x: mpmath.exp(-(length(x) ** 3)),
    "sum(x[i]**2, i)**(5/4)": lambda x: length(x) ** mpf(2.5),
}
NUMBERS: dict[str, Callable[[Any], Any]] = {  # of one number
    "tanh(x)": mpmath.tanh,
    "1/cosh(x)": lambda x: 1 / mpmath.cosh(x),
    "x/cosh(x)": lambda x: x / mpmath.cosh(x),
    "sinh(x)/cosh(x)**2": lambda x: mpmath.sinh(x) / mpmath.cosh(x) ** 2,
}


def differences(f: Callable[[Row], Any], x: list[float]) -> tuple[Any, Any]:
    """Gradient and Hessian of a function, the numbers beyond all floats as 0."""
    with mpmath.workdps(1000):
        h, at = mpf(10) ** -100, [mpf(a) for a in x]

        @cache
        def moved(*steps: int) -> Any:
            return f([a + h * n for a, n in zip(at, steps, strict=True)])

        ways = np.eye(len(x), dtype=int)
        first = [(moved(*i) - moved(*-i)) / (2 * h) for i in ways]
        second = [
            [(moved(*i + j) - moved(*i - j) - moved(*j - i) + moved(*-i - j)) / (4 * h**2)
             for j in ways] for i in ways
        ]  # fmt: skip
        return np.array(first, float), np.array(second, float)


@cache
def made(formula: str, wrt: str, target: str) -> Any:
    names = run(derivation_source(symderiv.derive(formula, wrt=wrt), target))
    return names[min(names["__all__"], key=len)]


def of_torch(formula: str, wrt: str, x: Any, *label: int) -> tuple[Any, Any]:
    torch = module("torch")
    at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = made(formula, wrt, "torch")(at, *map(torch.tensor, label))
    (first,) = torch.autograd.grad(value, at, create_graph=True)
    rows = [torch.autograd.grad(g, at, retain_graph=True)[0] for g in first.reshape(-1)]
    return first.detach().reshape(-1), torch.stack(rows).reshape(len(rows), -1)


def of_jax(formula: str, wrt: str, x: Any, *label: int) -> list[tuple[Any, Any]]:
    x = module("jax").numpy.asarray(x)
    _, first, *both = slopes_by_jax(made(formula, wrt, "jax"))(x, *label)
    return [(first.reshape(-1), h.reshape(x.size, -1)) for h in both]


def hold(formula: str, x: list[float], f: Callable[[Row], Any], found: Any) -> None:
    wanted = differences(f, x)
    for slopes in found:
        for one, other in zip(slopes, wanted, strict=True):
            size = abs(other).max() + 1e-6  # below it, what cancels may be rounding
            np.testing.assert_allclose(
                one, other, rtol=0, atol=1e-7 * size, err_msg=f"{formula} {x}"
            )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("formula", SHARES)
def test_where_a_share_is_all_or_nothing(formula: str, needs: Needs) -> None:
    needed(needs, "torch", "jax")
    for z in ROWS:
        for y in range(len(z)):
            found = [of_torch(formula, "z[j]", z, y), *of_jax(formula, "z[j]", z, y)]
            hold(formula, z, lambda a, y=y: SHARES[formula](a, y), found)  # type: ignore[misc]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("formula", NUMBERS)
def test_beneath_a_hyperbolic_cosine(formula: str, needs: Needs) -> None:
    needed(needs, "torch", "jax")
    for x in (0.0, 0.3, -20.0, 400.0, -800.0):
        found = [of_torch(formula, "x", x), *of_jax(formula, "x", x)]
        hold(formula, [x], lambda a: NUMBERS[formula](a[0]), found)


EVEN: dict[str, Callable[[Any], Any]] = {  # in |x|, and as smooth at 0 as without
    "log(cosh(abs(x)))": lambda x: mpmath.log(mpmath.cosh(x)),
    "log(1 + exp(-abs(x))) + abs(x)/2": lambda x: mpmath.log(2 * mpmath.cosh(x / 2)),
    "3*(abs(x) + exp(-abs(x)))": lambda x: 3 * (abs(x) + mpmath.exp(-abs(x))),
    "abs(x) - log(1 + abs(x))": lambda x: abs(x) - mpmath.log1p(abs(x)),
    "sqrt(1 + sinh(abs(x))**2)": mpmath.cosh,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("formula", EVEN)
def test_in_a_size_that_is_smooth_at_0(formula: str, needs: Needs) -> None:
    """The sign of x in its slope may be that of either side there."""
    needed(needs, "torch", "jax")
    for x in (0.0, 0.3, -2.0):
        found = [of_torch(formula, "x", x), *of_jax(formula, "x", x)]
        hold(formula, [x], lambda a: EVEN[formula](a[0]), found)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("formula", POWERS)
def test_at_the_foot_of_a_power_that_is_smooth_there(formula: str, needs: Needs) -> None:
    needed(needs, "torch", "jax")
    for x in ([0.0, 0.0, 0.0], [0.5, 0.0, -1.0], [1e-170, -1e-170, 0.0], [3.0, 0.0, -2.0]):
        found = [of_torch(formula, "x[j]", x), *of_jax(formula, "x[j]", x)]
        hold(formula, x, POWERS[formula], found)


HOMOGENEOUS: dict[str, tuple[int, Callable[[Row], Any]]] = {  # and of which degree
    "sqrt(sum(x[i]**2, i))": (1, length),
    "sqrt(x[1]**2 + x[2]**2)": (1, lambda x: length(x[:2])),
    "x[1]*x[2]/sqrt(sum(x[i]**2, i))": (1, lambda x: x[0] * x[1] / length(x)),
    "sum(x[i]**2, i)**(3/2)": (3, lambda x: length(x) ** 3),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("formula", HOMOGENEOUS)
def test_by_a_norm_whose_square_has_no_float(formula: str, needs: Needs) -> None:
    """The slopes of degree d at c x are c^(d - 1) and c^(d - 2) times those at x."""
    needed(needs, "torch", "jax")
    degree, f = HOMOGENEOUS[formula]
    one = [3.0, -4.0, 0.5]
    wanted = differences(f, one)
    for c in (2.0**-530, 2.0**-660, 2.0**400):
        x = [c * a for a in one]
        found = [of_torch(formula, "x[j]", x), *of_jax(formula, "x[j]", x)]
        for each in found:
            for slopes, right, less in zip(each, wanted, (1, 2), strict=True):
                if degree - less < 2:  # c² has no float
                    back, size = np.asarray(slopes) * c ** (less - degree), abs(right).max()
                    np.testing.assert_allclose(back, right, rtol=0, atol=1e-12 * size)


@pytest.mark.filterwarnings("ignore")
def test_a_contrastive_loss_is_a_square_where_it_has_a_weight_of_1(needs: Needs) -> None:
    """What 1 - y hides has no slope at a = b, though it is divided by |a - b|."""
    needed(needs, "torch", "jax")
    square = "sum((a[i] - b[i])**2, i)"
    text = f"y*{square} + (1 - y)*relu(1 - sqrt({square}))**2"
    f = {t: made(text, "a[j]", t) for t in ("torch", "jax")}
    jax, a = module("jax"), [0.5, 0.0, -1.0]
    by_a = jax.hessian(lambda x: f["jax"](1.0, x, jax.numpy.asarray(a)))
    np.testing.assert_array_equal(by_a(jax.numpy.asarray(a)), 2 * np.eye(3))
    torch = module("torch")
    b, y = torch.tensor(a).double(), torch.tensor(1.0).double()
    second = torch.autograd.functional.hessian(lambda x: f["torch"](y, x, b), b.clone())
    np.testing.assert_array_equal(second, 2 * np.eye(3))


def test_a_docstring_says_where_slopes_lose_their_digits() -> None:
    """The value keeps its own there; what autograd takes is a function beside it."""
    mean = symderiv.derive("sum(exp(z[i]/T)*w[i], i)/sum(exp(z[k]/T), k)", wrt="T")
    for target in ("torch", "jax"):
        text = " ".join(derivation_source(mean, target).split())
        assert "Through autograd: where its terms cancel," in text
        assert "Through autograd: the formula has no value" not in text  # the value says so
