"""Parting: a line in pieces between which it may be broken, where it is too wide for its column.

Gives `Parting`, the layout of the targets that break lines.

Floor 1: imports floor 0, SymPy and the layout.
"""

from __future__ import annotations

from typing import cast

from sympy import Expr, Integer, Sum

from symderiv.printers.arranged import with_decimals
from symderiv.printers.layout import Layout
from symderiv.printers.looks import derivative_chain, negated
from symderiv.terms import Neg, Partial, Plus, Quotient, Times


class Parting(Layout):
    """The decisions where a formula may be broken."""

    def pieces(self, term: Expr, *, apart: bool = False) -> list[str]:
        """A line in parts between which it may be broken: the terms of a sum with their signs.

        Where the sum stands in brackets, after a minus, a Σ or other factors, the first part holds
        what is before it and the bracket, the last the closing one; a product without a sum is
        parted before its dots.  With `apart` sums within the terms are parted too, those over a
        denominator, (a + b)/c, which is 1/c (a + b) then, and the products that a Σ is over.
        """
        term = cast(Expr, with_decimals(term))
        if isinstance(term, Plus):
            return self._parts(term) if apart else self._terms(term)
        before, total, after = self._around_sum(term)
        if total is None and apart:
            before, total = self._over_denominator(term)
        if total is not None:
            first, *middle = self._parts(total) if apart else self._terms(total)
            opened = [before + self.OPEN + first, *middle]
            return [*opened[:-1], opened[-1] + self.CLOSE + after]
        if isinstance(term, Times):
            shown = self._shown(term.args)
            factors = [self._factor(f, last=f is shown[-1]) if f else self.DOTS for f in shown]
            return [factors[0], *(f"{self.DOT.lstrip()}{f}" for f in factors[1:])]
        if apart and isinstance(term, Sum) and len(term.args) == 2:
            first, *rest = self.pieces(cast(Expr, term.args[0]), apart=True)
            if rest and isinstance(term.args[0], Times):
                return [self.ranged("Sum", *term.args[1].args) + self.APPLIED + first, *rest]
        return [self._print(term)]

    def _around_sum(self, term: Expr) -> tuple[str, Plus | None, str]:
        """What stands before a sum in brackets, the sum, and what stands after it."""
        before, inner, after = "", term, ""
        if isinstance(term, Neg):
            before, inner = self.NEGATIVE, term.term
        elif isinstance(term, Sum) and len(term.args) == 2:
            before = self.ranged("Sum", *term.args[1].args) + self.APPLIED
            inner = cast(Expr, term.args[0])
        elif isinstance(term, Partial):
            body, variables = derivative_chain(term)
            before, inner = self.derivative("", variables) + self.APPLIED, body
            if isinstance(body, Neg | Sum):
                opened, closed = (self.OPEN, self.CLOSE) if isinstance(body, Neg) else ("", "")
                more, total, rest = self._around_sum(body)
                return before + opened + more, total, rest + closed
        elif isinstance(term, Times):
            factors = [cast(Expr, f) for f in term.args]
            *others, inner = factors
            before = "".join(self._factor(f, last=False) + self.SPACE for f in others)
        if isinstance(inner, Plus):
            return before, inner, after
        if inner is term or isinstance(term, Times | Partial) or negated(inner) is not None:
            return "", None, ""
        more, total, rest = self._around_sum(inner)
        return before + more, total, rest + after

    def _over_denominator(self, term: Expr) -> tuple[str, Plus | None]:
        """What stands before a sum that is over a denominator, when it is drawn out: 2/c of it."""
        if not isinstance(term, Quotient):
            return "", None
        top = term.numerator
        *others, inner = (cast(Expr, f) for f in (top.args if isinstance(top, Times) else (top,)))
        if not isinstance(inner, Plus):
            return "", None
        above = self._print(Times(*others) if len(others) > 1 else [*others, Integer(1)][0])
        return self.fraction(above, self._print(term.denominator)) + self.SPACE, inner

    def _parts(self, term: Plus) -> list[str]:
        """The terms of a sum with their signs, each in pieces itself."""
        out: list[str] = []
        for t, whole in zip(self._shown(term.args), self._terms(term), strict=True):
            body = None if t is None else negated(t) or t
            if not isinstance(body, Times | Quotient | Sum):
                out.append(whole)
                continue
            first, *rest = self.pieces(body, apart=True)
            positive = body is t
            sign = (self.PLUS if out else "") if positive else self.MINUS if out else self.NEGATIVE
            out += [sign.lstrip() + first, *rest] if rest else [whole]
        return out

    def _terms(self, term: Plus) -> list[str]:
        """The terms of a sum with their signs."""
        return [sign.lstrip() + body for sign, body in self._signed(term)]
