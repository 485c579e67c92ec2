"""The language, pair by pair: a text, and the term that it stands for."""

from __future__ import annotations

import pytest
import sympy
from sympy import Eq, Expr, Gt, Integer, Le, Ne, Symbol, pi
from sympy.core.basic import Basic

from symderiv.reader import formula, read, read_claim
from symderiv.terms import (
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
    function_of,
    letter,
    log,
    maximum_over,
    minimum_over,
    product_over,
    relu,
    sigmoid,
    size,
    softplus,
    summation,
)

a, b, c, x = (Symbol(name) for name in "abcx")
i, j, k, n, y = (letter(name) for name in "ijkny")
K, M, N = (size(name) for name in "KMN")
one, two, three = (Integer(number) for number in (1, 2, 3))
half = Quotient(one, two)


def z(index: Expr | int) -> Expr:
    return component("z", index)


def of(head: type[Basic], *args: Expr) -> Expr:
    return function_of(head, *args)


PAIRS: list[tuple[str, Expr]] = [
    # arithmetic stays as written
    ("a + b + c", Plus(a, b, c)),
    ("a + (b + c)", Plus(a, b, c)),
    ("a - b", Plus(a, Neg(b))),
    ("a - (b - c)", Plus(a, Neg(Plus(b, Neg(c))))),
    ("a*b*c", Times(a, b, c)),
    ("-a", Neg(a)),
    ("+a", a),
    ("-2*x", Neg(Times(two, x))),
    ("1**(1/2)", Power(one, half)),
    ("(-2)*x", Times(Neg(two), x)),
    ("-a*b/c", Neg(Quotient(Times(a, b), c))),
    ("(-a*b)/c", Quotient(Neg(Times(a, b)), c)),
    ("-a*b + c", Plus(Neg(Times(a, b)), c)),
    ("a*-b", Times(a, Neg(b))),
    ("a/b/c", Quotient(Quotient(a, b), c)),
    ("a/b*c", Times(Quotient(a, b), c)),
    ("a/(b*c)", Quotient(a, Times(b, c))),
    ("x**2", Power(x, two)),
    ("-x**2", Neg(Power(x, two))),
    ("(-x)**2", Power(Neg(x), two)),
    ("x**-1", Power(x, Neg(one))),
    ("x**a**b", Power(x, Power(a, b))),
    ("x**(a + 1)", Power(x, Plus(a, one))),
    ("x - x", Plus(x, Neg(x))),
    ("0*x", Times(Integer(0), x)),
    # numbers are exact
    ("3", three),
    ("3.0", three),
    ("0.5", half),
    (".5", half),
    ("2.50", Quotient(Integer(5), two)),
    ("1e-5", Quotient(one, Integer(10) ** 5)),
    ("1e3", Integer(1000)),
    ("0.1", Quotient(one, Integer(10))),
    ("pi", pi),
    ("lam*alpha_1", Times(Symbol("lam"), Symbol("alpha_1"))),
    # functions are not evaluated
    ("exp(0)", exp(0)),
    ("log(exp(x))", log(exp(x))),
    ("sqrt(x)", Power(x, half)),
    ("abs(x)", of(sympy.Abs, x)),
    ("sign(x)", of(sympy.sign, x)),
    ("sin(x)", of(sympy.sin, x)),
    ("cos(x)", of(sympy.cos, x)),
    ("tan(x)", of(sympy.tan, x)),
    ("tanh(x)", of(sympy.tanh, x)),
    ("sinh(x)", of(sympy.sinh, x)),
    ("cosh(x)", of(sympy.cosh, x)),
    ("erf(x)", of(sympy.erf, x)),
    ("sigmoid(x)", of(sigmoid, x)),
    ("softplus(x)", of(softplus, x)),
    ("relu(x)", of(relu, x)),
    ("max(0, x)", of(sympy.Max, Integer(0), x)),
    ("max(a, b, c)", of(sympy.Max, a, b, c)),
    ("max(a, a)", a),
    ("min(a, b)", of(sympy.Min, a, b)),
    ("iverson(x > 0)", Iverson(Gt(x, 0, evaluate=False))),
    ("iverson(a <= b)", Iverson(Le(a, b, evaluate=False))),
    # components and binders
    ("z[i]", z(i)),
    ("z[2]", z(2)),
    ("i*z[i]", Times(letter("i"), z(i))),
    ("W[k,d]", component("W", k, letter("d"))),
    ("sum(z[k], k)", summation(z(k), k, K)),
    ("sum(z[n], n)", summation(z(n), n, N)),
    ("sum(z[k], (k, 1, M))", summation(z(k), k, M)),
    ("sum(z[k], (k, 1, 3))", summation(z(k), k, 3)),
    ("sum(a, (k, 1, K))", summation(a, k, K)),
    ("sum(z[k], (k, 2, K))", summation(z(k), k, K, 2)),
    ("sum(z[k+1], (k, 1, K-1))", summation(component("z", k + 1), k, K - 1)),
    ("sum(z[k], (k, 2, 5))", summation(z(k), k, 5, 2)),
    ("mean(z[k], (k, 2, K))", Quotient(summation(z(k), k, K, 2), Plus(K, Neg(Integer(1))))),
    ("prod(z[k], k)", product_over(z(k), k, K)),
    ("mean(z[k], k)", Quotient(summation(z(k), k, K), K)),
    ("max(z[k], k)", maximum_over(z(k), k, K)),
    ("max(z[k], (k, 1, M))", maximum_over(z(k), k, M)),
    ("min(z[k], k)", minimum_over(z(k), k, K)),
    ("sum(A[i,j], i, j)", summation(summation(component("A", i, j), j, M), i, K)),
    (
        "mean(A[i,j], (i, 1, K), (j, 1, N))",
        Quotient(summation(summation(component("A", i, j), j, N), i, K), Times(K, N)),
    ),
    ("sum(k*z[k], k)", summation(Times(k, z(k)), k, K)),
    ("sum(sum(z[k], k)*z[k], k)", summation(Times(summation(z(k), k, K), z(k)), k, K)),
    ("delta(i,j)*z[j]*z[i]", Times(delta(i, j), z(j), z(i))),
    ("delta(k,2)*z[k]", Times(delta(k, 2), z(k))),
    ("z[y[n]]", z(component("y", n))),
    (
        "sum(z[i+k]*w[k]*v[i], i, k)",
        summation(summation(Times(z(i + k), component("w", k), component("v", i)), k, M), i, N),
    ),
    ("z[2*i-1] + v[i]", Plus(z(2 * i - 1), component("v", i))),
    ("a/K + sum(z[k], (k, 1, K))", Plus(Quotient(a, K), summation(z(k), k, K))),
    ("iverson(i <= j)*A[i,j]", Times(Iverson(Le(i, j, evaluate=False)), component("A", i, j))),
    # e at the foot of a power is Euler's number, unless it is the author's own
    ("e**a", exp(a)),
    ("(+e)**a", Power(Symbol("e"), a)),
    # lines and comments
    ("a +\n b", Plus(a, b)),
    ("sum(z[k],\n\n k)  # over all", summation(z(k), k, K)),
    ("# nothing yet\n\na;\n", a),
]


@pytest.mark.parametrize(("text", "term"), PAIRS, ids=[text for text, _ in PAIRS])
def test_text_and_term(text: str, term: Expr) -> None:
    assert read(text).function == term


@pytest.mark.parametrize(("text", "term"), PAIRS, ids=[text for text, _ in PAIRS])
def test_a_term_written_out_reads_back(text: str, term: Expr) -> None:
    problem = read(text)
    assert read(formula(problem.function)).function == problem.function


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("sum(q[i], i) = 1", Eq(summation(component("q", i), i, K), 1, evaluate=False)),
        ("sum(q[i], i) == 1", Eq(summation(component("q", i), i, K), 1, evaluate=False)),
        ("q[i] > 0", Gt(component("q", i), 0, evaluate=False)),
        ("a != 0", Ne(a, 0, evaluate=False)),
        ("a <= 1", Le(a, 1, evaluate=False)),
    ],
)
def test_assumptions(text: str, relation: Basic) -> None:
    (fact,) = read("a*sum(q[k]*log(z[k]), k)", "z[j]", text).facts
    assert fact.relation == relation


@pytest.mark.parametrize(
    ("text", "wrt", "labels", "ranges"),
    [
        ("log(p[y])", "p[j]", {"y"}, {"y": K, "j": K}),
        ("log(p[a])", "p[j]", {"a"}, {"a": K, "j": K}),
        ("p[i]", "p[j]", set(), {"i": K, "j": K}),
        ("log(p[y])", "p[y]", set(), {"y": size("Y")}),
        ("sum(log(p[n,y[n]]), n)", "p[m,j]", {"y"}, {"y": K, "m": N, "j": K}),
        ("p[i] = z[i]; L = -log(p[y])", "z[j]", {"y"}, {"y": K, "j": K}),
        ("p[i] = z[i]; L = -log(p[y]); 2*L", "z[j]", {"y"}, {"y": K, "j": K}),
        ("p[c] = z[c]; p[c]", "z[j]", set(), {"c": size("C"), "j": size("C")}),
    ],
)
def test_labels_and_ranges(text: str, wrt: str, labels: set[str], ranges: dict[str, Expr]) -> None:
    problem = read(text, wrt)
    assert problem.labels == labels
    assert {s.name: length for s, length in problem.ranges.items()} == ranges


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("sum(A[i,j]*x[j], j)", {"A": (K, M), "x": (M,)}),
        ("sum(x[d]*w[d], d)", {"x": (size("D"),), "w": (size("D"),)}),
        ("D*sum(x[d], d)", {"x": (size("D"),)}),
        ("sum(K[d]*M[d]*x[i]*D, d)", {"K": (size("D"),), "M": (size("D"),), "x": (N,)}),
        ("sum(x[i], (i, 1, N)) + sum(y[i], i)", {"x": (N,), "y": (K,)}),
        ("sum(x[i]*delta(i,j)*y[j], i, j)", {"x": (K,), "y": (K,)}),
        ("h[i] = z[i]; s = sum(h[k], k); s", {"z": (K,), "h": (K,), "s": ()}),
        ("h[m] = sum(U[m,d]*x[d], d); sum(W[i,m]*h[m], m)", {
            "U": (M, size("D")), "x": (size("D"),), "h": (M,), "W": (K, M),
        }),
        ("sum(A[i,k], i) + sum(B[i,k], i)", {"A": (K, M), "B": (N, M)}),
        ("p[n, y[n]]", {"y": (N,), "p": (N, K)}),
    ],
)  # fmt: skip
def test_shapes(text: str, shapes: dict[str, tuple[Expr, ...]]) -> None:
    assert dict(read(text).shapes) == shapes


def test_the_last_assignment_names_the_function() -> None:
    problem = read("p[i] = exp(z[i]); L = -log(p[y])", "z[j]")
    assert problem.function == Quantity(Symbol("L"))
    assert problem.stages[1].body == Neg(log(Quantity(Symbol("p"), y)))
    assert read("p[i] = exp(z[i])", "z[j]").function == Quantity(Symbol("p"), i)


@pytest.mark.parametrize(
    "text",
    [
        "sum(iverson(j != y)*(max(0, x[j] - x[y] + 1)), j)",
        "sum(iverson(j != y[n])*(x[n,j] - x[n,y[n]]), j, n)",
        "iverson(y > 2)*x[y]",
    ],
)
def test_a_label_may_be_compared_before_it_is_an_index(text: str) -> None:
    """With a name for the function as without one, and where the index is in a later part."""
    plain, named = read(text), read(f"L = {text}")
    assert named.labels == plain.labels == {"y"}
    assert named.stages[-1].body == plain.function
    later = read("a = sum(iverson(j != y)*x[j], j); a*x[y]")
    assert later.labels == {"y"}


@pytest.mark.parametrize(
    ("text", "wrt", "variable"),
    [
        ("z[i]", "z[j]", z(j)),
        ("z[i]", "z[2]", z(2)),
        ("x**2", "x", x),
        ("A[i,j]", "A[k,k]", component("A", k, k)),
        ("p[i] = z[i]; log(p[i])", "p[j]", Quantity(Symbol("p"), j)),
        ("s = x; log(s)", "s", Quantity(Symbol("s"))),
    ],
)
def test_variables(text: str, wrt: str, variable: Expr) -> None:
    assert read(text, (wrt,)).wrt == (variable,)


def test_a_bound_letter_may_equal_the_variable() -> None:
    problem = read("sum(z[j]**2, j)", "z[j]")
    assert problem.function == summation(Power(z(j), two), j, K)
    assert dict(problem.ranges) == {j: K}


@pytest.mark.parametrize(
    ("claim", "term"),
    [
        ("z[j]", z(j)),
        ("sum(z[m], m)", summation(z(letter("m")), letter("m"), K)),
        ("sum(z[j], j)*b/K", Quotient(Times(summation(z(j), j, K), b), K)),
        ("sum(z[i], (i, 1, K))", summation(z(i), i, K)),
        ("delta(j,y)*s", Times(delta(j, y), Quantity(Symbol("s")))),
    ],
)
def test_claims_keep_letters_and_sizes(claim: str, term: Expr) -> None:
    problem = read("s = b*sum(z[k], k); s*z[y]", "z[j]")
    assert read_claim(claim, problem) == term
