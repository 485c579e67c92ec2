"""Functions of one number: each is read, derived, judged, printed and emitted by being there.

The register is the parametrisation.  The oracle is mpmath: difference quotients of the function as
its own `mpmath` spelling gives it, and values of the NumPy spelling.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from mpmath import mp, mpf
from sympy import Expr, Symbol, oo

import symderiv
from symderiv import elementwise, recheck
from symderiv.atoms import ATOMS
from symderiv.elementwise import (
    DEFINED,
    FUNCTIONS,
    NAMED,
    Defined,
    Elementwise,
    numbers_in,
    of_head,
)
from symderiv.judge import Judge
from symderiv.judge.attack.arithmetic import Floats
from symderiv.judge.attack.duals import Dual, call, written
from symderiv.judge.balls import Ball
from symderiv.judge.known import KNOWN, formula_of
from symderiv.mistakes import Mistake
from symderiv.printers.latex import latex
from symderiv.printers.speech import speech
from symderiv.printers.text import text
from symderiv.printers.typst import typst
from symderiv.reader import ReadError, formula, of_scalars, read, read_claim
from symderiv.rules.order import RULES
from symderiv.terms import D, function_of, release
from symderiv.terms.factors import key
from symderiv.terms.verdict import Strength
from tests.target_libraries import LIBRARIES

x = Symbol("x")
TARGETS = [one for one in LIBRARIES if one.name in ("strict", "torch", "jax, jitted")]
EVERY = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
EACH_DEFINED = pytest.mark.parametrize("function", DEFINED.values(), ids=DEFINED)


def points(function: Elementwise | Defined) -> Iterator[Fraction]:
    """Points of the domain: near its ends and far out, none of them a kink."""
    low, high = function.domain.start, function.domain.end
    kinks = {kink.at for kink in getattr(function, "kinks", ())}
    for n in (-40, -3, -1, 0, 1, 3, 40):
        for shift in (Fraction(0), Fraction(-1, 7), Fraction(1, 1000)):
            at = n + shift
            if low < at < high and at not in kinks:
                yield at


def spelled(function: Elementwise, target: str, **names: Any) -> Any:
    """The value of a program's spelling."""
    return eval(function.spellings[target], {"__builtins__": {"abs": abs, "max": max}}, names)


def exact(function: Elementwise, at: Any) -> Any:
    return spelled(function, "mpmath", x=at, mpmath=mpmath)


def slope(function: Elementwise, at: Fraction) -> Any:
    """The derivative of the mpmath spelling, by central differences to about 30 digits."""
    step = mpf(10) ** -20
    middle = mpf(at.numerator) / at.denominator
    return (exact(function, middle + step) - exact(function, middle - step)) / (2 * step)


def by_sympy(term: Expr, at: Fraction) -> Any:
    """The value of a term of ours, at a point, as ordinary SymPy."""
    plain = release(term).subs(x, sympy.Rational(at.numerator, at.denominator)).doit()
    return mpf(str(plain.evalf(40)))


# -- the register ----------------------------------------------------------------------------------


def test_every_name_leads_to_one_function() -> None:
    assert set(NAMED) == {
        name for f in (*FUNCTIONS.values(), *DEFINED.values()) for name in f.names
    }
    assert all(name.isidentifier() for name in NAMED)


@EVERY
def test_a_head_belongs_to_one_function(function: Elementwise) -> None:
    assert of_head(function.head) is function
    assert sum(f.head is function.head for f in FUNCTIONS.values()) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("X = 1", "no FUNCTION in it; FUNCTION = Elementwise(...) or Defined(...) is wanted"),
        ("FUNCTION = 'atan'", "FUNCTION is 'atan'; FUNCTION = Elementwise(...)"),
        (Path(elementwise.__path__[0], "atan.py").read_text(), "a function named 'atan' already"),
    ],
    ids=["none", "a word", "one that is there"],
)
def test_a_file_that_holds_no_function_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    (tmp_path / "zz_stranger.py").write_text(text)
    monkeypatch.setattr(elementwise, "__path__", [*elementwise.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "symderiv.elementwise.zz_stranger", raising=False)
    with pytest.raises(Mistake) as caught:
        elementwise._entries()
    assert str(caught.value).startswith("elementwise/zz_stranger.py: ")
    assert sentence in str(caught.value)


def test_what_is_no_function_of_one_number_has_no_entry() -> None:
    assert of_head(sympy.Max) is None
    assert of_head(sympy.gamma) is None


# -- reading ---------------------------------------------------------------------------------------


@EVERY
def test_every_name_is_read_and_written_back(function: Elementwise) -> None:
    held = function_of(function.head, x)
    for name in function.names:
        assert read(f"{name}(x)").function == held
    assert formula(held) == f"{function.name}(x)"
    assert read(formula(held)).function == held


@pytest.mark.parametrize(
    ("alias", "meant"),
    [
        ("ln(x)", "log(x)"),
        ("logistic(x)", "sigmoid(x)"),
        ("arctan(x)", "atan(x)"),
        ("arcosh(x)", "acosh(x)"),
        ("clamp(x, 0, 1)", "clip(x, 0, 1)"),
        ("hard_tanh(x)", "hardtanh(x)"),
        ("sgn(x)", "sign(x)"),
        ("log2(x)", "log(x)/log(2)"),
        ("log10(x)", "log(x)/log(10)"),
        ("log1p(x)", "log(1 + x)"),
        ("expm1(x)", "exp(x) - 1"),
        ("sqrt(x)", "x**(1/2)"),
        ("softsign(y)", "y/(1 + abs(y))"),
        ("mish(x + a)", "(x + a)*tanh(softplus(x + a))"),
        ("clip(a, b, x)", "min(max(a, b), x)"),
        ("elu(x)", "elu(x, 1)"),
        ("celu(x, a)", "iverson(x > 0)*x + iverson(x <= 0)*a*(exp(x/a) - 1)"),
        ("hard_sigmoid(x)", "clip(x + 3, 0, 6)/6"),
        ("hardswish(x)", "x*relu6(x + 3)/6"),
        ("logit(x)", "log(x/(1 - x))"),
        ("sech(x)", "1/cosh(x)"),
        ("leaky_relu(a, x)", "iverson(a > 0)*a + iverson(a <= 0)*x*a"),
        ("where(x > 0, a, b)", "iverson(x > 0)*a + iverson(x <= 0)*b"),
        ("where(x == 0, 1, b)", "iverson(x == 0)*1 + iverson(x != 0)*b"),
        ("where(x >= 1, 0, x)", "iverson(x < 1)*x"),
        ("sum(where(k >= j, z[k], 0), k)", "sum(iverson(k >= j)*z[k], k)"),
        ("sum(mish(z[k]), k)", "sum(z[k]*tanh(softplus(z[k])), k)"),
    ],
)
def test_a_name_answers_by_what_it_means(alias: str, meant: str) -> None:
    assert key(read(alias, wrt=()).function) == key(read(meant, wrt=()).function)


@pytest.mark.parametrize("text", ["elu(x)", "elu(x, 1)", "celu(x)"])
def test_a_number_that_is_put_in_leaves_no_factor_1(text: str) -> None:
    written = "iverson(x > 0)*x + iverson(x <= 0)*(exp(x) - 1)"
    assert read(text, wrt=()).function == read(written, wrt=()).function


def test_the_scale_of_selu_keeps_mean_0_and_variance_1() -> None:
    selu = compile(DEFINED["selu"].formula, "selu", "eval")

    def moment(n: int) -> mpf:
        def each(at: mpf) -> mpf:
            value = eval(selu, {"x": at, "iverson": int, "exp": mpmath.exp})
            return value**n * mpmath.npdf(at)

        return mpmath.quad(each, [-12, -4, 0, 4, 12])

    assert abs(moment(1)) < 1e-12
    assert abs(moment(2) - 1) < 1e-12


def test_a_function_that_is_written_out_may_also_be_a_name_of_the_users() -> None:
    problem = read("elu[i] = z[i]**2; sum(elu[i]*mish, i)", wrt=("z[j]",))
    assert problem.definition("elu") is not None
    with pytest.raises(ReadError, match="'tanh' is a function"):
        read("tanh[i] = z[i]**2; sum(tanh[i], i)")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("asin(2)", "this argument of asin is 2; asin takes a number from -1 to 1"),
        ("arccos(-3/2)", "this argument of arccos is -3/2"),
        ("acosh(1/2)", "takes a number not below 1"),
        ("atanh(1)", "takes a number between -1 and 1"),
        ("log1p(-1)", "takes a number above -1"),
        ("ln(0)", "this argument of ln is 0; ln takes a positive number"),
        ("sqrt(-1)", "takes a number that is not negative"),
        ("clip(x)", "clip takes 3 arguments, clip(x, a, b), not 1"),
        ("leaky_relu(x)", "leaky_relu takes 2 arguments, leaky_relu(x, a), not 1"),
        ("atan(x, y)", "atan takes 1 argument, not 2"),
        ("elu(x, 1, 2)", "elu takes 1 or 2 arguments, elu(x, a), not 3"),
        ("logit(2)", "logit takes a number between 0 and 1"),
        ("where(x > 0, x)", "where takes a comparison and two terms"),
        ("where(x, x, x)", "this is no comparison"),
        ("where(0 < x < 1, x, x)", "one comparison at a time"),
        ("atn(x)", "did you mean 'atan'?"),
        ("leakyrelu(x, a)", "did you mean 'leaky_relu'?"),
    ],
)
def test_refusals(text: str, sentence: str) -> None:
    with pytest.raises(ReadError) as refused:
        read(text)
    assert sentence in refused.value.message


def test_domains_in_words() -> None:
    assert {numbers_in(f.domain) for f in NAMED.values() if f.domain.start != -oo} == {
        "a positive number", "a number that is not negative", "a number above -1",
        "a number not below 1", "a number from -1 to 1", "a number between -1 and 1",
        "a number between 0 and 1",
    }  # fmt: skip


# -- derivatives -----------------------------------------------------------------------------------


@EVERY
def test_the_derivative_is_that_of_the_function(function: Elementwise) -> None:
    tried = 0
    with mp.workdps(60):
        for at in points(function):
            expected = slope(function, at)
            found = by_sympy(of_scalars(function.derivative), at)
            assert abs(found - expected) <= mpf(10) ** -15 * (1 + abs(expected)), at
            tried += 1
    assert tried >= 3


@EVERY
def test_a_derivation_ends_in_it_and_the_judge_proves_every_line(function: Elementwise) -> None:
    derivation = symderiv.derive(f"{function.name}(a + x/(1 + x**2))", wrt="x")
    assert derivation.strength is Strength.PROVED
    used = [identifier for step in derivation.steps for identifier in step.identifiers]
    assert used[0] == f"derivative-of-{function.name}"
    assert set(used) <= set(RULES)


@EVERY
def test_the_judge_knows_better(function: Elementwise) -> None:
    """Twice the derivative is refuted, with a point."""
    problem = read(f"{function.name}(x)", wrt=("x",))
    claim = f"1 + ({function.derivative})"
    verdict = Judge(problem).compare(D(problem.function, x), read_claim(claim, problem))
    assert verdict.strength is Strength.REFUTED
    assert verdict.counterexample is not None


def test_the_judge_has_its_own_values() -> None:
    """Doubles, and numbers with a bound on their error that holds; three are made of brackets."""
    assert set(FUNCTIONS) - set(KNOWN) == {"abs", "sign", "relu", "sqrt"} & set(FUNCTIONS)
    for name, row in KNOWN.items():
        for at in points(FUNCTIONS[name]):
            with mp.workdps(50):
                middle = mpf(at.numerator) / at.denominator
                expected = exact(FUNCTIONS[name], middle)
            with mp.workdps(30):
                ball = row.ball(Ball(+middle, abs(middle) * mp.eps))
                assert abs(ball.middle - expected) <= ball.error
                assert ball.error <= mpf(10) ** -20 * (1 + abs(expected))
            with np.errstate(over="ignore"):
                quick = float(row.values(np.float64(float(at))))
            assert math.isclose(quick, float(expected), rel_tol=1e-10, abs_tol=1e-14)


def test_the_witness_has_its_own_values() -> None:
    """Every function that a page may hold can be checked again from its JSON."""
    assert set(FUNCTIONS) == set(recheck.FUNCTIONS)
    for name, function in FUNCTIONS.items():
        for at in points(function):
            with mp.workdps(50):
                expected = Decimal(str(exact(function, mpf(at.numerator) / at.denominator)))
            with localcontext(Context(prec=recheck.DIGITS, traps=[])):
                found = recheck.FUNCTIONS[name](Decimal(at.numerator) / at.denominator)
                assert abs(found - expected) <= Decimal("1e-15") * (1 + abs(expected)), (name, at)


def test_the_judge_follows_tangents_by_slopes_of_its_own() -> None:
    """The derivative that the attack follows is that of the function, by mpmath's differences."""
    for name, row in KNOWN.items():
        for at in points(FUNCTIONS[name]):
            with mp.workdps(50):
                middle = mpf(at.numerator) / at.denominator
                expected = mp.diff(lambda x, n=name: exact(FUNCTIONS[n], x), middle)
            with np.errstate(all="ignore"):
                start = Dual(1, np.float64(float(at)), np.float64(1.0))
                moved = call(Floats(), name, start).tangent
                slope = written(Floats(), formula_of(row.tangent), np.float64(float(at)))
            assert math.isclose(float(moved), float(expected), rel_tol=1e-8, abs_tol=1e-12)
            assert float(moved) == float(slope)


@pytest.mark.parametrize(
    ("name", "at", "why"),
    [
        ("asin", 2, "unreal"), ("acos", -2, "unreal"), ("acosh", 0, "unreal"),
        ("atanh", 3, "unreal"), ("atanh", 1, "undefined"), ("asin", 1, ""), ("acosh", 1, ""),
        ("cbrt", 0, ""), ("cbrt", -8, ""),
    ],
)  # fmt: skip
def test_the_judge_knows_the_domains(name: str, at: int, why: str) -> None:
    assert KNOWN[name].ball(Ball(mpf(at))).why == why


@EACH_DEFINED
def test_a_function_that_is_written_out_is_derived_and_proved(function: Defined) -> None:
    call = f"{function.name}({', '.join(function.arguments)})"
    assert symderiv.derive(call, wrt="x").strength in (Strength.PROVED, Strength.EXACT)


# -- printed forms ---------------------------------------------------------------------------------


@EVERY
def test_every_target_prints_it(function: Elementwise) -> None:
    term = function_of(function.head, x)
    for spell in (text, latex, typst, speech):
        said = spell(term)
        assert said
        assert "Function" not in said
    assert text(term, ascii=True).isascii()
    assert speech(term).replace(" ", "").replace("^", "").isalnum()
    assert latex(term).count("{") == latex(term).count("}")


@pytest.mark.parametrize(
    ("formula", "line", "tex", "words"),
    [
        ("atan(x)", "arctan x", r"\arctan x", "arc tangent of x"),
        ("asinh(x)", "arsinh(x)", r"\mathrm{arsinh}(x)", "inverse hyperbolic sine of x"),
        ("cbrt(x + 1)", "cbrt(x + 1)", r"\mathrm{cbrt}(x + 1)", "the cube root of (x plus 1)"),
        ("sigmoid(x)", "σ(x)", r"\sigma(x)", "sigma of x"),
        ("erfc(x)", "erfc(x)", r"\mathrm{erfc}(x)", "erfc of x"),
        ("log(x)", "log x", r"\log x", "log of x"),
    ],
)
def test_how_they_look(formula: str, line: str, tex: str, words: str) -> None:
    term = read(formula).function
    assert (text(term), latex(term), speech(term)) == (line, tex, words)


# -- programs --------------------------------------------------------------------------------------


@EVERY
def test_the_numpy_spelling_has_its_value(function: Elementwise) -> None:
    for at in points(function):
        at = Fraction(float(at))
        with mp.workdps(40):
            expected = float(exact(function, mpf(at.numerator) / at.denominator))
        with np.errstate(over="ignore"):
            array = np.array([float(at)])
            own = {f"_{a.name}": a.function for a in ATOMS.values()}
            names = {"np": np, **own, "x": array}
            (found,) = eval(function.spellings["numpy"], {}, names)
        assert math.isclose(found, expected, rel_tol=1e-13, abs_tol=1e-300), at


@EVERY
def test_a_program_is_made_and_is_right(function: Elementwise) -> None:
    inner = {"acosh": "2 + x**2"}.get(function.name, "x/(1 + x**2)")
    if function.domain.start == 0:
        inner = "1 + x**2"
    made = symderiv.derive(f"x**2 + {function.name}({inner})", wrt="x").function()
    problem = read(f"{function.name}({inner})", wrt=("x",))
    for at in (-1.5, 0.25, 3.0):
        with mp.workdps(50):
            step = mpf(10) ** -20

            def whole(n: Any) -> Any:
                within = problem.function.args[0]
                return exact(function, mpf(str(release(within).subs(x, n).evalf(50))))

            middle = sympy.Float(at, 50)
            up, down = (whole(middle + s * sympy.Float(str(step), 50)) for s in (1, -1))
            expected = 2 * at + float((up - down) / (2 * step))
        assert math.isclose(float(made(x=at)), expected, rel_tol=1e-9, abs_tol=1e-12)


@EVERY
def test_every_target_has_its_value_and_slope(
    function: Elementwise, needs: Callable[[str], None]
) -> None:
    """The derivative as each target's function gives it, and the function as it is written out."""
    answer = symderiv.derive(f"{function.name}(x)", wrt="x")
    value = symderiv.derive(f"a*{function.name}(x)", wrt="a")
    at = [float(p) for p in points(function) if abs(p) < 10]
    with mp.workdps(60):
        values = [float(exact(function, mpf(p))) for p in at]
        slopes = [float(slope(function, Fraction(p))) for p in at]
    for made, wanted in ((value, values), (answer, slopes)):
        for library in TARGETS:
            for package in library.needs:
                needs(f"python:{package}")
            run = library.run(made.function(target=library.target))
            found = library.get(run(x=library.put(np.array(at))))
            np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-15)


def test_a_spelling_is_an_expression_in_x() -> None:
    for function in FUNCTIONS.values():
        for target in ("numpy", "mpmath"):
            names = {
                n for n in compile(function.spellings[target], "", "eval").co_names
                if n not in ("np", "mpmath")
            }  # fmt: skip
            assert "x" in names, (function.name, target)
