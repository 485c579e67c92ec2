"""The entrance of a function: its arguments as NumPy's arrays that fit, written out.

Gives `Entrance`, whose `lines` make the arguments floats of one type, look at their shapes and
labels, and say where in each row its label is: `at`, so that what follows may say `z[at]`.  Where
an entry of a row is changed or read, the row has every axis of the batch; NumPy's broadcasting
does the rest.

Imports asked, axes and spelling.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from textwrap import indent

from sympy import Expr, Integer, Symbol

from symderiv.emit.asked import Arguments, Axes, refused
from symderiv.emit.spelling import copied, lines_of, names_in
from symderiv.records import dataclass

WIDTH = 96  # of a line, behind four spaces
FULL = "; no axis may be empty"
REAL, WHOLE = "fiub", "iu"  # the kinds of types that arrays of numbers, and labels, have


@dataclass(frozen=True)
class Entrance:
    """What makes the arguments of a function arrays that fit.

    Attributes
    ----------
    index : labels that say where in a row something is, and the name of that place
    rows : arrays that have every axis of the batch
    values : labels that are used as numbers too
    guarded : is a batch looked at before it is spread?
    strict : are arrays of other libraries refused, by helpers of a file with many functions?
    """

    asked: Arguments
    index: Mapping[str, str] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    guarded: bool = False
    strict: bool = False

    @property
    def given(self) -> tuple[str, ...]:
        """The parameters, in order."""
        return (*self.asked.arrays, *self.asked.given)

    @property
    def names(self) -> tuple[str, ...]:
        """What it makes: arrays, and places in rows."""
        places = (p for n, p in self.index.items() if p != n)
        return (*self.asked.arrays, *places)

    @property
    def key(self) -> Hashable:
        """What is equal where the same is asked of the same arguments."""
        return (*self.given, *map(ast.unparse, Entrance(self.asked).lines()))

    def joined(self, other: Entrance) -> Entrance:
        """One that makes what either makes."""
        return replace(
            self,
            index={**self.index, **other.index},
            rows=self.rows | other.rows,
            values=self.values | other.values,
        )

    def lines(self) -> list[ast.stmt]:
        """The lines, in order."""
        places = (f"{p} = {self._place(n)}" for n, p in self.index.items() if p != n)
        return [*self._lines(), *lines_of(places)]

    def returning(self, names: Sequence[str]) -> list[ast.stmt]:
        """The lines, in order, and one that returns some of what they make."""
        said = {p: self._place(n) for n, p in self.index.items() if p != n}
        returned = lines_of([f"return {', '.join(said.get(n, n) for n in names)}"])
        *lines, last = self._lines()
        match last:  # what is returned at once needs no name
            case ast.Assign([ast.Name(name)], value) if names_in(returned)[name] < 2:
                return [*lines, *(copied(line, {name: value}) for line in returned)]
        return [*lines, last, *returned]

    def _lines(self) -> list[ast.stmt]:
        asked, known = self.asked, {*self.asked.given}
        first = lines_of(self._helped() if self.strict else self._written_out(known))
        looks = asked.looked()
        looks += lines_of(self._in_range(n, known) for n in asked.labels)
        said = names_in(looks)
        shown = dict.fromkeys(str(s) for axes in asked.arrays.values() for s in axes)
        sizes = [f"{s} = {asked.length(s)}" for s in shown if said[s] and s not in known]
        spread = self._spread() if asked.batched and self.index else ()
        return [*first, *lines_of(sizes), *looks, *lines_of(spread)]

    # -- arrays of numbers -----------------------------------------------------------------------

    def _helped(self) -> Iterator[str]:
        """By the helpers of a file with many functions."""
        floats, whole = self.asked.floats, {*self.asked.given}

        def axes(name: str) -> str:
            """Names of sizes, and sizes that are known."""
            own = (str(s) for s in floats[name])
            return "".join(f", {s}" if s.isdigit() or s in whole else f", {s!r}" for s in own)

        sizes = {str(s) for own in floats.values() for s in own}
        chosen = whole & sizes or any(map(str.isdigit, sizes))
        if len(floats) == 1 and not chosen:  # most often it is what it should be
            (name,) = floats
            yield f"{name} = _one({name}, {name!r}{axes(name)})"
        elif floats:
            given = ", ".join(f"{n}=({n}{axes(n) or ','})" for n in floats)
            yield f"{', '.join(floats)}{',' * (len(floats) == 1)} = _floats({given})"

    def _written_out(self, known: set[str]) -> Iterator[str]:
        """In plain lines; `known` becomes the sizes that they say."""
        asked = self.asked
        looked = [*{**asked.floats, **self._shaped}]
        together = len(looked) > 1
        free = self._free and not together
        if not free:
            known.update(str(s) for axes in self._shaped.values() for s in axes if s.is_Symbol)
        sizes = [] if free else [*self._sizes()]
        yield self._as_arrays()
        if together:
            yield from _assigned(sizes)
            yield self._loop(looked, known)
        else:
            for name in asked.floats:
                takes = f"{name} takes real numbers, not {{{name}.dtype}}"
                yield refused(f"{name}.dtype.kind not in {REAL!r}", "TypeError", takes)
            yield from _assigned(sizes)
            yield from self._each(known)
        yield from self._typed()

    def _as_arrays(self) -> str:
        names = [*self.asked.arrays]
        every = ", ".join(names)
        if len(names) < 3:
            return f"{every} = {', '.join(f'np.asarray({n})' for n in names)}"
        return f"{every} = map(np.asarray, ({every}))"

    def _typed(self) -> Iterator[str]:
        """Floats of one type, which numbers beside arrays do not say."""
        floats = self.asked.floats
        every = ", ".join(floats)
        if len(floats) == 1:
            yield f"{every} = {every}.astype(np.result_type({every}, 1.0), copy=False)"
        elif floats:
            large = f"a for a in ({every}) if a.ndim"
            said = f"*({large})" if any(floats.values()) else f"*[{large}] or ({every})"
            said = f"np.result_type({every if all(floats.values()) else said}, 1.0)"
            made = f"{every} = (np.asarray(a, {{}}) for a in ({every}))"
            short = len(made.format(said)) <= WIDTH
            yield from [made.format(said)] if short else [f"dtype = {said}", made.format("dtype")]

    # -- shapes ----------------------------------------------------------------------------------

    def _loop(self, names: Sequence[str], known: set[str]) -> str:
        """A look at one array after another, which says the name of the first that does not fit.

        No name of a user's has a leading underscore.
        """
        listed = repr("".join(names) if max(map(len, names)) == 1 else (*names,))
        given, shapes = ", ".join(names), ", ".join(self._wanted(n, known) for n in names)
        takes = "{_n} takes real numbers, not {_a.dtype}"
        look = refused(f"_a.dtype.kind not in {REAL!r}", "TypeError", takes)
        if not self._shaped:
            return f"for _n, _a in zip({listed}, ({given})):\n{indent(look, '    ')}"
        own, axes = "_a.shape", "the shape"
        if self.asked.batched:
            own, axes = "_a.shape[_a.ndim - len(_s):]", "last axes"
        takes = f"{{_n}} takes {axes} {{_s}}, not {{_a.shape}}{FULL}"
        look = f"{look}\n{refused(f'{own} != _s or 0 in _s', 'ValueError', takes)}"
        return f"for _n, _a, _s in zip({listed}, ({given}), ({shapes})):\n{indent(look, '    ')}"

    def _each(self, known: set[str]) -> Iterator[str]:
        """A look at the shape of the one array."""
        for name, axes in self._shaped.items():
            many = len(axes)
            own = f"{name}.shape[-{many}:]" if self.asked.batched and many else f"{name}.shape"
            if self._free:
                test = f"{name}.ndim {'<' if self.asked.batched else '!='} {many}"
            else:
                test = f"{own} != {self._wanted(name, known)}"
            test += f" or 0 in {own}" if many else ""
            sizes = [f"{s}={{{s}}}" if str(s) in self.asked.given else str(s) for s in axes]
            takes = ", ".join([*["..."] * self.asked.batched, *sizes])
            said = f"{name} takes ({takes}), not {{{name}.shape}}{FULL * bool(many)}"
            yield refused(test, "ValueError", said)

    @property
    def _free(self) -> bool:
        """Is no size that of two axes?"""
        axes = [s for own in self._shaped.values() for s in own]
        free = all(isinstance(s, Symbol) for s in axes) and len({*axes}) == len(axes)
        return free and not {*map(str, axes)} & {*self.asked.given}

    @property
    def _shaped(self) -> dict[str, Axes]:
        """The arrays whose shapes are looked at."""
        return {n: a for n, a in self.asked.arrays.items() if a or not self.asked.batched}

    def _wanted(self, name: str, known: set[str]) -> str:
        """The lengths of the axes of an array."""
        axes = self.asked.arrays[name]
        codes = [self._length(s, name, n, known) for n, s in enumerate(axes)]
        return f"({', '.join(codes)}{',' * (len(codes) == 1)})"

    def _sizes(self) -> Iterator[tuple[str, str]]:
        """The sizes, each with its code, as the first array has them that has them."""
        known = {*self.asked.given}
        for name, axes in self._shaped.items():
            fresh = {str(s): n - len(axes) for n, s in enumerate(axes) if isinstance(s, Symbol)}
            fresh = {s: n for s, n in fresh.items() if s not in known}
            known.update(fresh)
            if len(fresh) == len(axes) > 1:
                short = "".join(fresh) if max(map(len, fresh)) == 1 else (*fresh,)
                padded = f"(*{short!r}[:{len(axes)} - {name}.ndim], *{name}.shape)"
                yield f"({', '.join(fresh)})", f"{padded}[-{len(axes)}:]"
            else:
                yield from ((s, f"{self._padded(name, s, n)}[{n}]") for s, n in fresh.items())

    def _padded(self, name: str, size: object, place: int) -> str:
        """A shape with an entry in a place from behind: the name of the size, if there is none."""
        return f"({f'{str(size)!r}, ' * -place}*{name}.shape)"

    def _length(self, size: Expr, name: str, place: int, known: set[str]) -> str:
        if isinstance(size, Integer) or {str(s) for s in size.free_symbols} <= known:
            return str(size)
        for other, axes in self.asked.arrays.items():  # as the first array has it that has it
            if size in axes:
                name, place = other, list(axes).index(size)
                break
        place -= len(self.asked.arrays[name])
        return f"{self._padded(name, size, place)}[{place}]"

    # -- labels ----------------------------------------------------------------------------------

    def _in_range(self, name: str, known: set[str]) -> str:
        size = self._known(self.asked.classes[name], known)
        if self.strict:
            axes = "".join(f", {self._known(s, known)}" for s in self.asked.labels[name])
            return f"{name} = _labels({name}, {size}, {name!r}{axes})"
        last = str(int(size) - 1) if size.isdigit() else f"{{{size} - 1}}"
        kind = f"{name}.dtype.kind not in {WHOLE!r}"
        test = f"{kind} or {name}.min(initial=0) < 0 or {name}.max(initial=0) >= {size}"
        return refused(test, "IndexError", f"{name} takes integers from 0 to {last}")

    def _known(self, size: Expr, known: set[str]) -> str:
        """A size by its name where that is known, or else as an array has it."""
        code, arrays = str(size), self.asked.arrays.values()
        shown = code not in known and any(code in map(str, axes) for axes in arrays)
        return self.asked.length(code) if shown else code

    def _place(self, name: str) -> str:
        rank = len(self.asked.labels[name])
        if not self.asked.batched and rank == 1:
            return f"(np.arange({name}.size), {name})"
        if self._simple:
            (row,) = self.rows
            return f"(*np.indices({row}.shape[:-1], sparse=True), {name}[..., 0])"
        if self._fits(name):
            return f"(*np.indices(_lead, sparse=True), {name})"
        plain = f"(*np.indices({name}.shape, sparse=True), {name})"
        return f"{plain} if {name}.ndim else ({name},)" if self.strict else plain

    # -- batches ---------------------------------------------------------------------------------

    @property
    def _simple(self) -> bool:
        """Is it one array of rows, and a label for each?"""
        floats, labels = [*self.asked.floats.values()], [*self.asked.labels.values()]
        return (
            self.asked.batched and not self.guarded
            and len(floats) == len(labels) == len(self.rows) == len(floats[0]) == 1
            and not labels[0] and not self.values
        )  # fmt: skip

    def _spread(self) -> Iterator[str]:
        """Labels, and the rows that they are of, along every axis of the batch."""
        arrays = self.asked.arrays
        if self._simple:
            (row,), (label,) = self.rows, self.asked.labels
            yield f"{row}, {label} = np.broadcast_arrays({row}, {label}[..., None])"
            return
        leads = [*map(self.asked.lead, arrays)]
        if len(leads) < 2:
            return
        spread = [n for n in arrays if n in {*self.rows, *self.index} and not self._fits(n)]
        batch = f"_lead = np.broadcast_shapes({', '.join(leads)})"
        wide = [(n, f"np.broadcast_to({n}, {self._whole(n)})") for n in spread]
        inner = [batch, *_assigned(wide, WIDTH - 4 * self.guarded)]
        if not self.guarded:
            yield from inner
            return
        test = f"not {' == '.join(leads)}" if len(leads) > 2 else f"{leads[0]} != {leads[1]}"
        yield f"if {test}:\n" + "\n".join(f"    {line}" for line in inner)

    def _fits(self, name: str) -> bool:
        """Is a label one for each row of the batch, which NumPy's own broadcasting sees to?"""
        label = name in self.index and name not in self.values and not self.asked.labels[name]
        return label and self.asked.batched and not (self.strict or self.guarded or self._simple)

    def _whole(self, name: str) -> str:
        rank = len(self.asked.arrays[name])
        own = {0: "", 1: f"{name}.shape[-1]"}.get(rank, f"*{name}.shape[-{rank}:]")
        return f"(*_lead, {own})" if own else "_lead"


def _assigned(pairs: Sequence[tuple[str, str]], room: int = WIDTH) -> Iterator[str]:
    """Names and their codes, in one line where it has room."""
    whole = f"{', '.join(n for n, _ in pairs)} = {', '.join(code for _, code in pairs)}"
    if len(pairs) > 1 and len(whole) <= room:
        yield whole
    else:
        yield from (f"{names.strip('()')} = {code}" for names, code in pairs)
