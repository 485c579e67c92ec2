"""Expressions of whole arrays: products of matrices, outer products, transposes, as data.

Gives `Whole` and its makers.  A whole array has a rank, 0 for a number, 1 for a vector (a column),
2 for a matrix.  The makers push transposes inwards, lay products flat and leave out ones.

Imports nothing of ours.  To add a head: a maker here, a row in each speller, and a case in
`raising`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod

from symderiv.records import dataclass


@dataclass(frozen=True)
class Whole:
    """A head over parts; `word` is the name or number or function that it has.

    `symmetric` is a matrix that is known to be its own transpose.
    """

    head: str
    parts: tuple[Whole, ...] = ()
    rank: int = 0
    word: str = ""
    symmetric: bool = False

    @property
    def number(self) -> Fraction | None:
        """The value of a number, also of a negated one; None of all else."""
        if self.head == "number":
            return Fraction(self.word)
        if self.head == "neg":
            value = self.parts[0].number
            return None if value is None else -value
        return None


def number(value: int) -> Whole:
    return neg(number(-value)) if value < 0 else Whole("number", word=str(value))


ONE = number(1)


def name(word: str, rank: int, *, symmetric: bool = False) -> Whole:
    return Whole("name", rank=rank, word=word, symmetric=symmetric and rank == 2)


def names(a: Whole) -> frozenset[str]:
    """The names in it."""
    own = frozenset((a.word,)) if a.head == "name" else frozenset[str]()
    return own.union(*map(names, a.parts))


def renamed(a: Whole, words: Mapping[str, str]) -> Whole:
    """The same with other words in place of some."""
    parts = tuple(renamed(p, words) for p in a.parts)
    return replace(a, word=words.get(a.word, a.word), parts=parts)


def ones(length: Whole) -> Whole:
    """A vector of ones."""
    return Whole("ones", (length,), 1)


def zeros(*lengths: Whole) -> Whole:
    """A vector or a matrix of zeros."""
    return Whole("zeros", lengths, len(lengths))


def eye(length: Whole) -> Whole:
    """The identity matrix."""
    return Whole("eye", (length,), 2)


def size(word: str, owner: str, axis: int, rank: int) -> Whole:
    """The size of an axis, by the array that has it: N, len(y) or X.shape[0]."""
    code = f"len({owner})" if rank == 1 else f"{owner}.shape[{axis}]"
    return Whole("size", (Whole("code", word=code),), 0, word)


def neg(a: Whole) -> Whole:
    if a.head == "add" and any(p.head == "neg" for p in a.parts):  # what is positive first
        turned = sorted((neg(p) for p in a.parts), key=lambda p: p.head == "neg")
        return Whole("add", tuple(turned), a.rank)
    return a.parts[0] if a.head == "neg" else Whole("neg", (a,), a.rank)


def add(*terms: Whole) -> Whole:
    """A sum of terms; one that stands there twice is taken twice."""
    flat = [p for t in terms for p in (t.parts if t.head == "add" else (t,))]
    counts = {p: flat.count(p) for p in flat}
    flat = [p if n == 1 else times(number(n), p) for p, n in counts.items()]
    if len(flat) == 1:
        return flat[0]
    if (common := _common(flat)) is not None:
        return times(common, add(*(_without(t, common) for t in flat)))
    return Whole("add", tuple(flat), max(t.rank for t in flat))


def _common(terms: list[Whole]) -> Whole | None:
    """The determinant that all terms have as a factor: det(X) (2 X⁻¹ - ...)."""
    plain = [t.parts[0] if t.head == "neg" else t for t in terms]
    sets = [{p for p in t.parts if p.word == "det"} if t.head == "times" else set() for t in plain]
    return next(iter(set.intersection(*sets)), None)


def _without(term: Whole, factor: Whole) -> Whole:
    if term.head == "neg":
        return neg(_without(term.parts[0], factor))
    left = list(term.parts)
    left.remove(factor)
    return times(*left)


def times(*factors: Whole) -> Whole:
    """A product by components, numbers first."""
    flat = [p for f in factors for p in (f.parts if f.head == "times" else (f,)) if p != ONE]
    if any(f.number == 0 for f in flat):
        return Whole("number", rank=max(f.rank for f in flat), word="0")
    minus, flat = _unsigned(flat)
    flat = [f for f in flat if f != ONE]
    digits = [f for f in flat if f.head == "number" and f.word.isdigit()]
    if len(digits) > 1:  # 2 2 X is 4 X
        flat = [number(prod(int(f.word) for f in digits)), *(f for f in flat if f not in digits)]
    below = [f.parts[1] for f in flat if f.head == "over" and f.parts[0] == ONE and f.rank]
    if below:  # a ⊙ (1 ⊘ b) is a ⊘ b
        above = [f for f in flat if not (f.head == "over" and f.parts[0] == ONE and f.rank)]
        made = over(times(*above), times(*below))
        return neg(made) if minus else made
    flat.sort(key=lambda f: (f.rank > 0, f.head != "number" if f.rank == 0 else 0))
    if not flat:
        made = ONE
    elif len(flat) == 1:
        made = flat[0]
    else:
        made = Whole("times", tuple(flat), max(f.rank for f in flat))
    return neg(made) if minus else made


def _unsigned(factors: Sequence[Whole]) -> tuple[bool, list[Whole]]:
    """Is the product of these negative?  And the factors without their signs."""
    minus = sum(f.head == "neg" for f in factors) % 2 == 1
    return minus, [f.parts[0] if f.head == "neg" else f for f in factors]


def _without_numbers(factors: Sequence[Whole]) -> tuple[list[Whole], list[Whole]]:
    """The numbers that arrays are multiplied by, and the arrays alone."""
    scaled = [f.parts if f.head == "times" else () for f in factors]
    kept = [times(*(p for p in f.parts if p.rank)) if f.head == "times" else f for f in factors]
    return [p for parts in scaled for p in parts if p.rank == 0], kept


def over(a: Whole, b: Whole) -> Whole:
    if b == ONE:
        return a
    if a.head == "neg":
        return neg(over(a.parts[0], b))
    return Whole("over", (a, b), max(a.rank, b.rank))


def power(a: Whole, b: Whole) -> Whole:
    return Whole("power", (a, b), a.rank)


def call(function: str, a: Whole) -> Whole:
    """A function by components."""
    return Whole("call", (a,), a.rank, function)


def where(sign: str, a: Whole, b: Whole) -> Whole:
    """1 where a comparison holds, else 0."""
    return Whole("where", (a, b), max(a.rank, b.rank), sign)


def whole_call(function: str, a: Whole, rank: int) -> Whole:
    """A function of a whole array: trace, inv, logdet, softmax, sum, diag, norm."""
    return Whole("whole", (a,), rank, function, a.symmetric and function == "inv")


def is_symmetric(a: Whole) -> bool:
    """Is the transpose made of the same terms?"""
    terms = a.parts if a.head == "add" else (a,)
    return a.rank == 2 and {*map(transpose, terms)} == {*terms}


def transpose(a: Whole) -> Whole:
    if a.rank < 2 or a.symmetric:
        return a
    match a.head:
        case "transpose":
            return a.parts[0]
        case "matmul":
            return matmul(*(transpose(p) for p in reversed(a.parts)))
        case "outer":
            return outer(a.parts[1], a.parts[0])
        case "neg":
            return neg(transpose(a.parts[0]))
        case "eye" | "number":
            return a
        case "whole" if a.word == "diag":
            return a
        case "times" | "over" if sum(p.rank == 2 for p in a.parts) == 1:
            parts = tuple(transpose(p) for p in a.parts)
            return times(*parts) if a.head == "times" else over(*parts)
    outside = Whole("transpose", (a,), 2)
    if a.head in ("add", "times"):  # inwards, where that leaves no more of them
        inside = tuple(transpose(p) for p in a.parts)
        made = add(*inside) if a.head == "add" else times(*inside)
        return made if _transposes(made) < _transposes(outside) else outside
    return outside


def _transposes(a: Whole) -> int:
    return (a.head == "transpose") + sum(map(_transposes, a.parts))


def matmul(*parts: Whole) -> Whole:
    """A product of matrices, or of matrices with a vector at the end."""
    flat = [p for part in parts for p in (part.parts if part.head == "matmul" else (part,))]
    minus, flat = _unsigned(flat)
    scalars, flat = _without_numbers([f for f in flat if f.head != "eye"] or flat[:1])
    made = flat[0] if len(flat) == 1 else Whole("matmul", tuple(flat), flat[-1].rank)
    if scalars:
        made = times(*scalars, made)
    return neg(made) if minus else made


def outer(a: Whole, b: Whole) -> Whole:
    minus, parts = _unsigned((a, b))
    scalars, kept = _without_numbers(parts)
    made = times(*scalars, Whole("outer", tuple(kept), 2))
    return neg(made) if minus else made


def dot(a: Whole, b: Whole) -> Whole:
    """The inner product of two vectors."""
    minus, (a, b) = _unsigned((a, b))
    if b.head == "ones":
        a, b = b, a
    made = whole_call("sum", b, 0) if a.head == "ones" else Whole("dot", (a, b))
    return neg(made) if minus else made


def diag(a: Whole) -> Whole:
    """The diagonal matrix of a vector."""
    return a if a.rank != 1 else whole_call("diag", a, 2)
