"""Bounds: what is plain of an array's values from the operations that make it.

Gives `never_positive` (an exponent that is at most 0), `never_negative`, `finite` (no infinity and
no nan at finite inputs) and `whole_of`, the array of which another holds entries.

Imports graph only.
"""

from __future__ import annotations

from sympy import Expr

from symderiv.emit.nodes import TRUTHS, Node, made_of

# finite where their operands are, as long as nothing overflows
KEEPING = {
    "input", "label", "size", "count", "step", "add", "sub", "mul", "neg", "max", "min", "abs",
    "where", "clip", "float", "sum", "prod", "contract", "turn", "part", "pad", "diagonal", "at",
    "put", "gather", "others", "others_prod", "repeat", "finite", "series", "norm",
    "hypot", "logaddexp", "log_cosh", "f:tanh", "f:sigmoid", "f:sign", "f:softplus", *TRUTHS,
}  # fmt: skip


def finite(node: Node) -> bool:
    """Is it finite wherever the inputs are, as long as nothing overflows?"""
    for top in made_of([node], lambda n: n.finite is not None):
        top.finite = _finite(top, [n for n, _ in top.args])
    return bool(node.finite)


def _finite(node: Node, inner: list[Node]) -> bool:
    match node.op:
        case "number":
            return isinstance(node.data, Expr) and node.data.is_finite is True
        case "exp":  # of u - max u
            return inner[0].finite is True and never_positive(inner[0])
        case "div":
            plain = inner[1].tame or inner[1].op in ("number", "size")
            return inner[0].finite is True and inner[1].finite is True and plain
        case _:
            return node.op in KEEPING and all(n.finite for n in inner)


def never_positive(node: Node) -> bool:
    """Is an exponent at most 0: u - max u, -|x|, or -x²/2?"""
    args = [inner for inner, _ in node.args]
    match node.op:
        case "sub" if below_largest(node):
            return True
        case "sub" if args[1].op == "max" and any(node.args[0][0] is n for n, _ in args[1].args):
            return True  # u - max(u, v)
        case "sub":
            return never_positive(args[0]) and never_negative(args[1])
        case "add":
            return all(map(never_positive, args))
        case "neg":
            return never_negative(args[0])
        case "min":
            return len(args) == 2 and args[1].op == "number" and args[1].data == 0
        case "at" | "gather" | "part" | "turn" | "diagonal" | "expm1" | "times_exp":
            return never_positive(args[0])
        case _:
            return False


def below_largest(node: Node) -> bool:
    """Is it an array less its largest entries, u - max u, or entries of that?"""
    node = whole_of(node)
    if node.op != "sub":
        return False
    (a, _), (b, _) = node.args
    return b.op == "max" and len(b.args) == 1 and b.args[0][0] is whole_of(a)


def largest_of(node: Node) -> Node | None:
    """The array of which a node holds the largest entries, of all of them or of some."""
    while node.op == "finite":
        node = node.args[0][0]
    if node.op != "max" or len(node.args) > 1:
        return None
    inner = node.args[0][0]
    return whole_of(inner.args[1][0] if inner.op == "where" else inner)


def never_negative(node: Node) -> bool:
    """Is it at least 0: |x|, a square, or a sum, product or quotient of such?"""
    if node.positive:
        return True
    args = [inner for inner, _ in node.args]
    match node.op:
        case "abs" | "sqrt" | "norm" | "hypot":
            return True
        case "pow":
            exponent = args[1].data if args[1].op == "number" else None
            return never_negative(args[0]) or (isinstance(exponent, Expr) and exponent.is_even)
        case "mul" if node.args[0] == node.args[1]:
            return True
        case "number":
            return isinstance(node.data, Expr) and node.data.is_nonnegative is True
        case "contract" if len(args) == 2 and node.args[0] == node.args[1]:
            return True
        case "add" | "mul" | "div" | "contract":
            return all(map(never_negative, args))
        case "sum" | "at" | "gather" | "part" | "turn" | "diagonal":
            return never_negative(args[0])
        case "where":
            return all(map(never_negative, args[1:]))
        case _:
            return False


def vanishing(node: Node) -> bool:
    """Is it positive, and 0 where exponentials are 0 for floats alone, as what a share leaves?"""
    args = [inner for inner, _ in node.args]
    match node.op:
        case _ if node.positive:
            return not node.tame
        case "sum" | "at" | "gather" | "part" | "turn" | "diagonal" | "others":
            return vanishing(args[0])
        case "put" | "where":
            kept = [n for n in args if n.op != "number" and n.op not in (*TRUTHS, "label", "input")]
            return bool(kept) and all(map(vanishing, kept))
        case "div":
            return vanishing(args[0]) and args[1].positive
        case _:
            return False


def whole_of(node: Node) -> Node:
    """The array of which a node holds some entries."""
    while node.op in ("at", "part", "turn", "diagonal") or (
        node.op == "gather" and node.args[1][0].op == "number"
    ):
        node = node.args[0][0]
    return node
