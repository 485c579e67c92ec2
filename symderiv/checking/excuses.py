r"""Excuses: what a line that is refuted may be, other than wrong.

Gives `excuse`: an equation to be solved, numbers put in for letters, rounded numbers, an
update, a name that gets another meaning.  What has one is undecided, and it is said why.

Imports readings.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import sympy
from sympy import Derivative, Expr, Indexed, Symbol

from symderiv.checking.facts import Pair
from symderiv.checking.readings import Question
from symderiv.judge import Judge
from symderiv.reader import scan
from symderiv.terms import Quantity, subterms
from symderiv.terms.verdict import Counterexample

ROUNDED = 0.02  # a relative difference that rounded numbers explain


def excuse(question: Question, found: Counterexample | None) -> str:
    """Why a refuted equality may not be wrong; "" where there is no such reason."""
    pair = question.pair
    name = _bare_name(question.left)
    if name and name in set(scan.words([question.right])):
        return f"an update of {name}, and no equality"
    solved = _is_number(pair.right) and not _is_constant(pair, found)
    if not question.conditions and (solved or _is_number(pair.left)):
        return "an equation to be solved, or numbers put in for letters"
    if found is not None and _rounded(question, found):
        return "its numbers may be rounded"
    if _differential(question.left) and _differential(question.right):
        return "differentials are not checked"
    unknown = _unknown(question, question.left) | _unknown(question, question.right)
    one = _unknown(question, question.left) ^ _unknown(question, question.right)
    derived = any(isinstance(t, Derivative) for t in _parts(pair))
    if unknown and (one or not derived or any(_is_function(t) for t in _parts(pair))):
        return f"nothing says which function {' or '.join(sorted(unknown))} is"
    return ""


def _differential(side: ast.expr) -> bool:
    """Is there a d before a name, dy = u dv + v du?"""
    for node in ast.walk(side):
        match node:
            case ast.BinOp(op=ast.MatMult() | ast.Mult(), left=left, right=ast.Name()):
                last = left.right if isinstance(left, ast.BinOp) else left
                if isinstance(last, ast.Name) and last.id == "d":
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


def _bare_name(term: ast.expr) -> str:
    match term:
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name
    return ""


def _is_number(term: Expr) -> bool:
    """Is there nothing in it that varies?"""
    return not any(
        isinstance(t, Indexed | Quantity) or (isinstance(t, Symbol) and not t.is_integer)
        for t in subterms(term)
    )


def _is_constant(pair: Pair, found: Counterexample | None) -> bool:
    """Has the left side one value everywhere?  Then another number for it is wrong."""
    if found is None:
        return False
    try:
        value = sympy.Rational(found.left)
    except (TypeError, ValueError):
        return False
    return Judge(pair.problem).attack.on(pair.left, value).counterexample is None


def _rounded(question: Question, found: Counterexample) -> bool:
    """Does it hold decimals, and are the sides nearly equal?"""
    decimal = any(
        isinstance(n, ast.Constant) and len(str(n.kind or "").partition(".")[2]) > 1
        for side in (question.left, question.right)
        for n in ast.walk(side)
    )
    try:
        left, right = float(found.left), float(found.right)
    except ValueError:
        return False
    return decimal and abs(left - right) <= ROUNDED * max(abs(left), abs(right))
