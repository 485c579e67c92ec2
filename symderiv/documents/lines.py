"""Lines: which steps of a derivation are lines of its page, and what their rules are called.

Gives `DETAIL`, from the name of a level of detail to its lines, and `in_words` and `in_letters`,
which find the terms in the name of a rule and in a condition.

Floor 4: imports floors 0 to 2.

To add a level of detail: a function from steps to lines, and its name in `DETAIL`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sympy import Symbol
from sympy.core.basic import Basic

from symderiv.derivation import Step
from symderiv.derivation.passages import Passage, passages
from symderiv.documents.blocks import Sentence
from symderiv.terms import Partial
from symderiv.terms.contents import holds

Grouped = list[tuple[str, tuple[Step, ...]]]  # a line shown: its rule, the steps it stands for


def written(steps: tuple[Step, ...], opened: bool = False) -> Grouped:
    """The lines that an author writes; a step that goes with another is no line of its own."""
    return [(passage.rule, passage.steps) for passage in passages(steps, opened=opened)]


def every(steps: tuple[Step, ...], _opened: bool = False) -> Grouped:
    """Every step is a line."""
    return [(s.rule, (s,)) for s in steps]


def key_lines(steps: tuple[Step, ...], _opened: bool = False) -> Grouped:
    """The first unfolding, the line on which nothing is left to differentiate, the answer."""
    ends = {len(steps) - 1}
    for n, step in enumerate(steps):
        if n == 0 and "definition" in step.identifiers:
            ends.add(n)
        if holds(step.before, Partial) and not holds(step.after, Partial):
            ends.add(n)
    out: Grouped = []
    start = 0
    for end in sorted(ends - {-1}):
        group = steps[start : end + 1]
        out.append((joined(Passage(group).rule.split(", ")), group))
        start = end + 1
    return out


def joined(rules: Sequence[str]) -> str:
    """The rules of several steps in a few words.

    >>> joined(["quotient rule", "exponential", "exponential"])
    'quotient rule, exponential'
    >>> joined(["quotient rule", "exponential", "sifting"])
    'quotient rule, …, sifting'
    """
    different = list(dict.fromkeys(rules))
    return ", ".join(different) if len(different) < 3 else f"{different[0]}, …, {different[-1]}"


# The steps, and whether the definition that they start with has just been read.
DETAIL: dict[str, Callable[[tuple[Step, ...], bool], Grouped]] = {
    "brief": key_lines,
    "textbook": written,
    "all": every,
    "full": every,
}

_NAMED = re.compile(
    r"(?<=\bdefinition of )\w+|(?<=\bthrough )\w+|(?<=\bwith respect to )\w+"
    r"|(?<=\bderivative of )\w+(?=,|$| with respect to )|\b\w+(?= sums to | is symmetric)"
)


_LETTER = re.compile(r"\b[A-Za-z]\b")


def in_letters(condition: Basic | str) -> Sentence:
    """A condition; where it is words, its letters as terms.

    >>> in_letters("k = l ≠ y")
    (k, ' = ', l, ' ≠ ', y)
    """
    return _with_terms(_LETTER, condition) if isinstance(condition, str) else (condition,)


def in_words(rule: str) -> Sentence:
    """The rule's name, the quantity that it names as a term.

    >>> in_words("definition of p")
    ('definition of ', p)
    """
    return _with_terms(_NAMED, rule)


def _with_terms(names: re.Pattern[str], text: str) -> Sentence:
    """A text in which what is found is a term."""
    out: list[str | Basic] = []
    at = 0
    for found in names.finditer(text):
        out += [text[at : found.start()], Symbol(found[0])]
        at = found.end()
    return tuple(part for part in (*out, text[at:]) if part != "")
