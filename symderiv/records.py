"""Records: dataclasses whose methods are made when they are used.

Gives `dataclass`, in the place of Python's own, which writes and compiles six functions for every
class: a third of a millisecond for each, where a command loads a hundred of them.  Here the class
has its fields at once, `__init__` is compiled when the first instance is made, and the others are
closures over the fields.  What can be asked of a dataclass can be asked of a record: `replace`,
`fields`, `match`, `inspect.signature`.

Floor 0: imports the standard library only.
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable

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
    methods: dict[str, Any] = {"__init__": _Init(cls, frozen)}
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


class _Init:
    """`__init__`, compiled when it is first looked for."""

    def __init__(self, cls: type, frozen: bool) -> None:
        self.cls, self.frozen = cls, frozen

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        made: Any = self.cls.__dict__["__init__"]
        if made is self:
            made = _compiled(self.cls, self.frozen)
            cls: Any = self.cls
            cls.__init__ = made
        return made.__get__(instance, owner)


def _compiled(cls: type, frozen: bool) -> Callable[..., None]:
    """The function that takes the fields and sets them, as somebody would write it."""
    known: dict[str, Any] = {"__set__": object.__setattr__, "__absent__": _ABSENT}
    plain: list[str] = ["self"]
    named: list[str] = []
    body: list[str] = []
    for field in dataclasses.fields(cls):
        name, value = field.name, field.name
        factory = field.default_factory
        if factory is not dataclasses.MISSING:
            known[f"__make_{name}__"] = factory
            value = f"__make_{name}__()"
        if field.init:
            text = name
            if factory is not dataclasses.MISSING:
                text, value = f"{name}=__absent__", f"{value} if {name} is __absent__ else {name}"
            elif field.default is not dataclasses.MISSING:
                known[f"__given_{name}__"] = field.default
                text = f"{name}=__given_{name}__"
            (named if field.kw_only else plain).append(text)
        elif factory is dataclasses.MISSING:
            continue
        body.append(f"__set__(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    listed = ", ".join([*plain, *(["*", *named] if named else [])])
    exec(f"def __init__({listed}):\n " + "\n ".join(body or ["pass"]), known)
    made: Callable[..., None] = known["__init__"]
    made.__qualname__, made.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    notes = {f.name: f.type for f in dataclasses.fields(cls) if f.init}
    made.__annotations__ = {**notes, "return": None}
    return made


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
