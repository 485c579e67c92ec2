r"""Givens: equations that a text lays down, beside those that it can only assert.

An equation that is no identity says something new where each of its sides has a quantity that the
other has not, one of them new to the page: A v = λ v says what λ is.  It asserts what does not hold
where nothing in it is new, and is open where one side merely has more: Σ x = Σ x y.  What
"assume that", "such that" or "subject to" stands before is laid down whatever it is.

Gives `quantities`, `relates`, `unsaid`, `counts_beside`, `is_supposed`, `is_laid_down`,
`is_solved`, `is_case` and `COUNTS`.

Imports the reader.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from symderiv.reader import scan

COUNTS = frozenset("NMKDTBCFHn")  # the number of terms, beside a sum
_IDENTITY = "I"  # A A^{-1} = I says nothing of I
_SUPPOSED = re.compile(  # with the equation for its object: "given z, we have" asserts
    r"(?:\b(?:assum(?:e|es|ing)|assumed that|suppos(?:e|es|ing)|let|if|such that|subject to|"
    r"(?:given|provided) that|constrain(?:ts?|ed)|satisfying|requir(?:e|es|ing)|"
    r"impos(?:e|es|ing)|solv(?:e|ing)|(?<!these )(?<!this )(?<!such )(?:condition|assumption)s?)|"
    r"\b(?:let(?! us)|assume|suppose|must|should|to)\b[^,;:]*\bsatisfy)\b"
    r"(?:[\s,:\0]|\b(?:that|the|following|equations?|conditions?|constraints?|"
    r"assumptions?|to|by|for|all|every|each|in)\b)*$",
    re.I,
)
_DRAWN = re.compile(  # from what is laid down elsewhere: "under the assumption, …"
    r"(?<!\bby )\b(?:condition|assumption)s?,$|\b(?:without|under (?!the\b|an?\b))[^,;:]*$|"
    r"\b(?:must|should|to)\b[^,;:]*\bthat\b[^,;:]*\bsatisfy$|"
    r"\b(?:this|which|it)(?: also| then)? requires?$",
    re.I,
)
_CUE = re.compile(  # the last one counts: "let a = 1, so f(x) = x", "so, with f(x) = x^3"
    r"\b(?P<laid>let(?! us)|(?:re)?define[ds]?|set|put|take|consider|where|with|here|now|"
    r"(?:suppose|assume)(?: that)?)\b|"
    r"\b(?P<drawn>then|so|hence|thus|therefore|since|that|gives?|yields?|have|get|see)\b|"
    r"\b(?:for|is|has|if|when|at)\b|[;:]",
    re.I,
)
_SOLVED = re.compile(  # of the last one: "setting it to 0 gives", "the minimum is where"
    r"\b(?:setting|equating|solv(?:e[sd]?|ing)|solution|stationary|vanish(?:es|ing)?|"
    r"(?:minim|maxim|optim)(?:um|i[sz]er) (?:is|lies|has|where|at))\b"
    r"(?!.*\b(?:let|defin|where|with|put|consider))",
    re.I,
)
_CASE = re.compile(r"\b(?:when|if|otherwise|cases?)\b", re.I)


def quantities(term: ast.expr) -> frozenset[str]:
    """The names in a term that are no functions and no letters of an index or a sum."""
    letters = {letter for call in scan.calls(term) for letter in scan.own_letters(call)}
    places = [
        slot for n in ast.walk(term) if isinstance(n, ast.Subscript) for slot in scan.slots(n)
    ]
    places += (x for call in scan.calls(term) if scan.called(call) == "delta" for x in call.args)
    return frozenset(scan.names(term)) - letters - frozenset(scan.words(places)) - {_IDENTITY}


def relates(left: ast.expr, right: ast.expr, met: Collection[str]) -> bool:
    """Does each side name what the other does not, one of them nowhere before?"""
    one, other = quantities(left), quantities(right)
    return bool(one - other and other - one and not (one ^ other) <= {*met})


def counts_beside(term: ast.expr) -> frozenset[str]:
    """The names that may be the number of the terms of a sum in it."""
    return COUNTS if any(map(scan.own_letters, scan.calls(term))) else frozenset()


def unsaid(left: ast.expr, right: ast.expr, met: Collection[str]) -> str:
    """What its right side alone names, and nothing before, c in e^x = e^{x+c} / c; or "".

    N beside a sum is the number of its terms.
    """
    one, other = quantities(left), quantities(right)
    new = other - one - counts_beside(left) - {*met} if one <= other else ()
    return min(new, default="")


def is_supposed(prose: str) -> bool:
    """Does the sentence lay down the equation of the display that it goes on in?"""
    sentence = _sentence(prose)
    return bool(_SUPPOSED.search(sentence)) and not _DRAWN.search(sentence)


def is_laid_down(prose: str) -> bool | None:
    """Does the sentence say what the names mean in the formula that it goes on in?

    False where it concludes that, None where it does neither: "in the second model, y = w^2 x".
    """
    last = [*_CUE.finditer(_sentence(prose))][-1:]
    return next((bool(cue["laid"]) for cue in last if cue["laid"] or cue["drawn"]), None)


def is_solved(prose: str) -> bool:
    """Does the sentence solve for what stands in the formula that it goes on in?"""
    return bool(_SOLVED.search(_sentence(prose))) and not is_laid_down(prose)


def is_case(prose: str) -> bool:
    """Does the sentence speak of a case, in which a name may be something else?"""
    return bool(_CASE.search(_sentence(prose)))


def _sentence(prose: str) -> str:
    return " ".join(re.split(r"[.!?](?:\s|$)", prose)[-1].split())
