"""Terms: lines of a derivation as they are written, and what is asked of them.

Gives by this name the held heads and the way back to ordinary SymPy (`heads`), the functions that
SymPy lacks (`functions`), makers of terms as written (`makers`), walks through them (`walking`) and
the way from ordinary SymPy (`holding`); beside them, each by its own name:

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
    from symderiv.terms.functions import cbrt, relu, sigmoid, softplus
    from symderiv.terms.heads import (
        ONE,
        ZERO,
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
        plus,
        release,
        times,
    )
    from symderiv.terms.holding import hold
    from symderiv.terms.makers import (
        D,
        component,
        delta,
        exp,
        function_of,
        letter,
        log,
        maximum_over,
        minimum_over,
        product_over,
        size,
        summation,
    )
    from symderiv.terms.walking import bottom_up, rebuild, subterms

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

_HOMES = {
    **dict.fromkeys(("cbrt", "relu", "sigmoid", "softplus"), "functions"),
    **dict.fromkeys(("D", "component", "delta", "exp", "function_of", "letter", "log"), "makers"),
    **dict.fromkeys(("maximum_over", "minimum_over", "product_over"), "makers"),
    **dict.fromkeys(("size", "summation"), "makers"),
    **dict.fromkeys(("bottom_up", "rebuild", "subterms"), "walking"),
    "hold": "holding",
}

__getattr__ = late.names(__name__, {name: _HOMES.get(name, "heads") for name in __all__})
