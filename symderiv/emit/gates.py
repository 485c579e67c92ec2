"""Gates: the logistic function, however it is written.

Gives `two_terms` (e^a/(e^a + e^b) is σ(a - b)) and `less_gate`, what is left of 1 beside a ratio of
two gates: σ(u) - σ(v) is σ(u) σ(-v) (1 - e^(v - u)).

Imports floor 0.
"""

from __future__ import annotations

from typing import cast

import sympy
from sympy import Expr

from symderiv.terms import ONE, Neg, Plus, exp, hold, plus, release, sigmoid, times
from symderiv.terms.factors import Factored, factored, negative


def two_terms(view: Factored) -> Factored:
    """e^a/(e^a + e^b) is σ(a - b), to any power.

    Where a or b is an exponential itself, and so may be infinite, an exponent besides is let be:
    e^(u + x)/(1 + e^u) is σ(u) e^x.
    """
    for whole, exponent in view.powers.items():
        if not isinstance(whole, Plus) or not exponent.is_Integer or exponent >= 0:
            continue
        ends = [_exponent(t) for t in whole.args]
        if len(ends) != 2 or any(e is None for e in ends):
            continue
        a, b = cast("list[Expr]", ends)
        powers = {b.args[0]: e for b, e in view.powers.items() if isinstance(b, sympy.exp)}
        top = sympy.Add(*(release(e) * release(u) for u, e in powers.items()))
        count = -int(exponent)
        nested = a.has(sympy.exp) or b.has(sympy.exp)
        for many in range(count, -1, -1):
            least = many * release(a) + (count - many) * release(b)
            over = sympy.expand(top - least)
            if over == 0 or (nested and not over.has(sympy.exp)):
                made = view.without(whole, *(p for p in view.powers if isinstance(p, sympy.exp)))
                for (x, y), n in (((a, b), many), ((b, a), count - many)):
                    if n:
                        apart = plus(*(t for t in (x, negative(y)) if t != 0))
                        made.multiply(sigmoid(apart), sympy.Integer(n))
                if over != 0:
                    made.multiply(exp(hold(over)), ONE)
                return two_terms(made)
    return view


def _exponent(term: Expr) -> Expr | None:
    """u of e^u; 0 of 1."""
    if isinstance(term, sympy.exp):
        return cast(Expr, term.args[0])
    return sympy.S.Zero if term == 1 else None


def less_gate(share: Expr) -> Expr | None:
    """1 - σ(v)/σ(u) as σ(-v) (1 - e^(v - u)), each of the two as it is written."""
    gates: dict[int, Expr] = {}
    view = factored(share)
    for base, exponent in view.powers.items():
        sign = -1 if isinstance(base, Plus) else 1
        found = two_terms(Factored(ONE, {base: cast(Expr, sympy.Integer(sign))})).term()
        if not isinstance(found, sigmoid) or exponent not in (1, -1):
            return None
        gates[sign * int(exponent)] = cast(Expr, found.args[0])
    if view.coefficient != 1 or len(view.powers) != 2 or len(gates) != 2:
        return None
    apart = hold(sympy.expand(release(gates[1]) - release(gates[-1])))
    return times(sigmoid(negative(gates[1])), plus(ONE, Neg(exp(apart))))
