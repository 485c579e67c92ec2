"""Writers: what every target must be able to draw.

Gives `Writer`, which goes through the blocks of a page.

Floor 4: imports the blocks and the setting.

To add a target: subclass `Writer`, draw each block, and name it in `targets.TARGETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from sympy.core.basic import Basic

from symderiv.documents.blocks import (
    Cases,
    Chain,
    Matrix,
    Numbers,
    Page,
    Picture,
    Remarks,
    Sentence,
    Values,
    Where,
)
from symderiv.documents.setting import Setting
from symderiv.documents.words.languages import words_of
from symderiv.printers.faces import Drawn

Places = list[int | None]  # rows or columns, from 1; None stands for the dots


class Writer:
    """Goes through a page block by block."""

    BETWEEN = "\n\n"
    DRAWS = False  # can the target hold a picture?
    MOST = 10  # rows and columns of a matrix that are shown

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        words = words_of(setting.language)
        self.own = words.say  # the few words that a target adds
        self.colon = words.colon

    def write(self, page: Page) -> str:
        """The whole page."""
        self.draw(page.drawn)
        return self.framed(page, self.BETWEEN.join(self.parts(page)))

    def draw(self, drawn: Drawn) -> None:
        """Set names as that says; a target of plain text has no faces."""

    def parts(self, page: Page) -> Iterable[str]:
        """The blocks, drawn, and the verdict."""
        for block in page.blocks:
            match block:
                case Where():
                    yield self.where(block)
                case Chain():
                    yield self.chain(block)
                case Cases():
                    yield self.cases(block)
                case Matrix():
                    yield self.matrix(block)
                case Numbers():
                    yield self.numbers(block)
                case Remarks():
                    yield self.remarks(block)
                case Picture() if self.DRAWS:
                    yield self.picture(block)
        if not self.setting.no_verdict:
            yield self.verdict(page.verdict)

    def framed(self, page: Page, body: str) -> str:
        """The body with the title above it and whatever the target needs round it."""
        raise NotImplementedError

    def where(self, block: Where) -> str:
        """Definitions."""
        raise NotImplementedError

    def chain(self, block: Chain) -> str:
        """Aligned lines."""
        raise NotImplementedError

    def cases(self, block: Cases) -> str:
        """A term by cases."""
        raise NotImplementedError

    def matrix(self, block: Matrix) -> str:
        """A matrix."""
        raise NotImplementedError

    def numbers(self, block: Numbers) -> str:
        """Values."""
        raise NotImplementedError

    def remarks(self, block: Remarks) -> str:
        """Sentences under a heading."""
        raise NotImplementedError

    def picture(self, block: Picture) -> str:
        """A picture (only where DRAWS)."""
        raise NotImplementedError

    def verdict(self, sentence: Sentence) -> str:
        """The foot of the page."""
        raise NotImplementedError

    def words(self, text: str) -> str:
        """Plain words, escaped for the target."""
        raise NotImplementedError

    def inline(self, term: Basic) -> str:
        """A formula within a sentence."""
        raise NotImplementedError

    def sentence(self, parts: Sentence) -> str:
        """Words and formulas."""
        return "".join(self.words(p) if isinstance(p, str) else self.inline(p) for p in parts)

    def places(
        self, block: Matrix, fits: Callable[[Places, Places], bool]
    ) -> tuple[Places, Places]:
        """The rows and the columns of a matrix that are shown: fewer, until they fit."""
        full = self.setting.full
        most = max(block.height, block.width) if full else self.MOST
        while True:
            down, across = (shown_indices(n, most, full=full) for n in (block.height, block.width))
            if full or most <= 3 or fits(down, across):
                return down, across
            most = min(most, len(across)) - 1


def said_of(block: Matrix, down: Places, across: Places, say: Callable[[Basic], str]) -> str:
    """The entries of a matrix in words, row by row."""
    return "; ".join(
        f"row {a}: " + ", ".join(say(block.entry(a, b)) for b in across if b) for a in down if a
    )


def shown_indices(count: int, most: int, *, full: bool) -> Places:
    """The rows or columns that are shown; None stands for the dots.

    >>> shown_indices(5, 6, full=False)
    [1, 2, 3, 4, 5]
    >>> shown_indices(100, 6, full=False)
    [1, 2, 3, None, 100]
    """
    if full or count <= most:
        return list(range(1, count + 1))
    return [*range(1, min(3, most - 1) + 1), None, count]


def letters(count: int) -> Sequence[str]:
    """(a), (b), …, (z), (aa), …: the marks of rules listed below.

    >>> letters(3)
    ['a', 'b', 'c']
    """
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return [(alphabet[n // 26 - 1] if n >= 26 else "") + alphabet[n % 26] for n in range(count)]


def digits(values: Sequence[float]) -> list[str]:
    """Values as they are printed beside each other: as many decimals each, where that reads well.

    >>> digits([1.0, 2.0]), digits([0.09003057317, -0.5]), digits([1.0, 4.1e-13])
    (['1', '2'], ['0.090031', '-0.500000'], ['1', '4.1e-13'])
    """
    if all(float(v).is_integer() and abs(v) < 1e6 for v in values):
        return [f"{v + 0.0:.0f}" for v in values]
    if all(v == 0 or 1e-4 <= abs(v) < 1e5 for v in values):
        return [f"{v + 0.0:.6f}" for v in values]
    return [f"{v + 0.0:.6g}" for v in values]


def rows_of(values: Values) -> tuple[tuple[float, ...], ...]:
    """A number, a vector or a matrix as rows."""
    if not isinstance(values, tuple):
        return ((values,),)
    if values and isinstance(values[0], tuple):
        return values
    return (cast("tuple[float, ...]", values),)


def columns_of(rows: Sequence[Sequence[float]]) -> list[list[str]]:
    """The entries of a matrix as they are printed, alike in digits."""
    printed = digits([v for row in rows for v in row])
    width = len(rows[0])
    return [printed[n : n + width] for n in range(0, len(printed), width)]
