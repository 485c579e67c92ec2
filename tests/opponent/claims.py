"""Claims: false ones made from a true one.

Gives `Claim`, `pretended` (with a pretender) and `broken` (with one thing changed).  What is false
is shown to be so by the evaluator before anybody is asked.

To add a change: a method of `Broken`, named in `broken`.  Imports trees, points and pretenders.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.opponent.language import called, indices_of
from tests.opponent.points import Place
from tests.opponent.pretenders import PRETENDERS, Pretender, fitted
from tests.opponent.trees import changed, read, terms


@dataclass(frozen=True)
class Claim:
    """A text, the kind of its falsehood ("" for a true one), and where it shows."""

    text: str
    kind: str
    place: Place | None = None
    hole: bool = False
    assume: tuple[str, ...] = ()


def pretended(
    text: str, names: dict[str, tuple[str, ...]], random: Random, pretender: Pretender | None = None
) -> Claim | None:
    """The claim with a pretender (any, or the one given) at some place in it."""
    pretender = pretender or random.choice(PRETENDERS)
    made = fitted(pretender, names, random)
    if made is None:
        return None
    unit, place, assume = made
    way = random.randint(0, 4)
    if way == 0:
        claim = f"({text})*{unit}"
    elif way == 1:
        claim = f"({text}) + {unit} - 1"
    elif way == 2:
        claim = f"({text})/{unit}"
    else:
        tree = read(text)
        # a letter bound where the unit is put would capture one of the unit's
        inside = [t for t, bound in terms(tree) if not set(bound) & set("ijklmn")]
        chosen = random.choice(inside)
        claim = changed(tree, chosen, read(f"({ast.unparse(chosen)})*{unit}"))
    return Claim(claim, pretender.kind, place, pretender.hole, assume)


class Broken:
    """One thing changed; each method is a thing, and None where the claim lacks it."""

    def __init__(self, text: str, letters: tuple[str, ...], random: Random) -> None:
        self.tree, self.letters, self.random = read(text), letters, random

    def nodes(self, *kinds: type[ast.AST]) -> list[Any]:
        return [n for n in ast.walk(self.tree) if isinstance(n, kinds)]

    def pick(self, nodes: list[Any]) -> Any:
        return self.random.choice(nodes) if nodes else None

    def sign(self) -> str | None:
        node = self.pick([n for n in self.nodes(ast.BinOp) if isinstance(n.op, ast.Add | ast.Sub)])
        if node is None:
            return f"-({ast.unparse(self.tree)})"
        op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        return changed(self.tree, node, ast.BinOp(node.left, op, node.right))

    def index(self) -> str | None:
        node = self.pick([n for n in self.nodes(ast.Subscript) if isinstance(n.value, ast.Name)])
        if node is None:
            return None
        at = indices_of(node)
        n = self.random.randrange(len(at))
        other = ast.Name(self.random.choice((*self.letters, "k", "i")))
        at = [other if m == n else i for m, i in enumerate(at)]
        new = ast.Subscript(node.value, ast.Tuple(at) if len(at) > 1 else at[0])
        return changed(self.tree, node, new)

    def total(self) -> str | None:
        node = self.pick([n for n in self.nodes(ast.Call) if called(n) == "sum"])
        return node and changed(self.tree, node, ast.Call(ast.Name("mean"), node.args, []))

    def mask(self) -> str | None:
        node = self.pick([n for n in self.nodes(ast.Call) if called(n) in ("delta", "iverson")])
        return node and changed(self.tree, node, ast.Constant(1))

    def factor(self) -> str | None:
        node = self.pick([n for n in self.nodes(ast.BinOp) if isinstance(n.op, ast.Mult | ast.Div)])
        return node and changed(self.tree, node, node.left)

    def number(self) -> str | None:
        numbers = [t for t, _ in terms(self.tree) if isinstance(t, ast.Constant)]
        node = self.pick(numbers)
        return node and changed(self.tree, node, ast.Constant(node.value + 1))

    def relation(self) -> str | None:
        swaps: dict[type[ast.cmpop], type[ast.cmpop]] = {
            ast.Gt: ast.GtE,
            ast.GtE: ast.Gt,
            ast.Lt: ast.LtE,
            ast.LtE: ast.Lt,
            ast.Eq: ast.GtE,
            ast.NotEq: ast.Lt,
        }
        node = self.pick(self.nodes(ast.Compare))
        if node is None:
            return None
        return changed(
            self.tree, node, ast.Compare(node.left, [swaps[type(node.ops[0])]()], node.comparators)
        )

    def range(self) -> str | None:
        node = self.pick([n for n in self.nodes(ast.Tuple) if len(n.elts) == 3])
        if node is None:
            return None
        head, low, high = node.elts
        return changed(self.tree, node, ast.Tuple([head, ast.Constant(low.value + 1), high]))


def broken(text: str, letters: tuple[str, ...], random: Random) -> Claim | None:
    """The claim with one thing changed; it may be true still."""
    kind: Callable[[Broken], str | None] = random.choice(
        (
            Broken.sign,
            Broken.index,
            Broken.index,
            Broken.total,
            Broken.mask,
            Broken.factor,
            Broken.number,
            Broken.relation,
            Broken.range,
        )
    )
    made = kind(Broken(text, letters, random))
    return made and Claim(made, f"one {kind.__name__}")
