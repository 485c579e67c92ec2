"""Products in which one factor vanishes where another is infinite: 0 log 0, 0/0, q^(g - 1) at 0.

Gives `vanishing`, forms of such a product that are right at the end too.  Floats get there often:
with logits 800 apart 1 - p is 0.

To add a form: a function of a product, one of those that `vanishing` asks in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import TYPE_CHECKING, cast

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.emit.made import log_ratio, sigmoid_times, zero_times
from symderiv.terms import (
    ONE,
    Iverson,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    function_of,
    plus,
    sigmoid,
    subterms,
    times,
)
from symderiv.terms.factors import Factored, add_exponents, factored, power, terms_of
from symderiv.terms.letters import free_letters, substitute

if TYPE_CHECKING:
    from symderiv.emit.stable import Stages


def vanishing(stages: Stages, term: Expr) -> Iterator[Expr]:
    """The product with every factor that vanishes kept from an infinite one, if there is any."""
    found = term
    for form in FORMS:
        while (after := next(form(stages, factored(found)), None)) is not None:
            found = after
    if found is not term:
        yield found


def without(view: Factored, gone: tuple[Expr, ...], found: Expr) -> Expr:
    """The product with some of its bases replaced by one term."""
    rest = Factored(view.coefficient, {b: e for b, e in view.powers.items() if b not in gone})
    left = rest.term()
    if left == 1:
        return found
    if isinstance(left, Quotient):
        top = found if left.numerator == 1 else times(left.numerator, found)
        return Quotient(top, left.denominator)
    if isinstance(left, Neg):
        return Neg(found if left.term == 1 else times(left.term, found))
    return times(left, found)


def _into_bracket(stages: Stages, view: Factored) -> Iterator[Expr]:
    """a (b/a + c) as b + a c: no division by an a that vanishes."""
    for a, b in permutations(view.powers, 2):
        single = view.powers[a] == view.powers[b] == 1
        if single and isinstance(a, Indexed | Quantity) and _divides(a, b):
            yield without(view, (a, b), _multiplied(a, b))


def _divides(a: Expr, term: Expr) -> bool:
    """Does a stand under a fraction bar in a sum, or in a bracket of it?"""
    views = [factored(t) for t in terms_of(term)] if isinstance(term, Plus) else []
    return any(
        view.powers.get(a) == -1 or any(e == 1 and _divides(a, b) for b, e in view.powers.items())
        for view in views
    )


def _multiplied(a: Expr, term: Expr) -> Expr:
    """a times a sum, term by term."""
    parts = []
    for t in terms_of(term):
        view = factored(t)
        inner = next((b for b, e in view.powers.items() if e == 1 and _divides(a, b)), None)
        if inner is not None and a not in view.powers:
            parts.append(without(view, (inner,), _multiplied(a, inner)))
        else:
            view.multiply(a, ONE)
            parts.append(view.term())
    return plus(*parts)


def _nought_times_log(stages: Stages, view: Factored) -> Iterator[Expr]:
    """a log a, a (b - log a): 0 where a is."""
    for a, b in permutations(view.powers, 2):
        single = view.powers[a] == view.powers[b] == 1
        if single and isinstance(a, Indexed | Quantity | sigmoid) and _has_log_of(a, b):
            if isinstance(a, Quantity) and _is_probability_of_each(stages, a):
                yield without(view, (a, b), stages.make("weighted", a, label=b))
            yield without(view, (a, b), function_of(zero_times, a, stages.stable(b)))


def _is_probability_of_each(stages: Stages, p: Quantity) -> bool:
    return p.name in stages.softmaxes and stages.is_letter(stages.over(p)[0])


def _weight_times_log(stages: Stages, view: Factored) -> Iterator[Expr]:
    """y_i log p_i, (1 - y_i) log(1 - s_i): a weight of 0 leaves nothing of log 0."""
    logs = [b for b, e in view.powers.items() if isinstance(b, sympy.log) and e == 1]
    for log in logs:
        rest = Factored(ONE, {b: e for b, e in view.powers.items() if b is not log})
        weight, u = rest.term(), cast(Expr, log.args[0])
        arrays = any(isinstance(t, Indexed) for t in subterms(weight))
        if arrays and _may_be_nought(stages, _lacks(u) or u):
            found = function_of(zero_times, stages.stable(weight), stages.stable(log))
            yield without(view, tuple(view.powers), found)


def _may_be_nought(stages: Stages, u: Expr) -> bool:
    if isinstance(u, Quantity):
        return u.name in stages.sigmoids or (
            u.name in stages.softmaxes and stages.is_letter(stages.over(u)[0])
        )
    return isinstance(u, sigmoid)


def _times_sigmoid(stages: Stages, view: Factored) -> Iterator[Expr]:
    """x σ(x), σ(x)(1 + x …): σ vanishes faster than x grows."""
    for s, v in permutations(view.powers, 2):
        x = _under_sigmoid(stages, s)
        if x is not None and view.powers[s] == view.powers[v] == 1 and _holds_factor(v, x):
            yield without(view, (s, v), function_of(sigmoid_times, x, stages.stable(v)))


def _under_sigmoid(stages: Stages, s: Expr) -> Expr | None:
    if isinstance(s, Quantity) and s.name in stages.sigmoids:
        indices, argument = stages.sigmoids[s.name]
        return substitute(argument, dict(zip(indices, s.indices, strict=True)))
    return cast(Expr, s.args[0]) if isinstance(s, sigmoid) else None


def _holds_factor(v: Expr, x: Expr) -> bool:
    """Is v x or -x, or a sum with a multiple of it?"""
    plain = x.term if isinstance(x, Neg) else x
    terms = terms_of(v) if isinstance(v, Plus) else (v,)
    return any(
        factored(t).powers.get(plain) == 1 or (isinstance(t, sigmoid_times) and t.args[1] == plain)
        for t in terms
    )


def _times_decaying(stages: Stages, view: Factored) -> Iterator[Expr]:
    """x e^(-x²/2), x erfc(-x): what vanishes does so faster than a power grows."""
    for d, x in permutations(view.powers, 2):
        if not isinstance(x, Symbol | Indexed) or x not in subterms(d):
            continue
        grows = view.powers[x].is_Integer and view.powers[x] > 0
        if grows and (
            (isinstance(d, sympy.exp) and view.powers[d] in (1, -1))
            or (isinstance(d, sympy.erfc) and view.powers[d] == 1)
        ):
            vanishes = Factored(ONE, {d: view.powers[d]}).term()
            found = function_of(zero_times, vanishes, power(x, view.powers[x]))
            yield without(view, (d, x), found)
    if 0 < view.coefficient < 1:  # half of what is at most 2 first: 2 x may be too large
        for found in view.powers:
            if isinstance(found, zero_times) and isinstance(found.args[0], sympy.erfc):
                less = Factored(view.coefficient, {cast(Expr, found.args[0]): ONE}).term()
                rest = Factored(ONE, view.powers)
                yield without(rest, (found,), function_of(zero_times, less, *found.args[1:]))


def _bracketed(stages: Stages, view: Factored) -> Iterator[Expr]:
    """[x < 0] e^x: 0 where the bracket is, also where the other branch has no end."""
    brackets = tuple(
        b for b, e in view.powers.items() if isinstance(b, Iverson | KroneckerDelta) and e == 1
    )
    rest = Factored(view.coefficient, {b: e for b, e in view.powers.items() if b not in brackets})
    if brackets and any(_unbounded(b, e) for b, e in rest.powers.items()):
        yield function_of(zero_times, times(*brackets), stages.stable(rest.term()))


def _unbounded(base: Expr, exponent: Expr) -> bool:
    """May a power be too large for a float where the base is not?"""
    if exponent != 1 and free_letters(base):
        return True
    return any(
        isinstance(t, sympy.exp | sympy.log | sympy.sinh | sympy.cosh | sympy.tan)
        or (isinstance(t, Quotient) and any(_varies(u) for u in subterms(t.denominator)))
        or (isinstance(t, Power) and t.exponent != 1)
        for t in subterms(base)
    )


def _varies(term: Basic) -> bool:
    return isinstance(term, Indexed | Quantity) or bool(
        isinstance(term, Symbol) and not term.is_integer
    )


def _has_log_of(a: Expr, term: Expr) -> bool:
    """Is the term infinite where a is 0: log a, or a sum with log a in it?"""
    parts = terms_of(term) if isinstance(term, Plus) else (term,)
    plain = [p.term if isinstance(p, Neg) else p for p in parts]
    return any(isinstance(t, sympy.log) and a in subterms(t) for t in plain)


def _log_over_rest(stages: Stages, view: Factored) -> Iterator[Expr]:
    """log u (1 - u)^e with e < 0 as (log u / (1 - u)) (1 - u)^(e + 1): the first is -1 at 1."""
    for log, rest in permutations(view.powers, 2):
        if not isinstance(log, sympy.log) or view.powers[log] != 1:
            continue
        u = cast(Expr, log.args[0])
        if _lacks(rest) != u or not _may_be_negative(view.powers[rest]):
            continue
        found: Expr = function_of(log_ratio, stages.stable(log), stages.stable(rest))
        gone = [log, rest]
        if view.powers.get(u) == 1:
            found = function_of(zero_times, u, found)
            gone.append(u)
        yield without(view, tuple(gone), _raised(found, rest, view.powers[rest]))


def _slope_over_rest(stages: Stages, view: Factored) -> Iterator[Expr]:
    """(p_j - δ_ij)(1 - p_i)^e with e < 0 by the gradient of the odds, which is no 0/0."""
    for slope, rest in permutations(view.powers, 2):
        p = _lacks(rest)
        if not isinstance(p, Quantity) or p.name not in stages.softmaxes:
            continue
        if view.powers[slope] != 1 or not _may_be_negative(view.powers[rest]):
            continue
        found = _odds(stages, slope, p)
        if found is not None:
            yield without(view, (slope, rest), _raised(found, rest, view.powers[rest]))


def _odds(stages: Stages, slope: Expr, p: Quantity) -> Expr | None:
    """(p_j - δ_ij)/(1 - p_i), where the slope is that difference or its negative."""
    terms = terms_of(slope)
    if len(terms) != 2 or not isinstance(slope, Plus):
        return None
    plain = [t for t in terms if not isinstance(t, Neg)]
    negated = [t.term for t in terms if isinstance(t, Neg)]
    if len(plain) != 1:
        return None
    for other, delta, sign in ((*plain, *negated, 1), (*negated, *plain, -1)):
        if not isinstance(delta, KroneckerDelta) or not isinstance(other, Quantity):
            continue
        i, *batch = stages.over(p)
        j, *same = stages.over(other) if other.name == p.name else (i,)
        if batch != same or set(delta.args) != {i, j} or i == j or not stages.is_letter(j):
            continue
        made: Expr | None = None
        if stages.is_label(i, batch):
            made = stages.make("label_odds_gradient", other, label=i)
        elif stages.is_letter(i) and not batch:
            made = stages.make("odds_jacobian", other, extra=cast(Symbol, i))
        if made is not None:
            return made if sign == 1 else Neg(made)
    return None


def _lacks(term: Expr) -> Expr | None:
    """u, of 1 - u."""
    terms = terms_of(term) if isinstance(term, Plus) else ()
    negated = [t.term for t in terms if isinstance(t, Neg)]
    return negated[0] if len(terms) == 2 and len(negated) == 1 and ONE in terms else None


def _may_be_negative(exponent: Expr) -> bool:
    if exponent.is_Rational:
        return bool(exponent < 0)
    return any(isinstance(t, Neg) for t in terms_of(exponent))


def _raised(found: Expr, rest: Expr, exponent: Expr) -> Expr:
    """What was found, times the rest to one power more."""
    more = add_exponents(exponent, ONE)
    if more == 0:
        return found
    minus = isinstance(found, Neg)
    product = times(found.term if isinstance(found, Neg) else found, power(rest, more))
    return Neg(product) if minus else product


FORMS = (
    _into_bracket,
    _slope_over_rest,
    _log_over_rest,
    _nought_times_log,
    _weight_times_log,
    _bracketed,
    _times_sigmoid,
    _times_decaying,
)
