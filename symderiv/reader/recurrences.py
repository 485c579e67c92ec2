"""Recurrences: a stage defined by itself some steps before or after, h[t] = f(h[t-1]), h[0] = h0.

Gives `Recurrence` and its `Start`, `by_step`, which reads a line for h[t+1] as one for h[t],
`recurrences`, which finds those of a text (the stages that have lines for single steps),
`without_starts`, the other lines, `sizes`, the names of last steps, and `steps_back`.
In every other line h[t-1,j] is read as a component of a stage of its own,
`hprev[t,j]`, which is h[t-1,j] where that is a step and the line for step 0 at the first.  So each
body mentions what is known when its step comes, and a recurrence is read like any other network.
Lines for the steps 0, -1, … are starts before the first step, those for 1, 2, … the first steps
themselves; with h[T+1] or h[T] it runs from the last step T backwards.

Imports pieces, scan and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial

from symderiv.reader import tree
from symderiv.reader.pieces import Piece
from symderiv.reader.refusal import Source
from symderiv.reader.scan import calls, components, name_of, own_letters, slots
from symderiv.records import dataclass

FARTHEST = 8  # steps back


@dataclass(frozen=True)
class Start:
    """The line for one step, `h[0,i] = h0[i]`, and the letters on its left."""

    piece: Piece
    letters: tuple[ast.Name, ...]


@dataclass(frozen=True)
class Recurrence:
    """One of a text.

    Attributes
    ----------
    stage : its name
    position : which of its indices counts the steps
    starts : the lines for single steps, by the step; backwards 0 is T+1, and 1 is T
    before : the names of the stages that are this one 1, 2, … steps before (backwards: after)
    last : the size that it runs backwards from, T of `h[T+1,i] = h0[i]`; empty where it does not
    """

    stage: str
    position: int
    starts: Mapping[int, Start] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    last: ast.Name | None = None

    @property
    def start(self) -> Start:
        """The line that comes first in the text."""
        return min(self.starts.values(), key=lambda start: start.piece.at)

    def step(self, offset: int) -> str:
        """A step as it is written: 0, or T+1."""
        if self.last is None:
            return str(offset)
        away = 1 - offset
        return self.last.id + (f"{away:+d}" if away else "")


def recurrences(parts: Sequence[Piece], words: Collection[str]) -> dict[str, Recurrence]:
    """The recurrences of a text by name; `words` are names that are taken.

    Raises
    ------
    ReadError
        for a start without its stage, two for one step, or a step for which there is no start.
    """
    general = _general(parts)
    found: dict[str, Recurrence] = {}
    for part in parts:
        one = _start(part, general)
        if one is None:
            continue
        name, position, step, last, letters = one
        known = found.get(name, Recurrence(name, position, {}, (), last))
        if (known.last is None) != (last is None):
            raise part.source.refuse(
                part.at, f"{name!r} starts at one end, {name}[0,…] or {name}[T+1,…], not at both"
            )
        if known.position != position:
            raise part.source.refuse(part.at, f"the starts of {name!r} are at steps of one index")
        if step in known.starts:
            raise part.source.refuse(part.at, f"{name!r} has two starts")
        starts = {**known.starts, step: Start(part, letters)}
        found[name] = replace(known, starts=starts)
    others = _others(parts, found)
    taken = set(words)
    for name, r in found.items():
        _check(r, general.get(name))
        back = max((_steps(part, r) for part in others), default=0)
        found[name] = replace(r, before=tuple(_names(r, back, taken)))
        _check_starts(found[name])
    return found


def by_step(part: Piece) -> Piece:
    """A line for the step t+1 as the line for t: `h[t+1] = f(h[t], x[t+1])` as f(h[t-1], x[t])."""
    match part.left:
        case ast.Subscript(value=ast.Name(id=name)) as left:
            own = slots(left)
        case _:
            return part
    for n, slot in enumerate(own):
        step, away = _shifted(slot)
        if step is None or not away or step.id.isupper():
            continue
        bound = {x for call in calls(part.right) for x in own_letters(call)}
        if step.id in bound or all(stage != name for _, stage, _ in components(part.right)):
            continue
        indices = [*own[:n], step, *own[n + 1 :]]
        return replace(
            part,
            left=tree.component(left.value, indices, left.col_offset),
            right=tree.copied(part.right, partial(_earlier, step.id, away)),
        )
    return part


def _shifted(index: ast.expr) -> tuple[ast.Name | None, int]:
    """The t and 1 of t+1; no name where it is none and a number."""
    match index:
        case ast.Name():
            return index, 0
        case ast.BinOp(ast.Name() as name, ast.Add() | ast.Sub() as op, ast.Constant(value=int(n))):
            return name, n if isinstance(op, ast.Add) else -n
    return None, 0


def _earlier(letter: str, away: int, node: ast.expr) -> ast.expr | None:
    """t + n as t + n - away; None for any other term."""
    name, shift = _shifted(node)
    if name is None or name.id != letter:
        return None
    left = shift - away
    moved = tree.number(str(abs(left)), node.col_offset)
    sign = ast.Add() if left > 0 else ast.Sub()
    return tree.binary(name, sign, moved, node.col_offset) if left else name


def without_starts(parts: Sequence[Piece], found: Mapping[str, Recurrence]) -> tuple[Piece, ...]:
    """The other lines of a text, with the steps before named: h[t-1,j] as hprev[t,j]."""
    if not found:
        return tuple(parts)
    return tuple(
        replace(part, right=tree.copied(part.right, partial(_before, found, part.source)))
        for part in _others(parts, found)
    )


def _others(parts: Sequence[Piece], found: Mapping[str, Recurrence]) -> list[Piece]:
    starting = {id(s.piece) for r in found.values() for s in r.starts.values()}
    return [part for part in parts if id(part) not in starting]


def _general(parts: Sequence[Piece]) -> dict[str, int]:
    """The stages that are defined for a general index, and how many indices they have."""
    return {
        part.left.value.id: len(slots(part.left))
        for part in parts
        if isinstance(part.left, ast.Subscript)
        and isinstance(part.left.value, ast.Name)
        and all(isinstance(slot, ast.Name) and not slot.id.isupper() for slot in slots(part.left))
    }


def _start(
    part: Piece, general: Collection[str]
) -> tuple[str, int, int, ast.Name | None, tuple[ast.Name, ...]] | None:
    """What a line for one step is of, which index is the step, the step, and its letters."""
    left = part.left
    if not isinstance(left, ast.Subscript) or not isinstance(left.value, ast.Name):
        return None
    name, own = left.value.id, slots(left)
    steps = [(n, found) for n, slot in enumerate(own) if (found := _step(slot)) is not None]
    steps = [s for s in steps if s[1][1] is None or name in general]
    if not steps or (name not in general and steps[0][1] != (0, None)):
        return None
    rest = tuple(slot for n, slot in enumerate(own) if n != steps[0][0])
    letters = tuple(slot for slot in rest if isinstance(slot, ast.Name))
    if len(steps) > 1 or len(letters) < len(rest):
        raise part.source.refuse(part.at, f"a start has one 0 and letters: {name}[0,i] = …")
    position, (step, last) = steps[0]
    return name, position, step, last, letters


def _step(slot: ast.expr) -> tuple[int, ast.Name | None] | None:
    """A single step on the left: 0, 1, -1, …; or T+1, T, T-1, …, counted from the last."""
    match slot:
        case ast.Constant(value=int(number)) if number is not False and number is not True:
            return number, None
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return -number, None
        case ast.Name(id=name) if name.isupper():
            return 1, slot
        case ast.BinOp(
            left=ast.Name(id=name) as last, op=ast.Add(), right=ast.Constant(value=int(away))
        ) if name.isupper():
            return 1 - away, last
        case ast.BinOp(
            left=ast.Name(id=name) as last, op=ast.Sub(), right=ast.Constant(value=int(away))
        ) if name.isupper():
            return 1 + away, last
    return None


def _check(r: Recurrence, rank: int | None) -> None:
    for start in r.starts.values():
        own, source, at = len(start.letters) + 1, start.piece.source, start.piece.at
        if rank is None:
            raise source.refuse(at, f"{r.stage!r} has a start and no step {r.stage}[t,…]")
        if rank != own:
            many = f"{own} {'index' if own == 1 else 'indices'}"
            raise source.refuse(
                at, f"the start of {r.stage!r} has {many}, and {r.stage!r} has {rank}"
            )


def _check_starts(r: Recurrence) -> None:
    """Every step that is used, or passed, before the first that is computed has its line."""
    first = max(0, *r.starts) + 1  # the first step that is computed
    missing = {*range(first - len(r.before), first), *range(1, first)} - r.starts.keys()
    if missing and not r.before:
        raise r.start.piece.source.refuse(
            r.start.piece.at,
            f"no line goes a step back to this start of {r.stage!r}; where lines go on, to later "
            f"steps, the start is the last by its name, {r.stage}[T,…] = …",
        )
    if missing:
        step, back = r.step(max(missing)), len(r.before)
        raise r.start.piece.source.refuse(
            r.start.piece.at,
            f"{r.stage!r} goes {back} step{'s' if back > 1 else ''} {'on' if r.last else 'back'}, "
            f"so with this start it needs {r.stage}[{step},…] = … as well",
        )


def _steps(part: Piece, r: Recurrence) -> int:
    """How many steps back a line goes."""
    away = 0
    for node, name, own in components(part.right):
        if name == r.stage and len(own) > r.position:
            back = _back(own[r.position], r)
            if back > FARTHEST:
                raise part.source.refuse(
                    node.col_offset, f"a recurrence goes at most {FARTHEST} steps back"
                )
            away = max(away, back)
    return away


def _back(index: ast.expr, r: Recurrence) -> int:
    """The 2 of h[t-2], or of h[t+2] in a recurrence that runs backwards; 0 for other indices."""
    match index:
        case ast.BinOp(left=ast.Name(), op=op, right=ast.Constant(value=int(away))):
            return away if isinstance(op, ast.Sub if r.last is None else ast.Add) else 0
    return 0


def _names(r: Recurrence, count: int, taken: set[str]) -> Iterator[str]:
    """hprev, hprev2, … or, backwards, hnext, …: names that nothing has."""
    word = "prev" if r.last is None else "next"
    for number in range(1, count + 1):
        wanted = f"{r.stage}{word}{number if number > 1 else ''}"
        name, more = wanted, 1
        while name in taken:
            name, more = f"{name}{more}", more + 1
        taken.add(name)
        yield name


def sizes(found: Mapping[str, Recurrence], trees: Sequence[ast.expr]) -> Iterator[str]:
    """The sizes that stand for the last step, T in h[T,i]: capitals where steps are counted.

    So is S in a[T,S] the last of the states, where a[t,s] is how they are called.
    """
    if not found:
        return
    for r in found.values():
        if r.last is not None:
            yield r.last.id
    mentions = [
        (found[name], own)
        for formula in trees
        for _, name, own in components(formula)
        if name in found
    ]
    letters: dict[tuple[str, int], set[str]] = {}
    for r, own in mentions:
        for n, slot in enumerate(own):
            if isinstance(slot, ast.Name):
                letters.setdefault((r.stage, n), set()).add(slot.id)
    for r, own in mentions:
        for n, slot in enumerate(own):
            index = slot.left if isinstance(slot, ast.BinOp) else slot
            if isinstance(index, ast.Name) and index.id.isupper():
                last = index.id.lower() in letters.get((r.stage, n), ())
                if n == r.position or last:
                    yield index.id


def steps_back(part: Piece, name: str) -> bool:
    """Is a stage mentioned at a shifted index in a line, h[t-1,j]?"""
    return any(
        stage == name and any(isinstance(slot, ast.BinOp) for slot in own)
        for _, stage, own in components(part.right)
    )


def _before(found: Mapping[str, Recurrence], source: Source, node: ast.expr) -> ast.expr | None:
    """h[t-1,j] as hprev[t,j]; None for any other term."""
    if not isinstance(node, ast.Subscript) or (r := found.get(name_of(node))) is None:
        return None
    own, place = slots(node), r.position
    index = own[place] if place < len(own) else None
    if not isinstance(index, ast.BinOp):
        return None
    if back := _back(index, r):
        indices = [*own[:place], index.left, *own[place + 1 :]]
        inside = [tree.copied(i, partial(_before, found, source)) for i in indices]
        name = tree.name(r.before[back - 1], node.col_offset)
        return tree.component(name, inside, node.col_offset)
    if isinstance(index.left, ast.Name):
        step, sign = index.left.id, "-" if r.last is None else "+"
        raise source.refuse(
            node.col_offset,
            f"a recurrence goes a number of steps {'back' if r.last is None else 'on'}, "
            f"{r.stage}[{step}{sign}1]",
        )
    return None
