"""Elements: what pages of HTML are put together from.

Gives `document` (a whole file), `stylesheet`, and of MathML `in_row`, `bracketed` and `number`.

Floor 4: imports the printer of MathML.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from symderiv.documents.escape import html_comment
from symderiv.printers.mathml import MathmlPrinter


def in_row(math: str) -> str:
    """A formula in display style that stands in a row with others."""
    return math.replace("<math", '<math style="display: inline math"', 1)


def bracketed(rows: Sequence[Sequence[str]], kind: str = "") -> str:
    body = "".join(
        "<mtr>" + "".join(f"<mtd>{entry}</mtd>" for entry in row) + "</mtr>" for row in rows
    )
    named = f' class="{kind}"' if kind else ""
    return f"<mrow><mo>[</mo><mtable{named}>{body}</mtable><mo>]</mo></mrow>"


def number(printed: str) -> str:
    """-1.2e-07 as a minus, a number, and a power of ten."""
    sign = MathmlPrinter.NEGATIVE if printed.startswith("-") else ""
    mantissa, e, exponent = printed.lstrip("-").partition("e")
    if not e:
        return f"{sign}<mn>{mantissa}</mn>"
    high = f"{MathmlPrinter.NEGATIVE if int(exponent) < 0 else ''}<mn>{abs(int(exponent))}</mn>"
    power = f"<msup><mn>10</mn><mrow>{high}</mrow></msup>"
    return f"{sign}<mn>{mantissa}</mn><mo>×</mo>{power}"


def stylesheet() -> str:
    """The style of every page."""
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def document(
    title: str, body: str, command: str = "", script: str = "", language: str = "en"
) -> str:
    """A whole file of HTML round a body that is marked up already."""
    made = html_comment(command) if command else ""
    if language != "en":  # the words of formulas are English
        for spoken in ("<math", '<span class="f" role="math"'):
            body = body.replace(spoken, f'{spoken} lang="en"')
    run = f"<script>\n{script}</script>\n" if script else ""
    return (
        f'<!DOCTYPE html>{made}\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{stylesheet()}</style>\n</head>\n"
        f"<body>\n{body}\n{run}</body>\n</html>\n"
    )
