"""The functions beside what people use: one row, loss with gradient, softmax, weights; memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from symderiv import functions
from tests.bench.race import race, table

SHAPES = ((1024, 1000), (64, 32_000), (16, 128_256), (4096, 10))
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


def idiom_row(z: Any, y: int) -> Any:
    p = idiom(z)
    loss = -np.log(p[y])
    p[y] -= 1
    return loss, p


def idiom_jacobian(z: Any) -> Any:
    p = idiom(z)
    return np.diag(p) - np.outer(p, p)


def rows() -> None:
    print("\nOne row")
    z, y = logits(1, 10, np.float64)[0], 3
    pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "softmax": (lambda: functions.softmax(z), lambda: idiom(z)),
        "loss with gradient": (
            lambda: functions.cross_entropy_and_gradient(z, y),
            lambda: idiom_row(z, y),
        ),
        "the full Jacobian": (lambda: functions.softmax_jacobian(z), lambda: idiom_jacobian(z)),
    }
    for title, (ours, plain) in pairs.items():
        table(title, race({"symderiv": ours, "idiom": plain}, rounds=41))


def memory() -> None:
    """Peaks beside the result: what is formed on the way."""
    z, y = logits(1024, 1000, np.float64), np.zeros(1024, int)
    runs: dict[str, Callable[[], Any]] = {
        "softmax": lambda: functions.softmax(z),
        "loss with gradient": lambda: functions.cross_entropy_and_gradient(z, y),
    }
    for name, run in runs.items():
        print(f"{'':34} {name}: peak {peak(run) / z.nbytes:.2f} × the result")


def peak(run: Callable[[], Any]) -> int:
    tracemalloc.start()
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


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
            most, own = peak(run) / 2**20, w.nbytes / 2**20
            print(f"{'':34} {name}: peak {most:.1f} MiB, result {own:.1f} MiB")


def main() -> None:
    torch, special = peer("torch"), peer("scipy.special")
    rows()
    losses(torch)
    softmaxes(special)
    memory()
    weights()


if __name__ == "__main__":
    main()
