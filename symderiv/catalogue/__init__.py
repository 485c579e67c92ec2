"""The catalogue: one file a function, found by being there.

Gives `functions` (all, by name) and `library` (their definitions, for the reader: `softmax(z)[i]`).
A file in a folder of this package that holds `FUNCTION = Function(...)` is in the catalogue: its
tests, its page, its command-line name and its place in the book follow.

Floor 3: imports its entries only.

To add a function, copy `activations/softplus.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from symderiv.catalogue.entry import Derivative, Function

__all__ = ["Derivative", "Function", "functions", "library"]


@cache
def functions() -> Mapping[str, Function]:
    """Every function of the catalogue by its name, in the order of groups and files."""
    found: dict[str, Function] = {}
    for group in pkgutil.iter_modules(__path__, f"{__name__}."):
        if not group.ispkg:
            continue
        package = importlib.import_module(group.name)
        for entry in pkgutil.iter_modules(package.__path__, f"{group.name}."):
            function = importlib.import_module(entry.name).FUNCTION
            if function.name in found:
                raise ValueError(f"two functions of the catalogue are named {function.name}")
            found[function.name] = function
    return found


@cache
def library() -> Mapping[str, str]:
    """The definitions that a formula can use by name: softmax, logsumexp, log_softmax …"""
    return {
        name.replace("-", "_"): f.define
        for name, f in functions().items()
        if isinstance(f.define, str) and not f.assume
    }
