"""The textbook: in which order a derivation is written.

Gives `Textbook`, which derives ∂f/∂x for a problem: through the stages by the chain rule and by
lemmas, inwards by the rules of differentiation, then to the closed form in the named quantities.
Every line is made by `Chain.advance`: a rule was applied, and the judge was asked.

Floor 2: imports floors 0 and 1, `step`, `chain` and `routes`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import cast

import sympy
from sympy import Expr, Indexed, Integer, Sum, Symbol
from sympy.core.basic import Basic
from sympy.core.function import Function

from symderiv.derivation import Derivation
from symderiv.derivation.chain import Chain, Refusal, Stuck
from symderiv.derivation.rewrite import innermost, outermost
from symderiv.derivation.routes import Route
from symderiv.judge import Judge
from symderiv.records import dataclass
from symderiv.rules import extremes, facts, folding, inverses, masks, naming, order, sums
from symderiv.rules.differentiation import parts
from symderiv.rules.kinks import Kink, Place, divisors, kinks, removable
from symderiv.rules.registry import Rule
from symderiv.terms import (
    ONE,
    D,
    Neg,
    Partial,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    component,
    letter,
    subterms,
    summation,
)
from symderiv.terms.derived import derived
from symderiv.terms.factors import key
from symderiv.terms.letters import all_letters, free_letters, fresh, rename_bound, substitute
from symderiv.terms.problem import Definition, Fact, Problem, Symmetry, name_of, symmetry_of
from symderiv.terms.sizes import written_out
from symderiv.terms.verdict import Strength
from symderiv.terms.walking import holds

ARITHMETIC = (Plus, Times, Neg, Quotient, Power)


@dataclass
class Textbook:
    """Derives derivatives of one problem; lemmas are derived once and kept."""

    problem: Problem
    route: Route = field(default_factory=Route)
    general: Textbook | None = None  # at chosen sizes: the textbook for every size, for lemmas
    sizes: Mapping[Basic, Basic] = field(default_factory=dict)
    lemmas: dict[tuple[Expr | str, Expr | str], Derivation] = field(default_factory=dict)
    _sums: dict[str, list[Rule]] = field(default_factory=dict)
    _symmetric: dict[str, bool] = field(default_factory=dict)

    _judges: dict[frozenset[tuple[Symbol, Expr]], Judge] = field(default_factory=dict)

    def judge(self, *terms: Expr) -> Judge:
        """The judge of lines with the free letters of these terms."""
        problem = self.problem.ranging(*terms)
        ranges = frozenset(problem.ranges.items())
        if ranges not in self._judges:
            chosen = {str(k): int(v) for k, v in self.sizes.items()}
            self._judges[ranges] = Judge(problem, chosen or None)
        return self._judges[ranges]

    # -- the whole -----------------------------------------------------------------------------

    def derive(self, name: str = "", title: str = "") -> Derivation:
        """The problem's function differentiated by its variables, one after the other."""
        f, lemma = self.problem.function, None
        for x in self.problem.wrt:
            lemma = self.derivative(f, x, lemma)
            f = lemma.statement
        if lemma is None:
            raise ValueError("nothing to differentiate by: give a variable")
        return replace(lemma, name=name, title=title)

    def derivative(self, f: Expr, x: Expr, earlier: Derivation | None = None) -> Derivation:
        """∂f/∂x; `earlier` is the derivation of f where f is itself a derivative."""
        if earlier is None:  # no bound letter shadows one of the variable's on the page
            f = cast(Expr, rename_bound(f, free_letters(x)))
        chain, used = self._decided(f, x, earlier)
        exceptions = self.conventions(f if earlier is None else earlier.answer, x, chain.line)
        return Derivation(
            "",
            "",
            chain.judge.problem,
            D(f, x),
            tuple(chain.steps),
            tuple(dict.fromkeys(used)),
            tuple(exceptions),
            conventions=exceptions,
        )

    def _decided(
        self, f: Expr, x: Expr, earlier: Derivation | None
    ) -> tuple[Chain, list[Derivation]]:
        """The chain and its lemmas; not through a stage where that is less than proved so."""
        chain, used = self._cited(f, x, earlier)
        weak = (s for s in chain.steps if s.verdict.strength is Strength.EXACT)
        if not any(naming.THROUGH in s.identifiers for s in weak):
            return chain, used
        own: list[Derivation] = []
        try:
            written = self._worked(f, x, earlier, own, late=True, through=False)
        except Refusal:
            return chain, used
        proved = all(s.verdict.strength is Strength.PROVED for s in written.steps)
        return (written, own) if proved else (chain, used)

    def _cited(
        self, f: Expr, x: Expr, earlier: Derivation | None
    ) -> tuple[Chain, list[Derivation]]:
        """The chain with its lemmas cited last, which is shorter to read.

        They are cited as they arise where the judge could not decide a line without them.
        """
        used: list[Derivation] = []
        try:
            chain = self._worked(f, x, earlier, used, late=True)
            if all(s.verdict.strength is not Strength.UNDECIDED for s in chain.steps):
                return chain, used
        except Refusal as refused:
            if not used or refused.verdict.strength is Strength.REFUTED:
                raise
        else:
            if not used:
                return chain, used
        used = []
        return self._worked(f, x, earlier, used, late=False), used

    def _worked(
        self,
        f: Expr,
        x: Expr,
        earlier: Derivation | None,
        used: list[Derivation],
        *,
        late: bool,
        through: bool = True,
    ) -> Chain:
        """The lines from ∂f/∂x to the closed form; the lemmas that they cite go into `used`.

        With `through`, by the chain rule where f depends on x through one stage alone.
        """
        statement = D(f, x)
        chain = Chain(self.judge(statement), statement, self.problem.axes(f, x))
        if earlier is not None:
            used.append(earlier)
            cited = Rule(
                "first-derivative",
                "first derivative",
                (),
                lambda t: earlier.answer if t == f else None,
            )
            after, _ = outermost([cited], statement)
            chain.advance(after, [cited])
        if earlier is None or not isinstance(earlier.answer, Quantity):
            self._open(chain, used, through)
        self._differentiate(chain, used, late=late)
        self.simplify(chain)
        chain.close()
        return chain

    @property
    def _has_derived(self) -> bool:
        return any(derived(name) is not None for name in self.problem.shapes)

    def exceptions(self, f: Expr, x: Expr, answer: Expr) -> tuple[Place, ...]:
        """Where the function, or a named quantity in it, has no derivative, as it is written."""
        return tuple(self.conventions(f, x, answer))

    def conventions(self, f: Expr, x: Expr, answer: Expr) -> dict[Place, str]:
        """The same places, and what is taken there instead."""
        under = self._stages_under(f)
        bodies = [stage.body for stage in self.problem.stages if stage.name in under]
        unfold = self.problem.unfold
        below = divisors(unfold(f))
        found = {kink: kink for kink in self._kinks(f, x, below)}
        for body in bodies:
            for kink in self._kinks(body, x, below):
                switch = None if kink.switch is None else unfold(kink.switch)
                found[kink] = replace(kink, switch=switch, scope=unfold(kink.scope or body))
        places: dict[Place, str] = {}
        if found:
            f, answer = unfold(f), unfold(answer)
        for kink, written in found.items():
            if not removable(written, f, answer, self._equal):
                places.setdefault(kink.place, kink.convention)
        return places

    def _kinks(self, term: Expr, x: Expr, below: set[Hashable]) -> Iterator[Kink]:
        """The places in a term that may be exceptions.

        The foot of a root is none where it is surely positive, or where the function divides by it.
        """
        for kink in kinks(term, lambda t: self.problem.mentions(t, x)):
            foot = kink.foot
            if foot is not None and (
                key(self.problem.unfold(foot)) in below or self.judge(foot).positive(foot)
            ):
                continue
            yield kink

    def _equal(self, a: Expr, b: Expr) -> bool:
        """Surely equal, and with a value: a quotient by 0 is equal to nothing."""
        return self.judge(a, b).proof(a, b) is not None

    # -- through the stages ----------------------------------------------------------------------

    def bottleneck(self, f: Expr, x: Expr) -> Definition | None:
        """The one stage through which f depends on x, where f does not mention it itself."""
        target = name_of(x)
        if inverses.derived_in(f):
            return None
        if _mentions(f, target):
            return None
        used = self._stages_under(f)
        direct = [s for s in self.problem.stages if s.name in used and _mentions(s.body, target)]
        if len(direct) != 1:
            return None
        (stage,) = direct
        mentioned = any(isinstance(t, Quantity) and t.name == stage.name for t in subterms(f))
        return None if mentioned else stage

    def _stages_under(self, f: Expr) -> set[str]:
        return {t.name for t in self.problem.reached(f) if isinstance(t, Quantity)}

    def _open(self, chain: Chain, used: list[Derivation], through: bool) -> None:
        """The first lines: the chain rule through a stage, or the definition of what is derived."""
        found = parts(chain.line)
        if found is None:
            return
        f, x = found
        if not self.problem.mentions(f, x):
            return
        if self.route.unfold:
            self._write_out(chain)
            return
        stage = self.bottleneck(f, x) if through else None
        if stage is not None and self._chain(chain, stage, used):
            return
        if isinstance(f, Quantity):
            definition = self.problem.definition(f.name)
            if definition is not None and f.name != name_of(x):
                self._unfold(chain, definition)
                if self.bottleneck(*cast("tuple[Expr, Expr]", parts(chain.line))) is not None:
                    self._open(chain, used, through)

    def _unfold(self, chain: Chain, stage: Definition) -> None:
        """A quantity by its definition, in which no bound letter shadows one of the line's."""
        after, rules = outermost([naming.definition_of(stage)], chain.line)
        if rules:
            chain.advance(cast(Expr, rename_bound(after, free_letters(chain.line))), rules)

    def _write_out(self, chain: Chain) -> None:
        """Every named quantity by its definition, then what the route does first."""
        for stage in reversed(self.problem.stages):
            self._unfold(chain, stage)
        if self.route.first:
            after, rules = innermost(self.route.first, chain.line)
            if rules:
                chain.advance(after, rules)

    def _chain(self, chain: Chain, stage: Definition, used: list[Derivation]) -> bool:
        """Through a stage; not where that cannot be decided, as by a w with w_ii = 0 under a mask.

        The function is then differentiated as it stands, a stage by its definition.
        """
        line, steps, seen, cited = chain.line, list(chain.steps), set(chain.seen), list(used)
        rule = naming.chain_through(stage, self.problem, chain.line)
        after, rules = outermost([rule], chain.line)
        try:
            chain.advance(after, rules)
            self._cite(chain, used, whole=True)
            found = [step.verdict.strength for step in chain.steps[len(steps) :]]
        except Refusal as refused:
            found = [refused.verdict.strength]
            if found == [Strength.REFUTED]:
                raise
        if Strength.UNDECIDED not in found:
            return True
        chain.line, chain.steps, chain.seen, used[:] = line, steps, seen, cited
        return False

    def _cite(self, chain: Chain, used: list[Derivation], whole: bool = False) -> bool:
        """Every derivative of a named quantity is replaced by its lemma, in one line.

        With `whole`, so is the derivative of the function by a stage that the chain rule brought.
        """
        rules: list[Rule] = []
        for t in subterms(chain.line):
            found = parts(t)
            if found is None:
                continue
            f, x = found
            inner = isinstance(f, Quantity) and name_of(f) != name_of(x)
            if inner or (whole and isinstance(x, Quantity)):
                lemma = self.lemma(f, x)
                used.append(lemma)
                answer = written_out(lemma.answer, self.sizes) if self.sizes else lemma.answer
                what = f"of {name_of(f)}" if inner else f"with respect to {name_of(x)}"
                rules.append(naming.citing(lemma.statement, answer, f"derivative {what}"))
        if not rules:
            return False
        after, cited = outermost(list(dict.fromkeys(rules)), chain.line)
        after, zeros = innermost(order.ZEROS, after) if cited else (after, [])
        return bool(cited) and chain.advance(after, [*cited, *zeros])

    def lemma(self, f: Expr, x: Expr) -> Derivation:
        """The derivation of ∂f/∂x, at general letters where f is a named quantity."""
        stage = self.problem.definition(f.name) if isinstance(f, Quantity) else None
        if stage is not None and stage.quantity.indices and self.general is not None:
            return self.general.lemma(f, x)
        about = (f, x) if stage is None else (stage.name, name_of(x))
        if about not in self.lemmas:
            if stage is not None:
                f = stage.quantity
                x = self._general(x, f)
            lemma = self.derivative(f, x)
            of = "" if stage is None else f" of {stage.name}"
            title = f"The derivative{of} with respect to {name_of(x)}"
            self.lemmas[about] = replace(lemma, title=title)
        return self.lemmas[about]

    def _general(self, x: Expr, f: Expr) -> Expr:
        """The variable at letters of its own, none of them one of f's or a label's."""
        if not isinstance(x, Indexed | Quantity) or len(x.args) == 1:
            return x
        taken = {*all_letters(f), *map(letter, self.problem.labels)}
        indices: list[Symbol] = []
        for a in x.args[1:]:
            wanted = a if isinstance(a, Symbol) and len(x.args) > 2 else letter("j")
            index = fresh(cast(Symbol, wanted), taken | set(indices))
            indices.append(index)
        if isinstance(x, Quantity):
            return Quantity(x.symbol, *indices)
        return component(name_of(x), *indices)

    # -- inwards -----------------------------------------------------------------------------------

    def _differentiate(self, chain: Chain, used: list[Derivation], *, late: bool) -> None:
        """Every derivative taken inwards, those of named quantities by lemmas: last if `late`."""
        independent = naming.independent(self.problem)
        while holds(chain.line, Partial):
            if not late and self._cite(chain, used):
                continue
            for group in ((independent,), *self._differentiation()):
                apply = _repeated if group is order.LINEARITY else outermost
                after, rules = apply(group, chain.line)
                after, zeros = innermost(order.ZEROS, after) if rules else (after, [])
                if rules and chain.advance(after, [*rules, *zeros]):
                    break
            else:
                if self._shorten(chain) or self._cite(chain, used):
                    continue
                stuck = next(t for t in subterms(chain.line) if isinstance(t, Partial))
                raise Stuck(f"no rule differentiates {stuck}")

    def _shorten(self, chain: Chain) -> bool:
        """What cancels before a lemma is cited, or stands in every term, is written once."""
        for group in order.BEFORE_CITING:
            after, rules = innermost(group, chain.line)
            if rules and chain.advance(after, rules):
                return True
        return False

    def _differentiation(self) -> tuple[Sequence[Rule], ...]:
        """The route's rules; before the last, those for what the judge says moves one term only."""
        *others, last = self.route.differentiation
        known = extremes.moving_one(lambda u, x: self.judge(D(u, x)).moves_one(u, x))
        through = (inverses.through(self.problem),) if self._has_derived else ()
        return (through, *others, known, last)

    # -- to the closed form ----------------------------------------------------------------------

    def simplify(self, chain: Chain) -> None:
        folds = [folding.folding(s) for s in reversed(self.problem.stages)]
        unmasked = [masks.unmasked(s) for s in self.problem.stages]
        while True:
            groups: list[Sequence[Rule]] = [
                *order.BEFORE_FOLDING,
                self._facts(chain.line),
                (self._sifting,),
                *self._units,
                *order.SUMS[1:],
                *self.route.before_folding,
                folds,
                *self.route.closing[:-1],
                unmasked,
                self.route.closing[-1],
            ]
            for group in groups:
                if group is folds:
                    after, rules = _repeated(group, chain.line)
                elif order.COMMON_FACTOR in group:
                    sealed = self._sealed(chain.line)
                    after, rules = innermost(group, substitute(chain.line, sealed))
                    after = substitute(after, {name: t for t, name in sealed.items()})
                else:
                    after, rules = innermost(group, chain.line)
                if rules and chain.advance(after, rules):
                    break
            else:
                return

    def _sealed(self, line: Expr) -> dict[Basic, Basic]:
        """Values of functions as the author typed them, each with a name that stands for it.

        No common factor is taken out within: tanh(x + a x³) stays.  Those with letters are none of
        them, since a name would hide its letters from a sum.
        """
        if not self._typed:
            return {}
        found = (t for t in subterms(line) if _is_whole(t) and key(t) in self._typed)
        return {t: sympy.Dummy() for t in found}

    @cached_property
    def _typed(self) -> set[Hashable]:
        bodies = (self.problem.function, *(stage.body for stage in self.problem.stages))
        return {key(t) for body in bodies for t in subterms(body) if _is_whole(t)}

    @cached_property
    def _sifting(self) -> Rule:
        """Sifting at the sizes that the problem presumes."""
        return sums.sifting_within(self.problem.least_sizes())

    @property
    def _units(self) -> tuple[tuple[Rule, ...], ...]:
        """The product of a matrix with its inverse, where there is one."""
        return ((inverses.unit(self.problem),),) if self._has_derived else ()

    def _facts(self, line: Expr) -> list[Rule]:
        """Declared sums, and sums of named quantities whose value follows from the definition."""
        rules: list[Rule] = []
        for fact in self.problem.facts:
            symmetry = symmetry_of(fact)
            if symmetry is not None:
                rules.append(facts.symmetric(symmetry))
            elif isinstance(fact.relation, sympy.Eq):
                rules.append(facts.known_sum(fact, "declared assumption"))
                rules.append(facts.known_part(fact, "declared assumption"))
                if isinstance(fact.relation.lhs, Plus):
                    rules.append(facts.gathered(fact, "gathering the terms of the assumption"))
        stages = [stage for stage in self.problem.stages if stage.quantity.indices]
        if not stages or not holds(line, Quantity):
            return rules
        found = list(subterms(line))
        shown = {t for t in found if isinstance(t, Quantity)}
        summed = {name for t in found if isinstance(t, Sum) for name in _summed(t)}
        for stage in stages:
            own = [t for t in shown if t.name == stage.name]
            if own and stage.name in summed:
                rules.extend(self._proved_sums(stage))
            if len(own) > 1:
                rules.extend(self._proved_symmetry(stage))
        return rules

    def _proved_symmetry(self, stage: Definition) -> list[Rule]:
        """q_ij is q_ji, where the judge proves it; it is asked where a line holds several q."""
        indices = stage.quantity.indices
        if len(indices) != 2 or len(set(self.problem.shapes[stage.name])) != 1:
            return []
        if stage.name not in self._symmetric:
            turned = Quantity(stage.quantity.symbol, *reversed(indices))
            proof = self.judge(stage.quantity, turned).proof(stage.quantity, turned)
            self._symmetric[stage.name] = proof is not None
        if not self._symmetric[stage.name]:
            return []
        return [facts.symmetric(Symmetry(stage.name, (1, 0)), f"{stage.name} is symmetric")]

    def _proved_sums(self, stage: Definition) -> list[Rule]:
        """Σ over one index of a stage, where the judge proves that it is 1 or 0."""
        if stage.name not in self._sums:
            self._sums[stage.name] = []
            for index, high in zip(
                stage.quantity.indices, self.problem.shapes[stage.name], strict=True
            ):
                total = summation(stage.quantity, cast(Symbol, index), high)
                for value in (ONE, Integer(0)) if not high.is_Integer else ():
                    if self.judge(total).proof(total, value) is not None:
                        fact = Fact(sympy.Eq(total, value, evaluate=False), proved=True)
                        what = "one" if value == 1 else "zero"
                        name = f"{stage.name} sums to {what}"
                        self._sums[stage.name] += [
                            facts.known_sum(fact, name),
                            facts.known_part(fact, name),
                        ]
                        break
        return self._sums[stage.name]


def _is_whole(term: Basic) -> bool:
    """Is it a function's value without letters?"""
    return isinstance(term, Function) and not any(s.is_integer for s in free_letters(term))


def _summed(term: Basic) -> Iterator[str]:
    """The named quantities that stand as factors or summands under a sum: q of Σ a (q + b)."""
    if isinstance(term, Quantity):
        yield term.name
    elif isinstance(term, Sum):
        yield from _summed(term.function)
    elif isinstance(term, ARITHMETIC):
        for arg in term.args:
            yield from _summed(arg)


def _mentions(term: Basic, name: str) -> bool:
    """Does a term itself hold the array or number of that name?  A letter of that name is none."""
    return any(
        name_of(t) == name
        for t in subterms(term)
        if isinstance(t, Indexed | Quantity) or (isinstance(t, Symbol) and not t.is_integer)
    )


def _repeated(group: Sequence[Rule], line: Expr) -> tuple[Expr, list[Rule]]:
    """The group from outside in, again and again until nothing changes: one line of the page."""
    after, used = outermost(group, line)
    more = used
    while more:
        after, more = outermost(group, after)
        used = [*used, *more]
    return after, list(dict.fromkeys(used))
