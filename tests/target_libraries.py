"""Libraries that a target's file is tried with: how NumPy's arrays get in and out of each."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from symderiv.catalogue import functions as entries
from symderiv.emit.catalogue import members
from symderiv.emit.targets import TARGETS
from symderiv.emit.translation.function import Function
from symderiv.emit.translation.written import helpers, written


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
def functions() -> dict[str, ast.FunctionDef]:
    """The functions of the catalogue as trees, from which those of targets are made."""
    return {m.name: m.program.tree for entry in entries().values() for m in members(entry)}


def made(trees: list[ast.FunctionDef], target: str) -> dict[str, Any]:
    """What a target's file of some functions defines."""
    chosen = TARGETS[target]
    code: list[ast.stmt] = [Function(f, chosen).plain() for f in trees]
    text = written([*code, *helpers(code, chosen)], [f.name for f in trees], "", chosen)
    names: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, f"<{target}>", "exec"), names)
    return names


@cache
def catalogue(target: str) -> dict[str, Any]:
    """The file of a target with all functions of the catalogue."""
    return made(list(functions().values()), target)


@dataclass
class Arguments:
    """The arguments of a function, as its own lines ask for them."""

    floats: dict[str, list[str]]
    labels: dict[str, tuple[str, list[str]]]
    order: list[str]
    declared: set[str]

    def at(self, kind: str, batch: tuple[int, ...] = ()) -> dict[str, Any]:
        """Arguments at a kind of point: ordinary, tie, zero or large."""
        random, given, sizes = np.random.default_rng(0), dict[str, Any](), dict[str, int]()

        def size(axis: str) -> int:
            return int(axis) if axis.isdigit() else sizes.setdefault(axis, 2 + len(sizes) % 4)

        for name, axes in self.floats.items():
            shape = (*batch, *map(size, axes))
            value = random.normal(size=shape)
            value = {"zero": 0 * value, "tie": 0 * value + 1, "large": 800 * value}.get(kind, value)
            given[name] = (
                random.dirichlet(np.ones(shape[-1]), batch) if name in self.declared else value
            )
        for name, (classes, axes) in self.labels.items():
            if shown := re.fullmatch(r"(\w+)\.shape\[(-\d+)\]", classes):
                classes = self.floats[shown[1]][int(shown[2])]
            given[name] = random.integers(0, size(classes), (*batch, *map(size, axes)))
        return {name: given[name] for name in self.order}


def arguments(tree: ast.FunctionDef) -> Arguments:
    floats: dict[str, list[str]] = {}
    labels: dict[str, tuple[str, list[str]]] = {}
    text = ast.unparse(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("_floats"), [], keywords):
                for k in keywords:
                    assert isinstance(k.value, ast.Tuple)
                    said = k.value.elts[1]
                    assert isinstance(said, ast.Constant)
                    floats[str(k.arg)] = [a for a in str(said.value).split() if a != "..."]
            case ast.Call(ast.Name("_labels"), [ast.Name(y), size, _]):
                shape = re.search(rf"{y}\.shape\[-\d+:\] != \(([\w, ]+),\)", text)
                labels[y] = (ast.unparse(size), re.findall(r"\w+", shape[1]) if shape else [])
    declared = set(re.findall(r"(\w+) must sum to 1", text))
    return Arguments(floats, labels, [a.arg for a in tree.args.args], declared)


def several(results: Any) -> Iterator[Any]:
    yield from results if isinstance(results, tuple | list) else (results,)
