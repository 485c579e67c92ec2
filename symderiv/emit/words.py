"""Words: how a file says what is computed.

Gives `Words`, those of NumPy, in which a writer writes a graph; another target has a kind of its
own (`translation.words`).  An operation is a template, a Python expression in `a`, `b`, `c` that is
read once, or a call of an atom; a function of one number is asked of `symderiv.elementwise`.

To add an operation: its row in `TEMPLATES`.  Imports spelling, inlining, nodes, atoms and
elementwise.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence

from sympy import Expr, Rational

from symderiv.atoms import ATOMS
from symderiv.elementwise import FUNCTIONS
from symderiv.emit.inlining import inlined
from symderiv.emit.nodes import is_short
from symderiv.emit.spelling import NONE, filled

TEMPLATES = {
    "add": "a + b", "sub": "a - b", "mul": "a * b", "div": "a / b", "pow": "a ** b",
    "neg": "-a", "sqrt": "np.sqrt(a)", "exp": "np.exp(a)", "abs": "np.abs(a)",
    "gt": "a > b", "ge": "a >= b", "lt": "a < b", "le": "a <= b", "eq": "a == b",
    "ne": "a != b", "and": "a & b", "max": "np.maximum(a, b)", "min": "np.minimum(a, b)",
    "where": "np.where(a, b, c)", "clip": "np.clip(a, b, c)", "float": "(a).astype(dtype)",
    "number": "float(a)", "kept": "min(max(a, b), c)",
    "expm1": "np.expm1(a)", "log1p": "np.log1p(a)", "logaddexp": "np.logaddexp(a, b)",
    "hypot": "np.hypot(a, b)", "repeat": "a + 0 * b",
}  # fmt: skip


def template(op: str, operands: Collection[object] = "abc") -> str:
    """An operation: a row, an atom, or "f:tanh", a function of the register, whose `x` is `a`."""
    if op.startswith("f:"):
        return FUNCTIONS[op[2:]].spellings["numpy"]
    if op in TEMPLATES:
        return TEMPLATES[op]
    return f"_{ATOMS[op].name}({', '.join('abc'[: len(operands)])})"


class Words:
    """The words of NumPy."""

    def filled(
        self, said: str, names: Mapping[str, ast.expr] = NONE, numbers: Collection[str] = ()
    ) -> ast.expr:
        """A template with expressions in place of its names, some of which are numbers.

        What NumPy or an atom makes of numbers alone is one of no type of its own again; of two that
        a condition chooses from the graph says so.
        """
        alone = names and len(numbers) == len(names) and said != TEMPLATES["where"]
        if not alone or not said.startswith(("np.", "_")):
            return filled(said, names)
        given = {n: filled("np.float64(a)", {"a": code}) for n, code in names.items()}
        return filled(f"float({said})", given if said.startswith("_") else names)

    def written(
        self, op: str, operands: Sequence[ast.expr], numbers: Sequence[bool] = ()
    ) -> ast.expr:
        """An operation on written operands, of which some may be numbers of Python's."""
        letters = "x" if op.startswith("f:") else "abc"
        plain = [a for a, is_number in zip(letters, numbers, strict=False) if is_number]
        names = dict(zip(letters, operands, strict=False))
        return self.filled(template(op, operands), names, plain)

    def counted(self, op: str) -> bool:
        """Is an operation on numbers of Python's another such number?"""
        return op in TEMPLATES or op in ATOMS or op.startswith("f:")

    def number(self, value: Expr) -> ast.expr:
        """A number, the nearest of Python's where that is no fraction."""
        if isinstance(value, Rational):
            p, q = int(value.p), int(value.q)
            if not is_short(value):
                return ast.Constant(p / q)
            return filled(f"{p} / {q}" if q & (q - 1) else str(p if q == 1 else p / q), {})
        special = {"pi": "np.pi", "E": "np.e", "oo": "np.inf", "-oo": "-np.inf"}.get(str(value))
        return self.filled(special) if special else ast.Constant(float(value))

    def length(self, code: ast.expr) -> int:
        """The characters of an expression as it stands in a file."""
        return len(ast.unparse(inlined(code)))

    # -- axes ------------------------------------------------------------------------------------

    def turned(self, code: ast.expr, order: Sequence[int], *, batched: bool = True) -> ast.expr:
        """An array with its axes in another order."""
        rank = len(order)
        if list(order) == list(range(rank)):
            return code
        if not batched and list(order) == [1, 0]:
            return self.filled("a.T", {"a": code})
        if list(order) == [*range(rank - 2), rank - 1, rank - 2]:
            return self.filled("a.mT", {"a": code})
        if not batched:
            return self.filled(f"a.transpose({', '.join(map(str, order))})", {"a": code})
        letters = "abcdefgh"[:rank]
        out = "".join(letters[n] for n in order)
        return self.filled(f"np.einsum('...{letters}->...{out}', x)", {"x": code})

    def aligned(
        self, code: ast.expr, places: Sequence[int], rank: int, *, batched: bool
    ) -> ast.expr:
        """An array with its axes at their places among those of a result."""
        order = sorted(range(len(places)), key=places.__getitem__)
        code = self.turned(code, order, batched=batched)
        own = sorted(places)
        if not batched and own == [*range(rank - len(own), rank)]:
            return code
        return self.expanded(code, own, rank, batched=batched)

    def expanded(
        self, code: ast.expr, places: Sequence[int], rank: int, *, batched: bool
    ) -> ast.expr:
        """An array with axes of length 1 in between."""
        if len(places) == rank:
            return code
        first = 0 if batched or not places else places[0]
        new = (ast.Slice() if n in places else ast.Constant(None) for n in range(first, rank))
        return self.cut(code, [*[ast.Constant(...)] * batched, *new])

    def part(
        self, code: ast.expr, axis: int, place: ast.expr, rank: int, *, batched: bool
    ) -> ast.expr:
        """The entries of an axis at a place, some places, or in a slice."""
        if batched:  # `...` stands for the axes before it
            return self.cut(code, [ast.Constant(...), place, *[ast.Slice()] * (rank - axis - 1)])
        return self.cut(code, [*[ast.Slice()] * axis, place])

    taken = part  # where the places are an array

    def cut(self, code: ast.expr, places: Sequence[ast.expr]) -> ast.expr:
        """An array in brackets."""
        index = places[0] if len(places) == 1 else ast.Tuple([*places], ast.Load())
        return ast.Subscript(code, index, ast.Load())
