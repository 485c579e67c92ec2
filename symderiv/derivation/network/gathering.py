"""Gathering: stages taken into their one consumer where the joint derivative is the shorter one.

Gives `Gathering` (a consumer and the stages that could be taken into it) and `gatherings` of a
network.  The mean and the variance of a normalisation are such: they depend on nothing but what the
normalised stage mentions too, and nothing else uses them.  So its derivative can be taken through
them in one lemma, in place of two adjoints and a term for each way; which of both is written is
decided by their length (`adjoints`).

Floor 2: imports floor 0 and the graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from symderiv.derivation.network.graph import Network, mentions
from symderiv.patience import look
from symderiv.records import dataclass
from symderiv.terms.dependence import users


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
    for consumer in reversed(tuple(network.stages)):
        if consumer in network.joint or consumer in network.block:
            continue
        own = direct[consumer]
        found: set[str] = set()
        waiting = list(own)
        while waiting:  # what the consumer alone uses, itself or through others of these
            name = waiting.pop()
            if name in direct and name not in found | out and above[name] <= found | {consumer}:
                given = direct[name] & arrays - direct.keys()
                if given <= own:
                    found.add(name)
                    waiting += direct[name]
        while True:  # and what depends on nothing that the consumer does not mention itself
            look()  # of a chain of n stages each may take out one more, n² times
            far = {n for n in found if not direct[n] & arrays <= own | found}
            far |= {n for n in found if not above[n] <= (found - far) | {consumer}}
            if not far:
                break
            found -= far
        if any(direct[n] & own & arrays - found for n in found):
            yield Gathering(consumer, frozenset(found))
