r"""Facts that derivations take for granted: that labels sum to one, are one-hot, are 0 or 1.

Gives `Pair` (two terms over one problem), `Granted`, `granted` (each such fact of a given array,
with the pair under it) and `domains` (x > 0, x is not 0, where roots, logarithms and kinks stand)
of the `numbers` in it.
Lines of a derivation and claims are tried with the same.

Imports floor 0 only.  To add a fact: a generator in `_KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import sympy
from sympy import Derivative, Expr, Indexed, Integer, Symbol
from sympy.core.basic import Basic
from sympy.core.function import Application
from sympy.core.relational import Relational

from symderiv.records import dataclass
from symderiv.terms import (
    ONE,
    Maximum,
    Neg,
    Power,
    Quantity,
    component,
    delta,
    letter,
    plus,
    subterms,
    summation,
    times,
)
from symderiv.terms.dependence import reached
from symderiv.terms.letters import free_letters, substitute
from symderiv.terms.problem import Definition, Fact, Problem, name_of

MOST_POSITIVE = 6  # names in one clause


@dataclass(frozen=True)
class Pair:
    """Two terms over one problem."""

    problem: Problem
    left: Expr
    right: Expr

    @property
    def every(self) -> Iterator[Basic]:
        """Every term in the two, and in the stages that they may name."""
        for term in (self.left, self.right, *(s.body for s in self.problem.stages)):
            yield from subterms(term)


@dataclass(frozen=True)
class Granted:
    """A pair under a fact: what is granted, as a clause after "if", and of which array."""

    pair: Pair
    needs: str
    about: str


def granted(pair: Pair, told: Mapping[str, int] | None = None) -> Iterator[Granted]:
    """The pair under each fact that may silently be meant, the likeliest first.

    Parameters
    ----------
    told : the lower value of what the text says has one of two
    """
    fixed = differentiated(pair)
    known = fixed | pair.problem.labels
    given = [n for n in pair.problem.shapes if n not in known and not pair.problem.definition(n)]
    for name, low in (told or {}).items():
        if name not in fixed:
            yield from _binary(pair, name, (low,))
    for kind in _KINDS:
        for name in given:
            if kind is not _binary or (is_label(name) and name not in (told or ())):
                yield from kind(pair, name)


def differentiated(pair: Pair) -> set[str]:
    """The arrays and scalars by which something is differentiated."""
    return {
        name_of(variable)
        for side in (pair.left, pair.right)
        for t in subterms(side)
        if isinstance(t, Derivative)
        for variable in t.variables
    }


def indices_of(term: Expr) -> frozenset[Symbol]:
    """The letters that are free in a term, sizes left out."""
    return frozenset(s for s in free_letters(term) if s.is_integer and not s.is_positive)


def with_fact(pair: Pair, relation: Relational) -> Pair | None:
    """The pair with one more fact; None where it has it already."""
    facts = pair.problem.facts
    if any(f.relation == relation for f in facts):
        return None
    return replace(pair, problem=replace(pair.problem, facts=(*facts, Fact(relation))))


def _normalised(pair: Pair, name: str) -> Iterator[Granted]:
    """Σ_k y_k = 1, and of a matrix Σ_k Y_nk = 1 for every n."""
    shape = pair.problem.shapes[name]
    letters = {1: "k", 2: "nk"}.get(len(shape), "")
    if letters and not _is_exponent(pair, name):
        indices = [letter(x) for x in letters]
        total = summation(component(name, *indices), indices[-1], shape[-1])
        made = with_fact(pair, sympy.Eq(total, ONE, evaluate=False))
        if made is not None:
            yield Granted(made, f"Σ_k {name}_{letters} = 1", name)


def _is_exponent(pair: Pair, name: str) -> bool:
    """Does it stand in an exponential, as logits do?"""
    inside = (t for e in pair.every if isinstance(e, sympy.exp) for t in subterms(e))
    return any(isinstance(t, Indexed) and name_of(t) == name for t in inside)


def _one_hot(pair: Pair, name: str) -> Iterator[Granted]:
    """y_k = [k = c], with c a class that stands in no line."""
    shape = pair.problem.shapes[name]
    if len(shape) != 1 or not is_label(name):
        return
    chosen = letter("c_")
    found = {t for t in pair.every if isinstance(t, Indexed) and name_of(t) == name}
    put: dict[Basic, Basic] = {t: delta(t.indices[0], chosen) for t in found}
    problem = replace(
        pair.problem,
        stages=tuple(Definition(s.quantity, substitute(s.body, put)) for s in pair.problem.stages),
        ranges={**pair.problem.ranges, chosen: shape[0]},
        labels=pair.problem.labels | {chosen.name},
    )
    made = Pair(problem, substitute(pair.left, put), substitute(pair.right, put))
    yield Granted(made, f"{name} is one-hot", name)


def _binary(pair: Pair, name: str, lower: Sequence[int] = (0, -1)) -> Iterator[Granted]:
    """y is 0 or 1, or it is −1 or 1."""
    shape = pair.problem.shapes.get(name, ())
    if len(shape) > 1 or pair.problem.definition(name):
        return
    value: Expr = component(name, letter("k")) if shape else Symbol(name)
    for low in lower:
        square = ONE if low else value
        relation = sympy.Eq(Power(value, sympy.Integer(2)), square, evaluate=False)
        made = with_fact(_between(pair, name, sympy.Integer(low)), relation)
        if made is not None:
            yield Granted(made, f"{name} is {low} or 1", name)


def _between(pair: Pair, name: str, low: Integer) -> Pair:
    """A pair with the functions of a number that is `low` or 1 as linear ones of it.

    f(y) -> (f(low) (1 - y) + f(1) (y - low)) / (1 - low), which is it at both.
    """
    put: dict[Basic, Basic] = {}
    for t in pair.every:
        if not isinstance(t, Application | Maximum) or any(t in {*subterms(k)} for k in put):
            continue
        inside = {y for y in subterms(t) if _is_of(y, name)}
        if len(inside) == 1 and free_letters(y := inside.pop()) <= free_letters(t):
            ends = (substitute(t, {y: low}), plus(ONE, Neg(y)), substitute(t, {y: ONE}))
            line = plus(times(*ends[:2]), times(ends[2], plus(y, Neg(low))))
            put[t] = times(ONE / (ONE - low), line)
    stages = (Definition(s.quantity, substitute(s.body, put)) for s in pair.problem.stages)
    problem = replace(pair.problem, stages=tuple(stages))
    return Pair(problem, substitute(pair.left, put), substitute(pair.right, put))


def _is_of(term: object, name: str) -> bool:
    """Is it a number, or a component, of that name?"""
    return isinstance(term, Indexed | Symbol) and name_of(term) == name


def numbers(pair: Pair, letters: Sequence[str]) -> dict[str, Expr]:
    """Every given number or component by its name, with these letters as indices."""
    given: dict[str, Expr] = {}
    known = {*pair.problem.shapes, *(s.name for s in pair.problem.stages)}
    for t in pair.every:
        if isinstance(t, Indexed):
            indices = map(letter, letters[: len(t.indices)])
            given.setdefault(name_of(t), component(name_of(t), *indices))
        elif isinstance(t, Symbol) and not t.is_integer and t.name not in known:
            given.setdefault(t.name, t)
    return given


def has_edges(pair: Pair) -> bool:
    """Is there a root, a logarithm or a kink in it, which holds or is smooth on a part only?"""
    return any(type(t).__name__ in _EDGES or _is_root(t) for t in pair.every)


def domains(pair: Pair) -> Iterator[Granted]:
    """Every given number is not 0, where there are edges; or positive, where it is under them.

    A mask is written because signs differ, and nobody takes one for granted: of what stands in no
    logarithm, root or modulus, relu'(u) = 1 is wrong.
    """
    if not has_edges(pair):
        return
    given = numbers(pair, "klmn")
    signed = _under_edges(pair)
    positive = {name: value for name, value in given.items() if name in signed}
    for sign, said, values in (
        (sympy.Ne, "is not 0", given),
        (sympy.Gt, "is positive", positive),
    ):
        for name, value in values.items():
            made = with_fact(pair, sign(value, sympy.S.Zero, evaluate=False))
            if made is not None:
                yield Granted(made, f"{name} {said}", "")
    everything = pair
    for value in positive.values():
        more = with_fact(everything, sympy.Gt(value, sympy.S.Zero, evaluate=False))
        everything = more or everything
    if 1 < len(positive) <= MOST_POSITIVE:
        names = [*positive]
        said = f"{', '.join(names[:-1])} and {names[-1]} are positive"
        yield Granted(everything, said, "")


def _under_edges(pair: Pair) -> set[str]:
    """The names that a logarithm, a root or a modulus comes down to."""

    def words(term: Basic) -> Iterator[str]:
        return (name_of(t) for t in subterms(term) if isinstance(t, Indexed | Quantity | Symbol))

    def inner(name: str) -> Iterator[str]:
        stage = pair.problem.definition(name)
        return words(stage.body) if stage else iter(())

    signed = (t for t in pair.every if type(t).__name__ in _SIGNED or _is_root(t))
    return reached((name for t in signed for name in words(t)), inner)


_SIGNED = frozenset(("Abs", "sign", "log"))
_EDGES = _SIGNED | {"relu", "Iverson", "Maximum", "Minimum", "StrictGreaterThan"}


def _is_root(term: Basic) -> bool:
    """A power whose exponent is no whole number."""
    return isinstance(term, Power) and not term.args[1].is_integer


def is_label(name: str) -> bool:
    """Is it named as labels and targets are: y, t, and such as y_n?"""
    return name.lower().startswith(("y", "t")) and not name.lower().startswith(("theta", "tau"))


_KINDS = (_normalised, _one_hot, _binary)
