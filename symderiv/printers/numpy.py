"""NumPy: index letters become axes.

Gives `NumPyArrays`, a subclass of SymPy's NumPyPrinter under which p_i(δ_ij - p_j) prints itself
as `p[..., :, None] * (np.eye(K, dtype=dtype) - p[..., None, :])`, and `numpy_code`, one term as
source.  Every array keeps leading batch axes; then come the axes of the term's own letters, in
the order of the printer's `axes`.  A sum over a letter is a sum over an axis, and a matrix
product where two factors share the letter, so that nothing larger than operands and result is
formed.

In what is printed, `np` is NumPy, `numeric` is `symderiv.numeric`, a size is a local name, and
`dtype` is that of the inputs.

Floor 1: imports floor 0 and SymPy.

A function of one number is called as its file in `elementwise` says.  To add a head: a method
`_print_<Head>`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Product, Sum, Symbol
from sympy.core.basic import Basic
from sympy.printing.numpy import NumPyPrinter

from symderiv import elementwise
from symderiv.mistakes import Mistake
from symderiv.terms import (
    ONE,
    Iverson,
    Maximum,
    Minimum,
    Neg,
    Power,
    Quantity,
    Quotient,
    Times,
    release,
    subterms,
)
from symderiv.terms.factors import factored
from symderiv.terms.letters import free_letters, rename_bound
from symderiv.terms.problem import Problem


def _is_a_call(code: str) -> bool:
    """Is it f(x)?"""
    match ast.parse(code, mode="eval").body:
        case ast.Call(args=[ast.Name(id="x")]):
            return True
    return False


# what a function of one argument is called; of others, the expression in x
SPELLED = {f.head.__name__: f.spellings["numpy"] for f in elementwise.FUNCTIONS.values()}
FUNCTIONS = {
    **{name: code.removesuffix("(x)") for name, code in SPELLED.items() if _is_a_call(code)},
    "sqrt": "np.sqrt",
    "log1p": "np.log1p",
    "expm1": "np.expm1",
    "log_sigmoid": "numeric.log_sigmoid",
    "log_cosh": "numeric.log_cosh",
    "zero_times": "numeric.zero_times",
    "sigmoid_times": "numeric.sigmoid_times",
    "log_ratio": "numeric.log_ratio",
}

_RELATIONS = {
    "StrictGreaterThan": ">",
    "GreaterThan": ">=",
    "StrictLessThan": "<",
    "LessThan": "<=",
    "Equality": "==",
    "Unequality": "!=",
}

LOW, PRODUCT, POWER, ATOM = range(4)  # how tightly a piece of source holds together


class Unprintable(Mistake):
    """A term that has no form in NumPy here."""


def numpy_code(term: Expr, problem: Problem, axes: Sequence[Symbol] = ()) -> str:
    """A term as NumPy source; the axes of the result are `axes`, then its other free letters."""
    printer = NumPyArrays(problem=problem, axes=axes)
    term = cast(Expr, rename_bound(term, set(axes) | free_letters(term)))
    return printer.over(term, printer.letters(term, also=axes))


class NumPyArrays(NumPyPrinter):
    """Prints terms of one problem; without a problem, terms whose letters are integer symbols."""

    def __init__(
        self,
        settings: dict[str, Any] | None = None,
        problem: Problem | None = None,
        axes: Sequence[Symbol] = (),
    ) -> None:
        super().__init__({**(settings or {}), "allow_unknown_functions": True})
        self.problem = problem
        self.axes = list(axes)
        self.guarded: set[Basic] = set()  # indices that stand in a bracket [1 <= i - k]

    # -- letters ---------------------------------------------------------------------------------

    def is_letter(self, symbol: Basic) -> bool:
        """Is this the letter of an axis (no label, size or scalar)?"""
        if not isinstance(symbol, Symbol) or not symbol.is_integer or symbol.is_positive:
            return False
        return self.problem is None or symbol.name not in self.problem.labels

    def letters(self, term: Basic, also: Iterable[Symbol] = ()) -> tuple[Symbol, ...]:
        """The letters of a term in the order of axes."""
        found = {s for s in free_letters(term) if self.is_letter(s)}
        for s in sorted(found, key=str):
            if s not in self.axes:
                self.axes.append(s)
        return tuple(s for s in self.axes if s in found or s in set(also))

    def is_array(self, term: Basic) -> bool:
        """Does the term have axes, of its own or of a batch?"""
        if any(isinstance(t, Indexed | Quantity) for t in subterms(term)):
            return True
        if any(self.is_letter(s) for s in free_letters(term)):
            return True
        if self.problem is None:
            return False
        return any(not s.is_integer or s.name in self.problem.labels for s in free_letters(term))

    def over(self, term: Expr, letters: Sequence[Symbol], level: int = LOW) -> str:
        """The term with exactly these axes, in brackets if it holds less tightly than `level`."""
        own = self.letters(term)
        self.guarded |= {
            release(t.args[0].args[0]) for t in subterms(term) if isinstance(t, Iverson)
        }
        code = self._print(term)
        if own == tuple(letters) or not self.is_array(term):
            return code if holds(code) >= level else f"({code})"
        places = ", ".join(":" if s in own else "None" for s in letters)
        return f"{code if holds(code) == ATOM else f'({code})'}[..., {places}]"

    # -- arithmetic ------------------------------------------------------------------------------

    def _print_Plus(self, term: Expr) -> str:
        letters = self.letters(term)
        parts = []
        for n, t in enumerate(term.args):
            minus = isinstance(t, Neg)
            piece = self.over(t.term if minus else t, letters, PRODUCT if minus else LOW)
            parts.append(
                ("-" if minus else "") + piece if n == 0 else f"{' - ' if minus else ' + '}{piece}"
            )
        return "".join(parts)

    def _print_Add(self, term: Expr) -> str:
        return self._print_Plus(term)

    def _print_Neg(self, term: Neg) -> str:
        return "-" + self.over(term.term, self.letters(term), PRODUCT)

    def _print_Times(self, term: Expr) -> str:
        letters = self.letters(term)
        return " * ".join(
            self.over(t, letters, PRODUCT) for t in cast("tuple[Expr, ...]", term.args)
        )

    def _print_Mul(self, term: Expr) -> str:
        return self._print_Times(term)

    def _print_Quotient(self, term: Quotient) -> str:
        letters = self.letters(term)
        top = self.over(term.numerator, letters, PRODUCT)
        return f"{top} / {self.over(term.denominator, letters, POWER)}"

    def _print_Power(self, term: Expr) -> str:
        base, exponent = cast("tuple[Expr, Expr]", term.args)
        letters = self.letters(term)
        if not self.is_array(base) and not self.is_array(exponent):  # a Python number, of no dtype
            return f"{self.over(base, (), ATOM)}**{self.over(exponent, (), ATOM)}"
        if exponent in (sympy.Rational(1, 2), Quotient(1, 2)):
            return f"np.sqrt({self.over(base, letters)})"
        if exponent.is_Integer and exponent.is_negative:
            inner = self.over(base, letters, ATOM)
            return f"1 / {inner}" if exponent == -1 else f"1 / {inner}**{-exponent}"
        return f"{self.over(base, letters, ATOM)}**{self.over(exponent, letters, ATOM)}"

    def _print_Pow(self, term: Expr, **_: Any) -> str:
        return self._print_Power(term)

    def _print_Rational(self, term: Any) -> str:
        return str(term.p) if term.q == 1 else f"{term.p}/{term.q}"

    def _print_Integer(self, term: Any) -> str:
        return str(term.p)

    def _print_Pi(self, term: Any) -> str:
        return "np.pi"

    def _print_Exp1(self, term: Any) -> str:
        return "np.e"

    def _print_Symbol(self, term: Symbol) -> str:
        if self.is_letter(term):
            return f"np.arange(1, {self.size(term)} + 1, dtype=dtype)"
        return str(term.name)

    # -- functions -------------------------------------------------------------------------------

    def _print_Function(self, term: Expr) -> str:
        name = type(term).__name__
        letters = self.letters(term)
        inner = ", ".join(self.over(a, letters) for a in cast("tuple[Expr, ...]", term.args))
        if name in FUNCTIONS:
            call = f"{FUNCTIONS[name]}({inner})"
        elif name in SPELLED:
            argument = ast.parse(inner, mode="eval").body
            call = ast.unparse(_At(argument).visit(ast.parse(SPELLED[name], mode="eval")))
        else:
            raise Unprintable(f"no NumPy function is known for {name}")
        return call if self.is_array(term) or self.problem is None else f"float({call})"

    def _print_Max(self, term: Expr) -> str:
        return self._extreme("maximum", term)

    def _print_Min(self, term: Expr) -> str:
        return self._extreme("minimum", term)

    def _extreme(self, name: str, term: Expr) -> str:
        letters = self.letters(term)
        first, *rest = (self.over(a, letters) for a in cast("tuple[Expr, ...]", term.args))
        for other in rest:
            first = f"np.{name}({first}, {other})"
        return first

    def _print_Iverson(self, term: Expr) -> str:
        letters = self.letters(term)
        condition = cast(Any, term.args[0])
        sign = _RELATIONS.get(type(condition).__name__)
        if sign is None:
            raise Unprintable(f"the condition {condition} has no form in NumPy")
        left, right = (self.over(a, letters) for a in condition.args)
        if all(symbol.is_integer for symbol in condition.free_symbols) and not letters:
            return f"np.asarray({left} {sign} {right}, dtype=dtype)"  # of sizes alone
        return f"({left} {sign} {right}).astype(dtype)"

    def _print_KroneckerDelta(self, term: Expr) -> str:
        a, b = cast("tuple[Expr, Expr]", term.args)
        if self.is_letter(a) and self.is_letter(b):
            if self.size(a) != self.size(b):
                raise Unprintable(f"{term} joins axes of sizes {self.size(a)} and {self.size(b)}")
            return f"np.eye({self.size(a)}, dtype=dtype)"
        letters = self.letters(term)
        left, right = (self._place(x, letters) for x in (a, b))
        return f"({left} == {right}).astype(dtype)"

    def _place(self, index: Expr, letters: Sequence[Symbol]) -> str:
        """An index as integers counted from 0, with these axes."""
        if index.is_Integer:
            return str(int(index) - 1)
        if self.is_letter(index):
            code = f"np.arange({self.size(index)})"
            return code if tuple(letters) == (index,) else self._aligned(code, (index,), letters)
        if isinstance(index, Symbol):  # a label
            return self._aligned(index.name, (), letters)
        if (
            isinstance(index, Indexed)
            and self.problem
            and str(index.base.label) in self.problem.labels
        ):
            own = self.letters(index)
            return self._aligned(
                self._component(str(index.base.label), index.args[1:]), own, letters
            )
        parts = []
        shift = -1  # i + k counted from 1 is i + k + 1 where both count from 0
        for t in sympy.Add.make_args(release(index)):
            sign, letter = t.as_coeff_Mul()
            if letter == 1 and sign.is_Integer:
                shift += int(sign)
            elif self.is_letter(letter) and abs(sign) == 1:
                shift += int(sign)
                parts.append(("- " if sign < 0 else "+ ") + self._place(letter, letters))
            else:
                raise Unprintable(f"the index {index} has no form in NumPy")
        if shift:
            parts.append(f"+ {shift}" if shift > 0 else f"- {-shift}")
        return " ".join(parts).removeprefix("+ ")

    @staticmethod
    def _aligned(code: str, own: Sequence[Symbol], letters: Sequence[Symbol]) -> str:
        if not letters or tuple(own) == tuple(letters):
            return code
        return f"{code}[..., {', '.join(':' if s in own else 'None' for s in letters)}]"

    # -- components ------------------------------------------------------------------------------

    def _print_Indexed(self, term: Indexed) -> str:
        return self._component(str(term.base.label), cast("tuple[Expr, ...]", term.args[1:]))

    def _print_Quantity(self, term: Quantity) -> str:
        return self._component(term.name, term.indices) if term.indices else term.name

    def _component(self, name: str, indices: Sequence[Expr]) -> str:
        letters = self.letters(sympy.Tuple(*indices))
        plain = [a for a in indices if self.is_letter(a)]
        if len(plain) == len(indices) and len(set(plain)) == len(plain):
            return _moved(name, plain, letters)
        others = [n for n, a in enumerate(indices) if not self.is_letter(a)]
        if (
            len(set(plain)) == len(plain)
            and len(others) == 1
            and not self.letters(indices[others[0]])
        ):
            return self._one_taken(name, indices, others[0], letters)
        if len(others) == 1 and others[0] == len(indices) - 1 and tuple(plain) == letters:
            places = self._place(indices[-1], letters)  # p[n, y[n]]
            places = f"{places}[..., None]" if holds(places) == ATOM else f"({places})[..., None]"
            return f"numeric.taken({name}, {places}, -1)"
        if any(isinstance(a, Symbol) and not self.is_letter(a) for a in indices):
            raise Unprintable(f"{name}[{', '.join(map(str, indices))}] has no form in NumPy")
        places = ", ".join(
            self._within(self._place(a, letters), name, n - len(indices), a)
            for n, a in enumerate(indices)
        )
        return f"{name}[..., {places}]"

    def _within(self, places: str, name: str, axis: int, index: Expr) -> str:
        """Places kept on the axis, where a bracket makes 0 of those beside it."""
        if release(index) not in self.guarded:
            return places
        return f"np.clip({places}, 0, {name}.shape[{axis}] - 1)"

    def _one_taken(
        self, name: str, indices: Sequence[Expr], n: int, letters: Sequence[Symbol]
    ) -> str:
        """One index is a number or a label for each element of the batch."""
        index = indices[n]
        plain = [a for a in indices if self.is_letter(a)]
        if index.is_Integer:
            rest = ", :" * (len(indices) - 1 - n)
            return _moved(f"{name}[..., {int(index) - 1}{rest}]", plain, letters)
        ones = ", None" * len(indices)
        places = f"np.asarray({self._place(index, ())})[...{ones}]"
        code = f"numeric.taken({name}, {places}, {n - len(indices)})"
        return _moved(code, plain, letters)

    def size(self, index: Basic) -> str:
        """The size of a letter's axis, as source."""
        if self.problem is None:
            raise Unprintable(f"the size of {index} is not known without a problem")
        found = self.problem.ranges.get(index) or self._bound.get(index)
        if found is None:
            raise Unprintable(f"the size of {index} is not known")
        return str(found)

    # -- sums, products, maxima ------------------------------------------------------------------

    _bound: dict[Basic, Expr]

    def _bind(self, term: Expr) -> list[Symbol]:
        self._bound = getattr(self, "_bound", {})
        found = []
        for limit in term.args[1:]:
            index, low, high = limit.args
            if low != ONE or not isinstance(high, Symbol | sympy.Integer):
                raise Unprintable(f"a sum from {low} to {high} has no form in NumPy")
            self._bound[index] = high
            if index in self.axes:
                self.axes.remove(index)
            self.axes.append(index)  # bound letters come last
            found.append(index)
        return found

    def _print_Sum(self, term: Sum) -> str:
        bound = self._bind(term)
        body = cast(Expr, term.args[0])
        constant = [str(self._bound[s]) for s in bound if s not in free_letters(body)]
        bound = [s for s in bound if s in free_letters(body)]
        code = self._contracted(body, bound) if bound else self._print(body)
        if constant:
            code = " * ".join((*constant, code if holds(code) >= PRODUCT else f"({code})"))
        return code

    def _contracted(self, body: Expr, bound: list[Symbol]) -> str:
        letters = self.letters(body)
        kept = tuple(s for s in letters if s not in bound)
        if isinstance(body, Neg):
            return f"-{self._contracted(body.term, bound)}"
        view = factored(body)
        parts = [] if view.coefficient == 1 else [view.coefficient]
        parts += [b if e == 1 else sympy.Tuple(b, e) for b, e in view.powers.items()]
        factors: list[Expr] = [cast(Expr, _power(p)) for p in parts]
        widest = max(len(self.letters(f)) for f in factors)
        if len(bound) == 1:
            product = self._matrix_product(factors, bound[0], kept)
            if product is not None:
                return product
        if len(letters) > widest:
            return self._einsum(factors, kept)
        code = self.over(body, letters, ATOM)
        axis = "-1" if len(bound) == 1 else str(tuple(range(-len(bound), 0)))
        return f"{code}.sum(axis={axis})"

    def _matrix_product(
        self, factors: list[Expr], bound: Symbol, kept: Sequence[Symbol]
    ) -> str | None:
        """Two groups of factors that share only the bound letter, each with at most one other."""
        outside = [f for f in factors if bound not in self.letters(f)]
        groups: dict[tuple[Symbol, ...], list[Expr]] = {}
        for f in factors:
            if bound in self.letters(f):
                groups.setdefault(tuple(s for s in self.letters(f) if s != bound), []).append(f)
        if len(groups) != 2 or any(len(k) > 1 for k in groups):
            return None
        left, right = sorted(groups, key=lambda k: self.axes.index(k[0]) if k else len(self.axes))
        first, second = (g[0] if len(g) == 1 else Times(*g) for g in (groups[left], groups[right]))
        code = f"{self.over(first, (*left, bound), ATOM)} @ "
        if right:
            self.axes.remove(bound)
            self.axes.insert(0, bound)  # the right operand with the bound letter first
            code += self.over(second, (bound, *right), ATOM)
            self.axes.remove(bound)
            self.axes.append(bound)
        else:
            code = f"({code}{self.over(second, (bound,), ATOM)}[..., None])[..., 0]"
        if outside:
            code = code if holds(code) == ATOM else f"({code})"
            code = " * ".join((*(self.over(f, kept, PRODUCT) for f in outside), code))
        return code

    def _einsum(self, factors: list[Expr], kept: Sequence[Symbol]) -> str:
        names = {s: chr(ord("a") + n) for n, s in enumerate(self.axes)}
        arrays = [f for f in factors if self.is_array(f)]
        inputs = ",".join("..." + "".join(names[s] for s in self.letters(f)) for f in arrays)
        operands = ", ".join(self._print(f) for f in arrays)
        subscripts = f"{inputs}->...{''.join(names[s] for s in kept)}"
        code = f'np.einsum("{subscripts}", {operands}, optimize=True)'
        return " * ".join(
            (*(self.over(f, (), PRODUCT) for f in factors if not self.is_array(f)), code)
        )

    def _print_Product(self, term: Product) -> str:
        return self._reduced(term, "prod")

    def _print_Maximum(self, term: Maximum) -> str:
        return self._reduced(term, "max")

    def _print_Minimum(self, term: Minimum) -> str:
        return self._reduced(term, "min")

    def _reduced(self, term: Expr, method: str) -> str:
        bound = self._bind(term)
        body = cast(Expr, term.args[0])
        if not set(bound) <= free_letters(body):
            if method != "prod":
                return str(self._print(body))
            count = " * ".join(str(self._bound[s]) for s in bound)
            return f"{self.over(body, self.letters(body), ATOM)}**({count})"
        axes = "-1" if len(bound) == 1 else str(tuple(range(-len(bound), 0)))
        return f"{self.over(body, self.letters(body), ATOM)}.{method}(axis={axes})"


class _At(ast.NodeTransformer):
    """x -> the argument."""

    def __init__(self, argument: ast.expr) -> None:
        self.argument = argument

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.argument if node.id == "x" else node


for _name in (*FUNCTIONS, *SPELLED):  # SymPy's printer has methods of its own for most of them
    setattr(NumPyArrays, f"_print_{_name}", NumPyArrays._print_Function)


def _power(part: Basic) -> Basic:
    if isinstance(part, sympy.Tuple):
        base, exponent = part.args
        if exponent.is_Integer and exponent.is_negative:
            return Quotient(
                ONE, base if exponent == -1 else sympy.Pow(base, -exponent, evaluate=False)
            )
        return Power(base, exponent)
    return part


def _moved(name: str, own: Sequence[Symbol], letters: Sequence[Symbol]) -> str:
    """An array with axes `own`, its axes put in the order of `letters`."""
    if tuple(own) == tuple(letters):
        return name
    if len(own) == 2:
        return f"{name}.mT"
    source = tuple(n - len(own) for n in (list(own).index(s) for s in letters))
    target = tuple(range(-len(own), 0))
    return f"np.moveaxis({name}, {source}, {target})"


def holds(code: str) -> int:
    """How tightly a piece of source holds together, by its outermost operator."""
    depth, level, quoted = 0, ATOM, False
    previous = ""
    for n, c in enumerate(code):
        if c == '"':
            quoted = not quoted
        if quoted:
            continue
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif depth == 0:
            if c in "+-" and previous != "e":
                return LOW
            if c in "=<>":
                return LOW
            if (c == "*" and code[n : n + 2] == "**") or (c == "*" and previous == "*"):
                level = min(level, POWER)
            elif c in "*/@":
                level = min(level, PRODUCT)
        previous = c
    return level
