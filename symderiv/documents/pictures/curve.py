"""Curves: a function of one number and its derivative, drawn over an interval.

Gives `curve`.  A curve is broken where its values jump, however near two points come, and where it
is no real number; what a fact of the problem leaves out is not drawn.

Floor 4: imports floors 0 to 2, the blocks and the drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import cast

from sympy import Expr, Float, Symbol
from sympy.core.basic import Basic

from symderiv import patience
from symderiv.derivation import Derivation
from symderiv.documents.blocks import Picture
from symderiv.documents.pictures.drawing import Curve, Drawing, Segment, Words, ticks
from symderiv.printers.speech import speech
from symderiv.printers.text import text
from symderiv.terms import D, release

LOW, HIGH, POINTS = -4.0, 4.0, 160
TALLEST = 8.0  # how far up and down values are shown
WIDTH, HEIGHT, MARGIN = 480.0, 300.0, 36.0
JUMP, CLOSE = 0.05, 1e-6  # a share of the height, and how near two points come
COLOURS = ("#2b5fb3", "#c0492b")
DASHES = (None, (6.0, 3.0))
DIGITS = 15
MOST_STAGES = 8  # each of which is worked out at every point of the curve
LONGEST = 28  # characters of a curve's label

Label = tuple[str, str, str, Expr | None]  # as `Words` has them
Point = tuple[float, float]
Value = Callable[[float], float | None]


def curve(derivation: Derivation) -> Picture | None:
    """The function and its derivative; None where it is no function of one number alone.

    None too where it goes through more than `MOST_STAGES` stages.
    """
    problem = derivation.problem
    if len(problem.wrt) != 1 or derivation.rows or not isinstance(problem.wrt[0], Symbol):
        return None
    x = problem.wrt[0]
    stages = {s.quantity.symbol: s.body for s in problem.stages if not s.quantity.indices}
    arrays = replace(problem, stages=tuple(s for s in problem.stages if s.quantity.indices))
    numbers = {name: arrays.unfold(body) for name, body in stages.items()}
    terms = [arrays.unfold(term) for term in (problem.function, derivation.answer)]
    through = _needed(numbers, *terms)
    used = {s for t in (*terms, *through.values()) for s in t.free_symbols}
    if used - numbers.keys() - {x} or len(through) > MOST_STAGES:
        return None
    facts = [fact.relation for fact in problem.facts if fact.relation.free_symbols == {x}]
    function, derivative = (_value(t, x, _needed(numbers, t), facts) for t in terms)

    def there(number: float) -> float | None:
        """The derivative where there is a function to have one."""
        return None if function(number) is None else derivative(number)

    drawn = [list(_pieces(value)) for value in (function, there)]
    if not any(drawn):
        return None
    return _draw(drawn, x, derivation)


def _needed(numbers: Mapping[Symbol, Expr], *terms: Expr) -> dict[Symbol, Expr]:
    """The stages that terms are said in, directly or not, each after what it mentions."""
    found: set[Basic] = set()
    waiting = list(terms)
    while waiting:
        new = waiting.pop().free_symbols & numbers.keys() - found
        found |= new
        waiting += [numbers[cast(Symbol, name)] for name in new]
    return {name: body for name, body in numbers.items() if name in found}


def _value(term: Expr, x: Symbol, stages: Mapping[Symbol, Expr], facts: Sequence[Basic]) -> Value:
    """The term at a number; None where it or a stage is not real, or a fact does not hold.

    stages : the numbers that it is said in, in order, each worked out once
    """
    held = [release(cast(Expr, fact)) for fact in facts]
    free = {name: release(body).doit() for name, body in (*stages.items(), (x, term))}
    names = {name: body.free_symbols for name, body in free.items()}
    digits = 2 * DIGITS if stages else DIGITS

    @lru_cache(maxsize=16 * POINTS)  # asked by both curves, and at the ends of every half
    def value(number: float) -> float | None:
        patience.look()
        here: dict[Basic, Expr] = {x: Float(number, digits)}
        if any(fact.subs(here) == False for fact in held):  # noqa: E712
            return None
        for name, body in free.items():
            found = body.subs({s: here[s] for s in names[name]}).evalf(digits)
            if not found.is_real or not found.is_finite:
                return None
            here[name] = found
        return float(here[x])

    return value


def _pieces(value: Value) -> Iterator[list[Point]]:
    """The curve in unbroken pieces."""
    places = [LOW + (HIGH - LOW) * n / POINTS for n in range(POINTS + 1)]
    points = [(a, value(a)) for a in places]
    seen = [b for _, b in points if b is not None and abs(b) <= TALLEST]
    least = JUMP * max(max(seen, default=1.0) - min(seen, default=0.0), 1e-9)
    piece: list[Point] = []
    for (a, u), (b, v) in pairwise(points):
        if u is not None:
            piece.append((a, u))
        if u is None or v is None or (abs(u - v) > least and _jumps(value, a, b, least)):
            if len(piece) > 1:
                yield piece
            piece = []
    last, end = points[-1]
    if end is not None:
        piece.append((last, end))
    if len(piece) > 1:
        yield piece


def _jumps(value: Value, a: float, b: float, least: float) -> bool:
    """Is the difference of the values at the ends there still when the ends are close?"""
    while b - a > CLOSE:
        middle = (a + b) / 2
        u, m, v = value(a), value(middle), value(b)
        if u is None or m is None or v is None:
            return True
        a, b = (a, middle) if abs(u - m) >= abs(m - v) else (middle, b)
    u, v = value(a), value(b)
    return u is None or v is None or abs(u - v) > least / 2


def _draw(drawn: Sequence[Sequence[Sequence[Point]]], x: Symbol, derivation: Derivation) -> Picture:
    values = [y for pieces in drawn for piece in pieces for _, y in piece]
    low, high = max(min([*values, 0.0]), -TALLEST), min(max([*values, 0.0]), TALLEST)
    low, high = (low, high) if high > low else (low - 1, high + 1)
    spare = 0.05 * (high - low)
    low, high = low - spare, high + spare
    right, bottom = WIDTH - 12, HEIGHT - 30

    def across(a: float) -> float:
        return MARGIN + (a - LOW) / (HIGH - LOW) * (right - MARGIN)

    def up(b: float) -> float:
        return bottom - (b - low) / (high - low) * (bottom - 40)

    picture = Drawing(WIDTH, HEIGHT, f"c-{derivation.name or 'curve'}", (MARGIN, 40, right, bottom))
    draw = picture.marks.append
    for b in ticks(low, high):
        draw(Segment((MARGIN, up(b)), (right, up(b)), faint=True))
        draw(Words(MARGIN - 6, up(b) + 4, _said(b), "end"))
    for a in ticks(LOW, HIGH, 8):
        draw(Segment((across(a), 40), (across(a), bottom), faint=True))
        draw(Words(across(a), bottom + 18, _said(a)))
    draw(Segment((MARGIN, up(0.0)), (right, up(0.0))))
    names = (derivation.problem.function, derivation.statement)
    labels = _labels(names, x)
    for n, pieces in enumerate(drawn):
        for piece in pieces:
            points = tuple((across(a), up(min(max(b, -1e6), 1e6))) for a, b in piece)
            draw(Curve(points, COLOURS[n], DASHES[n]))
        left = MARGIN + 4 + n * (right - MARGIN) / 2
        draw(Curve(((left, 20.0), (left + 26, 20.0)), COLOURS[n], DASHES[n], framed=False))
        draw(Words(left + 32, 24, *labels[n]))
    words = f"{speech(names[0])}, and {speech(names[1])}, for {speech(x)} from -4 to 4"
    return Picture(picture, words)


def _labels(names: Sequence[Expr], x: Symbol) -> tuple[Label, Label]:
    """What the curves are called: what is long has a name, or says only what is done to the other.

    >>> x = Symbol("x")
    >>> [said for said, *_ in _labels([x**2, D(x**2, x)], x)]
    ['x²', '∂/∂x x²']
    """
    function, derivative = ((text(name), "start", "", name) for name in names)
    if len(function[0]) > LONGEST:
        named = Symbol("f" if x.name != "f" else "g")
        return _labels([named, D(named, x)], x)
    if len(derivative[0]) > LONGEST:
        derivative = (f"∂/∂{text(x)}", "start", "", None)
    return function, derivative


def _said(number: float) -> str:
    return f"{number:g}".replace("-", "−")
