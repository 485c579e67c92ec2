"""Expressions: the whitelisting walk from Python's `ast` to held terms.

Gives `Expressions`, whose `term(node, scope)` reads one formula, and `of_scalars`, a text read
alone.  What the walk does not name is refused.  Terms are kept as written: `a - b` is
Plus(a, Neg(b)), `-2*x` is Neg(Times(2, x)).

An elementwise function is a file of `elementwise`; a catalogue function is a text; to add a binder,
see binders.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import lru_cache
from typing import cast

import sympy
from sympy import Expr, Indexed, Symbol

from symderiv.elementwise import NAMED, Defined
from symderiv.reader.axes import Axes
from symderiv.reader.binders import bind, extreme
from symderiv.reader.calls import Calls
from symderiv.reader.conditions import delta_of, iverson_of, where_of
from symderiv.reader.constants import quotient, within
from symderiv.reader.functions import RESERVED, miscounted, unknown_function
from symderiv.reader.inverses import derived_of
from symderiv.reader.literals import number, power
from symderiv.reader.names import ARRAY, LETTER, SCALAR, SIZE, STAGE, Names
from symderiv.reader.refusal import Source
from symderiv.reader.scan import BINDERS, called, own_letters, slots
from symderiv.reader.scope import Closure, Index, Scope, unbound
from symderiv.reader.subscripts import index_of
from symderiv.terms import D, Neg, Quantity, function_of, plus, size, times
from symderiv.terms.derived import FUNCTIONS as DERIVED
from symderiv.terms.factors import tidy
from symderiv.terms.letters import free_letters, substitute

DEEPEST_TERM = 100
MOST_NODES = 20_000


class Expressions:
    """Reads formulas over one set of names; `calls` brings in catalogue functions."""

    def __init__(self, names: Names, calls: Calls) -> None:
        self.names = names
        self.calls = calls
        self.ahead: frozenset[str] = frozenset()  # free letters of what is read
        self.derivatives = False  # may they stand in it, partial(L, z[j])?
        self.walked = 0
        self.deep = 0
        # arguments that are numbers, each read once however often its formal name stands
        self._numbers: dict[int, tuple[Closure, Expr]] = {}
        # arguments that are arrays, at the letters at which they were read
        self._arrays: dict[int, tuple[Closure, tuple[Index, ...], Expr]] = {}

    def term(self, node: ast.expr, scope: Scope) -> Expr:
        """The held term that a formula stands for."""
        self.walked += 1
        if self.walked > MOST_NODES:
            raise scope.refuse(node, f"the formula has more than {MOST_NODES} terms")
        if self.deep >= DEEPEST_TERM:
            raise scope.refuse(node, f"the formula is nested deeper than {DEEPEST_TERM}")
        self.deep += 1
        try:
            return self._term(node, scope)
        finally:
            self.deep -= 1

    def _term(self, node: ast.expr, scope: Scope) -> Expr:
        match node:
            case ast.Constant():
                return number(node, scope)
            case ast.Name():
                return self.name(node, scope)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Neg(self.term(operand, scope))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.term(operand, scope)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self._sum(node, scope)
            case ast.BinOp(op=ast.Mult() | ast.Div()):
                return self._product(node, scope)
            case ast.BinOp(op=ast.Pow(), left=base, right=exponent):
                return power(self.term(base, scope), self.term(exponent, scope), scope, node)
            case ast.Subscript(value=ast.Name()):
                return self._component(node, scope)
            case ast.Subscript(value=ast.Call() as call) if called(call):
                return self._call_component(node, call, scope)
            case ast.Call():
                return self._call(node, scope)
            case ast.Compare():
                raise scope.refuse(node, "a comparison stands only in iverson(x > 0)")
            case ast.Tuple():
                raise scope.refuse(node, "a range (k, 1, K) stands only after the body of a sum")
            case _:
                raise scope.refuse(node, "this is not in the formula language")

    # -- arithmetic ----------------------------------------------------------------------------

    def _sum(self, node: ast.expr, scope: Scope) -> Expr:
        later: list[tuple[bool, ast.expr]] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            later.append((isinstance(node.op, ast.Sub), node.right))
            node = node.left
        terms = [self.term(node, scope)]
        for negative, right in reversed(later):
            term = self.term(right, scope)
            terms.append(Neg(term) if negative else term)
        return plus(*terms)

    def _product(self, node: ast.BinOp, scope: Scope) -> Expr:
        # a left operand that starts further right than the product stands in brackets
        first: ast.expr = node
        later: list[tuple[ast.operator, ast.expr]] = []
        while (
            isinstance(first, ast.BinOp)
            and isinstance(first.op, ast.Mult | ast.Div)
            and first.col_offset == node.col_offset
        ):
            later.append((first.op, first.right))
            first = first.left
        negative = (
            isinstance(first, ast.UnaryOp)
            and isinstance(first.op, ast.USub)
            and first.col_offset == node.col_offset
        )
        if negative:
            assert isinstance(first, ast.UnaryOp)
            first = first.operand
        if sum(isinstance(op, ast.Div) for op, _ in later) > DEEPEST_TERM:
            raise scope.refuse(node, f"more than {DEEPEST_TERM} quotients in a row")
        term = self.term(first, scope)
        for op, right in reversed(later):
            other = self.term(right, scope)
            if isinstance(op, ast.Mult):
                term = times(term, other)
            else:
                term = quotient(term, other, scope, right)
        return Neg(term) if negative else term

    # -- names and components ------------------------------------------------------------------

    def name(self, node: ast.Name, scope: Scope) -> Expr:
        """A bare name: a scalar, a size, pi, a scalar stage, or a bound letter as a number."""
        name, names = node.id, self.names
        if name in scope.letters:
            return scope.letters[name].expr
        if name in scope.formals:
            return self.formal(node, (), scope)
        if name in scope.stages:
            return scope.stages[name]((), scope, node)
        if name in scope.sizes:
            return names.axes.placeholder(scope.sizes[name])
        if name == "pi":
            return sympy.pi
        if name in RESERVED:
            raise scope.refuse(node, f"{name!r} is a function; write {name}(...)")
        names.defined_later(name, scope, node)
        rank = names.rank(name)
        if scope.implicit is not None and rank:
            return names.whole(name, scope.implicit, scope, node)
        role = names.roles.get(name)
        if role == STAGE and rank == 0:
            return names.component(name, (), scope, node)
        if role == SIZE:
            return size(name)
        known = scope.compared or names.closed or name in self.ahead
        if (role == LETTER and known) or (role is None and name in self.ahead):
            return scope.free(node, scope).expr  # a letter as its value: [j > i], i x_i
        if role in (STAGE, ARRAY) or rank:
            raise scope.refuse(node, f"{name!r} has indices; write {names.example(name)}")
        names.declare(name, SCALAR, scope, node)
        return sympy.Symbol(name)

    def _component(self, node: ast.Subscript, scope: Scope) -> Expr:
        assert isinstance(node.value, ast.Name)
        name = node.value.id
        indices = self.indices(slots(node), scope)
        if name in scope.formals:
            return self.formal(node.value, indices, scope)
        if name in scope.stages:
            return scope.stages[name](indices, scope, node)
        return self.names.component(name, indices, scope, node)

    def indices(self, nodes: tuple[ast.expr, ...], scope: Scope) -> tuple[Index, ...]:
        """The indices of a component; ':' stands for those of the argument it is in."""
        sliced = [node for node in nodes if isinstance(node, ast.Slice)]
        waiting = list(scope.implicit or ())
        if sliced and len(sliced) != len(waiting):
            raise scope.refuse(
                sliced[0], "':' stands for an index in an argument, as in softmax(z[n,:])[i]"
            )
        return tuple(
            waiting.pop(0) if isinstance(node, ast.Slice) else index_of(self, node, scope)
            for node in nodes
        )

    def argument(self, closure: Closure) -> Expr:
        """The number that an argument is."""
        found = self._numbers.get(id(closure))
        if found is None:  # kept with its closure, so that no other one has its id
            found = closure, self.term(closure.node, closure.scope)
            self._numbers[id(closure)] = found
        return found[1]

    def known_as(self, closure: Closure, term: Expr) -> None:
        """From now on the argument is that term, a stage that says the same."""
        self._numbers[id(closure)] = closure, term

    def formal(self, node: ast.Name, indices: tuple[Index, ...], scope: Scope) -> Expr:
        """The argument that stands for a formal name, at these indices."""
        closure = scope.formals[node.id]
        if closure.rank != len(indices):
            raise scope.refuse(node, f"{node.id!r} has {closure.rank} indices, not {len(indices)}")
        if not indices:
            return self.argument(closure)
        inner = replace(closure.scope, implicit=indices)
        bare = closure.node
        if isinstance(bare, ast.Name) and bare.id not in inner.letters:
            if bare.id in inner.formals:
                return self.formal(bare, indices, inner)
            if bare.id in inner.stages:
                return inner.stages[bare.id](indices, inner, bare)
            return self.names.whole(bare.id, indices, inner, bare)
        known = self._elsewhere(closure, indices)
        if known is not None:
            return known
        term = self.term(closure.node, inner)
        wanted = {letter for index in indices for letter in free_letters(index.expr)}
        if not wanted <= free_letters(term):
            right = "write an array as z[:], a row of a matrix as z[t,:]"
            raise closure.scope.refuse(closure.node, f"this argument has no index here; {right}")
        if _are_letters(indices) and not closure.holds({str(i.expr) for i in indices}):
            self._arrays[id(closure)] = closure, indices, term
        return term

    def _elsewhere(self, closure: Closure, indices: tuple[Index, ...]) -> Expr | None:
        """An array argument at other letters than those at which it was read, over their axes."""
        found = self._arrays.get(id(closure))
        if found is None or not _are_letters(indices):
            return None
        _, at, term = found
        place = closure.scope.place(closure.node)
        for there, here in zip(at, indices, strict=True):
            self.names.axes.join(cast(int, there.axis), cast(int, here.axis), *place)
        letters = zip((i.expr for i in at), (i.expr for i in indices), strict=True)
        return substitute(term, dict(letters))

    # -- calls ---------------------------------------------------------------------------------

    def _call(self, node: ast.Call, scope: Scope) -> Expr:
        name = called(node)
        if not name:
            raise scope.refuse(node, "only a function that has a name is called, as in exp(x)")
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            raise scope.refuse(node, "arguments have no names")
        if name in self.calls.shadowed:
            raise scope.refuse(node, f"{name!r} is a stage; its components are written with [ ]")
        if name in ("max", "min") and not own_letters(node):
            return extreme(self, node, scope)
        if name in BINDERS:
            return bind(self, node, scope)
        if name == "delta":
            return delta_of(self, node, scope)
        if name == "iverson":
            return iverson_of(self, node, scope)
        if name in DERIVED:
            return derived_of(self, node, (), scope)
        if name == "partial" and self.derivatives and len(node.args) == 2:
            body, variable = (self.term(arg, scope) for arg in node.args)
            if not isinstance(variable, Indexed | Quantity | Symbol):
                raise scope.refuse(node.args[1], "a derivative is by a variable, z[j] or x")
            return D(body, variable)
        if name == "where":
            return where_of(self, node, scope)
        if name in NAMED:
            return self._elementwise(name, node, scope)
        if name in self.calls.known:
            return self.calls.expand(self, node, scope, None)
        beside = name in self.names.roles or name in self.names.ranks
        raise scope.refuse(node, unknown_function(name, self.calls.functions, beside=beside))

    def _elementwise(self, name: str, node: ast.Call, scope: Scope) -> Expr:
        """A function of one number: as written, or as the formula that defines it."""
        function = NAMED[name]
        if said := miscounted(name, len(node.args)):
            raise scope.refuse(node, said)
        given = [self.term(arg, scope) for arg in node.args]
        missing = len(function.arguments) - len(given)
        given += map(of_scalars, function.defaults[len(function.defaults) - missing :])
        within(function, name, given[0], scope, node.args[0])
        if not isinstance(function, Defined):
            return function_of(function.head, given[0])
        values = dict(zip(map(Symbol, function.arguments), given, strict=True))
        numbers = {a: x for a, x in values.items() if x.is_number}
        formula = of_scalars(function.formula)
        return substitute(tidy(substitute(formula, numbers)) if numbers else formula, values)

    def _call_component(self, node: ast.Subscript, call: ast.Call, scope: Scope) -> Expr:
        name = called(call)
        if name in DERIVED:
            return derived_of(self, call, self.indices(slots(node), scope), scope)
        if name not in self.calls.known or name in self.calls.shadowed:
            self._call(call, scope)  # refuses an unknown function
            raise scope.refuse(node, f"the value of {name} has no index; write {name}(x[i])")
        return self.calls.expand(self, call, scope, self.indices(slots(node), scope))


def _are_letters(indices: tuple[Index, ...]) -> bool:
    """Are these letters that run over axes, none of them twice?"""
    letters = {i.expr for i in indices if isinstance(i.expr, Symbol) and i.axis is not None}
    return len(letters) == len(indices)


@lru_cache(maxsize=1024)
def of_scalars(text: str) -> Expr:
    """The term of a text in which every name is a scalar, such as the formula of a function."""
    reader = Expressions(Names(Axes()), Calls({}))
    tree = ast.parse(text, mode="eval").body
    return reader.term(tree, Scope(Source(text), unbound))
