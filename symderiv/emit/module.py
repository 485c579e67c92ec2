"""Modules: `symderiv/functions.py`, and self-contained files for somebody else's project.

Gives `functions_module` (all functions of the catalogue, on top of `symderiv.numeric`), `programs`
(what is written of some entries) and `standalone` (a file that imports NumPy alone: the source of
the numerical functions it needs is copied in, each under a leading underscore, which no name of a
user's can clash with).
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from symderiv.catalogue import Function, functions
from symderiv.emit.catalogue import Wanted, wanted
from symderiv.emit.docstrings import docstring
from symderiv.emit.program import Program

HEADER = '''"""Functions and their derivatives, accurate to the last digits and fast: NumPy only.

Generated from the derivations of the catalogue by `make functions`; not to be edited.  Each
function's docstring has its formula, shapes, errors and accuracy.  Common to all: leading axes
are a batch and broadcast; float32 stays float32 and integers are taken as float64; inputs are
never changed, unless `out=`, an array for the result, is one of them; legal input gives no
warning, and nan only where the input has one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv import numeric

'''

PRODUCTS = ("jvp", "vjp", "hvp")
ALIASES = {"jacobian_entry": "softmax_jacobian_entry"}


def programs(
    entries: Iterable[Function], only: Sequence[str] = ()
) -> Iterator[tuple[Wanted, Program]]:
    """What is written of some entries; `only` names parts ("gradient", "hessian", …)."""
    asked = [(entry, w) for entry in entries for w in wanted(entry)]
    products = {w.name for _, w in asked if w.part in PRODUCTS}
    for entry, w in asked:
        if w.part not in PRODUCTS and w.name in products:
            continue  # an entry of its own for what is another's product
        if only and w.part not in only and w.name not in only:
            continue
        program = Program(
            w.name, w.problem, w.results, w.axes, entry=w.part == "entry", columns=w.columns
        )
        program.doc = docstring(w, program, verified=entry in functions().values())
        yield w, program


def functions_module() -> str:
    """The source of `symderiv/functions.py`."""
    made = list(programs(functions().values()))
    names = sorted([*(w.name for w, _ in made), *ALIASES])
    listed = "".join(f'    "{name}",\n' for name in names)
    parts = [f"{HEADER}__all__ = [\n{listed}]\n", *(program.source() for _, program in made)]
    parts.append("\n".join(f"{alias} = {name}" for alias, name in ALIASES.items()) + "\n")
    return "\n\n".join(parts)


def standalone(sources: Sequence[str], about: str) -> str:
    """A file of functions that imports NumPy alone; `about` is its docstring."""
    body = "\n\n".join(sources)
    tree = ast.parse(body)
    asked = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "numeric"
    }
    copied = _needed(asked)
    for name in sorted(asked, key=len, reverse=True):
        body = _replaced(body, name)
    lines = [
        f'"""{about}"""', "", "from __future__ import annotations", "", *_imports(copied), "",
        "import numpy as np", "from numpy.typing import NDArray", "",
    ]  # fmt: skip
    names = [f'"{n.name}"' for n in tree.body if isinstance(n, ast.FunctionDef)]
    listed = "\n".join(
        textwrap.wrap(", ".join(names), 92, initial_indent="    ", subsequent_indent="    ")
    )
    lines += [f"__all__ = [\n{listed},\n]", "", "Array = NDArray[Any]", ""]
    text = "\n".join(lines) + "\n\n" + body + "\n\n# What these functions stand on.\n\n\n"
    return text + "\n\n\n".join(source.strip("\n") for source in copied) + "\n"


def _imports(copied: Iterable[str]) -> list[str]:
    """What of the standard library the copied sources use, imported as it is where they stood."""
    used = {token for source in copied for token in re.findall(r"\w+", source)} | {"Any"}
    found: set[str] = set()
    for path in _sources():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            match node:
                case ast.Import(names=[ast.alias(name=name)]) if name in used - {"numpy"}:
                    found.add(ast.unparse(node))
                case ast.ImportFrom(module=str(module), names=names) if not module.startswith(
                    ("numpy", "symderiv", "__future__")
                ):
                    asked = ", ".join(a.name for a in names if a.name in used)
                    found |= {f"from {module} import {asked}"} if asked else set()
    return sorted(found, key=lambda line: (line.startswith("from"), line))


def _replaced(body: str, name: str) -> str:
    """`numeric.name` under its copied name."""
    return re.sub(rf"\bnumeric\.{name}\b", f"_{name.lstrip('_')}", body)


@dataclass(frozen=True)
class Piece:
    """A definition at the top level of a module of `symderiv.numeric`."""

    name: str
    source: str
    needs: frozenset[str]


def _sources() -> list[Path]:
    """The files of `symderiv.numeric` that are NumPy's alone."""
    from symderiv import numeric

    files = Path(numeric.__file__).parent.glob("*.py")
    return sorted(path for path in files if path.stem not in ("compiled", "kernels"))


@cache
def _pieces() -> dict[str, Piece]:
    """All definitions of `symderiv.numeric` by name."""
    found: dict[str, Piece] = {}
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        for node in ast.parse(text).body:
            match node:
                case ast.FunctionDef() | ast.ClassDef():
                    name = node.name
                case ast.Assign(targets=[ast.Name(id=name)]) if name not in ("Array", "__all__"):
                    pass
                case _:
                    continue
            source = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            if isinstance(node, ast.FunctionDef):
                node.decorator_list = []  # what is written runs as it stands
            used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            found[name] = Piece(name, source, frozenset(used - {name}))
    if clash := {f"_{name}" for name in found} & found.keys():
        raise ValueError(f"copied names would clash: {', '.join(sorted(clash))}")
    return found


def _needed(asked: Iterable[str]) -> list[str]:
    """The sources of some definitions and of all that they need, under their copied names."""
    pieces = _pieces()
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in order or name not in pieces:
            return
        order[name] = None
        for other in sorted(pieces[name].needs):
            visit(other)

    for name in sorted(asked):
        visit(name)
    constants = [n for n in order if not pieces[n].source.startswith(("def ", "class ", "@"))]
    rest = [n for n in order if n not in constants]
    return [_hidden(pieces[n].source, frozenset(order)) for n in (*constants, *rest)]


def _hidden(source: str, names: frozenset[str]) -> str:
    """Source in which the names that are copied start with an underscore, its layout kept."""
    lines = source.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for n in range(len(tokens) - 1, -1, -1):
        token = tokens[n]
        attribute = n > 0 and tokens[n - 1].string == "."
        if token.type == tokenize.NAME and token.string in names and not attribute:
            row, start = token.start
            line = lines[row - 1]
            if not token.string.startswith("_"):
                lines[row - 1] = f"{line[:start]}_{line[start:]}"
    return "\n".join(lines)
