"""Dependence: which of some names mention which, and what is reached by that.

Gives `users` (by whom each is mentioned), `reached`, `alone` and `in_order`.

Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping


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


def alone(
    name: str,
    mentions: Mapping[str, Iterable[str]],
    above: Mapping[str, Collection[str]],
    may: Callable[[str], bool],
) -> set[str]:
    """What one name alone mentions, itself or through others of these, of those that `may` be so.

    >>> direct = {"p": ["z"], "q": ["z"], "L": ["p", "q"], "M": ["q"]}
    >>> alone("L", direct, users(direct), lambda name: True)
    {'p'}
    """
    found: set[str] = set()
    waiting = [*mentions[name]]
    while waiting:
        other = waiting.pop()
        if other not in mentions or other in found or not may(other):
            continue
        if all(user in found or user == name for user in above[other]):
            found.add(other)
            waiting += mentions[other]
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
