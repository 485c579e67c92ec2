"""Company: which rules make a line of their own, and which go with the line beside them.

Gives `Part` and `part_of`.  An author writes no line for `constants` or `signs`: what they do is
done on the line where it arises.  A rule that this table does not name stands on a line of its own.

Floor 1: imports nothing.  To let a rule go with others: its identifier in the row that it fits.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum


class Part(Enum):
    """What a rule is to a line.

    STANDS : it is what the line is about
    PREPARES : it goes with what comes next
    LINEAR : the derivative is taken into sums: with what made the sum, or with what comes next
    FOLLOWS : it goes with what came before, unless that is to be read first
    AT_ONCE : it goes with what came before, whatever that is
    """

    STANDS = "stands"
    PREPARES = "prepares"
    LINEAR = "linear"
    FOLLOWS = "follows"
    AT_ONCE = "at once"


TABLE: dict[Part, frozenset[str]] = {
    Part.LINEAR: frozenset({"constant-factor", "sum-rule", "derivative-of-a-sum"}),
    Part.PREPARES: frozenset(
        {
            "constant-out-of-the-maximum",
            "linearity-of-the-sum",
            "maximum-of-a-constant",
            "multiplying-out",
            "multiplying-out-a-known-sum",
            "reciprocal-as-a-factor",
            "splitting-the-fraction",
            "symmetry",
        }
    ),
    Part.FOLLOWS: frozenset(
        {
            "bracket-and-maximum",
            "cancelling",
            "constant-out-of-the-sum",
            "equal-factors",
            "like-terms",
            "one-fraction",
            "one-root",
            "power-of-a-bracket",
            "ratio-of-functions",
            "sifting",
            "sign-and-absolute-value",
            "signs",
            "sum-of-a-constant",
        }
    ),
    Part.AT_ONCE: frozenset(
        {
            "constant-bracket",
            "constants",
            "independent-variables",
            "kronecker-delta",
            "vanishing-terms",
        }
    ),
}
# Of those that go with others, the ones worth a word beside what the line is about.
SAID = frozenset({"cancelling", "derivative-of-a-sum", "multiplying-out", "one-root", "sifting"})

_PART = {identifier: part for part, row in TABLE.items() for identifier in row}


def part_of(identifiers: Collection[str]) -> Part:
    """What a step made by these rules is to its line: the rule with most to say decides."""
    parts = {_PART.get(identifier, Part.STANDS) for identifier in identifiers} or {Part.STANDS}
    return next(part for part in Part if part in parts)
