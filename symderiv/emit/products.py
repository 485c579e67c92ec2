"""Products and quotients in stable form: p_i (δ_ij - p_j), e^{z_i}/Σ_k e^{z_k}, e^x/(1 + e^x).

Gives `in_product`, what two factors of a product make together.

To add a form: a place in `_pair` or `_ratio`, and its identity in `identities`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import TYPE_CHECKING, cast

import sympy
from sympy import Expr, KroneckerDelta, Sum, Symbol

from symderiv.emit.directions import mean_of
from symderiv.emit.norms import divided, root
from symderiv.emit.vanishing import vanishing, without
from symderiv.terms import (
    ONE,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    function_of,
    sigmoid,
    times,
)
from symderiv.terms.factors import factored, key, negative, power, terms_of
from symderiv.terms.letters import free_letters, substitute

if TYPE_CHECKING:
    from symderiv.emit.stable import Stages

HALF = sympy.Rational(1, 2)


def in_product(stages: Stages, term: Expr) -> Iterator[Expr]:
    """The stable forms of a product, a quotient or a power, the most telling first."""
    view = factored(term)
    if isinstance(term, Power) and term.exponent in (HALF, Quotient(1, 2)):
        if (found := root(stages, term.base)) is not None:
            yield found
    else:
        yield from divided(stages, term)
    yield from vanishing(stages, term)
    bases = [b for b, e in view.powers.items() if e == 1]
    for a, b in permutations(bases, 2):
        found = _pair(stages, a, b)
        if found is not None:
            yield without(factored(term), (a, b), found)
    for a in bases:
        for b, e in view.powers.items():
            if (found := _logistic(stages, a, b, e)) is not None:
                yield without(view, (a, b), found)
            if e == -1:
                found = _ratio(stages, a, b)
                if found is not None:
                    yield without(factored(term), (a, b), found)
    for b, e in view.powers.items():
        if e == -1 and (found := _ratio(stages, ONE, b)) is not None:
            yield without(factored(term), (b,), found)


def _pair(stages: Stages, p: Expr, other: Expr) -> Expr | None:
    """p_i times a bracket."""
    if not (isinstance(p, Quantity) and p.name in stages.softmaxes and isinstance(other, Plus)):
        return None
    kind, (i, *_batch) = stages.softmaxes[p.name], stages.over(p)
    terms = terms_of(other)
    if len(terms) != 2 or not stages.is_letter(i):
        return None
    for a, b in permutations(terms, 2):
        if not isinstance(b, Neg):
            continue
        if isinstance(a, KroneckerDelta) and i in a.args and len(kind.letters) == 1:
            (j,) = (x for x in a.args if x != i)
            if stages.is_letter(j) and b.term == Quantity(p.symbol, j):
                return stages.make("jacobian", p, cast(Symbol, j))
        if a == 1 and b.term == p:
            return stages.make("jacobian_diagonal", p)
        if isinstance(b.term, Sum) and mean_of(stages, b.term, a) == p:
            return stages.make("jacobian_product", p, label=a)
    return None


def _ratio(stages: Stages, above: Expr, below: Expr) -> Expr | None:
    if isinstance(above, sympy.exp) and isinstance(below, Sum) and len(below.args) == 2:
        return _softmax(stages, above, below)
    if isinstance(above, sympy.exp) and (found := _written_out(stages, above, below)) is not None:
        return found
    if isinstance(below, Plus) and len(below.args) == 2 and ONE in below.args:
        e = next((t for t in below.args if t != 1), None)
        if isinstance(e, sympy.exp):
            inner = cast(Expr, e.args[0])
            if above == 1:
                return function_of(sigmoid, negative(inner))
            if above == e:
                return function_of(sigmoid, inner)
    return None


def _logistic(stages: Stages, above: Expr, below: Expr, exponent: Expr) -> Expr | None:
    """e^x / (1 + e^x)^n as σ(x) σ(-x)^(n - 1)."""
    if not exponent.is_Integer or exponent >= -1 or not isinstance(above, sympy.exp):
        return None
    if not isinstance(below, Plus) or set(below.args) != {ONE, above}:
        return None
    x = cast(Expr, above.args[0])
    rest = power(function_of(sigmoid, negative(x)), -exponent - 1)
    return times(function_of(sigmoid, x), rest)


def _softmax(stages: Stages, above: Expr, below: Sum) -> Expr | None:
    """e^{u_i} / Σ_k e^{u_k}, as a component of a softmax of its own."""
    k = below.args[1].args[0]
    body = cast(Expr, below.args[0])
    if not isinstance(body, sympy.exp):
        return None
    for i in sorted(free_letters(above), key=str):
        if stages.is_letter(i) and key(substitute(body, {k: i})) == key(above):
            argument = cast(Expr, above.args[0])
            batch = [
                s for s in sorted(free_letters(argument), key=str) if stages.is_letter(s) and s != i
            ]
            return stages._make_softmax(argument, tuple(batch), cast(Symbol, i))
    return None


def _written_out(stages: Stages, above: Expr, below: Expr) -> Expr | None:
    """e^{u_i} / (e^{u_1} + e^{u_2} + e^{u_3}): softmax at a chosen size."""
    terms = below.args if isinstance(below, Plus) else (below,)
    if not all(isinstance(t, sympy.exp) for t in terms):
        return None
    for i in sorted(free_letters(above), key=str):
        numbers = [sympy.Integer(n) for n in range(1, len(terms) + 1)]
        if stages.is_letter(i) and [substitute(above, {i: n}) for n in numbers] == list(terms):
            argument = cast(Expr, above.args[0])
            batch = [s for s in sorted(free_letters(argument), key=str) if s != i]
            batch = [s for s in batch if stages.is_letter(s)]
            return stages._make_softmax(argument, tuple(batch), cast(Symbol, i))
    return None
