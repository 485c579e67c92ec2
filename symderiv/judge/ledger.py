"""The ledger at work: declared facts as rewritings of generators.

An equation is solved for one generator (the sum in sum(y) = 1); it then stands for its solution
wherever it occurs, its free letters for any index.  `q_i > 0` makes a form positive, `>=` not
negative, `!=` not zero.

`Ledgers` has those of a problem, one under each choice of its facts.

Imports the files of the judge below it, and floor 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from sympy.core.basic import Basic

from symderiv.judge.atoms import Form, Generator, Monomial, Number
from symderiv.judge.binding import (
    bound_generator,
    free_letters,
    indices_in,
    opened,
    placings,
    subscripts,
)
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index
from symderiv.judge.lines import Lines
from symderiv.judge.mapping import Change, mapped, relabel
from symderiv.judge.polynomials import UNIT, added, exact, negated, scaled, total_size
from symderiv.judge.signs import NOT_ZERO
from symderiv.judge.sums import summed
from symderiv.terms.problem import Fact, Problem, name_of, symmetry_of

Rewrite = Callable[[Generator], Form | None]


SIGNS = {
    "StrictGreaterThan": (1, 2),
    "GreaterThan": (1, 1),
    "StrictLessThan": (-1, 2),
    "LessThan": (-1, 1),
    "Unequality": (1, NOT_ZERO),
}


def add_sign(lines: Lines, fact: Fact) -> bool:
    """Use `a > b`: a - b is positive, at any indices; False when the fact is not of that kind.

    So with `>=`, where it is not negative, and with `!=`.
    """
    turned, sign = SIGNS.get(type(fact.relation).__name__, (0, 0))
    if not turned:
        return False
    left, right = (lines.form(a) for a in fact.relation.args)
    form = scaled(added(left, negated(right)), turned)
    if form.keys() - {UNIT}:
        lines.ring.declare(_instances(lines, form, sign))
    return True


def _instances(lines: Lines, pattern: Form, sign: int) -> Callable[[Form], int]:
    """The sign of a form that is the pattern at some indices, up to a positive factor.

    Where a number is left over, x - 1 >= 0 says that x is positive.
    """
    ring = lines.ring
    free = free_letters(ring, pattern)
    fixed, moving = _apart(pattern)
    names = _names(ring, moving)

    def found(form: Form) -> int:
        number, others = _apart(form)
        if len(others) != len(moving) or _names(ring, others) != names:
            return 0
        scale = total_size(moving) / total_size(others)
        left = number * scale - fixed
        wanted = {m: exact(c * scale) for m, c in others.items()}
        for moved in placings(free, subscripts(ring, form)):
            known = relabel(ring, moving, moved)
            if known == wanted:
                if sign == NOT_ZERO or left <= 0:
                    return sign if left == 0 else 0
                return 2
            if sign == NOT_ZERO and known == negated(wanted) and number * scale == -fixed:
                return sign
        return 0

    return found


def _apart(form: Form) -> tuple[Number, Form]:
    """The number in a form, and the rest."""
    return form.get(UNIT, 0), {m: c for m, c in form.items() if m != UNIT}


def _names(ring: Ring, form: Form) -> frozenset[str]:
    return frozenset().union(*(ring.table[g].names for m in form for g, _ in m))


def equation(lines: Lines, fact: Fact) -> Rewrite | None:
    """The rewriting of one generator that an equation declares."""
    relation = fact.relation
    if type(relation).__name__ != "Equality":
        return None
    form = added(lines.form(relation.args[0]), negated(lines.form(relation.args[1])))
    table = lines.ring.table
    candidates = []
    for m, c in form.items():
        if len(m) == 1 and m[0][1] == 1:
            g = m[0][0]
            alone = all(g not in dict(n) and not _inside(lines, g, n) for n in form if n != m)
            if alone:
                candidates.append((table[g].kind == "sum", table[g].height, -g, g, c))
    if not candidates:
        return _of_product(lines, form)
    *_, g, c = max(candidates)
    pattern = table[g]
    rest = {m: d for m, d in form.items() if m != ((g, 1),)}
    solution = scaled(negated(rest), Fraction(1) / c)

    def rewrite(gen: Generator) -> Form | None:
        if gen.kind == pattern.kind == "sum" and len(gen.data[1]) > len(pattern.data[1]) == 1:
            return _within(lines.ring, gen, rewrite)
        moved = next(_matches(lines, pattern, gen), None)
        return None if moved is None else relabel(lines.ring, solution, moved)

    return rewrite


def _of_product(lines: Lines, form: Form) -> Rewrite | None:
    """x y = 1 as x = 1/y: a product that is a number has no factor that is 0."""
    value = form.get(UNIT)
    products = [m for m in form if m != UNIT]
    if value is None or len(products) != 1:
        return None
    (product_,) = products
    g = next((g for g, e in product_ if e == 1 and not lines.ring.table[g].letters), None)
    if g is None:
        return None
    rest = tuple((h, -e) for h, e in product_ if h != g)
    solution = lines.ring.monomial(rest, Fraction(-value) / form[product_])
    return lambda gen: solution if gen.number == g else None


def _within(ring: Ring, gen: Generator, rewrite: Rewrite) -> Form | None:
    """sum_nk t_nk x_n as sum_n x_n (sum_k t_nk), where the inner sum is what a fact is about."""
    body, letters = opened(ring, gen, frozenset())
    if len(body) != 1:
        return None
    ((monomial, c),) = body.items()
    for name, limits in letters.items():
        part = tuple((g, e) for g, e in monomial if name in ring.table[g].letters)
        rest = tuple(factor for factor in monomial if factor not in part)
        inner = ring.table[bound_generator(ring, "sum", {part: 1}, {name: limits})]
        new = rewrite(inner)
        if new is not None:
            others = {n: r for n, r in letters.items() if n != name}
            return summed(ring, ring.product(new, {rest: c}), others)
    return None


def _inside(lines: Lines, g: int, monomial: Monomial) -> bool:
    """Does the generator's array occur in another term of its own equation?"""
    table = lines.ring.table
    gen = table[g]
    if gen.kind == "given" and not gen.letters:  # y_1 of y_1 + y_2 + y_3 = 1 is a symbol of its own
        return any(table[h].height > gen.height and gen.names & table[h].names for h, _ in monomial)
    if gen.kind == "sum" and not gen.letters - lines.ring.sizes.keys():
        return any(table.holds(h, g) for h, _ in monomial)
    return any(gen.names & table[h].names for h, _ in monomial)


def _matches(lines: Lines, pattern: Generator, gen: Generator) -> Iterator[dict[str, Index]]:
    """The replacements of the pattern's free letters that make it the generator."""
    if pattern.kind != gen.kind or pattern.names != gen.names:
        return
    ring = lines.ring
    wanted: Form = {((pattern.number, 1),): 1}
    made: Form = {((gen.number, 1),): 1}
    free = free_letters(ring, wanted)
    for moved in placings(free, indices_in(ring, made)) if free or pattern is gen else ():
        if relabel(ring, wanted, moved) == made:
            yield moved


def add_symmetry(lines: Lines, fact: Fact) -> bool:
    """Use `A[i,j] = A[j,i]`, or `A[i,j] = -A[j,i]`; False when the fact is not of that kind.

    Not for an array that something is differentiated by: its components are taken one by one.
    """
    found = symmetry_of(fact)
    if found is None or found.array in {name_of(x) for x in lines.problem.wrt}:
        return False
    known = {tuple(range(len(found.order))): 1} | dict(lines.ring.symmetries.get(found.array, ()))
    orders = {(order, sign) for order, sign in known.items()} | {(found.order, found.sign)}
    while True:
        more = {(tuple(a[n] for n in b), s * t) for a, s in orders for b, t in orders} | orders
        if more == orders:
            break
        orders = more
    lines.ring.symmetries[found.array] = tuple(sorted(orders))
    return True


class Ledger:
    """Lines of a problem under some of its facts."""

    def __init__(self, lines: Lines, facts: tuple[Fact, ...]) -> None:
        self.lines = lines
        self.too_much: set[Basic] = set()  # lines whose form took more effort than is allowed
        others = [f for f in facts if not add_symmetry(lines, f)]  # before anything is read
        equations = [f for f in others if not add_sign(lines, f)]
        rewritings = []
        for fact in equations:
            rewrite = equation(lines, fact)
            if rewrite is not None:
                rewritings.append(rewrite)
        self.changes = [Change(touches=lambda gen: True, leaf=r) for r in rewritings]

    def form(self, term: Basic) -> Form:
        """The normal form of a term with the facts put in."""
        form = self.lines.form(term)
        for _ in range(3):
            before = form
            for change in self.changes:
                form = mapped(self.lines.ring, form, change)
            if form == before:
                return form
        return form


class Ledgers:
    """The ledgers of a problem, one for each choice of facts that was asked for.

    A derivation asks of lines with several sets of free letters: those of ∂L/∂z_j, and those of its
    lemma ∂p_i/∂z_k.  What a stage, the function or a term is does not depend on which letters other
    lines have, so one table of forms serves them all, as long as each letter has one range.
    """

    def __init__(self, problem: Problem, sizes: Mapping[str, int]) -> None:
        self.problem, self.sizes = problem, sizes
        self._made: dict[tuple[Fact, ...], Ledger] = {}

    def under(self, facts: tuple[Fact, ...]) -> Ledger:
        """The ledger with these facts in it, and no others."""
        found = self._made.get(facts)
        if found is None:
            found = self._made[facts] = Ledger(Lines(self.problem, self.sizes), facts)
        return found

    def admits(self, problem: Problem) -> bool:
        """Does every letter range in the same problem over what it ranges over here?

        If so it does from now on, and letters that were not here have come.
        """
        more = problem.ranges.items() - self.problem.ranges.items()
        here = {letter.name: high for letter, high in self.problem.ranges.items()}
        if any(letter.name in here for letter, _ in more):
            return False
        if not all(ledger.lines.may_range(dict(more)) for ledger in self._made.values()):
            return False
        if more:
            self.problem = replace(problem, ranges={**self.problem.ranges, **dict(more)})
            for ledger in self._made.values():
                ledger.lines.range_over(self.problem)
        return True
