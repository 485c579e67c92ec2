"""Floats: terms as expressions of Python's own floats, every component a local name.

Gives `Floats`, which prints terms in which sums are written out and indices are numbers, and
`HELPERS`, the functions that Python's `math` lacks or that must not raise where the value is
infinite.  Imports the printers' levels of brackets.

To add a function: a row in _FUNCTIONS, and where `math` does not have it a text in HELPERS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.printers.numpy import ATOM, LOW, POWER, PRODUCT, Unprintable, holds
from symderiv.terms import Neg, Plus, Power, Quantity, Quotient, Times
from symderiv.terms.problem import Problem

HELPERS = {
    "_exp": '''def _exp(x: float) -> float:
    """e^x, inf where that is too large."""
    try:
        return exp(x)
    except OverflowError:
        return float("inf")
''',
    "_log": '''def _log(x: float) -> float:
    """log x, -inf at 0."""
    return log(x) if x else -float("inf")
''',
    "_cosh": '''def _cosh(x: float) -> float:
    """cosh x, inf where that is too large."""
    try:
        return cosh(x)
    except OverflowError:
        return float("inf")
''',
    "_sinh": '''def _sinh(x: float) -> float:
    """sinh x, infinite where that is too large."""
    try:
        return sinh(x)
    except OverflowError:
        return copysign(float("inf"), x)
''',
    "_sign": '''def _sign(x: float) -> float:
    """1, 0 or -1."""
    return float((x > 0) - (x < 0))
''',
    "_sigmoid": '''def _sigmoid(x: float) -> float:
    """1/(1 + e^-x), which is e^x to the last digit where e^-x overflows."""
    return 1 / (1 + exp(-x)) if x > -700 else exp(x)
''',
    "_softplus": '''def _softplus(x: float) -> float:
    """log(1 + e^x)."""
    return max(x, 0.0) + log1p(exp(-abs(x)))
''',
    "_log_sigmoid": '''def _log_sigmoid(x: float) -> float:
    """log(1/(1 + e^-x)) = -log(1 + e^-x)."""
    return -(max(-x, 0.0) + log1p(exp(-abs(x))))
''',
    "_log_cosh": '''def _log_cosh(x: float) -> float:
    """log cosh x."""
    x = abs(x)
    return log1p(2 * sinh(x / 2) ** 2) if x < 1 else x - (log(2) - log1p(exp(-2 * x)))
''',
    "_zero_times": '''def _zero_times(a: float, b: float) -> float:
    """a b, which is 0 where a is 0 even if b is infinite there."""
    return a * b if a else 0.0
''',
    "_sigmoid_times": '''def _sigmoid_times(x: float, v: float) -> float:
    """v/(1 + e^-x), which is 0 where e^x is even if v is infinite there."""
    if x > -700:
        return v / (1 + exp(-x))
    half = exp(x / 2)
    return v * half * half if half else 0.0
''',
    "_log_ratio": '''def _log_ratio(a: float, b: float) -> float:
    """log(u)/(1 - u) of a = log(u) and b = 1 - u; -1 at u = 1."""
    return a / b if b else -1.0
''',
    "_root_of_squares": '''def _root_of_squares(weight: float, rest: float, *u: float) -> float:
    """The root of weight times the sum of squares, plus rest."""
    size = hypot(*u)
    square = weight * size * size + rest
    if 1e-280 < square < 1e308 or rest < 0:
        return sqrt(square)
    return hypot(sqrt(weight) * size, sqrt(rest))
''',
    "_shifted": '''def _shifted(*z: float) -> tuple[float, ...]:
    """The exponentials of the logits less the largest, whose rounding error is put back."""
    m = max(z)
    if m == float("inf") or m == float("-inf"):
        raise ValueError("the logits hold inf, or are -inf everywhere: they have no softmax")
    found = []
    for x in z:
        d = x - m
        back = d - x
        r = (x - (d - back)) - (m + back)
        e = exp(d)
        found.append(e + e * r if e else e)
    return (*found, m)
''',
}

_MATH = ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sqrt", "erf", "erfc",
         "log1p", "expm1", "copysign", "hypot")  # fmt: skip
_FUNCTIONS = {
    "exp": "_exp", "log": "_log", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "_sinh",
    "cosh": "_cosh", "tanh": "tanh", "sqrt": "sqrt", "Abs": "abs", "sign": "_sign", "erf": "erf",
    "erfc": "erfc", "log1p": "log1p", "expm1": "expm1", "sigmoid": "_sigmoid",
    "softplus": "_softplus", "log_sigmoid": "_log_sigmoid", "log_cosh": "_log_cosh",
    "zero_times": "_zero_times", "sigmoid_times": "_sigmoid_times", "log_ratio": "_log_ratio",
    "Max": "max", "Min": "min",
}  # fmt: skip


def stands_on(used: Iterable[str]) -> Iterator[str]:
    """What a file that uses these names begins with: an import, and the helpers among them."""
    helpers = [text for name, text in HELPERS.items() if name in used]
    words = {*used, *(w for text in helpers for w in text.replace("(", " ").split())}
    names = [name for name in sorted(_MATH) if name in words]
    yield f"from math import {', '.join(names)}\n" if names else ""
    yield from (f"\n{text}" for text in helpers)


class Floats:
    """Prints terms of a problem at chosen sizes, and remembers the functions used."""

    def __init__(self, problem: Problem, sizes: Mapping[Basic, Basic]) -> None:
        self.problem, self.sizes = problem, sizes
        self.used: set[str] = set()

    def use(self, name: str) -> str:
        """A function of `math` or a helper, that has to be there."""
        self.used.add(name)
        return name

    def source(self, term: Expr) -> str:
        """The term as source."""
        match term:
            case Integer():
                return str(term.p)
            case sympy.Rational():
                return f"{term.p} / {term.q}"
            case sympy.NumberSymbol():
                return repr(float(term))
            case Symbol():
                return str(term.name)
            case Indexed() | Quantity():
                return self._component(term)
            case KroneckerDelta():
                left, right = (self._place(cast(Expr, a)) for a in term.args)
                return f"({left} == {right})"
            case Plus():
                return self._sum(cast("tuple[Expr, ...]", term.args))
            case Times():
                return " * ".join(self._in(cast(Expr, t), PRODUCT) for t in term.args)
            case Neg():
                return f"-{self._in(term.term, PRODUCT)}"
            case Quotient(top, bottom):
                return f"{self._in(top, PRODUCT)} / {self._in(bottom, POWER)}"
            case Power(base, exponent):
                return self._power(base, exponent)
        return self._function(term)

    def _in(self, term: Expr, level: int) -> str:
        code = self.source(term)
        return code if holds(code) >= level else f"({code})"

    def _sum(self, terms: tuple[Expr, ...]) -> str:
        code = self._in(terms[0], LOW)
        for t in terms[1:]:
            minus = isinstance(t, Neg)
            inner = t.term if isinstance(t, Neg) else t
            code += f" {'-' if minus else '+'} {self._in(inner, PRODUCT if minus else LOW)}"
        return code

    def _power(self, base: Expr, exponent: Expr) -> str:
        code = self._in(base, ATOM)
        if exponent == 2 and code.isidentifier():  # unlike x**2, inf where it is too large
            return f"{code} * {code}"
        return f"{code}**{self._in(exponent, ATOM)}"

    def _function(self, term: Expr) -> str:
        name = type(term).__name__
        args = cast("tuple[Expr, ...]", term.args)
        if name == "relu":
            return f"max({self.source(args[0])}, 0.0)"
        if name == "Iverson":
            condition = cast(Any, args[0])
            sides = (self._in(t, LOW) for t in condition.args)
            return f"float({f' {condition.rel_op} '.join(sides)})"
        if name not in _FUNCTIONS:
            raise Unprintable(f"{name} has no straight-line form")
        inner = ", ".join(f"{a}.0" if a.is_Integer else self.source(a) for a in args)
        return f"{self.use(_FUNCTIONS[name])}({inner})"

    def _component(self, term: Expr) -> str:
        """x_2_1; a component chosen by a label, W[y, 1], out of the written ones."""
        name = term.name if isinstance(term, Quantity) else str(cast(Indexed, term).base.label)
        indices = cast("tuple[Expr, ...]", term.args[1:])
        for n, index in enumerate(indices):
            if isinstance(index, Symbol) and index.name in self.problem.labels:
                length = int(cast(Any, self.sizes[self.problem.shapes[name][n]]))
                at = (cast(Expr, Integer(m)) for m in range(1, length + 1))
                every = (term.func(term.args[0], *indices[:n], m, *indices[n + 1 :]) for m in at)
                listed = ", ".join(self._component(t) for t in every)
                return f"({listed}{',' * (length == 1)})[{index.name}]"
        if not all(isinstance(a, Integer) for a in indices):
            raise Unprintable(f"{term} has no straight-line form")
        return "_".join((str(name), *map(str, indices)))

    def _place(self, index: Expr) -> str:
        """An index counted from 0."""
        if isinstance(index, Integer):
            return str(int(index) - 1)
        if isinstance(index, Symbol) and index.name in self.problem.labels:
            return str(index.name)
        raise Unprintable(f"the index {index} has no straight-line form")
