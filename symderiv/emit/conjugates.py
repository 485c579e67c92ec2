"""Conjugates: a root and what it tends to, whose difference cancels.

Gives `conjugate`: a + b for a root a, as (a² - b²)/(a - b), where the difference of the squares is
one product, √(x² + 1) - x as 1/(√(x² + 1) + x); and `proportional`, a sum over another of which it
is a multiple, (x/n + 1)/(x + n) as 1/n, where both may cancel.

Imports floor 0.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, Rational, Sum, Symbol

from symderiv.records import dataclass
from symderiv.terms import ONE, Neg, Plus, Quantity, Quotient, hold, plus, release
from symderiv.terms.factors import Factored, factored, key, negative, number, terms_of

TWO = cast(Expr, Integer(2))
FEW = 60  # operations in a term: what is longer is not looked at


@dataclass
class Conjugate:
    """a + b = difference/(a - b); the sign of one of the two, `sure`, is known."""

    a: Expr
    b: Expr
    difference: Factored

    @property
    def signs(self) -> tuple[int, int]:
        """1 or -1 where a term has that sign, and 0 where it may have either."""
        return _sign(self.a), _sign(self.b)

    @property
    def root(self) -> Expr:
        """The square root of the difference, without its coefficient; 1 where it has none."""
        half = {b: cast(Expr, e / 2) for b, e in self.difference.powers.items()}
        whole = all(e.is_Integer or _is_square(b) for b, e in half.items())
        return Factored(ONE, half).term() if whole else ONE

    @property
    def term(self) -> Expr:
        return Quotient(self.difference.term(), plus(self.a, negative(self.b)))


def conjugate(term: Expr) -> Conjugate | None:
    """The sum by its conjugate; None where that is no better."""
    terms = terms_of(term)
    if len(terms) != 2 or not any(map(_is_root, terms)):
        return None
    a, b = terms if _is_root(terms[0]) else terms[::-1]
    signs = _sign(a), _sign(b)
    if signs == (0, 0) or signs[0] * signs[1] > 0:
        return None
    difference = _difference(a, b)
    return None if difference is None else Conjugate(a, b, difference)


def _is_root(term: Expr) -> bool:
    """Is a square root of a sum among its factors?"""
    powers = {b: number(e) for b, e in factored(term).powers.items()}
    return any(isinstance(b, Plus) and e is not None and e.q == 2 for b, e in powers.items())


def _sign(term: Expr) -> int:
    """The sign of a number, or of a root alone; 0 of another term."""
    view = factored(term)
    roots = all((n := number(e)) is not None and n.q == 2 for e in view.powers.values())
    return (1 if view.coefficient > 0 else -1) if roots else 0


def _difference(a: Expr, b: Expr) -> Factored | None:
    """a² - b² as one product; None where it is a sum, or where not all of it is rational.

    It is one of the letters, or of the sums that stand within the squares: ((y - t)/d)².
    """
    squares = [factored(t).to_the(TWO).term() for t in (a, b)]
    whole = release(plus(squares[0], Neg(squares[1])))
    if whole.has(sympy.Product, sympy.Function) or whole.count_ops() > FEW:
        return None
    return _product(whole, ()) or _product(whole, (sympy.Add, Sum))


def _product(whole: Expr, sums: tuple[type[Expr], ...]) -> Factored | None:
    """A term as one product, of sums too, which are not looked into."""
    units: dict[Expr, Symbol] = {}

    def named(t: Expr) -> Expr:
        if isinstance(t, (Symbol, Indexed, Quantity, *sums)):
            return units.setdefault(t, sympy.Dummy())
        return t.func(*map(named, t.args)) if t.args else t

    made = whole.func(*map(named, whole.args)) if isinstance(whole, sympy.Add) else named(whole)
    if made.has(Sum) or not made.is_rational_function(*units.values()):
        return None
    top, bottom = sympy.fraction(sympy.cancel(sympy.together(made)))
    if top == 0 or isinstance(sympy.expand(top), sympy.Add):
        return None
    back = {unit: t for t, unit in units.items()}
    view = factored(hold(top.xreplace(back)))
    below = factored(hold(sympy.factor(bottom).xreplace(back)))
    return view * below.to_the(cast(Expr, -ONE))


def _is_square(base: Expr) -> bool:
    """Is it a sum over letters of squares, whose root is a norm?"""
    return isinstance(base, Sum) and is_positive(factored(base.function))


def is_positive(view: Factored) -> bool:
    """Is a product of even powers, or of sums of them, not negative?"""
    even = (e.is_Rational and Rational(e) % 2 == 0 for e in view.powers.values())
    return view.coefficient > 0 and all(even)


def proportional(view: Factored) -> Factored | None:
    """A product with the quotient of two sums, one a multiple of the other, as that multiple."""
    sums = {b: e for b, e in view.powers.items() if isinstance(b, Plus) and e.is_Integer}
    for above in [b for b, e in sums.items() if e > 0 and _rooted(b)]:
        for below in [b for b, e in sums.items() if e < 0]:
            ratio = _multiple(above, below)
            if ratio is not None:
                made = Factored(view.coefficient, dict(view.powers))
                made.multiply(above, cast(Expr, -ONE))
                made.multiply(below, ONE)
                return made * ratio
    return None


def _rooted(sum_: Expr) -> bool:
    return any(map(_is_root, terms_of(sum_)))


def _multiple(above: Expr, below: Expr) -> Factored | None:
    """c where the terms of one sum are c times those of the other."""
    tops, bottoms = terms_of(above), terms_of(below)
    if len(tops) != len(bottoms):
        return None
    wanted = {key(t) for t in bottoms}
    inverse = factored(tops[0]).to_the(cast(Expr, -ONE))
    for bottom in bottoms:
        back = factored(bottom) * inverse  # 1/c
        if {key((factored(t) * back).term()) for t in tops} == wanted:
            return back.to_the(cast(Expr, -ONE))
    return None
