"""Atoms: forms that keep the digits which the plain formula loses; one file an atom.

Gives `ATOMS` (all, by name), `IDENTITIES` (those that rewrite a formula in functions that there
are) and `helper`, the code of one that a program calls.  An atom says its formula, its computed
form, its bound and its few lines of code.  `emit.laws` finds the formulas in a term; the judge
passes each use.

Imports NumPy.  To add an atom, copy `log_cosh.py`: a formula of one number, its computed form, and
code where that is no formula in known functions.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Mapping

from symderiv.atoms.entry import Atom, definition

__all__ = ["ATOMS", "IDENTITIES", "Atom", "definition", "helper"]


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


def helper(called: str) -> ast.FunctionDef | None:
    """The NumPy code of an atom, under the name by which a program calls it; None of another."""
    atom = ATOMS.get(called.removeprefix("_")) if called.startswith("_") else None
    return None if atom is None or atom.function is None else definition(atom.function)
