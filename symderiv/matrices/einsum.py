"""Einsum: an answer in index notation as NumPy's einsum, also where it has no matrix form.

Gives `einsum_of`.  Each term is a product of components, of whole arrays of functions and of
deltas; its letters are the signature.  What the letters of a sum bind inside a function stands as
an einsum in the place of its array.

Imports raising, code, graph and terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_letters
from typing import cast

from sympy import Expr, Indexed, KroneckerDelta, Symbol
from sympy.core.basic import Basic

from symderiv.matrices.code import numpy_of
from symderiv.matrices.graph import NoForm
from symderiv.matrices.raising import Factors, Raising
from symderiv.records import dataclass
from symderiv.terms import Neg, Plus, Quantity
from symderiv.terms.derived import derived
from symderiv.terms.problem import Problem, name_of


def einsum_of(problem: Problem, answer: Expr, letters: Sequence[Symbol]) -> str:
    """The answer as a NumPy expression with einsum, its axes the letters in their order.

    Raises
    ------
    NoForm
        where a factor is of more than two letters and no component, or has a name only here.
    """
    stages = frozenset(s.name for s in problem.stages)
    raising = Raising(problem, open=stages)
    raising.learn(answer)
    return _Writing(problem, raising, tuple(letters)).sum_of(answer)


@dataclass(frozen=True)
class _Writing:
    problem: Problem
    raising: Raising
    letters: tuple[Symbol, ...]

    def sum_of(self, answer: Expr) -> str:
        """The terms with their signs."""
        out = ""
        for term in answer.args if isinstance(answer, Plus) else (answer,):
            minus = isinstance(term, Neg)
            inner = term.term if isinstance(term, Neg) else term
            sign = (" - " if minus else " + ") if out else ("-" if minus else "")
            first, *more = self._terms(cast(Expr, inner), Factors())
            bracket = minus and more
            written = " + ".join([first, *more])
            out += sign + (f"({written})" if bracket else written)
        return out

    def _terms(self, term: Expr, found: Factors) -> list[str]:
        """A term, multiplied out where a bracket in it has more than two letters."""
        self.raising.opened(term, self.letters, found)
        for n, factor in enumerate(found.above):
            if isinstance(factor, Plus) and len(self.raising.free(factor)) > 2:
                rest = [*found.above[:n], *found.above[n + 1 :]]
                return [
                    written
                    for a in factor.args
                    for written in self._terms(
                        cast(Expr, a), Factors([*rest], [*found.below], [*found.bound])
                    )
                ]
        return [self._product(found)]

    def _product(self, found: Factors) -> str:
        numbers: list[str] = []
        inputs: list[str] = []
        operands: list[str] = []
        for factors, inverse in ((found.above, False), (found.below, True)):
            for factor in factors:
                own, code = self._operand(factor)
                code = f"1/({code})" if inverse else code
                if own:
                    inputs.append(self._signature(own, found.bound))
                    operands.append(code)
                else:
                    numbers.append(code if code.isidentifier() else f"({code})")
        named = {x for signature in inputs for x in signature}
        out = self._signature(self.letters, found.bound)
        for n, letter in enumerate(out):  # a letter that no factor has: ones along its axis
            if letter not in named:
                inputs.append(letter)
                operands.append(f"np.ones({self._length(self.letters[n])})")
        for letter in found.bound:
            if self._signature((letter,), found.bound) not in named:
                numbers.append(self._length(letter))
        product = f"np.einsum('{','.join(inputs)}->{out}', {', '.join(operands)})"
        if not inputs:
            return "*".join(numbers) if numbers else "1"
        return "*".join([*numbers, product])

    def _length(self, letter: Symbol) -> str:
        return numpy_of(self.raising.length(letter.name))

    def _signature(self, letters: Sequence[Basic], bound: Sequence[Symbol]) -> str:
        """One character a letter."""
        every = [*self.letters, *bound]
        if len(every) > len(ascii_letters):
            raise NoForm
        spare = iter(x for x in ascii_letters if x not in {str(s) for s in every})
        names: Mapping[Basic, str] = {s: str(s) if len(str(s)) == 1 else next(spare) for s in every}
        if any(x not in names for x in letters):
            raise NoForm
        return "".join(names[x] for x in letters)

    def _operand(self, factor: Expr) -> tuple[tuple[Basic, ...], str]:
        """The letters of a factor, and its array."""
        match factor:
            case KroneckerDelta():
                if not all(isinstance(a, Symbol) for a in factor.args):
                    raise NoForm
                return tuple(factor.args), f"np.eye({self._length(cast(Symbol, factor.args[0]))})"
            case Indexed() | Quantity() if self._is_given(factor):
                return tuple(factor.args[1:]), name_of(factor)
        own = self.raising.free(factor)
        if len(own) > 2:
            raise NoForm
        return own, numpy_of(self.raising.whole(factor, own))

    def _is_given(self, factor: Basic) -> bool:
        """Is it a component of a given array, at letters?"""
        plain = all(isinstance(i, Symbol) for i in factor.args[1:])
        name = name_of(factor)
        given = self.problem.definition(name) is None and derived(name) is None
        return plain and given and bool(factor.args[1:])
