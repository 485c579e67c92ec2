"""Gathering: stages taken into their one consumer where the joint derivative is the shorter one.

Gives `Gathering` (a consumer and the stages that could be taken into it) and `gatherings` of a
network.  The mean and the variance of a normalisation are such: they depend on nothing but what the
normalised stage mentions too, and nothing else uses them.  So its derivative can be taken through
them in one lemma, in place of two adjoints and a term for each way; which of both is written is
decided by their length (`adjoints`).

Floor 2: imports floor 0 and the graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from symderiv.derivation.network.graph import Network, mentions
from symderiv.patience import look
from symderiv.records import dataclass
from symderiv.terms.dependence import alone, users


@dataclass(frozen=True)
class Gathering:
    """Stages, by name, that could be taken into one consumer."""

    consumer: str
    stages: frozenset[str]


def gatherings(network: Network, keep: Collection[str]) -> Iterator[Gathering]:
    """What could be taken together, for each consumer the largest set, the last consumer first.

    A consumer may be in the set of one before it: it counts where that set is not taken in.

    Parameters
    ----------
    keep : stages whose own adjoints are wanted
    """
    direct = {name: frozenset(mentions(s.body)) for name, s in network.stages.items()}
    above = users(direct)
    arrays = {name for name, shape in network.problem.shapes.items() if shape}
    out = {*keep, *network.joint, *network.block, network.loss.name}
    place = {name: n for n, name in enumerate(direct)}
    ends = _ends({name: found & arrays for name, found in direct.items()}, out)

    def may(own: frozenset[str], first: int, name: str) -> bool:
        """Does a stage need nothing before all that the consumer mentions?"""
        given = (m in own for m in direct[name] if m in arrays and m not in place)
        return name not in out and (place[name] > first or ends[name] <= own) and all(given)

    for consumer in reversed(direct):
        own = direct[consumer] & arrays
        shared = any(len(above[name]) > 1 for name in own)
        if not shared or consumer in network.joint or consumer in network.block:
            continue
        first = min((place[name] for name in own if name in place), default=len(place))
        look()
        found = alone(consumer, direct, above, partial(may, own, first))
        far = [n for n in found if any(m in arrays and m not in own | found for m in direct[n])]
        while far:  # and what depends on nothing that the consumer does not mention itself
            name = far.pop()
            if name in found:
                found.remove(name)
                far += direct[name] & found
                far += above[name] & found if name in arrays - own else ()
        if any(direct[n] & own - found for n in found):
            yield Gathering(consumer, frozenset(found))


def _ends(direct: Mapping[str, frozenset[str]], out: Collection[str]) -> dict[str, frozenset[str]]:
    """The arrays that each stage is made of in the end; those `out` are made of nothing else.

    Nor is a stage of more arrays than any body mentions: no consumer mentions them all.
    """
    most = max(map(len, direct.values()), default=0)
    found: dict[str, frozenset[str]] = {}
    for name, mentioned in direct.items():
        itself = frozenset([name])
        ends = frozenset[str]().union(*(found.get(m, frozenset([m])) for m in mentioned))
        found[name] = itself if name in out or len(ends) > most else ends
    return found
