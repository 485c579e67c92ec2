r"""Steps: sequences that a text defines by themselves, h_t = \tanh(w h_{t-1} + u x_t).

Gives `Step`, `step_of` (what an equation says of the next component) and `stepped`, sides in which
a component that is differentiated is written out by one step, so that ∂h_t/∂h_{t-1} is what it is.

Imports the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from symderiv.reader import scan, tree
from symderiv.records import dataclass

FURTHER = "it does not follow by one step of a sequence that is defined by itself"


@dataclass(frozen=True)
class Step:
    """A component of an array at these letters, as a tree that mentions others of the array."""

    letters: tuple[str, ...]
    body: ast.expr


def step_of(left: ast.expr, right: ast.expr) -> tuple[str, Step] | None:
    """The array that an equation relates to itself, and how; None where it relates none.

    h_{t+1} = f(h_t) is h_t = f(h_{t-1}).
    """
    match left:
        case ast.Subscript(value=ast.Name(id=name)):
            places = [_shifted(slot) for slot in scan.slots(left)]
            own = [found for found, array, _ in scan.components(right) if array == name]
            letters = [letter for letter, _ in places]
            known = all(letters) and len(set(letters)) == len(letters)
            if not known or any(tree.same(n, left) for n in own):
                return None
            if not any(_is_elsewhere(places, n) for n in own):  # A_ij = A_ji is no sequence
                return None
            if set(letters) & set(_outside(right)):
                return None
            back = {letter: _moved(letter, -by, 0) for letter, by in places if by}
            return name, Step(tuple(letters), _put(right, back))
    return None


def stepped(
    sides: Sequence[ast.expr], steps: Mapping[str, Step]
) -> tuple[list[ast.expr], str] | None:
    """The sides with each such component that is differentiated written out, and what that needs.

    None where there is none.  By the component just before nothing is needed; no sides where it is
    by one further back, which takes more than one step.
    """
    found: dict[str, tuple[Step, Sequence[ast.expr]]] = {}
    needs = ""
    for call in (c for side in sides for c in scan.calls(side)):
        match call:
            case ast.Call(
                func=ast.Name(id="partial"),
                args=[ast.Subscript(value=ast.Name(id=name)) as top, by],
            ) if name in steps and len(scan.slots(top)) == len(steps[name].letters):
                found[ast.dump(top)] = steps[name], scan.slots(top)
                if isinstance(by, ast.Subscript) and ast.dump(by.value) == ast.dump(top.value):
                    if not _is_before(top, by):
                        return [], FURTHER
                else:
                    needs = f"the earlier components of {name} are held fixed"
    if not found:
        return None

    def one(node: ast.expr) -> ast.expr | None:
        if not isinstance(node, ast.Subscript) or ast.dump(node) not in found:
            return None
        step, slots = found[ast.dump(node)]
        return _put(step.body, dict(zip(step.letters, slots, strict=True)))

    return [tree.copied(side, one) for side in sides], needs


def _is_before(top: ast.Subscript, by: ast.Subscript) -> bool:
    """Is a component of the same array the one just before, one index one lower?"""
    pairs = list(zip(map(_shifted, scan.slots(top)), map(_shifted, scan.slots(by)), strict=False))
    back = [a - b for (one, a), (other, b) in pairs if one and one == other]
    return back.count(1) == 1


def _is_elsewhere(places: Sequence[tuple[str, int]], other: ast.Subscript) -> bool:
    """Has it a letter of the left side at its place, shifted: t - 1 for t?"""
    pairs = zip(places, map(_shifted, scan.slots(other)), strict=False)
    return any(one == letter and by != more for (one, by), (letter, more) in pairs)


def _shifted(slot: ast.expr) -> tuple[str, int]:
    """A letter and what is added to it; "" for what is neither."""
    match slot:
        case ast.Name(id=letter):
            return letter, 0
        case ast.BinOp(
            left=ast.Name(id=letter),
            op=ast.Add() | ast.Sub() as op,
            right=ast.Constant(value=int(n)),
        ):
            return letter, n if isinstance(op, ast.Add) else -n
    return "", 0


def _put(term: ast.expr, places: Mapping[str, ast.expr]) -> ast.expr:
    """A term with other indices for its letters, t - 1 + 1 being t."""

    def one(node: ast.expr) -> ast.expr | None:
        if not isinstance(node, ast.Subscript):
            return None
        slots = [_index(slot, places) for slot in scan.slots(node)]
        return tree.component(node.value, slots, node.col_offset)

    return tree.copied(term, one)


def _index(slot: ast.expr, places: Mapping[str, ast.expr]) -> ast.expr:
    letter, by = _shifted(slot)
    if letter not in places:
        return slot
    other, more = _shifted(places[letter])
    if not other:
        return tree.copied(places[letter]) if not by else slot
    return _moved(other, by + more, slot.col_offset)


def _moved(letter: str, by: int, at: int) -> ast.expr:
    if not by:
        return tree.name(letter, at)
    op = ast.Add() if by > 0 else ast.Sub()
    return tree.binary(tree.name(letter, at), op, tree.number(str(abs(by)), at), at)


def _outside(term: ast.expr) -> Iterator[str]:
    """The names that stand in no index."""
    indices = {
        id(n)
        for part in scan.walk(term)
        if isinstance(part, ast.Subscript)
        for slot in scan.slots(part)
        for n in scan.walk(slot)
    }
    yield from (n.id for n in scan.walk(term) if isinstance(n, ast.Name) and id(n) not in indices)
