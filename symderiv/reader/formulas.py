"""Formulas: a term written back in the language of the reader.

Gives `formula`, the inverse of reading: reading `formula(t)` gives t.

Imports elementwise and terms.  To add a head that is no elementwise function: a case in
`_written`.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Product, Sum, Symbol
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.elementwise import FUNCTIONS
from symderiv.terms import (
    Iverson,
    Maximum,
    Minimum,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
)

_ATOM, _POWER, _TIMES, _NEG, _PLUS = range(5)  # how loosely a text holds together
_HALF = Quotient(Integer(1), Integer(2))
_NAMES: dict[type[Basic], str] = {
    **{function.head: function.name for function in FUNCTIONS.values()},
    sympy.Max: "max",
    sympy.Min: "min",
}


def formula(term: Basic) -> str:
    """The text of a term, which reads back as the same term.

    Raises
    ------
    ValueError
        for a term that has no place in the language (a derivative, a float).
    """
    return _written(term)[0]


def _within(term: Basic, loosest: int) -> str:
    text, level = _written(term)
    return text if level <= loosest else f"({text})"


def _written(term: Basic) -> tuple[str, int]:
    match term:
        case Symbol():
            return term.name, _ATOM
        case Integer() if int(term) >= 0:
            return str(int(term)), _ATOM
        case Integer():
            return f"-{-int(term)}", _NEG
        case Quantity():
            return _subscripted(term.name, term.indices), _ATOM
        case Indexed():
            return _subscripted(str(term.base.label), term.indices), _ATOM
        case KroneckerDelta():
            return f"delta({','.join(_index(a) for a in term.args)})", _ATOM
        case Iverson(condition):
            return f"iverson({_relation(condition)})", _ATOM
        case Relational():
            return _relation(term), _PLUS
        case Sum() | Product() | Maximum():
            return _bound(term), _ATOM
        case Plus():
            return _sum(term), _PLUS
        case Neg(inner):
            return f"-{_within(inner, _TIMES)}", _NEG
        case Times():
            first, *rest = term.args
            return "*".join((_within(first, _TIMES), *(_within(a, _POWER) for a in rest))), _TIMES
        case Quotient(above, below):
            return f"{_within(above, _TIMES)}/{_within(below, _POWER)}", _TIMES
        case Power(base, exponent) if exponent == _HALF and base != 1:  # sqrt(1) is read as 1
            return f"sqrt({formula(base)})", _ATOM
        case Power(Symbol(name="e"), exponent):  # e alone at the foot of a power is Euler's
            return f"(+e)**{_within(exponent, _POWER)}", _POWER
        case Power(base, exponent):
            return f"{_within(base, _ATOM)}**{_within(exponent, _POWER)}", _POWER
        case _ if term == sympy.pi:
            return "pi", _ATOM
        case _ if type(term) in _NAMES:
            return f"{_NAMES[type(term)]}({', '.join(map(formula, term.args))})", _ATOM
        case _:
            raise ValueError(f"{term} has no place in the formula language")


def _sum(term: Plus) -> str:
    first, *rest = term.args
    parts = [_within(first, _NEG)]
    for a in rest:
        if isinstance(a, Neg):
            parts += (" - ", _within(a.term, _NEG))
        else:
            parts += (" + ", _within(a, _NEG))
    return "".join(parts)


def _bound(term: Basic) -> str:
    name = {Sum: "sum", Product: "prod", Maximum: "max", Minimum: "min"}[type(term)]
    body, *limits = term.args
    ranges = ", ".join(f"({', '.join(map(_index, t.args))})" for t in limits)
    return f"{name}({formula(body)}, {ranges})"


def _subscripted(name: str, indices: tuple[Expr, ...]) -> str:
    return f"{name}[{','.join(map(_index, indices))}]" if indices else name


def _index(index: Basic) -> str:
    # indices are SymPy's own sums; str writes them as the reader reads them
    return _written(index)[0] if isinstance(index, Indexed) else str(index).replace(" ", "")


def _relation(relation: Basic) -> str:
    left, right = relation.args
    return f"{formula(left)} {relation.rel_op} {formula(right)}"
