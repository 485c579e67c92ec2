"""Stable forms: where a closed form is an atom, or a combination of atoms that keeps its digits.

Gives `Stages`, which knows what the named quantities of a problem are by their definitions (a
softmax, a sigmoid, a tanh) and rewrites terms: p_i(δ_ij - p_j) becomes a component of the array
that `numeric.jacobian` returns, 1 - p_i one of `numeric.complement`, log p_i one of
`numeric.log_softmax`, and so on.  A made array is a `Made`; in the rewritten term it stands as a
named quantity like any other.

Each rewriting is an identity in the atoms' definitions; `formula` of a `Made` says which, and
the tests have the judge prove them.

The forms stand in `sums`, `products`, `logarithms`, `norms` and `vanishing`, each a function of the
stages and a term.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.emit.logarithms import divergence, losses, of_log
from symderiv.emit.made import (
    Made,
    Softmax,
)
from symderiv.emit.products import in_product
from symderiv.emit.sums import in_sum
from symderiv.emit.vanishing import without
from symderiv.terms import (
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    letter,
    plus,
    rebuild,
    sigmoid,
    subterms,
    times,
)
from symderiv.terms.factors import factored, key, terms_of
from symderiv.terms.letters import free_letters, fresh, substitute
from symderiv.terms.problem import Problem


@dataclass
class Stages:
    """The quantities of a problem and the arrays made for their stable forms."""

    problem: Problem
    made: dict[str, Made] = field(default_factory=dict)
    softmaxes: dict[str, Softmax] = field(default_factory=dict)
    sigmoids: dict[str, tuple[tuple[Expr, ...], Expr]] = field(default_factory=dict)
    tanhs: dict[str, tuple[tuple[Expr, ...], Expr]] = field(default_factory=dict)
    roots: dict[str, frozenset[str]] = field(default_factory=dict)  # norms, of which arrays
    bodies: dict[str, Expr] = field(default_factory=dict)
    _known: dict[object, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for stage in self.problem.stages:
            body = self.stable(stage.body)
            if not _is_made(body, self.made):
                body = self._unfolded(stage.body, body)
            self.bodies[stage.name] = body
            indices = letters = stage.quantity.indices
            if isinstance(body, Quantity) and body.name in self.softmaxes:
                known = self.softmaxes[body.name]
                back = dict(zip(known.letters, body.indices, strict=True))
                self.softmaxes[stage.name] = Softmax(
                    letters, cast(Symbol, back[known.over]), substitute(known.argument, dict(back))
                )
            elif isinstance(body, Quantity) and body.name in self.roots:
                self.roots[stage.name] = self.roots[body.name]
            elif isinstance(body, sigmoid):
                self.sigmoids[stage.name] = (indices, cast(Expr, body.args[0]))
            elif isinstance(body, sympy.tanh):
                self.tanhs[stage.name] = (indices, cast(Expr, body.args[0]))

    def _unfolded(self, body: Expr, plain: Expr) -> Expr:
        """A body that is an atom only when a stage in it is written out: e^{z_i}/s."""
        for t in subterms(body):
            if isinstance(t, Quantity) and (stage := self.problem.definition(t.name)) is not None:
                opened = self.stable(substitute(body, {t: stage.at(t)}))
                if _is_made(opened, self.made):
                    return opened
        return plain

    # -- rewriting -------------------------------------------------------------------------------

    def stable(self, term: Expr) -> Expr:
        """The term in its stable form: whole forms first, then inwards."""
        for found in self._forms(term):
            return found if found == term else self.stable_parts(found)
        return self.stable_parts(term)

    def stable_parts(self, term: Expr) -> Expr:
        """The term with each part in its stable form."""
        if not term.args or isinstance(term, Indexed | Quantity | KroneckerDelta | sympy.Tuple):
            return term
        args = tuple(
            a if isinstance(a, sympy.Tuple) else cast(Expr, self.stable(cast(Expr, a)))
            for a in term.args
        )
        after = cast(Expr, rebuild(term, args))
        if after != term:
            for found in self._forms(after):
                return found
        return after

    def _forms(self, term: Expr) -> Iterator[Expr]:
        match term:
            case Plus():
                yield from in_sum(self, list(terms_of(term)))
            case Times() | Quotient() | Power():
                yield from in_product(self, term)
            case sympy.log():
                yield from of_log(self, cast(Expr, term.args[0]))
            case Neg():
                yield from losses(self, term.term)
            case Sum():
                yield from divergence(self, term)
                yield from self._distributed(term)

    def _distributed(self, term: Sum) -> Iterator[Expr]:
        """Σ_j v_j (1 + n_i n_j) as Σ_j v_j + n_i Σ_j v_j n_j: no array has axes i and j."""
        view = factored(cast(Expr, term.args[0]))
        for base, exponent in view.powers.items():
            if exponent == 1 and isinstance(base, Plus) and self._wide(base) > self._widest(base):
                parts = [without(view, (base,), t) for t in terms_of(base)]
                yield plus(*(self._summed(term, part) for part in parts))

    def _summed(self, term: Sum, body: Expr) -> Expr:
        """The sum of a body, the factors without the letter in front."""
        letters = {limit.args[0] for limit in term.args[1:]}
        view = factored(body)
        outside = [b for b in view.powers if not free_letters(b) & letters]
        rest = factored(body)
        for b in outside:
            del rest.powers[b]
        rest.coefficient = sympy.S.One
        front = factored(body)
        for b in rest.powers:
            del front.powers[b]
        inner = cast(Expr, rebuild(term, (rest.term(), *term.args[1:])))
        coefficient = front.term()
        if coefficient == 1:
            return inner
        return Neg(inner) if coefficient == -1 else times(coefficient, inner)

    def _wide(self, term: Expr) -> int:
        return sum(self.is_letter(s) for s in free_letters(term))

    def _widest(self, term: Expr) -> int:
        arrays = (t for t in subterms(term) if isinstance(t, Indexed | Quantity | KroneckerDelta))
        return max((self._wide(cast(Expr, t)) for t in arrays), default=0)

    # -- what is made ----------------------------------------------------------------------------

    def is_letter(self, s: Basic) -> bool:
        if not isinstance(s, Symbol) or not s.is_integer or s.is_positive:
            return False
        return s.name not in self.problem.labels

    def is_label(self, label: Basic, batch: Sequence[Expr]) -> bool:
        """A label of each element of the batch: y, or y_n beside p_n…"""
        if isinstance(label, Symbol):
            return label.name in self.problem.labels and not batch
        return (
            isinstance(label, Indexed)
            and str(label.base.label) in self.problem.labels
            and tuple(label.args[1:]) == tuple(batch)
        )

    def over(self, p: Quantity) -> tuple[Expr, ...]:
        """The index over which a softmax sums to one, then its other indices in order."""
        kind = self.softmaxes[p.name]
        places = dict(zip(kind.letters, p.indices, strict=True))
        return (places[kind.over], *(places[s] for s in kind.batch))

    def _make_softmax(self, argument: Expr, batch: tuple[Symbol, ...], i: Symbol) -> Quantity:
        letters = (*batch, i)
        name = self.add("softmax", "softmax", letters, (argument,), (letters,))
        self.softmaxes.setdefault(
            name,
            Softmax(
                self.made[name].letters, self.made[name].letters[-1], self.made[name].operands[0]
            ),
        )
        return Quantity(Symbol(name), *letters)

    def make(
        self, call: str, p: Quantity, extra: Symbol | None = None, label: Basic | None = None
    ) -> Expr:
        """A component of what a numerical function makes of the logits under p."""
        kind, (i, *batch) = self.softmaxes[p.name], self.over(p)
        letters: tuple[Symbol, ...] = (*kind.batch, kind.over)
        operands: list[Expr] = [kind.argument]
        axes: list[tuple[Symbol, ...]] = [letters]
        back = {cast(Basic, i): kind.over, **dict(zip(batch, kind.batch, strict=True))}
        if label is not None:
            if call in ("label_gradient", "label_loss", "label_odds_gradient"):
                operands.append(substitute(label, dict(zip(batch, kind.batch, strict=True))))
                axes.append(kind.batch)
            else:
                operands.append(self.stable(cast(Expr, substitute(label, back))))
                axes.append(letters)
        indices: tuple[Expr, ...] = (*batch, i)
        if call in ("label_loss", "target_loss"):
            letters, indices = kind.batch, tuple(batch)
        if extra is not None:
            second = fresh(letter("j"), {*letters, *free_letters(kind.argument)})
            letters, indices = (*letters, second), (*batch, extra, i)
        name = self.add(f"{call}", call, letters, tuple(operands), tuple(axes))
        return Quantity(Symbol(name), *indices)

    def add(
        self,
        wanted: str,
        call: str,
        letters: tuple[Symbol, ...],
        operands: tuple[Expr, ...],
        axes: tuple[tuple[Symbol, ...], ...],
    ) -> str:
        about = (call, letters, tuple(key(o) for o in operands))
        if about not in self._known:
            taken = {*self._names(), *self.made}
            name, number = wanted, 1
            while name in taken:
                number += 1
                name = f"{wanted}_{number}"
            self._known[about] = name
            self.made[name] = Made(name, letters, call, operands, axes)
        return self._known[about]

    def _names(self) -> set[str]:
        """What stands in the problem under a name: arrays, stages, labels, scalars, sizes."""
        problem = self.problem
        terms = (problem.function, *(s.body for s in problem.stages), *problem.ranges.values())
        plain = {str(s) for term in terms for s in free_letters(term)}
        return {*plain, *problem.shapes, *problem.labels, *(s.name for s in problem.stages)}


def _is_made(term: Expr, made: dict[str, Made]) -> bool:
    return isinstance(term, Quantity) and term.name in made
