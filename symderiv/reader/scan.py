"""Scans: what can be said of a parsed formula before its names have a meaning.

Gives the words in it, the arrays and their numbers of indices, the sizes named by explicit
ranges, and the letters that are free in subscripts.  No scan recurses, so that a sum of a
thousand terms is no deeper than one of two.

Imports the names of derived arrays.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import attrgetter

from symderiv.terms.derived import FUNCTIONS as DERIVED

BINDERS = frozenset(("sum", "prod", "mean", "max", "min"))
_SUBSCRIPTED = frozenset(("delta",))
_PLAIN = frozenset("ijklmn")  # letters that are indices wherever an index is beside them


def words(trees: Iterable[ast.expr]) -> Iterator[str]:
    """Every name in the formulas."""
    for node in _nodes(trees):
        if isinstance(node, ast.Name):
            yield node.id


def calls(tree: ast.expr) -> Iterator[ast.Call]:
    """Every call in a formula, in the order of the text."""
    for node in _nodes([tree]):
        if isinstance(node, ast.Call):
            yield node


def slopes(tree: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """What is differentiated in a formula and by what, L and z[j] of partial(L, z[j])."""
    found = [call.args for call in calls(tree) if called(call) == "partial"]
    return [(args[0], args[1]) for args in found if len(args) == 2]


def name_of(term: ast.expr) -> str:
    """The name that a term is, or that it is a component of; empty where it is neither."""
    match term:
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name
    return ""


def names(tree: ast.expr) -> Iterator[str]:
    """Every name in a formula that is not called."""
    functions = {id(call.func) for call in calls(tree)}
    for node in _nodes([tree]):
        if isinstance(node, ast.Name) and id(node) not in functions:
            yield node.id


def bound(trees: Iterable[ast.expr]) -> Iterator[str]:
    """Every letter that a sum, a product, a mean or an extreme runs over without a range."""
    for node in _nodes(trees):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[_, *letters]) if name in BINDERS:
                yield from (each.id for each in letters if isinstance(each, ast.Name))


def ranks(trees: Iterable[ast.expr]) -> dict[str, int]:
    """The number of indices of every name that is subscripted, where first seen."""
    found: dict[str, int] = {}
    for node in _nodes(trees):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, len(slots(node)))
        elif isinstance(node, ast.Call) and called(node) in DERIVED:
            for argument in node.args:
                if isinstance(argument, ast.Name):
                    found.setdefault(argument.id, 2)
    return found


def sizes(trees: Iterable[ast.expr]) -> frozenset[str]:
    """The names in the ends of explicit ranges, K in (k, 1, K-1)."""
    return frozenset(
        end.id
        for node in _nodes(trees)
        if isinstance(node, ast.Call) and called(node) in BINDERS
        for part in node.args[1:]
        if isinstance(part, ast.Tuple) and len(part.elts) == 3
        for end in walk(part.elts[2])
        if isinstance(end, ast.Name)
    )


def components(tree: ast.AST) -> Iterator[tuple[ast.Subscript, str, tuple[ast.expr, ...]]]:
    """Every component of an array that has a name, with that name and its indices."""
    for node in walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            yield node, node.value.id, slots(node)


def free_subscripts(tree: ast.expr) -> tuple[str, ...]:
    """The letters that subscript something and are not bound there, in the order of the text."""
    found: list[tuple[int, str]] = []
    waiting: list[tuple[ast.AST, frozenset[str], bool]] = [(tree, frozenset(), False)]
    while waiting:
        node, bound, inside = waiting.pop()
        match node:
            case ast.Name() if inside:
                if node.id not in bound:
                    found.append((node.col_offset, node.id))
            case ast.Subscript():
                waiting += ((slot, bound, True) for slot in slots(node))
                if not isinstance(node.value, ast.Name):
                    waiting.append((node.value, bound, False))
            case ast.Call() if called(node) in BINDERS:
                inner = bound | frozenset(own_letters(node))
                waiting += ((arg, inner, inside) for arg in node.args)
            case ast.Call() if called(node) in _SUBSCRIPTED or _compares_letters(node, bound):
                waiting += ((arg, bound, True) for arg in _sides(node))
            case ast.Call():
                waiting += ((arg, bound, inside) for arg in node.args)
            case _:
                waiting += ((child, bound, inside) for child in ast.iter_child_nodes(node))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def _sides(node: ast.Call) -> Iterator[ast.expr]:
    for arg in node.args:
        yield from (arg.left, *arg.comparators) if isinstance(arg, ast.Compare) else (arg,)


def _compares_letters(node: ast.Call, bound: frozenset[str]) -> bool:
    """Is it iverson(k >= i) or where(k >= i, …), a bound letter held against a plain one?"""
    match node:
        case ast.Call(
            func=ast.Name(id="iverson" | "where"),
            args=[ast.Compare(left=ast.Name(id=a), comparators=[ast.Name(id=b)]), *_],
        ):
            return (a in bound and b in _PLAIN) or (b in bound and a in _PLAIN)
    return False


def open_ended(node: ast.expr) -> None:
    """Note of a function that it stands without brackets before one: log u (v)."""
    node.open = True  # type: ignore[attr-defined]


def is_open_ended(node: ast.expr) -> bool:
    """Is it a function that may cover the bracket behind its argument as well?"""
    return isinstance(node, ast.Call) and getattr(node, "open", False)


def beside(node: ast.expr) -> None:
    """Note of a function that its argument stands beside it without brackets: log u v."""
    node.beside = True  # type: ignore[attr-defined]


def stands_beside(node: ast.expr) -> bool:
    """Is it a function that may cover the first of these factors only?"""
    return isinstance(node, ast.Call) and getattr(node, "beside", False)


def close(node: ast.expr) -> None:
    """Note of a term that it stands in brackets: nothing is drawn into it, or out of it."""
    node.closed = True  # type: ignore[attr-defined]


def is_closed(node: ast.expr) -> bool:
    """Does it stand in brackets?"""
    return getattr(node, "closed", False)


def own_letters(node: ast.Call) -> tuple[str, ...]:
    """The letters that a sum, product, mean or maximum binds; none for max(a, b)."""
    ranges = node.args[1:]
    letters = tuple(
        head.id
        for part in ranges
        for head in (part.elts[0] if isinstance(part, ast.Tuple) and part.elts else part,)
        if isinstance(head, ast.Name)
    )
    if called(node) not in ("max", "min") or not ranges:
        return letters
    if any(isinstance(part, ast.Tuple) for part in ranges):
        return letters
    free = free_subscripts(node.args[0])
    return letters if len(letters) == len(ranges) and set(letters) <= set(free) else ()


def called(node: ast.Call) -> str:
    """The name of the function that is called; empty where it is no name."""
    return node.func.id if isinstance(node.func, ast.Name) else ""


def slots(node: ast.Subscript) -> tuple[ast.expr, ...]:
    """The indices of a component: i and j of A[i,j]."""
    return tuple(node.slice.elts) if isinstance(node.slice, ast.Tuple) else (node.slice,)


_ASIDE = frozenset(("ctx", "op", "ops"))


def walk(tree: ast.AST) -> list[ast.AST]:
    """The terms of a formula, outer ones first, as `ast.walk` has them: it is walked many times.

    Operators and what Python says of the context of a name are left out.
    """
    found = [tree]
    for node in found:  # which grows as it is gone through
        for field in _PARTS[type(node)]:
            value = getattr(node, field, None)
            if isinstance(value, list):
                found += [v for v in value if isinstance(v, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


class _Parts(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of a node that may hold terms."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        leaf = issubclass(kind, ast.Name | ast.Constant)
        self[kind] = found = () if leaf else tuple([f for f in kind._fields if f not in _ASIDE])
        return found


_PARTS = _Parts()


class Trees(tuple[ast.expr, ...]):
    """Formulas that are scanned more than once while they stay as they are."""

    @cached_property
    def nodes(self) -> list[ast.expr]:
        """All that is in them, formula by formula, in the order of the text."""
        return [node for tree in self for node in _in_order(tree)]


def _nodes(trees: Iterable[ast.expr]) -> list[ast.expr]:
    return (trees if isinstance(trees, Trees) else Trees(trees)).nodes


def _in_order(tree: ast.expr) -> list[ast.expr]:
    return sorted([n for n in walk(tree) if isinstance(n, ast.expr)], key=attrgetter("col_offset"))
