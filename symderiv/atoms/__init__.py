"""Atoms: forms that keep the digits which the plain formula loses; one file an atom.

Gives `ATOMS` (all, by name), `IDENTITIES` (those that rewrite a formula in functions that there
are) and `source`, the NumPy code of one.  An atom says its formula, its computed form, its bound
and its few lines of code.  `emit.laws` finds the formulas in a term; the judge passes each use.

Imports NumPy.  To add an atom, copy `log_cosh.py`: a formula of one number, its computed form, and
code where that is no formula in known functions.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from symderiv.atoms.entry import Atom, definition, source

__all__ = ["ATOMS", "IDENTITIES", "Atom", "definition", "source"]


def _atoms() -> dict[str, Atom]:
    found: dict[str, Atom] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        if module.name == f"{__name__}.entry":
            continue
        made = importlib.import_module(module.name)
        if not hasattr(made, "ATOMS"):
            raise ValueError(f"{module.name.replace('.', '/')}.py gives no ATOMS, a tuple of atoms")
        for atom in made.ATOMS:
            if atom.name in found:
                raise ValueError(f"two atoms are named {atom.name}")
            found[atom.name] = atom
    return found


ATOMS: Mapping[str, Atom] = _atoms()
IDENTITIES: tuple[Atom, ...] = tuple(a for a in ATOMS.values() if a.computed and not a.function)
