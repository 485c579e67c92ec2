"""Derivations written by hand, for the tests of pages: what the page shows is known exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Eq, Expr, Integer, Ne, Symbol

from symderiv.derivation import Case, Derivation, Step
from symderiv.documents.blocks import Numbers, Page
from symderiv.documents.page import page
from symderiv.rules.order import RULES
from symderiv.terms import (
    D,
    Neg,
    Plus,
    Power,
    Quantity,
    Quotient,
    Times,
    component,
    delta,
    exp,
    letter,
    log,
    size,
    summation,
)
from symderiv.terms.problem import Definition, Fact, Problem
from symderiv.terms.verdict import Strength, Verdict

i, j, k = (letter(s) for s in "ijk")
K = size("K")


def z(index: object) -> Expr:
    return component("z", index)


def y(index: object) -> Expr:
    return component("y", index)


def p(index: object) -> Quantity:
    return Quantity(Symbol("p"), index)


def steps(start: Expr, *lines: tuple[str, Expr, Verdict]) -> tuple[Step, ...]:
    """Steps from each line to the next, by a rule of the register or one with these words."""
    made: list[Step] = []
    before = start
    for rule, after, verdict in lines:
        known = RULES.get(rule)
        words, laws = (rule, ()) if known is None else (known.name, known.laws)
        identifier = "definition" if words.startswith("definition of") else rule.replace(" ", "-")
        made.append(Step(before, words, laws, after, verdict, (identifier,)))
        before = after
    return tuple(made)


PROVED = Verdict(Strength.PROVED)
S = summation(exp(z(k)), k, K)
E, F = exp(z(i)), exp(z(j))
SOFTMAX_PROBLEM = Problem(
    p(i), (z(j),), (Definition(p(i), Quotient(E, S)),), (), {"z": (K,), "p": (K,)}, {i: K, j: K}
)
SOFTMAX = Derivation(
    "softmax-jacobian",
    "The Jacobian of softmax",
    SOFTMAX_PROBLEM,
    D(p(i), z(j)),
    steps(
        D(p(i), z(j)),
        ("definition of p", D(Quotient(E, S), z(j)), PROVED),
        (
            "quotient-rule",
            Quotient(Plus(Times(D(E, z(j)), S), Neg(Times(E, D(S, z(j))))), Power(S, 2)),
            PROVED,
        ),
        (
            "derivative-of-exp",
            Quotient(
                Plus(
                    Times(delta(i, j), E, S),
                    Neg(Times(E, summation(Times(delta(j, k), exp(z(k))), k, K))),
                ),
                Power(S, 2),
            ),
            PROVED,
        ),
        (
            "sifting",
            Quotient(Plus(Times(delta(i, j), E, S), Neg(Times(E, F))), Power(S, 2)),
            PROVED,
        ),
        (
            "common-factor",
            Times(Quotient(E, S), Plus(delta(i, j), Neg(Quotient(F, S)))),
            PROVED,
        ),
        ("definition of p", Times(p(i), Plus(delta(i, j), Neg(p(j)))), PROVED),
    ),
)


def _ones(count: int) -> Expr:
    return Plus(*(exp(z(Integer(a))) for a in range(1, count + 1)))


def softmax_entry(order: int) -> Derivation:
    """The diagonal entry, sums written out."""
    one = Integer(1)
    total, above = _ones(order), exp(z(one))
    start = D(p(one), z(one))
    shares = Quotient(above, total)
    return Derivation(
        "softmax-diagonal",
        "The diagonal entry",
        SOFTMAX_PROBLEM,
        start,
        steps(
            start,
            ("definition of p", D(shares, z(one)), PROVED),
            (
                "quotient-rule",
                Quotient(
                    Plus(Times(D(above, z(one)), total), Neg(Times(above, D(total, z(one))))),
                    Power(total, 2),
                ),
                PROVED,
            ),
            (
                "derivative-of-exp",
                Quotient(Plus(Times(above, total), Neg(Times(above, above))), Power(total, 2)),
                PROVED,
            ),
            (
                "splitting-the-fraction",
                Plus(shares, Neg(Times(shares, shares))),
                PROVED,
            ),
            ("definition of p", Times(p(one), Plus(1, Neg(p(one)))), PROVED),
        ),
    )


LOSS = Quantity(Symbol("L"))
SUM_OF_TARGETS = Fact(Eq(summation(y(i), i, K), 1, evaluate=False))
SUM_OF_SHARES = Fact(Eq(summation(p(i), i, K), 1, evaluate=False), proved=True)
CROSS_ENTROPY = Derivation(
    "cross-entropy-gradient",
    "The gradient of cross-entropy",
    Problem(
        LOSS,
        (z(j),),
        (
            Definition(p(i), Quotient(E, S)),
            Definition(LOSS, Neg(summation(Times(y(i), log(p(i))), i, K))),
        ),
        (SUM_OF_TARGETS,),
        {"z": (K,), "y": (K,), "p": (K,)},
        {j: K},
    ),
    D(LOSS, z(j)),
    steps(
        D(LOSS, z(j)),
        (
            "chain rule",
            summation(Times(D(LOSS, p(i)), D(p(i), z(j))), i, K),
            PROVED,
        ),
        (
            "derivative-of-log",
            Neg(summation(Times(Quotient(y(i), p(i)), D(p(i), z(j))), i, K)),
            PROVED,
        ),
        (
            "the Jacobian of softmax",
            Neg(summation(Times(Quotient(y(i), p(i)), p(i), Plus(delta(i, j), Neg(p(j)))), i, K)),
            PROVED,
        ),
        (
            "sifting",
            Plus(Times(p(j), summation(y(i), i, K)), Neg(y(j))),
            PROVED,
        ),
        (
            "the targets sum to one",
            Plus(p(j), Neg(y(j))),
            Verdict(Strength.PROVED, (SUM_OF_TARGETS,)),
        ),
    ),
    lemmas=(SOFTMAX,),
    exceptions=("Where a target is zero its term is taken as 0, whatever the probability.",),
)

CASES = (
    (Times(p(i), Plus(1, Neg(p(i)))), Eq(i, j, evaluate=False)),
    (Neg(Times(p(i), p(j))), Ne(i, j, evaluate=False)),
)


def softmax_3(order: int = 3) -> Derivation:
    """The Jacobian at a chosen size: an entry worked, the cases, the matrix."""
    kinds = (({i: 1, j: 1}, 0), ({i: 1, j: 2}, 1))
    worked = tuple(
        Case(kind, softmax_entry(order) if same == 0 else other_entry(), *CASES[same])
        for kind, same in kinds
    )
    return replace(SOFTMAX, cases=worked, axes=(i, j), sizes={K: order}, steps=SOFTMAX.steps[-1:])


def other_entry() -> Derivation:
    """An entry off the diagonal, in one line."""
    start = D(p(Integer(1)), z(Integer(2)))
    answer = Neg(Times(p(Integer(1)), p(Integer(2))))
    lines = steps(start, ("quotient rule, vanishing terms", answer, PROVED))
    return Derivation("", "", SOFTMAX_PROBLEM, start, lines)


NUMBERS = Numbers(
    "At these logits",
    (
        (Symbol("z"), (1.0, 2.0, 3.0)),
        (Symbol("p"), (0.09003057317038046, 0.24472847105479767, 0.6652409557748219)),
        (
            "J",
            (
                (0.08192506906499324, -0.022033044520174298, -0.05989202454481894),
                (-0.022033044520174298, 0.18483644650997874, -0.16280340198980444),
                (-0.05989202454481894, -0.16280340198980444, 0.2226954265346234),
            ),
        ),
    ),
)

COMMAND = "symderiv jacobian --k 3 --at 1,2,3"


def softmax_page(**options: object) -> Page:
    """Everything that a page can hold."""
    return page(softmax_3(), numbers=NUMBERS, command=COMMAND, **options)  # type: ignore[arg-type]


def all_pages() -> Sequence[tuple[str, Page]]:
    """Pages with a name each."""
    return (
        ("softmax", page(SOFTMAX, command="symderiv jacobian softmax")),
        ("softmax-3", softmax_page()),
        ("softmax-100", page(softmax_3(100), style="cases")),
        ("cross-entropy", page(CROSS_ENTROPY, command="symderiv gradient cross-entropy")),
        ("cross-entropy-full", page(CROSS_ENTROPY, detail="full")),
        ("softmax-brief", page(SOFTMAX, detail="brief")),
    )
