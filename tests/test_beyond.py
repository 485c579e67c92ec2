"""Numbers whose products have no float: right there, or the docstring says what it is."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symderiv
from symderiv.face.source import derivation_source

FORMULAS: dict[str, tuple[bool, Callable[[float], float]]] = {  # said?, and the value at x, y = x
    "sqrt(x*y)": (True, abs),
    "x*y/(x + y)": (True, lambda x: x / 2),
    "x**2/(1 + x**2)": (False, lambda x: 1.0 if x > 1 else 0.0),
    "log(1 + x**4)": (False, lambda x: 4 * float(np.log(x)) if x > 1 else 0.0),
    "sqrt(x**2 + y**2)": (False, lambda x: float(np.sqrt(2)) * x),
    "a*(exp(x/a) - 1) - x": (False, lambda x: 0.0),
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_is_not_right_far_out_is_said(formula: str) -> None:
    names: dict[str, Any] = {"__name__": "made"}
    exec(derivation_source(symderiv.derive(f"L = {formula}", wrt="x")), names)
    said, right = FORMULAS[formula]
    sentence = "where a part of it is beyond all floats"
    assert (sentence in " ".join(names["L"].__doc__.split())) == said
    given = inspect.signature(names["L"]).parameters
    for x in () if said or "a" in given else (1e200, 1e-200):
        assert names["L"](*(x for _ in given)) == pytest.approx(right(x), rel=1e-13, abs=0), x
