"""The textbook: in which order a derivation is written.

Gives `Textbook`, which derives ∂f/∂x for a problem: through the stages by the chain rule and by
lemmas, inwards by the rules of differentiation, then to the closed form in the named quantities
(`closing`).  Every line is made by `Chain.advance`: a rule was applied, and the judge was asked.

Floor 2: imports floors 0 and 1 and the rest of this room but `entries`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import cast

from sympy import Expr, Indexed, Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Derivation
from symderiv.derivation.chain import Chain, Refusal, Stuck
from symderiv.derivation.closing import Closing
from symderiv.derivation.known import Known
from symderiv.derivation.rewrite import Group, grouped, innermost, outermost, repeated
from symderiv.derivation.routes import Route
from symderiv.derivation.undefined import conventions
from symderiv.judge import Judge
from symderiv.records import dataclass
from symderiv.rules import extremes, inverses, naming, order
from symderiv.rules.differentiation import parts
from symderiv.rules.registry import Rule
from symderiv.terms import (
    D,
    Maximum,
    Partial,
    Quantity,
    component,
    letter,
    subterms,
)
from symderiv.terms.contents import contents, holds
from symderiv.terms.derived import derived
from symderiv.terms.letters import all_fresh, all_letters, free_letters, letters_of, rename_bound
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.sizes import written_out
from symderiv.terms.verdict import Strength


@dataclass
class Textbook:
    """Derives derivatives of one problem; lemmas are derived once and kept."""

    problem: Problem
    route: Route = field(default_factory=Route)
    general: Textbook | None = None  # at chosen sizes: the textbook for every size, for lemmas
    sizes: Mapping[Basic, Basic] = field(default_factory=dict)
    lemmas: dict[tuple[Expr | str, Expr | str], Derivation] = field(default_factory=dict)
    _judges: dict[frozenset[tuple[Symbol, Expr]], Judge] = field(default_factory=dict)

    def judge(self, *terms: Expr) -> Judge:
        """The judge of lines with the free letters of these terms."""
        problem = self.problem.ranging(*terms)
        ranges = frozenset(problem.ranges.items())
        if ranges not in self._judges:
            self._judges[ranges] = self._judge_of(problem, *terms)
        return self._judges[ranges]

    def _judge_of(self, problem: Problem, *terms: Expr) -> Judge:
        """One that knows what another knows, where all letters are indices and mean the same."""
        letters = letters_of((*terms, problem.function, *problem.wrt))
        if all(s in problem.ranges or s.is_positive or not s.is_integer for s in letters):
            for other in self._judges.values():
                found = other.beside(problem)
                if found is not None:
                    return found
        return Judge(problem, {str(k): int(v) for k, v in self.sizes.items()} or None)

    @cached_property
    def closing(self) -> Closing:
        """What brings lines of this problem to their closed form."""
        return Closing(self.problem, self.route, Known(self.problem, self.judge))

    def simplify(self, chain: Chain) -> None:
        """Bring a chain of this problem to its closed form."""
        self.closing.simplify(chain)

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
            f = cast(Expr, rename_bound(f, free_letters(x) | self._arrays))
        chain, used = self._decided(f, x, earlier)
        exceptions = conventions(
            self.problem, self.judge, f if earlier is None else earlier.answer, x, chain.line
        )
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
        chain = self.closing.shorter(chain, f.name if isinstance(f, Quantity) else "")
        chain.close()
        return chain

    # -- through the stages ----------------------------------------------------------------------

    def bottleneck(self, f: Expr, x: Expr) -> Definition | None:
        """The one stage through which f depends on x, where f does not mention it itself."""
        target = name_of(x)
        names = contents(f).names
        if target in names or any(derived(name) is not None for name in names):
            return None
        under = {t.name for t in self.problem.reached(f) if isinstance(t, Quantity)}
        stages = (s for s in self.problem.stages if s.name in under)
        direct = [s for s in stages if target in contents(s.body).names]
        if len(direct) != 1:
            return None
        (stage,) = direct
        return None if stage.name in contents(f).stages else stage

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
            taken = free_letters(chain.line) | self._arrays
            chain.advance(cast(Expr, rename_bound(after, taken)), rules)

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

    @cached_property
    def _arrays(self) -> frozenset[Symbol]:
        """The names of arrays and stages as letters, which none is called by on the page."""
        return frozenset(map(letter, self.problem.shapes))

    def _general(self, x: Expr, f: Expr) -> Expr:
        """The variable at letters of its own, none of them one of f's, a label's or an array's."""
        if not isinstance(x, Indexed | Quantity) or len(x.args) == 1:
            return x
        taken = {*all_letters(f), *map(letter, self.problem.labels), *self._arrays}
        own = len(x.args) > 2
        wanted = (a if own and isinstance(a, Symbol) else letter("j") for a in x.args[1:])
        indices = all_fresh(wanted, taken)
        if isinstance(x, Quantity):
            return Quantity(x.symbol, *indices)
        return component(name_of(x), *indices)

    # -- inwards -----------------------------------------------------------------------------------

    def _differentiate(self, chain: Chain, used: list[Derivation], *, late: bool) -> None:
        """Every derivative taken inwards, those of named quantities by lemmas: last if `late`."""
        while holds(chain.line, Partial):
            if not late and self._cite(chain, used):
                continue
            for group in self._differentiation:
                apply = repeated if group.rules == order.LINEARITY else outermost
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

    @cached_property
    def _differentiation(self) -> tuple[Group, ...]:
        """The route's rules; before the last, those for what the judge says moves one term only."""
        *others, last = self.route.differentiation
        bodies = (self.problem.function, *(stage.body for stage in self.problem.stages))
        known: tuple[Rule, ...] = ()
        if any(holds(body, Maximum) for body in bodies):
            known = extremes.moving_one(lambda u, x: self.judge(D(u, x)).moves_one(u, x))
        through = (inverses.through(self.problem),) if self.problem.inverts else ()
        independent = (naming.independent(self.problem),)
        return tuple(map(grouped, (independent, through, *others, known, last)))
