"""Translated: NumPy's tree in the calls of the array API standard, then in a target's own.

Gives `STANDARD` (how the standard says each operation), `Translation` (of expressions and
statements) and `helper` (a helper function of a file).  What has no form in a target is refused:
nothing is left in NumPy's words.

Imports entry, and spelling.  To add an operation: its row in `STANDARD`.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Collection, Sequence
from typing import Any

from symderiv.emit.spelling import filled
from symderiv.emit.targets.entry import Target
from symderiv.mistakes import Mistake

SAME = (
    "abs", "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "sign", "sin", "cos", "tan",
    "sinh", "cosh", "tanh", "floor", "isfinite", "isnan", "any", "all", "ones_like", "finfo",
    "where", "maximum", "minimum", "logaddexp", "broadcast_to", "clip", "moveaxis",
)  # fmt: skip
RENAMED = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "not_equal": "not_equal", "equal": "equal",
    "greater_equal": "greater_equal",
}  # fmt: skip
STANDARD = {
    **{name: f"xp.{name}" for name in SAME},
    **{name: f"xp.{other}" for name, other in RENAMED.items()},
    "sum": "xp.sum(a, axis=b)",
    "prod": "xp.prod(a, axis=b)",
    "max": "xp.max(a, axis=b)",
    "min": "xp.min(a, axis=b)",
    "argmax": "xp.argmax(a, axis=b)",
    "cumprod": "xp.cumulative_prod(a, axis=b)",
    "flip": "xp.flip(a, axis=b)",
    "stack": "xp.stack(a, axis=b)",
    "concatenate": "xp.concat(a, axis=b)",
    "astype": "xp.astype(a, b)",
    "copy": "xp.asarray(a, copy=True)",
    "transpose": "xp.permute_dims(a, b)",
    "reshape": "xp.reshape(a, b)",
    "mT": "xp.matrix_transpose(a)",
    "take": "xp.take(a, b, axis=-1)",
    "shape": "a.shape",
    "ndim": "a.ndim",
    "arange": "_count(x, a, b)",
    "eye": "_eye(x, a)",
    "full": "_full(x, a, b)",
    "zeros": "_full(x, a, 0)",
    "full_like": "_full(a, a.shape, b)",
    "cbrt": "_cbrt(a)",
    "einsum": "_einsum",
    "broadcast_arrays": "_broadcast_arrays",
    "_zero_of": "0",
}
METHODS = ("sum", "prod", "max", "min", "argmax", "astype", "copy", "transpose", "reshape")
BUILTINS = ("int", "len", "min", "max", "tuple", "list", "range", "reversed", "slice", "isinstance")
LETTERS = "abcdef"


class Translation(ast.NodeTransformer):
    """Translates code; `beside` is an array beside which new ones are made.

    `sizes` are the names of whole numbers; any other name in a subscript is an array of places.
    """

    def __init__(self, target: Target, beside: str, sizes: Collection[str] = ()) -> None:
        self.target = target
        self.beside = beside
        self.sizes = set(sizes)

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
        template = template.replace("xp.", f"{self.target.module}.")
        if re.fullmatch(r"[_a-z]{2,}[\w.]*", template):  # a function's name
            return self._handed(ast.Call(filled(template, {}), list(args), []))
        names = {"x": ast.Name(self.beside), **dict(zip(LETTERS, args, strict=False))}
        return self._handed(filled(template, names))

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
                return _Plain().expression(inner)
            case ast.Name(name) if name.startswith("_"):
                args = [self.expression(a) for a in node.args]
                if name in self.target.spellings or name in STANDARD:
                    return self.said(name, *args)
                return self._handed(ast.Call(node.func, args, node.keywords))
            case ast.Name(name) if name in BUILTINS:
                args = [self.expression(a) for a in node.args]
                return ast.Call(node.func, args, node.keywords)
            case ast.Attribute(ast.Name("math")):
                args = [self.expression(a) for a in node.args]
                return ast.Call(node.func, args, [])
            case ast.Attribute(ast.Name("np"), op):
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

    def _function(
        self, op: str, args: list[ast.expr], keywords: dict[str | None, ast.expr]
    ) -> ast.expr:
        if "axis" in keywords:
            args = [*args, keywords["axis"]]
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
            case ast.Attribute(inner, "mT"):
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
        if len(places) == 2 and _is_dots(places[0]):
            return self.said("take", value, made[1])
        if any(_is_dots(p) or isinstance(p, ast.Slice) for p in places):
            return self.said("parts", value, _tuple(made))
        return ast.Subscript(value, _tuple(made), node.ctx)

    def _is_array(self, value: ast.expr) -> bool:
        match value:
            case ast.Attribute(_, "shape") | ast.Call(
                ast.Attribute(_, "shape" | "broadcast_arrays")
            ):
                return False
        return True

    def _is_plain(self, place: ast.expr) -> bool:
        """Is a place a slice, or a whole number that is known when the shapes are?"""
        match place:
            case ast.Slice() | ast.Constant():
                return True
        names = {n.id for n in ast.walk(place) if isinstance(n, ast.Name)}
        return names <= self.sizes and not any(isinstance(n, ast.Call) for n in ast.walk(place))

    # -- statements ------------------------------------------------------------------------------

    def statements(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for line in body:
            match line:
                case ast.With(items=[ast.withitem(ast.Call(ast.Attribute(attr="errstate")))]):
                    found += self.statements(line.body)
                case ast.Expr(ast.Constant()):
                    found.append(line)
                case _:
                    made = self.visit(line)
                    assert isinstance(made, ast.stmt)
                    found.append(made)
        return found


class _Plain(ast.NodeTransformer):
    """A number of Python's, which the standard library computes."""

    def expression(self, code: ast.expr) -> ast.expr:
        made = self.visit(code)
        assert isinstance(made, ast.expr)
        return made

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name("math") if node.id == "np" else node


def _is_dots(place: ast.expr) -> bool:
    return isinstance(place, ast.Constant) and place.value is ...


def _tuple(parts: Sequence[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.Tuple(list(parts), ast.Load())


def definition(function: Callable[..., Any]) -> ast.FunctionDef:
    """The definition of a function as a syntax tree."""
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(made, ast.FunctionDef)
    return made


def helper(made: ast.FunctionDef, target: Target) -> ast.FunctionDef:
    """A helper in NumPy's words as one of a target's."""
    names = [a.arg for a in made.args.args]
    translation = Translation(target, names[0], {"K", "axis", "place", "size", *SIZES})
    made.body = translation.statements(made.body)
    made.decorator_list = []
    if target.given:
        made.args.args.insert(0, ast.arg(target.module, ast.Name("Any")))
    return made


SIZES = ("before", "behind")
