"""The functions beside what people use: loss with gradient, softmax, weights; time and memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from symderiv import functions
from tests.bench.race import race, table

SHAPES = ((1024, 1000), (16, 128_256), (4096, 10))
DTYPES = (np.float32, np.float64)


def peer(name: str) -> Any:
    """A peer library, or None with a word."""
    try:
        return import_module(name)
    except ImportError:
        print(f"({name} is not installed: skipped)")
        return None


def logits(rows: int, width: int, dtype: Any) -> Any:
    rng = np.random.default_rng(rows + width)
    return (rng.normal(size=(rows, width)) * 3).astype(dtype)


def idiom(z: Any) -> Any:
    """Shift, exp, sum, divide: what people write."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def idiom_loss(z: Any, y: Any) -> Any:
    p = idiom(z)
    at = np.arange(len(z)), y
    loss = -np.log(p[at])
    p[at] -= 1
    return loss, p


def losses(torch: Any) -> None:
    print("\nLoss with gradient, class labels")
    for rows, width in SHAPES:
        for dtype in DTYPES:
            z = logits(rows, width, dtype)
            y = np.random.default_rng(1).integers(0, width, rows)
            runners: dict[str, Callable[[], Any]] = {
                "symderiv": lambda z=z, y=y: functions.cross_entropy_and_gradient(z, y),
                "idiom": lambda z=z, y=y: idiom_loss(z, y),
            }
            if torch:
                leaf, label = torch.tensor(z, requires_grad=True), torch.tensor(y)

                def run(leaf: Any = leaf, label: Any = label) -> Any:
                    leaf.grad = None
                    loss = torch.nn.functional.cross_entropy(leaf, label, reduction="sum")
                    loss.backward()
                    return loss, leaf.grad

                runners["torch"] = run
            table(f"{rows} x {width} {np.dtype(dtype).name}", race(runners))


def softmaxes(special: Any) -> None:
    print("\nSoftmax, and its product with a vector")
    for rows, width in SHAPES:
        z, v = logits(rows, width, np.float64), logits(rows, width, np.float64)
        runners: dict[str, Callable[[], Any]] = {
            "symderiv": lambda z=z: functions.softmax(z),
            "idiom": lambda z=z: idiom(z),
            "jvp": lambda z=z, v=v: functions.softmax_jvp(z, v),
        }
        if special:
            runners["scipy"] = lambda z=z: special.softmax(z, axis=-1)
        table(f"{rows} x {width}", race(runners))


def weights() -> None:
    print("\nThe gradient in the weights, beside the same in two steps and their memory")
    rng = np.random.default_rng(0)
    for rows, inputs, width in ((4096, 256, 1000), (65_536, 64, 10)):
        x = rng.normal(size=(rows, inputs)).astype(np.float32)
        w = (rng.normal(size=(inputs, width)) * 0.05).astype(np.float32)
        y = rng.integers(0, width, rows)

        def ours(x: Any = x, w: Any = w, y: Any = y) -> Any:
            return functions.cross_entropy_batch_gradient(x, w, y)

        def two(x: Any = x, w: Any = w, y: Any = y) -> Any:
            return x.T @ idiom_loss(x @ w, y)[1]

        table(f"X {rows} x {inputs}, K = {width}", race({"symderiv": ours, "idiom": two}, rounds=7))
        for name, run in (("symderiv", ours), ("idiom", two)):
            tracemalloc.start()
            run()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            print(f"{'':34} {name}: peak {peak / 2**20:.1f} MiB, result {w.nbytes / 2**20:.1f} MiB")


def main() -> None:
    torch, special = peer("torch"), peer("scipy.special")
    losses(torch)
    softmaxes(special)
    weights()


if __name__ == "__main__":
    main()
