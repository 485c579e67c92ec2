"""Checked: the report on somebody else's derivation as one page of HTML.

Gives `page_of_reports`.  A line that does not follow is open, with its counterexample and its mend;
the others open to what was read and what is said of them.

Floor 4: imports the report, the writer of HTML and the reader, which reads what was understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from symderiv.checking.report import Report, Row
from symderiv.checking.verdicts import Verdict
from symderiv.documents.elements import document
from symderiv.documents.html import HtmlWriter
from symderiv.documents.setting import Setting
from symderiv.mistakes import SymderivError
from symderiv.reader.identities import read_identity

KINDS = {
    Verdict.FOLLOWS: ("good", "follows"),
    Verdict.FOLLOWS_IF: ("doubt", "follows if something is added"),
    Verdict.UNDECIDED: ("doubt", "undecided"),
    Verdict.UNREAD: ("label", "not read"),
    Verdict.WRONG: ("bad", "does not follow"),
}
TITLE, AS_WRITTEN = "A derivation, checked", "as it was written"
_PARTIAL = re.compile(r"\bpartial\(")  # a derivative, as the report spells it
Clauses = Callable[[Row], Iterable[str]]
Say = Callable[[str], str]


def page_of_reports(
    reports: Sequence[Report],
    said: Clauses,
    summary: Callable[[Report], str],
    say: Say,
    language: str = "en",
) -> str:
    """One page of every report, the wrong lines open.

    Parameters
    ----------
    said : what is said of a row, a clause each
    summary : what was found, in one sentence
    say : a saying in the language
    """
    writer = HtmlWriter(Setting(language=language))
    parts = [f"<h1>{say(TITLE)}</h1>"]
    for report in reports:
        if report.name:
            parts.append(f"<h2>{escape(report.name)}</h2>")
        parts.append(f'<p class="verdict">{escape(summary(report))}</p>')
        parts += _understood(writer, report, say)
        for chain in report.chains:
            rows = "\n".join(f"<li>{_row(writer, row, said, say)}</li>" for row in chain.rows)
            parts.append(f'<ol class="chain">\n{rows}\n</ol>')
        parts += [f"<p>{escape(say(note))}</p>" for note in report.notes]
    body = "\n".join(parts)
    command = "symderiv check --format html"
    return document(say(TITLE), f"<main>\n{body}\n</main>", command, language=language)


def _understood(writer: HtmlWriter, report: Report, say: Say) -> Iterator[str]:
    for title, found in report.understood:
        items = "".join(f"<li>{_shown(writer, line)}</li>" for line in found)
        yield f'<h3>{say(title)}</h3>\n<ul class="remarks">{items}</ul>'


def _row(writer: HtmlWriter, row: Row, said: Clauses, say: Say) -> str:
    kind, word = KINDS[row.verdict] if row.claims else ("label", "nothing is claimed")
    place = f"{row.file}:{row.line}" if row.file else say(f"line {row.line}")
    source = " ".join(row.source.split())
    clauses = "".join(f"<li>{escape(clause)}</li>" for clause in said(row))
    read = [_read(writer, side) for side in row.understood]
    code = f'<code class="tex">{escape(source)}</code>'
    if read and all(read):
        sign = "" if len(read) > 1 else "= "
        line = f'<span class="f"><span>{sign}{" = ".join(read)}</span></span>'
        behind = f'<p class="label">{say(AS_WRITTEN)}</p>{code}'
    else:
        line, behind = f'<code class="f source">{escape(source)}</code>', ""
    is_open = " open" if row.verdict is Verdict.WRONG else ""
    verdict = f'<span class="{kind}">{say(word)}</span>'
    return (
        f'<details class="line"{is_open}><summary>{line}'
        f'<span class="r">{verdict} · {escape(place)}</span></summary>\n'
        f'<div class="behind"><ul>{clauses}</ul>{behind}</div></details>'
    )


def _shown(writer: HtmlWriter, text: str) -> str:
    """A term or an equation of the formula language as mathematics; as it stands if unread."""
    left, equals, right = text.partition(" = ")
    sides = [_read(writer, side) for side in (left, right)[: 1 + bool(equals)]]
    return " = ".join(sides) if all(sides) else f"<code>{escape(text)}</code>"


def _read(writer: HtmlWriter, text: str) -> str:
    """A term of the formula language as mathematics; nothing where it is not read."""
    try:
        return writer.inline(read_identity(_PARTIAL.sub("D(", text), "0").before)
    except (SymderivError, SyntaxError):
        return ""
