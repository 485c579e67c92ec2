"""Passages: the steps that an author writes as one line.

Gives `Passage` and `passages`.  The steps stay what they are, each judged; a passage is a run of
them, one that its line is about and those that go with it (`rules.company`): a derivative taken
into a sum goes with the rule that made the sum, signs and zeros with the line where they arise.

Floor 2: imports the rules and `step`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symderiv.derivation.step import Step
from symderiv.records import dataclass
from symderiv.rules.company import SAID, TABLE, Part, part_of
from symderiv.rules.order import RULES

_QUIET = {
    RULES[identifier].name
    for row in TABLE.values()
    for identifier in row - SAID
    if identifier in RULES
}
_NOTHING = RULES["vanishing-terms"].name


@dataclass(frozen=True)
class Passage:
    """One line as an author writes it: the steps that it stands for, one at least."""

    steps: tuple[Step, ...]

    @property
    def rule(self) -> str:
        """The rules by name: what the line is about, and what else is worth a word."""
        names = list(dict.fromkeys(name for s in self.steps for name in s.rule.split(", ")))
        said = [name for name in names if name not in _QUIET]
        return ", ".join(said or [name for name in names if name != _NOTHING] or names)


def passages(steps: Iterable[Step], *, opened: bool = False) -> tuple[Passage, ...]:
    """The steps, those that go together taken together.

    Parameters
    ----------
    opened : the definition that they start with has just been read, and makes no line
    """
    done: list[Passage] = []
    line: list[tuple[Step, Part]] = []
    for n, step in enumerate(steps):
        part = part_of(step.identifiers)
        if opened and n == 0 and "definition" in step.identifiers:
            part = Part.PREPARES
        if line and not _joins(part, line):
            done.append(Passage(tuple(s for s, _ in line)))
            line = []
        line.append((step, part))
    if line:
        done.append(Passage(tuple(s for s, _ in line)))
    return tuple(done)


def _joins(part: Part, line: Sequence[tuple[Step, Part]]) -> bool:
    """Does a step that is this to its line go with the line so far?"""
    about = {name for s, p in line if p is Part.STANDS for name in s.identifiers}
    worked = [p for _, p in line if p is not Part.AT_ONCE]
    match part:
        case Part.STANDS:  # what was sifted is read before more is done
            sifted = any("sifting" in s.identifiers for s, _ in line)
            return not about and not (sifted and Part.PREPARES in worked)
        case Part.PREPARES:
            return not about and Part.FOLLOWS not in worked
        case Part.LINEAR:  # what is put in is read before it is differentiated
            return not about & {"definition", "first-derivative", "chain-rule"}
        case Part.FOLLOWS:  # what a lemma says is read too, and what is left to differentiate
            return "lemma" not in about and worked[-1:] != [Part.LINEAR]
        case Part.AT_ONCE:
            return True
