"""The entrance of a function: its arguments as NumPy's arrays that fit, written out.

Gives `Entrance`, whose `lines` make the arguments floats of one type, look at their shapes and
labels, and say where in each row its label is: `at`, so that what follows may say `z[at]`.  Where
an entry of a row is changed or read, the row has every axis of the batch; NumPy's broadcasting
does the rest.

Imports axes and the standard library.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from textwrap import indent

from sympy import Expr, Integer, Symbol

from symderiv.emit.axes import size_code
from symderiv.records import dataclass

REAL, WHOLE = "fiub", "iu"  # the kinds of types that arrays of numbers, and labels, have


@dataclass(frozen=True)
class Entrance:
    """What is asked of the arguments of a function.

    Attributes
    ----------
    floats, labels : their names, each with its own axes
    classes : of each label how many there are
    sizes : the names of sizes that are arguments themselves
    batched : may arrays have other axes before their own?
    index : labels that say where in a row something is, and the name of that place
    rows : arrays that have every axis of the batch
    tables : arrays that have every axis of the batch, or none
    values : labels that are used as numbers too
    before : lines that are written before labels are looked at
    guarded : is a batch looked at before it is spread?
    strict : are arrays of other libraries refused, by helpers of a file with many functions?
    """

    floats: Mapping[str, Sequence[Expr]]
    labels: Mapping[str, Sequence[Expr]]
    classes: Mapping[str, Expr]
    sizes: Sequence[str] = ()
    batched: bool = True
    index: Mapping[str, str] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    before: Sequence[str] = ()
    guarded: bool = False
    strict: bool = False

    @property
    def arrays(self) -> dict[str, Sequence[Expr]]:
        return {**self.floats, **self.labels}

    @property
    def names(self) -> tuple[str, ...]:
        """What it makes: arrays, and places in rows."""
        places = (p for n, p in self.index.items() if p != n)
        return (*self.arrays, *places)

    @property
    def key(self) -> Hashable:
        """What is equal where the same is asked of the same arguments."""
        bare = replace(self, index={}, rows=frozenset(), tables=frozenset(), values=frozenset())
        return (*self.arrays, *self.sizes, *bare.lines())

    def joined(self, other: Entrance) -> Entrance:
        """One that makes what either makes."""
        return replace(
            self,
            index={**self.index, **other.index},
            rows=self.rows | other.rows,
            tables=self.tables | other.tables,
            values=self.values | other.values,
        )

    def lines(self) -> Iterator[str]:
        """The lines, in order."""
        yield from self._asked()
        for name, place in self.index.items():
            if place != name:
                yield f"{place} = {self._place(name)}"

    def returning(self, names: Sequence[str]) -> Iterator[str]:
        """The lines, in order, and one that returns some of what they make."""
        yield from self._asked()
        places = {p: self._place(n) for n, p in self.index.items() if p != n}
        yield f"return {', '.join(places.get(n, n) for n in names)}"

    def _asked(self) -> Iterator[str]:
        known = set(self.sizes)
        looked = [*{**self.floats, **self._shaped}]
        together = len(looked) > 1 and not self.strict
        free = self._free and not together
        if not free:
            known.update(str(s) for axes in self._shaped.values() for s in axes if s.is_Symbol)
        sizes = [] if free else [*self._sizes()]
        if self.strict:
            floats, given = _targets([*self.floats]), ", ".join(f"{n}={n}" for n in self.floats)
            line = f"{floats} = _floats({given})"
            if len(self.floats) == 1:  # most often it is what it should be
                name = given.partition("=")[0]
                plain = f"type({name}) is not np.ndarray or {name}.dtype.kind != 'f'"
                line = f"if {plain}:\n    {line}"
            yield from [line] if self.floats else []
            yield from (f"{n} = _array({n}, {n!r})" for n in self.labels if self.labels[n])
            yield from _assigned(sizes)
            yield from self._each(known)
        else:
            yield from self._as_arrays()
            if together:
                alike = len(self.floats) > 1 and all(self.floats.values())
                of = f"a for a in ({', '.join(self.floats)}) if a.dtype.kind in {REAL!r}"
                kind = [("dtype", f"np.result_type(*({of}), 1.0)")] * alike
                yield from _assigned([*sizes, *kind])
                yield self._loop(looked, known)
            else:
                for name in self.floats:
                    takes = f"{name} takes real numbers, not {{{name}.dtype}}"
                    yield _unless(f"{name}.dtype.kind not in {REAL!r}", "TypeError", takes)
                yield from _assigned(sizes)
                yield from self._each(known)
            yield from self._typed()
        looks = [*self.before, *(self._in_range(n, known) for n in self.labels)]
        said = {n.id for s in looks for n in ast.walk(ast.parse(s)) if isinstance(n, ast.Name)}
        shown = dict.fromkeys(str(s) for axes in self.arrays.values() for s in axes)
        yield from (f"{s} = {self._shown(s)}" for s in shown if s in said - known)
        yield from looks
        if self.batched and self.index:
            yield from self._spread()

    # -- arrays of numbers -----------------------------------------------------------------------

    def _as_arrays(self) -> Iterator[str]:
        names = [*self.arrays]
        if len(names) < 3:
            yield f"{', '.join(names)} = {', '.join(f'np.asarray({n})' for n in names)}"
        else:
            yield f"{', '.join(names)} = map(np.asarray, ({', '.join(names)}))"

    def _typed(self) -> Iterator[str]:
        """Floats of one type, which numbers beside arrays do not say."""
        names, every = [*self.floats], ", ".join(self.floats)
        if len(names) == 1:
            yield f"{every} = {every}.astype(np.result_type({every}, 1.0), copy=False)"
        elif names:
            if not all(self.floats.values()):
                large = f"a for a in ({every}) if a.ndim"
                said = f"*({large})" if any(self.floats.values()) else f"*[{large}] or ({every})"
                yield f"dtype = np.result_type({said}, 1.0)"
            yield f"{every} = (a.astype(dtype, copy=False) for a in ({every}))"

    # -- shapes ----------------------------------------------------------------------------------

    def _loop(self, names: Sequence[str], known: set[str]) -> str:
        """A look at one array after another, which says the name of the first that does not fit.

        No name of a user's has a leading underscore.
        """
        listed = repr("".join(names) if max(map(len, names)) == 1 else (*names,))
        given, shapes = ", ".join(names), ", ".join(self._wanted(n, known) for n in names)
        takes, strange = "{_n} takes real numbers", f"_a.dtype.kind not in {REAL!r}"
        if not self._shaped:
            look = _unless(strange, "TypeError", f"{takes}, not {{_a.dtype}}")
            return f"for _n, _a in zip({listed}, ({given})):\n{indent(look, '    ')}"
        own, axes = "_a.shape", "of shape"
        if self.batched:
            own, axes = "_a.shape[_a.ndim - len(_s):]", "with last axes"
        error = f"(TypeError if {strange} else ValueError)"
        said = f"{takes} {axes} {{_s}}, not {{_a.dtype}} {{_a.shape}}"
        look = _unless(f"{own} != _s or {strange}", error, said)
        return f"for _n, _a, _s in zip({listed}, ({given}), ({shapes})):\n{indent(look, '    ')}"

    def _each(self, known: set[str]) -> Iterator[str]:
        """A look at the shape of each array by itself."""
        shown = set(self.sizes)
        for name, axes in self._shaped.items():
            if self._free:
                test = f"{name}.ndim {'<' if self.batched else '!='} {len(axes)}"
            else:
                own = f"{name}.shape[-{len(axes)}:]" if self.batched else f"{name}.shape"
                test = f"{own} != {self._wanted(name, known)}"
            sizes = [f"{s}={{{s}}}" if str(s) in shown else str(s) for s in axes]
            takes = ", ".join([*(["..."] if self.batched else []), *sizes])
            yield _unless(test, "ValueError", f"{name} takes ({takes}), not {{{name}.shape}}")
            shown.update(str(s) for s in axes if isinstance(s, Symbol))

    @property
    def _free(self) -> bool:
        """Is no size that of two axes?"""
        axes = [s for own in self._shaped.values() for s in own]
        free = all(isinstance(s, Symbol) for s in axes) and len({*axes}) == len(axes)
        return free and not {*map(str, axes)} & {*self.sizes}

    @property
    def _shaped(self) -> dict[str, Sequence[Expr]]:
        """The arrays whose shapes are looked at."""
        return {n: axes for n, axes in self.arrays.items() if axes or not self.batched}

    def _wanted(self, name: str, known: set[str]) -> str:
        """The lengths of the axes of an array."""
        axes = self.arrays[name]
        codes = [self._length(s, name, n, known) for n, s in enumerate(axes)]
        return f"({', '.join(codes)}{',' * (len(codes) == 1)})"

    def _sizes(self) -> Iterator[tuple[str, str]]:
        """The sizes, each with its code, as the first array has them that has them."""
        known = set(self.sizes)
        for name, axes in self._shaped.items():
            fresh = {str(s): n - len(axes) for n, s in enumerate(axes) if isinstance(s, Symbol)}
            fresh = {s: n for s, n in fresh.items() if s not in known}
            known.update(fresh)
            if len(fresh) == len(axes) > 1:
                yield f"({', '.join(fresh)})", f"{self._padded(name)}[-{len(axes)}:]"
            else:
                yield from ((s, f"{self._padded(name)}[{n}]") for s, n in fresh.items())

    def _padded(self, name: str) -> str:
        """A shape with an entry for each axis, whatever was given."""
        return f"({'-1, ' * len(self.arrays[name])}*{name}.shape)"

    def _length(self, size: Expr, name: str, place: int, known: set[str]) -> str:
        if isinstance(size, Integer) or {str(s) for s in size.free_symbols} <= known:
            return ast.unparse(size_code(size))
        for other, axes in self.arrays.items():  # as the first array has it that has it
            if size in axes:
                name, place = other, list(axes).index(size)
                break
        return f"{self._padded(name)}[{place - len(self.arrays[name])}]"

    # -- labels ----------------------------------------------------------------------------------

    def _in_range(self, name: str, known: set[str]) -> str:
        size = ast.unparse(size_code(self.classes[name]))
        size = size if size in known else self._shown(size) or size
        if self.strict:
            return f"{name} = _labels({name}, {size}, {name!r})"
        last = str(int(size) - 1) if size.isdigit() else f"{{{size} - 1}}"
        kind = f"{name}.dtype.kind not in {WHOLE!r}"
        test = f"{kind} or {name}.min(initial=0) < 0 or {name}.max(initial=0) >= {size}"
        return _unless(test, "IndexError", f"{name} takes integers from 0 to {last}")

    def _shown(self, size: str) -> str:
        """A size as the first array has it that has it."""
        for name, axes in self.arrays.items():
            if size in map(str, axes):
                return f"{name}.shape[{list(map(str, axes)).index(size) - len(axes)}]"
        return ""

    def _place(self, name: str) -> str:
        rank = len(self.labels[name])
        if not self.batched and rank == 1:
            return f"(np.arange({name}.size), {name})"
        if self._simple:
            (row,) = self.rows
            return f"(*np.indices({row}.shape[:-1], sparse=True), {name}[..., 0])"
        plain = f"(*np.indices({name}.shape, sparse=True), {name})"
        return f"{plain} if {name}.ndim else ({name},)" if self.strict else plain

    # -- batches ---------------------------------------------------------------------------------

    @property
    def _simple(self) -> bool:
        """Is it one array of rows, and a label for each?"""
        floats, labels = [*self.floats.values()], [*self.labels.values()]
        return (
            self.batched and not self.guarded and not self.tables
            and len(floats) == len(labels) == len(self.rows) == len(floats[0]) == 1
            and not labels[0] and not self.values
        )  # fmt: skip

    def _spread(self) -> Iterator[str]:
        """Labels, and the rows that they are of, along every axis of the batch."""
        if self._simple:
            (row,), (label,) = self.rows, self.labels
            yield f"{row}, {label} = np.broadcast_arrays({row}, {label}[..., None])"
            return
        leads = [self._lead(n) for n in self.arrays]
        if len(leads) < 2:
            return
        spread = [n for n in self.arrays if n in self.rows or n in self.index]
        batch = f"_batch = np.broadcast_shapes({', '.join(leads)})"
        wide = [f"np.broadcast_to({n}, {self._whole(n)})" for n in spread]
        inner = [batch, f"{', '.join(spread)} = {', '.join(wide)}"]
        for name in self.arrays:
            if name in self.tables and name not in self.rows:
                none = f"{name} if {name}.ndim == {len(self.arrays[name])}"
                inner.append(f"{name} = {none} else np.broadcast_to({name}, {self._whole(name)})")
        if not self.guarded:
            yield from inner
            return
        test = f"not {' == '.join(leads)}" if len(leads) > 2 else f"{leads[0]} != {leads[1]}"
        yield f"if {test}:\n" + "\n".join(f"    {line}" for line in inner)

    def _lead(self, name: str) -> str:
        rank = len(self.arrays[name])
        return f"{name}.shape[:-{rank}]" if rank else f"{name}.shape"

    def _whole(self, name: str) -> str:
        rank = len(self.arrays[name])
        own = {0: "", 1: f"{name}.shape[-1]"}.get(rank, f"*{name}.shape[-{rank}:]")
        return f"(*_batch, {own})" if own else "_batch"


def _unless(wrong: str, error: str, said: str) -> str:
    return f"if {wrong}:\n    raise {error}(f{said!r})"


def _assigned(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Names and their codes in one line."""
    if len(pairs) == 1:
        ((names, code),) = pairs
        yield f"{names.strip('()')} = {code}"
    elif pairs:
        yield f"{', '.join(n for n, _ in pairs)} = {', '.join(code for _, code in pairs)}"


def _targets(names: Sequence[str]) -> str:
    return f"{', '.join(names)}{',' * (len(names) == 1)}"
