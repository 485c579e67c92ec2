"""Exactly zero?  Written-out differences as polynomials after clearing denominators.

exp(a + b/2) becomes a product of free symbols; every other function value is a symbol of its own.
The arithmetic is SymPy's sparse polynomials (`ring`), numerators over powers of the denominators.

Imports SymPy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from typing import Any

import sympy
from sympy import QQ, Add, Expr, Mul, Pow, Symbol, log
from sympy.polys.rings import ring

from symderiv.patience import FOREVER, Budget

MOST_TERMS = 6000
Quotients = tuple[Any, dict[Any, int]]  # a numerator, and the powers of denominators under it


class NotRational(Exception):
    """Not a rational function of the atoms, or one too large."""


def is_exactly_zero(difference: Expr, zero: Sequence[Expr] = (), budget: Budget = FOREVER) -> bool:
    """Is the written-out difference zero as a rational function of its atoms?

    False says nothing where the atoms are related (roots, brackets, logarithms).  `zero` are
    expressions that are known to be 0, `budget` is the work that is worth it.

    Raises
    ------
    NotRational
        where it cannot be brought to polynomials of a bearable size, or not by then.
    """
    atoms = _Atoms()
    rational, *known = atoms.rational(
        *(sympy.expand_log(e, force=False) if e.has(log) else e for e in (difference, *zero))
    )
    names = sorted(atoms.symbols.values(), key=str)
    if not names:
        return bool(rational == 0)
    domain, *generators = ring(names, QQ)
    memo: dict[Any, Any] = {"budget": budget}
    table = dict(zip(names, generators, strict=True))
    numerator, _ = _quotient(rational, domain, table, memo)
    if numerator and known:
        divisors = [_quotient(e, domain, table, memo)[0] for e in known]
        numerator = numerator.rem([d for d in divisors if d])
    return not numerator


class _Atoms:
    """Free symbols for the values that are not rational functions of others."""

    def __init__(self) -> None:
        self.symbols: dict[Any, Symbol] = {}
        self.parts: dict[Expr, int] = {}
        self._known: dict[Expr, Expr] = {}

    def atom(self, key: Any) -> Symbol:
        if key not in self.symbols:
            self.symbols[key] = sympy.Dummy(f"t{len(self.symbols)}")
        return self.symbols[key]

    def rational(self, *terms: Expr) -> list[Expr]:
        for e in terms:
            for x in sorted(e.atoms(sympy.exp), key=sympy.default_sort_key):
                for term, c in sympy.expand(x.args[0]).as_coefficients_dict().items():
                    self.parts[term] = lcm(self.parts.get(term, 1), int(c.q))
        return [self._rational(e) for e in terms]

    def _rational(self, e: Expr) -> Expr:
        if e not in self._known:  # a determinant is below every entry of an inverse
            self._known[e] = self._made(e)
        return self._known[e]

    def _made(self, e: Expr) -> Expr:
        match e:
            case sympy.Rational():
                return e
            case Add() | Mul():
                return e.func(*(self._rational(a) for a in e.args))
            case Pow(base=base, exp=exponent) if exponent.is_Integer:
                return Pow(self._rational(base), exponent)
            case Pow(base=base, exp=exponent) if exponent.is_Rational:
                root = self.atom(Pow(base, sympy.Rational(1, exponent.q)))
                return Pow(root, int(exponent.p))
            case sympy.exp():
                result: Expr = sympy.Integer(1)
                for term, c in sympy.expand(e.args[0]).as_coefficients_dict().items():
                    whole = int(c * self.parts[term])
                    result = Mul(result, Pow(self.atom(sympy.exp(term / self.parts[term])), whole))
                return result
            case _:
                return self.atom(e)


def _quotient(e: Expr, domain: Any, generators: dict[Any, Any], memo: dict[Any, Any]) -> Quotients:
    found = memo.get(e)
    if found is None:
        found = memo[e] = _made(e, domain, generators, memo)
        if len(found[0]) > MOST_TERMS or memo["budget"].spent:
            raise NotRational("too many terms")
    return found


def _made(e: Expr, domain: Any, generators: dict[Any, Any], memo: dict[Any, Any]) -> Quotients:
    if e in generators:
        return generators[e], {}
    match e:
        case sympy.Rational():
            return domain(QQ(int(e.p), int(e.q))), {}
        case Add():
            groups: dict[frozenset[Any], tuple[Any, dict[Any, int]]] = {}
            for a in e.args:  # terms over the same denominators first: most cancel among themselves
                top, below = _quotient(a, domain, generators, memo)
                key = frozenset(below.items())
                groups[key] = (groups[key][0] + top if key in groups else top, below)
            parts = [(top, below) for top, below in groups.values() if top]
            common: dict[Any, int] = {}
            for _, below in parts:
                for d, n in below.items():
                    common[d] = max(common.get(d, 0), n)
            total = domain(0)
            for top, below in parts:
                for d, n in common.items():
                    top = _times(top, d ** (n - below.get(d, 0)))
                total += top
            return total, common
        case Mul():
            whole = domain(1)
            under: dict[Any, int] = {}
            for a in e.args:
                top, below = _quotient(a, domain, generators, memo)
                whole = _times(whole, top)
                for d, n in below.items():
                    under[d] = under.get(d, 0) + n
            return whole, under
        case Pow(base=base, exp=exponent):
            n = int(exponent)
            top, below = _quotient(base, domain, generators, memo)
            if n < 0:
                if not top:
                    raise NotRational("a division by 0")
                over = domain(1)
                for d, k in below.items():
                    over = _times(over, d ** (k * -n))
                if top.is_ground:
                    return over * (1 / top.coeff(1)) ** -n, {}
                return over, {top: -n}
            whole = domain(1)
            for _ in range(n):
                whole = _times(whole, top)
            return whole, {d: k * n for d, k in below.items()}
        case _:
            raise NotRational(str(type(e)))


def _times(a: Any, b: Any) -> Any:
    if len(a) * len(b) > MOST_TERMS * 50:
        raise NotRational("too many terms")
    return a * b
