"""Records beside Python's own dataclasses: whatever can be asked, the answer is the same."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import KW_ONLY, field, replace
from typing import Any, ClassVar

import pytest

import symderiv
from symderiv import records


def both(**options: Any) -> list[Any]:
    """One class by each of the two."""

    def made(dataclass: Callable[..., Any]) -> Any:
        @dataclass(**options)
        class Point:
            """A point."""

            kind: ClassVar[str] = "point"
            x: int
            y: int = 2
            names: list[str] = field(default_factory=list)
            hidden: int = field(default=5, repr=False, compare=False)
            double: int = field(init=False)
            _: KW_ONLY
            colour: str = "red"

            def __post_init__(self) -> None:
                object.__setattr__(self, "double", 2 * self.x)

        return Point

    return [made(records.dataclass), made(dataclasses.dataclass)]


OPTIONS: list[dict[str, Any]] = [
    {},
    {"frozen": True},
    {"eq": False},
    {"frozen": True, "eq": False},
    {"frozen": True, "repr": False},
]
ASKED: dict[str, Callable[[Any], Any]] = {
    "repr": lambda P: repr(P(1, names=["a"])).partition(" at 0x")[0],
    "values": lambda P: vars(P(3, 4, ["b"], 6, colour="blue")),
    "equal": lambda P: P(1) == P(1, hidden=9),
    "different": lambda P: (P(1) == P(2), P(1) == P(1, colour="blue")),
    "another class": lambda P: (P(1) == 1, P(1).__eq__(1)),
    "fresh list": lambda P: P(1).names is P(1).names,
    "signature": lambda P: str(inspect.signature(P)),
    "notes": lambda P: {**P.__init__.__annotations__},
    "named": lambda P: (P.__init__.__name__, P.__init__.__qualname__, P.__doc__),
    "match": lambda P: P.__match_args__,
    "fields": lambda P: [(f.name, f.type, f.init) for f in dataclasses.fields(P)],
    "parameters": lambda P: repr(P.__dataclass_params__),
    "replaced": lambda P: vars(replace(P(1, 3), x=7)),
    "as a dict": lambda P: dataclasses.asdict(P(1, names=["a"])),
    "copied": lambda P: vars(copy.copy(P(1))),
    "class attribute": lambda P: (P.y, P.kind, hasattr(P, "names")),
    "hash": lambda P: (P.__hash__ is None, P.__hash__ is object.__hash__),
    "too many": lambda P: P(1, 2, [], 4, "red"),
    "too few": lambda P: P(),
    "unknown": lambda P: P(1, z=3),
    "not to be given": lambda P: P(1, double=3),
    "set": lambda P: setattr(P(1), "x", 3),
    "set another": lambda P: setattr(P(1), "other", 3),
    "deleted": lambda P: delattr(P(1), "x"),
}


def answer(ask: Callable[[Any], Any], cls: Any) -> Any:
    try:
        return ask(cls)
    except (TypeError, AttributeError) as error:
        return type(error), str(error)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("asked", ASKED)
def test_a_record_answers_as_a_dataclass_does(options: dict[str, Any], asked: str) -> None:
    ours, theirs = (answer(ASKED[asked], cls) for cls in both(**options))
    assert ours == theirs


def test_equal_records_have_equal_hashes_and_a_list_in_one_has_none() -> None:
    ours, theirs = both(frozen=True)
    key = {"x": 1, "names": ()}
    assert hash(ours(**key)) == hash(ours(**key, hidden=8)) == hash(theirs(**key))
    with pytest.raises(TypeError, match="unhashable"):
        hash(ours(1))


def test_what_a_class_writes_itself_stays() -> None:
    @records.dataclass(frozen=True)
    class Own:
        x: int

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return "own"

    assert Own(1) == Own(2)
    assert hash(Own(1)) == 7
    assert repr(Own(1)) == "own"


@pytest.mark.parametrize("first", [records.dataclass, dataclasses.dataclass])
@pytest.mark.parametrize("second", [records.dataclass, dataclasses.dataclass])
def test_a_subclass_has_the_fields_of_both(first: Any, second: Any) -> None:
    @first(frozen=True)
    class Base:
        x: int

    @second(frozen=True)
    class More(Base):
        y: int = 2

    assert (More(1).x, More(1).y, More(1) == More(1, 2), More(1) == Base(1)) == (1, 2, True, False)
    with pytest.raises(dataclasses.FrozenInstanceError):
        More(1).x = 3  # type: ignore[misc]
    with pytest.raises(TypeError, match="frozen"):

        @second()
        class _Moving(Base):
            z: int = 3


def test_the_first_instance_may_be_made_by_whoever_inherits() -> None:
    @records.dataclass
    class Base:
        x: int

    class Own(Base):
        def __init__(self) -> None:
            super().__init__(4)

    assert Own().x == 4
    assert Base(5).x == 5
    assert Own().x == 4


def test_every_record_of_the_package_has_the_signature_of_a_dataclass_with_its_fields() -> None:
    found = set()
    for module in pkgutil.walk_packages(symderiv.__path__, "symderiv.", lambda name: None):
        if module.name.endswith(("__main__", "sphinx")):
            continue
        with suppress(ImportError):
            home = importlib.import_module(module.name)
            found |= {c for c in vars(home).values() if isinstance(c, type)}
    ours = [c for c in found if c.__module__.startswith("symderiv") and dataclasses.is_dataclass(c)]
    assert len(ours) > 100
    for cls in ours:
        wanted = sorted(f.name for f in dataclasses.fields(cls) if f.init)
        assert sorted(inspect.signature(cls).parameters) == wanted, cls
        assert {*cls.__match_args__} <= {*wanted}, cls


def test_records_are_pickled() -> None:
    from symderiv.terms.verdict import Strength, Verdict

    verdict = Verdict(Strength.PROVED, sizes=(1, 2))
    assert pickle.loads(pickle.dumps(verdict)) == verdict
