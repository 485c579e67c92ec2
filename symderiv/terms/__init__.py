"""Terms: lines of a derivation as they are written, and what is asked of them.

Gives by this name what `heads` has (the held heads, the makers, the way from ordinary SymPy and
back); beside it, each by its own name:

    letters    index letters: which are free, which bound, how one stands for another
    factors    products and sums taken apart and put together
    matching   where one term has the form of another
    problem    what is asked: stages, function, variables, facts, sizes
    verdict    what is found: how strongly a line holds
    sizes      a problem with its sums written out at chosen sizes
    renaming   a problem with other names
    neutral    a term as nested lists, for readers without SymPy
    aliases    a problem whose stages are called as the user calls them

These are imported when they are first asked for: what needs no SymPy, such as `derived`, brings
none in.

Floor 0: imports SymPy and mistakes only.  To add a head: see `heads`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderiv import late

if TYPE_CHECKING:
    from symderiv.terms.heads import (
        ONE,
        ZERO,
        D,
        Held,
        Iverson,
        Maximum,
        Minimum,
        Neg,
        Operators,
        Partial,
        Plus,
        Power,
        Quantity,
        Quotient,
        Times,
        bottom_up,
        cbrt,
        component,
        delta,
        exp,
        function_of,
        hold,
        letter,
        log,
        maximum_over,
        minimum_over,
        plus,
        product_over,
        rebuild,
        release,
        relu,
        sigmoid,
        size,
        softplus,
        subterms,
        summation,
        times,
    )

__all__ = [
    "ONE",
    "ZERO",
    "D",
    "Held",
    "Iverson",
    "Maximum",
    "Minimum",
    "Neg",
    "Operators",
    "Partial",
    "Plus",
    "Power",
    "Quantity",
    "Quotient",
    "Times",
    "bottom_up",
    "cbrt",
    "component",
    "delta",
    "exp",
    "function_of",
    "hold",
    "letter",
    "log",
    "maximum_over",
    "minimum_over",
    "plus",
    "product_over",
    "rebuild",
    "release",
    "relu",
    "sigmoid",
    "size",
    "softplus",
    "subterms",
    "summation",
    "times",
]

__getattr__ = late.names(__name__, dict.fromkeys(__all__, "heads"))
