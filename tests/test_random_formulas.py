"""Random formulas are derived rightly, or with a word of refusal: never wrongly.

What is derived is compared with mpmath's numerical derivative of the formula as it was drawn, at
40 digits.  Run with `-s` to see what share reaches a judged answer.

As many are drawn as reach what random formulas reach: of 850 the last 500 came to 3 % of the lines
of the package that all of them did.  `make fuzz` goes on, with another seed each time.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from mpmath import mp, mpf

from symderiv.derivation import Derivation
from symderiv.derivation.chain import Refusal, Stuck
from symderiv.derivation.textbook import Textbook
from symderiv.reader import read
from symderiv.terms import letter
from symderiv.terms.problem import Problem
from symderiv.terms.verdict import Strength
from tests import judge_oracle
from tests.by_sympy import agree, worlds, written
from tests.random_formulas import NoValue, Point, Task, slope, tasks
from tests.test_fuzz import SEED, rounds

FORMULAS = 200
AXES = {"z": ("K",), "y": ("K",), "p": ("K",), "x": ("N",), "W": ("N", "K")}
PLACES = [
    (sizes, {"i": 1, "j": j, "n": 1, "m": m, "t": t})
    for sizes in ({"K": 2, "N": 3}, {"K": 3, "N": 2})
    for j, m, t in ((1, 1, 2), (2, 1, 1), (2, 2, 2))
]


class World(judge_oracle.World):
    """A world with the values of a point."""

    def __init__(self, problem: Problem, sizes: dict[str, int], point: Point) -> None:
        super().__init__(problem, sizes, Random(0))
        self.point = point

    def drawn(self, key: Any) -> Any:
        return self.point.at(*key)


def sizes_by_name(problem: Problem, sizes: dict[str, int]) -> dict[str, int]:
    """The sizes under the names that the reader gave them."""
    named: dict[str, int] = {}
    for array, shape in problem.shapes.items():
        for axis, end in zip(AXES[array], shape, strict=True):
            if problem.definition(array) is None:
                assert named.setdefault(str(end), sizes[axis]) == sizes[axis], problem.text
    return {**sizes, **named}


def differences(task: Task, problem: Problem, derivation: Derivation) -> list[bool]:
    """At each place with a derivative: is the answer something else?"""
    found = []
    for number, (sizes, letters) in enumerate(PLACES):
        point = Point(sizes, number)
        with mp.workdps(40):
            try:
                expected = slope(task, point, letters)
                world = World(problem, sizes_by_name(problem, sizes), point)
                at = {letter(name): n for name, n in letters.items()}
                answer = judge_oracle.value(derivation.answer, world, at)
            except (NoValue, ZeroDivisionError):
                continue
            scale = 1 + abs(expected) + abs(answer)
            found.append(bool(abs(answer - expected) > mpf(10) ** -15 * scale))
    return found


def test_random_formulas_are_derived_rightly_or_refused() -> None:
    said: dict[tuple[str, tuple[str, ...]], str] = {}
    compared: set[str] = set()

    @settings(
        max_examples=int(FORMULAS * 1.7),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(tasks())
    def derive(task: Task) -> None:
        if (task.text, task.wrt) in said:
            return
        problem = read(task.text, wrt=task.wrt)
        try:
            derivation = Textbook(problem).derive()
        except Stuck:
            said[task.text, task.wrt] = "stuck"
            return
        except Refusal as refused:
            said[task.text, task.wrt] = f"line {refused.verdict.strength}"
            return
        assert all(step.verdict.agrees for step in derivation.steps)
        said[task.text, task.wrt] = str(derivation.strength)
        wrong = differences(task, problem, derivation)
        assert not any(wrong), f"{task.text} by {task.wrt}: {derivation.answer}"
        if wrong:
            compared.add(task.text)

    for random in rounds(1):
        seed(random.getrandbits(32))(derive)()
    counts = Counter(said.values())
    judged = sum(counts[s] for s in (Strength.PROVED, Strength.EXACT, Strength.NUMERIC))
    print(f"\n{len(said)} formulas, {judged / len(said):.1%} with a judged derivative:", end=" ")
    print(", ".join(f"{n} {name}" for name, n in counts.most_common()), end="; ")
    print(f"{len(compared)} compared at points, none wrong, seed {SEED}")
    # A rule that is wrong where values tie by definition is caught by the judge: refused.
    assert counts["line refuted"] <= len(said) // 100
    assert len(said) >= FORMULAS
    assert judged >= 0.95 * len(said)
    assert len(compared) >= 0.7 * len(said)


# Found by random formulas: the rule or the judge was wrong on them once.
ONCE_WRONG = [
    ("p[i] = z[i]*z[t]; -z[t] - 1/(2 + z[t]**2)", "z[j]"),
    ("p[i] = z[i]*z[t]; sum(sum(p[j], j)/(2 + p[i]**2), i)", "z[j]"),
    ("p[i] = max(z[t], z[i]); sum(p[j] + z[j], j)", "z[j]"),
    ("max(max(z[k], k), (m, 1, N))", "z[j]"),
    ("max(z[t], (l, 1, K)) + sum(z[k]**2, (k, 1, K))", "z[j]"),
]


@pytest.mark.parametrize(("text", "variable"), ONCE_WRONG)
def test_what_was_wrong_once_is_right(text: str, variable: str) -> None:
    problem = read(text, wrt=(variable,))
    derivation = Textbook(problem).derive()
    for world in worlds(problem, derivation.statement, derivation.answer):
        assert agree(written(derivation.statement, world), written(derivation.answer, world))
