"""The rules of sums over an index: sifting, linearity, constants, known sums.

Floor 1: imports floor 0, ranges and the register.  To add one: a function of a `Sum` under
`@rule`, and its place in the order of `rules.order`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from itertools import permutations
from typing import cast

import sympy
from sympy import Expr, Integer, KroneckerDelta, Sum, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv.rules.ranges import at_most, in_range, length, over, shifted, solved_for, where_met
from symderiv.rules.registry import Law, Rule, made, rule
from symderiv.terms import (
    ONE,
    ZERO,
    Iverson,
    Neg,
    Plus,
    Times,
    bottom_up,
    plus,
    times,
)
from symderiv.terms.factors import Factored, factored, key, negative, terms_of
from symderiv.terms.letters import bound_letters, free_letters, substitute
from symderiv.terms.omitted import left_out


@rule(
    "kronecker-delta",
    "Kronecker delta",
    Law("delta(i,i)", "1"),
    Law("delta(1,2)", "0"),
    of=KroneckerDelta,
    examples=(
        Law("delta(i,i)", "1"),
        Law("delta(1,2)", "0"),
    ),
    refuses=(
        "delta(i,j)",
        "delta(i,1)",
    ),
)
def delta_value(term: KroneckerDelta) -> Expr | None:
    """δ of one letter with itself, or of two numbers."""
    a, b = term.args
    if a == b:
        return ONE
    return ZERO if isinstance(a, Integer) and isinstance(b, Integer) else None


@rule(
    "sifting",
    "sifting",
    Law("sum(delta(j,k)*f[k], k)", "f[j]"),
    of=Sum,
    examples=(
        Law("sum(delta(j,k)*y[k]*z[k], k)", "y[j]*z[j]"),
        Law("sum(y[i]*delta(i,k), k)", "y[i]"),
    ),
    refuses=(
        "sum(y[k]*z[k], k)",
        "sum(delta(i,j)*z[k], k)",
        "delta(i,k)*z[k]",
    ),
)
def sifting(term: Sum) -> Expr | None:
    """Σ_k δ_jk f_k -> f_j, for each bound letter that a δ ties to something else."""
    body, limits, changed = factored(term.function), term.limits, False
    for limit in term.limits:
        index = cast(Symbol, limit[0])
        for base in list(body.powers):
            if not isinstance(base, KroneckerDelta) or index not in free_letters(base):
                continue
            value = solved_for(index, base)
            if value is None:
                continue
            inside = in_range(value, limit)
            del body.powers[base]
            moved = substitute(body.term(), {index: value})
            if shifted(value)[1] and limit[1] == 1:
                moved = where_met(moved, limit[2])
            body = factored(times(moved, inside))
            limits = tuple(t for t in limits if t != limit)
            changed = True
            break
    return over(body.term(), limits) if changed else None


def sifting_within(least: Mapping[str, int]) -> Rule:
    """The same rule where some sizes are known to be larger than 1: Σ_k δ_k2 f_k -> f_2."""

    def apply(term: Basic) -> Expr | None:
        sifted = sifting(term)
        return None if sifted is None else cast(Expr, bottom_up(sifted, known))

    def known(t: Basic) -> Basic:
        if isinstance(t, Iverson) and isinstance(t.condition, sympy.LessThan):
            low, high = t.condition.args
            if not free_letters(low) and at_most(low, high, least) == ONE:
                return ONE
        return t

    return made(sifting.identifier, sifting.name, apply, *sifting.laws, of=Sum)


@rule(
    "constant-out-of-the-sum",
    "constant out of the sum",
    Law("sum(c*f[k], k)", "c*sum(f[k], k)"),
    of=Sum,
    examples=(
        Law("sum(a*z[k], k)", "a*sum(z[k], k)"),
        Law("sum(-y[i]*z[k], k)", "-y[i]*sum(z[k], k)"),
        Law("sum(z[k]/a, k)", "1/a*sum(z[k], k)"),
    ),
    refuses=(
        "sum(y[k]*z[k], k)",
        "sum(a, (k, 1, K))",
    ),
)
def constant_out(term: Sum) -> Expr | None:
    body = factored(term.function)
    bound = {t[0] for t in term.limits}
    outside = Factored(body.coefficient)
    inside = Factored()
    for base, exponent in body.powers.items():
        bases = free_letters(base) | free_letters(exponent)
        (inside if bases & bound else outside).powers[base] = exponent
    if not inside.powers or (not outside.powers and outside.coefficient == 1):
        return None
    front = outside.term()
    if outside.coefficient < 0:
        return -Times(-front, over(inside.term(), term.limits))
    return Times(front, over(inside.term(), term.limits))


@rule(
    "sum-of-a-constant",
    "sum of a constant",
    Law("sum(c, (k, 1, K))", "K*c"),
    of=Sum,
    examples=(Law("sum(a, (k, 1, K))", "K*a"),),
    refuses=("sum(z[k], k)",),
)
def of_constant(term: Sum) -> Expr | None:
    for limit in term.limits:
        count = length(limit)
        if count is not None and limit[0] not in free_letters(term.function):
            rest = tuple(t for t in term.limits if t != limit)
            return Times(count, over(term.function, rest))
    return None


def sifts(term: Expr, bound: set[Basic]) -> bool:
    """Does a product hold a δ that ties one of the bound letters?"""
    for base in factored(term).powers:
        if isinstance(base, KroneckerDelta):
            for index in free_letters(base) & bound:
                if solved_for(cast(Symbol, index), base) is not None:
                    return True
        elif isinstance(base, Sum) and sifts(cast(Expr, base.function), bound):
            return True
    return False


def _sifts_inside(term: Expr, bound: set[Basic]) -> bool:
    """Does a product hold a bracket that is worth multiplying out?"""
    return any(
        isinstance(base, Plus) and exponent == 1 and not left_out(base) and _useful(base, bound)
        for base, exponent in factored(term).powers.items()
    )


@rule(
    "linearity-of-the-sum",
    "linearity of the sum",
    Law("sum(a[k] + b[k], k)", "sum(a[k], k) + sum(b[k], k)"),
    of=Sum,
    examples=(
        Law("sum(delta(j,k)*z[k] - y[k]*z[k], k)", "sum(delta(j,k)*z[k], k) - sum(y[k]*z[k], k)"),
    ),
    refuses=("sum(y[k] + z[k], k)",),
)
def linearity(term: Sum) -> Expr | None:
    """Applied where some part then sifts or is constant: elsewhere one sum reads better."""
    if not isinstance(term.function, Plus):
        return None
    bound = {t[0] for t in term.limits}
    pieces = terms_of(term.function)
    if not any(
        sifts(t, bound) or not (free_letters(t) & bound) or _sifts_inside(t, bound) for t in pieces
    ):
        return None
    return plus(*(_signed(t, term.limits) for t in pieces))


def _signed(body: Expr, limits: tuple[Tuple, ...]) -> Expr:
    """Σ −a -> −Σ a."""
    return Neg(over(body.term, limits)) if isinstance(body, Neg) else over(body, limits)


@rule(
    "multiplying-out",
    "multiplying out",
    Law("a*(b + c)", "a*b + a*c"),
    of=Sum,
    examples=(Law("sum(z[k]*(delta(j,k) - y[j]), k)", "sum(z[k]*delta(j,k) - z[k]*y[j], k)"),),
)
def multiplying_out(term: Sum) -> Expr | None:
    """Under a sum, where a δ in the bracket then sifts."""
    bound = {t[0] for t in term.limits}
    terms = terms_of(term.function)
    for n, one in enumerate(terms):
        pieces = _multiplied_out(one, bound)
        if pieces is not None:
            return over(plus(*terms[:n], *pieces, *terms[n + 1 :]), term.limits)
    return None


def _multiplied_out(term: Expr, bound: set[Basic]) -> list[Expr] | None:
    """The terms of a product with a bracket in which a δ then sifts."""
    body = factored(term)
    for base, exponent in body.powers.items():
        if isinstance(base, Plus) and exponent == 1 and _useful(base, bound):
            if left_out(base):
                continue  # the sum over the others is one object
            rest = body.without(base)
            return [(rest * factored(t)).term() for t in terms_of(base)]
    return None


def _useful(term: Basic, bound: set[Basic], inner: frozenset[Basic] = frozenset()) -> bool:
    """Is there a δ in a term by which one of the bound letters sifts?

    Not by an `inner` letter, of a sum in the term: Σ_b δ_bk f_b sifts where it stands.
    """
    if isinstance(term, KroneckerDelta):
        values = (solved_for(cast(Symbol, b), term) for b in free_letters(term) & bound)
        return any(v is not None and not free_letters(v) & inner for v in values)
    return any(_useful(a, bound, inner | set(bound_letters(term))) for a in term.args)


@rule(
    "one-sum",
    "one sum",
    Law("sum(a[k], k) + sum(b[k], k)", "sum(a[k] + b[k], k)"),
    of=Plus,
    examples=(
        Law("sum(y[k]*z[k], k) + sum(z[m]*exp(z[m]), m)", "sum(y[k]*z[k] + z[k]*exp(z[k]), k)"),
    ),
    refuses=(
        "sum(z[k], k) + sum(h[n], n)",
        "sum(y[k], k) + sum(z[k], k)",
        "sum(y[k]*z[k], k) + x[i]*sum(y[k]*h[k], k)",
    ),
)
def one_sum(term: Plus) -> Expr | None:
    """Sums over the same range are one where their bodies share a factor that varies in it.

    Not where a factor outside varies in an index that the sum does not know: x_i Σ_k y_k h_k is a
    number times a vector, Σ_k y_k (z_k + x_i h_k) a matrix times a vector.
    """
    pieces = terms_of(term)
    for n, a in enumerate(pieces):
        for m in range(n + 1, len(pieces)):
            joined = _joined(a, pieces[m])
            if joined is not None:
                return plus(*pieces[:n], joined, *pieces[n + 1 : m], *pieces[m + 1 :])
    return None


def _joined(a: Expr, b: Expr) -> Expr | None:
    for body_a, body_b, limits in _over_one_range(a, b):
        if _in_common(body_a, body_b, limits):
            return over(plus(body_a.term(), body_b.term()), limits)
    return None


def in_common(a: Expr, b: Expr) -> int:
    """How many factors that vary in their range two sums share, once they are over one."""
    return max((_in_common(*found) for found in _over_one_range(a, b)), default=0)


def _over_one_range(a: Expr, b: Expr) -> Iterator[tuple[Factored, Factored, tuple[Tuple, ...]]]:
    """The bodies of two sums over the same ranges, in the letters of the first."""
    left, right = _as_sum(a), _as_sum(b)
    if left is None or right is None:
        return
    (fa, sa), (fb, sb) = left, right
    if any(free_letters(f.term()) - free_letters(s.function) for f, s in (left, right)):
        return
    for order in permutations(sb.limits):
        if [t.args[1:] for t in order] != [t.args[1:] for t in sa.limits]:
            continue
        moved = {t[0]: u[0] for t, u in zip(order, sa.limits, strict=True) if t[0] != u[0]}
        if (free_letters(sb.function) | free_letters(fb.term())) & set(moved.values()):
            continue
        body_b = fb * factored(substitute(sb.function, dict(moved)))
        yield fa * factored(sa.function), body_b, sa.limits


def _in_common(a: Factored, b: Factored, limits: tuple[Tuple, ...]) -> int:
    bound = {t[0] for t in limits}
    names = {_up_to_sign(base) for base in b.powers}
    return sum(_up_to_sign(base) in names and bool(free_letters(base) & bound) for base in a.powers)


def _up_to_sign(base: Expr) -> Hashable:
    """One value for a − b and b − a."""
    return frozenset((key(base), key(negative(base)))) if isinstance(base, Plus) else base


def _as_sum(term: Expr) -> tuple[Factored, Sum] | None:
    """c · Σ … as (c, Σ …), if the term is that."""
    view = factored(term)
    sums = [b for b, e in view.powers.items() if isinstance(b, Sum) and e == 1]
    if len(sums) != 1:
        return None
    inner = {t[0] for t in sums[0].limits}
    rest = view.without(sums[0])
    if any(free_letters(b) & inner for b in rest.powers):
        return None
    return rest, sums[0]
