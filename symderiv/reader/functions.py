"""Functions: the elementwise functions of the language, by name.

Gives `FUNCTIONS` (name -> maker of a held term of one argument) and `RESERVED` (names that mean
something already).  To add one: a line in `FUNCTIONS`, a rule for its derivative, and a line in
each printer.

Imports terms and scan.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import sympy
from sympy import Expr, Integer

from symderiv.reader.scan import BINDERS
from symderiv.terms import Power, Quotient, function_of, relu, sigmoid, softplus
from symderiv.terms.derived import FUNCTIONS as DERIVED


def square_root(x: Expr) -> Expr:
    """sqrt(x) is x^{1/2}, so that one power rule serves both."""
    return Power(x, Quotient(Integer(1), Integer(2)))


FUNCTIONS: dict[str, Callable[[Expr], Expr]] = {
    "sqrt": square_root,
    **{
        name: partial(function_of, head)
        for name, head in {
            "exp": sympy.exp,
            "log": sympy.log,
            "abs": sympy.Abs,
            "sign": sympy.sign,
            "sin": sympy.sin,
            "cos": sympy.cos,
            "tan": sympy.tan,
            "tanh": sympy.tanh,
            "sinh": sympy.sinh,
            "cosh": sympy.cosh,
            "erf": sympy.erf,
            "sigmoid": sigmoid,
            "softplus": softplus,
            "relu": relu,
        }.items()
    },
}
RESERVED: dict[str, str] = {
    "pi": "the number pi",
    **dict.fromkeys((*FUNCTIONS, *BINDERS, *DERIVED, "delta", "iverson"), "a function"),
}
