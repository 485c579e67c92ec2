"""The chain rule over a graph of stages: a law that is checked by structure.

    sbar_a = sum over the stages c that mention s of  sum_b cbar_b dc_b/ds_a

Each term is a lemma that was judged by itself; that the terms are all there, once each, and say
what the law says, is checked here: `faults` gives a sentence for each condition that does not hold.

  1. every body mentions earlier stages only, or in a recurrence earlier steps (`steps`), and the
     last stage, the loss, is one number
  2. there is one lemma for each stage that mentions s, in whatever position, and no other
  3. its sum runs over all indices of that stage, each over its whole axis
  4. its letters are fresh: none that the variable has, none twice
  5. the body in it is the stage's own, with all other stages arrays of which nothing is known
  6. adjoints carry no facts, and no fact is about a stage that is not defined in the lemma
  7. its answer is the last line of its derivation; a lemma that cites another is that one under a
     renaming, its answer too
  8. the exceptions are those of all lemmas together, the strength is that of the weakest, and the
     right-hand side is the sum of the lemmas' answers

Imports floor 0, `graph`, `alike` and `steps` only.  To add a condition: a generator of
sentences, named in `faults`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sympy
from sympy import Derivative, Indexed, Sum, Symbol
from sympy.core.basic import Basic

from symderiv.judge.alike import Names
from symderiv.judge.graph import Edge, Graph, Line, mentioned
from symderiv.judge.steps import disorder
from symderiv.terms import Plus, Quantity, Times
from symderiv.terms.letters import free_letters
from symderiv.terms.problem import Definition, Problem, name_of
from symderiv.terms.verdict import Strength


def faults(graph: Graph) -> list[str]:
    """What is wrong with the law as it was used; nothing where it holds."""
    found = list(_order(graph))
    for line in graph.lines:
        found += [f"the line of {line.of}: {what}" for what in _line(graph, line)]
    return found + list(_whole(graph))


# -- the graph -----------------------------------------------------------------------------------


def _order(graph: Graph) -> Iterator[str]:
    """Condition 1: each name defined once, what it needs before it, and one number at the end."""
    names = [s.name for s in graph.problem.stages]
    for name in sorted(
        {n for n in names if names.count(n) > 1} if len({*names}) < len(names) else ()
    ):
        yield f"{name} is defined twice"
    if graph.problem.stages[-1].quantity.indices:
        yield "the loss is an array"
    yield from disorder(graph.problem.stages, graph.rings, graph.bodies, graph.problem.shapes)


# -- one line ------------------------------------------------------------------------------------


def _line(graph: Graph, line: Line) -> Iterator[str]:
    yield from _edges(graph, line)
    for edge in line.edges:
        stage = graph.definitions.get(edge.through)
        if stage is None:
            yield f"there is no stage {edge.through}"
        else:
            yield from (
                f"through {edge.through}, {what}" for what in _edge(graph, line, edge, stage)
            )
    terms = [e.answer for e in line.edges if e.answer != 0]
    parts = list(line.term.args) if isinstance(line.term, Plus) else [line.term]
    wanted = [a for t in terms for a in (t.args if isinstance(t, Plus) else (t,))]
    if not wanted:
        wanted = [sympy.S.Zero]
    if len(parts) != len(wanted) or not all(
        _same(graph, a, b) for a, b in zip(parts, wanted, strict=True)
    ):
        yield "it is not the sum of its lemmas' answers"


def _same(graph: Graph, left: Basic, right: Basic) -> bool:
    """One term, but for the names of bound letters."""
    names = Names()
    names.fix({s.name for t in (left, right) for s in free_letters(t)} | mentioned(left))
    return names.alike(left, right)


def _edges(graph: Graph, line: Line) -> Iterator[str]:
    """Condition 2: exactly the stages that mention it, once each, and each with its own line."""
    root = graph.problem.stages[-1].name
    wanted = graph.readers.get(line.of, frozenset())
    given = [e.through for e in line.edges]
    for name in sorted(wanted - set(given)):
        yield f"the lemma through {name} is missing"
    for name in sorted(set(given) - wanted):
        yield f"{name} does not mention it"
    for name in sorted({n for n in given if given.count(n) > 1}):
        yield f"the lemma through {name} stands twice"
    for name in sorted((set(given) & wanted) - graph.lined - {root}):
        yield f"{name} has no line of its own"


def _edge(graph: Graph, line: Line, edge: Edge, stage: Definition) -> Iterator[str]:
    if len(edge.problem.wrt) != 1 or name_of(edge.problem.wrt[0]) != line.of:
        yield "the lemma is by something else"
        return
    variable = edge.problem.wrt[0]
    letters = variable.args[1:] if isinstance(variable, Indexed | Quantity) else ()
    labels = graph.problem.labels
    general = all(
        isinstance(a, Symbol) and not a.is_positive and a.name not in labels for a in letters
    )
    if not general or len(set(letters)) < len(letters):
        yield "the variable is not at letters of its own"
    if tuple(line.quantity.indices) != tuple(letters):
        yield "its indices are not those of the line"
    yield from _statement(graph, edge, stage, letters)
    yield from _definitions(graph, edge, stage)
    yield from _facts(graph, edge)
    yield from _citation(edge)
    stray = {
        s for s in free_letters(edge.answer)
        if s.is_integer and not s.is_positive and s.name not in labels
    } - set(letters)  # fmt: skip
    if stray:
        yield f"the answer has the letter {', '.join(sorted(map(str, stray)))}, bound by nothing"


def _statement(
    graph: Graph, edge: Edge, stage: Definition, letters: Sequence[Basic]
) -> Iterator[str]:
    """Conditions 3 to 5: sum over all indices b of cbar_b times c_b; of the loss, its body."""
    term: Basic = edge.problem.function
    if stage is graph.problem.stages[-1]:
        if not _body_is(graph, term, stage, {}):
            yield "the function is not the loss"
        return
    shape = graph.problem.shapes.get(stage.name, ())
    own: list[Symbol] = []
    for n in range(len(shape)):
        if not isinstance(term, Sum) or len(term.args) != 2:
            yield f"the sum runs over {n} of {len(shape)} indices of {stage.name}"
            return
        index, low, high = term.args[1].args
        if low != 1 or high != shape[n]:
            yield f"the sum over {index} does not run over the whole axis"
        own.append(index)
        term = term.args[0]
    if len(set(own)) < len(own) or set(own) & set(letters):
        yield "a letter of the sum is not fresh"
    bar, inner = _weighted(term)
    if bar is None or not _is_adjoint(graph, bar, stage, own):
        yield f"the adjoint of {stage.name} is not the weight"
        return
    named = isinstance(inner, Quantity) and inner.name == stage.name
    if named and tuple(inner.args[1:]) != tuple(own):
        yield f"{stage.name} stands at other indices than its adjoint"
    moved = dict(zip(stage.quantity.indices, own, strict=True))
    if not named and not _body_is(graph, inner, stage, moved):
        yield f"what is weighted is not {stage.name}"


def _weighted(term: Basic) -> tuple[Basic | None, Basic]:
    """The first factor of a product, and the rest."""
    if not isinstance(term, Times):
        return None, term
    first, *rest = term.args
    return first, rest[0] if len(rest) == 1 else Times(*rest)


def _is_adjoint(graph: Graph, bar: Basic, stage: Definition, letters: Sequence[Symbol]) -> bool:
    indices = bar.args[1:] if isinstance(bar, Indexed | Quantity) else ()
    if not isinstance(bar, Indexed | Quantity | Symbol):
        return False
    return name_of(bar) == graph.bars.get(stage.name) and tuple(indices) == tuple(letters)


def _body_is(graph: Graph, term: Basic, stage: Definition, moved: Mapping[Basic, Symbol]) -> bool:
    """Is a term the stage's body, at these letters, in which the joint stages alone are stages?"""
    inner = graph.read[stage.name][1]
    if not _opaque(term, inner | {stage.name}):
        return False
    names = Names()
    bound = tuple((b, a) for a, b in moved.items())
    names.fix(mentioned(stage.body))
    names.fix({s.name for s in free_letters(stage.body) if s not in moved})
    return names.alike(term, stage.body, bound)


def _opaque(term: Basic, seen: frozenset[str]) -> bool:
    """Are all stages in a term but those arrays?"""
    return all(t.name in seen for t in sympy.preorder_traversal(term) if isinstance(t, Quantity))


def _definitions(graph: Graph, edge: Edge, stage: Definition) -> Iterator[str]:
    """Condition 5: what the lemma defines is the stage itself and what it is read through."""
    inner = graph.read[stage.name][1]
    for own in edge.problem.stages:
        there = graph.definitions.get(own.name)
        if own.name not in inner | {stage.name} or there is None:
            yield f"{own.name} is defined in the lemma, where nothing may be known of it"
            continue
        moved = dict(zip(there.quantity.indices, own.quantity.indices, strict=False))
        if len(moved) != len(own.quantity.indices) or not _body_is(
            graph,
            own.body,
            there,
            moved,
        ):
            yield f"{own.name} has another definition in the lemma"
    for name, shape in edge.problem.shapes.items():
        of = graph.of_bar.get(name, name)
        if shape != graph.problem.shapes.get(of):
            yield f"{name} has another shape in the lemma"


def _facts(graph: Graph, edge: Edge) -> Iterator[str]:
    """Condition 6: facts of the problem, about given arrays alone."""
    known = [f.relation for f in graph.problem.facts]
    for fact in edge.problem.facts:
        about = sorted(
            name
            for name in mentioned(fact.relation)
            if name in graph.definitions or name in graph.of_bar
        )
        if about:
            yield f"a fact is about {', '.join(about)}, of which nothing may be known"
        elif fact.relation not in known:
            yield f"{fact.relation} is not a fact of the problem"


def _citation(edge: Edge) -> Iterator[str]:
    """Condition 7: the derivation says this lemma, or one that is it name for name."""
    first, last = edge.lines
    other = edge.source or edge.problem
    own = first.args[0] if isinstance(first, Derivative) else first
    by = first.args[1].args[0] if isinstance(first, Derivative) else first
    if own != other.function or by != other.wrt[0]:
        yield "its derivation is of something else"
    names = Names()
    if edge.source is None:
        names.fix(mentioned(edge.problem.function) | mentioned(edge.problem.wrt[0]))
    same = (
        len(other.stages) == len(edge.problem.stages)
        and len(other.facts) == len(edge.problem.facts)
        and names.alike(other.wrt[0], edge.problem.wrt[0])
        and names.alike(other.function, edge.problem.function)
        and all(
            names.alike(a.quantity, b.quantity) and names.alike(a.body, b.body)
            for a, b in zip(other.stages, edge.problem.stages, strict=True)
        )
        and all(
            names.alike(a.relation, b.relation)
            for a, b in zip(other.facts, edge.problem.facts, strict=True)
        )
        and _axes_alike(other, edge.problem, names)
        and names.alike(last, edge.answer)
    )
    if not same and edge.source is None:
        yield "its answer is not the last line of its derivation"
    elif not same:
        yield "the lemma that it cites is another one"


def _axes_alike(other: Problem, own: Problem, names: Names) -> bool:
    """Do the arrays that answer to each other have the same axes, and labels the same range?"""
    ranges = [{s.name: high for s, high in p.ranges.items()} for p in (other, own)]
    for a, b in list(names.there.items()):
        if (a in other.labels) != (b in own.labels):
            return False
        left, right = other.shapes.get(a, ()), own.shapes.get(b, ())
        if len(left) != len(right) or not all(map(names.alike, left, right)):
            return False
        if (a in ranges[0]) != (b in ranges[1]) or (
            a in ranges[0] and not names.alike(ranges[0][a], ranges[1][b])
        ):
            return False
    return True


# -- the whole -----------------------------------------------------------------------------------


def _whole(graph: Graph) -> Iterator[str]:
    """Condition 8: exceptions and strength."""
    edges = [e for line in graph.lines for e in line.edges]
    for edge in edges:
        for place in edge.exceptions:
            if place not in graph.exceptions:
                yield f"an exception of the lemma through {edge.through} is left out"
    weakest = min((e.strength for e in edges), default=Strength.PROVED)
    if graph.strength > weakest:
        yield f"the whole is said to be {graph.strength}, and a lemma is {weakest}"
