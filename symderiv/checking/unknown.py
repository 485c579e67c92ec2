r"""Unknown functions: what stands for a function of which a text says no more than its arguments.

Gives `opaque` (a sum of slopes times arguments, which its first derivatives cannot tell from it),
`functions_in` (names that are only ever applied) and `derivatives` of a body.

Imports stages and the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

import sympy

from symderiv.checking.stages import Stage, written
from symderiv.reader import ReadError, formula, tree
from symderiv.reader.latex.names import GREEK
from symderiv.reader.latex.tokens import Token
from symderiv.reader.reading import read_sides
from symderiv.terms import hold, release

_SPARE = "abcdefghopqrstuvw"


def opaque(name: str, arguments: Sequence[str], ranks: Mapping[str, int]) -> Stage:
    """An unknown function, as its first derivatives know it: a sum of slopes times arguments."""
    total: ast.expr | None = None
    own = [tree.name(f"{x}_", 0) for x in _SPARE[: ranks.get(name, 0)]]
    for argument in arguments:
        letters = [tree.name(f"{x}1", 0) for x in _SPARE[: ranks.get(argument, 0)]]
        slope: ast.expr = tree.name(f"d{name}_d{argument}", 0)
        value: ast.expr = tree.name(argument, 0)
        if own or letters:
            slope = tree.component(slope, [*own, *letters], 0)
        if letters:
            value = tree.component(value, letters, 0)
        term: ast.expr = tree.times(slope, value)
        if letters:
            term = tree.call("sum", [term, *letters], 0)
        total = term if total is None else tree.plus(total, term)
    assert total is not None
    return Stage(name, tuple(x.id for x in own), total)


def functions_in(everything: Sequence[Token]) -> frozenset[str]:
    """The names that are only ever applied, f(x) and f'(x): functions, if nothing defines them.

    They are one letter or Greek, h or h_theta, and stand with a prime or before one name in
    brackets.
    """
    applied: set[str] = set()
    alone: set[str] = set()
    for n, token in enumerate(everything):
        name = token.text if token.kind == "letter" else GREEK.get(token.text, "")
        if not name or (token.kind == "command" and name == "sigma"):
            continue
        rest = everything[n + 1 : n + 12]
        sign, below = [*(t.text for t in rest[:2]), "", ""][:2]
        if sign == "_" and below in ("theta", "phi", "psi"):
            name, rest = f"{name}_{below}", rest[2:]  # h_theta(x), of its parameters
        primes = 0
        while primes < len(rest) and rest[primes].text == "'":
            primes += 1
        inner = [t.text for t in rest[primes : primes + 3]]
        one = len(inner) == 3 and inner[0] == "(" and inner[2] == ")"
        lowered = [t.text for t in rest[primes + 2 : primes + 5]]
        indexed = inner[:1] == ["("] and lowered[:1] == ["_"] and lowered[2:] == [")"]
        if inner[:1] == ["("] and (primes or one or indexed):
            applied.add(name)
        elif inner[:1] != ["("]:
            alone.add(name)
    return frozenset(applied - alone)


def derivatives(body: ast.expr, parameter: str) -> Iterator[ast.expr]:
    """The first and second derivative of a body by its parameter, as SymPy has them."""
    try:
        _, (term,) = read_sides("", [written(body)])
        slope = release(term).doit()
        for _ in range(2):
            slope = sympy.diff(slope, sympy.Symbol(parameter))
            yield ast.parse(formula(hold(slope)), mode="eval").body
    except (ReadError, ValueError, TypeError, AttributeError, SyntaxError, NotImplementedError):
        return
