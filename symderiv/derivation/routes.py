"""Routes: the ways to write a derivation to the same answer.

Gives `Route` and the table `ROUTES`.

Floor 2: imports the rules.  To add a route: a row of the table, and its name with the functions
of the catalogue that have it.
"""

from __future__ import annotations

from symderiv.records import dataclass
from symderiv.rules import fractions, order
from symderiv.rules.registry import Rule


@dataclass(frozen=True)
class Route:
    """A way to write a derivation.

    `title`: what a page calls it.  `unfold`: the named quantities are written out first, where
    others cite lemmas.  `first`: rules applied before differentiating.  `before_folding`: rules
    of algebra while the definitions are still written out.  `closing`: the last rules of fractions.
    """

    name: str = "quotient"
    title: str = "by the quotient rule"
    unfold: bool = False
    first: tuple[Rule, ...] = ()
    differentiation: tuple[tuple[Rule, ...], ...] = order.DIFFERENTIATION
    before_folding: tuple[tuple[Rule, ...], ...] = ()
    closing: tuple[tuple[Rule, ...], ...] = order.AFTER_FOLDING


ROUTES: dict[str, Route] = {
    "quotient": Route(),
    "product": Route(
        "product", "by the product rule", differentiation=order.BY_PRODUCT, closing=order.EXPANDED
    ),
    "chain": Route(
        "chain",
        "by the chain rule",
        unfold=True,
        differentiation=order.BY_PRODUCT,
        before_folding=((fractions.clearing,), (fractions.splitting,)),
    ),
    "log": Route(
        "log", "by the logarithm of a quotient", unfold=True, first=(fractions.log_of_quotient,)
    ),
}
