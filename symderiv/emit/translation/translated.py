"""Translated: NumPy's tree in the calls of the array API standard, then in a target's own.

Gives `Translation`, of expressions and statements.  What has no form in a target is refused:
nothing is left in NumPy's words.

Imports entry, standard, and spelling.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Sequence

from symderiv.emit.copying import copied
from symderiv.emit.spelling import filled
from symderiv.emit.targets.entry import Target, expression
from symderiv.emit.translation.standard import OTHERS, RENAMED, STANDARD
from symderiv.mistakes import Mistake

METHODS = ("sum", "prod", "max", "min", "argmax", "astype", "copy", "transpose", "reshape")
OF_NUMBERS = {"abs": "abs", "maximum": "max", "minimum": "min"}  # in Python's own words
OF_TWO = ("_times_exp", "_zero_times")  # helpers of two arrays of one type
BUILTINS = ("int", "len", "min", "max", "tuple", "list", "range", "reversed", "slice", "isinstance")
LETTERS = "abcdef"


class Translation(ast.NodeTransformer):
    """Translates code; `beside` is an array beside which new ones are made.

    `sizes` are the names of whole numbers; any other name in a subscript is an array of places.
    """

    def __init__(self, target: Target, beside: str, sizes: Collection[str] = ()) -> None:
        self.target = target
        self.beside = beside
        self.sizes = sizes if isinstance(sizes, set) else set(sizes)

    def expression(self, code: ast.expr) -> ast.expr:
        made = self.visit(code)
        assert isinstance(made, ast.expr)
        return made

    # -- operations ------------------------------------------------------------------------------

    def said(self, op: str, *args: ast.expr) -> ast.expr:
        """An operation as the target says it."""
        template = self.target.spellings.get(op) or STANDARD.get(op)
        if template is None:
            raise Mistake(
                f"--for {self.target.name}: {op.strip('_')} has no form in {self.target.title}"
            )
        operands = {"x": ast.Name(self.beside), **dict(zip(LETTERS, args, strict=False))}
        made = filled(template, {"xp": ast.Name(self.target.module), **operands})
        if _is_function(filled(template, {})):
            made = ast.Call(made, list(args), [])
        return self._handed(made)

    def _handed(self, code: ast.expr) -> ast.expr:
        """A helper is called with the namespace, where each function finds its own."""
        match code:
            case ast.Call(ast.Name(name)) if self.target.given and name.startswith("_"):
                module = ast.Name(self.target.module)
                return ast.Call(code.func, [module, *code.args], code.keywords)
        return code

    def visit_Call(self, node: ast.Call) -> ast.expr:
        match node.func:
            case ast.Name("float"):
                (inner,) = node.args
                if self.is_whole(inner):
                    return Plain().expression(inner)
                dtype = ast.Attribute(ast.Name(self.beside), "dtype", ast.Load())
                return self.said("astype", self.expression(inner), dtype)
            case ast.Name("min" | "max" as op) if not all(map(self.is_whole, node.args)):
                first, second = (self.expression(a) for a in node.args)
                return self.said(f"{op}imum", first, second)
            case ast.Name(name) if name.startswith("_"):
                args = [self.expression(a) for a in node.args]
                for n in range(min(len(args), 2 if name in OF_TWO else 1)):
                    if self.is_number(args[n]):  # of which no array says the type
                        args[n] = self.said("full", ast.Tuple([], ast.Load()), args[n])
                if name in self.target.spellings or name in STANDARD:
                    return self.said(name, *args)
                return self._handed(ast.Call(node.func, args, node.keywords))
            case ast.Name(name) if name in BUILTINS:
                args = [self.expression(a) for a in node.args]
                return ast.Call(node.func, args, node.keywords)
            case ast.Attribute(ast.Name("math")):
                args = [self.expression(a) for a in node.args]
                return ast.Call(node.func, args, [])
            case ast.Attribute(ast.Name("np"), op) if self._is_of_numbers(op, node.args):
                return Plain().expression(node)
            case ast.Attribute(ast.Name("np"), "where") if self.is_whole(node.args[0]):
                return self._either(*node.args)
            case ast.Attribute(ast.Name("np") | ast.Attribute(ast.Name("np"), "linalg"), op):
                args = [self.expression(a) for a in node.args]
                return self._function(op, args, {k.arg: k.value for k in node.keywords})
            case ast.Attribute(receiver, op) if op in METHODS:
                args = [self.expression(a) for a in node.args]
                if op in ("transpose", "reshape") and len(args) != 1:
                    args = [ast.Tuple(args, ast.Load())]
                keywords = {k.arg: k.value for k in node.keywords}
                return self._function(op, [self.expression(receiver), *args], keywords)
        raise Mistake(
            f"--for {self.target.name}: {ast.unparse(node.func)} has no form in {self.target.title}"
        )

    def _is_of_numbers(self, op: str, args: Sequence[ast.expr]) -> bool:
        return _of_numbers(op) is not None and all(map(self.is_number, args))

    def _either(self, condition: ast.expr, *sides: ast.expr) -> ast.expr:
        """One of two arrays, by a condition that is known when the shapes are."""
        one, other = (
            self.said("full", ast.Tuple([], ast.Load()), s) if self.is_number(s) else s
            for s in map(self.expression, sides)
        )
        which = ast.IfExp(Plain().expression(condition), ast.Constant(0), ast.Constant(1))
        return ast.Subscript(self.said("broadcast_arrays", one, other), which, ast.Load())

    def _function(
        self, op: str, args: list[ast.expr], keywords: dict[str | None, ast.expr]
    ) -> ast.expr:
        if "axis" in keywords:
            args = [*args, keywords["axis"]]
        op = OTHERS.get(op, op)
        if (end := keywords.get("initial")) is not None:
            ended = [args[0], args[1], self.expression(end)]
            args[0] = self._handed(ast.Call(ast.Name("_ended"), ended, []))
        if "keepdims" in keywords:
            op = f"{op}_kept"
        if op == "where" and all(map(self.is_number, args[1:])):
            args[1] = self.said("full", ast.Tuple([], ast.Load()), args[1])
        if op == "minimum" and _is_number(args[1]):  # at a tie the number, as from above it
            return self.said("where", ast.Compare(args[0], [ast.Lt()], [args[1]]), *args)
        if op == "arange":
            return self.said(op, *([ast.Constant(0), *args] if len(args) == 1 else args))
        if op == "full" and len(args) == 3:
            match args[2]:
                case ast.Attribute(ast.Name(beside), "dtype"):
                    return Translation(self.target, beside).said(op, *args[:2])
        return self.said(op, *args)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        match node:
            case ast.Attribute(ast.Name("np"), name):
                return ast.Attribute(ast.Name(self.target.module), name, ast.Load())
            case ast.Attribute(inner, "mT" | "T"):
                return self.said("mT", self.expression(inner))
        made = self.generic_visit(node)
        assert isinstance(made, ast.expr)
        return made

    # -- parts of arrays -------------------------------------------------------------------------

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        value = self.expression(node.value)
        if not self._is_array(node.value):
            return ast.Subscript(value, self.expression(node.slice), node.ctx)
        places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if any(isinstance(p, ast.Starred) for p in places):
            return ast.Subscript(value, self.expression(node.slice), node.ctx)
        plain = [self._is_plain(p) for p in places]
        made = [self.expression(p) for p in places]
        if all(plain):
            if not any(_is_dots(p) for p in places):
                made.append(ast.Constant(...))  # the standard asks for it
            return ast.Subscript(value, _tuple(made), node.ctx)
        if plain.count(False) > 1:
            if any(_is_dots(p) or isinstance(p, ast.Slice) for p in places):
                raise Mistake(f"--for {self.target.name}: {ast.unparse(node)} has no form there")
            return ast.Subscript(value, _tuple(made), node.ctx)
        axis = plain.index(False)
        others = [p for n, p in enumerate(places) if n != axis and not _is_dots(p)]
        if not all(isinstance(p, ast.Slice) for p in others):
            raise Mistake(f"--for {self.target.name}: {ast.unparse(node)} has no form there")
        if any(ast.unparse(p) != ":" for p in others):
            whole = [*made[:axis], ast.Slice(), *made[axis + 1 :]]
            value = ast.Subscript(value, _tuple([*whole, ast.Constant(...)]), node.ctx)
        place = axis - len(places) if any(map(_is_dots, places[:axis])) else axis
        return self.said("taken", value, made[axis], expression(str(place)))

    def _is_array(self, value: ast.expr) -> bool:
        match value:
            case ast.Attribute(_, "shape") | ast.Call(
                ast.Attribute(_, "shape" | "broadcast_arrays" | "slogdet")
            ):
                return False
            case ast.Name(name):
                return not name.startswith("_")  # else it is a list of the steps of one
        return True

    def _is_plain(self, place: ast.expr) -> bool:
        """Is a place a slice, or a whole number that is known when the shapes are?"""
        match place:
            case ast.Slice() | ast.Constant():
                return True
        return self.is_whole(place)

    def is_whole(self, code: ast.expr) -> bool:
        """Is code a number of sizes and numbers alone?"""
        names = {n.id for n in ast.walk(code) if isinstance(n, ast.Name)}
        arrays = any(
            isinstance(n, ast.Call) and ast.unparse(n.func) in ("np.arange", "np.clip")
            for n in ast.walk(code)
        )
        return names <= {*self.sizes, *BUILTINS, "float", "np", "math"} and not arrays

    def is_number(self, code: ast.expr) -> bool:
        """Is translated code a number of Python's, which has no type of an array's?"""
        return _is_number(code) or self.is_whole(code)

    # -- statements ------------------------------------------------------------------------------

    def statements(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for line in body:
            match line:
                case ast.With(items=[ast.withitem(ast.Call(ast.Attribute(attr="errstate")))]):
                    found += self.statements(line.body)
                case ast.Expr(ast.Constant()):
                    found.append(line)
                case ast.For(ast.Name(step)):
                    self.sizes.add(step)
                    found.append(ast.For(line.target, line.iter, self.statements(line.body), []))
                case ast.Assign([ast.Name(name)], value) if self.is_whole(value):
                    self.sizes.add(name)
                    found.append(ast.Assign(line.targets, Plain().expression(value)))
                case _:
                    made = self.visit(line)
                    assert isinstance(made, ast.stmt)
                    found.append(made)
        return found


class Plain(ast.NodeTransformer):
    """A number of Python's, which the standard library computes."""

    def expression(self, code: ast.expr) -> ast.expr:
        made = self.visit(copied(code))
        assert isinstance(made, ast.expr)
        return made

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        match node:
            case ast.Attribute(ast.Name("np"), name):
                made = _of_numbers(name)
                if made is None:
                    raise Mistake(f"np.{name} of a number has no form in Python's own numbers")
                return made
        return self.generic_visit(node)


def _of_numbers(name: str) -> ast.expr | None:
    """A function of NumPy's in Python's own words, where it has any."""
    if name in OF_NUMBERS:
        return ast.Name(OF_NUMBERS[name])
    name = RENAMED.get(name, name)
    return ast.Attribute(ast.Name("math"), name, ast.Load()) if hasattr(math, name) else None


def _is_function(code: ast.expr) -> bool:
    """Is it a function's name, and not something of an operand's?"""
    while isinstance(code, ast.Attribute):
        code = code.value
    return isinstance(code, ast.Name) and code.id not in (*LETTERS, "x")


def _is_number(code: ast.expr) -> bool:
    match code:
        case ast.Constant() | ast.Attribute(ast.Name(), "inf" | "pi" | "e"):
            return True
        case ast.UnaryOp(_, inner):
            return _is_number(inner)
    return False


def _is_dots(place: ast.expr) -> bool:
    return isinstance(place, ast.Constant) and place.value is ...


def _tuple(parts: Sequence[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.Tuple(list(parts), ast.Load())
