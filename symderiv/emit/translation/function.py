"""Functions: the parts of one in a target's calls.

Gives `Function`, whose `plain` is the function.  What is asked of arguments, their sizes, the lines
and the results stay apart, since a target may put something between.

Imports parts, writer, entry and words.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from symderiv.emit.asked import Arguments, refused
from symderiv.emit.parts import Coded, returning, with_body
from symderiv.emit.spelling import Filling, copied, filled, lines_of, names_in
from symderiv.emit.targets.entry import Target
from symderiv.emit.translation.fusing import FusingWriter
from symderiv.emit.translation.words import TargetWords
from symderiv.mistakes import Mistake

KIND, HOLDS = "_kind", "_holds"  # no name of a user's begins with an underscore


class Function:
    """A function's parts in a target's calls; with another head it returns the results alone.

    Attributes
    ----------
    head : its name, docstring and parameters
    checks : what is asked of the arguments
    sizes : the sizes, from the arguments' shapes
    lines : what is computed
    results : what is returned
    keys : the names of all results but the first, where they are a dict
    whole : the names of sizes, and of numbers that are made of them
    sound : may the values of arguments be such that there is no result?
    """

    def __init__(self, coded: Coded, target: Target, head: ast.FunctionDef | None = None) -> None:
        asked = coded.arguments
        if not asked.floats:
            raise Mistake(f"{coded.name} takes no array of floats, which {target.title} needs")
        self.target, self.floats = target, tuple(asked.floats)
        self.words = TargetWords(target, self.floats[0])
        calls = [f for f in target.fused if coded.linear or not f.turned]
        writer = FusingWriter(*coded.names, self.words, calls)
        parts = coded.parts_by(writer)
        self.head, self.keys = (parts.head, parts.keys) if head is None else (head, ())
        self.results = [*parts.results]
        self.asked = parts.arguments
        self.checks: list[ast.stmt] = []
        self.sizes: list[ast.stmt] = []
        self.lines: list[ast.stmt] = []
        self.sound = False
        self.whole = {*asked.sizes, *asked.given, *writer.whole}
        self.whole |= {size for size, _ in asked.fitted}
        if self.asked is None:
            return
        self._ask(self.asked, names_in([*parts.lines, *parts.results]))
        # what stands twice is two where it is changed
        self.lines = [*map(copied, parts.lines)]
        self.results = [*map(copied, parts.results)]

    @property
    def inputs(self) -> list[str]:
        return [a.arg for a in self.head.args.args]

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
        left = {a.arg for a in self.head.args.kwonlyargs}
        for size, most in asked.fitted:
            fit = f"{size} = {most}"
            sizes.append(f"if {size} is None:\n    {fit}" if size in left else fit)
        if said["dtype"]:
            sizes.append(f"dtype = {self.floats[0]}.dtype")
        self.sizes = lines_of(sizes)
        self.checks.append(self._fitting(asked))
        for check in checks:
            line: ast.stmt = Filling(inlined).visit(check)
            match line:
                case ast.Assign([label], ast.Call(_, [_, many, _] as given)):
                    parts = dict(zip("abc", given, strict=True))
                    looked = self.words.filled("_labels(a, b, c)", parts)
                    self.checks.append(ast.Assign([label], looked))
                    if not self.target.raises:
                        self._unless(self.words.filled("_within(a, b)", {"a": label, "b": many}))
                case _:
                    self.checks.append(line)
        for name, axis, _ in asked.sums:
            finest = filled(f"max(1e-4, {self.target.module}.finfo({KIND}).eps)", {})
            holds = f"np.all(~(np.abs({name}.sum({axis}) - 1) > _finest))"
            self._unless(self.words.filled(holds, {"_finest": finest}))

    def _fitting(self, asked: Arguments) -> ast.stmt:
        """The arguments as floats of one type, whose axes are named."""
        batch = ["..."] * asked.batched
        given = (
            f"{n}=({n}, '{' '.join([*batch, *(str(s).replace(' ', '') for s in axes)])}')"
            for n, axes in asked.floats.items()
        )
        made: list[ast.expr] = [ast.Name(n, ast.Store()) for n in (KIND, *asked.floats)]
        call = self.words.filled(f"_floats({', '.join(given)})")
        return ast.Assign([ast.Tuple(made, ast.Store())], call)

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

    def _unless(self, holds: ast.expr) -> None:
        both = filled(f"{HOLDS} & a", {"a": holds}) if self.sound else holds
        self.checks.append(ast.Assign([ast.Name(HOLDS)], both))
        self.sound = True

    def finished(self, value: ast.expr) -> ast.expr:
        """A result in the arguments' type, and nan where the arguments are not as they must be."""
        call = f"_where_it_holds(_v, {KIND}, {HOLDS})" if self.sound else f"_typed(_v, {KIND})"
        return self.words.filled(call, {"_v": value})

    def plain(self) -> ast.FunctionDef:
        """The function in the target's calls."""
        if self.asked is None:
            return self.function([ast.Return(self.results[0])])
        results = [self.finished(r) for r in self.results]
        return self.function([*self.lines, returning(results, self.keys)])

    def around(self, known: Sequence[ast.stmt], result: ast.expr) -> list[ast.stmt]:
        """What autograd knows the derivatives of, and this function, whose result calls it.

        A size that is given is no array: what is known stands within the function, which has it.
        """
        if self.asked and self.asked.given:
            return [self.function([*known, ast.Return(result)])]
        return [*known, self.function([ast.Return(result)])]

    def function(self, body: Sequence[ast.stmt]) -> ast.FunctionDef:
        """A function of this one's name and arguments, which are looked at before the body.

        The floats are first, then the sizes, which the other checks mention; the namespace before
        them, where that is the arguments' own.
        """
        given = self.target.given and self.checks
        namespace = f"{self.target.module} = _namespace({', '.join(self.inputs)})"
        first = [*lines_of([namespace] if given else []), *self.checks[:1]]
        return with_body(self.head, [*first, *self.sizes, *self.checks[1:], *body])
