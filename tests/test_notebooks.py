"""Notebooks: what a cell shows is Markdown whose every formula KaTeX takes, and no raw LaTeX."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import symderiv
from tests.test_documents_markdown import FORMULAS, HERE, formulas

pytestmark = pytest.mark.usefixtures("derived_once")

MINE = r"p[i] = softmax(z)[i]; -sum(y[i]*log(p[i]), i)"
NETWORK = "a = W @ x + b; h = tanh(a); norm(V @ h - y)**2"
CLAIMED = {"wrt": "z[j]", "claim": "p[j] - y[j]", "assume": "sum(y[i], i) = 1"}
RAW = re.compile(r"[%~\\{}&]|\bbegin\b|footnotesize|(?m:^#)")


@cache
def things() -> list[tuple[str, Any]]:
    """Everything that shows itself: an answer, its steps, lemmas, cases and claims."""
    mine = symderiv.derive(MINE, **CLAIMED)
    false = symderiv.derive(MINE, **{**CLAIMED, "claim": "p[j] + y[j]"})
    whole = symderiv.softmax.jacobian(k=3)
    vector = symderiv.jacobian("vector-function")
    longest = symderiv.layer_normalisation.jacobian()
    hostile = symderiv.derive("alpha_1*x**2", wrt="x", claim="x")
    shown: list[tuple[str, Any]] = [
        (f"{name}: {part}", thing)
        for name, answer in {
            "mine": mine, "false": false, "whole": whole, "vector": vector, "longest": longest,
            "hostile": hostile, "lemma": mine.lemmas[0], "case": whole.cases[0].derivation,
        }.items()
        for part, thing in [
            ("answer", answer), *enumerate(answer.steps), ("claim", answer.claim),
        ]
        if thing is not None
    ]  # fmt: skip
    return shown


def sources() -> Iterator[tuple[str, str]]:
    """The Markdown of all that shows itself, and of all gradients of a network."""
    network = symderiv.backprop(NETWORK, data="x, y")
    for name, thing in [*things(), ("network", network)]:
        bundle = thing._repr_mimebundle_()
        assert set(bundle) == {"text/markdown", "text/plain"}, name
        assert bundle["text/plain"] == str(thing)
        yield name, bundle["text/markdown"]


def test_outside_its_formulas_a_cell_is_words() -> None:
    for name, source in sources():
        assert formulas("markdown", source), name
        words = FORMULAS["markdown"].sub(" ", source)
        assert not RAW.search(re.sub(r"\\[^\w\s\\]|\\_", "", words)), (name, words)
        assert "$" not in words, name


def test_a_title_is_no_heading_and_no_display_is_cut() -> None:
    whole = dict(things())["whole: answer"]
    source = whole._repr_mimebundle_()["text/markdown"]
    assert source.startswith("**The Jacobian of softmax**\n\n")
    for line in source.splitlines():
        assert not line.startswith("#")
        assert "$$" not in line or line == "$$"  # VS Code asks for a line of its own
    assert "\n\n" not in "".join(re.findall(r"\$\$\n(.*?)\n\$\$", source, re.S))


def test_a_step_shows_its_two_lines_and_its_rule() -> None:
    answer = symderiv.derive(MINE, **CLAIMED)
    for step, written in zip(
        answer.steps, answer.page("markdown", detail="all").split("&& ")[1:], strict=True
    ):
        rule = re.search(r"\\text\{((?:[^{}]|\$[^$]*\$)*)\}", written)  # its first words, wrapped
        assert rule is not None
        shown = step._repr_mimebundle_()["text/markdown"]
        assert rule[0] in shown
        assert str(step).count("=") >= 1
    declared = answer.steps[-2]
    assert "(A1)" in str(declared)
    assert "= 1, declared" in str(declared)


def test_a_claim_shows_its_verdict() -> None:
    right = symderiv.derive(MINE, **CLAIMED).claim
    wrong = symderiv.derive(MINE, **{**CLAIMED, "claim": "p[j] + y[j]"}).claim
    assert str(right).strip() == "pⱼ − yⱼ holds: proved for every K."
    assert "is wrong: at K = " in str(wrong)
    assert "is wrong: at K = " in wrong._repr_mimebundle_()["text/markdown"]


def test_a_checked_derivation_shows_its_lines() -> None:
    checked = symderiv.check(r"$$\frac{d}{dx} x^3 = 3x^3$$")
    bundle = checked._repr_mimebundle_()
    assert bundle["text/plain"] == str(checked) == checked.page()
    assert "does not follow" in bundle["text/markdown"]
    assert "$$\n\\frac{d}{dx} x^3 = 3x^3\n$$" in bundle["text/markdown"]
    for target in ("github", "latex", "html"):
        assert checked.page(target)
    with pytest.raises(symderiv.Mistake, match="it takes 'text'"):
        checked.page("docx")


def test_records_say_in_a_line_what_they_are() -> None:
    answer = symderiv.derive("x**2", wrt="x", claim="2*x")
    network = symderiv.backprop("z[i] = 2*x[i]; sum(z[i]**2, i)")
    for record, said in (
        (answer, "<derivation: ∂/∂x x² = 2 x, proved>"),
        (answer.steps[0], "<∂/∂x x² = 2 x ∂x/∂x, proved by power rule>"),
        (answer.claim, "<2 x, proved>"),
        (answer.function(), "<function f(x)>"),
        (network.gradients["x"], "<x̄ᵢ = 2 z̄ᵢ, proved>"),
        (network.lemmas[0], "<z through L: ∂/∂zᵢ Σₖ zₖ² = 2 zᵢ, proved>"),
    ):
        assert repr(record) == said


def test_katex_takes_every_formula_of_a_notebook(needs: Callable[[str], None]) -> None:
    needs("npm:katex")
    found = [formula for _, source in sources() for formula in formulas("markdown", source)]
    done = subprocess.run(
        ["node", HERE / "katex_check.cjs"],
        input=json.dumps(found),
        capture_output=True,
        text=True,
        cwd=HERE.parent,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    assert json.loads(done.stdout) == []


def test_a_notebook_runs_and_shows_mathematics(
    needs: Callable[[str], None], tmp_path: Path
) -> None:
    needs("python:nbclient")
    needs("python:ipykernel")
    import nbformat
    from nbclient import NotebookClient

    cells = ["import symderiv\na = symderiv.softmax.jacobian()\na", "a.steps[0]", "a.lemmas"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [cell["outputs"][0]["data"] for cell in book["cells"]]
    assert (
        shown[0]["text/markdown"]
        == symderiv.softmax.jacobian()._repr_mimebundle_()["text/markdown"]
    )
    assert r"\text{definition of $p$}" in shown[1]["text/markdown"]
    assert all("text/latex" not in data for data in shown)
    nbformat.validate(book)
