"""The register of rules.

Gives `Law`, `Rule`, the decorators `rule` and `derivative`, the table `RULES` (by identifier) and
`made`, for the rules that know one problem and stand outside the table.  A rule is a function of
one term that returns the term it becomes, or None where it does not apply; a rule of ∂u/∂x is a
function of u, of the heads that it is `of`, and x.  It never recurses, prints or checks: where it
applies is `rewrite`, in which order is `rules.order`, whether the line is true is the judge.

Floor 1: imports floor 0 and the reader, which reads laws and examples.

To add a rule: write the function in the file of its subject, with its identifier (which never
changes), its name for people, its law and an example beside it, and give it a place in
`rules.order`.  The law is typeset from these texts, and the tests have the judge prove it:

    @derivative(
        "quotient-rule",
        "quotient rule",
        Law("D(u/v)", "(D(u)*v - u*D(v))/v**2"),
        of=Quotient,
        examples=(Law("D(a/x)", "-a*D(x)/x**2"),),
    )
    def quotient(f, x):
        ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any

from sympy import Expr
from sympy.core.basic import Basic

from symderiv import late
from symderiv.records import dataclass
from symderiv.terms import Partial, hold
from symderiv.terms.factors import tidy

if TYPE_CHECKING:
    from symderiv.reader import Identity, identities
else:
    identities = late.module("symderiv.reader.identities")

Transformation = Callable[[Any], Expr | None]  # of a term of the heads that the rule is `of`
OfParts = Callable[[Any, Expr], Expr | None]  # of u and x of ∂u/∂x
Heads = type[Basic] | tuple[type[Basic], ...]


@dataclass(frozen=True)
class Law:
    """`before` becomes `after`, where all that is `given` holds.

    In the language of formulas, in which u, v and w are unknown functions of x and `D(u*v)` is a
    derivative by x; see `symderiv.reader.identities`.
    """

    before: str
    after: str
    given: tuple[str, ...] = ()

    @property
    def identity(self) -> Identity:
        """The law, read."""
        return _read(self)


@lru_cache(maxsize=1024)
def _read(law: Law) -> Identity:
    return identities.read_identity(law.before, law.after, law.given)


@dataclass(frozen=True, eq=False)
class Rule:
    """A named law and the function that applies it to one term.

    Attributes
    ----------
    identifier : what programs call it; it never changes
    name : what people call it, on the page
    laws : what it says; several where one line would say too little
    function : the rule
    of : the head that it can apply to, or several
    body : the heads of what is differentiated, where it is of a derivative
    examples : terms and what they become
    refuses : terms to which it does not apply
    """

    identifier: str
    name: str
    laws: tuple[Law, ...]
    function: Transformation
    of: Heads = Basic
    examples: tuple[Law, ...] = ()
    refuses: tuple[str, ...] = ()
    body: Heads = Basic

    def __call__(self, term: Basic) -> Expr | None:
        """The term that this one becomes, or None."""
        fits = isinstance(term, self.of)
        if fits and isinstance(term, Partial):
            fits = isinstance(term.args[0], self.body)
        return self.function(term) if fits else None


RULES: dict[str, Rule] = {}


def rule(
    identifier: str,
    name: str,
    *laws: Law,
    of: Heads = Basic,
    examples: tuple[Law, ...] = (),
    refuses: tuple[str, ...] = (),
    body: Heads = Basic,
) -> Callable[[Transformation], Rule]:
    """Register a function as the rule of that identifier; its result is held and tidied.

    Raises
    ------
    ValueError
        where the identifier is taken.
    """

    def register(function: Transformation) -> Rule:
        if identifier in RULES:
            raise ValueError(f"two rules have the identifier {identifier}")
        made = Rule(identifier, name, laws, held(function), of, examples, refuses, body)
        RULES[identifier] = made
        return made

    return register


def derivative(
    identifier: str,
    name: str,
    *laws: Law,
    of: Heads = Basic,
    examples: tuple[Law, ...] = (),
    refuses: tuple[str, ...] = (),
) -> Callable[[OfParts], Rule]:
    """The same for a rule of ∂u/∂x, a function of u, whose heads are `of`, and x."""
    register = rule(
        identifier, name, *laws, of=Partial, body=of, examples=examples, refuses=refuses
    )
    return lambda function: register(of_parts(function))


def of_parts(function: OfParts) -> Transformation:
    """The function of u and x as one of ∂u/∂x."""

    @wraps(function)
    def apply(term: Partial) -> Expr | None:
        return function(*term.parts)

    return apply


def held(function: Transformation) -> Transformation:
    """The function, its result held (no SymPy Add, Mul or Pow is left in it) and tidied."""

    @wraps(function)
    def apply(term: Basic) -> Expr | None:
        result = function(term)
        return None if result is None else tidy(hold(result))

    return apply


def made(
    identifier: str, name: str, function: Transformation, *laws: Law, of: Heads = Basic
) -> Rule:
    """A rule outside the register, its result held and tidied as that of every rule."""
    return Rule(identifier, name, laws, held(function), of)
