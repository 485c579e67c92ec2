"""Escaping: words of a page as LaTeX and Markdown take them.

Gives `latex_words` and `markdown_words`.  Signs of mathematics in words become formulas.

Imports the standard library only.

To add a sign: one row in `SIGNS`.
"""

from __future__ import annotations

import re

SIGNS = {
    "Σ": r"\sum", "Π": r"\prod", "∂": r"\partial", "δ": r"\delta", "α": r"\alpha",
    "β": r"\beta", "γ": r"\gamma", "ε": r"\varepsilon", "θ": r"\theta", "λ": r"\lambda",
    "μ": r"\mu", "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi", "π": r"\pi",
    "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "−": "-", "∞": r"\infty", "·": r"\cdot",
    "×": r"\times", "→": r"\to", "√": r"\surd", "∈": r"\in", "≈": r"\approx",
}  # fmt: skip
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\^{}", "~": r"\~{}", "…": r"\dots{}", "–": "--",
    "—": "---", "’": "'", "“": "``", "”": "''",
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


def markdown_words(words: str) -> str:
    r"""Words for Markdown: nothing in them is markup.

    >>> print(markdown_words("x_1 * y"))
    x\_1 \* y
    """
    return _MARKDOWN.sub(r"\\\1", words)
