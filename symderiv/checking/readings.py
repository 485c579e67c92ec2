r"""Readings: what else a line may mean, and what it may take for granted.

Gives `others`, every other reading of a question with what is to be said of it.  A line is
wrong only where it is wrong under all of them.

To add a reading: a generator of `Other`s in `_KINDS`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, combinations, permutations

from sympy import Derivative, Symbol
from sympy.core.basic import Basic

from symderiv.checking.convention import CONVENTION, repeated, summed
from symderiv.checking.edges import inside
from symderiv.checking.facts import (
    Pair,
    differentiated,
    domains,
    granted,
    indices_of,
    is_label,
)
from symderiv.checking.givens import COUNTS
from symderiv.checking.guesses import Guess
from symderiv.checking.others import Other, put, read, renamed, throughout, with_facts
from symderiv.checking.question import Question, under
from symderiv.checking.reaches import first_factors, reaches
from symderiv.checking.stages import Stage, written
from symderiv.reader import ReadError, scan, tree
from symderiv.reader.typed import euler
from symderiv.terms import Quantity, subterms, times
from symderiv.terms.letters import substitute
from symderiv.terms.problem import Definition


def others(question: Question) -> Iterator[Other]:
    """Every other reading, the likeliest first: facts taken for granted, then what it may mean."""
    for found in granted(question.pair, question.context.binary):
        yield Other(found.pair, found.needs, found.about)
    for kind in _KINDS:
        try:
            yield from kind(question)
        except ReadError:
            continue
    for found in domains(question.pair):
        yield Other(found.pair, found.needs, found.about)


def _symmetric(question: Question) -> Iterator[Other]:
    """A_ij = A_ji, of a given matrix that is square whatever the right side says."""
    problem = replace(question, right=question.left).pair.problem
    for name, shape in problem.shapes.items():
        if len(shape) == 2 and shape[0] == shape[1] and problem.definition(name) is None:
            fact = f"{name}[i,j] = {name}[j,i]"
            if fact not in question.facts:
                changed = replace(question, facts=(*question.facts, fact))
                yield from read(changed, f"{name} is symmetric", name)


def _components(question: Question) -> Iterator[Other]:
    """The components of a matrix A are named a_ij."""
    words = set(scan.words([question.left, question.right]))
    ranks = question.context.ranks | scan.ranks([question.left, question.right])
    for name in sorted(words):
        whole = name.upper()
        if len(name) > 1 or name == whole or whole not in words or whole in question.context.stages:
            continue
        if ranks.get(name) == 2 and name not in question.context.stages:
            needs = f"{name}_ij is {whole}_ij"
            changed = throughout(question, partial(renamed, name=name, other=whole), needs)
            yield from read(changed, needs)


def _at_optimum(question: Question) -> Iterator[Other]:
    """The value that was found for a letter is put in: Q is Q*."""
    words = dict.fromkeys(scan.words([question.left, question.right]))
    for name in (w for w in words if f"{w}_star" in question.context.stages):
        left, right = (
            renamed(side, name, f"{name}_star") for side in (question.left, question.right)
        )
        for changed in (replace(question, left=left), replace(question, right=right)):
            for other in read(changed, f"{name} is {name}*"):
                facts = (f for f in domains(other.pair) if f.needs.endswith("are positive"))
                yield from with_facts(other.pair, other.needs, facts)


def _euler(question: Question) -> Iterator[Other]:
    """A bare e, no array, no variable and nowhere defined, is Euler's number."""
    known = question.context.stages
    reached = question.context.reached([question.left, question.right])
    trees = [question.left, question.right, *(known[n].body for n in reached & known.keys())]
    nodes = [n for t in trees for n in ast.walk(t)]
    used = [n.value for n in nodes if isinstance(n, ast.Subscript)]
    used += [n.func for n in nodes if isinstance(n, ast.Call)]
    used += [by for t in trees for _, by in scan.slopes(t)]
    if "e" not in known and any(map(_is_e, nodes)) and not any(map(_is_e, used)):
        needs = "e is Euler's number"
        found = throughout(question, _with_euler, needs).pair
        yield from with_facts(found, needs, chain(granted(found), domains(found)))


def _is_e(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "e"


def _softmax(question: Question) -> Iterator[Other]:
    """σ of a whole column, p = σ(z), is the softmax."""
    known = question.context.stages
    reached = question.context.reached([question.left, question.right]) & known.keys()
    changed: dict[str, Stage] = {}
    for stage in (known[name] for name in sorted(reached)):
        match stage.body:
            case ast.Call(
                func=ast.Name(id="sigmoid"),
                args=[ast.Subscript(value=ast.Name() as whole) as inner],
            ) if [getattr(p, "id", "") for p in scan.slots(inner)] == [*stage.letters]:
                term = tree.component(tree.call("softmax", [whole], 0), scan.slots(inner), 0)
                changed[stage.name] = replace(stage, body=term)
    if changed:
        needs = "σ is the softmax"
        found = replace(question, guess=Guess(changed, needs)).pair
        yield from with_facts(found, needs, granted(found))


def _identity(question: Question) -> Iterator[Other]:
    """I, of which nothing is said, is the identity: I_kj, or ∂o_i/∂v_j = a_ij I of columns."""
    words = {*scan.words([question.left, question.right])}
    if "I" in words - question.context.stages.keys():
        needs = "I is the identity"
        yield Other(throughout(question, partial(tree.copied, change=_unit), needs).pair, needs)


def _unit(node: ast.expr) -> ast.expr | None:
    """I_kj as δ_kj, and a bare I as 1."""
    if scan.name_of(node) != "I":
        return None
    if isinstance(node, ast.Subscript):
        return tree.call("delta", [*scan.slots(node)], node.col_offset)
    return tree.number("1", node.col_offset)


def _with_euler(term: ast.expr) -> ast.expr:
    """e^u as exp(u), and e as exp(1)."""

    def one(node: ast.expr) -> ast.expr | None:
        number = tree.number("1", node.col_offset)
        return tree.call("exp", [number], node.col_offset) if _is_e(node) else None

    return tree.copied(euler(term), one)


def _reach(question: Question) -> Iterator[Other]:
    """A sum or a derivative reaches further, or less far."""
    for changed, said in reaches(question.right):
        yield from read(replace(question, right=changed), said)
    for changed, said in reaches(question.left):
        yield from read(replace(question, left=changed), said)


def _first_factors(question: Question) -> Iterator[Other]:
    """A function without brackets covers its first factor only, in definitions too."""
    known, sides = question.context.stages, (question.left, question.right)
    reached = sorted(question.context.reached(sides) & known.keys())
    changed = {n: made for n in reached if (made := first_factors(known[n].body)) is not None}
    left, right = map(first_factors, sides)
    if changed or left is not None or right is not None:
        needs = "a function without brackets covers its first factor only"
        stages = {n: replace(known[n], body=body) for n, body in changed.items()}
        guess = Guess(stages, needs) if stages else question.guess
        left, right = left or question.left, right or question.right
        yield from read(replace(question, left=left, right=right, guess=guess), needs)


def _summed(question: Question) -> Iterator[Other]:
    """Letters that stand twice in each product are summed over: all, or those of one side."""
    pair = question.pair
    ranged = {s.name for s in pair.problem.ranges} - pair.problem.labels
    sides = (question.left, question.right)
    found = [repeated(side) for side in sides]
    outside = [repeated(side)[1] for side in question.beside]  # ∂L/∂z_j is one of each j
    twice = (found[0][0] | found[1][0]) & ranged - found[0][1].union(found[1][1], *outside)
    single = {s.name for s in indices_of(pair.left) ^ indices_of(pair.right)}
    for letters in dict.fromkeys((frozenset(twice), frozenset(twice & single))):
        if letters:
            left, right = (summed(side, letters) for side in sides)
            shown = ", ".join(sorted(letters))
            changed = replace(question, left=left, right=right)
            needs = f"{CONVENTION} ({shown})"
            yield from read(changed, needs)
            for fact in _symmetric(changed):
                yield Other(fact.pair, f"{needs} and {fact.needs}")


def _of_one(question: Question) -> Iterator[Other]:
    """L = (y_i - t_i)^2 is said of one i, and is no sum over i."""
    context, sides = question.context, (question.left, question.right)
    reached = context.reached(sides)
    for name in sorted(reached & context.of_one.keys() & context.stages.keys()):
        stage = context.of_one[name]
        term = tree.component(tree.name(name, 0), [tree.name(x, 0) for x in stage.letters], 0)
        needs = f"{name} is said of one {' and one '.join(stage.letters)}"
        one = partial(put, name=name, term=term)
        yield from read(throughout(question, one, needs, **{name: stage}), needs)


def _apart(question: Question) -> Iterator[Other]:
    """The letters of L = f(r_w - r_l), which is said of one of each, are not the same."""
    context = question.context
    reached = context.reached((question.left, question.right))
    for name in sorted(reached & context.singles.keys() & context.stages.keys()):
        letters = scan.free_subscripts(context.stages[name].body)
        for one, other in combinations(letters, 2):
            condition = tree.compare(tree.name(one, 0), ast.NotEq(), tree.name(other, 0))
            changed = replace(question, conditions=(*question.conditions, condition))
            yield from read(changed, f"{one} ≠ {other}")


def _equal_letters(question: Question) -> Iterator[Other]:
    """i = j, or i ≠ j, where the line itself makes no difference between them."""
    pair = question.pair
    if question.conditions or any(
        type(t).__name__ in ("KroneckerDelta", "Iverson") for t in subterms(pair.right)
    ):
        return
    own = replace(question, right=question.left).pair.problem.ranges  # whatever the right says
    letters = sorted(indices_of(pair.left) & set(pair.problem.ranges) & set(own), key=str)
    for n, one in enumerate(letters):
        for other in letters[n + 1 :]:
            if own[one] != own[other]:
                continue
            # who writes both letters, or neither, does not mean them equal
            single = len({one, other} & indices_of(pair.right)) == 1
            for sign, shown in ((ast.NotEq(), "≠"), (ast.Eq(), "="))[: 2 if single else 1]:
                condition = tree.compare(tree.name(one.name, 0), sign, tree.name(other.name, 0))
                left, right = under(condition, (one.name, other.name), pair.left, pair.right)
                yield Other(Pair(pair.problem, left, right), f"{one} {shown} {other}")


def _as_summed(question: Question) -> Iterator[Other]:
    """Letters stand to one another as in the sum that defines something: w_ij of Σ_{i<j} w_ij."""
    known = question.context.stages
    reached = question.context.reached([question.left, question.right])
    bodies = [question.left, *(known[name].body for name in sorted(reached & known.keys()))]
    if question.conditions or not any(map(_bounds_letters, bodies)):
        return
    letters = sorted({s.name for s in indices_of(question.pair.left)})
    for sign in (ast.LtE(), ast.Lt(), ast.NotEq()):
        for one, other in permutations(letters, 2):
            condition = tree.compare(tree.name(one, 0), sign, tree.name(other, 0))
            changed = replace(question, conditions=(condition,))
            yield from read(changed, written(condition))


def _bounds_letters(body: ast.expr) -> bool:
    """Does a sum in it run over letters that bound one another, Σ_{i<j} or Σ_{j=i+1}^n?"""
    sums = [c for c in scan.calls(body) if scan.called(c) in scan.BINDERS]
    bound = {letter for c in sums for letter in scan.own_letters(c)}
    ends = (
        end
        for c in sums
        for part in c.args[1:]
        for end in (part.elts[1:] if isinstance(part, ast.Tuple) else (part,))
        if not isinstance(end, ast.Name) or isinstance(part, ast.Tuple)
    )
    return any(bound & set(scan.words([end])) for end in ends)


def _inside(question: Question) -> Iterator[Other]:
    """The indices of the line are inside their axes, away from the ends."""
    pair = question.pair
    for weight, said in inside(pair):
        left, right = times(weight, pair.left), times(weight, pair.right)
        yield Other(Pair(pair.problem, left, right), said)


def _counted(question: Question) -> Iterator[Other]:
    """N is the number of terms: the size of an axis that the text does not name."""
    pair = question.pair
    problem = pair.problem
    scalars = {t for t in pair.every if isinstance(t, Symbol)}
    counts = sorted((t for t in scalars if not t.is_integer and t.name in _COUNTS), key=str)
    sizes = dict.fromkeys(s for shape in problem.shapes.values() for s in shape)
    for count in counts:
        for size in sizes:
            by: dict[Basic, Basic] = {count: size}
            stages = tuple(Definition(s.quantity, substitute(s.body, by)) for s in problem.stages)
            changed = replace(problem, stages=stages)
            left, right = (substitute(side, by) for side in (pair.left, pair.right))
            yield Other(Pair(changed, left, right), f"{count} is the number of terms")


def _as_means(question: Question) -> Iterator[Other]:
    """Numbers that nothing defines and that are named as means are, in an identity: μ, x̄."""
    pair = question.pair
    if pair.left.has(Derivative) or pair.right.has(Derivative):
        return  # of a likelihood, whose slope is 0 at the mean
    given = {t.name for t in pair.every if isinstance(t, Symbol) and not t.is_integer}
    found = [
        (name, array)
        for name in sorted(given - question.context.stages.keys())
        for array, shape in pair.problem.shapes.items()
        if len(shape) == 1 and (name in _MEANS or name == f"{array}bar")
    ]
    choices = [[one] for one in found]
    if 1 < len(found) == len(dict(found)):
        choices.append(found)
    for means in choices:
        stages = {name: Stage(name, (), _mean_of(array)) for name, array in means}
        needs = " and ".join(f"{name} is the mean of {array}" for name, array in means)
        changed = replace(question, guess=Guess(stages, needs))
        yield from with_facts(changed.pair, needs, _counted(changed))


def _mean_of(array: str) -> ast.expr:
    letter = tree.name("k", 0)
    return tree.call("mean", [tree.component(tree.name(array, 0), [letter], 0), letter], 0)


def _held(question: Question) -> Iterator[Other]:
    """A derivative by a variable while a stage is held fixed."""
    pair = question.pair
    if not (pair.left.has(Derivative) or pair.right.has(Derivative)):
        return
    by = differentiated(pair)
    names = [s.name for s in pair.problem.stages if s.name in question.context.stages]
    choices: list[tuple[str, ...]] = [(n,) for n in names if n not in by]
    if len(choices) > 1:
        choices.append(tuple(n for n in names if n not in by and n not in _differentials(pair)))
    for held in choices:
        if not held or set(held) & _differentials(pair):
            continue
        shown = " and ".join(held)
        changed = replace(question, held=(*question.held, *held))
        yield from read(changed, f"{shown} {'is' if len(held) == 1 else 'are'} held fixed")


def _differentials(pair: Pair) -> set[str]:
    """What is differentiated by name, L in ∂L/∂x."""
    return {
        t.expr.name
        for side in (pair.left, pair.right)
        for t in subterms(side)
        if isinstance(t, Derivative) and isinstance(t.expr, Quantity)
    }


def _two_meanings(question: Question) -> Iterator[Other]:
    """A letter is a target in one definition, and what a layer gives in the others."""
    known = question.context.stages
    reached = question.context.reached([question.left])
    if not scan.slopes(question.left):
        return
    for name in sorted(n for n in reached if is_label(n)):
        for stage in (known[s] for s in sorted(reached & known.keys()) if s != name):
            if name not in set(scan.words([stage.body])):
                continue
            target = f"{name}_target"
            changed = replace(stage, body=renamed(stage.body, name, target))
            needs = f"{name} in {stage.name} is a target, and no other {name}"
            guess = Guess({stage.name: changed}, needs)
            right = renamed(question.right, name, target)
            found = replace(question, right=right, guess=guess).pair
            yield Other(found, needs)
            for fact in granted(found):
                if fact.about == target:
                    shown = fact.needs.replace(target, name)
                    yield Other(fact.pair, f"{needs}, and {shown}")


_COUNTS = COUNTS | {"m", "d"}
_MEANS = ("mu", "m")
_KINDS = (
    *(
        _euler,
        _softmax,
        _identity,
        _components,
        _at_optimum,
        _symmetric,
        _counted,
        _as_means,
        _reach,
        _first_factors,
        _summed,
        _of_one,
        _apart,
        _equal_letters,
        _as_summed,
        _inside,
        _held,
    ),
    _two_meanings,
)
