"""Lines to normal forms: what each head of a term means over generators.

`Lines(problem, ...).form(term)` is the normal form of a term.  Named stages are unfolded by their
definitions; under a derivative by a stage, that stage is an array of its own until it is taken.

Imports floor 0 and the other files of the judge.  To add a head: one function under `@reads`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Symbol, Tuple
from sympy.core.basic import Basic

from symderiv import terms
from symderiv.judge import laws
from symderiv.judge.atoms import Form, Generator, OutOfReach, Range
from symderiv.judge.axes import axes_of
from symderiv.judge.differential import Variable, derivative, equal
from symderiv.judge.forms import Ring, added, constant, exact, negated
from symderiv.judge.indices import CONSTANT, Index, combined, letter_index
from symderiv.judge.indices import constant as integer
from symderiv.judge.mapping import Change, mapped, relabel
from symderiv.judge.reductions import delta
from symderiv.judge.sums import letter_for, maximum_over, product_over, summed
from symderiv.letters import letters_of
from symderiv.problem import Definition, Problem

Scope = tuple[tuple[Symbol, str], ...]  # bound letters and the names they go by inside
Reader = Callable[["Lines", Any], Form]
READ: dict[type[Basic], Reader] = {}


def reads(*heads: Any) -> Callable[[Reader], Reader]:
    """Register what a head means."""

    def register(function: Reader) -> Reader:
        for head in heads:
            READ[head] = function
        return function

    return register


class Lines:
    """Normal forms of the terms of one problem, remembered by term."""

    def __init__(self, problem: Problem, sizes: Mapping[str, int]) -> None:
        self.problem = problem
        self.sizes = dict(sizes)
        self.ring = Ring()
        self.ring.labels = set(problem.labels)
        self._scope: Scope = ()
        self._opaque: frozenset[str] = frozenset()
        self._memo: dict[tuple[Basic, Scope, frozenset[str]], Form] = {}
        self._stages: dict[tuple[str, frozenset[str]], tuple[Form, tuple[str, ...]]] = {}
        self._readers: dict[type, Reader] = {}
        for axes in (*problem.shapes.values(), tuple(problem.ranges.values())):
            for axis in axes:
                self._note_size(axis)
        for name, shape in problem.shapes.items():
            self.ring.shapes[name] = tuple(self.index(high) for high in shape)
        for letter, high in problem.ranges.items():
            self.ring.ranges[letter.name] = (integer(1), self.index(high))

    def _note_size(self, axis: Basic) -> None:
        for symbol in axis.free_symbols:
            if cast(Symbol, symbol).name not in self.sizes:
                self.ring.sizes.add(cast(Symbol, symbol).name)

    def note_letters(self, *given: Basic) -> None:
        """Read off the ranges of letters that the problem does not name."""
        ranges = self.ring.ranges
        unknown = {s for s in letters_of(given) if s.is_integer and s.name not in ranges}
        if all(s.name in self.ring.sizes | self.sizes.keys() for s in unknown):
            return
        axes = axes_of(self.problem, given)
        for letter in unknown & axes.letters.keys():
            limits = (integer(1), self.index(axes.letters[letter]))
            if letter in axes.mixed or ranges.setdefault(letter.name, limits) != limits:
                raise OutOfReach(f"{letter} runs over two axes")

    # -- terms ----------------------------------------------------------------------------

    def form(self, term: Basic) -> Form:
        """The normal form of a term."""
        key = (term, self._scope, self._opaque)
        found = self._memo.get(key)
        if found is None:
            head = type(term)
            reader = self._readers.get(head)
            if reader is None:
                reader = next((READ[t] for t in head.__mro__ if t in READ), None)
                if reader is None:
                    raise OutOfReach(f"{head.__name__} has no normal form")
                self._readers[head] = reader
            found = self._memo[key] = reader(self, term)
        return found

    def index(self, term: Basic) -> Index:
        """A subscript, or the end of a range, as a linear form."""
        match term:
            case sympy.Integer():
                return integer(int(term))
            case Symbol():
                if term.name in self.sizes:
                    return integer(self.sizes[term.name])
                if term.is_positive and term.is_integer:
                    self.ring.sizes.add(term.name)
                return letter_index(self._name(term))
            case Indexed():
                label = (str(term.base.label), *(self.index(i) for i in term.indices))
                return ((label, 1),)
            case terms.Plus() | sympy.Add():
                return combined(*((self.index(a), 1) for a in term.args))
            case terms.Neg():
                return combined((self.index(term.term), -1))
            case terms.Times() | sympy.Mul():
                parts = [self.index(a) for a in term.args]
                factor, rest = 1, None
                for part in parts:
                    if all(atom == CONSTANT for atom, _ in part):
                        factor *= part[0][1] if part else 0
                    elif rest is None:
                        rest = part
                    else:
                        raise OutOfReach("an index that is not linear")
                return combined((integer(1) if rest is None else rest, factor))
            case _:
                raise OutOfReach(f"{type(term).__name__} in an index")

    def _name(self, letter: Symbol) -> str:
        return next((name for s, name in reversed(self._scope) if s == letter), str(letter.name))

    # -- binders --------------------------------------------------------------------------

    def bound(self, term: Any) -> tuple[Form, dict[str, Range]]:
        """The form of a binder's body and its letters."""
        before = self._scope
        letters: dict[str, Range] = {}
        entries: list[tuple[Symbol, str]] = []
        for t in term.args[1:]:
            if len(t.args) != 3:
                raise OutOfReach("a sum without limits")
            limits = (self.index(t.args[1]), self.index(t.args[2]))
            avoid = frozenset(name for _, name in (*before, *entries))
            name = letter_for(self.ring, limits, t.args[0].name, avoid)
            letters[name] = limits
            entries.append((t.args[0], name))
        try:
            self._scope = (*before, *entries)
            return self.form(term.args[0]), letters
        finally:
            self._scope = before

    # -- stages ---------------------------------------------------------------------------

    def stage(self, name: str, indices: tuple[Index, ...]) -> Form:
        """A named stage at indices: itself where it is held as an array, else its definition."""
        if name in self._opaque:
            return self.ring.atom("stage", name, *indices)
        definition = self.problem.definition(name)
        if definition is None:
            return self.ring.atom("stage", name, *indices)
        body, letters = self._definition(definition)
        if len(letters) != len(indices):
            raise OutOfReach(f"{name} with {len(indices)} indices")
        moved = dict(zip(letters, indices, strict=True))
        return relabel(self.ring, body, moved) if moved else body

    def _definition(self, definition: Definition) -> tuple[Form, tuple[str, ...]]:
        key = (definition.name, self._opaque)
        found = self._stages.get(key)
        if found is None:
            before, self._scope = self._scope, ()
            shape = self.problem.shapes.get(definition.name)
            entries: list[tuple[Symbol, str]] = []
            for n, letter in enumerate(definition.quantity.indices):
                if not isinstance(letter, Symbol):
                    raise OutOfReach("a definition at a fixed index")
                high = shape[n] if shape else self.problem.ranges.get(letter)
                name = f"{letter.name}!"
                if high is not None:
                    limits = (integer(1), self.index(high))
                    name = letter_for(self.ring, limits, name, frozenset())
                entries.append((letter, name))
            try:
                self._scope = tuple(entries)
                found = self.form(definition.body), tuple(name for _, name in entries)
            finally:
                self._scope = before
            self._stages[key] = found
        return found

    def partial(self, body: Expr, variable: Basic) -> Form:
        """The derivative of a term by a variable, stages unfolded after a derivative by one."""
        match variable:
            case Indexed():
                name = str(variable.base.label)
                v = Variable("given", name, tuple(self.index(i) for i in variable.indices))
            case terms.Quantity():
                name = variable.name
                v = Variable("stage", name, tuple(self.index(i) for i in variable.indices))
            case Symbol():
                v = Variable("scalar", variable.name)
            case _:
                raise OutOfReach(f"a derivative by {type(variable).__name__}")
        if v.kind != "stage" or v.name in self._opaque:
            return derivative(self.ring, self.form(body), v)
        before = self._opaque
        try:
            self._opaque = before | {v.name}
            taken = derivative(self.ring, self.form(body), v)
        finally:
            self._opaque = before
        return self._unfolded(taken, v.name)

    def _unfolded(self, form: Form, name: str) -> Form:
        def leaf(gen: Generator) -> Form | None:
            if gen.kind != "stage" or gen.data[0] != name:
                return None
            return self.stage(name, gen.data[1:])

        change = Change(touches=lambda gen: name in gen.names, leaf=leaf)
        return mapped(self.ring, form, change)


# -- what each head means --------------------------------------------------------------------


@reads(terms.Plus, sympy.Add)
def _plus(lines: Lines, term: Basic) -> Form:
    return added(*(lines.form(a) for a in term.args))


@reads(terms.Times, sympy.Mul)
def _times(lines: Lines, term: Basic) -> Form:
    return lines.ring.multiplied(lines.form(a) for a in term.args)


@reads(terms.Neg)
def _neg(lines: Lines, term: terms.Neg) -> Form:
    return negated(lines.form(term.term))


@reads(terms.Quotient)
def _quotient(lines: Lines, term: terms.Quotient) -> Form:
    return lines.ring.product(lines.form(term.numerator), _inverse(lines, term.denominator))


def _inverse(lines: Lines, term: Expr) -> Form:
    """1/term, factor by factor as written, so that denominators stay small."""
    match term:
        case terms.Times():
            return lines.ring.multiplied(_inverse(lines, a) for a in term.args)
        case terms.Power(base, exponent) if exponent.is_Integer:
            return lines.ring.power(lines.form(base), -int(exponent))
        case _:
            return lines.ring.power(lines.form(term), -1)


@reads(terms.Power, sympy.Pow)
def _power(lines: Lines, term: Any) -> Form:
    return laws.power(lines.ring, lines.form(term.args[0]), lines.form(term.args[1]))


@reads(sympy.Rational)
def _rational(lines: Lines, term: sympy.Rational) -> Form:
    return constant(exact(Fraction(int(term.p), int(term.q))))


@reads(type(sympy.pi))
def _pi(lines: Lines, term: Basic) -> Form:
    return lines.ring.atom("pi")


@reads(type(sympy.E))
def _e(lines: Lines, term: Basic) -> Form:
    return laws.exp(lines.ring, constant(1))


@reads(Symbol)
def _symbol(lines: Lines, term: Symbol) -> Form:
    if term.is_integer:
        return lines.ring.index_form(lines.index(term))
    return lines.ring.atom("scalar", term.name)


@reads(Indexed)
def _indexed(lines: Lines, term: Indexed) -> Form:
    return lines.ring.atom("given", str(term.base.label), *(lines.index(i) for i in term.indices))


@reads(terms.Quantity)
def _quantity(lines: Lines, term: terms.Quantity) -> Form:
    return lines.stage(term.name, tuple(lines.index(i) for i in term.indices))


@reads(sympy.KroneckerDelta)
def _delta(lines: Lines, term: Basic) -> Form:
    a, b = term.args
    return delta(lines.ring, combined((lines.index(a), 1), (lines.index(b), -1)))


@reads(sympy.Sum)
def _sum(lines: Lines, term: sympy.Sum) -> Form:
    body, letters = lines.bound(term)
    return summed(lines.ring, body, letters)


@reads(sympy.Product)
def _product(lines: Lines, term: sympy.Product) -> Form:
    body, letters = lines.bound(term)
    return product_over(lines.ring, body, letters)


@reads(terms.Maximum)
def _maximum(lines: Lines, term: terms.Maximum) -> Form:
    body, letters = lines.bound(term)
    return maximum_over(lines.ring, body, letters)


@reads(sympy.Derivative)
def _partial(lines: Lines, term: sympy.Derivative) -> Form:
    body, *variables = term.args
    if len(variables) == 1 and isinstance(variables[0], Tuple) and variables[0].args[1] == 1:
        return lines.partial(cast(Expr, body), variables[0].args[0])
    for t in variables:
        for _ in range(int(t.args[1])):
            body = terms.D(body, t.args[0])
    return lines.form(body)


@reads(sympy.Max)
def _max(lines: Lines, term: Basic) -> Form:
    forms = [lines.form(a) for a in term.args]
    return reduce(lambda a, b: laws.maximum(lines.ring, a, b), forms)


@reads(sympy.Min)
def _min(lines: Lines, term: Basic) -> Form:
    forms = [negated(lines.form(a)) for a in term.args]
    return negated(reduce(lambda a, b: laws.maximum(lines.ring, a, b), forms))


@reads(sympy.Function)
def _call(lines: Lines, term: sympy.Function) -> Form:
    name = type(term).__name__
    if name not in laws.ELEMENTARY or len(term.args) != 1:
        raise OutOfReach(f"the function {name}")
    return laws.ELEMENTARY[name](lines.ring, lines.form(term.args[0]))


@reads(terms.Iverson)
def _iverson(lines: Lines, term: terms.Iverson) -> Form:
    condition = term.condition
    left, right = condition.args
    name = type(condition).__name__
    ring = lines.ring
    if name in ("Equality", "Unequality"):
        if _is_index(lines, left) and _is_index(lines, right):
            same = delta(ring, combined((lines.index(left), 1), (lines.index(right), -1)))
        else:
            same = equal(ring, added(lines.form(left), negated(lines.form(right))))
        return same if name == "Equality" else added(constant(1), negated(same))
    difference = added(lines.form(left), negated(lines.form(right)))
    match name:
        case "StrictGreaterThan":
            return laws.bracket(ring, difference)
        case "GreaterThan":
            return laws.at_least(ring, difference)
        case "StrictLessThan":
            return laws.bracket(ring, negated(difference))
        case "LessThan":
            return laws.at_least(ring, negated(difference))
        case _:
            raise OutOfReach(f"the condition {name}")


def _is_index(lines: Lines, term: Basic) -> bool:
    match term:
        case sympy.Integer():
            return True
        case Symbol():
            return bool(term.is_integer)
        case Indexed():
            return str(term.base.label) in lines.problem.labels
        case terms.Plus() | terms.Neg() | terms.Times():
            return all(_is_index(lines, a) for a in term.args)
        case _:
            return False
