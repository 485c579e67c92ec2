r"""The report: what was understood of a text, and what is said of each line.

Gives `Report`, `Chain` and `Row`, plain data; `Report.as_data` is what JSON shows.

Imports verdicts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from symderiv.checking.verdicts import BEGINS, SILENT, Verdict
from symderiv.records import dataclass
from symderiv.terms.verdict import Counterexample

SCHEMA = 1


@dataclass(frozen=True)
class Row:
    """One line of a display.

    Attributes
    ----------
    line, column : where it stands in the text, from 1
    source : the line as it was written
    understood : its sides in the formula language
    needs : what the line needs and the text does not say
    start : does it follow from the beginning of its chain?  Looked at after a line that is wrong
    reached : was there time to look at it?
    """

    verdict: Verdict
    line: int
    source: str
    column: int = 1
    understood: tuple[str, ...] = ()
    strength: str = ""
    needs: str = ""
    uses: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    mend: str = ""
    start: str = ""
    note: str = ""
    at: int = 0
    file: str = ""
    reached: bool = True

    @property
    def claims(self) -> bool:
        """Is something said that could be wrong, and no more than a term with which to begin?"""
        return bool(self.strength) or self.note not in (BEGINS.note, SILENT.note)

    def as_data(self) -> dict[str, Any]:
        """The row as plain data; what there is nothing to say of is null."""
        found = self.counterexample
        return {
            "verdict": str(self.verdict),
            "file": self.file or None,
            "line": self.line,
            "column": self.column,
            "source": self.source,
            "understood": list(self.understood),
            "strength": self.strength or None,
            "needs": self.needs or None,
            "uses": list(self.uses),
            "counterexample": None if found is None else found.as_data(),
            "mend": self.mend or None,
            "start": self.start or None,
            "note": self.note or None,
        }  # fmt: skip


@dataclass(frozen=True)
class Chain:
    """The rows of one display."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, repr=False)
class Report:
    """All that is said of a text.

    Attributes
    ----------
    definitions, assumptions : what was understood, in the formula language
    notes : what was left out, a sentence each
    """

    chains: tuple[Chain, ...]
    definitions: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    text: str = ""
    name: str = ""
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        found = Counter(row.verdict.value for row in self.rows)
        return f"<{', '.join(f'{n} {verdict}' for verdict, n in found.items()) or 'no line'}>"

    @property
    def rows(self) -> Iterator[Row]:
        for chain in self.chains:
            yield from chain.rows

    @property
    def understood(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What was understood, in the formula language, under its titles."""
        both = {"Definitions": self.definitions, "Assumptions": self.assumptions}
        yield from ((title, found) for title, found in both.items() if found)

    @property
    def first_wrong(self) -> tuple[int, int] | None:
        """The chain and the row, counted from 1, of the first line that does not follow."""
        for n, chain in enumerate(self.chains, 1):
            for m, row in enumerate(chain.rows, 1):
                if row.verdict is Verdict.WRONG:
                    return n, m
        return None

    @property
    def status(self) -> int:
        """0: every line follows as it stands; 1: one is wrong; 3: neither, or nothing is claimed.

        What follows only if something is added may be an error of the text: it is 3.
        """
        verdicts = {row.verdict for row in self.rows if row.claims}
        if Verdict.WRONG in verdicts:
            return 1
        return 0 if verdicts == {Verdict.FOLLOWS} else 3

    def as_data(self) -> dict[str, Any]:
        """The report as plain data, as the shipped schema describes it."""
        first = self.first_wrong
        return {
            "schema": SCHEMA,
            "file": self.name or None,
            "status": self.status,
            "first_wrong": None if first is None else {"chain": first[0], "row": first[1]},
            "understood": {
                "definitions": list(self.definitions),
                "assumptions": list(self.assumptions),
            },
            "notes": list(self.notes),
            "chains": [{"rows": [row.as_data() for row in c.rows]} for c in self.chains],
        }
