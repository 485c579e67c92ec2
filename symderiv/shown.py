"""Shown: a derivation as a person meets it, able to show itself.

Gives `Shown`, the derivation that the Python face hands out: the same data as
`symderiv.derivation.Derivation`, with its page as text and LaTeX, its answer as ordinary SymPy
and, in a notebook, itself as mathematics.

Floor 5: imports documents, and NumPy source when a function is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from sympy import Expr

from symderiv.derivation import Derivation
from symderiv.documents import Setting, write
from symderiv.documents.presentation import present
from symderiv.printers.text import text
from symderiv.terms import release


class Shown(Derivation):
    """A derivation that shows itself.

    >>> import symderiv
    >>> derivation = symderiv.softmax.jacobian()
    >>> derivation.sympy
    (KroneckerDelta(i, j) - p[j])*p[i]
    >>> derivation.steps[-1].identifiers, str(derivation.strength)
    (('common-factor',), 'proved')
    """

    def page(self, target: str = "text", *, detail: str = "textbook", **setting: Any) -> str:
        """The page in one of the formats "text", "latex", "markdown", "github", "typst".

        `setting` as the fields of `symderiv.documents.Setting`: width, ascii, rules, full, …
        """
        return write(present(self, detail=detail), target, Setting(**setting))

    def latex(self, **setting: Any) -> str:
        """The page as a LaTeX fragment that needs amsmath alone."""
        return self.page("latex", **setting)

    @property
    def sympy(self) -> Expr:
        """The answer as ordinary SymPy, in the named quantities."""
        return release(self.answer)

    @property
    def expanded(self) -> Expr:
        """The answer as ordinary SymPy, the named quantities written out."""
        return release(self.problem.unfold(self.answer))

    def function(self) -> Callable[..., Any]:
        """A NumPy function of the answer: its arguments are the given arrays, by their names.

        Index letters are axes; leading axes are a batch; finite at any finite logits.
        """
        from symderiv.emit import numeric_function

        return numeric_function(self)

    def __repr__(self) -> str:
        equation = f"{text(self.statement)} = {text(self.answer)}"
        return f"<{self.name or 'derivation'}: {equation}, {self.strength}>"

    def __str__(self) -> str:
        return self.page("text")

    def _repr_latex_(self) -> str:
        return self.latex()


def shown(derivation: Derivation) -> Shown:
    """The derivation, its lemmas and its cases too, able to show themselves."""
    values = {f.name: getattr(derivation, f.name) for f in fields(Derivation)}
    values["lemmas"] = tuple(shown(lemma) for lemma in derivation.lemmas)
    values["cases"] = tuple(replace(c, derivation=shown(c.derivation)) for c in derivation.cases)
    return Shown(**values)
