"""The press: PDF, SVG and PNG of a page, through Typst or through TeX.

Gives `press`.  The same page gives the same bytes.  A PDF made by Typst is a PDF/UA-1 file: it has
a title and a language, and every formula has its words.

Floor 4: imports the writers; `typst`, the extra symderiv[pdf], when it is asked for.

To add an engine: its name in `targets.ENGINES`, and a function from a page to bytes here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from symderiv.documents.blocks import Page, Picture
from symderiv.documents.latex import LatexWriter
from symderiv.documents.pictures.svg import alone
from symderiv.documents.setting import Setting
from symderiv.documents.targets import ENGINES, PICTURES
from symderiv.documents.typst import TypstWriter
from symderiv.mistakes import Mistake, did_you_mean

PIXELS_PER_INCH = 200
PATIENCE = 120  # seconds that TeX may take
INSTALLS = "`pip install 'symderiv[pdf]'`, or TeX (in Debian: `apt install texlive-latex-base`)"


class PressError(Mistake):
    """No engine is there, or the one asked for failed."""


def press(
    page: Page, kind: str, *, engine: str | None = None, setting: Setting | None = None
) -> bytes:
    """The page as a file of that kind.

    Parameters
    ----------
    kind : "pdf", "svg" or "png"; the latter two are cropped to what is on the page, and the SVG of
        a page with a picture is that picture
    engine : "typst" or "latex"; by default Typst where it is installed, else TeX

    Raises
    ------
    PressError
        where neither engine is installed, or TeX refuses the page.
    """
    picture = next((block for block in page.blocks if isinstance(block, Picture)), None)
    if picture is not None and kind == "svg":
        return alone(picture.drawing, picture.words).encode()
    if kind not in PICTURES:
        raise PressError(f"no picture format '{kind}'{did_you_mean(kind, PICTURES)}")
    if engine is None:
        engine = "typst" if _has_typst() else "latex"
        if engine == "latex" and _tex() is None:
            raise PressError(f"a {kind.upper()} needs {INSTALLS}")
    if engine not in ENGINES:
        raise PressError(f"no engine '{engine}'{did_you_mean(engine, ENGINES)}")
    by = {"typst": _by_typst, "latex": _by_latex}[engine]
    return by(page, kind, setting or Setting())


def _has_typst() -> bool:
    return find_spec("typst") is not None


def _tex() -> str | None:
    return shutil.which("latexmk") or shutil.which("pdflatex")


def _by_typst(page: Page, kind: str, setting: Setting) -> bytes:
    if not _has_typst():
        raise PressError("the engine typst needs `pip install 'symderiv[pdf]'`")
    import typst

    source = TypstWriter(replace(setting, cropped=kind != "pdf")).write(page)
    # Fonts of the machine would change the bytes.
    options: dict[str, Any] = {"format": kind, "ignore_system_fonts": True}
    options |= {"pdf_standards": ["ua-1"]} if kind == "pdf" else {"ppi": PIXELS_PER_INCH}
    try:
        compiled = typst.compile(source.encode(), **options)
    except RuntimeError as error:
        raise PressError(f"typst refuses the page: {error}") from error
    return bytes(compiled[0]) if isinstance(compiled, list) else bytes(compiled)


def _by_latex(page: Page, kind: str, setting: Setting) -> bytes:
    program = _tex()
    if program is None:
        raise PressError(
            "the engine latex needs pdflatex (in Debian: `apt install texlive-latex-base`)"
        )
    writer = LatexWriter(replace(setting, standalone=False, beamer=False))
    body = writer.write(page)
    shape = _SHEET if kind == "pdf" else _CROPPED
    title = f"\\section*{{{writer.words(page.title)}}}\n" if page.title else ""
    head = _HEAD % (writer.colours(page), _pdf_text(page.title), setting.language)
    source = head + shape % (title, body)
    with tempfile.TemporaryDirectory(prefix="symderiv-") as folder:
        pdf = _run_tex(program, source, Path(folder))
        return pdf.read_bytes() if kind == "pdf" else _picture(pdf, kind)


def _run_tex(program: str, source: str, folder: Path) -> Path:
    (folder / "page.tex").write_text(source, encoding="utf-8")
    sty = Path(__file__).parent.parent / "symderiv.sty"
    (folder / "symderiv.sty").write_text(sty.read_text(encoding="utf-8"), encoding="utf-8")
    flags = ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
    if Path(program).name.startswith("latexmk"):
        flags = ["-pdf", "-norc", *flags]
    clock = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "openin_any": "p"}
    try:
        done = subprocess.run(
            [program, *flags, "page.tex"],
            cwd=folder,
            env={**os.environ, **clock},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise PressError(f"{Path(program).name} took more than {PATIENCE} s") from error
    pdf = folder / "page.pdf"
    if done.returncode or not pdf.is_file():
        told = [line for line in done.stdout.splitlines() if line.startswith("!")]
        reason = told[0].lstrip("! ") if told else f"exit status {done.returncode}"
        raise PressError(f"{Path(program).name} refuses the page: {reason}")
    return pdf


def _picture(pdf: Path, kind: str) -> bytes:
    program = shutil.which("pdftocairo")
    if program is None:
        raise PressError(
            f"a {kind.upper()} by the engine latex needs pdftocairo "
            "(in Debian: `apt install poppler-utils`)"
        )
    out = pdf.with_suffix(f".{kind}")
    flags = ["-svg"] if kind == "svg" else ["-png", "-singlefile", "-r", str(PIXELS_PER_INCH)]
    target = out if kind == "svg" else out.with_suffix("")
    subprocess.run([program, *flags, str(pdf), str(target)], check=True, timeout=PATIENCE)
    return out.read_bytes()


def _pdf_text(text: str) -> str:
    """Words as a PDF string takes them."""
    return text.encode("utf-16-be", "replace").hex().upper()


# Nothing in the file may tell when or where it was made.
_HEAD = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{symderiv}
%s\input{glyphtounicode} \pdfgentounicode=1
\pdfinfoomitdate=1 \pdftrailerid{} \pdfsuppressptexinfo=-1
\pdfinfo{/Title <FEFF%s>}
\pdfcatalog{/Lang (%s) /ViewerPreferences << /DisplayDocTitle true >>}
"""
_SHEET = r"""\begin{document}
%s%s
\end{document}
"""
_CROPPED = r"""\begin{document}
\setbox0=\vbox{\hsize=360pt \textwidth=\hsize \linewidth=\hsize \columnwidth=\hsize
%s%s}
\pdfpagewidth=\dimexpr\wd0+20pt\relax
\pdfpageheight=\dimexpr\ht0+\dp0+20pt\relax
\pdfhorigin=10pt \pdfvorigin=10pt
\shipout\box0
\end{document}
"""
