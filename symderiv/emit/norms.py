"""Norms: √(w Σ u² + r), and quotients by it, with no square that leaves the floats.

Gives `root` (a root of a sum of squares as an array made by `numeric.root_of_squares`) and
`divided` (a quotient by such roots, in which whatever has a component of u on it is divided before
it is multiplied: Σ_i x_i y_i / (|x| |y|) is Σ_i (x_i/|x|) (y_i/|y|)).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sympy import Expr, Indexed, Rational, Sum, Symbol

from symderiv.terms import ONE, ZERO, Neg, Plus, Quantity, Quotient, plus, rebuild, subterms
from symderiv.terms.factors import Factored, factored, multiply_exponents, terms_of
from symderiv.terms.letters import free_letters

if TYPE_CHECKING:
    from symderiv.emit.stable import Stages


@dataclass(frozen=True)
class Squares:
    """weight Σ_k u_k² + rest."""

    u: Expr
    letter: Symbol
    weight: Expr
    rest: Expr


def squares(stages: Stages, term: Expr) -> Squares | None:
    """The parts of a sum with one sum of squares in it, of whose letter the rest is free."""
    found: Squares | None = None
    others: list[Expr] = []
    for t in terms_of(term) if isinstance(term, Plus) else (term,):
        mine = _weighted(_opened(stages, t))
        if mine is None:
            others.append(t)
        elif found is None:
            found = mine
        else:
            return None
    if found is None:
        return None
    return Squares(found.u, found.letter, found.weight, plus(*others) if others else ZERO)


def _opened(stages: Stages, term: Expr) -> Expr:
    """A stage that is nothing but a mean of squares, written out."""
    stage = stages.problem.definition(term.name) if isinstance(term, Quantity) else None
    if stage is None:
        return term
    body = cast(Expr, stage.at(cast(Quantity, term)))
    return body if _weighted(body) is not None else term


def _weighted(term: Expr) -> Squares | None:
    view = factored(term)
    sums = [b for b, e in view.powers.items() if isinstance(b, Sum) and e == 1]
    if len(sums) != 1 or len(sums[0].args) != 2 or view.coefficient < 0:
        return None
    outer = Factored(view.coefficient, {b: e for b, e in view.powers.items() if b is not sums[0]})
    if any(isinstance(t, Indexed | Quantity) for t in subterms(outer.term())):
        return None
    k = cast(Symbol, sums[0].args[1].args[0])
    inner = factored(cast(Expr, sums[0].args[0]))
    even = all(e.is_Integer and e > 0 and e % 2 == 0 for e in inner.powers.values())
    if not even or not inner.powers or inner.coefficient < 0:
        return None
    u = Factored(ONE, {b: e / 2 for b, e in inner.powers.items()}).term()
    weight = Factored(outer.coefficient * inner.coefficient, outer.powers).term()
    return Squares(u, k, weight, ZERO) if k in free_letters(u) else None


def root(stages: Stages, term: Expr) -> Expr | None:
    """√term, where the term is of that kind."""
    found = squares(stages, term)
    if found is None:
        return None
    used = free_letters(found.u) | free_letters(found.rest)
    batch = tuple(s for s in sorted(used, key=str) if stages.is_letter(s) and s != found.letter)
    rest = stages.stable(found.rest)
    operands = (stages.stable(found.u), found.weight, rest)
    axes = ((*batch, found.letter), batch, batch)
    given = 1 if (found.weight, rest) == (ONE, ZERO) else 3
    name = stages.add("norm", "root_of_squares", batch, operands[:given], axes[:given])
    stages.roots[name] = _arrays(found.u)
    return Quantity(Symbol(name), *batch)


def _arrays(term: Expr) -> frozenset[str]:
    return frozenset(str(t.base.label) for t in subterms(term) if isinstance(t, Indexed))


def divided(stages: Stages, term: Expr) -> Iterator[Expr]:
    """A product with roots of sums of squares below, each under what it bounds."""
    view = factored(term)
    below: list[tuple[Expr, int]] = []
    above = Factored(view.coefficient, {})
    for base, exponent in view.powers.items():
        twice = multiply_exponents(exponent, Rational(2))
        made = root(stages, base) if exponent.is_Rational and _is_root(twice, exponent) else None
        if made is not None and twice < 0:
            below.append((made, int(-twice)))
        elif isinstance(base, Quantity) and base.name in stages.roots and _whole(exponent):
            below.append((base, int(-exponent)))
        else:
            above.powers[base] = exponent
    if not below:
        return
    left: list[Expr] = []
    for norm, count in below:
        for _ in range(count):
            if not _paired(stages, above, cast(Quantity, norm)):
                left.append(norm)
    result = above.term()
    for norm in left:
        result = _over(result, norm)
    if result != term:
        yield result


def _is_root(twice: Expr, exponent: Expr) -> bool:
    return bool(twice.is_Integer and (exponent < 0 or not exponent.is_Integer))


def _whole(exponent: Expr) -> bool:
    return bool(exponent.is_Integer and exponent < 0)


def _over(term: Expr, norm: Expr) -> Expr:
    if isinstance(term, Neg):
        return Neg(Quotient(term.term, norm))
    return Quotient(term, norm)


def _paired(stages: Stages, above: Factored, norm: Quantity) -> bool:
    """Divide one factor that holds a component of what the norm is of."""
    for base, exponent in list(above.powers.items()):
        if not (exponent.is_Integer and exponent > 0):
            continue
        less = _lessened(stages, base, norm)
        if less is None:
            continue
        rest = exponent - 1
        del above.powers[base]
        if rest:
            above.powers[base] = rest
        # in front, so that what it is multiplied by comes after the division
        above.powers = {less: above.powers.pop(less, ZERO) + ONE, **above.powers}
        return True
    return False


def _lessened(stages: Stages, base: Expr, norm: Quantity) -> Expr | None:
    """x_i / |x|, or Σ_i (x_i/|x|) y_i."""
    arrays = stages.roots[norm.name]
    if isinstance(base, Sum):
        if {limit.args[0] for limit in base.args[1:]} & set(norm.indices):
            return None
        view = factored(cast(Expr, base.args[0]))
        if not _paired(stages, view, norm):
            return None
        return cast(Expr, rebuild(base, (view.term(), *base.args[1:])))
    plain = isinstance(base, Indexed) and str(base.base.label) in arrays
    bracket = isinstance(base, Plus) and all(_arrays(t) & arrays for t in terms_of(base)[:1])
    return Quotient(base, norm) if plain or bracket else None
