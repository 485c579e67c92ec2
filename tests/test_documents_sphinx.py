"""The Sphinx directive, with real builds of HTML and LaTeX."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from symderiv.rules.order import RULES

CONF = """
extensions = ["symderiv.sphinx", "sphinx.ext.mathjax"]
project = "trial"
"""
INDEX = """
Trial
=====

.. symderiv:: softmax-jacobian

.. symderiv:: softmax-jacobian
   :k: 3
   :rules: overset
   :style: cases
"""


MATHEMATICS = re.compile(r'<(div|span) class="math[^>]*>.*?</\1>|<script.*?</script>', re.S)


def build(folder: Path, builder: str, index: str) -> tuple[Path, str]:
    """The output directory and the warnings of a build."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    source = folder / "source"
    source.mkdir(exist_ok=True)
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    (source / "index.rst").write_text(index, encoding="utf-8")
    out, warnings = folder / builder, io.StringIO()
    with docutils_namespace():
        app = Sphinx(
            str(source), str(source), str(out), str(folder / "trees"), builder,
            status=io.StringIO(), warning=warnings,
        )  # fmt: skip
        app.build()
    return out, warnings.getvalue()


def test_html(needs: Callable[[str], None], tmp_path: Path) -> None:
    needs("python:sphinx")
    out, warnings = build(tmp_path, "html", INDEX)
    assert warnings == ""
    page = (out / "index.html").read_text(encoding="utf-8")
    assert page.count('<div class="math notranslate nohighlight">') >= 6
    assert r"p_i \bigl( \delta_{ij} - p_j \bigr)" in page
    assert RULES["quotient-rule"].name in page
    assert r"\begin{bmatrix}" in page
    assert r"\overset{(a)}{=}" in page
    assert "\x00" not in page


def test_latex(needs: Callable[[str], None], tmp_path: Path) -> None:
    needs("python:sphinx")
    out, warnings = build(tmp_path, "latex", INDEX)
    assert warnings == ""
    (source,) = out.glob("*.tex")
    text = source.read_text(encoding="utf-8")
    assert "quotient rule" in text
    assert r"\begin{cases}" in text


FORMULAS = r"""
Formulas
========

.. symderiv:: gradient cross-entropy
   :soft:
   :no-verdict:

.. symderiv::
   :wrt: z[j]
   :assume: sum(y[i], i) = 1
            y[i] > 0
   :claim: p[j] - y[j]

   p[i] = softmax(z)[i]
   -sum(y[i]*log(p[i]), i)

.. symderiv:: layer-normalisation-jacobian

.. symderiv::
   :wrt: x

   abs(x)*abs(x - 1)*abs(x - 2)*abs(x - 3)*abs(x - 4)

.. symderiv::
   :wrt: w
   :notation: matrix

   \lVert X w - y \rVert^2
"""


def test_formulas_and_every_option(needs: Callable[[str], None], tmp_path: Path) -> None:
    needs("python:sphinx")

    out, warnings = build(tmp_path, "html", FORMULAS)
    assert warnings == ""
    page = (out / "index.html").read_text(encoding="utf-8")
    assert page.count("p_j - y_j") >= 3
    assert "holds: proved" in page
    assert page.count("Each of the") == 4
    words = MATHEMATICS.sub(" ", page)
    assert "\\" not in words
    assert words.count("<li><p>") >= 2 + 5  # lemmas, exceptions
    assert r"\frac{\partial L}{\partial w}" in page


def test_the_options_are_those_of_the_commands() -> None:
    pytest.importorskip("sphinx")
    from symderiv.cli import destination, options
    from symderiv.sphinx import WITHOUT, DerivationDirective

    of_networks = {"data", "loss"}
    commands = {*options.ROWS, *destination.ROWS} - {*WITHOUT} - of_networks
    assert {name.replace("-", "_") for name in DerivationDirective.option_spec} == commands


@pytest.mark.parametrize(
    ("directive", "complaint"),
    [
        (".. symderiv::\n", "it takes the name"),
        (".. symderiv:: softmax-jacobian\n\n   x**2\n", "stands alone"),
        (".. symderiv::\n   :wrt: x\n\n   x**\n", "formula"),
        (".. symderiv::\n   :wrt: z[j]\n   :at: 1,x\n\n   sum(z[i], i)\n", "finite numbers"),
        (".. symderiv:: sofmax-jacobian\n", "softmax-jacobian"),
        (".. symderiv:: softmax-jacobian\n   :rules: up\n", "rules"),
        (".. symderiv:: softmax-jacobian\n   :k: 0\n", "k"),
    ],
)
def test_bad_directives_are_reported(
    needs: Callable[[str], None], tmp_path: Path, directive: str, complaint: str
) -> None:
    needs("python:sphinx")
    _, warnings = build(tmp_path, "html", f"Trial\n=====\n\n{directive}")
    assert complaint in warnings
    assert "Traceback" not in warnings
