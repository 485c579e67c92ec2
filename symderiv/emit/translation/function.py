"""Functions: the parts of one, translated.

Gives `Function`, whose `plain` is the function in a target's calls.  What is asked of arguments,
their sizes, the lines and the results stay apart, since a target may put something between.

Imports parts, entry and translated.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field

from symderiv.emit.asked import Arguments, refused
from symderiv.emit.parts import Parts, with_body
from symderiv.emit.spelling import Filling, filled, lines_of, names_in
from symderiv.emit.targets.entry import Target
from symderiv.emit.targets.fused import fused
from symderiv.emit.targets.parted import targets
from symderiv.emit.translation.translated import BUILTINS, Translation
from symderiv.mistakes import Mistake
from symderiv.records import dataclass

KIND, HOLDS = "_kind", "_holds"  # no name of a user's begins with an underscore


@dataclass
class Function:
    """A function's parts in a target's calls.

    Attributes
    ----------
    checks : what is asked of the arguments
    sizes : the sizes, from the arguments' shapes
    lines : what is computed
    results : what is returned
    whole : the names of sizes
    sound : may the values of arguments be such that there is no result?
    """

    parts: Parts
    target: Target
    checks: list[ast.stmt] = field(default_factory=list)
    sizes: list[ast.stmt] = field(default_factory=list)
    lines: list[ast.stmt] = field(default_factory=list)
    results: list[ast.expr] = field(default_factory=list)
    sound: bool = False
    whole: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        asked = self.parts.arguments
        if asked is None:
            self.results = [*self.parts.results]
            return
        self._named()
        self.whole |= {*asked.sizes, *asked.given, *(size for size, _ in asked.fitted)}
        # parts that stand twice are two now
        whole = ast.Module([*self.parts.lines, *map(ast.Expr, self.parts.results)], [])
        body = ast.parse(ast.unparse(ast.fix_missing_locations(whole))).body
        self._ask(asked, names_in(body))
        made, many = self.translation, len(self.parts.lines)
        lines = made.statements(body[:many])  # first: they say which names are numbers
        results = [made.expression(r.value) for r in body[many:] if isinstance(r, ast.Expr)]
        self.lines, self.results = fused(lines, results, self.target.fused)

    @property
    def tree(self) -> ast.FunctionDef:
        return self.parts.head

    @property
    def inputs(self) -> list[str]:
        return [a.arg for a in self.tree.args.args]

    @property
    def floats(self) -> tuple[str, ...]:
        return () if self.parts.arguments is None else tuple(self.parts.arguments.floats)

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
        made = {n for line in self.parts.lines for n in targets(line)}
        for name in [*self.inputs, *sorted(made)]:
            if name in meant:
                raise Mistake(
                    f"--for {self.target.name}: {name!r} means something else in the source; "
                    "rename it to have it written"
                )

    def _ask(self, asked: Arguments, said: Counter[str]) -> None:
        """What is asked of the arguments, and the sizes that this and the lines mention.

        One that a single check mentions, and no line, stands in its place.
        """
        checks = lines_of(self._checks(asked))
        own, sizes, inlined = names_in(checks), list[str](), dict[str, ast.expr]()
        for size in asked.sizes:
            if size not in asked.given and own[size] == 1 and not said[size]:
                inlined[size] = filled(asked.length(size), {})
            elif size not in asked.given and own[size] + said[size]:
                sizes.append(f"{size} = {asked.length(size)}")
        left = {a.arg for a in self.tree.args.kwonlyargs}
        for size, most in asked.fitted:
            fit = f"{size} = {most}"
            sizes.append(f"if {size} is None:\n    {fit}" if size in left else fit)
        if said["dtype"]:
            sizes.append(f"dtype = {self.beside}.dtype")
        self.sizes = lines_of(sizes)
        if asked.floats:
            self.checks += lines_of([self._fitting(asked)])
        for check in checks:
            line: ast.stmt = Filling(inlined).visit(check)
            match line:
                case ast.Assign([label], ast.Call(_, [_, many, _]) as call):
                    self.checks.append(ast.Assign([label], self._handed(call)))
                    if not self.target.raises:
                        holds = filled("_within(y, K)", {"y": label, "K": many})
                        self._unless(self._handed(holds))
                case _:
                    self.checks.append(line)
        for name, axis, _ in asked.sums:
            far = self.translation.expression(filled(f"np.abs({name}.sum({axis}) - 1)", {}))
            finest = filled(f"max(1e-4, {self.target.module}.finfo({KIND}).eps)", {})
            wrong = ast.Compare(far, [ast.Gt()], [finest])
            self._unless(self.translation.said("all", ast.UnaryOp(ast.Invert(), wrong)))

    def _fitting(self, asked: Arguments) -> str:
        """The arguments as floats of one type, whose axes are named."""
        batch = ["..."] * asked.batched
        given = (
            f"{n}=({n}, '{' '.join([*batch, *(str(s).replace(' ', '') for s in axes)])}')"
            for n, axes in asked.floats.items()
        )
        call = ast.unparse(self._handed(filled(f"_floats({', '.join(given)})", {})))
        return f"{KIND}, {', '.join(asked.floats)} = {call}"

    def _checks(self, asked: Arguments) -> Iterator[str]:
        """A look at sizes, and at labels, of which one is not taken for all."""
        yield from (refused(wrong, "ValueError", said) for wrong, said in asked.looks)
        for n, axes in asked.labels.items():
            yield f"{n} = _labels({n}, {asked.classes[n]}, {n!r})"
            if axes or not asked.batched:
                shown = ", ".join([*["..."] * asked.batched, *(f"{{{size}}}" for size in axes)])
                whole = f"{n}.shape{f'[-{len(axes)}:]' * asked.batched}"
                wrong = f"{whole} != ({' '.join(f'{size},' for size in axes)})"
                yield refused(wrong, "ValueError", f"{n} takes ({shown}), not {{{n}.shape}}")

    def _handed(self, call: ast.expr) -> ast.expr:
        return Translation(self.target, "x")._handed(call)

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

    def with_lines(self, lines: list[ast.stmt], results: list[ast.expr]) -> Function:
        """The function with other lines that compute the same."""
        made = copy.copy(self)
        made.lines, made.results = lines, results
        return made

    def plain(self) -> ast.FunctionDef:
        """The function in the target's calls."""
        if self.parts.arguments is None:
            return self.function([ast.Return(self.results[0])])
        results = [self.finished(r) for r in self.results]
        value = results[0] if len(results) == 1 else ast.Tuple(results, ast.Load())
        if self.parts.keys:
            named = ast.Dict([ast.Constant(k) for k in self.parts.keys], results[1:])
            value = ast.Tuple([results[0], named], ast.Load())
        return self.function([*self.lines, ast.Return(value)])

    def function(self, body: Sequence[ast.stmt]) -> ast.FunctionDef:
        """A function of this one's name and arguments, which are looked at before the body.

        The floats are first, then the sizes, which the other checks mention; the namespace before
        them, where that is the arguments' own.
        """
        given = self.target.given and self.checks
        namespace = f"{self.target.module} = _namespace({', '.join(self.inputs)})"
        first = [*lines_of([namespace] if given else []), *self.checks[:1]]
        return with_body(self.tree, [*first, *self.sizes, *self.checks[1:], *body])
