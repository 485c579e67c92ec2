"""Reach: the share of display blocks that are wholly read, in pages as they are.

`make bench ARGS=reach PAGES=folder` reads every .tex, .md, .qmd and .ipynb of a folder, and prints
the share of displays of which each row was read, what is said of the rows, the time a row took, and
for each reason how many rows it kept from being read.  A line that is called wrong is printed.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

from symderiv.checking import Verdict, check
from symderiv.mistakes import Mistake

KINDS = {".tex": "tex", ".md": "md", ".qmd": "md", ".ipynb": "ipynb"}
MOST = 25  # reasons that are shown


def main() -> None:
    """Measure the pages of the folder that PAGES names."""
    folder = Path(os.environ.get("PAGES", ""))
    pages = sorted(p for p in folder.rglob("*") if p.suffix in KINDS) if folder.is_dir() else []
    if "PAGES" not in os.environ or not pages:
        sys.exit("PAGES=folder names a folder with .tex, .md, .qmd or .ipynb files")
    blocks = whole = 0
    said: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    begun = perf_counter()
    for page in pages:
        try:
            report = check(page.read_text(encoding="utf-8"), KINDS[page.suffix])
        except (Mistake, UnicodeDecodeError) as error:
            print(f"{page.name}: {error}")
            continue
        for chain in report.chains:
            unread = [row for row in chain.rows if row.verdict is Verdict.UNREAD]
            blocks, whole = blocks + 1, whole + (not unread)
            said.update(str(row.verdict) for row in chain.rows)
            reasons.update(_kind(row.note) for row in unread)
            for row in chain.rows:
                if row.verdict is Verdict.WRONG:
                    print(f"{page.name}:{row.line}: wrong: {' '.join(row.source.split())}")
    seconds, rows = perf_counter() - begun, sum(said.values())
    print(
        f"{len(pages)} pages, {blocks} displays, {whole} wholly read: {whole / max(blocks, 1):.1%}"
    )
    print(", ".join(f"{name} {count}" for name, count in said.most_common()))
    print(f"{seconds:.0f} s, {1000 * seconds / max(rows, 1):.0f} ms a row")
    for reason, count in reasons.most_common(MOST):
        print(f"{count:5} {reason}")


def _kind(note: str) -> str:
    """A reason without its place and what it names."""
    return re.sub(r"'[^']*'|\w+\(…\)|\d+", "…", note.partition(": ")[2] or note)
