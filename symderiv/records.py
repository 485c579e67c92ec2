"""Records: dataclasses that cost nothing to load.

Gives `dataclass`, in the place of Python's own, which writes and compiles six functions for every
class: a third of a millisecond for each, where a command loads a hundred of them.  Here `__init__`
is compiled once for each number of fields and gets their names afterwards, and the others are
closures over the fields.  What can be asked of a dataclass can be asked of a record: `replace`,
`fields`, `match`, `inspect.signature`.

Floor 0: imports the standard library only.
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FunctionType

TYPE_CHECKING = False  # as `typing` has it, without importing that
if TYPE_CHECKING:
    from dataclasses import dataclass
    from typing import Any
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        eq: bool = True,
        repr: bool = True,
        slots: bool = False,
    ) -> Any:
        """Python's `dataclass`, for the options that are used here."""

        def made(cls: type) -> type:
            if slots or any(dataclasses.is_dataclass(base) for base in cls.__mro__[1:]):
                return dataclasses.dataclass(frozen=frozen, eq=eq, repr=repr, slots=slots)(cls)
            return _record(cls, frozen, eq, repr)

        return made if cls is None else made(cls)


__all__ = ["dataclass"]


def _record(cls: type, frozen: bool, eq: bool, shown: bool) -> type:
    own_hash = "__hash__" in cls.__dict__
    dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
    fields = dataclasses.fields(cls)
    methods: dict[str, Any] = {"__init__": _init(cls, fields, frozen)}
    if shown:
        methods["__repr__"] = _repr(tuple(f.name for f in fields if f.repr))
    if eq:
        methods["__eq__"] = _eq(_getter([f.name for f in fields if f.compare]))
        if not own_hash:
            hashed = [f.name for f in fields if (f.compare if f.hash is None else f.hash)]
            methods["__hash__"] = _hash(_getter(hashed)) if frozen else None
    if frozen:
        methods |= _refusing(cls, frozenset(f.name for f in fields))
    for name, method in methods.items():
        if name not in cls.__dict__ or name == "__hash__":
            setattr(cls, name, method)
    said: Any = cls.__dict__["__dataclass_params__"]
    said.init, said.repr, said.eq, said.frozen = True, shown, eq, frozen
    return cls


def _init(
    cls: Any, fields: tuple[dataclasses.Field[Any], ...], frozen: bool
) -> Callable[..., None]:
    """The function that takes the fields and sets them, as somebody would write it."""
    first = [f for f in fields if f.init and not f.kw_only]
    named = [f for f in fields if f.init and f.kw_only]
    within = [f for f in fields if not f.init and _makes(f)]
    kinds = "".join("m" if _makes(f) else "g" for f in (*first, *named))
    plain = not frozen and cls.__setattr__ is object.__setattr__
    code = _code(kinds, len(first), len(within), hasattr(cls, "__post_init__"), plain)
    names = [f.name for f in (*first, *named, *within)]
    place = {f"_{n}": name for n, name in enumerate(names)}
    code = code.replace(
        co_varnames=("self", *(f.name for f in (*first, *named))),
        co_consts=tuple(place.get(c, c) if isinstance(c, str) else c for c in code.co_consts),
        co_names=tuple(place.get(name, name) for name in code.co_names),
    )
    defaults = tuple(_default(f) for f in first if _has_default(f))
    made_by = {f.name: f.default_factory for f in fields if _makes(f)}
    known = {"put": object.__setattr__, "make": made_by, "absent": _ABSENT}
    made = FunctionType(code, known, "__init__", defaults)
    made.__kwdefaults__ = {f.name: _default(f) for f in named if _has_default(f)} or None
    made.__qualname__, made.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    made.__annotations__ = {**{f.name: f.type for f in fields if f.init}, "return": None}
    return made


@lru_cache(maxsize=256)
def _code(kinds: str, first: int, within: int, finished: bool, plain: bool) -> CodeType:
    """`__init__` of fields called _0, _1, …: compiled once, whatever they are called.

        put(self, "_0", _0)
        put(self, "_1", make["_1"]() if _1 is absent else _1)

    or, where `plain`, self._0 = _0.

    `kinds` says of each argument whether it is given or made; `first` of them may stand without
    their names, and `within` more are always made.
    """
    names = [f"_{n}" for n in range(len(kinds))]
    listed = ["self", *names[:first], *(["*", *names[first:]] if first < len(names) else [])]
    values = {
        n: n if kind == "g" else f"make[{n!r}]() if {n} is absent else {n}"
        for n, kind in zip(names, kinds, strict=True)
    }
    more = (f"_{len(names) + n}" for n in range(within))
    values |= {n: f"make[{n!r}]()" for n in more}
    lines = [f"self.{n} = {v}" if plain else f"put(self, {n!r}, {v})" for n, v in values.items()]
    lines += ["self.__post_init__()"] if finished else []
    text = f"def __init__({', '.join(listed)}):\n " + "\n ".join(lines or ["pass"])
    made: dict[str, Any] = {}
    exec(text, made)
    code: CodeType = made["__init__"].__code__
    return code


def _makes(field: dataclasses.Field[Any]) -> bool:
    return field.default_factory is not dataclasses.MISSING


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return _makes(field) or field.default is not dataclasses.MISSING


def _default(field: dataclasses.Field[Any]) -> Any:
    return _ABSENT if _makes(field) else field.default


class _Absent:
    def __repr__(self) -> str:
        return "<factory>"


_ABSENT = _Absent()


def _getter(names: list[str]) -> Callable[[object], tuple[Any, ...]]:
    """The values of these fields."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _repr(names: tuple[str, ...]) -> Callable[[object], str]:
    def __repr__(self: object) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({said})"

    return __repr__


def _eq(values: Callable[[object], tuple[Any, ...]]) -> Callable[[object, object], Any]:
    def __eq__(self: object, other: object) -> Any:
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented

    return __eq__


def _hash(values: Callable[[object], tuple[Any, ...]]) -> Callable[[object], int]:
    def __hash__(self: object) -> int:
        return hash(values(self))

    return __hash__


def _refusing(cls: Any, names: frozenset[str]) -> dict[str, Any]:
    """What refuses to change an instance of the class."""

    def __setattr__(self: object, name: str, value: Any) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return {"__setattr__": __setattr__, "__delattr__": __delattr__}
