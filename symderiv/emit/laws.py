"""Laws that keep digits: what is small is computed as what it is, not as what is left of 1.

Gives `complemented` (1 - n/(n + r) is r/(n + r), where two terms of a sum stand so), `written` (a
sum with its stages written out), `unlogged` (e^log u is u), `labelled_share` (a label's share of a
sum), and `split` and `split_over`, a δ taken apart where that brings a complement to light.  Each
is a rewriting of a term into an equal one; `Lowering` asks the judge about every use.

Imports averages, cosines, gates and roots; floor 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import cast

import sympy
from sympy import Expr, Function, KroneckerDelta, Product, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.atoms import IDENTITIES
from symderiv.elementwise import FUNCTIONS
from symderiv.emit.averages import less_average
from symderiv.emit.cosines import less_cosine
from symderiv.emit.gates import less_gate, two_terms
from symderiv.emit.roots import is_square_sum, parted
from symderiv.reader import read
from symderiv.terms import (
    ONE,
    Iverson,
    Neg,
    Plus,
    Quantity,
    Quotient,
    Times,
    bottom_up,
    delta,
    exp,
    plus,
    sigmoid,
    subterms,
    summation,
    times,
)
from symderiv.terms.contents import contents, kinds
from symderiv.terms.factors import Factored, factored, key, negative, number, terms_of, tidy
from symderiv.terms.letters import all_letters, free_letters, fresh, rename_bound, substitute
from symderiv.terms.matching import match
from symderiv.terms.problem import Problem

MOST = 4  # of a power that is taken apart
DEEPEST = 4  # stages within one another that are opened for what is left of 1
WRITTEN = 600  # terms of a sum whose stages are written out

Cases = tuple[KroneckerDelta, Expr, Expr]  # a δ, a term where it is 1, and where it is 0


@lru_cache(maxsize=512)
def complemented(term: Expr, problem: Problem) -> Expr:
    """a - a q as a·(1 - q), for a share q of a whole: 1 - q is the share of the others."""
    terms = list(terms_of(term))
    below = [isinstance(t, Neg) for t in terms]
    for n, a in sorted(enumerate(terms), key=lambda pair: below[pair[0]]):
        for m, b in enumerate(terms):
            if n == m or factored(a).coefficient == 0:
                continue
            share = factored(b) * factored(a).to_the(cast(Expr, -ONE))
            stages = [q for q in factored(a).powers if isinstance(q, Quantity)]
            if any(share.exponent_of(q) == -1 for q in stages):
                continue  # it may be 0
            ratio = share.term()
            rest = identity(plus(ONE, _plain(two_terms(share).term(), problem)))
            if rest is None and isinstance(ratio, Neg):
                rest = others(ratio.term, problem)
            elif rest is None:
                rest = less_cosine(negative(ratio), lambda q: body_of(q, problem))
            if rest is not None:
                kept = [t for p, t in enumerate(terms) if p not in (n, m)]
                joined = (factored(a) * factored(rest)).term()
                return complemented(plus(*kept, joined), problem)
    return term


@cache
def _patterns() -> tuple[tuple[Expr, Expr, int], ...]:
    """Formula and computed form of the atoms in functions that there are, and those of the formula.

    These stand in a term that it is, as they are.
    """
    read_in = [[read(text).function for text in (a.formula, a.computed)] for a in IDENTITIES]
    return tuple(
        (formula, computed, kinds(type(t) for t in subterms(formula) if isinstance(t, Function)))
        for formula, computed in read_in
    )


def identity(term: Expr) -> Expr | None:
    """The computed form of an atom whose formula the term is."""
    there = contents(term).kinds
    for formula, computed, functions in _patterns():
        if functions & ~there:
            continue
        (x,) = free_letters(formula)
        for binding in match(formula, term, frozenset((x,))):
            return cast(Expr, tidy(substitute(computed, dict(binding))))
    return None


def _plain(term: Expr, problem: Problem) -> Expr:
    """A term with every stage that is a function of one number written out."""

    def written(t: Basic) -> Basic:
        body = body_of(t, problem) if isinstance(t, Quantity) else None
        if isinstance(body, Quotient):  # 1/(1 + e^-x)
            body = two_terms(factored(body)).term()
        return body if isinstance(body, Function) else t

    return cast(Expr, bottom_up(term, written))


def written(term: Expr, problem: Problem) -> Expr:
    """A short sum with every stage that is a number written out, if no complement is seen in it."""
    if (
        not isinstance(term, Plus)
        or not contents(term).stages
        or problem.extent(term)[0] > WRITTEN
        or complemented(term, problem) != term
    ):
        return term

    def out(t: Basic) -> Basic:
        body = body_of(t, problem) if isinstance(t, Quantity) and not t.indices else None
        return t if body is None else cast(Expr, bottom_up(body, out))

    return cast(Expr, bottom_up(term, out))


@lru_cache(maxsize=512)
def others(share: Expr, problem: Problem, deep: int = 0) -> Expr | None:
    """1 - q for a share q: the others' share; None where q is none, so `deep` in stages."""
    if deep > DEEPEST:
        return None
    if isinstance(share, Quantity):
        body = body_of(share, problem)
        return None if body is None else others(body, problem, deep + 1)
    beside = _beside_one(share)
    if beside is not None:
        return negative(beside)
    left = identity(plus(ONE, Neg(share))) or _other_part(share) or _other_terms(share)
    left = left or less_cosine(share, lambda q: body_of(q, problem))
    left = left or less_gate(share) or _other_power(share, problem, deep)
    left = left or _other_gates(share, problem) or less_average(share)
    seen = factored(share) if left is None else Factored()
    whole = [b for b, e in seen.powers.items() if isinstance(b, Quantity) and e.is_Integer]
    bodies = {b: body_of(b, problem) for b in whole}
    if left is not None or not any(isinstance(b, Quotient | Times) for b in bodies.values()):
        return left
    return others(opened(seen, bodies).term(), problem, deep + 1)


def _beside_one(term: Expr) -> Expr | None:
    """u of 1 + u."""
    minus = isinstance(term, Neg)
    terms = [negative(t) if minus else t for t in terms_of(term.term if minus else term)]
    if len(terms) == 1 or ONE not in terms:
        return None
    terms.remove(ONE)
    return plus(*terms)


def opened(view: Factored, bodies: Mapping[Expr, Expr | None]) -> Factored:
    """A product with terms in place of some of its bases."""
    made = Factored(view.coefficient)
    for base, exponent in view.powers.items():
        body = bodies.get(base) if exponent.is_Integer else None
        if body is None:
            made.multiply(base, exponent)
        else:
            made *= factored(body).to_the(exponent)
    return made


def _other_part(share: Expr) -> Expr | None:
    """1 - c f as c (1/c - f), where that is known: 1 - (1 + erf x)/2 is erfc(x)/2."""
    view = factored(share)
    if view.coefficient in (0, 1) or list(view.powers.values()) != [1]:
        return None
    (base,) = view.powers
    numbers = [t for t in terms_of(base) if number(t) is not None]
    rest = [negative(t) for t in terms_of(base) if number(t) is None]
    constant = sum((cast(Expr, number(t)) for t in numbers), start=sympy.S.Zero)
    left = identity(plus(cast(Expr, 1 / view.coefficient - constant), *rest))
    return None if left is None else (Factored(view.coefficient) * factored(left)).term()


def _other_power(share: Expr, problem: Problem, deep: int) -> Expr | None:
    """1 - q^n as (1 - q) (1 + q + … + q^(n - 1)), where 1 - q is known, or for n = 2 1 + q."""
    view = factored(share)
    view = parted(view) or view
    above = [e for e in view.powers.values() if not e.is_negative]
    if view.coefficient != 1 or not above or not all(e.is_Integer for e in above):
        return None
    n = math.gcd(*map(int, above))
    whole = {b: cast(Expr, e / n) for b, e in view.powers.items()}
    known = all(e.is_Integer or (e.is_negative and is_square_sum(b)) for b, e in whole.items())
    if not 1 < n <= MOST or not known:
        return None
    root = Factored(ONE, whole)
    q = root.term()
    less = others(q, problem, deep + 1)
    more = others(negative(q), problem, deep + 1) if n == 2 else None
    if less is None and more is None:
        return None
    powers = (root.to_the(cast(Expr, sympy.Integer(k))).term() for k in range(n))
    less, more = less or plus(ONE, negative(q)), more or plus(*powers)
    return (factored(less) * factored(more)).term()


def _other_gates(share: Expr, problem: Problem) -> Expr | None:
    """1 - Π σ(u) as 1 - e^(-Σ log(1 + e^-u)): the sum is as small as what is left of 1."""
    view = two_terms(factored(share))
    logs, several = [], len(view.powers) > 1
    for base, exponent in view.powers.items():
        body, limits = (base.function, base.limits) if isinstance(base, Product) else (base, ())
        gate = two_terms(factored(complemented(_plain(body, problem), problem))).term()
        if not isinstance(gate, sigmoid) or not (exponent.is_Integer and exponent.is_positive):
            return None
        log = FUNCTIONS["softplus"].head(negative(cast(Expr, gate.args[0])))
        for index, low, high in reversed(limits):
            log = summation(log, cast(Symbol, index), high, low)
        logs.append(negative(times(exponent, log)))
        several = several or bool(limits) or exponent != 1
    return plus(ONE, Neg(exp(plus(*logs)))) if several and view.coefficient == 1 else None


def body_of(quantity: Quantity, problem: Problem) -> Expr | None:
    """What a named quantity stands for, at its indices."""
    stage = problem.definition(quantity.name)
    if stage is None:
        return None
    return cast(Expr, rename_bound(stage.at(quantity), all_letters(quantity)))


def _other_terms(share: Expr) -> Expr | None:
    view = factored(share)
    for whole, exponent in view.powers.items():
        if exponent != -1:
            continue
        rest = view.without(whole)
        top = rest.term()
        match whole:
            case Sum() if len(whole.limits) == 1:
                left = _other_places(top, whole)
            case Plus():
                left = _other_summands(top, whole)
            case _:
                continue
        if left is not None:
            return Quotient(left, whole)
    return None


def _other_places(top: Expr, whole: Sum, indices: Iterable[Expr] | None = None) -> Expr | None:
    """Σ_k b_k without the term that is `top`, at one of some indices."""
    ((k, low, high),) = whole.limits
    for i in places(top) if indices is None else indices:
        if key(substitute(whole.function, {k: i})) == key(top):
            spare = fresh(cast(Symbol, k), all_letters(top) | all_letters(whole) - {k})
            body = substitute(whole.function, {k: spare})
            left = times(plus(ONE, Neg(delta(spare, i))), body)
            return summation(left, spare, high, low)
    return None


def labelled_share(
    view: Factored, is_label: Callable[[Basic], bool]
) -> tuple[Expr, Expr, Sum] | None:
    """b_y, Σ_{k≠y} b_k and Σ_k b_k of b_y/Σ_k b_k, for a label y."""
    for whole, exponent in view.powers.items():
        if exponent != -1 or not isinstance(whole, Sum) or len(whole.limits) != 1:
            continue
        top = view.without(whole)
        labels = [i for i in places(top.term()) if is_given(i, is_label)]
        left = _other_places(top.term(), whole, labels)
        if left is not None:
            return top.term(), left, whole
    return None


def is_given(index: Basic, is_label: Callable[[Basic], bool]) -> bool:
    """Is an index a label, or an entry of an array of labels?"""
    return is_label(index) or isinstance(index, sympy.Indexed)


def places(top: Expr) -> list[Expr]:
    """Indices at which the top may be a term of the whole."""
    found: dict[Expr, None] = {}
    for t in subterms(top):
        if isinstance(t, sympy.Indexed | Quantity):
            found.update(dict.fromkeys(t.args[1:]))
    return list(found)


def _other_summands(top: Expr, whole: Plus) -> Expr | None:
    terms = terms_of(whole)
    for n, t in enumerate(terms):
        if key(t) == key(top):
            return plus(*terms[:n], *terms[n + 1 :])
    return None


def unlogged(view: Factored, positive: Callable[[Expr], bool]) -> Factored | None:
    """e^(c log u) as u^c, for a u that is positive."""
    powers = dict(view.powers)
    for base in view.powers:
        log = base.args[0] if isinstance(base, sympy.exp) else None
        u = cast(Expr, log.args[0]) if isinstance(log, sympy.log) else None
        if u is not None and u not in powers and positive(u):
            powers[u] = powers.pop(base)
    return Factored(view.coefficient, powers) if powers.keys() - view.powers.keys() else None


def split(term: Expr, problem: Problem) -> Cases | None:
    """δ, the term where it is 1 and where it is 0, if a complement comes to light where it is 1."""
    for t in subterms(term):
        if not isinstance(t, KroneckerDelta):
            continue
        a, b = t.args
        gone, stays = (a, b) if isinstance(a, Symbol) and a.name not in problem.labels else (b, a)
        if not isinstance(gone, Symbol):
            continue
        if not any(t in factored(s).powers for s in terms_of(term)):
            continue
        there = _placed(term, t, ONE, {gone: stays})
        found = complemented(there, problem)
        if key(found) != key(there):
            return t, found, _placed(term, t, sympy.S.Zero, {})
    return None


def split_over(view: Factored, problem: Problem) -> Cases | None:
    """As `split`, of a product: p_y (p_j - δ_jy)/(1 - p_y) is -p_y at y, else p_y p_j/(1 - p_y).

    What is left of 1 under the bar is written as the others' share.
    """
    better = {b: complemented(b, problem) for b, e in view.powers.items() if _is_below(b, e)}
    if all(b == c for b, c in better.items()):
        return None
    for base, exponent in view.powers.items():
        found = split(base, problem) if exponent == 1 and isinstance(base, Plus) else None
        if found is not None:
            d, *cases = found
            rest = opened(view.without(base), better)
            there, elsewhere = ((rest * _shares_opened(case, problem)).term() for case in cases)
            return d, there, elsewhere
    return None


def _shares_opened(term: Expr, problem: Problem) -> Factored:
    """A product with its shares as what they are of, which may be small and not vanish."""
    view = factored(term)
    bodies = {b: body_of(b, problem) for b in view.powers if isinstance(b, Quantity)}
    return opened(view, {b: c for b, c in bodies.items() if isinstance(c, Quotient)})


def _is_below(base: Expr, exponent: Expr) -> bool:
    return isinstance(base, Plus) and bool(exponent.is_Integer and exponent < 0)


def _placed(term: Expr, d: KroneckerDelta, value: Expr, moved: dict[Symbol, Expr]) -> Expr:
    kept: list[Expr] = []
    for summand in terms_of(term):
        view = factored(summand)
        if d in view.powers:
            if value == 0:
                continue
            view = view.without(d)
        placed = factored(substitute(view.term(), dict(moved)))
        known = {b: _on_itself(b) for b in placed.powers if isinstance(b, Iverson)}
        if False not in known.values():
            kept.append(placed.without(*(b for b, holds in known.items() if holds)).term())
    return plus(*kept)


def _on_itself(bracket: Iverson) -> bool | None:
    """Does a bracket with the same on both sides hold? None of another one."""
    left, right = bracket.condition.args
    if key(left) != key(right):
        return None
    return isinstance(bracket.condition, sympy.Eq | sympy.Ge | sympy.Le)
