"""Layout: what stands in brackets, where a product needs a dot, which long sums are shortened.

Gives `Layout`, the part that all printers of formulas share.  It walks a term and decides; how a
bracket, a fraction or a sum sign is spelled is left to the target (`spelling`), which subclasses it
together with a printer of SymPy's.

Floor 1: imports floor 0 and SymPy.

To add a head: one method `_print_<Head>` here, and, where brackets depend on it, its place in
`_is_prefix` or `_is_closed`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Self, cast

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Product, Sum, Symbol
from sympy.core.basic import Basic
from sympy.core.function import Function
from sympy.core.relational import Relational

from symderiv.elementwise import of_head
from symderiv.printers.arranged import as_beside, digits, is_decimal, with_decimals
from symderiv.printers.faces import Drawn
from symderiv.printers.looks import derivative_chain, is_held, is_plain, is_tall, negated
from symderiv.printers.runs import LONGEST, shortened
from symderiv.printers.spelling import Spelling
from symderiv.terms import (
    Iverson,
    Maximum,
    Neg,
    Partial,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    hold,
)
from symderiv.terms.derived import derived
from symderiv.terms.omitted import conditions


class Layout(Spelling):
    """The decisions; a target gives the spelling."""

    printmethod = ""  # no term prints itself

    def __init__(
        self, *, longest: int | None = LONGEST, ranges: bool = True, drawn: Drawn | None = None
    ) -> None:
        super().__init__()
        self.drawn = drawn or {}  # how names are set, where that is said
        self.longest = longest  # alike terms of a sum that are shown one by one; None: all
        self.ranges = ranges  # sums with their range, or with their letter alone
        self.small = 0  # how many exponents deep
        self._spelled: dict[tuple[Basic, int], str] = {}  # a line is measured, and then written
        self._narrower: dict[int | None, Self] = {}

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if kwargs or not isinstance(expr, Basic):
            return cast(str, super()._print(expr, **kwargs))
        key = expr, self.small
        found = self._spelled.get(key)
        if found is None:
            found = self._spelled[key] = cast(str, super()._print(expr))
        return found

    def with_names(self, drawn: Drawn) -> Self:
        """The same, with names that are set in these faces."""
        if drawn == self.drawn:
            return self
        return type(self)(longest=self.longest, ranges=self.ranges, drawn=drawn)

    def with_short_sums(self) -> Self:
        """The same, with sums that show their letter alone."""
        return self._with(self.longest)

    def with_few_terms(self) -> Self:
        """The same, and of a written-out sum the first term and the last."""
        return self._with(self.longest and 3)

    def with_fewest_terms(self) -> Self:
        """The same, and of any written-out sum the first term and the last."""
        return self._with(self.longest and 2)

    def _with(self, longest: int | None) -> Self:
        if longest not in self._narrower:
            self._narrower[longest] = type(self)(longest=longest, ranges=False, drawn=self.drawn)
        return self._narrower[longest]

    def spelled(self, term: Basic) -> str:
        """The whole term; ordinary SymPy is put in held form first, so that it looks alike."""
        return self._print(with_decimals(term if is_held(term) else hold(term)))

    # -- the decisions -------------------------------------------------------------------------

    def _small(self, term: Expr) -> str:
        """The term as it stands in an exponent."""
        self.small += 1
        spelled: str = self._print(term)
        self.small -= 1
        return spelled

    def _tall(self, term: Basic) -> bool:
        return not self.small and is_tall(term)

    def enclosed(self, term: Expr) -> str:
        """The term in brackets."""
        return self.bracket(self._print(term), tall=self._tall(term))

    def _is_prefix(self, term: Basic) -> bool:
        """Does it reach to the right as far as the product does: Σ_k …, ∂/∂z …, log …?"""
        if isinstance(term, Sum | Product | Maximum):
            return True
        if isinstance(term, Partial):
            return not self.STACKED or not is_plain(derivative_chain(term)[0])
        return self._is_bare_call(term)

    def _is_bare_call(self, term: Basic) -> bool:
        """Is it written without brackets round its argument: log p_i, log Σ_k …?"""
        function = of_head(type(term))
        if function is None or not function.prefix:
            return False
        argument = term.args[0]
        if isinstance(argument, Integer) and not argument.is_negative:
            return True
        return is_plain(argument) or isinstance(argument, Sum | Product | sympy.exp)

    def _is_closed(self, term: Basic) -> bool:
        """Can an exponent follow without brackets?"""
        if is_plain(term) or isinstance(term, KroneckerDelta | Iverson):
            return True
        if isinstance(term, Integer) and not term.is_negative:
            return True
        if isinstance(term, sympy.exp):
            return False
        return isinstance(term, Function) and not self._is_bare_call(term)

    def _is_inline_quotient(self, term: Basic) -> bool:
        inline = not self.STACKED or self.small > 0
        return isinstance(term, Quotient) and inline and not is_decimal(term)

    def _shown(self, terms: tuple[Basic, ...]) -> Sequence[Expr | None]:
        """The terms to print; None stands for the dots."""
        return terms if self.longest is None else shortened(terms, self.longest)

    def _signed(self, term: Plus) -> Iterator[tuple[str, str]]:
        """The terms of a sum, each with its sign; dots have the sign of the term behind them."""
        shown = self._shown(term.args)
        for n, t in enumerate(shown):
            said = cast(Expr, shown[n + 1] if t is None else t)
            positive = negated(said)
            plain, minus = (self.PLUS, self.MINUS) if n else ("", self.NEGATIVE)
            body = self._summand(said) if positive is None else self._operand(positive)
            yield plain if positive is None else minus, body if t is not None else self.DOTS

    def _print_Plus(self, term: Plus) -> str:
        return "".join(sign + body for sign, body in self._signed(term))

    def _summand(self, term: Expr) -> str:
        """A term of a sum."""
        return self.enclosed(term) if isinstance(term, Plus | Relational) else self._print(term)

    def _operand(self, term: Expr) -> str:
        """What a minus sign stands before."""
        wraps = isinstance(term, Plus | Relational) or negated(term) is not None
        return self.enclosed(term) if wraps else self._print(term)

    def _print_Neg(self, term: Neg) -> str:
        return self.NEGATIVE + self._operand(term.term)

    def _print_Times(self, term: Times) -> str:
        shown = self._shown(as_beside(cast("tuple[Expr, ...]", term.args)))
        out = ""
        previous: Expr | None = None
        for n, factor in enumerate(shown):
            if factor is None:
                out += self.DOT + self.DOTS
                previous = None
                continue
            spelled = self._factor(factor, last=n == len(shown) - 1)
            if not out:
                out = spelled
            elif previous is None or self._needs_dot(previous, factor, spelled):
                out += self.DOT + spelled
            else:
                out += self.SPACE + spelled
            previous = factor
        return out

    def _factor(self, term: Expr, *, last: bool) -> str:
        """A factor of a product."""
        if isinstance(term, Plus | Times | Relational) or negated(term) is not None:
            return self.enclosed(term)
        if self._is_inline_quotient(term):
            return self.enclosed(term)
        if not last and self._is_bare_call(term):
            return self._closed_call(cast(Function, term))
        if not last and self._is_prefix(term):
            return self.enclosed(term)
        return self._print(term)

    def _needs_dot(self, before: Expr, after: Expr, spelled: str) -> bool:
        """Would plain juxtaposition be misread: 2 · 3, 1 · x, two fractions side by side?"""
        if isinstance(after, Iverson):
            return not is_plain(before)
        if spelled[0].isdigit() or before in (0, 1):
            return True
        if isinstance(after, Quotient) and isinstance(after.numerator, Integer):
            return self.STACKED and isinstance(before, Quotient | Integer)
        return isinstance(before, Quotient) and isinstance(after, Quotient)

    def _print_Quotient(self, term: Quotient) -> str:
        if (number := digits(term)) is not None:
            return number
        if not self._is_inline_quotient(term):
            return self.fraction(self._print(term.numerator), self._print(term.denominator))
        above, below = term.numerator, term.denominator
        if isinstance(above, Plus | Quotient) or (self._is_prefix(above) and not is_plain(above)):
            top = self.enclosed(above)
        else:
            top = self._print(above)
        if isinstance(below, Plus | Times | Quotient | Neg) or negated(below) is not None:
            bottom = self.enclosed(below)
        else:
            bottom = self._print(below)
        return top + self.SLASH[self.small > 0] + bottom

    def _print_Power(self, term: Power) -> str:
        if term.exponent in (sympy.S.Half, Quotient(1, 2)):
            return self.root(term.base)
        base = self._print(term.base) if self._is_closed(term.base) else self.enclosed(term.base)
        return self.raised(base, term.exponent)

    def root(self, body: Expr) -> str:
        """A square root."""
        return self.ROOT.format(self._print(body))

    def _print_exp(self, term: sympy.exp) -> str:
        return self.exponential(cast(Expr, term.args[0]))

    def exponential(self, argument: Expr) -> str:
        """e to a power; one that is tall and does not read well there stands in brackets."""
        if self.STACKED and is_tall(argument) and self._is_long(self._small(argument)):
            return self.call(self.EXP, self._print(argument), tall=self._tall(argument))
        return self.raised(self.CONSTANTS["Exp1"], argument)

    def _is_long(self, exponent: str) -> bool:
        return len(exponent) > self.LONG or self.OVER["Sum"] in exponent

    def named(self, identifier: str, indices: Sequence[Expr]) -> str:
        """A name with its indices."""
        found = derived(identifier)
        if found is None:
            return self.lettered(identifier, indices)
        return self.of_array(found.function, self.named(found.array, ()), indices)

    def of_array(self, function: str, array: str, indices: Sequence[Expr]) -> str:
        """The inverse of a matrix at indices, or its determinant."""
        return self.DERIVED[function].format(array, self.lettered("", indices))

    def _print_Quantity(self, term: Quantity) -> str:
        return self.named(term.name, term.indices)

    def _print_Indexed(self, term: Indexed) -> str:
        return self.named(str(term.base.label), cast("tuple[Expr, ...]", term.args[1:]))

    def _print_Symbol(self, term: Symbol) -> str:
        return self.named(str(term.name), ())

    def _print_KroneckerDelta(self, term: KroneckerDelta) -> str:
        return self.named("delta", cast("tuple[Expr, ...]", term.args))

    def _print_Notated(self, term: Basic) -> str:
        """A line of matrix notation, which is spelled for every target."""
        return str(term.args[self.NOTATED])

    def _print_Iverson(self, term: Iverson) -> str:
        return self.IVERSON.format(self._print(term.condition))

    def _print_Sum(self, term: Sum) -> str:
        return self._over(term)

    def _print_Product(self, term: Product) -> str:
        body, asked = conditions(term)
        return self._over(term, body, asked)

    def _print_Maximum(self, term: Maximum) -> str:
        return self._over(term)

    def _over(self, term: Basic, body: Expr | None = None, asked: Sequence[Relational] = ()) -> str:
        body = cast(Expr, term.args[0]) if body is None else body
        head = type(term).__name__
        ranges = (cast("tuple[Expr, Expr, Expr]", t.args) for t in term.args[1:])
        signs = [self.ranged(head, *ends, asked) for ends in ranges]
        wraps = isinstance(body, Plus | Relational) or negated(body) is not None
        return self.APPLIED.join([*signs, self.enclosed(body) if wraps else self._print(body)])

    def ranged(
        self, head: str, letter: Expr, low: Expr, high: Expr, asked: Sequence[Relational] = ()
    ) -> str:
        """The sign of a sum, product or maximum with its range."""
        sign, below = self.OVER[head], self._small(letter)
        more = [self._small(c) for c in asked]
        usual = low == 1 and isinstance(high, Symbol)
        if head in ("Maximum", "Minimum") or (usual and not self.ranges):
            return self.over(sign, self.COMMA.join(more) or below)
        start = self.COMMA.join([below + self.EQUALS + self._small(low), *more])
        return self.over(sign, start, self._small(high))

    def _print_Partial(self, term: Partial) -> str:
        body, variables = derivative_chain(term)
        if is_plain(body):
            return self.derivative(self._print(body), variables)
        wraps = isinstance(body, Plus | Times | Quotient | Relational) or negated(body) is not None
        spelled = self.enclosed(body) if wraps else self._print(body)
        return self.derivative("", variables) + self.APPLIED + spelled

    def derivative(self, body: str, variables: Sequence[Expr]) -> str:
        """∂body/∂variables; with an empty body the operator alone."""
        d, order = self.PARTIAL, len(variables)
        top = d if order == 1 else self.raised(d, Integer(order))
        if order > 1 and len(set(variables)) == 1:
            below = d + self.GAP + self.raised(self._print(variables[0]), Integer(order))
        else:
            below = self.BESIDE.join(d + self.GAP + self._print(v) for v in variables)
        return self.fraction((top + self.GAP + body).strip(), below)

    def _print_Derivative(self, term: Any) -> str:
        partial: Expr = hold(term.expr)
        for variable, count in reversed(term.variable_count):
            for _ in range(int(count)):
                partial = Partial(partial, variable)
        return self._print(partial)

    def function_name(self, term: Function) -> str:
        """The sign of a function in this target, or its name."""
        head = type(term)
        function = of_head(head)
        if function is None:
            return self.FUNCTIONS.get(head.__name__) or self.word(head.__name__)
        return function.spellings.get(self.TARGET) or self.word(function.on_the_page)

    def _print_Function(self, term: Function) -> str:
        if self._is_bare_call(term):
            return f"{self.function_name(term)}{self.APPLIED}{self._print(term.args[0])}"
        return self._closed_call(term)

    def _closed_call(self, term: Function) -> str:
        arguments = self.COMMA.join(self._print(a) for a in term.args)
        return self.call(self.function_name(term), arguments, tall=self._tall(term))

    _print_log = _print_Function

    def _print_Max(self, term: Any) -> str:
        return self._closed_call(term)

    _print_Min = _print_Max

    def _print_Abs(self, term: Any) -> str:
        return self.absolute(self._print(term.args[0]), tall=self._tall(term))

    def _print_Relational(self, term: Relational) -> str:
        left, right = (self._print(a) for a in term.args)
        return f"{left} {self.RELATIONS[type(term).__name__]} {right}"

    def _print_Pi(self, term: Basic) -> str:
        return self.CONSTANTS[type(term).__name__]

    _print_Exp1 = _print_Infinity = _print_NegativeInfinity = _print_Pi

    def _print_Integer(self, term: Integer) -> str:
        return str(int(term)) if term >= 0 else self.NEGATIVE + str(-int(term))

    # what is left of ordinary SymPy stands among indices: x_{i+k}
    def _print_held(self, term: Expr) -> str:
        return self._print(hold(term))

    _print_Add = _print_Mul = _print_Pow = _print_Rational = _print_Half = _print_held
