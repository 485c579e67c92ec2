"""Kinds that people take from the catalogue for PyTorch and JAX, each beside the engine's own.

A function and its gradients through autograd, in float64 and float32, and the bytes that are kept
between the two: by PyTorch what is saved, by JAX what the compiled gradient needs for a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from symderiv import backprop, derive
from symderiv.face.source import catalogue_source, derivation_source
from tests.bench.targets import Run, arrays, compared, compiled, kept_by_torch, made

RMS_NORM = "m = mean(x[d]**2, d); h[d] = g[d]*x[d]/sqrt(m + eps); h[d]"
CONTRASTIVE = """s[n,m] = sum(q[n,d]*k[m,d], d)/T
p[n,m] = softmax(s[n,:])[m]
mean(-log(p[n,n]), n)"""
EPS, T = 1e-5, 0.07


@dataclass(frozen=True)
class Kind:
    """A function, the shapes of what it is differentiated by, what else it takes, and theirs."""

    name: str
    function: Callable[[str], Callable[..., Any]]
    shapes: tuple[tuple[int, ...], ...]
    fixed: Callable[[Any, Any], tuple[Any, ...]]
    torch: Callable[..., Any]
    jax: Callable[..., Any]


def of_the_catalogue(name: str) -> Callable[[str], Callable[..., Any]]:
    return lambda target: made(catalogue_source([name], ("value",), target))[name.replace("-", "_")]


def of_a_formula(text: str, wrt: str) -> Callable[[str], Callable[..., Any]]:
    def function(target: str) -> Callable[..., Any]:
        names = made(derivation_source(derive(text, wrt=wrt), target))
        return names[names["__all__"][0]]

    return function


def of_a_network(text: str) -> Callable[[str], Callable[..., Any]]:
    return lambda target: made(backprop(text).emit(target=target))["value"]


def kinds() -> Iterator[Kind]:
    """One a line, as far as it goes."""
    from jax import nn
    from jax import numpy as jnp
    from torch.nn import functional as F

    rows, wide, pair = ((1024, 1000),), ((4096, 1024),), ((512, 256), (512, 256))

    def labels(xp: Any, like: Any) -> tuple[Any]:
        return (xp.arange(1024) % 1000,)

    def shares(xp: Any, like: Any) -> tuple[Any]:
        return (xp.abs(xp.sin(xp.arange(1024000).reshape(1024, 1000) + 0 * like[0, 0])),)

    def nothing(xp: Any, like: Any) -> tuple[Any, ...]:
        return ()

    def scaled(x: Any) -> Any:
        m = x.mean(-1, keepdims=True)
        return (x - m) / jnp.sqrt(((x - m) ** 2).mean(-1, keepdims=True) + EPS)

    def one_of(z: Any, y: Any) -> Any:
        return -jnp.take_along_axis(nn.log_softmax(z), y[:, None], -1)[:, 0]

    def least(z: Any, y: Any) -> Any:
        return (jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))).sum(-1)

    yield Kind(
        "softmax",
        of_the_catalogue("softmax"),
        rows,
        nothing,
        lambda z: F.softmax(z, -1),
        nn.softmax,
    )
    yield Kind(
        "log-softmax",
        of_the_catalogue("log-softmax"),
        rows,
        nothing,
        lambda z: F.log_softmax(z, -1),
        nn.log_softmax,
    )
    yield Kind(
        "cross-entropy",
        of_the_catalogue("cross-entropy"),
        rows,
        labels,
        lambda z, y: F.cross_entropy(z, y, reduction="none"),
        one_of,
    )
    yield Kind(
        "sigmoid cross-entropy",
        of_the_catalogue("binary-cross-entropy"),
        rows,
        shares,
        lambda z, y: F.binary_cross_entropy_with_logits(z, y, reduction="none").sum(-1),
        least,
    )
    yield Kind(
        "GELU",
        of_the_catalogue("gelu"),
        rows,
        nothing,
        F.gelu,
        lambda x: nn.gelu(x, approximate=False),
    )
    yield Kind(
        "layer norm",
        of_the_catalogue("layer-normalisation"),
        wide,
        lambda *_: (EPS,),
        lambda x, e: F.layer_norm(x, (1024,), eps=e),
        lambda x, e: scaled(x),
    )
    yield Kind(
        "RMS norm",
        of_a_formula(RMS_NORM, "x[k]"),
        (*wide, (1024,)),
        lambda *_: (EPS,),
        lambda x, g, e: F.rms_norm(x, (1024,), g, e),
        lambda x, g, e: g * x / jnp.sqrt((x * x).mean(-1, keepdims=True) + e),
    )
    yield Kind("contrastive", of_a_network(CONTRASTIVE), pair, lambda *_: (T,),
               lambda q, k, t: F.cross_entropy(q @ k.mT / t, own_places(512)),
               lambda q, k, t: one_of(q @ k.T / t, jnp.arange(512)).mean())  # fmt: skip


def own_places(size: int) -> Any:
    import torch

    return torch.arange(size)


def torch_kinds() -> None:
    import torch

    def row(title: str, kind: Kind, ours: Callable[..., Any], dtype: torch.dtype) -> None:
        given = (torch.tensor(a, dtype=dtype) for a in arrays(*kind.shapes))
        by = [a.requires_grad_() for a in given]
        fixed = kind.fixed(torch, by[0].detach())
        shape = kind.torch(*by, *fixed).shape
        along = torch.cos(torch.arange(shape.numel(), dtype=dtype)).reshape(shape)

        def graded(function: Callable[..., Any]) -> Run:
            return lambda: torch.autograd.grad(function(*by, *fixed), by, along)

        pair = (ours, kind.torch)
        kept = [kept_by_torch(lambda f=f: f(*by, *fixed)) for f in pair]
        compared(title, *(graded(f) for f in (*pair, *compiled(*pair))), kept=kept)

    for kind in kinds():
        ours = kind.function("torch")
        for dtype in (torch.float64, torch.float32):
            row(f"torch: {kind.name}, {str(dtype).removeprefix('torch.')}", kind, ours, dtype)


def jax_kinds() -> None:
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def row(title: str, kind: Kind, ours: Callable[..., Any], dtype: Any) -> None:
        by = [jnp.asarray(a, dtype=dtype) for a in arrays(*kind.shapes)]
        fixed = kind.fixed(jnp, by[0])
        shape = kind.jax(*by, *fixed).shape
        along = jnp.cos(jnp.arange(np.prod(shape), dtype=dtype)).reshape(shape)

        def jitted(function: Callable[..., Any]) -> Any:
            def pulled(leaves: Any, vector: Any) -> Any:
                return jax.vjp(lambda *a: function(*a, *fixed), *leaves)[1](vector)

            return jax.jit(pulled).lower(by, along).compile()

        runs = [jitted(ours), jitted(kind.jax)]
        kept = [run.memory_analysis().temp_size_in_bytes for run in runs]
        timed = (lambda r=r: jax.block_until_ready(r(by, along)) for r in runs)
        compared(title, *timed, kept=kept)

    for kind in kinds():
        ours = kind.function("jax")
        for dtype in (jnp.float64, jnp.float32):
            row(f"jax: {kind.name}, {np.dtype(dtype)}", kind, ours, dtype)
