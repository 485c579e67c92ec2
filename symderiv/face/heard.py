"""Heard: a request with a formula, understood before SymPy is imported.

Gives `heard` and `heard_network`, the texts of a request in the formula language, and `check` and
`check_network`, which refuse what can be refused of them as texts: marks that cannot stand where
they stand, functions that there are not.

Floor 5: imports the catalogue's texts, requests, and what of the reader needs no SymPy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symderiv import catalogue
from symderiv.face.request import NetworkRequest, Request
from symderiv.reader.notation import Understood, understand
from symderiv.reader.parsed import check_functions, parsed
from symderiv.reader.pieces import only_piece
from symderiv.reader.refusal import Source


def heard(request: Request, text: Callable[[Any], str] = str) -> Understood:
    """What is understood of a request with a formula: its texts in the formula language.

    Parameters
    ----------
    text : what makes a text of a part of the request that is SymPy

    Raises
    ------
    ReadError
        for what is in none of the notations.
    """
    formula, *wrt = map(text, (request.function, *request.variables))
    claim = None if request.claim is None else text(request.claim)
    assume = tuple(map(text, request.facts))
    chosen = {"shape": request.shape, "macros": request.macros}
    return understand(formula, wrt, assume, claim, **chosen, library=catalogue.library())


def heard_network(request: NetworkRequest) -> Understood:
    """What is understood of a network and its facts, in the formula language.

    Raises
    ------
    ReadError
        for what is in none of the notations.
    """
    chosen = {"shape": request.shape, "macros": request.macros}
    return understand(request.network, (), request.facts, **chosen, library=catalogue.library())


def check(request: Request) -> None:
    """Refuse a formula, or what is said beside it, that can be no such thing.

    Raises
    ------
    ReadError
    """
    every = (request.function, *request.variables, *request.facts, request.claim)
    if all(one is None or isinstance(one, str) for one in every) and request.variables:
        _check(heard(request))


def check_network(request: NetworkRequest) -> None:
    """Refuse a network that can be none.

    Raises
    ------
    ReadError
    """
    _check(heard_network(request))


def _check(asked: Understood) -> None:
    library = catalogue.library()
    with asked.blaming():
        parsed(asked.formula, asked.wrt, asked.assume, library)
        if asked.claim is not None:
            check_functions([only_piece(Source(asked.claim, "claim"))], library)
