"""Type faces and macros: what an author sets a name in is kept on the page, and nothing else is."""

from __future__ import annotations

import pytest

import symderiv
from symderiv.documents.macros import checked
from symderiv.mistakes import Mistake
from symderiv.printers.faces import FACES, set_in
from symderiv.reader.latex.faces import faces
from symderiv.reader.latex.statements import cut
from symderiv.reader.refusal import Source

FOUND = [
    (r"\mathbf{x}_i + \mathbf{x}_j", {"x": "mathbf"}),
    (r"\mathbf{w}^\top x", {"w": "mathbf"}),
    (r"\bm{\theta} + {\bf w}", {"theta": "boldsymbol", "w": "mathbf"}),
    (r"\mathbf{x}^\top a + x_i", {"x": "mathbf", "x[]": ""}),  # x_i is a component of it
    (r"\mathbf{x} + x", {}),  # two faces at one place: none is kept
    (r"\hat{\mathbf{y}}_i + y_i", {"yhat": "mathbf"}),
    (r"\mathbf{\hat y}", {"yhat": "mathbf"}),
    (r"\mathcal{L}_0 + \vec{v}", {"L": "mathcal", "v": "vec"}),
    (r"\mathbf{W}_1 x + \operatorname{softmax}(z)_i", {"W": "mathbf"}),
    (r"\mathrm{softmax}(z)_i + \mathrm{tr}(A)", {}),
]


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[f[0] for f in FOUND])
def test_the_face_of_a_name_is_found(text: str, expected: dict[str, str]) -> None:
    assert faces([*cut(Source(text), {}).all]) == expected


def test_faces_are_kept_in_index_and_matrix_form_of_every_target_that_has_them() -> None:
    answer = symderiv.derive(r"\|\mathbf{X}\boldsymbol{w} - \mathbf{y}\|^2", wrt=r"\boldsymbol{w}")
    latex = answer.latex()
    assert r"\frac{\partial}{\partial \boldsymbol{w}_k}" in latex
    assert r"\mathbf{X}_{ij} \boldsymbol{w}_j - \mathbf{y}_i" in latex
    assert r"2 \mathbf{X}^{\top} \left( \mathbf{X} \boldsymbol{w} - \mathbf{y} \right)" in latex
    assert r"\frac{\partial L}{\partial \boldsymbol{w}}" in latex
    typst = answer.page("typst")
    assert "upright(bold(X))^top" in typst
    assert "bold(w)_k" in typst
    html = answer.page("html")
    assert "<mi>𝐗</mi>" in html
    assert "<mi>𝒘</mi>" in html
    assert r"\mathbf{X}" in answer.page("markdown")
    assert "∂L/∂w = 2 Xᵀ (X w − y)" in answer.page("text")  # a terminal has no faces


def test_a_renaming_has_a_face_and_takes_that_of_what_it_renames_away() -> None:
    answer = symderiv.derive(
        r"\mathbf{w}^\top \mathbf{x}", wrt=r"\mathbf{x}", symbols={"w": "v", "x": r"\boldsymbol{u}"}
    )
    assert r"\frac{\partial L}{\partial \boldsymbol{u}} = v" in answer.latex()
    softmax = symderiv.jacobian("softmax", symbols={"p": r"\mathbf{p}"}).latex()
    assert r"\mathbf{p}_i \bigl( \delta_{ij} - \mathbf{p}_j \bigr)" in softmax
    assert r"\mathrm{diag}\left( \mathbf{p} \right) - \mathbf{p} \mathbf{p}^{\top}" in softmax


def test_adjoints_are_set_as_what_they_are_of() -> None:
    made = symderiv.backprop(
        r"\mathbf{h} = \tanh(\mathbf{W} x); \|\mathbf{h} - y\|^2", data=("x", "y")
    )
    assert r"\bar{\mathbf{h}}" in made.latex()


@pytest.mark.parametrize("face", FACES)
def test_every_face_has_a_spelling_for_latex_and_typst(face: str) -> None:
    assert set_in(face, "x", "latex") == rf"\{face}{{x}}"
    assert "x" in set_in(face, "x", "typst")


def test_letters_that_unicode_has_elsewhere() -> None:
    assert [set_in("mathcal", c, "mathml") for c in "ALe"] == ["𝒜", "ℒ", "ℯ"]
    assert set_in("mathbb", "R", "mathml") == "ℝ"
    assert set_in("boldsymbol", "θ", "mathml") == "𝜽"


def test_a_macro_of_the_author_stands_for_a_name() -> None:
    answer = symderiv.jacobian("softmax")
    macros = {"p": r"\prob", "z": r"\vect{z}"}
    latex = answer.latex(macro=macros)
    assert r"\prob_i \bigl( \delta_{ij} - \prob_j \bigr)" in latex
    assert r"\frac{\partial \prob}{\partial \vect{z}}" in latex
    assert r"\providecommand" not in latex
    for beamer in (False, True):
        alone = answer.latex(macro=macros, standalone=True, beamer=beamer)
        head, _, _ = alone.partition(r"\begin{document}")
        assert r"\providecommand{\prob}{\mathrm{p}}" in head
        assert r"\providecommand{\vect}[1]{#1}" in head
    with pytest.raises(Mistake, match="there is no 'q'"):
        answer.latex(macro={"q": r"\prob"})


@pytest.mark.parametrize(
    "macro",
    [
        r"\input", r"\input{x}", r"\write", r"\def", r"\catcode", r"\csname", r"\end", r"\special",
        r"\openout", r"\let", r"\directlua", r"\newcommand", r"\begin{x}", r"\expandafter",
        r"\prob}", r"\prob{\input x}", r"\prob\input", r"\prob x", r"\prob{a b}", r"\prob%", "prob",
        "\\prob\n", r"\prob{$}", r"\prob^2", r"\prob_i", "", "\\", r"\prob{x}{y}{z}{u}", "\\pröb",
    ],
)  # fmt: skip
def test_nothing_else_is_smuggled_in(macro: str) -> None:
    with pytest.raises(Mistake, match="macro p="):
        checked({"p": macro})
