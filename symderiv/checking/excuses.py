r"""Excuses: what a line that is refuted may be, other than wrong.

Gives `is_change`, and `excuse`: an equation to be solved, numbers put in for letters, rounded
numbers, an update, a name that gets another meaning.  What has one is undecided, and it is said
why.

Imports facts and question.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import sympy
from sympy import Derivative, Expr, Indexed, Symbol

from symderiv.checking.facts import Pair, has_edges, numbers, with_fact
from symderiv.checking.question import Question
from symderiv.judge import Judge
from symderiv.reader import scan
from symderiv.terms import Quantity, subterms
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Counterexample, Strength

_CHANGES = ("delta", "delta_", "Delta", "Delta_")
_UPPER = frozenset("ijklmnt")  # letters that count
_UNITS = frozenset("ij")
ROUNDED = 0.02  # a relative difference that rounded numbers explain


def excuse(question: Question, found: Counterexample | None) -> str:
    """Why a refuted equality may not be wrong; "" where there is no such reason."""
    pair = question.pair
    name = scan.name_of(question.left)
    if name and name in set(scan.words([question.right])):
        return f"an update of {name}, and no equality"
    solved = _is_number(pair.right) and not _is_constant(pair)
    context = question.context
    told = question.applied or not _letters(question)  # σ(0) = 1
    posed = solved or (_is_number(pair.left) and not told)
    if not question.conditions and posed:
        context.solving = context.section
        return "an equation to be solved, or numbers put in for letters"
    slopes = any(isinstance(t, Derivative) for t in subterms(pair.left))
    if context.solving == context.section and not slopes:
        return "it may hold only where the equation above it does"
    if found is not None and _rounded(question, found):
        return "its numbers may be rounded"
    if differential := are_differentials(question.left, question.right):
        return differential
    if is_change(question.left) or is_change(question.right):
        return "nothing says what a change is that is written with δ or Δ"
    if raised := _upper_index(question):
        return f"{raised} may have an upper index, and no power"
    if mean := _mean(question):
        return f"{mean} may be a mean, which nothing says"
    if unit := sorted(_scalars(pair) & _UNITS):
        return f"{unit[0]} may be the imaginary unit, and what is checked is real"
    if both := _related(question):
        return f"it relates {both[0]} to {both[1]}, and nothing says more of them"
    unknown = _unknown(question, question.left) | _unknown(question, question.right)
    one = _unknown(question, question.left) ^ _unknown(question, question.right)
    derived = any(isinstance(t, Derivative) for t in _parts(pair))
    if unknown and (one or not derived or any(_is_function(t) for t in _parts(pair))):
        return f"nothing says which function {' or '.join(sorted(unknown))} is"
    return ""


def _related(question: Question) -> tuple[str, str] | None:
    """A given quantity of each side that the other side has not, where nothing is defined."""
    pair = question.pair
    if pair.problem.stages or any(isinstance(t, Derivative) for t in _parts(pair)):
        return None
    sizes = {str(s) for shape in pair.problem.shapes.values() for s in shape}
    left, right = (set(scan.words([side])) - sizes for side in (question.left, question.right))
    given = {*pair.problem.shapes} | _scalars(pair)
    one, other = sorted((left - right) & given), sorted((right - left) & given)
    return (one[0], other[0]) if one and other else None


def _scalars(pair: Pair) -> set[str]:
    """The given numbers in a pair."""
    found = {t.name for t in _parts(pair) if isinstance(t, Symbol) and not t.is_integer}
    return found - {s.name for s in pair.problem.stages}


def _mean(question: Question) -> str:
    """A name with a bar that nothing defines, beside the name without: x̄ beside x."""
    found = question.context.reached([question.left, question.right])
    for name in sorted(found - question.context.stages.keys()):
        if name.endswith("bar") and name.removesuffix("bar") in found:
            return name
    return ""


def _upper_index(question: Question) -> str:
    """A name to the power of a letter that stands in exponents only, or to the power of 1.

    A number n of which a power is taken stands in the line besides, d/dx x^n = n x^(n − 1), or the
    power of something else is taken as well, (x y)^n; what is differentiated is what it says.
    """
    sides = [question.left, question.right]
    nodes = [n for side in sides for n in ast.walk(side)]
    raised = [n for n in nodes if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)]
    slopes = any(map(scan.slopes, sides))
    inside = {id(n) for power in raised for n in ast.walk(power.right)}
    inside |= {id(n) for node in nodes if isinstance(node, ast.Subscript)
               for slot in scan.slots(node) for n in ast.walk(slot)}  # fmt: skip
    outside = {n.id for n in nodes if isinstance(n, ast.Name) and id(n) not in inside}
    outside |= {n.id for p in raised if not scan.name_of(p.left)
                for n in ast.walk(p.right) if isinstance(n, ast.Name)}  # fmt: skip
    for power in raised:
        name = scan.name_of(power.left)
        one = isinstance(power.right, ast.Constant) and power.right.value == 1
        letters = {n.id for n in ast.walk(power.right) if isinstance(n, ast.Name)}
        if not name or slopes or not (one or (letters and letters <= _UPPER)):
            continue
        if one or (not letters & outside and letters.isdisjoint(question.context.stages)):
            apart = {n.id for n in nodes if isinstance(n, ast.Name)} - {name, *letters}
            if one or apart:
                return name
    return ""


def are_differentials(left: ast.expr, right: ast.expr) -> str:
    """Why it is not checked, where there are differentials on both sides, dV = P^T dO; or ""."""
    both = _prefixed(left, ("d",)) and _prefixed(right, ("d",))
    return "differentials are not checked" if both else ""


def is_change(side: ast.expr) -> bool:
    """Is there a change in it, written with δ or Δ?"""
    return _prefixed(side, _CHANGES)


def _prefixed(side: ast.expr, prefixes: tuple[str, ...]) -> bool:
    """Is there a d before a name, as in dy = u dv + v du?"""
    for node in ast.walk(side):
        match node:
            case ast.BinOp(
                op=ast.MatMult() | ast.Mult(), left=left, right=ast.Name() | ast.Subscript()
            ):
                last = left.right if isinstance(left, ast.BinOp) else left
                if scan.name_of(last) in prefixes:
                    return True
    return False


def _unknown(question: Question, side: ast.expr) -> set[str]:
    """The unknown functions in a side."""
    words = set(scan.words([side]))
    known = {c.rsplit("_c", 1)[0] for c in question.context.opaque}
    return {w.rsplit("_c", 1)[0] for w in words if "_c" in w} & known


def _is_function(term: object) -> bool:
    """Is it exp, tanh or another function that is known?"""
    return isinstance(term, sympy.Function)


def _parts(pair: Pair) -> Iterator[object]:
    for side in (pair.left, pair.right):
        yield from subterms(side)


def _letters(question: Question) -> set[str]:
    """The names in it for which a number may be put in."""
    return {*scan.names(question.left), *scan.names(question.right)} - {"pi"}


def _is_number(term: Expr) -> bool:
    """Is there nothing in it that varies?"""
    return not any(
        isinstance(t, Indexed | Quantity) or (isinstance(t, Symbol) and not t.is_integer)
        for t in subterms(term)
    )


def _is_constant(pair: Pair) -> bool:
    """Is every slope of the left side 0?  Then nothing can be found for which it is another number.

    What has steps, as |x|' and atan x + atan 1/x, may be so on another one: where all is positive,
    or negative.
    """
    problem, left = pair.problem, pair.left
    if has_edges(pair):
        return False
    given = numbers(pair, ("k_", "l_", "m_", "n_")).values()
    for by in given:
        slope = Derivative(left, by)
        if problem.mentions(left, by) and not _is_zero(problem.ranging(left, slope), slope):
            return False
    for sign in (sympy.Gt, sympy.Lt):
        signed = pair
        for by in given:
            signed = with_fact(signed, sign(by, sympy.S.Zero, evaluate=False)) or signed
        judged = Judge(signed.problem).compare(signed.left, signed.right)
        if judged.strength is not Strength.REFUTED:
            return False
    return True


def _is_zero(problem: Problem, term: Expr) -> bool:
    return Judge(problem).compare(term, sympy.S.Zero).holds


def _rounded(question: Question, found: Counterexample) -> bool:
    """Does it hold decimals, or no letter, and are the sides nearly equal?"""
    decimal = not _letters(question) or any(
        isinstance(n, ast.Constant) and len(str(n.kind or "").partition(".")[2]) > 1
        for side in (question.left, question.right)
        for n in ast.walk(side)
    )
    try:
        left, right = float(found.left), float(found.right)
    except ValueError:
        return False
    return decimal and abs(left - right) <= ROUNDED * max(abs(left), abs(right))
