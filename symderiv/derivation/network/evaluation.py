"""Evaluation: the number that a term stands for, index by index, as its definition says.

Gives `World` (sizes, inputs, and the stages and adjoints defined in them) and its `value`.  Nothing
is vectorised, simplified or shared with what writes programs: a sum is a loop, a stage its body,
and each entry of a stage is worked out once.

Floor 2: imports floor 0.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.terms.problem import name_of

Entry = tuple[int, ...]

FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "Abs": abs,
    "sign": lambda x: (x > 0) - (x < 0),
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "erf": math.erf,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "relu": lambda x: max(x, 0.0),
}
RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "StrictGreaterThan": operator.gt,
    "GreaterThan": operator.ge,
    "StrictLessThan": operator.lt,
    "LessThan": operator.le,
    "Equality": operator.eq,
    "Unequality": operator.ne,
}


@dataclass
class World:
    """One choice of sizes and inputs.

    Attributes
    ----------
    sizes : every size, by name
    inputs : the entries of given arrays, of numbers (the empty entry) and of labels, which count
        from 1
    defined : left side and body of each stage and adjoint, by name
    known : entries worked out so far
    """

    sizes: Mapping[str, int]
    inputs: Mapping[str, Mapping[Entry, float]]
    defined: Mapping[str, tuple[tuple[Expr, ...], Expr]]
    known: dict[tuple[str, Entry], float] = field(default_factory=dict)

    def entry(self, name: str, at: Entry) -> float:
        """The value of an array, stage or adjoint at indices that count from 1.

        Raises
        ------
        KeyError
            for an index beside its axis, or a name of which nothing is known.
        """
        if name in self.inputs:
            return self.inputs[name][at]
        key = name, at
        if key not in self.known:
            letters, body = self.defined[name]
            inside = dict(zip(letters, at, strict=True))
            self.known[key] = self.value(body, inside)
        return self.known[key]

    def index(self, term: Basic, letters: Mapping[Symbol, int]) -> int:
        """The value of a subscript or of the end of a range."""
        match term:
            case sympy.Integer():
                return int(term)
            case Symbol():
                if term in letters:
                    return letters[term]
                if term.name in self.sizes:
                    return self.sizes[term.name]
                return int(self.inputs[term.name][()])
            case Indexed():
                at = tuple(self.index(a, letters) for a in term.indices)
                return int(self.inputs[name_of(term)][at])
            case sympy.Add() | terms.Plus():
                return sum(self.index(a, letters) for a in term.args)
            case sympy.Mul() | terms.Times():
                return math.prod(self.index(a, letters) for a in term.args)
            case terms.Neg():
                return -self.index(term.term, letters)
        raise KeyError(str(term))

    def value(self, term: Basic, letters: Mapping[Symbol, int]) -> float:
        """The value of a term where its letters have these values."""
        match term:
            case Indexed():
                at = tuple(self.index(a, letters) for a in term.indices)
                return self.entry(name_of(term), at)
            case terms.Quantity():
                return self.entry(term.name, tuple(self.index(a, letters) for a in term.indices))
            case Symbol():
                if term.is_integer:
                    return self.index(term, letters)
                return self.entry(term.name, ())
            case sympy.Rational():
                return int(term.p) / int(term.q)
            case KroneckerDelta():
                a, b = (self.index(t, letters) for t in term.args)
                return float(a == b)
            case Sum():
                return math.fsum(self._bodies(term, letters))
            case Product():
                return math.prod(self._bodies(term, letters))
            case terms.Minimum():
                return min(self._bodies(term, letters))
            case terms.Maximum():
                return max(self._bodies(term, letters))
            case terms.Iverson():
                left, right = (self.value(t, letters) for t in term.condition.args)
                return float(RELATIONS[type(term.condition).__name__](left, right))
            case terms.Times():
                return self._product(term, letters)
        args = [self.value(a, letters) for a in term.args]
        match term:
            case terms.Plus() | sympy.Add():
                return math.fsum(args)
            case sympy.Mul():
                return math.prod(args)
            case terms.Neg():
                return -args[0]
            case terms.Quotient():
                return args[0] / args[1]
            case terms.Power() | sympy.Pow():
                return cast(float, args[0] ** args[1])
            case sympy.Max():
                return max(args)
            case sympy.Min():
                return min(args)
        name = type(term).__name__
        return FUNCTIONS[name](args[0]) if name in FUNCTIONS else float(term)

    def _product(self, term: Any, letters: Mapping[Symbol, int]) -> float:
        """A product; a bracket that is 0 makes it 0, and what it guards is not looked at."""
        guards = (terms.Iverson, KroneckerDelta)
        result = 1.0
        for a in sorted(term.args, key=lambda a: not isinstance(a, guards)):
            result *= self.value(a, letters)
            if result == 0 and isinstance(a, guards):
                return 0.0
        return result

    def _bodies(self, term: Any, letters: Mapping[Symbol, int]) -> list[float]:
        body, *limits = term.args
        found = [dict(letters)]
        for letter, low, high in (t.args for t in limits):
            found = [
                {**at, letter: n}
                for at in found
                for n in range(self.index(low, at), self.index(high, at) + 1)
            ]
        return [self.value(body, at) for at in found]
