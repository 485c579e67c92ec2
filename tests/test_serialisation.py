"""Derivations as JSON: the schema that users may rely on, and that lines can be read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import sympy
from sympy import Eq, Symbol

import symderiv
from symderiv import terms
from symderiv.derivation import Derivation, Step
from symderiv.rules.registry import Law
from symderiv.serialisation import as_data
from symderiv.terms import D, Quantity, Quotient, component, delta, exp, letter, size, summation
from symderiv.terms.letters import same
from symderiv.terms.problem import Definition, Fact, Problem
from symderiv.terms.verdict import Counterexample, Strength, Verdict

TERM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text", "latex", "srepr", "sympy"],
    "properties": {k: {"type": "string"} for k in ("text", "latex", "srepr", "sympy")},
}
STRENGTH = {"enum": [str(s) for s in Strength]}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$ref": "#/$defs/derivation",
    "$defs": {
        "term": TERM,
        "fact": {
            "type": "object",
            "additionalProperties": False,
            "required": ["relation", "proved"],
            "properties": {"relation": {"$ref": "#/$defs/term"}, "proved": {"type": "boolean"}},
        },
        "counterexample": {
            "type": ["object", "null"],
            "additionalProperties": False,
            "required": ["sizes", "indices", "point", "left", "right"],
            "properties": {
                "sizes": {"type": "object", "additionalProperties": {"type": "integer"}},
                "indices": {"type": "object", "additionalProperties": {"type": "integer"}},
                "point": {"type": "object", "additionalProperties": {"type": "string"}},
                "left": {"type": "string"},
                "right": {"type": "string"},
            },
        },
        "verdict": {
            "type": "object",
            "additionalProperties": False,
            "required": ["strength", "sizes", "note", "counterexample"],
            "properties": {
                "strength": STRENGTH,
                "sizes": {"type": "array", "items": {"type": "integer"}},
                "note": {"type": "string"},
                "counterexample": {"$ref": "#/$defs/counterexample"},
            },
        },
        "step": {
            "type": "object",
            "additionalProperties": False,
            "required": [
                *(
                    "number",
                    "rule",
                    "identifiers",
                    "law",
                    "before",
                    "after",
                    "assumptions",
                    "verdict",
                )
            ],
            "properties": {
                "number": {"type": "integer", "minimum": 1},
                "rule": {"type": "string", "minLength": 1},
                "identifiers": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
                },
                "law": {"type": "string"},
                "before": {"$ref": "#/$defs/term"},
                "after": {"$ref": "#/$defs/term"},
                "assumptions": {"type": "array", "items": {"$ref": "#/$defs/fact"}},
                "verdict": {"$ref": "#/$defs/verdict"},
            },
        },
        "stage": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "quantity", "definition"],
            "properties": {
                "name": {"type": "string"},
                "quantity": {"$ref": "#/$defs/term"},
                "definition": {"$ref": "#/$defs/term"},
            },
        },
        "case": {
            "type": "object",
            "additionalProperties": False,
            "required": ["condition", "value", "indices", "derivation"],
            "properties": {
                "condition": {"type": "string"},
                "value": {"$ref": "#/$defs/term"},
                "indices": {"type": "object", "additionalProperties": {"type": "integer"}},
                "derivation": {"$ref": "#/$defs/derivation"},
            },
        },
        "number": {
            "anyOf": [{"type": "number"}, {"type": "array", "items": {"$ref": "#/$defs/number"}}]
        },
        "claim": {
            "type": ["object", "null"],
            "additionalProperties": False,
            "required": ["term", "verdict"],
            "properties": {
                "term": {"$ref": "#/$defs/term"},
                "verdict": {"$ref": "#/$defs/verdict"},
            },
        },
        "derivation": {
            "type": "object",
            "additionalProperties": False,
            "required": [
                *("schema", "name", "title", "function", "wrt", "stages", "labels", "declared"),
                *("statement", "steps", "answer", "assumptions", "exceptions", "verdict"),
                *(
                    "counterexample",
                    "lemmas",
                    "cases",
                    "sizes",
                    "axes",
                    "matrix",
                    "values",
                    "claim",
                ),
            ],
            "properties": {
                "schema": {"const": "symderiv.derivation/1"},
                "name": {"type": "string"},
                "title": {"type": "string"},
                "function": {"$ref": "#/$defs/term"},
                "wrt": {"type": "array", "items": {"$ref": "#/$defs/term"}},
                "stages": {"type": "array", "items": {"$ref": "#/$defs/stage"}},
                "labels": {"type": "array", "items": {"type": "string"}},
                "declared": {"type": "array", "items": {"$ref": "#/$defs/fact"}},
                "statement": {"$ref": "#/$defs/term"},
                "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
                "answer": {"$ref": "#/$defs/term"},
                "assumptions": {"type": "array", "items": {"$ref": "#/$defs/fact"}},
                "exceptions": {"type": "array", "items": {"type": "string"}},
                "verdict": STRENGTH,
                "counterexample": {"$ref": "#/$defs/counterexample"},
                "lemmas": {"type": "array", "items": {"$ref": "#/$defs/derivation"}},
                "cases": {"type": "array", "items": {"$ref": "#/$defs/case"}},
                "sizes": {"type": "object", "additionalProperties": {"type": "integer"}},
                "axes": {"type": "array", "items": {"type": "string"}},
                "matrix": {
                    "type": ["array", "null"],
                    "items": {"type": "array", "items": {"$ref": "#/$defs/term"}},
                },
                "values": {
                    "type": ["object", "null"],
                    "additionalProperties": {"$ref": "#/$defs/number"},
                },
                "claim": {"$ref": "#/$defs/claim"},
            },
        },
    },
}

i, j, k, K = letter("i"), letter("j"), letter("k"), size("K")
NAMES = {**vars(sympy), **vars(terms)}


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
    assert [step["law"] for step in data["steps"]] == ["", "a = b"]
    assert data["steps"][0]["identifiers"] == ["definition"]


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


def test_every_line_reads_back() -> None:
    derivation = small()
    data = as_data(derivation)
    for line, step in zip(derivation.lines[1:], data["steps"], strict=True):
        assert same(eval(step["after"]["srepr"], NAMES), line)
    ordinary = eval(data["stages"][0]["definition"]["sympy"], vars(sympy).copy())
    assert ordinary == terms.release(derivation.problem.stages[0].body)


def test_places_without_a_derivative_are_said() -> None:
    found = as_data(symderiv.derive("abs(x) + max(x, a, b)", wrt="x"))
    assert found["exceptions"] == ["x = 0", "x = max(a, b)"]
    found = as_data(symderiv.derive("max(z[i], i)", wrt="z[j]"))
    assert found["exceptions"] == ["two of zᵢ tie for maxᵢ zᵢ"]
    assert "Maximum" in found["steps"][-1]["after"]["sympy"]
