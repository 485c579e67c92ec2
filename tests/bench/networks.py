"""Networks: what an edge costs, and how the whole grows with depth.

Each network is read, derived, judged, tried and written as a program in one process; times are the
best of a few, in CPU seconds, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import time

import numpy as np

from symderiv.face.networks import backprop
from symderiv.face.request import NetworkRequest

ROUNDS = 3


def layers(count: int) -> str:
    """A tanh network with this many layers."""
    lines, below = [], "x"
    for n in range(1, count + 1):
        lines += [f"a{n}[i] = sum(W{n}[i,j]*{below}[j], j) + b{n}[i]", f"h{n}[i] = tanh(a{n}[i])"]
        below = f"h{n}"
    last = [f"z[k] = sum(V[k,j]*{below}[j], j) + c[k]", "p[k] = softmax(z)[k]", "-log(p[y])"]
    return "\n".join([*lines, *last])


BLOCK = """
mu{n}[t] = mean({x}[t,d], d)
va{n}[t] = mean(({x}[t,d]-mu{n}[t])**2, d)
n{n}[t,d] = g{n}[d]*({x}[t,d]-mu{n}[t])/sqrt(va{n}[t]+eps) + be{n}[d]
q{n}[h,t,a] = sum(Wq{n}[h,a,d]*n{n}[t,d], d)
k{n}[h,t,a] = sum(Wk{n}[h,a,d]*n{n}[t,d], d)
v{n}[h,t,c] = sum(Wv{n}[h,c,d]*n{n}[t,d], d)
s{n}[h,t,u] = sum(q{n}[h,t,a]*k{n}[h,u,a], (a,1,A))/sqrt(A)
w{n}[h,t,u] = softmax(s{n}[h,t,:])[u]
o{n}[h,t,c] = sum(w{n}[h,t,u]*v{n}[h,u,c], u)
r{n}[t,d] = {x}[t,d] + sum(Wo{n}[d,h,c]*o{n}[h,t,c], h, c)
l{n}[t,f] = sum(Wl{n}[f,d]*r{n}[t,d], d) + bl{n}[f]
m{n}[t,f] = l{n}[t,f]*(1+erf(l{n}[t,f]/sqrt(2)))/2
x{n}[t,d] = r{n}[t,d] + sum(Wm{n}[d,f]*m{n}[t,f], f) + bm{n}[d]
"""


def transformer(count: int) -> str:
    """A transformer with this many blocks."""
    blocks = "".join(BLOCK.format(n=n, x=f"x{n - 1}") for n in range(1, count + 1))
    return blocks + (
        f"z[t,j] = sum(E[j,d]*x{count}[t,d], d)\n"
        "p[t,j] = softmax(z[t,:])[j]\n"
        "mean(-log(p[t,y[t]]), t)"
    )


NETWORKS = (
    ("2 layers", layers(2)),
    ("20 layers", layers(20)),
    ("100 layers", layers(100)),
    ("transformer, 1 block", transformer(1)),
    ("transformer, 2 blocks", transformer(2)),
    ("transformer, 12 blocks", transformer(12)),
)


def main() -> None:
    """Print what each network takes."""
    rows = []
    for name, text in NETWORKS:
        derived, written = [], []
        for _ in range(ROUNDS):
            start = time.process_time()
            made = backprop(NetworkRequest(text))
            middle = time.process_time()
            made.emit()
            derived.append(middle - start)
            written.append(time.process_time() - middle)
        edges, own = len(made.lemmas), len(made.made.derived)
        best = min(derived)
        rows.append(
            (name, f"{len(made.made.network.stages)}", f"{edges}", f"{own}", f"{best:.2f} s",
             f"{1000 * best / edges:.1f} ms", f"{min(written):.2f} s", str(made.strength))
        )  # fmt: skip
    heads = ("network", "stages", "edges", "lemmas", "derived", "an edge", "program", "")
    widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    for row in (heads, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    print(f"\nforward and backward, 12 blocks: {_run():.3f} s at T = 16, D = 32")
    print(_beside_torch())


BESIDE = {"T": 128, "D": 256, "H": 4, "A": 64, "C": 64, "F": 1024}


def _beside_torch() -> str:
    """One block, value and gradients, in CPU time of all threads, and what autograd takes."""
    try:
        import torch
    except ImportError:
        return "torch is not here to be compared with"
    made = backprop(NetworkRequest(transformer(1)))
    run = made.function()
    random = np.random.default_rng(0)
    problem = made.made.network.problem
    given = {n: 0.1 * random.normal(size=[BESIDE.get(str(s), 32) for s in problem.shapes[n]])
             for n in made.made.network.given}  # fmt: skip
    labels, eps = random.integers(0, 32, size=BESIDE["T"]), 1e-5
    leaves = {n: torch.tensor(v, requires_grad=True) for n, v in given.items()}
    picked = torch.tensor(labels)

    def by_autograd() -> dict[str, np.ndarray]:
        w = leaves
        x = w["x0"]
        n = w["g1"] * (x - x.mean(1, keepdim=True))
        n = n / torch.sqrt(x.var(1, keepdim=True, correction=0) + eps) + w["be1"]
        q, k, v = (torch.einsum("had,td->hta", w[f"W{s}1"], n) for s in "qkv")
        s = torch.softmax(q @ k.transpose(1, 2) / BESIDE["A"] ** 0.5, -1)
        r = x + torch.einsum("dhc,htc->td", w["Wo1"], s @ v)
        m = torch.nn.functional.gelu(r @ w["Wl1"].T + w["bl1"])
        out = r + m @ w["Wm1"].T + w["bm1"]
        loss = torch.nn.functional.cross_entropy(out @ w["E"].T, picked)
        slopes = torch.autograd.grad(loss, list(w.values()))
        return {name: s.numpy() for name, s in zip(w, slopes, strict=True)}

    def by_program() -> dict[str, np.ndarray]:
        return dict(run(**given, eps=eps, y=labels)[1])

    ours, theirs = by_program(), by_autograd()
    far = max(np.abs(ours[n] - theirs[n]).max() / np.abs(theirs[n]).max() for n in theirs)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(3 * ROUNDS):
        for found, call in zip(times, (by_program, by_autograd), strict=True):
            start = time.process_time()
            call()
            found.append(time.process_time() - start)
    one, other = map(min, times)
    sizes = "T = 128, D = 256"
    return (
        f"1 block, {sizes}: {1000 * one:.1f} ms, {one / other:.2f} of torch's autograd "
        f"({1000 * other:.1f} ms) in CPU time; gradients differ by {far:.1e} of their scale"
    )


def _run() -> float:
    """One call of the largest program, at sizes at which it is a matter of milliseconds."""
    made = backprop(NetworkRequest(transformer(12)))
    run = made.function()
    sizes = {"T": 16, "D": 32, "H": 4, "A": 8, "C": 8, "F": 64}
    random = np.random.default_rng(0)
    problem = made.made.network.problem
    given = {n: 0.1 * random.normal(size=[sizes.get(str(s), 32) for s in problem.shapes[n]])
             for n in made.made.network.given}  # fmt: skip
    labels = random.integers(0, 32, size=sizes["T"])
    run(**given, eps=1e-5, y=labels)
    start = time.perf_counter()
    run(**given, eps=1e-5, y=labels)
    return time.perf_counter() - start
