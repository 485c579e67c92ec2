"""How terms look: a table of term, Unicode line, ASCII line and LaTeX."""

from __future__ import annotations

import cmath
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Eq, Expr, Integer, Max, Ne, Rational, Symbol, oo, pi

from symderiv.printers.latex import LatexPrinter, latex
from symderiv.printers.layout import Layout
from symderiv.printers.names import Name, parse
from symderiv.printers.parting import Parting
from symderiv.printers.text import AsciiPrinter, TextPrinter, text
from symderiv.printers.typst import TypstPrinter
from symderiv.terms import (
    D,
    Iverson,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    component,
    delta,
    exp,
    letter,
    log,
    maximum_over,
    minimum_over,
    plus,
    product_over,
    release,
    relu,
    sigmoid,
    size,
    softplus,
    summation,
)

i, j, k, c, d, n, y = (letter(s) for s in "ijkcdny")
K = size("K")
x, mu, s, eps = (Symbol(name) for name in ("x", "mu", "s", "eps"))


def z(index: object) -> Expr:
    return component("z", index)


def p(*indices: object) -> Quantity:
    return Quantity(Symbol("p"), *indices)


L = Quantity(Symbol("L"))
E, F = exp(z(i)), exp(z(j))
S = summation(exp(z(k)), k, K)
y_i, y_n = component("y", i), component("y", n)


def ones(count: int) -> Expr:
    return Plus(*(exp(z(Integer(a))) for a in range(1, count + 1)))


TABLE = [
    # the softmax Jacobian, line by line
    (Quotient(E, S), "e^zᵢ / Σₖ e^zₖ", "exp(z_i) / sum_k exp(z_k)",
     r"\frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}}"),
    (D(p(i), z(j)), "∂pᵢ/∂zⱼ", "dp_i/dz_j", r"\frac{\partial p_i}{\partial z_j}"),
    (D(Quotient(E, S), z(j)), "∂/∂zⱼ (e^zᵢ / Σₖ e^zₖ)", "d/dz_j (exp(z_i) / sum_k exp(z_k))",
     r"\frac{\partial}{\partial z_j} \left( \frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}} \right)"),
    (Quotient(Plus(Times(D(E, z(j)), S), Neg(Times(E, D(S, z(j))))), Power(S, 2)),
     "((∂/∂zⱼ e^zᵢ) Σₖ e^zₖ − e^zᵢ ∂/∂zⱼ Σₖ e^zₖ) / (Σₖ e^zₖ)²",
     "((d/dz_j exp(z_i)) sum_k exp(z_k) - exp(z_i) d/dz_j sum_k exp(z_k)) / (sum_k exp(z_k))^2",
     r"\frac{\left( \frac{\partial}{\partial z_j} e^{z_i} \right) \sum_{k=1}^{K} e^{z_k}"
     r" - e^{z_i} \frac{\partial}{\partial z_j} \sum_{k=1}^{K} e^{z_k}}"
     r"{\left( \sum_{k=1}^{K} e^{z_k} \right)^2}"),
    (Quotient(Plus(Times(delta(i, j), E, S), Neg(Times(E, F))), Power(S, 2)),
     "(δᵢⱼ e^zᵢ Σₖ e^zₖ − e^zᵢ e^zⱼ) / (Σₖ e^zₖ)²",
     "(delta_ij exp(z_i) sum_k exp(z_k) - exp(z_i) exp(z_j)) / (sum_k exp(z_k))^2",
     r"\frac{\delta_{ij} e^{z_i} \sum_{k=1}^{K} e^{z_k} - e^{z_i} e^{z_j}}"
     r"{\left( \sum_{k=1}^{K} e^{z_k} \right)^2}"),
    (Times(Quotient(E, S), Plus(delta(i, j), Neg(Quotient(F, S)))),
     "(e^zᵢ / Σₖ e^zₖ) (δᵢⱼ − e^zⱼ / Σₖ e^zₖ)",
     "(exp(z_i) / sum_k exp(z_k)) (delta_ij - exp(z_j) / sum_k exp(z_k))",
     r"\frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}}"
     r" \left( \delta_{ij} - \frac{e^{z_j}}{\sum_{k=1}^{K} e^{z_k}} \right)"),
    (p(i) * (delta(i, j) - p(j)), "pᵢ (δᵢⱼ − pⱼ)", "p_i (delta_ij - p_j)",
     r"p_i \bigl( \delta_{ij} - p_j \bigr)"),
    (Neg(p(1) * p(2)), "−p₁ p₂", "-p_1 p_2", "-p_1 p_2"),
    # sums written out, and shortened
    (ones(3), "e^z₁ + e^z₂ + e^z₃", "exp(z_1) + exp(z_2) + exp(z_3)",
     "e^{z_1} + e^{z_2} + e^{z_3}"),
    (ones(100), "e^z₁ + e^z₂ + ⋯ + e^z₁₀₀", "exp(z_1) + exp(z_2) + ... + exp(z_100)",
     r"e^{z_1} + e^{z_2} + \cdots + e^{z_{100}}"),
    (Plus(Integer(0), exp(z(Integer(2))), *[Integer(0)] * 98), "0 + e^z₂ + 0 + 0 + ⋯ + 0",
     "0 + exp(z_2) + 0 + 0 + ... + 0", r"0 + e^{z_2} + 0 + 0 + \cdots + 0"),
    (Power(ones(3), 2), "(e^z₁ + e^z₂ + e^z₃)²", "(exp(z_1) + exp(z_2) + exp(z_3))^2",
     r"\bigl( e^{z_1} + e^{z_2} + e^{z_3} \bigr)^2"),
    # indices
    (delta(1, 2), "δ_{1,2}", "delta_{1,2}", r"\delta_{1,2}"),
    (delta(k, y_n), "δ_{k,yₙ}", "delta_{k,y_n}", r"\delta_{k\,y_n}"),
    (component("W", k, d), "W_{kd}", "W_kd", "W_{kd}"),
    (p(y), "p_y", "p_y", "p_y"),
    (component("x", i + k), "xᵢ₊ₖ", "x_{i+k}", "x_{i + k}"),
    (component("x1", i), "x_{1,i}", "x_{1,i}", "x_{1,i}"),
    (z(Integer(12)), "z₁₂", "z_12", "z_{12}"),
    # signs and products
    (Plus(Neg(x), s), "−x + s", "-x + s", "-x + s"),
    (Plus(x, Neg(Plus(s, mu))), "x − (s + μ)", "x - (s + mu)", r"x - \bigl( s + \mu \bigr)"),
    (Plus(x, Neg(Neg(s))), "x − (−s)", "x - (-s)", r"x - \bigl( -s \bigr)"),
    (Times(Neg(x), s), "(−x) s", "(-x) s", r"\bigl( -x \bigr) s"),
    (Times(x, Neg(s)), "x (−s)", "x (-s)", r"x \bigl( -s \bigr)"),
    (Times(Integer(1), E), "1 · e^zᵢ", "1 * exp(z_i)", r"1 \cdot e^{z_i}"),
    (Times(2, x), "2 x", "2 x", "2 x"),
    (Times(2, 3, x), "2 · 3 x", "2 * 3 x", r"2 \cdot 3 x"),
    (Times(x, Power(3, x)), "x · 3^x", "x * 3^x", r"x \cdot 3^x"),
    (Times(Quotient(E, S), Quotient(F, S)), "(e^zᵢ / Σₖ e^zₖ) · (e^zⱼ / Σₖ e^zₖ)",
     "(exp(z_i) / sum_k exp(z_k)) * (exp(z_j) / sum_k exp(z_k))",
     r"\frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}} \cdot \frac{e^{z_j}}{\sum_{k=1}^{K} e^{z_k}}"),
    (Quotient(Times(x, s), Times(mu, s)), "x s / (μ s)", "x s / (mu s)",
     r"\frac{x s}{\mu s}"),
    (Quotient(Quotient(x, s), mu), "(x / s) / μ", "(x / s) / mu", r"\frac{\frac{x}{s}}{\mu}"),
    (Plus(Quotient(x, s), Neg(Quotient(1, 2))), "x / s − 1 / 2", "x / s - 1 / 2",
     r"\frac{x}{s} - \frac{1}{2}"),
    # sums and functions reach to the right
    (Times(S, x), "(Σₖ e^zₖ) x", "(sum_k exp(z_k)) x",
     r"\left( \sum_{k=1}^{K} e^{z_k} \right) x"),
    (Plus(summation(p(k), k, K), x), "Σₖ pₖ + x", "sum_k p_k + x", r"\sum_{k=1}^{K} p_k + x"),
    (summation(Plus(p(k), x), k, K), "Σₖ (pₖ + x)", "sum_k (p_k + x)",
     r"\sum_{k=1}^{K} \bigl( p_k + x \bigr)"),
    (summation(summation(component("x", n, c), c, K), n, size("N"), 2),
     "Σₙ₌₂ᴺ Σ_c x_{nc}", "sum_{n=2..N} sum_c x_nc",
     r"\sum_{n=2}^{N} \sum_{c=1}^{K} x_{nc}"),
    (summation(p(k), k, Integer(3)), "Σₖ₌₁³ pₖ", "sum_{k=1..3} p_k", r"\sum_{k=1}^{3} p_k"),
    (product_over(p(k), k, K), "Πₖ pₖ", "prod_k p_k", r"\prod_{k=1}^{K} p_k"),
    (exp(Plus(z(i), Neg(maximum_over(z(k), k, K)))),
     "e^(zᵢ − maxₖ zₖ)", "exp(z_i - max_k z_k)", r"e^{z_i - \max_k z_k}"),
    (minimum_over(Plus(z(k), x), k, K), "minₖ (zₖ + x)", "min_k (z_k + x)",
     r"\min_k \bigl( z_k + x \bigr)"),
    (Neg(log(p(y))), "−log p_y", "-log p_y", r"-\log p_y"),
    (Times(log(p(i)), y_i), "log(pᵢ) yᵢ", "log(p_i) y_i", r"\log(p_i) y_i"),
    (log(S), "log Σₖ e^zₖ", "log sum_k exp(z_k)", r"\log \sum_{k=1}^{K} e^{z_k}"),
    (log(Plus(1, E)), "log(1 + e^zᵢ)", "log(1 + exp(z_i))", r"\log(1 + e^{z_i})"),
    (log(Quotient(x, s)), "log(x / s)", "log(x / s)", r"\log\left( \frac{x}{s} \right)"),
    (Power(log(x), 2), "(log x)²", "(log x)^2", r"\bigl( \log x \bigr)^2"),
    (Times(sigmoid(x), Plus(1, Neg(sigmoid(x)))), "σ(x) (1 − σ(x))",
     "sigmoid(x) (1 - sigmoid(x))", r"\sigma(x) \bigl( 1 - \sigma(x) \bigr)"),
    (softplus(x), "softplus(x)", "softplus(x)", r"\mathrm{softplus}(x)"),
    (relu(z(i)), "relu(zᵢ)", "relu(z_i)", r"\mathrm{relu}(z_i)"),
    (Abs(x, evaluate=False), "|x|", "|x|", r"\lvert x \rvert"),
    (Max(0, x), "max(0, x)", "max(0, x)", r"\max(0, x)"),
    (Iverson(x > 0), "1[x > 0]", "1[x > 0]", r"\mathbf{1}[x > 0]"),
    # exponents and roots
    (exp(Neg(Quotient(Power(x, 2), 2))), "e^(−x²/2)", "exp(-x^2 / 2)", "e^{-x^2/2}"),
    (exp(Neg(S)), "e^(−Σₖ e^zₖ)", "exp(-sum_k exp(z_k))",
     r"\exp\left( -\sum_{k=1}^{K} e^{z_k} \right)"),
    (exp(Integer(2)), "e²", "exp(2)", "e^2"),
    (Power(E, 2), "(e^zᵢ)²", "(exp(z_i))^2", r"\bigl( e^{z_i} \bigr)^2"),
    (Power(x, Plus(n, Neg(1))), "x^(n − 1)", "x^(n - 1)", "x^{n - 1}"),
    (Quotient(Plus(x, Neg(mu)), Power(Plus(Power(Symbol("sigma"), 2), eps), Rational(1, 2))),
     "(x − μ) / √(σ² + ε)", "(x - mu) / sqrt(sigma^2 + eps)",
     r"\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}"),
    # derivatives
    (D(D(L, z(j)), z(i)), "∂²L/∂zᵢ∂zⱼ", "d^2L/dz_idz_j",
     r"\frac{\partial^2 L}{\partial z_i \, \partial z_j}"),
    (D(D(L, x), x), "∂²L/∂x²", "d^2L/dx^2", r"\frac{\partial^2 L}{\partial x^2}"),
    (D(L, component("W", k, c)), "∂L/∂W_{kc}", "dL/dW_kc",
     r"\frac{\partial L}{\partial W_{kc}}"),
    (Times(D(L, p(i)), D(p(i), z(j))), "(∂L/∂pᵢ) ∂pᵢ/∂zⱼ", "(dL/dp_i) dp_i/dz_j",
     r"\frac{\partial L}{\partial p_i} \frac{\partial p_i}{\partial z_j}"),
    (D(Times(E, x), x), "∂/∂x (e^zᵢ x)", "d/dx (exp(z_i) x)",
     r"\frac{\partial}{\partial x} \bigl( e^{z_i} x \bigr)"),
    # names
    (Quantity(Symbol("xhat"), i), "x̂ᵢ", "xhat_i", r"\hat{x}_i"),
    (Symbol("logit"), "logit", "logit", r"\mathrm{logit}"),
    (Symbol("z_max"), "zₘₐₓ", "z_max", r"z_{\mathrm{max}}"),
    (Times(Symbol("alpha"), component("gamma", i)), "α γᵢ", "alpha gamma_i", r"\alpha \gamma_i"),
    # relations, numbers, ordinary SymPy
    (Eq(summation(p(i), i, K), 1, evaluate=False), "Σᵢ pᵢ = 1", "sum_i p_i = 1",
     r"\sum_{i=1}^{K} p_i = 1"),
    (Ne(i, j), "i ≠ j", "i != j", r"i \neq j"),
    (Integer(-3), "−3", "-3", "-3"),
    (Rational(-1, 2), "−1 / 2", "-1 / 2", r"-\frac{1}{2}"),
    (x**2 / 2 + x, "x² / 2 + x", "x^2 / 2 + x", r"\frac{x^2}{2} + x"),
    (pi * x, "π x", "pi x", r"\pi x"),
    (-oo, "−∞", "-oo", r"-\infty"),
    (oo, "∞", "oo", r"\infty"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "line", "plain", "tex"), TABLE, ids=[row[2] for row in TABLE])
def test_each_term_looks_as_in_the_table(term: Expr, line: str, plain: str, tex: str) -> None:
    assert text(term) == line
    assert text(term, ascii=True) == plain
    assert latex(term) == tex


@pytest.mark.parametrize("printer", [LatexPrinter, TextPrinter, AsciiPrinter, TypstPrinter])
def test_a_printer_that_has_spelled_much_spells_as_a_new_one_does(printer: type[Layout]) -> None:
    # as it stands, as an exponent and in brackets: each is spelled in its own way
    terms = [term for row in TABLE for term in (exp(row[0]), row[0], Power(row[0], Integer(2)))]
    used = [printer(), printer().with_few_terms(), printer().with_short_sums()]
    for term in (*terms, *reversed(terms)):
        new = [printer(), printer().with_few_terms(), printer().with_short_sums()]
        assert [p.spelled(term) for p in used] == [p.spelled(term) for p in new]


def test_full_sums_and_ranges_on_request() -> None:
    assert TextPrinter(longest=None).spelled(ones(8)).count("+") == 7
    assert LatexPrinter(longest=None).spelled(ones(8)).count("+") == 7
    assert text(S, ranges=True) == "Σₖ₌₁ᴷ e^zₖ"
    assert text(S, ranges=True, ascii=True) == "sum_{k=1..K} exp(z_k)"


def test_only_an_even_run_is_shortened() -> None:
    """Dots may only stand where the first two terms tell the rest."""
    uneven = Plus(*(z(Integer(a)) for a in (1, 2, 4, 8, 16, 32, 64, 128)))
    assert "⋯" not in text(uneven)
    signs = Plus(*(z(Integer(a)) if a % 2 else Neg(z(Integer(a))) for a in range(1, 11)))
    assert "⋯" not in text(signs)
    assert text(Plus(*(Neg(z(Integer(a))) for a in range(1, 9)))) == "−z₁ − z₂ − ⋯ − z₈"


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("x", Name("x")),
        ("x1", Name("x", (), "1")),
        ("xhat", Name("x", ("hat",))),
        ("xhatbar", Name("x", ("hat", "bar"))),
        ("x1hatbar", Name("x", ("hat", "bar"), "1")),
        ("hat", Name("hat")),
        ("z_max", Name("z", (), "max")),
        ("mubar2", Name("mu", ("bar",), "2")),
        ("logit", Name("logit")),
        ("chat", Name("c", ("hat",))),
    ],
)
def test_names_are_taken_apart(identifier: str, name: Name) -> None:
    assert parse(identifier) == name


LEAVES = st.sampled_from(
    [x, s, mu, z(i), p(j), Integer(2), Integer(1), Rational(1, 2), Integer(-3)]
)


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda t: Plus(*t)),
        st.tuples(inner, inner, inner).map(lambda t: Times(*t)),
        pair.map(lambda t: Quotient(*t)),
        inner.map(lambda t: Power(t, 2)),
        inner.map(lambda t: Power(x, t)),
        inner.map(Neg),
        inner.map(exp),
        inner.map(sigmoid),
    )


TERMS = st.recursive(LEAVES, _grown, max_leaves=10)
VALUES = {"x": 0.7, "s": 1.3, "mu": -0.4, "z_i": 0.9, "p_j": 1.7}


@settings(max_examples=120, deadline=None)
@given(TERMS)
def test_a_line_is_read_in_one_way(term: Expr) -> None:
    """An ASCII line, read by Python's own grammar, has the value of the term."""
    line = AsciiPrinter(longest=None).spelled(term)
    python = re.sub(r"(?<=[\w)]) (?=[\w(])", " * ", line).replace("^", "**")
    # Floating-point numbers say when they overflow; whole ones would grow until memory is full.
    python = re.sub(r"(?<![\w.])(\d+)(?![\w.])", r"\1.0", python)
    names = {
        **VALUES,
        "exp": cmath.exp,
        "sqrt": cmath.sqrt,
        "sigmoid": lambda t: 1 / (1 + cmath.exp(-t)),
    }
    points = {Symbol(n): VALUES[n] for n in ("x", "s", "mu")} | {z(i): 0.9, component("p", j): 1.7}
    try:
        read = complex(eval(python, {"__builtins__": {}}, names))
        meant = complex(release(term).doit().subs(points).evalf())
    except (OverflowError, ZeroDivisionError, TypeError, ValueError):
        return
    assert cmath.isclose(read, meant, rel_tol=1e-6, abs_tol=1e-9) or not cmath.isfinite(meant)


@settings(max_examples=60, deadline=None)
@given(TERMS)
def test_brackets_match(term: Expr) -> None:
    tex = latex(term)
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left") == tex.count(r"\right")
    assert tex.count(r"\bigl") == tex.count(r"\bigr")


@pytest.mark.parametrize("printer", [TextPrinter, LatexPrinter], ids=["text", "latex"])
@pytest.mark.parametrize("first", ["minus", "plus"])
def test_a_line_in_pieces_says_what_it_says_whole(printer: type[Parting], first: str) -> None:
    """Dots within a series of negative terms are negative too: a − b − ⋯ − z."""
    terms = [Neg(component("z", n)) for n in range(1, 12)]
    if first == "plus":
        terms[0] = component("z", 1)
    line = plus(*terms)
    assert " ".join(printer().pieces(line)) == printer().spelled(line)
    assert printer().spelled(line).count("+") == 0
