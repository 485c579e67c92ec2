r"""Checks: the report on somebody else's derivation, for each target.

Gives `write`, and `write_page`, one page of HTML of several.  Text and Markdown say a line of the
derivation and what was found of it; GitHub is a comment for a pull request; LaTeX is the text that
was given, with the wrong lines in colour.

Floor 4: imports the report, the writer of HTML and the reader, which reads what was understood.
To add a target: a function in `_WRITERS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import islice

from symderiv.checking.report import Report, Row
from symderiv.checking.verdicts import Verdict
from symderiv.documents.elements import document
from symderiv.documents.escape import markdown_words
from symderiv.documents.html import HtmlWriter
from symderiv.documents.setting import Setting
from symderiv.documents.words.languages import of_check
from symderiv.mistakes import Mistake, SymderivError, listed, spelled
from symderiv.reader.identities import read_identity
from symderiv.terms.verdict import Counterexample

_LOOKS = {  # a mark and its colour on a terminal; of HTML the class and the words
    Verdict.FOLLOWS: ("✓", "32", "good", "follows"),
    Verdict.FOLLOWS_IF: ("✓", "33", "doubt", "follows if something is added"),
    Verdict.UNDECIDED: ("?", "33", "doubt", "undecided"),
    Verdict.UNREAD: ("·", "2", "label", "not read"),
    Verdict.WRONG: ("✗", "1;31", "bad", "does not follow"),
}
TITLE, AS_WRITTEN = "A derivation, checked", "as it was written"
_PARTIAL = re.compile(r"\bpartial\(")  # a derivative, as the report spells it
LONGEST = 72
Say = Callable[[str], str]  # a saying in the language that was asked for


def write(
    report: Report, target: str = "text", *, colour: bool = False, language: str = "en"
) -> str:
    """The report as text of a target: "text", "markdown", "github", "latex" or "html"."""
    say = of_check(language).say
    if target == "text":
        return _text(report, say, colour)
    if target == "html":
        return write_page([report], language)
    if target not in _WRITERS:
        raise Mistake(f"{spelled(target)}: it takes {listed(['text', *_WRITERS, 'html'], 'or')}")
    return _WRITERS[target](report, say)


def summary(report: Report, say: Say = str) -> str:
    """What was found, in one sentence."""
    rows = list(report.rows)
    if not rows:
        return say("No line of a derivation was found: displays are read, as \\[ … \\] or $$ … $$.")
    claims = [row for row in rows if row.claims]
    if not claims:
        return say("Nothing is claimed that could follow or be wrong.")
    count = {v: sum(r.verdict is v for r in claims) for v in Verdict}
    good = count[Verdict.FOLLOWS] + count[Verdict.FOLLOWS_IF]
    parts = [f"{good} of {len(claims)} lines follow"]
    if count[Verdict.FOLLOWS_IF]:
        parts.append(f"{count[Verdict.FOLLOWS_IF]} of them if something is added")
    if given := sum(row.note == "taken as given" for row in rows):
        parts.append(f"{given} of them taken as given")
    for verdict, said in (
        (Verdict.WRONG, "wrong"),
        (Verdict.UNDECIDED, "undecided"),
        (Verdict.UNREAD, "not read"),
    ):
        if count[verdict]:
            parts.append(f"{count[verdict]} {said}")
    if silent := len(rows) - len(claims):
        parts.append(f"nothing is claimed on {silent}")
    return ", ".join(map(say, parts)) + "."


def _first(report: Report, say: Say) -> Iterator[tuple[str, str]]:
    """The first wrong line, if there is one: where it stands, in words, and the line."""
    for row in islice((r for r in report.rows if r.verdict is Verdict.WRONG), 1):
        yield say(f"The first line that does not follow is line {_place(row)}"), row.source


def said(row: Row) -> Iterator[str]:
    """What is said of a row, a clause each."""
    match row.verdict:
        case Verdict.FOLLOWS if not row.claims:
            yield f"nothing is claimed: {row.note}"
        case Verdict.FOLLOWS:
            yield f"follows: {row.strength or row.note}" if row.strength or row.note else "follows"
            if row.uses:
                yield f"with {', '.join(row.uses)}"
        case Verdict.FOLLOWS_IF:
            yield f"follows if {row.needs}, which the text does not say ({row.strength})"
        case Verdict.WRONG:
            yield "does not follow"
            if row.counterexample is not None:
                yield counter(row.counterexample)
            if row.mend:
                yield row.mend
        case Verdict.UNREAD:
            yield f"not read: {row.note}"
        case Verdict.UNDECIDED:
            yield f"undecided: {row.note}"
    if row.start == "follows":
        yield "held to the start of the chain it is right again: errors cancel"
    elif row.start == "wrong" and row.verdict is not Verdict.WRONG:
        yield "it follows from the line before, which is not what the chain began with"


def counter(found: Counterexample) -> str:
    """A counterexample: where, both values, and how far they are apart."""
    apart = f", a difference of {found.difference}" if found.difference else ""
    return f"at {found.place} it says {found.right} for {found.left}{apart}"


def _place(row: Row) -> str:
    return f"{row.file}:{row.line}" if row.file else str(row.line)


def _mark(row: Row) -> str:
    return _LOOKS[row.verdict][0] if row.claims else "–"


def _short(source: str) -> str:
    flat = " ".join(source.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"


def _understood(report: Report, say: Say) -> Iterator[str]:
    for title, found in report.understood:
        yield say(title)
        yield from (f"  {line}" for line in found)
        yield ""


def _text(report: Report, say: Say, colour: bool) -> str:
    lines = list(_understood(report, say))
    for chain in report.chains:
        for row in (r for r in chain.rows if r.reached):
            mark = _mark(row)
            if colour:
                mark = f"\x1b[{_LOOKS[row.verdict][1]}m{mark}\x1b[0m"
            lines.append(f"{mark} {_place(row)}: {_short(row.source)}")
            lines += [f"    {say(clause)}" for clause in said(row)]
        if any(row.reached for row in chain.rows):
            lines.append("")
    lines += map(say, report.notes)
    lines.append(summary(report, say))
    lines += (f"{told}: {_short(source)}" for told, source in _first(report, say))
    return "\n".join(lines) + "\n"


def _markdown(report: Report, say: Say) -> str:
    return "\n".join(_marked(report, say, "$$\n", "\n$$")) + "\n"


def _github(report: Report, say: Say) -> str:
    """A comment: what is wrong is shown, the rest folded."""
    lines = [f"**{report.name or say('The derivation')}**: {summary(report, say)}", ""]
    for row in report.rows:
        if row.verdict is Verdict.WRONG:
            clauses = "; ".join(markdown_words(say(c)) for c in said(row))
            lines += [f"**{say(f'Line {_place(row)}')}** {clauses}", ""]
            lines += ["```math", _fenced(row.source), "```", ""]
    lines += [f"<details><summary>{say('Every line')}</summary>", ""]
    lines += _marked(report, say, "```math\n", "\n```")
    lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def _marked(report: Report, say: Say, opening: str, closing: str) -> Iterator[str]:
    for title, found in report.understood:
        yield f"{say(title)}: " + ", ".join(f"`{line}`" for line in found)
        yield ""
    for row in (r for r in report.rows if r.reached):
        clauses = "; ".join(markdown_words(say(clause)) for clause in said(row))
        yield f"- {_mark(row)} {say(f'line {_place(row)}')}: {clauses}"
        yield ""
        yield f"{opening}{_fenced(row.source)}{closing}"
        yield ""
    yield from map(say, report.notes)
    yield summary(report, say)
    for told, _ in _first(report, say):
        yield ""
        yield f"{told}."


def _fenced(source: str) -> str:
    return " ".join(source.split()).replace("&", " ").replace("```", "")


def _latex(report: Report, _: Say) -> str:
    """The text that was given, its wrong lines in red and those that need something in orange."""
    text = report.text
    marks = {Verdict.WRONG: "red", Verdict.FOLLOWS_IF: "orange"}
    rows = [row for row in report.rows if row.verdict in marks]
    for row in sorted(rows, key=lambda r: r.at, reverse=True):
        end = row.at + len(row.source)
        if text[row.at : end] != row.source:
            continue
        body = "&".join(
            f"{{\\color{{{marks[row.verdict]}}}{part}}}" if part.strip() else part
            for part in row.source.split("&")
        )
        text = text[: row.at] + body + text[end:]
    if rows and "\\documentclass" in text and "xcolor" not in text:
        place = text.find("\n", text.find("\\documentclass")) + 1
        text = text[:place] + "\\usepackage{xcolor}\n" + text[place:]
    return text if text.endswith("\n") else text + "\n"


def write_page(reports: Sequence[Report], language: str = "en") -> str:
    """The reports as one page of HTML.

    A line that does not follow is open, with its counterexample and its mend; the others open to
    what was read and what is said of them.
    """
    say = of_check(language).say
    writer = HtmlWriter(Setting(language=language))
    parts = [f"<h1>{say(TITLE)}</h1>"]
    for report in reports:
        if report.name:
            parts.append(f"<h2>{escape(report.name)}</h2>")
        parts.append(f'<p class="verdict">{escape(summary(report, say))}</p>')
        parts += _listed(writer, report, say)
        for chain in report.chains:
            rows = "\n".join(f"<li>{_row(writer, row, say)}</li>" for row in chain.rows)
            parts.append(f'<ol class="chain">\n{rows}\n</ol>')
        parts += [f"<p>{escape(say(note))}</p>" for note in report.notes]
    body = "\n".join(parts)
    command = "symderiv check --format html"
    return document(say(TITLE), f"<main>\n{body}\n</main>", command, language=language)


def _listed(writer: HtmlWriter, report: Report, say: Say) -> Iterator[str]:
    for title, found in report.understood:
        items = "".join(f"<li>{_shown(writer, line)}</li>" for line in found)
        yield f'<h3>{say(title)}</h3>\n<ul class="remarks">{items}</ul>'


def _row(writer: HtmlWriter, row: Row, say: Say) -> str:
    kind, word = _LOOKS[row.verdict][2:] if row.claims else ("label", "nothing is claimed")
    place = f"{row.file}:{row.line}" if row.file else say(f"line {row.line}")
    source = " ".join(row.source.split())
    clauses = "".join(f"<li>{escape(say(clause))}</li>" for clause in said(row))
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


_WRITERS = {"markdown": _markdown, "github": _github, "latex": _latex}
