"""Folding: a definition read from right to left, its body wherever it stands -> its name.

Gives `folding`, the maker of that rule for a stage.  A body is found as a factor of a product,
with e^x divided through where that helps, and as its complement, 1 − q.

Floor 1: imports floor 0 and the register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from functools import lru_cache
from itertools import product
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Rational, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.records import dataclass
from symderiv.rules import sums
from symderiv.rules.fractions import PRODUCTS
from symderiv.rules.registry import Rule, made
from symderiv.terms import (
    ONE,
    Neg,
    Partial,
    Plus,
    Power,
    Quantity,
    Quotient,
    bottom_up,
    plus,
    rebuild,
)
from symderiv.terms.factors import (
    Factored,
    factored,
    key,
    negative,
    number,
    terms_of,
)
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.matching import Binding, match
from symderiv.terms.problem import Definition


@lru_cache(maxsize=64)
def folding(stage: Definition) -> Rule:
    """A body, wherever it stands as a factor, -> its name."""
    writings = sorted(
        (Writing(body, name, factored(body)) for body, name in _writings(stage)),
        key=lambda writing: -len(writing.view.powers),
    )

    weighted = _weighted(stage)

    def once(term: Expr) -> Expr | None:
        view = factored(term)
        for writing in writings:
            found = _folded(term, view, writing, stage)
            if found is not None:
                return found
        return weighted(view)

    def fold(term: Basic) -> Expr | None:
        if isinstance(term, Indexed | Symbol | Quantity | Partial | Neg):
            return None  # of −u what stands behind the sign is folded
        result = None
        found = once(cast(Expr, term))
        while found is not None:  # as often as it occurs: e^{-x}/(1 + e^{-x})² -> s(1 − s)
            result, found = found, once(found)
        return result

    # a body is found among factors or terms, or is itself the one factor of what it is found in
    bases = {type(base) for writing in writings for base in writing.view.powers}
    heads: tuple[type[Any], ...] = (Plus, *PRODUCTS, *sorted(bases, key=lambda head: head.__name__))
    return made("definition", f"definition of {stage.name}", fold, of=heads)


@dataclass
class Writing:
    """A body, what it is called, and the factors by which it is recognised."""

    body: Expr
    name: Expr
    view: Factored
    main: list[tuple[Expr, Expr]] = field(init=False)
    heads: frozenset[type] = field(init=False)

    def __post_init__(self) -> None:
        self.main = _principal(self.view)
        self.heads = frozenset(type(base) for base, _ in self.main)

    def may_be_in(self, view: Factored) -> bool:
        """Has the product factors enough of these heads?"""
        return len(view.powers) >= len(self.main) > 0 and self.heads <= set(map(type, view.powers))


def _writings(stage: Definition) -> Iterator[tuple[Expr, Expr]]:
    """The body and what it is: q; a fraction with e^x divided through; its complement, 1 − q."""
    if isinstance(stage.body, Symbol | Indexed | Quantity) or stage.body.is_number:
        return
    yield stage.body, stage.quantity
    view = factored(stage.body)
    (root, degree), *others = view.powers.items() or [(ONE, ONE)]
    if not others and view.coefficient == 1 and isinstance(root, Quotient) and degree.is_Rational:
        yield root, Power(stage.quantity, 1 / degree)  # of s = √(u/K) what is u/K is s²
    plain = cast(Expr, bottom_up(stage.body, _constants_out))
    if plain != stage.body:
        yield plain, stage.quantity
    bars = [b for b, e in view.powers.items() if isinstance(b, Plus) and e == -1]
    if len(bars) != 1:
        return
    (bar,) = bars
    above = view.without(bar)
    rest = [t for t in terms_of(bar) if key(t) != key(above.term())]
    forms = [(above.term(), stage.quantity)]
    if len(rest) == len(bar.args) - 1:
        forms.append((plus(*rest), Plus(ONE, Neg(stage.quantity))))
    exponentials = [t for t in terms_of(bar) if isinstance(t, sympy.exp)]
    for divisor in (ONE, *exponentials) if len(bar.args) <= WRITTEN_SHORT else (ONE,):
        for top, name in forms:
            if divisor == 1 and top is forms[0][0]:
                continue
            yield _divided(top, bar, divisor), name


def _constants_out(term: Basic) -> Basic:
    """A sum with its constant factors before it: where a body is found, they stand there."""
    return sums.constant_out(term) or term


WRITTEN_SHORT = 3  # 1 + e^{-x} is worth dividing through by e^{-x}; a written-out sum is not


def _divided(top: Expr, bar: Expr, divisor: Expr) -> Expr:
    by = factored(divisor).to_the(sympy.S.NegativeOne)
    upper = plus(*((factored(t) * by).term() for t in terms_of(top)))
    lower = plus(*((factored(t) * by).term() for t in terms_of(bar)))
    return Quotient(upper, lower)


def _weighted(stage: Definition) -> Callable[[Factored], Expr | None]:
    """Σ_k e^{z_k} a_k / Σ_k e^{z_k} -> Σ_k p_k a_k: the numerator stands under a sum."""
    pattern = factored(stage.body)
    letters = frozenset(stage.quantity.indices)
    below = [b for b, e in pattern.powers.items() if e == -1 and isinstance(b, Sum)]
    above = [b for b, e in pattern.powers.items() if e == 1 and free_letters(b) & letters]
    if not letters or len(below) != 1 or len(above) != 1 or len(pattern.powers) != 2:
        return lambda view: None
    share = Quotient(above[0], below[0])

    def fold(view: Factored) -> Expr | None:
        sums = [b for b, e in view.powers.items() if isinstance(b, Sum) and e == 1]
        bars = [
            b for b, e in view.powers.items() if isinstance(b, Sum) and negative(e) in (1, 2, 3)
        ]
        for total, base in product(sums, bars):
            body = factored(total.function)
            for part in [b for b, e in body.powers.items() if e == 1]:
                for binding in match(share, Quotient(part, base), letters):
                    if not letters <= set(binding):
                        continue
                    called = substitute(stage.quantity, dict(binding))
                    unit = Factored(1 / pattern.coefficient, {part: -ONE, called: ONE})
                    inner = rebuild(total, ((body * unit).term(), *total.limits))
                    rest = view * Factored(ONE, {total: -ONE, base: ONE})
                    return (rest * Factored(ONE, {inner: ONE})).term()
        return None

    return fold


def _principal(view: Factored) -> list[tuple[Expr, Expr]]:
    """The factors by which a definition is recognised; sizes and plain scalars may be left over."""
    main = [
        (b, e) for b, e in view.powers.items() if b.args and not isinstance(b, sympy.KroneckerDelta)
    ]
    return main or list(view.powers.items())


def _folded(term: Expr, view: Factored, writing: Writing, stage: Definition) -> Expr | None:
    name, pattern, main = writing.name, writing.view, writing.main
    if isinstance(writing.body, Plus) and isinstance(term, Plus):
        return _folded_sum(term, writing.body, name, stage)
    if not writing.may_be_in(view):
        return None
    letters = frozenset(stage.quantity.indices)
    for binding, times_over in _occurrences(main, view, letters):
        if not letters <= set(binding):
            continue
        result = Factored(view.coefficient, dict(view.powers))
        whole = _at(pattern.powers.items(), binding, pattern.coefficient)
        if whole.coefficient != 1 and not times_over.is_Integer:
            continue
        result = result * whole.to_the(cast(Expr, -times_over))
        if _divides_anew(result, view):
            continue
        if times_over < 0 and isinstance(name, Plus):
            continue  # 1 + x² is no 1/(1 − u)
        if times_over < 0 and _divides_anew(whole.to_the(cast(Expr, -ONE)), view):
            continue  # 1 + |x| is no x/u for u = x/(1 + |x|), which is 0 where x is
        called = substitute(name, dict(binding))
        result = result * factored(called).to_the(times_over)
        plain = {b: e for b, e in result.powers.items() if not isinstance(b, Plus)}
        return Factored(result.coefficient, {**plain, **result.powers}).term()
    return None


def _divides_anew(result: Factored, view: Factored) -> bool:
    """Is a number divided by that was not, and may be 0?  σ(x) is no u/x for u = x σ(x)."""
    return any(
        isinstance(b, Symbol | Indexed | Quantity)
        and _is_below(e)
        and not _is_below(view.powers.get(b, ONE))
        and not b.is_positive
        for b, e in result.powers.items()
    )


def _is_below(exponent: Expr) -> bool:
    value = number(exponent)
    return value is not None and value < 0


def _occurrences(
    main: list[tuple[Expr, Expr]], view: Factored, letters: frozenset[Symbol]
) -> Iterator[tuple[Binding, Expr]]:
    """Where all main factors occur, at which indices, and how many times over."""
    ordered = sorted(main, key=lambda pair: -len(free_letters(pair[0]) & letters))
    first = ordered[0][0]
    for base in list(view.powers):
        if type(base) is not type(first):
            continue
        for binding in match(first, base, letters):
            counts = []
            for part, power in _at(main, binding).powers.items():
                found = view.exponent_of(part)
                counts.append(None if found is None else _ratio(found, power))
            if any(c is None for c in counts):
                continue
            ratios = cast("list[Expr]", counts)
            if len(set(ratios)) == 1 and ratios[0].is_Integer:
                yield binding, ratios[0]
                for fewer in range(int(ratios[0]) - 1, 0, -1):  # what beside it is there less often
                    yield binding, sympy.Integer(fewer)
            elif ratios and len(main) > 1 and all(c >= 1 for c in ratios):
                yield binding, cast(Expr, sympy.floor(min(ratios)))


def _at(
    powers: Iterable[tuple[Expr, Expr]], binding: Binding, coefficient: Rational = ONE
) -> Factored:
    """A product at these indices; factors that come to be the same are joined: z_i z_t at i = t."""
    made = Factored(coefficient)
    for base, exponent in powers:
        made.multiply(substitute(base, dict(binding)), exponent)
    return made


def _ratio(exponent: Expr, unit: Expr) -> Expr | None:
    """How many times over base^unit is in base^exponent."""
    a, b = number(exponent), number(unit)
    if a is None or b is None:
        return ONE if key(exponent) == key(unit) else None
    ratio = a / b
    return cast(Expr, ratio) if ratio > 1 or (ratio.is_Integer and ratio != 0) else None


def _folded_sum(term: Plus, body: Plus, name: Expr, stage: Definition) -> Expr | None:
    """A sum that is the body, or its negative."""
    letters = frozenset(stage.quantity.indices)
    for candidate, sign in ((term, 1), (negative(term), -1)):
        for binding in match(body, candidate, letters):
            if letters <= set(binding):
                called = substitute(name, dict(binding))
                return called if sign == 1 else Neg(called)
    return None
