"""Every derivation of the catalogue reaches its closed form, by each of its routes.

The entries are the parametrisation: one more file in the catalogue is tested here by being there.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sympy import Expr

import symderiv
from symderiv import catalogue
from symderiv.catalogue import Derivative, Function
from symderiv.catalogue.exceptions import exceptions
from symderiv.cli import run
from symderiv.derivation import Derivation
from symderiv.derivation.routes import ROUTES
from symderiv.derivation.textbook import Textbook
from symderiv.face.answering import answer_named
from symderiv.mistakes import Mistake
from symderiv.printers.text import text
from symderiv.reader import ReadError, read, read_claim
from symderiv.terms.factors import key
from symderiv.terms.verdict import Strength

pytestmark = pytest.mark.usefixtures("derived_once")

FUNCTIONS = catalogue.functions()

# Where the derivation ends in another writing of the closed form, which the judge proves equal.
OTHERWISE = {
    "softmax by product, jacobian in z": "multiplied out",
    "softmax-of-activations by quotient, jacobian in o": "a common factor",
}


def entries() -> Iterator[tuple[str, Function, Derivative, str]]:
    """A name, the function, its derivative and a route."""
    for function in FUNCTIONS.values():
        for derivative in function.derivatives:
            for route in function.routes:
                name = f"{function.name} by {route}, {derivative.kind} in {derivative.array}"
                yield name, function, derivative, route


ENTRIES = list(entries())
NAMES = [name for name, *_ in ENTRIES]


def columns(function: Function, derivative: Derivative) -> list[tuple[str, tuple[str, ...], str]]:
    """Formula, variables and closed form; of a vector of functions, one for each entry."""
    if isinstance(function.define, str):
        assert isinstance(derivative.closed_form, str)
        return [(function.define, derivative.wrt, derivative.closed_form)]
    pairs = [(formula, (x,)) for formula in function.define for x in derivative.wrt]
    return [(*pair, form) for pair, form in zip(pairs, derivative.closed_form, strict=True)]


@cache
def derived(
    formula: str, wrt: tuple[str, ...], assume: tuple[str, ...], route: str
) -> tuple[Textbook, Derivation]:
    problem = read(formula, wrt=wrt, assume=assume, library=catalogue.library())
    textbook = Textbook(problem, ROUTES[route])
    return textbook, textbook.derive()


@pytest.mark.parametrize(("name", "function", "derivative", "route"), ENTRIES, ids=NAMES)
def test_a_derivation_reaches_its_closed_form(
    name: str, function: Function, derivative: Derivative, route: str
) -> None:
    for formula, wrt, form in columns(function, derivative):
        textbook, derivation = derived(formula, wrt, function.assume, route)
        closed: Expr = read_claim(form, textbook.problem)
        verdict = textbook.judge(derivation.statement, closed).compare(derivation.answer, closed)
        assert {s.verdict.strength for s in derivation.steps} == {Strength.PROVED}
        if not derivative.holds:
            assert verdict.strength is Strength.REFUTED
            assert verdict.counterexample is not None
            continue
        assert verdict.strength is Strength.PROVED
        assert (key(derivation.answer) != key(closed)) == (name in OTHERWISE)


def test_every_other_writing_is_of_an_entry() -> None:
    assert set(NAMES) >= set(OTHERWISE)


def test_names_are_those_of_the_command_line_and_unlike() -> None:
    named = [f.named(d) for f in FUNCTIONS.values() for d in f.derivatives if d.holds]
    assert len(named) == len(set(named))
    for name in FUNCTIONS:
        assert name == name.lower()
        assert name.replace("-", "").isalnum()


def test_every_function_says_what_it_is() -> None:
    for function in FUNCTIONS.values():
        assert function.title
        assert function.derivatives
        assert set(function.routes) <= set(ROUTES)
        assert {d.kind for d in function.derivatives} <= {
            "derivative", "gradient", "jacobian", "hessian"
        }  # fmt: skip


def test_a_function_can_be_used_by_name_in_a_formula() -> None:
    by_name, _ = derived("softmax(z)[i]", ("z[j]",), (), "quotient")
    assert by_name.problem.stages
    assert "logsumexp" in catalogue.library()


def test_a_function_can_be_used_by_its_aliases_in_a_formula() -> None:
    by_alias = read("swish(x)", library=catalogue.library())
    assert by_alias.stages == read("silu(x)", library=catalogue.library()).stages
    assert by_alias.function == read("silu(x)", library=catalogue.library()).function


def test_what_is_assumed_of_a_number_is_not_needed_in_a_formula() -> None:
    """The definition is what it is without e > 0, which is for the closed form."""
    normal = symderiv.derive("layer_norm(x, c)[i]", wrt="x[j]")
    assert normal.strength is Strength.PROVED
    own = symderiv.layer_norm.jacobian()
    z = np.array([1.0, -2.0, 0.5, 4.0])
    np.testing.assert_allclose(normal.function()(z, 1e-5), own.function()(z, 1e-5), rtol=1e-13)


@pytest.mark.parametrize("text", ["kl(p, q)", "cross_entropy_soft(z, y)", "kld(p, q)"])
def test_what_is_assumed_of_an_array_no_formula_says(text: str) -> None:
    """The catalogue's kl is of scores, softmax(z): somebody else's kl(p, q) is another."""
    with pytest.raises(ReadError, match="unknown function"):
        read(text, library=catalogue.library())


def test_a_name_of_a_function_of_one_number_is_that_function() -> None:
    """ln is a name of layer normalisation, and of the logarithm."""
    assert "ln" not in catalogue.library()
    assert read("ln(x)", library=catalogue.library()).function == read("log(x)").function


# -- a stranger's entry ----------------------------------------------------------------------------

STRANGER = '''
"""The logistic function of a temperature."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="tempered-sigmoid",
    title="A sigmoid with a temperature",
    define="s = 1/(1 + exp(-x/T)); s",
    assume=("T > 0",),
    derivatives=(Derivative("derivative", ("x",), "s*(1 - s)/T"),),
)
'''


@pytest.fixture
def with_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One more folder on the catalogue's path."""
    folder = tmp_path / "strangers"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Functions of strangers."""\n')
    monkeypatch.setattr(catalogue, "__path__", [*catalogue.__path__, str(tmp_path)])
    catalogue._read.cache_clear()
    yield folder
    monkeypatch.undo()
    catalogue._read.cache_clear()
    package = f"{catalogue.__name__}.{folder.name}"
    for module in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[module]


def test_a_file_of_ten_lines_is_in_the_catalogue_by_being_there(with_a_folder: Path) -> None:
    assert STRANGER.strip().count("\n") <= 11
    (with_a_folder / "tempered_sigmoid.py").write_text(textwrap.dedent(STRANGER))
    function = catalogue.functions()["tempered-sigmoid"]
    assert set(catalogue.functions()) == {*FUNCTIONS, "tempered-sigmoid"}
    test_a_derivation_reaches_its_closed_form(
        "tempered-sigmoid by quotient, derivative in x",
        function,
        function.derivatives[0],
        "quotient",
    )


REFUSED = {
    "softmax": (STRANGER.replace("tempered-sigmoid", "softmax"), "named 'softmax' already"),
    "none": ("FUNCTIONS = ()", "no FUNCTION in it; FUNCTION = Function(...) is wanted"),
    "a word": ('FUNCTION = "softmax"', "FUNCTION is 'softmax'; FUNCTION = Function(...) is wanted"),
    "a bare assumption": (
        STRANGER.replace('("T > 0",)', '"T > 0"'),
        "assume is 'T > 0'; a tuple of texts is wanted; of one, write ('T > 0',)",
    ),
    "a bare variable": (
        STRANGER.replace('("x",)', '"x"'),
        "wrt is 'x'; a tuple of texts is wanted; of one, write ('x',)",
    ),
    "a bare derivative": (
        STRANGER.replace('s*(1 - s)/T"),)', 's*(1 - s)/T"))'),
        "a tuple of derivatives, Derivative(...) is wanted; of one, write (Derivative(",
    ),
    "no text": (STRANGER.replace('"s = 1/(1 + exp(-x/T)); s"', "7"), "define is 7; a text"),
    "no Python": ("FUNCTION = ", "it cannot be read: SyntaxError"),
    "a wrong name": (STRANGER.replace("title=", "tilte="), "it cannot be read: TypeError"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_holds_no_function_is_refused_by_name(with_a_folder: Path, case: str) -> None:
    """And breaks nothing else: every other function is there."""
    text, sentence = REFUSED[case]
    (with_a_folder / "un_fit.py").write_text(text)
    assert dict(catalogue.functions()) == dict(FUNCTIONS)
    (said,) = catalogue.refused().values()
    assert said.startswith("catalogue/strangers/un_fit.py: ")
    assert sentence in said
    assert "\n" not in said
    with pytest.raises(Mistake, match=r"catalogue/strangers/un_fit\.py: "):
        symderiv.gradient("un-fit")
    assert symderiv.gradient("softplus").steps


def test_the_list_speaks_of_a_file_that_holds_no_function(
    with_a_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (with_a_folder / "un_fit.py").write_text("FUNCTIONS = ()")
    assert run(["list"]) == 1
    shown, said = capsys.readouterr()
    assert "softmax" in shown
    assert said == f"symderiv: {catalogue.refused()['un-fit']}\n"


def test_no_file_of_ours_is_refused() -> None:
    assert catalogue.refused() == {}


# -- exceptions ------------------------------------------------------------------------------------


def test_exceptions_are_found_and_not_typed() -> None:
    found = {}
    for function in FUNCTIONS.values():
        for derivative in function.derivatives:
            forms = derivative.closed_form
            places = exceptions(
                (function.define,) if isinstance(function.define, str) else function.define,
                derivative.wrt,
                (forms,) if isinstance(forms, str) else forms,
                function.assume,
            )
            if places and derivative.holds:
                found[function.name] = places
    assert found == {
        "relu": ("x = 0",),
        "two-layer": ("Σ_d U_{md} x_d + cₘ = 0",),
        "hinge": ("sₖ − s_y + 1 = 0",),
    }


LISTED = {
    function.named(derivative): derivative.closed_form
    for function in FUNCTIONS.values()
    for derivative in function.derivatives
    if derivative.holds
}


@pytest.mark.parametrize("name", LISTED)
def test_list_page_and_index_show_one_formula(name: str) -> None:
    """The closed form of the list is the answer of the page, in its order and its letters."""
    answer = answer_named(name)
    form = LISTED[name]
    forms = (form,) if isinstance(form, str) else form
    shown = [text(term) for row in answer.rows or ((answer.answer,),) for term in row]
    assert [text(read_claim(form, answer.problem)) for form in forms] == shown


def test_the_norm_of_a_vector_is_read_beside_components() -> None:
    short, long = (
        "norm(x)*y[1] + norm(A[2,:])",
        "sqrt(sum(x[k]**2, k))*y[1] + sqrt(sum(A[2,k]**2, k))",
    )
    assert read(short, library=catalogue.library()).function == read(long).function
    with pytest.raises(ReadError, match="'A' has 2 indices"):
        read("norm(A)*A[1,2]", library=catalogue.library())
