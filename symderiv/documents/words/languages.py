"""Languages: a page with its sentences in one of them.

Gives `Words`, `words_of`, `of_check`, `of_site` and `translated`.  A sentence is found by its
English, whose gaps hold what is particular: formulas, numbers, names, or a sentence again.  One
that a table lacks stays English, and a test says so.

Floor 4: imports the blocks, the rules, the functions of one number and the catalogue (their files
have their titles in every language).

To add a language: see the room's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from sympy.core.basic import Basic

from symderiv import late
from symderiv.catalogue import functions
from symderiv.documents.blocks import (
    Applied,
    Block,
    Cases,
    Chain,
    Line,
    Numbers,
    Opened,
    Page,
    Remarks,
    Sentence,
)
from symderiv.documents.words import LANGUAGES
from symderiv.elementwise import FUNCTIONS
from symderiv.mistakes import Mistake
from symderiv.records import dataclass
from symderiv.rules.order import RULES

if TYPE_CHECKING:
    import json
    from importlib import resources
else:
    json = late.module("json")
    resources = late.module("importlib.resources")

PARTS = ("rules", "pages", "check", "site")  # of a language's file, and "spaces"
_GAP = re.compile(r"\{(\w+)\}")
THROUGH = "through "  # how a line of a network begins, whose commas part no rules
BETWEEN = r"(?<=\.) (?=[A-Z0-9])"  # two sentences
_TERM = 0xE000  # where a formula stands in a sentence, as a character of its own


@dataclass(frozen=True)
class Words:
    """The words of a language: of rules by identifier, of sentences by their English."""

    language: str
    rules: Mapping[str, str]
    sentences: Mapping[str, str]

    @property
    def colon(self) -> str:
        """A colon as it stands after a word."""
        spaces = _read(self.language).get("spaces", {}) if self.language in LANGUAGES else {}
        return _spaced(" :", spaces).lstrip(" ")

    @cached_property
    def _names(self) -> dict[str, str]:
        return {RULES[i].name: name for i, name in self.rules.items() if i in RULES}

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Those with gaps, the longest first: what is said most exactly."""
        gapped = [(e, own) for e, own in self.sentences.items() if _GAP.search(e)]
        gapped.sort(key=lambda pair: -len(_GAP.sub("", pair[0])))
        return [(_pattern(english), own) for english, own in gapped]

    def say(self, english: str) -> str:
        """A sentence, or the name of a rule; as it is where it is not known."""
        return self.find(english) or english

    def find(self, english: str) -> str | None:
        """The same, or None where it is not known."""
        found = self.sentences.get(english) or self._names.get(english)
        if found is not None:
            return found
        for pattern, own in self._patterns:
            if match := pattern.fullmatch(english):
                return own.format(**{gap: self._inner(v) for gap, v in match.groupdict().items()})
        return None

    def _inner(self, part: str) -> str:
        """What stands in a gap: a saying, the name of a rule, or several, one after the other."""
        found = self.find(part)
        if found is not None:
            return found
        together = self.sentences.get("and", "and")
        for mark, own in (("; ", "; "), (", ", ", "), (" and ", f" {together} ")):
            if mark in part:
                return own.join(map(self._inner, part.split(mark)))
        return part

    def rule(self, label: Sentence) -> Sentence:
        """The names of the rules of a line, each by itself."""
        flat, terms = _flat(label)
        if flat.startswith(THROUGH):
            return _open(self.say(flat), terms)
        return _open(", ".join(map(self.say, flat.split(", "))), terms)

    def sentence(self, sentence: Sentence) -> Sentence:
        """A sentence with formulas in it."""
        flat, terms = _flat(sentence)
        parts = re.split(BETWEEN, flat)
        return _open(" ".join(map(self.say, parts)), terms)


def _pattern(english: str) -> re.Pattern[str]:
    parts = _GAP.split(english)
    regex = "".join(
        f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)
    )
    return re.compile(regex, re.S)


def _flat(sentence: Sentence) -> tuple[str, list[Basic]]:
    """Words alone, each formula as a character; and the formulas."""
    terms = [part for part in sentence if not isinstance(part, str)]
    places = iter(range(len(terms)))
    flat = "".join(p if isinstance(p, str) else chr(_TERM + next(places)) for p in sentence)
    return flat, terms


def _open(flat: str, terms: Sequence[Basic]) -> Sentence:
    """The words with the formulas back in their places."""
    out: list[str | Basic] = []
    for part in re.split(f"([{chr(_TERM)}-{chr(_TERM + 0x7FF)}])", flat):
        if len(part) == 1 and 0 <= ord(part) - _TERM < len(terms):
            out.append(terms[ord(part) - _TERM])
        elif part:
            out.append(part)
    return tuple(out)


@lru_cache(maxsize=8)
def words_of(language: str) -> Words:
    """The words of a language; English has none of its own."""
    if language not in LANGUAGES:
        return Words(language, {}, {"and": "and"})
    own = _table(language)
    derivatives = {
        f"derivative-of-{name}": entry.titles[language]
        for name, entry in FUNCTIONS.items()
        if language in entry.titles
    }
    called = {f.called: f.titles[language] for f in functions().values() if language in f.titles}
    sentences = {**own["check"], **called, **own["pages"]}
    return Words(language, {**derivatives, **own["rules"]}, sentences)


@lru_cache(maxsize=8)
def of_check(language: str) -> Words:
    """The words of the report on somebody else's derivation."""
    said = _table(language)["check"] if language in LANGUAGES else {}
    return Words(language, {}, {"and": "and", **said})


@lru_cache(maxsize=8)
def of_site(language: str) -> Words:
    """The words of the site, which has those of a page besides."""
    own = words_of(language)
    said = _table(language)["site"] if language in LANGUAGES else {}
    return Words(language, own.rules, {**own.sentences, **said})


@lru_cache(maxsize=8)
def _table(language: str) -> Mapping[str, Mapping[str, str]]:
    """The file of a language, a part that it lacks empty."""
    read = _read(language)
    spaces = read.get("spaces", {})
    return {
        part: {e: _spaced(own, spaces) for e, own in read.get(part, {}).items()} for part in PARTS
    }


@lru_cache(maxsize=8)
def _read(language: str) -> dict[str, dict[str, str]]:
    file = resources.files(__package__) / f"{language}.json"
    try:
        read: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
        whole = all(isinstance(own, str) for part in read.values() for own in part.values())
    except (ValueError, AttributeError):
        whole = False
    if not whole:
        raise Mistake(f"documents/words/{language}.json: parts with texts by texts are wanted")
    return read


def _spaced(said: str, spaces: Mapping[str, str]) -> str:
    """What is said, no line of it ending within "juste : oui": French has a space before a colon.

    >>> _spaced("a : b", {"before": ":", "after": "«"})
    'a\\xa0: b'
    """
    for mark in spaces.get("before", ""):
        said = said.replace(f" {mark}", f"\u00a0{mark}")
    for mark in spaces.get("after", ""):
        said = said.replace(f"{mark} ", f"{mark}\u00a0")
    return said


def translated(page: Page, language: str) -> Page:
    """The page with its sentences and the names of its rules in a language."""
    if language not in LANGUAGES:
        return page
    words = words_of(language)
    blocks = tuple(_block(block, words) for block in page.blocks)
    return replace(
        page, title=words.say(page.title), blocks=blocks, verdict=words.sentence(page.verdict)
    )


def _block(block: Block, words: Words) -> Block:
    match block:
        case Chain():
            return _chain(block, words)
        case Remarks():
            said = tuple(map(words.sentence, block.sentences))
            return replace(block, heading=words.say(block.heading), sentences=said)
        case Numbers():
            return replace(block, heading=words.sentence(block.heading))
        case Cases():
            rows = tuple((v, c if isinstance(c, Basic) else words.say(c)) for v, c in block.rows)
            return replace(block, rows=rows)
    return block


def _chain(chain: Chain, words: Words) -> Chain:
    lines = tuple(_line(line, words) for line in chain.lines)
    return replace(chain, heading=words.sentence(chain.heading), lines=lines)


def _line(line: Line, words: Words) -> Line:
    made = line.opened
    behind = None if made is None else (lambda: _opened(made(), words))
    return replace(line, rule=words.rule(line.rule), opened=behind, doubt=words.say(line.doubt))


def _opened(opened: Opened, words: Words) -> Opened:
    return Opened(
        tuple(_applied(applied, words) for applied in opened.applied),
        tuple((words.rule(rule), term) for rule, term in opened.between),
        tuple(_chain(lemma, words) for lemma in opened.lemmas),
        words.sentence(opened.verdict),
    )


def _applied(applied: Applied, words: Words) -> Applied:
    own = words.rules.get(applied.identifier)
    return replace(applied, name=(own,) if own else words.rule(applied.name))
