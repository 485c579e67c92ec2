"""A notebook as a person sees it: run, made a page by Jupyter's converter and by Jupyter Book's
Sphinx extension, set by MathJax in a browser.  No formula is left as TeX, and none is in red."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CELLS = (
    "import symderiv\na = symderiv.softmax.jacobian(k=3)\na",
    "a.steps[1]",
    "symderiv.derive('x**2', wrt='x', claim='3*x').claim",
    "symderiv.layer_normalisation.jacobian()",
    "symderiv.cross_entropy.gradient().lemmas[0]",
)
NAMES = ("Jacobian of softmax", "is wrong", "layer normalisation")


class Seen(HTMLParser):
    """The text outside formulas, how many formulas are set, and what is said in red."""

    UNSEEN = ("script", "style", "pre", "code", "title")

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.text: list[str] = []
        self.formulas = 0
        self.red: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kinds = (dict(attrs).get("class") or "").split()
        if tag in ("mjx-merror", "merror") or "merror" in kinds or "MathJax_Error" in kinds:
            self.red.append(str(attrs))
        hidden = tag in self.UNSEEN or tag == "mjx-container" or any("MathJax" in k for k in kinds)
        self.formulas += tag == "mjx-container" or "mjx-chtml" in kinds
        if tag not in ("br", "img", "meta", "link", "input", "hr", "path", "rect", "use", "line"):
            self.inside.append("hidden" if hidden else tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if "hidden" not in self.inside:
            self.text.append(data)


def seen(page: Path) -> Seen:
    """What a browser shows of the page once its scripts have run."""
    done = subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *("--allow-file-access-from-files", "--virtual-time-budget=30000", page.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    found = Seen()
    found.feed(done.stdout)
    return found


def check(page: Path) -> None:
    found = seen(page)
    text = " ".join("".join(found.text).split())
    assert found.red == []
    assert found.formulas > 20
    for name in NAMES:
        assert name in text
    assert not re.search(r"\$|\\[a-z]+|[{}]|\bMath input error\b", text), text


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with what its cells gave."""
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    folder = tmp_path_factory.mktemp("notebook")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    client.NotebookClient(book, timeout=120, resources={"metadata": {"path": folder}}).execute()
    nbformat.write(book, folder / "page.ipynb")
    return folder / "page.ipynb"


def test_jupyter_shows_mathematics(needs: Callable[[str], None], notebook: Path) -> None:
    for needed in ("chromium", "npm:mathjax2", "python:nbconvert"):
        needs(needed)
    mathjax = ROOT / "node_modules" / "mathjax2" / "MathJax.js"
    url = f"--HTMLExporter.mathjax_url={mathjax.as_uri()}?config=TeX-AMS_CHTML-full,Safe"
    convert = [sys.executable, "-m", "nbconvert", "--to", "html", url, str(notebook)]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    check(notebook.with_suffix(".html"))


def test_jupyter_book_shows_mathematics(
    needs: Callable[[str], None], notebook: Path, tmp_path: Path
) -> None:
    for needed in ("chromium", "npm:mathjax", "python:myst_nb"):
        needs(needed)
    mathjax = ROOT / "node_modules" / "mathjax" / "es5" / "tex-mml-chtml.js"
    (tmp_path / "index.ipynb").write_bytes(notebook.read_bytes())
    (tmp_path / "conf.py").write_text(
        "extensions = ['myst_nb']\n"
        "nb_execution_mode = 'off'\n"
        "nb_render_markdown_format = 'myst'\n"
        "myst_enable_extensions = ['dollarmath', 'amsmath']\n"
        f"mathjax_path = {mathjax.as_uri()!r}\n"
    )
    out = tmp_path / "out"
    build = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(tmp_path), str(out)]
    subprocess.run(build, check=True, capture_output=True, timeout=180)
    check(out / "index.html")
