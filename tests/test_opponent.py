"""The standing opponent: no wrong answer, no false claim accepted, no true one refuted.

A tenth of what `make bench ARGS=opponent` tries; run with `-s` to see the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.bench.opponent import claims
from tests.opponent.trial import FAILURES, Outcome, formula_trial

# A claim is about what was derived before it, and is decided anew.
pytestmark = pytest.mark.usefixtures("derived_once")

FORMULAS, FALSE, TRUE = 200, 100, 60


def counted(outcomes: Iterator[Outcome]) -> Counter[str]:
    """The words counted; failures fail, each with its report."""
    found = list(outcomes)
    words = Counter(o.word for o in found)
    print(", ".join(f"{n} {word}" for word, n in words.most_common()))
    failed = [f"{o.word}: {o.report}" for o in found if o.word in FAILURES]
    assert not failed, f"{len(failed)} of {len(found)}\n" + "\n".join(failed[:20])
    return words


def test_random_formulas_are_answered_rightly_or_refused() -> None:
    words = counted(formula_trial(seed) for seed in range(FORMULAS))
    assert words["answered"] >= 0.8 * FORMULAS


def test_false_claims_are_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symderiv.face.derived.advised", lambda pair: "")  # what they lack
    words = counted(claims(FALSE, 10_000, true=False))
    assert words["refuted"] >= 0.5 * FALSE


def test_true_claims_are_not_refuted() -> None:
    words = counted(claims(TRUE, 20_000, true=True))
    assert words["holds"] >= 0.7 * TRUE
