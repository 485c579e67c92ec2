"""Passages: derivations are as long as an author writes them, and no line is undone by the next."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import mpmath
import pytest
from sympy.core.basic import Basic

import symderiv
from symderiv import catalogue
from symderiv.derivation import Derivation
from symderiv.derivation.passages import passages
from symderiv.documents.blocks import Chain
from symderiv.documents.lines import DETAIL
from symderiv.documents.page import page
from symderiv.face.answering import answer_named
from symderiv.face.request import Request
from symderiv.printers.text import text
from symderiv.rules.company import SAID, TABLE, Part, part_of
from symderiv.rules.order import RULES
from symderiv.terms import Plus, release, subterms
from symderiv.terms.factors import key
from symderiv.terms.letters import BINDERS, bound_letters, free_letters
from symderiv.terms.verdict import Strength
from tests.answered import answered

pytestmark = pytest.mark.usefixtures("derived_once")

# What is asked for, the lines that its page may have at the usual detail, and those it had when
# every step was a line.
LINES = [
    ("gradient", "cross-entropy", {"route": "chain"}, 7, 15),
    ("gradient", "cross-entropy", {"route": "log"}, 7, 11),
    ("gradient", "cross-entropy", {"soft": True}, 5, 9),
    ("gradient", "entropy", {}, 7, 17),
    ("hessian", "cross-entropy", {"k": 3}, 14, 41),
    ("hessian", "cross-entropy", {"k": 3, "target": 2}, 14, 40),
    ("gradient", "hinge", {}, 6, 11),
    ("jacobian", "layer-norm", {}, 8, 11),
    ("gradient", "gelu", {}, 6, 11),
    ("gradient", "bce", {}, 6, 11),
    ("gradient", "logistic-regression", {}, 6, 10),
    ("gradient", "least-squares", {}, 5, 9),
    ("gradient", "label-smoothing", {}, 7, 14),
    ("jacobian", "softmax", {}, 6, 10),
    ("gradient", "kl", {}, 5, 9),
]

NORMAL = "2*exp(-w**2/2)/sqrt(2*pi)"
CRPS = f"w = (y - mu)/sigma; sigma*(w*erf(w/sqrt(2)) + {NORMAL} - 1/sqrt(pi))"


def shown(derivation: Derivation, detail: str = "textbook") -> list[Basic]:
    """The lines of the chains of its page."""
    blocks = page(derivation, detail=detail).blocks
    return [line.term for block in blocks if isinstance(block, Chain) for line in block.lines]


@pytest.mark.parametrize(("kind", "name", "options", "most", "before"), LINES)
def test_a_page_is_as_long_as_an_author_writes_it(
    kind: str, name: str, options: dict[str, Any], most: int, before: int
) -> None:
    derivation = getattr(symderiv, kind)(name, **options)
    assert len(shown(derivation)) <= most < before
    assert derivation.strength is Strength.PROVED
    assert len(shown(derivation, "all")) >= len(shown(derivation))


def derivations() -> Iterator[Any]:
    for function in catalogue.functions().values():
        for derivative in function.derivatives:
            if derivative.holds:
                yield function.named(derivative)


@pytest.mark.parametrize("name", [*derivations()])
def test_every_step_is_in_one_passage_and_no_line_comes_back(name: str) -> None:
    derivation = answered(name)
    for chain in (derivation, *derivation.lemmas):
        made = passages(chain.steps)
        assert tuple(s for passage in made for s in passage.steps) == chain.steps
        assert all(passage.rule for passage in made)
        # What differs only in its bars and signs is one thing written anew, not a step back.
        lines = [name for name, _ in groupby(map(key, chain.lines))]
        assert len(set(lines)) == len(lines)
        for line in chain.lines[1:]:
            sums = (t for t in subterms(line) if isinstance(t, Plus))
            assert not any(0 in t.args for t in sums), line


ROUTED = [
    (f.named(d), route)
    for f in catalogue.functions().values()
    for d in f.derivatives
    for route in f.routes
    if d.holds and len(f.routes) > 1
]


@pytest.mark.parametrize(("name", "route"), [*((n, None) for n in derivations()), *ROUTED])
def test_no_letter_is_bound_where_it_is_free(name: str, route: str | None) -> None:
    """∂/∂z_k of Σ_k e^{z_k} has one letter for two things, on whatever line it stands."""
    derivation = answer_named(name, Request(route=route))
    for chain in (derivation, *derivation.lemmas):
        for line in chain.lines:
            bound = {x for t in subterms(line) if isinstance(t, BINDERS) for x in bound_letters(t)}
            assert bound.isdisjoint(free_letters(line)), text(line)


def test_the_hard_lemma_of_layer_norm_is_on_its_page() -> None:
    blocks = page(symderiv.jacobian("layer-norm")).blocks
    (lemma,) = [b for b in blocks if isinstance(b, Chain) and str(b.heading[0]) == "Lemma. "]
    assert text(lemma.start) == "∂s/∂xⱼ"
    assert text(lemma.lines[-1].term) == "nⱼ / K"


def test_every_name_in_the_table_of_company_is_of_a_rule() -> None:
    made = {"multiplying-out-a-known-sum", "symmetry"}  # by the rules that know a problem
    named = [identifier for row in TABLE.values() for identifier in row]
    assert set(named) <= set(RULES) | made
    assert len(named) == len(set(named))
    assert set(named) >= SAID
    assert part_of(["quotient-rule", "constants"]) is Part.STANDS
    assert part_of(["a rule that the table does not name"]) is Part.STANDS


def test_a_definition_that_was_just_read_makes_no_line() -> None:
    steps = symderiv.jacobian("softmax").steps
    assert len(passages(steps, opened=True)) == len(passages(steps)) - 1
    assert DETAIL["all"](steps, True) == [(s.rule, (s,)) for s in steps]


@pytest.mark.parametrize(
    ("formula", "by", "ends", "numbers"),
    [
        (CRPS, "mu", "−erf(w / √(2))", lambda w: -mpmath.erf(w / mpmath.sqrt(2))),
        (
            CRPS,
            "sigma",
            "2 e^(−w²/2) / √(2 π) − 1 / √(π)",
            lambda w: 2 * mpmath.npdf(w) - 1 / mpmath.sqrt(mpmath.pi),
        ),
    ],
)
def test_the_score_of_a_normal_forecast_ends_as_its_paper_does(
    formula: str, by: str, ends: str, numbers: Any
) -> None:
    derivation = symderiv.derive(formula, wrt=by, assume="sigma > 0")
    assert text(derivation.answer) == ends
    assert derivation.strength is Strength.PROVED
    (w,) = release(derivation.answer).free_symbols or {None}
    for at in ("-1.5", "0", "0.25", "3"):
        found = release(derivation.answer).subs(w, mpmath.mpf(at)).evalf(30)
        assert abs(mpmath.mpf(str(found)) - numbers(mpmath.mpf(at))) < 1e-12


def test_gelu_is_finished() -> None:
    answer = symderiv.gradient("gelu").answer
    assert text(answer) == "(1 + erf(x / √(2))) / 2 + x e^(−x²/2) / √(2 π)"


def test_a_label_that_the_answer_does_not_mention_makes_no_cases() -> None:
    hessian = symderiv.hessian("cross-entropy", k=3)
    assert [text(c.value) for c in hessian.cases] == ["pₖ (1 − pₖ)", "−pₖ pₗ"]
    gradient = symderiv.gradient("cross-entropy", k=3)
    assert len(gradient.cases) == 2
