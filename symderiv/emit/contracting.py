"""Contractions: a product of arrays summed over letters, as matrix products where it is one.

Gives `Operand` and `contracted`.  Nothing larger than operands and result is formed where two
arrays share the letter that is summed over.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from symderiv.emit.words import Words
from symderiv.records import dataclass


@dataclass(frozen=True)
class Operand:
    """A written array and the letters of its axes, as numbers; the result's come first."""

    code: ast.expr
    letters: tuple[int, ...]
    batched: bool = True


def contracted(operands: Sequence[Operand], rank: int, words: Words) -> ast.expr:
    """The product summed over every letter from `rank` on."""
    left = _gathered(_each_alone(operands, rank, words), rank, words)
    left = _each_alone(left, rank, words)  # what two shared, one has alone in a product
    if len(left) == 1:
        return _summed(left[0], rank, words).code
    if len(left) == 2:
        made = _pair(left[0], left[1], rank, words)
        if made is not None:
            return made
    return einsum(left, rank, words)


def einsum(operands: Sequence[Operand], rank: int, words: Words) -> ast.expr:
    names = "ijklmnopqrstuvwxyz"
    batch = "..." if any(o.batched for o in operands) else ""
    terms = ",".join(batch + "".join(names[a] for a in o.letters) for o in operands)
    out = batch + names[:rank]
    args = {f"x{n}": o.code for n, o in enumerate(operands)}
    alike = len({frozenset(o.letters) for o in operands}) == 1  # no product of matrices to look for
    more = ", optimize=True" if len(operands) > 2 or not (batch or alike) else ""
    return words.filled(f"np.einsum('{terms}->{out}', {', '.join(args)}{more})", args)


def _each_alone(operands: Sequence[Operand], rank: int, words: Words) -> list[Operand]:
    return [_alone(o, [p for p in operands if p is not o], rank, words) for o in operands]


def _alone(o: Operand, others: Sequence[Operand], rank: int, words: Words) -> Operand:
    """Summed at once over letters that no other operand has."""
    own = {a for a in o.letters if a >= rank and not any(a in p.letters for p in others)}
    return _summed_over(o, own, words) if own and others else o


def _summed(o: Operand, rank: int, words: Words) -> Operand:
    made = _summed_over(o, {a for a in o.letters if a >= rank}, words)
    order = sorted(range(len(made.letters)), key=lambda n: made.letters[n])
    code = words.turned(made.code, order, batched=o.batched)
    return Operand(code, tuple(sorted(made.letters)), made.batched)


def _summed_over(o: Operand, gone: set[int], words: Words) -> Operand:
    axes = [n - len(o.letters) for n, a in enumerate(o.letters) if a in gone]
    if not axes:
        return o
    where = str(axes[0]) if len(axes) == 1 else str(tuple(axes))
    kept = tuple(a for a in o.letters if a not in gone)
    return Operand(words.filled(f"a.sum({where})", {"a": o.code}), kept, o.batched)


def _gathered(operands: list[Operand], rank: int, words: Words) -> list[Operand]:
    """Operands whose letters another has are multiplied into it, the smallest first."""
    left = sorted(operands, key=lambda o: len(o.letters))
    n = 0
    while len(left) > 2 and n < len(left):
        small = left[n]
        fits = [o for o in left if o is not small and set(small.letters) <= set(o.letters)]
        if not fits:
            n += 1
            continue
        target = min(fits, key=lambda o: len(o.letters))
        left.remove(small)
        others = [o for o in left if o is not target]
        left[left.index(target)] = _joined(small, target, others, rank, words)
        n = 0
    return left


def _joined(
    small: Operand, large: Operand, others: Sequence[Operand], rank: int, words: Words
) -> Operand:
    """A product of two, summed at once over the one letter that no other has: W x is no array."""
    gone = [a for a in small.letters if a >= rank]
    if len(gone) == 1 and not any(gone[0] in o.letters for o in others):
        made = _pair(small, large, rank, words)
        if made is not None:
            kept = tuple(sorted(set(large.letters) - set(gone)))
            return Operand(made, kept, small.batched or large.batched)
    return _multiplied(small, large, words)


def _multiplied(small: Operand, large: Operand, words: Words) -> Operand:
    places = [large.letters.index(a) for a in small.letters]
    code = words.aligned(small.code, places, len(large.letters), batched=small.batched)
    product = words.filled("a * b", {"a": code, "b": large.code})
    return Operand(product, large.letters, small.batched or large.batched)


def _pair(a: Operand, b: Operand, rank: int, words: Words) -> ast.expr | None:
    """Two arrays: a matrix product where one letter is summed over."""
    shared = set(a.letters) & set(b.letters)
    gone = {s for s in shared if s >= rank}
    batch = sorted(shared - gone)
    if set(a.letters) == set(b.letters) and len(gone) > 1:
        last = a.letters[-1]
        if a.letters != b.letters or last < rank:
            return _summed(_multiplied(a, b, words), rank, words).code
        inner = words.filled("np.vecdot(a, b)", {"a": a.code, "b": b.code})
        return _summed(Operand(inner, a.letters[:-1], a.batched or b.batched), rank, words).code
    if len(gone) != 1:
        return None
    (s,) = gone
    free_a, free_b = ([x for x in o.letters if x not in shared] for o in (a, b))
    stack: list[int] = []  # one matrix with each of many
    if max(len(free_a), len(free_b)) > 1:
        if batch or a.batched or b.batched or min(len(free_a), len(free_b)) != 1:
            return None
        stack = sorted(free_a if len(free_a) > 1 else free_b)[:-1]
        free_a, free_b = ([x for x in free if x not in stack] for free in (free_a, free_b))

    def arranged(o: Operand, *letters: int) -> ast.expr:
        order = [o.letters.index(x) for x in letters if x in o.letters]
        return words.turned(o.code, order, batched=o.batched)

    def placed(code: ast.expr, *out: int) -> ast.expr:
        """The result with its axes in order."""
        order = sorted(range(len(out)), key=lambda n: out[n])
        return words.turned(code, order, batched=a.batched or b.batched)

    if not (free_a or free_b or batch or a.batched or b.batched):
        return words.filled("a @ b", {"a": a.code, "b": b.code})
    if not free_a and not free_b:
        if s not in (a.letters[-1], b.letters[-1]):  # rows are added as they lie, no column is read
            return einsum([a, b], rank, words)
        codes = {"a": arranged(a, *batch, s), "b": arranged(b, *batch, s)}
        return words.filled("np.vecdot(a, b)", codes)
    if not free_a or not free_b:
        matrix, vector = (a, b) if free_a else (b, a)
        (free,) = free_a or free_b
        codes = {"a": arranged(matrix, *batch, free, s), "b": arranged(vector, *batch, s)}
        if batch:
            return placed(words.filled("(a @ b[..., None])[..., 0]", codes), *batch, free)
        whole = matrix.batched or vector.batched
        return words.filled("_matvec(a, b)" if whole else "a @ b", codes)
    if free_a > free_b:
        a, b, free_a, free_b = b, a, free_b, free_a
    (row,), (column,) = free_a, free_b
    codes = {"a": arranged(a, *batch, *stack, row, s), "b": arranged(b, *batch, *stack, s, column)}
    return placed(words.filled("a @ b", codes), *batch, *stack, row, column)
