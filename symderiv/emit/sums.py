"""Sums in stable form: 1 - p, p_i - δ_iy, p_i - t_i, e^x - 1, 1 - 2σ(x), x_i - mean of x.

Gives `in_sum`, what some terms of a sum make together.  (What is a product of softmax's Jacobian
with something is in `directions`, what a target is in `targets`.)

To add a form: a place in `_difference`, and its identity in `identities`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import TYPE_CHECKING, cast

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Sum, Symbol

from symderiv.emit.directions import along
from symderiv.emit.made import expm1
from symderiv.emit.targets import less_target
from symderiv.terms import (
    ONE,
    Neg,
    Power,
    Quantity,
    Quotient,
    Times,
    function_of,
    plus,
    sigmoid,
    times,
)
from symderiv.terms.factors import factored, negative
from symderiv.terms.letters import substitute

if TYPE_CHECKING:
    from symderiv.emit.stable import Stages


def in_sum(stages: Stages, terms: list[Expr]) -> Iterator[Expr]:
    """The stable forms of a sum."""
    found: Expr | None
    for (m, a), (n, b) in permutations(enumerate(terms), 2):
        if isinstance(a, Neg):
            continue
        found = _difference(stages, a, b)
        if found is None and isinstance(b, Neg):
            found = _difference(stages, b.term, negative(a))
            found = None if found is None else negative(found)
        if found is not None:
            rest = [t for i, t in enumerate(terms) if i not in (m, n)]
            yield plus(*rest[: min(m, n)], found, *rest[min(m, n) :])
    if (found := less_target(stages, terms)) is not None:
        yield found
    elif (found := less_target(stages, [negative(t) for t in terms])) is not None:
        yield Neg(found)


def _difference(stages: Stages, a: Expr, b: Expr) -> Expr | None:
    """a + b, where b is usually a term with a minus."""
    minus = b.term if isinstance(b, Neg) else None
    if a == 1 and isinstance(b, sympy.erf):
        return function_of(sympy.erfc, negative(cast(Expr, b.args[0])))
    if a == 1 and minus is not None:
        return _one_less(stages, minus) or _one_less_twice(stages, minus)
    if b in (-1, Neg(ONE)) and isinstance(a, sympy.exp):
        return function_of(expm1, *a.args)
    if minus is None:
        return None
    for form in (along, _about_mean):
        if (found := form(stages, a, minus)) is not None:
            return found
    if isinstance(a, Times) and isinstance(minus, Times | Power):
        return _expanded_jacobian(stages, a, minus)
    if isinstance(a, Quantity) and a.name in stages.softmaxes:
        return _softmax_less(stages, a, minus)
    if isinstance(a, Quantity) and a.name in stages.sigmoids and _same_place(a, minus):
        others = _one_less(stages, a)
        return plus(times(a, plus(ONE, Neg(minus))), Neg(times(minus, cast(Expr, others))))
    if (
        isinstance(a, KroneckerDelta)
        and isinstance(minus, Quantity)
        and minus.name in stages.softmaxes
    ):
        kind, (over, *_) = stages.softmaxes[minus.name], stages.over(minus)
        if over in a.args and len(kind.letters) == 1:
            (other,) = (x for x in a.args if x != over)
            if stages.is_letter(other):
                return stages.make("log_jacobian", minus, cast(Symbol, other))
    return None


def _expanded_jacobian(stages: Stages, a: Expr, b: Expr) -> Expr | None:
    """δ_ij p_j - p_j p_i."""
    left, right = factored(a), factored(b)
    deltas = [t for t in left.powers if isinstance(t, KroneckerDelta)]
    if len(deltas) != 1 or len(left.powers) != 2 or len(right.powers) != 2:
        return None
    (p,) = (t for t in left.powers if t not in deltas)
    plain = {left.coefficient, right.coefficient, *left.powers.values(), *right.powers.values()}
    if plain != {ONE} or not isinstance(p, Quantity) or p.name not in stages.softmaxes:
        return None
    if len(p.indices) != 1 or p.indices[0] not in deltas[0].args:
        return None
    (j,) = (x for x in deltas[0].args if x != p.indices[0])
    if stages.is_letter(j) and set(right.powers) == {p, Quantity(p.symbol, j)}:
        return stages.make("jacobian", p, cast(Symbol, j))
    return None


def _one_less(stages: Stages, term: Expr) -> Expr | None:
    """1 - term."""
    if isinstance(term, Quantity) and term.name in stages.softmaxes:
        return stages.make("complement", term)
    if isinstance(term, Quantity) and term.name in stages.sigmoids:
        indices, argument = stages.sigmoids[term.name]
        moved = substitute(argument, dict(zip(indices, term.indices, strict=True)))
        return function_of(sigmoid, negative(moved))
    if isinstance(term, sigmoid):
        return function_of(sigmoid, negative(cast(Expr, term.args[0])))
    if isinstance(term, Power) and term.exponent == 2:
        inner: Expr | None = None
        base = term.base
        if isinstance(base, sympy.tanh):
            inner = cast(Expr, base.args[0])
        elif isinstance(base, Quantity) and base.name in stages.tanhs:
            indices, argument = stages.tanhs[base.name]
            inner = substitute(argument, dict(zip(indices, base.indices, strict=True)))
        if inner is not None:
            return Power(Quotient(ONE, function_of(sympy.cosh, inner)), sympy.Integer(2))
    return None


def _one_less_twice(stages: Stages, term: Expr) -> Expr | None:
    """1 - 2σ(x) as -tanh(x/2)."""
    view = factored(term)
    if view.coefficient != 2 or list(view.powers.values()) != [ONE]:
        return None
    (s,) = view.powers
    others = _one_less(stages, s)
    if not isinstance(others, sigmoid):
        return None
    return function_of(sympy.tanh, Quotient(cast(Expr, others.args[0]), sympy.Integer(2)))


def _about_mean(stages: Stages, x: Expr, mean: Expr) -> Expr | None:
    """x_i - (Σ_k x_k)/K."""
    stage = stages.problem.definition(mean.name) if isinstance(mean, Quantity) else None
    view = factored(stage.at(cast(Quantity, mean)) if stage else mean)
    total = next((b for b in view.powers if isinstance(b, Sum)), None)
    if total is None or len(total.args) != 2 or not isinstance(x, Indexed | Quantity):
        return None
    k, first, size = cast("tuple[Symbol, Expr, Expr]", total.args[1].args)
    if view.coefficient != 1 or view.powers != {total: ONE, size: -ONE} or first != 1:
        return None
    one = cast(Expr, total.args[0])
    for i in x.args[1:]:
        batch = tuple(cast(Symbol, s) for s in x.args[1:] if s != i)
        letters = (*batch, k)
        if all(map(stages.is_letter, x.args[1:])) and substitute(x, {i: k}) == one:
            name = stages.add("centred", "centred", letters, (one,), (letters,))
            return Quantity(Symbol(name), *batch, cast(Expr, i))
    return None


def _softmax_less(stages: Stages, p: Quantity, other: Expr) -> Expr | None:
    over, *batch = stages.over(p)
    if isinstance(other, KroneckerDelta) and over in other.args and stages.is_letter(over):
        (label,) = (x for x in other.args if x != over)
        if stages.is_label(label, batch):
            return stages.make("label_gradient", p, label=label)
    return None


def _same_place(a: Quantity, b: Expr) -> bool:
    return isinstance(b, Indexed | Quantity) and tuple(b.args[1:]) == a.indices
