"""Fused: what an engine computes at once, in place of the operations that say it.

Gives `Fused`, one such call, which `translation.fusing` finds in a graph.  Both sides are the same
mathematics, and as exact; a test runs both.

Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from symderiv.records import dataclass


@dataclass(frozen=True)
class Fused:
    """A call that stands for some operations.

    Expressions are in the names of operations; a capital is any array, a small letter one with
    fewer axes; sums and the like are along the last axis.  What a value is made of between its
    capitals is used in it alone.

    Attributes
    ----------
    value : an expression
    call : what is written instead, in the target's words
    where : what a capital is that is used in these expressions alone
    beside : what a capital is, whatever else it is used for
    shared : what a capital of the call is, a call too, and along whose axes
    instead : the calls for other capitals; `P` is the value
    turned : is it one of products with tangents alone, which are turned round?
    """

    value: str
    call: str
    where: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    turned: bool = False
