"""What tests that only read derivations need derive once in a process.

Gives `answered`, the answers of the catalogue, `derived`, those of a formula, of which functions
are made for one target after another, `emitted`, what its file defines, and `deriving_once`, for
tests of what is asked of a derivation beside it: its page, its file, its options.  `written_once`
gives a text that is made once for all processes of a run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest

import symderiv
from symderiv.derivation import Derivation
from symderiv.derivation.textbook import Textbook
from symderiv.emit.module import functions_of
from symderiv.face.answer import Answer
from symderiv.face.answering import answer_named
from symderiv.face.networks import Gradients
from symderiv.face.source import derivation_source
from symderiv.terms.problem import Problem

WRITTEN = "SYMDERIV_WRITTEN"  # the folder of a run, in the environment


def written_once(name: str, write: Callable[[], str]) -> str:
    """What stands in the file of that name, which the first process to ask for it writes."""
    file = Path(os.environ[WRITTEN], name)
    if not file.exists():
        own = file.with_suffix(f".{os.getpid()}")  # two may come first: each has it whole
        own.write_text(write(), encoding="utf-8")
        own.replace(file)
    return file.read_text(encoding="utf-8")


@cache
def answered(name: str) -> Answer:
    """The answer of a derivation of the catalogue by its name."""
    with deriving_once():
        return answer_named(name)


@cache
def derived(formula: str, wrt: str) -> Answer:
    """The answer of a formula: what is tried of it for one target is tried for all."""
    return symderiv.derive(formula, wrt=tuple(wrt.split(";")))


@cache
def emitted(formula: str, wrt: str, target: str = "numpy") -> dict[str, Any]:
    """What the file of a formula defines, by name: it is made once for all points."""
    return functions_of(derivation_source(derived(formula, wrt), target))


@cache
def backpropagated(network: str) -> Gradients:
    """All gradients of a network."""
    return symderiv.backprop(network)


@contextmanager
def deriving_once() -> Iterator[None]:
    """A problem is derived once, however often it is asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Textbook, "derive", derive_once(Textbook.derive))
        yield


_DERIVED: dict[Hashable, Derivation] = {}


def derive_once(derive: Callable[..., Derivation]) -> Callable[..., Derivation]:
    """`Textbook.derive`, which gives again what it gave for the same problem, route and sizes."""

    @wraps(derive)
    def derived(book: Textbook, name: str = "", title: str = "") -> Derivation:
        key = _whole(book)
        if key not in _DERIVED:
            _DERIVED[key] = derive(book)
        return replace(_DERIVED[key], name=name, title=title)

    return derived


def _whole(book: Textbook) -> Hashable:
    """All that a derivation depends on: all that the problem says, in its order."""
    said = (getattr(book.problem, field.name) for field in fields(Problem))
    problem = tuple(tuple(s.items()) if isinstance(s, Mapping) else s for s in said)
    general = None if book.general is None else _whole(book.general)
    return problem, book.route, tuple(book.sizes.items()), general
