"""Notebooks: an answer, its steps and its claim as they show themselves there.

Gives `Shows`, which makes of a page what a notebook takes, and `ShownStep` and `ShownClaim`.  A
notebook is handed Markdown, whose displays stand between dollars, and text: Jupyter, Jupyter Book
(with `nb_render_markdown_format: myst`) and VS Code each set that.  LaTeX is not among it: a
fragment for a document is no formula, and they show its sentences and its type sizes as they are
written.  A title is no heading there: the headings are the reader's own.

Floor 5: imports derivations and documents.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from symderiv import late
from symderiv.derivation import Claim, Derivation, Step
from symderiv.documents.setting import Setting
from symderiv.documents.targets import write
from symderiv.records import dataclass

if TYPE_CHECKING:
    from symderiv.documents import blocks, markdown, presentation, verdicts
    from symderiv.documents.blocks import Page
else:
    blocks = late.module("symderiv.documents.blocks")
    markdown = late.module("symderiv.documents.markdown")
    presentation = late.module("symderiv.documents.presentation")
    verdicts = late.module("symderiv.documents.verdicts")


class Shows:
    """What has a page, and shows it in a notebook."""

    @abstractmethod
    def shown_page(self, setting: Setting) -> Page:
        """The page."""

    def page(self, target: str = "text", **setting: Any) -> str:
        """The page in one of the formats "text", "latex", "markdown", "github", "html", "typst".

        `setting` as the fields of `symderiv.documents.setting.Setting`: detail, style, at, width,
        ascii, rules, full, …
        """
        chosen = Setting.of(setting)
        return write(self.shown_page(chosen), target, chosen)

    def latex(self, **setting: Any) -> str:
        """The page as a LaTeX fragment that needs amsmath alone; `setting` as for `page`."""
        return self.page("latex", **setting)

    def __str__(self) -> str:
        return self.page("text")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The page as Markdown and as text; `include` and `exclude` are IPython's to heed."""
        page = self.shown_page(Setting())
        written = markdown.NotebookWriter(Setting()).write(page)
        return {"text/markdown": written, "text/plain": write(page, "text")}


@dataclass(frozen=True, repr=False)
class ShownStep(Shows, Step):
    """A step that shows itself, as the page of a derivation of one line.

    `derivation` is the one that it is of.
    """

    derivation: Derivation | None = field(default=None, repr=False, compare=False)

    def shown_page(self, setting: Setting) -> Page:
        """The line before, the line after with its rule, and what it rests on."""
        assert self.derivation is not None
        problem = replace(self.derivation.problem, stages=(), notes=())
        sizes = self.derivation.sizes
        alone = Derivation("", "", problem, self.before, (self,), sizes=sizes)
        every = replace(setting, detail="all") if setting.detail == "textbook" else setting
        return presentation.present(alone, every)  # a step says all its rules


@dataclass(frozen=True, repr=False)
class ShownClaim(Shows, Claim):
    """A claim that shows itself; `derivation` is the one whose answer it is about."""

    derivation: Derivation | None = field(default=None, repr=False, compare=False)

    def shown_page(self, setting: Setting) -> Page:
        """The claim and the verdict on it."""
        assert self.derivation is not None
        return blocks.Page("", (), verdicts.remark_on(self, self.derivation).sentences[0])
