"""Values of a formula by mpmath, straight from the term: sums added up, stages written out.

Gives `Formula`, the terms of a problem at a point.  It shares nothing with the printers and the
numerical functions that it is there to check.  Its arithmetic stands in methods of its own, so
that `symderiv.verification.rounding` can carry something beside each value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath
import sympy
from sympy import Expr, Indexed, KroneckerDelta, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Iverson, Maximum, Minimum, Neg, Plus, Power, Quantity, Quotient, Times
from symderiv.terms.problem import Problem
from symderiv.verification.exact import exp

FUNCTIONS: dict[str, Any] = {
    "exp": exp, "log": lambda x: mpmath.log(x) if x else mpmath.mpf("-inf"),
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "sinh": mpmath.sinh,
    "cosh": mpmath.cosh, "tanh": mpmath.tanh, "Abs": abs, "sign": mpmath.sign, "erf": mpmath.erf,
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "softplus": lambda x: mpmath.log1p(exp(x)),
    "relu": lambda x: max(mpmath.mpf(0), x), "sqrt": mpmath.sqrt, "erfc": mpmath.erfc,
    "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan, "asinh": mpmath.asinh,
    "acosh": mpmath.acosh, "atanh": mpmath.atanh,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
}  # fmt: skip
_RELATIONS: dict[str, Any] = {
    "StrictGreaterThan": lambda a, b: a > b, "GreaterThan": lambda a, b: a >= b,
    "StrictLessThan": lambda a, b: a < b, "LessThan": lambda a, b: a <= b,
    "Equality": lambda a, b: a == b, "Unequality": lambda a, b: a != b,
}  # fmt: skip


class Formula:
    """The terms of one problem at one point.

    Parameters
    ----------
    arrays : the given arrays and scalars by name, nested lists or numbers; labels count from 0
    sizes : the sizes by name
    """

    def __init__(
        self, problem: Problem, arrays: Mapping[str, Any], sizes: Mapping[str, int]
    ) -> None:
        self.problem, self.arrays, self.sizes = problem, arrays, sizes
        self._stages: dict[tuple[str, tuple[int, ...]], Any] = {}

    def value(self, term: Basic, letters: Mapping[Symbol, int]) -> Any:
        """The value of a term where its letters have these values, counted from 1."""
        match term:
            case sympy.Rational():
                return self.number(mpmath.mpf(term.p) / term.q, exact=term.q == 1)
            case sympy.NumberSymbol():
                return self.number(mpmath.mpf(term.evalf(mpmath.mp.dps + 5)), exact=False)
            case Symbol():
                return self.number(self._symbol(term, letters))
            case Indexed() | Quantity():
                return self._component(term, letters)
            case KroneckerDelta():
                a, b = (self.index(x, letters) for x in term.args)
                return self.number(mpmath.mpf(a == b))
            case Sum() | Product() | Maximum():
                return self._over(term, letters)
            case Plus() | sympy.Add():
                return self.total([self.value(a, letters) for a in term.args])
            case Times() if self._bracketed_out(term, letters):
                return self.number(mpmath.mpf(0))
            case Times() | sympy.Mul():
                return self.product([self.value(a, letters) for a in term.args])
            case Neg():
                return -self.value(term.term, letters)
            case Quotient(top, bottom):
                return self.quotient(self.value(top, letters), self.value(bottom, letters))
            case Power() | sympy.Pow():
                base, exponent = (self.value(a, letters) for a in term.args)
                return self.power(base, exponent)
            case Iverson():
                a, b = (self.plain(self.value(x, letters)) for x in term.args[0].args)
                holds = _RELATIONS[type(term.args[0]).__name__](a, b)
                return self.number(mpmath.mpf(bool(holds)))
            case sympy.Max():
                return self.largest([self.value(a, letters) for a in term.args])
            case sympy.Min():
                return -self.largest([-self.value(a, letters) for a in term.args])
        name = type(term).__name__
        if name not in FUNCTIONS:
            raise ValueError(f"{name} has no value here")
        return self.function(name, self.value(term.args[0], letters))

    def _bracketed_out(self, term: Times, letters: Mapping[Symbol, int]) -> bool:
        """Is a bracket in it 0?  The other factors need not have a value then: w_{i-k}."""
        brackets = (a for a in term.args if isinstance(a, Iverson))
        return any(not self.plain(self.value(a, letters)) for a in brackets)

    # -- the arithmetic --------------------------------------------------------------------------

    def number(self, x: Any, exact: bool = True) -> Any:
        """A number that is given; is it a float already?"""
        return x

    def plain(self, value: Any) -> Any:
        """The number alone."""
        return value

    def total(self, values: Sequence[Any]) -> Any:
        """The sum."""
        return mpmath.fsum(values)

    def product(self, values: Sequence[Any]) -> Any:
        """The product; 0 times an infinite logarithm is 0."""
        return mpmath.mpf(0) if any(v == 0 for v in values) else mpmath.fprod(values)

    def quotient(self, top: Any, bottom: Any) -> Any:
        """The quotient."""
        return top / bottom

    def power(self, base: Any, exponent: Any) -> Any:
        """The power."""
        return base**exponent

    def largest(self, values: Sequence[Any]) -> Any:
        """The largest value."""
        return max(values)

    def function(self, name: str, x: Any) -> Any:
        """An elementary function."""
        return FUNCTIONS[name](x)

    # -- what is given ---------------------------------------------------------------------------

    def index(self, term: Basic, letters: Mapping[Symbol, int]) -> int:
        """An index, counted from 1."""
        if isinstance(term, Symbol) and term not in letters and term.name in self.problem.labels:
            return int(self.arrays[term.name]) + 1
        if isinstance(term, Indexed) and str(term.base.label) in self.problem.labels:
            return int(self._entry(str(term.base.label), term.args[1:], letters)) + 1
        return int(self.plain(self.value(term, letters)))

    def _symbol(self, term: Symbol, letters: Mapping[Symbol, int]) -> Any:
        if term in letters:
            return mpmath.mpf(letters[term])
        if term.name in self.sizes:
            return mpmath.mpf(self.sizes[term.name])
        return mpmath.mpf(float(self.arrays[term.name]))

    def _entry(self, name: str, indices: tuple[Basic, ...], letters: Mapping[Symbol, int]) -> Any:
        found = self.arrays[name]
        for a in indices:
            found = found[self.index(a, letters) - 1]
        return found

    def _component(self, term: Any, letters: Mapping[Symbol, int]) -> Any:
        indices = term.args[1:]
        if isinstance(term, Indexed):
            entry = self._entry(str(term.base.label), indices, letters)
            return self.number(mpmath.mpf(float(entry)))
        stage = self.problem.definition(term.name)
        if stage is None:
            raise ValueError(f"{term.name} has no definition")
        places = tuple(self.index(a, letters) for a in indices)
        if (term.name, places) not in self._stages:
            at = dict(zip(stage.quantity.indices, places, strict=True))
            self._stages[term.name, places] = self.value(stage.body, at)
        return self._stages[term.name, places]

    def _over(self, term: Any, letters: Mapping[Symbol, int]) -> Any:
        *outer, (index, low, high) = (limit.args for limit in term.args[1:])
        body: Expr = term.args[0]
        if outer:
            body = term.func(body, sympy.Tuple(index, low, high))
            term = term.func(body, *(sympy.Tuple(*limit) for limit in outer))
            *_, (index, low, high) = outer
        start, stop = (self.index(end, letters) for end in (low, high))
        values = [self.value(body, {**letters, index: n}) for n in range(start, stop + 1)]
        if isinstance(term, Sum):
            return self.total(values)
        if isinstance(term, Product):
            return self.product(values)
        if isinstance(term, Minimum):
            return -self.largest([-value for value in values])
        return self.largest(values)
