r"""Guesses: how a quantity depends on another, where the text differentiates it and does not say.

Gives `guesses`: for ∂L/∂w and ∂L/∂y in one line, that L depends on w through y alone; for ∂p/∂z in
a text that names the softmax, that p is the softmax of z.  What follows under a guess follows if it
is so; nothing is wrong because of one.

Imports context.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from symderiv.checking.context import Context
from symderiv.checking.stages import Stage
from symderiv.checking.unknown import opaque
from symderiv.reader import scan, tree
from symderiv.records import dataclass

_NAMED = {
    "softmax": ("exp(V[i]) / sum(exp(V[k]), k)", 1),
    "sigmoid": ("sigmoid(V)", 0),
    "logistic": ("sigmoid(V)", 0),
    "tanh": ("tanh(V)", 0),
    "relu": ("relu(V)", 0),
    "softplus": ("softplus(V)", 0),
}


@dataclass(frozen=True)
class Guess:
    """Definitions that the text does not give, and what they say, as a clause after "if"."""

    stages: Mapping[str, Stage]
    needs: str


def guesses(context: Context, sides: Sequence[ast.expr], prose: str) -> Iterator[Guess]:
    """The guesses for what these sides differentiate and nothing defines."""
    wanted = dict(_dependences(context, sides))
    if not wanted:
        return
    ranks = dict(context.ranks) | scan.ranks(sides)
    for word, (body, rank) in _NAMED.items():
        if word not in prose.lower():
            continue
        stages: dict[str, Stage] = {}
        shown: list[str] = []
        for name, arguments in wanted.items():
            source = arguments[0]
            if len(arguments) == 1 and ranks.get(name, 0) == ranks.get(source, 0) >= rank:
                stages[name] = _of_catalogue(name, source, body, ranks.get(name, 0))
                shown.append(f"{name} is the {word} of {source}")
        if stages:
            yield Guess(stages, " and ".join(shown))
    closest = {name: _closest(context, name, wanted) for name in wanted}
    said = (f"{name} depends on {' and '.join(x)} alone" for name, x in closest.items())
    yield Guess({n: opaque(n, x, ranks) for n, x in closest.items()}, " and ".join(said))


def _dependences(
    context: Context, sides: Sequence[ast.expr]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is differentiated by what, and defined nowhere."""
    found: dict[str, dict[str, None]] = {}
    for top, by in (slope for side in sides for slope in scan.slopes(side)):
        name, variable = scan.name_of(top), scan.name_of(by)
        known = name in context.stages or name in context.unknown
        if name and variable and name != variable and not known:
            found.setdefault(name, {})[variable] = None
    yield from ((name, tuple(x)) for name, x in found.items())


def _closest(context: Context, name: str, wanted: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The arguments that no other argument depends on: y of w and y, where y depends on w."""
    arguments = wanted[name]
    upstream = {a: _upstream(context, a, wanted, frozenset()) for a in arguments}
    kept = tuple(a for a in arguments if not any(a in upstream[b] for b in arguments if b != a))
    return kept or arguments


def _upstream(
    context: Context, name: str, wanted: Mapping[str, tuple[str, ...]], seen: frozenset[str]
) -> frozenset[str]:
    """All that a name depends on."""
    if name in seen:
        return frozenset()
    own: set[str] = set(wanted.get(name, ())) | set(context.unknown.get(name, ()))
    if name in context.stages:
        own |= set(scan.words([context.stages[name].body]))
    return frozenset(own).union(*(_upstream(context, n, wanted, seen | {name}) for n in own))


def _of_catalogue(name: str, source: str, body: str, rank: int) -> Stage:
    """p[i] = softmax(z)[i], or of each row of a matrix."""
    letters = ("a", "i")[2 - rank :] if rank else ()
    places: list[ast.expr] = [tree.name(x, 0) for x in letters]
    whole = tree.name(source, 0)

    def put(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Subscript):
            return tree.component(whole, [*places[:-1], node.slice], 0)
        if isinstance(node, ast.Name) and node.id == "V":
            return tree.component(whole, places, 0) if places else whole
        return None

    return Stage(name, tuple(letters), tree.copied(ast.parse(body, mode="eval").body, put))
