"""Fusing: what an engine computes at once, in place of the operations of a graph that say it.

Gives `FusingWriter`, which writes a graph so.  It is copied first: other targets write it as it is.

Imports graph, writer and fused.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sympy import Symbol

from symderiv.emit.graph import Graph
from symderiv.emit.nodes import COMMUTING, Loop, Node, View, is_number, made_of, placed
from symderiv.emit.spelling import filled, parsed
from symderiv.emit.targets.fused import Fused
from symderiv.emit.words import Words
from symderiv.emit.writer import Writer
from symderiv.terms import letter

Found = tuple[Mapping[str, View], tuple[Node, ...]]  # what capitals are, what is used by the match
AXES = tuple(letter(f"_{n}") for n in range(12))
SPARE = letter("_spare")
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.Gt: "gt",
    ast.Eq: "eq", ast.NotEq: "ne", ast.USub: "neg",
}  # fmt: skip


class FusingWriter(Writer):
    """Writes the values of a graph with the calls that stand for some of its operations."""

    def __init__(
        self, named: Mapping[Node, str], taken: set[str], words: Words, calls: Sequence[Fused]
    ) -> None:
        super().__init__(named, taken, words)
        self.calls = calls

    def body(self, results: Sequence[View], first: Sequence[Node] = ()) -> list[ast.expr]:
        own = _copied([*(v.node for v in results), *first])
        self.wanted |= {own[n]: name for n, name in self.wanted.items() if n in own}
        views = [View(own[v.node], v.letters) for v in results]
        graph = Graph()
        for call in self.calls:
            _Fusing(views, call, graph).use()
        return super().body(views, [own[n] for n in first])

    def _code(self, node: Node) -> ast.expr:
        if node.op != "fused":
            return super()._code(node)
        call, capitals = node.data
        wide = (self.aligned(n, at, node.rank + (node.rank in at)) for n, at in node.args)
        return filled(call, dict(zip(capitals, wide, strict=True)))


def _copied(nodes: Sequence[Node]) -> dict[Node, Node]:
    """Nodes and all that they are made of, each with a copy that may be changed."""
    made: dict[Node, Node] = {}
    for node in made_of(nodes):
        data = node.data
        if isinstance(data, Loop):
            data = replace(data, step=made.get(data.step, data.step))
        args = tuple((made[n], places) for n, places in node.args)
        made[node] = replace(node, args=args, data=data)
    return made


class _Fusing:
    """The use of one call in the graph of some results."""

    def __init__(self, results: Sequence[View], call: Fused, graph: Graph) -> None:
        self.results, self.call, self.graph = results, call, graph

    def use(self) -> None:
        self._look()
        for node in self.nodes:
            top = View(node, AXES[: node.rank])
            found = next(self._bound(top), None)
            if found is not None and not is_number(node):
                self._put(top, found)
                self._look()

    def _look(self) -> None:
        """The nodes that there are, and how often each is used."""
        self.nodes = made_of(v.node for v in self.results)
        self.uses = Counter(n for node in self.nodes for n, _ in node.args)
        self.uses.update(v.node for v in self.results)

    def _bound(self, top: View) -> Iterator[dict[str, View]]:
        """What the capitals are where the call stands for an array."""
        call = self.call
        self.letters = top.letters
        every = [*self._matches(parsed(call.value), top, ({}, ()), own=True)]
        for said, own in ((call.where, True), (call.beside, False)):
            for capital, text in said.items():
                every = [f for old in every for f in self._also(capital, parsed(text), old, own)]
        for found, inside in every:
            if all(self.uses[n] == many for n, many in Counter(inside).items()):
                yield dict(found)

    def _also(self, capital: str, code: ast.expr, known: Found, own: bool) -> Iterator[Found]:
        """What a capital is, or any array along the same axes where that is open."""
        found, _ = known
        if capital in found:
            yield from self._matches(code, found[capital], known, own)
            return
        for node in self.nodes:
            if len(self.letters) - 1 <= node.rank <= len(self.letters):
                view = View(node, self.letters[: node.rank])
                for more, used in self._matches(code, view, known, own):
                    yield {**more, capital: view}, used

    def _matches(self, code: ast.expr, view: View, known: Found, own: bool) -> Iterator[Found]:
        """Is an array of a pattern, with what its capitals are known to be?"""
        found, inside = known
        match code:
            case ast.Name(name):
                fewer = view.node.rank < len(self.letters) and not is_number(view.node)
                if (name.isupper() or fewer) and found.get(name, view) == view:
                    yield {**found, name: view}, inside
                return
            case ast.Constant(number):
                if view.number is not None and float(view.number) == number:
                    yield known
                return
        for pairs in self._operands(code, view):
            every = [known]
            for part, operand in pairs:
                every = [f for old in every for f in self._matches(part, operand, old, own)]
                name = part.id if isinstance(part, ast.Name) else ""
                if name in self.call.where or (own and not name and operand.node.args):
                    every = [(f, (*used, operand.node)) for f, used in every]
            yield from every

    def _operands(self, code: ast.expr, view: View) -> Iterator[Iterable[tuple[ast.expr, View]]]:
        """What an array is made of beside the parts of a pattern, where its operation is that."""
        node, (op, parts) = view.node, _said(code)
        inner = (*view.letters, self._spare(view))
        match op, parts:
            case "count", _ if node.op == op:
                yield zip(parts, [view], strict=True)
            case "sum", [ast.BinOp(a, ast.Mult(), b)] if node.op == "contract":
                if len(node.args) == 2 and all(node.rank == max(at) for _, at in node.args):
                    views = [View(n, tuple(inner[p] for p in at)) for n, at in node.args]
                    yield zip((a, b), views, strict=True)
                    yield zip((b, a), views, strict=True)
            case "sum", _ if node.op == "contract" and len(node.args) == 1:
                ((n, at),) = node.args
                if max(at) == node.rank:
                    yield zip(parts, [View(n, tuple(inner[p] for p in at))], strict=True)
            case "sum" | "max" | "norm" | "rest", _ if node.op == op and len(node.args) == 1:
                ((n, _),) = node.args
                axis = node.rank if op == "rest" else node.data[0]
                if n.rank == node.rank + 1:
                    letters = (*inner[:axis], inner[-1], *inner[axis:-1])
                    yield zip(parts, [View(n, letters)], strict=True)
            case "at", _ if node.op == op:
                views = [View(n, tuple(inner[p] for p in at)) for n, at in node.args]
                yield zip(parts, views, strict=True)
            case _ if node.op in (op, f"f:{op}") and len(node.args) == len(parts):
                views = self.graph.operands(view)
                yield zip(parts, views, strict=True)
                if op in COMMUTING:
                    yield zip(parts, views[::-1], strict=True)

    def _spare(self, view: View) -> Symbol:
        """The letter of what is summed over: the last one of the value, where it is free."""
        last = self.letters[-1:]
        return last[0] if last and last[0] not in view.letters else SPARE

    def _put(self, top: View, found: dict[str, View]) -> None:
        """The call in place of the array."""
        for capital, (said, like) in self.call.shared.items():
            found[capital] = self._called(said, found, found[like])
        self._become(top, self.call.call, found)
        found["P"] = top
        for capital, said in self.call.instead.items():
            self._become(found[capital], said, found)

    def _called(self, call: str, found: Mapping[str, View], like: View) -> View:
        """What a call gives, along the axes of an array."""
        names = (n.id for n in ast.walk(parsed(call)) if isinstance(n, ast.Name))
        capitals = tuple(n for n in dict.fromkeys(names) if n in found)
        views = [found[c] for c in capitals]
        args = placed(views, [*dict.fromkeys(s for v in (like, *views) for s in v.letters)])
        node = self.graph.node("fused", args, like.node.sizes, (call, capitals))
        return View(node, like.letters)

    def _become(self, old: View, call: str, found: Mapping[str, View]) -> None:
        new = self._called(call, found, old).node
        old.node.op, old.node.args, old.node.data = new.op, new.args, new.data


def _said(code: ast.expr) -> tuple[str, list[ast.expr]]:
    """An operation and its operands."""
    match code:
        case ast.BinOp(left, op, right) | ast.Compare(left, [op], [right]):
            return OPERATORS[type(op)], [left, right]
        case ast.UnaryOp(op, inner):
            return OPERATORS[type(op)], [inner]
        case ast.Call(ast.Attribute(inner, name)):
            return name, [inner]
        case ast.Call(ast.Name(name), parts):
            return name, parts
    raise AssertionError(ast.unparse(code))
