"""Names as an author writes them: \\hat{y} is yhat, and the face that a name is set in.

Gives `named`, `array_name` (of a variable that is a whole array), `is_whole` and
`letters_of` (those that stand as indices in variables).

Imports latex and refusal.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.reader.latex.tokens import is_latex, tokens
from symderiv.reader.refusal import Source

if TYPE_CHECKING:
    from symderiv.reader.latex import faces, survey
    from symderiv.reader.latex import statements as latex
else:
    faces = late.module("symderiv.reader.latex.faces")
    latex = late.module("symderiv.reader.latex.statements")
    survey = late.module("symderiv.reader.latex.survey")


def named(text: str) -> tuple[str, Mapping[str, str]]:
    """The name that is meant by one in LaTeX, \\hat{y} is yhat, and the face that it is set in.

    Any other text stays as it is.

    Raises
    ------
    ReadError
        for what is no single name.
    """
    if not set(text) & set("\\{}^"):
        return text, {}
    source = Source(text, "symbols")
    cut = latex.cut(source, {})
    said = f"{text} is no name; it takes such as \\hat{{y}} or \\alpha"
    return _identifier(cut, said), faces.faces([*cut.all])


def _identifier(cut: latex.Text, otherwise: str) -> str:
    """The identifier of the one name that a text is, or what is said of it refused."""
    one = len(cut.parts) == 1
    term = latex.relation_of(cut, (), (), cut.source.role) if one else None
    if not isinstance(term, ast.Name):
        raise cut.source.refuse(0, otherwise)
    return term.id


def is_whole(text: str) -> bool:
    """Is a variable a whole array: a name without index?"""
    text = re.sub(r"\^\{\[\w+\]\}", "", text)  # the number of a layer, W^{[2]}
    return "[" not in text and re.search(r"_\{?[a-z]", text) is None


def array_name(text: str, macros: Mapping[str, tuple[int, str]]) -> str:
    """The identifier of a variable that is a whole array."""
    if re.fullmatch(r"\s*[A-Za-z]\w*\s*", text, re.ASCII):
        return text.strip()
    cut = latex.cut(Source(text, "variable"), macros)
    return _identifier(cut, "in vector notation a variable is a whole array, x or W")


def letters_of(texts: Sequence[str], macros: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    """The letters that stand as indices in the variables."""
    for text in texts:
        if is_latex(text):
            yield from survey.subscripts(tokens(Source(text, "variable"), macros))
        else:
            for inside in re.findall(r"\[([^\]]*)\]", text):
                yield from re.findall(r"[A-Za-z]+", inside)
