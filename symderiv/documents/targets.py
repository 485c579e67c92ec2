"""Targets: one table of everything that a page can be written as.

Gives `write`, `TARGETS` and `Setting`.

Floor 4: imports the writers, each when it is asked for.

To add a target: write its writer, and one row here.
"""

from __future__ import annotations

import importlib
from typing import cast

from symderiv.documents.blocks import Page
from symderiv.documents.writer import Setting, Writer
from symderiv.mistakes import Mistake, did_you_mean

TARGETS = {
    "text": "symderiv.documents.text:TextWriter",
    "latex": "symderiv.documents.latex:LatexWriter",
    "markdown": "symderiv.documents.markdown:MarkdownWriter",
    "github": "symderiv.documents.markdown:GithubWriter",
    "typst": "symderiv.documents.typst:TypstWriter",
}
BEAMER = "symderiv.documents.beamer:BeamerWriter"


def writer(target: str, setting: Setting | None = None) -> Writer:
    """The writer of a target.

    Raises
    ------
    Mistake
        for a target that is not in the table.
    """
    if target not in TARGETS:
        raise Mistake(f"no format '{target}'{did_you_mean(target, TARGETS)}")
    setting = setting or Setting()
    home = BEAMER if target == "latex" and setting.beamer else TARGETS[target]
    module, name = home.split(":")
    made = getattr(importlib.import_module(module), name)(setting)
    return cast(Writer, made)


def write(page: Page, target: str = "text", setting: Setting | None = None) -> str:
    """The page as that target shows it."""
    return writer(target, setting).write(page)
