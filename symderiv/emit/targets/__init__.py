"""Targets: for which arrays a file is written; one file a target.

    numpy        the file as it is made
    array-api    the array API standard; the namespace is the arguments' own
    torch        tensors, with gradients that torch's autograd uses
    jax          arrays of JAX, with gradients that its transformations use

    entry        what a target says of itself
    contraction  sums of products, where there is no einsum
    parted       a function's lines, parted into forwards and backwards
    fused        what an engine computes at once
    temporaries  operations in the place of tensors that nobody else holds
    rows         a batch, some rows at a time
    autograd     a function of PyTorch's with its derivatives

Gives `TARGETS` (by name) and `target_named`.  To add a target: one file here with a `TARGET`.

Imports the standard library and mistakes, so that targets are listed where nothing heavy is loaded;
`symderiv.emit.translation` uses them.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from symderiv import late
from symderiv.emit.targets.entry import Target
from symderiv.mistakes import Mistake, did_you_mean

__all__ = ["TARGETS", "Target", "target_named"]


def _targets() -> dict[str, Target]:
    found = []
    for file, _ in late.files(__path__):
        made = getattr(importlib.import_module(f"{__name__}.{file}"), "TARGET", None)
        found += [made] if isinstance(made, Target) else []
    return {t.name: t for t in sorted(found, key=lambda t: (t.place, t.name))}


TARGETS: Mapping[str, Target] = _targets()


def target_named(name: str) -> Target:
    """The target of a name.

    Raises
    ------
    Mistake
        for a name that no target has.
    """
    if name not in TARGETS:
        raise Mistake(f"no target '{name}'{did_you_mean(name, TARGETS)}")
    return TARGETS[name]
