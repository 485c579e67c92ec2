"""Trees: ordinary SymPy as a term of the formula language, and that as a text.

Gives `plain` (the heads that the language has, over plain symbols and exact numbers), `spelled`
(its text) and `name_of` (what a symbol is called there).  The reader decides what an axis, a label
and a size is, for trees as for texts; trees say nothing more about it.

Floor 5: imports elementwise, terms and the reader.  To take one more head: a case of `plain`, or,
for a function that is a formula in others, a row of `_MEANT`.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Collection
from typing import Any, cast

import sympy
from sympy import (
    Add,
    Expr,
    Float,
    Idx,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    Tuple,
)
from sympy.core.basic import Basic
from sympy.core.numbers import Exp1
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from symderiv.elementwise import of_head
from symderiv.face.counting import from_one
from symderiv.mistakes import Mistake
from symderiv.reader import formula
from symderiv.reader.functions import RESERVED
from symderiv.reader.pieces import Formula
from symderiv.terms import (
    ONE,
    ZERO,
    Held,
    Iverson,
    Maximum,
    Partial,
    bottom_up,
    component,
    exp,
    hold,
    letter,
    plus,
    rebuild,
    release,
    times,
)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LAMBDA = {"lambda": "lam"}  # which is no name in Python, and so none in a formula
# Heads whose arguments are read, whatever they hold; elementwise functions are those besides.
_HEADS = (Add, Mul, Pow, Relational, KroneckerDelta, sympy.Max, sympy.Min, Iverson)
_MEANT: dict[type[Basic], Callable[[Any], Expr]] = {
    sympy.sec: lambda x: 1 / sympy.cos(x),
    sympy.csc: lambda x: 1 / sympy.sin(x),
    sympy.cot: lambda x: sympy.cos(x) / sympy.sin(x),
    sympy.sech: lambda x: 1 / sympy.cosh(x),
    sympy.csch: lambda x: 1 / sympy.sinh(x),
    sympy.coth: lambda x: sympy.cosh(x) / sympy.sinh(x),
    sympy.sinc: lambda x: Piecewise((sympy.sin(x) / x, sympy.Ne(x, 0)), (1, True)),
}


class NoPlace(ValueError):
    """A part of a tree for which the formula language has no word."""

    def __init__(self, part: Basic) -> None:
        self.part = part
        super().__init__(part)


def spelled(tree: Basic, letters: Collection[Symbol] | None = None) -> Formula:
    """The text of a tree; `letters` are its indices where these count from 0.

    Raises
    ------
    Mistake
        for what has no place in the formula language, naming that part.
    """
    if isinstance(tree, BooleanAtom):
        raise Mistake(f"the assumption {tree} says nothing about the function; leave it out")
    try:
        term = plain(tree)
        term = term if letters is None else from_one(term, letters)
        return Formula(formula(bottom_up(hold(term), _exponential)))
    except RecursionError:
        raise Mistake("the expression is nested too deep to be read") from None
    except NoPlace as found:
        part, whole = (str(t).replace("\n", " ") for t in (found.part, tree))
        where = "" if part == whole else f", in {whole:.120},"
        raise Mistake(
            f"{part:.120}{where} has no place in the formula language, which knows sums, products, "
            "powers, elementwise functions, Sum, Product, Max, Min, Piecewise, KroneckerDelta and "
            "Indexed"
        ) from None


def plain(term: Basic) -> Basic:
    """The term with plain symbols, as the reader has them, and exact numbers.

    Raises
    ------
    NoPlace
        for the first part that the language does not have.
    """
    match term:
        case Float() if term.is_finite:
            return Rational(str(term))
        case Idx():
            return term.label if isinstance(term.label, Integer) else letter(name_of(term))
        case Indexed():
            return component(name_of(term.base), *(plain(i) for i in term.indices))
        case Symbol():
            return Symbol(name_of(term))
        case Rational() | Exp1():
            return term
        case _ if term == sympy.pi:
            return term
        case Held() | Partial() if not isinstance(term, Iverson):
            return plain(cast(Basic, release(term)))
        case Piecewise():
            return _by_cases(term)
        case sympy.Heaviside(args=(x, at_zero)):
            return plain(Piecewise((1, x > 0), (at_zero, sympy.Eq(x, 0)), (0, True)))
        case Sum() | Product() | Maximum():
            limits = (Tuple(*map(plain, limit.args)) for limit in term.args[1:])
            return rebuild(term, (plain(term.args[0]), *limits))
        case _ if isinstance(term, _HEADS) or of_head(type(term)) is not None:
            return rebuild(term, tuple(map(plain, term.args)))
        case _ if type(term) in _MEANT:
            return plain(_MEANT[type(term)](*term.args))
        case _:
            raise NoPlace(term)


def _by_cases(term: Piecewise) -> Expr:
    """[c₁] a + [not c₁] [c₂] b + …; one that has no value where no condition holds is refused."""
    terms: list[Expr] = []
    rest: Any = sympy.true  # where none of the conditions so far holds
    for value, condition in term.args:
        mask, shown = _bracket(sympy.And(rest, condition)), hold(plain(value))
        if ZERO not in (mask, shown):
            terms.append(mask if shown == ONE else shown if mask == ONE else times(mask, shown))
        rest = sympy.And(rest, sympy.Not(condition))
    if rest != sympy.false:
        raise NoPlace(term)
    return plus(*terms) if terms else ZERO


def _bracket(condition: Basic) -> Expr:
    """Iverson's bracket of a condition: [a and b] is [a] [b], [a or b] is [a] + [not a] [b]."""
    match condition:
        case BooleanAtom():
            return ONE if condition else ZERO
        case Relational():
            return Iverson(plain(condition))
        case sympy.And():
            return times(*map(_bracket, condition.args))
        case sympy.Or(args=(first, *others)):
            other = times(_bracket(sympy.Not(first)), _bracket(sympy.Or(*others)))
            return plus(_bracket(first), other)
        case sympy.Not(args=(sympy.And() | sympy.Or() as inner,)):
            other = sympy.Or if isinstance(inner, sympy.And) else sympy.And
            return _bracket(other(*map(sympy.Not, inner.args)))
        case _:
            raise NoPlace(condition)


def _exponential(term: Basic) -> Basic:
    """SymPy's number E as e^1, which the language has."""
    return exp(Integer(1)) if isinstance(term, Exp1) else term


def name_of(symbol: Basic) -> str:
    """What a symbol, an array or an index is called in a formula.

    Raises
    ------
    Mistake
        for a name that a page cannot show, or that means something else in a formula.
    """
    name = str(symbol.label if isinstance(symbol, Idx | sympy.IndexedBase) else symbol)
    if not _NAME.fullmatch(name):
        raise Mistake(
            f"the symbol {name!r:.60} has no name that a page can show; names are ASCII letters, "
            "digits and _, and Greek letters are written out, alpha"
        )
    name = _LAMBDA.get(name, name)
    if name in RESERVED or keyword.iskeyword(name):
        what = RESERVED.get(name, "a word of Python")
        raise Mistake(f"the symbol {name!r} is {what} in a formula; give it another")
    return name
