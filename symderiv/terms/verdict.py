"""Verdicts: what the judge says of one line, and how strongly it holds.

Floor 0: imports heads and problem only.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from symderiv.records import dataclass
from symderiv.terms.pickled import Pickled
from symderiv.terms.problem import Fact

ENOUGH = 20  # points at which a line agrees before that is worth saying
OUTSIDE = "outside an axis"  # said for the value of a side that has an index beyond its axis
LEAVES = "an index may leave its axis beside a bracket that is 0 there, as in iverson(i < K)*x[i+1]"


class Strength(StrEnum):
    """How a line was established, strongest first, or that it was not.

    A stronger one is greater: `Strength.PROVED > Strength.EXACT`.
    """

    PROVED = "proved"
    EXACT = "exact at sizes"
    NUMERIC = "numeric"  # only where somebody said that agreement at points is enough
    UNDECIDED = "undecided"
    REFUTED = "refuted"

    @property
    def rank(self) -> int:
        """0 for what is refuted, more for what is stronger."""
        return [*reversed(Strength)].index(self)

    # a string has an order of its own, which is that of letters
    def __lt__(self, other: str) -> bool:
        return self.rank < Strength(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Strength(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Strength(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Strength(other).rank


@dataclass(frozen=True)
class Counterexample(Pickled):
    """A point at which two sides differ.

    `sizes` and `indices` by name ({"K": 3}, {"i": 1, "j": 2}), `point` the values of the given
    arrays and scalars by printed name ({"z[1]": "0.25"}), `left` and `right` the two values and
    `difference` how far they are apart.
    """

    sizes: Mapping[str, int]
    indices: Mapping[str, int]
    point: Mapping[str, str]
    left: str
    right: str
    difference: str = ""

    @property
    def place(self) -> str:
        """Where it is: "K = 3, i = 1, z[1] = 0.25"."""
        return _listed({**self.sizes, **self.indices, **self.point})

    def as_data(self) -> dict[str, Any]:
        """It as plain data."""
        return {k: dict(v) if isinstance(v, Mapping) else v for k, v in vars(self).items()}


@dataclass(frozen=True)
class Verdict(Pickled):
    """What the judge says of `before = after`.

    `facts` are the assumptions that were needed; `sizes` the sizes tried where the verdict is
    not for every K; `points` at how many points the two sides were found to agree; `note` one
    clause more ("for every K", "sizes 1 to 4", "agrees at 60 points").
    """

    strength: Strength
    facts: tuple[Fact, ...] = ()
    sizes: tuple[int, ...] = ()
    counterexample: Counterexample | None = None
    note: str = ""
    points: int = 0

    @property
    def holds(self) -> bool:
        """Was the line established?  Agreement at points alone does not establish it."""
        return self.strength in (Strength.PROVED, Strength.EXACT, Strength.NUMERIC)

    @property
    def agrees(self) -> bool:
        """Does the line hold, or does it agree at every one of many points?"""
        return self.holds or (self.strength is Strength.UNDECIDED and self.points >= ENOUGH)


def weakest(verdicts: list[Verdict] | tuple[Verdict, ...]) -> Strength:
    """The strength of a chain of lines: that of its weakest line (an empty chain is proved)."""
    return min((v.strength for v in verdicts), default=Strength.PROVED)


def refusal(rule: str, verdict: Verdict) -> str:
    """One sentence, then the size, the indices, the point and both values.

    >>> shown = Counterexample({"K": 2}, {"i": 1, "j": 2}, {"z[1]": "1/2"}, "0.25", "-0.25")
    >>> print(refusal("quotient rule", Verdict(Strength.REFUTED, counterexample=shown)))
    quotient rule: the line does not equal the line before
      at K = 2, i = 1, j = 2
      with z[1] = 1/2
      before: 0.25
      after:  -0.25
    """
    shown = verdict.counterexample
    if shown is None:
        why = f" ({verdict.note})" if verdict.note else ""
        return f"{rule}: it could not be decided whether the line equals the line before{why}"
    at = _listed({**shown.sizes, **shown.indices})
    lines = [f"{rule}: the line does not equal the line before"]
    lines += [f"  at {at}"] if at else []
    lines += [f"  with {_listed(shown.point)}"] if shown.point else []
    lines += [f"  before: {shown.left}", f"  after:  {shown.right}"]
    lines += [f"  ({verdict.note})"] if verdict.note else []
    return "\n".join(lines)


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())
