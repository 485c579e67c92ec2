"""Claims: false ones made from a true one, and true ones made from it.

Gives `Claim`, `pretended` (with a pretender), `broken` (with one thing changed), `rewritten` (true
still).  What is false is shown to be so by the evaluator before anybody is asked.

To add a change: a method of `Broken`; a law: a method of `Rewritten`.  Imports the opponent's own.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.opponent.language import called, indices_of
from tests.opponent.points import Place
from tests.opponent.pretenders import PRETENDERS, Pretender, fitted


@dataclass(frozen=True)
class Claim:
    """A text, the kind of its falsehood ("" for a true one), and where it shows."""

    text: str
    kind: str
    place: Place | None = None
    hole: bool = False
    assume: tuple[str, ...] = ()


def terms(tree: ast.AST, bound: tuple[str, ...] = ()) -> Iterator[tuple[ast.expr, tuple[str, ...]]]:
    """Every term of a tree that is no index and no condition, with the letters bound there."""
    match tree:
        case ast.Subscript():
            yield tree, bound
        case ast.Call() if called(tree) in ("delta", "softmax", "logsumexp"):
            yield tree, bound
        case ast.Call():
            yield tree, bound
            letters = tuple(
                a.elts[0].id
                for a in tree.args
                if isinstance(a, ast.Tuple) and isinstance(a.elts[0], ast.Name)
            )
            for part in tree.args:
                if not isinstance(part, ast.Tuple):
                    yield from terms(part, (*bound, *letters))
        case ast.Compare():
            for part in (tree.left, *tree.comparators):
                yield from ((t, b) for t, b in terms(part, bound) if t is not part)
        case ast.expr():
            yield tree, bound
            for part in ast.iter_child_nodes(tree):
                yield from terms(part, bound)


def changed(tree: ast.expr, old: ast.AST, new: ast.expr) -> str:
    """The text with one node replaced, by identity."""

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return new if node is old else super().visit(node)

    return ast.unparse(ast.fix_missing_locations(Put().visit(copy_except(tree, old))))


def copy_except(tree: ast.expr, kept: ast.AST) -> ast.expr:
    """A copy in which one node is the very same."""
    return copy.deepcopy(tree, {id(kept): kept})


def read(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


# -- false -----------------------------------------------------------------------------------------


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


# -- true ------------------------------------------------------------------------------------------


class Rewritten:
    """Laws that hold for all real numbers, wherever the term has a value."""

    def __init__(self, random: Random, names: dict[str, tuple[str, ...]]) -> None:
        self.random, self.names = random, names

    def scalar(self) -> str:
        return self.random.choice((*self.names.get("S", ()), "2"))

    def law(self, node: ast.expr) -> str | None:
        """What a term is rewritten to."""
        u = ast.unparse(node)
        match node:
            case ast.BinOp(op=ast.Mult(), left=a, right=ast.BinOp(op=ast.Add(), left=b, right=c)):
                a, b, c = (ast.unparse(x) for x in (a, b, c))
                return f"(({a})*({b}) + ({a})*({c}))"
            case ast.BinOp(op=ast.Add() | ast.Mult() as op, left=a, right=b):
                sign = "+" if isinstance(op, ast.Add) else "*"
                return f"(({ast.unparse(b)}) {sign} ({ast.unparse(a)}))"
            case ast.BinOp(op=ast.Sub(), left=a, right=b):
                return f"(-(({ast.unparse(b)}) - ({ast.unparse(a)})))"
            case ast.BinOp(op=ast.Div(), left=a, right=b):
                return f"(({ast.unparse(a)})*(1/({ast.unparse(b)})))"
            case ast.BinOp(op=ast.Pow(), left=a, right=ast.Constant(value=2)):
                return f"(({ast.unparse(a)})*({ast.unparse(a)}))"
            case ast.Call(args=[v]) if called(node) in IDENTITIES:
                return self.random.choice(IDENTITIES[called(node)]).format(f"({ast.unparse(v)})")
            case ast.Call(func=ast.Name(id="sum"), args=[ast.BinOp(op=ast.Add()) as body, *ends]):
                over = ", ".join(map(ast.unparse, ends))
                left, right = ast.unparse(body.left), ast.unparse(body.right)
                return f"(sum({left}, {over}) + sum({right}, {over}))"
            case ast.Call(func=ast.Name(id="iverson"), args=[ast.Compare() as c]):
                swap = TURNED[type(c.ops[0])]
                return f"iverson({ast.unparse(c.comparators[0])} {swap} {ast.unparse(c.left)})"
            case ast.Call(func=ast.Name(id="delta"), args=[a, b]):
                return f"delta({ast.unparse(b)}, {ast.unparse(a)})"
        s = self.scalar()
        return self.random.choice(
            (
                f"(({u}) + {s} - {s})",
                f"(2*({u}) - ({u}))",
                f"(({u})*(1 + {s}**2)/({s}**2 + 1))",
                f"(-(-({u})))",
                f"max({u}, {u})",
                f"(sum(({u}), (d, 1, 3))/3)",
                f"log(exp({u}))",
                f"(relu({u}) - relu(-({u})))",
                f"(abs({u})*sign({u}))",
            )
        )


IDENTITIES: dict[str, tuple[str, ...]] = {
    "exp": ("(exp({0}/2)**2)", "(1/exp(-{0}))", "(exp({0} - 1)*exp(1))"),
    "tanh": (
        "((exp(2*{0}) - 1)/(exp(2*{0}) + 1))",
        "(2*sigmoid(2*{0}) - 1)",
        "(sinh({0})/cosh({0}))",
    ),
    "sigmoid": ("(1/(1 + exp(-{0})))", "(1 - sigmoid(-{0}))", "((1 + tanh({0}/2))/2)"),
    "softplus": ("log(1 + exp({0}))", "({0} + softplus(-{0}))"),
    "relu": ("max({0}, 0)", "(({0} + abs({0}))/2)"),
    "abs": ("max({0}, -{0})", "sqrt({0}**2)", "({0}*sign({0}))"),
    "sign": ("(iverson({0} > 0) - iverson({0} < 0))", "(-sign(-{0}))"),
    "cosh": ("((exp({0}) + exp(-{0}))/2)", "cosh(-{0})"),
    "sinh": ("((exp({0}) - exp(-{0}))/2)", "(-sinh(-{0}))"),
    "sin": ("(-sin(-{0}))",),
    "cos": ("cos(-{0})", "(1 - 2*sin({0}/2)**2)"),
    "sqrt": ("({0}**(1/2))",),
    "log": ("(log(2*{0}) - log(2))", "(-log(1/{0}))"),
}
TURNED = {
    ast.Gt: "<",
    ast.GtE: "<=",
    ast.Lt: ">",
    ast.LtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def rewritten(text: str, names: dict[str, tuple[str, ...]], random: Random) -> Claim:
    """The claim after one to three laws."""
    for _ in range(random.randint(1, 3)):
        tree = read(text)
        node, _ = random.choice(list(terms(tree)))
        new = Rewritten(random, names).law(node)
        if new is not None:
            text = changed(tree, node, read(new))
    return Claim(text, "")
