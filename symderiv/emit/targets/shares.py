"""Shares: exponentials beside their shares, as the shares alone, which an engine computes at once.

    e = exp(z - m), s = Σ e, p = e/s, r = Σ e but for e_y  ->  p = softmax z, r/s = Σ p but for p_y

where m is the largest z, so that s is 1 over the largest p.  Gives `shared`.

Imports the standard library, lines, spelling, fused and parted.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import cast

from symderiv.emit.lines import reads, targets
from symderiv.emit.spelling import Filling, copied, filled, lines_of
from symderiv.emit.targets.fused import Found, matches
from symderiv.emit.targets.parted import Parted

EXPONENTIALS, SUM, SHARES = "torch.exp(Z - M[LAST])", "E.sum(-1)", "E / S[LAST]"
WITHOUT, PART = "_without(E, Y)", "R / S"


def shared(parted: Parted) -> Parted:
    """The function with the shares alone, where its derivatives need no more than them."""
    for line in parted.whole.lines:
        made = _rewritten(parted, line)
        if made is not None:
            return made
    return parted


def _rewritten(parted: Parted, line: ast.stmt) -> Parted | None:
    lines, found = parted.whole.lines, Found()
    if not _says(line, SHARES, found) or not isinstance(found["E"], ast.Name):
        return None
    p, e, s = targets(line)[0], ast.unparse(found["E"]), ast.unparse(found["S"])
    first = next((n for n in lines if targets(n) == [e]), None)
    whole = next((n for n in lines if targets(n) == [s]), None)
    rest = next((n for n in lines if _says(n, WITHOUT, dict(found))), None)
    if first is None or whole is None or rest is None:
        return None
    if not _says(first, EXPONENTIALS, found) or not _says(whole, SUM, dict(found)):
        return None
    largest = next((n for n in lines if targets(n) == [ast.unparse(found["M"])]), None)
    if largest is None or not _says(largest, "Z.amax(-1)", dict(found)):
        return None
    (r,) = targets(rest)
    uses = sum(reads(part).count(e) for part in (*lines, *parted.whole.results))
    if uses != 3:  # the sum, the sum without one, the shares
        return None
    put = _Put(r, s)
    made: list[ast.stmt] = []
    for old in lines:
        if old is first:
            z = ast.unparse(found["Z"])
            made += lines_of([f"{p} = {z}.softmax(-1)", f"{s} = 1 / {p}.amax(-1)"])
        elif old is rest:
            made.append(cast(ast.stmt, Filling({e: ast.Name(p)}).visit(copied(rest))))
        elif old not in (line, whole):
            made.append(cast(ast.stmt, put.visit(copied(old))))
    results = [cast(ast.expr, put.visit(copied(v))) for v in parted.whole.results]
    new = replace(parted, whole=parted.whole.with_lines(made, results))
    behind = (*new.common, *(x for n in range(len(new.slopes)) for x in new.own(n)), *new.slopes)
    return None if any(s in reads(x) for x in behind) else new


class _Put(ast.NodeTransformer):
    """The sum without one, of exponentials, by that of shares."""

    def __init__(self, rest: str, whole: str) -> None:
        self.rest, self.whole = rest, whole

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        known: Found = {"R": ast.Name(self.rest), "S": ast.Name(self.whole)}
        if matches(filled(PART, {}), node, known):
            return known["R"]
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id != self.rest:
            return node
        return filled(f"{self.rest} * {self.whole}", {})


def _says(line: ast.stmt, pattern: str, found: Found) -> bool:
    match line:
        case ast.Assign([ast.Name()], value):
            return matches(filled(pattern, {}), value, found)
    return False
