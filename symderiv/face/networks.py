"""Gradients: the backpropagation of a network as a person meets it, able to show itself.

Gives `backprop` and `Gradients`, which it hands out: all gradients of a loss with the adjoints and
lemmas that they rest on, as a page, as plain data, and as a NumPy function.

Floor 5: imports documents and programs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from symderiv import catalogue
from symderiv.derivation.network import Adjoint, Backpropagation, Lemma, backpropagation
from symderiv.derivation.network.trial import Trial, try_out
from symderiv.documents.blocks import Page
from symderiv.documents.networks import chapter
from symderiv.documents.setting import Setting
from symderiv.documents.targets import write
from symderiv.printers.latex import latex
from symderiv.printers.text import text
from symderiv.programs import checked_source, compiled
from symderiv.reader import formula, read, understand
from symderiv.serialisation import as_data
from symderiv.terms import D
from symderiv.terms.aliases import without_aliases
from symderiv.terms.verdict import Strength

SCHEMA = "symderiv.backpropagation/1"


class Gradients:
    """All gradients of a network, each line of them judged.

    Attributes
    ----------
    gradients : by the name of the array (or number, or stage) differentiated by
    adjoints : of the stages, by name, from the loss backwards
    lemmas : one for each edge of the graph; `like` is set where it cites another
    trial : the check of the whole at a small size
    """

    def __init__(self, made: Backpropagation, trial: Trial) -> None:
        self.made, self.trial = made, trial

    @property
    def gradients(self) -> Mapping[str, Adjoint]:
        return self.made.gradients

    @property
    def adjoints(self) -> Mapping[str, Adjoint]:
        return self.made.adjoints

    @property
    def lemmas(self) -> tuple[Lemma, ...]:
        return self.made.lemmas

    @property
    def strength(self) -> Strength:
        """That of the weakest lemma."""
        return self.made.strength

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know: stages that nobody uses, gradients that are 0."""
        unused = self.made.network.unused
        more = f" and {len(unused) - 8} more" if len(unused) > 8 else ""
        word = "stage" if len(unused) == 1 else "stages"
        said = [f"the loss does not use the {word} {', '.join(unused[:8])}{more}"]
        zero = [
            f"the loss does not depend on {n}: its gradient is 0"
            for n, gradient in self.gradients.items()
            if not gradient.lemmas
        ]
        return (*(said if unused else ()), *zero)

    def chapter(self, setting: Setting | None = None, command: str = "") -> Page:
        """The chapter that `page` writes."""
        return chapter(self.made, self.trial, setting or Setting(), command=command)

    def page(self, target: str = "text", **setting: Any) -> str:
        """The chapter in one of the formats "text", "latex", "markdown", "github", "typst".

        `setting` as the fields of `symderiv.documents.setting.Setting`: detail, width, ascii, …
        """
        chosen = Setting.of(setting)
        return write(self.chapter(chosen), target, chosen)

    def latex(self, **setting: Any) -> str:
        """The chapter as a LaTeX fragment that needs amsmath alone; `setting` as for `page`."""
        return self.page("latex", **setting)

    def emit(self, about: str = "", *, target: str = "numpy") -> str:
        """A file with `value_and_gradients`, which imports NumPy alone; run and checked first.

        Parameters
        ----------
        target : for which arrays: "numpy", "array-api", "torch" or "jax"
        """
        return checked_source(self.made, about, target)

    def function(self, *, target: str = "numpy") -> Callable[..., Any]:
        """`value_and_gradients` of the given arrays, numbers and labels (from 0) by name.

        It returns the value and a dict of gradients; `__source__` holds the file.
        """
        return compiled(self.emit(target=target))

    def data(self) -> dict[str, Any]:
        """The whole as plain data, for JSON and for whoever checks it again."""
        network = self.made.network
        return {
            "schema": SCHEMA,
            "loss": network.loss.name,
            "stages": [
                {"name": s.name, "quantity": formula(s.quantity), "definition": formula(s.body)}
                for s in network.stages.values()
            ],
            "joint": sorted(network.joint),
            "shapes": {n: list(map(str, shape)) for n, shape in network.problem.shapes.items()},
            "labels": sorted(network.problem.labels),
            "adjoints": {n: _line(a) for n, a in self.adjoints.items()},
            "gradients": {n: _line(a) for n, a in self.gradients.items()},
            "lemmas": [as_data(lemma.derivation) for lemma in self.made.derived],
            "exceptions": ["".join(_said(p) for p in place) for place in self.made.exceptions],
            "warnings": list(self.warnings),
            "strength": str(self.strength),
            "trial": {
                "sizes": dict(self.trial.sizes),
                "points": self.trial.points,
                "difference": self.trial.difference,
            },
        }

    def __str__(self) -> str:
        return self.page("text")

    def __repr__(self) -> str:
        return f"<gradients by {', '.join(self.gradients)}: {self.strength}>"

    def _repr_latex_(self) -> str:
        return self.latex()


def _said(part: Any) -> str:
    return part if isinstance(part, str) else text(part)


def _line(line: Adjoint) -> dict[str, Any]:
    return {
        "adjoint": formula(line.quantity),
        "variable": formula(line.variable),
        "formula": formula(line.term),
        "text": text(line.term),
        "latex": latex(line.term),
        "strength": str(line.strength),
        "lemmas": [
            {
                "through": lemma.through,
                "statement": text(D(lemma.problem.function, lemma.variable)),
                "term": formula(lemma.term),
                "strength": str(lemma.strength),
                "like": None if lemma.like is None else f"{lemma.like.through} to {lemma.like.of}",
            }
            for lemma in line.lemmas
        ],
    }


def backprop(
    network: str,
    wrt: str | Sequence[str] = (),
    data: str | Collection[str] = (),
    loss: str | None = None,
    assume: str | Sequence[str] = (),
) -> Gradients:
    """All gradients of a network: see `symderiv.backprop`."""
    names = (wrt,) if isinstance(wrt, str) else tuple(wrt)
    left_out = (data,) if isinstance(data, str) else tuple(data)
    facts = (assume,) if isinstance(assume, str) else tuple(assume)
    library = catalogue.library()
    said = understand(network, (), facts, library=library)
    with said.blaming():
        problem = without_aliases(read(said.formula, assume=said.assume, library=library))
    made = backpropagation(problem, names, left_out, loss)
    return Gradients(made, try_out(made))
