"""Functions: one of NumPy's, taken apart and translated.

Gives `Function`, whose `plain` is the function in a target's calls.  What is asked of arguments,
their sizes, the lines and the results are told apart, since a target may put something between.

Imports entry and translated.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import field

from symderiv.emit.spelling import filled
from symderiv.emit.targets.entry import Target
from symderiv.emit.targets.fused import fused
from symderiv.emit.translation.translated import BUILTINS, Plain, Translation
from symderiv.mistakes import Mistake
from symderiv.records import dataclass

KIND, HOLDS = "_kind", "_holds"  # no name of a user's begins with an underscore


@dataclass
class Function:
    """A function of NumPy's, taken apart and translated.

    Attributes
    ----------
    checks : what is asked of the arguments
    sizes : the sizes, from the arguments' shapes
    lines : what is computed
    results : what is returned
    keys : the names of results but the first, where they are a dict
    whole : the names of sizes
    single : inputs that have no axis of their own, where others have
    sound : may the values of arguments be such that there is no result?
    """

    tree: ast.FunctionDef
    target: Target
    checks: list[ast.stmt] = field(default_factory=list)
    sizes: list[ast.stmt] = field(default_factory=list)
    lines: list[ast.stmt] = field(default_factory=list)
    results: list[ast.expr] = field(default_factory=list)
    sound: bool = False
    floats: tuple[str, ...] = ()
    whole: set[str] = field(default_factory=set)
    single: set[str] = field(default_factory=set)
    keys: list[str] | None = None

    def __post_init__(self) -> None:
        (tree,) = ast.parse(ast.unparse(self.tree)).body  # parts that stand twice are two now
        assert isinstance(tree, ast.FunctionDef)
        self.tree = tree
        self._named()
        self.whole |= {a.arg for a in self.tree.args.kwonlyargs}
        for line in [] if _is_other(self.tree) else self.tree.body:
            self._take(line)
        self.lines, self.results = fused(self.lines, self.results, self.target.fused)

    @property
    def inputs(self) -> list[str]:
        return [a.arg for a in self.tree.args.args]

    @property
    def beside(self) -> str:
        """The array beside which new ones are made."""
        if not self.floats:
            raise Mistake(f"--for {self.target.name}: {self.tree.name} takes no array of floats")
        return self.floats[0]

    @property
    def translation(self) -> Translation:
        return Translation(self.target, self.beside, self.whole)

    def _named(self) -> None:
        """Refuse arrays whose names the file needs for something else."""
        imported = {line.split()[-1] for line in self.target.imports}
        meant = imported | {*BUILTINS, self.target.module}
        made = {n.id for n in ast.walk(self.tree) if isinstance(n, ast.Name) and _is_made(n)}
        for name in [*self.inputs, *sorted(made)]:
            if name in meant and not _is_other(self.tree):
                raise Mistake(
                    f"--for {self.target.name}: {name!r} means something else in the source; "
                    "rename it to have it written"
                )

    def _take(self, line: ast.stmt) -> None:
        match line:
            case ast.Expr(ast.Constant()):
                return
            case ast.Assign([ast.Tuple(names)], ast.Call(ast.Name("_floats")) as call):
                self.floats = tuple(n.id for n in names if isinstance(n, ast.Name))
                axes = {k.arg: ast.unparse(k.value).strip("()'").split()[-1] for k in call.keywords}
                self.single = {str(n) for n, last in axes.items() if last in ("...", "'")}
                self.single = set() if self.single >= {*self.floats} else self.single
                target = ast.Tuple([ast.Name(KIND), *names], ast.Store())
                self.checks.append(ast.Assign([target], self._handed(call)))
            case ast.Assign([ast.Name(y)], ast.Call(ast.Name("_labels"), [_, size, _]) as call):
                self.checks.append(ast.Assign([ast.Name(y)], self._handed(call)))
                if not self.target.raises:
                    self._unless(
                        self._handed(filled("_within(y, K)", {"y": ast.Name(y), "K": size}))
                    )
            case ast.Assign([ast.Name(size)], ast.Subscript(ast.Attribute(_, "shape"))):
                self.whole.add(size)
                self.sizes.append(line)
            case ast.Assign(
                [ast.Name(size)], ast.Subscript(ast.Call(ast.Attribute(_, "shape"), [y]), n)
            ):
                self.whole.add(size)
                shape = ast.Attribute(y, "shape", ast.Load())
                self.sizes.append(ast.Assign([ast.Name(size)], ast.Subscript(shape, n, ast.Load())))
            case ast.Assign([ast.Name("dtype")], value):
                self.sizes.append(line if isinstance(value, ast.Attribute) else ast.Pass())
            case ast.If(ast.Call(ast.Attribute(ast.Name("np"), "any"), [wrong]), [ast.Raise()]):
                self._unless(
                    self.translation.said("all", ast.UnaryOp(ast.Invert(), self._wrong(wrong)))
                )
            case ast.If(_, [ast.Raise()]):
                self.checks.append(line)
            case ast.Assign([ast.Name(size)] as said, value) if self._is_size(value):
                self.whole.add(size)
                self.sizes.append(ast.Assign(said, Plain().expression(value)))
            case ast.If(_, [ast.Assign([ast.Name(size)])]):
                self.whole.add(size)
                self.sizes.append(line)
            case ast.Return(
                ast.Tuple([ast.Call(ast.Name("float"), [value]), ast.Dict(keys, slopes)])
            ):
                self.keys = [str(k.value) for k in keys if isinstance(k, ast.Constant)]
                self.results = [self.translation.expression(v) for v in (value, *slopes)]
            case ast.Return(ast.Tuple(values)):
                self.results = [self.translation.expression(v) for v in values]
            case ast.Return(ast.expr() as value):
                self.results = [self.translation.expression(value)]
            case _:
                self.lines += self.translation.statements([line])

    def _is_size(self, value: ast.expr) -> bool:
        """Is a size said by others, before anything is computed?"""
        return not self.lines and self.translation.is_whole(value)

    def _handed(self, call: ast.expr) -> ast.expr:
        return Translation(self.target, "x")._handed(call)

    def _wrong(self, code: ast.expr) -> ast.expr:
        """A comparison with a tolerance, which is that of the type where that is coarser."""
        match code:
            case ast.Compare(left, [ast.Gt()], [ast.Constant(float() as least)]):
                finest = filled(
                    f"max({least!r}, xp.finfo({KIND}).eps)".replace("xp", self.target.module), {}
                )
                return ast.Compare(self.translation.expression(left), [ast.Gt()], [finest])
        return self.translation.expression(code)

    def _unless(self, holds: ast.expr) -> None:
        both = filled(f"{HOLDS} & a", {"a": holds}) if self.sound else holds
        self.checks.append(ast.Assign([ast.Name(HOLDS)], both))
        self.sound = True

    def finished(self, value: ast.expr) -> ast.expr:
        """A result in the arguments' type, and nan where the arguments are not as they must be."""
        call = f"_where_it_holds(_v, {KIND}, {HOLDS})" if self.sound else f"_typed(_v, {KIND})"
        if not self.sound and "_typed" in self.target.spellings:
            return filled(self.target.spellings["_typed"], {"a": value, "b": ast.Name(KIND)})
        return self._handed(filled(call, {"_v": value}))

    def opening(self) -> Iterator[ast.stmt]:
        """The docstring, and the namespace where that is the arguments' own."""
        first = self.tree.body[0]
        if isinstance(first, ast.Expr):
            yield first
        if self.target.given:
            namespace = f"{self.target.module} = _namespace({', '.join(self.inputs)})"
            yield from ast.parse(namespace).body

    def with_lines(self, lines: list[ast.stmt], results: list[ast.expr]) -> Function:
        """The function with other lines that compute the same."""
        made = copy.copy(self)
        made.lines, made.results = lines, results
        return made

    def plain(self) -> ast.FunctionDef:
        """The function in the target's calls."""
        opening = [*self.opening()]
        if _is_other(self.tree):
            doc = [s for s in opening if isinstance(s, ast.Expr)]
            return _function(self.tree, [*doc, self.tree.body[-1]])
        results = [self.finished(r) for r in self.results]
        value = results[0] if len(results) == 1 else ast.Tuple(results, ast.Load())
        if self.keys is not None:
            named = ast.Dict([ast.Constant(k) for k in self.keys], results[1:])
            value = ast.Tuple([results[0], named], ast.Load())
        return self.function([*self.lines, ast.Return(value)])

    def function(self, body: Sequence[ast.stmt]) -> ast.FunctionDef:
        """A function of this one's name and arguments, which are looked at before the body."""
        prepared = _ordered(self.checks, self.sizes)
        return _function(self.tree, [*self.opening(), *prepared, *body])


def _ordered(checks: Sequence[ast.stmt], sizes: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The floats, then the sizes, which the other checks mention."""
    return [*checks[:1], *(s for s in sizes if not isinstance(s, ast.Pass)), *checks[1:]]


def _is_made(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _is_other(tree: ast.FunctionDef) -> bool:
    """Is a function a part of what another one returns?"""
    match tree.body[-1]:
        case ast.Return(ast.Subscript(ast.Call(ast.Name(name)))):
            return not name.startswith("_") and len(tree.body) <= 2
    return False


def _function(tree: ast.FunctionDef, body: list[ast.stmt]) -> ast.FunctionDef:
    made = ast.FunctionDef(tree.name, tree.args, body, [], tree.returns)
    return ast.fix_missing_locations(made)
