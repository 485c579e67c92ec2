"""Rows: the stable forms of a softmax of one row, every component a local name.

Gives `Row`, which writes the lines that define what numerical functions would make.  The forms are
theirs: no shift unless a sum asks for one, and the sums of the others added up without the one.

To add a form: a method of the name of the numerical function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from symderiv.emit.floats import Floats
from symderiv.emit.made import Made
from symderiv.printers.numpy import Unprintable

SHIFT_MATTERS = ("label_loss", "logsumexp")
TINY = "2.2250738585072014e-308"


class Row:
    """Writes lines: `write` takes one, `code` prints an operand with its last letter a number."""

    def __init__(
        self,
        floats: Floats,
        write: Callable[[str], None],
        code: Callable[[Made, int, int], str],
        taken: Sequence[str],
        calls: Sequence[str],
    ) -> None:
        self.floats, self.write, self.code = floats, write, code
        self.taken = set(taken)
        self.shift = any(call in SHIFT_MATTERS for call in calls)
        self.weighed = ""  # the logits whose exponentials stand in the names
        self.vectors: dict[str, str] = {}  # made arrays that are a list, by its name

    def define(self, made: Made, partner: Made | None, call: str, size: int, whole: bool) -> None:
        """The lines of one made array, or of two in one pass; `whole` if a list will do.

        Raises
        ------
        Unprintable
            for an array that has no form here.
        """
        if len(made.axes[0]) != 1:
            raise Unprintable("a function of every row, and straight-line code is for one row")
        form = getattr(self, f"_{call}", None)
        if form is None:
            raise Unprintable(f"{call} has no straight-line form")
        self.size, self.whole, self.partner = size, whole, partner
        form(made)

    def _local(self, name: str) -> str:
        """A name that nothing of the problem has."""
        while name in self.taken:
            name += name[0]
        return name

    def _each(self, name: str) -> list[str]:
        return [f"{name}_{n}" for n in range(1, self.size + 1)]

    def _operand(self, made: Made, which: int) -> list[str]:
        return [self.code(made, which, n) for n in range(1, self.size + 1)]

    def _listed(self, name: str, items: Sequence[str]) -> str:
        self.write(f"{name} = [{', '.join(items)}]")
        return name

    def _spread(self, name: str, values: str) -> None:
        """Components out of a list."""
        self.write(f"{', '.join(self._each(name))}{',' * (self.size == 1)} = {values}")

    # -- exponentials ----------------------------------------------------------------------------

    def _weighed(self, made: Made) -> tuple[list[str], list[str], str]:
        """The logits, exponentials of them up to one factor, and the name of their sum."""
        z = self._operand(made, 0)
        e, s, m = self._each(self._local("e")), self._local("s"), self._local("m")
        about = ", ".join(z)
        if about == self.weighed:
            return z, e, s
        self.weighed = about
        exp = self.floats.use("exp")
        shifted = self.floats.use("_shifted")
        self.write("try:")
        for name, x in zip(e, z, strict=True):
            self.write(f"    {name} = {exp}({x})")
        self.write(f"    {s} = {' + '.join(e)}")
        self.write("except OverflowError:")
        self.write(f"    {s} = 0.0")
        if self.shift:
            self.write(f"{m} = 0.0")
        self.write(f"if not 0.5 <= {s} <= 1e300:")
        self.write(f"    {', '.join(e)}, {m if self.shift else '_'} = {shifted}({about})")
        self.write(f"    {s} = {' + '.join(e)}")
        return z, e, s

    def _others(self, e: list[str]) -> list[str]:
        """The sums of all but one, from both ends."""
        size = len(e)
        if size <= 4:
            return [" + ".join(x for x in e if x != own) or "0.0" for own in e]
        left, right = (self._each(self._local(side)) for side in ("left", "right"))
        self.write(f"{left[0]}, {right[-1]} = {e[0]}, {e[-1]}")
        for n in range(1, size - 1):
            self.write(f"{left[n]} = {left[n - 1]} + {e[n]}")
        for n in range(size - 2, 0, -1):
            self.write(f"{right[n]} = {right[n + 1]} + {e[n]}")
        inner = [f"{left[n - 1]} + {right[n + 1]}" for n in range(1, size - 1)]
        return [right[1], *inner, left[-2]]

    def _softmax(self, made: Made) -> None:
        _, e, s = self._weighed(made)
        for name, x in zip(self._each(made.name), e, strict=True):
            self.write(f"{name} = {x} / {s}")

    def _complement(self, made: Made) -> None:
        _, e, s = self._weighed(made)
        for name, others in zip(self._each(made.name), self._others(e), strict=True):
            self.write(f"{name} = ({others}) / {s}")

    def _logsumexp(self, made: Made) -> None:
        _, _, s = self._weighed(made)
        self.write(f"{made.name} = {self._local('m')} + {self.floats.use('log')}({s})")

    # -- matrices and products -------------------------------------------------------------------

    def _shares(self, e: list[str], s: str) -> list[str]:
        p = self._each(self._local("share"))
        for name, x in zip(p, e, strict=True):
            self.write(f"{name} = {x} / {s}")
        return p

    def _jacobian(self, made: Made) -> None:
        _, e, s = self._weighed(made)
        p, name = self._shares(e, s), made.name
        for n, others in enumerate(self._others(e), 1):
            self.write(f"{name}_{n}_{n} = {p[n - 1]} * (({others}) / {s})")
        for i, j in product(range(1, self.size + 1), repeat=2):
            if i < j:
                self.write(f"{name}_{i}_{j} = {name}_{j}_{i} = -{p[i - 1]} * {p[j - 1]}")

    def _log_jacobian(self, made: Made) -> None:
        _, e, s = self._weighed(made)
        p, name = self._shares(e, s), made.name
        for j, others in enumerate(self._others(e), 1):
            self.write(f"{name}_{j}_{j} = ({others}) / {s}")
        for i, j in product(range(1, self.size + 1), repeat=2):
            if i != j:
                self.write(f"{name}_{i}_{j} = -{p[j - 1]}")

    def _jacobian_diagonal(self, made: Made) -> None:
        _, e, s = self._weighed(made)
        for name, x, others in zip(self._each(made.name), e, self._others(e), strict=True):
            self.write(f"{name} = {x} / {s} * (({others}) / {s})")

    def _directed(self, made: Made, which: int = 1) -> tuple[str, str, str, str]:
        """Names of exponentials, of their sum, of a direction less its likeliest entry, its mean.

        Any number may be taken off: Σ_j (δ_ij - p_j) 1 = 0.
        """
        _, e, s = self._weighed(made)
        v, w, mean = self._local("v"), self._local("w"), self._local("mean")
        e_ = self._listed(self._local("e"), e)
        self._listed(v, self._operand(made, which))
        likeliest = self._local("likeliest")
        self.write(f"{likeliest} = {v}[{e_}.index(max({e_}))]")
        self.write(f"{w} = [x - {likeliest} for x in {v}]")
        self.write(f"{mean} = sum([x * y for x, y in zip({e_}, {w})]) / {s}")
        return e_, s, w, mean

    def _jacobian_product(self, made: Made) -> None:
        e, s, w, mean = self._directed(made)
        self._spread(made.name, f"[x / {s} * (y - {mean}) for x, y in zip({e}, {w})]")

    def _weighted(self, made: Made) -> None:
        _, e, s = self._weighed(made)
        sides = zip(self._each(made.name), e, self._operand(made, 1), strict=True)
        for name, x, v in sides:
            self.write(f"{name} = {self.floats.use('_zero_times')}({x} / {s}, {v})")

    def _log_jacobian_product(self, made: Made) -> None:
        _, _, w, mean = self._directed(made)
        self._spread(made.name, f"[y - {mean} for y in {w}]")

    def _log_jacobian_transposed_product(self, made: Made) -> None:
        _, e, s = self._weighed(made)
        u, rest = self._local("u"), self._local("rest")
        self._listed(u, self._operand(made, 1))
        self._listed(rest, self._others([f"{u}[{n}]" for n in range(self.size)]))
        names = zip(self._each(made.name), self._others(e), e, strict=True)
        for n, (name, others, x) in enumerate(names):
            share = f"{x} / {s} * {rest}[{n}]"
            self.write(f"{name} = {u}[{n}] * (({others}) / {s}) - {share}")

    def entry(self, made: Made) -> str:
        """p_i(δ_ij - p_j) at the arguments i and j; the source of the result."""
        _, e, s = self._weighed(made)
        e_, own, others = (self._local(name) for name in ("e", "own", "others"))
        self._listed(e_, e)
        self.write(f"{own}, {e_}[i] = {e_}[i], 0.0")
        self.write(f"{others} = sum({e_}) if i == j else -{e_}[j]")
        return f"{own} / {s} * ({others} / {s})"

    # -- losses ----------------------------------------------------------------------------------

    def _apart(self, made: Made, chosen: str) -> tuple[str, str, str]:
        """Keep one class apart: names of its exponential, of the others' sum, of the list."""
        _, e, _ = self._weighed(made)
        e_, own, others = (self._local(name) for name in ("e", "own", "others"))
        self._listed(e_, e)
        self.write(f"{own} = {e_}[{chosen}]")
        self.write(f"{e_}[{chosen}] = 0.0")
        self.write(f"{others} = sum({e_})")
        return own, others, e_

    def _label_loss(self, made: Made) -> None:
        label = str(made.operands[1])
        self._loss(made, made.name, label, *self._apart(made, label)[:2])

    def _label_gradient(self, made: Made) -> None:
        label = str(made.operands[1])
        self._slopes(made, label, *self._apart(made, label)[:2])

    def _label_loss_and_gradient(self, made: Made) -> None:
        label = str(made.operands[1])
        own, others, _ = self._apart(made, label)
        self._loss(made, made.name, label, own, others)
        self._slopes(self.partner or made, label, own, others)

    def _loss(self, made: Made, name: str, label: str, own: str, others: str) -> None:
        z, _, _ = self._weighed(made)
        self.write(f"if {own} >= {TINY} and {others} <= 1e300 * {own}:")
        self.write(f"    {name} = {self.floats.use('log1p')}({others} / {own})")
        self.write("else:")
        at = f"({', '.join(z)}{',' * (len(z) == 1)})[{label}]"
        log = self.floats.use("log")
        self.write(f"    {name} = {log}({others} + {own}) - ({at} - {self._local('m')})")

    def _slopes(self, made: Made, label: str, own: str, others: str) -> None:
        share, g = self._local("share"), self._local("g")
        self.write(f"{share} = 1 / ({own} + {others})")
        self._listed(g, [f"{x} * {share}" for x in self._each(self._local("e"))])
        self.write(f"{g}[{label}] = -{others} * {share}")
        if self.whole:
            self.vectors[made.name] = g
        else:
            self._spread(made.name, g)

    # -- norms -----------------------------------------------------------------------------------

    def _root_of_squares(self, made: Made) -> None:
        u = self._operand(made, 0)
        more = [self.code(made, n, 0) for n in range(1, len(made.operands))] or ["1.0", "0.0"]
        call = self.floats.use("_root_of_squares")
        self.write(f"{made.name} = {call}({', '.join((*more, *u))})")

    def _centred(self, made: Made) -> None:
        left = self._local("left")
        self._listed(left, self._operand(made, 0))
        for _ in range(2):  # the rounding of the first mean goes with the second
            self.write(f"{left} = [x - sum({left}) / {self.size} for x in {left}]")
        self._spread(made.name, left)

    # -- logarithms and targets ------------------------------------------------------------------

    def _least(self, made: Made) -> tuple[str, str, str, str, str]:
        """Names of the logits, of the place of the largest, its loss, and of what is apart."""
        z, top, least = (self._local(name) for name in ("logits", "top", "least"))
        self._listed(z, self._operand(made, 0))
        self.write(f"{top} = {z}.index(max({z}))")
        own, others, _ = self._apart(made, top)
        self.write(f"{least} = {self.floats.use('log1p')}({others} / {own})")
        return z, top, least, own, others

    def _log_softmax(self, made: Made) -> None:
        z, top, least, _, _ = self._least(made)
        self._spread(made.name, f"[(x - {z}[{top}]) - {least} for x in {z}]")

    def _targets(self, made: Made) -> str:
        y = self._listed(self._local("targets"), self._operand(made, 1))
        self.write(f"if not abs(sum({y}) - 1) <= 1e-7:")
        self.write(f'    raise ValueError(f"targets must sum to one, not {{sum({y})}}")')
        return y

    def _target_loss(self, made: Made) -> None:
        y = self._targets(made)
        z, top, least, _, _ = self._least(made)
        self._entropy(made.name, y, z, top, least)

    def _target_gradient(self, made: Made) -> None:
        y = self._targets(made)
        _, top, _, own, others = self._least(made)
        self._lessened(made, y, top, own, others)

    def _target_loss_and_gradient(self, made: Made) -> None:
        y = self._targets(made)
        z, top, least, own, others = self._least(made)
        self._entropy(made.name, y, z, top, least)
        self._lessened(self.partner or made, y, top, own, others)

    def _entropy(self, name: str, y: str, z: str, top: str, least: str) -> None:
        """In quarters, which cannot overflow."""
        each = f"t * (({z}[{top}] / 4 - x / 4) + {least} / 4)"
        self.write(f"{name} = 4 * sum([{each} for x, t in zip({z}, {y}) if t])")

    def _lessened(self, made: Made, y: str, top: str, own: str, others: str) -> None:
        s, g = self._local("s"), self._local("g")
        e = self._each(self._local("e"))
        self._listed(g, [f"{x} / {s} - {y}[{n}]" for n, x in enumerate(e)])
        self.write(f"if {y}[{top}] > 0.5:")
        self.write(f"    {g}[{top}] = (1 - {y}[{top}]) - {others} / ({own} + {others})")
        self._spread(made.name, g)
