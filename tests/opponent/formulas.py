"""Random formulas, richer than a person writes: what symderiv is asked.

Gives `Task` (a formula, what to differentiate it by, what is declared), `task`, which draws one,
and `mentions`.  Imports writer.  To add a fact or a variable: a line in its table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from tests.opponent.writer import Scope, Writer


@dataclass(frozen=True)
class Task:
    """What symderiv is asked: `wrt` has one variable or two."""

    text: str
    wrt: tuple[str, ...]
    assume: tuple[str, ...] = ()


DECLARED = {  # a fact, and what must stand in the formula
    "sum(q[i], i) = 1": ("q[",),
    "q[i] > 0": ("q[",),
    "s > 0": ("s",),
    "a > 0": ("a",),
    "z[i] > 0": ("z[",),
    "a*b = 1": ("a", "b"),
    "A[i,j] = A[j,i]": ("A[",),
    "q[1] > 0": ("q[",),
}
VARIABLES = {
    "z[j]": "z[",
    "z[t]": "z[",
    "z[1]": "z[",
    "W[m,j]": "W[",
    "x[m]": "x[",
    "a": "a",
    "s": "s",
    "b": "b",
    "c[j]": "c[",
    "A[i,j]": "A[",
}
SECOND = {"z[j]": ("z[i]", "z[l]", "a", "s"), "W[m,j]": ("W[n,l]", "z[l]"), "s": ("s", "a", "z[l]")}


def mentions(text: str, word: str) -> bool:
    """Is the array (`z[`) or the scalar in the text?"""
    name, array = word.rstrip("["), word.endswith("[")
    end = r"\[" if array else r"(?![\w\[])"
    return re.search(rf"(?<!\w){name}{end}", text) is not None


def stages(writer: Writer) -> tuple[str, tuple[tuple[str, str], ...]]:
    """None, or up to three that use those before."""
    before, named = "", ()
    for name in ("p", "u", "h")[: writer.random.choice((0, 0, 1, 1, 2, 3))]:
        axis = writer.pick("K", "K", "N", "")
        letters = {"K": ("i",), "N": (), "": ()}[axis]
        rows = ("n",) if axis == "N" else ()
        body = writer.term(Scope(letters, rows, named), writer.random.randint(1, 2))
        head = {"K": f"{name}[i]", "N": f"{name}[n]", "": name}[axis]
        before += f"{head} = {body}; "
        named = (*named, (name, axis))
    return before, named


def task(random: Random) -> Task:
    """A formula with its stages, what to differentiate by, and perhaps a declared fact."""
    while True:
        writer = Writer(random)
        before, named = stages(writer)
        k, n = random.choice(
            (((), ()), ((), ()), ((), ()), (("i",), ()), ((), ("n",)), (("i",), ("n",)))
        )
        text = before + writer.term(Scope(k, n, named), random.randint(2, 4))
        if len(text) > 300:
            continue
        free = {*k, *n}
        possible = [v for v, word in VARIABLES.items() if mentions(text, word)]
        if mentions(before, "t"):  # a letter of the variable is no label of a stage
            possible = [v for v in possible if v != "z[t]"]
        if "i" in free:
            possible = [v for v in possible if not v.startswith("A")]
        if not possible:
            continue
        wrt = [random.choice(possible)]
        seconds = [v for v in SECOND.get(wrt[0], ()) if mentions(text, VARIABLES.get(v, v[:2]))]
        seconds = [v for v in seconds if not free & set("iln") & set(v[2:])]
        if seconds and random.random() < 0.25:
            wrt.append(random.choice(seconds))
        facts = [f for f, words in DECLARED.items() if all(mentions(text, w) for w in words)]
        assume = (random.choice(facts),) if facts and random.random() < 0.2 else ()
        return Task(text, tuple(wrt), assume)
