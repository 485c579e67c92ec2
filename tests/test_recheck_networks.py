"""The witness on networks and recurrences: every line holds, and what is changed is refused.

A mutant changes one place of the data of a network; each is false by what it drops or doubles.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import jsonschema
import pytest

import symderiv
from symderiv.recheck import recheck
from symderiv.serialisation import as_data, as_json, schema
from tests.network_examples import EXAMPLES, gradients

RESIDUAL = """
a[i] = sum(W[i,j]*x[j], j) + b[i]
h[i] = tanh(a[i]) + c[i]*a[i]**2
z[k] = sum(V[k,i]*h[i], i) + sum(h[i], i)
p[k] = softmax(z)[k]
-log(p[y]) + lam*sum(h[i]**2, i)
"""
RECURRENCE = (
    "h[t,i] = tanh(sum(U[i,j]*h[t-1,j], j) + sum(W[i,d]*x[t,d], d)); h[0,i] = h0[i]; "
    "sum(h[T,i]**2, i)"
)
Data = dict[str, Any]


@cache
def network(text: str) -> Data:
    return json.loads(as_json(symderiv.backprop(text).data()))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_every_line_of_a_network_holds(example: Any) -> None:
    text = as_json(gradients(example).data())
    status, said = recheck(text, seconds=120.0, least=1, most=1)
    assert status == 0, said


@pytest.mark.parametrize("wrt", ["U[i,j]", "W[i,d]", "h0[i]"])
def test_every_line_of_a_recurrence_holds(wrt: str) -> None:
    data = as_data(symderiv.derive(RECURRENCE, wrt=wrt))
    jsonschema.validate(json.loads(json.dumps(data)), schema())
    status, said = recheck(as_json(data), least=4, most=4)
    assert status == 0, said


def place(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def sums(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where there are sums of terms or over letters in a tree, none in a subscript or bracket."""
    if isinstance(tree, list) and tree[0] not in ("at", "iverson", "delta"):
        if tree[0] in ("+", "sum"):
            yield path
        for n, part in enumerate(tree):
            yield from sums(part, (*path, n))


def less(t: Any) -> Any:
    """A term dropped, or a sum over a letter at its last value only."""
    if t[0] == "sum":
        return [*t[:3], t[4], t[4]]
    return [t[0], *t[2:]] if len(t) > 3 else t[2]


def twice(t: Any) -> Any:
    return ["+", t[1], *t[1:]] if t[0] == "+" else ["*", 2, t]


def mutants(data: Data) -> Iterator[tuple[str, Data]]:
    """The lines of adjoints, their terms and the stages, each with one change."""
    paths: list[tuple[Any, ...]] = []
    for kind in ("adjoints", "gradients"):
        for name, line in data[kind].items():
            paths.append((kind, name, "steps", 0, "tree"))
            paths += [
                (kind, name, "lemmas", n, "steps", 0, "tree") for n in range(len(line["lemmas"]))
            ]
    paths += [("stages", n, "body") for n in range(len(data["stages"]))]
    for path in paths:
        tree = place(data, path)
        for change in (less, twice):
            for inner in list(sums(tree))[:2]:
                yield f"{change.__name__} {path} {inner}", changed(data, (*path, *inner), change)
        yield f"minus {path}", changed(data, path, lambda t: ["-", t])


def changed(data: Data, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Data:
    made = deepcopy(data)
    place(made, path[:-1])[path[-1]] = change(place(made, path))
    return made


def test_what_is_changed_in_a_network_is_refused() -> None:
    said = {
        name: recheck(json.dumps(data), seconds=60.0, least=1, most=1)
        for name, data in mutants(network(RESIDUAL))
    }
    assert len(said) >= 60
    assert {status for status, _ in said.values()} == {1}
    valueless = [name for name, (_, why) in said.items() if "does not hold" not in why]
    assert valueless == ["minus ('stages', 3, 'body')"]  # the logarithm of -p


def test_a_term_that_is_missing_in_the_list_of_lemmas_is_refused() -> None:
    data = deepcopy(network(RESIDUAL))
    del data["adjoints"]["h"]["lemmas"][0]
    status, said = recheck(json.dumps(data), least=2, most=2)
    assert status == 1
    assert "the sum of the terms of the adjoint of h does not hold" in said


def test_a_recurrence_that_is_changed_is_refused() -> None:
    data = as_data(symderiv.derive(RECURRENCE, wrt="U[i,j]"))
    (bar,) = (n for n, s in enumerate(data["stages"]) if s["name"] == "hbar")
    for path in (("stages", bar, "body"), ("steps", 0, "tree"), ("stages", 0, "body")):
        for inner in sums(place(data, path)):
            mutant = changed(data, (*path, *inner), less)
            status, said = recheck(json.dumps(mutant), least=4, most=4)
            assert (status, "does not hold" in said) == (1, True), (path, inner, said)


def narrow() -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    yield "a letter", ("letters", "j"), 1
    yield "another letter", ("letters", "i"), "M"
    yield "an axis", ("shapes", "z"), [1]
    yield "a stage's axis", ("shapes", "p"), [2]
    yield "no axis", ("shapes", "z"), []


@pytest.mark.parametrize(("path", "value"), [n[1:] for n in narrow()], ids=[n[0] for n in narrow()])
def test_ranges_that_contradict_the_subscripts_are_refused(path: Any, value: Any) -> None:
    """With j = 1 only, or one component, a false line would be right."""
    data = as_data(symderiv.jacobian("softmax"))
    data["sizes"]["M"] = None
    made = changed(data, path, lambda _: value)
    with pytest.raises(ValueError, match="this is no derivation"):
        recheck(json.dumps(made), least=4, most=2)


def test_a_label_that_cannot_take_all_its_values_is_refused() -> None:
    data = as_data(symderiv.derive("-log(softmax(z)[y])", wrt="z[k]"))
    with pytest.raises(ValueError, match="y runs to 1"):
        recheck(json.dumps(changed(data, ("letters", "y"), lambda _: 1)), least=2, most=2)
    data = as_data(symderiv.derive("sum(W[n,y[n]], n)", wrt="W[m,k]"))
    with pytest.raises(ValueError, match="y runs to 1"):
        recheck(json.dumps(changed(data, ("labels", "y"), lambda _: 1)), least=2, most=2)


def test_labels_with_the_name_of_a_letter() -> None:
    """A letter that a derivation chooses by itself is no label's."""
    text = "h[n,i] = relu(sum(W[i,d]*x[n,d], d) + c[k[n],i]); sum(h[n,i]**2, n, i)"
    status, said = recheck(json.dumps(network(text)), least=2, most=2)
    assert status == 0, said
