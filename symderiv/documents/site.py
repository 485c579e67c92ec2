"""The site: every derivation as a page of HTML, one for every rule, and an index with search.

Gives `site_of`, all files by name.  Each is whole in itself; the index has a script for its search
and shows everything without it.

Floor 4: imports the catalogue's derivations, the book, the writer of HTML and the rules.

To add a kind of page: its files in `site_of`, and its section in `_index`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from html import escape
from importlib import resources

from sympy import Expr

from symderiv.derivation import Derivation
from symderiv.documents.blocks import Chain, Page
from symderiv.documents.book import SITE, Chapter
from symderiv.documents.elements import bracketed, document
from symderiv.documents.html import HtmlWriter
from symderiv.documents.presentation import present
from symderiv.documents.setting import Setting
from symderiv.documents.verdicts import in_short
from symderiv.documents.words.languages import Words, of_site, translated
from symderiv.printers.laws import law
from symderiv.printers.mathml import element
from symderiv.printers.text import text
from symderiv.records import dataclass
from symderiv.rules.order import RULES
from symderiv.rules.registry import Law, Rule

INDEX = "Derivations"


@dataclass(frozen=True)
class Subject:
    """A part of the index: its title, and the names that those of its derivations begin with."""

    title: str
    names: tuple[str, ...]

    def holds(self, name: str) -> bool:
        """Is the derivation one of these, or one of them by another route or at a size?"""
        return any(name == own or name.startswith(f"{own}-") for own in self.names)


@dataclass
class _Site:
    """What pages say of each other."""

    derivations: tuple[Derivation | Chapter, ...]
    language: str = "en"
    told: dict[tuple[Expr, Expr], Derivation] = field(default_factory=dict)
    used: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for d in self.derivations:
            if isinstance(d, Derivation) and not d.sizes:
                self.told.setdefault((d.statement, d.answer), d)
                for identifier in dict.fromkeys(i for step in d.steps for i in step.identifiers):
                    self.used.setdefault(identifier, []).append((d.name, d.title))

    @property
    def words(self) -> Words:
        """The words of the language that the site is in."""
        return of_site(self.language)

    def say(self, english: str) -> str:
        """A saying of the site, as HTML takes it."""
        return escape(self.words.say(english))

    def document(self, title: str, body: str, script: str = "", *, within: bool = True) -> str:
        """A file of the site; one `within` it has the way back to the index."""
        index = f'<a href="index.html">{self.say(INDEX)}</a>'
        crumbs = f'<nav class="crumbs" aria-label="{self.say("Site")}">{index}</nav>\n'
        whole = crumbs * within + body
        return document(title, whole, SITE.command, script, language=self.language)

    def rule(self, rule: Rule) -> str:
        """What a rule is called."""
        return self.words.rules.get(rule.identifier, rule.name)

    def writer(self, shown: Derivation | Chapter) -> HtmlWriter:
        """The writer of a page, which knows the pages of its rules and lemmas."""

        def lemma(chain: Chain) -> str:
            answer = chain.lines[-1].term if chain.lines else chain.start
            found = self.told.get((chain.start, answer))
            same = found is not None and found is not shown and _same_definitions(found, shown)
            return f"{found.name}.html" if found is not None and same else ""

        return HtmlWriter(Setting(language=self.language), _address, lemma)


def _same_definitions(found: Derivation, shown: Derivation | Chapter) -> bool:
    """Are the named quantities of a lemma's page those of the page that cites it?"""
    if not isinstance(shown, Derivation):
        return False
    own = {(s.quantity, s.body) for s in shown.problem.stages}
    return all((s.quantity, s.body) in own for s in found.problem.stages)


def _address(rule: str) -> str:
    return f"rule-{rule}.html" if rule in RULES else ""


def site_of(
    derivations: Iterable[Derivation | Chapter], subjects: Sequence[Subject], language: str = "en"
) -> dict[str, str]:
    """Everything that the site holds, by file name."""
    site = _Site(tuple(derivations), language)
    files = {f"{d.name}.html": _page(site, d) for d in site.derivations}
    for rule in RULES.values():
        files[f"rule-{rule.identifier}.html"] = _rule_page(site, rule)
    files[SITE.index] = _index(site, subjects)
    return files


def _page(site: _Site, derivation: Derivation | Chapter) -> str:
    page: Page = (
        translated(derivation.page, site.language)
        if isinstance(derivation, Chapter)
        else present(derivation, Setting(language=site.language), pictures=True)
    )
    page = replace(page, title=site.words.say(derivation.title))
    writer = site.writer(derivation)
    body = writer.BETWEEN.join(writer.parts(page))
    return site.document(page.title, writer.article(page, body))


def _rule_page(site: _Site, rule: Rule) -> str:
    name = site.rule(rule)
    title = name[:1].upper() + name[1:]
    parts = [f"<h1>{escape(title)}</h1>"]
    writer = HtmlWriter(Setting(language=site.language))
    parts += [writer.law((each.identity,)) for each in rule.laws]
    if rule.examples:
        parts.append(f"<h2>{site.say('Examples')}</h2>")
        parts += [writer.law((each.identity,)) for each in rule.examples]
    pages = site.used.get(rule.identifier, [])
    parts.append(f"<h2>{site.say('Where it is used')}</h2>")
    items = (f'<li><a href="{n}.html">{site.say(t)}</a></li>' for n, t in pages)
    none = f"<p>{site.say('In no derivation of the catalogue.')}</p>"
    parts.append(f'<ul class="remarks">{"".join(items)}</ul>' if pages else none)
    parts.append(f'<p class="verdict">{site.say(PROVED)}</p>' if rule.laws else "")
    body = "\n".join(parts)
    return site.document(title, f"<main>\n{body}\n</main>")


PROVED = "The law is proved by the judge, with unknown functions in it."


def _formula(first: Law) -> str:
    said = (first.identity,)
    return element(law(said, "mathml"), law(said, "speech"))


def _index(site: _Site, subjects: Sequence[Subject]) -> str:
    sections = []
    for subject in subjects:
        rows = [
            _row(site, d)
            for d in site.derivations
            if isinstance(d, Derivation) and subject.holds(d.name)
        ]
        heads = ("derivation", "closed form", "verdict")
        sections.append(_section(site, subject.title, heads, rows))
    networks = [
        _cells(
            (f'<a href="{d.name}.html">{site.say(d.title)}</a>', site.say(d.about)),
            site.words.say(d.title),
        )
        for d in site.derivations
        if isinstance(d, Chapter)
    ]
    sections.append(_section(site, "Networks", ("network", "size"), networks))
    rules = [
        _cells(
            (
                f'<a href="{_address(r.identifier)}">{escape(site.rule(r))}</a>',
                _formula(r.laws[0]) if r.laws else "",
                str(len(site.used.get(r.identifier, []))),
            ),
            site.rule(r),
        )
        for r in RULES.values()
    ]
    sections.append(_section(site, "Rules", ("rule", "law", "pages"), rules))
    search = (
        f'<div class="search" hidden><label for="search">{site.say("Search")}</label>\n'
        '<input type="search" id="search" autocomplete="off">\n'
        '<p id="count" class="label" role="status"></p></div>'
    )
    title = site.say(INDEX)
    body = f"<main>\n<h1>{title}</h1>\n{search}\n" + "\n".join(sections) + "\n</main>"
    script = resources.files("symderiv.documents").joinpath("site.js").read_text(encoding="utf-8")
    return site.document(site.words.say(INDEX), body, script, within=False)


def _row(site: _Site, derivation: Derivation) -> str:
    writer = site.writer(derivation)
    title = site.words.say(derivation.title)
    link = f'<a href="{derivation.name}.html">{escape(title)}</a>'
    rows = derivation.rows or ((derivation.answer,),)
    answers = [answer for row in rows for answer in row]
    cells = [list(map(writer.printer.spelled, row)) for row in rows]
    said = "; ".join(map(writer.voice.spelled, answers))
    shown = element(bracketed(cells) if len(answers) > 1 else cells[0][0], said)
    strength, scope = in_short(derivation)
    verdict = writer.sentence(site.words.sentence((strength, *scope)))
    words = f"{title} {derivation.name} {' '.join(map(text, answers))}"
    return _cells((link, shown, verdict), words)


def _cells(cells: Sequence[str], words: str) -> str:
    drawn = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr data-words="{escape(words.lower())}">{drawn}</tr>'


def _section(site: _Site, english: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    if not rows:
        return ""
    title = site.say(english)
    head = "".join(f'<th scope="col">{site.say(each)}</th>' for each in heads)
    body = "\n".join(rows)
    return (
        f"<section>\n<h2>{title}</h2>\n"
        f'<div class="table" tabindex="0" role="group" aria-label="{title}">'
        f"<table>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table></div>\n</section>"
    )
