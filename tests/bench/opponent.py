"""The standing opponent at its full length: 2,000 formulas, 1,000 false claims, 500 true ones.

Counts and seconds; of what fails the first, cut down as far as it still fails.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from itertools import count, cycle, islice

from tests.opponent.pretenders import PRETENDERS
from tests.opponent.trial import FAILURES, Outcome, claim_trials, cut_down, formula_trial

FORMULAS, FALSE, TRUE = 2_000, 1_000, 500
SHOWN = 20  # failures printed in full
FIRST = 100_000  # no seed of the tests


def tally(title: str, outcomes: Iterator[Outcome]) -> None:
    """Print the counts, by kind where there are kinds, and what failed."""
    begun = time.perf_counter()
    found = list(outcomes)
    seconds = time.perf_counter() - begun
    print(f"\n{len(found)} {title} in {seconds:.0f} s")
    words = Counter(o.word for o in found)
    for word, number in words.most_common():
        kinds = Counter(o.kind for o in found if o.word == word and o.kind)
        of = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
        print(f"{number:6} {word}{f'  ({of})' if of else ''}", flush=True)
    for failed in [o for o in found if o.word in FAILURES][:SHOWN]:
        print(f"  {failed.word}: {cut_down(failed) or failed.report}", flush=True)


def claims(number: int, first: int, *, true: bool) -> Iterator[Outcome]:
    pretenders = cycle(PRETENDERS)
    made = (o for seed in count(first) for o in claim_trials(seed, pretenders, true=true))
    return islice(made, number)


def main() -> None:
    tally("formulas", (formula_trial(seed) for seed in range(FIRST, FIRST + FORMULAS)))
    tally("false claims", claims(FALSE, 2 * FIRST, true=False))
    tally("true claims", claims(TRUE, 3 * FIRST, true=True))


if __name__ == "__main__":
    main()
