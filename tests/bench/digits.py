"""Digits at hard points: what the engines' own kernels keep of a value and its slope, beside ours.

The worst relative error against mpmath's 60 digits, in float64 and float32: where the sigmoid or
the likeliest share is nearly 1, far from 0, at large offsets, ties, and the mask's -inf.  Of a row
that is normalised it is relative to its largest entry.  1e+00 says that no digit is right: there
an engine is faster for digits that it does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

from tests.bench.kinds import EPS, of_a_formula, of_the_catalogue

Row = Sequence[Any]
Both = tuple[Row, Row]  # a value, and its slope: of functions of rows along (1, 0, 0, …)
FAR = (0, 1e-20, 1e-8, 1e-3, 0.5, 1, 2, 3, 5, 8, 10, 15, 19, 21, 30, 36, 38, 80, 700, 1e4)
ALONE = ((*FAR, *(-x for x in FAR)),)
ROWS = (
    (0, 0, 0),
    (37.43, 0, -1),
    (0, -800, 3),
    (1e4, 1e4 + 1, 1e4 - 2),
    (1e30, -1e30, 0),
    (-np.inf, 2, 1),
    (20, -20, 20),
    (9, 1, 0),
)
MOVED = tuple(tuple(c + s for s in (3, 0.5, -1, 0.25)) for c in (0, 100, 1e4, -1e6))


@dataclass(frozen=True)
class Digits:
    """A function at some points: exactly, by a target's file, and by the engines themselves."""

    name: str
    points: Sequence[tuple[float, ...]]
    exact: Callable[[Row], Both]
    ours: Callable[[str], Callable[..., Any]]
    torch: Callable[..., Any]
    jax: Callable[..., Any]
    scaled: bool = False


def of_one(f: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Callable[[Row], Both]:
    return lambda row: ([f(x) for x in row], [slope(x) for x in row])


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def softplus(x: Any) -> Any:
    return mp.log1p(mp.exp(-abs(x))) + max(x, 0)


def normal(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def shares(row: Row) -> list[Any]:
    terms = [mp.exp(z - max(row)) for z in row]
    return [t / mp.fsum(terms) for t in terms]


def softmax(row: Row) -> Both:
    p = shares(row)
    return p, [p[0] * mp.fsum(p[1:]), *(-p[0] * q for q in p[1:])]


def log_softmax(row: Row) -> Both:
    p = shares(row)
    rests = [mp.fsum(p[:n] + p[n + 1 :]) for n in range(len(p))]
    logs = [mp.log1p(-r) if r < 0.5 else z - max(row) + mp.log(max(p))
            for r, z in zip(rests, row, strict=True)]  # fmt: skip
    return logs, [rests[0], *(-q for q in p[1:])]


def cross_entropy(row: Row) -> Both:
    logs, slope = log_softmax(row)
    return [-logs[0]], [-s for s in slope]


def layer_norm(row: Row) -> Both:
    many, m = len(row), mp.fsum(row) / len(row)
    s = mp.sqrt(mp.fsum((x - m) ** 2 for x in row) / many + mp.mpf(EPS))
    n = [(x - m) / s for x in row]
    return n, [((k == 0) - mp.mpf(1) / many - n[0] * v / many) / s for k, v in enumerate(n)]


def digits() -> Iterator[Digits]:
    """One a line, as far as it goes."""
    from jax import nn
    from jax import numpy as jnp
    from torch.nn import functional as F

    def labelled(target: str) -> Callable[..., Any]:
        function = of_the_catalogue("cross-entropy")(target)
        return lambda z: function(z, 0)[..., None]

    def normalised(target: str) -> Callable[..., Any]:
        function = of_the_catalogue("layer-normalisation")(target)
        return lambda x: function(x, EPS)

    def scaled(x: Any) -> Any:
        return (x - x.mean(-1, keepdims=True)) / jnp.sqrt(x.var(-1, keepdims=True) + EPS)

    yield Digits("softmax", ROWS, softmax, of_the_catalogue("softmax"),
                 lambda z: F.softmax(z, -1), nn.softmax)  # fmt: skip
    yield Digits("log-softmax", ROWS, log_softmax, of_the_catalogue("log-softmax"),
                 lambda z: F.log_softmax(z, -1), nn.log_softmax)  # fmt: skip
    yield Digits("cross-entropy", ROWS, cross_entropy, labelled,
                 lambda z: -F.log_softmax(z, -1)[:1], lambda z: -nn.log_softmax(z)[:1])  # fmt: skip
    yield Digits("GELU", ALONE,
                 of_one(lambda x: x * normal(x), lambda x: normal(x) + x * mp.npdf(x)),
                 of_the_catalogue("gelu"), F.gelu,
                 lambda x: nn.gelu(x, approximate=False))  # fmt: skip
    yield Digits("softplus", ALONE, of_one(softplus, sigmoid),
                 of_a_formula("log(1 + exp(x))", "x"), F.softplus, nn.softplus)  # fmt: skip
    yield Digits("log-sigmoid", ALONE,
                 of_one(lambda x: -softplus(-x), lambda x: sigmoid(-x)),
                 of_a_formula("log(sigmoid(x))", "x"), F.logsigmoid, nn.log_sigmoid)  # fmt: skip
    yield Digits("layer norm", MOVED, layer_norm, normalised,
                 lambda x: F.layer_norm(x, x.shape[-1:], eps=EPS), scaled, True)  # fmt: skip


def of_all(kind: Digits) -> bool:
    """Is the slope that of all entries, each by its own?"""
    return kind.points is ALONE


def by_torch(function: Callable[..., Any], all_of_it: bool) -> Callable[[np.ndarray], Both]:
    import torch

    def run(row: np.ndarray) -> Both:
        x = torch.tensor(row, requires_grad=True)
        value = function(x)
        (slope,) = torch.autograd.grad(value.sum() if all_of_it else value[0], x)
        return value.detach().numpy(), slope.numpy()

    return run


def by_jax(function: Callable[..., Any], all_of_it: bool) -> Callable[[np.ndarray], Both]:
    import jax

    def loss(x: Any) -> Any:
        value = function(x)
        return value.sum() if all_of_it else value[0], value

    graded = jax.jit(jax.grad(loss, has_aux=True))

    def run(row: np.ndarray) -> Both:
        slope, value = graded(row)
        return np.asarray(value), np.asarray(slope)

    return run


def error(found: Row, exact: Row, dtype: Any, scaled: bool) -> float:
    """How far an array is off, relative to each entry, or to the largest; 1 is the most."""
    least = mp.mpf(float(np.finfo(dtype).tiny / np.finfo(dtype).eps))  # below, digits are fewer
    largest, far = max(map(abs, exact)), 0.0
    for a, b in zip(map(float, found), exact, strict=True):
        if mp.isinf(b) or not np.isfinite(a):
            far = max(far, float(a != b))
        else:
            far = max(far, float(abs(a - b) / max(largest if scaled else abs(b), least)))
    return min(far, 1.0)


def worst(run: Callable[[np.ndarray], Both], kind: Digits, dtype: Any) -> str:
    """The worst errors of value and slope over the points."""
    far = [0.0, 0.0]
    for point in kind.points:
        row = np.array(point, dtype)
        exact = kind.exact([mp.mpf(float(x)) for x in row])
        each = (error(a, b, dtype, kind.scaled) for a, b in zip(run(row), exact, strict=True))
        far = [*map(max, far, each)]
    return " ".join(f"{e:.0e}" for e in far)


def main() -> None:
    """Print the worst errors of each function, of value and slope."""
    import jax

    jax.config.update("jax_enable_x64", True)
    mp.mp.dps = 60
    print(f"{'':24}{'torch':16}{'ours':16}{'JAX':16}ours")
    for kind in digits():
        runs = [by_torch(f, of_all(kind)) for f in (kind.torch, kind.ours("torch"))]
        runs += [by_jax(f, of_all(kind)) for f in (kind.jax, kind.ours("jax"))]
        for dtype in (np.float64, np.float32):
            text = f"{kind.name}, {np.dtype(dtype)}"
            print(f"{text:24}" + "".join(f"{worst(r, kind, dtype):16}" for r in runs), flush=True)
