"""Blocks: the parts that a page is made of, and the page.

Gives `Page` and its blocks: `Where` (definitions), `Chain` (aligned lines with their rules),
`Cases`, `Matrix`, `Numbers`, `Remarks` (assumptions, exceptions) and `Picture`.  They hold terms
and never anything spelled for a target.

Floor 4: imports floors 0 to 2.

To add a block: a frozen dataclass here, its name in `Block`, and a method of that name
(`chain`, `cases`, …) in `writer.Writer` and so in every target.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from sympy import Expr, Symbol
from sympy.core.basic import Basic

from symderiv.documents.escape import one_line
from symderiv.printers.faces import Drawn
from symderiv.records import dataclass
from symderiv.rules.registry import Law
from symderiv.terms.verdict import Strength

if TYPE_CHECKING:
    from symderiv.documents.pictures.drawing import Drawing
    from symderiv.reader import Identity

# Words and formulas, one after the other.
Sentence = tuple[str | Basic, ...]


@dataclass(frozen=True)
class Where:
    """Definitions: `left = right`, one for each named stage."""

    definitions: tuple[tuple[Expr, Expr], ...]


@dataclass(frozen=True)
class Applied:
    """A rule on a line: its name and identifier, what it says, and each place where it was used.

    `places` are `(before, after, letters)`: `before = after`, the law's letters with what they
    stand for.
    """

    name: Sentence
    identifier: str = ""
    laws: tuple[Identity, ...] = ()
    places: tuple[tuple[Expr, Expr, tuple[tuple[Symbol, Expr], ...]], ...] = ()


@dataclass(frozen=True)
class Opened:
    """What stands behind a line: rules, lines that it leaves out, lemmas, the judge's sentence."""

    applied: tuple[Applied, ...]
    between: tuple[tuple[Sentence, Expr], ...]
    lemmas: tuple[Chain, ...]
    verdict: Sentence


@dataclass(frozen=True)
class Line:
    """One line of a chain: `= term`, by the rule; `marks` cite assumptions ("A1").

    `cites` are the statements of the lemmas it cites; `opened` makes what stands behind the line,
    for targets that can show it.
    """

    term: Expr
    rule: Sentence = ()
    laws: tuple[Law, ...] = ()
    strength: Strength = Strength.PROVED
    marks: tuple[str, ...] = ()
    cites: tuple[Expr, ...] = ()
    doubt: str = "not proved"  # what is said of a line that is not
    opened: Callable[[], Opened] | None = field(default=None, repr=False, compare=False)

    @property
    def label(self) -> Sentence:
        """The rule with what it cites: "probabilities sum to one (A1)", and that it is unproved."""
        doubted = self.strength in (Strength.NUMERIC, Strength.UNDECIDED)
        marks = [*self.marks, *([self.doubt] if doubted else [])]
        return (*self.rule, f" ({', '.join(marks)})") if marks else self.rule


@dataclass(frozen=True)
class Chain:
    """Aligned lines that start from one term; `name` is that of the derivation, if it has one."""

    heading: Sentence
    start: Expr
    lines: tuple[Line, ...]
    name: str = ""

    @property
    def laws(self) -> dict[Sentence, tuple[Identity, ...]]:
        """The laws of every rule that has some, once each."""
        return {
            line.rule: tuple(law.identity for law in line.laws) for line in self.lines if line.laws
        }


@dataclass(frozen=True)
class Cases:
    """A term by cases: (value, condition), the condition a relation or words."""

    left: Expr
    rows: tuple[tuple[Expr, Basic | str], ...]


@dataclass(frozen=True)
class Matrix:
    """A matrix of terms, made entry by entry on demand (indices from 1), with its name."""

    left: Expr | str
    height: int
    width: int
    entry: Callable[[int, int], Expr]
    kind: Callable[[int, int], Hashable] | None = None  # entries of one kind differ in digits only
    special: frozenset[int] = frozenset()  # the kind of (a, b) turns on these and on a = b only

    @classmethod
    def of(cls, left: Expr | str, rows: Sequence[Sequence[Expr]]) -> Matrix:
        """The matrix with these rows."""
        return cls(left, len(rows), len(rows[0]), lambda a, b: rows[a - 1][b - 1])


Values = float | tuple[float, ...] | tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Numbers:
    """Named values: a number, a vector or a matrix each."""

    heading: Sentence
    items: tuple[tuple[Expr | str, Values], ...]


@dataclass(frozen=True)
class Remarks:
    """Sentences under one heading: assumptions, exceptions, lemmas (`stated`: what they are of)."""

    heading: str
    sentences: tuple[Sentence, ...]
    stated: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture, with the words for those who cannot see it."""

    drawing: Drawing
    words: str


Block = Where | Chain | Cases | Matrix | Numbers | Remarks | Picture


@dataclass(frozen=True)
class Page:
    """What every target draws.

    `command` is the command that made it, for the comment at the head of a file.  It and the title
    are one line each, whatever a person has put into them.  `drawn` says how names are set: in
    faces, or in LaTeX by macros of the author.
    """

    title: str
    blocks: tuple[Block, ...]
    verdict: Sentence
    command: str = ""
    drawn: Drawn = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title))
        object.__setattr__(self, "command", one_line(self.command))
