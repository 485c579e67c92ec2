"""Functions where their formula as it is written would lose every digit, overflow, or be 0/0.

`FINITE` is held to the formula at 400 digits, `ENDS` to the limit that it has.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import functions as written
from symderiv.catalogue import functions
from symderiv.emit.module import programs
from symderiv.verification.formulas import exact_results

MADE = {w.name: p for w, p in programs(functions().values())}
CERTAIN, CLASS = [40.0, 0, 0.3, -1], [1.0, 0, 0, 0]
LAYER = {"W": [[1, 0], [0, 1], [0, 2], [0.0, -1]], "x": [40.0, 0.25], "b": [0.0] * 4, "y": 0}

FINITE: list[tuple[str, Mapping[str, Any]]] = [
    ("label_smoothing_gradient", {"z": CERTAIN, "y": CLASS, "a": 0.0}),
    ("label_smoothing_and_gradient", {"z": CERTAIN, "y": CLASS, "a": 0.0}),
    ("label_smoothing", {"z": CERTAIN, "y": CLASS, "a": 0.0}),
    ("label_smoothing_gradient", {"z": CERTAIN, "y": CLASS, "a": 0.25}),
    ("cross_entropy_unnormalised_gradient", {"z": CERTAIN, "y": CLASS}),
    ("cross_entropy_unnormalised_gradient", {"z": CERTAIN, "y": [3.0, 0, 0, 0]}),
    ("cross_entropy_unnormalised_and_gradient", {"z": CERTAIN, "y": CLASS}),
    ("cross_entropy_reused_letter_gradient", {"z": CERTAIN, "y": CLASS}),
    ("cross_entropy_linear_gradient_x", LAYER),
    ("cross_entropy_linear_and_gradient_x", LAYER),
    ("log_softmax_jvp", {"z": CERTAIN, "v": CLASS}),
    ("log_softmax_jvp", {"z": CERTAIN, "v": [0.0, 1, 0, 0]}),
    ("log_softmax_vjp", {"z": CERTAIN, "u": CLASS}),
    ("log_softmax_vjp", {"z": [0.0] * 4, "u": [1e308] * 4}),
    ("softmax_of_activations_jvp", {"o": CERTAIN, "v": CLASS}),
    ("softmax_of_activations_vjp", {"o": CERTAIN, "u": CLASS}),
    ("softmax_of_activations_jacobian", {"o": CERTAIN}),
]


def found(name: str, given: Mapping[str, Any]) -> list[Any]:
    """What a function returns, with no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = getattr(written, name)(**given)
    return [np.asarray(v) for v in (value if isinstance(value, tuple) else (value,))]


@pytest.mark.parametrize(("name", "given"), FINITE, ids=lambda x: x if isinstance(x, str) else "")
def test_every_digit(name: str, given: Mapping[str, Any]) -> None:
    arrays = {k: np.asarray(v) for k, v in given.items()}
    with mpmath.workdps(400):
        exact = list(exact_results(MADE[name], arrays))
    for value, wanted in zip(found(name, arrays), exact, strict=True):
        assert np.allclose(value, wanted, rtol=2e-15, atol=0), (value, wanted)
