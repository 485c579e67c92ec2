"""Lowering: held terms to code over arrays, index letters as axes.

Gives `Lowering`, whose `value(term)` is a `Value`.  A sum of products is a contraction, a subscript
that is no plain letter a slice or an array of places, and a quotient or a logarithm of exponentials
carries its shift (`exponentials`).  Letters count from 1 on the page and from 0 in the code.

Imports terms, letters, problem, and the other files of this room.  To add a function: one row in
FUNCTIONS; a head: one case in `_lowered`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv import elementwise, terms
from symderiv.mistakes import Mistake
from symderiv.programs.exponentials import Exponentials
from symderiv.programs.values import (
    Algebra,
    Axes,
    Value,
    aligned,
    call,
    name,
    number,
    reduced,
    subscript,
)
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Problem, name_of

FUNCTIONS = {
    "exp": "np.exp",
    "log": "np.log",
    "sin": "np.sin",
    "cos": "np.cos",
    "tan": "np.tan",
    "sinh": "np.sinh",
    "cosh": "np.cosh",
    "tanh": "np.tanh",
    "Abs": "np.abs",
    "sign": "np.sign",
    "erf": "erf",
    "sigmoid": "sigmoid",
    "softplus": "softplus",
}
COMPARISONS: Mapping[str, type[ast.cmpop]] = {
    "StrictGreaterThan": ast.Gt,
    "GreaterThan": ast.GtE,
    "StrictLessThan": ast.Lt,
    "LessThan": ast.LtE,
    "Equality": ast.Eq,
    "Unequality": ast.NotEq,
}
Span = tuple[Expr, Expr]  # where a letter begins and ends


@dataclass
class Lowering:
    """Code for the terms of one problem.

    `spans` says where each letter in scope runs, `fixed` in a loop the name of the step that a
    letter is at; `exponential` names the stages that a logarithm reads through, `through` those
    that a quotient does.
    """

    problem: Problem
    exponential: frozenset[str] = frozenset()
    through: frozenset[str] = frozenset()
    spans: dict[Symbol, Span] = field(default_factory=dict)
    fixed: dict[Symbol, str] = field(default_factory=dict)
    algebra: Algebra = field(default_factory=Algebra)
    exponentials: Exponentials = field(init=False)

    def __post_init__(self) -> None:
        self.exponentials = Exponentials(self)

    @contextmanager
    def letters(self, spans: Mapping[Symbol, Span]) -> Iterator[None]:
        """These letters in scope, after those that are: axes come in this order."""
        before = self.spans
        self.spans = {**before, **spans}
        self.algebra.order = tuple(self.spans)
        try:
            yield
        finally:
            self.spans = before
            self.algebra.order = tuple(before)

    def value(self, term: Basic) -> Value:
        """The code of a term."""
        shifted = self.exponentials.value(term)
        return self._lowered(term) if shifted is None else shifted

    def _lowered(self, term: Basic) -> Value:
        match term:
            case terms.Plus():
                return self._sum(term)
            case terms.Neg():
                inner = self.value(term.term)
                return Value(ast.UnaryOp(ast.USub(), inner.code), inner.axes)
            case terms.Times():
                return self.algebra.product([self.value(a) for a in term.args])
            case terms.Quotient(above, below):
                return self.algebra.joined(ast.Div(), self.value(above), self.value(below))
            case terms.Power(base, exponent):
                return self._power(base, exponent)
            case Sum():
                return self._summation(term)
            case Product() | terms.Maximum():
                method = {"Product": "prod", "Maximum": "max", "Minimum": "min"}
                return self._over(term, method[type(term).__name__])
            case Indexed():
                return self._component(name_of(term), term.args[1:])
            case terms.Quantity():
                return self._component(term.name, term.indices)
            case KroneckerDelta():
                return self._equal(*term.args)
            case terms.Iverson():
                return self._bracket(term)
            case sympy.Max() | sympy.Min():
                function = "np.maximum" if isinstance(term, sympy.Max) else "np.minimum"
                first, *rest = (self.value(a) for a in term.args)
                for other in rest:
                    first = self.algebra.called(function, first, other)
                return first
            case terms.relu():
                return self.algebra.called("np.maximum", self.value(term.args[0]), Value(number(0)))
            case Symbol():
                return self._symbol(term)
            case sympy.Rational():
                return Value(_rational(term))
            case _ if term == sympy.pi:
                return Value(name("np.pi"))
            case sympy.Function() if type(term).__name__ in FUNCTIONS:
                return self.algebra.called(FUNCTIONS[type(term).__name__], self.value(term.args[0]))
            case sympy.Add() | sympy.Mul() | sympy.Pow():
                return self.value(terms.hold(term))
        return self._registered(term)

    def _registered(self, term: Basic) -> Value:
        """A function as the register of elementwise functions spells it for NumPy."""
        entry = elementwise.of_head(type(term))
        spelling = entry.spellings.get("numpy", "") if entry is not None else ""
        if not spelling or "numeric" in spelling:
            raise Mistake(f"{term} has no form in a program of a network")
        inner = self.value(term.args[0])

        class Put(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.AST:
                return inner.code if node.id == "x" else node

        code = Put().visit(ast.parse(spelling, mode="eval")).body
        return Value(cast(ast.expr, code), inner.axes)

    # -- arithmetic ----------------------------------------------------------------------------

    def _sum(self, term: terms.Plus) -> Value:
        parts = [(isinstance(a, terms.Neg), a) for a in term.args]
        values = [(n, self.value(cast(Any, a).term if n else a)) for n, a in parts]
        minus, result = values[0]
        if minus:
            result = Value(ast.UnaryOp(ast.USub(), result.code), result.axes)
        for minus, value in values[1:]:
            result = self.algebra.joined(ast.Sub() if minus else ast.Add(), result, value)
        return result

    def _power(self, base: Expr, exponent: Expr) -> Value:
        if exponent in (sympy.Rational(1, 2), terms.Quotient(1, 2)) and not _is_plain(base):
            return self.algebra.called("np.sqrt", self.value(base))
        return self.algebra.joined(ast.Pow(), self.value(base), self.value(exponent))

    def _summation(self, term: Any) -> Value:
        """Sum of sums of a product: a contraction of its factors."""
        body: Basic = term
        spans: dict[Symbol, Span] = {}
        while isinstance(body, Sum):
            spans |= {t[0]: (t[1], t[2]) for t in body.args[1:]}
            body = body.args[0]
        with self.letters(spans):
            factors = [self.value(f) for f in _factors(body)]
            for below in _divisors(body):
                factors = self._divided(factors, self.value(below), list(spans))
            present = [s for s in spans if any(s in f.axes for f in factors)]
            counts = [self.length(spans[s]) for s in spans if s not in present]
            if present:
                factors = [self.algebra.product_summed(factors, present)]
            return self.algebra.product([*counts, *factors])

    def _divided(self, factors: list[Value], below: Value, over: Sequence[Symbol]) -> list[Value]:
        """The factors, one of them divided: the smallest with all the divisor's axes, or 1."""
        hosts = [f for f in factors if set(below.axes) <= set(f.axes)]
        if not set(below.axes) & set(over):
            hosts = [f for f in hosts if not set(f.axes) & set(over)]
        if not hosts:
            return [*factors, self.algebra.joined(ast.Div(), Value(number(1)), below)]
        host = min(hosts, key=lambda f: len(f.axes))
        return [self.algebra.joined(ast.Div(), f, below) if f is host else f for f in factors]

    def length(self, span: Span) -> Value:
        low, high = span
        return self.value(terms.hold(sympy.expand(high - low + 1)))

    def _over(self, term: Any, method: str) -> Value:
        spans = {t[0]: (t[1], t[2]) for t in term.args[1:]}
        with self.letters(spans):
            body = self.value(term.args[0])
            for s in spans:
                if s not in body.axes and method == "prod":
                    body = self.algebra.joined(ast.Pow(), body, self.length(spans[s]))
        return reduced(method, body, spans)

    def _symbol(self, term: Symbol) -> Value:
        if term in self.spans:  # a letter as the number that it stands for
            return Value(self._range(term, 1), (term,))
        if term in self.fixed:
            return Value(ast.BinOp(name(self.fixed[term]), ast.Add(), number(1)))
        if term.name in self.problem.labels:
            return Value(ast.BinOp(name(term.name), ast.Add(), number(1)))
        return Value(name(term.name))

    # -- components ----------------------------------------------------------------------------

    def _range(self, letter: Symbol, first: int) -> ast.expr:
        """The values of a letter, counted from `first`."""
        low, high = self.spans[letter]
        start, stop = low - 1 + first, high + first
        args = [self.size(stop)] if start == 0 else [self.size(start), self.size(stop)]
        return call("np.arange", *args)

    def size(self, end: Expr) -> ast.expr:
        """An end of a range: sizes and whole numbers."""
        return self.value(terms.hold(sympy.expand(end))).code

    def _component(self, array: str, indices: Sequence[Basic]) -> Value:
        code = name(array)
        if not indices:
            return Value(code)
        shape = self.problem.shapes[array]
        places = [self._place(a, n) for a, n in zip(indices, shape, strict=True)]
        letters = [axis for _, axis in places if axis is not None]
        if None not in (code for code, _ in places) and len(set(letters)) == len(letters):
            basic = [cast(ast.expr, code) for code, _ in places]
            if not all(isinstance(c, ast.Slice) and c.lower is c.upper is None for c in basic):
                code = subscript(code, basic)
            return Value(code, tuple(letters))
        values = [self.index(a) for a in indices]
        axes = self._order(values)
        at = [
            self._kept(aligned(v, axes), a, high)
            for v, a, high in zip(values, indices, shape, strict=True)
        ]
        return Value(subscript(code, at), axes)

    def _place(self, index: Basic, high: Expr) -> tuple[ast.expr | None, Symbol | None]:
        """An index as a slice or a number, and its letter; None where it takes an array."""
        if isinstance(index, Integer):
            return number(int(index) - 1), None
        if isinstance(index, Symbol) and index in self.fixed:
            return name(self.fixed[index]), None
        if isinstance(index, Symbol) and index not in self.spans:
            if index.name in self.problem.labels:
                return name(index.name), None
            return self.size(cast(Expr, index) - 1), None  # the last, at a size
        letters = [s for s in free_letters(index) if s in self.spans]
        if not letters and not isinstance(index, Indexed):
            return self._kept(self.index(index).code, index, high), None
        if isinstance(index, Indexed) or len(letters) != 1:
            return None, None
        (letter,) = letters
        offset = sympy.expand(cast(Expr, index) - letter)
        low, end = self.spans[letter]
        start, stop = sympy.expand(low - 1 + offset), sympy.expand(end + offset)
        before, after = start, sympy.expand(high - stop)
        if not (before.is_Integer and before >= 0 and after.is_Integer and after >= 0):
            return None, None
        lower = None if start == 0 else self.size(start)
        return ast.Slice(lower, None if stop == high else self.size(stop)), letter

    def index(self, index: Basic) -> Value:
        """An index as whole numbers counted from 0."""
        if isinstance(index, Integer):
            return Value(number(int(index) - 1))
        if isinstance(index, Symbol):
            if index in self.spans:
                return Value(self._range(index, 0), (index,))
            if index in self.fixed:
                return Value(name(self.fixed[index]))
            if index.name in self.problem.labels:
                return Value(name(index.name))
            return Value(self.size(cast(Expr, index) - 1))
        if isinstance(index, Indexed):
            return self._component(name_of(index), index.args[1:])
        constant = -1
        result: Value | None = None
        for part in sympy.Add.make_args(terms.release(index)):
            factor, rest = part.as_coeff_Mul()
            if rest == 1:
                constant += int(factor)
                continue
            value = self.index(rest)
            constant += int(factor)
            if abs(factor) != 1:
                value = self.algebra.joined(ast.Mult(), Value(number(abs(int(factor)))), value)
            if result is None and factor > 0:
                result = value
            elif result is None:
                result = Value(ast.UnaryOp(ast.USub(), value.code), value.axes)
            else:
                result = self.algebra.joined(ast.Add() if factor > 0 else ast.Sub(), result, value)
        assert result is not None
        if constant:
            op = ast.Add() if constant > 0 else ast.Sub()
            result = self.algebra.joined(op, result, Value(number(abs(constant))))
        return result

    def _order(self, values: Sequence[Value]) -> Axes:
        return tuple(dict.fromkeys(a for v in values for a in v.axes))

    def _kept(self, code: ast.expr, index: Basic, high: Expr) -> ast.expr:
        """Places kept on their axis: a bracket makes 0 of what lies beside it, [1 <= i - k]."""
        if isinstance(index, Integer | Indexed | Symbol):
            return code
        return call("np.clip", code, number(0), self.size(high - 1))

    # -- brackets ------------------------------------------------------------------------------

    def _equal(self, a: Basic, b: Basic) -> Value:
        left, right = self.index(a), self.index(b)
        axes = self.algebra.union((left, right))
        code = ast.Compare(aligned(left, axes), [ast.Eq()], [aligned(right, axes)])
        return _as_number(Value(code, axes))

    def _bracket(self, term: terms.Iverson) -> Value:
        condition = term.condition
        sign = COMPARISONS[type(condition).__name__]
        left, right = (self.value(a) for a in condition.args)
        axes = self.algebra.union((left, right))
        code = ast.Compare(aligned(left, axes), [sign()], [aligned(right, axes)])
        return _as_number(Value(code, axes))


def _as_number(value: Value) -> Value:
    if not value.axes:
        return Value(call("float", value.code))
    return Value(ast.Call(ast.Attribute(value.code, "astype"), [name("dtype")], []), value.axes)


def _rational(term: Any) -> ast.expr:
    if term.q == 1:
        return number(int(term.p))
    return ast.BinOp(number(int(term.p)), ast.Div(), number(int(term.q)))


def _factors(body: Basic) -> list[Basic]:
    match body:
        case terms.Times():
            return [f for a in body.args for f in _factors(a)]
        case terms.Quotient(above, _):
            return _factors(above)
        case terms.Neg():
            return [Integer(-1), *_factors(body.term)]
        case _:
            return [body]


def _divisors(body: Basic) -> list[Expr]:
    match body:
        case terms.Times():
            return [d for a in body.args for d in _divisors(a)]
        case terms.Quotient(above, below):
            return [below, *_divisors(above)]
        case terms.Neg():
            return _divisors(body.term)
        case _:
            return []


def _is_plain(term: Expr) -> bool:
    """Is a term made of sizes and numbers, which are Python's and of no array's type?"""
    return not any(
        isinstance(t, Indexed | terms.Quantity) or (isinstance(t, Symbol) and not t.is_positive)
        for t in terms.subterms(term)
    )
