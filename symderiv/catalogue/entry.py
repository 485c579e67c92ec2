"""Entries of the catalogue: what a function is, what it is differentiated by, and to what.

Gives `Function` and `Derivative`, plain text in the formula language: an entry is read when it is
asked for, so listing the catalogue needs no SymPy.

Floor 3: imports nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Derivative:
    """One derivative of a function and the closed form that its derivation must reach.

    kind : "derivative", "gradient", "jacobian" or "hessian"
    wrt : the variables, one after the other (for a vector of functions: the columns)
    closed_form : in the letters of `define` and `wrt` (for a vector: its entries, row by row)
    holds : False for a claim that must be refuted
    exceptions : where the derivative does not exist
    """

    kind: str
    wrt: tuple[str, ...]
    closed_form: str | tuple[str, ...]
    holds: bool = True
    exceptions: str = ""

    @property
    def array(self) -> str:
        """The name of what it is differentiated by: W of W[k,c]."""
        return self.wrt[0].split("[")[0]


@dataclass(frozen=True)
class Function:
    """A function, its assumptions and its derivatives.

    define : stages and function in the formula language (a vector of functions: one text each)
    routes : the ways its derivation can be written, the usual one first
    family, options : the function is what the family's command derives with these options
    aliases : what else people call it
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

    def named(self, derivative: Derivative) -> str:
        """The name of a derivation: softmax-jacobian, cross-entropy-linear-gradient-W."""
        alike = [d for d in self.derivatives if d.kind == derivative.kind and d.holds]
        stem = f"{self.name}-{derivative.kind}"
        return stem if len(alike) < 2 else f"{stem}-{derivative.array}"

    def find(self, kind: str, array: str | None = None) -> Derivative | None:
        """The derivative of that kind (by that array), the first where several are."""
        for derivative in self.derivatives:
            if derivative.holds and derivative.kind == kind and array in (None, derivative.array):
                return derivative
        return None
