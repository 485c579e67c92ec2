"""Words: every rule and every sentence in every language, on every page, in every target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import symderiv
from symderiv import catalogue
from symderiv.cli import run
from symderiv.derivation.routes import ROUTES
from symderiv.documents import checks as told
from symderiv.documents.blocks import Chain, Page, Remarks, Sentence
from symderiv.documents.setting import CHOICES, Setting
from symderiv.documents.targets import TARGETS, write
from symderiv.documents.words import LANGUAGES, languages
from symderiv.documents.words.languages import (
    BETWEEN,
    PARTS,
    THROUGH,
    _flat,
    _read,
    of_check,
    of_site,
    translated,
    words_of,
)
from symderiv.face.answering import answer_named
from symderiv.face.chapters import NETWORKS
from symderiv.mistakes import Mistake
from symderiv.rules.order import RULES

pytestmark = pytest.mark.usefixtures("derived_once")

GAP = re.compile(r"\{(\w+)\}")
WHOLE = ("de", "fr")  # the languages that the README promises: nothing of a page is English in them
EACH = pytest.mark.parametrize("language", WHOLE)
EVERY = pytest.mark.parametrize("language", LANGUAGES)


def test_the_languages_are_those_of_the_setting() -> None:
    assert {"en", *LANGUAGES} == set(CHOICES["language"])
    assert set(WHOLE) <= set(LANGUAGES)
    with pytest.raises(Mistake, match="language"):
        Setting(language="it")


@EVERY
def test_names_are_those_of_rules_that_there_are(language: str) -> None:
    """A rule that has no name in a language yet has its English one; most have one."""
    names = _read(language)["rules"]
    outside = {"definition", "lemma", "chain-rule", "first-derivative"}
    assert set(names) - set(RULES) <= outside
    assert all(name.strip() == name != "" for name in names.values())
    own = {name for name in RULES if not name.startswith("derivative-of-") or name in names}
    assert len(own - set(names)) <= len(own) / 20


@EVERY
def test_a_language_has_the_sentences_that_others_have(language: str) -> None:
    for part in PARTS[1:]:
        own = _read(language).get(part, {})
        known = set().union(*(_read(other).get(part, {}) for other in LANGUAGES))
        assert language not in WHOLE or len(known - set(own)) <= len(known) / 20, part
        for english, said in own.items():
            assert sorted(GAP.findall(english)) == sorted(GAP.findall(said)), english
            assert said.strip()


@pytest.mark.parametrize("text", ["{", "[]", '{"rules": []}', '{"rules": {"sifting": 1}}', "3"])
def test_a_file_that_holds_no_words_is_refused_by_name(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "es.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(languages.resources, "files", lambda _: tmp_path)
    with pytest.raises(Mistake, match=r"words/es\.json: parts with texts by texts are wanted"):
        _read("es")


@EACH
def test_a_sentence_is_found_again_with_what_is_in_its_gaps(language: str) -> None:
    """A sentence with words in its gaps is said by its own row, and keeps the words."""
    words = words_of(language)
    for english, said in _read(language)["pages"].items():
        gaps = {gap: f"q{gap}7" for gap in GAP.findall(english)}
        found = words.find(english.format(**gaps))
        assert found is not None
        assert all(value in found for value in gaps.values()), english
        if not gaps:
            assert found.replace("\u00a0", " ") == said


def english(page: Page) -> Iterator[tuple[str, Sentence]]:
    """What a page says: the names of rules, its headings and sentences."""
    yield "sentence", page.verdict
    for block in page.blocks:
        match block:
            case Chain():
                yield from [("sentence", block.heading)] if block.heading else []
                yield from (("rule", line.rule) for line in block.lines if line.rule)
            case Remarks():
                yield "sentence", (block.heading,)
                yield from (("sentence", s) for s in block.sentences)


@EACH
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
            parts = flat.split(", ") if several else re.split(BETWEEN, flat)
            for part in parts:
                assert words.find(part) is not None, (name, part)


@EACH
def test_no_network_keeps_its_english(language: str) -> None:
    words = words_of(language)
    text = "a[i] = sum(W[i,j]*x[j], j); h[i] = tanh(a[i]); z[k] = sum(V[k,i]*h[i], i); h[1]*z[y]**2"
    for loss in (text, "x", "x**2", "z = W @ x; norm(z - y)**2"):
        for kind, sentence in english(symderiv.backprop(loss).chapter()):
            flat, _ = _flat(sentence)
            if kind == "rule" or not re.search("[a-z]", flat):
                continue
            for part in re.split(BETWEEN, flat):
                assert words.find(part) is not None, part
        for block in symderiv.backprop(loss).chapter().blocks:
            for line in block.lines if isinstance(block, Chain) else ():
                assert words.find("".join(map(str, line.rule))) is not None, line.rule


@EACH
def test_what_stands_behind_a_line_is_said_too(language: str) -> None:
    answer = answer_named("cross-entropy-soft-gradient")
    drawn = answer.page("html", language=language)
    assert f'<html lang="{language}">' in drawn
    for english_words in ("Proved for", "It rests on", "step by step", "quotient rule", "sifting"):
        assert english_words not in drawn
    assert _read(language)["rules"]["quotient-rule"] in drawn
    assert drawn.count("<math") == drawn.count('<math lang="en"')


@pytest.mark.parametrize("target", [name for name, t in TARGETS.items() if t.writer])
@EACH
def test_every_target_speaks_it(language: str, target: str) -> None:
    answer = symderiv.softmax.jacobian(k=3)
    setting = Setting(language=language, at=(1, 2, 3))
    drawn = answer.page(target, language=language, at=(1, 2, 3))
    own = _read(language)["rules"]["quotient-rule"].replace("’", "'")
    assert own in drawn.replace("’", "'")
    for said in ("quotient rule", "By cases", "All entries", "if $", "The rules are", "Each of"):
        assert said not in drawn
    assert write(answer.shown_page(setting), target, setting) == drawn


# What is written alike in English and in the language, names of people and of functions among it.
ALIKE = {
    "de": "LaTeX Kronecker In in hot exp sum cosh GELU SiLU Kullback Leibler",
    "fr": "page LaTeX variables variable points constant quotient fraction fractions notation "
    "Kronecker Exception Exceptions Gradients Adjoints softmax softplus log scores one hot sum exp "
    "activations Iverson GELU SiLU Kullback Leibler divergence Frobenius trace normalisation on "
    "cosh factorisation action maximum minimum indices base part",
}
BESIDE = [  # what the catalogue has no page of: exceptions, notes, verdicts that are no proof
    ("relu(x)*abs(x) + cbrt(x + 1)", "x", "0"),
    ("max(x[i], i) + min(x[i]**2, i)", "x[j]", "x[j]"),
    ("max(a, b, c)*sqrt(a)", "a", "2"),
    ("where(x > 0, x**2, -x)", "x", "x"),
    ("prod(x[k], k) + a*N", "x[j]", "prod(x[k], k)/x[j]"),
    ("sum(x[n], n)/N + e", "x[m]", "1/N"),
    ("-sum(y[i]*log(softmax(z)[i]), i)", "z[j]", "softmax(z)[j] - y[j]"),
    ("h[t] = w*h[t-1] + x[t]; h[0] = 0; sum(h[t]**2, t)", "x[s]", "2*h[s]"),
    ("h[t] = w*h[t-1] + x[t]; h[0] = 0; sum(h[t]**2, t)", "x[s]", "sum(2*h[t]*w**(t-s), (t,s,T))"),
    ("atan(x) + atan(1/x)", "x", "0"),
]


class Seen(HTMLParser):
    """What a person reads of a page that is no formula and no source."""

    APART = ("math", "style", "code", "script", "svg")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.apart, self.text = 0, list[str]()
        self.feed(page)
        self.words = {*re.findall(r"[^\W\d_²]{2,}", " ".join(self.text))}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.apart += tag in self.APART
        given = dict(attrs)
        if given.get("role") != "math":
            self.text.append(given.get("aria-label") or "")

    def handle_endtag(self, tag: str) -> None:
        self.apart -= tag in self.APART

    def handle_data(self, data: str) -> None:
        self.text += [data] * (not self.apart)


@pytest.fixture(scope="module")
def english_pages(catalogue_pages: Mapping[str, Page]) -> Mapping[str, tuple[Page, Seen]]:
    pages = dict(catalogue_pages)
    for formula, by, claim in BESIDE:
        answer = symderiv.derive(formula, wrt=by, claim=claim)
        pages[f"{formula} {claim}"] = answer.shown_page(Setting())
    for network in NETWORKS[:3]:
        made = symderiv.backprop(network.text, data=network.data)
        pages[network.name] = replace(made.chapter(), title=network.title)
    for route in ("chain", "log"):
        answer = symderiv.gradient("cross-entropy", route=route)
        pages[route] = answer.shown_page(Setting())
    return {name: (page, Seen(write(page, "html"))) for name, page in pages.items()}


@EACH
def test_no_english_word_is_left_on_a_page(
    language: str, english_pages: Mapping[str, tuple[Page, Seen]]
) -> None:
    alike = {*ALIKE[language].split(), "Attention"}
    for name, (page, seen) in english_pages.items():
        drawn = write(translated(page, language), "html", Setting(language=language))
        left = (Seen(drawn).words & seen.words) - alike
        assert not left, (name, left)


OWN = {"Let", "where", "By", "cases", "if", "by", "The", "rules", "are"}  # of writers


@pytest.mark.parametrize(
    ("target", "more"),
    [
        ("text", {}),
        ("latex", {}),
        ("latex", {"beamer": True}),
        ("latex", {"rules": "overset"}),
        ("markdown", {}),
        ("github", {}),
        ("typst", {}),
    ],
)
@EACH
def test_no_english_word_is_left_in_a_target(
    language: str, target: str, more: dict[str, Any], some_pages: Mapping[str, tuple[Page, Seen]]
) -> None:
    """But for what formulas are to those who hear them, which is English and stands in quotes."""
    for name, (page, seen) in some_pages.items():
        setting = Setting(language=language, **more)
        whole = write(translated(page, language), target, setting)
        body = whole.partition("\n= ")[2] if target == "typst" else whole  # after its own rules
        drawn = re.sub(r'"[^"]*"', "", body)
        words = {*re.findall(r"(?<![\\#\w{.-])[A-Za-z]{2,}(?![\w(}:=.*-])", drawn)}
        left = words & (seen.words | OWN) - {*ALIKE[language].split()}
        assert not left, (name, left)


@pytest.fixture(scope="module")
def some_pages() -> Mapping[str, tuple[Page, Seen]]:
    made = {
        "softmax": symderiv.softmax.jacobian(k=3).shown_page(Setting(at=(1, 2, 3), detail="full")),
        "hinge": symderiv.gradient("hinge").shown_page(Setting()),
        "soft": symderiv.gradient("cross-entropy", soft=True).shown_page(Setting(detail="full")),
        "network": symderiv.backprop("h = relu(W @ x); norm(h - y)**2", data=("x", "y")).chapter(),
    }
    return {name: (page, Seen(write(page, "html"))) for name, page in made.items()}


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


CHECKED = r"""
Let $p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$ and $L = -\sum_i y_i \log p_i$, so $p_i = q_i$.
$$ \frac{\partial L}{\partial z_j} = -\sum_i \frac{y_i}{p_i} \frac{\partial p_i}{\partial z_j}
 \\ = -\sum_i y_i (\delta_{ij} + p_j) \\ = p_j - y_j $$
$$ \frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j) $$
$$ \frac{\partial L}{\partial z_j} = p_j - y_j $$
$$ \mathbb{E}[x] = x_1 $$
$$ x^2 - 3 x = 0 $$
$$ \frac{\partial}{\partial x} x^2 = x $$
$$ \theta \leftarrow \theta - 2 $$
$$ \frac{\partial}{\partial x} \sin(x^2) = \cos(x^2) $$
"""


@EACH
def test_what_check_says_is_said_in_every_language(language: str) -> None:
    report = symderiv.check(CHECKED, name="a.md")
    words = of_check(language)
    clauses = [c for row in report.rows for c in told.said(row)]
    assert {c.split(":")[0].split(" ")[0] for c in clauses} >= {
        "follows",
        "does",
        "at",
        "undecided",
    }
    assert report.notes
    for clause in (*clauses, *report.notes):
        found = words.find(clause)
        assert found is not None, clause
        for number in re.findall(r"[0-9.]+[0-9]", clause):
            assert number in found
    assert words.find(told.summary(report).split(",")[0]) is not None


UNDECIDED = [
    r"$$a \approx b$$",
    r"$$a \le b$$",
    r"$$x \mapsto x^2$$",
    r"$$x \in A$$",
    r"Let $f(x) = x^2$. Now $$f(x) = x^3$$ $$f'(x) = 3 x^2$$",
    r"$$\sigma(z_i) = e^{z_i}/\sum_k e^{z_k}$$ $$\frac{\partial}{\partial x} e^x = e^x \ln e$$",
    r"Let $V = r + g V$. $$V = r/(1 - g)$$",
    r"$$m_j = 1 \text{ for } j \le i$$ $$\sum_j m_j x_j = \sum_j x_j$$",
    r"$$\operatorname{softplus}(x) = \log(1 + e^{2x})$$",
    r"Let $y \in \{0, 1\}$. $$y^2 = y$$",
    r"$$\log x^2 = 2 \log x$$",
    r"$$\sum_{i=0}^{n-1} x_i = \sum_{i=1}^n x_{i-1}$$",
]


@EACH
@pytest.mark.parametrize("text", UNDECIDED)
def test_what_check_leaves_open_is_said_in_every_language(text: str, language: str) -> None:
    words = of_check(language)
    for clause in (c for row in symderiv.check(text).rows for c in told.said(row)):
        assert words.find(clause) is not None, clause
        if "only its form is read" not in clause:  # what the reader says is English
            left = {*re.findall(r"[^\W\d_]{4,}", words.say(clause))}
            assert not left & {*re.findall("[a-z]{4,}", clause)} - {"softplus", "exact"}


def test_check_speaks_in_every_target(tmp_path: Path) -> None:
    text = tmp_path / "a.md"
    text.write_text(CHECKED, encoding="utf-8")
    english = ("does not follow", "undecided", "a difference of", "Definitions", "of 8 lines")
    for suffix in ("txt", "md", "html"):
        out = tmp_path / f"b.{suffix}"
        kind = ["-f", "markdown"] if suffix == "md" else []
        assert run(["check", str(text), "--language", "fr", "-o", str(out), *kind]) == 1
        drawn = out.read_text(encoding="utf-8")
        assert "ne s’ensuit pas" in drawn
        assert not [words for words in english if words in drawn]
        assert ('<html lang="fr">' in drawn) == (suffix == "html")


@EACH
def test_the_site_has_its_titles_in_every_language(language: str) -> None:
    words = of_site(language)
    titles = [*catalogue.subjects(), *(network.title for network in NETWORKS)]
    titles += [f"The Jacobian of softmax, {route.title}" for route in ROUTES.values()]
    titles += ["The Jacobian of softmax at K = 3", "proved for every K and M", "5 stages, 7 edges"]
    for title in titles:
        found = words.find(title)
        assert found is not None, title
        assert found != title or title == "Attention"
        assert "The Jacobian" not in found
