"""Attention whose scores are large and close to each other: weights and slopes keep their digits.

The values are those of torch's autograd, of scores that are exact in floats.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

import symderiv

BIASES = ["-b*abs(i-j)", "-b*j", "+b*i*j"]


@pytest.mark.parametrize("bias", BIASES)
def test_large_scores_that_lie_close(bias: str) -> None:
    """∂/∂q of tanh(softmax(q kᵀ + bias) v) where the scores are about 2¹⁴."""
    made = symderiv.derive(
        f"a[i,j] = sum(q[i,d]*k[j,d], d){bias}; p[i,j] = softmax(a[i,:])[j]; "
        "o[i,e] = sum(p[i,j]*v[j,e], j); sum(tanh(o[i,e]), i, e)",
        wrt="q[n,m]",
    )
    rng, b, (i, j) = np.random.default_rng(0), 0.25, np.indices((3, 4)) + 1
    added = {"-b*abs(i-j)": -b * abs(i - j), "-b*j": -b * j, "+b*i*j": b * i * j}[bias]
    q = np.stack([np.full(3, 2.0**14), np.zeros(3)], -1)
    k = np.stack([1 + 2.0**-15 * rng.integers(-2, 3, 4), rng.normal(size=4)], -1)
    v = rng.normal(size=(4, 2))
    ours = torch.tensor(q, requires_grad=True)
    scores = ours @ torch.tensor(k).mT + torch.tensor(added)
    torch.tanh(torch.softmax(scores, -1) @ torch.tensor(v)).sum().backward()
    assert ours.grad is not None
    found = made.function()(q, k, b, v)
    np.testing.assert_allclose(found[:, 1], ours.grad.numpy()[:, 1], rtol=2e-13)
