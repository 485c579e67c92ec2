r"""Hearing: what the text says between its displays, definitions, facts and words about labels.

Gives `Hearing`.

Imports vector_lines.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from math import inf
from time import monotonic
from typing import Self

from symderiv.checking import plain
from symderiv.checking.context import ANYTHING, Context
from symderiv.checking.convention import CONVENTION
from symderiv.checking.givens import is_case, is_laid_down, is_solved, is_supposed
from symderiv.checking.pages import Display, Page
from symderiv.checking.rows import Said, Side, said_in, spaced
from symderiv.checking.stages import written
from symderiv.checking.state import is_index
from symderiv.checking.vector_lines import VectorLines
from symderiv.checking.verdicts import Verdict, decided
from symderiv.mistakes import Unanswered
from symderiv.patience import limited
from symderiv.reader import ReadError, scan, tree
from symderiv.reader.latex.lefts import Left
from symderiv.reader.latex.names import GREEK
from symderiv.reader.latex.survey import has_vectors, matrices
from symderiv.reader.latex.tokens import Token, is_latex, tokens
from symderiv.reader.refusal import Source

_HEADING = re.compile(r"^#{1,4} |\\(?:chapter|(?:sub)*section)\*?\s*[\[{]", re.M)
_CLASHES = (Verdict.WRONG, Verdict.UNDECIDED)  # a = b + x beside b = a + x
_NAME = re.compile(r"\s*\\?[A-Za-z]*\s*")
_EVERY = re.compile(r"\s*\(?(?:for )?(?:all|every|each|any)\b", re.I)
_TWO = re.compile(  # y_n \in \{-1, 1\}, y = \pm 1
    r"\s*\\?([A-Za-z]+)(?:_\w|_\{[\w, ]+\}|\^\{\(\w\)\})?\s*(?:=\s*\\pm\s*1|"
    r"\\in\s*\\\{(?:\\pm\s*1|\s*-1\s*,\s*\+?1|\s*\+?1\s*,\s*-1|\s*(0\s*,\s*1|1\s*,\s*0))\s*\\\})\s*"
)
_LETTERS = re.compile(r"\s*([a-z])\s*(=|\\neq?|\\not\s*=)\s*([a-z])\s*")


class Hearing(VectorLines):
    """A walk that takes in what the running text says."""

    @classmethod
    def along(cls, page: Page, macros: dict[str, tuple[int, str]], end: float = inf) -> Self:
        """A walk over a page of which the tokens are known, or which ends as it begins.

        Parameters
        ----------
        end : when the time is over; what was not looked through by then is not decided either
        """
        found: list[Token] = []
        capitals: set[str] = set()
        for text in _formulas(page):
            if monotonic() > end:
                break
            try:
                formula = tokens(Source(spaced(text)), macros, typed=False)
            except ReadError:
                continue
            found += formula
            if has_vectors(formula):
                capitals |= matrices(formula)
        return cls(page, macros, Context.over(found), capitals=frozenset(capitals), end=end)

    def hear(self, prose: str, inline: Sequence[tuple[str, int]]) -> None:
        """Take in what the running text says: definitions, facts, one-hot labels."""
        self.prose = (self.prose + prose)[-20_000:]
        self.supposed, self.here = is_supposed(prose), {}
        self.solved = is_solved(prose)
        self.context.section += len(_HEADING.findall(prose))
        self.notice(prose)
        self.look_ahead(inline, prose)

    def look_ahead(self, inline: Sequence[tuple[str, int]], prose: str = "") -> None:
        """Take in the formulas of running text, in which \0 stands for each."""
        words = prose.split("\0")
        for number, (text, at) in enumerate(inline, 1):
            if monotonic() > self.end:
                return
            with suppress(Unanswered), limited(min(self.seconds, self.end - monotonic())):
                if two := _TWO.fullmatch(text):
                    low = 0 if two[2] else -1
                    self.context.binary[GREEK.get(two[1], two[1])] = low
                    self.sayings.add(f"is {low} or 1")
                    continue
                every = _EVERY.match("".join(words[number : number + 1]))
                before = "\0".join(words[:number])
                if self.take(text, latex=True, words=before, every=bool(every)):
                    self.taken.add(at)
            if _is_equation(text):
                self.beside.add(at)

    @property
    def unchecked(self) -> list[int]:
        """Where the running text has an equation that defines nothing: it is not checked."""
        return sorted(self.beside - self.taken)

    def notice(self, prose: str) -> None:
        """Take in what the words say of labels and probabilities."""
        if re.search(r"one[- ]hot", prose, re.I):
            self.sayings |= {"one-hot", "= 1"}
        if re.search(r"sums?\s+(?:up\s+)?to\s+(?:one|1|\$1\$|\x00)", prose, re.I):
            self.sayings.add("= 1")
        if re.search(r"\b(?:binary|0 or 1)\b|\{0, ?1\}", prose, re.I):
            self.sayings.add("0 or 1")
        if re.search(r"(?<!not )(?<!non-)(?<!skew-)\bsymmetric\b", prose, re.I):
            self.sayings.add("is symmetric")
        if re.search(r"\brepeated\s+ind|\bsummation\s+convention|\bEinstein", prose, re.I):
            self.sayings.add(CONVENTION)

    def take(self, text: str, *, latex: bool = False, words: str = "", every: bool = True) -> bool:
        """Take in a definition or a fact; False for what is neither or is not read.

        Parameters
        ----------
        words : what stands before it, which may lay it down whatever was said before
        every : is it said of each index?
        """
        taken = False
        try:
            for said in (
                said_in(text, self.macros) if latex or is_latex(text) else self._typed(text)
            ):
                try:
                    taken |= self._take(text, said, words, every=every)
                except ReadError:
                    self._half_heard(Source(text, "line"), said)
                self._relate(Source(text, "line"), said)
                self._hear_of(Source(text, "line"), said)
        except (ReadError, RecursionError):
            return taken
        return taken

    def _relate(self, source: Source, said: Said) -> None:
        """Take in how the components of an array hang together, h_t = f(h_{t-1})."""
        if len(said.sides) == 2 and not said.continued and not said.vectors:
            with suppress(ReadError):
                left, right = (self._term(source, side) for side in said.sides)
                self.context.relate(left, right)

    def _hear_of(self, source: Source, said: Said) -> None:
        """Note what the text says that a function of a whole array is: softmax(z)_i, by z."""
        if len(said.sides) != 2 or said.continued or said.vectors:
            return
        first, second = said.sides
        found = None if isinstance(first, str) else self.context.whole(source, first)
        if found is None:
            return
        word, array = found
        with suppress(ReadError):
            left, right = self._term(source, first), self._term(source, second)
            calls = {scan.called(n) for n in scan.walk(right) if isinstance(n, ast.Call)}
            if array in set(scan.words([right])) and word not in calls:
                self.context.said[word] = left, right

    def _settle(self) -> None:
        """Is what the text says of functions of whole arrays what they are, softmax without a T?

        Asked once all names before a display are heard: e^{z_i}/Z is softmax by what Z is.
        """
        said, self.context.said = self.context.said, {}
        for word, (left, right) in said.items():
            with suppress(ReadError):
                if decided(self._question(left, right)).verdict in _CLASHES:
                    self.context.otherwise.add(word)

    def _half_heard(self, source: Source, said: Said) -> None:
        """Of what is defined by a formula that is not read, it is known that it is defined."""
        if len(said.sides) < 2 or said.continued:
            return
        left = self._left(source, said.sides[0])
        if left is not None and (left.letters or left.parameters) and self.context.is_new(left):
            self.context.vague[left.name] = frozenset((ANYTHING,))

    def _typed(self, text: str) -> list[Said]:
        """The statement of a line in the formula language."""
        sides = [s.strip() for s in plain.split(text)]
        return [Said([s for s in sides if s], continued=len(sides) > 1 and not sides[0])]

    def _take(self, text: str, said: Said, words: str, *, every: bool = True) -> bool:
        source = Source(text, "line")
        laid = bool(words) and is_laid_down(words)
        if words:
            self._value(said, laid=bool(laid))
        if self._is_vector(said):
            if not said.sides[1:]:
                return False
            anew = laid is not False and self._means_anew(source, said, doubtful=not laid)
            return anew or self._defines_vector(source, said) or self._vector_fact(source, said)
        if len(said.sides) == 2 and not said.continued and not said.unchecked:
            left = self._left(source, said.sides[0])
            if left is not None and is_index(left, said):
                return False
            if left is not None and left.letters and not every:
                value = _number(said.sides[1])
                if value and (left.name in self.partly or self.context.is_new(left)):
                    return self._component(left, value)
            if left is not None and self.context.is_new(left):
                if left.letters and self._fact(source, said, symmetric=True):
                    return True
                taken = self._define(source, left, said.sides[1])
                if not taken and self._as_known(source, left, said.sides[1]) in _CLASHES:
                    self.context.vague[left.name] = frozenset((ANYTHING,))
                return taken
            stage = self.context.stages.get(left.name) if left is not None else None
            if left is not None and stage is not None:
                again = stage.section == self.context.section
                told = laid is not False or is_case(words)
                other = told and self._as_known(source, left, said.sides[1])
                if other is Verdict.FOLLOWS:
                    self._say_again(left.name)
                elif other is Verdict.WRONG:
                    means = laid or bool(left.parameters and not again)
                    self.context.twice |= {left.name} if again or not laid else set()
                    return means and self._define(source, left, said.sides[1])
        return self._fact(source, said)

    def _component(self, left: Left, value: str) -> bool:
        """Take in what one component is, y_c = 1: with y one-hot, or y_i = 0 besides, y_i = δ_ic.

        Of any other y, and where c is a letter that runs, no line is wrong by what it is elsewhere.
        """
        name, (letter, *more) = left.name, left.letters
        told = self.partly.setdefault(name, {})
        told[value] = letter
        chosen = told.get("1", "i")
        besides = "one-hot" in self.sayings or told.get("0", chosen) != chosen
        if not more and besides and chosen not in frozenset("ijklmn"):
            places = [tree.name(x, 0) for x in ("i", chosen)]
            self.context.stage(replace(left, letters=("i",)), tree.call("delta", places, 0))
            self.definitions.append(self.context.stages[name].text)
            del self.partly[name]
            return True
        return False

    def _define(self, source: Source, left: Left, side: Side) -> bool:
        stages = self.context.stages
        before = {stage.text: name for name, stage in stages.items()}
        if isinstance(side, str):
            self.context.stage(left, self._term(source, side))
        elif not self.context.define(source, left, side):
            return False
        self.definitions[:] = [  # of which some waited for what they apply
            stages[name].text if (name := before.get(text, left.name)) != left.name else text
            for text in self.definitions
        ]
        if left.name in self.context.unknown:
            arguments = ", ".join(self.context.unknown[left.name])
            self.definitions.append(f"{left.name} is an unknown function of {arguments}")
        elif left.name in self.context.stages:
            self.definitions.append(self.context.stages[left.name].text)
        return True

    def _as_known(self, source: Source, left: Left, side: Side) -> Verdict:
        """Is a name what a side says, by what is known of it?  Unread: the side says nothing."""
        right = self._term(source, side, left.letters)
        if left.name in {*scan.words([right])} or not [*scan.names(right)]:
            return Verdict.UNREAD
        name = tree.name(left.name, 0)
        target = tree.component(name, [tree.name(x, 0) for x in left.letters], 0)
        try:
            return decided(self._question(target if left.letters else name, right)).verdict
        except ReadError:
            return Verdict.WRONG

    def _fact(self, source: Source, said: Said, *, symmetric: bool = False) -> bool:
        """A fact: a sum that is a number, a symmetric array, an inequality with a number."""
        if said.continued or len(said.sides) not in (1, 2):
            return False
        if len(said.sides) == 2:
            left, right = (self._term(source, s) for s in said.sides)
            shown = f"{written(left)} = {written(right)}"
            plain = isinstance(right, ast.Constant) and isinstance(left, ast.Call | ast.BinOp)
            if not (_symmetric(left, right) or (plain and not symmetric)):
                return False
        else:
            found = self._relation(source, said.sides[0])
            if found is None:
                return False
            if isinstance(found.ops[0], ast.Eq | ast.NotEq):
                return False
            shown = written(found)
        if "partial(" in shown or len(set(scan.words(_parsed(shown)))) == 0:
            return False
        if shown not in self.context.facts:
            self.context.facts.append(shown)
            self.assumptions.append(shown)
        return True

    def _relation(self, source: Source, side: Side) -> ast.Compare | None:
        if isinstance(side, str):
            found = plain.term(side)
        else:
            cursor = self.context.cursor(source, side)
            found = cursor.relation()
            if cursor.next is not None:
                return None
        return found if isinstance(found, ast.Compare) else None

    def given(self, display: Display) -> None:
        """What is said just before a display of its letters: "for $i \\neq j$"."""
        self.said, self.stated = set(), []
        for text, _ in display.inline[-2:]:
            found = _LETTERS.fullmatch(text)
            if found is not None:
                one, other = sorted((found[1], found[3]))
                self.said.add(f"{one} {'=' if found[2] == '=' else '≠'} {other}")
                sign = ast.Eq() if found[2] == "=" else ast.NotEq()
                self.stated.append(tree.compare(tree.name(one, 0), sign, tree.name(other, 0)))


def _number(side: Side) -> str:
    """The number that a side is, or ""."""
    shown = side if isinstance(side, str) else "".join(t.text for t in side)
    return shown if shown.isdigit() else ""


def _is_equation(text: str) -> bool:
    """Does it say of more than a letter what it equals?  `K = 3` gives a letter its value."""
    left, sign, right = text.partition("=")
    whole = bool(sign and right.strip()) and not left.rstrip().endswith(("!", "<", ">", "\\not"))
    return whole and not _NAME.fullmatch(left)


def _symmetric(left: ast.expr, right: ast.expr) -> bool:
    """A_ij = A_ji, or with a minus."""
    bare = right.operand if isinstance(right, ast.UnaryOp) else right
    match left, bare:
        case (
            ast.Subscript(value=ast.Name(id=a)) as one,
            ast.Subscript(value=ast.Name(id=b)) as other,
        ) if a == b:
            return sorted(map(ast.dump, scan.slots(one))) == sorted(
                map(ast.dump, scan.slots(other))
            )
    return False


def _parsed(text: str) -> list[ast.expr]:
    return [ast.parse(part.strip() or "0", mode="eval").body for part in text.split(" = ")]


def _formulas(page: Page) -> Iterator[str]:
    for display in page.displays:
        yield from (text for text, _ in display.inline)
        yield from (row.text for row in display.rows)
    yield from (text for text, _ in page.inline)
