"""Rows: a function of rows that is worked out for some of them at a time.

    y = f(x)  ->  y[:n] = f(x[:n]), y[n:2n] = f(x[n:2n]), …

What is made between has the size of a few rows then: it stays in the cache, where that of a whole
large array is new memory each time, which costs more than the operations on it.

Gives `by_rows`, which writes a body so where it makes such arrays, and `followed`.  Products of
matrices are left whole, as thin ones are slow.

Imports the standard library, lines and parted.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from symderiv.emit.lines import called, names, targets
from symderiv.emit.targets.parted import Parted

PRODUCTS = frozenset({"einsum", "matvec", "matmul", "solve", "inv", "det", "slogdet"})


def followed(parted: Parted, results: Sequence[ast.expr]) -> str | None:
    """An input that each of some results follows, of the most axes; None where there is none."""
    code = [*parted.whole.lines, *parted.whole.results]
    if not parted.ranks or any(_is_product(n) for part in code for n in ast.walk(part)):
        return None
    behind: dict[str, set[str]] = {n: {n} for n in parted.inputs}
    for line in parted.forward:
        read = [behind[n] for n in names(line) if n in behind]
        for name in targets(line):
            behind[name] = behind.get(name, set()).union(*read)
    each = [set[str]().union(*(behind.get(n, set()) for n in names(r))) for r in results]
    common = set(parted.inputs).intersection(*each)
    return max(
        (n for n in parted.inputs if n in common), key=parted.ranks.__getitem__, default=None
    )


def by_rows(
    body: Sequence[ast.stmt], parted: Parted, arrays: Sequence[str], lead: str, slopes: bool
) -> list[ast.stmt]:
    """A body that ends in its return, for some rows of these arrays at a time.

    `slopes` : does it return the slopes by the inputs, and not a row for each?
    """
    ranks = [parted.ranks[n] for n in arrays if n in parted.ranks]
    handed = f"{ranks}, {[*arrays].index(lead)}, {slopes}, {', '.join(arrays)}"
    text = f"def _lines({', '.join(arrays)}):\n    pass\nreturn _in_rows(_lines, {handed})"
    inner, applied = ast.parse(text).body
    assert isinstance(inner, ast.FunctionDef)
    inner.body = [*body]
    return [inner, applied]


def _is_product(code: ast.AST) -> bool:
    return isinstance(code, ast.MatMult | ast.For) or called(code) in PRODUCTS
