"""Graphs: what is simplified as it is made has the same value, and long chains are walked."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from sympy import Integer, Rational, Symbol

from symderiv.emit.bounds import finite, never_positive
from symderiv.emit.graph import Graph
from symderiv.emit.nodes import Node, View, made_of
from symderiv.emit.targets.fused import Fused
from symderiv.emit.translation.fusing import FusingWriter
from symderiv.emit.words import Words
from symderiv.emit.writer import Writer

GIVEN = {"a": Fraction(3, 7), "b": Fraction(-5, 3), "c": Fraction(11, 2)}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
}


def drawn(random: Random, graph: Graph, depth: int) -> tuple[View, Fraction]:
    """Arithmetic by chance, as the graph makes it and as fractions say what it is."""
    if not depth or random.random() < 0.2:
        if random.random() < 0.5:
            name = random.choice("abc")
            return View(graph.input(name, ())), GIVEN[name]
        p, q = random.randint(-2, 2), random.choice((1, 1, 3))
        return graph.number(Rational(p, q)), Fraction(p, q)
    if random.random() < 0.2:
        view, value = drawn(random, graph, depth - 1)
        return graph.neg(view), -value
    op = random.choice([*BINARY])
    (left, one), (right, other) = (drawn(random, graph, depth - 1) for _ in range(2))
    if op == "div" and other == 0:
        return left, one
    made: View = getattr(graph, op)(left, right)
    return made, BINARY[op](one, other)


@pytest.mark.parametrize("seed", range(100))
def test_what_is_simplified_is_what_it_was(seed: int) -> None:
    graph = Graph(batched=False)
    view, value = drawn(Random(seed), graph, 6)
    writer = Writer({}, {*GIVEN})
    (code,) = writer.body([view])
    body = ast.Module([*writer.lines, ast.Assign([ast.Name("found", ast.Store())], code)], [])
    names: dict[str, Any] = {"float": float, **{n: float(v) for n, v in GIVEN.items()}}
    exec(compile(ast.fix_missing_locations(body), "<graph>", "exec"), names)
    assert names["found"] == pytest.approx(float(value), rel=1e-9, abs=1e-9)


def test_equal_operations_are_one_node() -> None:
    graph = Graph()
    a, b = (View(graph.input(name, ())) for name in "ab")
    assert graph.add(a, b).node is graph.add(b, a).node
    difference, turned = graph.sub(a, b), graph.sub(b, a)
    assert turned.node.op == "neg"
    assert graph.operands(turned) == [difference]
    assert graph.neg(graph.neg(a)) == a


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_what_is_above_zero_is_asked_of_the_part_that_is_there(first: bool, kept: bool) -> None:
    """max(a, 0) > 0 is a > 0, in whatever order they are made; a alone where the other goes."""
    graph = Graph()
    a, zero = View(graph.input("a", ())), graph.number(Integer(0))
    made = [graph.map("max", a, zero) for _ in range(first)]
    asked = graph.map("gt", a, zero)
    made += [graph.map("max", a, zero)]
    graph.above_zero([asked, *made[:kept]])
    assert asked.node.args[0][0] is (made[0].node if kept else a.node)


def test_a_long_chain_is_walked_without_recursion() -> None:
    bottom = node = Node("input", data="x")
    for n in range(50_000):
        node = Node("add", ((node, ()), (node, ())), data=n)
    every = made_of([node, bottom])
    assert len(every) == 50_001
    assert every[0] is bottom
    assert every[-1] is node
    place = {n: k for k, n in enumerate(every)}
    assert all(place[inner] < place[n] for n in every for inner, _ in n.args)
    assert made_of([node], lambda n: n is not node) == [node]
    assert finite(node)


def test_what_is_never_positive() -> None:
    graph = Graph()
    x, y = (View(graph.input(name, ())) for name in "xy")
    low, size = graph.map("min", x, graph.number(Integer(0))), graph.map("abs", y)
    assert never_positive(graph.add(low, graph.neg(size)).node)
    assert never_positive(graph.sub(low, graph.mul(size, size)).node)
    assert not never_positive(graph.add(low, size).node)
    assert not never_positive(graph.sub(size, size).node)
    assert not never_positive(graph.sub(low, x).node)
    assert never_positive(graph.sub(x, graph.map("max", x, y)).node)
    assert not never_positive(graph.sub(size, graph.map("max", x, y)).node)


def test_a_call_stands_for_operations_that_nothing_else_needs() -> None:
    graph, i, size = Graph(), Symbol("i"), Symbol("K", integer=True, positive=True)
    z = View(graph.input("z", (size,)), (i,))
    e = graph.exp(graph.sub(z, graph.reduce("max", z, [i])))
    p = graph.div(e, graph.contract([e], [i]))
    turned = graph.div(e, graph.contract([graph.map("abs", z)], [i]))

    def written(*results: View) -> str:
        where = {"E": "exp(Z - Z.max(-1))"}
        calls = [Fused("E / E.sum(-1)", "Z.softmax(-1)", where)]
        writer = FusingWriter({}, {"z"}, Words(), calls)
        codes = writer.body(results)
        return "; ".join(map(ast.unparse, map(ast.fix_missing_locations, [*writer.lines, *codes])))

    assert written(p) == "z.softmax(-1)"
    assert p.node.op == "div"  # other targets write it as it is
    assert "softmax" not in written(p, e)
    assert "softmax" not in written(turned)
