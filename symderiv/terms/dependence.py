"""Dependence: which of some names mention which, and what is reached by that.

Gives `users` (by whom each is mentioned) and `reached`.

Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping


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
