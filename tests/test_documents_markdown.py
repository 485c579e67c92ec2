"""Markdown pages: every formula goes through KaTeX in strict mode."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from symderiv.documents.blocks import Page
from symderiv.documents.targets import write
from symderiv.printers.latex import latex
from tests.sample_derivations import all_pages, softmax_page
from tests.test_printers import TABLE

pytestmark = pytest.mark.usefixtures("derived_once")

HERE = Path(__file__).parent
FORMULAS = {
    "markdown": re.compile(
        r"\$\$\n(.*?)\n\$\$|(?<![\\$])\$(?!\$)((?:\\text\{[^}]*\}|[^$])+?)\$", re.S
    ),
    "github": re.compile(r"```math\n(.*?)\n```|\$`(.*?)`\$", re.S),
}


def formulas(target: str, source: str) -> list[str]:
    """Every formula of a page."""
    return [a or b for a, b in FORMULAS[target].findall(source)]


@pytest.mark.parametrize("target", ["markdown", "github"])
def test_katex_takes_every_formula(
    needs: Callable[[str], None], catalogue_pages: Mapping[str, Page], target: str
) -> None:
    needs("npm:katex")
    pages = {**catalogue_pages, **dict(all_pages())}
    found = [f for made in pages.values() for f in formulas(target, write(made, target))]
    assert len(found) > 2 * len(pages)
    found += [latex(row[0]) for row in TABLE]
    done = subprocess.run(
        ["node", HERE / "katex_check.cjs"],
        input=json.dumps(found),
        capture_output=True,
        text=True,
        cwd=HERE.parent,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    assert json.loads(done.stdout) == []


def test_github_keeps_backslashes_out_of_dollars() -> None:
    """GitHub's Markdown eats them there, so displays are fenced and inline formulas quoted."""
    source = write(softmax_page(), "github")
    outside = re.sub(r"```math\n.*?\n```|\$`.*?`\$", "", source, flags=re.DOTALL)
    assert "$" not in outside
    assert "\\" not in outside


def test_the_page_says_what_the_text_says() -> None:
    for name, made in all_pages():
        plain, marked = write(made, "text"), write(made, "github")
        verdict = plain.strip().splitlines()[-1].split(" is proved")[0]
        assert verdict in marked, name
        assert f"# {made.title}" in marked
