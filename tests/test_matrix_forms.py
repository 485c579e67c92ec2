"""Matrix notation: how answers are spelled, that they are read again, and what has no such form."""

from __future__ import annotations

import pytest

import symderiv
from symderiv import catalogue
from symderiv.matrices import form, matrix_form, page
from symderiv.matrices.expression import Whole, add, matmul, name, neg, outer, transpose
from symderiv.matrices.page import spelled
from symderiv.printers.faces import Drawn
from symderiv.serialisation import as_data

A, B, x, y = name("A", 2), name("B", 2), name("x", 1), name("y", 1)

SPELLED: list[tuple[str, str, str, str, str | None]] = [
    ("norm(A @ x - b)**2", "x", "2 Aᵀ (A x − b)", r"2 A^{\top} \left( A x - b \right)",
     "2*A.T @ (A @ x - b)"),
    ("norm(W @ x - y)**2", "W", "2 (W x − y) xᵀ", r"2 \left( W x - y \right) x^{\top}",
     "2*np.outer(W @ x - y, x)"),
    ("norm(A - X @ Y)**2", "X", "−2 (A − X Y) Yᵀ", r"-2 \left( A - X Y \right) Y^{\top}",
     "-2*(A - X @ Y) @ Y.T"),
    ("x.T @ A @ x", "x", "(A + Aᵀ) x", r"\left( A + A^{\top} \right) x", "(A + A.T) @ x"),
    ("a.T @ X @ b", "X", "a bᵀ", r"a b^{\top}", "np.outer(a, b)"),
    ("a.T @ inv(X) @ b", "X", "−X⁻ᵀ a bᵀ X⁻ᵀ", r"-X^{-\top} a b^{\top} X^{-\top}",
     "-np.outer(inv(X).T @ a, b @ inv(X).T)"),
    ("softmax(z)", "z", "diag(p) − p pᵀ", r"\mathrm{diag}\left( p \right) - p p^{\top}",
     "diag(softmax(z)) - np.outer(softmax(z), softmax(z))"),
    ("sum(relu(W @ x + b))", "W", "1[W x + b > 0] xᵀ",
     r"\mathbf{1}\left[ W x + b > 0 \right] x^{\top}",
     "np.outer(np.where(W @ x + b > 0, 1.0, 0.0), x)"),
    ("mean((x - y)**2)", "x", "2 (x − y) / K",
     r"\frac{2}{K} \left( x - y \right)", "2*(x - y)/len(x)"),
    ("x @ atan(x)", "x", "arctan(x) + x ⊘ (1 + x²)",
     r"\arctan\left( x \right) + x \oslash \left( 1 + x^{2} \right)",
     "np.atan(x) + x/(1 + x**2)"),
    ("norm(x)", "x", "x / ‖x‖", r"\frac{1}{\left\| x \right\|} x", "x/norm(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "wrt", "text", "latex", "numpy"), SPELLED)
def test_a_form_is_spelled_as_an_author_writes_it(
    formula: str, wrt: str, text: str, latex: str, numpy: str | None
) -> None:
    found = matrix_form(symderiv.derive(formula, wrt=wrt), catalogue.library())
    assert found is not None
    assert (found.text, found.latex) == (text, latex)
    if "inv" not in formula:
        assert found.numpy == numpy


def test_transposes_are_pushed_inwards() -> None:
    assert spelled(transpose(matmul(A, B)), "text") == "Bᵀ Aᵀ"
    assert spelled(transpose(outer(x, y)), "text") == "y xᵀ"
    assert spelled(transpose(transpose(A)), "text") == "A"
    assert spelled(transpose(add(A, neg(matmul(A, B)))), "text") == "(A − A B)ᵀ"
    assert spelled(transpose(add(transpose(A), B)), "text") == "A + Bᵀ"


WITHOUT = [
    ("A[i,j]*x[k]", "x[l]"),  # four indices
    ("sum(x[i+1]*x[i], (i, 1, N-1))", "x[j]"),  # a part of an axis
    ("-log(p[y])", "p[k]"),  # a class label
    ("sum(x[i]*iverson(i > 2), i)", "x[j]"),  # an index as a number
]


@pytest.mark.parametrize(("formula", "wrt"), WITHOUT)
def test_what_has_no_matrix_form_has_none(formula: str, wrt: str) -> None:
    assert matrix_form(symderiv.derive(formula, wrt=wrt)) is None


def test_a_form_that_does_not_pass_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = symderiv.derive("norm(A @ x - b)**2", wrt="x")

    def wrong(whole: Whole, target: str, *faces: Drawn) -> str:
        return spelled(whole, target, *faces).replace("- b", "+ b")

    monkeypatch.setattr(page, "spelled", wrong)
    assert matrix_form(answer) is None


@pytest.mark.parametrize("function", ["x[i]**2", "sin(x[i])*sum(x[k], k)"])
def test_a_component_by_the_same_component_has_no_matrix_form(function: str) -> None:
    """x[i]**2 is no number whose gradient is 2 x, and its Jacobian is diag(2 x)."""
    assert "In matrix notation" not in symderiv.derive(function, wrt="x[i]").page()
    assert "In matrix notation" in symderiv.derive(function, wrt="x[j]").page()


def test_stages_that_double_each_other_have_no_form_in_the_given_arrays() -> None:
    """Written out, a_n = a_(n-1) + tanh(a_(n-1)) is twice as long as the stage before it."""
    stages = ["a0 = A @ x"] + [f"a{n} = a{n - 1} + tanh(a{n - 1})" for n in range(1, 25)]
    text = "; ".join([*stages, "norm(a24)**2"])
    answer = symderiv.derive(text, wrt="x")
    form = matrix_form(answer)
    assert form is None or form.numpy is None


def test_a_page_works_out_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is judged where it is asked for: data holds it, and no page does."""
    answer = symderiv.jacobian("layer-normalisation")
    found = matrix_form(answer, catalogue.library())
    assert found is not None
    assert found.numpy == as_data(answer)["answer"]["matrix"]["numpy"]
    asked: list[str] = []
    monkeypatch.setattr(form, "_code", lambda *_: asked.append("code"))
    assert "In matrix notation" in answer.page("text")
    assert not asked
    assert as_data(answer)["answer"]["matrix"]["numpy"] is None
    assert asked == ["code"]
