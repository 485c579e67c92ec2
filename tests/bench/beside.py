"""A transformer block beside torch's autograd: CPU time for value and all gradients.

Gives `beside_torch`, one line for a number of threads.  The block runs in a process of its own, in
which NumPy's BLAS and torch are given the same number of threads before they start; the two are
called in turn, and the medians of CPU time, of all threads, are compared.
`python -m tests.bench.beside` is that process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

import numpy as np

from symderiv.face.networks import backprop
from symderiv.face.request import NetworkRequest
from tests.bench.transformers import transformer

SIZES = {"T": 128, "D": 256, "H": 4, "A": 64, "C": 64, "F": 1024}
CLASSES, ROUNDS = 32, 41
LIBRARIES = ("OPENBLAS", "OMP", "MKL")

Arrays = Mapping[str, np.ndarray]


def beside_torch(threads: int) -> str:
    """What one block takes, and what torch's autograd takes, with that many threads."""
    chosen = {f"{name}_NUM_THREADS": str(threads) for name in LIBRARIES}
    call = [sys.executable, "-m", "tests.bench.beside"]
    done = subprocess.run(call, env={**os.environ, **chosen}, capture_output=True, text=True)
    said = done.stdout.strip() or done.stderr.strip().splitlines()[-1]
    return f"{said}, {threads} thread{'s' * (threads > 1)}"


def _medians(runners: Mapping[str, Callable[[], Arrays]]) -> dict[str, float]:
    """The median CPU time of each, called in turn."""
    times: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(ROUNDS):
        for name, run in runners.items():
            start = time.process_time()
            run()
            times[name].append(time.process_time() - start)
    return {name: statistics.median(t[len(t) // 4 :]) for name, t in times.items()}


def main() -> None:
    """Print the comparison for the threads of this process."""
    try:
        import torch
    except ImportError:
        print("torch is not here to be compared with")
        return
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    made = backprop(NetworkRequest(transformer(1)))
    run = made.function()
    random = np.random.default_rng(0)
    problem = made.made.network.problem
    given = {
        n: 0.1 * random.normal(size=[SIZES.get(str(s), CLASSES) for s in problem.shapes[n]])
        for n in made.made.network.given
    }
    labels, eps = random.integers(0, CLASSES, size=SIZES["T"]), 1e-5
    leaves = {n: torch.tensor(v, requires_grad=True) for n, v in given.items()}
    picked = torch.tensor(labels)

    def by_autograd() -> Arrays:
        w = leaves
        x = w["x0"]
        n = torch.nn.functional.layer_norm(x, x.shape[1:], w["g1"], w["be1"], eps)
        q, k, v = (torch.einsum("had,td->hta", w[f"W{s}1"], n) for s in "qkv")
        s = torch.softmax(q @ k.transpose(1, 2) / SIZES["A"] ** 0.5, -1)
        r = x + torch.einsum("dhc,htc->td", w["Wo1"], s @ v)
        m = torch.nn.functional.gelu(r @ w["Wl1"].T + w["bl1"])
        out = r + m @ w["Wm1"].T + w["bm1"]
        loss = torch.nn.functional.cross_entropy(out @ w["E"].T, picked)
        slopes = torch.autograd.grad(loss, list(w.values()))
        return {name: s.numpy() for name, s in zip(w, slopes, strict=True)}

    def by_program() -> Arrays:
        return dict(run(**given, eps=eps, y=labels)[1])

    ours, theirs = by_program(), by_autograd()
    far = max(np.abs(ours[n] - theirs[n]).max() / np.abs(theirs[n]).max() for n in theirs)
    one, other = _medians({"ours": by_program, "autograd": by_autograd}).values()
    print(
        f"1 block, T = {SIZES['T']}, D = {SIZES['D']}: {1000 * one:.1f} ms, "
        f"{one / other:.2f} of torch's autograd ({1000 * other:.1f} ms) in CPU time; "
        f"gradients differ by {far:.1e} of their scale"
    )


if __name__ == "__main__":
    main()
