"""Matching: is a term an instance of a pattern whose letters may stand for any index?

Gives `match(pattern, term, letters)`: the bindings of the letters under which the pattern equals
the term up to the order of terms and factors and the names of bound letters.

Floor 0: imports heads, letters and factors only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.terms import Neg, Plus, Power, Quantity, Quotient, Times
from symderiv.terms.factors import factored, key, terms_of
from symderiv.terms.letters import BINDERS, all_fresh, free_letters, substitute

Binding = dict[Symbol, Expr]


def match(pattern: Basic, term: Basic, letters: frozenset[Symbol]) -> Iterator[Binding]:
    """All bindings of `letters` under which the pattern is the term."""
    yield from _match(pattern, term, letters, {})


def _match(
    pattern: Basic, term: Basic, letters: frozenset[Symbol], binding: Binding
) -> Iterator[Binding]:
    if isinstance(pattern, Symbol) and pattern in letters:
        bound = binding.get(pattern)
        if bound is None:
            yield {**binding, pattern: cast(Expr, term)}
        elif bound == term:
            yield binding
        return
    if not (free_letters(pattern) & letters):
        if key(pattern) == key(term):
            yield binding
        return
    if isinstance(pattern, Plus):
        ours, theirs = terms_of(pattern), terms_of(cast(Expr, term))
        if isinstance(term, Plus) and len(ours) == len(theirs):
            yield from _all(ours, theirs, letters, binding)
        return
    if isinstance(pattern, Times | Quotient | Neg | Power):
        yield from _product(cast(Expr, pattern), cast(Expr, term), letters, binding)
        return
    if type(pattern) is not type(term) or len(pattern.args) != len(term.args):
        return
    if isinstance(pattern, BINDERS):
        yield from _under_binder(pattern, term, letters, binding)
        return
    if isinstance(pattern, Indexed | Quantity) and pattern.args[0] != term.args[0]:
        return
    if isinstance(pattern, KroneckerDelta):  # δ_ij is δ_ji
        yield from _all(pattern.args, term.args, letters, binding)
        return
    start = 1 if isinstance(pattern, Indexed | Quantity) else 0
    yield from _each(pattern.args[start:], term.args[start:], letters, binding)


def _each(
    patterns: Sequence[Basic], terms: Sequence[Basic], letters: frozenset[Symbol], binding: Binding
) -> Iterator[Binding]:
    if not patterns:
        yield binding
        return
    for found in _match(patterns[0], terms[0], letters, binding):
        yield from _each(patterns[1:], terms[1:], letters, found)


def _all(
    patterns: Sequence[Basic], terms: Sequence[Basic], letters: frozenset[Symbol], binding: Binding
) -> Iterator[Binding]:
    """In any order."""
    if not patterns:
        yield binding
        return
    for n, term in enumerate(terms):
        for found in _match(patterns[0], term, letters, binding):
            yield from _all(patterns[1:], (*terms[:n], *terms[n + 1 :]), letters, found)


def _product(
    pattern: Expr, term: Expr, letters: frozenset[Symbol], binding: Binding
) -> Iterator[Binding]:
    left, right = factored(pattern), factored(term)
    if left.coefficient != right.coefficient or len(left.powers) != len(right.powers):
        return
    if list(left.powers) == [pattern]:  # a power that is no product: compare its parts
        if list(right.powers) == [term] and type(pattern) is type(term):
            yield from _each(pattern.args, term.args, letters, binding)
        return
    yield from _all(
        [sympy.Tuple(b, e) for b, e in left.powers.items()],
        [sympy.Tuple(b, e) for b, e in right.powers.items()],
        letters,
        binding,
    )


def _under_binder(
    pattern: Basic, term: Basic, letters: frozenset[Symbol], binding: Binding
) -> Iterator[Binding]:
    pairs = list(zip(pattern.args[1:], term.args[1:], strict=True))
    taken = set(free_letters(pattern) | free_letters(term) | letters)
    left, right = pattern.args[0], term.args[0]
    taken |= free_letters(left) | free_letters(right)
    new = all_fresh((t.args[0] for _, t in pairs), taken)
    for (p, t), common in zip(pairs, new, strict=True):
        left = substitute(left, {p.args[0]: common})
        right = substitute(right, {t.args[0]: common})
    ends = [(p.args[1:], t.args[1:]) for p, t in pairs]
    flat_p = [e for ps, _ in ends for e in ps]
    flat_t = [e for _, ts in ends for e in ts]
    for found in _each([left, *flat_p], [right, *flat_t], letters, binding):
        escaped: Mapping[Symbol, Expr] = {k: v for k, v in found.items() if k in letters}
        if not any(free_letters(v) & set(new) for v in escaped.values()):
            yield found
