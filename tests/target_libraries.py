"""Libraries that a target's file is tried with: how NumPy's arrays get in and out of each."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sympy import Expr

from symderiv.catalogue import functions as entries
from symderiv.emit.catalogue import members
from symderiv.emit.module import functions_of
from symderiv.emit.program import Program
from symderiv.emit.targets import TARGETS
from symderiv.emit.translation.function import Function
from symderiv.emit.translation.written import written
from tests.answered import deriving_once, written_once


@dataclass(frozen=True)
class Library:
    """A library, the target whose file it takes, and what must be installed."""

    name: str
    target: str
    needs: tuple[str, ...]
    put: Callable[[Any], Any]
    get: Callable[[Any], Any] = np.asarray
    run: Callable[[Any], Any] = lambda f: f


def module(name: str) -> Any:
    found = importlib.import_module(name)
    if name == "jax":
        found.config.update("jax_enable_x64", True)
        found.config.update("jax_disable_most_optimizations", True)  # compiling takes the time
    return found


def lazily(value: Any) -> Any:
    """A lazy array, its first axis in chunks of one."""
    chunks = tuple(1 if n == 0 else -1 for n in range(np.ndim(value)))
    return module("dask.array").from_array(np.asarray(value), chunks=chunks)


def torch(value: Any) -> Any:
    return module("torch").asarray(value)


def jax(value: Any) -> Any:
    return module("jax").numpy.asarray(value)


def strict(value: Any) -> Any:
    return module("array_api_strict").asarray(value)


def jitted(function: Any) -> Any:
    return module("jax").jit(function)


LIBRARIES = (
    Library("numpy", "array-api", (), np.asarray),
    Library("strict", "array-api", ("array_api_strict",), strict),
    Library("torch by the standard", "array-api", ("torch", "array_api_compat"), torch),
    Library("jax by the standard, jitted", "array-api", ("jax",), jax, run=jitted),
    Library("dask", "array-api", ("dask", "array_api_compat"), lazily),
    Library("torch", "torch", ("torch",), torch),
    Library("jax, jitted", "jax", ("jax",), jax, run=jitted),
)


@cache
def of_entry(name: str) -> dict[str, Program]:
    """The functions of one entry of the catalogue."""
    with deriving_once():
        return {m.name: m.program for m in members(entries()[name])}


@cache
def functions() -> dict[str, Program]:
    """The functions of the catalogue, which are written for every target."""
    return {name: made for entry in entries() for name, made in of_entry(entry).items()}


def source(programs: list[Program], target: str) -> str:
    """A target's file of some functions."""
    chosen = TARGETS[target]
    code: list[ast.stmt] = [Function(p, chosen).plain() for p in programs]
    return written(code, [p.name for p in programs], "", chosen)


@cache
def catalogue(target: str) -> dict[str, Any]:
    """The file of a target with all functions of the catalogue."""
    every = written_once(f"{target}.py", lambda: source([*functions().values()], target))
    return functions_of(every)


@dataclass
class Arguments:
    """Arguments of a function, as it asks for them."""

    program: Program

    @property
    def declared(self) -> set[str]:
        """Those that sum to 1."""
        return {name for name, *_ in self.program.arguments.sums}

    def at(self, kind: str, batch: tuple[int, ...] = ()) -> dict[str, Any]:
        """Arguments at a kind of point: ordinary, tie, zero or large."""
        asked = self.program.arguments
        random, given, sizes = np.random.default_rng(0), dict[str, Any](), dict[str, int]()

        def size(axis: Expr) -> int:
            return int(axis) if axis.is_Integer else sizes.setdefault(str(axis), 2 + len(sizes) % 4)

        for name, axes in asked.floats.items():
            shape = (*batch, *map(size, axes))
            value = random.normal(size=shape)
            value = {"zero": 0 * value, "tie": 0 * value + 1, "large": 800 * value}.get(kind, value)
            given[name] = (
                random.dirichlet(np.ones(shape[-1]), batch) if name in self.declared else value
            )
        for name, axes in asked.labels.items():
            classes = size(asked.classes[name])
            given[name] = random.integers(0, classes, (*batch, *map(size, axes)))
        return {name: given[name] for name in self.program.inputs}


@cache
def slopes_by_jax(function: Callable[..., Any]) -> Callable[..., list[Any]]:
    """Value, gradient and Hessian by the first argument, this forward and reverse: one program."""
    jax = module("jax")
    first = jax.grad(function)
    every = function, first, jax.hessian(function), jax.jacrev(first)
    made: Callable[..., list[Any]] = jax.jit(lambda *at: [f(*at) for f in every])
    return made


def several(results: Any) -> Iterator[Any]:
    yield from results if isinstance(results, tuple | list) else (results,)
