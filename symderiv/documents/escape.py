"""Escaping: words of a page as LaTeX and Markdown take them.

Gives `latex_words`, `markdown_words` and `ascii_words`, in which signs of mathematics that stand in
words become formulas; and `one_line` and `html_comment` for what goes into comments and strings.

Imports the standard library only.

To add a sign: one row in `SIGNS`.
"""

from __future__ import annotations

import re
import unicodedata

SIGNS = {
    "Σ": r"\sum", "Π": r"\prod", "∂": r"\partial", "δ": r"\delta", "α": r"\alpha",
    "β": r"\beta", "γ": r"\gamma", "ε": r"\varepsilon", "θ": r"\theta", "λ": r"\lambda",
    "μ": r"\mu", "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi", "π": r"\pi",
    "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "−": "-", "∞": r"\infty", "·": r"\cdot",
    "×": r"\times", "→": r"\to", "√": r"\surd", "∇": r"\nabla", "∈": r"\in", "≈": r"\approx",
}  # fmt: skip
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\^{}", "~": r"\~{}", "…": r"\dots{}", "–": "--",
    "—": "---", "’": "'", "“": "``", "”": "''", "„": ",,", "«": r"$\ll$", "»": r"$\gg$",
    "\u00a0": "~",
}  # fmt: skip
_LOW = dict(zip("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx", strict=True))
_HIGH = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ", "0123456789n", strict=True))
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$~])")


def latex_words(words: str) -> str:
    """Words for LaTeX, with what is mathematics in dollars.

    >>> print(latex_words("definition of x_1 & p, 50% of δᵢ"))
    definition of x\\_1 \\& p, 50\\% of $\\delta$$_{i}$
    """
    out = []
    for char in words:
        if char in SIGNS:
            out.append(f"${SIGNS[char]}$")
        elif char in _LOW:
            out.append(f"$_{{{_LOW[char]}}}$")
        elif char in _HIGH:
            out.append(f"$^{{{_HIGH[char]}}}$")
        else:
            out.append(_LATEX.get(char, char))
    return "".join(out)


def one_line(words: str) -> str:
    """Words on one line, without anything that is no print: nothing in them ends a comment.

    >>> one_line("a\\r\\nb\\u2028c\\x1b[31m\\u202ed")
    'a b c [31m d'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def html_comment(words: str) -> str:
    """Words as a comment of HTML, which nothing in them ends.

    >>> html_comment("a --> b")
    '<!-- a - -> b -->'
    """
    inside = re.sub("--(?=!?>)", "- -", words).replace("<!--", "<! --")
    return f"<!-- {inside} -->"


_ASCII = {
    "Σ": "sum", "Π": "prod", "∂": "d", "δ": "delta", "σ": "sigma", "−": "-", "·": "*", "×": "x",
    "≤": "<=", "≥": ">=", "≠": "!=", "→": "->", "…": "...", "–": "-", "—": "-", "’": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "√": "sqrt", "∞": "oo",
    "∇": "grad", "ß": "ss", "²": "^2", "³": "^3",
}  # fmt: skip


def ascii_words(words: str) -> str:
    """Words for terminals that know ASCII only.

    >>> ascii_words("cancelling, …, sifting")
    'cancelling, ..., sifting'
    """
    plain = "".join(_ASCII.get(c, c) for c in words)
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()


def markdown_words(words: str) -> str:
    r"""Words for Markdown: nothing in them is markup.

    >>> print(markdown_words("x_1 * y"))
    x\_1 \* y
    """
    return _MARKDOWN.sub(r"\\\1", words)
