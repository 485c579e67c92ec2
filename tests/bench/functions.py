"""The numerical functions beside what people use, and beside the limit of the machine.

The limit is measured in the same run: the exponentials at NumPy's own rate, in the blocks and
threads of our own passes, from the logits in memory to the result in memory, so with the bytes
that must move.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from symderiv import functions
from symderiv.numeric import compiled
from symderiv.numeric.blocks import over_rows
from tests.bench.race import race, table

WIDE = ((1024, 1000), (64, 32_000), (16, 128_256))
NARROW = ((4096, 10), (65_536, 10))
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


def alone(run: Callable[[], Any]) -> Callable[[], Any]:
    """The same without the kernels: NumPy alone."""

    def plain() -> Any:
        found = compiled.kernels
        try:
            compiled.kernels = lambda: None  # type: ignore[assignment]
            return run()
        finally:
            compiled.kernels = found

    return plain


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


def exponentials(z: Any, out: Any) -> None:
    """The exponentials alone, in the blocks of our own passes, memory to memory: the limit."""
    over_rows(z, z.shape[:1], lambda block: np.exp(z[block], out=out[block]))


def losses(torch: Any, jax: Any) -> None:
    print("\nLoss with gradient, class labels")
    for rows, width in (*WIDE, *NARROW):
        for dtype in DTYPES:
            z, out = logits(rows, width, dtype), np.empty((rows, width), dtype)
            y = np.random.default_rng(1).integers(0, width, rows)
            runners: dict[str, Callable[[], Any]] = {
                "symderiv": lambda z=z, y=y: functions.cross_entropy_and_gradient(z, y),
                "symderiv(out=)": lambda z=z, y=y, o=out: functions.cross_entropy_and_gradient(
                    z, y, out=o
                ),
                "limit": lambda z=z, o=out: exponentials(z, o),
                "idiom": lambda z=z, y=y: idiom_loss(z, y),
            }
            if compiled.kernels():
                runners["NumPy alone"] = alone(runners["symderiv"])
            if torch:
                leaf, label = torch.tensor(z, requires_grad=True), torch.tensor(y)

                def run(leaf: Any = leaf, label: Any = label) -> Any:
                    leaf.grad = None
                    loss = torch.nn.functional.cross_entropy(leaf, label, reduction="sum")
                    loss.backward()
                    return loss, leaf.grad

                runners["torch"] = run
            if jax:
                one = lambda z, y: -jax.nn.log_softmax(z)[y]  # noqa: E731
                fast = jax.jit(jax.vmap(jax.value_and_grad(one)))
                given = jax.numpy.asarray(z), jax.numpy.asarray(y)
                runners["jax"] = lambda f=fast, a=given: jax.block_until_ready(f(*a))
            table(f"{rows} x {width} {np.dtype(dtype).name}", race(runners))


def softmaxes(torch: Any, jax: Any, special: Any) -> None:
    print("\nSoftmax")
    for rows, width in (*WIDE, *NARROW):
        for dtype in DTYPES:
            z, out = logits(rows, width, dtype), np.empty((rows, width), dtype)
            runners: dict[str, Callable[[], Any]] = {
                "symderiv": lambda z=z: functions.softmax(z),
                "symderiv(out=)": lambda z=z, o=out: functions.softmax(z, out=o),
                "limit": lambda z=z, o=out: exponentials(z, o),
                "idiom": lambda z=z: idiom(z),
            }
            if compiled.kernels():
                runners["NumPy alone"] = alone(runners["symderiv"])
            if special:
                runners["scipy"] = lambda z=z: special.softmax(z, axis=-1)
            if torch:
                tensor = torch.tensor(z)
                runners["torch"] = lambda z=tensor: torch.softmax(z, -1)
            if jax:
                fast, given = jax.jit(jax.nn.softmax), jax.numpy.asarray(z)
                runners["jax"] = lambda f=fast, a=given: jax.block_until_ready(f(a))
            table(f"{rows} x {width} {np.dtype(dtype).name}", race(runners))


def matrices() -> None:
    print("\nThe whole Jacobian; the limit is filling the same memory")
    for dtype in DTYPES:
        z = logits(16, 1000, dtype)
        size = (16, 1000, 1000)
        out = np.empty(size, dtype)
        runners: dict[str, Callable[[], Any]] = {
            "symderiv": lambda z=z: functions.softmax_jacobian(z),
            "fill": lambda d=dtype, s=size: np.full(s, 0.5, d),
        }
        table(f"16 x 1000 {np.dtype(dtype).name}", race(runners))
        runners = {
            "symderiv(out=)": lambda z=z, o=out: functions.softmax_jacobian(z, out=o),
            "fill": lambda o=out: o.fill(0.5),
        }
        table(f"16 x 1000 {np.dtype(dtype).name}, in place", race(runners))


def products() -> None:
    print("\nProducts with the Jacobian, beside softmax itself")
    for rows, width in (*WIDE, *NARROW):
        for dtype in DTYPES:
            z, v = logits(rows, width, dtype), logits(rows, width, dtype)
            runners: dict[str, Callable[[], Any]] = {
                "symderiv": lambda z=z, v=v: functions.softmax_jvp(z, v),
                "softmax": lambda z=z: functions.softmax(z),
            }
            table(f"{rows} x {width} {np.dtype(dtype).name}", race(runners))


def one_row(torch: Any) -> None:
    print("\nOne row, a function made for the chosen K; lambdify with cse=True")
    import sympy

    from symderiv.emit import chosen_function

    for width in (3, 10):
        z = logits(1, width, np.float64)[0].tolist()
        logit = sympy.symbols(f"z1:{width + 1}")
        total = sum(sympy.exp(x) for x in logit)
        p = [sympy.exp(x) / total for x in logit]
        label = sympy.Symbol("y")
        hot = [sympy.Piecewise((1, sympy.Eq(label, k)), (0, True)) for k in range(width)]
        loss = -sympy.log(sympy.Piecewise(*((p[k], sympy.Eq(label, k)) for k in range(width))))
        made = chosen_function("softmax", K=width)
        both = chosen_function("cross_entropy_and_gradient", K=width)
        plain = sympy.lambdify(logit, p, cse=True)
        plain_both = sympy.lambdify(
            (*logit, label), [loss, *(a - b for a, b in zip(p, hot, strict=True))], cse=True
        )
        array = np.array([z])
        runners: dict[str, Callable[[], Any]] = {
            "symderiv": lambda: made(*z),  # noqa: B023
            "lambdify": lambda: plain(*z),  # noqa: B023
            "idiom": lambda: idiom(array),  # noqa: B023
        }
        if torch:
            tensor = torch.tensor(z)
            runners["torch"] = lambda: torch.softmax(tensor, -1)  # noqa: B023
        table(f"softmax, K = {width}", race(runners))
        runners = {
            "symderiv": lambda: both(*z, 1),  # noqa: B023
            "lambdify": lambda: plain_both(*z, 1),  # noqa: B023
            "idiom": lambda: idiom_loss(array, [1]),  # noqa: B023
        }
        table(f"loss with gradient, K = {width}", race(runners))


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


def memory() -> None:
    print("\nPeak memory of loss with gradient, beyond its result")
    for rows, width in WIDE:
        z, y = logits(rows, width, np.float64), np.zeros(rows, int)
        functions.cross_entropy_and_gradient(z, y)
        tracemalloc.start()
        functions.cross_entropy_and_gradient(z, y)
        peak = tracemalloc.get_traced_memory()[1] - z.nbytes
        tracemalloc.stop()
        print(
            f"{rows} x {width} float64: result {z.nbytes / 2**20:.1f} MiB, "
            f"beyond {peak / 2**10:.0f} KiB"
        )


def main() -> None:
    torch, jax, special = peer("torch"), peer("jax"), peer("scipy.special")
    print(f"(passes over rows: {'compiled' if compiled.kernels() else 'NumPy alone'})")
    if jax:
        jax.config.update("jax_enable_x64", True)
    losses(torch, jax)
    softmaxes(torch, jax, special)
    matrices()
    products()
    one_row(torch)
    weights()
    memory()


if __name__ == "__main__":
    main()
