"""Entries of the catalogue: what a function is, what it is differentiated by, and to what.

Gives `Function` and `Derivative`, plain text in the formula language: an entry is read when it is
asked for, so listing the catalogue needs no SymPy.

Floor 3: imports mistakes only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from symderiv.mistakes import Mistake
from symderiv.records import dataclass


@dataclass(frozen=True)
class Derivative:
    """One derivative of a function and the closed form that its derivation must reach.

    kind : "derivative", "gradient", "jacobian" or "hessian"
    wrt : the variables, one after the other (for a vector of functions: the columns)
    closed_form : in the letters of `define` and `wrt` (for a vector: its entries, row by row)
    holds : False for a claim that must be refuted
    """

    kind: str
    wrt: tuple[str, ...]
    closed_form: str | tuple[str, ...]
    holds: bool = True

    def __post_init__(self) -> None:
        _check(self, "kind", str)
        _check(self, "wrt", tuple, str)
        if isinstance(self.closed_form, tuple):
            _check(self, "closed_form", tuple, str)
        else:
            _check(self, "closed_form", str)

    @property
    def array(self) -> str:
        """The name of what it is differentiated by: W of W[k,c]."""
        return self.wrt[0].split("[")[0]


@dataclass(frozen=True)
class Function:
    """A function, its assumptions and its derivatives.

    titles : what it is called in other languages, by language
    define : stages and function in the formula language (a vector of functions: one text each)
    routes : the ways its derivation can be written, the usual one first
    family, options : the function is what the family's command derives with these options
    aliases : what else people call it

    Raises
    ------
    Mistake
        for a field that is not what it should be: a bare string where several are wanted.
    """

    name: str
    title: str
    define: str | tuple[str, ...]
    derivatives: tuple[Derivative, ...]
    assume: tuple[str, ...] = ()
    routes: tuple[str, ...] = ("quotient",)
    family: str = ""
    options: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("name", "title", "family"):
            _check(self, name, str)
        _check(self, "define", *((tuple, str) if isinstance(self.define, tuple) else (str,)))
        _check(self, "derivatives", tuple, Derivative)
        for name in ("assume", "routes", "options", "aliases"):
            _check(self, name, tuple, str)

    @property
    def called(self) -> str:
        """Its title as it stands within a sentence: "the gradient of log-sum-exp"."""
        first, *rest = self.title.split(" ")
        first = first if any(map(str.isupper, first[1:])) else first[:1].lower() + first[1:]
        return " ".join((first, *rest))

    def named(self, derivative: Derivative) -> str:
        """The name of a derivation: softmax-jacobian, cross-entropy-linear-gradient-W."""
        alike = [d for d in self.derivatives if d.kind == derivative.kind and d.holds]
        stem = f"{self.name}-{derivative.kind}"
        return stem if len(alike) < 2 else f"{stem}-{derivative.array}"


def _check(entry: Function | Derivative, name: str, kind: type, of: type = object) -> None:
    """Refuse a field that is no string, or no tuple of what it should hold."""
    value: Any = getattr(entry, name)
    if kind is str and not isinstance(value, str):
        raise Mistake(f"{name} is {value!r}; a text is wanted")
    if kind is str or (isinstance(value, tuple) and all(isinstance(v, of) for v in value)):
        return
    what = "texts" if of is str else "derivatives, Derivative(...)"
    hint = f"; of one, write ({value!r},)" if isinstance(value, of) else ""
    raise Mistake(f"{name} is {value!r}; a tuple of {what} is wanted{hint}")
