"""The terminal: a page in a frame and in colour, with the extra symderiv[pretty].

Gives `on_terminal`, the page as the terminal shows it: with rich where that is installed and the
output is a terminal that takes colour, plain text otherwise.

Floor 4: imports the blocks, the text writer, and rich when it is asked for.
"""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from symderiv.documents.blocks import Chain, Page
from symderiv.documents.fold import fold
from symderiv.documents.setting import Setting
from symderiv.documents.text import TextWriter

if TYPE_CHECKING:
    from rich.console import RenderableType

FRAME = 4  # columns that the frame and its padding take
RULE, HEAD, RESULT, GOOD, WEAK = "cyan", "bold", "bold green", "green", "yellow"


def on_terminal(page: Page, setting: Setting) -> str:
    """The page for a terminal, as well as the terminal can show it."""
    if not _is_pretty(setting):
        return TextWriter(setting).write(page)
    from rich.console import Console

    drawing = io.StringIO()
    console = Console(file=drawing, width=setting.width, highlight=False, force_terminal=True)
    console.print(drawn(page, setting))
    return drawing.getvalue()


def _is_pretty(setting: Setting) -> bool:
    """Is rich there, and is the output a terminal that wants colour?"""
    wanted = not setting.ascii and not os.environ.get("NO_COLOR")
    able = sys.stdout.isatty() and os.environ.get("TERM", "") != "dumb"
    return wanted and able and find_spec("rich") is not None


def drawn(page: Page, setting: Setting) -> RenderableType:
    """The page in a frame."""
    from rich import box
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    writer = TextWriter(replace(setting, width=setting.width - FRAME))
    parts: list[RenderableType] = []
    for block, plain in zip((*page.blocks, None), writer.parts(page), strict=True):
        if isinstance(block, Chain):
            parts.append(_chain(block, writer))
        elif block is None:
            parts.append(Text(plain, style=GOOD if " proved" in plain[:40] else WEAK))
        else:
            parts.append(Text(plain))
        parts.append(Text(""))
    title = Text(writer.words(page.title), style=HEAD)
    body = Group(*parts[:-1])
    return Panel(body, title=title, title_align="left", box=box.ROUNDED, width=setting.width)


def _chain(block: Chain, writer: TextWriter) -> RenderableType:
    """The lines with their rules in a column of their own; the last line stands out."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(style=RULE)
    rules = [writer.sentence(line.label) for line in block.lines]
    room = writer.setting.width - 4 - max((len(rule) for rule in rules), default=0) - 3
    table.add_row(writer.spell(block.start), "")
    for n, (line, rule) in enumerate(zip(block.lines, rules, strict=True), 1):
        pieces = fold(writer.spell(line.term), max(room, writer.setting.width // 2))
        body = "\n".join(("  = " if k == 0 else "      ") + p for k, p in enumerate(pieces))
        style = RESULT if n == len(block.lines) else ""
        shown = rule if writer.setting.rules != "none" else ""
        table.add_row(Text(body, style=style), shown)
    heading = [Text(writer.sentence(block.heading), style=HEAD), Text("")] if block.heading else []
    return Group(*heading, table, *(Text(line) for line in writer.laws(block)))
