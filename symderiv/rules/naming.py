"""The rules that know the problem: definitions, folding back, lemmas, facts and the chain.

Gives makers of rules.  A rule made here carries the definition, the finished derivation or the
fact that it cites, so that the line it makes can say which.

Floor 1: imports floor 0 and the register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import sympy
from sympy import Expr, Indexed, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.factors import Factored, factored, key, negative, number, terms_of
from symderiv.letters import all_letters, free_letters, fresh, rename_bound, substitute
from symderiv.matching import Binding, match
from symderiv.problem import Definition, Fact, Problem, name_of
from symderiv.rules.algebra import expanded
from symderiv.rules.differentiation import parts
from symderiv.rules.registry import Rule, held
from symderiv.rules.sums import over
from symderiv.terms import (
    ONE,
    ZERO,
    D,
    Neg,
    Partial,
    Plus,
    Quantity,
    Quotient,
    plus,
    summation,
    times,
)


def made(name: str, law: str, function: Callable[[Basic], Expr | None]) -> Rule:
    """A rule outside the register, its result held and tidied as that of every rule."""
    return Rule(name, law, held(function))


def definition_of(stage: Definition) -> Rule:
    """p_i -> its definition."""

    def unfold(term: Basic) -> Expr | None:
        if isinstance(term, Quantity) and term.name == stage.name:
            return stage.at(term)
        return None

    return made(f"definition of {stage.name}", "", unfold)


def independent(problem: Problem) -> Rule:
    """A named quantity that does not depend on the variable is a constant."""

    def constant(term: Basic) -> Expr | None:
        match parts(term):
            case (u, x) if not problem.mentions(u, x):
                return ZERO
        return None

    return made("constants", r"\frac{\partial c}{\partial x} = 0", constant)


def citing(statement: Expr, answer: Expr, name: str, law: str = "") -> Rule:
    """The finished derivation `statement = answer` as a rule, at any indices."""
    q, x = cast("tuple[Expr, Expr]", parts(statement))
    letters = [
        a
        for t in (q, x)
        if isinstance(t, Indexed | Quantity)
        for a in t.args[1:]
        if isinstance(a, Symbol)
    ]

    def cite(term: Basic) -> Expr | None:
        found = parts(term)
        if found is None:
            return None
        if found == (q, x):
            return answer
        if not isinstance(q, Quantity) or not _alike(q, found[0]) or not _alike(x, found[1]):
            return None
        moved: dict[Basic, Basic] = {}
        for pattern, actual in ((q, found[0]), (x, found[1])):
            for a, b in zip(pattern.args[1:], actual.args[1:], strict=False):
                if a in letters:
                    if moved.setdefault(a, b) != b:
                        return None
                elif a != b:
                    return None
        return substitute(rename_bound(answer, set().union(*map(all_letters, found))), moved)

    return made(name, law, cite)


def _alike(a: Expr, b: Expr) -> bool:
    return type(a) is type(b) and name_of(a) == name_of(b) and len(a.args) == len(b.args)


def chain_through(stage: Definition, problem: Problem, target: Expr) -> Rule:
    """∂f/∂x -> Σ_m (∂f/∂q_m)(∂q_m/∂x), where f depends on x through q alone."""
    name = stage.name

    def chain(term: Basic) -> Expr | None:
        found = parts(term)
        if found is None or found != parts(target):
            return None
        f, x = found
        taken = set(all_letters(f) | all_letters(x))
        indices: list[Symbol] = []
        for a in stage.quantity.indices:
            index = fresh(cast(Symbol, a), taken)
            taken.add(index)
            indices.append(index)
        q = Quantity(stage.quantity.symbol, *indices)
        body: Expr = times(D(f, q), D(q, x))
        for index, high in reversed(list(zip(indices, problem.shapes[name], strict=True))):
            body = cast(Expr, summation(body, index, high))
        return body

    law = (
        r"\frac{\partial f}{\partial x} = \sum_m \frac{\partial f}{\partial q_m}\,"
        r"\frac{\partial q_m}{\partial x}"
        if stage.quantity.indices
        else r"\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q}\,"
        r"\frac{\partial q}{\partial x}"
    )
    return made(f"chain rule through {name}", law, chain)


def known_sum(fact: Fact, name: str) -> Rule:
    """Σ_i y_i -> 1, for a fact that gives a sum's value; its free letters are any index."""
    left, right = cast(Expr, fact.relation.lhs), cast(Expr, fact.relation.rhs)
    letters = frozenset(s for s in free_letters(left) if s.is_integer and not s.is_positive)

    def apply(term: Basic) -> Expr | None:
        if type(term) is not type(left):
            return None
        for binding in match(left, term, letters):
            return substitute(right, dict(binding))
        return None

    return made(name, "", apply)


def known_part(fact: Fact, name: str) -> Rule:
    """Σ_i p_i (a_i + 1) -> Σ_i p_i a_i + Σ_i p_i, where the value of one of the sums is known."""
    known = known_sum(fact, name)

    def apply(term: Basic) -> Expr | None:
        if not isinstance(term, Sum):
            return None
        body = factored(cast(Expr, term.function))
        bound = {t[0] for t in term.limits}
        for base, exponent in body.powers.items():
            if not isinstance(base, Plus) or exponent != 1:
                continue
            rest = Factored(body.coefficient, {b: e for b, e in body.powers.items() if b != base})
            pieces = [rest * factored(t) for t in terms_of(base)]
            for piece in pieces:
                inner = Factored(
                    ONE, {b: e for b, e in piece.powers.items() if free_letters(b) & bound}
                )
                if known(over(inner.term(), term.limits)) is not None:
                    return plus(*(over(p.term(), term.limits) for p in pieces))
        return None

    return made("multiplying out", r"\sum_k a_k\,(b_k + c) = \sum_k a_k b_k + c \sum_k a_k", apply)


def gathered(fact: Fact, name: str) -> Rule:
    """c·y_1 + c·y_2 + c·y_3 -> c (y_1 + y_2 + y_3), multiplied out first where it must be."""
    wanted = terms_of(cast(Expr, fact.relation.lhs))

    def apply(term: Basic) -> Expr | None:
        if not isinstance(term, Plus):
            return None
        pieces = [v for t in terms_of(term) for v in expanded(t)]
        for start in pieces:
            rest = _cofactor(start, wanted[0])
            if rest is None or not rest.powers:
                continue
            mates = [
                next((p for p in pieces if _same(p, rest * factored(w))), None) for w in wanted
            ]
            if all(m is not None for m in mates):
                left = [p.term() for p in pieces if not any(p is m for m in mates)]
                return plus(*left, (rest * factored(fact.relation.lhs)).term())
        return None

    return made(name, "", apply)


def _cofactor(view: Factored, part: Expr) -> Factored | None:
    (base,) = factored(part).powers
    if view.powers.get(base) != 1:
        return None
    return Factored(view.coefficient, {b: e for b, e in view.powers.items() if b != base})


def _same(a: Factored, b: Factored) -> bool:
    return a.coefficient == b.coefficient and key(a.term()) == key(b.term())


# -- folding: the definition read from right to left ----------------------------------------------


def folding(stage: Definition) -> Rule:
    """A body, wherever it stands as a factor, -> its name."""
    writings = sorted(_writings(stage), key=lambda pair: -len(factored(pair[0]).powers))

    def once(term: Expr) -> Expr | None:
        for body, name in writings:
            found = _folded(term, body, name, stage)
            if found is not None:
                return found
        return None

    def fold(term: Basic) -> Expr | None:
        if isinstance(term, Indexed | Symbol | Quantity | Partial):
            return None
        result = None
        found = once(cast(Expr, term))
        while found is not None:  # as often as it occurs: e^{-x}/(1 + e^{-x})² -> s(1 − s)
            result, found = found, once(found)
        return result

    return made(f"definition of {stage.name}", "", fold)


def _writings(stage: Definition) -> Iterator[tuple[Expr, Expr]]:
    """The body and what it is: q; a fraction with e^x divided through; its complement, 1 − q."""
    if isinstance(stage.body, Symbol | Indexed | Quantity) or stage.body.is_number:
        return
    yield stage.body, stage.quantity
    view = factored(stage.body)
    bars = [b for b, e in view.powers.items() if isinstance(b, Plus) and e == -1]
    if len(bars) != 1:
        return
    (bar,) = bars
    above = Factored(view.coefficient, {b: e for b, e in view.powers.items() if b != bar})
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


WRITTEN_SHORT = 3  # 1 + e^{-x} is worth dividing through by e^{-x}; a written-out sum is not


def _divided(top: Expr, bar: Expr, divisor: Expr) -> Expr:
    by = factored(divisor).to_the(sympy.S.NegativeOne)
    upper = plus(*((factored(t) * by).term() for t in terms_of(top)))
    lower = plus(*((factored(t) * by).term() for t in terms_of(bar)))
    return Quotient(upper, lower)


def _principal(view: Factored) -> list[tuple[Expr, Expr]]:
    """The factors by which a definition is recognised; sizes and plain scalars may be left over."""
    main = [
        (b, e) for b, e in view.powers.items() if b.args and not isinstance(b, sympy.KroneckerDelta)
    ]
    return main or list(view.powers.items())


def _folded(term: Expr, body: Expr, name: Expr, stage: Definition) -> Expr | None:
    if isinstance(body, Plus) and isinstance(term, Plus):
        return _folded_sum(term, body, name, stage)
    pattern, view = factored(body), factored(term)
    main = _principal(pattern)
    if not main or len(view.powers) < len(main):
        return None
    letters = frozenset(stage.quantity.indices)
    for binding, times_over in _occurrences(main, view, letters):
        if not letters <= set(binding):
            continue
        result = Factored(view.coefficient, dict(view.powers))
        whole = Factored(
            pattern.coefficient,
            {substitute(b, dict(binding)): e for b, e in pattern.powers.items()},
        )
        if whole.coefficient != 1 and not times_over.is_Integer:
            continue
        result = result * whole.to_the(cast(Expr, -times_over))
        called = substitute(name, dict(binding))
        result.multiply(called, times_over)
        plain = {b: e for b, e in result.powers.items() if not isinstance(b, Plus)}
        return Factored(result.coefficient, {**plain, **result.powers}).term()
    return None


def _occurrences(
    main: list[tuple[Expr, Expr]], view: Factored, letters: frozenset[Symbol]
) -> Iterator[tuple[Binding, Expr]]:
    """Where all main factors occur, at which indices, and how many times over."""
    ordered = sorted(main, key=lambda pair: -len(free_letters(pair[0]) & letters))
    (first, first_power), rest = ordered[0], ordered[1:]
    for base, exponent in list(view.powers.items()):
        if type(base) is not type(first):
            continue
        for binding in match(first, base, letters):
            counts = [_ratio(exponent, first_power)]
            for other, other_power in rest:
                wanted = key(substitute(other, dict(binding)))
                found = next((e for b, e in view.powers.items() if key(b) == wanted), None)
                counts.append(None if found is None else _ratio(found, other_power))
            if any(c is None for c in counts):
                continue
            ratios = cast("list[Expr]", counts)
            if len(set(ratios)) == 1 and (len(main) == 1 or ratios[0].is_Integer):
                yield binding, ratios[0]
            elif all(c.is_Rational and c >= 1 for c in ratios):
                yield binding, cast(Expr, sympy.floor(min(ratios)))


def _ratio(exponent: Expr, unit: Expr) -> Expr | None:
    """How many times over base^unit is in base^exponent, for whole numbers of times."""
    a, b = number(exponent), number(unit)
    if a is None or b is None:
        return ONE if key(exponent) == key(unit) else None
    ratio = a / b
    return cast(Expr, ratio) if ratio.is_Integer and ratio != 0 else None


def _folded_sum(term: Plus, body: Plus, name: Expr, stage: Definition) -> Expr | None:
    """A sum that is the body, or its negative."""
    letters = frozenset(stage.quantity.indices)
    for candidate, sign in ((term, 1), (negative(term), -1)):
        for binding in match(body, candidate, letters):
            if letters <= set(binding):
                called = substitute(name, dict(binding))
                return called if sign == 1 else Neg(called)
    return None
