"""Lowering: a tree in vector notation to a value, by the shapes of its names.

Gives `Lowering`, whose `value(node)` is the array that a formula stands for, and `rank_of`, the
rule for names: lower-case letters are columns, capitals matrices, lower-case Greek letters numbers.

Imports operations, functions, values, latex names and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import field, replace

from symderiv.elementwise import NAMED as FUNCTIONS
from symderiv.reader import scan, tree
from symderiv.reader.latex.names import GREEK
from symderiv.reader.library import Library
from symderiv.reader.linear import components, functions, wholes
from symderiv.reader.linear.operations import Operations
from symderiv.reader.linear.values import Dialect, Indices, Value, array, constant, letters_in
from symderiv.reader.refusal import meant
from symderiv.records import dataclass

DEEPEST = 100
_GREEK = {name for name in GREEK.values() if len(name) > 1} | {"lambda", "lamda"}
_STEM = ("hat", "bar", "tilde", "dot")


def rank_of(name: str) -> int:
    """The number of axes that a name has by its letters."""
    base = name.partition("_")[0].rstrip("0123456789")
    for accent in _STEM:
        stem = base.removesuffix(accent)
        base = stem if len(stem) == 1 or stem in _GREEK else base
    if base in _GREEK and base.islower():
        return 0
    return 2 if base[:1].isupper() else 1


def _contracts(node: ast.expr, stages: Mapping[str, Value]) -> bool:
    """Is there a product of arrays in it, or in a stage that it names?"""
    waiting, seen = [node], set[str]()
    while waiting:
        for part in scan.walk(waiting.pop()):
            match part:
                case ast.BinOp(op=ast.MatMult()):
                    return True
                case ast.Call() if scan.called(part) in ("dot", "vdot", "inner"):
                    return True
                case ast.Name(id=name) if name in stages and name not in seen:
                    seen.add(name)
                    body = stages[name].node
                    waiting += [body] if body is not None else []
    return False


def _terms(node: ast.expr) -> set[str]:
    """The names that stand as terms of a sum, with a sign or a number before them."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        match waiting.pop():
            case ast.Name(id=name):
                found.add(name)
            case ast.UnaryOp(operand=operand):
                waiting.append(operand)
            case ast.BinOp(op=ast.Add() | ast.Sub(), left=left, right=right):
                waiting += (left, right)
            case ast.BinOp(op=ast.Mult(), left=ast.Constant(), right=right):
                waiting.append(right)
            case ast.BinOp(op=ast.Mult() | ast.Div(), left=left, right=ast.Constant()):
                waiting.append(left)
    return found


@dataclass
class Lowering:
    """One text: its names with their shapes, and the stages that its functions brought.

    Attributes
    ----------
    ranks : numbers of axes that are declared, or found for a name
    arrays : the values of the names so far
    sizes : the declared sizes of the axes of a name
    stages : (name, value) of every stage, in order
    staged : the names of stages that stand for an argument, by the argument
    adding : whether functions may bring stages; in a claim they may not
    undecided : is it of NumPy or of MATLAB, and nothing says which?
    unmarked : is there nothing in it that NumPy alone has?
    library : the functions of the catalogue
    beside : the names of vectors that are added to a number made of arrays, b of w @ x + b
    """

    operations: Operations
    ranks: dict[str, int] = field(default_factory=dict)
    arrays: dict[str, Value] = field(default_factory=dict)
    sizes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stages: list[tuple[str, Value]] = field(default_factory=list)
    staged: dict[str, str] = field(default_factory=dict)
    adding: bool = True
    undecided: bool = False
    unmarked: bool = False
    beside: set[str] = field(default_factory=set)
    deep: int = 0
    library: Library = field(default_factory=lambda: Library({}))

    def value(self, node: ast.expr) -> Value:
        """The array that a formula stands for.

        Raises
        ------
        Misfit
            where shapes do not fit.
        ReadError
            for what is not in the notation.
        """
        self.deep += 1
        if self.deep > DEEPEST:
            raise self.operations.source.refuse(
                node.col_offset, f"the formula is nested deeper than {DEEPEST}"
            )
        try:
            return replace(self._value(node), node=node)
        finally:
            self.deep -= 1

    def _value(self, node: ast.expr) -> Value:
        ops, at = self.operations, node.col_offset
        match node:
            case ast.Constant(value=int() | float()):
                return constant(node, node.kind or str(node.value), literal=True)
            case ast.Name(id=name):
                return self.name(name, at)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.value(operand)
                return ops.elementwise(lambda a: tree.negative(a, at), at, f"-{inner.shown}", inner)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand)
            case ast.BinOp(left=ast.Name(id="e"), op=ast.Pow(), right=right) if (
                "e" not in self.ranks and "e" not in self.arrays
            ):
                return components.exponential(self, self.value(right), at)
            case ast.BinOp(left=left, op=operator, right=right):
                return self._binary(left, operator, right, at)
            case ast.Attribute(value=matrix, attr="T"):
                return ops.transpose(self.value(matrix), at)
            case ast.Call(func=ast.Name(id="delta")):  # of letters, which stand for themselves
                return constant(node, "delta")
            case ast.Call(func=ast.Name(id=function)):
                return functions.call(self, function, node)
            case ast.Subscript(value=ast.Name(id=name)):
                return self._indexed(name, scan.slots(node), at)
            case ast.Subscript(value=whole):
                return self._component(self.value(whole), scan.slots(node), at)
            case ast.Compare():
                raise ops.source.refuse(at, "a comparison is not read in vector notation")
        raise ops.source.refuse(at, "this is not in vector notation")

    def _binary(self, left: ast.expr, operator: ast.operator, right: ast.expr, at: int) -> Value:
        ops = self.operations
        a, b = self.value(left), self.value(right)
        match operator:
            case ast.Add() | ast.Sub():
                plus = isinstance(operator, ast.Add)
                if (a.rank, b.rank) in ((0, 1), (1, 0)):
                    vector, number = (left, right) if a.rank else (right, left)
                    self.beside |= (
                        _terms(vector) if _contracts(number, dict(self.stages)) else set()
                    )
                shown = f"{a.shown} {'+' if plus else '-'} {b.shown}"
                return ops.elementwise(tree.plus if plus else tree.minus, at, shown, a, b)
            case ast.MatMult():
                self._turned(a, b, right, at)
                self._check_factor(a, b, at)
                return ops.product(a, b, at)
            case ast.BitAnd():  # \cdot
                return ops.product(a, b, at, dot=True)
            case ast.Mult():
                self._check_product(a, b, at)
                self._check_arrays(a, b, at)
                return ops.scaled(tree.times, at, f"{a.shown} * {b.shown}", a, b)
            case ast.Div():
                if b.rank and ops.dialect.columns and (a.rank or ops.strict):
                    raise ops.misfit(at, f"{b.shown} is {b.kind()}; it divides nothing")
                return ops.scaled(tree.over, at, f"{a.shown}/{b.shown}", a, b)
            case ast.FloorDiv():  # \\oslash
                return ops.scaled(tree.over, at, f"{a.shown}/{b.shown}", a, b)
            case ast.Pow():
                textbook = ops.dialect.columns
                if textbook and a.rank == 2 and b.shown == "-1":
                    return wholes.inverse(self, a, at)
                return ops.raised(a, b, at, matrix=textbook)
        raise ops.source.refuse(at, "this sign is not in vector notation")

    def _check_product(self, a: Value, b: Value, at: int) -> None:
        """Refuse A*x where nothing says whether it is NumPy's or MATLAB's."""
        matrices = a.rank and b.rank and a.rank + b.rank > 2
        undecided = self.undecided or (self.unmarked and a.rank != b.rank)  # A*x, but not A*B
        if self.operations.dialect is Dialect.NUMPY and undecided and matrices:
            raise self.operations.source.refuse(
                at,
                f"{a.shown}*{b.shown} is by components in NumPy, a product in MATLAB; write "
                f"{a.shown} @ {b.shown} or {a.shown} .* {b.shown}",
            )

    def _check_arrays(self, a: Value, b: Value, at: int) -> None:
        """x of A \\odot x, a column by its letter, is no number though only that would fit."""
        ops = self.operations
        for number, other in ((a, b), (b, a)):
            named = number.rank == 0 < other.rank and number.shown.isidentifier()
            if named and rank_of(number.shown) and ops.dialect is Dialect.TEXTBOOK:
                raise ops.misfit(at, f"{number.shown} is a number; \\odot stands between arrays")

    def _check_factor(self, a: Value, b: Value, at: int) -> None:
        """x of B x, a column by its letter, is no number though only that would fit elsewhere."""
        ops = self.operations
        named = a.rank == 2 and b.rank == 0 and b.shown.isidentifier() and rank_of(b.shown)
        if named and ops.dialect is Dialect.TEXTBOOK:
            raise ops.misfit(at, f"{b.shown} is a number; behind a matrix stands an array")

    def _turned(self, a: Value, b: Value, right: ast.expr, at: int) -> None:
        """Refuse x @ y.T in NumPy: there it is the inner product, on paper the outer one."""
        call = isinstance(right, ast.Call) and scan.called(right) == "transpose"
        turned = call or isinstance(right, ast.Attribute)
        if self.operations.dialect is Dialect.NUMPY and turned and a.rank == b.rank == 1:
            x, y = a.shown, b.shown.removesuffix(".T")
            raise self.operations.source.refuse(
                at,
                f"{x} @ {y}.T is the inner product in NumPy, the outer one on paper; write "
                f"{x} @ {y} for the one, outer({x}, {y}) for the other",
            )

    def _indexed(self, name: str, places: tuple[ast.expr, ...], at: int) -> Value:
        """x_n: the array at these indices, a number, or a column where only that fits."""
        self.ranks.setdefault(name, len(places))
        return replace(self._component(self.name(name, at), places, at), indexed=True)

    def _component(self, whole: Value, places: tuple[ast.expr, ...], at: int) -> Value:
        """softmax(W x)_y, (A x)_i: what an array is at these indices."""
        for place in places:
            if not isinstance(place, ast.Name | ast.Constant):
                raise self.operations.source.refuse(
                    place.col_offset, "an index beside vectors is a letter or a number, x_n"
                )
        if whole.rank < len(places):
            raise self.operations.misfit(at, f"{whole.shown} has fewer than {len(places)} indices")

        def write(found: Indices, taken: frozenset[str]) -> ast.expr:
            return whole.write((*places, *found), taken | letters_in(places))

        shown = f"{whole.shown}[{','.join(ast.unparse(p) for p in places)}]"
        return Value(whole.axes[len(places) :], write, shown)

    def name(self, name: str, at: int) -> Value:
        """The value of a bare name: declared, or by its letters."""
        if name in self.arrays:
            return self.arrays[name]
        axes = self.operations.axes
        if name == "ones_":
            return constant(tree.number("1", at), "1", (axes.new(),))
        if name == "pi":
            return constant(tree.name(name, at), name, literal=True)
        if name == "I" and name not in self.ranks:
            axis = axes.new()
            return Value(
                (axis, axis), lambda found, taken: tree.call("delta", list(found), at), "I"
            )
        if name in FUNCTIONS or name in functions.NAMES:
            raise self.operations.source.refuse(at, f"{name!r} is a function; write {name}(...)")
        if not self.adding:
            near = meant(name, self.arrays)
            if len(name) == 1 and name.isupper() and not near:  # a size, or refused when it is read
                return constant(tree.name(name, at), name)
            raise self.operations.source.refuse(at, f"{name!r} is not in the formula{near}")
        sizes = self.sizes.get(name, ())
        rank = self.ranks.get(name, rank_of(name))
        own = tuple(axes.new(sizes[n] if sizes else "") for n in range(rank))
        self.arrays[name] = array(name, own, at)
        return self.arrays[name]
