"""What could be taken together in a network, held against its definition over all sets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random

import pytest

from symderiv.derivation.network.gathering import gatherings
from symderiv.derivation.network.graph import Network, network_of
from symderiv.reader import read


def drawn(random: Random) -> str:
    """A network of vectors and numbers, most stages used by a later one."""
    known = ["g0[i]", "g1[i]", "w"]
    lines = []
    for n in range(random.randint(3, 7)):
        used = random.sample(known, random.randint(1, 2)) + known[-1:] * (n > 0)
        body = "*".join(f"tanh({x})" for x in dict.fromkeys(used))
        if random.random() < 0.2:
            lines.append(f"s{n} = sum({body}, i)" if "[i]" in body else f"s{n} = {body}")
            known.append(f"s{n}")
        else:
            lines.append(f"s{n}[i] = {body}*g0[i]" if "[i]" not in body else f"s{n}[i] = {body}")
            known.append(f"s{n}[i]")
    return "\n".join([*lines, f"sum(g1[i]*{known[-1]}, i)"])


def by_definition(network: Network, keep: set[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Of all sets that may be taken in, the largest, where it spares a second mention."""
    direct = {name: set(network.direct[name]) for name in network.stages}
    arrays = {name for name, shape in network.problem.shapes.items() if shape}
    fixed = {*keep, network.loss.name}
    for consumer in reversed(direct):
        own = direct[consumer]
        known = [name for name in direct if name not in fixed | {consumer}]
        sets = (set(s) for size in range(len(known), -1, -1) for s in combinations(known, size))

        def may(inside: set[str], consumer: str = consumer, own: set[str] = own) -> bool:
            users = {c for c in direct if direct[c] & inside}
            needed = set().union(*(direct[name] & arrays for name in inside))
            return users <= inside | {consumer} and needed <= own | inside

        largest = next(s for s in sets if may(s))
        if any(direct[name] & own & arrays - largest for name in largest):
            yield consumer, frozenset(largest)


@pytest.mark.parametrize("seed", range(40))
def test_what_could_be_taken_together_is_the_largest_set_that_may(seed: int) -> None:
    random = Random(seed)
    network = network_of(read(drawn(random)))
    keep = {name for name in network.stages if random.random() < 0.15}
    found = [(g.consumer, g.stages) for g in gatherings(network, keep)]
    assert found == list(by_definition(network, keep))


def test_some_of_these_networks_have_stages_to_take_together() -> None:
    every = (network_of(read(drawn(Random(seed)))) for seed in range(40))
    assert sum(any(True for _ in gatherings(network, ())) for network in every) > 10
