"""Straight-line code: a function for a chosen size and one row, in Python's own floats.

Gives `straight_line` (source that imports `math` alone) and `chosen` (the function).  For three or
ten classes the cost of any array is more than that of the arithmetic: every component is a local
name here, p_1, p_2, p_3, and every sum is written out.

The stable forms are those of the numerical functions: no shift unless a sum asks for one, and the
sums of the others added up without the one.

To add a stable form: a method `_<call>` that defines one name for each entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any, cast

import sympy
from sympy import Expr, Indexed, Integer, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.emit.lines import folded, signature
from symderiv.emit.made import Made
from symderiv.emit.program import ONE_PASS, Program
from symderiv.letters import substitute
from symderiv.printers.numpy import ATOM, LOW, POWER, PRODUCT, Unprintable, holds
from symderiv.problem import Problem
from symderiv.sizes import written_out
from symderiv.terms import Neg, Plus, Power, Quantity, Quotient, Times, subterms

SHIFT_MATTERS = ("label_loss", "logsumexp")
LARGEST = 32  # beyond, arrays are faster

SHIFTED = '''def _shifted(*z: float) -> tuple[float, ...]:
    """The exponentials of the logits less the largest, whose rounding error is put back."""
    m = max(z)
    if m == float("inf") or m == float("-inf"):
        raise ValueError("the logits hold inf, or are -inf everywhere: they have no softmax")
    found = []
    for x in z:
        d = x - m
        back = d - x
        r = (x - (d - back)) - (m + back)
        e = exp(d)
        found.append(e + e * r if e else e)
    return (*found, m)
'''

_FUNCTIONS = {
    "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh",
    "cosh": "cosh", "tanh": "tanh", "sqrt": "sqrt", "Abs": "abs", "erf": "erf", "erfc": "erfc",
    "log1p": "log1p", "expm1": "expm1",
}  # fmt: skip


def straight_line(program: Program, sizes: Mapping[str, int]) -> str:
    """The source of a program's function for chosen sizes and one row.

    The arguments are the components, one after the other; a vector is returned as a tuple, a
    matrix as a tuple of rows.

    Raises
    ------
    Unprintable
        for what is too large or has no straight-line form.
    """
    return _Straight(program, sizes).source()


def chosen(program: Program, sizes: Mapping[str, int]) -> Callable[..., Any]:
    """The function that `straight_line` writes."""
    names: dict[str, Any] = {}
    source = straight_line(program, sizes)
    exec(compile(source, f"<{program.name}>", "exec"), names)
    made = next(v for k, v in names.items() if k.startswith(program.name))
    made.__source__ = source
    return cast("Callable[..., Any]", made)


class _Straight:
    def __init__(self, program: Program, sizes: Mapping[str, int]) -> None:
        self.program, self.problem = program, program.problem
        self.sizes: dict[Basic, Basic] = {
            s: Integer(sizes[s.name])
            for s in _sizes(program.problem)
            if isinstance(s, Symbol) and s.name in sizes
        }
        if program.entry:
            raise Unprintable("one entry at a time has no straight-line form")
        missing = {str(s) for s in _sizes(program.problem)} - set(sizes)
        if missing:
            raise Unprintable(f"choose the size {', '.join(sorted(missing))}")
        if any(n < 1 or n > LARGEST for n in sizes.values()):
            raise Unprintable(f"straight-line code is written for sizes 1 to {LARGEST}")
        self.suffix = "_".join(str(n) for n in sizes.values())
        self.lines: list[str] = []
        self.used: set[str] = set()
        self.weights: set[str] = set()
        self.vectors: dict[str, str] = {}  # made arrays that are a list, by its name

    # -- the whole -------------------------------------------------------------------------------

    def source(self) -> str:
        arguments = [f"{a}: float" for n in self.program.numbers for a in self._components(n)]
        labels = [n for n in self.program.inputs if n in self.problem.labels]
        arguments += [f"{n}: int" for n in labels]
        for n in labels:
            size = int(cast(Any, self._length(n)))
            self._line(f"if not 0 <= {n} < {size}:")
            self._line(f'    raise IndexError(f"{n} = {{{n}}} is no label of {size} classes")')
        done: set[str] = set()
        for name in self.program.needed:
            if name in done:
                continue
            made = self.program.stages.made.get(name)
            if made is None:
                self._stage(name)
                continue
            partner = self.program.partner(made, self.program.needed)
            call = ONE_PASS[made.call, partner.call] if partner else made.call
            getattr(self, f"_{call}", self._unknown)(made, partner)
            done |= {name, partner.name} if partner else {name}
        results = [
            self._nested(t, axes, {})
            for t, axes in zip(self.program.stable, self.program.axes, strict=True)
        ]
        self._line(f"return {', '.join(results)}")
        kinds = ", ".join(_kind(len(axes)) for axes in self.program.axes)
        returns = kinds if len(results) == 1 else f"tuple[{kinds}]"
        head = signature(f"{self.program.name}_{self.suffix}", arguments, returns)
        doc = f'    """{self.program.name} for one row at chosen sizes."""'
        parts = ["from __future__ import annotations\n"]
        if names := sorted(self.used & {*_FUNCTIONS.values(), "exp"} - {"abs"}):
            parts.append(f"from math import {', '.join(names)}\n")
        if "_shifted" in self.used:
            parts.append(f"\n{SHIFTED}")
        lines = (*head, doc, *(f"    {line}" for line in self.lines))
        body = "\n".join(piece for line in lines for piece in folded(line))
        return "\n".join((*parts, "", body)) + "\n"

    def _components(self, name: str) -> list[str]:
        shape = [int(cast(Any, self.sizes[s])) for s in self.problem.shapes.get(name, ())]
        if not shape:
            return [name]
        places = product(*(range(1, n + 1) for n in shape))
        return [f"{name}_{'_'.join(map(str, p))}" for p in places]

    def _length(self, label: str) -> Basic:
        classes = self.program.classes(label)
        return next(n for s, n in self.sizes.items() if str(s) == classes)

    def _line(self, line: str) -> None:
        self.lines.append(line)

    def _use(self, name: str) -> str:
        self.used.add(name)
        return name

    def _unknown(self, made: Made, partner: Made | None) -> None:
        raise Unprintable(f"{made.call} has no straight-line form")

    # -- stages and results ----------------------------------------------------------------------

    def _stage(self, name: str) -> None:
        definition = self.problem.definition(name)
        letters = definition.quantity.indices if definition else ()
        for places in self._places(letters, name):
            at = dict(zip(letters, places, strict=True))
            target = "_".join((name, *map(str, places)))
            self._line(f"{target} = {self._code(self.program.stages.bodies[name], at)}")

    def _places(self, letters: Sequence[Basic], name: str) -> Any:
        shape = self.problem.shapes.get(name)
        lengths = [
            self.sizes[shape[n]] if shape else self.sizes[self.problem.ranges[cast(Symbol, s)]]
            for n, s in enumerate(letters)
        ]
        return product(*(range(1, int(cast(Any, n)) + 1) for n in lengths))

    def _nested(self, term: Expr, axes: Sequence[Symbol], at: Mapping[Basic, int]) -> str:
        if isinstance(term, Quantity) and term.name in self.vectors and term.indices == tuple(axes):
            return f"tuple({self.vectors[term.name]})"
        if not axes:
            return self._code(term, at)
        first, *rest = axes
        count = int(cast(Any, self.sizes[self.problem.ranges[first]]))
        parts = [self._nested(term, rest, {**at, first: n}) for n in range(1, count + 1)]
        return f"({', '.join(parts)},)" if len(parts) == 1 else f"({', '.join(parts)})"

    # -- terms -----------------------------------------------------------------------------------

    def _code(self, term: Expr, at: Mapping[Basic, int]) -> str:
        numbers = {k: Integer(v) for k, v in at.items()}
        return self._print(written_out(substitute(term, numbers), self.sizes))

    def _in(self, term: Expr, level: int) -> str:
        code = self._print(term)
        return code if holds(code) >= level else f"({code})"

    def _print(self, term: Expr) -> str:
        match term:
            case Integer():
                return str(term.p)
            case sympy.Rational():
                return f"{term.p} / {term.q}"
            case sympy.NumberSymbol():
                return repr(float(term))
            case Symbol():
                return str(term.name)
            case Indexed() | Quantity():
                name = term.name if isinstance(term, Quantity) else str(term.base.label)
                if not all(isinstance(a, Integer) for a in term.args[1:]):
                    raise Unprintable(f"{term} has no straight-line form")
                return "_".join((str(name), *(str(a) for a in term.args[1:])))
            case KroneckerDelta():
                a, b = sorted(term.args, key=lambda x: isinstance(x, Integer))
                return (
                    f"({a} == {int(cast(Any, b)) - 1})"
                    if isinstance(b, Integer)
                    else f"({a} == {b})"
                )
            case Plus():
                code = self._in(cast(Expr, term.args[0]), LOW)
                for t in cast("tuple[Expr, ...]", term.args[1:]):
                    minus = isinstance(t, Neg)
                    inner = t.term if isinstance(t, Neg) else t
                    code += f" {'-' if minus else '+'} {self._in(inner, PRODUCT if minus else LOW)}"
                return code
            case Times():
                return " * ".join(self._in(cast(Expr, t), PRODUCT) for t in term.args)
            case Neg():
                return f"-{self._in(term.term, PRODUCT)}"
            case Quotient(top, bottom):
                return f"{self._in(top, PRODUCT)} / {self._in(bottom, POWER)}"
            case Power(base, exponent):
                return f"{self._in(base, ATOM)}**{self._in(exponent, ATOM)}"
        name = type(term).__name__
        if name == "sigmoid":
            return f"1 / (1 + {self._use('exp')}(-{self._in(cast(Expr, term.args[0]), PRODUCT)}))"
        if name not in _FUNCTIONS:
            raise Unprintable(f"{name} has no straight-line form")
        inner = ", ".join(self._print(cast(Expr, a)) for a in term.args)
        return f"{self._use(_FUNCTIONS[name])}({inner})"

    # -- stable forms ----------------------------------------------------------------------------

    def _exponentials(self, made: Made) -> tuple[list[str], list[str]]:
        """The logits, and names of exponentials that stand beside each other without overflow."""
        (k,) = made.axes[0] if len(made.axes[0]) == 1 else (None,)
        if k is None:
            raise Unprintable("a softmax of every row has no straight-line form")
        size = self._size_of(made)
        z = [self._code(made.operands[0], {k: n}) for n in range(1, size + 1)]
        e = [f"e_{n}" for n in range(1, size + 1)]
        about = ", ".join(z)
        if about not in self.weights:
            self._use("_shifted")
            self._line("try:")
            for name, x in zip(e, z, strict=True):
                self._line(f"    {name} = {self._use('exp')}({x})")
            self._line(f"    s = {' + '.join(e)}")
            self._line("except OverflowError:")
            self._line("    s = 0.0")
            shift = any(m.call in SHIFT_MATTERS for m in self.program.stages.made.values())
            if shift:
                self._line("m = 0.0")
            self._line("if not 0.5 <= s <= 1e300:")
            self._line(f"    {', '.join(e)}, {'m' if shift else '_'} = _shifted({about})")
            self._line(f"    s = {' + '.join(e)}")
            self.weights.add(about)
        return z, e

    def _size_of(self, made: Made) -> int:
        for t in subterms(made.operands[0]):
            if isinstance(t, Indexed | Quantity) and made.axes[0][-1] in t.args[1:]:
                name = t.name if isinstance(t, Quantity) else str(t.base.label)
                shape = self.problem.shapes[name]
                length = shape[t.args[1:].index(made.axes[0][-1])]
                return int(cast(Any, self.sizes[length]))
        raise Unprintable("a softmax of unknown size")

    def _others(self, e: list[str]) -> list[str]:
        """The sums of all but one, from both ends."""
        size = len(e)
        if size <= 4:
            return [" + ".join(x for x in e if x != own) or "0.0" for own in e]
        self._line(f"left_1, right_{size} = e_1, e_{size}")
        for n in range(2, size):
            self._line(f"left_{n} = left_{n - 1} + e_{n}")
        for n in range(size - 1, 1, -1):
            self._line(f"right_{n} = right_{n + 1} + e_{n}")
        inner = [f"left_{n - 1} + right_{n + 1}" for n in range(2, size)]
        return ["right_2", *inner, f"left_{size - 1}"]

    def _softmax(self, made: Made, partner: Made | None) -> None:
        _, e = self._exponentials(made)
        for n, x in enumerate(e, 1):
            self._line(f"{made.name}_{n} = {x} / s")

    def _complement(self, made: Made, partner: Made | None) -> None:
        _, e = self._exponentials(made)
        for n, others in enumerate(self._others(e), 1):
            self._line(f"{made.name}_{n} = ({others}) / s")

    def _jacobian(self, made: Made, partner: Made | None) -> None:
        _, e = self._exponentials(made)
        size = len(e)
        for n, others in enumerate(self._others(e), 1):
            self._line(f"p_{n} = e_{n} / s")
            self._line(f"{made.name}_{n}_{n} = p_{n} * (({others}) / s)")
        for i in range(1, size + 1):
            for j in range(i + 1, size + 1):
                self._line(f"{made.name}_{i}_{j} = {made.name}_{j}_{i} = -p_{i} * p_{j}")

    def _jacobian_diagonal(self, made: Made, partner: Made | None) -> None:
        _, e = self._exponentials(made)
        for n, others in enumerate(self._others(e), 1):
            self._line(f"{made.name}_{n} = {e[n - 1]} / s * (({others}) / s)")

    def _logsumexp(self, made: Made, partner: Made | None) -> None:
        self._exponentials(made)
        self._line(f"{made.name} = m + {self._use('log')}(s)")

    def _jacobian_product(self, made: Made, partner: Made | None) -> None:
        _, e = self._exponentials(made)
        size, (k,) = len(e), made.axes[1]
        v = [self._code(made.operands[1], {k: n}) for n in range(1, size + 1)]
        self._line(f"e = [{', '.join(e)}]")
        self._line(f"v = [{', '.join(v)}]")
        self._line("likeliest = v[e.index(max(e))]")
        self._line("w = [x - likeliest for x in v]")
        self._line("mean = sum([x * y for x, y in zip(e, w)]) / s")
        names = ", ".join(f"{made.name}_{n}" for n in range(1, size + 1))
        comma = "," if size == 1 else ""
        self._line(f"{names}{comma} = [x / s * (y - mean) for x, y in zip(e, w)]")

    def _label(self, made: Made) -> str:
        """Keep the label's class apart: own, others, and all in the list `e`."""
        _, e = self._exponentials(made)
        label = str(made.operands[1])
        self._line(f"e = [{', '.join(e)}]")
        self._line(f"own = e[{label}]")
        self._line(f"e[{label}] = 0.0")
        self._line("others = sum(e)")
        return label

    def _loss(self, made: Made, name: str, label: str) -> None:
        z, _ = self._exponentials(made)
        tiny = "2.2250738585072014e-308"
        self._line(f"if own >= {tiny} and others <= 1e300 * own:")
        self._line(f"    {name} = {self._use('log1p')}(others / own)")
        self._line("else:")
        at = f"({', '.join(z)}{',' if len(z) == 1 else ''})[{label}]"
        self._line(f"    {name} = {self._use('log')}(others + own) - ({at} - m)")

    def _slopes(self, made: Made, label: str) -> None:
        size = self._size_of(made)
        self._line("share = 1 / (own + others)")
        self._line(f"g = [{', '.join(f'e_{n} * share' for n in range(1, size + 1))}]")
        self._line(f"g[{label}] = -others * share")
        whole = zip(self.program.stable, self.program.axes, strict=True)
        if all(_is_whole(t, made, axes) for t, axes in whole):
            self.vectors[made.name] = "g"
        else:
            names = ", ".join(f"{made.name}_{n}" for n in range(1, size + 1))
            self._line(f"{names}{',' if size == 1 else ''} = g")

    def _label_loss(self, made: Made, partner: Made | None) -> None:
        self._loss(made, made.name, self._label(made))

    def _label_gradient(self, made: Made, partner: Made | None) -> None:
        self._slopes(made, self._label(made))

    def _label_loss_and_gradient(self, made: Made, partner: Made | None) -> None:
        label = self._label(made)
        self._loss(made, made.name, label)
        self._slopes(cast(Made, partner), label)


def _sizes(problem: Problem) -> set[Basic]:
    found = {s for shape in problem.shapes.values() for s in shape}
    return {s for s in (*found, *problem.ranges.values()) if isinstance(s, Symbol)}


def _is_whole(term: Expr, made: Made, axes: Sequence[Symbol]) -> bool:
    """Is a result the made array itself, or free of it?"""
    if isinstance(term, Quantity) and term.name == made.name:
        return term.indices == tuple(axes)
    return not any(isinstance(t, Quantity) and t.name == made.name for t in subterms(term))


def _kind(axes: int) -> str:
    kind = "float"
    for _ in range(axes):
        kind = f"tuple[{kind}, ...]"
    return kind
