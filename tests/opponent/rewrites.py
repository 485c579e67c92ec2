"""Rewrites: a claim after laws that hold for all real numbers, wherever it has a value.

Gives `rewritten`.  To add a law: a case in `Rewritten.law`, or a row in `IDENTITIES`.
"""

from __future__ import annotations

import ast
from random import Random

from tests.opponent.claims import Claim
from tests.opponent.language import called
from tests.opponent.trees import changed, read, terms


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
