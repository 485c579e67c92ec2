"""Networks: what an edge costs, and how the whole grows with depth.

Each network is read, derived, judged, tried and written as a program in one process; times are the
best of a few, in CPU seconds, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import os
import time

import numpy as np

from symderiv.face.networks import backprop
from symderiv.face.request import NetworkRequest
from tests.bench.beside import beside_torch
from tests.bench.transformers import transformer

ROUNDS = 3


def layers(count: int) -> str:
    """A tanh network with this many layers."""
    lines, below = [], "x"
    for n in range(1, count + 1):
        lines += [f"a{n}[i] = sum(W{n}[i,j]*{below}[j], j) + b{n}[i]", f"h{n}[i] = tanh(a{n}[i])"]
        below = f"h{n}"
    last = [f"z[k] = sum(V[k,j]*{below}[j], j) + c[k]", "p[k] = softmax(z)[k]", "-log(p[y])"]
    return "\n".join([*lines, *last])


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
    for threads in sorted({1, os.cpu_count() or 1}):
        print(beside_torch(threads), flush=True)


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
