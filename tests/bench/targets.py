"""Programs and targets beside PyTorch's and JAX's own autograd: the same value and gradients.

CPU seconds of one thread, and the median of the ratios of rounds in turn, so that what else runs on
the machine does not count.  NumPy asks the system for the memory of each large array, as it does
for everybody; the others keep what they have had, since for arrays of a few MB it is a matter of
what ran before whether the system takes them back.
Each line also says how far the gradients are apart, relative to their largest entry, and of PyTorch
how both compare when `torch.compile` has compiled them, where there is a compiler for that.
"""

from __future__ import annotations

import ctypes
import shutil
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate
from typing import Any

import numpy as np

from symderiv import backprop
from symderiv.face.source import catalogue_source
from tests.bench.race import PAUSE
from tests.bench.transformers import transformer

ROUNDS, LEAST = 11, 2e-2  # seconds of a round
TWO_LAYERS = """h[n,i] = relu(sum(U[i,j]*x[n,j], j) + a[i])
z[n,k] = sum(V[k,i]*h[n,i], i) + c[k]
p[n,k] = softmax(z[n,:])[k]
mean(-log(p[n,y[n]]), n)"""
ATTENTION = """s[b,t,u] = sum(q[b,t,d]*k[b,u,d], (d,1,D))/sqrt(D)
w[b,t,u] = softmax(s[b,t,:])[u]
o[b,t,d] = sum(w[b,t,u]*v[b,u,d], u)
sum(o[b,t,d]**2, b, t, d)/2"""
LINEAR = """z[n,k] = sum(W[k,j]*x[n,j], j) + b[k]
p[n,k] = softmax(z[n,:])[k]
mean(-log(p[n,y[n]]), n)"""
LAYER_NORM = """m[n] = mean(x[n,d], d)
s[n] = mean((x[n,d]-m[n])**2, d)
h[n,d] = g[d]*(x[n,d]-m[n])/sqrt(s[n]+eps) + b[d]
sum(w[n,d]*h[n,d], n, d)"""
Run = Callable[[], Sequence[Any]]


def made(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, "<made>", "exec"), names)
    return names


def arrays(*shapes: tuple[int, ...]) -> list[np.ndarray]:
    random = np.random.default_rng(0)
    return [random.normal(size=s) / s[-1] ** 0.5 for s in shapes]


def of(gradients: Mapping[str, Any], names: Iterable[str]) -> list[Any]:
    """The gradients by these names, in their order: of one call."""
    return [gradients[n] for n in names]


def compared(title: str, *runs: Run, kept: Sequence[int] = ()) -> None:
    """One line: our time as a multiple of the engine's own; bytes that are kept by each.

    `runs` : ours and the engine's own, and where they may be compiled the same two again
    `kept` : by ours and by its own, and what its own needs at most beside its results
    """
    found = [run() for run in runs]
    off = max(
        float(np.abs(np.asarray(a) - np.asarray(b)).max() / np.abs(np.asarray(b)).max())
        for ours in found
        for a, b in zip(ours, found[1], strict=True)
    )
    seconds, ratio = beside(*runs[:2])
    faster = f", compiled {beside(*runs[2:])[1]:5.2f} ×" if runs[2:] else ""
    held = "   kept " + " MB, own ".join(f"{n / 1e6:6.1f}" for n in kept[:2]) if kept else ""
    held += "".join(f", and {n / 1e6:6.1f} at most" for n in kept[2:])
    print(f"{title:44} {seconds:8.4f} s  {ratio:5.2f} × its own autograd{faster}   "
          f"off by {off:.1e}{held}", flush=True)  # fmt: skip


def beside(ours: Run, own: Run) -> tuple[float, float]:
    """Seconds of ours, and its ratio to the other: the median of rounds of one after the other."""
    times: list[tuple[float, float]] = []
    calls = [max(1, round(LEAST / max(timed(run), 1e-6))) for run in (ours, own)]
    for n in range(ROUNDS):
        order = (0, 1) if n % 2 else (1, 0)
        made = {m: timed((ours, own)[m], calls[m]) for m in order}
        times.append((made[0], made[1]))
    return statistics.median(a for a, _ in times), statistics.median(a / b for a, b in times)


def timed(run: Run, calls: int = 1) -> float:
    """Seconds of the processor for one call."""
    time.sleep(PAUSE)
    run()  # not counted: after the other engine memory and caches hold something else
    start = time.process_time()
    for _ in range(calls):
        run()
    return (time.process_time() - start) / calls


def compiled(*functions: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Functions as PyTorch compiles them, each one graph; none where it has no compiler."""
    import torch

    return [torch.compile(f, fullgraph=True) for f in functions if shutil.which("g++")]


def kept_by_torch(forward: Callable[[], Any]) -> int:
    """The bytes that autograd keeps from a value for its gradients."""
    import torch

    seen = {}

    def packed(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        seen[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(packed, lambda tensor: tensor):
        forward()
    return sum(seen.values())


def most_of_torch(run: Run) -> int:
    """The most bytes that a run of PyTorch's has at a time beside its results."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        results = run()
    events = seen.profiler.kineto_results.events()
    changes = sorted((e.start_ns(), e.nbytes()) for e in events if e.name() == "[memory]")
    most = max(accumulate(size for _, size in changes))
    return most - sum(r.untyped_storage().nbytes() for r in results)


def numpy_runs() -> None:
    """Programs in NumPy, their value and all gradients in one pass, beside PyTorch's autograd.

    What is kept: the most memory of NumPy's at a time beside the results, what PyTorch keeps
    for the gradients, and the most that it has at a time beside them.
    """
    import torch
    from torch.nn import functional as F

    def raced(
        title: str, text: str, names: str, shapes: Sequence[tuple[int, ...]], own: Any, **fixed: Any
    ) -> None:
        """`own` is the loss of the arrays that are named, in their order."""
        given = dict(zip(names, arrays(*shapes), strict=True))
        leaves = [torch.tensor(a, requires_grad=True) for a in given.values()]
        program = backprop(text, data=[n for n in fixed if n != "y"]).function()
        tracemalloc.start()
        _, gradients = program(**given, **fixed)
        peak = tracemalloc.get_traced_memory()[1] - sum(g.nbytes for g in gradients.values())
        tracemalloc.stop()

        def by_autograd() -> Sequence[Any]:
            return torch.autograd.grad(own(*leaves), leaves)

        kept = (peak, kept_by_torch(lambda: own(*leaves)), most_of_torch(by_autograd))
        compared(title, lambda: of(program(**given, **fixed)[1], names), by_autograd, kept=kept)

    y = np.arange(4096) % 1000
    classes = torch.tensor(y)
    raced(
        "numpy: linear + cross-entropy, 4096×512×1000", LINEAR, "Wxb",
        [(1000, 512), (4096, 512), (1000,)],
        lambda W, x, b: F.cross_entropy(x @ W.mT + b, classes), y=y,
    )  # fmt: skip
    x, few = *arrays((512, 784)), np.arange(512) % 10
    data = torch.tensor(x)
    raced(
        "numpy: two layers, 512, 784-512-10", TWO_LAYERS, "UaVc",
        [(512, 784), (512,), (10, 512), (10,)],
        lambda U, a, V, c: F.cross_entropy(
            torch.relu(data @ U.mT + a) @ V.mT + c, torch.tensor(few)), x=x, y=few,
    )  # fmt: skip
    raced(
        "numpy: attention, 8×512×64", ATTENTION, "qkv", [(8, 512, 64)] * 3,
        lambda q, k, v: (F.softmax(q @ k.mT / 8, -1) @ v).square().sum() / 2,
    )  # fmt: skip
    (w,) = arrays((4096, 1024))
    weights = torch.tensor(w)
    raced(
        "numpy: layer norm, 4096×1024", LAYER_NORM, "xgb", [(4096, 1024), (1024,), (1024,)],
        lambda x, g, b: (F.layer_norm(x, (1024,), g, b, 1e-5) * weights).sum(), w=w, eps=1e-5,
    )  # fmt: skip


def torch_runs() -> None:
    import torch
    from torch.nn import functional as F

    y = torch.arange(4096) % 1000
    given = [torch.tensor(a, requires_grad=True) for a in arrays((1000, 512), (4096, 512), (1000,))]
    layer = made(catalogue_source(["cross-entropy-linear"], ("value",), "torch"))
    layer_loss = layer["cross_entropy_linear"]

    def graded(loss: Callable[[], Any], by: Sequence[Any]) -> Run:
        return lambda: torch.autograd.grad(loss(), by)

    def row(title: str, by: Sequence[Any], *losses: Callable[[], Any]) -> None:
        """Ours and the engine's own, each a number of what it is differentiated by."""
        compared(title, *(graded(f, by) for f in (*losses, *compiled(*losses))))

    def pass_of(title: str, ours: Run, own: Callable[[], Any], by: Sequence[Any]) -> None:
        """Value and gradients in one pass, beside a loss."""
        pair = compiled(ours, own)
        compared(title, ours, graded(own, by), *pair[:1], *(graded(f, by) for f in pair[1:]))

    W, x, b = given
    row(
        "torch: linear + cross-entropy, 4096×512×1000",
        given,
        lambda: layer_loss(W, x, b, y).mean(),
        lambda: F.cross_entropy(x @ W.mT + b, y),
    )
    z = torch.tensor(*arrays((1024, 1000)), requires_grad=True)
    softmax = made(catalogue_source(["softmax"], ("value",), "torch"))["softmax"]
    row(
        "torch: softmax, 1024×1000",
        [z],
        lambda: (softmax(z) ** 2).sum(),
        lambda: (z.softmax(-1) ** 2).sum(),
    )
    U, a, V, c, data = arrays((512, 784), (512,), (10, 512), (10,), (512, 784))
    values = {n: torch.tensor(v, requires_grad=n != "x")
              for n, v in zip("UaVcx", (U, a, V, c, data), strict=True)}  # fmt: skip
    classes = torch.arange(512) % 10
    net = made(backprop(TWO_LAYERS, data=["x"]).emit(target="torch"))
    by = [values[n] for n in "UaVc"]

    def two_layers() -> Any:
        hidden = torch.relu(values["x"] @ values["U"].mT + values["a"])
        return F.cross_entropy(hidden @ values["V"].mT + values["c"], classes)

    plain = {n: v.detach() for n, v in values.items()}
    pass_of(
        "torch: two layers, 512, 784-512-10",
        lambda: of(net["value_and_gradients"](**plain, y=classes)[1], "UaVc"),
        two_layers,
        by,
    )
    row("  the same through autograd", by, lambda: net["value"](**values, y=classes), two_layers)
    shape = (8, 512, 64)
    q, k, v = (torch.tensor(m, requires_grad=True) for m in arrays(shape, shape, shape))
    layer = made(backprop(ATTENTION).emit(target="torch"))
    alone = {"q": q.detach(), "k": k.detach(), "v": v.detach()}
    pass_of(
        "torch: attention, 8×512×64",
        lambda: of(layer["value_and_gradients"](**alone)[1], "qkv"),
        lambda: (F.softmax(q @ k.mT / 8, -1) @ v).square().sum() / 2,
        [q, k, v],
    )
    block(pass_of)


def block(pass_of: Callable[..., None]) -> None:
    """The transformer block at T = 128, D = 256."""
    import torch
    from torch.nn import functional as F

    T, D, H = 128, 256, 4
    sizes = {"T": T, "D": D, "H": H, "A": D // H, "C": D // H, "F": 4 * D, "K": 512, "J": 512}
    derived = backprop(transformer(1))
    problem, random = derived.made.network.problem, np.random.default_rng(0)
    given = {
        n: torch.tensor(random.normal(size=[sizes[str(s)] for s in problem.shapes[n]]) / 16)
        for n in derived.made.network.given
    }
    y = torch.arange(T) % 512
    net = made(derived.emit(target="torch"))["value_and_gradients"]
    names = list(given)
    g = {n: v.clone().requires_grad_() for n, v in given.items()}
    eps = torch.tensor(1e-5, dtype=torch.float64)

    def own() -> Any:
        x = g["x0"]
        n = F.layer_norm(x, (D,), g["g1"], g["be1"], 1e-5)
        q, k, v = (torch.einsum("had,td->hta", g[w], n) for w in ("Wq1", "Wk1", "Wv1"))
        w = F.softmax(q @ k.mT / sizes["A"] ** 0.5, -1)
        r = x + torch.einsum("dhc,htc->td", g["Wo1"], w @ v)
        m = F.gelu(r @ g["Wl1"].mT + g["bl1"])
        return F.cross_entropy((r + m @ g["Wm1"].mT + g["bm1"]) @ g["E"].mT, y)

    def ours() -> Sequence[Any]:
        return of(net(**given, eps=eps, y=y)[1], names)

    pass_of("torch: transformer block, T = 128, D = 256", ours, own, list(g.values()))


def jax_runs() -> None:
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)
    W, x, b = map(jnp.asarray, arrays((1000, 512), (4096, 512), (1000,)))
    y = jnp.arange(4096) % 1000
    layer = made(catalogue_source(["cross-entropy-linear"], ("value",), "jax"))
    loss = layer["cross_entropy_linear"]

    def jitted(f: Callable[..., Any], *args: Any, by: tuple[int, ...]) -> Run:
        run = jax.jit(jax.grad(f, argnums=by))
        return lambda: jax.block_until_ready(run(*args))

    def usual(W: Any, x: Any, b: Any) -> Any:
        z = jax.nn.log_softmax(x @ W.T + b)
        return -jnp.take_along_axis(z, y[:, None], -1).mean()

    compared(
        "jax: linear + cross-entropy, 4096×512×1000",
        jitted(lambda *w: loss(*w, y).mean(), W, x, b, by=(0, 1, 2)),
        jitted(usual, W, x, b, by=(0, 1, 2)),
    )
    z = jnp.asarray(*arrays((1024, 1000)))
    softmax = made(catalogue_source(["softmax"], ("value",), "jax"))["softmax"]
    compared(
        "jax: softmax, 1024×1000",
        jitted(lambda z: (softmax(z) ** 2).sum(), z, by=(0,)),
        jitted(lambda z: (jax.nn.softmax(z) ** 2).sum(), z, by=(0,)),
    )
    U, a, V, c, data = map(jnp.asarray, arrays((512, 784), (512,), (10, 512), (10,), (512, 784)))
    classes = jnp.arange(512) % 10
    net = made(backprop(TWO_LAYERS, data=["x"]).emit(target="jax"))
    run = jax.jit(net["value_and_gradients"])

    def two_layers(U: Any, a: Any, V: Any, c: Any) -> Any:
        z = jax.nn.log_softmax(jax.nn.relu(data @ U.T + a) @ V.T + c)
        return -jnp.take_along_axis(z, classes[:, None], -1).mean()

    def ours() -> Sequence[Any]:
        return of(jax.block_until_ready(run(U=U, a=a, V=V, c=c, x=data, y=classes))[1], "UaVc")

    compared(
        "jax: two layers, 512, 784-512-10", ours, jitted(two_layers, U, a, V, c, by=(0, 1, 2, 3))
    )
    compared(
        "  the same through autograd",
        jitted(lambda *w: net["value"](**dict(zip("UaVc", w, strict=True)), x=data, y=classes),
               U, a, V, c, by=(0, 1, 2, 3)),
        jitted(two_layers, U, a, V, c, by=(0, 1, 2, 3)),
    )  # fmt: skip


def keep_memory() -> None:
    """No memory of arrays goes back to the system, where the C library is one that can be told."""
    with suppress(AttributeError):
        tell = ctypes.CDLL(None).mallopt
        for option in (-1, -3):  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD
            tell(option, 2**30)


def main(*libraries: str) -> None:
    """Print what each library takes, or these, where it is installed."""
    from tests.bench.kinds import jax_kinds, torch_kinds

    for runs in (numpy_runs, keep_memory, torch_runs, torch_kinds, jax_runs, jax_kinds):
        if libraries and runs.__name__.split("_")[0] not in (*libraries, "keep"):
            continue
        try:
            runs()
        except ImportError as missing:
            print(f"{missing.name} is not installed: make bench ARGS=targets PEERS=1")
