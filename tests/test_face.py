"""The Python face: small, typed, late to import, and in the same words as the command line."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from importlib.util import find_spec

import numpy as np
import pytest
import sympy

import symderiv
from symderiv import catalogue
from symderiv.catalogue import names
from symderiv.cli.destination import ROWS as LAYOUT
from symderiv.cli.options import ROWS
from symderiv.documents.lines import DETAIL
from symderiv.documents.setting import CHOICES, Setting
from symderiv.face.answering import answer_named
from symderiv.face.calls import CatalogueFunction
from symderiv.face.request import Request
from symderiv.mistakes import Mistake
from symderiv.sphinx import REQUEST
from symderiv.terms import Quantity
from tests.answered import answered

pytestmark = pytest.mark.usefixtures("derived_once")


def test_public_names() -> None:
    for name in symderiv.__all__:
        assert getattr(symderiv, name) is not None
        assert name in dir(symderiv)
    with pytest.raises(AttributeError, match="has no attribute 'sofmax'"):
        symderiv.sofmax  # noqa: B018


def test_a_derivation_from_a_function() -> None:
    made = symderiv.softmax.jacobian()
    assert made.strength == "proved"
    assert made.steps[0].rule == "definition of p"
    assert made.steps[0].before == made.statement
    assert made.steps[-1].after == made.answer
    p, i, j = sympy.IndexedBase("p"), *sympy.symbols("i j", integer=True)
    assert sympy.simplify(made.sympy - p[i] * (sympy.KroneckerDelta(i, j) - p[j])) == 0


def test_ordinary_sympy_in_and_out() -> None:
    z = sympy.IndexedBase("z")
    j, k = sympy.symbols("j k", integer=True)
    size = sympy.Symbol("K", integer=True, positive=True)
    total = sympy.Sum(sympy.exp(z[k]), (k, 1, size))
    made = symderiv.derive(sympy.log(total), wrt=z[j], claim=sympy.exp(z[j]) / total)
    assert made.claim is not None
    assert made.claim.verdict.strength == "proved"
    x = sympy.Symbol("x")
    made = symderiv.derive(x**3 / (1 + sympy.exp(-x)), wrt=x)
    assert sympy.simplify(made.sympy.doit() - sympy.diff(x**3 / (1 + sympy.exp(-x)), x)) == 0


@pytest.mark.parametrize("k", [1, 2, 3, 7])
def test_entries_at_a_size_are_those_that_sympy_derives(k: int) -> None:
    made = symderiv.jacobian(k=k)
    z = sympy.IndexedBase("z")
    total = sum(sympy.exp(z[n]) for n in range(1, k + 1))
    p = {n: sympy.exp(z[n]) / total for n in range(1, k + 1)}
    names = {sympy.IndexedBase("p")[n]: value for n, value in p.items()}
    for a in range(1, k + 1):
        for b in range(1, k + 1):
            ours = sympy.sympify(made.entry(a, b)).doit().subs(names)
            assert sympy.simplify(ours - sympy.diff(p[a], z[b])) == 0


def test_every_derivation_has_its_name() -> None:
    names = [f.named(d) for f in catalogue.functions().values() for d in f.derivatives if d.holds]
    assert len(names) == len(set(names))
    assert answer_named("softmax-jacobian", Request(k=2)).sizes
    with pytest.raises(Mistake, match="did you mean 'softmax-jacobian'"):
        answer_named("softmax-jacobain")


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: symderiv.jacobian("sofmax"), "did you mean 'softmax'"),
        (lambda: symderiv.jacobian("logsumexp"), "no jacobian"),
        (lambda: symderiv.jacobian(route="prodct"), "did you mean 'product'"),
        (lambda: symderiv.jacobian(k=3, entry=(1, 4)), "j runs from 1 to 3"),
        (lambda: symderiv.jacobian(k=3, entry=(1,)), "an entry has 2"),
        (lambda: symderiv.jacobian("softmax", wrt="q"), "by 'q'"),
        (lambda: symderiv.jacobian(symbols={"q": "r"}), "there is no 'q'"),
        (lambda: symderiv.gradient("polynomial", k=3), "^k: nothing"),
        (lambda: symderiv.gradient("cross-entropy", soft=True, target=1), "not both"),
        (lambda: symderiv.gradient("logsumexp", target=1), "no class label"),
        (lambda: symderiv.gradient("logsumexp", soft=True), "no variant"),
        (lambda: symderiv.derive("x**2", wrt="y"), "'y' is not in the formula"),
    ],
)
def test_mistakes_are_named(call: object, part: str) -> None:
    with pytest.raises(Mistake, match=part):
        call()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: symderiv.jacobian(K=3), "jacobian() got an unexpected keyword argument 'K'; did"),
        (lambda: symderiv.derive("x", wrt="x", sizes=3), "derive() got an unexpected"),
        (lambda: symderiv.softmax.jacobian(routes="x"), "did you mean 'route'?"),
        (lambda: symderiv.gradient(), "gradient() missing a required argument: 'function'"),
        (lambda: symderiv.backprop(), "backprop() missing a required argument: 'network'"),
        (lambda: symderiv.backprop("x**2", dta="x"), "did you mean 'data'?"),
    ],
)  # fmt: skip
def test_what_is_no_parameter_is_said_of_what_was_called(call: object, said: str) -> None:
    with pytest.raises(TypeError) as caught:
        call()  # type: ignore[operator]
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [{"text": 3}, {"text": None}, {"kind": 3}, {"kind": "pdf"}, {"define": 3},
     {"assume": ["x = 1", 3]}, {"timeout": "long"}],
)  # fmt: skip
def test_what_is_no_text_to_check_is_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(Mistake, match="it takes"):
        symderiv.check(**{"text": "x = x", **wrong})


@pytest.mark.parametrize("wrong", [{"function": 3}, {"of": 3}, {"rtol": 0}, {"rtol": "small"}])
def test_what_is_no_function_to_check_is_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(Mistake, match="it takes"):
        symderiv.check_gradient(**{"function": np.exp, "of": "softmax", **wrong})


# -- SymPy in and out --------------------------------------------------------------------------

X = sympy.Symbol("x", positive=True)
Z = sympy.IndexedBase("z")
I_, J_, K_ = sympy.Idx("i"), sympy.Idx("j"), sympy.Symbol("k")
N_ = sympy.Symbol("n")
A, B = sympy.symbols("a b")


@pytest.mark.parametrize(
    "expression",
    [X**3, X * sympy.log(X**2), sympy.sqrt(X**2) * X, 0.5 * X**2, sympy.E * X + sympy.pi, X**X,
     (A * X + B) ** 2 / (1 + sympy.exp(-X)), sympy.Max(X, 2) * X, sympy.erf(X) + sympy.Abs(X)],
    ids=str,
)  # fmt: skip
def test_scalars_come_back_as_the_caller_has_them(expression: sympy.Expr) -> None:
    made = symderiv.derive(expression, wrt=X)
    assert made.sympy.free_symbols <= expression.free_symbols
    for value in (sympy.Rational(1, 3), 3):
        at = {X: value, A: sympy.Rational(2, 7), B: -3}
        truth = sympy.diff(sympy.nsimplify(expression), X).subs(at).doit()
        assert abs(sympy.N(made.sympy.subs(at).doit() - truth, 30)) < 1e-25


def test_the_sign_that_sympy_assumes_is_a_fact() -> None:
    claim = {"wrt": X, "claim": 2 * sympy.log(X) + 2}
    known = symderiv.derive(X * sympy.log(X**2, evaluate=False), **claim)
    assert str(known.claim.verdict.strength) == "proved"
    free = sympy.Symbol("x")
    open_ = symderiv.derive(free * sympy.log(free**2), wrt=free, claim=2 * sympy.log(free) + 2)
    assert not open_.claim.verdict.holds
    q = sympy.IndexedBase("q", positive=True)
    of_array = symderiv.derive(
        sympy.Sum(sympy.log(q[K_] ** 2), (K_, 1, N_)), wrt=q[J_], claim=2 / q[J_]
    )
    assert str(of_array.claim.verdict.strength) == "proved"


@pytest.mark.parametrize("j", [J_, sympy.Symbol("j"), sympy.Symbol("j", integer=True)], ids=repr)
def test_index_symbols_come_back(j: sympy.Symbol) -> None:
    softmax = sympy.exp(Z[I_]) / sympy.Sum(sympy.exp(Z[K_]), (K_, 1, N_))
    made = symderiv.derive(softmax, wrt=Z[j]).sympy
    assert made.free_symbols >= {I_, j, N_}
    assert Z in made.atoms(sympy.IndexedBase)
    values = [sympy.Rational(n, 3) for n in (1, -2, 4)]
    for a in (1, 2, 3):
        for b in (1, 2, 3):
            z = sympy.symbols("z1:4")
            total = sum(map(sympy.exp, z))
            truth = sympy.diff(sympy.exp(z[a - 1]) / total, z[b - 1]).subs(
                dict(zip(z, values, strict=True))
            )
            found = made.subs({I_: a, j: b, N_: 3}).doit()
            found = found.subs({Z[n]: v for n, v in enumerate(values, 1)})
            assert abs(sympy.N(found - truth, 30)) < 1e-25


M_ = sympy.Symbol("m", integer=True, positive=True)
R_ = sympy.Idx("r", M_)  # 0 … m-1, as SymPy has it
Y = sympy.IndexedBase("y", shape=(M_,))
FROM_ZERO = [
    (sympy.Sum(Y[R_] ** 2, R_), Y[J_]),
    (sympy.Sum(Y[K_] ** 2 * Z[K_], (K_, 0, M_ - 1)), Y[J_]),
    (sympy.log(sympy.Sum(sympy.exp(Y[K_]), (K_, 0, M_ - 1))), Y[J_]),
    (sympy.log(sympy.Sum(sympy.exp(Y[K_]), (K_, 0, M_ - 1))), Y[0]),
    (Y[0] * Y[1] ** 2 + Y[J_], Y[1]),
    (sympy.Sum((Y[K_ + 1] - Y[K_]) ** 2, (K_, 0, M_ - 2)), Y[J_]),
    (sympy.Sum(Y[K_] ** 3, (K_, 1, M_ - 1)) + Y[0], Y[J_]),
    (sympy.Sum(sympy.Piecewise((Y[K_] ** 2, K_ > 0), (Y[K_], True)), (K_, 0, M_ - 1)), Y[J_]),
    (sympy.Sum(sympy.Piecewise((Y[K_] ** 2, K_ >= 2), (0, True)), (K_, 0, M_ - 1)), Y[J_]),
]


@pytest.mark.parametrize(("function", "by"), FROM_ZERO, ids=str)
def test_indices_that_count_from_zero_do_so_in_the_answer(
    function: sympy.Expr, by: sympy.Indexed
) -> None:
    """Written out at m = 4 and differentiated by SymPy itself."""
    found = symderiv.derive(function, wrt=by).sympy
    y = sympy.symbols("y:4")
    values = {Z[n]: sympy.Rational(n + 2, 7) for n in range(4)}
    for a in (0, 1, 2, 3) if by == Y[J_] else (int(by.indices[0]),):
        for shown in (found, function):
            assert shown.has(Y)
        at = {J_: a, M_: 4}
        names = {sympy.IndexedBase("y", shape=(4,))[n]: y[n] for n in range(4)}
        truth = function.xreplace({R_: K_}).subs(at).doit().subs(names).subs(values).diff(y[a])
        ours = found.subs(at).doit().subs(names).subs(values)
        assert sympy.simplify(ours - truth) == 0


def test_symbols_come_back_after_a_renaming_on_the_page() -> None:
    a, b = sympy.symbols("a b", real=True)
    made = symderiv.derive(a * b**2, wrt=b, symbols={"a": "b", "b": "a"})
    assert "2 b a" in str(made)
    assert sympy.expand(made.sympy - 2 * a * b) == 0


def test_two_symbols_of_one_name_are_refused() -> None:
    with pytest.raises(Mistake, match="two different symbols are called x"):
        symderiv.derive(X**2, wrt=sympy.Symbol("x"))


@pytest.mark.parametrize(
    "expression",
    [sympy.oo, sympy.I * X, sympy.Function("f")(X), sympy.Integral(X, X), sympy.true,
     sympy.MatrixSymbol("A", 2, 2)[0, 1], sympy.factorial(X), sympy.zoo, sympy.nan,
     sympy.Piecewise((X, X > 1)), sympy.Symbol("a b"), sympy.Symbol("}\\end{x}"),
     sympy.Symbol("__class__"), sympy.Symbol(""), sympy.Symbol("x\n"), sympy.Derivative(X**2, X),
     sympy.ImmutableMatrix([X]), sympy.Tuple(X), sympy.Integer(3),
     sympy.Sum(Z[K_ + 2 * N_], (K_, 0, N_)), sympy.Sum(K_ * Z[K_], (K_, 0, N_)),
     sympy.Sum(Z[2 * K_], (K_, 0, N_)),
     sympy.GoldenRatio * X, sympy.Symbol("α") * 2, sympy.EmptySet, sympy.Dummy("x") ** 2,
     *(sympy.Symbol("w", **{kind: True}) * X for kind in ("imaginary", "infinite")),
     sympy.Symbol("w", commutative=False) * X, sympy.Symbol("w", real=False) + X,
     sympy.UnevaluatedExpr(X), sympy.Mod(A, B) * X, sympy.floor(A) * X, sympy.Limit(A * X, A, 0),
     sympy.Sum(sympy.Function("g")(K_) * X, (K_, 1, 3)), sympy.Lambda(X, X), sympy.Dict({X: 1})],
    ids=repr,
)  # fmt: skip
def test_sympy_that_is_not_in_the_language(expression: sympy.Basic) -> None:
    with pytest.raises(Mistake) as caught:
        symderiv.derive(expression, wrt=X)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("expression", "part"),
    [(sympy.floor(A) * X + 1, r"^floor\(a\), in x\*floor\(a\) \+ 1, has no place"),
     (sympy.Sum(sympy.gamma(Z[K_]), (K_, 1, N_)), r"^gamma\(z\[k\]\), in Sum"),
     (sympy.Symbol("pi") * X, "'pi' is the number pi"),
     (sympy.Symbol("exp") * X, "'exp' is a function"),
     (sympy.IndexedBase("sum")[K_] * X, "'sum' is a function"),
     (sympy.Symbol("if") * X, "'if' is a word of Python")],
    ids=str,
)  # fmt: skip
def test_what_has_no_place_is_named_where_it_stands(expression: sympy.Basic, part: str) -> None:
    with pytest.raises(Mistake, match=part):
        symderiv.derive(expression, wrt=X)


W1, W2, E_, LAM = sympy.symbols("w_1 w_2 e lambda", positive=True)


@pytest.mark.parametrize(
    ("expression", "by"),
    [(W1**2 * W2, W1), (W1**W2, W2), (E_**W1 * E_, E_), (E_**W1, W1), (LAM * W1**2, LAM),
     (sympy.exp(LAM * E_) / E_, E_)],
    ids=str,
)  # fmt: skip
def test_a_name_is_the_callers_whatever_it_means_in_a_text(
    expression: sympy.Expr, by: sympy.Symbol
) -> None:
    """In a text x_1*y is LaTeX, e**x the exponential, and lambda a word of Python."""
    made = symderiv.derive(expression, wrt=by, claim=sympy.diff(expression, by))
    assert str(made.claim.verdict.strength) == "proved"
    at = {W1: sympy.Rational(3, 2), W2: 2, E_: sympy.Rational(5, 3), LAM: 3}
    assert made.sympy.free_symbols <= expression.free_symbols
    assert abs(sympy.N((made.sympy - sympy.diff(expression, by)).subs(at), 30)) < 1e-25


T_ = sympy.Symbol("t", real=True)


@pytest.mark.parametrize(
    "expression",
    [sympy.Piecewise((T_**2, T_ > 1), (T_, T_ > 0), (0, True)),
     sympy.Piecewise((T_**3, sympy.And(T_ > 0, T_ < 1)), (T_**2, True)),
     sympy.Piecewise((T_**3, sympy.Or(T_ > 1, T_ < -1)), (sympy.sin(T_), T_ > 0), (1, True)),
     sympy.Heaviside(T_) * T_**2, sympy.sinc(T_), sympy.sec(T_), sympy.csc(T_), sympy.cot(T_),
     sympy.sech(T_), sympy.csch(T_), sympy.coth(T_) * T_],
    ids=str,
)  # fmt: skip
def test_cases_and_reciprocals_are_read_as_what_they_mean(expression: sympy.Expr) -> None:
    made = symderiv.derive(expression, wrt=T_).sympy
    for value in (-2, sympy.Rational(-1, 2), sympy.Rational(1, 3), 2):
        # a piece alone, which SymPy differentiates without a bracket beside it
        truth = sympy.diff(_piece(expression, value), T_)
        assert abs(sympy.N(made.subs(T_, value).doit() - truth.subs(T_, value), 30)) < 1e-25


def _piece(expression: sympy.Expr, value: sympy.Expr) -> sympy.Expr:
    """The formula that holds around a point."""
    found = expression.rewrite(sympy.Piecewise)
    for part in found.atoms(sympy.Piecewise):
        chosen = next(e for e, c in part.args if c == True or c.subs(T_, value) == True)  # noqa: E712
        found = found.subs(part, chosen)
    return found


@pytest.mark.parametrize(("text", "by"),
    [("max(x, 2)*x", "x"), ("relu(x)**2", "x"), ("abs(x)*x", "x"), ("where(x > 1, x, 0)", "x"),
     ("max(z[k], k)", "z[j]"), ("mean(z[k]**2, k)", "z[j]"), ("prod(z[k], k)", "z[j]"),
     ("sum(z[k]**2, k, k != i)", "z[j]"), ("min(z[k], k)**2/sum(z[k], k)", "z[j]"),
     ("p[i] = softmax(z)[i]; -sum(y[i]*log(p[i]), i)", "z[j]")],
)  # fmt: skip
def test_an_answer_goes_back_in_as_a_claim(text: str, by: str) -> None:
    made = symderiv.derive(text, wrt=by).sympy
    again = symderiv.derive(text, wrt=by, claim=made)
    assert str(again.claim.verdict.strength) == "proved"


def nested(inside: sympy.Expr) -> sympy.Expr:
    for _ in range(6):
        inside = sympy.atan(inside + sympy.Rational(1, 10))
    return inside


def worth(term: sympy.Basic, values: dict[int, sympy.Float], at: int) -> sympy.Expr:
    """The value of a term of Z at components, N = 3 and J = at; sums written out.

    In as many digits as the components have: SymPy works it out number by number.
    """
    if isinstance(term, sympy.Sum):
        ((index, low, high),) = term.limits
        ends = range(int(worth(low, values, at)), int(worth(high, values, at)) + 1)
        return sympy.Add(*(worth(term.function.subs(index, n), values, at) for n in ends))
    if isinstance(term, sympy.Indexed):
        return values[int(worth(term.indices[0], values, at))]
    if term.is_Symbol:
        return {"j": sympy.Integer(at), "N": sympy.Integer(3)}[term.name]
    return term.func(*(worth(a, values, at) for a in term.args)) if term.args else term


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("form", ["outside", "inside", "both", "part"])
def test_what_is_nested_deep_is_answered_in_what_was_given(form: str, first: int) -> None:
    """No name of ours, and every letter over its range, also where it counts from 0."""
    z, (i, j, k) = sympy.IndexedBase("z"), sympy.symbols("i j k", integer=True)
    n = sympy.Symbol("N", integer=True, positive=True)
    whole = (first, first + n - 1)
    match form:
        case "outside":
            given = nested(sympy.Sum(z[i] ** 2, (i, *whole)))
        case "inside":
            given = sympy.Sum(nested(z[i]) * z[i], (i, *whole))
        case "both":
            inner = nested(z[i]) * sympy.Sum(z[k] * z[i], (k, *whole))
            given = nested(sympy.Sum(inner, (i, *whole)))
        case _:
            given = nested(sympy.Sum(z[i] ** 3 * z[i + 1], (i, first, first + n - 2)))
    made = symderiv.derive(given, wrt=z[j])
    assert made.problem.stages
    answer = made.sympy
    assert {s.base for s in answer.atoms(sympy.Indexed)} == {z}
    assert answer.atoms(sympy.Symbol) <= {i, j, k, n, sympy.Symbol("z")}
    step = sympy.Float(10, 60) ** -12
    values = {m: sympy.Float(v, 60) for m, v in zip(range(-1, 6), ODD, strict=True)}
    for at in range(first, first + 3):
        up, down = ({**values, at: values[at] + d} for d in (step, -step))
        truth = (worth(given, up, at) - worth(given, down, at)) / (2 * step)
        assert abs(truth - worth(answer, values, at)) < 1e-15


ODD = ["1.29", "0.3", "-0.44", "0.7", "-0.2", "0.14", "0.89"]


# -- what is no request ------------------------------------------------------------------------

NO_TEXT = [None, b"x", 3, 3.5, 1j, [], ["x"], {"x": 1}, {"x"}, object(), str, float("nan"), True]
NO_NUMBER = ["3", 0, -1, 1.5, True, b"1", [1], sympy.Integer(2), 10**9]
REQUESTS = [
    *({"function": bad} for bad in NO_TEXT),
    *(
        {"wrt": bad}
        for bad in (*NO_TEXT[1:5], [], (), [None], [3], [b"x"], object(), "", " ", "x y")
    ),
    *({"assume": bad} for bad in (3, b"x > 0", [None], {"x": 1}, "x", "", "1 = 2", sympy.true)),
    *({"claim": bad} for bad in (3, b"x", [], "", "y", "x = 1", ["2*x"], 2.0)),
    *({"k": bad} for bad in NO_NUMBER),
    *({"target": bad} for bad in NO_NUMBER),
    *({"entry": bad} for bad in (3, "12", ["1"], [0], [True], b"12", {1: 2}, [1, 2, 3])),
    *({"route": bad} for bad in (3, b"product", "prodct", [])),
    *({"symbols": bad} for bad in ("x=y", {1: 2}, {"x": 2}, ["x"], 3, {"x": "}"}, {"x": ""})),
    *(
        {"symbols": {"x": bad}}
        for bad in ("a\nb", "__a", "1", "a b", "\\mathbf{a}b", "\\input{a}", "é", "e", "a" * 99)
    ),
    *({"soft": bad} for bad in (1, "yes", None, True)),
    *({"batch": bad} for bad in (2, "max", True, [], "mean")),
]


@pytest.mark.parametrize("wrong", REQUESTS, ids=lambda given: re.sub(r" at 0x\w+", "", repr(given)))
def test_what_is_no_request_is_a_sentence(wrong: dict[str, object]) -> None:
    given: dict[str, object] = {"function": "x**2", "wrt": "x", **wrong}
    with pytest.raises(Mistake) as caught:
        symderiv.derive(**given)
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "setting", [{"rules": "up"}, {"detail": 3}, {"width": "80"}, {"width": 5}, {"wide": 3}]
)
def test_what_is_no_setting_is_a_sentence(setting: dict[str, object]) -> None:
    with pytest.raises(Mistake):
        symderiv.derive("x**2", wrt="x").page("text", **setting)


POINTS = [
    [1, 2.5, -3], (1, 2.5, -3), ["1", "2.5", "-3"], np.array([1, 2.5, -3]), {"z": [1, 2.5, -3]},
    {"z": np.array([1, 2.5, -3])}, {"z": (1, np.float64(2.5), "-3")},
]  # fmt: skip


@pytest.mark.parametrize("at", POINTS, ids=repr)
def test_points_of_any_numbers(at: object) -> None:
    p = np.exp([1, 2.5, -3]) / np.exp([1, 2.5, -3]).sum()
    page = symderiv.softmax.jacobian(k=3).page(at=at)
    for value in p:
        assert f"{value:.6f}" in page


@pytest.mark.parametrize(
    "at",
    [[], {}, "1", 5, None, ["x"], [None], [float("inf")], [float("nan")], [1j], {"q": 1}, {1: 2},
     {"z": [[1, 2], [3]]}, {"z": "1,2,3"}, [[1, 2, 3]], {"z": {}}, np.ones((2, 2)), [b"1"], [True]],
    ids=repr,
)  # fmt: skip
def test_points_that_are_none(at: object) -> None:
    answer = symderiv.softmax.jacobian(k=3)
    if at is None:
        assert "At z" not in answer.page(at=at)
        return
    with pytest.raises(Mistake) as caught:
        answer.page(at=at)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: symderiv.softmax.jacobian(wrt="q"), "wrt q: no jacobian of softmax by 'q'"),
        (lambda: symderiv.jacobian(route="foo"), "route foo: softmax has no route 'foo'"),
        (lambda: symderiv.gradient("cross-entropy", k=3, target=7), "target 7: the labels run"),
        (lambda: symderiv.gradient("cross-entropy", soft=True, target=1), "target and soft: "),
        (lambda: symderiv.backprop("h = 2*x; h**2", wrt="q"), "wrt q: the network has no 'q'"),
        (lambda: symderiv.derive("x**2", wrt="x", symbols={"q": "r"}), "symbols q=r: there is"),
        (lambda: symderiv.softmax.gradient(), "has no gradient in the catalogue; it has 'jacob"),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_call(call: Callable[[], object], said: str) -> None:
    with pytest.raises(Mistake) as caught:
        call()
    assert said in str(caught.value)
    assert "--" not in str(caught.value)


def test_what_is_called_or_laid_out_elsewhere_is_named() -> None:
    with pytest.raises(TypeError, match=r"symderiv\.functions\.cross_entropy\(…\) computes"):
        symderiv.cross_entropy([1.0, 2.0], 0)
    with pytest.raises(TypeError, match=r"the answer's page takes it, page\(at=…\)"):
        symderiv.softmax.jacobian(at=[1, 2])


# -- claims beside the other options -----------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "strength"),
    [
        (lambda: symderiv.gradient("ce", claim="p[k] - delta(k,y)"), "proved"),
        (lambda: symderiv.gradient("ce", claim="p[k] - 1"), "refuted"),
        (lambda: symderiv.gradient("ce", target=2, claim="p[k] - delta(k,2)"), "proved"),
        (lambda: symderiv.gradient("ce", k=3, target=2, claim="p[k] - delta(k,2)"), "proved"),
        (lambda: symderiv.gradient("ce", k=3, target=2, claim="p[k] - delta(k,1)"), "refuted"),
        (lambda: symderiv.jacobian(k=3, entry=(1, 2), claim="-p[1]*p[2]"), "proved"),
        (lambda: symderiv.jacobian(k=3, entry=(1, 2), claim="p[i]*(delta(i,j) - p[j])"), "proved"),
        (lambda: symderiv.jacobian(k=3, entry=(1, 1), claim="-p[1]*p[1]"), "refuted"),
        (lambda: symderiv.jacobian(entry=(2, 2), claim="p[2]*(1 - p[2])"), "proved"),
        (lambda: symderiv.jacobian(k=3, entry=(1, 1), claim="p[1]*(p[2] + p[3])"), "proved"),
    ],
)
def test_a_claim_is_of_what_is_asked(made: object, strength: str) -> None:
    answer = made()  # type: ignore[operator]
    assert str(answer.claim.verdict.strength) == strength


# -- names and signatures ----------------------------------------------------------------------


def test_what_is_returned_and_raised_is_exported() -> None:
    made = symderiv.softmax.jacobian()
    assert isinstance(made, symderiv.Answer)
    assert isinstance(made, symderiv.Derivation)
    assert isinstance(made.steps[0], symderiv.Step)
    assert isinstance(made.steps[0].verdict, symderiv.Verdict)
    assert isinstance(made.strength, symderiv.Strength)
    for raised in (symderiv.Mistake, symderiv.ReadError, symderiv.Refusal, symderiv.Stuck):
        assert issubclass(raised, symderiv.SymderivError)
        assert raised.__doc__
    with pytest.raises(symderiv.SymderivError):
        symderiv.derive("sofmax(z)[i]", wrt="z[j]")


ALIASES = {
    "bce": "binary-cross-entropy", "ce": "cross-entropy", "nll": "cross-entropy",
    "layernorm": "layer-normalisation", "layer_norm": "layer-normalisation",
    "ln": "layer-normalisation", "swish": "silu", "Swish": "silu", "logistic": "sigmoid",
    "cross_entropy": "cross-entropy", "CROSS_ENTROPY": "cross-entropy", "mse": "mean-squared-error",
}  # fmt: skip


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_functions_are_found_by_usual_names(alias: str, name: str) -> None:
    assert getattr(symderiv, alias).name == name
    assert names.check_name(alias) == name


def test_every_function_of_the_catalogue_is_an_attribute_and_hides_no_module() -> None:
    for name in names.aliases():
        attribute = name.replace("-", "_")
        assert isinstance(getattr(symderiv, attribute), CatalogueFunction)
        assert attribute in dir(symderiv)
        assert find_spec(f"symderiv.{attribute}") is None


def test_one_signature_for_all_faces() -> None:
    fields_ = [f.name for f in fields(symderiv.Request)]
    for call in (symderiv.jacobian, symderiv.gradient, symderiv.hessian, symderiv.derive):
        signature = inspect.signature(call)
        assert list(signature.parameters) == fields_
        assert signature.return_annotation == "symderiv.Answer"
        assert all(f"\n{name} : " in str(call.__doc__) for name in fields_)
    method = inspect.signature(symderiv.softmax.gradient)
    assert list(method.parameters) == fields_[1:]
    of_networks = ("data", "loss")
    assert [name for name in ROWS if name not in of_networks] == fields_[1:]
    assert set(LAYOUT) <= {f.name for f in fields(Setting)}
    assert {*REQUEST, "function"} <= {*fields_}
    assert CHOICES["detail"] == tuple(DETAIL)


def test_function_has_a_docstring() -> None:
    said = str(symderiv.gradient("ce").function().__doc__)
    for part in ("Returns (..., K)", "z (..., K)", "y (...), labels from 0"):
        assert part in said
    assert symderiv.Answer.function.__doc__


def test_python_dash_m() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "symderiv", "--version"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, f"symderiv {symderiv.__version__}\n")


# -- what SymPy's printers show ----------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in catalogue.functions() if n != "vector-function"])
def test_sympy_prints_a_line_with_its_indices(name: str) -> None:
    """A name is never shown bare where it has indices, and never an inner head of ours."""
    function = catalogue.functions()[name]
    for derivative in function.derivatives:
        if not derivative.holds:
            continue
        made = answered(function.named(derivative))
        for line in made.lines:
            for shown in (str(line), repr(line), sympy.latex(line), sympy.pretty(line)):
                assert not re.search(r"Quantity|Times|Plus|Neg\b|Quotient|Power|Partial", shown)
                assert "None" not in shown
            named = {
                part.name
                for part in sympy.preorder_traversal(line)
                if isinstance(part, Quantity) and part.indices
            }
            for name_ in named:
                assert not re.search(rf"(?<!\w){name_}(?![\w\[])", str(line))


def test_components_of_pi_are_those_of_an_array_beside_the_number() -> None:
    answer = symderiv.derive("sum(pi[k]*x[k]**2, k)*pi", wrt="x[j]")
    assert str(answer.sympy) == "2*pi*pi_[j]*x[j]"
    value = answer.function()(np.array([2.0, 3.0]), np.array([1.0, 4.0]))
    assert np.allclose(value, 2 * np.pi * np.array([2.0, 12.0]), rtol=1e-14)
