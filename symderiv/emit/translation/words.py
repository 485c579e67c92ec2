"""Words of a target: what a template of NumPy's is in the target's calls.

Gives `TargetWords`, in which a writer writes a graph, and `Translation`, of code of our own: a
template, or a helper's lines.  What has no form in a target is refused: nothing is left in NumPy's
words.

Imports words, spelling, entry and standard.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Mapping, Sequence

from symderiv.emit.names import BUILTINS
from symderiv.emit.spelling import NONE, copied, filled
from symderiv.emit.targets.entry import Target
from symderiv.emit.translation.standard import STANDARD
from symderiv.emit.words import Words, template
from symderiv.mistakes import Mistake

OF_TWO = ("_times_exp", "_zero_times")  # helpers of two arrays of one type
MAKING = ("arange", "eye", "full", "zeros")  # of sizes
OF_NUMBERS = {"abs": "abs", "maximum": "max", "minimum": "min", "where": "b if a else c"}
LETTERS = "abcdef"
LARGEST = 1e30  # with its reciprocal a float32
BESIDE = "_beside"  # no name of a user's begins with an underscore


class TargetWords(Words):
    """The words of a target; `beside` is an array beside which new ones are made."""

    def __init__(self, target: Target, beside: str) -> None:
        self.target, self.beside = target, ast.Name(beside)
        self.read: dict[tuple[str, frozenset[str]], ast.expr] = {}

    def filled(
        self, said: str, names: Mapping[str, ast.expr] = NONE, numbers: Collection[str] = ()
    ) -> ast.expr:
        key = said, frozenset(numbers)
        if key not in self.read:
            translation = Translation(self.target, numbers)
            self.read[key] = translation.expression(filled(said, {}))
        return copied(self.read[key], {BESIDE: self.beside, **names})

    def written(
        self, op: str, operands: Sequence[ast.expr], numbers: Sequence[bool] = ()
    ) -> ast.expr:
        """A quotient by a number as a product, which no compiler may make of it.

            x / 1.4142135623730951  ->  x * 0.7071067811865475    -(x / 2)  ->  x / -2

        Only by a number that is rounded itself: by a whole one a quotient may be exact.
        """
        match op, operands:
            case "div", [a, ast.Constant(float(c))] if (
                not c.is_integer() and 1 / LARGEST < c < LARGEST
            ):
                return ast.BinOp(a, ast.Mult(), ast.Constant(1 / c))
            case "neg", [ast.BinOp(a, ast.Mult() | ast.Div() as by, ast.Constant() as c)]:
                return ast.BinOp(a, by, ast.UnaryOp(ast.USub(), c))
        return super().written(op, operands, numbers)

    def counted(self, op: str) -> bool:
        said = filled(template(op), {})
        return Translation(self.target, (*LETTERS, "x")).is_number(said)

    def cut(self, code: ast.expr, places: Sequence[ast.expr]) -> ast.expr:
        return super().cut(code, _with_dots(places))

    def taken(
        self, code: ast.expr, axis: int, place: ast.expr, rank: int, *, batched: bool
    ) -> ast.expr:
        said = f"np.take(a, b, {axis - rank if batched else axis})"
        return self.filled(said, {"a": code, "b": place})

    def length(self, code: ast.expr) -> int:
        return len(ast.unparse(code))


class Translation(ast.NodeTransformer):
    """Translates code; `numbers` are the names of numbers of Python's, of no type of an array's.

    What makes a new array makes it beside `_beside`.
    """

    def __init__(self, target: Target, numbers: Collection[str] = ()) -> None:
        self.target = target
        self.numbers = {*numbers, *BUILTINS, "float", "math"}

    def expression(self, code: ast.expr) -> ast.expr:
        made = self.visit(code)
        assert isinstance(made, ast.expr)
        return made

    # -- operations ------------------------------------------------------------------------------

    def said(self, op: str, *args: ast.expr) -> ast.expr:
        """An operation as the target says it."""
        said = self.target.spellings.get(op) or STANDARD.get(op)
        if said is None:
            raise self._refused(op.strip("_"))
        own = {"xp": ast.Name(self.target.module), "x": ast.Name(BESIDE)}
        return self.handed(_applied(filled(said, own), args))

    def _refused(self, what: str) -> Mistake:
        return Mistake(f"{what} has no form in {self.target.title}")

    def handed(self, code: ast.expr) -> ast.expr:
        """A helper is called with the namespace, where each function finds its own."""
        match code:
            case ast.Call(ast.Name(name)) if self.target.given and name.startswith("_"):
                module = ast.Name(self.target.module)
                return ast.Call(code.func, [module, *code.args], code.keywords)
        return code

    def array(self, code: ast.expr) -> ast.expr:
        """A number as an array, whose type is that of the others."""
        return self.said("full", ast.Tuple([], ast.Load()), code)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        plain = [*map(self.is_number, node.args)]
        args = [self.expression(a) for a in node.args]
        match node.func:
            case ast.Name("float"):
                dtype = ast.Attribute(ast.Name(BESIDE), "dtype", ast.Load())
                number = ast.Call(node.func, args, [])
                return number if plain[0] else self.said("astype", args[0], dtype)
            case ast.Name("min" | "max" as op) if not all(plain):
                return self.said(f"{op}imum", *args)
            case ast.Name(name) if name.startswith("_"):
                arrays = 2 if name in OF_TWO else 1
                args = [
                    self.array(a) if number and n < arrays else a
                    for n, (a, number) in enumerate(zip(args, plain, strict=True))
                ]
                if name in self.target.spellings or name in STANDARD:
                    return self.said(name, *args)
                return self.handed(ast.Call(node.func, args, node.keywords))
            case ast.Name() | ast.Attribute(ast.Name("math")):
                return ast.Call(node.func, args, node.keywords)
            case ast.Attribute(ast.Name("np"), op) if all(plain) and (form := _of_numbers(op)):
                return _applied(form, args)
            case ast.Attribute(ast.Name("np"), "where") if plain[0]:
                sides = zip(args[1:], plain[1:], strict=True)
                return self._either(args[0], *(self.array(s) if p else s for s, p in sides))
            case ast.Attribute(ast.Name("np") | ast.Attribute(ast.Name("np"), "linalg"), op):
                if all(plain) and op not in MAKING:  # a number has no form there
                    args[0] = self.array(args[0])
                return self._function(op, args, plain, node.keywords)
            case ast.Attribute(receiver, op):
                if op in ("transpose", "reshape") and len(args) != 1:
                    args = [ast.Tuple(args, ast.Load())]
                args, plain = [self.expression(receiver), *args], [False, *plain]
                return self._function(op, args, plain, node.keywords)
        raise self._refused(ast.unparse(node.func))

    def _either(self, condition: ast.expr, *sides: ast.expr) -> ast.expr:
        """One of two arrays, by a condition that is known when the shapes are."""
        which = ast.IfExp(condition, ast.Constant(0), ast.Constant(1))
        return ast.Subscript(self.said("broadcast_arrays", *sides), which, ast.Load())

    def _function(
        self, op: str, args: list[ast.expr], plain: Sequence[bool], given: Sequence[ast.keyword]
    ) -> ast.expr:
        keywords = {k.arg: k.value for k in given}
        if "axis" in keywords:
            args = [*args, keywords["axis"]]
        if (end := keywords.get("initial")) is not None:
            ended = [args[0], args[1], self.expression(end)]
            args[0] = self.handed(ast.Call(ast.Name("_ended"), ended, []))
        if "keepdims" in keywords:
            op = f"{op}_kept"
        if op == "where" and all(plain[1:]):
            args[1] = self.array(args[1])
        if op == "minimum" and plain[1]:  # at a tie the number, as from above it
            return self.said("where", ast.Compare(args[0], [ast.Lt()], [args[1]]), *args)
        if op == "arange" and len(args) == 1:
            args = [ast.Constant(0), *args]
        made = self.said(op, *args)
        match args:
            case [_, _, ast.Attribute(ast.Name() as other, "dtype")] if op == "full":
                return copied(made, {BESIDE: other})
        return made

    def is_number(self, code: ast.expr) -> bool:
        """Is code a number of Python's, computed by the standard library?"""
        for n in ast.walk(code):
            match n:
                case ast.Attribute(ast.Name("np"), name) if _of_numbers(name) is None:
                    return False
                case ast.Name(name) if name != "np" and name not in self.numbers:
                    return False
        return True

    # -- parts of arrays -------------------------------------------------------------------------

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        match node:
            case ast.Attribute(ast.Name("np"), "pi" | "e" | "inf" as name):
                return ast.Attribute(ast.Name("math"), name, ast.Load())
            case ast.Attribute(ast.Name("np"), name):
                return ast.Attribute(ast.Name(self.target.module), name, ast.Load())
            case ast.Attribute(inner, "mT" | "T"):
                return self.said("mT", self.expression(inner))
        return ast.Attribute(self.expression(node.value), node.attr, node.ctx)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        value, index = self.expression(node.value), node.slice
        if not _is_array(node.value):
            return ast.Subscript(value, self.expression(index), node.ctx)
        places = index.elts if isinstance(index, ast.Tuple) else [index]
        if not all(isinstance(p, ast.Slice) or self.is_number(p) for p in places):
            raise self._refused(ast.unparse(node))
        return Words().cut(value, _with_dots([*map(self.expression, places)]))

    # -- statements ------------------------------------------------------------------------------

    def visit_With(self, node: ast.With) -> list[ast.stmt]:
        """What is told to be quiet of warnings, which only NumPy gives."""
        return [self.visit(s) for s in node.body]

    def visit_For(self, node: ast.For) -> ast.For:
        return ast.For(node.target, node.iter, [self.visit(s) for s in node.body], [])


def _of_numbers(name: str) -> ast.expr | None:
    """A function of NumPy's in Python's own words, where it has any."""
    if name in OF_NUMBERS:
        return filled(OF_NUMBERS[name], {})
    return filled(f"math.{name}", {}) if hasattr(math, name) else None


def _applied(form: ast.expr, args: Sequence[ast.expr]) -> ast.expr:
    """A template of its arguments, or a call of what is a function's name alone."""
    head = form
    while isinstance(head, ast.Attribute):
        head = head.value
    if isinstance(head, ast.Name) and head.id not in (*LETTERS, BESIDE):
        return ast.Call(form, [*args], [])
    return copied(form, dict(zip(LETTERS, args, strict=False)))


def _is_array(value: ast.expr) -> bool:
    match value:
        case ast.Attribute(_, "shape") | ast.Call(
            ast.Attribute(_, "shape" | "broadcast_arrays" | "slogdet")
        ):
            return False
        case ast.Name(name):
            return not name.startswith("_")  # else it is a list of the steps of one
    return True


def _with_dots(places: Sequence[ast.expr]) -> list[ast.expr]:
    """Places in brackets, for all axes: the standard asks for it."""
    dots = (p for p in places if isinstance(p, ast.Constant) and p.value is ...)
    return [*places] if any(dots) else [*places, ast.Constant(...)]
