"""Stable forms: where a closed form is an atom, or a combination of atoms that keeps its digits.

Gives `Stages`, which knows what the named quantities of a problem are by their definitions (a
softmax, a sigmoid, a tanh) and rewrites terms: p_i(δ_ij - p_j) becomes a component of the array
that `numeric.jacobian` returns, 1 - p_i one of `numeric.complement`, log p_i one of
`numeric.log_softmax`, and so on.  A made array is a `Made`; in the rewritten term it stands as a
named quantity like any other.

Each rewriting is an identity in the atoms' definitions; `formula` of a `Made` says which, and
the tests have the judge prove them.

To add a form: a method of the kind `_in_sum`, `_in_product` or `_alone`, and its formula here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import cast

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.emit.made import (
    Made,
    Softmax,
    expm1,
    log1p,
    log_cosh,
    log_sigmoid,
)
from symderiv.emit.norms import divided, root
from symderiv.emit.vanishing import vanishing, without
from symderiv.factors import factored, key, negative, power, terms_of
from symderiv.letters import free_letters, fresh, substitute
from symderiv.problem import Problem
from symderiv.terms import (
    ONE,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    function_of,
    letter,
    plus,
    rebuild,
    sigmoid,
    softplus,
    subterms,
    times,
)

HALF = sympy.Rational(1, 2)


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
                yield from self._in_sum(list(terms_of(term)))
            case Times() | Quotient() | Power():
                yield from self._in_product(term)
            case sympy.log():
                yield from self._of_log(cast(Expr, term.args[0]))
            case Neg():
                yield from self._loss(term.term)
            case Sum():
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

    # -- sums ------------------------------------------------------------------------------------

    def _in_sum(self, terms: list[Expr]) -> Iterator[Expr]:
        for (m, a), (n, b) in permutations(enumerate(terms), 2):
            if isinstance(a, Neg):
                continue
            found = self._difference(a, b)
            if found is None and isinstance(b, Neg):
                found = self._difference(b.term, negative(a))
                found = None if found is None else negative(found)
            if found is not None:
                rest = [t for i, t in enumerate(terms) if i not in (m, n)]
                yield plus(*rest[: min(m, n)], found, *rest[min(m, n) :])

    def _difference(self, a: Expr, b: Expr) -> Expr | None:
        """a + b, where b is usually a term with a minus."""
        minus = b.term if isinstance(b, Neg) else None
        if a == 1 and isinstance(b, sympy.erf):
            return function_of(sympy.erfc, negative(cast(Expr, b.args[0])))
        if a == 1 and minus is not None:
            return self._one_less(minus)
        if b in (-1, Neg(ONE)) and isinstance(a, sympy.exp):
            return function_of(expm1, *a.args)
        if minus is None:
            return None
        if isinstance(a, Times) and isinstance(minus, Times | Power):
            return self._expanded_jacobian(a, minus)
        if isinstance(a, Quantity) and a.name in self.softmaxes:
            return self._softmax_less(a, minus)
        if isinstance(a, Quantity) and a.name in self.sigmoids and self._same_place(a, minus):
            others = self._one_less(a)
            return plus(times(a, plus(ONE, Neg(minus))), Neg(times(minus, cast(Expr, others))))
        if (
            isinstance(a, KroneckerDelta)
            and isinstance(minus, Quantity)
            and minus.name in self.softmaxes
        ):
            kind, (over, *_) = self.softmaxes[minus.name], self.over(minus)
            if over in a.args and len(kind.letters) == 1:
                (other,) = (x for x in a.args if x != over)
                if self.is_letter(other):
                    return self.make("log_jacobian", minus, cast(Symbol, other))
        return None

    def _expanded_jacobian(self, a: Expr, b: Expr) -> Expr | None:
        """δ_ij p_j - p_j p_i."""
        left, right = factored(a), factored(b)
        deltas = [t for t in left.powers if isinstance(t, KroneckerDelta)]
        if len(deltas) != 1 or len(left.powers) != 2 or len(right.powers) != 2:
            return None
        (p,) = (t for t in left.powers if t not in deltas)
        plain = {left.coefficient, right.coefficient, *left.powers.values(), *right.powers.values()}
        if plain != {ONE} or not isinstance(p, Quantity) or p.name not in self.softmaxes:
            return None
        if len(p.indices) != 1 or p.indices[0] not in deltas[0].args:
            return None
        (j,) = (x for x in deltas[0].args if x != p.indices[0])
        if self.is_letter(j) and set(right.powers) == {p, Quantity(p.symbol, j)}:
            return self.make("jacobian", p, cast(Symbol, j))
        return None

    def _one_less(self, term: Expr) -> Expr | None:
        """1 - term."""
        if isinstance(term, Quantity) and term.name in self.softmaxes:
            return self.make("complement", term)
        if isinstance(term, Quantity) and term.name in self.sigmoids:
            indices, argument = self.sigmoids[term.name]
            moved = substitute(argument, dict(zip(indices, term.indices, strict=True)))
            return function_of(sigmoid, negative(moved))
        if isinstance(term, sigmoid):
            return function_of(sigmoid, negative(cast(Expr, term.args[0])))
        if isinstance(term, Power) and term.exponent == 2:
            inner: Expr | None = None
            base = term.base
            if isinstance(base, sympy.tanh):
                inner = cast(Expr, base.args[0])
            elif isinstance(base, Quantity) and base.name in self.tanhs:
                indices, argument = self.tanhs[base.name]
                inner = substitute(argument, dict(zip(indices, base.indices, strict=True)))
            if inner is not None:
                return Power(Quotient(ONE, function_of(sympy.cosh, inner)), sympy.Integer(2))
        return None

    def _softmax_less(self, p: Quantity, other: Expr) -> Expr | None:
        kind, (over, *batch) = self.softmaxes[p.name], self.over(p)
        if isinstance(other, KroneckerDelta) and over in other.args and self.is_letter(over):
            (label,) = (x for x in other.args if x != over)
            if self.is_label(label, batch):
                return self.make("label_gradient", p, label=label)
        if (
            isinstance(other, Indexed)
            and self._same_place(p, other)
            and self._sums_to_one(other, kind, p)
        ):
            return self.make("target_gradient", p, label=other)
        return None

    def _same_place(self, a: Quantity, b: Expr) -> bool:
        return isinstance(b, Indexed | Quantity) and tuple(b.args[1:]) == a.indices

    def _sums_to_one(self, y: Indexed, kind: Softmax, p: Quantity) -> bool:
        over = self.over(p)[0]
        for fact in self.problem.facts:
            sides = fact.relation
            if isinstance(sides, sympy.Eq) and sides.rhs == 1 and isinstance(sides.lhs, Sum):
                (k, _, _), *more = (t.args for t in sides.lhs.args[1:])
                summed = substitute(cast(Expr, sides.lhs.args[0]), {k: over})
                if not more and key(summed) == key(y):
                    return True
        return False

    # -- products --------------------------------------------------------------------------------

    def _in_product(self, term: Expr) -> Iterator[Expr]:
        view = factored(term)
        if isinstance(term, Power) and term.exponent in (HALF, Quotient(1, 2)):
            if (found := root(self, term.base)) is not None:
                yield found
        else:
            yield from divided(self, term)
        yield from vanishing(self, term)
        bases = [b for b, e in view.powers.items() if e == 1]
        for a, b in permutations(bases, 2):
            found = self._pair(a, b)
            if found is not None:
                yield without(factored(term), (a, b), found)
        for a in bases:
            for b, e in view.powers.items():
                if (found := self._logistic(a, b, e)) is not None:
                    yield without(view, (a, b), found)
                if e == -1:
                    found = self._ratio(a, b)
                    if found is not None:
                        yield without(factored(term), (a, b), found)
        for b, e in view.powers.items():
            if e == -1 and (found := self._ratio(ONE, b)) is not None:
                yield without(factored(term), (b,), found)

    def _pair(self, p: Expr, other: Expr) -> Expr | None:
        """p_i times a bracket."""
        if not (isinstance(p, Quantity) and p.name in self.softmaxes and isinstance(other, Plus)):
            return None
        kind, (i, *_batch) = self.softmaxes[p.name], self.over(p)
        terms = terms_of(other)
        if len(terms) != 2 or not self.is_letter(i):
            return None
        for a, b in permutations(terms, 2):
            if not isinstance(b, Neg):
                continue
            if isinstance(a, KroneckerDelta) and i in a.args and len(kind.letters) == 1:
                (j,) = (x for x in a.args if x != i)
                if self.is_letter(j) and b.term == Quantity(p.symbol, j):
                    return self.make("jacobian", p, cast(Symbol, j))
            if a == 1 and b.term == p:
                return self.make("jacobian_diagonal", p)
            if isinstance(b.term, Sum) and self._mean(b.term, p, a):
                return self.make("jacobian_product", p, label=a)
        return None

    def _mean(self, mean: Sum, p: Quantity, v: Expr) -> bool:
        """Is this Σ_k p_k v_k?"""
        (k, _, _), *more = (t.args for t in mean.args[1:])
        i = self.over(p)[0]
        return not more and key(substitute(times(p, v), {i: k})) == key(mean.args[0])

    def _ratio(self, above: Expr, below: Expr) -> Expr | None:
        if isinstance(above, sympy.exp) and isinstance(below, Sum) and len(below.args) == 2:
            return self._softmax(above, below)
        if isinstance(above, sympy.exp) and (found := self._written_out(above, below)) is not None:
            return found
        if isinstance(below, Plus) and len(below.args) == 2 and ONE in below.args:
            e = next((t for t in below.args if t != 1), None)
            if isinstance(e, sympy.exp):
                inner = cast(Expr, e.args[0])
                if above == 1:
                    return function_of(sigmoid, negative(inner))
                if above == e:
                    return function_of(sigmoid, inner)
        return None

    def _logistic(self, above: Expr, below: Expr, exponent: Expr) -> Expr | None:
        """e^x / (1 + e^x)^n as σ(x) σ(-x)^(n - 1)."""
        if not exponent.is_Integer or exponent >= -1 or not isinstance(above, sympy.exp):
            return None
        if not isinstance(below, Plus) or set(below.args) != {ONE, above}:
            return None
        x = cast(Expr, above.args[0])
        rest = power(function_of(sigmoid, negative(x)), -exponent - 1)
        return times(function_of(sigmoid, x), rest)

    def _softmax(self, above: Expr, below: Sum) -> Expr | None:
        """e^{u_i} / Σ_k e^{u_k}, as a component of a softmax of its own."""
        k = below.args[1].args[0]
        body = cast(Expr, below.args[0])
        if not isinstance(body, sympy.exp):
            return None
        for i in sorted(free_letters(above), key=str):
            if self.is_letter(i) and key(substitute(body, {k: i})) == key(above):
                argument = cast(Expr, above.args[0])
                batch = [
                    s
                    for s in sorted(free_letters(argument), key=str)
                    if self.is_letter(s) and s != i
                ]
                return self._make_softmax(argument, tuple(batch), cast(Symbol, i))
        return None

    def _written_out(self, above: Expr, below: Expr) -> Expr | None:
        """e^{u_i} / (e^{u_1} + e^{u_2} + e^{u_3}): softmax at a chosen size."""
        terms = below.args if isinstance(below, Plus) else (below,)
        if not all(isinstance(t, sympy.exp) for t in terms):
            return None
        for i in sorted(free_letters(above), key=str):
            numbers = [sympy.Integer(n) for n in range(1, len(terms) + 1)]
            if self.is_letter(i) and [substitute(above, {i: n}) for n in numbers] == list(terms):
                argument = cast(Expr, above.args[0])
                batch = [s for s in sorted(free_letters(argument), key=str) if s != i]
                batch = [s for s in batch if self.is_letter(s)]
                return self._make_softmax(argument, tuple(batch), cast(Symbol, i))
        return None

    # -- logarithms and losses -------------------------------------------------------------------

    def _of_log(self, inner: Expr) -> Iterator[Expr]:
        if isinstance(inner, Quantity) and inner.name in self.softmaxes:
            label, *batch = self.over(inner)
            loss = self.is_label(label, batch) and all(self.is_letter(b) for b in batch)
            if loss:
                yield Neg(self.make("label_loss", inner, label=label))
            yield self.make("log_softmax", inner)
        elif isinstance(inner, Quantity) and inner.name in self.sigmoids:
            indices, argument = self.sigmoids[inner.name]
            moved = substitute(argument, dict(zip(indices, inner.indices, strict=True)))
            yield function_of(log_sigmoid, moved)
        elif isinstance(inner, sigmoid):
            yield function_of(log_sigmoid, *inner.args)
        elif isinstance(inner, sympy.cosh):
            yield function_of(log_cosh, *inner.args)
        elif isinstance(inner, Quantity):
            stage = self.problem.definition(inner.name)
            if stage is not None and isinstance(stage.body, Sum):
                yield from self._of_log(stage.at(inner))
        elif (
            isinstance(inner, Sum) and len(inner.args) == 2 and isinstance(inner.args[0], sympy.exp)
        ):
            yield self._logsumexp(inner)
        elif isinstance(inner, Quotient) and any(
            isinstance(t, Quantity) and t.name in self.softmaxes for t in inner.args
        ):
            top, bottom = inner.numerator, inner.denominator
            yield plus(function_of(sympy.log, top), Neg(function_of(sympy.log, bottom)))
        elif isinstance(inner, Plus) and ONE in inner.args and len(inner.args) == 2:
            other_p = next((t.term for t in inner.args if isinstance(t, Neg)), None)
            if isinstance(other_p, Quantity) and other_p.name in self.softmaxes:
                yield self.make("log_complement", other_p)
            (rest,) = (t for t in cast("tuple[Expr, ...]", inner.args) if t != 1)
            other = self.stable(inner)
            if isinstance(other, sigmoid):
                yield function_of(log_sigmoid, *other.args)
            elif isinstance(rest, sympy.exp):
                yield function_of(softplus, *rest.args)
            else:
                yield function_of(log1p, rest)

    def _logsumexp(self, inner: Sum) -> Expr:
        k = cast(Symbol, inner.args[1].args[0])
        argument = cast(Expr, inner.args[0].args[0])
        batch = tuple(
            s for s in sorted(free_letters(argument), key=str) if self.is_letter(s) and s != k
        )
        made = self.add("logsumexp", "logsumexp", batch, (argument,), ((*batch, k),))
        return Quantity(Symbol(made), *batch)

    def _loss(self, term: Expr) -> Iterator[Expr]:
        """-log p_y, and -Σ_i y_i log p_i where Σy = 1."""
        if isinstance(term, sympy.log) and isinstance(p := term.args[0], Quantity):
            if p.name in self.softmaxes:
                label, *batch = self.over(p)
                if self.is_label(label, batch) and all(self.is_letter(b) for b in batch):
                    yield self.make("label_loss", p, label=label)
        elif isinstance(term, Sum) and isinstance(term.args[0], sympy.log):
            for found in self._loss(cast(Expr, term.args[0])):
                yield cast(Expr, rebuild(term, (found, *term.args[1:])))
        elif isinstance(term, Quotient):
            for found in self._loss(term.numerator):
                yield Quotient(found, term.denominator)
        elif isinstance(term, Sum) and len(term.args) == 2:
            view = factored(cast(Expr, term.args[0]))
            logs = [b for b in view.powers if isinstance(b, sympy.log)]
            if len(view.powers) == 2 and len(logs) == 1 and view.coefficient == 1:
                (y,) = (b for b in view.powers if b not in logs)
                p = logs[0].args[0]
                if isinstance(p, Quantity) and p.name in self.softmaxes and isinstance(y, Indexed):
                    k = term.args[1].args[0]
                    over, *batch = self.over(p)
                    kind = self.softmaxes[p.name]
                    if over == k and self._same_place(p, y) and self._sums_to_one(y, kind, p):
                        yield self.make("target_loss", p, label=y)

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
                operands.append(substitute(label, back))
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
            taken = {*self.problem.shapes, *(s.name for s in self.problem.stages), *self.made}
            name, number = wanted, 1
            while name in taken:
                number += 1
                name = f"{wanted}_{number}"
            self._known[about] = name
            self.made[name] = Made(name, letters, call, operands, axes)
        return self._known[about]


def _is_made(term: Expr, made: dict[str, Made]) -> bool:
    return isinstance(term, Quantity) and term.name in made
