"""Checked: the report on somebody else's derivation, able to show itself.

Gives `check`, that of `symderiv.checking`, and `Checked`, which it hands out here.

Floor 5: imports checking and documents.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

from symderiv import checking
from symderiv.documents.checks import write
from symderiv.records import dataclass

P = ParamSpec("P")


@dataclass(frozen=True, repr=False)
class Checked(checking.Report):
    """A report that shows itself."""

    def page(self, target: str = "text", language: str = "en") -> str:
        """The report in one of the formats "text", "markdown", "github", "latex", "html"."""
        return write(self, target, language=language)

    def __str__(self) -> str:
        return self.page()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The report as Markdown and as text; `include` and `exclude` are IPython's to heed."""
        return {"text/markdown": self.page("markdown"), "text/plain": self.page()}


def _shown(check: Callable[P, checking.Report]) -> Callable[P, Checked]:
    """The same function, whose report shows itself."""

    @functools.wraps(check)
    def ask(*given: P.args, **named: P.kwargs) -> Checked:
        return Checked(**vars(check(*given, **named)))

    return ask


check = _shown(checking.check)
