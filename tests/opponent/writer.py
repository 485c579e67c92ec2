"""Writers: random terms of the formula language, over arrays of fixed shapes.

Gives `Writer` and `Scope`.  z, c, q are over K; x over N; W over N and K; A over K and K; a, b, s
are scalars; t and r labels on K, y an array of labels.  Letters i j k l run over K, m and n over N.

To add a kind of term: a method of `Writer`, in `KINDS` with its weight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

K_LETTERS, N_LETTERS = "ijkl", "nm"
SMOOTH = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "erf", "cosh", "sinh")
KINKED = ("abs", "relu", "sign", "sqrt", "log")
RELATIONS = (">", ">=", "<", "<=", "==", "!=")


@dataclass(frozen=True)
class Scope:
    """The letters that may be used, by axis, and the stages: a name and its rank."""

    k: tuple[str, ...] = ()
    n: tuple[str, ...] = ()
    stages: tuple[tuple[str, str], ...] = ()

    def holding(self, letter: str) -> Scope:
        if letter in K_LETTERS:
            return replace(self, k=(*(x for x in self.k if x != letter), letter))
        return replace(self, n=(*(x for x in self.n if x != letter), letter))


@dataclass
class Writer:
    """Draws terms of a depth, within a scope."""

    random: Random

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    # -- leaves ----------------------------------------------------------------------------------

    def index(self, scope: Scope) -> str:
        """An index on K: a letter, a label, an array of labels."""
        choices = [*scope.k] * 4 + ["t", "r", "t"]
        choices += [f"y[{n}]" for n in scope.n for _ in range(2)]
        return self.pick(*choices)

    def leaf(self, scope: Scope) -> str:
        random = self.random.random()
        if random < 0.12:
            return self.pick("1", "2", "3", "1/2", "0.5")
        if random < 0.28:
            return self.pick("a", "b", "s")
        if scope.stages and random < 0.5:
            name, axis = self.random.choice(scope.stages)
            if axis == "":
                return name
            if axis == "K":
                return f"{name}[{self.index(scope)}]"
            if scope.n:
                return f"{name}[{self.pick(*scope.n)}]"
        if scope.n and random < 0.75:
            n = self.pick(*scope.n)
            return self.pick(
                f"x[{n}]", f"W[{n},{self.index(scope)}]", f"W[{n},{self.index(scope)}]"
            )
        array = self.pick("z", "z", "z", "c", "q")
        if random > 0.95 and scope.k:
            return f"A[{self.index(scope)},{self.index(scope)}]"
        return f"{array}[{self.index(scope)}]"

    # -- terms -----------------------------------------------------------------------------------

    def term(self, scope: Scope, depth: int) -> str:
        if depth <= 0:
            return self.leaf(scope)
        kinds = [kind for kind, weight in KINDS for _ in range(weight)]
        return self.random.choice(kinds)(self, scope, depth)

    def part(self, scope: Scope, depth: int) -> str:
        return self.term(scope, depth - self.random.randint(1, 2))

    def plus(self, scope: Scope, depth: int) -> str:
        sign = self.pick("+", "-")
        return f"({self.part(scope, depth)} {sign} {self.part(scope, depth)})"

    def times(self, scope: Scope, depth: int) -> str:
        return f"({self.part(scope, depth)})*({self.part(scope, depth)})"

    def quotient(self, scope: Scope, depth: int) -> str:
        below = self.pick("(2 + ({})**2)", "(1 + exp({}))", "({})", "sum(exp(z[k]), k)")
        return f"({self.part(scope, depth)})/{below.format(self.part(scope, depth))}"

    def power(self, scope: Scope, depth: int) -> str:
        base, inner = self.part(scope, depth), self.part(scope, 1)
        way = self.pick(
            "({})**2",
            "({})**3",
            "(1 + ({})**2)**a",
            "({})**a",
            "(({})**2)**b",
            "(1 + ({})**2)**(1/2)",
            "sqrt(({})**2)",
            "sqrt(1 + ({})**2)",
            "(({})**2)**(1/4)",
            "exp({})**b",
        )
        if scope.k and self.random.random() < 0.2:
            letter = self.pick(*scope.k)
            return f"({base} + z[{letter}])**{letter}"
        if self.random.random() < 0.1:
            return f"(1 + exp({base}))**({inner})"
        return way.format(base)

    def smooth(self, scope: Scope, depth: int) -> str:
        return f"{self.pick(*SMOOTH)}({self.part(scope, depth)})"

    def kinked(self, scope: Scope, depth: int) -> str:
        name, inner = self.pick(*KINKED), self.part(scope, depth)
        if name in ("sqrt", "log"):
            inner = self.pick("1 + ({})**2", "exp({})", "({})**2", "abs({})", "{}").format(inner)
        return f"{name}({inner})"

    def larger(self, scope: Scope, depth: int) -> str:
        name = self.pick("max", "min")
        terms = [self.part(scope, depth) for _ in range(self.random.choice((2, 2, 3)))]
        if self.random.random() < 0.2:
            terms[-1] = self.pick("0", "a", terms[0])
        return f"{name}({', '.join(terms)})"

    def bracket(self, scope: Scope, depth: int) -> str:
        relation, body = self.pick(*RELATIONS), self.part(scope, depth)
        letters = [*scope.k, "t", "r", "1", "2"]
        if self.random.random() < 0.5 and scope.k:
            one, other = self.pick(*scope.k), self.pick(*letters)
            return f"iverson({one} {relation} {other})*({body})"
        relation = self.pick(">", ">=", "<", "<=")
        return f"iverson({self.part(scope, 1)} {relation} {self.part(scope, 1)})*({body})"

    def delta(self, scope: Scope, depth: int) -> str:
        one, other = self.index(scope), self.index(scope)
        if scope.n and self.random.random() < 0.3:
            one, other = self.pick(*scope.n), self.pick(*scope.n)
        way = self.pick("delta({},{})*({})", "(1 - delta({},{}))*({})")
        return way.format(one, other, self.part(scope, depth))

    def masked(self, scope: Scope, depth: int) -> str:
        """A logarithm of what a mask makes 0, with the mask before it."""
        if not scope.k:
            return self.times(scope, depth)
        i, j = self.pick(*scope.k), self.index(scope)
        mask = self.pick(f"delta({i},{j})", f"(1 - delta({i},{j}))")
        return f"{mask}*log({mask}*{self.pick('exp', 'cosh')}({self.part(scope, depth)}))"

    def share(self, scope: Scope, depth: int) -> str:
        i, k = self.index(scope), self.pick(*K_LETTERS)
        if self.random.random() < 0.3:
            return self.pick(
                f"softmax(z)[{i}]", f"log(softmax(z)[{i}])", "logsumexp(z)", f"softmax(z/s)[{i}]"
            )
        if scope.n and self.random.random() < 0.4:
            return f"softmax(W[{self.pick(*scope.n)},:])[{i}]"
        return f"exp(z[{i}])/sum(exp(z[{k}]), {self.pick(k, f'({k}, 1, K)')})"

    def over(self, scope: Scope, depth: int) -> str:
        head = self.pick("sum", "sum", "sum", "sum", "mean", "prod", "max", "min")
        letter = self.pick("i", "j", "k", "l", "k", "n", "m", "n")
        size = "K" if letter in K_LETTERS else "N"
        inside = scope.holding(letter)
        body = self.part(inside, depth)
        if head == "sum" and self.random.random() < 0.15:
            return self.twice(scope, depth)
        if head == "sum" and self.random.random() < 0.15:
            start, end = self.pick("1", "2"), self.pick(size, f"{size}-1")
            return f"sum({body}, ({letter}, {start}, {end}))"
        return f"{head}({body}, ({letter}, 1, {size}))"

    def twice(self, scope: Scope, depth: int) -> str:
        one, other = self.pick("ik", "kj", "nk", "nm", "mj")
        body = self.part(scope.holding(one).holding(other), depth)
        ends = [f"({x}, 1, {'K' if x in K_LETTERS else 'N'})" for x in (one, other)]
        return f"sum({body}, {', '.join(ends)})"

    def shifted(self, scope: Scope, depth: int) -> str:
        k = self.pick(*K_LETTERS)
        way = self.pick(
            "sum((z[{0}+1] - z[{0}])**2, ({0}, 1, K-1))",
            "sum(z[{0}-1]*z[{0}], ({0}, 2, K))",
            "sum(exp(z[{0}] - z[{0}-1])*c[{0}], ({0}, 2, K))",
            "sum(abs(z[{0}+1] - z[{0}]), ({0}, 1, K-1))",
            "sum((z[{0}+1] - 2*z[{0}] + z[{0}-1])**2, ({0}, 2, K-1))",
            "prod(z[{0}], ({0}, 2, K))",
            "sum(z[{0}]*sum(c[l], (l, 1, K)), ({0}, 2, K-1))",
        )
        return way.format(k)

    def pairs(self, scope: Scope, depth: int) -> str:
        way = self.pick(
            "sum((z[i] - z[j])**2, (i, 1, K), (j, 1, K))",
            "sum(A[i,j]*z[i]*z[j], (i, 1, K), (j, 1, K))",
            "sum(iverson(i < j)*abs(z[i] - z[j]), (i, 1, K), (j, 1, K))",
            "sum((1 - delta(i,j))/(1 + (z[i] - z[j])**2), (i, 1, K), (j, 1, K))",
            "max(min(z[k], s), (k, 1, K))",
            "min(max(z[k], a), (k, 1, K))",
            "max(z[k]*x[n], (k, 1, K), (n, 1, N))",
            "sum(max(W[n,k], (k, 1, K)), (n, 1, N))",
            "sum(relu(1 + z[k] - z[t]), (k, 1, K))",
            "sum(W[n,y[n]]*x[n], (n, 1, N))",
            "sum(iverson(k == y[n])*W[n,k], (k, 1, K), (n, 1, N))",
            "mean(log(sum(exp(W[n,k]), (k, 1, K))) - W[n,y[n]], (n, 1, N))",
            "sum(sqrt((z[i] - z[j])**2 + 1), (i, 1, K), (j, 1, K))",
            "prod(1 + z[k]*iverson(k > t), (k, 1, K))",
            "sum(z[k]**k, (k, 1, K))",
            "sum(s**k*z[k], (k, 1, K))",
            "sum(abs(s**k)*z[k], (k, 1, K))",
            "sum(delta(i,t)*log(delta(i,t)*exp(z[i])), (i, 1, K))",
            "max(max(z[k], (k, 1, K)), a)",
            "max(max(z[k], a), (k, 1, K))",
            "sum(A[i,j]*A[j,k]*z[k]*z[i], (i, 1, K), (j, 1, K), (k, 1, K))",
        )
        return way


KINDS: tuple[tuple[Callable[[Writer, Scope, int], str], int], ...] = (
    (Writer.plus, 4),
    (Writer.times, 5),
    (Writer.quotient, 2),
    (Writer.power, 3),
    (Writer.smooth, 2),
    (Writer.kinked, 2),
    (Writer.larger, 2),
    (Writer.bracket, 2),
    (Writer.delta, 2),
    (Writer.masked, 1),
    (Writer.share, 2),
    (Writer.over, 7),
    (Writer.shifted, 1),
    (Writer.pairs, 2),
)
