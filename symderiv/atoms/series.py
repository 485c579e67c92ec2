"""Series in powers of a small number."""

from __future__ import annotations

from typing import Any

from symderiv.atoms.entry import Atom


def series(x: Any, *c: float) -> Any:
    """c0 + c1 x + c2 x² + …"""
    total = 0 * x
    for k in c[::-1]:
        total = total * x + k
    return total


ATOMS = (Atom("series", function=series),)
