"""The chain rule over a graph: each condition of the law is broken, and the judge says which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest
import sympy
from sympy import Expr, Symbol

from symderiv import catalogue
from symderiv.derivation.network import backpropagation
from symderiv.derivation.network.adjoints import law
from symderiv.derivation.network.naming import adjoint_names
from symderiv.judge.chain_rule import faults
from symderiv.judge.graph import Edge, Graph, Line
from symderiv.reader import read
from symderiv.terms import ONE, Plus, Quantity, component, letter, size, summation, times
from symderiv.terms.aliases import without_aliases
from symderiv.terms.letters import substitute
from symderiv.terms.problem import Definition, Fact, Problem
from symderiv.terms.renaming import names_of
from symderiv.terms.verdict import Strength

pytestmark = pytest.mark.usefixtures("derived_once")

TEXT = """
a[i] = sum(W1[i,j]*x[j], j)
h[i] = relu(a[i])
g[i] = h[i]*sum(W2[i,j]*h[j], j)
z[k] = sum(V[k,i]*g[i], i) + V[k,1]*h[1]
p[k] = softmax(z)[k]
-log(p[y])
"""


def graph(text: str = TEXT) -> Graph:
    """The law as it is used for a network."""
    problem = without_aliases(read(text, library=catalogue.library()))
    made = backpropagation(problem)
    names = [n.name for n in made.network.nodes]
    bars = adjoint_names([*names, *made.gradients], names_of(made.network.problem))
    return law(made, bars)


def with_line(made: Graph, of: str, change: Callable[[Line], Line]) -> Graph:
    lines = tuple(change(x) if x.of == of else x for x in made.lines)
    assert lines != made.lines
    return replace(made, lines=lines)


def with_edge(made: Graph, of: str, through: str, change: Callable[[Edge], Edge]) -> Graph:
    def changed(line: Line) -> Line:
        edges = tuple(change(e) if e.through == through else e for e in line.edges)
        assert edges != line.edges
        return replace(line, edges=edges)

    return with_line(made, of, changed)


def with_function(made: Graph, of: str, through: str, change: Callable[[Expr], Expr]) -> Graph:
    """The graph with another function in one lemma's problem."""

    def changed(edge: Edge) -> Edge:
        problem = replace(edge.problem, function=change(edge.problem.function))
        return replace(edge, problem=problem)

    return with_edge(made, of, through, changed)


def test_the_law_holds_as_it_is_used() -> None:
    assert faults(graph()) == []


def test_an_edge_dropped() -> None:
    def without(line: Line) -> Line:
        kept = tuple(e for e in line.edges if e.through != "g")
        (answer,) = (e.answer for e in kept)
        return replace(line, edges=kept, term=answer)

    assert faults(with_line(graph(), "h", without)) == [
        "the line of h: the lemma through g is missing"
    ]


def test_an_edge_twice() -> None:
    def twice(line: Line) -> Line:
        (edge,) = line.edges
        return replace(line, edges=(edge, edge), term=Plus(edge.answer, edge.answer))

    assert faults(with_line(graph(), "a", twice)) == [
        "the line of a: the lemma through h stands twice"
    ]


def test_an_edge_to_a_stage_that_does_not_mention_it() -> None:
    made = graph()
    (other,) = (e for line in made.lines for e in line.edges if line.of == "V")

    def more(line: Line) -> Line:
        edges = (
            *line.edges,
            replace(other, problem=replace(other.problem, wrt=(component("x", letter("j")),))),
        )
        return replace(line, edges=edges, term=Plus(line.term, other.answer))

    assert any("z does not mention it" in f for f in faults(with_line(made, "x", more)))


def test_a_line_that_is_missing() -> None:
    made = graph()
    lines = tuple(line for line in made.lines if line.of != "g")
    assert "the line of h: g has no line of its own" in faults(replace(made, lines=lines))


def test_a_sum_that_misses_an_index() -> None:
    def one_component(function: Expr) -> Expr:
        body, limits = function.args
        return substitute(body, {limits.args[0]: ONE})

    found = faults(with_function(graph(), "a", "h", one_component))
    assert "the line of a: through h, the sum runs over 0 of 1 indices of h" in found


def test_a_sum_over_a_part_of_the_axis() -> None:
    def part(function: Expr) -> Expr:
        body, limits = function.args
        index, _, high = limits.args
        return summation(cast(Expr, body), index, high, 2)

    found = faults(with_function(graph(), "a", "h", part))
    assert any("does not run over the whole axis" in f for f in found)


def test_a_letter_captured() -> None:
    made = graph()
    (line,) = (x for x in made.lines if x.of == "a")
    (index,) = line.quantity.indices

    def captured(function: Expr) -> Expr:
        body, limits = function.args
        own, _, high = limits.args
        return summation(substitute(body, {own: index}), cast(Symbol, index), high)

    found = faults(with_function(made, "a", "h", captured))
    assert "the line of a: through h, a letter of the sum is not fresh" in found


def test_an_adjoint_at_another_index_than_its_stage() -> None:
    def crossed(function: Expr) -> Expr:
        body, limits = function.args
        bar, inner = body.args
        return summation(
            times(substitute(bar, {limits.args[0]: ONE}), cast(Expr, inner)), *limits.args[::2]
        )

    found = faults(with_function(graph(), "a", "h", crossed))
    assert "the line of a: through h, the adjoint of h is not the weight" in found


def test_the_adjoint_of_another_stage() -> None:
    def wrong(function: Expr) -> Expr:
        body, limits = function.args
        _, inner = body.args
        weight = component("gbar", limits.args[0])
        return summation(times(weight, cast(Expr, inner)), *limits.args[::2])

    found = faults(with_function(graph(), "a", "h", wrong))
    assert "the line of a: through h, the adjoint of h is not the weight" in found


def test_a_factor_that_the_stage_does_not_have() -> None:
    def doubled(function: Expr) -> Expr:
        body, limits = function.args
        bar, inner = body.args
        weighted = times(cast(Expr, bar), times(sympy.Integer(2), cast(Expr, inner)))
        return summation(weighted, *limits.args[::2])

    assert faults(with_function(graph(), "V", "z", doubled))


def test_another_definition_in_the_lemma() -> None:
    def other(edge: Edge) -> Edge:
        (stage,) = edge.problem.stages
        changed = Definition(stage.quantity, Plus(stage.body, ONE))
        return replace(edge, problem=replace(edge.problem, stages=(changed,)))

    found = faults(with_edge(graph(), "a", "h", other))
    assert "the line of a: through h, h has another definition in the lemma" in found


def test_a_hidden_stage_that_is_defined() -> None:
    made = graph()
    hidden = made.definitions["a"]

    def known(edge: Edge) -> Edge:
        return replace(edge, problem=replace(edge.problem, stages=(hidden, *edge.problem.stages)))

    found = faults(with_edge(made, "a", "h", known))
    assert any("a is defined in the lemma, where nothing may be known of it" in f for f in found)


def fact(left: Expr, right: Expr) -> Fact:
    return Fact(sympy.Eq(left, right, evaluate=False))


@pytest.mark.parametrize("about", ["a", "hbar"], ids=["a hidden stage", "an adjoint"])
def test_a_fact_about_what_is_hidden(about: str) -> None:
    n = letter("n")
    claimed = fact(summation(component(about, n), n, size("K")), ONE)
    made = graph()
    made = replace(made, problem=replace(made.problem, facts=(claimed,)))

    def known(edge: Edge) -> Edge:
        return replace(edge, problem=replace(edge.problem, facts=(claimed,)))

    found = faults(with_edge(made, "a", "h", known))
    assert (
        f"the line of a: through h, a fact is about {about}, of which nothing may be known" in found
    )


def test_a_fact_that_nobody_declared() -> None:
    claimed = fact(component("x", ONE), ONE)

    def known(edge: Edge) -> Edge:
        return replace(edge, problem=replace(edge.problem, facts=(claimed,)))

    assert any(
        "is not a fact of the problem" in f for f in faults(with_edge(graph(), "W1", "a", known))
    )


def test_a_stage_used_only_at_one_index_has_its_edge() -> None:
    made = graph("h[i] = x[i]**2; h[2]**3")
    (line,) = (x for x in made.lines if x.of == "h")
    assert line.term.has(sympy.KroneckerDelta)
    left_out = tuple(x for x in made.lines if x.of != "h")
    cut = with_line(
        replace(made, lines=left_out), "x", lambda x: replace(x, edges=(), term=sympy.S.Zero)
    )
    assert faults(cut) == ["the line of x: the lemma through h is missing"]


def test_a_cycle() -> None:
    made = graph()
    stages = list(made.problem.stages)
    at = [s.name for s in stages].index("a")
    i = letter("i")
    looped = Definition(stages[at].quantity, Plus(stages[at].body, Quantity(Symbol("z"), i)))
    stages[at] = looped
    found = faults(replace(made, problem=replace(made.problem, stages=tuple(stages))))
    assert "a mentions z, which it does not come after" in found


def test_a_stage_mentioned_in_a_limit_or_a_subscript_is_mentioned() -> None:
    from symderiv.judge.graph import mentioned

    i = letter("i")
    inside = component("p", component("h", i))
    assert mentioned(inside) == {"p", "h"}
    assert mentioned(summation(i, i, Quantity(Symbol("s")))) == {"s"}


def test_a_kink_on_one_path() -> None:
    made = graph()
    assert made.exceptions
    found = faults(replace(made, exceptions=()))
    assert found == ["an exception of the lemma through h is left out"]


def test_the_whole_is_as_weak_as_its_weakest_lemma() -> None:
    weak = with_edge(graph(), "a", "h", lambda e: replace(e, strength=Strength.NUMERIC))
    assert faults(weak) == ["the whole is said to be proved, and a lemma is numeric"]
    assert faults(replace(weak, strength=Strength.NUMERIC)) == []


def test_a_line_that_is_not_the_sum_of_its_lemmas() -> None:
    made = with_line(graph(), "a", lambda x: replace(x, term=times(sympy.Integer(2), x.term)))
    assert faults(made) == ["the line of a: it is not the sum of its lemmas' answers"]


def test_an_answer_with_a_letter_that_nothing_binds() -> None:
    stray = component("hbar", letter("q"))

    def changed(line: Line) -> Line:
        (edge,) = line.edges
        return replace(line, edges=(replace(edge, answer=stray),), term=stray)

    assert any("the letter q" in f for f in faults(with_line(graph(), "a", changed)))


def test_an_answer_that_no_derivation_ends_with() -> None:
    def doubled(line: Line) -> Line:
        (edge,) = line.edges
        other = times(sympy.Integer(2), edge.answer)
        return replace(line, edges=(replace(edge, answer=other),), term=other)

    assert faults(with_line(graph(), "g", doubled)) == [
        "the line of g: through z, its answer is not the last line of its derivation"
    ]


def test_a_derivation_of_something_else() -> None:
    made = graph()
    (other,) = (e for x in made.lines if x.of == "V" for e in x.edges)
    changed = with_edge(made, "g", "z", lambda e: replace(e, lines=other.lines))
    assert "the line of g: through z, its derivation is of something else" in faults(changed)


CITING = """
a[i] = sum(W1[i,j]*x[j], j)
h[i] = tanh(a[i])
b[i] = sum(W2[i,j]*h[j], j)
g[i] = tanh(b[i])
sum(g[i]**2, i)
"""


def test_a_citation_of_another_lemma() -> None:
    made = graph(CITING)
    (line,) = (x for x in made.lines if x.of == "a")
    (edge,) = line.edges
    assert edge.source is not None
    (other,) = (e for x in made.lines if x.of == "g" for e in x.edges)
    wrong = with_edge(made, "a", "h", lambda e: replace(e, source=other.problem, lines=other.lines))
    assert faults(wrong) == ["the line of a: through h, the lemma that it cites is another one"]


def test_a_citation_with_another_answer() -> None:
    made = graph(CITING)

    def changed(line: Line) -> Line:
        (edge,) = line.edges
        other = times(sympy.Integer(3), edge.answer)
        return replace(line, edges=(replace(edge, answer=other),), term=other)

    assert faults(with_line(made, "a", changed)) == [
        "the line of a: through h, the lemma that it cites is another one"
    ]


def test_two_sizes_that_are_one_here_and_two_there_are_no_renaming() -> None:
    """A square matrix's lemma is no lemma of an oblong one: its sizes are one name."""
    made = graph(CITING.replace("sum(g[i]**2, i)", "sum(g[i]**2, i) + sum(W2[i,i], i)"))
    (line,) = (x for x in made.lines if x.of == "W2")
    (edge,) = (e for e in line.edges if e.through == "b")
    square: Problem = edge.problem
    (other,) = (e for x in made.lines if x.of == "W1" for e in x.edges)
    assert len({*square.shapes["W2"]}) == 1
    assert len({*other.problem.shapes["W1"]}) == 2
    wrong = with_edge(made, "W1", "a", lambda e: replace(e, source=square, lines=edge.lines))
    assert faults(wrong) == ["the line of W1: through a, the lemma that it cites is another one"]
