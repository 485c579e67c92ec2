"""Pickling: how a record is stored with every term in it as it was written.

Gives `reduced`, what makes a record again.  A head of SymPy's own is loaded by being called, which
works out what the page leaves: log e^x would be x, and Σ a would be Σ 1 a.

Floor 0: imports the makers of heads.
"""

from __future__ import annotations

import copyreg
import io
import pickle
from functools import cached_property
from typing import Any

import sympy
from sympy import Function, KroneckerDelta, Product, Sum
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.terms.makers import function_of, with_limits

_HEADS = (Sum, Product, KroneckerDelta, Relational, sympy.Max, sympy.Min, Function)


def reduced(record: object, kind: type) -> tuple[Any, ...]:
    """What Python is to call to have a record again; records of that kind may stand within it."""
    stored = io.BytesIO()
    _Pickler(stored, kind).dump(record)
    return pickle.loads, (stored.getvalue(),)


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, kind: type) -> None:
        super().__init__(file)
        self.kind = kind

    def reducer_override(self, record: Any) -> Any:
        if isinstance(record, self.kind):
            return copyreg.__newobj__, (type(record),), _stated(record)  # type: ignore[attr-defined]
        if isinstance(record, _HEADS):
            return _as_written, (type(record), record.args)
        return NotImplemented


def _stated(record: object) -> dict[str, Any]:
    """What a record was made of; what it has worked out since, functions too, is made anew."""
    kind = type(record)
    return {
        name: value
        for name, value in vars(record).items()
        if not isinstance(getattr(kind, name, None), cached_property)
    }


def _as_written(head: type[Basic], args: tuple[Basic, ...]) -> Basic:
    if issubclass(head, Sum | Product):
        return with_limits(head, *args)
    if issubclass(head, KroneckerDelta | Relational):
        return Basic.__new__(head, *args)
    return function_of(head, *args)
