"""Pretenders: terms that are 1 nearly everywhere, each with a place where it is not.

Gives `Pretender`, `PRETENDERS` and `fitted`, which puts the names of a formula into one.  A claim
made with one is right wherever somebody looks who does not look there.

In a term S is a scalar, V an array over K, K and N sizes, I and J letters of the answer, T and R
labels, Y an array of labels over N.  To add one: a line.  Imports points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from tests.opponent.points import Place


@dataclass(frozen=True)
class Pretender:
    """`place` by the names in the term: a number for each; sizes and letters are whole."""

    kind: str
    term: str
    place: Mapping[str, float] = field(default_factory=dict)
    style: str = ""
    hole: bool = False  # it has no value at the place, on an open set
    assume: str = ""  # what is declared with it, and does not help


def far(term: str, at: float) -> Pretender:
    return Pretender("far", term, {"S": at})


def hole(term: str, **place: float) -> Pretender:
    return Pretender("domain", term, place, hole=True)


def declared(term: str, assume: str, style: str = "", **place: float) -> Pretender:
    return Pretender("declared", term, place, style, assume=assume)


PRETENDERS = (
    Pretender("later sizes", "(1 + (K-1)*(K-2)*(K-3))", {"K": 4}),
    Pretender("later sizes", "(1 + (K-1)*(K-2)*(K-3)*(K-4))", {"K": 5}),
    Pretender("later sizes", "(1 + (K-1)*(K-2)*(K-3)*(K-4)*(K-5))", {"K": 6}),
    Pretender("later sizes", "(1 + prod(K - k, (k, 1, 4)))", {"K": 5}),
    Pretender("later sizes", "(1 + iverson(K == 7))", {"K": 7}),
    Pretender("later sizes", "iverson(K < 8)", {"K": 8}),
    Pretender("later sizes", "(1 + iverson(K > 5)*(K-3))", {"K": 6}),
    Pretender("later sizes", "(1 + iverson(K == 11))", {"K": 11}),
    Pretender("later sizes", "(1 + iverson(K == N + 3))", {"K": 4, "N": 1}),
    Pretender("later sizes", "(1 + iverson(K > N + 4))", {"K": 7, "N": 2}),
    Pretender("later sizes", "(1 + iverson(K*N == 12))", {"K": 4, "N": 3}),
    Pretender("later letters", "(1 + iverson(J == 6))", {"J": 6, "K": 7}),
    Pretender("later letters", "(1 + prod(J - k, (k, 1, 6)))", {"J": 7, "K": 7}),
    Pretender("later letters", "(1 + iverson(J > 3)*iverson(K == 5))", {"J": 4, "K": 5}),
    Pretender("later letters", "(1 + iverson(J == I + 3))", {"I": 1, "J": 4, "K": 5}),
    Pretender("later letters", "(1 + iverson(T == 5))", {"T": 5, "K": 6}),
    Pretender("equal sizes", "(1 + iverson(N == K))", {"K": 2, "N": 2}),
    Pretender("equal sizes", "(1 + iverson(N == K)*(K-1))", {"K": 3, "N": 3}),
    Pretender("equal sizes", "iverson(N != K)", {"K": 3, "N": 3}),
    Pretender("sign", "sign(S)", {"S": -2}),
    Pretender("sign", "abs(S)/S", {"S": -2}),
    Pretender("sign", "sqrt(S**2)/S", {"S": -2}),
    Pretender("sign", "(S**2)**(1/2)/S", {"S": -3}),
    Pretender("sign", "(S**4)**(1/4)/S", {"S": -3}),
    Pretender("sign", "(1 + relu(-S))", {"S": -1}),
    Pretender("sign", "max(S, -S)/S", {"S": -1}),
    Pretender("sign", "abs(S**3)/S**3", {"S": -1}),
    Pretender("sign", "sign(S**K)", {"S": -2, "K": 3}),
    Pretender("sign", "abs(S**K)/S**K", {"S": -2, "K": 1}),
    Pretender("sign", "(1 + sum(abs(S**k) - S**k, (k, 1, K)))", {"S": -2, "K": 2}),
    Pretender("sign", "sqrt(S**(2*K))/S**K", {"S": -2, "K": 1}),
    far("sign(S + 1000)", -2000),
    far("iverson(S < 1000)", 1500),
    far("(1 + relu(S - 10000))", 20000),
    far("iverson(abs(S) < 10000000)", 1e8),
    far("iverson(S**2 < 1000000000000)", 1e7),
    far("(1 + max(0, -S - 100000))", -1e6),
    Pretender("tiny", "(1 + 1e-30)"),
    Pretender("tiny", "(1 + 1e-45)"),
    Pretender("tiny", "(1 - 1e-30)**2"),
    Pretender("letters", "(1 + delta(I,J))", {"I": 1, "J": 1, "K": 2}),
    Pretender("letters", "(1 - delta(I,J))", {"I": 2, "J": 2, "K": 2}),
    Pretender("letters", "iverson(I != J)", {"I": 1, "J": 1, "K": 1}),
    Pretender("letters", "(1 + iverson(J == K))", {"J": 3, "K": 3}),
    Pretender("letters", "iverson(J <= 4)", {"J": 5, "K": 5}),
    Pretender("letters", "(1 + iverson(J == 1))", {"J": 1}),
    Pretender("labels", "(1 + iverson(T == R))", {"T": 1, "R": 1}),
    Pretender("labels", "(1 + delta(T,J))", {"T": 2, "J": 2, "K": 2}),
    Pretender("labels", "iverson(T != R)", {"T": 1, "R": 1}),
    Pretender("labels", "(1 + prod(iverson(Y[n] == 1), (n, 1, N)))", {"K": 1}),
    Pretender("labels", "(1 + prod(iverson(Y[n] == 2), (n, 1, N)))", {"K": 2, "N": 1}),
    Pretender("labels", "(1 + iverson(Y[1] == 2)*iverson(Y[2] == 2))", {"K": 2, "N": 2}),
    Pretender("labels", "(1 + iverson(Y[1] == Y[2]))", {"K": 2, "N": 2}),
    Pretender("boundary", "(1 + iverson(S == 0))", {"S": 0}),
    Pretender("boundary", "iverson(S != 0)", {"S": 0}),
    Pretender("boundary", "sign(S)**2", {"S": 0}),
    Pretender("boundary", "(iverson(S > 0) + iverson(S < 0))", {"S": 0}),
    Pretender("boundary", "iverson(abs(S) > 0)", {"S": 0}),
    Pretender("boundary", "iverson(sqrt(S**2) > 0)", {"S": 0}),
    Pretender("boundary", "iverson(S**2 > 0)", {"S": 0}),
    Pretender("boundary", "iverson(relu(S) + relu(-S) > 0)", {"S": 0}),
    Pretender("boundary", "(1 + iverson(S == 7))", {"S": 7}),
    Pretender("boundary", "(iverson(S > 1/3) + iverson(S < 1/3))", {"S": 1 / 3}),
    Pretender("boundary", "(iverson(S >= 1) + iverson(S <= 1))", {"S": 1}),
    Pretender("integers", "cos(2*pi*S)", {"S": 0.25}),
    Pretender("integers", "(1 + sin(pi*S))", {"S": 0.5}),
    Pretender("components", "abs(V[1])/V[1]", style="negative"),
    Pretender("components", "prod(sign(V[k]), (k, 1, K))", {"K": 1}, style="negative"),
    Pretender("components", "(1 + iverson(V[1] < 0))", style="negative"),
    Pretender("components", "sum(abs(V[k]), (k, 1, K))/sum(V[k], (k, 1, K))", style="negative"),
    Pretender("ties", "sum(iverson(V[k] == max(V[l], (l, 1, K))), (k, 1, K))", {"K": 2}, "ties"),
    Pretender("ties", "(1 + iverson(V[1] == V[2]))", {"K": 2}, "ties"),
    Pretender(
        "ties", "(1 + iverson(K > 1)*iverson(max(V[k], k) == min(V[k], k)))", {"K": 2}, "ties"
    ),
    Pretender("range", "sum(iverson(k == 3), (k, 1, K))", {"K": 2}),
    Pretender("range", "sum(delta(k,2), (k, 1, K))", {"K": 1}),
    Pretender("range", "sum(iverson(k > 1), (k, 1, K))/(K-1)", {"K": 1}),
    Pretender("range", "(1 + prod(iverson(k < 4), (k, 1, K)) - iverson(K < 5))", {"K": 4}),
    hole("exp(log(S))/S", S=-2),
    hole("log(S**2)/(2*log(S))", S=-2),
    hole("(1 + sqrt(S) - sqrt(S))", S=-2),
    hole("(1 + log(S) - log(S))", S=-2),
    hole("sqrt(S)**2/S", S=-2),
    hole("S**(1/2)*S**(-1/2)", S=-2),
    hole("(1 + 0*log(S))", S=-2),
    hole("(1 + 1/sin(pi) - 1/sin(pi))"),
    hole("(1 + tan(pi/2) - tan(pi/2))"),
    hole("(1 + 0*log(-exp(S)))", S=1),
    hole("(K - 1)/(K - 1)", K=1),
    hole("(K - 2)/(K - 2)", K=2),
    hole("sum(V[k], (k, 2, K))/sum(V[k], (k, 2, K))", K=1),
    hole("(V[I] - V[J])/(V[I] - V[J])", I=1, J=1, K=2),
    hole("(1 + sum(log(V[k]) - log(V[k]), (k, 1, K)))", K=1),
    declared("sign(V[2])", "V[1] > 0", style="negative", K=2),
    declared("abs(V[2])/V[2]", "V[1] > 0", style="negative", K=2),
    declared("iverson(V[1] > 0)", "V[2] > 0", style="negative", K=2),
    declared("sign(S)", "S >= 0", S=0),
    declared("sign(S)", "S > -1", S=-0.5),
    declared("iverson(V[1] > 0)", "V[k] >= 0", style="zeros"),
    declared("S/2", "S**2 = 4", S=-2),
    declared("(S + 2)/3", "S**2 = 1", S=-1),
    declared("(1 + iverson(V[1] == 0))", "sum(V[k], k) = 0", K=1),
    declared("(1 + relu(S - 5))", "S > 2", S=6),
)
SIZES, WHOLE = ("K", "N"), ("I", "J", "T", "R")
WORD = re.compile(r"\b[SVKNIJTRY]\b")


def needs(pretender: Pretender) -> set[str]:
    return set(WORD.findall(f"{pretender.term} {pretender.assume}"))


def fitted(
    pretender: Pretender, names: Mapping[str, tuple[str, ...]], random: Random
) -> tuple[str, Place, tuple[str, ...]] | None:
    """The term with names of a formula put in, the place, the fact; None where it lacks a name.

    Two letters or two labels get different names.
    """
    chosen: dict[str, str] = {}
    for word in sorted(needs(pretender)):
        left = [n for n in names.get(word, ()) if n not in chosen.values()]
        if not left:
            return None
        chosen[word] = random.choice(left)

    def put(text: str) -> str:
        return WORD.sub(lambda m: chosen[m.group()], text)

    sizes: dict[str, int] = {}
    values: dict[tuple[str, ...], float] = {}
    letters: dict[str, int] = {}
    for word, value in pretender.place.items():
        if word in SIZES:
            for name in [chosen[word]] if word in chosen else names.get(word, ()):
                sizes[name] = int(value)
        elif word in WHOLE:
            letters[chosen[word]] = int(value)
        else:
            values[(chosen[word],)] = value
    assume = (put(pretender.assume),) if pretender.assume else ()
    return put(pretender.term), Place(pretender.style, sizes, values, letters), assume
