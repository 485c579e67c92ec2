"""Opened: what stands behind a line of a chain.

Gives `opened`: the rules with their laws and the places where they were used, the lines that a
short page leaves out, the lemmas that are cited, line by line, and what the judge said.

Floor 4: imports floors 0 to 2, the blocks and the places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from symderiv.derivation import Derivation, Step
from symderiv.documents.blocks import Applied, Chain, Opened
from symderiv.documents.lines import in_words
from symderiv.documents.places import Place, places
from symderiv.documents.verdicts import said_of
from symderiv.rules.order import RULES
from symderiv.terms.problem import Fact

Told = Callable[[Derivation], Chain]


def opened(
    steps: Sequence[Step], derivation: Derivation, marks: Mapping[Fact, str], told: Told
) -> Opened:
    """What stands behind the line that these steps make.

    Parameters
    ----------
    marks : of the assumptions, as the page lists them
    told : a lemma line by line
    """
    found = [(step, place) for step in steps for place in places(step, derivation)]
    lemmas = dict.fromkeys(p.lemma for _, p in found if p.lemma is not None and p.lemma.steps)
    return Opened(
        tuple(_applied(steps, [place for _, place in found])),
        tuple((in_words(s.rule), s.after) for s in steps[:-1]),
        tuple(told(lemma) for lemma in lemmas),
        said_of(steps, derivation, marks),
    )


def _applied(steps: Sequence[Step], found: Sequence[Place]) -> list[Applied]:
    """The rules in the order of the steps, each with its places."""
    used: dict[tuple[str, str], list[Place]] = {}
    for place in found:
        used.setdefault((place.rule.identifier, place.rule.name), []).append(place)
    rules = [
        Applied(
            in_words(_lower(name)),
            identifier if identifier in RULES else "",
            tuple(law.identity for law in group[0].rule.laws),
            tuple((p.before, p.after, p.letters) for p in group),
        )
        for (identifier, name), group in used.items()
    ]
    shown = {identifier for identifier, _ in used}
    for identifier in dict.fromkeys(i for s in steps for i in s.identifiers):
        if identifier in RULES and identifier not in shown:
            rule = RULES[identifier]
            laws = tuple(law.identity for law in rule.laws)
            rules.append(Applied((rule.name,), identifier, laws))
    return rules


def _lower(title: str) -> str:
    """A lemma's title as the name of a rule: The derivative of p -> derivative of p."""
    return title.removeprefix("The ")
