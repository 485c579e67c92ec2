"""Walking through terms, and building them anew over other arguments.

Floor 0: imports the heads and their makers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import is_

import sympy
from sympy import (
    Function,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Product,
    Sum,
    Tuple,
)
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from symderiv.terms.heads import Held, Quantity, made_once
from symderiv.terms.makers import component, delta, function_of, with_limits


def rebuild(term: Basic, args: tuple[Basic, ...]) -> Basic:
    """The same head over other arguments, without evaluation."""
    if all(map(is_, args, term.args)) and len(args) == len(term.args):
        return term
    head = type(term)
    match term:
        case Held():
            return made_once(head, *args)
        case Indexed():
            return component(term.args[0].args[0].name, *args[1:])  # SymPy prints to say a name
        case KroneckerDelta():
            return delta(*args)
        case Sum() | Product():
            return with_limits(head, *args)
        case Relational() | Tuple():
            return made_once(head, *args)
        case Function() | sympy.Max() | sympy.Min():
            return function_of(head, *args)
        case _:
            made: Basic = head(*args)
            return made


_COMPONENTS = (Indexed, IndexedBase)


def subterms(term: Basic) -> Iterator[Basic]:
    """The term and all terms in it, outermost first; what is shared once."""
    waiting, seen = [term], set[int]()
    while waiting:
        found = waiting.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        if found.args and not isinstance(found, _COMPONENTS):
            waiting.extend(reversed(found.args))


def bottom_up(term: Basic, change: Callable[[Basic], Basic]) -> Basic:
    """Apply `change` to every term, innermost first; subscripts and limits are left alone.

    What stands in a term twice, as one object, is changed once.
    """
    done: dict[int, Basic] = {}

    def changed(term: Basic) -> Basic:
        if not term.args or isinstance(term, _WHOLE):
            return change(term)
        found = done.get(id(term))
        if found is None:
            args = tuple([changed(arg) for arg in term.args])
            found = done[id(term)] = change(rebuild(term, args))
        return found

    return changed(term)


_WHOLE = (Indexed, Quantity, KroneckerDelta, Tuple)
