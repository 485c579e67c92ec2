"""Answers: a derivation as a person meets it, able to show itself.

Gives `Answer`: a derivation with its page as text and LaTeX, its last line as ordinary SymPy and,
in a notebook, itself as mathematics.

Floor 5: imports documents, and source when a function is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Expr

from symderiv import late
from symderiv.derivation import Claim, Derivation, Step
from symderiv.documents.setting import Setting
from symderiv.face.notebook import ShownClaim, ShownStep, Shows
from symderiv.face.symbols import Symbols
from symderiv.records import dataclass
from symderiv.terms import release

if TYPE_CHECKING:
    from symderiv.documents import presentation
    from symderiv.documents.blocks import Page
    from symderiv.face import source
else:
    source = late.module("symderiv.face.source")
    presentation = late.module("symderiv.documents.presentation")


_OF_A_DERIVATION = tuple(f.name for f in fields(Derivation))


@dataclass(frozen=True, eq=False, repr=False)
class Answer(Shows, Derivation):
    """A derivation that shows itself, as its steps, lemmas, cases and claim do.

    >>> import symderiv
    >>> answer = symderiv.softmax.jacobian()
    >>> answer.sympy
    (KroneckerDelta(i, j) - p[j])*p[i]
    >>> answer.steps[-1].identifiers, str(answer.strength)
    (('common-factor',), 'proved')

    Attributes
    ----------
    outside : the caller's own symbols, where the formula was given as SymPy
    """

    outside: Symbols = field(default_factory=Symbols)

    def shown_page(self, setting: Setting) -> Page:
        """The whole page."""
        return presentation.present(self, setting)

    @cached_property
    def sympy(self) -> Expr:
        """The answer as ordinary SymPy, in the named quantities and the caller's own symbols.

        Who asked in SymPy has named no quantities, and is answered in what was given.
        """
        return self.expanded if self.outside.own else self.outside.back(release(self.answer))

    @cached_property
    def expanded(self) -> Expr:
        """The answer as ordinary SymPy, the named quantities written out."""
        return self.outside.back(release(self.problem.unfold(self.answer)))

    def function(self, *, target: str = "numpy") -> Callable[..., Any]:
        """A function of the answer: its arguments are the given arrays, by their names.

        Index letters are axes; leading axes are a batch; finite at any finite logits.  Its
        docstring says what it computes, `__source__` how.  It is held against exact values first,
        as a file is: once, in some tenths of a second.

        Parameters
        ----------
        target : of which arrays: "numpy", "array-api", "torch" or "jax"

        Raises
        ------
        Mistake
            for an unknown target, or a term that has no form in it.
        Unanswered
            where a line of the derivation is not proved, or the function is not the formula's.
        """
        if target not in self._made:
            self._made[target] = source.derivation_function(self, target)
        return self._made[target]

    def emit(self, *, target: str = "numpy") -> str:
        """A file with the function, its derivative and both at once; run and checked first.

        Parameters
        ----------
        target : for which arrays: "numpy", "array-api", "torch" or "jax"

        Raises
        ------
        Mistake, Unanswered
            as `function` does.
        """
        return source.derivation_source(self, target)

    @cached_property
    def _made(self) -> dict[str, Callable[..., Any]]:
        """The functions that were asked for, by target."""
        return {}


def shown(derivation: Derivation, outside: Symbols | None = None) -> Answer:
    """The derivation, its steps, lemmas, cases and claim too, able to show themselves."""
    outside = outside or Symbols()
    values = {name: getattr(derivation, name) for name in _OF_A_DERIVATION}
    values["lemmas"] = tuple(shown(lemma, outside) for lemma in derivation.lemmas)
    values["cases"] = tuple(
        replace(c, derivation=shown(c.derivation, outside)) for c in derivation.cases
    )
    values["steps"] = tuple(_shown(ShownStep, step, derivation) for step in derivation.steps)
    if derivation.claim is not None:
        values["claim"] = _shown(ShownClaim, derivation.claim, derivation)
    return Answer(**values, outside=outside)


def _shown(kind: type[Any], part: Step | Claim, derivation: Derivation) -> Any:
    """A part of the derivation as one that shows itself."""
    return kind(**{**vars(part), "derivation": derivation})
