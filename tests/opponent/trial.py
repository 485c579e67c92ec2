"""Trials: one formula, or three claims about one, and a word for what came of each.

Gives `formula_trial`, `claim_trials`, `Outcome`, `FAILURES` and `cut_down`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.opponent.asking import PATIENCE, asked, sizes_of, written
from tests.opponent.claims import Claim, broken, pretended
from tests.opponent.comparing import Comparison, Matter, compared, matter
from tests.opponent.formulas import Task, mentions, task
from tests.opponent.language import Unreadable
from tests.opponent.pretenders import Pretender
from tests.opponent.rewrites import rewritten
from tests.opponent.shrink import shrunk

SHORT = 100  # letters of a formula that claims are made about


@dataclass(frozen=True)
class Outcome:
    """What came of one trial: one word to count, and of a failure all that is needed to see it."""

    word: str
    kind: str = ""
    report: str = ""
    task: Task | None = None  # of a formula that failed


FAILURES = frozenset({"wrong", "crashed", "accepted", "refuted wrongly"})


def formula_trial(seed: int, patience: float = PATIENCE) -> Outcome:
    """One formula: answered, refused, late, wrong or crashed.

    "at an exception": different at a tie or a zero only, which the derivation names as one.
    """
    random = Random(seed)
    drawn_task = task(random)
    said = asked(drawn_task, patience=patience)
    if said.how == "crashed":
        return Outcome("crashed", "", f"{drawn_task}: {said.words}", drawn_task)
    if said.how != "answered":
        return Outcome(said.how, said.words.split(":")[0])
    return answered(drawn_task, said.derivation, random)


def answered(given_task: Task, derivation: Any, random: Random) -> Outcome:
    """An answer at points."""
    given, answer = matter(given_task, derivation), written(derivation)
    found = compared(given, given.read(answer), random)
    report = f"{given_task}: {answer}; {found.difference or 'no value where there is one'}"
    if found.difference is not None:
        stated = derivation.exceptions and not found.difference.open
        return Outcome("at an exception" if stated else "wrong", "", report, given_task)
    if found.holes and not found.points:
        return Outcome("wrong", "", report, given_task)
    return Outcome("answered", "compared" if found.points else "no point to compare at")


def cut_down(failed: Outcome) -> str:
    """The report on the smallest formula that fails in the same way; nothing for a claim."""
    if failed.task is None:
        return ""
    found = failed

    def fails(text: str) -> bool:
        nonlocal found
        smaller = replace(found.task or Task("", ()), text=text)
        said = asked(smaller, patience=2.0)
        if said.how == "crashed" == failed.word:
            found = Outcome("crashed", "", f"{smaller}: {said.words}", smaller)
            return True
        if said.derivation is None:
            return False
        try:
            outcome = answered(smaller, said.derivation, Random(1))
        except (Unreadable, KeyError, SyntaxError):  # a cut that makes no sense
            return False
        if outcome.word != failed.word:
            return False
        found = outcome
        return True

    shrunk(failed.task.text, fails)
    return found.report


def names_in(given: Matter, derivation: Any) -> dict[str, tuple[str, ...]]:
    """What a claim may speak of, by the words of `pretenders`."""
    text, free = given.task.text, given.axes.free
    shapes = sizes_of(derivation)
    k_sizes = {shapes[a][0] for a in "zcq" if a in shapes}
    n_sizes = {shapes[a][0] for a in "xW" if a in shapes}
    in_answer = {n.id for v in given.wrt for n in ast.walk(v) if isinstance(n, ast.Name)}
    letters = tuple(sorted(n for n in free & set("ijkl") if n in in_answer or f"[{n}]" in text))
    known = given.axes.labels
    return {
        "S": tuple(n for n in ("a", "b", "s") if mentions(text, n)),
        "V": tuple(a for a in ("z", "c", "q") if a in shapes),
        "K": tuple(sorted(n for n in k_sizes if n.isidentifier())),
        "N": tuple(sorted(n for n in n_sizes - k_sizes if n.isidentifier())),
        "I": letters,
        "J": letters,
        "T": tuple(n for n in ("t", "r") if n in known),
        "R": tuple(n for n in ("t", "r") if n in known),
        "Y": ("y",) if "y" in known else (),
    }


def false(given: Matter, claim: Claim, random: Random) -> Comparison | None:
    """Where a claim is shown to be false, None where it was not."""
    try:
        tree = given.read(claim.text)
    except Unreadable:
        return None
    found = compared(given, tree, random, 6, 12, claim.place)
    return found if found.difference or (claim.hole and found.holes) else None


def claim_trials(
    seed: int, pretenders: Iterator[Pretender], *, true: bool = False, patience: float = PATIENCE
) -> Iterator[Outcome]:
    """Three claims about one short formula whose derivative symderiv has right.

    A false claim that holds is "accepted", a true one that does not "refuted wrongly".
    """
    random = Random(seed)
    base = task(random)
    if len(base.text) > SHORT:
        return
    said = asked(base, patience=patience)
    if said.derivation is None:
        return
    given, answer = matter(base, said.derivation), written(said.derivation)
    if answer.isdigit():  # little can be said of it
        return
    found = compared(given, given.read(answer), random)
    if found.difference is not None or not found.points:
        return
    names = names_in(given, said.derivation)
    letters = tuple(sorted((given.axes.free | given.axes.labels) - given.axes.arrays))
    for _ in range(3):
        if true:
            claim: Claim | None = rewritten(answer, names, random)
        elif random.random() < 0.75:
            claim = pretended(answer, names, random, next(pretenders))
        else:
            claim = broken(answer, letters, random)
        if claim is not None:
            yield from judged(base, said.derivation, claim, random, true, patience)


def presumed(text: str) -> int:
    """The largest number in a subscript."""
    return max(map(int, re.findall(r"\[(?:[^\[\]]*,)?\s*(\d+)\s*[,\]]", text)), default=0)


def judged(
    base: Task, derivation: Any, claim: Claim, random: Random, true: bool, patience: float
) -> Iterator[Outcome]:
    """What is said of one claim; nothing where its falsehood (or its truth) did not show."""
    declared = replace(base, assume=(*base.assume, *claim.assume))
    if claim.place and presumed(claim.text) > min(claim.place.sizes.values(), default=99):
        return  # z[2] says that its axis has two
    shown = false(matter(declared, derivation), claim, random)
    if (shown is None) != true:
        return
    said = asked(declared, claim.text, patience)
    report = f"{declared} claim {claim.text}: {said.words or said.strength}; {shown}"
    if said.derivation is None:
        yield Outcome(said.how, claim.kind, report)
    elif true and said.strength == "refuted":
        yield Outcome("refuted wrongly", claim.kind, report)
    elif not true and said.derivation.claim.verdict.holds:
        yield Outcome("accepted", claim.kind, report)
    else:
        holds = said.derivation.claim.verdict.holds
        yield Outcome(said.strength if not holds else "holds", claim.kind, report)
