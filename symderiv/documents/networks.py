"""Networks: the backpropagation of a network as a chapter.

Gives `chapter`: the stages; the adjoints from the loss backwards, one line each with where it comes
from; the gradients; then the lemmas, in a line or line by line.

Floor 4: imports floors 0 to 2 and the rest of documents.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

from sympy import Eq, Expr, Symbol
from sympy.core.basic import Basic

from symderiv import catalogue
from symderiv.derivation import Claim, Derivation
from symderiv.derivation.network import Adjoint, Backpropagation, Lemma
from symderiv.derivation.network.trial import Trial
from symderiv.documents.blocks import Block, Chain, Line, Opened, Page, Remarks, Sentence, Where
from symderiv.documents.macros import drawn
from symderiv.documents.notated import lines_in_matrices
from symderiv.documents.page import exceptions_of, lemma_of, page
from symderiv.documents.setting import Setting
from symderiv.documents.verdicts import each_of, listed, remark, verdict_of
from symderiv.documents.words.languages import translated
from symderiv.matrices import line_forms
from symderiv.printers.faces import Drawn
from symderiv.terms import D, Quantity
from symderiv.terms.renaming import names_of
from symderiv.terms.verdict import Strength

TITLE = "Backpropagation"
Written = tuple[Adjoint, Expr, Strength, str]  # a gradient, its closed form, and how it is judged


def chapter(
    made: Backpropagation,
    trial: Trial,
    setting: Setting,
    claims: Sequence[tuple[Quantity, Claim]] = (),
    closed: Sequence[Written] = (),
    *,
    command: str = "",
) -> Page:
    """The chapter of a network.

    Parameters
    ----------
    setting : its `detail`: "brief" (stages, adjoints and gradients), "textbook" (each lemma in a
        line besides) or "full" (each line of each lemma)
    claims : what adjoints are said to be
    closed : gradients with their adjoints written out, and how each was judged
    command : the command that makes this page
    """
    network, names = made.network, _drawn(made, setting)
    stages = network.stages.values()
    blocks: list[Block] = [Where(tuple((s.quantity, s.body) for s in stages))]
    inner = [a for name, a in made.adjoints.items() if name not in made.gradients]
    loss = network.loss.definition.quantity
    if inner:
        blocks.append(_meaning(inner[0], loss))
    numbered = {id(lemma): n for n, lemma in enumerate(made.derived, 1)}
    forms = {} if setting.notation == "index" else line_forms(made, catalogue.library())
    others = forms if setting.notation == "matrix" else {}  # these are not said twice
    inner = [a for a in inner if a.of not in others]
    gradients = [a for name, a in made.gradients.items() if name not in others]
    blocks += _lines("Adjoints, from the loss backwards", inner, numbered)
    blocks += _lines("Gradients", gradients, numbered, loss)
    if closed:
        blocks += _written(closed, loss)
    if forms:
        blocks.append(lines_in_matrices(made, forms, names))
    if setting.detail in ("textbook", "all") and made.derived:
        blocks.append(Remarks("Lemmas", tuple(_said(x, n) for n, x in enumerate(made.derived, 1))))
    elif setting.detail == "full":
        for n, lemma in enumerate(made.derived, 1):
            blocks += _in_full(lemma, n)
    if made.exceptions:
        blocks.append(exceptions_of(made.exceptions, made.conventions))
    if claims:
        word = "Claim" if len(claims) == 1 else "Claims"
        said = (remark(left, claim, sized=True) for left, claim in claims)
        blocks.append(Remarks(word, tuple(said)))
    whole = Page(TITLE, tuple(blocks), _verdict(made, trial), command, names)
    return translated(whole, setting.language)


def _drawn(made: Backpropagation, setting: Setting) -> Drawn:
    """How names are set; the adjoint of a name as the name is, under its bar."""
    problem, lines = made.network.problem, (*made.adjoints.values(), *made.gradients.values())
    bars = {a.quantity.name: problem.drawn[a.of] for a in lines if a.of in problem.drawn}
    known = names_of(problem) | {a.quantity.name for a in lines}
    return drawn({**bars, **problem.drawn}, setting.macro, known)


def _meaning(first: Adjoint, loss: Quantity) -> Remarks:
    """What a bar, or another name of an adjoint, means, by an example."""
    equation = Eq(first.quantity, D(loss, _staged(first)), evaluate=False)
    barred = first.quantity.name.startswith(f"{first.of}bar")
    return Remarks(
        f"{'A bar' if barred else 'An adjoint'} is the derivative of the loss", ((equation,),)
    )


def _staged(line: Adjoint) -> Expr:
    """What is differentiated by, as a named quantity."""
    return Quantity(line.quantity.symbol.func(line.of), *line.quantity.indices)


def _lines(
    heading: str,
    lines: Sequence[Adjoint],
    numbered: dict[int, int],
    loss: Quantity | None = None,
) -> list[Block]:
    """One line each; gradients begin with what they are."""
    found: list[Block] = []
    for n, line in enumerate(lines):
        start = line.quantity if loss is None else D(loss, line.variable)
        rule = _sources(line, numbered)
        shown = Line(line.term, rule, (), line.strength, opened=partial(_behind, line, numbered))
        found.append(Chain((heading,) if n == 0 else (), start, (shown,)))
    return found


def _written(closed: Sequence[Written], loss: Quantity) -> list[Block]:
    """The closed forms, and below how they were judged, those that were judged alike together."""
    found: list[Block] = []
    judged: dict[str, list[Basic]] = {}
    for n, (line, term, strength, how) in enumerate(closed):
        start = D(loss, line.variable)
        shown = Line(term, ("adjoints written out",), (), strength)
        found.append(Chain(("Gradients in closed form",) if n == 0 else (), start, (shown,)))
        judged.setdefault(how, []).append(start)
    said = tuple((f"{how}: ", *listed(which, ", "), ".") for how, which in judged.items())
    return [*found, Remarks("Closed forms", said)]


def _behind(line: Adjoint, numbered: dict[int, int]) -> Opened:
    """The lemmas of a line, each with its own lines."""
    cited = {numbered[id(x.like or x)]: x.like or x for x in line.lemmas}
    told = [
        replace(lemma_of(lemma.derivation), heading=_named(lemma, number))
        for number, lemma in sorted(cited.items())
    ]
    return Opened((), (), tuple(told), _proved(cited.values()))


def _proved(cited: Collection[Lemma]) -> Sentence:
    if not cited:
        return ("The loss does not depend on it.",)
    return verdict_of([lemma.derivation for lemma in cited])


def _named(lemma: Lemma, number: int) -> Sentence:
    return (f"Lemma {number}, ", *_edge(lemma))


def _edge(lemma: Lemma) -> Sentence:
    return ("from ", Symbol(lemma.through), " to ", Symbol(lemma.of))


def _sources(line: Adjoint, numbered: dict[int, int]) -> Sentence:
    """Through which stages, and by which lemmas; those with other names as which."""
    if not line.lemmas:
        return ("the loss does not depend on it",)
    names = dict.fromkeys(x.through for x in line.lemmas)
    through = listed([Symbol(name) for name in names], ", ")
    own = sorted({numbered[id(x)] for x in line.lemmas if x.like is None})
    others = sorted({numbered[id(x.like)] for x in line.lemmas if x.like is not None} - {*own})
    said = [_cited("lemma", own)] if own else []
    said += [_cited("as lemma", others)] if others else []
    return ("through ", *through, f": {', '.join(said)}")


def _cited(word: str, numbers: Sequence[int]) -> str:
    return f"{word}{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _said(lemma: Lemma, number: int) -> Sentence:
    equation = Eq(lemma.derivation.statement, lemma.derivation.answer, evaluate=False)
    return (f"({number}) ", *_edge(lemma), ": ", equation)


def _in_full(lemma: Lemma, number: int) -> list[Block]:
    heading = _named(lemma, number)
    found: list[Block] = []
    for block in page(lemma.derivation, detail="full").blocks:
        if isinstance(block, Chain):
            own = not block.heading or block.heading == ("The derivation",)
            found.append(Chain(heading if own else block.heading, block.start, block.lines))
    return found


def _lemmas(count: int) -> str:
    return f"{count} lemma" if count == 1 else f"{count} lemmas"


def _verdict(made: Backpropagation, trial: Trial) -> Sentence:
    derivations: list[Derivation] = [lemma.derivation for lemma in made.derived]
    cited = len(made.lemmas) - len(derivations)
    steps = [s for d in derivations for s in d.steps]
    sizes = made.network.problem.free_sizes
    if not steps:
        return ("The loss does not depend on what it is differentiated with respect to.",)
    if made.strength is Strength.PROVED:
        every = " for every size" if sizes else ""
        sentence: Sentence = (
            f"{each_of(len(steps))} of {_lemmas(len(derivations))} is proved{every}.",
        )
    else:
        sentence = verdict_of(made.derivations[::-1])
    if cited:
        again = "lemma is one of them" if cited == 1 else "lemmas are among them"
        sentence = (*sentence, f" {cited} more {again}, with other names.")
    if trial.points:
        sizes = [Eq(Symbol(name), n, evaluate=False) for name, n in trial.sizes.items()]
        where = (" at ", *listed(sizes, ", ")) if sizes else ()
        whole = " The whole agrees with finite differences of the loss"
        sentence = (*sentence, whole, *where, ".")
    return sentence
