"""Heads: the terms of a derivation that stay as they are written.

Gives the held heads (`Plus`, `Times`, `Quotient`, `Power`, `Neg`), the named quantity
(`Quantity`), what SymPy lacks (`Iverson`, `Maximum`, `Minimum`; the functions of one number are in
`functions`), `plus` and `times`, and the way back to ordinary SymPy (`release`, or `.doit()` on any
held head).

Floor 0: imports SymPy only.

To add a head: subclass `Held`, give it a `doit` that says what it means in ordinary SymPy, add
the place where `release` uses it if it is not an Expr of its arguments alone, and give each
printer a method `_print_<Head>`.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast

import sympy
from sympy import (
    Add,
    Derivative,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Mul,
    Pow,
    Symbol,
    Tuple,
)
from sympy.core.basic import Basic
from sympy.core.relational import Relational

ZERO = sympy.S.Zero
ONE = sympy.S.One


class Operators:
    """Arithmetic that makes held heads, whichever side of the sign the held term is on."""

    __slots__ = ()
    _op_priority = 100.0  # so that `u * D(v, x)` is ours
    _args: tuple[Basic, ...]

    def __eq__(self, other: object) -> bool:
        """As SymPy has it, for heads that are no numbers."""
        return self is other or (type(self) is type(other) and self._args == other._args)

    __hash__ = Basic.__hash__
    __ne__ = object.__ne__

    def __add__(self, other: Any) -> Expr:
        return plus(self, sympy.sympify(other))

    def __radd__(self, other: Any) -> Expr:
        return plus(sympy.sympify(other), self)

    def __sub__(self, other: Any) -> Expr:
        return plus(self, Neg(other))

    def __rsub__(self, other: Any) -> Expr:
        return plus(sympy.sympify(other), Neg(self))

    def __mul__(self, other: Any) -> Expr:
        return times(self, sympy.sympify(other))

    def __rmul__(self, other: Any) -> Expr:
        return times(sympy.sympify(other), self)

    def __truediv__(self, other: Any) -> Expr:
        return Quotient(self, other)

    def __rtruediv__(self, other: Any) -> Expr:
        return Quotient(other, self)

    def __pow__(self, other: Any) -> Expr:
        return Power(self, other)

    def __rpow__(self, other: Any) -> Expr:
        return Power(other, self)

    def __neg__(self) -> Expr:
        return Neg(self)


class Held(Operators, Expr):
    """A head that keeps its arguments in the order and form in which they were written."""

    __slots__ = ()
    is_commutative = True
    args = Basic._args  # the slot itself, which SymPy's property asks

    def __new__(cls, *args: Any) -> Held:
        for a in args:
            if not isinstance(a, Basic):
                args = tuple(map(sympy.sympify, args))
                break
        made: Held = Basic.__new__(cls, *args)
        return made

    def _value(self, *args: Expr) -> Expr:
        """This head's meaning in ordinary SymPy, given its arguments' meanings."""
        raise NotImplementedError(type(self).__name__)

    def doit(self, **hints: Any) -> Expr:
        """Ordinary SymPy, evaluated: the way off the page."""
        return cast(Expr, release(self).doit(**hints))

    def _eval_derivative(self, s: Any) -> Expr:
        return cast(Expr, release(self).diff(s))

    def _eval_evalf(self, prec: int) -> Any:
        return release(self)._eval_evalf(prec)

    def _printed(self, printer: Any) -> Any:
        """What SymPy's own printers show: the same in ordinary SymPy, p[i]*(δ_ij - p[j])."""
        return printer._print(release(self))

    _sympystr = _latex = _pretty = _printed


class Plus(Held):
    """A sum of terms as written: `a + b - c` is `Plus(a, b, Neg(c))`."""

    __slots__ = ()

    def _value(self, *args: Expr) -> Expr:
        return Add(*args)


class Times(Held):
    """A product of factors as written."""

    __slots__ = ()

    def _value(self, *args: Expr) -> Expr:
        return Mul(*args)


class Quotient(Held):
    """A fraction as written: numerator, denominator."""

    __slots__ = ()
    __match_args__ = ("numerator", "denominator")

    @property
    def numerator(self) -> Expr:
        return cast(Expr, self.args[0])

    @property
    def denominator(self) -> Expr:
        return cast(Expr, self.args[1])

    def _value(self, *args: Expr) -> Expr:
        return cast(Expr, Mul(args[0], Pow(args[1], -1)))


class Power(Held):
    """A power as written: base, exponent."""

    __slots__ = ()
    __match_args__ = ("base", "exponent")

    @property
    def base(self) -> Expr:
        return cast(Expr, self.args[0])

    @property
    def exponent(self) -> Expr:
        return cast(Expr, self.args[1])

    def _value(self, *args: Expr) -> Expr:
        return cast(Expr, Pow(args[0], args[1]))


class Neg(Held):
    """A negated term as written."""

    __slots__ = ()
    __match_args__ = ("term",)

    @property
    def term(self) -> Expr:
        return cast(Expr, self.args[0])

    def _value(self, *args: Expr) -> Expr:
        return cast(Expr, Mul(-1, args[0]))


class Quantity(Held):
    """A named stage of the problem, with its indices: p_i, or s with none.

    It depends on whatever its definition depends on; a plain `Indexed` or `Symbol` depends on
    nothing.  `release` makes it an ordinary `Indexed` or `Symbol`, except under a Derivative.
    """

    __slots__ = ()
    _diff_wrt = True
    __match_args__ = ("symbol", "indices")

    @property
    def symbol(self) -> Symbol:
        return cast(Symbol, self.args[0])

    @property
    def name(self) -> str:
        name: str = self.args[0].name
        return name

    @property
    def indices(self) -> tuple[Expr, ...]:
        return cast("tuple[Expr, ...]", self.args[1:])

    def _value(self, *args: Expr) -> Expr:
        name, *indices = args
        return Indexed(IndexedBase(str(name)), *indices) if indices else cast(Expr, name)

    def _eval_derivative(self, s: Any) -> Expr:
        return Partial(self, s)


class Iverson(Held):
    """Iverson's bracket [condition]: 1 where the condition holds, 0 elsewhere."""

    __slots__ = ()
    __match_args__ = ("condition",)

    @property
    def condition(self) -> Relational:
        return cast(Relational, self.args[0])

    def _value(self, *args: Expr) -> Expr:
        # not evaluated: SymPy's way with conditions does not end on heads of ours that are in them
        return cast(Expr, sympy.Piecewise((1, args[0]), (0, True), evaluate=False))


class Maximum(Expr):
    """The largest value of a body over a letter: max_k z_k.  Arguments as those of `Sum`.

    Like a `Sum` it is ordinary SymPy off the page as well, with SymPy's arithmetic.
    """

    __slots__ = ()
    __match_args__ = ("function", "limits")
    is_commutative = True
    of_terms: ClassVar[type[Basic]] = sympy.Max  # SymPy's head for the same of several terms

    def __new__(cls, *args: Any) -> Maximum:
        return cast("Maximum", Basic.__new__(cls, *(sympy.sympify(a) for a in args)))

    @property
    def function(self) -> Expr:
        return cast(Expr, self.args[0])

    @property
    def limits(self) -> tuple[Tuple, ...]:
        return cast("tuple[Tuple, ...]", self.args[1:])

    def doit(self, **hints: Any) -> Expr:
        ((letter, low, high),) = self.limits
        if not (low.is_Integer and high.is_Integer):
            return self
        body = release(self.function)
        return cast(
            Expr,
            self.of_terms(*(body.subs(letter, k).doit() for k in range(int(low), int(high) + 1))),
        )


class Minimum(Maximum):
    """The smallest value of a body over a letter, which it binds as a `Maximum` does."""

    __slots__ = ()
    of_terms = sympy.Min


class Partial(Operators, Derivative):
    """A derivative not yet worked out, which no substitution works out by accident."""

    __slots__ = ()
    args = Basic._args

    def __new__(cls, expression: Any, variable: Any) -> Partial:
        if not isinstance(variable, Tuple):
            variable = Basic.__new__(Tuple, sympy.sympify(variable), ONE)
        return cast("Partial", Basic.__new__(cls, sympy.sympify(expression), variable))

    @property
    def parts(self) -> tuple[Expr, Expr]:
        """(u, x) of ∂u/∂x; `variables` of SymPy multiplies counts, and every rule asks."""
        return self.args[0], self.args[1].args[0]

    def doit(self, **hints: Any) -> Expr:
        """Worked out by SymPy; kept where a named quantity hides what it depends on."""
        if self.expr.has(Quantity):
            return self
        return cast(Expr, release(self).doit(**hints))

    def _printed(self, printer: Any) -> Any:
        """What SymPy's own printers show: what is differentiated in ordinary SymPy too."""
        return printer._print(Basic.__new__(Derivative, release(self.expr), *self.args[1:]))

    _sympystr = _latex = _pretty = _printed

    def _eval_subs(self, old: Any, new: Any) -> Any:
        """SymPy's own where the variable itself is replaced; else argument by argument."""
        return super()._eval_subs(old, new) if old in self.variables else None


def plus(*terms: Expr) -> Expr:
    """A sum of terms, nested sums laid flat; one term is itself, none is 0."""
    return _flat(Plus, ZERO, terms)


def times(*factors: Expr) -> Expr:
    """A product of factors, nested products laid flat; one factor is itself, none is 1."""
    return _flat(Times, ONE, factors)


def _flat(head: type[Expr], none: Expr, terms: tuple[Expr, ...]) -> Expr:
    flat: list[Expr] = []
    for term in terms:
        flat.extend(term.args if isinstance(term, head) else (term,))
    if not flat:
        return none
    return flat[0] if len(flat) == 1 else head(*flat)


def _in_steps(relation: type[Basic], left: Expr, right: Expr) -> Expr:
    """A bracket by Heaviside's step: [u > v] is 1 where u - v is above 0, and 0 at its foot."""
    foot = int(relation in (sympy.Ge, sympy.Le, sympy.Eq))
    up, down = (
        sympy.Heaviside(u - v, foot, evaluate=False) for u, v in ((left, right), (right, left))
    )
    if relation in (sympy.Eq, sympy.Ne):
        return cast(Expr, up * down if foot else up + down)
    return cast(Expr, up if relation in (sympy.Gt, sympy.Ge) else down)


def release(term: Basic, under: frozenset[type[Basic]] = frozenset()) -> Expr:
    """Ordinary SymPy with sums and derivatives kept: the inverse of `hold`.

    Parameters
    ----------
    under : what it is in that binds a letter.  SymPy takes a Piecewise out of a sum, and the letter
        with it, and finds a product with deltas to be 0: there a bracket, or delta, is of steps.
    """
    if isinstance(term, Indexed | IndexedBase) or not term.args:
        return cast(Expr, term)
    binds = isinstance(term, sympy.Sum | sympy.Product | Maximum)
    inside = under | {type(term)} if binds else under
    args = tuple(release(a, inside) for a in term.args)
    if under and isinstance(term, Iverson):
        return _in_steps(type(args[0]), *args[0].args)
    if sympy.Product in under and isinstance(term, KroneckerDelta):
        return _in_steps(sympy.Eq, *args)
    if isinstance(term, Held):
        try:
            return term._value(*args)
        except NotImplementedError:
            pass
    if isinstance(term, KroneckerDelta):
        return cast(Expr, KroneckerDelta(*args))
    if isinstance(term, Derivative):
        if term.expr.has(Quantity):
            return cast(Expr, term)
        return cast(Expr, Derivative(args[0], cast(Tuple, args[1])[0]))
    if args == term.args and not isinstance(term, Function):
        return cast(Expr, term)
    return cast(Expr, term.func(*args))
