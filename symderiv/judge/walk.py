"""The walk: what each head of a term asks of the walk that brings terms to normal form.

Gives `Walk`, which `lines.Lines` is.  Imports floor 0, atoms, forms and indices.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from sympy import Expr
from sympy.core.basic import Basic

from symderiv.judge.atoms import Form, Range
from symderiv.judge.forms import Ring
from symderiv.judge.indices import Index
from symderiv.terms.problem import Problem


class Walk(Protocol):
    """Normal forms of the terms of one problem."""

    problem: Problem
    ring: Ring

    def form(self, term: Basic) -> Form: ...

    def index(self, term: Basic) -> Index: ...

    def bound(self, term: Any) -> tuple[Form, dict[str, Range]]: ...

    def apart(self, deltas: frozenset[int]) -> AbstractContextManager[frozenset[int]]: ...

    def stage(self, name: str, indices: tuple[Index, ...]) -> Form: ...

    def partial(self, body: Expr, variable: Basic) -> Form: ...
