"""Large batches are worked out some rows at a time: the same numbers, in less memory."""

from __future__ import annotations

from typing import Any

import pytest

from symderiv.face.source import catalogue_source
from tests.target_libraries import module
from tests.test_targets import Needs, needed, run, value_of

IN_PARTS = (
    "layer-normalisation",
    "binary-cross-entropy",
    "softmax-with-temperature",
)


@pytest.mark.parametrize("entry", IN_PARTS)
def test_a_large_batch_is_worked_out_in_parts(entry: str, needs: Needs) -> None:
    """Parts of a few rows give what the whole gives, also beside arguments that all rows have."""
    needed(needs, "torch")
    torch, name = module("torch"), entry.replace("-", "_")
    text = catalogue_source([entry], ("value",), "torch")
    assert "_in_rows(_lines" in text
    whole, parts = run(text)[name], run(text.replace("2 ** 20 //", "2 ** 6 //"))[name]
    axes = {"layer-normalisation": (5, None), "binary-cross-entropy": (5, 5),
            "softmax-with-temperature": (5, None)}[entry]  # fmt: skip
    own = [() if size is None else (size,) for size in axes]
    random = torch.Generator().manual_seed(1)
    for batch in ((37,), (11, 3), (1, 40)):
        for alone in range(len(own)):  # this one all rows have
            shapes = [s if n == alone and n else (*batch, *s) for n, s in enumerate(own)]
            given = [torch.rand(s, generator=random, dtype=torch.float64) + 0.1 for s in shapes]
            found = []
            for function in (whole, parts):
                leaves = [a.clone().requires_grad_() for a in given]
                value = function(*leaves)
                u = torch.cos(torch.arange(value.numel(), dtype=value.dtype)).reshape(value.shape)
                found.append((value, *torch.autograd.grad(value, leaves, u)))
            torch.testing.assert_close(*found, rtol=1e-13, atol=1e-14)
    many = [torch.rand(3, 40, *s, generator=random, dtype=torch.float64) + 0.1 for s in own]
    torch.testing.assert_close(torch.func.vmap(parts)(*many), whole(*many))


def test_parts_of_a_large_batch_need_less_memory(needs: Needs) -> None:
    """Nothing is made between that is as large as the argument."""
    needed(needs, "torch")
    torch = module("torch")
    from torch.utils._python_dispatch import TorchDispatchMode

    class Large(TorchDispatchMode):
        made = 0

        def __torch_dispatch__(
            self, op: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            result = op(*args, **(kwargs or {}))
            new = isinstance(result, torch.Tensor) and result._base is None
            held = {a.untyped_storage().data_ptr() for a in args if isinstance(a, torch.Tensor)}
            if new and result.untyped_storage().data_ptr() not in held:
                self.made += result.untyped_storage().nbytes() >= 2**23
            return result

    f, _ = value_of("layer-normalisation", "torch")
    x = torch.randn(2**10, 2**10, dtype=torch.float64, requires_grad=True)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with Large() as large:
            torch.autograd.grad(f(x, 1e-5), x, x.detach())
    finally:
        torch.set_num_threads(threads)
    assert large.made <= 3  # the value, the gradient, and room for what autograd makes of its own
