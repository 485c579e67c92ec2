"""Dependence: which of some names mention which, and what is reached by that.

Gives `users` (by whom each is mentioned), `reached` and `in_order`.

Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping


def users(mentions: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """The names that mention each name.

    >>> users({"p": ["z"], "L": ["p"]})
    {'z': {'p'}, 'p': {'L'}}
    """
    found: dict[str, set[str]] = {}
    for name, mentioned in mentions.items():
        for other in mentioned:
            found.setdefault(other, set()).add(name)
    return found


def reached(starts: Iterable[str], ways: Callable[[str], Iterable[str]]) -> set[str]:
    """The names that some lead to, these among them; `ways` says where one leads."""
    found: set[str] = set()
    waiting = [*starts]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += ways(name)
    return found


def in_order(
    starts: Iterable[str], ways: Callable[[str], Iterable[str]], known: Container[str]
) -> list[str]:
    """The known names that some lead to, these among them, each after those that it leads to.

    >>> in_order(["L"], {"L": ["p", "y"], "p": ["z"], "z": []}.__getitem__, "Lpz")
    ['z', 'p', 'L']
    """
    done: dict[str, None] = {}
    begun: set[str] = set()

    def visit(name: str) -> None:
        if name in begun or name not in known:
            return
        begun.add(name)
        for other in ways(name):
            visit(other)
        done[name] = None

    for name in starts:
        visit(name)
    return list(done)
