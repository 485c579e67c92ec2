"""The writer: a graph becomes assignments, as Python's `ast`, printed once.

Gives `Writer`, whose `body` writes some results in the words of a target.  What is used twice, or
is long, has a name; the rest stands where it is used.

Imports graph and words.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sympy import Expr

from symderiv.emit.axes import axes_code, piece, size_code
from symderiv.emit.contracting import Operand, contracted
from symderiv.emit.nodes import Loop, Node, Operands, Positions, View, depending, is_number, made_of
from symderiv.emit.shifts import may_be_empty
from symderiv.emit.spelling import filled
from symderiv.emit.words import Words
from symderiv.mistakes import Mistake

FRESH = ("add", "sub", "mul", "div", "exp", "where")  # what is an array of its own
LEAVES = ("input", "label", "number", "size", "count", "step", "filled", "looped", "loop")
HINTS = {
    "exp": "e", "max": "m", "rest": "rest", "others": "others", "sum": "s", "contract": "s",
    "log1p": "log_s", "norm": "n", "hypot": "n", "at": "at", "eq": "hot",
}  # fmt: skip
CHAIN = 40  # nodes, of which each waits for the one before it
LONG, LONGEST = 72, 86  # characters of an expression without a name


class Writer:
    """Writes the values of one graph in some words.

    Attributes
    ----------
    wanted : the nodes that have names on the page
    numbers : the nodes that are numbers of Python's, of sizes and numbers alone
    whole : the names of those that have one
    nodes : what each name in the lines stands for
    """

    def __init__(
        self, named: Mapping[Node, str], taken: set[str], words: Words | None = None
    ) -> None:
        self.wanted = dict(named)
        self.taken = set(taken)
        self.words = words or Words()
        self.numbers: set[Node] = set()
        self.whole: set[str] = set()
        self.nodes: dict[str, Node] = {}
        self.lines: list[ast.stmt] = []
        self.made: dict[Node, ast.expr] = {}
        self.uses: Counter[Node] = Counter()
        self.results: set[Node] = set()
        self.kept: set[Node] = set()  # what a loop needs from before it
        self.axes: dict[str, int] = {}  # of arrays that are being filled, that of the steps

    def body(self, results: Sequence[View], first: Sequence[Node] = ()) -> list[ast.expr]:
        """Write what the results need; the results as expressions.

        first : nodes that are written before others and by name, in this order, where a result
            needs them
        """
        self.results = {view.node for view in results} - {*first}
        self._count([view.node for view in results])
        for node in first:
            if self.uses[node]:
                self.expression(node)
        for node in self._waited_for([view.node for view in results]):
            self.expression(node)
        return [self.expression(view.node) for view in results]

    def beside(self, codes: Sequence[ast.expr], results: Sequence[View]) -> list[ast.expr]:
        """Results that stand in one line: the longest have names, where it is too long."""
        made = [*codes]
        while len(made) > 1 and sum(map(self.words.length, made)) > LONGEST:
            longest = max(range(len(made)), key=lambda n: self.words.length(made[n]))
            made[longest] = self._named(results[longest].node, made[longest])
        return made

    def _count(self, nodes: Sequence[Node]) -> None:
        self.uses.update(nodes)
        for node in made_of(nodes):
            self.uses.update(inner for inner, _ in node.args)
            inside = all(n in self.numbers for n, _ in node.args)
            if inside and (self.words.counted(_op(node)) if node.args else is_number(node)):
                self.numbers.add(node)

    def _waited_for(self, nodes: Sequence[Node]) -> Iterator[Node]:
        """Nodes so far apart that nothing waits for a long chain of others."""
        level: dict[Node, int] = {}
        for node in made_of(nodes, lambda n: n.op in LEAVES):
            level[node] = 1 + max((level.get(inner, 0) for inner, _ in node.args), default=0)
            if level[node] >= CHAIN:
                level[node] = 0
                yield node

    # -- names -------------------------------------------------------------------------------------

    def expression(self, node: Node) -> ast.expr:
        """The value of a node: a name, where it has one."""
        if node not in self.made:
            code = self._code(node)
            if self._deserves_a_name(node, code):
                code = self._named(node, code)
            self.made[node] = code
        return self.made[node]

    def _named(self, node: Node, code: ast.expr) -> ast.expr:
        name = self._name(node)
        self.nodes[name] = node
        if node in self.numbers:
            self.whole.add(name)
        self._assign(ast.Name(name, ast.Store()), code)
        return ast.Name(name, ast.Load())

    def _deserves_a_name(self, node: Node, code: ast.expr) -> bool:
        if node.op in LEAVES or isinstance(code, ast.Name):
            return False
        if node.op == "gather" and node.args[0][0].op in ("input", "filled", "looped"):
            return node in self.wanted
        if node in self.kept:
            return True
        if self.uses[node] > 1 or (node in self.wanted and node not in self.results):
            return True
        return self.words.length(code) > (LONGEST if node in self.results else LONG)

    def _name(self, node: Node) -> str:
        hint = HINTS.get(node.op, "t")
        if node.op == "sum" and self._without(node):
            hint = "rest"
        return self.called(self.wanted.get(node) or hint)

    def called(self, wish: str) -> str:
        name, number = wish, 1
        while name in self.taken:
            number += 1
            name = f"{wish}{number}" if not wish[-1].isdigit() else f"{wish}_{number}"
        self.taken.add(name)
        return name

    # -- one node ----------------------------------------------------------------------------------

    def _code(self, node: Node) -> ast.expr:
        inner = [n for n, _ in node.args]
        match node.op:
            case "input" | "label":
                return ast.Name(str(node.data), ast.Load())
            case "filled":
                return self._being_filled(node)
            case "number":
                return self.words.number(node.data)
            case "size":
                return size_code(node.data)
            case "count":
                return self.words.filled("np.arange(a)", {"a": size_code(node.sizes[0])})
            case "loop":
                return self._loop(node)
            case "looped":
                self.expression(inner[0])
                return ast.Name(str(node.data), ast.Load())
            case "float" | "clip" | "max" | "min" if len(inner) != 1 or node.op == "float":
                return self._elementwise(node, _op(node))
            case "eq" if _is_eye(node):
                size = size_code(inner[0].sizes[0])
                return self.words.filled("np.eye(a, dtype=bool)", {"a": size})
            case "eq":
                return self._elementwise(node, node.op)
        return self._operation(node, inner)

    def _operation(self, node: Node, inner: Sequence[Node]) -> ast.expr:
        match node.op:
            case "contract":
                return self._contraction(node)
            case "sum" if self._without(node):
                return self._sum_without(node)
            case "sum" | "prod" | "max" | "min":
                return self._reduced(node)
            case "part":
                return self._part(node)
            case "diagonal":
                return self._diagonal(node)
            case "gather":
                return self._gathered(node)
            case "at":
                return self._entries(node)
            case "put":
                return self._replaced(node)
            case "neg":
                return self._negative(node)
            case "turn":
                code = self.expression(inner[0])
                return self.words.turned(code, node.data, batched=node.batched)
            case "rest" | "others":
                return self.words.written(node.op, [self._lent(*node.args[0], inner[0].rank)])
            case "inv" | "det" | "sign_of_det" | "logdet":
                return self.words.written(node.op, [self.expression(inner[0])])
            case "solve":
                X = self.expression(inner[0])
                X = self.words.filled("a.mT", {"a": X}) if node.data else X
                columns = "_columns" * (inner[1].rank > 1)
                return self.words.written(f"solve{columns}", [X, self.expression(inner[1])])
            case "series":
                said = f"_series(a, {', '.join(map(repr, node.data))})"
                return self._spelled(said, inner[0])
            case "norm":
                code = axes_code([a - inner[0].rank for a in node.data])
                return self.words.filled("_norm(a, b)", {"a": self.expression(inner[0]), "b": code})
            case "pad":
                axis, *ends = node.data
                codes = dict(zip("abc", map(size_code, ends), strict=True))
                padded = f"_padded(x, {axis - inner[0].rank}, a, b, c)"
                return self.words.filled(padded, {**codes, "x": self.expression(inner[0])})
        return self._elementwise(node, node.op)

    def _elementwise(self, node: Node, op: str) -> ast.expr:
        """An operation on arrays whose axes are brought to their places."""
        operands = [self.aligned(n, places, node.rank) for n, places in node.args]
        return self.words.written(op, operands, [n in self.numbers for n, _ in node.args])

    def aligned(self, node: Node, places: Positions, rank: int) -> ast.expr:
        """An operand with its axes at their places among the result's."""
        if _is_eye(node):  # turned it is the same
            places = tuple(sorted(places))
        code = self.expression(node)
        return self.words.aligned(code, places, rank, batched=node.batched)

    _lent = _given = aligned  # operands that NumPy's helpers change, for a while or for good

    def _loop(self, node: Node) -> ast.expr:
        """The arrays, and the loop that fills them; what is the same at every step before it."""
        loop, values = node.data, [inner for inner, _ in node.args]
        assert isinstance(loop, Loop)
        inside = depending(values, loop)
        for inner in inside:
            self.kept.update(n for n, _ in inner.args if n not in inside and n.op not in LEAVES)
        for inner in inside:
            for n, _ in inner.args:
                if n not in inside:
                    self.expression(n)
        step = self.called("step")
        self.whole.add(step)
        for name, sizes, axis in loop.arrays:
            self._begin(name, sizes, axis)
        outer, made, self.lines = self.lines, self.made, []
        self.made = {**made, loop.step: ast.Name(step, ast.Load())}
        self.axes |= {name: axis for name, _, axis in loop.arrays}
        for value, (name, _, axis) in zip(values, loop.arrays, strict=True):
            self._fill(name, axis, step, self.expression(value))
        body, self.lines, self.made = self.lines, outer, made
        run = "reversed(range(a))" if loop.backwards else "range(a)"
        times = filled(run, {"a": size_code(loop.last)})
        self.lines.append(ast.For(ast.Name(step, ast.Store()), times, body, []))
        for name, _, axis in loop.arrays:
            self._end(name, axis)
        return ast.Constant(None)

    def _begin(self, name: str, sizes: Sequence[Expr], axis: int) -> None:
        """An array that is to be filled, as the list of its steps."""
        shape: ast.expr = ast.Tuple([*map(size_code, (*sizes[:axis], *sizes[axis + 1 :]))])
        steps = {"a": shape, "b": size_code(sizes[axis])}
        self._assign(_list_of(name), self.words.filled("[np.zeros(a, dtype)] * b", steps))

    def _fill(self, name: str, axis: int, step: str, value: ast.expr) -> None:
        """One step of an array, along all its axes."""
        slot = ast.Subscript(_list_of(name), ast.Name(step, ast.Load()), ast.Store())
        whole = {"a": value, "_b": _list_of(name)}
        self._assign(slot, self.words.filled("np.broadcast_to(a, _b[0].shape)", whole))

    def _end(self, name: str, axis: int) -> None:
        """The array of a list of steps."""
        whole = self.words.filled(f"np.stack(a, {axis})", {"a": _list_of(name)})
        self._assign(ast.Name(name, ast.Store()), whole)

    def _being_filled(self, node: Node) -> ast.expr:
        raise Mistake(f"{node.data} is used as a whole while it is being filled")

    def _assign(self, target: ast.expr, code: ast.expr) -> None:
        self.lines.append(ast.Assign([target], code))

    def operand(self, node: Node, places: Positions) -> Operand:
        return Operand(self.expression(node), places, node.batched)

    def _contraction(self, node: Node) -> ast.expr:
        factors = node.args
        if len(factors) == 1:
            factors = self._factors(*factors[0], node.rank)
        return contracted([self.operand(n, p) for n, p in factors], node.rank, self.words)

    def _factors(self, node: Node, places: Positions, rank: int) -> Operands:
        """What a summand is a product of, or a sum of products, where nothing else needs it."""
        own: Operands = ((node, places),)
        if self.uses[node] > 1 or node in self.wanted or node in self.made:
            return own
        if node.op == "contract":
            free = max((rank - 1, *places)) + 1 - node.rank  # for what is summed over within
            inner = tuple(
                (n, tuple(places[p] if p < node.rank else free + p for p in at))
                for n, at in node.args
            )
            return self._factors(*inner[0], rank) if len(inner) == 1 else inner
        square = node.op == "pow" and node.args[1][0].data == 2
        if not square and node.op != "mul":
            return own
        (a, at), (b, to) = node.args
        if square:
            self.uses[a] += 1
            b, to = a, at
        factors = ((a, tuple(places[p] for p in at)), (b, tuple(places[p] for p in to)))
        gone = {p for p in places if p >= rank}
        return factors if all(gone <= {*at} for _, at in factors) else own

    def _negative(self, node: Node) -> ast.expr:
        """-(a x) as (-a) x, where a has fewer entries than x."""
        inner, _ = node.args[0]
        if inner.op == "mul" and self.uses[inner] == 1 and inner not in self.wanted:
            few, many = sorted(inner.args, key=lambda pair: pair[0].rank)
            if few[0].rank < many[0].rank:
                a, b = (self.aligned(n, places, inner.rank) for n, places in (few, many))
                return self.words.filled("-a * b", {"a": a, "b": b})
        return self._elementwise(node, "neg")

    def _reduced(self, node: Node) -> ast.expr:
        inner, _ = node.args[0]
        axes, call = node.data, node.op
        assert isinstance(axes, tuple)
        code = axes_code([a - inner.rank for a in axes])
        empty = any(may_be_empty(inner.sizes[a]) for a in axes) and call in ("max", "min")
        more = f", initial={'-' * (call == 'max')}np.inf" if empty else ""
        return self.words.filled(f"a.{call}(b{more})", {"a": self.expression(inner), "b": code})

    def _sum_without(self, node: Node) -> ast.expr:
        """The sum of rows without an entry."""
        (array, places), (index, where), _ = node.args[0][0].args
        row = self._lent(array, places, node.rank + 1)
        return self.words.written("without", [row, self.aligned(index, where, node.rank)])

    def _without(self, node: Node) -> bool:
        """Is it the sum of rows without one of their entries?"""
        inner = node.args[0][0]
        if inner.op != "put" or self.uses[inner] > 1 or node.data != (inner.rank - 1,):
            return False
        return inner.args[2][0].op == "number" and inner.args[2][0].data == 0

    def _part(self, node: Node) -> ast.expr:
        inner, _ = node.args[0]
        axis, start, stop, step = node.data
        place = piece(inner.sizes[axis], start, stop, step)
        code = self.expression(inner)
        return self.words.part(code, axis, place, inner.rank, batched=inner.batched)

    def _gathered(self, node: Node) -> ast.expr:
        (inner, _), (index, _) = node.args
        if self._is_step(inner, index, node.data):
            return ast.Subscript(_list_of(str(inner.data)), self.expression(index), ast.Load())
        array, at = self.expression(inner), self.expression(index)
        cut = self.words.part if index in self.numbers else self.words.taken
        return cut(array, node.data, at, inner.rank, batched=inner.batched)

    def _is_step(self, array: Node, index: Node, axis: int) -> bool:
        """Is it one step of an array that is being filled?"""
        given = any(n.op in ("input", "label", "count") for n in made_of([index]))
        return array.op == "filled" and self.axes[str(array.data)] == axis and not given

    def _diagonal(self, node: Node) -> ast.expr:
        inner, _ = node.args[0]
        first, second = node.data
        letters = "abcdefgh"[: inner.rank]
        letters = letters[:second] + letters[first] + letters[second + 1 :]
        out = letters[:second] + letters[second + 1 :]
        return self._spelled(f"np.einsum('...{letters}->...{out}', a)", inner)

    def _spelled(self, said: str, node: Node) -> ast.expr:
        """A template of one array."""
        return self.words.filled(said, {"a": self.expression(node)})

    def _replaced(self, node: Node) -> ast.expr:
        (array, places), (index, where), (value, at) = node.args
        row = self._given(array, places, node.rank)
        outer = (self.aligned(n, p, node.rank - 1) for n, p in ((index, where), (value, at)))
        return self.words.written("put", [row, *outer], [False, False, value in self.numbers])

    def _entries(self, node: Node) -> ast.expr:
        (array, places), (index, where) = node.args
        rank = node.rank
        left = self.aligned(array, places, rank + 1)
        return self.words.written("at", [left, self.aligned(index, where, rank)])


def _op(node: Node) -> str:
    """The operation, in its form for a number where the value is one."""
    forms = {} if node.rank or node.batched else {"float": "number", "clip": "kept"}
    return forms.get(node.op, node.op)


def _list_of(name: str) -> ast.expr:
    """The steps of an array, u of `_u_steps`: neither a name of a user's nor that of a helper."""
    return ast.Name(f"_{name}_steps", ast.Load())


def _is_eye(node: Node) -> bool:
    """Does it say where two places of one axis are the same?"""
    match node.op, node.args:
        case "eq", ((a, at), (b, to)):
            return a.op == b.op == "count" and a.sizes == b.sizes and at != to
    return False
