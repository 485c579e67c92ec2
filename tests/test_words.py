"""Words: every rule and every sentence in every language, on every page, in every target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

import symderiv
from symderiv.documents.blocks import Chain, Page, Remarks, Sentence
from symderiv.documents.setting import CHOICES, Setting
from symderiv.documents.targets import TARGETS, write
from symderiv.documents.words.languages import TABLES, THROUGH, _flat, translated, words_of
from symderiv.face.answering import answer_named
from symderiv.mistakes import Mistake
from symderiv.rules.order import RULES

GAP = re.compile(r"\{(\w+)\}")
BOTH = sorted(TABLES)


def test_the_languages_are_those_of_the_setting() -> None:
    assert {"en", *TABLES} == set(CHOICES["language"])
    with pytest.raises(Mistake, match="language"):
        Setting(language="it")


@pytest.mark.parametrize("language", BOTH)
def test_every_rule_has_a_name(language: str) -> None:
    names = words_of(language).rules
    assert set(RULES) <= set(names)
    assert all(name.strip() for name in names.values())


@pytest.mark.parametrize("language", BOTH)
def test_every_sentence_is_there_with_its_gaps(language: str) -> None:
    tables = [table.SENTENCES for table in TABLES.values()]
    own = TABLES[language].SENTENCES
    assert set(own) == set().union(*tables)
    for english, said in own.items():
        assert sorted(GAP.findall(english)) == sorted(GAP.findall(said)), english


@pytest.mark.parametrize("language", BOTH)
def test_a_sentence_is_found_again_with_what_is_in_its_gaps(language: str) -> None:
    """A sentence with words in its gaps is said by its own row, and keeps the words."""
    words = words_of(language)
    for english, said in TABLES[language].SENTENCES.items():
        gaps = {gap: f"q{gap}7" for gap in GAP.findall(english)}
        found = words.find(english.format(**gaps))
        assert found is not None
        assert all(value in found for value in gaps.values()), english
        if not gaps:
            assert found == said


def english(page: Page) -> Iterator[tuple[str, Sentence]]:
    """What a page says: the names of rules, its headings and sentences."""
    yield "sentence", page.verdict
    for block in page.blocks:
        match block:
            case Chain():
                yield from [("sentence", block.heading)] if block.heading else []
                yield from (("rule", line.rule) for line in block.lines if line.rule)
            case Remarks() if not block.heading.startswith(("Exception", "Note")):
                yield "sentence", (block.heading,)
                yield from (("sentence", s) for s in block.sentences)


@pytest.mark.parametrize("language", BOTH)
def test_no_page_of_the_catalogue_keeps_its_english(
    language: str, catalogue_pages: Mapping[str, Page]
) -> None:
    words = words_of(language)
    for name, page in catalogue_pages.items():
        for kind, sentence in english(page):
            flat, _ = _flat(sentence)
            if not re.search("[a-z]", flat):
                continue
            several = kind == "rule" and not flat.startswith(THROUGH)
            parts = flat.split(", ") if several else re.split(r"(?<=\.) (?=[A-Z])", flat)
            for part in parts:
                assert words.find(part) is not None, (name, part)


@pytest.mark.parametrize("language", BOTH)
def test_no_network_keeps_its_english(language: str) -> None:
    words = words_of(language)
    text = "a[i] = sum(W[i,j]*x[j], j); h[i] = tanh(a[i]); z[k] = sum(V[k,i]*h[i], i); h[1]*z[y]**2"
    for loss in (text, "x**2", "z = W @ x; norm(z - y)**2"):
        for kind, sentence in english(symderiv.backprop(loss).chapter()):
            flat, _ = _flat(sentence)
            if kind == "rule" or not re.search("[a-z]", flat):
                continue
            for part in re.split(r"(?<=\.) (?=[A-Z])", flat):
                assert words.find(part) is not None, part
        for block in symderiv.backprop(loss).chapter().blocks:
            for line in block.lines if isinstance(block, Chain) else ():
                assert words.find("".join(map(str, line.rule))) is not None, line.rule


@pytest.mark.parametrize("language", BOTH)
def test_what_stands_behind_a_line_is_said_too(language: str) -> None:
    answer = answer_named("cross-entropy-soft-gradient")
    drawn = answer.page("html", language=language)
    assert f'<html lang="{language}">' in drawn
    for english_words in ("Proved for", "It rests on", "step by step", "quotient rule", "sifting"):
        assert english_words not in drawn
    assert TABLES[language].RULES["quotient-rule"] in drawn
    assert drawn.count("<math") == drawn.count('<math lang="en"')


@pytest.mark.parametrize("target", [name for name, t in TARGETS.items() if t.writer])
@pytest.mark.parametrize("language", BOTH)
def test_every_target_speaks_it(language: str, target: str) -> None:
    answer = symderiv.softmax.jacobian(k=3)
    setting = Setting(language=language, at=(1, 2, 3))
    drawn = answer.page(target, language=language, at=(1, 2, 3))
    own = TABLES[language].RULES["quotient-rule"].replace("’", "'")
    assert own in drawn.replace("’", "'")
    for said in ("quotient rule", "By cases", "All entries", "if $", "The rules are", "Each of"):
        assert said not in drawn
    assert write(answer.shown_page(setting), target, setting) == drawn


def test_formulas_and_numbers_are_the_same() -> None:
    pages = [symderiv.softmax.jacobian(k=2).shown_page(Setting(language=x)) for x in ("en", "de")]
    for one, other in zip(pages[0].blocks, pages[1].blocks, strict=True):
        if isinstance(one, Chain) and isinstance(other, Chain):
            assert one.start == other.start
            assert [x.term for x in one.lines] == [x.term for x in other.lines]


def test_english_is_as_it_was() -> None:
    page = symderiv.softmax.jacobian().shown_page(Setting())
    assert translated(page, "en") is page


def test_words_of_a_person_are_no_template() -> None:
    page = Page("The Jacobian of {x} {0} %s", (), ("At {p} \ue000.",))
    assert translated(page, "de").title == "Jacobi-Matrix: {x} {0} %s"
