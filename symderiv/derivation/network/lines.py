"""Lines: the right-hand sides of the law, and which stages they are read through.

Gives `Adjoint`, the derivative of the loss by one stage or array, and `Lines`, which makes those of
a network and says where stages that are taken together say the same in fewer signs.

Floor 2: imports floors 0 and 1 and the rest of this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sympy import Expr, Symbol

from symderiv.derivation.network.gathering import Gathering
from symderiv.derivation.network.graph import Network, gathering_node
from symderiv.derivation.network.lemmas import Lemma, Lemmas
from symderiv.derivation.step import said
from symderiv.mistakes import Unanswered
from symderiv.records import dataclass
from symderiv.terms import ZERO, Quantity, plus, subterms
from symderiv.terms.contents import contents
from symderiv.terms.letters import free_letters
from symderiv.terms.nesting import is_nested
from symderiv.terms.pickled import Pickled
from symderiv.terms.verdict import Strength


@dataclass(frozen=True, eq=False, repr=False)
class Adjoint(Pickled):
    """The derivative of the loss by a stage, an array or a number.

    Attributes
    ----------
    of : its name
    quantity : the adjoint at general letters, hbar_i
    variable : what the loss is differentiated by, h_i
    lemmas : one for each node that mentions it, last first; none where the loss does not depend
        on it
    """

    of: str
    quantity: Quantity
    variable: Expr
    lemmas: tuple[Lemma, ...]

    @property
    def term(self) -> Expr:
        """The right-hand side: the sum of what the lemmas say."""
        found = [lemma.term for lemma in self.lemmas if lemma.term != 0]
        return plus(*found) if found else ZERO

    @property
    def strength(self) -> Strength:
        """The strength of the weakest lemma of its own line."""
        return min((x.strength for x in self.lemmas), default=Strength.PROVED)

    def __repr__(self) -> str:
        return f"<{said(self.quantity, self.term, self.strength)}>"


@dataclass(frozen=True)
class Lines:
    """The lines of the law in one network."""

    network: Network
    targets: Sequence[str]
    lemmas: Lemmas

    @cached_property
    def needed(self) -> frozenset[str]:
        """The nodes whose adjoints are needed, the loss among them."""
        return frozenset(node.name for node in self.network.between(self.targets))

    def adjoint(self, name: str) -> Adjoint:
        """The line of a stage, an array or a number."""
        consumers = self.network.consumers.get(name, ())
        variable = self.lemmas.variable(name)
        symbol = Symbol(self.lemmas.adjoints[name])
        quantity = (
            Quantity(symbol)
            if isinstance(variable, Symbol)
            else Quantity(symbol, *variable.args[1:])
        )
        found = tuple(self.lemmas.lemma(name, c) for c in consumers if c.name in self.needed)
        return Adjoint(name, quantity, variable, found)

    def is_shorter(self, gathering: Gathering, tried: Lemmas) -> bool:
        """Is what stages add to the adjoints before them shorter if they are taken together?

        `tried` holds the lemmas of stages that were taken together before, to be cited.
        """
        if not gathering.stages & self.needed:
            return False
        inside = {*gathering.stages, gathering.consumer}
        node = gathering_node(self.network, gathering.consumer, gathering.stages)
        wanted = [n for n in node.mentions if n in self.needed or n in self.targets]
        if any(is_nested(tried.problem(name, node)) for name in wanted):
            return False
        try:
            together = [tried.lemma(name, node) for name in wanted]
        except Unanswered:
            return False
        apart = [
            lemma
            for name in (*gathering.stages, *wanted)
            for lemma in self.adjoint(name).lemmas
            if lemma.through in inside
        ]
        weakest, other = (
            min((x.strength for x in xs), default=Strength.PROVED) for xs in (together, apart)
        )
        if weakest < other or _width(together) > _width(apart):
            return False
        return _length(together) < _length(apart)


def _length(lemmas: Sequence[Lemma]) -> int:
    """How much there is to read."""
    return sum(contents(lemma.term).length for lemma in lemmas)


def _width(lemmas: Sequence[Lemma]) -> int:
    """How many letters some part varies in: the axes of the largest array to be computed."""
    parts = (free_letters(t) for lemma in lemmas for t in subterms(lemma.term))
    indices = (sum(1 for s in part if s.is_integer and not s.is_positive) for part in parts)
    return max(indices, default=0)
