"""Vectors: which bare name in an argument is the array, where no subscript says so.

Gives `bare_arrays`: in softmax(z/T)[i], differentiated by T, nothing says that z has an index.  An
argument that stands for an array, and in which no name is known as one, is an array by the one
name that nothing makes a scalar: no variable, not used elsewhere, not only below a bar.  Where
several are left the text must say it, z[:].

Imports calls, pieces, scan and scope.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from symderiv.reader import scan
from symderiv.reader.calls import Calls
from symderiv.reader.functions import RESERVED
from symderiv.reader.pieces import Piece
from symderiv.reader.scope import Scope

Argument = tuple[ast.expr, int]  # and the number of indices that it is to have


def bare_arrays(
    calls: Calls,
    parts: Sequence[Piece],
    known: Mapping[str, int],
    taken: Collection[str],
    scope: Scope,
) -> dict[str, int]:
    """The names that are arrays by where they stand, with their numbers of indices.

    Parameters
    ----------
    known : the names that are subscripted somewhere
    taken : names that mean something else: variables without index, stages, sizes
    """
    trees = [part.right for part in parts]
    arguments = [found for tree in trees for found in _arguments(calls, tree, scope)]
    if not arguments:
        return {}
    bare = {arg.id: rank for arg, rank in arguments if isinstance(arg, ast.Name)}
    compound = [(arg, rank) for arg, rank in arguments if not isinstance(arg, ast.Name)]
    inside = Counter(name for arg, _ in compound for name in scan.names(arg))
    outside = Counter(name for tree in trees for name in scan.names(tree)) - inside
    found: dict[str, int] = {}
    for arg, rank in compound:
        words = set(scan.names(arg))
        if words & known.keys():
            continue
        if words & bare.keys():
            found |= {name: bare[name] for name in (words & bare.keys()) - set(taken)}
            continue
        left = words - outside.keys() - set(taken) - _below(arg) - RESERVED.keys()
        if len(left) == 1:
            found[left.pop()] = rank
    return found


def _arguments(calls: Calls, tree: ast.expr, scope: Scope) -> Iterator[Argument]:
    for node in scan.walk(tree):
        if isinstance(node, ast.Call):
            name = scan.called(node)
            if name not in RESERVED and name in calls.known and name not in calls.shadowed:
                handed = calls.known.arguments(node, partial(scope.refuse, node))
                yield from ((argument, rank) for argument, rank in handed if rank)


def _below(tree: ast.expr) -> set[str]:
    """The names that stand below a bar and nowhere else."""
    divisors = [
        n.right for n in scan.walk(tree) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div)
    ]
    under = Counter(name for divisor in divisors for name in scan.names(divisor))
    return under.keys() - (Counter(scan.names(tree)) - under).keys()
