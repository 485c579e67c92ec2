"""Derivations as JSON: the schema that users may rely on, the neutral tree, and its size."""

from __future__ import annotations

import json
from collections.abc import Callable

import jsonschema
import pytest
import sympy
from sympy import Eq, Symbol

import symderiv
from symderiv import terms
from symderiv.derivation import Derivation, Step
from symderiv.rules.registry import Law
from symderiv.serialisation import as_data, as_json, schema
from symderiv.terms import D, Quantity, Quotient, component, delta, exp, letter, size, summation
from symderiv.terms.neutral import neutral
from symderiv.terms.problem import Definition, Fact, Problem
from symderiv.terms.verdict import Counterexample, Strength, Verdict

pytestmark = pytest.mark.usefixtures("derived_once")

SCHEMA = schema()

i, j, k, K = letter("i"), letter("j"), letter("k"), size("K")


def z(index: sympy.Expr) -> sympy.Indexed:
    return component("z", index)


def small() -> Derivation:
    """A derivation made by hand, with everything that the schema knows."""
    p = Quantity(Symbol("p"), i)
    body = Quotient(exp(z(i)), summation(exp(z(k)), k, K))
    one = Fact(Eq(summation(component("y", i), i, K), 1, evaluate=False))
    problem = Problem(p, (z(j),), (Definition(p, body),), facts=(one,), labels=frozenset("y"))
    statement, second = D(p, z(j)), D(body, z(j))
    wrong = Counterexample({"K": 2}, {"i": 1, "j": 2}, {"z[1]": "1/2"}, "0", "0.25")
    steps = (
        Step(
            statement,
            "definition of p",
            (),
            second,
            Verdict(Strength.PROVED, (one,)),
            ("definition",),
        ),
        Step(
            second,
            "guess",
            (Law("a", "b"),),
            delta(i, j),
            Verdict(Strength.REFUTED, (), (2,), wrong, "K = 2"),
            ("guess",),
        ),
    )
    lemma = Derivation("lemma", "A lemma", problem, statement, steps[:1])
    return Derivation("d", "A derivation", problem, statement, steps, (lemma,), ("x = 0",))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_derivation_obeys_the_schema() -> None:
    data = as_data(small())
    jsonschema.validate(json.loads(json.dumps(data)), SCHEMA)
    assert data["verdict"] == "refuted"
    assert data["counterexample"]["right"] == "0.25"
    assert data["answer"]["latex"] == r"\delta_{ij}"
    assert [step["rules"] for step in data["steps"]] == [["definition"], ["guess"]]


@pytest.mark.parametrize(
    "made",
    [
        lambda: symderiv.jacobian("softmax", k=3),
        lambda: symderiv.jacobian("vector-function"),
        lambda: symderiv.gradient("cross-entropy", wrt="W"),
        lambda: symderiv.gradient("cross-entropy", k=3, target=2),
        lambda: symderiv.hessian("cross-entropy", soft=True),
        lambda: symderiv.derive("-log(softmax(z)[y])", wrt="z[k]", claim="softmax(z)[k]"),
    ],
)
def test_what_the_faces_give_obeys_the_schema(made: Callable[[], Derivation]) -> None:
    data = json.loads(json.dumps(as_data(made())))
    jsonschema.validate(data, SCHEMA)


def test_values_and_matrix() -> None:
    data = json.loads(json.dumps(as_data(symderiv.jacobian(k=3), point=("1", "2", "3"))))
    jsonschema.validate(data, SCHEMA)
    assert [len(row) for row in data["matrix"]] == [3, 3, 3]
    assert data["values"]["p"][2] == pytest.approx(0.6652409557748219, abs=1e-16)
    assert data["values"]["J"][0][1] == pytest.approx(-0.0220330, abs=1e-6)
    assert as_data(symderiv.jacobian(k=30))["matrix"] is None


def test_a_wrong_claim_has_its_counterexample_on_top() -> None:
    made = symderiv.derive("-log(softmax(z)[y])", wrt="z[k]", claim="softmax(z)[k]")
    data = as_data(made)
    assert data["verdict"] == "refuted"
    assert data["counterexample"] == data["claim"]["verdict"]["counterexample"]


def test_every_line_is_a_neutral_tree() -> None:
    data = as_data(small())
    assert data["statement"]["tree"] == ["d", ["at", "p", "i"], ["at", "z", "j"]]
    whole = ["sum", ["exp", ["at", "z", "k"]], "k", 1, "K"]
    body = ["/", ["exp", ["at", "z", "i"]], whole]
    assert [step["tree"] for step in data["steps"]] == [
        ["d", body, ["at", "z", "j"]],
        ["delta", "i", "j"],
    ]
    assert data["stages"][0]["body"] == body
    assert data["facts"][0]["relation"] == ["=", ["sum", ["at", "y", "i"], "i", 1, "K"], 1]
    assert data["steps"][0]["verdict"]["facts"] == [1]
    assert data["answer"]["tree"] == data["steps"][-1]["tree"]


@pytest.mark.parametrize(
    ("term", "tree"),
    [
        (sympy.Rational(-1, 2), ["/", -1, 2]),
        (terms.size("K"), "K"),
        (Symbol("x"), ["at", "x"]),
        (sympy.pi, ["pi"]),
        (sympy.E, ["exp", 1]),
        (z(i + 1), ["at", "z", ["+", 1, "i"]]),
        (z(component("y", i)), ["at", "z", ["at", "y", "i"]]),
        (terms.Neg(terms.Power(z(i), sympy.Integer(2))), ["-", ["^", ["at", "z", "i"], 2]]),
        (terms.Iverson(sympy.Ge(z(i), 0)), ["iverson", [">=", ["at", "z", "i"], 0]]),
        (terms.minimum_over(z(k), k, K), ["smallest", ["at", "z", "k"], "k", 1, "K"]),
        (sympy.Abs(Symbol("x", real=True)), ["abs", ["at", "x"]]),
        (sympy.Max(Symbol("x"), Symbol("y")), ["max", ["at", "x"], ["at", "y"]]),
        (terms.relu(z(i)), ["relu", ["at", "z", "i"]]),
        (
            sympy.Sum(z(i) * z(j), (i, 1, j), (j, 1, K)),
            ["sum", ["sum", ["*", ["at", "z", "i"], ["at", "z", "j"]], "i", 1, "j"], "j", 1, "K"],
        ),
        (
            sympy.Derivative(sympy.exp(Symbol("x")), (Symbol("x"), 2)),
            ["d", ["d", ["exp", ["at", "x"]], ["at", "x"]], ["at", "x"]],
        ),
    ],
    ids=str,
)
def test_a_term_as_a_neutral_tree(term: sympy.Basic, tree: object) -> None:
    assert neutral(term) == tree


@pytest.mark.parametrize(
    "term", [sympy.Float(0.5), sympy.Piecewise((1, sympy.Gt(i, 1)), (0, True))]
)
def test_what_has_no_neutral_form_is_refused(term: sympy.Basic) -> None:
    with pytest.raises(ValueError, match="no neutral form"):
        neutral(term)


def test_the_text_is_small_and_has_a_line_of_the_derivation_a_line() -> None:
    data = as_data(symderiv.jacobian(k=3))
    compact = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    assert len(compact.encode()) <= 48_000 // 5  # what SymPy's srepr took
    written = as_json(data)
    assert len(written.encode()) <= 48 * 1024 // 5
    assert json.loads(written) == data
    rows = [row for row in written.splitlines() if row.lstrip().startswith('{"rule"')]
    assert len(rows) == len(data["steps"]) + sum(
        len(case["derivation"]["steps"]) for case in data["cases"]
    )


def test_an_inner_derivation_leaves_out_what_is_as_outside() -> None:
    data = as_data(symderiv.gradient("cross-entropy", soft=True))
    (lemma,) = data["lemmas"]
    assert "stages" not in lemma
    assert "facts" not in lemma
    assert lemma["steps"]


def test_the_schema_refuses_what_is_not_a_derivation() -> None:
    data = as_data(small())
    wrong = [
        {**data, "schema": "symderiv.derivation/1"},
        {**data, "more": 1},
        {**data, "statement": {**data["statement"], "tree": [1, 2]}},
        {**data, "statement": {**data["statement"], "tree": 0.5}},
        {key: value for key, value in data.items() if key != "steps"},
    ]
    for each in wrong:
        assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(each)


def test_places_without_a_derivative_are_said() -> None:
    found = as_data(symderiv.derive("abs(x) + max(x, a, b)", wrt="x"))
    assert found["exceptions"] == ["x = 0", "x = max(a, b)"]
    found = as_data(symderiv.derive("max(z[i], i)", wrt="z[j]"))
    assert found["exceptions"] == ["two of zᵢ tie for maxᵢ zᵢ"]
    assert "Maximum" in found["answer"]["sympy"]
