"""Gradients: the backpropagation of a network as a person meets it, able to show itself.

Gives `backprop` and `Gradients`, which it hands out: all gradients of a loss with the adjoints and
lemmas that they rest on, as a page, as plain data, and as a NumPy function.

Floor 5: imports documents and programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from symderiv import catalogue
from symderiv.derivation.accepted import accepted
from symderiv.derivation.network import (
    Adjoint,
    Backpropagation,
    Lemma,
    as_it_is,
    backpropagation,
)
from symderiv.derivation.network.trial import Trial, try_out
from symderiv.documents.blocks import Page
from symderiv.documents.networks import chapter
from symderiv.documents.setting import Setting
from symderiv.face.answering import renamings
from symderiv.face.claimed import Claimed, as_accepted, claims, sides
from symderiv.face.closed import Closed, closed_forms
from symderiv.face.heard import heard_network
from symderiv.face.notebook import Shows
from symderiv.face.request import NetworkRequest
from symderiv.matrices import Form, line_forms
from symderiv.patience import limited
from symderiv.printers.latex import latex
from symderiv.printers.text import text
from symderiv.programs import checked_source, compiled
from symderiv.reader import formula, read, understand
from symderiv.serialisation.networks import network_data
from symderiv.terms.aliases import without_aliases
from symderiv.terms.pickled import Pickled
from symderiv.terms.renaming import parted, renamed
from symderiv.terms.verdict import Strength

SCHEMA = "symderiv.backpropagation/2"


class Gradients(Shows, Pickled):
    """All gradients of a network, each line of them judged.

    Attributes
    ----------
    gradients : by the name of the array (or number, or stage) differentiated by
    adjoints : of the stages, by name, from the loss backwards
    lemmas : one for each edge of the graph; `like` is set where it cites another
    trial : the check of the whole at a small size
    claims : what adjoints and gradients are said to be, judged
    closed : the gradients with their adjoints written out, by name, but for one that would fill
        pages; None where nobody asked for them
    """

    def __init__(
        self,
        made: Backpropagation,
        trial: Trial,
        claims: tuple[Claimed, ...] = (),
        closed: Mapping[str, Closed] | None = None,
    ) -> None:
        self.made, self.trial, self.claims = made, trial, claims
        self.closed = closed

    @property
    def gradients(self) -> Mapping[str, Adjoint]:
        return self.made.gradients

    @property
    def adjoints(self) -> Mapping[str, Adjoint]:
        return self.made.adjoints

    @cached_property
    def matrices(self) -> Mapping[str, Form]:
        """The adjoints and gradients that have a form in matrix notation, by name, judged."""
        return line_forms(self.made, catalogue.library())

    @property
    def lemmas(self) -> tuple[Lemma, ...]:
        return self.made.lemmas

    @property
    def strength(self) -> Strength:
        """That of the weakest lemma, or claim."""
        claimed = [c.claim.verdict.strength for c in self.claims]
        claimed += [c.verdict.strength for c in (self.closed or {}).values()]
        return min([self.made.strength, *claimed])

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know: stages that nobody uses, gradients that are 0."""
        unused = self.made.network.unused
        more = f" and {len(unused) - 8} more" if len(unused) > 8 else ""
        word = "stage" if len(unused) == 1 else "stages"
        said = [f"the loss does not use the {word} {', '.join(unused[:8])}{more}"]
        long = [] if self.closed is None else [n for n in self.gradients if n not in self.closed]
        too_long = [f"the closed form of the gradient by {n} is too long to show" for n in long]
        zero = [
            f"the loss does not depend on {n}: its gradient is 0"
            for n, gradient in self.gradients.items()
            if not gradient.lemmas
        ]
        return (*(said if unused else ()), *too_long, *zero)

    def chapter(self, setting: Setting | None = None, command: str = "") -> Page:
        """The chapter that `page` writes."""
        said = [(c.left, c.claim) for c in self.claims]
        closed = (self.closed or {}).values()
        written = [(c.line, c.term, c.verdict.strength, c.how) for c in closed]
        setting = setting or Setting()
        return chapter(self.made, self.trial, setting, said, written, command=command)

    def shown_page(self, setting: Setting) -> Page:
        return self.chapter(setting)

    def emit(self, *, target: str = "numpy") -> str:
        """A file with `value_and_gradients`, run and checked first: `target`, and what is raised
        where a line is not proved or the program fails its check, as of `Answer.emit`.
        """
        self.made.trusted()
        return checked_source(self.made, target)

    def function(self, *, target: str = "numpy") -> Callable[..., Any]:
        """`value_and_gradients` of the given arrays, numbers and labels (from 0) by name.

        It returns the value and a dict of gradients; `__source__` holds the file.
        """
        return compiled(self.emit(target=target))

    def data(self) -> dict[str, Any]:
        """The whole as plain data, for JSON and for whoever checks it again."""
        return {
            "schema": SCHEMA,
            **network_data(self.made, self.matrices),
            "warnings": list(self.warnings),
            "claims": [_claim(c) for c in self.claims],
            **({} if self.closed is None else {"closed": _closed(self.closed)}),
            "strength": str(self.strength),
            "trial": {
                "sizes": dict(self.trial.sizes),
                "points": self.trial.points,
                "difference": self.trial.difference,
            },
        }

    def __repr__(self) -> str:
        return f"<gradients by {', '.join(self.gradients)}: {self.strength}>"


def _claim(claimed: Claimed) -> dict[str, Any]:
    verdict = claimed.claim.verdict
    found = verdict.counterexample
    return {
        "of": formula(claimed.left),
        "formula": formula(claimed.claim.term),
        "text": text(claimed.claim.term),
        "strength": str(verdict.strength),
        "note": verdict.note,
        "counterexample": None if found is None else str(found),
    }


def _closed(found: Mapping[str, Closed]) -> dict[str, Any]:
    return {
        name: {
            "formula": formula(c.term),
            "text": text(c.term),
            "latex": latex(c.term),
            "kept": list(c.kept),
            "strength": str(c.verdict.strength),
            "note": c.verdict.note,
        }
        for name, c in found.items()
    }


def backprop(request: NetworkRequest) -> Gradients:
    """All gradients of a network.

    Raises
    ------
    Mistake
        for names that are not there, or a network without one loss; `ReadError`, one of its kind,
        for what is not in the formula language.
    Unanswered
        where a lemma cannot be derived, the whole fails its trial at a small size, or time is over.
    """
    with limited(request.timeout):
        return _gradients(request)


def _plainly(claim: str, request: NetworkRequest) -> str:
    """A claim in LaTeX in the formula language, each side read as a claim."""
    if not set(claim) & set("\\{}"):
        return claim
    read = (
        understand(request.network, (), (), side, macros=request.macros).claim
        for side in sides(claim)
        if side not in ("", "=")
    )
    return " = ".join(map(str, read))


def _gradients(request: NetworkRequest) -> Gradients:
    library = catalogue.library()
    said = heard_network(request)
    with said.blaming():
        problem = without_aliases(read(said.formula, assume=said.assume, library=library))
    symbols, faces = renamings(request.symbols or {})
    kept = {name: face for name, face in said.drawn.items() if name not in symbols}
    problem = replace(problem, drawn={**kept, **faces})
    own, others = parted(problem, symbols)
    made = backpropagation(
        renamed(problem, own),
        request.variables,
        request.left_out,
        request.loss,
        others,
        accepted if request.accept == "numeric" else as_it_is,
    )
    trial = try_out(made)
    texts = [_plainly(text, request) for text in request.claims]
    found = claims(made, texts, request.variables)
    if request.accept == "numeric":
        found = tuple(as_accepted(c) for c in found)
    closed = {c.line.of: c for c in closed_forms(made)} if request.unfold else None
    return Gradients(made, trial, found, closed)
