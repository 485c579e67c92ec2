"""Logarithms in stable form: log p_i, log(1 - p_i), log Σ_k e^{z_k}, log(1 + x), and losses.

Gives `of_log`, the logarithm of a term, `losses`, -log p_y and -Σ_i y_i log p_i, and `divergence`.

To add a form: a place in `of_log`, and its identity in `identities`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import sympy
from sympy import Expr, Sum, Symbol

from symderiv.emit.made import log1p, log_cosh, log_sigmoid
from symderiv.emit.targets import is_target
from symderiv.terms import (
    ONE,
    Neg,
    Plus,
    Quantity,
    Quotient,
    function_of,
    plus,
    rebuild,
    sigmoid,
    softplus,
    times,
)
from symderiv.terms.factors import factored
from symderiv.terms.letters import free_letters, substitute

if TYPE_CHECKING:
    from symderiv.emit.stable import Stages


def of_log(stages: Stages, inner: Expr) -> Iterator[Expr]:
    """The stable forms of a logarithm."""
    if isinstance(inner, Quantity) and inner.name in stages.softmaxes:
        label, *batch = stages.over(inner)
        loss = stages.is_label(label, batch) and all(stages.is_letter(b) for b in batch)
        if loss:
            yield Neg(stages.make("label_loss", inner, label=label))
        yield stages.make("log_softmax", inner)
    elif isinstance(inner, Quantity) and inner.name in stages.sigmoids:
        indices, argument = stages.sigmoids[inner.name]
        moved = substitute(argument, dict(zip(indices, inner.indices, strict=True)))
        yield function_of(log_sigmoid, moved)
    elif isinstance(inner, sigmoid):
        yield function_of(log_sigmoid, *inner.args)
    elif isinstance(inner, sympy.cosh):
        yield function_of(log_cosh, *inner.args)
    elif isinstance(inner, Quantity):
        stage = stages.problem.definition(inner.name)
        if stage is not None and isinstance(stage.body, Sum):
            yield from of_log(stages, stage.at(inner))
    elif isinstance(inner, Sum) and len(inner.args) == 2 and isinstance(inner.args[0], sympy.exp):
        yield _logsumexp(stages, inner)
    elif isinstance(inner, Quotient) and any(
        isinstance(t, Quantity) and t.name in stages.softmaxes for t in inner.args
    ):
        top, bottom = inner.numerator, inner.denominator
        yield plus(function_of(sympy.log, top), Neg(function_of(sympy.log, bottom)))
    elif isinstance(inner, Plus) and ONE in inner.args and len(inner.args) == 2:
        other_p = next((t.term for t in inner.args if isinstance(t, Neg)), None)
        if isinstance(other_p, Quantity) and other_p.name in stages.softmaxes:
            yield stages.make("log_complement", other_p)
        (rest,) = (t for t in cast("tuple[Expr, ...]", inner.args) if t != 1)
        other = stages.stable(inner)
        if isinstance(other, sigmoid):
            yield function_of(log_sigmoid, *other.args)
        elif isinstance(rest, sympy.exp):
            yield function_of(softplus, *rest.args)
        else:
            yield function_of(log1p, rest)


def _logsumexp(stages: Stages, inner: Sum) -> Expr:
    k = cast(Symbol, inner.args[1].args[0])
    argument = cast(Expr, inner.args[0].args[0])
    batch = tuple(
        s for s in sorted(free_letters(argument), key=str) if stages.is_letter(s) and s != k
    )
    made = stages.add("logsumexp", "logsumexp", batch, (argument,), ((*batch, k),))
    return Quantity(Symbol(made), *batch)


def divergence(stages: Stages, term: Sum) -> Iterator[Expr]:
    """Σ_i q_i log(q_i/p_i) with Σ_i q_i = 1, as Σ_i q_i log q_i - Σ_i q_i log p_i."""
    view = factored(cast(Expr, term.args[0]))
    for log in [b for b, e in view.powers.items() if isinstance(b, sympy.log) and e == 1]:
        ratio = log.args[0]
        if not isinstance(ratio, Quotient) or len(term.args) != 2:
            continue
        q, p = ratio.numerator, ratio.denominator
        if view.powers != {q: ONE, log: ONE} or view.coefficient != 1:
            continue
        crossed = Neg(cast(Expr, rebuild(term, (times(q, sympy.log(p)), *term.args[1:]))))
        for loss in losses(stages, crossed.term):
            own = times(q, function_of(sympy.log, q))
            yield plus(cast(Expr, rebuild(term, (own, *term.args[1:]))), loss)


def losses(stages: Stages, term: Expr) -> Iterator[Expr]:
    """-log p_y, and -Σ_i y_i log p_i where Σy = 1."""
    if isinstance(term, sympy.log) and isinstance(p := term.args[0], Quantity):
        if p.name in stages.softmaxes:
            label, *batch = stages.over(p)
            if stages.is_label(label, batch) and all(stages.is_letter(b) for b in batch):
                yield stages.make("label_loss", p, label=label)
    elif isinstance(term, Sum) and isinstance(term.args[0], sympy.log):
        for found in losses(stages, cast(Expr, term.args[0])):
            yield cast(Expr, rebuild(term, (found, *term.args[1:])))
    elif isinstance(term, Quotient):
        for found in losses(stages, term.numerator):
            yield Quotient(found, term.denominator)
    elif isinstance(term, Sum) and len(term.args) == 2:
        view = factored(cast(Expr, term.args[0]))
        logs = [b for b in view.powers if isinstance(b, sympy.log)]
        if len(logs) == 1 and view.powers.pop(logs[0]) == 1:
            p, target = logs[0].args[0], view.term()
            if isinstance(p, Quantity) and p.name in stages.softmaxes:
                k, _, size = term.args[1].args
                if stages.over(p)[0] == k and is_target(stages, target, p, cast(Expr, size)):
                    yield stages.make("target_loss", p, label=target)
