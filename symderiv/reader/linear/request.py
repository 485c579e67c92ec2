"""Requests in vector notation: stages, function, variables and claims, lowered together.

Gives `Lowered`, `lower` and `counts` (capitals that only divide).  Where the textbook's shapes do
not fit as the letters say, or the function is no number, the fewest names are read otherwise with
which they do and it is: y in log(1 + exp(-y w^T x)) is a number, and so is b in sigmoid(w @ x + b).

Imports lowering, operations, typed, values and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations

from symderiv.reader import scan, tree
from symderiv.reader.library import Library
from symderiv.reader.linear.lowering import Lowering, rank_of
from symderiv.reader.linear.operations import Operations
from symderiv.reader.linear.typed import Part, is_undecided, is_unmarked
from symderiv.reader.linear.values import Axes, Dialect, Misfit, Value, array, indices
from symderiv.reader.refusal import Source
from symderiv.reader.restrictions import subscripting
from symderiv.records import dataclass

MOST_TRIED = 64
_COUNTS = frozenset("NMKDCTnmkd")


@dataclass
class Lowered:
    """A request in index notation, as trees, with what a later claim needs.

    Attributes
    ----------
    stages, function : trees; a stage is (left, right)
    variables : for each variable its name and letters
    letters : the letters of the answer, those of the function first
    """

    stages: list[tuple[ast.expr, ast.expr]]
    function: ast.expr
    variables: list[tuple[str, tuple[str, ...]]]
    letters: tuple[str, ...]
    lowering: Lowering
    result: Value
    taken: frozenset[str]

    def claimed(self, right: ast.expr, source: Source) -> ast.expr:
        """The tree of what the answer is said to be.

        Raises
        ------
        Misfit
            where it has not the shape of the answer.
        """
        lowering = self.lowering
        ops = lowering.operations
        inner = Lowering(
            Operations(ops.axes, ops.dialect, source, strict=False),
            lowering.ranks,
            dict(lowering.arrays),
            lowering.sizes,
            staged=lowering.staged,
            adding=False,
            library=lowering.library,
        )
        value = inner.value(right)
        if value.rank not in (0, len(self.letters)):
            raise inner.operations.misfit(
                0,
                f"the {source.role} is {value.kind()}; the answer has {len(self.letters)} indices",
            )
        return value.write(indices(self.letters[: value.rank], 0), self.taken)


def lower(
    parts: Sequence[Part],
    wrt: Sequence[str],
    source: Source,
    dialect: Dialect,
    sizes: Mapping[str, tuple[str, ...]],
    library: Library,
    bold: Collection[str] = (),
) -> Lowered:
    """The request in index notation.

    Parameters
    ----------
    bold : the names that are set as vectors or matrices, and are no numbers

    Raises
    ------
    ReadError
        for shapes that fit in no reading, and for what is not in the notation.
    """
    names, trees = _names(parts), [p.right for p in parts]
    ranks = dict.fromkeys(counts(trees) | scan.sizes(trees), 0)
    ranks |= {name: max(rank_of(name), 1) for name in bold}
    ranks |= {name: len(shape) for name, shape in sizes.items()}
    indexed = scan.ranks(trees)
    lowered = partial(_lower, parts, wrt, source, dialect, sizes, library, names)
    first: Misfit | None = None
    fitting: Lowered | None = None
    for strict in (True, False) if dialect.columns else (True,):
        fixed = set(wrt)
        for otherwise in _readings(names, ranks, fixed, dialect, indexed, strict=strict):
            try:
                made = lowered(ranks | otherwise, strict)
            except Misfit as error:
                first = first or error
                if not otherwise and len(wrt) == 1:
                    fixed.clear()  # what does not fit as it is may be a number itself
                if dialect is Dialect.NUMPY and fitting is None:
                    raise  # what NumPy does not take is not read as something else
                continue
            if not otherwise and dialect is Dialect.NUMPY:
                made, numbers = _with_biases(made, partial(lowered, strict=True), ranks)
                ranks |= numbers
            fitting = fitting or made
            if made.result.rank == 0:  # what is differentiated is a number, if it can be
                return made
        if fitting is not None:
            return fitting
    assert first is not None
    raise first


def _with_biases(
    made: Lowered, lower_by: Callable[[dict[str, int]], Lowered], ranks: Mapping[str, int]
) -> tuple[Lowered, dict[str, int]]:
    """The request with b of w @ x + b a number, where that fits, and the names that are numbers.

    NumPy would add the number w @ x to every component of a vector b; people write a bias so.
    """
    numbers: dict[str, int] = {}
    while new := made.lowering.beside - numbers.keys() - ranks.keys():
        more = numbers | dict.fromkeys(new, 0)
        try:
            made = lower_by({**ranks, **more})
        except Misfit:
            break
        numbers = more
    return made, numbers


def _names(parts: Sequence[Part]) -> list[str]:
    letters = subscripting([p.right for p in parts])
    called = {scan.called(n) for p in parts for n in scan.walk(p.right) if isinstance(n, ast.Call)}
    found = [n for p in parts for n in scan.words([p.right])]
    return [n for n in dict.fromkeys(found) if n not in called | letters]


def counts(trees: Sequence[ast.expr]) -> set[str]:
    """The capitals that only divide: N in norm(X w - y)^2 / N is a number."""
    below: set[str] = set()
    above: set[str] = set()
    for term in trees:
        waiting: list[tuple[ast.AST, bool]] = [(term, False)]
        while waiting:
            node, under = waiting.pop()
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                waiting += [(node.left, under), (node.right, True)]
            elif isinstance(node, ast.Name):
                (below if under else above).add(node.id)
            elif isinstance(node, ast.Call):
                waiting += ((a, False) for a in node.args)
            else:
                waiting += ((c, under) for c in ast.iter_child_nodes(node))
    return (below - above) & _COUNTS


def _readings(
    names: Sequence[str],
    ranks: Mapping[str, int],
    fixed: Collection[str],
    dialect: Dialect,
    indexed: Mapping[str, int],
    *,
    strict: bool,
) -> Iterator[dict[str, int]]:
    """Which names to take otherwise than by their letters: none, then as few as it takes.

    A lower-case letter may be a number, a Greek one a column, and a name with an index, x_n, a
    column for each n.
    """
    yield {}
    if not strict:
        return
    unsaid = [n for n in names if n not in ranks and n != "e"]  # e is Euler's number
    others = {n: 0 for n in unsaid if rank_of(n) == 1 and n not in fixed}
    if dialect.columns:
        others |= {n: 1 for n in unsaid if rank_of(n) == 0}
        others |= {n: count + 1 for n, count in indexed.items() if n not in ranks}
    tried = 0
    for count in range(1, min(len(others), 3) + 1):
        for chosen in combinations(reversed(others), count):
            tried += 1
            if tried > MOST_TRIED:
                return
            yield {name: others[name] for name in chosen}


def _lower(
    parts: Sequence[Part],
    wrt: Sequence[str],
    source: Source,
    dialect: Dialect,
    sizes: Mapping[str, tuple[str, ...]],
    library: Library,
    names: Sequence[str],
    ranks: dict[str, int],
    strict: bool,
) -> Lowered:
    lefts = [p.left for p in parts if p.left is not None]
    named = {s for shape in sizes.values() for s in shape}
    letters = subscripting([p.right for p in parts])
    axes = Axes(used=frozenset((*names, *wrt, *lefts, *named, *letters, "e", "pi")))
    lowering = Lowering(Operations(axes, dialect, source, strict), ranks, sizes=sizes)
    lowering.library = library
    lowering.undecided = is_undecided(source.text)
    lowering.unmarked = is_unmarked(source.text)
    for name in lefts:
        if name in sizes or lefts.count(name) > 1:
            raise source.refuse(0, f"{name!r} is defined twice")
    function: Value | None = None
    for part in parts:
        function = lowering.value(part.right)
        if part.left is not None:
            if part.left in lowering.arrays:
                raise source.refuse(part.at, f"{part.left!r} is used before its definition")
            before = lowering.staged.get(function.key)
            if before is not None and lowering.stages[-1][0] == before and before not in lefts:
                _, value = lowering.stages.pop()  # P = softmax(Z) names the stage itself
                lowering.staged[function.key] = part.left
                lowering.stages.append((part.left, value))
            else:
                lowering.stages.append((part.left, function))
            lowering.arrays[part.left] = array(part.left, function.axes, part.at)
            function = lowering.arrays[part.left]
        elif part is not parts[-1]:
            raise source.refuse(part.at, "only the last part is the function; a stage is named")
    assert function is not None
    for name in wrt:
        lowering.name(name, 0)
        if name not in lowering.arrays:
            raise Source(name, "variable").refuse(0, f"{name!r} is a constant here, not a variable")
    return _written(lowering, function, wrt)


def _written(lowering: Lowering, function: Value, wrt: Sequence[str]) -> Lowered:
    """The trees, with letters that differ wherever they meet."""
    axes = lowering.operations.axes
    stages: list[tuple[ast.expr, ast.expr]] = []
    used: set[str] = set()
    for name, value in lowering.stages:
        letters = axes.fresh(frozenset(), value.rank) if value.rank else []
        found = indices(letters, 0)
        left: ast.expr = tree.name(name, 0)
        left = tree.component(left, found, 0) if found else left
        stages.append((left, value.write(found, frozenset(letters))))
    own = axes.fresh(frozenset(), function.rank) if function.rank else []
    body = function.write(indices(own, 0), frozenset(own))
    if not {*own} <= {*scan.words([body])}:
        raise lowering.operations.source.refuse(
            0,
            f"{function.shown} is {function.kind()} of equal components, and nothing says how "
            "many; differentiate one of them",
        )
    used |= set(own) | {n for n in scan.words([body]) if len(n) < 3}
    variables: list[tuple[str, tuple[str, ...]]] = []
    for name in wrt:
        rank = lowering.arrays[name].rank
        letters = axes.fresh(frozenset(used), rank) if rank else []
        used |= set(letters)
        variables.append((name, tuple(letters)))
    answer = (*own, *(x for _, letters in variables for x in letters))
    return Lowered(stages, body, variables, answer, lowering, function, frozenset(used))
